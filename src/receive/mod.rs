//! The built-in receiver: takes pushes, answers as it is told to behave, and hands on what came. Prints nothing itself.

mod behaviour;
mod show;

pub use behaviour::{Behaviour, FLAKY_EVERY, SLOW_DELAY};
pub use show::{SHOWN_MAX_CHARS, show};

use crate::http::Captured;
use crate::vendors::Vendor;
use behaviour::Decision;
use bytes::{Bytes, BytesMut};
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::header::{CONNECTION, CONTENT_TYPE, HeaderValue};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response, StatusCode};
use hyper_util::rt::{TokioIo, TokioTimer};
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, watch};
use tokio::task::JoinSet;

/// The longest body that is taken; a longer one is answered 413.
pub const BODY_MAX_BYTES: usize = 10 * 1024 * 1024;
/// How long the head of a request may be.
pub const HEAD_MAX_BYTES: usize = 64 * 1024;
/// How many connections are served at a time; further ones wait.
pub const CONNECTIONS_MAX: usize = 1024;
/// How long the head of a request may take, which also ends connections without work.
pub const HEAD_READ_MAX: Duration = Duration::from_secs(30);
/// How long the body of a request may take; then it is answered 408.
pub const BODY_READ_MAX: Duration = Duration::from_secs(30);
/// How long connections may go on after the end was asked for.
pub const DRAIN_MAX: Duration = Duration::from_secs(3);
/// How long to rest when the system has no socket left.
const ACCEPT_REST: Duration = Duration::from_millis(50);

/// What came in, and what it was answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Received {
    /// The request.
    pub captured: Captured,
    /// The id of the vendor that it is of, and its push.
    pub recognised: Option<(&'static str, &'static str)>,
    /// The status that is answered; `None` where the receiver hangs up.
    pub status: Option<u16>,
}

/// A receiver that has its port and does not serve yet.
#[derive(Debug)]
pub struct Receiver {
    listener: TcpListener,
    address: SocketAddr,
    service: Service,
}

/// What every connection needs to answer.
#[derive(Clone)]
struct Service {
    behaviour: Behaviour,
    vendors: &'static [&'static dyn Vendor],
    count: Arc<AtomicU64>,
}

impl std::fmt::Debug for Service {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let vendors: Vec<_> = self.vendors.iter().map(|vendor| vendor.id()).collect();
        f.debug_struct("Service").field("behaviour", &self.behaviour).field("vendors", &vendors).finish()
    }
}

impl Receiver {
    /// Takes the port; port 0 for any. `vendors` are those whose pushes are recognised.
    ///
    /// # Errors
    /// Where the address cannot be listened on.
    pub async fn bind(
        address: SocketAddr,
        behaviour: Behaviour,
        vendors: &'static [&'static dyn Vendor],
    ) -> io::Result<Self> {
        let listener = TcpListener::bind(address).await?;
        let address = listener.local_addr()?;
        Ok(Self { listener, address, service: Service { behaviour, vendors, count: Arc::default() } })
    }

    /// The address with its true port.
    pub fn local_addr(&self) -> SocketAddr {
        self.address
    }

    /// Serves until `shutdown`, then lets requests that are under way end within [`DRAIN_MAX`]. `notice` is told of
    /// every request before it is answered, from several tasks at once.
    pub async fn run(self, notice: impl Fn(Received) + Send + Sync + 'static, shutdown: impl Future<Output = ()>) {
        let notice: Arc<dyn Fn(Received) + Send + Sync> = Arc::new(notice);
        let (ending, _) = watch::channel(false);
        let permits = Arc::new(Semaphore::new(CONNECTIONS_MAX));
        let mut connections = JoinSet::new();
        tokio::pin!(shutdown);
        loop {
            // Ended connections are forgotten, so that a long life does not fill the memory.
            while connections.try_join_next().is_some() {}
            let accept = async {
                let permit = permits.clone().acquire_owned().await;
                (self.listener.accept().await, permit)
            };
            tokio::select! {
                () = &mut shutdown => break,
                (accepted, permit) = accept => match accepted {
                    Ok((stream, _)) => {
                        let serving = serve(stream, self.service.clone(), notice.clone(), ending.subscribe());
                        connections.spawn(async move {
                            serving.await;
                            drop(permit);
                        });
                    }
                    Err(_) => tokio::time::sleep(ACCEPT_REST).await,
                },
            }
        }
        drop(self.listener);
        ending.send_replace(true);
        let drained = async { while connections.join_next().await.is_some() {} };
        // What has not ended by now is dropped with the set.
        let _ = tokio::time::timeout(DRAIN_MAX, drained).await;
    }
}

