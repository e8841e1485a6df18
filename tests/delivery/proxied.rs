//! Proxies on loopback: absolute-form for http, a tunnel for https, for HTTP/2 and for bent connections.

use crate::support::command::run;
use crate::support::tls::{acceptor, signed};
use crate::support::wire::{bounded, closed_port, request, seconds, server};
use bytes::Bytes;
use ringback::delivery::{AttemptOutcome, Outgoing, Proxies, Proxy, Transport, Trust, Way};
use ringback::event::{FailureClass, Phase};
use ringback::faults::Connection;
use ringback::http::Method;
use std::net::SocketAddr;
use tokio::io::{AsyncWriteExt, copy_bidirectional};
use tokio::net::TcpStream;
use tokio::sync::mpsc;

fn through(proxies: Proxies) -> Transport {
    Transport::by(Way { trust: Trust::Anyone, proxies, ..Way::default() })
}

fn given(address: SocketAddr) -> Transport {
    through(Proxies::new(Some(Proxy::parse(&format!("http://ann:secret@{address}")).unwrap()), |_| None))
}

fn outgoing(url: &str) -> Outgoing {
    Outgoing {
        method: Method::Post,
        url: url.parse().unwrap(),
        headers: vec![("X-Env".into(), "ci".into())],
        body: Bytes::from_static(b"{}"),
        timeout: seconds(10),
    }
}

