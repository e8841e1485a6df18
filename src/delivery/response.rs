//! Reads a response of HTTP/1.1 from bytes as they come: the work is linear in their number, and what is accepted is what hyper
//! accepts. It reads no socket.

use super::chunked::Chunked;
use super::connect::{REPLY_HEAD_MAX_BYTES, REPLY_HEADERS_MAX};
use crate::event::Phase;
use crate::http::{BODY_READ_MAX_BYTES, Reply, Version};
use bytes::Bytes;
use httparse::{ParserConfig, Response, Status};
use std::mem::MaybeUninit;

/// A response that is being read; when it is whole, the next one.
#[derive(Debug, Default)]
pub struct ResponseReader {
    /// Whether any byte of it came, informational responses included.
    is_begun: bool,
    /// The part of a head that came, where not all of it did.
    head: Vec<u8>,
    /// How many line ends came before the head.
    blank: usize,
    line: LineEnd,
    /// What is known once the head is whole.
    known: Option<(Reply, Framing)>,
    body: Body,
}

/// What became of bytes.
#[derive(Debug, PartialEq, Eq)]
pub struct Taken {
    /// How many belong to this response. All of them, unless it is whole.
    pub used: usize,
    /// The response, once it is whole.
    pub reply: Option<Reply>,
}

/// Why what came is not HTTP.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotHttp(pub String);

/// How many bytes of a head are judged before its end: version and status.
const FIRST_BYTES: usize = "HTTP/1.1 200".len();

/// Where in a head the last byte was.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum LineEnd {
    #[default]
    Within,
    /// Behind a line feed.
    Lf,
    /// Behind a line feed and a carriage return.
    LfCr,
}

/// How the end of a body is found.
#[derive(Debug)]
enum Framing {
    /// So many bytes are still to come.
    Length(u64),
    Chunked(Chunked),
    /// The connection is closed.
    UntilClosed,
}

/// A body, as far as it is read.
#[derive(Debug, Default)]
pub(super) struct Body {
    bytes: Vec<u8>,
    truncated: bool,
}

impl Body {
    /// Adds bytes, up to the cap.
    pub(super) fn push(&mut self, bytes: &[u8]) {
        let room = BODY_READ_MAX_BYTES - self.bytes.len();
        self.bytes.extend_from_slice(&bytes[..bytes.len().min(room)]);
        self.truncated |= bytes.len() > room;
    }

    /// Whether more came than is read.
    pub(super) fn is_truncated(&self) -> bool {
        self.truncated
    }
}

impl ResponseReader {
    /// Whether any byte came since the last response.
    pub fn is_begun(&self) -> bool {
        self.is_begun
    }

    /// What is waited for.
    pub fn phase(&self) -> Phase {
        if self.known.is_some() { Phase::Body } else { Phase::FirstByte }
    }

    /// Takes bytes, up to the end of the response.
    ///
    /// # Errors
    /// They are not HTTP.
    pub fn take(&mut self, bytes: &[u8]) -> Result<Taken, NotHttp> {
        self.is_begun |= !bytes.is_empty();
        let mut used = 0;
        while self.known.is_none() {
            if used == bytes.len() {
                return Ok(Taken { used, reply: None });
            }
            used += self.read_head(&bytes[used..])?;
        }
        let Some((_, framing)) = &mut self.known else { return Ok(Taken { used, reply: None }) };
        let rest = &bytes[used..];
        let is_over = match framing {
            Framing::Length(left) => {
                let count = usize::try_from(*left).unwrap_or(usize::MAX).min(rest.len());
                self.body.push(&rest[..count]);
                *left -= count as u64;
                used += count;
                *left == 0
            }
            Framing::Chunked(chunked) => {
                used += chunked.take(rest, &mut self.body).map_err(|what| NotHttp(what.to_owned()))?;
                chunked.is_over()
            }
            Framing::UntilClosed => {
                self.body.push(rest);
                used += rest.len();
                false
            }
        };
        let reply = if is_over || self.body.truncated { self.reply() } else { None };
        Ok(Taken { used, reply })
    }

    /// The connection was closed: the response, if its body goes on until then.
    pub fn close(&mut self) -> Option<Reply> {
        match self.known {
            Some((_, Framing::UntilClosed)) => self.reply(),
            _ => None,
        }
    }

