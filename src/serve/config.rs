//! What a server is told, and why it does not start.

use crate::contract::Template;
use crate::journal::JournalError;
use crate::query::{AccessKey, ApiSettings};
use jiff::Timestamp;
use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;
use url::Url;

/// What a server is told.
#[derive(Clone)]
pub struct Config {
    /// Where to listen; port 0 for any.
    pub listen: SocketAddr,
    /// The journal; it is made where it does not exist.
    pub journal: PathBuf,
    /// Where pushes go whose run and scenario name no address; an inbox of this server otherwise.
    pub target: Option<Url>,
    /// Headers of every push, in place of the scenario's own.
    pub headers: Vec<(String, Template)>,
    /// What everybody has to send. Beyond loopback there has to be one.
    pub token: Option<String>,
    /// Hosts besides this machine that pushes may go to.
    pub allowed_hosts: Vec<String>,
    /// Names of this server besides those that every machine has for itself.
    pub names: Vec<String>,
    /// The keys that the query APIs accept. With any, signatures are checked, and the token is not.
    pub access_keys: Vec<AccessKey>,
    /// The instant that queries take for now; the present where none is given. Signatures go by the true time.
    pub now: Option<Timestamp>,
    /// The settings of the query APIs.
    pub settings: ApiSettings,
}

/// Why a server does not start.
#[derive(Debug)]
pub enum NotServing {
    /// It would be open to others, and anybody could ask.
    Open(SocketAddr),
    /// The token cannot be written in a header or a cookie.
    Token,
    /// The address cannot be listened on.
    Listen(SocketAddr, io::Error),
    /// The journal cannot be opened.
    Journal(JournalError),
    /// Something inside is wrong.
    Broken(String),
}

impl fmt::Display for NotServing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            NotServing::Open(address) => {
                write!(f, "{address} can be reached from other machines, so a token is needed")
            }
            NotServing::Token => f.write_str("a token has letters, digits and `-_.~+/=`, and 256 of them at most"),
            NotServing::Listen(address, error) => write!(f, "cannot listen on {address}: {error}"),
            NotServing::Journal(error) => error.fmt(f),
            NotServing::Broken(told) => f.write_str(told),
        }
    }
}

impl std::error::Error for NotServing {}
