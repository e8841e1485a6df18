//! One attempt at one delivery, and how it ended: the values that pass between the engine and the transport.

use crate::event::{ANSWER_LOST, DeliveryId, FailureClass, Phase, RunEvent, Timing};
use crate::faults::{Answer, Fate};
use crate::http::{Reply, Version, masked};
use crate::plan::{Delivery, Plan};
use crate::vendors::Acknowledgement;
use jiff::Timestamp;
use std::fmt::Display;
use std::sync::Arc;
use std::time::Duration;
use url::Url;

/// How a server refuses a method that it does not know (RFC 9110, 15.6.2): it has not broken down.
const NOT_IMPLEMENTED: u16 = 501;

/// Names one attempt of one engine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AttemptId {
    /// The engine's own place for this delivery to this target.
    pub(super) slot: usize,
    /// Which attempt, from 1.
    pub(super) attempt: u32,
}

/// An attempt that is to leave now.
#[derive(Debug, Clone)]
pub struct Attempt {
    /// By which it is settled.
    pub id: AttemptId,
    /// By which events name it.
    pub delivery_id: DeliveryId,
    /// What is sent.
    pub delivery: Arc<Delivery>,
    /// Where to.
    pub target: Url,
    /// Which attempt, from 1.
    pub number: u32,
    /// How many attempts there can be.
    pub attempts_max: u32,
    /// When, from the start of the scenario.
    pub offset: Duration,
    /// When, as an instant of the scenario.
    pub at: Timestamp,
    /// When by the plan, from the start of the scenario: free of how long answers really took.
    pub nominal: Duration,
    /// What becomes of it.
    pub fate: Box<Fate>,
}

impl Attempt {
    /// An attempt at delivery number `index`, from 0, of a plan to its target number `target`, from 0: outside any engine,
    /// which it cannot be settled in. `None` where the plan has no such delivery or target, or the one never goes to the other.
    pub fn alone(plan: &Plan, index: usize, target: usize, number: u32, offset: Duration) -> Option<Self> {
        let (delivery, url) = (plan.deliveries.get(index)?, plan.targets.get(target)?);
        let target = u32::try_from(target).ok()?.checked_add(1)?;
        if !delivery.leaves_when_due() || !plan.reaches(delivery, target) {
            return None;
        }
        Some(Self {
            id: AttemptId { slot: index, attempt: number },
            delivery_id: DeliveryId {
                scenario: plan.scenario.clone(),
                push: delivery.push.clone(),
                call: delivery.call.clone(),
                number: delivery.number,
                target,
            },
            delivery: Arc::new(delivery.clone()),
            target: url.clone(),
            number,
            attempts_max: u32::try_from(super::retry::waits(plan, delivery).len())
                .unwrap_or(u32::MAX)
                .saturating_add(1),
            offset,
            at: plan.instant(offset),
            nominal: offset,
            fate: Box::new(plan.fate(delivery, target, number, offset)),
        })
    }
}

/// How an attempt ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AttemptOutcome {
    /// With an answer, whatever it says.
    Replied {
        /// The answer.
        reply: Reply,
        /// How long each phase took.
        timing: Timing,
    },
    /// Without one.
    Failed {
        /// What went wrong.
        failure: Failure,
        /// How long each phase took.
        timing: Timing,
    },
}

impl AttemptOutcome {
    /// Whether a receiver that did not take the last attempt was right not to: a fault corrupted it, and the receiver neither
    /// broke down over it nor failed to answer what did reach it.
    pub fn is_excused(&self, is_spoilt: bool, is_clean: bool) -> bool {
        is_spoilt
            && match self {
                AttemptOutcome::Replied { reply, .. } => reply.status < 500 || reply.status == NOT_IMPLEMENTED,
                AttemptOutcome::Failed { .. } => !is_clean,
            }
    }

    /// What the vendor makes of the end of an attempt at this delivery, of whose answer becomes what `answer` says.
    pub fn verdict(&self, plan: &Plan, delivery: &Delivery, answer: Answer) -> Acknowledgement {
        match (self, answer) {
            (AttemptOutcome::Replied { .. }, Answer::Lost(_)) => Acknowledgement::No(ANSWER_LOST.to_owned()),
            (AttemptOutcome::Replied { reply, .. }, Answer::Read) => acknowledged(plan, delivery, reply),
            (AttemptOutcome::Failed { failure, .. }, _) => {
                Acknowledgement::No(format!("{}: {}", failure.class.as_str(), failure.message))
            }
        }
    }

