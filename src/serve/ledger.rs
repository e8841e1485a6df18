//! What became of each push of a run, folded from its events. Keeps the newest, within limits.

use super::delivery::{Answer, Attempt, Delivery, Failure, State};
use crate::event::{DeliveryId, Finding, RunEvent, milliseconds as ms};
use crate::shell;
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::{BTreeMap, HashMap, VecDeque};

/// How many deliveries of a run are kept.
pub const DELIVERIES_KEPT_MAX: usize = 2_000;
/// How many bytes of requests and answers of a run are kept.
pub const DELIVERIES_KEPT_MAX_BYTES: usize = 2 * 1024 * 1024;
/// How many attempts of a delivery are kept, the newest.
pub const ATTEMPTS_KEPT_MAX: usize = 50;
/// How many findings of a run are kept, the first.
pub const FINDINGS_KEPT_MAX: usize = 200;

/// What became of the pushes of a run.
#[derive(Debug, Default)]
pub(super) struct Ledger {
    deliveries: BTreeMap<u64, Delivery>,
    numbers: HashMap<DeliveryId, u64>,
    counted: u64,
    bytes: usize,
    pub findings: Vec<Finding>,
    pub figures: Figures,
}

/// The figures of a run.
#[derive(Debug, Clone, Default, Serialize, JsonSchema)]
pub(super) struct Figures {
    /// Deliveries planned, over all targets.
    pub planned: u64,
    /// Attempts.
    pub attempts: u64,
    /// Attempts that were not the first of their delivery.
    pub retries: u64,
    /// Deliveries acknowledged.
    pub acknowledged: u64,
    /// Deliveries that the receiver should have taken, and did not.
    pub given_up: u64,
    /// Deliveries that faults had spoilt, and that the receiver did not take, as it should.
    pub excused: u64,
    /// Deliveries that never left.
    pub dropped: u64,
    /// Attempts that were not acknowledged.
    pub failures: u64,
    /// Findings.
    pub findings: u64,
}

impl Ledger {
    /// Learns of an event; the number of the delivery that it is about is returned.
    pub fn take(&mut self, event: &RunEvent) -> Option<u64> {
        match event {
            RunEvent::Planned { delivery, offset, why, faults } => {
                self.figures.planned += 1;
                self.begin_anew(delivery);
                let (n, kept) = self.of(delivery);
                (kept.offset_ms, kept.why, kept.faults) = (ms(*offset), why.clone(), faults.clone());
                Some(n)
            }
            RunEvent::Dropped { delivery, offset, faults } => {
                self.figures.dropped += 1;
                let (n, kept) = self.of(delivery);
                (kept.offset_ms, kept.faults) = (ms(*offset), faults.clone());
                kept.state = State::Dropped;
                Some(n)
            }
            RunEvent::Withdrawn { delivery } => {
                self.figures.planned = self.figures.planned.saturating_sub(1);
                Some(self.set(delivery, State::Withdrawn))
            }
            RunEvent::Held { delivery, .. } => Some(self.set(delivery, State::Held)),
            RunEvent::Attempted { delivery, .. } => Some(self.attempted(delivery, event)),
            RunEvent::Replied {
                delivery,
                status,
                headers,
                body,
                truncated,
                timing,
                acknowledged,
                reason,
                warning,
                ..
            } => {
                self.figures.failures += u64::from(!acknowledged);
                let (n, kept) = self.of(delivery);
                let mut size = 0;
                if let Some(last) = kept.attempts.back_mut() {
                    size = body.len();
                    last.answer = Some(Answer {
                        status: *status,
                        headers: headers.clone(),
                        body: body.clone(),
                        truncated: *truncated,
                        timing: *timing,
                        acknowledged: *acknowledged,
                        reason: reason.clone(),
                        warning: warning.clone(),
                    });
                }
                self.bytes += size;
                Some(n)
            }
            RunEvent::Failed { delivery, class, phase, message, timing, .. } => {
                self.figures.failures += 1;
                let (n, kept) = self.of(delivery);
                if let Some(last) = kept.attempts.back_mut() {
                    last.failure = Some(Failure {
                        class: class.as_str().to_owned(),
                        phase: phase.as_str().to_owned(),
                        message: message.clone(),
                        timing: *timing,
                    });
                }
                Some(n)
            }
            RunEvent::RetrySet { delivery, due, .. } => {
                let (n, kept) = self.of(delivery);
                (kept.state, kept.next_ms) = (State::Retrying, Some(ms(*due)));
                Some(n)
            }
            RunEvent::Acknowledged { delivery, .. } => {
                self.figures.acknowledged += 1;
                Some(self.set(delivery, State::Acknowledged))
            }
            RunEvent::GivenUp { delivery, reason, excused, .. } => {
                self.figures.given_up += u64::from(!excused);
                self.figures.excused += u64::from(*excused);
                let (n, kept) = self.of(delivery);
                (kept.state, kept.next_ms, kept.reason) = (State::GivenUp, None, Some(reason.clone()));
                Some(n)
            }
            RunEvent::Found(finding) => {
                self.figures.findings += 1;
                if self.findings.len() < FINDINGS_KEPT_MAX {
                    self.findings.push(Finding::clone(finding));
                }
                finding.delivery.as_ref().and_then(|delivery| self.numbers.get(delivery).copied())
            }
            RunEvent::Probed { delivery, .. } => {
                delivery.as_ref().and_then(|delivery| self.numbers.get(delivery).copied())
            }
            RunEvent::Started { .. }
            | RunEvent::StoryStarted { .. }
            | RunEvent::Skipped { .. }
            | RunEvent::Driven { .. }
            | RunEvent::Disabled { .. }
            | RunEvent::Transcript { .. }
            | RunEvent::Recorded { .. }
            | RunEvent::Checked { .. }
            | RunEvent::NotJudged { .. }
            | RunEvent::FaultPlayed { .. }
            | RunEvent::Compared { .. }
            | RunEvent::Unreachable { .. }
            | RunEvent::StoryFinished { .. }
            | RunEvent::Finished { .. } => None,
        }
    }

