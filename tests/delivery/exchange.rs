//! One request and its answer on raw sockets: everything that a receiver can do to it.

use crate::support::wire::{bounded, closed_port, request, seconds, server};
use bytes::Bytes;
use ringback::delivery::{
    AttemptOutcome, CONNECTIONS_PER_HOST_MAX, Failure, Outgoing, Transport, Trust, is_up, wait_for,
};
use ringback::event::FailureClass::{Closed, NotHttp, Refused, Timeout, Unresolved, Unsendable};
use ringback::event::{FailureClass, Phase};
use ringback::http::{BODY_READ_MAX_BYTES, Method, Reply};
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpSocket;
use tokio::sync::{Barrier, mpsc};

fn outgoing(address: SocketAddr) -> Outgoing {
    Outgoing {
        method: Method::Post,
        url: format!("http://{address}/hook?a=1").parse().unwrap(),
        headers: vec![("Content-Type".into(), "application/json".into())],
        body: Bytes::from_static(b"{}"),
        timeout: seconds(10),
    }
}

fn hasty(address: SocketAddr) -> Outgoing {
    Outgoing { timeout: Duration::from_millis(250), ..outgoing(address) }
}

async fn send(outgoing: &Outgoing) -> AttemptOutcome {
    bounded(Transport::new(Trust::System).send(outgoing)).await
}

async fn reply(outgoing: &Outgoing) -> Reply {
    match send(outgoing).await {
        AttemptOutcome::Replied { reply, .. } => reply,
        AttemptOutcome::Failed { failure, .. } => panic!("{failure:?}"),
    }
}

async fn failure(outgoing: &Outgoing) -> Failure {
    match send(outgoing).await {
        AttemptOutcome::Replied { reply, .. } => panic!("{reply:?}"),
        AttemptOutcome::Failed { failure, .. } => failure,
    }
}

/// A server that reads a request, writes these bytes, and closes.
async fn saying(bytes: impl Into<Bytes>) -> SocketAddr {
    let bytes = bytes.into();
    server(move |mut stream, _| {
        let bytes = bytes.clone();
        async move {
            request(&mut stream).await;
            let _ = stream.write_all(&bytes).await;
        }
    })
    .await
}

/// A server that reads a request, writes these bytes, and then keeps still until the other side closes.
async fn stalling(bytes: &'static str) -> SocketAddr {
    server(move |mut stream, _| async move {
        request(&mut stream).await;
        let _ = stream.write_all(bytes.as_bytes()).await;
        let _ = stream.read(&mut [0]).await;
    })
    .await
}

#[tokio::test]
async fn the_request_is_written_as_given() {
    let (tell, mut heard) = mpsc::channel(1);
    let address = server(move |mut stream, _| {
        let tell = tell.clone();
        async move {
            tell.send(request(&mut stream).await).await.unwrap();
            stream
                .write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nX-Trace: a\r\nX-Trace: b\r\n\r\nok")
                .await
                .unwrap();
        }
    })
    .await;
    let mut sent = outgoing(address);
    sent.headers.push(("X-Env".into(), "测试".into()));
    let reply = reply(&sent).await;
    assert_eq!(
        heard.recv().await.unwrap(),
        format!(
            "POST /hook?a=1 HTTP/1.1\r\nHost: {address}\r\nContent-Type: application/json\r\nX-Env: 测试\r\nContent-Length: 2\r\n\r\n{{}}"
        )
    );
    assert_eq!((reply.status, &reply.body[..], reply.truncated), (200, &b"ok"[..], false));
    assert_eq!(reply.headers.iter().filter(|(name, _)| name == "x-trace").count(), 2);
}