async fn serve(
    stream: TcpStream,
    service: Service,
    notice: Arc<dyn Fn(Received) + Send + Sync>,
    mut ending: watch::Receiver<bool>,
) {
    // Without it answers would only be slower.
    let _ = stream.set_nodelay(true);
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_READ_MAX)
        .max_header_size(HEAD_MAX_BYTES)
        .serve_connection(TokioIo::new(stream), service_fn(|request| service.answer(request, &*notice)));
    tokio::pin!(connection);
    tokio::select! {
        _ = connection.as_mut() => return,
        _ = ending.wait_for(|ending| *ending) => connection.as_mut().graceful_shutdown(),
    }
    let _ = connection.await;
}

/// Ends a connection without an answer: hyper closes it where a service fails.
#[derive(Debug)]
struct HungUp;

impl std::fmt::Display for HungUp {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("the receiver hangs up")
    }
}

impl std::error::Error for HungUp {}

impl Service {
    async fn answer(
        &self,
        request: Request<Incoming>,
        notice: &(dyn Fn(Received) + Send + Sync),
    ) -> Result<Response<Full<Bytes>>, HungUp> {
        let (head, body) = request.into_parts();
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let mut captured = Captured {
            method: head.method.to_string(),
            path: head.uri.path().to_owned(),
            query: head.uri.query().unwrap_or_default().to_owned(),
            headers: head.headers.iter().map(|(name, value)| (name.to_string(), text(value.as_bytes()))).collect(),
            body: Bytes::new(),
        };
        let refused = match tokio::time::timeout(BODY_READ_MAX, read(body)).await {
            Ok(Ok(body)) => {
                captured.body = body;
                None
            }
            Err(_) => Some((StatusCode::REQUEST_TIMEOUT, "the body took too long\n")),
            Ok(Err(BadBody::TooLong)) => Some((StatusCode::PAYLOAD_TOO_LARGE, "the body is longer than 10 MiB\n")),
            Ok(Err(BadBody::Broken)) => return Err(HungUp),
        };
        if let Some((status, why)) = refused {
            notice(Received { captured, recognised: None, status: Some(status.as_u16()) });
            return Ok(refusal(status, why));
        }
        let known = self.vendors.iter().find_map(|vendor| Some((*vendor, vendor.recognise(&captured)?)));
        let count = self.count.fetch_add(1, Ordering::Relaxed) + 1;
        let decision = self.behaviour.decide(count, known);
        let status = match decision {
            Decision::Answer { status, .. } => Some(status),
            Decision::HangUp => None,
        };
        notice(Received { captured, recognised: known.map(|(vendor, push)| (vendor.id(), push)), status });
        match decision {
            Decision::HangUp => Err(HungUp),
            Decision::Answer { status, content_type, body, after } => {
                if !after.is_zero() {
                    tokio::time::sleep(after).await;
                }
                let mut response = Response::new(Full::new(Bytes::from_static(body.as_bytes())));
                *response.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::OK);
                response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
                Ok(response)
            }
        }
    }
}

enum BadBody {
    TooLong,
    Broken,
}

async fn read(mut incoming: Incoming) -> Result<Bytes, BadBody> {
    let mut body = BytesMut::new();
    while let Some(frame) = incoming.frame().await {
        let Ok(data) = frame.map_err(|_| BadBody::Broken)?.into_data() else { continue };
        if body.len() + data.len() > BODY_MAX_BYTES {
            return Err(BadBody::TooLong);
        }
        body.extend_from_slice(&data);
    }
    Ok(body.freeze())
}

/// An answer to a request that was not read to its end, so the connection cannot go on.
fn refusal(status: StatusCode, why: &'static str) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::new(Bytes::from_static(why.as_bytes())));
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
    response.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
    response
}
