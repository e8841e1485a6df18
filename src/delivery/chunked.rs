//! The body of a response in chunks (RFC 9112, 7.1), byte by byte and as strictly as hyper reads it. Pure.

use super::connect::{REPLY_HEAD_MAX_BYTES, REPLY_HEADERS_MAX};
use super::response::Body;

/// How many bytes the extensions of all chunks of a body may have.
const EXTENSIONS_MAX_BYTES: usize = 16 * 1024;

/// A body in chunks that is being read.
#[derive(Debug, Default)]
pub(super) struct Chunked {
    state: State,
    /// The size of the chunk, then what is left of it.
    left: u64,
    extension_bytes: usize,
    trailers: Vec<u8>,
    trailer_lines: usize,
}

/// What comes next.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum State {
    /// The first digit of a size.
    #[default]
    Start,
    Size,
    Blank,
    Extension,
    SizeLf,
    Data,
    DataCr,
    DataLf,
    /// The end of the body, or a trailer.
    Line,
    Trailer,
    TrailerLf,
    LastLf,
    End,
}

impl Chunked {
    /// Whether the body is over.
    pub(super) fn is_over(&self) -> bool {
        self.state == State::End
    }

    /// Understands bytes until the body is over or has enough; how many of them.
    pub(super) fn take(&mut self, bytes: &[u8], body: &mut Body) -> Result<usize, &'static str> {
        let mut at = 0;
        while let Some(byte) = bytes.get(at)
            && !self.is_over()
            && !body.is_truncated()
        {
            if self.state == State::Data {
                let count = usize::try_from(self.left).unwrap_or(usize::MAX).min(bytes.len() - at);
                body.push(&bytes[at..at + count]);
                at += count;
                self.left -= count as u64;
                if self.left == 0 {
                    self.state = State::DataCr;
                }
            } else {
                self.state = self.step(*byte)?;
                at += 1;
            }
        }
        Ok(at)
    }

    fn step(&mut self, byte: u8) -> Result<State, &'static str> {
        Ok(match (self.state, byte) {
            (State::Start | State::Size, b'0'..=b'9' | b'a'..=b'f' | b'A'..=b'F') => {
                let digit = (byte as char).to_digit(16).unwrap_or_default();
                let size = self.left.checked_mul(16).and_then(|size| size.checked_add(digit.into()));
                self.left = size.ok_or("a chunk is longer than anything can be")?;
                State::Size
            }
            (State::Size | State::Blank, b' ' | b'\t') => State::Blank,
            (State::Size | State::Blank, b';') => State::Extension,
            (State::Size | State::Blank | State::Extension, b'\r') => State::SizeLf,
            (State::Start | State::Size | State::Blank, _) => return Err("the size of a chunk is not a number"),
            (State::Extension, b'\n') => return Err("an extension of a chunk holds a line feed"),
            (State::Extension, _) => {
                self.extension_bytes += 1;
                if self.extension_bytes >= EXTENSIONS_MAX_BYTES {
                    return Err("the extensions of its chunks are too long");
                }
                State::Extension
            }
            (State::SizeLf, b'\n') if self.left == 0 => State::Line,
            (State::SizeLf, b'\n') => State::Data,
            (State::DataCr, b'\r') => State::DataLf,
            (State::DataLf, b'\n') => State::Start,
            (State::DataCr | State::DataLf, _) => return Err("a chunk is longer than it says"),
            (State::Line, b'\r') => {
                self.keep(byte)?;
                State::LastLf
            }
            (State::Trailer, b'\r') => {
                self.keep(byte)?;
                State::TrailerLf
            }
            (State::Line | State::Trailer, _) => {
                self.keep(byte)?;
                State::Trailer
            }
            (State::TrailerLf, b'\n') => {
                self.trailer_lines += 1;
                if self.trailer_lines > REPLY_HEADERS_MAX {
                    return Err("it has too many trailers");
                }
                self.keep(byte)?;
                State::Line
            }
            (State::LastLf, b'\n') => {
                self.keep(byte)?;
                self.check_trailers()?;
                State::End
            }
            (State::SizeLf | State::TrailerLf | State::LastLf, _) => return Err("a line does not end as a line"),
            (state @ (State::Data | State::End), _) => state,
        })
    }

    fn keep(&mut self, byte: u8) -> Result<(), &'static str> {
        self.trailers.push(byte);
        match self.trailers.len() >= REPLY_HEAD_MAX_BYTES {
            true => Err("its trailers are too long"),
            false => Ok(()),
        }
    }

    /// Nobody reads trailers, but they must be headers.
    fn check_trailers(&self) -> Result<(), &'static str> {
        let mut fields = [httparse::EMPTY_HEADER; REPLY_HEADERS_MAX];
        match httparse::parse_headers(&self.trailers, &mut fields) {
            Ok(httparse::Status::Complete(_)) => Ok(()),
            Ok(httparse::Status::Partial) | Err(_) => Err("its trailers are not headers"),
        }
    }
}