#[tokio::test]
async fn every_legal_answer_is_read() {
    for (bytes, status, body) in [
        ("HTTP/1.0 200 OK\r\n\r\nuntil the end", 200, "until the end"),
        (
            "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok",
            200,
            "ok",
        ),
        ("HTTP/1.1 204 No Content\r\n\r\n", 204, ""),
        ("HTTP/1.1 304 Not Modified\r\nContent-Length: 10\r\n\r\n", 304, ""),
        (
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n1;x=y\r\n!\r\n0\r\nTrailer: 1\r\n\r\n",
            200,
            "ok!",
        ),
        ("HTTP/1.1 302 Found\r\nLocation: /login\r\nContent-Length: 0\r\n\r\n", 302, ""),
        ("HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n", 101, ""),
        ("HTTP/1.1 599 \r\nContent-Length: 0\r\n\r\n", 599, ""),
    ] {
        let reply = reply(&outgoing(saying(bytes).await)).await;
        assert_eq!((reply.status, &reply.body[..]), (status, body.as_bytes()), "{bytes}");
    }
}

#[tokio::test]
async fn a_long_body_is_cut_and_is_not_a_failure() {
    let mut answer = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n", 10 * 1024 * 1024).into_bytes();
    answer.resize(answer.len() + 10 * 1024 * 1024, b'x');
    let reply = reply(&outgoing(saying(answer).await)).await;
    assert_eq!((reply.status, reply.truncated, reply.body.len()), (200, true, BODY_READ_MAX_BYTES));

    let exact = format!("HTTP/1.1 200 OK\r\n\r\n{}", "x".repeat(BODY_READ_MAX_BYTES));
    let exact = self::reply(&outgoing(saying(exact).await)).await;
    assert_eq!((exact.truncated, exact.body.len()), (false, BODY_READ_MAX_BYTES));
}

#[tokio::test]
async fn what_is_not_an_answer_is_told_by_class_and_phase() {
    let many = format!("HTTP/1.1 200 OK\r\n{}\r\n", "A: b\r\n".repeat(300));
    let long = format!("HTTP/1.1 200 OK\r\nA: {}\r\n\r\n", "b".repeat(100_000));
    let cases: [(&str, FailureClass, Phase, &str); 9] = [
        ("hello, is it me\r\n\r\n", NotHttp, Phase::FirstByte, "what came back is not HTTP"),
        ("HTTP/2.0 200 OK\r\n\r\n", NotHttp, Phase::FirstByte, "what came back is not HTTP"),
        ("HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\n", NotHttp, Phase::FirstByte, "what came back is not HTTP"),
        (&many, NotHttp, Phase::FirstByte, "more than 256 headers"),
        (&long, NotHttp, Phase::FirstByte, "more than 65536 bytes"),
        ("", Closed, Phase::FirstByte, "closed the connection without an answer"),
        ("HTTP/1.1 200 OK\r\nContent-Le", Closed, Phase::FirstByte, "in the middle of the head of the answer"),
        ("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf", Closed, Phase::Body, "in the middle of the body"),
        (
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
            NotHttp,
            Phase::Body,
            "what came back is not HTTP",
        ),
    ];
    for (bytes, class, phase, words) in cases {
        let failure = failure(&outgoing(saying(bytes.to_owned()).await)).await;
        let shown = &bytes[..bytes.len().min(60)];
        assert_eq!((failure.class, failure.phase), (class, phase), "{shown:?}: {}", failure.message);
        assert!(failure.message.contains(words), "{shown:?}: {}", failure.message);
    }
}

#[tokio::test]
async fn a_time_limit_names_the_phase_in_which_it_ran_out() {
    for (answer, phase) in [
        ("", Phase::FirstByte),
        ("HTTP/1.1 200 OK\r\nContent-", Phase::FirstByte),
        ("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf", Phase::Body),
    ] {
        let failure = failure(&hasty(stalling(answer).await)).await;
        assert_eq!((failure.class, failure.phase), (Timeout, phase), "{answer:?}");
    }
    assert_eq!(
        failure(&hasty(stalling("").await)).await.message,
        "the time limit of 250ms ran out while waiting for the head of the answer"
    );
}