/// A proxy that tells what it was asked, answers what is not a tunnel by itself, and leads every tunnel to `receiver`.
async fn proxy(receiver: Option<SocketAddr>) -> (SocketAddr, mpsc::UnboundedReceiver<String>) {
    let (tell, heard) = mpsc::unbounded_channel();
    let address = server(move |mut stream, _| {
        let tell = tell.clone();
        async move {
            loop {
                let asked = request(&mut stream).await;
                if asked.is_empty() {
                    return;
                }
                let is_tunnel = asked.starts_with("CONNECT ");
                tell.send(asked).unwrap();
                match receiver.filter(|_| is_tunnel) {
                    Some(receiver) => {
                        stream.write_all(b"HTTP/1.1 200 Connection established\r\nVia: x\r\n\r\n").await.unwrap();
                        let mut onward = TcpStream::connect(receiver).await.unwrap();
                        let _ = copy_bidirectional(&mut stream, &mut onward).await;
                        return;
                    }
                    None if is_tunnel => {
                        let _ = stream.write_all(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n").await;
                        return;
                    }
                    None => {
                        stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok").await.unwrap();
                    }
                }
            }
        }
    })
    .await;
    (address, heard)
}

#[tokio::test]
async fn an_http_target_is_asked_for_in_absolute_form() {
    let (address, mut heard) = proxy(None).await;
    let transport = given(address);
    for _ in 0..2 {
        let outcome = bounded(transport.send(&outgoing("http://receiver.invalid:81/hook?a=1"))).await;
        assert!(matches!(outcome, AttemptOutcome::Replied { .. }), "{outcome:?}");
        assert_eq!(
            bounded(heard.recv()).await.unwrap(),
            "POST http://receiver.invalid:81/hook?a=1 HTTP/1.1\r\nHost: receiver.invalid:81\r\nX-Env: ci\r\n\
             Proxy-Authorization: Basic YW5uOnNlY3JldA==\r\nContent-Length: 2\r\n\r\n{}"
        );
    }
}

#[tokio::test]
async fn https_and_bent_connections_go_through_a_tunnel() {
    let acceptor = acceptor(&signed(&["receiver.invalid"]), &[]);
    let secure = server(move |stream, _| {
        let acceptor = acceptor.clone();
        async move {
            let mut stream = acceptor.accept(stream).await.unwrap();
            request(&mut stream).await;
            let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok").await;
        }
    })
    .await;
    let (address, mut heard) = proxy(Some(secure)).await;
    let outcome = bounded(given(address).send(&outgoing("https://receiver.invalid/hook"))).await;
    assert!(matches!(outcome, AttemptOutcome::Replied { .. }), "{outcome:?}");
    assert_eq!(
        bounded(heard.recv()).await.unwrap(),
        "CONNECT receiver.invalid:443 HTTP/1.1\r\nHost: receiver.invalid:443\r\nProxy-Authorization: Basic YW5uOnNlY3JldA==\r\n\r\n"
    );

    let plain = server(|mut stream, _| async move {
        let asked = request(&mut stream).await;
        let line = asked.lines().next().unwrap_or_default();
        let _ = stream
            .write_all(format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{line}", line.len()).as_bytes())
            .await;
    })
    .await;
    let (address, _heard) = proxy(Some(plain)).await;
    let played = bounded(given(address).play(&outgoing("http://receiver.invalid/hook"), &Connection::default())).await;
    let AttemptOutcome::Replied { reply, .. } = played.outcome else { panic!("{played:?}") };
    assert_eq!(reply.body, "POST /hook HTTP/1.1");
}

#[tokio::test]
async fn the_environments_proxy_is_for_others_than_loopback() {
    let (address, mut heard) = proxy(None).await;
    let proxies = Proxies::new(None, |name| match name {
        "HTTP_PROXY" => Some(address.to_string()),
        "NO_PROXY" => Some("bypassed.invalid".into()),
        _ => None,
    });
    let transport = through(proxies);
    let outcome = bounded(transport.send(&outgoing("http://receiver.invalid/"))).await;
    assert!(matches!(outcome, AttemptOutcome::Replied { .. }), "{outcome:?}");
    assert!(bounded(heard.recv()).await.unwrap().starts_with("POST http://receiver.invalid/ HTTP/1.1"));
    let own = server(|mut stream, _| async move {
        request(&mut stream).await;
        let _ = stream.write_all(b"HTTP/1.1 201 OK\r\nContent-Length: 0\r\n\r\n").await;
    })
    .await;
    let outcome = bounded(transport.send(&outgoing(&format!("http://{own}/")))).await;
    assert!(matches!(outcome, AttemptOutcome::Replied { reply, .. } if reply.status == 201));
    assert!(heard.try_recv().is_err());
}

#[tokio::test]
async fn a_proxy_that_does_not_help_is_named() {
    let (refusing, _heard) = proxy(None).await;
    let asking = server(|mut stream, _| async move {
        request(&mut stream).await;
        let _ = stream.write_all(b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n").await;
    })
    .await;
    let mute = server(|mut stream, _| async move {
        request(&mut stream).await;
        let _ = stream.write_all(b"SSH-2.0\r\n\r\n").await;
    })
    .await;
    for (address, url, words) in [
        (refusing, "https://receiver.invalid/", "answered 403 where a tunnel to receiver.invalid:443 was asked for"),
        (asking, "https://receiver.invalid/", "asks for a name and password (407)"),
        (asking, "http://receiver.invalid/", "asks for a name and password (407)"),
        (mute, "https://receiver.invalid/", "does not speak HTTP"),
        (closed_port().await, "http://receiver.invalid/", "nothing listens on"),
    ] {
        let outcome = bounded(given(address).send(&outgoing(url))).await;
        let AttemptOutcome::Failed { failure, .. } = outcome else { panic!("{outcome:?}") };
        assert_eq!((failure.class, failure.phase), (FailureClass::Refused, Phase::Connect), "{}", failure.message);
        assert!(failure.message.starts_with("the proxy ") && failure.message.contains(words), "{}", failure.message);
        assert!(!failure.message.contains("secret"));
    }
    let bad = Proxies::new(None, |name| (name == "HTTP_PROXY").then(|| "socks5://127.0.0.1:1".into()));
    let outcome = bounded(through(bad).send(&outgoing("http://receiver.invalid/"))).await;
    let AttemptOutcome::Failed { failure, .. } = outcome else { panic!("{outcome:?}") };
    assert!(failure.message.starts_with("the environment variable HTTP_PROXY: a proxy is reached by `http://`"));
}

#[tokio::test]
async fn the_command_goes_through_the_proxy_that_it_is_given() {
    let (address, mut heard) = proxy(None).await;
    let flag = format!("http://ann:secret@{address}");
    let play = move || {
        let target = "http://127.0.0.1:9/hook";
        run(&["run", "outbound-answered", "--vendor", "udesk", "--target", target, "--proxy", &flag])
    };
    let done = bounded(tokio::task::spawn_blocking(play)).await.unwrap();
    assert!(done.out.contains("<-- 200"), "{}{}", done.out, done.err);
    assert!(bounded(heard.recv()).await.unwrap().starts_with("POST http://127.0.0.1:9/hook HTTP/1.1\r\n"));
    let bad = run(&["run", "outbound-answered", "--proxy", "socks5://ann:secret@127.0.0.1:1"]);
    assert_eq!(bad.code, 2);
    assert!(bad.err.contains("a proxy is reached by `http://`, not by `socks5://`"), "{}", bad.err);
}
