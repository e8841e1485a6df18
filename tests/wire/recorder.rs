//! A raw listener that records what each connection brings, when, and how it ends; and an attempt that is sent to it.

use crate::support::wire::{bounded, seconds};
use bytes::Bytes;
use ringback::delivery::{AttemptOutcome, Failure, Outgoing, Played, Transport, Trust};
use ringback::faults::connection::{Connection, ConnectionFault};
use ringback::http::{Method, Reply};
use ringback::random::Keyed;
use std::io::ErrorKind;
use std::net::SocketAddr;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

/// How a connection ended, seen from the receiver.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    Fin,
    Rst,
}

/// What one connection brought.
#[derive(Debug)]
pub struct Recorded {
    /// What each read returned.
    pub segments: Vec<Vec<u8>>,
    pub end: End,
    /// What had come when the answer was written; `None` where none was.
    pub answered_at_bytes: Option<usize>,
}

impl Recorded {
    pub fn bytes(&self) -> Vec<u8> {
        self.segments.concat()
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.bytes()).into_owned()
    }

    /// What came behind the head.
    pub fn body(&self) -> String {
        let text = self.text();
        text.split_once("\r\n\r\n").map(|(_, body)| body.to_owned()).unwrap_or_default()
    }
}

pub struct Recorder {
    pub address: SocketAddr,
    connections: UnboundedReceiver<Recorded>,
}

/// When the recorder answers, and what.
#[derive(Debug, Clone)]
pub enum Answers {
    /// Never.
    Never,
    /// Once so many bytes have come.
    After(usize, Vec<u8>),
    /// Once the other side has sent its FIN.
    AtFin(Vec<u8>),
}

pub const OK: &[u8] = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

impl Recorder {
    pub async fn start(answers: Answers) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (tell, connections) = unbounded_channel();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (tell, answers) = (tell.clone(), answers.clone());
                tokio::spawn(async move { drop(tell.send(record(stream, answers).await)) });
            }
        });
        Self { address, connections }
    }

    pub async fn next(&mut self) -> Recorded {
        bounded(self.connections.recv()).await.unwrap()
    }

    /// Whether no connection was opened, or none has ended so far.
    pub fn is_silent(&mut self) -> bool {
        self.connections.try_recv().is_err()
    }
}

async fn record(mut stream: TcpStream, answers: Answers) -> Recorded {
    let mut recorded = Recorded { segments: Vec::new(), end: End::Fin, answered_at_bytes: None };
    let mut buffer = vec![0; 65536];
    loop {
        let read = stream.read(&mut buffer).await;
        let total: usize = recorded.segments.iter().map(Vec::len).sum();
        match read {
            Ok(0) => {
                if let (Answers::AtFin(bytes), None) = (&answers, recorded.answered_at_bytes) {
                    recorded.answered_at_bytes = Some(total);
                    let _ = stream.write_all(bytes).await;
                }
                break;
            }
            Ok(count) => {
                recorded.segments.push(buffer[..count].to_vec());
                if let (Answers::After(enough, bytes), None) = (&answers, recorded.answered_at_bytes)
                    && total + count >= *enough
                {
                    recorded.answered_at_bytes = Some(total + count);
                    let _ = stream.write_all(bytes).await;
                }
            }
            Err(error) => {
                assert_eq!(error.kind(), ErrorKind::ConnectionReset);
                recorded.end = End::Rst;
                break;
            }
        }
    }
    recorded
}

/// A push of 200 Chinese characters, which are 600 bytes, in a little JSON.
pub fn outgoing(address: SocketAddr) -> Outgoing {
    Outgoing {
        method: Method::Post,
        url: format!("http://{address}/hook?a=1").parse().unwrap(),
        headers: vec![
            ("Content-Type".into(), "application/json".into()),
            ("User-Agent".into(), "ringback/0.1.0".into()),
        ],
        body: Bytes::from(format!("{{\"name\":\"{}\"}}", "空".repeat(200))),
        timeout: seconds(10),
    }
}

/// The whole request in bytes, as the clean path frames it.
pub fn request(outgoing: &Outgoing) -> Vec<u8> {
    outgoing.wire_plan(&Connection::default()).unwrap().transcript()
}

pub fn bent(faults: &[ConnectionFault]) -> Connection {
    let mut connection = Connection::default();
    let mut draw = Keyed::new(42, "wire", 1).stream("faults");
    for fault in faults {
        fault.bend(&mut connection, &mut draw).unwrap();
    }
    connection
}

/// Plays one attempt.
pub async fn play(outgoing: &Outgoing, faults: &[ConnectionFault]) -> Played {
    bounded(Transport::new(Trust::System).play(outgoing, &bent(faults))).await
}

pub fn reply(played: &Played) -> &Reply {
    match &played.outcome {
        AttemptOutcome::Replied { reply, .. } => reply,
        AttemptOutcome::Failed { failure, .. } => panic!("{failure:?}: {}", played.evidence),
    }
}

pub fn failure(played: &Played) -> &Failure {
    match &played.outcome {
        AttemptOutcome::Replied { reply, .. } => panic!("{reply:?}: {}", played.evidence),
        AttemptOutcome::Failed { failure, .. } => failure,
    }
}
