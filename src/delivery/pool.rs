//! The connections to each host: how many there may be, and which are kept for the next push.

use super::phase::Progress;
use super::request::Letters;
use bytes::Bytes;
use http_body_util::Full;
use hyper::client::conn::http1::SendRequest;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::task::JoinHandle;
use url::Url;

/// How many connections there may be to one host and port at a time; further attempts wait for one.
pub const CONNECTIONS_PER_HOST_MAX: usize = 64;
/// How long a connection without work is kept.
pub const KEPT_MAX: Duration = Duration::from_secs(60);
/// How long a kept connection may take to come to rest after its last answer.
const REST_MAX: Duration = Duration::from_millis(100);

/// Scheme, host, port, and how the names of headers are written.
type Place = (String, String, u16, Letters);

/// All hosts.
#[derive(Debug, Default)]
pub(super) struct Pool {
    hosts: Mutex<HashMap<Place, Arc<Host>>>,
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
    pub(super) sender: SendRequest<Full<Bytes>>,
    pub(super) progress: Arc<Progress>,
    /// The task that moves its bytes.
    pub(super) task: JoinHandle<()>,
    pub(super) used: Instant,
}

impl Pool {
    /// The host of an address; `None` where the address names none.
    pub(super) fn host(&self, url: &Url, letters: Letters) -> Option<Arc<Host>> {
        let key = (url.scheme().to_owned(), url.host_str()?.to_owned(), url.port_or_known_default()?, letters);
        let host = || Arc::new(Host { permits: Semaphore::new(CONNECTIONS_PER_HOST_MAX), kept: Mutex::default() });
        Some(locked(&self.hosts).entry(key).or_insert_with(host).clone())
    }
}

impl Host {
    /// Waits until one more connection is allowed. The semaphore is never closed, so there always is a permit.
    pub(super) async fn permit(&self) -> Option<SemaphorePermit<'_>> {
        self.permits.acquire().await.ok()
    }

    /// A kept connection that is still good, if there is one.
    pub(super) async fn kept(&self) -> Option<Connection> {
        loop {
            // Bound first, so that the lock is not held while the connection comes to rest.
            let last = locked(&self.kept).pop();
            let mut connection = last?;
            if connection.is_good().await {
                return Some(connection);
            }
        }
    }

    /// Keeps a connection for the next push.
    pub(super) fn keep(&self, mut connection: Connection) {
        connection.used = crate::clock::steady();
        let mut kept = locked(&self.kept);
        kept.retain(|connection| !connection.sender.is_closed());
        kept.push(connection);
    }
}

impl Connection {
    /// Whether it can take another request: the other side has left it open, and the last answer is over.
    async fn is_good(&mut self) -> bool {
        self.used.elapsed() < KEPT_MAX
            && matches!(tokio::time::timeout(REST_MAX, self.sender.ready()).await, Ok(Ok(())))
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
