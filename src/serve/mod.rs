//! `ringback serve`: an HTTP server on which the vendors' query APIs answer from the journal. Decides nothing about them itself.

mod api;
mod body;
mod readers;

pub use body::{BODY_DRAIN_MAX_BYTES, BODY_MAX_BYTES, BODY_READ_MAX};
pub use readers::READERS_MAX;

use crate::clock;
use crate::journal::{Journal, JournalError};
use crate::listen;
use crate::query::{AccessKey, CurlLog, Keys, Present, PushRecord};
use crate::random::Keyed;
use crate::vendors::Settings;
use hyper_util::service::TowerToHyperService;
use jiff::Timestamp;
use readers::Readers;
use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use tokio::net::TcpListener;

/// What a server is told.
#[derive(Debug, Clone)]
pub struct Config {
    /// Where to listen; port 0 for any.
    pub listen: SocketAddr,
    /// The journal; it is made where it does not exist.
    pub journal: PathBuf,
    /// The keys that are accepted. With any, signatures are checked. Beyond loopback there has to be one.
    pub access_keys: Vec<AccessKey>,
    /// The instant that queries take for now; the present where none is given. Signatures go by the true time.
    pub now: Option<Timestamp>,
    /// The options of CloudListCurlLog.
    pub curl_log: Settings,
    /// The options of get_push_record.
    pub push_record: Settings,
}

/// Why a server does not start.
#[derive(Debug)]
pub enum NotServing {
    /// It would be open to others, and anybody could ask.
    Open(SocketAddr),
    /// The address cannot be listened on.
    Listen(SocketAddr, io::Error),
    /// The journal cannot be opened.
    Journal(JournalError),
}

impl fmt::Display for NotServing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            NotServing::Open(address) => {
                write!(f, "{address} can be reached from other machines, so an access key is needed")
            }
            NotServing::Listen(address, error) => write!(f, "cannot listen on {address}: {error}"),
            NotServing::Journal(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for NotServing {}

/// A server that has its port and its journal, and does not serve yet.
#[derive(Debug)]
pub struct Server {
    listener: TcpListener,
    address: SocketAddr,
    apis: Arc<Apis>,
}

/// What the routes share.
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
        let Config { listen, journal, access_keys, now, curl_log, push_record } = config;
        if !listen.ip().is_loopback() && access_keys.is_empty() {
            return Err(NotServing::Open(listen));
        }
        // Made, or brought up to date, so that it can be read; a run may write it later.
        drop(Journal::open(&journal).map_err(NotServing::Journal)?);
        let refused = |error| NotServing::Listen(listen, error);
        let listener = TcpListener::bind(listen).await.map_err(refused)?;
        let address = listener.local_addr().map_err(refused)?;
        let keys = Keys::new(access_keys);
        let apis = Apis {
            curl_log: CurlLog::new(keys.clone(), curl_log),
            push_record: PushRecord::new(keys, push_record),
            readers: Readers::new(journal),
            now,
            ids: Keyed::new(crate::random::fresh_seed(), "serve", 1),
            requests: AtomicU64::new(0),
        };
        Ok(Self { listener, address, apis: Arc::new(apis) })
    }

    /// The address with its true port.
    pub fn local_addr(&self) -> SocketAddr {
        self.address
    }

    /// Serves until `shutdown`, then lets requests that are under way end within [`listen::DRAIN_MAX`].
    pub async fn run(self, shutdown: impl Future<Output = ()>) {
        let service = TowerToHyperService::new(api::routes(self.apis));
        listen::serve(self.listener, service, shutdown).await;
    }
}