    fn reply(&mut self) -> Option<Reply> {
        let Self { known, body, .. } = std::mem::take(self);
        let (reply, _) = known?;
        Some(Reply { body: Bytes::from(body.bytes), truncated: body.truncated, ..reply })
    }

    /// Reads on in the head of a response; how many bytes of it these are.
    fn read_head(&mut self, bytes: &[u8]) -> Result<usize, NotHttp> {
        let is_first = self.head.is_empty();
        let blank = if is_first { bytes.iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count() } else { 0 };
        self.blank += blank;
        let end = bytes[blank..].iter().position(|byte| self.line.ends_head(*byte)).map(|at| blank + at + 1);
        let here = &bytes[blank..end.unwrap_or(bytes.len())];
        let mut head = std::mem::take(&mut self.head);
        let whole: &[u8] = if is_first && end.is_some() {
            here
        } else {
            head.extend_from_slice(here);
            &head
        };
        // What is not HTTP mostly shows by its first bytes; between them and the end of the head nothing is read twice, and
        // nothing is judged, so that it is the same however the bytes came.
        let known = match end {
            Some(_) => self::head(whole)?,
            None => {
                if whole.len() - here.len() < FIRST_BYTES {
                    self::head(&whole[..whole.len().min(FIRST_BYTES)])?;
                }
                None
            }
        };
        match (known, end) {
            (_, Some(_)) if self.blank + whole.len() > REPLY_HEAD_MAX_BYTES => return Err(too_large()),
            // What is said in between, such as 100 Continue, is not the response.
            (Some(Head::Informational), Some(_)) => self.blank = 0,
            (Some(Head::Response(reply, framing)), Some(_)) => self.known = Some((reply, framing)),
            (_, Some(_)) => return Err(NotHttp("its head does not end as a head".to_owned())),
            (_, None) if self.blank + whole.len() >= REPLY_HEAD_MAX_BYTES => return Err(too_large()),
            (_, None) => {
                self.head = head;
                return Ok(bytes.len());
            }
        }
        self.line = LineEnd::default();
        Ok(end.unwrap_or(bytes.len()))
    }
}

impl LineEnd {
    /// Whether this byte ends the head: the second line end in a row.
    fn ends_head(&mut self, byte: u8) -> bool {
        let before = *self;
        *self = match (before, byte) {
            (_, b'\n') => LineEnd::Lf,
            (LineEnd::Lf, b'\r') => LineEnd::LfCr,
            _ => LineEnd::Within,
        };
        byte == b'\n' && before != LineEnd::Within
    }
}

/// What a whole head says.
enum Head {
    Informational,
    Response(Reply, Framing),
}

/// Reads a head; `None` where more of it must come.
fn head(bytes: &[u8]) -> Result<Option<Head>, NotHttp> {
    let mut fields = [const { MaybeUninit::uninit() }; REPLY_HEADERS_MAX];
    let mut response = Response::new(&mut []);
    let parsed = ParserConfig::default().parse_response_with_uninit_headers(&mut response, bytes, &mut fields);
    match parsed {
        Ok(Status::Complete(_)) => {}
        Ok(Status::Partial) => return Ok(None),
        Err(httparse::Error::TooManyHeaders) => return Err(too_large()),
        Err(error) => return Err(NotHttp(error.to_string())),
    }
    let status = response.code.unwrap_or_default();
    match status {
        101 | 200..1000 => {}
        100..200 => return Ok(Some(Head::Informational)),
        _ => return Err(NotHttp(format!("{status:03} is not a status code"))),
    }
    let version = if response.version == Some(0) { Version::Http10 } else { Version::Http11 };
    let framing = framing(status, version, response.headers)?;
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let headers = response.headers.iter().map(|field| (field.name.to_ascii_lowercase(), text(field.value))).collect();
    Ok(Some(Head::Response(Reply { status, version, headers, ..Reply::default() }, framing)))
}

fn too_large() -> NotHttp {
    NotHttp(format!("its head has more than {REPLY_HEAD_MAX_BYTES} bytes, or more than {REPLY_HEADERS_MAX} headers"))
}

