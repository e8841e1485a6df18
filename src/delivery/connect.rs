//! Opens a connection: find the address, connect, agree on TLS. Each step ends by the attempt's deadline.

use super::attempt::Failure;
use super::client_certificate::Identity;
use super::files;
use super::phase::Stream;
use super::pool::Connection;
use super::proxy::Proxy;
use super::request::{Form, Letters, Outgoing};
use super::resolve::Resolver;
use super::send::{Shared, TIMEOUT_MAX, Versions};
use super::speak;
use super::tls::{ALPN_HTTP2, Offered, Tls};
use super::tls_failure;
use super::tunnel;
use crate::clock;
use crate::event::{FailureClass, Phase, Timing};
use rustls::pki_types::ServerName;
use std::io::{self, ErrorKind};
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;
use tokio::io::AsyncWriteExt;
use tokio::net::{TcpSocket, TcpStream};
use tokio::time::{Instant, timeout_at};
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use url::{Host, Url};

/// How many headers an answer may have.
pub const REPLY_HEADERS_MAX: usize = 256;
/// How long the head of an answer may be.
pub const REPLY_HEAD_MAX_BYTES: usize = 64 * 1024;

/// By when an attempt must be over, and how long that was from its start.
#[derive(Debug, Clone, Copy)]
pub(super) struct Deadline {
    pub(super) began: std::time::Instant,
    pub(super) at: Instant,
    pub(super) limit: Duration,
}

impl Deadline {
    /// Of an attempt that begins now.
    pub(super) fn of(outgoing: &Outgoing) -> Self {
        let (began, limit) = (clock::steady(), outgoing.timeout.min(TIMEOUT_MAX));
        Self { began, at: Instant::from_std(began) + limit, limit }
    }

    /// The result of a step, or the failure that the step did not end in time.
    pub(super) async fn hold<T>(self, phase: Phase, step: impl Future<Output = T>) -> Result<T, Failure> {
        timeout_at(self.at, step).await.map_err(|_| Failure::timeout(phase, self.limit))
    }
}

/// How much the other side may send before it is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Window {
    /// What the system gives.
    Usual,
    /// This many bytes, as far as the system lets it be so little.
    Bytes(u32),
}

/// An open connection that nothing was said on yet.
pub(super) enum Link {
    Plain(TcpStream),
    /// With what was said on it about who we are.
    Tls(Box<TlsStream<TcpStream>>, Arc<Identity>),
}

impl Link {
    /// As a stream, whichever it is.
    pub(super) fn stream(&mut self) -> &mut dyn Stream {
        match self {
            Link::Plain(stream) => stream,
            Link::Tls(stream, _) => &mut **stream,
        }
    }

    /// Closes it as HTTP does; an error means that it is closed already.
    pub(super) async fn close(mut self) {
        let _ = self.stream().shutdown().await;
    }

    /// Breaks it off: the other side gets an RST.
    pub(super) fn reset(self) -> io::Result<()> {
        match self {
            Link::Plain(stream) => stream.set_zero_linger(),
            Link::Tls(stream, _) => stream.get_ref().0.set_zero_linger(),
        }
    }
}

/// Opens a connection to the host of `url` and speaks HTTP on it.
pub(super) async fn open(
    url: &Url,
    letters: Letters,
    shared: &Shared,
    deadline: Deadline,
    timing: &mut Timing,
) -> Result<Connection, Failure> {
    let speech = match shared.versions {
        Versions::Http1 => Speech::Http1,
        Versions::Http2 => Speech::Http2,
    };
    let (link, form) = link(url, shared, speech, Window::Usual, deadline, timing).await?;
    let (stream, identity): (Box<dyn Stream>, _) = match link {
        Link::Plain(stream) => (Box::new(stream), None),
        Link::Tls(stream, identity) => (stream, Some(identity)),
    };
    let spoken = match form {
        Form::Http2 => speak::http2(stream, deadline).await,
        Form::Direct | Form::Proxied(_) => speak::http1(stream, form, letters).await,
    };
    match (spoken, identity) {
        (Ok(mut connection), identity) => {
            connection.identity = identity;
            Ok(connection)
        }
        (Err(failure), Some(identity)) => Err(identity.blamed(failure)),
        (Err(failure), None) => Err(failure),
    }
}

/// What is to be spoken on a link.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Speech {
    /// HTTP/1.1.
    Http1,
    /// HTTP/2 where TLS agrees on it, and wherever there is no TLS.
    Http2,
    /// HTTP/1.1 that nobody on the way may touch.
    Untouched,
}

