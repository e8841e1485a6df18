//! Reads an answer from bytes as they come, within the limits of the clean path. Pure; the bytes are fetched elsewhere.

use super::super::connect::{REPLY_HEAD_MAX_BYTES, REPLY_HEADERS_MAX};
use crate::http::{BODY_READ_MAX_BYTES, Reply, Version, header};
use bytes::Bytes;
use httparse::Status;

/// An answer that is being read.
#[derive(Debug, Default)]
pub(super) struct Answer {
    /// What came and is not understood yet.
    bytes: Vec<u8>,
    head: Option<Head>,
    body: Vec<u8>,
    truncated: bool,
}

#[derive(Debug)]
struct Head {
    status: u16,
    version: Version,
    headers: Vec<(String, String)>,
    rest: Rest,
}

/// What is still to come of a body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Rest {
    /// So many bytes.
    Bytes(u64),
    /// Everything until the connection is closed.
    UntilClosed,
    /// The size of a chunk.
    Size,
    /// So many bytes of a chunk.
    Chunk(u64),
    /// The line break behind a chunk.
    Break,
    /// The trailers behind the last chunk.
    Trailers,
    /// Nothing.
    Nothing,
}

/// Why what came is not HTTP.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct NotHttp(pub(super) String);

impl Answer {
    /// Whether any byte came.
    pub(super) fn is_begun(&self) -> bool {
        self.head.is_some() || !self.bytes.is_empty()
    }

    /// Whether the head is there.
    pub(super) fn has_head(&self) -> bool {
        self.head.is_some()
    }

    /// Takes bytes; the answer, once it is whole. What follows it is kept for the next one.
    pub(super) fn take(&mut self, bytes: &[u8]) -> Result<Option<Reply>, NotHttp> {
        self.bytes.extend_from_slice(bytes);
        while self.advance()? {}
        let is_whole = self.truncated || self.head.as_ref().is_some_and(|head| head.rest == Rest::Nothing);
        Ok(if is_whole { self.reply() } else { None })
    }

    /// The connection was closed: the answer, where its body goes on until then.
    pub(super) fn close(&mut self) -> Option<Reply> {
        match self.head.as_ref().map(|head| head.rest) {
            Some(Rest::UntilClosed) => self.reply(),
            _ => None,
        }
    }

    fn reply(&mut self) -> Option<Reply> {
        let Head { status, version, headers, .. } = self.head.take()?;
        let body = Bytes::from(std::mem::take(&mut self.body));
        let truncated = std::mem::take(&mut self.truncated);
        Some(Reply { status, version, headers, body, truncated, remark: None })
    }

    /// Understands one more part of what came; false where there is none yet.
    fn advance(&mut self) -> Result<bool, NotHttp> {
        let Some(head) = &mut self.head else { return self.read_head() };
        head.rest = match head.rest {
            _ if self.truncated => return Ok(false),
            Rest::Nothing => return Ok(false),
            Rest::Bytes(0) => Rest::Nothing,
            Rest::Chunk(0) => Rest::Break,
            rest @ (Rest::Bytes(_) | Rest::Chunk(_) | Rest::UntilClosed) => {
                if self.bytes.is_empty() {
                    return Ok(false);
                }
                let left = match rest {
                    Rest::Bytes(left) | Rest::Chunk(left) => left,
                    _ => u64::MAX,
                };
                let count = usize::try_from(left).unwrap_or(usize::MAX).min(self.bytes.len());
                let room = BODY_READ_MAX_BYTES - self.body.len();
                self.body.extend(self.bytes.drain(..count).take(room));
                self.truncated = count > room;
                match rest {
                    Rest::Bytes(left) => Rest::Bytes(left - count as u64),
                    Rest::Chunk(left) => Rest::Chunk(left - count as u64),
                    other => other,
                }
            }
            Rest::Size => match httparse::parse_chunk_size(&self.bytes) {
                Ok(Status::Complete((used, size))) => {
                    self.bytes.drain(..used);
                    if size == 0 { Rest::Trailers } else { Rest::Chunk(size) }
                }
                Ok(Status::Partial) => return self.awaited("the size of a chunk"),
                Err(error) => return Err(NotHttp(format!("{error}"))),
            },
            Rest::Break => match self.bytes.as_slice() {
                [b'\r', b'\n', ..] => {
                    self.bytes.drain(..2);
                    Rest::Size
                }
                [] | [b'\r'] => return Ok(false),
                _ => return Err(NotHttp("a chunk is longer than it says".into())),
            },
            Rest::Trailers => match self.bytes.windows(2).position(|pair| pair == b"\r\n") {
                Some(0) => {
                    self.bytes.drain(..2);
                    Rest::Nothing
                }
                Some(end) => {
                    self.bytes.drain(..end + 2);
                    Rest::Trailers
                }
                None => return self.awaited("a trailer"),
            },
        };
        Ok(true)
    }

    /// More must come, unless too much came already.
    fn awaited(&self, what: &str) -> Result<bool, NotHttp> {
        match self.bytes.len() > REPLY_HEAD_MAX_BYTES {
            true => Err(NotHttp(format!("{what} has more than {REPLY_HEAD_MAX_BYTES} bytes"))),
            false => Ok(false),
        }
    }

