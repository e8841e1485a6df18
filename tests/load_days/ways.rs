//! A load through TLS, by HTTP/2 and through a proxy: it works as `run` does, on the careful way, and is accounted for.

use crate::support::command::{Done, file, run};
use crate::support::tls::{acceptor, signed};
use crate::support::wire::{request, server};
use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::server::conn::http2;
use hyper::service::service_fn;
use hyper::{Request, Response, Version};
use hyper_util::rt::{TokioExecutor, TokioIo};
use serde_json::Value;
use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use tokio::io::AsyncWriteExt;

/// The pushes of the load below, and of the call that is tried first.
const PUSHES: usize = 40;
const TRIED: usize = 4;

/// A load of ten calls, and its figures.
async fn load(target: String, more: &[&str]) -> (Done, Value) {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("load.json").display().to_string();
    let given = ["load", "outbound-answered", "--vendor", "udesk", "--seed", "7", "--rate", "20/s", "--for", "500ms"];
    let fixed = ["--pace", "1000x", "--retry", "none", "--lag-limit", "1h", "--target", &target, "--out", &out];
    let arguments: Vec<String> = [&given[..], &fixed, more].concat().into_iter().map(str::to_owned).collect();
    tokio::task::spawn_blocking(move || {
        let done = run(&arguments.iter().map(String::as_str).collect::<Vec<_>>());
        let summary = std::fs::read_to_string(&out).ok().and_then(|text| serde_json::from_str(&text).ok());
        (done, summary.unwrap_or_default())
    })
    .await
    .unwrap()
}

fn all_sent((done, summary): &(Done, Value)) {
    assert_eq!(done.code, 0, "{}\n{}", done.out, done.err);
    assert_eq!(summary["total"]["sent"], PUSHES, "{}", done.out);
    assert_eq!(summary["total"]["service"]["count"], PUSHES);
    // How late tasks are is measured, too.
    assert_eq!(summary["lag"]["count"], PUSHES);
}

/// A receiver by TLS with a certificate of its own CA, whose PEM is returned.
async fn secure(connections: Arc<AtomicUsize>) -> (SocketAddr, String) {
    let identity = signed(&["localhost"]);
    let acceptor = acceptor(&identity, &[]);
    let address = server(move |stream, _| {
        let (acceptor, connections) = (acceptor.clone(), connections.clone());
        async move {
            let Ok(mut stream) = acceptor.accept(stream).await else { return };
            connections.fetch_add(1, Ordering::SeqCst);
            while !request(&mut stream).await.is_empty() {
                let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok").await;
            }
        }
    })
    .await;
    (address, identity.ca)
}

#[tokio::test]
async fn a_load_goes_by_tls_with_a_ca_of_ones_own_and_keeps_to_its_connections() {
    let connections = Arc::new(AtomicUsize::new(0));
    let (address, pem) = secure(connections.clone()).await;
    let folder = tempfile::tempdir().unwrap();
    let ca = file(folder.path(), "ca.pem", &pem);
    let target = format!("https://localhost:{}/hook", address.port());
    all_sent(&load(target.clone(), &["--cacert", &ca, "--connections", "2"]).await);
    let opened = connections.load(Ordering::SeqCst);
    // The call that is tried first needs one for each of its pushes, which are seconds apart.
    assert!((1..=TRIED + 2).contains(&opened), "{opened} connections");
    all_sent(&load(target.clone(), &["--insecure"]).await);

    let (unknown, _) = load(target, &[]).await;
    assert_eq!(unknown.code, 3, "{}", unknown.out);
    assert!(
        unknown.out.contains("tried once before the load") && unknown.out.contains("certificate"),
        "{}",
        unknown.out
    );
    assert!(!unknown.out.contains("threshold "), "{}", unknown.out);
}

