//! Strange answers on the wire: each is read, or refused in clear words, within bounds.

use crate::support::wire::{bounded, plan, played, push, request, seconds, server};
use bytes::Bytes;
use flate2::Compression;
use flate2::write::GzEncoder;
use ringback::delivery::{AttemptOutcome, Failure, Outgoing, Transport, Trust};
use ringback::event::FailureClass::{Closed, NotHttp, Timeout};
use ringback::event::{FailureClass, RunEvent};
use ringback::faults::Connection;
use ringback::http::{BODY_READ_MAX_BYTES, Method, Reply, Version};
use std::io::Write;
use std::net::SocketAddr;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::sync::mpsc;

fn outgoing(address: SocketAddr) -> Outgoing {
    Outgoing {
        method: Method::Post,
        url: format!("http://{address}/hook").parse().unwrap(),
        headers: vec![("Content-Type".into(), "application/json".into())],
        body: Bytes::from_static(b"{}"),
        timeout: seconds(10),
    }
}

/// A server that gives this answer to every request and then leaves the connection as it is.
async fn saying(answer: impl Into<Bytes>) -> SocketAddr {
    let answer = answer.into();
    server(move |mut stream, _| {
        let answer = answer.clone();
        async move {
            while !request(&mut stream).await.is_empty() {
                if stream.write_all(&answer).await.is_err() {
                    return;
                }
            }
        }
    })
    .await
}

/// How an attempt ends on the clean path, and where it is played byte by byte.
async fn both(outgoing: &Outgoing) -> [AttemptOutcome; 2] {
    let transport = Transport::new(Trust::System);
    let played = bounded(transport.play(outgoing, &Connection::default())).await.outcome;
    [bounded(transport.send(outgoing)).await, played]
}

async fn replies(outgoing: &Outgoing) -> [Reply; 2] {
    both(outgoing).await.map(|outcome| match outcome {
        AttemptOutcome::Replied { reply, .. } => reply,
        AttemptOutcome::Failed { failure, .. } => panic!("{failure:?}"),
    })
}

async fn failures(outgoing: &Outgoing) -> [Failure; 2] {
    both(outgoing).await.map(|outcome| match outcome {
        AttemptOutcome::Replied { reply, .. } => panic!("{} {:?}", reply.status, reply.headers),
        AttemptOutcome::Failed { failure, .. } => failure,
    })
}

