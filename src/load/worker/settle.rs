//! What becomes of a push that was answered, or failed: it is acknowledged, lost, or tried again.

use super::Worker;
use super::admit::tick;
use crate::delivery::{AttemptOutcome, Failure, Verdict, judge_by};
use crate::event::{FailureClass, Timing};
use crate::http::Reply;
use crate::load::calls::Policy;
use crate::load::careful::Verdicts;
use crate::load::judging::Bend;
use crate::load::queue::Due;
use crate::load::shard::mix;
use crate::load::wheel::What;
use crate::load::{ATTEMPTS_MAX, CALLS_IN_FLIGHT_MAX};
use jiff::Timestamp;
use std::time::Duration;

impl Worker {
    /// An attempt was answered.
    pub(super) fn replied(&mut self, due: Due, (began, now): (u64, u64), bend: Bend, reply: Reply, acknowledged: bool) {
        let outcome = AttemptOutcome::Replied { reply, timing: timing(began, now) };
        let follows = if acknowledged { Verdicts::Settled } else { self.judge(&due, &outcome, now) };
        self.ended(due, (began, now), bend, outcome, follows);
    }

    /// An attempt ended without an answer; `began`: when it was written, or was due where it never was.
    pub(super) fn failed(&mut self, due: Due, began: u64, now: u64, failure: Failure) {
        let outcome = AttemptOutcome::Failed { failure, timing: timing(began, now) };
        let follows = self.judge(&due, &outcome, now);
        let is_asked = self.judging.expects(due.story.into());
        let is_spoilt = is_asked && self.is_spoilt(&due, due.what.attempt());
        self.ended(due, (began, now), Bend { is_spoilt, ..Bend::default() }, outcome, follows);
    }

    /// What the vendor does after an attempt that was not acknowledged.
    fn judge(&mut self, due: &Due, outcome: &AttemptOutcome, now: u64) -> Verdicts {
        let policies = self.setting.stories[usize::from(due.story)].calls.policies();
        let Some(Policy { retry, .. }) = policies.get(usize::from(due.policy)) else { return Verdicts::Never };
        let key = mix(u64::from(due.call), (due.what.step() as u64) << 32 | u64::from(due.what.attempt()));
        let fraction = || (mix(self.setting.load.seed, key) >> 11) as f64 / (1_u64 << 53) as f64;
        let since = Duration::from_nanos(now).mul_f64(self.setting.load.pace);
        let at = self.setting.load.start.checked_add(since).unwrap_or(Timestamp::MAX);
        match judge_by(retry, &retry.waits, due.what.attempt(), outcome, at, fraction) {
            Verdict::Again { wait, .. } => Verdicts::Again(wait),
            // No fault bends the connection of what is rendered.
            Verdict::Never(_) if outcome.is_excused(self.is_spoilt(due, due.what.attempt()), true) => Verdicts::Excused,
            Verdict::Never(_) => Verdicts::Never,
        }
    }

    /// An attempt has ended: it is counted, told where it is worth it, and what follows begins.
    pub(super) fn ended(
        &mut self,
        due: Due,
        (began, now): (u64, u64),
        bend: Bend,
        outcome: AttemptOutcome,
        follows: Verdicts,
    ) {
        let (kind, attempt) = (self.kind(&due), due.what.attempt());
        let (response, service) = took(&due, began, now);
        let follows = self.judge_expectations(&due, bend, response, &outcome, follows);
        let is_settled = follows == Verdicts::Settled;
        match &outcome {
            AttemptOutcome::Replied { reply, .. } => {
                self.ledger.answered(kind, attempt, reply.status, response, service);
                if !is_settled {
                    self.ledger.nack(kind);
                }
            }
            AttemptOutcome::Failed { failure, .. } => {
                self.ledger.failed(kind, attempt, (failure.class, failure.phase), (response, service));
                if failure.class == FailureClass::OutOfFiles {
                    self.ledger.short_of_files(failure.message.clone());
                }
            }
        }
        let sent = if is_settled { self.ledger.sent(kind) } else { 0 };
        if !is_settled || self.is_sampled(sent) {
            self.tell(&due, response, is_settled, outcome);
        }
        match follows {
            Verdicts::Settled => {}
            Verdicts::Again(wait)
                if attempt < ATTEMPTS_MAX && self.wheel.len() < CALLS_IN_FLIGHT_MAX && !self.is_ending() =>
            {
                let at = now.saturating_add(self.setting.real_ns(wait));
                let what = What::new(due.what.step(), due.what.target(), attempt + 1);
                return self.wheel.insert(due.call, due.start, what, tick(at));
            }
            Verdicts::Again(_) => {
                let tried = Self::tried(&due);
                self.judging.forget(tried);
                self.cut_off(&due, attempt);
            }
            Verdicts::Never => self.ledger.lost(kind),
            Verdicts::Excused => self.ledger.excused(kind),
        }
        self.settled(&due);
    }

    /// A push is not tried again after this many attempts, though it would have been: it is excused where a fault corrupted
    /// the last one, as a later one might have been taken.
    pub(super) fn cut_off(&mut self, due: &Due, attempts: u32) {
        let kind = self.kind(due);
        match self.is_spoilt(due, attempts) {
            true => self.ledger.excused(kind),
            false => self.ledger.lost(kind),
        }
    }

    /// Whether one is told of the acknowledged push that has this number.
    pub(super) fn is_sampled(&self, sent: u64) -> bool {
        let sample = self.setting.load.sample;
        sample > 0 && sent.is_multiple_of(sample)
    }
}

/// How long an attempt took from its intended start, and from its real one.
pub(super) fn took(due: &Due, began: u64, now: u64) -> (Duration, Duration) {
    (Duration::from_nanos(now.saturating_sub(due.at_ns)), Duration::from_nanos(now.saturating_sub(began)))
}

pub(super) fn timing(began: u64, now: u64) -> Timing {
    Timing { total: Duration::from_nanos(now.saturating_sub(began)), ..Timing::default() }
}
