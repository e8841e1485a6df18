//! Folds the events of one story while it is played.

use super::cut::{BODY_MAX_BYTES, LINE_MAX_BYTES, bounded};
use super::model::{CallLine, Detail, Line, Outcome, Probe, Record, Step, Text};
use super::steps::{step, texts_bytes};
use crate::event::{DeliveryId, Finding, RunEvent, Story, Weight, microseconds, milliseconds};
use crate::report::{CheckSummary, SnapshotSummary};
use std::collections::HashMap;

/// How much one story may hold until its further steps are not drawn, by the length of the texts in them.
const STORY_MAX_BYTES: usize = 4 << 20;
/// What a step counts for besides its texts.
const STEP_BYTES: usize = 200;
/// How many findings of a story are told in full.
const FINDINGS_MAX: usize = 500;
/// How many records of a story are kept.
const RECORDS_MAX: usize = 500;

/// A story that is being played.
pub(super) struct Open {
    pub line: Line,
    pub detail: Detail,
    /// What each planned delivery tells of.
    why: HashMap<u32, String>,
    bytes: usize,
    /// Attempts among the steps.
    pub attempts_drawn: u64,
}

impl Open {
    /// A story that begins: its title, its source, and the command that plays it again.
    pub fn new(story: &Story, [title, source, replay]: [&String; 3]) -> Self {
        let detail =
            Detail { title: title.clone(), source: source.clone(), replay: replay.clone(), ..Detail::default() };
        let line = Line {
            scenario: story.scenario.clone(),
            vendor: story.vendor,
            outcome: Outcome::Passed,
            attempts: 0,
            calls: Vec::new(),
            detail: None,
        };
        Self { line, detail, why: HashMap::new(), bytes: 0, attempts_drawn: 0 }
    }

    /// Learns of an event of the story.
    pub fn event(&mut self, event: &RunEvent) {
        match event {
            RunEvent::Planned { delivery, why, .. } => {
                self.call(delivery);
                self.why.insert(delivery.number, why.clone());
            }
            RunEvent::Probed { delivery, expectation, asked, tries, status, body, took, agrees, .. } => {
                self.detail.probes.push(Probe {
                    after: delivery.as_ref().map(|delivery| (delivery.number, delivery.target)),
                    expectation: expectation.clone(),
                    asked: Text::of(asked, LINE_MAX_BYTES),
                    tries: *tries,
                    status: *status,
                    body: Text::of(body, BODY_MAX_BYTES),
                    took_us: microseconds(*took),
                    agrees: *agrees,
                });
            }
            RunEvent::Checked { expectation, judged, failed, .. } => {
                let (expectation, judged, failed) = (expectation.clone(), *judged, *failed);
                self.detail.checks.push(CheckSummary { expectation, judged, failed });
            }
            RunEvent::NotJudged { expectation, reason, .. } => {
                self.detail.notes.push(format!("not judged: {} ({}): {reason}", expectation.text, expectation.place));
            }
            RunEvent::Compared { file, outcome, .. } => {
                self.detail.snapshots.push(SnapshotSummary { file: file.clone(), outcome: *outcome });
            }
            RunEvent::Recorded { .. } if self.detail.records.len() >= RECORDS_MAX => self.detail.records_left += 1,
            RunEvent::Recorded { offset, why, account, id, record, .. } => self.detail.records.push(Record {
                at_ms: milliseconds(*offset),
                id: id.clone(),
                why: why.clone(),
                account: account.clone(),
                record: Text::of(&record.to_string(), BODY_MAX_BYTES),
            }),
            RunEvent::Disabled { url, failures, untried, .. } => self.detail.notes.push(format!(
                "{failures} attempts in a row failed, so that the vendor stops pushing to {url} ({untried} not tried)"
            )),
            RunEvent::Driven { what, .. } => self.detail.notes.push(format!("by hand: {what}")),
            RunEvent::Unreachable { url, message, untried, .. } => {
                self.line.outcome = Outcome::Failed;
                self.detail.notes.push(format!("{url} cannot be reached: {message} ({untried} not tried)"));
            }
            _ => self.step_of(event),
        }
    }

    fn step_of(&mut self, event: &RunEvent) {
        if let RunEvent::Attempted { delivery, attempt, .. } = event {
            self.line.attempts += 1;
            let call = self.call(delivery);
            call.attempts += 1;
            call.retries += u64::from(*attempt > 1);
        }
        let Some(step) = step(event, &self.why) else { return };
        self.bytes += STEP_BYTES + texts_bytes(&step);
        if self.bytes > STORY_MAX_BYTES {
            self.detail.steps_left += 1;
            return;
        }
        self.attempts_drawn += u64::from(matches!(step, Step::Sent { .. }));
        self.detail.steps.push(step);
    }

    fn call(&mut self, delivery: &DeliveryId) -> &mut CallLine {
        let calls = &mut self.line.calls;
        let at = calls.iter().position(|known| known.call == delivery.call).unwrap_or_else(|| {
            calls.push(CallLine { call: delivery.call.clone(), ..CallLine::default() });
            calls.len() - 1
        });
        &mut calls[at]
    }

    /// Learns of what was found.
    pub fn found(&mut self, finding: &Finding) {
        let outcome = match finding.weight {
            Weight::Remark => Outcome::Passed,
            Weight::Pending => Outcome::Pending,
            Weight::Unknown => Outcome::Unknown,
            Weight::Failed => Outcome::Failed,
        };
        self.line.outcome = self.line.outcome.max(outcome);
        if let Some(delivery) = &finding.delivery
            && outcome > Outcome::Passed
        {
            self.call(delivery).findings += 1;
        }
        match self.detail.findings.len() < FINDINGS_MAX {
            true => self.detail.findings.push(bounded(finding)),
            false => self.detail.findings_left += 1,
        }
    }
}