#[tokio::test]
async fn a_body_that_trickles_does_not_outlast_the_limit() {
    let address = server(|mut stream, _| async move {
        request(&mut stream).await;
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n").await;
        while stream.write_all(b".").await.is_ok() {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    })
    .await;
    let failure = failure(&hasty(address)).await;
    assert_eq!((failure.class, failure.phase), (Timeout, Phase::Body));
}

#[tokio::test]
async fn a_receiver_that_does_not_read_times_out_in_writing() {
    let address = server(|stream, _| async move {
        std::future::pending::<()>().await;
        drop(stream);
    })
    .await;
    let sent = Outgoing { body: Bytes::from(vec![b'x'; 64 * 1024 * 1024]), ..hasty(address) };
    let failure = failure(&sent).await;
    assert_eq!((failure.class, failure.phase), (Timeout, Phase::Write), "{}", failure.message);
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_connection_that_does_not_open_times_out_in_connecting() {
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let listener = socket.listen(1).unwrap();
    let address = listener.local_addr().unwrap();
    // Nobody accepts: once the queue is full the system leaves further connections waiting.
    let mut queue = Vec::new();
    while let Ok(stream) =
        tokio::time::timeout(Duration::from_millis(100), tokio::net::TcpStream::connect(address)).await
    {
        queue.push(stream.unwrap());
    }
    let failure = failure(&hasty(address)).await;
    assert_eq!((failure.class, failure.phase), (Timeout, Phase::Connect), "{}", failure.message);
}

#[tokio::test]
async fn a_closed_port_and_an_impossible_host_are_told_apart() {
    let closed = failure(&outgoing(closed_port().await)).await;
    assert_eq!((closed.class, closed.phase), (Refused, Phase::Connect));
    assert!(closed.message.starts_with("nothing listens on 127.0.0.1:"), "{}", closed.message);
    // A label of more than 63 letters is refused by the system's resolver itself; nobody else is asked.
    let url = format!("http://{}.invalid/", "x".repeat(64)).parse().unwrap();
    let unknown = failure(&Outgoing { url, ..outgoing(closed_port().await) }).await;
    assert_eq!((unknown.class, unknown.phase), (Unresolved, Phase::Resolve), "{}", unknown.message);
}

#[tokio::test]
async fn a_header_that_cannot_be_written_is_told_before_anything_is_opened() {
    let mut sent = outgoing(closed_port().await);
    sent.headers.push(("X-Env".into(), "two\r\nlines".into()));
    let failure = failure(&sent).await;
    assert_eq!(failure.class, Unsendable);
    assert_eq!(failure.message, "the value of the header `X-Env` holds a line break or control byte");
}

#[tokio::test]
async fn a_reset_is_a_reset() {
    let address = server(|mut stream, _| async move {
        request(&mut stream).await;
        stream.set_zero_linger().unwrap();
    })
    .await;
    let failure = failure(&outgoing(address)).await;
    assert_eq!((failure.class, failure.phase), (Closed, Phase::FirstByte));
    assert_eq!(failure.message, "the receiver reset the connection without an answer");
}

const OK: &[u8] = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

#[tokio::test]
async fn a_connection_is_kept_and_one_closed_meanwhile_is_replaced() {
    let (tell, mut heard) = mpsc::channel(8);
    let address = server(move |mut stream, number| {
        let tell = tell.clone();
        async move {
            // Two requests each, then a close that no header announces.
            for _ in 0..2 {
                if request(&mut stream).await.is_empty() {
                    return;
                }
                stream.write_all(OK).await.unwrap();
            }
            drop(stream);
            tell.send(number).await.unwrap();
        }
    })
    .await;
    let transport = Transport::new(Trust::System);
    let mut kept = Vec::new();
    for number in 0..8 {
        match bounded(transport.send(&outgoing(address))).await {
            AttemptOutcome::Replied { timing, .. } => kept.push(timing.connect.is_none()),
            AttemptOutcome::Failed { failure, .. } => panic!("request {number}: {failure:?}"),
        }
        if number % 2 == 1 {
            assert_eq!(bounded(heard.recv()).await, Some(number / 2));
        }
    }
    assert_eq!(kept, [false, true, false, true, false, true, false, true]);
}

#[tokio::test]
async fn answers_that_end_their_connection_are_not_followed_on_it() {
    for answer in [
        "HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok",
        "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok",
        "HTTP/1.1 500 Oh\r\nContent-Length: 2\r\n\r\nok",
        "HTTP/1.1 503 Oh\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    ] {
        let address = stalling(answer).await;
        let transport = Transport::new(Trust::System);
        for _ in 0..2 {
            let AttemptOutcome::Replied { timing, .. } = bounded(transport.send(&outgoing(address))).await else {
                panic!("no reply")
            };
            assert!(timing.connect.is_some());
        }
    }
}

#[tokio::test]
async fn there_are_never_more_connections_to_a_host_than_allowed() {
    let (open, most, total) =
        (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let full = Arc::new(Barrier::new(CONNECTIONS_PER_HOST_MAX));
    let counters = (open, most.clone(), total.clone());
    let address = server(move |mut stream, _| {
        let ((open, most, total), full) = (counters.clone(), full.clone());
        async move {
            most.fetch_max(open.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
            total.fetch_add(1, Ordering::SeqCst);
            let mut is_first = true;
            while !request(&mut stream).await.is_empty() {
                // The first answers wait until as many connections as allowed are open at once.
                if std::mem::take(&mut is_first) {
                    full.wait().await;
                }
                stream.write_all(OK).await.unwrap();
            }
            open.fetch_sub(1, Ordering::SeqCst);
        }
    })
    .await;
    let transport = Transport::new(Trust::System);
    let mut tasks = tokio::task::JoinSet::new();
    for _ in 0..3 * CONNECTIONS_PER_HOST_MAX {
        let (transport, sent) = (transport.clone(), outgoing(address));
        tasks.spawn(async move { transport.send(&sent).await });
    }
    while let Some(outcome) = bounded(tasks.join_next()).await {
        assert!(matches!(outcome.unwrap(), AttemptOutcome::Replied { .. }));
    }
    assert_eq!(most.load(Ordering::SeqCst), CONNECTIONS_PER_HOST_MAX);
    assert_eq!(total.load(Ordering::SeqCst), CONNECTIONS_PER_HOST_MAX);
}

#[tokio::test]
async fn any_answer_ends_the_waiting_for_a_receiver() {
    let transport = Transport::new(Trust::System);
    let address = server(|mut stream, number| async move {
        // It hangs up on the first who asks.
        if number > 0 {
            request(&mut stream).await;
            let _ = stream.write_all(b"HTTP/1.1 500 Oh\r\nContent-Length: 0\r\n\r\n").await;
        }
    })
    .await;
    let url = format!("http://{address}/").parse().unwrap();
    assert_eq!(bounded(wait_for(&transport, &url, seconds(20), &is_up)).await, Ok(()));

    let url = format!("http://{}/", closed_port().await).parse().unwrap();
    let error = bounded(wait_for(&transport, &url, Duration::from_millis(300), &is_up)).await.unwrap_err().to_string();
    assert!(error.contains("was not ready within 300ms: nothing listens on 127.0.0.1"), "{error}");
}

#[tokio::test]
async fn a_proxy_that_answers_for_a_receiver_which_still_starts_is_not_taken_for_it() {
    let answers =
        ["502 Bad Gateway", "503 Service Unavailable", "504 Gateway Timeout", "404 Not Found", "204 No Content"];
    let asked = Arc::new(AtomicUsize::new(0));
    let count = asked.clone();
    let address = server(move |mut stream, number| {
        let count = count.clone();
        async move {
            request(&mut stream).await;
            count.fetch_add(1, Ordering::SeqCst);
            let answer = answers[number.min(answers.len() - 1)];
            let _ = stream.write_all(format!("HTTP/1.1 {answer}\r\nConnection: close\r\n\r\n").as_bytes()).await;
        }
    })
    .await;
    let url = format!("http://{address}/").parse().unwrap();
    let transport = Transport::new(Trust::System);
    assert_eq!(bounded(wait_for(&transport, &url, seconds(20), &is_up)).await, Ok(()));
    assert_eq!(asked.load(Ordering::SeqCst), 4);
    let is_success = |status| (200..300).contains(&status);
    assert_eq!(bounded(wait_for(&transport, &url, seconds(20), &is_success)).await, Ok(()));
    assert_eq!(asked.load(Ordering::SeqCst), 5);
    let is_teapot = |status| status == 418;
    let ended = bounded(wait_for(&transport, &url, Duration::from_millis(300), &is_teapot)).await;
    assert!(ended.unwrap_err().to_string().ends_with("was not ready within 300ms: it answered 204"));
}
