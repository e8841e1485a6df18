//! One HTTP/1.1 connection as a state machine on a socket that never blocks: writes a request, reads the answer. What an
//! answer means is not decided here.

use super::answer::{self, Read, Whole};
use super::known::Known;
use super::queue::Due;
use crate::delivery::{Failure, KEPT_MAX};
use crate::event::{FailureClass, Phase};
use mio::net::TcpStream;
use std::io::{self, ErrorKind, Read as _, Write as _};
use std::time::Duration;

/// How much room for a long answer is kept until the next one.
const INPUT_KEPT_BYTES: usize = 16 * 1024;

/// A connection to an endpoint.
pub struct Connection {
    pub(super) socket: TcpStream,
    /// The endpoint, by index.
    pub(super) endpoint: u32,
    pub(super) state: State,
    /// What is under way on it; the last one where nothing is.
    pub(super) due: Due,
    /// When the attempt began to be written, or the connection to be opened.
    pub(super) began_ns: u64,
    /// When the attempt, or the opening, has taken too long.
    pub(super) deadline_ns: u64,
    /// Whether nothing was answered on it yet.
    pub(super) fresh: bool,
    /// Of a request that the system did not take at once: all of it, and how much it took.
    rest: Vec<u8>,
    written: usize,
    /// Of an answer that did not come at once: what has come.
    pub(super) input: Vec<u8>,
}

/// What a connection is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// Being opened.
    Opening,
    /// Kept for the next push.
    Idle,
    /// A request is being written.
    Writing,
    /// An answer is waited for.
    Reading,
}

/// How a write went.
pub enum Written {
    /// All, or as much as the system takes now; the rest follows.
    Under,
    /// Nothing of it: the connection is closed, and another can be tried.
    Nothing,
    /// Some of it, and the connection broke.
    Broke(Failure),
}

/// How a read went.
pub enum Answered {
    /// Nothing new.
    Waits,
    /// The answer is one that is known by heart: it acknowledges, and the connection is kept. Its status, and how many of
    /// the first bytes of the buffer it is.
    Known(u16, usize),
    /// The answer is whole. Its bytes are the input of the connection, or the first of the buffer.
    Whole(Whole, Place),
    /// There will be none.
    Broke(Failure),
}

/// Where the bytes of an answer are.
#[derive(Debug, Clone, Copy)]
pub enum Place {
    /// In the buffer that was read into: so many, all in one read.
    Buffer(usize),
    /// In [`Connection::input`].
    Input,
}

impl Connection {
    /// A connection that is being opened.
    pub fn opening(socket: TcpStream, endpoint: u32, due: Due, began_ns: u64, deadline_ns: u64) -> Self {
        Self {
            socket,
            endpoint,
            state: State::Opening,
            due,
            began_ns,
            deadline_ns,
            fresh: true,
            rest: Vec::new(),
            written: 0,
            input: Vec::new(),
        }
    }

    /// Whether it has rested so long that the receiver may well close it just now.
    pub fn is_stale(&self, now_ns: u64) -> bool {
        now_ns.saturating_sub(self.began_ns) > KEPT_MAX.as_nanos() as u64
    }

    /// Whether a connection that was being opened is open; `None` where it is not known yet.
    pub fn opened(&mut self) -> Option<io::Result<()>> {
        match self.socket.take_error() {
            Ok(Some(error)) | Err(error) => return Some(Err(error)),
            Ok(None) => {}
        }
        match self.socket.peer_addr() {
            Ok(_) => {
                // Without it pushes would only be slower.
                let _ = self.socket.set_nodelay(true);
                self.state = State::Idle;
                Some(Ok(()))
            }
            Err(error) if error.kind() == ErrorKind::NotConnected => None,
            Err(error) => Some(Err(error)),
        }
    }