    pub fn get(&self, n: u64) -> Option<&Delivery> {
        self.deliveries.get(&n)
    }

    /// Those behind a number, in order.
    pub fn after(&self, n: u64) -> impl DoubleEndedIterator<Item = &Delivery> {
        self.deliveries.range(n.saturating_add(1)..).map(|(_, delivery)| delivery)
    }

    /// How many there ever were.
    pub fn counted(&self) -> u64 {
        self.counted
    }

    /// How many are not kept any more.
    pub fn left_out(&self) -> u64 {
        self.counted - self.deliveries.len() as u64
    }

    pub fn bytes(&self) -> usize {
        self.bytes
    }

    fn set(&mut self, delivery: &DeliveryId, state: State) -> u64 {
        let (n, kept) = self.of(delivery);
        (kept.state, kept.next_ms) = (state, None);
        n
    }

    fn attempted(&mut self, delivery: &DeliveryId, event: &RunEvent) -> u64 {
        self.figures.attempts += 1;
        let (n, kept) = self.of(delivery);
        (kept.state, kept.next_ms) = (State::InFlight, None);
        let RunEvent::Attempted {
            attempt,
            attempts_max,
            offset,
            at,
            began_ms,
            method,
            url,
            headers,
            body,
            faults,
            spoilt,
            ..
        } = event
        else {
            return n;
        };
        let curl = shell::curl(method, url, headers, body);
        let tried = Attempt {
            attempt: *attempt,
            attempts_max: *attempts_max,
            offset_ms: ms(*offset),
            at: at.clone(),
            began_ms: *began_ms,
            method: (*method).to_owned(),
            url: url.clone(),
            headers: headers.clone(),
            body: body.clone(),
            faults: faults.clone(),
            spoilt: *spoilt,
            curl,
            answer: None,
            failure: None,
        };
        let size = tried.weight();
        kept.attempts.push_back(tried);
        let forgotten = (kept.attempts.len() > ATTEMPTS_KEPT_MAX).then(|| kept.attempts.pop_front()).flatten();
        self.bytes = (self.bytes + size).saturating_sub(forgotten.map_or(0, |attempt| attempt.weight()));
        self.figures.retries += u64::from(*attempt > 1);
        n
    }

    /// Labels of calls are short: a later call of a long run may have the one of another that is settled.
    fn begin_anew(&mut self, id: &DeliveryId) {
        let is_settled = |n: &u64| self.deliveries.get(n).is_none_or(|kept| kept.state.is_settled());
        if self.numbers.get(id).is_some_and(is_settled) {
            self.numbers.remove(id);
        }
    }

    /// The delivery with its number; one that is not known yet, or no more, begins.
    fn of(&mut self, id: &DeliveryId) -> (u64, &mut Delivery) {
        let n = match self.numbers.get(id) {
            Some(n) => *n,
            None => {
                self.make_room();
                self.counted += 1;
                self.numbers.insert(id.clone(), self.counted);
                self.counted
            }
        };
        let kept = self.deliveries.entry(n).or_insert_with(|| Delivery {
            n,
            delivery: id.clone(),
            offset_ms: 0,
            why: String::new(),
            state: State::Waiting,
            next_ms: None,
            reason: None,
            faults: Vec::new(),
            attempts: VecDeque::new(),
        });
        (n, kept)
    }

    /// Forgets the oldest that are settled; where none is, the oldest.
    fn make_room(&mut self) {
        while self.deliveries.len() >= DELIVERIES_KEPT_MAX
            || (self.bytes > DELIVERIES_KEPT_MAX_BYTES && self.deliveries.len() > 1)
        {
            let settled = self.deliveries.iter().find(|(_, kept)| kept.state.is_settled()).map(|(n, _)| *n);
            let Some(oldest) = settled.or_else(|| self.deliveries.keys().next().copied()) else { return };
            if let Some(forgotten) = self.deliveries.remove(&oldest) {
                if self.numbers.get(&forgotten.delivery) == Some(&oldest) {
                    self.numbers.remove(&forgotten.delivery);
                }
                self.bytes = self.bytes.saturating_sub(forgotten.attempts.iter().map(Attempt::weight).sum());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn a_later_call_of_the_same_label_has_deliveries_of_its_own() {
        let delivery =
            DeliveryId { scenario: "told".into(), push: "udesk:end".into(), call: "3f2a".into(), number: 1, target: 1 };
        let planned = RunEvent::Planned {
            delivery: delivery.clone(),
            offset: Duration::ZERO,
            why: String::new(),
            faults: Vec::new(),
        };
        let acknowledged = RunEvent::Acknowledged { delivery, attempt: 1 };
        let mut ledger = Ledger::default();
        assert_eq!([&planned, &planned, &acknowledged].map(|event| ledger.take(event)), [Some(1); 3]);
        assert_eq!([&planned, &acknowledged].map(|event| ledger.take(event)), [Some(2); 2]);
        assert_eq!((ledger.counted(), ledger.after(0).count()), (2, 2));
        assert!(ledger.after(0).all(|kept| kept.state == State::Acknowledged));
    }
}
