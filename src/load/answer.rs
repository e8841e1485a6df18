//! Reads the answer to one request from the bytes of a connection (RFC 9112, 6). It reads no socket.

use crate::delivery::{Failure, REPLY_HEAD_MAX_BYTES, REPLY_HEADERS_MAX};
use crate::event::{FailureClass, Phase};
use crate::http::{BODY_READ_MAX_BYTES, Reply, Version};
use bytes::Bytes;
use httparse::{ParserConfig, Response, Status};
use std::mem::MaybeUninit;
use std::ops::Range;

/// What the bytes so far are.
#[derive(Debug)]
pub enum Read {
    /// Not all of it; in which phase.
    Part(Phase),
    /// All of it.
    Whole(Whole),
    /// No HTTP.
    Wrong(Failure),
}

/// A whole answer.
#[derive(Debug)]
pub struct Whole {
    /// The status code.
    pub status: u16,
    /// Where its head stands in the bytes; informational answers before it are left out.
    pub head: Range<usize>,
    /// The body, as far as it is read.
    pub body: Body,
    /// Whether the body was longer than what is read of it.
    pub truncated: bool,
    /// Whether the connection can take another request.
    pub keep: bool,
}

/// Where the body of an answer is.
#[derive(Debug)]
pub enum Body {
    /// In the bytes as they came.
    Here(Range<usize>),
    /// Put together of its chunks.
    Joined(Vec<u8>),
}

/// How the end of a body is told.
enum Framing {
    Length(u64),
    Chunked,
    ByClose,
}

/// Reads `bytes`, everything that has come on a connection since the request. `closed`: whether no more will come.
pub fn read(bytes: &[u8], closed: bool) -> Read {
    let mut from = 0;
    loop {
        let mut headers = [const { MaybeUninit::uninit() }; REPLY_HEADERS_MAX];
        let mut response = Response::new(&mut []);
        let rest = &bytes[from..];
        let parsed = ParserConfig::default().parse_response_with_uninit_headers(&mut response, rest, &mut headers);
        let length = match parsed {
            Ok(Status::Complete(length)) => length,
            Ok(Status::Partial) if rest.len() > REPLY_HEAD_MAX_BYTES => return wrong("its head has no end"),
            Ok(Status::Partial) => return Read::Part(Phase::FirstByte),
            Err(error) => return wrong(&error.to_string()),
        };
        let status = response.code.unwrap_or_default();
        if (100..200).contains(&status) && status != 101 {
            from += length;
            continue;
        }
        let framing = match framing(status, response.headers) {
            Ok(framing) => framing,
            Err(why) => return wrong(why),
        };
        let persistent = response.version == Some(1) && status != 101 && !says_close(response.headers);
        let start = from + length;
        let whole = |body, keep, truncated| {
            Read::Whole(Whole { status, head: from..start, body, truncated, keep: keep && persistent && !truncated })
        };
        let after = &bytes[start..];
        return match framing {
            Framing::Length(length) if length > BODY_READ_MAX_BYTES as u64 => match after.len() > BODY_READ_MAX_BYTES {
                true => whole(Body::Here(start..start + BODY_READ_MAX_BYTES), false, true),
                false => Read::Part(Phase::Body),
            },
            Framing::Length(length) => match after.len().checked_sub(length as usize) {
                // What nobody asked for makes the connection useless.
                Some(more) => whole(Body::Here(start..start + length as usize), more == 0, false),
                None => Read::Part(Phase::Body),
            },
            Framing::Chunked => match dechunk(after) {
                Ok(Some((body, used))) => {
                    let truncated = body.len() > BODY_READ_MAX_BYTES;
                    whole(Body::Joined(body), used == after.len(), truncated)
                }
                Ok(None) if after.len() > 2 * BODY_READ_MAX_BYTES => whole(Body::Joined(Vec::new()), false, true),
                Ok(None) => Read::Part(Phase::Body),
                Err(why) => wrong(why),
            },
            Framing::ByClose if closed || after.len() > BODY_READ_MAX_BYTES => {
                let end = after.len().min(BODY_READ_MAX_BYTES);
                whole(Body::Here(start..start + end), false, after.len() > end)
            }
            Framing::ByClose => Read::Part(Phase::Body),
        };
    }
}

fn wrong(why: &str) -> Read {
    let message = format!("what came back is not HTTP: {why}");
    Read::Wrong(Failure::new(FailureClass::NotHttp, Phase::FirstByte, message))
}

