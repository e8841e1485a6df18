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
use super::kept::sent_once_more;
use super::request::Outgoing;
use super::send::Transport;
use crate::event::{FailureClass, Phase, Timing};
use crate::faults::connection::Connection;
use crate::http::{WireOp, WirePlan};
use play::Player;

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
        let unsent = |failure, timing, evidence: &str| Played {
            outcome: AttemptOutcome::Failed { failure, timing },
            evidence: evidence.to_owned(),
        };
        let plan = match outgoing.wire_plan(connection) {
            Ok(plan) => plan,
            Err(failure) => return unsent(failure, timing, "nothing was sent"),
        };
        if plan.ops.is_empty() {
            let message = "the fault `refuse` kept the connection from being opened";
            let failure = Failure::new(FailureClass::Fault, Phase::Connect, message);
            return unsent(failure, timing, "no connection was opened");
        }
        let host = match self.0.pool.host(outgoing) {
            Ok(host) => host,
            Err(failure) => return unsent(failure, timing, "nothing was sent"),
        };
        let _permit = host.permit().await;
        let deadline = Deadline::of(outgoing);
        let link = connect::link(&outgoing.url, &self.0, Speech::Untouched, window(&plan), deadline, &mut timing).await;
        let link = match link {
            Ok((link, _)) => link,
            Err(failure) => {
                timing.total = deadline.began.elapsed();
                return unsent(failure, timing, "nothing was sent");
            }
        };
        let mut player = Player::new(link, &plan, deadline);
        let ended = player.play().await;
        timing.first_byte = player.answered_at().map(|at| at.saturating_duration_since(deadline.began));
        timing.total = deadline.began.elapsed();
        let evidence = evidence::words(&plan, player.seen());
        let outcome = match ended {
            Err(failure) if player.may_go_again(&failure) => {
                drop(player);
                let mut again = self.send_by(deadline, &host, outgoing, None).await;
                if let AttemptOutcome::Replied { reply, .. } = &mut again {
                    reply.remark.get_or_insert_with(|| sent_once_more(&failure.message));
                }
                again
            }
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
