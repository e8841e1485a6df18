//! The figures of a run, folded from its events: what the summary prints and the exit code follows from.

use crate::event::{ANSWER_LOST, FailureClass, Phase, RunEvent, Story, Weight};
use crate::exit::Exit;
use hdrhistogram::Histogram;
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

/// The longest latency that the histogram tells apart from longer ones.
const LATENCY_MAX: Duration = Duration::from_secs(3600);

/// The figures of a run.
#[derive(Debug, Clone, Default)]
pub struct Totals {
    /// The scenarios that were played.
    pub scenarios: BTreeSet<String>,
    /// Scenario and vendor, as often as they were played.
    pub stories: u64,
    /// Stories that a vendor has no pushes for, with the reason.
    pub skipped: Vec<(Story, String)>,
    /// Deliveries planned, over all targets.
    pub planned: u64,
    /// Deliveries acknowledged.
    pub acknowledged: u64,
    /// Deliveries given up.
    pub given_up: u64,
    /// Deliveries that faults had spoilt, and that the receiver did not take, as it should.
    pub excused: u64,
    /// Deliveries that a fault never let leave.
    pub dropped: u64,
    /// How often each fault bent an attempt, or kept a push back.
    pub faults: BTreeMap<&'static str, u64>,
    /// Faults that may strike nothing, and did not, each with its place.
    pub idle: Vec<(&'static str, String)>,
    /// Probes that were not asked, because faults had lost pushes.
    pub not_judged: u64,
    /// Attempts.
    pub attempts: u64,
    /// Attempts that were not the first of their delivery.
    pub retries: u64,
    /// Attempts that failed, by class: a status, a missing acknowledgement, a broken connection.
    pub failures: BTreeMap<String, u64>,
    /// Acknowledgements in which something is wrong.
    pub warnings: u64,
    /// Entries that vendors made or changed in their own records.
    pub records: u64,
    /// Stories whose target could not be reached.
    pub unreachable: u64,
    /// How much was found that is not as expected, by what follows from it.
    pub findings: BTreeMap<Weight, u64>,
    /// Expectations that were judged at least once.
    pub checks: u64,
    /// Those of them that did not hold every time.
    pub checks_failed: u64,
    latency: Option<Histogram<u64>>,
}

impl Totals {
    /// Learns of an event.
    pub fn event(&mut self, event: &RunEvent) {
        match event {
            RunEvent::StoryStarted { story, .. } => {
                self.stories += 1;
                self.scenarios.insert(story.scenario.clone());
            }
            RunEvent::Skipped { story, reason } => self.skipped.push((story.clone(), reason.clone())),
            RunEvent::Planned { .. } => self.planned += 1,
            RunEvent::Dropped { faults, .. } => {
                self.dropped += 1;
                faults.iter().for_each(|bent| *self.faults.entry(bent.fault).or_default() += 1);
            }
            RunEvent::Attempted { attempt, faults, .. } => {
                faults.iter().for_each(|bent| *self.faults.entry(bent.fault).or_default() += 1);
                self.attempts += 1;
                self.retries += u64::from(*attempt > 1);
            }
            RunEvent::Replied { status, acknowledged, timing, reason, warning, .. } => {
                self.warnings += u64::from(warning.is_some());
                if self.latency.is_none() {
                    self.latency = Histogram::new_with_max(LATENCY_MAX.as_micros() as u64, 3).ok();
                }
                if let Some(latency) = &mut self.latency {
                    latency.saturating_record(u64::try_from(timing.total.as_micros()).unwrap_or(u64::MAX));
                }
                if !acknowledged {
                    let class = match reason.as_deref() {
                        Some(ANSWER_LOST) => "answer lost".to_owned(),
                        Some(_) | None => format!("status {status}"),
                    };
                    *self.failures.entry(class).or_default() += 1;
                }
            }
            RunEvent::Failed { class, phase, .. } => {
                *self.failures.entry(class_in_words(*class, *phase)).or_default() += 1;
            }
            RunEvent::Acknowledged { .. } => self.acknowledged += 1,
            RunEvent::Recorded { .. } => self.records += 1,
            RunEvent::Withdrawn { .. } => self.planned = self.planned.saturating_sub(1),
            RunEvent::GivenUp { excused: true, .. } => self.excused += 1,
            RunEvent::GivenUp { excused: false, .. } => self.given_up += 1,
            RunEvent::Unreachable { .. } => self.unreachable += 1,
            RunEvent::Found(finding) => *self.findings.entry(finding.weight).or_default() += 1,
            RunEvent::Checked { judged, failed, .. } => {
                self.checks += u64::from(*judged > 0);
                self.checks_failed += u64::from(*failed > 0);
            }
            RunEvent::NotJudged { .. } => self.not_judged += 1,
            RunEvent::FaultPlayed { fault, place, strikes: 0, may_idle: true } => {
                self.idle.push((*fault, place.clone()));
            }
            RunEvent::Started { .. }
            | RunEvent::FaultPlayed { .. }
            | RunEvent::Held { .. }
            | RunEvent::RetrySet { .. }
            | RunEvent::Disabled { .. }
            | RunEvent::Transcript { .. }
            | RunEvent::Probed { .. }
            | RunEvent::Driven { .. }
            | RunEvent::Compared { .. }
            | RunEvent::StoryFinished { .. }
            | RunEvent::Finished { .. } => {}
        }
    }

    /// The latency that this share of the answers stayed within; `None` before the first answer.
    pub fn latency(&self, quantile: f64) -> Option<Duration> {
        let latency = self.latency.as_ref()?;
        Some(Duration::from_micros(latency.value_at_quantile(quantile)))
    }

    /// The exit code that the figures call for.
    pub fn exit(&self) -> Exit {
        let found = |weight| self.findings.contains_key(&weight);
        if self.unreachable > 0 || found(Weight::Unknown) {
            Exit::CannotGoOn
        } else if found(Weight::Failed) {
            Exit::ReceiverFailed
        } else if found(Weight::Pending) {
            Exit::PendingSnapshots
        } else {
            Exit::Good
        }
    }
}

fn class_in_words(class: FailureClass, phase: Phase) -> String {
    match class {
        FailureClass::Timeout => format!("{} ({})", class.as_str(), phase.as_str()),
        other => other.as_str().to_owned(),
    }
}
