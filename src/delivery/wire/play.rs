//! Plays the steps of a wire plan on a connection, one by one. What the steps are is decided in `faults`; the answer is read in
//! `read`.

use super::super::attempt::Failure;
use super::super::connect::{Deadline, Link};
use super::super::response::ResponseReader;
use super::evidence::{Ending, Seen};
use crate::clock;
use crate::event::{FailureClass, Phase};
use crate::http::{Reply, WireOp, WirePlan};
use std::io::ErrorKind;
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

/// How much of an answer is taken in before the request is over; what exceeds it waits in the network.
const EARLY_MAX_BYTES: usize = 64 * 1024;

/// One plan on one connection.
pub(super) struct Player<'p> {
    /// `None` once it was given up.
    pub(super) link: Option<Link>,
    pub(super) plan: &'p WirePlan,
    pub(super) deadline: Deadline,
    pub(super) response: ResponseReader,
    /// What came and was not read yet: while the request was still leaving, or behind a response.
    pub(super) early: Vec<u8>,
    /// How the receiver ended its side, where it did.
    pub(super) ended: Option<Result<(), ErrorKind>>,
    pub(super) answered_at: Option<Instant>,
    pub(super) is_half_closed: bool,
    /// Whether everything that was to be sent was.
    pub(super) is_sent: bool,
    pub(super) seen: Seen,
}

/// Why the request does not go on.
enum Halt {
    /// The receiver ended the connection.
    Ended,
    Failed(Failure),
}

impl From<Failure> for Halt {
    fn from(failure: Failure) -> Self {
        Halt::Failed(failure)
    }
}

impl<'p> Player<'p> {
    pub(super) fn new(link: Link, plan: &'p WirePlan, deadline: Deadline) -> Self {
        Self {
            link: Some(link),
            plan,
            deadline,
            response: ResponseReader::default(),
            early: Vec::new(),
            ended: None,
            answered_at: None,
            is_half_closed: false,
            is_sent: false,
            seen: Seen::default(),
        }
    }

    /// What has happened so far.
    pub(super) fn seen(&self) -> &Seen {
        &self.seen
    }

    /// When the head of an answer was there.
    pub(super) fn answered_at(&self) -> Option<Instant> {
        self.answered_at
    }

    /// Plays every step; the last answer.
    pub(super) async fn play(&mut self) -> Result<Reply, Failure> {
        let plan = self.plan;
        for op in &plan.ops {
            let halt = match op {
                WireOp::Send(range) => self.send(plan.part(range), Kind::Message).await,
                WireOp::Garbage(bytes) => self.send(bytes, Kind::Garbage).await,
                WireOp::Trickle { range, piece_bytes, every } => {
                    self.trickle(plan.part(range), *piece_bytes, *every).await
                }
                WireOp::Pause(pause) => self.pause(*pause).await,
                WireOp::HalfClose => self.half_close().await,
                WireOp::Read { answers, bytes_per_second } => {
                    self.is_sent = true;
                    return self.read(*answers, *bytes_per_second).await;
                }
                WireOp::Close => {
                    self.link = None;
                    self.seen.end = Ending::Abandoned;
                    let message = "the fault `abandon` closed the connection without reading the answer";
                    return Err(Failure::new(FailureClass::Fault, Phase::FirstByte, message));
                }
                WireOp::Reset => return Err(self.reset()),
            };
            match halt {
                Ok(()) => {}
                Err(Halt::Failed(failure)) => return Err(failure),
                Err(Halt::Ended) => return self.read_after_end().await,
            }
        }
        Err(Failure::new(FailureClass::Fault, Phase::FirstByte, "no answer was to be read"))
    }

    async fn send(&mut self, bytes: &[u8], kind: Kind) -> Result<(), Halt> {
        let Some(link) = &mut self.link else { return Err(Halt::Ended) };
        let stream = link.stream();
        let mut sent = 0;
        while sent < bytes.len() {
            match self.deadline.hold(Phase::Write, stream.write(&bytes[sent..])).await? {
                Ok(0) | Err(_) => return Err(Halt::Ended),
                Ok(count) => {
                    sent += count;
                    match kind {
                        Kind::Message => self.seen.sent += count,
                        Kind::Garbage => self.seen.garbage += count,
                    }
                }
            }
        }
        self.seen.segments += 1;
        match self.deadline.hold(Phase::Write, stream.flush()).await? {
            Ok(()) => Ok(()),
            Err(_) => Err(Halt::Ended),
        }
    }

    async fn trickle(&mut self, bytes: &[u8], piece_bytes: usize, every: Duration) -> Result<(), Halt> {
        for piece in bytes.chunks(piece_bytes.max(1)) {
            self.rest(every).await?;
            self.send(piece, Kind::Message).await?;
        }
        Ok(())
    }

    async fn pause(&mut self, pause: Duration) -> Result<(), Halt> {
        self.seen.pause(pause);
        self.rest(pause).await
    }

    /// Sends nothing for a while, but listens, where an answer is to be read: a receiver may lose its patience.
    async fn rest(&mut self, pause: Duration) -> Result<(), Halt> {
        let until = tokio::time::Instant::from_std(clock::steady()) + pause;
        let listens = matches!(self.plan.ops.last(), Some(WireOp::Read { bytes_per_second: None, .. }));
        let mut buffer = [0; 4096];
        loop {
            let Some(link) = &mut self.link else { return Err(Halt::Ended) };
            let hears = listens && self.early.len() < EARLY_MAX_BYTES;
            let turn = async {
                tokio::select! {
                    biased;
                    () = tokio::time::sleep_until(until) => None,
                    read = link.stream().read(&mut buffer), if hears => Some(read),
                }
            };
            match self.deadline.hold(Phase::Write, turn).await? {
                None => return Ok(()),
                Some(Ok(0)) => self.ended = Some(Ok(())),
                Some(Ok(count)) => {
                    self.answered_at.get_or_insert_with(clock::steady);
                    self.early.extend_from_slice(&buffer[..count]);
                    continue;
                }
                Some(Err(error)) => self.ended = Some(Err(error.kind())),
            }
            return Err(Halt::Ended);
        }
    }

    async fn half_close(&mut self) -> Result<(), Halt> {
        let Some(link) = &mut self.link else { return Err(Halt::Ended) };
        match self.deadline.hold(Phase::Write, link.stream().shutdown()).await? {
            Ok(()) => {
                self.is_half_closed = true;
                Ok(())
            }
            Err(_) => Err(Halt::Ended),
        }
    }

    fn reset(&mut self) -> Failure {
        let is_whole = self.seen.sent == self.plan.message.len() * self.plan.requests as usize;
        let (phase, when) = match (self.seen.sent, is_whole) {
            (0, _) => (Phase::Write, "before the request"),
            (_, true) => (Phase::FirstByte, "after the request"),
            (_, false) => (Phase::Write, "in the middle of the request"),
        };
        self.seen.end = Ending::Reset;
        match self.link.take().map(Link::reset) {
            Some(Err(error)) => {
                let message = format!("the connection could not be reset, and was closed: {error}");
                Failure::new(FailureClass::Fault, phase, message)
            }
            Some(Ok(())) | None => {
                Failure::new(FailureClass::Fault, phase, format!("the fault `reset` broke the connection off {when}"))
            }
        }
    }
}

/// What is being sent.
#[derive(Debug, Clone, Copy)]
enum Kind {
    Message,
    Garbage,
}
