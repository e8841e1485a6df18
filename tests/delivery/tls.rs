//! https on loopback: who is trusted, and what is said of those who are not.

use crate::support::tls::{Identity, acceptor, own, signed};
use crate::support::wire::{bounded, request, seconds, server};
use ringback::delivery::{AttemptOutcome, CaFile, Failure, Outgoing, Transport, Trust};
use ringback::event::{FailureClass, Phase};
use std::net::SocketAddr;
use std::path::Path;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

async fn secure(identity: &Identity) -> SocketAddr {
    let acceptor = acceptor(identity, &[]);
    server(move |stream, _| {
        let acceptor = acceptor.clone();
        async move {
            let Ok(mut stream) = acceptor.accept(stream).await else { return };
            while !request(&mut stream).await.is_empty() {
                stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok").await.unwrap();
            }
        }
    })
    .await
}

fn given(pem: &str) -> Trust {
    Trust::SystemAnd(CaFile::from_pem(Path::new("ca.pem"), Ok(pem.as_bytes().to_vec())).unwrap())
}

fn outgoing(host: &str, address: SocketAddr) -> Outgoing {
    Outgoing::get(&format!("https://{host}:{}/", address.port()).parse().unwrap(), seconds(10))
}

async fn accepted(trust: Trust, outgoing: &Outgoing) {
    let transport = Transport::new(trust);
    for is_kept in [false, true] {
        match bounded(transport.send(outgoing)).await {
            AttemptOutcome::Replied { reply, timing } => {
                assert_eq!(reply.body, "ok");
                assert_eq!(timing.tls.is_none(), is_kept, "a connection is kept over TLS too");
            }
            AttemptOutcome::Failed { failure, .. } => panic!("{failure:?}"),
        }
    }
}

async fn refused(trust: Trust, outgoing: &Outgoing) -> Failure {
    match bounded(Transport::new(trust).send(outgoing)).await {
        AttemptOutcome::Failed { failure, .. } => failure,
        AttemptOutcome::Replied { reply, .. } => panic!("{reply:?}"),
    }
}

#[tokio::test]
async fn a_given_ca_is_trusted_for_its_names_only() {
    let identity = signed(&["localhost"]);
    let address = secure(&identity).await;
    accepted(given(&identity.ca), &outgoing("localhost", address)).await;
    let failure = refused(given(&identity.ca), &outgoing("127.0.0.1", address)).await;
    assert_eq!((failure.class, failure.phase), (FailureClass::Tls, Phase::Tls));
    assert!(failure.message.starts_with("the certificate is not valid for the name 127.0.0.1"), "{}", failure.message);

    let identity = signed(&["127.0.0.1"]);
    accepted(given(&identity.ca), &outgoing("127.0.0.1", secure(&identity).await)).await;
}

#[tokio::test]
async fn an_unknown_ca_is_refused_and_the_way_out_is_named() {
    let identity = signed(&["localhost"]);
    let address = secure(&identity).await;
    for trust in [Trust::System, given(&signed(&["localhost"]).ca)] {
        let failure = refused(trust, &outgoing("localhost", address)).await;
        assert_eq!((failure.class, failure.phase), (FailureClass::Tls, Phase::Tls));
        assert!(failure.message.contains("CA by --cacert FILE"), "{}", failure.message);
    }
}

#[tokio::test]
async fn anyone_is_accepted_where_that_is_asked_for() {
    let address = secure(&signed(&["other.invalid"])).await;
    accepted(Trust::Anyone, &outgoing("localhost", address)).await;
}

#[tokio::test]
async fn a_server_that_vouches_for_itself_is_trusted_once_its_certificate_is_given() {
    let identity = own("localhost");
    let address = secure(&identity).await;
    accepted(given(&identity.ca), &outgoing("localhost", address)).await;
    let failure = refused(given(&identity.ca), &outgoing("127.0.0.1", address)).await;
    assert!(failure.message.starts_with("the certificate is not valid for the name 127.0.0.1"), "{}", failure.message);
    let failure = refused(given(&own("localhost").ca), &outgoing("localhost", address)).await;
    assert_eq!(failure.class, FailureClass::Tls);
}

#[tokio::test]
async fn one_that_is_not_given_is_refused_in_words_and_the_way_out_is_named() {
    let identity = own("localhost");
    let failure = refused(Trust::System, &outgoing("localhost", secure(&identity).await)).await;
    assert!(failure.message.contains("vouches for itself by --cacert FILE"), "{}", failure.message);
    assert!(!failure.message.contains("OtherError"), "{}", failure.message);
}

#[tokio::test]
async fn a_port_without_tls_is_told_apart_from_one_that_says_nothing() {
    let plain = server(|mut stream, _| async move {
        let _ = stream.read(&mut [0; 64]).await;
        let _ = stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").await;
    })
    .await;
    let failure = refused(Trust::Anyone, &outgoing("127.0.0.1", plain)).await;
    assert_eq!(failure.message, "127.0.0.1 does not speak TLS on this port; is it an http:// address?");

    let silent = server(|mut stream, _| async move {
        let mut bytes = Vec::new();
        let _ = stream.read_to_end(&mut bytes).await;
    })
    .await;
    let sent = Outgoing { timeout: Duration::from_millis(250), ..outgoing("127.0.0.1", silent) };
    let failure = refused(Trust::Anyone, &sent).await;
    assert_eq!((failure.class, failure.phase), (FailureClass::Timeout, Phase::Tls));
}
