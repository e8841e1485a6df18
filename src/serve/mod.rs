//! `ringback serve`: one HTTP server with the control API, the page, inboxes that receive, figures for Prometheus, and the
//! vendors' query APIs, which answer from the journal. Plays nothing itself: every run is a session of its own.

mod answer;
mod api;
mod body;
mod calls;
mod catalog;
mod config;
mod delivery;
mod drive;
mod guard;
mod inbox;
mod inboxes;
mod ledger;
mod limits;
mod log;
mod metrics;
mod openapi;
mod operation;
mod page;
mod planning;
mod problem;
mod pushes;
mod readers;
mod reading;
mod ready;
mod request;
mod routes;
mod run;
mod runs;
mod scenarios;
mod seed;
mod shape;
mod speak;
mod start;
mod stream;
mod teller;
mod texts;
mod told;
mod verbs;

pub use body::{BODY_DRAIN_MAX_BYTES, BODY_MAX_BYTES, BODY_READ_MAX};
pub use config::{Config, NotServing};
pub use guard::{CONTENT_POLICY, is_cookie};
pub use limits::{LIMITS, Limit};
pub use openapi::document_text;
pub use readers::READERS_MAX;
pub use verbs::{Remote, VERBS, remote};

use crate::clock;
use crate::contract::Template;
use crate::delivery::{Stop, Stopper, stop};
use crate::http::Secrets;
use crate::journal::Journal;
use crate::listen;
use crate::query::{CurlLog, Keys, Present, PushRecord};
use crate::random::{self, Keyed};
use guard::Guard;
use inbox::Inboxes;
use jiff::Timestamp;
use metrics::Metrics;
use planning::Plannings;
use readers::Readers;
use runs::Runs;
use speak::Speaking;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::Semaphore;
use url::Url;

/// How long runs may take to end once the server ends: longer than [`crate::delivery::STOP_GRACE`], after which they should have.
pub const RUNS_END_MAX: Duration = Duration::from_secs(4);

/// A server that has its port and its journal, and does not serve yet.
pub struct Server {
    listener: TcpListener,
    address: SocketAddr,
    apis: Arc<Apis>,
    board: Arc<Switchboard>,
    stopper: Stopper,
}

/// What the routes of the control API share.
struct Switchboard {
    runs: Runs,
    inboxes: Inboxes,
    metrics: Arc<Metrics>,
    guard: Guard,
    target: Url,
    allowed_hosts: Vec<String>,
    headers: Vec<(String, Template)>,
    /// What is secret in them: they are the server's own, and whoever asks is not told.
    secrets: Secrets,
    journal: PathBuf,
    /// The address of this server, with a slash at the end.
    origin: String,
    /// Places for readers of events.
    readers: Arc<Semaphore>,
    plannings: Plannings,
    /// Asks streams to end.
    stop: Stop,
    /// Names this server's life among those before and after it.
    life: String,
    ids: Keyed,
    counter: AtomicU64,
}

impl Switchboard {
    /// An id for a run that no other one has.
    fn fresh_id(&self) -> String {
        loop {
            let number = self.counter.fetch_add(1, Ordering::Relaxed);
            let id = self.ids.nth("run", number).hex(8);
            if !self.runs.has(&id) {
                return id;
            }
        }
    }
}

/// What the routes of the query APIs share.
#[derive(Debug)]
struct Apis {
    curl_log: CurlLog,
    push_record: PushRecord,
    readers: Readers,
    now: Option<Timestamp>,
    ids: Keyed,
    requests: AtomicU64,
}

impl Apis {
    fn present(&self) -> Present {
        let wall = clock::now();
        let number = self.requests.fetch_add(1, Ordering::Relaxed);
        let id = self.ids.nth("request", number).uuid().to_string();
        Present { wall, story: self.now.unwrap_or(wall), request_id: id.to_ascii_uppercase() }
    }
}

