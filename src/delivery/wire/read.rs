//! Reads the answers of a connection that is played step by step, as slowly as the plan has it; what broke, in words.

use super::super::attempt::Failure;
use super::super::connect::Link;
use super::super::kept;
use super::super::response::{NotHttp, Taken};
use super::super::tls_failure;
use super::evidence::Ending;
use super::play::Player;
use crate::clock;
use crate::event::{FailureClass, Phase};
use crate::faults::connection::turns;
use crate::http::Reply;
use std::io::{self, ErrorKind};
use std::time::Duration;
use tokio::io::AsyncReadExt;

/// How much is read at a time.
const READ_BYTES: usize = 16 * 1024;
/// How long saying goodbye may take, once the answer is there.
const GOODBYE_MAX: Duration = Duration::from_millis(500);

impl Player<'_> {
    /// The receiver ended the connection while the request was leaving; it may have answered before.
    pub(super) async fn read_after_end(&mut self) -> Result<Reply, Failure> {
        let ended = self.read(1, None).await;
        self.seen.end = Ending::EndedByReceiver;
        ended
    }

    /// Reads so many answers, at this pace; the last one. A connection is closed behind them.
    pub(super) async fn read(&mut self, answers: u32, bytes_per_second: Option<u64>) -> Result<Reply, Failure> {
        let mut last = None;
        while self.seen.answers < answers {
            let reply = match self.next(bytes_per_second).await {
                Ok(reply) => reply,
                Err(mut failure) => {
                    if failure.class != FailureClass::Timeout {
                        self.note_end();
                    }
                    if self.seen.answers > 0 {
                        let (came, of) = (self.seen.answers, answers);
                        failure.message.push_str(&format!("; {came} of {of} requests in one go were answered"));
                    }
                    return Err(failure);
                }
            };
            self.seen.answers += 1;
            if self.seen.answers < answers && kept::says_close(&reply) {
                // Nothing more comes here, and a receiver that waits for the end of the others waits for us.
                self.note_end();
                let message = "the receiver closes the connection behind its answer";
                return Err(Failure::new(FailureClass::Closed, Phase::FirstByte, message));
            }
            let is_last = reply.truncated;
            last = Some(reply);
            if is_last {
                break;
            }
        }
        self.note_end();
        if let Some(Link::Tls(_, identity)) = &self.link {
            identity.serve();
        }
        if let Some(link) = self.link.take() {
            // A receiver that does not take the goodbye still has its answer read.
            let _ = tokio::time::timeout(GOODBYE_MAX, link.close()).await;
        }
        last.ok_or_else(|| Failure::new(FailureClass::Fault, Phase::FirstByte, "no answer was to be read"))
    }

    /// Whether what failed is one of several requests in one go that the receiver closed the connection before. It may
    /// answer only the first of them; clients send the others again on a new connection (RFC 9112, 9.3.2).
    pub(super) fn may_go_again(&self, failure: &Failure) -> bool {
        self.plan.requests > 1 && failure.class == FailureClass::Closed && !self.response.is_begun()
    }

    fn note_end(&mut self) {
        self.seen.end = if self.is_half_closed { Ending::HalfClosed } else { Ending::Read };
    }

    /// The next answer.
    async fn next(&mut self, bytes_per_second: Option<u64>) -> Result<Reply, Failure> {
        let (piece_bytes, every) = match bytes_per_second {
            Some(rate) => turns(rate),
            None => (READ_BYTES, Duration::ZERO),
        };
        let mut buffer = vec![0; piece_bytes.min(READ_BYTES)];
        let mut came = std::mem::take(&mut self.early);
        loop {
            let taken = self.response.take(&came);
            let Taken { used, reply } =
                taken.map_err(|NotHttp(what)| Failure::not_http(self.response.phase(), what))?;
            if self.response.is_begun() || reply.is_some() {
                self.answered_at.get_or_insert_with(clock::steady);
            }
            if let Some(reply) = reply {
                self.early = came.split_off(used);
                return Ok(reply);
            }
            let phase = self.response.phase();
            let read = match (self.ended, &mut self.link) {
                (Some(Ok(())), _) | (None, None) => Ok(0),
                (Some(Err(kind)), _) => Err(io::Error::from(kind)),
                (None, Some(link)) => {
                    let slowly = async {
                        match every.is_zero() {
                            // A receiver that never stops talking lets the clock have its turn.
                            true => tokio::task::yield_now().await,
                            false => tokio::time::sleep(every).await,
                        }
                        link.stream().read(&mut buffer).await
                    };
                    self.deadline.hold(phase, slowly).await?
                }
            };
            match read {
                Ok(0) => return self.response.close().ok_or_else(|| self.broken("closed")),
                // A peer that closes TLS without saying so has closed it.
                Err(error) if error.kind() == ErrorKind::UnexpectedEof => {
                    return self.response.close().ok_or_else(|| self.broken("closed"));
                }
                Err(error) => {
                    return Err(match tls_failure::refusal(&error).filter(|_| !self.response.is_begun()) {
                        Some(message) => Failure::new(FailureClass::Tls, Phase::Tls, message),
                        None => self.broken("reset"),
                    });
                }
                Ok(count) => {
                    came.clear();
                    came.extend_from_slice(&buffer[..count]);
                }
            }
        }
    }

    fn broken(&self, how: &str) -> Failure {
        let phase = self.response.phase();
        let reached = if phase == Phase::FirstByte && !self.is_sent { Phase::Write } else { phase };
        let failure = Failure { phase, ..Failure::closed(how, reached, self.response.is_begun()) };
        match &self.link {
            Some(Link::Tls(_, identity)) if !self.response.is_begun() => identity.blamed(failure),
            _ => failure,
        }
    }
}