    fn read_head(&mut self) -> Result<bool, NotHttp> {
        if self.bytes.is_empty() {
            return Ok(false);
        }
        let mut fields = [httparse::EMPTY_HEADER; REPLY_HEADERS_MAX];
        let mut response = httparse::Response::new(&mut fields);
        let used = match response.parse(&self.bytes) {
            Ok(Status::Complete(used)) => used,
            Ok(Status::Partial) => return self.awaited("the head of the answer"),
            Err(error) => return Err(NotHttp(format!("{error}"))),
        };
        let status = response.code.unwrap_or_default();
        let version = if response.version == Some(0) { Version::Http10 } else { Version::Http11 };
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let headers: Vec<(String, String)> =
            response.headers.iter().map(|field| (field.name.to_ascii_lowercase(), text(field.value))).collect();
        self.bytes.drain(..used);
        // What is said in between, such as 100 Continue, is not the answer.
        if !(100..200).contains(&status) || status == 101 {
            let rest = rest(status, &headers)?;
            self.head = Some(Head { status, version, headers, rest });
        }
        Ok(true)
    }
}

/// How the body of an answer is framed.
fn rest(status: u16, headers: &[(String, String)]) -> Result<Rest, NotHttp> {
    if matches!(status, 101 | 204 | 304) {
        return Ok(Rest::Nothing);
    }
    if let Some(encodings) = header(headers, "transfer-encoding") {
        let is_chunked = encodings.rsplit(',').next().is_some_and(|last| last.trim().eq_ignore_ascii_case("chunked"));
        return Ok(if is_chunked { Rest::Size } else { Rest::UntilClosed });
    }
    let mut lengths = headers.iter().filter(|(name, _)| name == "content-length").map(|(_, value)| value.trim());
    let Some(length) = lengths.next() else { return Ok(Rest::UntilClosed) };
    let is_number = !length.is_empty() && length.bytes().all(|byte| byte.is_ascii_digit());
    match length.parse() {
        Ok(count) if is_number && lengths.all(|other| other == length) => Ok(Rest::Bytes(count)),
        _ => Err(NotHttp(format!("the length `{length}` of the answer is none"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The answers in these bytes, fed in pieces of this size, and whatever is left when the connection closes.
    fn read(text: &str, piece: usize) -> Vec<(u16, String)> {
        let mut answer = Answer::default();
        let mut replies = Vec::new();
        for piece in text.as_bytes().chunks(piece) {
            let mut reply = answer.take(piece).expect("HTTP");
            while let Some(whole) = reply {
                replies.push(whole);
                reply = answer.take(b"").expect("HTTP");
            }
        }
        replies.extend(answer.close());
        replies.into_iter().map(|reply| (reply.status, String::from_utf8_lossy(&reply.body).into_owned())).collect()
    }

    #[test]
    fn an_answer_reads_the_same_however_it_is_cut() {
        for (text, expected) in [
            ("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", &[(200, "ok")][..]),
            ("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 201 OK\r\nContent-Length: 0\r\n\r\n", &[(201, "")]),
            (
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2;a=b\r\nok\r\n1\r\n!\r\n0\r\nT: x\r\n\r\n",
                &[(200, "ok!")],
            ),
            ("HTTP/1.0 500 Oh\r\n\r\nuntil the end", &[(500, "until the end")]),
            ("HTTP/1.1 204 No\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx", &[(204, ""), (200, "x")]),
        ] {
            let expected: Vec<_> = expected.iter().map(|(status, body)| (*status, (*body).to_owned())).collect();
            for piece in 1..=text.len() {
                assert_eq!(read(text, piece), expected, "{text:?} in pieces of {piece}");
            }
        }
    }

    #[test]
    fn what_is_no_http_is_refused() {
        for text in [
            "SSH-2.0-OpenSSH\r\n",
            "HTTP/1.1 200 OK\r\nContent-Length: +2\r\n\r\n",
            "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nab\r\n",
        ] {
            assert!(Answer::default().take(text.as_bytes()).is_err(), "{text:?}");
        }
        let endless = format!("HTTP/1.1 200 OK\r\nA: {}", "b".repeat(REPLY_HEAD_MAX_BYTES));
        assert!(Answer::default().take(endless.as_bytes()).is_err());
    }

    #[test]
    fn a_long_body_is_cut_and_half_an_answer_is_none() {
        let mut answer = Answer::default();
        let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n", BODY_READ_MAX_BYTES + 1);
        assert_eq!(answer.take(head.as_bytes()), Ok(None));
        assert_eq!(answer.take(&vec![b'x'; BODY_READ_MAX_BYTES]), Ok(None));
        let reply = answer.take(b"x").expect("HTTP").expect("an answer");
        assert_eq!((reply.truncated, reply.body.len()), (true, BODY_READ_MAX_BYTES));

        let mut half = Answer::default();
        assert_eq!(half.take(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\no"), Ok(None));
        assert_eq!((half.close(), half.has_head(), half.is_begun()), (None, true, true));
    }
}
