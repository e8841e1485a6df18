//! The built-in receiver: takes pushes, answers as it is told to behave, and hands on what came. Prints nothing itself.

mod behaviour;
mod show;

pub use behaviour::{Behaviour, FLAKY_EVERY, SLOW_DELAY};
pub use show::{SHOWN_MAX_CHARS, show};

use crate::http::Captured;
use crate::listen;
use crate::vendors::Vendor;
use behaviour::Decision;
use bytes::{Bytes, BytesMut};
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::header::{CONNECTION, CONTENT_TYPE, HeaderValue};
use hyper::{Request, Response, StatusCode};
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use tokio::net::TcpListener;

/// The longest body that is taken; a longer one is answered 413.
pub const BODY_MAX_BYTES: usize = 10 * 1024 * 1024;
/// How long the body of a request may take; then it is answered 408.
pub const BODY_READ_MAX: Duration = Duration::from_secs(30);

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

    /// Serves until `shutdown`, then lets requests that are under way end within [`listen::DRAIN_MAX`]. `notice` is told of
    /// every request before it is answered, from several tasks at once.
    pub async fn run(self, notice: impl Fn(Received) + Send + Sync + 'static, shutdown: impl Future<Output = ()>) {
        let answering = Answering { service: self.service, notice: Arc::new(notice) };
        listen::serve(self.listener, answering, shutdown).await;
    }
}

/// A service with the one who is told of every request.
#[derive(Clone)]
struct Answering {
    service: Service,
    notice: Arc<dyn Fn(Received) + Send + Sync>,
}

impl hyper::service::Service<Request<Incoming>> for Answering {
    type Response = Response<Full<Bytes>>;
    type Error = HungUp;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, Self::Error>> + Send>>;

    fn call(&self, request: Request<Incoming>) -> Self::Future {
        let Answering { service, notice } = self.clone();
        Box::pin(async move { service.answer(request, &*notice).await })
    }
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