/// How the body of a response is framed (RFC 9112, 6.3).
fn framing(status: u16, version: Version, headers: &[httparse::Header<'_>]) -> Result<Framing, NotHttp> {
    if matches!(status, 101 | 204 | 304) {
        return Ok(Framing::Length(0));
    }
    let values = |name: &'static str| {
        headers.iter().filter(move |field| field.name.eq_ignore_ascii_case(name)).map(|field| field.value)
    };
    if let Some(encodings) = values("transfer-encoding").next_back() {
        if version == Version::Http10 {
            return Err(NotHttp("HTTP/1.0 has no Transfer-Encoding".to_owned()));
        }
        let last = encodings.rsplit(|byte| *byte == b',').next().unwrap_or_default();
        return Ok(match last.trim_ascii().eq_ignore_ascii_case(b"chunked") {
            true => Framing::Chunked(Chunked::default()),
            false => Framing::UntilClosed,
        });
    }
    let mut lengths = values("content-length").flat_map(|value| value.split(|byte| *byte == b',')).map(length);
    let Some(first) = lengths.next() else { return Ok(Framing::UntilClosed) };
    match first.filter(|first| lengths.all(|other| other == Some(*first))) {
        Some(length) => Ok(Framing::Length(length)),
        None => Err(NotHttp("its Content-Length is not one number".to_owned())),
    }
}

