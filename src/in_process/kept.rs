//! Keeps what happens in a run, for the test that made it.

use super::judged::{Answer, Judged, Push, Settled, Tried};
use crate::event::{DeliveryId, Finding, RunEvent};
use crate::exit::Exit;
use crate::report::{Report, Totals};
use std::collections::HashMap;
use std::io;
use std::sync::{Arc, Mutex, PoisonError};

/// How many attempts a run keeps; of the further ones only the figures are known.
pub const ATTEMPTS_KEPT_MAX: u64 = 100_000;

/// A report that keeps everything. Clones keep the same.
#[derive(Clone, Default)]
pub(super) struct Kept(Arc<Mutex<Record>>);

#[derive(Default)]
struct Record {
    start: String,
    totals: Totals,
    findings: Vec<Finding>,
    pushes: Vec<Push>,
    unreachable: Vec<(String, String)>,
    attempts_left_out: u64,
    /// The place of each push of the present story.
    places: HashMap<DeliveryId, usize>,
}

impl Kept {
    /// What was kept, with the exit code of the run.
    pub fn judged(&self, seed: u64, exit: Exit) -> Judged {
        let record = std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner));
        let Record { start, totals, findings, pushes, unreachable, attempts_left_out, .. } = record;
        Judged { exit, seed, start, totals, findings, pushes, unreachable, attempts_left_out }
    }
}

impl Report for Kept {
    fn event(&mut self, event: &RunEvent) -> io::Result<()> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).event(event);
        Ok(())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Record {
    fn event(&mut self, event: &RunEvent) {
        self.totals.event(event);
        match event {
            RunEvent::Started { start, .. } => self.start.clone_from(start),
            RunEvent::StoryStarted { .. } => self.places.clear(),
            RunEvent::Planned { delivery, why, .. } => {
                self.places.insert(delivery.clone(), self.pushes.len());
                let (delivery, why) = (delivery.clone(), why.clone());
                self.pushes.push(Push { delivery, why, attempts: Vec::new(), settled: Settled::Open });
            }
            RunEvent::Dropped { delivery, faults, .. } => {
                let why = faults.iter().map(|bent| bent.evidence.as_str()).collect::<Vec<_>>().join("; ");
                let delivery = delivery.clone();
                self.pushes.push(Push { delivery, why, attempts: Vec::new(), settled: Settled::Dropped });
            }
            RunEvent::Attempted { delivery, attempt, method, url, headers, body, faults, .. } => {
                if self.totals.attempts > ATTEMPTS_KEPT_MAX {
                    self.attempts_left_out += 1;
                    return;
                }
                let tried = Tried {
                    number: *attempt,
                    method,
                    url: url.clone(),
                    headers: headers.clone(),
                    body: body.clone(),
                    faults: faults.clone(),
                    answer: Answer::None,
                };
                if let Some(push) = self.push(delivery) {
                    push.attempts.push(tried);
                }
            }
            RunEvent::Replied { delivery, attempt, status, headers, body, truncated, timing, acknowledged, .. } => {
                let answer = Answer::Replied {
                    status: *status,
                    headers: headers.clone(),
                    body: body.clone(),
                    truncated: *truncated,
                    timing: *timing,
                    acknowledged: *acknowledged,
                };
                self.answer(delivery, *attempt, answer);
            }
            RunEvent::Failed { delivery, attempt, class, phase, message, .. } => {
                let answer = Answer::Failed { class: *class, phase: *phase, message: message.clone() };
                self.answer(delivery, *attempt, answer);
            }
            RunEvent::Acknowledged { delivery, .. } => self.settle(delivery, Settled::Acknowledged),
            RunEvent::GivenUp { delivery, reason, excused, .. } => {
                self.settle(delivery, Settled::GivenUp { reason: reason.clone(), excused: *excused });
            }
            RunEvent::Found(finding) => self.findings.push((**finding).clone()),
            RunEvent::Unreachable { url, message, .. } => self.unreachable.push((url.clone(), message.clone())),
            RunEvent::Skipped { .. }
            | RunEvent::Withdrawn { .. }
            | RunEvent::Driven { .. }
            | RunEvent::Held { .. }
            | RunEvent::RetrySet { .. }
            | RunEvent::Disabled { .. }
            | RunEvent::Transcript { .. }
            | RunEvent::Recorded { .. }
            | RunEvent::Probed { .. }
            | RunEvent::Checked { .. }
            | RunEvent::NotJudged { .. }
            | RunEvent::FaultPlayed { .. }
            | RunEvent::Compared { .. }
            | RunEvent::StoryFinished { .. }
            | RunEvent::Finished { .. } => {}
        }
    }

    fn push(&mut self, delivery: &DeliveryId) -> Option<&mut Push> {
        self.places.get(delivery).and_then(|place| self.pushes.get_mut(*place))
    }

    fn settle(&mut self, delivery: &DeliveryId, settled: Settled) {
        if let Some(push) = self.push(delivery) {
            push.settled = settled;
        }
    }

    fn answer(&mut self, delivery: &DeliveryId, attempt: u32, answer: Answer) {
        let tried =
            self.push(delivery).and_then(|push| push.attempts.iter_mut().rev().find(|tried| tried.number == attempt));
        if let Some(tried) = tried {
            tried.answer = answer;
        }
    }
}