fn framing(status: u16, headers: &[httparse::Header<'_>]) -> Result<Framing, &'static str> {
    if matches!(status, 101 | 204 | 304) {
        return Ok(Framing::Length(0));
    }
    let mut length = None;
    for header in headers {
        if header.name.eq_ignore_ascii_case("transfer-encoding") {
            let last = header.value.rsplit(|byte| *byte == b',').next().unwrap_or_default();
            let chunked = last.trim_ascii().eq_ignore_ascii_case(b"chunked");
            return Ok(if chunked { Framing::Chunked } else { Framing::ByClose });
        }
        if header.name.eq_ignore_ascii_case("content-length") {
            let text = std::str::from_utf8(header.value.trim_ascii()).unwrap_or_default();
            let told = text.parse::<u64>().ok().filter(|_| text.bytes().all(|byte| byte.is_ascii_digit()));
            let told = told.ok_or("its Content-Length is no number")?;
            if length.is_some_and(|length| length != told) {
                return Err("it has two different Content-Lengths");
            }
            length = Some(told);
        }
    }
    Ok(length.map_or(Framing::ByClose, Framing::Length))
}

fn says_close(headers: &[httparse::Header<'_>]) -> bool {
    let values = headers.iter().filter(|header| header.name.eq_ignore_ascii_case("connection"));
    values
        .flat_map(|header| header.value.split(|byte| *byte == b','))
        .any(|token| token.trim_ascii().eq_ignore_ascii_case(b"close"))
}

/// The body of chunks with how many bytes it took; `None` where more must come.
fn dechunk(bytes: &[u8]) -> Result<Option<(Vec<u8>, usize)>, &'static str> {
    let (mut body, mut at) = (Vec::new(), 0);
    loop {
        let (head, size) = match httparse::parse_chunk_size(&bytes[at..]) {
            Ok(Status::Complete(found)) => found,
            Ok(Status::Partial) => return Ok(None),
            Err(_) => return Err("the size of a chunk is no number"),
        };
        at += head;
        if size == 0 {
            return trailers_end(&bytes[at..]).map(|end| end.map(|end| (body, at + end)));
        }
        let room = (BODY_READ_MAX_BYTES + 1).saturating_sub(body.len());
        let Some(end) = usize::try_from(size).ok().and_then(|size| at.checked_add(size)) else {
            return Err("a chunk is longer than anything can be");
        };
        let Some(chunk) = bytes.get(at..end) else { return Ok(None) };
        body.extend_from_slice(&chunk[..chunk.len().min(room)]);
        match bytes.get(end..end + 2) {
            Some(b"\r\n") => at = end + 2,
            Some(_) => return Err("a chunk does not end where it should"),
            None => return Ok(None),
        }
    }
}

/// Behind the last chunk: trailers, which nobody reads, and an empty line.
fn trailers_end(bytes: &[u8]) -> Result<Option<usize>, &'static str> {
    if bytes.starts_with(b"\r\n") {
        return Ok(Some(2));
    }
    match bytes.windows(4).position(|window| window == b"\r\n\r\n") {
        Some(at) => Ok(Some(at + 4)),
        None if bytes.len() > REPLY_HEAD_MAX_BYTES => Err("its trailers have no end"),
        None => Ok(None),
    }
}

impl Whole {
    /// The answer as vendors judge it.
    pub fn reply(&self, bytes: &[u8]) -> Reply {
        let mut headers = [httparse::EMPTY_HEADER; REPLY_HEADERS_MAX];
        let mut response = Response::new(&mut headers);
        let head = bytes.get(self.head.clone()).unwrap_or_default();
        let parsed = response.parse(head).is_ok();
        let version = if response.version == Some(0) { Version::Http10 } else { Version::Http11 };
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let headers = match parsed {
            true => {
                response.headers.iter().map(|header| (header.name.to_ascii_lowercase(), text(header.value))).collect()
            }
            false => Vec::new(),
        };
        let body = match &self.body {
            Body::Here(range) => bytes.get(range.clone()).unwrap_or_default(),
            Body::Joined(body) => &body[..body.len().min(BODY_READ_MAX_BYTES)],
        };
        Reply {
            status: self.status,
            headers,
            body: Bytes::copy_from_slice(body),
            truncated: self.truncated,
            version,
            ..Reply::default()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn whole(text: &str, closed: bool) -> Option<(u16, String, bool)> {
        match read(text.as_bytes(), closed) {
            Read::Whole(whole) => {
                let reply = whole.reply(text.as_bytes());
                Some((reply.status, String::from_utf8_lossy(&reply.body).into_owned(), whole.keep))
            }
            Read::Part(_) => None,
            Read::Wrong(failure) => panic!("{text:?}: {}", failure.message),
        }
    }

    #[test]
    fn every_framing_is_read_at_any_cut() {
        for (text, body, keep) in [
            ("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", "ok", true),
            ("HTTP/1.1 200 OK\r\ncontent-length: 0\r\nConnection: close\r\n\r\n", "", false),
            ("HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok", "ok", false),
            ("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx", "x", true),
            ("HTTP/1.1 204 No Content\r\n\r\n", "", true),
            ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n1;x=y\r\n!\r\n0\r\n\r\n", "ok!", true),
            ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nA: b\r\n\r\n", "", true),
        ] {
            let found = whole(text, false).unwrap_or_else(|| panic!("{text:?}"));
            assert_eq!((found.1.as_str(), found.2), (body, keep), "{text:?}");
            for cut in 0..text.len() {
                assert_eq!(whole(&text[..cut], false), None, "{text:?} at {cut}");
            }
        }
    }

    #[test]
    fn a_body_without_length_ends_with_the_connection() {
        let text = "HTTP/1.1 200 OK\r\n\r\nall there is";
        assert_eq!(whole(text, false), None);
        assert_eq!(whole(text, true), Some((200, "all there is".into(), false)));
    }

    #[test]
    fn what_nobody_asked_for_spoils_the_connection() {
        let text = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nokHTTP/1.1 200 OK\r\n";
        assert_eq!(whole(text, false), Some((200, "ok".into(), false)));
    }

    #[test]
    fn nonsense_is_told_and_endless_things_end() {
        for text in [
            "SSH-2.0-OpenSSH\r\n",
            "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
            "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nxyz",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nfffffffffffffffe\r\nx",
        ] {
            assert!(!matches!(read(text.as_bytes(), false), Read::Whole(_)), "{text:?}");
        }
        let endless = format!("HTTP/1.1 200 OK\r\nX: {}", "x".repeat(REPLY_HEAD_MAX_BYTES));
        assert!(matches!(read(endless.as_bytes(), false), Read::Wrong(_)));
        let huge =
            format!("HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n{}", "x".repeat(BODY_READ_MAX_BYTES + 1));
        assert!(matches!(read(huge.as_bytes(), false), Read::Whole(Whole { truncated: true, keep: false, .. })));
    }
}
