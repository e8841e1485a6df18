//! Sends one request and reads its answer. Redirects are not followed, and nothing is sent again that was answered.

use super::attempt::{AttemptOutcome, Failure};
use super::broken::{broken, too_large};
use super::client_certificate::ClientCertificate;
use super::connect::{self, Deadline, REPLY_HEADERS_MAX};
use super::kept::{GOODBYE, is_goodbye, is_kept_after, sent_once_more};
use super::pool::{CONNECTIONS_PER_HOST_MAX, Connection, Host, Pool, Used};
use super::proxy::Proxies;
use super::request::{Form, Outgoing};
use super::resolve::Resolver;
use super::tls::{Tls, Trust};
use super::tunnel;
use crate::event::{FailureClass, Phase, Timing};
use crate::http::{self, BODY_READ_MAX_BYTES, Reply};
use bytes::{Bytes, BytesMut};
use http_body_util::BodyExt;
use hyper::body::Incoming;
use hyper::{Response, StatusCode, Version};
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use url::Url;

/// The longest time limit of an attempt; a longer one is cut to this.
pub const TIMEOUT_MAX: Duration = Duration::from_secs(24 * 60 * 60);

/// The way to all receivers, with the connections that are kept. Clones share them.
#[derive(Debug, Clone)]
pub struct Transport(pub(super) Arc<Shared>);

#[derive(Debug)]
pub(super) struct Shared {
    pub(super) pool: Pool,
    pub(super) tls: Tls,
    pub(super) versions: Versions,
    pub(super) proxies: Proxies,
    pub(super) resolver: Resolver,
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
    /// The certificate by which we say who we are.
    pub certificate: Option<ClientCertificate>,
    /// Where hosts are.
    pub resolver: Resolver,
    /// How many connections there may be to one host and port at a time; further attempts wait for one.
    /// [`CONNECTIONS_PER_HOST_MAX`] where none is given.
    pub connections_per_host: Option<usize>,
}