/// A length, as hyper takes it: digits alone, and the two largest numbers mean something else.
fn length(text: &[u8]) -> Option<u64> {
    let text =
        std::str::from_utf8(text.trim_ascii()).ok().filter(|text| text.bytes().all(|byte| byte.is_ascii_digit()))?;
    text.parse().ok().filter(|length| *length <= u64::MAX - 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The responses in these bytes, fed in pieces of this size, and whatever is left when the connection closes.
    fn read(text: &str, piece: usize) -> Vec<(u16, String)> {
        let mut reader = ResponseReader::default();
        let mut replies = Vec::new();
        for mut piece in text.as_bytes().chunks(piece) {
            while !piece.is_empty() {
                let Taken { used, reply } = reader.take(piece).expect("HTTP");
                assert!(reply.is_some() || used == piece.len(), "{text:?}");
                piece = &piece[used..];
                replies.extend(reply);
            }
        }
        replies.extend(reader.close());
        replies.into_iter().map(|reply| (reply.status, String::from_utf8_lossy(&reply.body).into_owned())).collect()
    }

    #[test]
    fn a_response_reads_the_same_however_it_is_cut() {
        for (text, expected) in [
            ("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", &[(200, "ok")][..]),
            ("HTTP/1.1 200 OK\r\nContent-Length: 2, 2\r\nContent-Length: 2\r\n\r\nok", &[(200, "ok")]),
            ("\r\n\nHTTP/1.1 200 OK\nContent-Length: 2\n\nok", &[(200, "ok")]),
            ("HTTP/1.1 100 Continue\r\n\r\n\r\nHTTP/1.1 201 OK\r\nContent-Length: 0\r\n\r\n", &[(201, "")]),
            (
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n2;a=b\r\nok\r\n1 \r\n!\r\n0\r\nT: x\r\n\r\n",
                &[(200, "ok!")],
            ),
            ("HTTP/1.0 500 Oh\r\n\r\nuntil the end", &[(500, "until the end")]),
            ("HTTP/1.1 204 No\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx", &[(204, ""), (200, "x")]),
            ("HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\nrest", &[(200, "rest")]),
        ] {
            let expected: Vec<_> = expected.iter().map(|(status, body)| (*status, (*body).to_owned())).collect();
            for piece in 1..=text.len() {
                assert_eq!(read(text, piece), expected, "{text:?} in pieces of {piece}");
            }
        }
    }

    fn is_refused(text: &str, piece: usize) -> bool {
        let mut reader = ResponseReader::default();
        text.as_bytes().chunks(piece).any(|piece| reader.take(piece).is_err())
    }

    #[test]
    fn what_is_not_http_is_so_however_it_is_cut() {
        for (text, refused) in [
            ("HTTP/1.1 200 OK\r\nCo!(nnection: c\r\nContent-Le", false),
            ("HTTP/1.1 200 OK\r\nCo!(nnection: c\r\n\r\n", true),
            ("HTTP/1.1 2x0 OK\r\n", true),
            ("SSH-2.0-OpenSSH", true),
        ] {
            for piece in 1..=text.len() {
                assert_eq!(is_refused(text, piece), refused, "{text:?} in pieces of {piece}");
            }
        }
    }

    #[test]
    fn what_is_not_http_is_refused_and_endless_things_end() {
        let long = "b".repeat(REPLY_HEAD_MAX_BYTES);
        let chunked = |rest: &str| format!("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n{rest}");
        for text in [
            "SSH-2.0-OpenSSH\r\n".to_owned(),
            "HTTP/1.1 000 Zero\r\nContent-Length: 0\r\n\r\n".into(),
            "HTTP/1.1 099 Low\r\nContent-Length: 0\r\n\r\n".into(),
            "HTTP/1.1 200 OK\r\nContent-Length: +2\r\n\r\n".into(),
            "HTTP/1.1 200 OK\r\nContent-Length: 2,\r\n\r\n".into(),
            "HTTP/1.1 200 OK\r\nContent-Length: 2, 3\r\n\r\n".into(),
            "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n".into(),
            "HTTP/1.1 200 OK\r\nContent-Length: 18446744073709551615\r\n\r\n".into(),
            "HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n".into(),
            chunked("zz\r\n"),
            chunked(" 2\r\n"),
            chunked("2\nok"),
            chunked("1\r\nab\r\n"),
            chunked("fffffffffffffffff\r\n"),
            chunked("0\r\nnot a trailer\r\n\r\n"),
            chunked(&format!("1;{}", &long[..EXTENSIONS])),
            chunked(&format!("0\r\nA: {long}")),
            format!("HTTP/1.1 200 OK\r\nA: {long}"),
            format!("HTTP/1.1 200 OK\r\nA: {long}\r\n\r\n"),
            format!("HTTP/1.1 200 OK\r\n{}\r\n", "A: b\r\n".repeat(REPLY_HEADERS_MAX + 1)),
            "\r\n".repeat(REPLY_HEAD_MAX_BYTES),
        ] {
            let mut reader = ResponseReader::default();
            let pieces = text.as_bytes().chunks(1000).any(|piece| reader.take(piece).is_err());
            assert!(pieces, "{:?} in pieces", &text[..text.len().min(80)]);
            assert!(ResponseReader::default().take(text.as_bytes()).is_err(), "{:?}", &text[..text.len().min(80)]);
        }
    }

    #[test]
    fn how_long_a_head_may_be_is_the_same_however_it_comes() {
        let rest = "HTTP/1.1 204 No\r\n\r\n";
        for more in [0, 1] {
            let fill = REPLY_HEAD_MAX_BYTES - rest.len() + more;
            let blank = format!("{}{rest}", "\n".repeat(fill));
            let field = rest.replace("\r\n\r\n", &format!("\r\nA: {}\r\n\r\n", "b".repeat(fill - "\r\nA: ".len())));
            for text in [blank, field] {
                for piece in [1, 7, 1_000, text.len()] {
                    assert_eq!(is_refused(&text, piece), more > 0, "{more} more than the most in pieces of {piece}");
                }
            }
        }
    }

    const EXTENSIONS: usize = 16 * 1024;

    #[test]
    fn a_long_body_is_cut_and_half_a_response_is_none() {
        let mut reader = ResponseReader::default();
        let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n", BODY_READ_MAX_BYTES + 1);
        for piece in [head.as_bytes(), &vec![b'x'; BODY_READ_MAX_BYTES]] {
            assert_eq!(reader.take(piece), Ok(Taken { used: piece.len(), reply: None }));
        }
        let reply = reader.take(b"x").expect("HTTP").reply.expect("a response");
        assert_eq!((reply.truncated, reply.body.len()), (true, BODY_READ_MAX_BYTES));

        let mut half = ResponseReader::default();
        assert_eq!(half.take(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\no").map(|taken| taken.reply), Ok(None));
        assert_eq!((half.close(), half.phase(), half.is_begun()), (None, Phase::Body, true));
    }

    #[test]
    fn what_follows_a_response_is_left() {
        let mut reader = ResponseReader::default();
        let taken = reader.take(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nokHTTP/1.1 500 ").expect("HTTP");
        assert_eq!((taken.used, taken.reply.map(|reply| reply.status)), (40, Some(200)));
        assert!(!reader.is_begun());
    }
}