/// Opens a connection to the host of `url`, through a proxy where there is one; how requests are written on it.
pub(super) async fn link(
    url: &Url,
    shared: &Shared,
    speech: Speech,
    window: Window,
    deadline: Deadline,
    timing: &mut Timing,
) -> Result<(Link, Form), Failure> {
    let began = clock::steady();
    let unusable = |what| Failure::new(FailureClass::Unsendable, Phase::Connect, what);
    let proxy = shared.proxies.of(url).map_err(unusable)?;
    let is_secure = url.scheme() == "https";
    let mut form = if speech == Speech::Http2 && !is_secure { Form::Http2 } else { Form::Direct };
    let stream = match proxy {
        None => connect(&resolve(url, &shared.resolver, deadline).await?, window, deadline).await?,
        Some(proxy) => {
            let stream = to_proxy(proxy, &shared.resolver, window, deadline).await?;
            if is_secure || speech != Speech::Http1 {
                tunnel::open(stream, proxy, url, deadline).await?
            } else {
                form = Form::Proxied(proxy.authorization().map(str::to_owned));
                stream
            }
        }
    };
    timing.connect = Some(began.elapsed());
    if !is_secure {
        return Ok((Link::Plain(stream), form));
    }
    let began = clock::steady();
    let offered = if speech == Speech::Http2 { Offered::Http2First } else { Offered::Http1 };
    let (stream, identity) = agree(url, stream, &shared.tls, offered, deadline).await?;
    timing.tls = Some(began.elapsed());
    if stream.get_ref().1.alpn_protocol() == Some(ALPN_HTTP2) {
        form = Form::Http2;
    }
    Ok((Link::Tls(Box::new(stream), identity), form))
}

/// Connects to a proxy. What goes wrong is said to be its fault, not the receiver's.
async fn to_proxy(
    proxy: &Proxy,
    resolver: &Resolver,
    window: Window,
    deadline: Deadline,
) -> Result<TcpStream, Failure> {
    let reached = async { connect(&resolve(proxy.url(), resolver, deadline).await?, window, deadline).await };
    reached.await.map_err(|failure| Failure { message: format!("the proxy {proxy}: {}", failure.message), ..failure })
}

async fn resolve(url: &Url, resolver: &Resolver, deadline: Deadline) -> Result<Vec<SocketAddr>, Failure> {
    let found = deadline.hold(Phase::Resolve, resolver.find(url)).await?;
    found.map_err(|message| Failure::new(FailureClass::Unresolved, Phase::Resolve, message))
}

/// Connects to the first address that answers, each one having its share of the time that is left.
async fn connect(addresses: &[SocketAddr], window: Window, deadline: Deadline) -> Result<TcpStream, Failure> {
    let mut failures: Vec<Failure> = Vec::new();
    for (index, address) in addresses.iter().enumerate() {
        let left = deadline.at.saturating_duration_since(clock::steady().into());
        let share = left.div_f64((addresses.len() - index) as f64);
        failures.push(match tokio::time::timeout(share, dial(*address, window)).await {
            Ok(Ok(stream)) => {
                // Without it pushes would only be slower.
                let _ = stream.set_nodelay(true);
                return Ok(stream);
            }
            Ok(Err(error)) => refused(*address, &error),
            Err(_) => Failure::timeout(Phase::Connect, deadline.limit),
        });
    }
    let mut messages: Vec<String> = failures.iter().map(|failure| failure.message.clone()).collect();
    messages.dedup();
    let last = failures.pop().unwrap_or_else(|| Failure::timeout(Phase::Connect, deadline.limit));
    Err(Failure { message: messages.join("; "), ..last })
}

async fn dial(address: SocketAddr, window: Window) -> io::Result<TcpStream> {
    let Window::Bytes(window) = window else { return TcpStream::connect(address).await };
    let socket = if address.is_ipv4() { TcpSocket::new_v4()? } else { TcpSocket::new_v6()? };
    // Before the connection is opened: a window that was offered once is not taken back.
    socket.set_recv_buffer_size(window)?;
    socket.connect(address).await
}

fn refused(address: SocketAddr, error: &io::Error) -> Failure {
    if files::is_exhausted(error) {
        let message = format!("no connection to {address} can be opened: {}", files::advice(error));
        return Failure::new(FailureClass::OutOfFiles, Phase::Connect, message);
    }
    let message = match error.kind() {
        ErrorKind::ConnectionRefused => format!("nothing listens on {address} (connection refused)"),
        _ => format!("{address} cannot be reached: {error}"),
    };
    Failure::new(FailureClass::Refused, Phase::Connect, message)
}

async fn agree(
    url: &Url,
    stream: TcpStream,
    tls: &Tls,
    offered: Offered,
    deadline: Deadline,
) -> Result<(TlsStream<TcpStream>, Arc<Identity>), Failure> {
    let failed = |message| Failure::new(FailureClass::Tls, Phase::Tls, message);
    let (host, name) = match url.host() {
        Some(Host::Domain(name)) => (
            name.to_owned(),
            ServerName::try_from(name.to_owned())
                .map_err(|_| failed(format!("`{name}` cannot be the name of a host")))?,
        ),
        Some(Host::Ipv4(address)) => (address.to_string(), ServerName::from(IpAddr::from(address))),
        Some(Host::Ipv6(address)) => (address.to_string(), ServerName::from(IpAddr::from(address))),
        None => return Err(failed(format!("the address {url} names no host"))),
    };
    let (config, identity) = tls.config(offered).map_err(failed)?;
    let agreed = deadline.hold(Phase::Tls, TlsConnector::from(config).connect(name, stream)).await?;
    match agreed {
        Ok(stream) => Ok((stream, identity)),
        Err(error) => Err(failed(tls_failure::words(&error, &host, offered, &identity))),
    }
}