#[tokio::test]
async fn a_load_goes_by_http_2() {
    let heard = Arc::new(AtomicUsize::new(0));
    let count = heard.clone();
    let address = server(move |stream, _| {
        let count = count.clone();
        async move {
            let answer = service_fn(move |request: Request<Incoming>| {
                let count = count.clone();
                async move {
                    count.fetch_add(usize::from(request.version() == Version::HTTP_2), Ordering::SeqCst);
                    let _ = request.into_body().collect().await;
                    Ok::<_, Infallible>(Response::new(Full::new(Bytes::from_static(b"ok"))))
                }
            });
            let _ = http2::Builder::new(TokioExecutor::new()).serve_connection(TokioIo::new(stream), answer).await;
        }
    })
    .await;
    let target = format!("http://{address}/hook");
    all_sent(&load(target.clone(), &["--http2"]).await);
    assert_eq!(heard.load(Ordering::SeqCst), PUSHES + TRIED);

    let folder = tempfile::tempdir().unwrap();
    let faults = file(folder.path(), "faults.yaml", "faults:\n  - { fault: reset }\n");
    let (refused, _) = load(target, &["--http2", "--faults", &faults]).await;
    assert_eq!(refused.code, 2, "{}", refused.err);
    assert!(refused.err.contains("leave out --http2, or the fault"), "{}", refused.err);
}

#[tokio::test]
async fn a_host_of_ones_own_is_sent_once_under_load_by_http_1_and_http_2() {
    let own = ["--header", "Host: tenant.example"];
    let heard = Arc::new(Mutex::new(Vec::new()));
    let hosts = heard.clone();
    let address = server(move |mut stream, _| {
        let hosts = hosts.clone();
        async move {
            loop {
                let asked = request(&mut stream).await.to_ascii_lowercase();
                if asked.is_empty() {
                    return;
                }
                let host = asked.lines().filter_map(|line| line.strip_prefix("host: "));
                hosts.lock().unwrap().push(host.collect::<Vec<_>>().join(", "));
                let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok").await;
            }
        }
    })
    .await;
    all_sent(&load(format!("http://{address}/hook"), &own).await);
    assert_eq!(*heard.lock().unwrap(), ["tenant.example"; PUSHES + TRIED]);

    let heard = Arc::new(Mutex::new(Vec::new()));
    let hosts = heard.clone();
    let address = server(move |stream, _| {
        let hosts = hosts.clone();
        async move {
            let answer = service_fn(move |request: Request<Incoming>| {
                let authority = request.uri().authority().map(ToString::to_string);
                let host = request.headers().get("host").cloned();
                hosts.lock().unwrap().push((authority.unwrap_or_default(), host));
                async move {
                    let _ = request.into_body().collect().await;
                    Ok::<_, Infallible>(Response::new(Full::new(Bytes::from_static(b"ok"))))
                }
            });
            let _ = http2::Builder::new(TokioExecutor::new()).serve_connection(TokioIo::new(stream), answer).await;
        }
    })
    .await;
    all_sent(&load(format!("http://{address}/hook"), &[&own[..], &["--http2"]].concat()).await);
    assert_eq!(*heard.lock().unwrap(), vec![("tenant.example".to_owned(), None); PUSHES + TRIED]);
}

#[tokio::test]
async fn a_load_goes_through_a_proxy_which_knows_a_host_that_we_do_not() {
    let heard = Arc::new(AtomicUsize::new(0));
    let count = heard.clone();
    let proxy = server(move |mut stream, _| {
        let count = count.clone();
        async move {
            loop {
                let asked = request(&mut stream).await;
                if asked.is_empty() {
                    return;
                }
                let is_whole = asked.starts_with("POST http://receiver.invalid:81/hook HTTP/1.1")
                    && asked.to_ascii_lowercase().contains("proxy-authorization: basic ");
                count.fetch_add(usize::from(is_whole), Ordering::SeqCst);
                let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok").await;
            }
        }
    })
    .await;
    let through = format!("http://ann:lieselotte@{proxy}");
    let more = ["--proxy", &through, "--allow-host", "receiver.invalid"];
    let (done, summary) = load("http://receiver.invalid:81/hook".into(), &more).await;
    assert_eq!(heard.load(Ordering::SeqCst), PUSHES + TRIED);
    assert!(!format!("{}{summary}", done.out).contains("lieselotte"), "{}", done.out);
    all_sent(&(done, summary));
}