    /// Begins to write a request.
    pub fn write(&mut self, request: &[u8], due: Due, began_ns: u64, timeout: Duration) -> Written {
        self.due = due;
        self.began_ns = began_ns;
        self.deadline_ns = began_ns.saturating_add(u64::try_from(timeout.as_nanos()).unwrap_or(u64::MAX));
        self.input.clear();
        self.input.shrink_to(INPUT_KEPT_BYTES);
        self.written = 0;
        loop {
            match self.socket.write(request) {
                Ok(count) if count == request.len() => {
                    self.state = State::Reading;
                    return Written::Under;
                }
                Ok(count) => {
                    self.rest.clear();
                    self.rest.extend_from_slice(request);
                    self.written = count;
                    self.state = State::Writing;
                    return self.go_on();
                }
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) if error.kind() == ErrorKind::WouldBlock => {
                    self.rest.clear();
                    self.rest.extend_from_slice(request);
                    self.state = State::Writing;
                    return Written::Under;
                }
                Err(_) => return Written::Nothing,
            }
        }
    }

    /// Writes on, where the system takes more.
    pub fn go_on(&mut self) -> Written {
        while self.written < self.rest.len() {
            match self.socket.write(&self.rest[self.written..]) {
                Ok(count) => self.written += count,
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) if error.kind() == ErrorKind::WouldBlock => return Written::Under,
                Err(_) if self.written == 0 => return Written::Nothing,
                Err(error) => return Written::Broke(broke(&error, Phase::Write)),
            }
        }
        self.state = State::Reading;
        Written::Under
    }

    /// Reads what has come, by way of a buffer. `is_closed`: whether the other side has sent its last byte.
    pub fn read(&mut self, buffer: &mut [u8], known: &Known, is_closed: bool) -> Answered {
        loop {
            let count = match self.socket.read(buffer) {
                Ok(count) => count,
                Err(error) if error.kind() == ErrorKind::Interrupted => continue,
                Err(error) if error.kind() == ErrorKind::WouldBlock => return Answered::Waits,
                Err(error) => return Answered::Broke(broke(&error, self.phase())),
            };
            let closed = count == 0;
            let found = if self.input.is_empty() {
                if let Some(status) = known.find(&buffer[..count]) {
                    return Answered::Known(status, count);
                }
                match answer::read(&buffer[..count], closed) {
                    Read::Whole(whole) => return Answered::Whole(whole, Place::Buffer(count)),
                    Read::Part(phase) => {
                        self.input.extend_from_slice(&buffer[..count]);
                        Read::Part(phase)
                    }
                    Read::Wrong(failure) => Read::Wrong(failure),
                }
            } else {
                self.input.extend_from_slice(&buffer[..count]);
                answer::read(&self.input, closed)
            };
            match found {
                Read::Whole(whole) => return Answered::Whole(whole, Place::Input),
                Read::Wrong(failure) => return Answered::Broke(failure),
                Read::Part(_) if closed => return Answered::Broke(self.closed()),
                // Less than there was room for: the socket is empty, and tells when it is not.
                Read::Part(_) if count < buffer.len() && !is_closed => return Answered::Waits,
                Read::Part(_) => {}
            }
        }
    }

    /// In which phase the attempt on it is.
    pub fn phase(&self) -> Phase {
        match self.state {
            State::Opening => Phase::Connect,
            State::Writing => Phase::Write,
            State::Idle | State::Reading if self.input.is_empty() => Phase::FirstByte,
            State::Idle | State::Reading => match answer::read(&self.input, false) {
                Read::Part(phase) => phase,
                Read::Whole(_) | Read::Wrong(_) => Phase::Body,
            },
        }
    }

    fn closed(&self) -> Failure {
        let phase = self.phase();
        let when = match (phase, self.input.is_empty()) {
            (Phase::Body, _) => "in the middle of the body of the answer",
            (_, false) => "in the middle of the head of the answer",
            (_, true) if self.fresh => "without an answer",
            (_, true) => "without an answer, on a connection that was kept from the push before",
        };
        Failure::new(FailureClass::Closed, phase, format!("the receiver closed the connection {when}"))
    }
}

fn broke(error: &io::Error, phase: Phase) -> Failure {
    let message = match error.kind() {
        ErrorKind::ConnectionReset => "the receiver reset the connection".to_owned(),
        _ => format!("the connection broke: {error}"),
    };
    Failure::new(FailureClass::Closed, phase, message)
}
