//! The exact bytes of a request, as HTTP/1.1 writes it, framed as asked. Nothing is sent here.

use super::super::attempt::Failure;
use super::super::request::{Letters, Outgoing};
use crate::event::{FailureClass, Phase};
use crate::http::{Framing, Message, header};

/// Writes a request. Headers stand in the order in which they are given, their names as hyper writes them; the framing is
/// ours alone.
///
/// # Errors
/// Where a header cannot be written, such as one with a line break in it.
pub fn render(outgoing: &Outgoing, framing: Framing) -> Result<Message, Failure> {
    let mut head = format!("{} {}", outgoing.method.as_str(), outgoing.url.path()).into_bytes();
    if let Some(query) = outgoing.url.query() {
        head.push(b'?');
        head.extend_from_slice(query.as_bytes());
    }
    head.extend_from_slice(b" HTTP/1.1\r\n");
    let letters = outgoing.letters();
    if header(&outgoing.headers, "host").is_none() {
        write(&mut head, letters, "Host", &outgoing.host_header().unwrap_or_default())?;
    }
    for (name, value) in outgoing.headers.iter().filter(|(name, _)| !is_framing(name)) {
        write(&mut head, letters, name, value)?;
    }
    match framing {
        Framing::Honest if outgoing.method.has_body() || !outgoing.body.is_empty() => {
            write(&mut head, letters, "Content-Length", &outgoing.body.len().to_string())?;
        }
        Framing::Honest => {}
        Framing::Length(length) => write(&mut head, letters, "Content-Length", &length.to_string())?,
        Framing::Chunked => write(&mut head, letters, "Transfer-Encoding", "chunked")?,
    }
    head.extend_from_slice(b"\r\n");
    Ok(match framing {
        Framing::Honest | Framing::Length(_) => Message::plain(&head, &outgoing.body),
        Framing::Chunked => chunked(head, &outgoing.body),
    })
}

fn is_framing(name: &str) -> bool {
    name.eq_ignore_ascii_case("content-length") || name.eq_ignore_ascii_case("transfer-encoding")
}

fn write(head: &mut Vec<u8>, letters: Letters, name: &str, value: &str) -> Result<(), Failure> {
    let unsendable = |what: String| Failure::new(FailureClass::Unsendable, Phase::Write, what);
    if name.is_empty() || !name.bytes().all(is_token) {
        return Err(unsendable(format!("`{name}` cannot be the name of a header")));
    }
    if value.bytes().any(|byte| byte.is_ascii_control() && byte != b'\t') {
        return Err(unsendable(format!("the value of the header `{name}` holds a line break or control byte")));
    }
    let mut is_first = letters == Letters::Title;
    head.extend(name.bytes().map(|byte| {
        let written = if is_first { byte.to_ascii_uppercase() } else { byte.to_ascii_lowercase() };
        is_first = byte == b'-' && letters == Letters::Title;
        written
    }));
    for part in [": ", value, "\r\n"] {
        head.extend_from_slice(part.as_bytes());
    }
    Ok(())
}

/// Whether a byte may stand in a token (RFC 9110, section 5.6.2).
fn is_token(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte)
}

/// The body in two chunks, and the empty one that ends it.
fn chunked(head: Vec<u8>, body: &[u8]) -> Message {
    let body_at = head.len();
    let mut bytes = head;
    let (first, second) = body.split_at(body.len().div_ceil(2));
    let mut chunk = |part: &[u8]| {
        let at = bytes.len();
        if !part.is_empty() {
            bytes.extend_from_slice(format!("{:x}\r\n", part.len()).as_bytes());
            bytes.extend_from_slice(part);
            bytes.extend_from_slice(b"\r\n");
        }
        at
    };
    chunk(first);
    let second_chunk_at = Some(chunk(second));
    let last_chunk_at = Some(bytes.len());
    bytes.extend_from_slice(b"0\r\n\r\n");
    Message { bytes: bytes.into(), body_at, second_chunk_at, last_chunk_at }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::Method;
    use bytes::Bytes;
    use std::time::Duration;

    fn outgoing(method: Method, body: &'static str) -> Outgoing {
        Outgoing {
            method,
            url: "http://127.0.0.1:9/hook?a=%20b".parse().expect("an address"),
            headers: vec![("x-env".into(), "空".into()), ("Content-Length".into(), "7".into())],
            body: Bytes::from_static(body.as_bytes()),
            timeout: Duration::from_secs(1),
        }
    }

    fn text(outgoing: &Outgoing, framing: Framing) -> String {
        String::from_utf8_lossy(&render(outgoing, framing).expect("a request").bytes).into_owned()
    }

    #[test]
    fn a_request_is_written_as_hyper_writes_it_and_framed_as_asked() {
        let head = "/hook?a=%20b HTTP/1.1\r\nHost: 127.0.0.1:9\r\nX-Env: 空\r\n";
        let post = outgoing(Method::Post, "body");
        assert_eq!(text(&post, Framing::Honest), format!("POST {head}Content-Length: 4\r\n\r\nbody"));
        assert_eq!(text(&post, Framing::Length(9)), format!("POST {head}Content-Length: 9\r\n\r\nbody"));
        let chunks = "2\r\nbo\r\n2\r\ndy\r\n0\r\n\r\n";
        assert_eq!(text(&post, Framing::Chunked), format!("POST {head}Transfer-Encoding: chunked\r\n\r\n{chunks}"));
        assert_eq!(text(&outgoing(Method::Get, ""), Framing::Honest), format!("GET {head}\r\n"));
        let small = Outgoing { headers: vec![("x-env".into(), "空".into())], ..post };
        let head = head.replace("Host", "host").replace("X-Env", "x-env");
        assert_eq!(text(&small, Framing::Honest), format!("POST {head}content-length: 4\r\n\r\nbody"));
    }

    #[test]
    fn a_header_that_would_break_the_head_is_not_sent() {
        let mut post = outgoing(Method::Post, "");
        post.headers.push(("X-Env".into(), "a\r\nb: c".into()));
        assert_eq!(render(&post, Framing::Honest).expect_err("a line break").class, FailureClass::Unsendable);
    }
}