    /// The event of it. `verdict` is what the vendor makes of an answer.
    pub fn event(&self, delivery: DeliveryId, attempt: u32, verdict: &Acknowledgement) -> RunEvent {
        let (reason, warning) = match verdict {
            Acknowledgement::Yes => (None, None),
            Acknowledgement::YesBut(warning) => (None, Some(warning.clone())),
            Acknowledgement::No(reason) => (Some(reason.clone()), None),
        };
        match self {
            AttemptOutcome::Replied { reply, timing } => RunEvent::Replied {
                delivery,
                attempt,
                status: reply.status,
                headers: masked(&reply.headers),
                body: String::from_utf8_lossy(&reply.body).into_owned(),
                truncated: reply.truncated,
                version: (reply.version != Version::Http11).then(|| reply.version.as_str()),
                remark: reply.remark.clone(),
                timing: *timing,
                acknowledged: reason.is_none(),
                reason,
                warning,
            },
            AttemptOutcome::Failed { failure, timing } => RunEvent::Failed {
                delivery,
                attempt,
                class: failure.class,
                phase: failure.phase,
                message: failure.message.clone(),
                timing: *timing,
            },
        }
    }
}

/// What the vendor makes of the reply to a delivery.
fn acknowledged(plan: &Plan, delivery: &Delivery, reply: &Reply) -> Acknowledgement {
    match plan.vendor.acknowledged_push(delivery.request.name, reply, &plan.options) {
        Acknowledgement::No(reason) => Acknowledgement::No(match reply.header("location") {
            Some(place) if (300..400).contains(&reply.status) => {
                format!("{reason}; a redirect to {place} is not followed")
            }
            _ => reason,
        }),
        settled @ (Acknowledgement::Yes | Acknowledgement::YesBut(_)) => settled,
    }
}

/// What ended an attempt without an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// What kind of failure.
    pub class: FailureClass,
    /// In which phase.
    pub phase: Phase,
    /// What went wrong, in words.
    pub message: String,
}

impl Failure {
    /// A failure.
    pub fn new(class: FailureClass, phase: Phase, message: impl Into<String>) -> Self {
        Self { class, phase, message: message.into() }
    }

    /// The failure of an attempt whose time was up.
    pub fn timeout(phase: Phase, limit: Duration) -> Self {
        let doing = match phase {
            Phase::Resolve => "finding the address of the host",
            Phase::Connect => "opening the connection",
            Phase::Tls => "agreeing on TLS",
            Phase::Write => "writing the request",
            Phase::FirstByte => "waiting for the head of the answer",
            Phase::Body => "reading the body of the answer",
        };
        Self::new(FailureClass::Timeout, phase, format!("the time limit of {limit:?} ran out while {doing}"))
    }

    /// What came back is not HTTP.
    pub fn not_http(phase: Phase, what: impl Display) -> Self {
        Self::new(FailureClass::NotHttp, phase, format!("what came back is not HTTP: {what}"))
    }

    /// The receiver ended the connection: `how`, and whether any byte of an answer had come.
    pub fn closed(how: &str, phase: Phase, is_begun: bool) -> Self {
        Self::new(FailureClass::Closed, phase, format!("the receiver {how} the connection {}", when(phase, is_begun)))
    }

    /// Whether the target was never reached: no connection, or no agreement on TLS. One that a fault kept from being
    /// reached may well be there.
    pub fn is_unreached(&self) -> bool {
        match self.phase {
            _ if self.class == FailureClass::Fault => false,
            Phase::Resolve | Phase::Connect | Phase::Tls => true,
            Phase::Write | Phase::FirstByte | Phase::Body => false,
        }
    }
}

/// At what point of an attempt its connection ended.
pub(super) fn when(phase: Phase, is_begun: bool) -> &'static str {
    match (phase, is_begun) {
        (Phase::Body, _) => "in the middle of the body of the answer",
        (_, true) => "in the middle of the head of the answer",
        (Phase::FirstByte, false) => "without an answer",
        (_, false) => "before the whole request was written",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_a_fault_corrupted_is_excused_and_only_where_the_receiver_did_not_break_down() {
        let timing = Timing::default();
        let replied = |status| AttemptOutcome::Replied { reply: Reply { status, ..Reply::default() }, timing };
        let failed = AttemptOutcome::Failed { failure: Failure::closed("closed", Phase::FirstByte, false), timing };
        for (outcome, corrupted, corrupted_by_the_connection) in [
            (replied(400), true, true),
            (replied(499), true, true),
            (replied(500), false, false),
            (replied(NOT_IMPLEMENTED), true, true),
            (replied(503), false, false),
            (failed, false, true),
        ] {
            let excused = |is_spoilt, is_clean| outcome.is_excused(is_spoilt, is_clean);
            assert_eq!((excused(false, true), excused(false, false)), (false, false), "{outcome:?}");
            assert_eq!(
                (excused(true, true), excused(true, false)),
                (corrupted, corrupted_by_the_connection),
                "{outcome:?}"
            );
        }
    }
}
