//! Opens a connection: find the address, connect, agree on TLS. Each step ends by the attempt's deadline.

use super::attempt::Failure;
use super::files;
use super::phase::Stream;
use super::pool::Connection;
use super::proxy::Proxy;
use super::request::{Form, Letters};
use super::send::{Shared, Versions};
use super::speak;
use super::tls::{self, ALPN_HTTP2, Offered, Tls};
use super::tunnel;
use crate::clock;
use crate::event::{FailureClass, Phase, Timing};
use rustls::pki_types::ServerName;
use std::io::{self, ErrorKind};
use std::net::{IpAddr, SocketAddr};
use std::time::Duration;
use tokio::io::AsyncWriteExt;
use tokio::net::{TcpSocket, TcpStream, lookup_host};
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
    pub(super) at: Instant,
    pub(super) limit: Duration,
}

impl Deadline {
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
    Tls(Box<TlsStream<TcpStream>>),
}

impl Link {
    /// As a stream, whichever it is.
    pub(super) fn stream(&mut self) -> &mut dyn Stream {
        match self {
            Link::Plain(stream) => stream,
            Link::Tls(stream) => &mut **stream,
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
            Link::Tls(stream) => stream.get_ref().0.set_zero_linger(),
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
    let stream: Box<dyn Stream> = match link {
        Link::Plain(stream) => Box::new(stream),
        Link::Tls(stream) => stream,
    };
    match form {
        Form::Http2 => speak::http2(stream, deadline).await,
        Form::Direct | Form::Proxied(_) => speak::http1(stream, form, letters).await,
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
        None => connect(&resolve(url, deadline).await?, window, deadline).await?,
        Some(proxy) => {
            let stream = to_proxy(proxy, window, deadline).await?;
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
    let stream = agree(url, stream, &shared.tls, offered, deadline).await?;
    timing.tls = Some(began.elapsed());
    if stream.get_ref().1.alpn_protocol() == Some(ALPN_HTTP2) {
        form = Form::Http2;
    }
    Ok((Link::Tls(Box::new(stream)), form))
}

/// Connects to a proxy. What goes wrong is said to be its fault, not the receiver's.
async fn to_proxy(proxy: &Proxy, window: Window, deadline: Deadline) -> Result<TcpStream, Failure> {
    let reached = async { connect(&resolve(proxy.url(), deadline).await?, window, deadline).await };
    reached.await.map_err(|failure| Failure { message: format!("the proxy {proxy}: {}", failure.message), ..failure })
}

async fn resolve(url: &Url, deadline: Deadline) -> Result<Vec<SocketAddr>, Failure> {
    let unresolved = |message| Failure::new(FailureClass::Unresolved, Phase::Resolve, message);
    let (Some(host), Some(port)) = (url.host(), url.port_or_known_default()) else {
        return Err(unresolved(format!("the address {url} names no host")));
    };
    let name = match host {
        Host::Ipv4(address) => return Ok(vec![SocketAddr::new(address.into(), port)]),
        Host::Ipv6(address) => return Ok(vec![SocketAddr::new(address.into(), port)]),
        Host::Domain(name) => name,
    };
    let found = deadline.hold(Phase::Resolve, lookup_host((name, port))).await?;
    let addresses: Vec<_> =
        found.map_err(|error| unresolved(format!("the host `{name}` is not known: {error}")))?.collect();
    if addresses.is_empty() {
        return Err(unresolved(format!("the host `{name}` has no address")));
    }
    Ok(addresses)
}

/// Connects to the first address that answers, each one having its share of the time that is left.
async fn connect(addresses: &[SocketAddr], window: Window, deadline: Deadline) -> Result<TcpStream, Failure> {
    let mut failure = Failure::timeout(Phase::Connect, deadline.limit);
    for (index, address) in addresses.iter().enumerate() {
        let left = deadline.at.saturating_duration_since(clock::steady().into());
        let share = left.div_f64((addresses.len() - index) as f64);
        failure = match tokio::time::timeout(share, dial(*address, window)).await {
            Ok(Ok(stream)) => {
                // Without it pushes would only be slower.
                let _ = stream.set_nodelay(true);
                return Ok(stream);
            }
            Ok(Err(error)) => refused(*address, &error),
            Err(_) => Failure::timeout(Phase::Connect, deadline.limit),
        };
    }
    Err(failure)
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
) -> Result<TlsStream<TcpStream>, Failure> {
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
    let connector = TlsConnector::from(tls.config(offered).map_err(failed)?);
    let agreed = deadline.hold(Phase::Tls, connector.connect(name, stream)).await?;
    agreed.map_err(|error| failed(tls::words(&error, &host, offered)))
}
