//! The built-in receiver, from outside: with our own transport, and with raw sockets.

use crate::support;

use crate::support::wire::{Plain, bounded, played, push, seconds};
use bytes::Bytes;
use ringback::delivery::{AttemptOutcome, Outgoing, Stop, Stopper, Transport, Trust, stop};
use ringback::http::{Method, Reply};
use ringback::receive::{Behaviour, Received, Receiver};
use ringback::vendors::Vendor;
use std::net::SocketAddr;
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use tokio::task::JoinHandle;

const VENDORS: &[&dyn Vendor] = &[&Plain];

/// A running receiver.
struct Running {
    address: SocketAddr,
    received: UnboundedReceiver<Received>,
    stopper: Stopper,
    task: JoinHandle<()>,
}

async fn running(behaviour: Behaviour) -> Running {
    let receiver = Receiver::bind("127.0.0.1:0".parse().unwrap(), behaviour, VENDORS).await.unwrap();
    let address = receiver.local_addr();
    let (tell, received) = unbounded_channel();
    let (stopper, ear): (Stopper, Stop) = stop();
    let notice = move |what| drop(tell.send(what));
    let task = tokio::spawn(async move { receiver.run(notice, ear.requested()).await });
    Running { address, received, stopper, task }
}

fn outgoing(address: SocketAddr, path: &str, body: impl Into<Bytes>) -> Outgoing {
    Outgoing {
        method: Method::Post,
        url: format!("http://{address}{path}").parse().unwrap(),
        headers: vec![("Content-Type".into(), "application/json".into())],
        body: body.into(),
        timeout: seconds(10),
    }
}

async fn reply(outgoing: &Outgoing) -> Reply {
    match bounded(Transport::new(Trust::System).send(outgoing)).await {
        AttemptOutcome::Replied { reply, .. } => reply,
        AttemptOutcome::Failed { failure, .. } => panic!("{failure:?}"),
    }
}

fn parts(reply: &Reply) -> (u16, &str, &str) {
    (reply.status, reply.header("content-type").unwrap_or_default(), std::str::from_utf8(&reply.body).unwrap())
}

