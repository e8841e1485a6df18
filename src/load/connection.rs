//! One HTTP/1.1 connection as a state machine on a socket that never blocks: writes a request, reads the answer. What an
//! answer means is not decided here.

use super::known::Known;
use super::queue::{Due, Leaving};
use crate::delivery::{Failure, KEPT_MAX, NotHttp, ResponseReader, Taken, is_kept_after};
use crate::event::{FailureClass, Phase};
use crate::http::Reply;
use mio::net::TcpStream;
use std::io::{self, ErrorKind, Read as _, Write as _};

/// How many times one connection is read before the others have their turn, and before clocks are looked at: what a receiver
/// sends without end must not hold a worker.
const READS_AT_ONCE_MAX: usize = 2;

/// A connection to an endpoint.
pub struct Connection {
    pub(super) socket: TcpStream,
    /// The endpoint, by index.
    pub(super) endpoint: u32,
    /// Its address, by index.
    pub(super) address: usize,
    pub(super) state: State,
    /// What is under way on it; the last one where nothing is.
    pub(super) due: Due,
    /// When the attempt began to be written, or the connection to be opened.
    pub(super) began_ns: u64,
    /// When the attempt, or the opening, has taken too long.
    pub(super) deadline_ns: u64,
    /// Whether it has neither answered nor rested yet.
    pub(super) fresh: bool,
    /// What is remarked of the answer to what is under way on it.
    pub(super) remark: Option<String>,
    /// Whether a fault has corrupted what is under way on it.
    pub(super) is_spoilt: bool,
    /// Of a request that the system did not take at once: all of it, and how much it took.
    rest: Vec<u8>,
    written: usize,
    /// Of an answer that did not come at once: what has come.
    response: ResponseReader,
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
    /// There may be more to read, but others have their turn first.
    More,
    /// The answer is one that is known by heart: it acknowledges, and the connection is kept. Its status, and how many of
    /// the first bytes of the buffer it is.
    Known(u16, usize),
    /// The answer is whole.
    Whole(Whole),
    /// There will be none.
    Broke(Failure),
}

/// A whole answer.
pub struct Whole {
    /// The answer.
    pub reply: Reply,
    /// Whether the connection can take another request.
    pub is_kept: bool,
    /// How many of the first bytes of the buffer it is, where it came in one read and nothing else with it.
    pub in_one: Option<usize>,
}

/// Where a connection goes.
#[derive(Debug, Clone, Copy)]
pub struct Peer {
    /// The endpoint, by index.
    pub endpoint: u32,
    /// Its address, by index.
    pub address: usize,
}

impl Connection {
    /// A connection that is being opened.
    pub fn opening(socket: TcpStream, peer: Peer, due: Due, began_ns: u64, deadline_ns: u64) -> Self {
        Self {
            socket,
            endpoint: peer.endpoint,
            address: peer.address,
            state: State::Opening,
            due,
            began_ns,
            deadline_ns,
            fresh: true,
            remark: None,
            is_spoilt: false,
            rest: Vec::new(),
            written: 0,
            response: ResponseReader::default(),
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
    pub fn write(&mut self, request: &[u8], leaving: Leaving) -> Written {
        let Leaving { due, began_ns, deadline_ns, remark } = leaving;
        (self.due, self.began_ns, self.deadline_ns, self.remark) = (due, began_ns, deadline_ns, remark);
        self.response = ResponseReader::default();
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
                Err(error) => return Written::Broke(self.broke(&error)),
            }
        }
        self.state = State::Reading;
        Written::Under
    }

    /// Reads what has come, by way of a buffer. `is_closed`: whether the other side has sent its last byte.
    pub fn read(&mut self, buffer: &mut [u8], known: &Known, is_closed: bool) -> Answered {
        for _ in 0..READS_AT_ONCE_MAX {
            let count = match self.socket.read(buffer) {
                Ok(0) => {
                    return match self.response.close() {
                        Some(reply) => Answered::Whole(Whole { reply, is_kept: false, in_one: None }),
                        None => Answered::Broke(Failure::closed("closed", self.phase(), self.response.is_begun())),
                    };
                }
                Ok(count) => count,
                Err(error) if error.kind() == ErrorKind::Interrupted => continue,
                Err(error) if error.kind() == ErrorKind::WouldBlock => return Answered::Waits,
                Err(error) => return Answered::Broke(self.broke(&error)),
            };
            let is_first = !self.response.is_begun();
            if is_first && let Some(status) = known.find(&buffer[..count]) {
                return Answered::Known(status, count);
            }
            match self.response.take(&buffer[..count]) {
                Ok(Taken { reply: Some(reply), used }) => {
                    // What nobody asked for makes the connection useless.
                    let is_kept = used == count && is_kept_after(&reply);
                    let in_one = (is_first && used == count).then_some(count);
                    return Answered::Whole(Whole { reply, is_kept, in_one });
                }
                Err(NotHttp(what)) => {
                    return Answered::Broke(Failure::not_http(self.phase(), what));
                }
                // Less than there was room for: the socket is empty, and tells when it is not.
                Ok(_) if count < buffer.len() && !is_closed => return Answered::Waits,
                Ok(_) => {}
            }
        }
        Answered::More
    }

    /// Whether nothing has come on a connection at rest: it is neither closed, nor does the receiver speak out of turn.
    pub fn is_quiet(&mut self) -> bool {
        matches!(self.socket.read(&mut [0]), Err(error) if error.kind() == ErrorKind::WouldBlock)
    }

    /// Whether this failure means no more than that a kept connection ended just as a push left on it: clients send once more.
    pub fn ended_unanswered(&self, failure: &Failure) -> bool {
        !self.fresh && !self.response.is_begun() && failure.class == FailureClass::Closed
    }

    /// In which phase the attempt on it is.
    pub fn phase(&self) -> Phase {
        match self.state {
            State::Opening => Phase::Connect,
            State::Writing => Phase::Write,
            State::Idle | State::Reading => self.response.phase(),
        }
    }

    fn broke(&self, error: &io::Error) -> Failure {
        match error.kind() {
            ErrorKind::ConnectionReset => Failure::closed("reset", self.phase(), self.response.is_begun()),
            _ => Failure::new(FailureClass::Closed, self.phase(), format!("the connection broke: {error}")),
        }
    }
}