/// An answer with these lines in its head and this body, framed by its length.
fn answer(lines: &str, body: &[u8]) -> Vec<u8> {
    [format!("HTTP/1.1 200 OK\r\n{lines}Content-Length: {}\r\n\r\n", body.len()).as_bytes(), body].concat()
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

#[tokio::test]
async fn a_compressed_answer_is_judged_by_its_text() {
    let packed = answer("Content-Encoding: gzip\r\nContent-Type: application/json\r\n", &gzip(br#"{"ok":true}"#));
    let address = saying(packed).await;
    for reply in replies(&outgoing(address)).await {
        assert_eq!(&reply.body[..], br#"{"ok":true}"#);
        assert_eq!(reply.header("content-encoding"), Some("gzip"));
        assert_eq!(reply.remark.as_deref(), Some("compressed by gzip, though nobody asked for it"));
    }
    let mut asking = outgoing(address);
    asking.headers.push(("Accept-Encoding".into(), "gzip".into()));
    for reply in replies(&asking).await {
        assert_eq!((&reply.body[..], reply.remark), (&br#"{"ok":true}"#[..], None));
    }
    let (events, delivered) = played(&plan(&[address], vec![push(1, 1, 0)])).await;
    assert_eq!(delivered.tally.acknowledged, 1);
    let told = events.iter().any(|event| {
        matches!(event, RunEvent::Replied { body, remark: Some(_), version: None, .. } if body == r#"{"ok":true}"#)
    });
    assert!(told, "{events:?}");
}

#[tokio::test]
async fn a_bomb_is_cut_at_the_limit() {
    let mut bomb = GzEncoder::new(Vec::new(), Compression::best());
    for _ in 0..256 {
        bomb.write_all(&[b'0'; 1024 * 1024]).unwrap();
    }
    let address = saying(answer("Content-Encoding: gzip\r\n", &bomb.finish().unwrap())).await;
    for reply in replies(&outgoing(address)).await {
        assert_eq!((reply.body.len(), reply.truncated), (BODY_READ_MAX_BYTES, true));
    }
}

#[tokio::test]
async fn text_is_read_by_its_charset_and_odd_text_is_remarked() {
    let cases: [(&str, &[u8], &str, Option<&str>); 6] = [
        ("Content-Type: text/html; charset=gbk\r\n", b"<h1>\xb3\xc9\xb9\xa6</h1>", "<h1>成功</h1>", None),
        (
            "Content-Type: application/json; charset=utf-8\r\n",
            b"\"\xb3\"",
            "\"\u{fffd}\"",
            Some("the body is not UTF-8; wrong bytes are replaced"),
        ),
        (
            "Content-Type: text/plain; charset=x-none\r\n",
            b"ok",
            "ok",
            Some("the charset `x-none` is not known; read as UTF-8"),
        ),
        (
            "Content-Encoding: zstd\r\n",
            b"ok",
            "ok",
            Some("the body is left as it is: the encoding `zstd` is not known"),
        ),
        ("Content-Encoding: gzip\r\n", b"ok", "", Some("the gzip stream of the body is damaged: it ends too early")),
        ("Content-Type: text/html\r\n", b"<html><body>login</body></html>", "<html><body>login</body></html>", None),
    ];
    for (lines, body, text, remark) in cases {
        for reply in replies(&outgoing(saying(answer(lines, body)).await)).await {
            assert_eq!((&reply.body[..], reply.remark.as_deref()), (text.as_bytes(), remark), "{lines}");
        }
    }
}

#[tokio::test]
async fn a_hundred_megabytes_are_read_to_the_limit_and_the_connection_is_closed() {
    const LENGTH: usize = 100 * 1024 * 1024;
    let (tell, mut heard) = mpsc::channel(4);
    let address = server(move |mut stream, _| {
        let tell = tell.clone();
        async move {
            request(&mut stream).await;
            let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {LENGTH}\r\n\r\n");
            stream.write_all(head.as_bytes()).await.unwrap();
            let mut sent = 0;
            while sent < LENGTH && stream.write_all(&[b'x'; 64 * 1024]).await.is_ok() {
                sent += 64 * 1024;
            }
            tell.send(sent).await.unwrap();
        }
    })
    .await;
    for reply in replies(&outgoing(address)).await {
        assert_eq!((reply.body.len(), reply.truncated, reply.status), (BODY_READ_MAX_BYTES, true, 200));
    }
    for _ in 0..2 {
        let sent = bounded(heard.recv()).await.unwrap();
        assert!(sent < LENGTH, "the connection is closed long before the end, not after {sent}");
    }
}

#[tokio::test]
async fn headers_are_kept_all_and_in_the_order_of_their_name() {
    let head = "Set-Cookie: a=1\r\nX-Odd: \r\nSet-Cookie: b=2\r\nset-cookie: a=1\r\n";
    for reply in replies(&outgoing(saying(answer(head, b"")).await)).await {
        let cookies: Vec<&str> =
            reply.headers.iter().filter(|(name, _)| name == "set-cookie").map(|(_, value)| value.as_str()).collect();
        assert_eq!(cookies, ["a=1", "b=2", "a=1"]);
        assert_eq!(reply.header("X-Odd"), Some(""));
    }
}

#[tokio::test]
async fn http_1_0_is_read_and_told_and_not_followed_up() {
    for framed in [true, false] {
        let address = server(move |mut stream, _| async move {
            request(&mut stream).await;
            let length = if framed { "Content-Length: 2\r\n" } else { "" };
            let _ = stream.write_all(format!("HTTP/1.0 200 OK\r\n{length}\r\nok").as_bytes()).await;
        })
        .await;
        for reply in replies(&outgoing(address)).await {
            assert_eq!((reply.version, &reply.body[..]), (Version::Http10, &b"ok"[..]));
        }
        let (events, delivered) = played(&plan(&[address], vec![push(1, 1, 0), push(2, 1, 1)])).await;
        assert_eq!(delivered.tally.acknowledged, 2);
        let told = |event: &&RunEvent| matches!(event, RunEvent::Replied { version: Some("HTTP/1.0"), .. });
        assert_eq!(events.iter().filter(told).count(), 2);
    }
}

#[tokio::test]
async fn what_is_said_in_between_is_not_the_answer() {
    let mut hints = "HTTP/1.1 100 Continue\r\n\r\n".to_owned();
    for _ in 0..200 {
        hints.push_str("HTTP/1.1 103 Early Hints\r\nLink: </a.css>; rel=preload\r\n\r\n");
    }
    hints.push_str("HTTP/1.1 202 Accepted\r\nContent-Length: 2\r\n\r\nok");
    for reply in replies(&outgoing(saying(hints).await)).await {
        assert_eq!((reply.status, &reply.body[..]), (202, &b"ok"[..]));
    }
    // An answer that never comes, however much is said before it.
    let address = server(|mut stream, _| async move {
        request(&mut stream).await;
        while stream.write_all("HTTP/1.1 100 Continue\r\n\r\n".repeat(100).as_bytes()).await.is_ok() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    })
    .await;
    let hasty = Outgoing { timeout: Duration::from_millis(300), ..outgoing(address) };
    for failure in failures(&hasty).await {
        assert_eq!(failure.class, Timeout, "{}", failure.message);
    }
}

#[tokio::test]
async fn a_204_with_a_body_is_remarked_and_harms_no_push_behind_it() {
    let address = saying("HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\nhello").await;
    let transport = Transport::new(Trust::System);
    for number in 0..3 {
        match bounded(transport.send(&outgoing(address))).await {
            AttemptOutcome::Replied { reply, .. } => {
                assert_eq!((reply.status, reply.body.len()), (204, 0));
                assert_eq!(reply.remark.as_deref(), Some("a 204 has no body, but this one announces one"));
            }
            AttemptOutcome::Failed { failure, .. } => panic!("request {number}: {failure:?}"),
        }
    }
}

#[tokio::test]
async fn a_length_that_lies_is_told() {
    // As to a HEAD: a length, and no body.
    let short = server(|mut stream, _| async move {
        request(&mut stream).await;
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n").await;
    })
    .await;
    for failure in failures(&outgoing(short)).await {
        assert_eq!(failure.class, Closed);
        assert!(failure.message.contains("in the middle of the body of the answer"), "{}", failure.message);
    }
    let long = saying("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok and more").await;
    let transport = Transport::new(Trust::System);
    for _ in 0..3 {
        let outcome = bounded(transport.send(&outgoing(long))).await;
        let AttemptOutcome::Replied { reply, .. } = outcome else { panic!("{outcome:?}") };
        assert_eq!(&reply.body[..], b"ok");
    }
}

#[tokio::test]
async fn a_head_without_end_and_what_is_no_head_are_refused() {
    let long = format!("HTTP/1.1 200 OK\r\nX-Long: {}\r\nContent-Length: 0\r\n\r\n", "a".repeat(1024 * 1024));
    let many = format!("HTTP/1.1 200 OK\r\n{}Content-Length: 0\r\n\r\n", "X-Many: a\r\n".repeat(5000));
    let cases: [(String, FailureClass, &str); 5] = [
        (long, NotHttp, "65536 bytes"),
        (many, NotHttp, "h"),
        ("<html>hello from HTTP/0.9</html>\r\n".into(), NotHttp, "what came back is not HTTP"),
        ("HTTP/1.1 OK\r\n\r\n".into(), NotHttp, "what came back is not HTTP"),
        ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffffff\r\n".into(), NotHttp, "not HTTP"),
    ];
    for (answer, class, words) in cases {
        let shown = answer[..answer.len().min(40)].to_owned();
        for failure in failures(&outgoing(saying(answer).await)).await {
            assert_eq!(failure.class, class, "{shown:?}: {}", failure.message);
            assert!(failure.message.contains(words), "{shown:?}: {}", failure.message);
        }
    }
}

#[tokio::test]
async fn a_receiver_that_speaks_only_http_2_without_tls_is_named() {
    let address = server(|mut stream, _| async move {
        let mut bytes = [0; 64];
        let _ = stream.read(&mut bytes).await;
        // SETTINGS, then GOAWAY for a protocol error.
        let _ = stream.write_all(b"\0\0\0\x04\0\0\0\0\0\0\0\x08\x07\0\0\0\0\0\0\0\0\0\0\0\0\x01").await;
    })
    .await;
    let outcome = bounded(Transport::new(Trust::System).send(&outgoing(address))).await;
    let AttemptOutcome::Failed { failure, .. } = outcome else { panic!("{outcome:?}") };
    assert_eq!(failure.class, NotHttp);
    assert_eq!(failure.message, "the receiver speaks only HTTP/2 here; push by HTTP/2: --http2");
}