/// How one exchange on one connection ended.
enum Exchange {
    /// With an answer.
    Replied(Reply),
    /// Before anything of the request was written.
    NotSent(Failure),
    /// The connection ended before one byte of an answer.
    Unanswered(Failure),
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
        let Way { trust, versions, proxies, certificate, resolver, connections_per_host } = way;
        Self(Arc::new(Shared {
            pool: Pool::new(connections_per_host.unwrap_or(CONNECTIONS_PER_HOST_MAX)),
            tls: Tls::new(trust, certificate),
            versions,
            proxies,
            resolver,
        }))
    }

    /// Whether what goes to this address is HTTP/1.1 on a bare connection to the receiver itself: no TLS, no HTTP/2, no proxy.
    pub fn is_bare(&self, url: &Url) -> bool {
        let Shared { versions, proxies, .. } = &*self.0;
        url.scheme() == "http" && *versions == Versions::Http1 && matches!(proxies.of(url), Ok(None))
    }

    /// The addresses of the host of `url`, in the order in which they are tried; never none.
    ///
    /// # Errors
    /// Why it is not known, in words.
    pub async fn addresses(&self, url: &Url) -> Result<Vec<SocketAddr>, String> {
        self.0.resolver.find(url).await
    }

    /// What lets others in on the way: the passwords of proxies.
    pub fn secrets(&self) -> impl Iterator<Item = &str> {
        self.0.proxies.secrets()
    }

    /// Sends a request and waits for its answer, at most as long as the request allows. Waiting for a connection to be
    /// allowed does not count.
    pub async fn send(&self, outgoing: &Outgoing) -> AttemptOutcome {
        self.send_when(outgoing, None).await
    }

    /// The same for a push at this offset in scenario time: a connection is kept over as much of it as a real vendor would keep
    /// one, though no real time may pass.
    pub async fn send_at(&self, outgoing: &Outgoing, offset: Duration) -> AttemptOutcome {
        self.send_when(outgoing, Some(offset)).await
    }

    async fn send_when(&self, outgoing: &Outgoing, scenario: Option<Duration>) -> AttemptOutcome {
        // What cannot be written at all is told before anything is opened.
        let host = match outgoing.to_hyper(&Form::Direct).and_then(|_| self.0.pool.host(outgoing)) {
            Ok(host) => host,
            Err(failure) => return AttemptOutcome::Failed { failure, timing: Timing::default() },
        };
        let _permit = host.permit().await;
        self.send_by(Deadline::of(outgoing), &host, outgoing, scenario).await
    }

    /// The same where a connection is allowed.
    pub(super) async fn send_by(
        &self,
        deadline: Deadline,
        host: &Host,
        outgoing: &Outgoing,
        scenario: Option<Duration>,
    ) -> AttemptOutcome {
        let mut timing = Timing::default();
        let mut remark = None;
        let (ended, used) = match host.kept(Used::now(scenario)).await {
            None => self.afresh(outgoing, deadline, &mut timing).await,
            Some(mut kept) => match exchange(&mut kept, outgoing, deadline, &mut timing).await {
                // Closed by the receiver in the meantime, and nothing was written: the push deserves a new connection.
                Exchange::NotSent(_) => self.afresh(outgoing, deadline, &mut timing).await,
                // The receiver may have closed it just as the push left. Clients send once more then (RFC 9110, 9.2.2).
                Exchange::Unanswered(Failure { message, .. }) => {
                    remark = Some(sent_once_more(&message));
                    self.afresh(outgoing, deadline, &mut timing).await
                }
                Exchange::Replied(reply) if is_goodbye(&reply) => {
                    remark = Some(sent_once_more(GOODBYE));
                    self.afresh(outgoing, deadline, &mut timing).await
                }
                ended => (ended, Some(kept)),
            },
        };
        timing.total = deadline.began.elapsed();
        match ended {
            Exchange::Replied(reply) => {
                if let Some(connection) = used.filter(|_| is_kept_after(&reply)) {
                    host.keep(connection, scenario);
                }
                let reply = Reply { remark, ..reply }.decoded(outgoing.compression());
                AttemptOutcome::Replied { reply, timing }
            }
            Exchange::NotSent(failure) | Exchange::Unanswered(failure) | Exchange::Failed(failure) => {
                AttemptOutcome::Failed { failure, timing }
            }
        }
    }

    /// One exchange on a new connection.
    async fn afresh(
        &self,
        outgoing: &Outgoing,
        deadline: Deadline,
        timing: &mut Timing,
    ) -> (Exchange, Option<Connection>) {
        *timing = Timing::default();
        match connect::open(&outgoing.url, outgoing.letters(), &self.0, deadline, timing).await {
            Ok(mut connection) => {
                let ended = exchange(&mut connection, outgoing, deadline, timing).await;
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
            let error = error.into_error();
            let is_unanswered = connection.is_unanswered(&error);
            let failure = connection.why(&error, phase).await;
            return match unsent {
                Some(_) => Exchange::NotSent(failure),
                None if is_unanswered && matches!(failure.class, FailureClass::Closed | FailureClass::Tls) => {
                    Exchange::Unanswered(failure)
                }
                None => Exchange::Failed(failure),
            };
        }
        Ok(Ok(response)) => response,
    };
    timing.first_byte = Some(deadline.began.elapsed());
    connection.identity.iter().for_each(|identity| identity.serve());
    if matches!(connection.form, Form::Proxied(_)) && response.status() == StatusCode::PROXY_AUTHENTICATION_REQUIRED {
        let message = format!("the proxy {}", tunnel::needs_password());
        return Exchange::Failed(Failure::new(FailureClass::Refused, Phase::Connect, message));
    }
    match read(response, deadline).await {
        Ok(reply) => Exchange::Replied(reply),
        Err(failure) => Exchange::Failed(failure),
    }
}

/// Reads an answer up to the cap.
async fn read(response: Response<Incoming>, deadline: Deadline) -> Result<Reply, Failure> {
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
    Ok(Reply { status, version, headers, body, truncated, remark: None })
}
