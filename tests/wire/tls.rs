//! The same below TLS: what is bent is the plain text, and an RST still is one.

use super::recorder::{OK, bent, failure, outgoing, reply, request};
use crate::support::tls::{acceptor, signed};
use crate::support::wire::bounded;
use ringback::delivery::{Outgoing, Transport, Trust};
use ringback::event::FailureClass;
use ringback::faults::connection::{ConnectionFault, HalfClose, Place, Reset, SplitUtf8};
use std::io::ErrorKind;
use std::net::SocketAddr;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

/// What came, and the error that ended it.
type Heard = (Vec<u8>, Option<ErrorKind>);

/// A listener for TLS that answers after 600 bytes.
async fn listener() -> (SocketAddr, UnboundedReceiver<Heard>) {
    let acceptor = acceptor(&signed(&["localhost"]), &[]);
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (tell, heard) = unbounded_channel();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let Ok(mut stream) = acceptor.accept(stream).await else { continue };
            let mut bytes = Vec::new();
            let mut buffer = [0; 4096];
            let end = loop {
                match stream.read(&mut buffer).await {
                    Ok(0) => break None,
                    Ok(count) => {
                        let before = bytes.len();
                        bytes.extend_from_slice(&buffer[..count]);
                        if before < 700 && bytes.len() >= 700 {
                            let _ = stream.write_all(OK).await;
                        }
                    }
                    Err(error) => break Some(error.kind()),
                }
            };
            drop(tell.send((bytes, end)));
        }
    });
    (address, heard)
}

fn secure(address: SocketAddr) -> Outgoing {
    Outgoing { url: format!("https://{address}/hook?a=1").parse().unwrap(), ..outgoing(address) }
}

#[tokio::test]
async fn faults_hold_below_tls() {
    let (address, mut heard) = listener().await;
    let outgoing = secure(address);
    let transport = Transport::new(Trust::Anyone);
    let whole = request(&outgoing);

    let split = bent(&[ConnectionFault::SplitUtf8(SplitUtf8 { splits: 1, pause: Duration::from_millis(50) })]);
    let played = bounded(transport.play(&outgoing, &split)).await;
    assert_eq!(reply(&played).status, 200);
    assert_eq!(heard.recv().await.unwrap(), (whole.clone(), None));

    let half = bent(&[ConnectionFault::HalfClose(HalfClose { place: Place::After })]);
    let played = bounded(transport.play(&outgoing, &half)).await;
    assert_eq!(reply(&played).status, 200);
    assert_eq!(heard.recv().await.unwrap(), (whole.clone(), None));

    let reset = bent(&[ConnectionFault::Reset(Reset { place: Place::Middle })]);
    let played = bounded(transport.play(&outgoing, &reset)).await;
    assert_eq!(failure(&played).class, FailureClass::Fault);
    let (bytes, end) = heard.recv().await.unwrap();
    assert_eq!((end, &bytes[..]), (Some(ErrorKind::ConnectionReset), &whole[..bytes.len()]));
    assert!(bytes.len() < whole.len() && bytes.len() > whole.len() / 2);
}
