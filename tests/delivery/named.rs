//! Where a name leads: to several addresses, to one that was given for it, under a Host of one's own.

use crate::support::wire::{bounded, closed_port, request, seconds, server};
use bytes::Bytes;
use ringback::delivery::{Addresses, AttemptOutcome, Given, Outgoing, Resolver, Transport, Way};
use ringback::event::{FailureClass, Phase};
use ringback::faults::connection::Connection;
use ringback::http::Method;
use std::net::SocketAddr;
use tokio::io::AsyncWriteExt;

fn transport(given: &[String], addresses: Addresses) -> Transport {
    Transport::by(Way { resolver: Resolver { given: Given::parse_all(given).unwrap(), addresses }, ..Way::default() })
}

fn outgoing(url: &str) -> Outgoing {
    Outgoing {
        method: Method::Post,
        url: url.parse().unwrap(),
        headers: vec![("Content-Type".into(), "text/plain".into())],
        body: Bytes::from_static(b"x"),
        timeout: seconds(10),
    }
}

/// A receiver that answers with the head of each request.
async fn echoing() -> SocketAddr {
    server(|mut stream, _| async move {
        let text = request(&mut stream).await;
        let head = text.split("\r\n\r\n").next().unwrap();
        let answer = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{head}", head.len());
        let _ = stream.write_all(answer.as_bytes()).await;
    })
    .await
}

/// By the clean way, and by the one that faults bend.
async fn both(transport: &Transport, outgoing: &Outgoing) -> [AttemptOutcome; 2] {
    let played = bounded(transport.play(outgoing, &Connection::default())).await.outcome;
    [bounded(transport.send(outgoing)).await, played]
}

fn text(outcome: AttemptOutcome) -> String {
    match outcome {
        AttemptOutcome::Replied { reply, .. } => String::from_utf8_lossy(&reply.body).into_owned(),
        AttemptOutcome::Failed { failure, .. } => panic!("{failure:?}"),
    }
}

#[tokio::test]
async fn the_next_address_is_tried_where_one_does_not_answer_unless_the_first_alone_is_meant() {
    let port = echoing().await.port();
    let given = [format!("both.localhost:{port}:127.0.0.2"), "127.0.0.1".to_owned()];
    let outgoing = outgoing(&format!("http://both.localhost:{port}/hook"));
    for outcome in both(&transport(&given, Addresses::All), &outgoing).await {
        assert!(text(outcome).contains(&format!("\r\nHost: both.localhost:{port}")));
    }
    for outcome in both(&transport(&given, Addresses::First), &outgoing).await {
        let AttemptOutcome::Failed { failure, .. } = outcome else { panic!("{outcome:?}") };
        assert_eq!((failure.class, failure.phase), (FailureClass::Refused, Phase::Connect));
        assert_eq!(failure.message, format!("nothing listens on 127.0.0.2:{port} (connection refused)"));
    }
    // A name of this machine needs nobody who knows it.
    for outcome in both(&Transport::by(Way::default()), &outgoing).await {
        text(outcome);
    }
}

#[tokio::test]
async fn where_no_address_answers_all_of_them_are_told() {
    let port = closed_port().await.port();
    let given = [format!("both.localhost:{port}:127.0.0.2"), "127.0.0.1".to_owned()];
    for outcome in both(&transport(&given, Addresses::All), &outgoing(&format!("http://both.localhost:{port}/"))).await
    {
        let AttemptOutcome::Failed { failure, .. } = outcome else { panic!("{outcome:?}") };
        let of = |address: &str| format!("nothing listens on {address}:{port} (connection refused)");
        assert_eq!(failure.message, format!("{}; {}", of("127.0.0.2"), of("127.0.0.1")));
    }
}

#[tokio::test]
async fn a_given_address_is_connected_to_under_the_name_and_a_host_of_ones_own_is_sent_once() {
    let port = echoing().await.port();
    let transport = transport(&[format!("receiver.invalid:{port}:127.0.0.1")], Addresses::All);
    let mut outgoing = outgoing(&format!("http://receiver.invalid:{port}/hook"));
    for outcome in both(&transport, &outgoing).await {
        assert!(text(outcome).contains(&format!("\r\nHost: receiver.invalid:{port}\r\n")));
    }
    outgoing.headers.push(("host".into(), "tenant.example".into()));
    for outcome in both(&transport, &outgoing).await {
        let text = text(outcome).to_ascii_lowercase();
        assert!(text.contains("\r\nhost: tenant.example"), "{text}");
        assert_eq!(text.matches("\r\nhost: ").count(), 1, "{text}");
    }
}
