//! HTTP/2 on loopback: agreed on by ALPN, spoken without asking on http, and refused in clear words.

use crate::support::command::run;
use crate::support::tls::{acceptor, signed};
use crate::support::wire::{bounded, plan, push, request, seconds, server};
use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::server::conn::http2;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::{TokioExecutor, TokioIo};
use ringback::clock::Pace;
use ringback::delivery::{AttemptOutcome, Failure, Outgoing, Transport, Trust, Versions, Way, deliver, stop};
use ringback::event::{FailureClass, Phase, RunEvent};
use ringback::http::{BODY_READ_MAX_BYTES, Method, Version};
use std::convert::Infallible;
use std::net::SocketAddr;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt};

fn http2() -> Transport {
    Transport::by(Way { trust: Trust::Anyone, versions: Versions::Http2, ..Way::default() })
}

fn outgoing(scheme: &str, address: SocketAddr, path: &str) -> Outgoing {
    Outgoing {
        method: Method::Post,
        url: format!("{scheme}://127.0.0.1:{}{path}", address.port()).parse().unwrap(),
        headers: vec![("Content-Type".into(), "application/json".into()), ("X-Env".into(), "ci".into())],
        body: Bytes::from_static(b"{}"),
        timeout: seconds(10),
    }
}

async fn failed(transport: &Transport, outgoing: &Outgoing) -> Failure {
    match bounded(transport.send(outgoing)).await {
        AttemptOutcome::Failed { failure, .. } => failure,
        AttemptOutcome::Replied { reply, .. } => panic!("{reply:?}"),
    }
}

/// Answers in the way that the path asks for.
async fn answer(request: Request<Incoming>) -> Result<Response<Full<Bytes>>, Infallible> {
    let (head, body) = request.into_parts();
    let length = body.collect().await.map_or(0, |body| body.to_bytes().len());
    let mut response = Response::new(Full::new(Bytes::new()));
    match head.uri.path() {
        "/large" => *response.body_mut() = Full::new(vec![b'x'; 8 * 1024 * 1024].into()),
        "/headers" => {
            for number in 0..300 {
                let name = hyper::header::HeaderName::try_from(format!("x-{number}")).unwrap();
                response.headers_mut().insert(name, "a".parse().unwrap());
            }
        }
        "/long" => drop(response.headers_mut().insert("x-long", "a".repeat(200_000).parse().unwrap())),
        "/silent" => std::future::pending().await,
        _ => {
            let env = head.headers.get("x-env").map(|value| value.to_str().unwrap().to_owned());
            let told = format!("{} {} {:?} {env:?} {length}", head.method, head.uri, head.headers.get("host"));
            *response.body_mut() = Full::new(told.into());
        }
    }
    Ok(response)
}

async fn serve(stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static) {
    let mut builder = http2::Builder::new(TokioExecutor::new());
    builder.max_header_list_size(1024 * 1024);
    let _ = builder.serve_connection(TokioIo::new(stream), service_fn(answer)).await;
}

/// A receiver over TLS that knows these protocols, and speaks the one that was agreed on.
async fn secure(protocols: &'static [&'static str]) -> SocketAddr {
    let acceptor = acceptor(&signed(&["127.0.0.1"]), protocols);
    server(move |stream, _| {
        let acceptor = acceptor.clone();
        async move {
            let Ok(mut stream) = acceptor.accept(stream).await else { return };
            if stream.get_ref().1.alpn_protocol() == Some(b"h2") {
                serve(stream).await;
                return;
            }
            while !request(&mut stream).await.is_empty() {
                let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok").await;
            }
        }
    })
    .await
}

#[tokio::test]
async fn http_2_is_spoken_where_tls_agrees_on_it_and_on_http_without_asking() {
    let plain = server(|stream, _| serve(stream)).await;
    for (scheme, address) in
        [("https", secure(&["h2"]).await), ("https", secure(&["h2", "http/1.1"]).await), ("http", plain)]
    {
        let transport = http2();
        for is_kept in [false, true] {
            match bounded(transport.send(&outgoing(scheme, address, "/hook?a=1"))).await {
                AttemptOutcome::Replied { reply, timing } => {
                    assert_eq!((reply.status, reply.version), (200, Version::Http2));
                    let told = format!("POST {scheme}://127.0.0.1:{}/hook?a=1 None Some(\"ci\") 2", address.port());
                    assert_eq!(reply.body, told);
                    assert_eq!(timing.connect.is_none(), is_kept);
                }
                AttemptOutcome::Failed { failure, .. } => panic!("{scheme}: {failure:?}"),
            }
        }
    }
}

#[tokio::test]
async fn http_1_1_is_spoken_where_the_receiver_prefers_or_knows_nothing_else() {
    for protocols in [&["http/1.1"][..], &[]] {
        let address = secure(protocols).await;
        let outcome = bounded(http2().send(&outgoing("https", address, "/"))).await;
        let AttemptOutcome::Replied { reply, .. } = outcome else { panic!("{outcome:?}") };
        assert_eq!((reply.version, &reply.body[..]), (Version::Http11, &b"ok"[..]));
    }
    // By default HTTP/2 is not even offered.
    let both = secure(&["h2", "http/1.1"]).await;
    let outcome = bounded(Transport::new(Trust::Anyone).send(&outgoing("https", both, "/"))).await;
    assert!(matches!(outcome, AttemptOutcome::Replied { reply, .. } if reply.version == Version::Http11));
}

