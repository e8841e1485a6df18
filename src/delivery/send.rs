//! Sends one request and reads its answer. Redirects are not followed, and nothing is tried again that may have arrived.

use super::attempt::{AttemptOutcome, Failure};
use super::broken::{broken, too_large};
use super::connect::{self, Deadline, REPLY_HEADERS_MAX};
use super::pool::{CONNECTIONS_PER_HOST_MAX, Connection, Pool};
use super::proxy::Proxies;
use super::request::{Form, Outgoing};
use super::tls::{Tls, Trust};
use super::tunnel;
use crate::clock;
use crate::event::{FailureClass, Phase, Timing};
use crate::http::{self, BODY_READ_MAX_BYTES, Reply};
use bytes::{Bytes, BytesMut};
use http_body_util::BodyExt;
use hyper::body::Incoming;
use hyper::header::CONNECTION;
use hyper::{HeaderMap, Response, StatusCode, Version};
use std::sync::Arc;
use std::time::Duration;
use tokio::time::Instant;
use url::Url;

/// The longest time limit of an attempt; a longer one is cut to this.
pub const TIMEOUT_MAX: Duration = Duration::from_secs(24 * 60 * 60);

/// Said where a kept connection broke before an answer: the receiver may have closed it just as the request left.
const KEPT_HINT: &str =
    "; the connection was kept from the push before, and a receiver that keeps none says so by `Connection: close`";

/// The way to all receivers, with the connections that are kept. Clones share them.
#[derive(Debug, Clone)]
pub struct Transport(pub(super) Arc<Shared>);

#[derive(Debug)]
pub(super) struct Shared {
    pub(super) pool: Pool,
    pub(super) tls: Tls,
    pub(super) versions: Versions,
    pub(super) proxies: Proxies,
}

/// Which versions of HTTP are spoken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Versions {
    /// HTTP/1.1.
    #[default]
    Http1,
    /// HTTP/2: on https where the receiver agrees to it, or else HTTP/1.1; on http without asking.
    Http2,
}

/// How requests travel. The default is HTTP/1.1, without a proxy, trusting what the system trusts.
#[derive(Debug, Clone, Default)]
pub struct Way {
    /// Whose certificates are accepted.
    pub trust: Trust,
    /// Which versions of HTTP are spoken.
    pub versions: Versions,
    /// What lies in between.
    pub proxies: Proxies,
    /// How many connections there may be to one host and port at a time; further attempts wait for one.
    /// [`CONNECTIONS_PER_HOST_MAX`] where none is given.
    pub connections_per_host: Option<usize>,
}

/// How one exchange on one connection ended.
enum Exchange {
    /// With an answer; whether the connection can be kept.
    Replied(Reply, bool),
    /// Before anything of the request was written.
    NotSent(Failure),
    /// Without an answer.
    Failed(Failure),
}

impl Transport {
    /// A transport that trusts these certificates. Nothing is opened yet.
    pub fn new(trust: Trust) -> Self {
        Self::by(Way { trust, ..Way::default() })
    }

    /// A transport by this way. Nothing is opened yet.
    pub fn by(way: Way) -> Self {
        let Way { trust, versions, proxies, connections_per_host } = way;
        Self(Arc::new(Shared {
            pool: Pool::new(connections_per_host.unwrap_or(CONNECTIONS_PER_HOST_MAX)),
            tls: Tls::new(trust),
            versions,
            proxies,
        }))
    }

    /// Whether what goes to this address is HTTP/1.1 on a bare connection to the receiver itself: no TLS, no HTTP/2, no proxy.
    pub fn is_bare(&self, url: &Url) -> bool {
        let Shared { versions, proxies, .. } = &*self.0;
        url.scheme() == "http" && *versions == Versions::Http1 && matches!(proxies.of(url), Ok(None))
    }

    /// What lets others in on the way: the passwords of proxies.
    pub fn secrets(&self) -> impl Iterator<Item = &str> {
        self.0.proxies.secrets()
    }

    /// Sends a request and waits for its answer, at most as long as the request allows. Waiting for a connection to be
    /// allowed does not count.
    pub async fn send(&self, outgoing: &Outgoing) -> AttemptOutcome {
        let mut timing = Timing::default();
        // What cannot be written at all is told before anything is opened.
        if let Err(failure) = outgoing.to_hyper(&Form::Direct) {
            return AttemptOutcome::Failed { failure, timing };
        }
        let Some(host) = self.0.pool.host(&outgoing.url, outgoing.letters()) else {
            let message = format!("the address {} names no host", outgoing.url);
            let failure = Failure::new(FailureClass::Unsendable, Phase::Resolve, message);
            return AttemptOutcome::Failed { failure, timing };
        };
        let permit = host.permit().await;
        let began = clock::steady();
        let limit = outgoing.timeout.min(TIMEOUT_MAX);
        let deadline = Deadline { at: Instant::from_std(clock::steady()) + limit, limit };
        let (ended, used) = match host.kept().await {
            None => self.afresh(outgoing, deadline, began, &mut timing).await,
            Some(mut kept) => match exchange(&mut kept, outgoing, deadline, began, &mut timing).await {
                // Closed by the receiver in the meantime, and nothing was written: the push deserves a new connection.
                Exchange::NotSent(_) => self.afresh(outgoing, deadline, began, &mut timing).await,
                // It may have arrived, so it is not sent again.
                Exchange::Failed(mut failure)
                    if failure.class == FailureClass::Closed && !kept.progress.is_answered() =>
                {
                    failure.message.push_str(KEPT_HINT);
                    (Exchange::Failed(failure), None)
                }
                ended => (ended, Some(kept)),
            },
        };
        timing.total = began.elapsed();
        match ended {
            Exchange::Replied(reply, keep) => {
                if let Some(connection) = used.filter(|_| keep) {
                    host.keep(connection);
                }
                drop(permit);
                AttemptOutcome::Replied { reply: reply.decoded(outgoing.compression()), timing }
            }
            Exchange::NotSent(failure) | Exchange::Failed(failure) => AttemptOutcome::Failed { failure, timing },
        }
    }