#[tokio::test]
async fn a_known_push_is_thanked_as_its_vendor_expects() {
    let mut receiver = running(Behaviour::Ok).await;
    let known = reply(&outgoing(receiver.address, "/known?a=1", r#"{"b":2}"#)).await;
    assert_eq!(parts(&known), (201, "text/plain", "thanks"));
    let received = receiver.received.recv().await.unwrap();
    assert_eq!((received.recognised, received.status), (Some(("plain", "end")), Some(201)));
    let captured = received.captured;
    assert_eq!((captured.method.as_str(), captured.path.as_str(), captured.query.as_str()), ("POST", "/known", "a=1"));
    assert_eq!((captured.header("Content-Type"), &captured.body[..]), (Some("application/json"), &br#"{"b":2}"#[..]));

    let other = reply(&outgoing(receiver.address, "/", "")).await;
    assert_eq!(parts(&other), (200, "application/json", r#"{"ok":true}"#));
    assert_eq!(receiver.received.recv().await.unwrap().recognised, None);
}

#[tokio::test]
async fn each_behaviour_does_what_it_says() {
    let receiver = running(Behaviour::Refuse).await;
    assert_eq!(reply(&outgoing(receiver.address, "/known", "")).await.status, 503);

    let receiver = running(Behaviour::NotJson).await;
    let page = reply(&outgoing(receiver.address, "/known", "")).await;
    assert_eq!((page.status, page.header("content-type")), (200, Some("text/html; charset=utf-8")));
    assert!(page.body.starts_with(b"<!doctype html>"));

    let receiver = running(Behaviour::Flaky).await;
    let mut statuses = Vec::new();
    for _ in 0..6 {
        statuses.push(reply(&outgoing(receiver.address, "/known", "")).await.status);
    }
    assert_eq!(statuses, [201, 201, 500, 201, 201, 500]);

    let receiver = running(Behaviour::Slow { delay: Duration::from_millis(80) }).await;
    let began = Instant::now();
    assert_eq!(reply(&outgoing(receiver.address, "/known", "")).await.status, 201);
    assert!(began.elapsed() >= Duration::from_millis(80));

    let mut receiver = running(Behaviour::HangUp).await;
    let outcome = bounded(Transport::new(Trust::System).send(&outgoing(receiver.address, "/known", ""))).await;
    let AttemptOutcome::Failed { failure, .. } = outcome else { panic!("{outcome:?}") };
    assert_eq!(failure.message, "the receiver closed the connection without an answer");
    let received = receiver.received.recv().await.unwrap();
    assert_eq!((received.recognised, received.status), (Some(("plain", "end")), None));
}

#[tokio::test]
async fn a_whole_plan_is_received() {
    let mut receiver = running(Behaviour::Ok).await;
    let plan = support::wire::plan(&[receiver.address], (1..=20).map(|number| push(number, 1, 1)).collect());
    let (_, delivered) = played(&plan).await;
    assert_eq!(delivered.tally.acknowledged, 20);
    for number in 1..=20 {
        let received = receiver.received.recv().await.unwrap();
        assert_eq!(received.captured.body, format!("{{\"number\":{number}}}"));
    }
}

/// Writes to the receiver, and reads what it answers until it closes.
async fn raw(address: SocketAddr, bytes: &[u8]) -> String {
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(bytes).await.unwrap();
    let mut answer = Vec::new();
    // A reset after the answer is an end as well.
    let _ = bounded(stream.read_to_end(&mut answer)).await;
    String::from_utf8_lossy(&answer).into_owned()
}

#[tokio::test]
async fn what_is_no_request_is_refused_and_the_receiver_lives_on() {
    let mut receiver = running(Behaviour::Ok).await;
    let garbage = raw(receiver.address, b"hello, is it me\r\n\r\n").await;
    assert!(garbage.starts_with("HTTP/1.1 400"), "{garbage}");
    let long = format!("GET / HTTP/1.1\r\nA: {}\r\n\r\n", "b".repeat(100_000));
    assert!(raw(receiver.address, long.as_bytes()).await.starts_with("HTTP/1.1 431"));
    // Half a request, and gone.
    let mut half = TcpStream::connect(receiver.address).await.unwrap();
    half.write_all(b"POST / HTTP/1.1\r\nContent-Length: 10\r\n\r\nhalf").await.unwrap();
    drop(half);
    let sent = async {
        let mut stream = TcpStream::connect(receiver.address).await.unwrap();
        stream.write_all(b"POST /huge HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n").await.unwrap();
        let mut chunk = format!("{:x}\r\n", 11 * 1024 * 1024).into_bytes();
        chunk.resize(chunk.len() + 11 * 1024 * 1024, b'x');
        let (mut reading, mut writing) = stream.into_split();
        let writer = tokio::spawn(async move { writing.write_all(&chunk).await });
        let mut answer = [0; 12];
        bounded(reading.read_exact(&mut answer)).await.unwrap();
        drop((reading, writer));
        answer
    };
    assert_eq!(&sent.await, b"HTTP/1.1 413");
    let received = receiver.received.recv().await.unwrap();
    assert_eq!((received.captured.path.as_str(), received.status), ("/huge", Some(413)));
    assert_eq!(reply(&outgoing(receiver.address, "/known", "")).await.status, 201);
}

#[tokio::test]
async fn it_ends_at_once_though_connections_are_kept_and_lets_an_answer_go_out() {
    let mut receiver = running(Behaviour::Slow { delay: Duration::from_millis(200) }).await;
    // One connection without work, and one with an answer under way.
    let idle = TcpStream::connect(receiver.address).await.unwrap();
    let address = receiver.address;
    let under_way = tokio::spawn(async move { reply(&outgoing(address, "/known", "")).await.status });
    receiver.received.recv().await.unwrap();
    receiver.stopper.stop();
    bounded(receiver.task).await.unwrap();
    assert_eq!(under_way.await.unwrap(), 201);
    assert!(TcpStream::connect(address).await.is_err());
    drop(idle);
}

#[tokio::test]
async fn it_ends_within_its_bound_though_an_answer_would_take_longer() {
    let mut receiver = running(Behaviour::Slow { delay: seconds(3600) }).await;
    let address = receiver.address;
    let hanging = tokio::spawn(async move {
        let mut stream = TcpStream::connect(address).await.unwrap();
        stream.write_all(b"POST / HTTP/1.1\r\nContent-Length: 0\r\n\r\n").await.unwrap();
        let _ = stream.read(&mut [0]).await;
    });
    receiver.received.recv().await.unwrap();
    receiver.stopper.stop();
    // `bounded` waits for less than the hour of the answer.
    bounded(receiver.task).await.unwrap();
    bounded(hanging).await.unwrap();
}

#[tokio::test]
async fn a_port_in_use_is_an_error() {
    let receiver = running(Behaviour::Ok).await;
    assert!(Receiver::bind(receiver.address, Behaviour::Ok, VENDORS).await.is_err());
}
