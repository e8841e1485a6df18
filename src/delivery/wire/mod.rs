//! Sends a request below HTTP: renders its bytes, plays the steps of a bent connection on a socket of its own, and reads
//! the answer. What is played is decided in `faults`.

mod evidence;
mod play;
mod read;
mod render;

pub use evidence::intent;
pub use render::render;

use super::attempt::{AttemptOutcome, Failure};
use super::connect::{self, Deadline, Speech, Window};
use super::request::Outgoing;
use super::send::{TIMEOUT_MAX, Transport};
use crate::clock;
use crate::event::{FailureClass, Phase, Timing};
use crate::faults::connection::Connection;
use crate::http::{WireOp, WirePlan};
use play::Player;
use tokio::time::Instant;

/// How much the receiver may send before it is read, where a fault reads slowly; the system may make it a little more.
pub const SMALL_WINDOW_BYTES: u32 = 4096;

/// What came of an attempt that was played step by step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Played {
    /// How it ended.
    pub outcome: AttemptOutcome,
    /// What was seen on the wire: "sent 812 of 2031 bytes, then RST".
    pub evidence: String,
}

impl Played {
    /// How it ended; of a failure with what was seen on the wire.
    pub fn into_outcome(self) -> AttemptOutcome {
        match self.outcome {
            AttemptOutcome::Failed { mut failure, timing } => {
                failure.message = format!("{} ({})", failure.message, self.evidence);
                AttemptOutcome::Failed { failure, timing }
            }
            replied @ AttemptOutcome::Replied { .. } => replied,
        }
    }
}

impl Outgoing {
    /// Everything that an attempt of this request does on the wire, where the connection is bent like this.
    ///
    /// # Errors
    /// Where the request cannot be written as HTTP.
    pub fn wire_plan(&self, connection: &Connection) -> Result<WirePlan, Failure> {
        let message = render(self, connection.framing(self.body.len()))?;
        Ok(connection.plan(&message))
    }
}

impl Transport {
    /// Sends a request over a connection that is bent, always a new one, at most as long as the request allows. Waiting
    /// for a connection to be allowed does not count.
    pub async fn play(&self, outgoing: &Outgoing, connection: &Connection) -> Played {
        let mut timing = Timing::default();
        let unsent = |failure, evidence: &str| Played {
            outcome: AttemptOutcome::Failed { failure, timing: Timing::default() },
            evidence: evidence.to_owned(),
        };
        let plan = match outgoing.wire_plan(connection) {
            Ok(plan) => plan,
            Err(failure) => return unsent(failure, "nothing was sent"),
        };
        if plan.ops.is_empty() {
            let message = "the fault `refuse` kept the connection from being opened";
            return unsent(Failure::new(FailureClass::Fault, Phase::Connect, message), "no connection was opened");
        }
        let Some(host) = self.0.pool.host(&outgoing.url, outgoing.letters()) else {
            let message = format!("the address {} names no host", outgoing.url);
            return unsent(Failure::new(FailureClass::Unsendable, Phase::Resolve, message), "nothing was sent");
        };
        let permit = host.permit().await;
        let began = clock::steady();
        let limit = outgoing.timeout.min(TIMEOUT_MAX);
        let deadline = Deadline { at: Instant::from_std(began) + limit, limit };
        let link = {
            let speech = Speech::Untouched;
            connect::link(&outgoing.url, &self.0, speech, window(&plan), deadline, &mut timing).await
        };
        let link = match link {
            Ok((link, _)) => link,
            Err(failure) => {
                timing.total = began.elapsed();
                return Played {
                    outcome: AttemptOutcome::Failed { failure, timing },
                    evidence: "nothing was sent".to_owned(),
                };
            }
        };
        let mut player = Player::new(link, &plan, deadline);
        let ended = player.play().await;
        if matches!(&ended, Err(failure) if player.may_go_again(failure)) {
            drop(permit);
            let left = deadline.at.saturating_duration_since(Instant::from_std(clock::steady()));
            let outcome = self.send(&Outgoing { timeout: left, ..outgoing.clone() }).await;
            return Played { outcome, evidence: evidence::words(&plan, player.seen()) };
        }
        timing.first_byte = player.answered_at().map(|at| at.saturating_duration_since(began));
        timing.total = began.elapsed();
        let evidence = evidence::words(&plan, player.seen());
        let outcome = match ended {
            Ok(reply) => AttemptOutcome::Replied { reply: reply.decoded(outgoing.compression()), timing },
            Err(failure) => AttemptOutcome::Failed { failure, timing },
        };
        Played { outcome, evidence }
    }
}

/// A slow reader offers little room; anyone else what the system gives.
fn window(plan: &WirePlan) -> Window {
    let is_slow = |op: &WireOp| matches!(op, WireOp::Read { bytes_per_second: Some(_), .. });
    if plan.ops.iter().any(is_slow) { Window::Bytes(SMALL_WINDOW_BYTES) } else { Window::Usual }
}
