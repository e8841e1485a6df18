//! The connections to each host: how many there may be, and which are kept for the next push.

use super::attempt::Failure;
use super::client_certificate::Identity;
use super::kept::KEPT_MAX;
use super::phase::Progress;
use super::request::{Form, Letters, Outgoing};
use crate::event::{FailureClass, Phase};
use bytes::Bytes;
use http_body_util::Full;
use hyper::body::Incoming;
use hyper::client::conn::{TrySendError, http1, http2};
use hyper::{Request, Response};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::task::JoinHandle;

/// How many connections there may be to one host and port at a time, where nothing else is asked for.
pub const CONNECTIONS_PER_HOST_MAX: usize = 64;
/// How long a kept connection may take to come to rest after its last answer.
const REST_MAX: Duration = Duration::from_millis(100);

/// Scheme, host, port, and how the names of headers are written.
type Place = (String, String, u16, Letters);

/// All hosts.
#[derive(Debug)]
pub(super) struct Pool {
    hosts: Mutex<HashMap<Place, Arc<Host>>>,
    /// How many connections there may be to each.
    connections_max: usize,
}

/// One scheme, host and port, and one way to write the names of headers, which holds for a whole connection.
#[derive(Debug)]
pub(super) struct Host {
    permits: Semaphore,
    kept: Mutex<Vec<Connection>>,
}

/// A connection that HTTP is spoken on. Dropping it closes it at once.
#[derive(Debug)]
pub(super) struct Connection {
    pub(super) sender: Sender,
    /// How requests are written on it.
    pub(super) form: Form,
    pub(super) progress: Arc<Progress>,
    /// Over TLS: what was said about who we are.
    pub(super) identity: Option<Arc<Identity>>,
    /// The task that moves its bytes, and how it ended.
    pub(super) task: JoinHandle<hyper::Result<()>>,
    pub(super) used: Used,
}

/// When a connection was used last.
#[derive(Debug, Clone, Copy)]
pub(super) struct Used {
    /// By the steady clock.
    pub(super) real: Instant,
    /// From the start of the scenario; `None` where that is not what it is used by, as with probes and under load.
    pub(super) scenario: Option<Duration>,
}

impl Used {
    /// Now.
    pub(super) fn now(scenario: Option<Duration>) -> Self {
        Self { real: crate::clock::steady(), scenario }
    }

    /// Whether a client with this much to do since would still have the connection.
    fn is_recent(self, now: Used) -> bool {
        let is_recent_in_scenario = match (self.scenario, now.scenario) {
            // Stories that are played one after the other each begin at nothing.
            (Some(before), Some(now)) => before.abs_diff(now) < KEPT_MAX,
            (None, None) => true,
            (Some(_), None) | (None, Some(_)) => false,
        };
        is_recent_in_scenario && now.real.saturating_duration_since(self.real) < KEPT_MAX
    }
}

/// Takes requests, in the version that the connection speaks. An HTTP/2 connection, too, has one request at a time here.
#[derive(Debug)]
pub(super) enum Sender {
    Http1(http1::SendRequest<Full<Bytes>>),
    Http2(http2::SendRequest<Full<Bytes>>),
}

impl Sender {
    /// Sends a request; gives it back where nothing of it was written.
    pub(super) async fn send(
        &mut self,
        request: Request<Full<Bytes>>,
    ) -> Result<Response<Incoming>, TrySendError<Request<Full<Bytes>>>> {
        match self {
            Sender::Http1(sender) => sender.try_send_request(request).await,
            Sender::Http2(sender) => sender.try_send_request(request).await,
        }
    }

    async fn ready(&mut self) -> hyper::Result<()> {
        match self {
            Sender::Http1(sender) => sender.ready().await,
            Sender::Http2(sender) => sender.ready().await,
        }
    }

    fn is_closed(&self) -> bool {
        match self {
            Sender::Http1(sender) => sender.is_closed(),
            Sender::Http2(sender) => sender.is_closed(),
        }
    }
}

impl Pool {
    /// No host yet; this many connections may be open to each.
    pub(super) fn new(connections_max: usize) -> Self {
        Self { hosts: Mutex::default(), connections_max: connections_max.min(Semaphore::MAX_PERMITS) }
    }

    /// The host that a request goes to.
    pub(super) fn host(&self, outgoing: &Outgoing) -> Result<Arc<Host>, Failure> {
        let url = &outgoing.url;
        let (Some(name), Some(port)) = (url.host_str(), url.port_or_known_default()) else {
            let message = format!("the address {url} names no host");
            return Err(Failure::new(FailureClass::Unsendable, Phase::Resolve, message));
        };
        let key = (url.scheme().to_owned(), name.to_owned(), port, outgoing.letters());
        let host = || Arc::new(Host { permits: Semaphore::new(self.connections_max), kept: Mutex::default() });
        Ok(locked(&self.hosts).entry(key).or_insert_with(host).clone())
    }
}

impl Host {
    /// Waits until one more connection is allowed. The semaphore is never closed, so there always is a permit.
    pub(super) async fn permit(&self) -> Option<SemaphorePermit<'_>> {
        self.permits.acquire().await.ok()
    }

    /// A kept connection that is still good at this moment, if there is one.
    pub(super) async fn kept(&self, now: Used) -> Option<Connection> {
        loop {
            // Bound first, so that the lock is not held while the connection comes to rest.
            let last = locked(&self.kept).pop();
            let mut connection = last?;
            if connection.is_good(now).await {
                return Some(connection);
            }
        }
    }

    /// Keeps a connection for the next push.
    pub(super) fn keep(&self, mut connection: Connection, scenario: Option<Duration>) {
        connection.used = Used::now(scenario);
        let mut kept = locked(&self.kept);
        kept.retain(|connection| !connection.sender.is_closed());
        kept.push(connection);
    }
}

impl Connection {
    /// Whether it can take another request: the other side has left it open, and the last answer is over.
    async fn is_good(&mut self, now: Used) -> bool {
        self.used.is_recent(now) && matches!(tokio::time::timeout(REST_MAX, self.sender.ready()).await, Ok(Ok(())))
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        self.task.abort();
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // Nothing inside these locks can panic half-way; a poisoned one is as good as any.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_connection_at_rest_is_kept_for_a_while_by_each_clock() {
        let (real, almost) = (crate::clock::steady(), KEPT_MAX - Duration::from_nanos(1));
        let scenario = Duration::from_secs(9);
        let used = |scenario| Used { real, scenario };
        for (last, now, after, expected) in [
            (None, None, almost, true),
            (None, None, KEPT_MAX, false),
            (Some(scenario), Some(scenario), almost, true),
            (Some(scenario), Some(scenario), KEPT_MAX, false),
            (Some(scenario), Some(scenario + almost), almost, true),
            (Some(scenario), Some(scenario + KEPT_MAX), Duration::ZERO, false),
            // The story before this one.
            (Some(scenario), Some(Duration::ZERO), Duration::ZERO, false),
            (Some(scenario), None, Duration::ZERO, false),
            (None, Some(scenario), Duration::ZERO, false),
        ] {
            let now = Used { real: real + after, ..used(now) };
            assert_eq!(used(last).is_recent(now), expected, "{last:?} {now:?}");
        }
    }
}