#[tokio::test]
async fn a_receiver_that_insists_on_http_2_over_tls_is_told_apart() {
    let failure = failed(&Transport::new(Trust::Anyone), &outgoing("https", secure(&["h2"]).await, "/")).await;
    assert_eq!((failure.class, failure.phase), (FailureClass::Tls, Phase::Tls));
    assert_eq!(
        failure.message,
        "127.0.0.1 does not speak HTTP/1.1 over TLS, most likely only HTTP/2; push by HTTP/2: --http2"
    );
    let failure = failed(&http2(), &outgoing("https", secure(&["h3"]).await, "/")).await;
    assert_eq!(failure.message, "127.0.0.1 speaks neither HTTP/2 nor HTTP/1.1 over TLS");
}

#[tokio::test]
async fn a_receiver_of_http_1_1_that_is_pushed_to_by_http_2_is_told_apart() {
    let address = server(|mut stream, _| async move {
        let mut bytes = [0; 1024];
        let _ = tokio::io::AsyncReadExt::read(&mut stream, &mut bytes).await;
        let _ = stream.write_all(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n").await;
    })
    .await;
    let failure = failed(&http2(), &outgoing("http", address, "/")).await;
    assert_eq!(failure.class, FailureClass::NotHttp, "{}", failure.message);
    assert_eq!(failure.message, "the receiver speaks only HTTP/1 here; push without --http2");
}

#[tokio::test]
async fn limits_hold_over_http_2() {
    let address = server(|stream, _| serve(stream)).await;
    let outcome = bounded(http2().send(&outgoing("http", address, "/large"))).await;
    let AttemptOutcome::Replied { reply, .. } = outcome else { panic!("{outcome:?}") };
    assert_eq!((reply.body.len(), reply.truncated), (BODY_READ_MAX_BYTES, true));
    for path in ["/headers", "/long"] {
        let failure = failed(&http2(), &outgoing("http", address, path)).await;
        assert_eq!(failure.class, FailureClass::NotHttp, "{path}: {}", failure.message);
        assert!(failure.message.contains("more than 65536 bytes, or more than 256 headers"), "{}", failure.message);
    }
    let hasty = Outgoing { timeout: Duration::from_millis(300), ..outgoing("http", address, "/silent") };
    assert_eq!(failed(&http2(), &hasty).await.class, FailureClass::Timeout);
}

#[tokio::test]
async fn a_connection_of_http_2_that_breaks_is_told() {
    let closing = server(|mut stream, _| async move {
        let mut bytes = [0; 1024];
        let _ = tokio::io::AsyncReadExt::read(&mut stream, &mut bytes).await;
    })
    .await;
    let failure = failed(&http2(), &outgoing("http", closing, "/")).await;
    assert_eq!(failure.class, FailureClass::Closed, "{}", failure.message);

    let garbage = server(|mut stream, _| async move {
        let _ = stream.write_all(&[0xff; 64]).await;
        let mut bytes = Vec::new();
        let _ = tokio::io::AsyncReadExt::read_to_end(&mut stream, &mut bytes).await;
    })
    .await;
    let failure = failed(&http2(), &outgoing("http", garbage, "/")).await;
    assert_eq!(failure.class, FailureClass::NotHttp, "{}", failure.message);
    assert!(failure.message.starts_with("what came back is not HTTP/2"), "{}", failure.message);

    // SETTINGS, then GOAWAY that asks for HTTP/1.1.
    let picky = server(|mut stream, _| async move {
        let mut bytes = [0; 1024];
        let _ = tokio::io::AsyncReadExt::read(&mut stream, &mut bytes).await;
        let _ = stream.write_all(b"\0\0\0\x04\0\0\0\0\0\0\0\x08\x07\0\0\0\0\0\0\0\0\0\0\0\0\x0d").await;
        let _ = tokio::io::AsyncReadExt::read(&mut stream, &mut bytes).await;
    })
    .await;
    let failure = failed(&http2(), &outgoing("http", picky, "/")).await;
    assert_eq!(failure.message, "the receiver asks for HTTP/1.1; push without --http2");
}

#[tokio::test]
async fn a_story_by_http_2_tells_the_version() {
    let address = server(|stream, _| serve(stream)).await;
    let mut events = Vec::new();
    let (_stopper, ear) = stop();
    let plan = plan(&[address], vec![push(1, 1, 0), push(2, 1, 1)]);
    let delivered = bounded(deliver(&plan, Pace::Fast, &http2(), &mut |event| events.push(event), &ear)).await;
    assert_eq!(delivered.tally.acknowledged, 2);
    let told = |event: &&RunEvent| matches!(event, RunEvent::Replied { version: Some("HTTP/2"), .. });
    assert_eq!(events.iter().filter(told).count(), 2);
}

#[tokio::test]
async fn the_command_speaks_http_2_and_says_so() {
    let address = server(|stream, _| serve(stream)).await;
    let target = format!("http://{address}/");
    let play = move || run(&["run", "outbound-answered", "--vendor", "7moor", "--http2", "-v", "--target", &target]);
    let done = bounded(tokio::task::spawn_blocking(play)).await.unwrap();
    assert!(done.out.contains("answered by HTTP/2"), "{}{}", done.out, done.err);
}

#[test]
fn what_cannot_go_with_http_2_is_refused() {
    let built_in = run(&["run", "outbound-answered", "--http2"]);
    assert_eq!(built_in.code, 2);
    assert!(built_in.err.contains("the built-in receiver speaks HTTP/1.1"), "{}", built_in.err);
    let bent =
        run(&["run", "outbound-answered", "--http2", "--faults", "rude-network", "--target", "http://127.0.0.1:9/"]);
    assert_eq!(bent.code, 2, "{}", bent.out);
    assert!(bent.err.contains("bends connections of HTTP/1.1, and --http2 speaks HTTP/2"), "{}", bent.err);
}
