//! What becomes of a push that was answered, or failed: it is acknowledged, lost, or tried again.

use super::Worker;
use super::admit::tick;
use crate::delivery::{AttemptOutcome, Failure, Verdict, judge_by};
use crate::event::Timing;
use crate::http::Reply;
use crate::load::queue::Due;
use crate::load::shard::mix;
use crate::load::wheel::What;
use crate::load::{ATTEMPTS_MAX, CALLS_IN_FLIGHT_MAX};
use jiff::Timestamp;
use std::time::Duration;

impl Worker {
    /// An attempt was answered.
    pub(super) fn replied(&mut self, due: Due, (began, now): (u64, u64), reply: Reply, acknowledged: bool) {
        let (kind, attempt) = (self.kind(&due), due.what.attempt());
        let (response, service) = took(&due, began, now);
        self.ledger.answered(kind, attempt, reply.status, response, service);
        let outcome = AttemptOutcome::Replied { reply, timing: timing(began, now) };
        if acknowledged {
            self.sent(&due, response, outcome);
        } else {
            self.ledger.nack(kind);
            let wait = self.judge(&due, &outcome, now);
            self.tell(&due, response, false, outcome);
            self.follow(due, wait, now);
        }
    }

    /// A push is acknowledged.
    pub(super) fn sent(&mut self, due: &Due, response: Duration, outcome: AttemptOutcome) {
        let sent = self.ledger.sent(self.kind(due));
        if self.is_sampled(sent) {
            self.tell(due, response, true, outcome);
        }
        self.conclude(due);
    }

    /// An attempt ended without an answer; `began`: when it was written, or was due where it never was.
    pub(super) fn failed(&mut self, due: Due, began: u64, now: u64, failure: Failure) {
        let (kind, attempt) = (self.kind(&due), due.what.attempt());
        let took = took(&due, began, now);
        self.ledger.failed(kind, attempt, (failure.class, failure.phase), took);
        let outcome = AttemptOutcome::Failed { failure, timing: timing(began, now) };
        let wait = self.judge(&due, &outcome, now);
        self.tell(&due, took.0, false, outcome);
        self.follow(due, wait, now);
    }

    /// How long the vendor waits before it tries again; none where it does not.
    fn judge(&self, due: &Due, outcome: &AttemptOutcome, now: u64) -> Option<Duration> {
        let policies = self.setting.stories[usize::from(due.story)].calls.policies();
        let policy = &policies.get(usize::from(due.policy))?.retry;
        let key = mix(u64::from(due.call), (due.what.step() as u64) << 32 | u64::from(due.what.attempt()));
        let fraction = || (mix(self.setting.load.seed, key) >> 11) as f64 / (1_u64 << 53) as f64;
        let since = Duration::from_nanos(now).mul_f64(self.setting.load.pace);
        let at = self.setting.load.start.checked_add(since).unwrap_or(Timestamp::MAX);
        match judge_by(policy, &policy.waits, due.what.attempt(), outcome, at, fraction) {
            Verdict::Again { wait, .. } => Some(wait),
            Verdict::Never(_) => None,
        }
    }

    /// What follows a failed attempt: another one, or the push is lost.
    pub(super) fn follow(&mut self, due: Due, wait: Option<Duration>, now: u64) {
        let attempt = due.what.attempt() + 1;
        match wait {
            Some(wait) if attempt <= ATTEMPTS_MAX && self.wheel.len() < CALLS_IN_FLIGHT_MAX && !self.is_ending() => {
                let at = now.saturating_add(self.setting.real_ns(wait));
                let what = What::new(due.what.step(), due.what.target(), attempt);
                return self.wheel.insert(due.call, due.start, what, tick(at));
            }
            Some(_) => self.cut_off(&due, due.what.attempt()),
            None => self.ledger.lost(self.kind(&due)),
        }
        self.conclude(&due);
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
