//! Asks an HTTP proxy for a tunnel to a receiver (RFC 9110, 9.3.6). What is said in the tunnel is not its matter.

use super::attempt::Failure;
use super::connect::Deadline;
use super::proxy::Proxy;
use crate::event::{FailureClass, Phase};
use std::io;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use url::Url;

/// How long the head of a proxy's answer may be.
const HEAD_MAX_BYTES: usize = 16 * 1024;
/// The status by which a proxy asks for a name and password.
pub(super) const PROXY_AUTHENTICATION_REQUIRED: u16 = 407;

/// Turns a connection to `proxy` into one to the host of `url`.
pub(super) async fn open(
    mut stream: TcpStream,
    proxy: &Proxy,
    url: &Url,
    deadline: Deadline,
) -> Result<TcpStream, Failure> {
    let failed =
        |what: String| Failure::new(FailureClass::Refused, Phase::Connect, format!("the proxy {proxy} {what}"));
    let host = url.host_str().unwrap_or_default();
    let place = format!("{host}:{}", url.port_or_known_default().unwrap_or_default());
    let mut request = format!("CONNECT {place} HTTP/1.1\r\nHost: {place}\r\n");
    if let Some(authorization) = proxy.authorization() {
        request.push_str(&format!("Proxy-Authorization: {authorization}\r\n"));
    }
    request.push_str("\r\n");
    let asked = async {
        stream.write_all(request.as_bytes()).await?;
        head(&mut stream).await
    };
    let head = deadline.hold(Phase::Connect, asked).await?.map_err(|error| failed(format!("broke off: {error}")))?;
    let mut fields = [httparse::EMPTY_HEADER; 64];
    let mut response = httparse::Response::new(&mut fields);
    let status = match response.parse(&head) {
        Ok(_) => response.code,
        Err(_) => None,
    };
    match status {
        Some(200..=299) => Ok(stream),
        Some(PROXY_AUTHENTICATION_REQUIRED) => Err(failed(needs_password())),
        Some(status) => Err(failed(format!("answered {status} where a tunnel to {place} was asked for"))),
        None => Err(failed("does not speak HTTP".to_owned())),
    }
}

/// What is said of a proxy that does not let anyone in.
pub(super) fn needs_password() -> String {
    "asks for a name and password (407): --proxy http://NAME:PASSWORD@HOST:PORT".to_owned()
}

/// The head of an answer, byte by byte: what follows it is the receiver's already.
async fn head(stream: &mut TcpStream) -> io::Result<Vec<u8>> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") && head.len() < HEAD_MAX_BYTES {
        head.push(stream.read_u8().await?);
    }
    Ok(head)
}