    /// One exchange on a new connection.
    async fn afresh(
        &self,
        outgoing: &Outgoing,
        deadline: Deadline,
        began: std::time::Instant,
        timing: &mut Timing,
    ) -> (Exchange, Option<Connection>) {
        match connect::open(&outgoing.url, outgoing.letters(), &self.0, deadline, timing).await {
            Ok(mut connection) => {
                let ended = exchange(&mut connection, outgoing, deadline, began, timing).await;
                (ended, Some(connection))
            }
            Err(failure) => (Exchange::Failed(failure), None),
        }
    }
}

async fn exchange(
    connection: &mut Connection,
    outgoing: &Outgoing,
    deadline: Deadline,
    began: std::time::Instant,
    timing: &mut Timing,
) -> Exchange {
    let request = match outgoing.to_hyper(&connection.form) {
        Ok(request) => request,
        Err(failure) => return Exchange::Failed(failure),
    };
    connection.progress.reset();
    let sent = tokio::time::timeout_at(deadline.at, connection.sender.send(request)).await;
    let phase = if connection.progress.is_written() { Phase::FirstByte } else { Phase::Write };
    let response = match sent {
        Err(_) => return Exchange::Failed(Failure::timeout(phase, deadline.limit)),
        Ok(Err(mut error)) => {
            let unsent = error.take_message();
            let failure = connection.why(&error.into_error(), phase).await;
            return match unsent {
                Some(_) => Exchange::NotSent(failure),
                None => Exchange::Failed(failure),
            };
        }
        Ok(Ok(response)) => response,
    };
    timing.first_byte = Some(began.elapsed());
    if matches!(connection.form, Form::Proxied(_)) && response.status() == StatusCode::PROXY_AUTHENTICATION_REQUIRED {
        let message = format!("the proxy {}", tunnel::needs_password());
        return Exchange::Failed(Failure::new(FailureClass::Refused, Phase::Connect, message));
    }
    match read(response, deadline).await {
        Ok((reply, keep)) => Exchange::Replied(reply, keep),
        Err(failure) => Exchange::Failed(failure),
    }
}

/// Reads an answer up to the cap. The flag says whether the connection is good for another request.
async fn read(response: Response<Incoming>, deadline: Deadline) -> Result<(Reply, bool), Failure> {
    let (head, mut incoming) = response.into_parts();
    if head.headers.len() > REPLY_HEADERS_MAX {
        return Err(too_large(Phase::FirstByte));
    }
    let mut body = BytesMut::new();
    let mut truncated = false;
    while let Some(frame) = deadline.hold(Phase::Body, incoming.frame()).await? {
        let frame = frame.map_err(|error| broken(&error, Phase::Body, true))?;
        let Ok(data) = frame.into_data() else { continue };
        let room = BODY_READ_MAX_BYTES - body.len();
        body.extend_from_slice(&data[..data.len().min(room)]);
        if data.len() > room {
            truncated = true;
            break;
        }
    }
    let keep = !truncated
        && matches!(head.version, Version::HTTP_11 | Version::HTTP_2)
        && head.status != StatusCode::SWITCHING_PROTOCOLS
        && !says_close(&head.headers);
    let headers = head.headers.iter().map(|(name, value)| {
        let value = String::from_utf8_lossy(value.as_bytes()).into_owned();
        (name.as_str().to_owned(), value)
    });
    let body: Bytes = body.freeze();
    let version = match head.version {
        Version::HTTP_2 => http::Version::Http2,
        Version::HTTP_10 => http::Version::Http10,
        _ => http::Version::Http11,
    };
    let (status, headers) = (head.status.as_u16(), headers.collect());
    Ok((Reply { status, version, headers, body, truncated, remark: None }, keep))
}

fn says_close(headers: &HeaderMap) -> bool {
    let values = headers.get_all(CONNECTION).iter().filter_map(|value| value.to_str().ok());
    values.flat_map(|value| value.split(',')).any(|token| token.trim().eq_ignore_ascii_case("close"))
}
