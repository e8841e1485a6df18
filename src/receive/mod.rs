//! The built-in receiver: takes pushes, answers as it is told to behave, and hands on what came. Prints nothing itself.

mod behaviour;
mod bug;
mod mind;
mod show;

pub use behaviour::{Behaviour, FLAKY_EVERY, SLOW_DELAY};
pub use bug::{Bug, CALLS_MAX, FIELDS_MAX, LARGE_BODY_BYTES, PUSHES_MAX};
pub use mind::{Answered, Mind};
pub use show::{SHOWN_MAX_CHARS, show};

use crate::http::Captured;
use crate::listen;
use crate::vendors::Vendor;
use bug::Seat;
use bytes::{Bytes, BytesMut};
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::header::{CONNECTION, CONTENT_TYPE, HeaderValue};
use hyper::{Request, Response, StatusCode};
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;

/// The longest body that is taken; a longer one is answered 413.
pub const BODY_MAX_BYTES: usize = 10 * 1024 * 1024;
/// How long the body of a request may take; then it is answered 408.
pub const BODY_READ_MAX: Duration = Duration::from_secs(30);

/// How many segments of a body are told apart.
const SEGMENTS_MAX: usize = 1_000;

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
#[derive(Debug, Clone)]
struct Service {
    mind: Arc<Mind>,
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
        Ok(Self { listener, address, service: Service { mind: Arc::new(Mind::new(behaviour, vendors)) } })
    }

    /// The address with its true port.
    pub fn local_addr(&self) -> SocketAddr {
        self.address
    }

    /// Serves until `shutdown`, then lets requests that are under way end within [`listen::DRAIN_MAX`]. `notice` is told of
    /// every request before it is answered, from several tasks at once.
    pub async fn run(self, notice: impl Fn(Received) + Send + Sync + 'static, shutdown: impl Future<Output = ()>) {
        let answering = Answering { service: self.service, notice: Arc::new(notice), seat: Arc::new(Seat::new()) };
        listen::serve(self.listener, answering, shutdown).await;
    }
}

/// A service with the one who is told of every request, on one connection.
struct Answering {
    service: Service,
    notice: Arc<dyn Fn(Received) + Send + Sync>,
    seat: Arc<Seat>,
}

/// Every connection gets a clone, and with it a seat of its own, which it gives back when it ends.
impl Clone for Answering {
    fn clone(&self) -> Self {
        Self { service: self.service.clone(), notice: Arc::clone(&self.notice), seat: Arc::new(self.seat.next()) }
    }
}

impl hyper::service::Service<Request<Incoming>> for Answering {
    type Response = Response<Full<Bytes>>;
    type Error = HungUp;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, Self::Error>> + Send>>;

    fn call(&self, request: Request<Incoming>) -> Self::Future {
        let (service, notice, seat) = (self.service.clone(), Arc::clone(&self.notice), Arc::clone(&self.seat));
        Box::pin(async move { service.answer(request, &*notice, &seat).await })
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
        seat: &Seat,
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
        let mut segment_ends = Vec::new();
        let refused = match tokio::time::timeout(BODY_READ_MAX, read(body, &mut segment_ends)).await {
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
        let is_seated = self.mind.behaviour != Behaviour::Buggy(Bug::SingleConnection) || seat.take().await;
        let (received, answer) = self.mind.answer(captured, &segment_ends, is_seated);
        notice(received);
        match answer {
            None => Err(HungUp),
            Some(Answered { status, content_type, body, after }) => {
                if !after.is_zero() {
                    tokio::time::sleep(after).await;
                }
                let mut response = Response::new(Full::new(Bytes::from(body.into_owned())));
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

/// Reads a body, noting where each read from the network ended, for as many as are remembered.
async fn read(mut incoming: Incoming, segment_ends: &mut Vec<usize>) -> Result<Bytes, BadBody> {
    let mut body = BytesMut::new();
    while let Some(frame) = incoming.frame().await {
        let Ok(data) = frame.map_err(|_| BadBody::Broken)?.into_data() else { continue };
        if body.len() + data.len() > BODY_MAX_BYTES {
            return Err(BadBody::TooLong);
        }
        body.extend_from_slice(&data);
        if segment_ends.len() < SEGMENTS_MAX {
            segment_ends.push(body.len());
        }
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