impl Server {
    /// Takes the port and opens the journal.
    ///
    /// # Errors
    /// Why it cannot; see [`NotServing`].
    pub async fn bind(config: Config) -> Result<Self, NotServing> {
        let Config { listen, journal, target, headers, token, allowed_hosts, names, access_keys, now, settings } =
            config;
        if !listen.ip().is_loopback() && token.is_none() {
            return Err(NotServing::Open(listen));
        }
        if token.as_deref().is_some_and(|token| !is_cookie(token)) {
            return Err(NotServing::Token);
        }
        // Made, or brought up to date, so that it can be read; a run may write it later.
        drop(Journal::open(&journal).map_err(NotServing::Journal)?);
        let refused = |error| NotServing::Listen(listen, error);
        let listener = TcpListener::bind(listen).await.map_err(refused)?;
        let address = listener.local_addr().map_err(refused)?;
        let broken = |told: String| NotServing::Broken(told);
        let origin = format!("http://{}/", within(address));
        let inbox = format!("{origin}inbox/default").parse().map_err(|error| broken(format!("{origin}: {error}")))?;
        let keys = Keys::new(access_keys);
        let seed = Keyed::new(random::fresh_seed(), "serve", 1);
        let (stopper, stop) = stop();
        let board = Switchboard {
            runs: Runs::default(),
            inboxes: Inboxes::default(),
            metrics: Arc::new(Metrics::new().map_err(|error| broken(error.to_string()))?),
            guard: Guard::new(token.as_deref(), names, !keys.is_empty()),
            target: target.unwrap_or(inbox),
            allowed_hosts,
            secrets: secrets(&headers),
            headers,
            journal: journal.clone(),
            origin,
            readers: Arc::new(Semaphore::new(stream::READERS_MAX)),
            plannings: Plannings::default(),
            stop,
            life: seed.nth("life", 0).hex(8),
            ids: seed,
            counter: AtomicU64::new(0),
        };
        let apis = Apis {
            curl_log: CurlLog::new(keys.clone(), settings.log),
            push_record: PushRecord::new(keys, settings.records),
            readers: Readers::new(journal),
            now,
            ids: seed,
            requests: AtomicU64::new(0),
        };
        Ok(Self { listener, address, apis: Arc::new(apis), board: Arc::new(board), stopper })
    }

    /// The address with its true port.
    pub fn local_addr(&self) -> SocketAddr {
        self.address
    }

    /// Serves until `shutdown`. Then streams end at once, runs are stopped and end within [`RUNS_END_MAX`], and requests that
    /// are under way within [`listen::DRAIN_MAX`].
    pub async fn run(self, shutdown: impl Future<Output = ()>) {
        let Self { listener, apis, board, stopper, .. } = self;
        let service = Speaking::new(routes::routes(Arc::clone(&board), apis));
        let ending = async {
            shutdown.await;
            stopper.stop();
            board.runs.stop_all();
        };
        listen::serve(listener, service, ending).await;
        let _ = tokio::time::timeout(RUNS_END_MAX, board.runs.ended()).await;
    }
}

/// The address as a client on this machine reaches it.
fn within(address: SocketAddr) -> SocketAddr {
    let ip = match address.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => IpAddr::V4(Ipv4Addr::LOCALHOST),
        IpAddr::V6(ip) if ip.is_unspecified() => IpAddr::V6(Ipv6Addr::LOCALHOST),
        ip => ip,
    };
    SocketAddr::new(ip, address.port())
}

fn secrets(headers: &[(String, Template)]) -> Secrets {
    let mut secrets = Secrets::default();
    for (name, value) in headers {
        secrets.add_header(name, &value.to_string());
        value.variables().for_each(|value| secrets.add(value));
    }
    secrets
}

/// The limits by name, as the API tells them.
fn limits() -> serde_json::Map<String, serde_json::Value> {
    LIMITS.iter().map(|limit| (limit.name.to_owned(), limit.value.into())).collect()
}
