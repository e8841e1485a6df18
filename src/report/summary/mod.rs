//! What a run came to, as one value: the run, its figures, and every story with its checks, findings, probes and snapshots.
//! The `json` report writes it as it is; the `junit` and `github` reports are made of it. How events become it is in `fold`.

mod fold;

pub use fold::Summing;

use super::Totals;
use super::folded::Folded;
use crate::event::{Compared, DeliveryId, Expectation, Finding, Story, Weight, microseconds};
use crate::exit::Exit;
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::BTreeMap;

/// The version of the format of a summary; it rises when a reader of the old one could misread the new one.
pub const SUMMARY_FORMAT: u32 = 1;
/// How many stories a summary holds.
pub const STORIES_MAX: usize = 10_000;
/// How many checks, over all stories.
pub const CHECKS_MAX: usize = 100_000;
/// How many findings, over all stories.
pub const FINDINGS_MAX: usize = 2_000;
/// How many findings of one story.
pub const FINDINGS_PER_STORY_MAX: usize = 100;
/// How many answers of probes, over all stories.
pub const PROBES_MAX: usize = 1_000;
/// How many comparisons with snapshots, over all stories.
pub const SNAPSHOTS_MAX: usize = 10_000;
/// How much of a text that the receiver chose is kept.
pub const TEXT_MAX_CHARS: usize = 10_000;

/// What a run came to.
///
/// Times end in their unit: `_ms` milliseconds, `_us` microseconds.
#[derive(Debug, Clone, Default, Serialize, JsonSchema)]
pub struct Summary {
    /// The version of this format.
    pub format: u32,
    /// The version of Ringback.
    pub ringback: String,
    /// How the run ended, in a word.
    pub outcome: Outcome,
    /// The exit code.
    pub exit: u8,
    /// Reports that could not be written, as they were asked for; they make the exit code 3, unless a signal ended the run.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub unwritten: Vec<String>,
    /// The seed of every draw.
    pub seed: u64,
    /// When every scenario starts, RFC 3339.
    pub start: String,
    /// How scenario time passed.
    pub pace: String,
    /// The addresses that pushes went to.
    pub targets: Vec<String>,
    /// Whether they went to the receiver that is built in.
    pub built_in_receiver: bool,
    /// When the first attempt left, in real time, since 1970; absent where none left.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub began_ms: Option<i64>,
    /// How long the run took in real time.
    pub took_us: u64,
    /// The figures of the run.
    pub totals: Figures,
    /// Every fault that is listed for a story that was played, in the order in which they were met.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub faults: Vec<FaultSummary>,
    /// Every story, in the order in which they were played.
    pub stories: Vec<StorySummary>,
    /// Findings about stories that were not played.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub other_findings: Vec<Finding>,
    /// Every finding once: those that are alike are one entry, with the stories in which they were found. What fails the
    /// run and causes come first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub folded: Vec<Folded>,
    /// How much is not in this summary because it would be too long.
    pub left_out: LeftOut,
}

impl Summary {
    /// The faults that struck nothing, as they may.
    pub fn idle(&self) -> impl Iterator<Item = &FaultSummary> {
        self.faults.iter().filter(|fault| fault.strikes == 0 && fault.may_idle)
    }
}

/// A fault that is listed for a story that was played.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct FaultSummary {
    /// The fault's name.
    pub fault: &'static str,
    /// Where it is listed: `flaky.yaml:4`.
    pub place: String,
    /// How many attempts it struck, or kept from leaving.
    pub strikes: u64,
    /// Whether it may strike nothing.
    pub may_idle: bool,
}

fn is_zero(count: &u64) -> bool {
    *count == 0
}

/// How a run ended, in a word.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// All good.
    Passed,
    /// The receiver failed.
    Failed,
    /// Snapshots wait to be accepted.
    Pending,
    /// The target could not be reached, or Ringback could not find out.
    CouldNotGoOn,
    /// A signal cut the run short.
    #[default]
    Interrupted,
}

impl Outcome {
    fn of(exit: u8, interrupted: bool) -> Self {
        let is = |expected: Exit| exit == expected.code();
        match interrupted {
            true => Outcome::Interrupted,
            false if is(Exit::Good) => Outcome::Passed,
            false if is(Exit::ReceiverFailed) => Outcome::Failed,
            false if is(Exit::PendingSnapshots) => Outcome::Pending,
            false => Outcome::CouldNotGoOn,
        }
    }

    /// The outcome in words.
    pub fn as_str(self) -> &'static str {
        match self {
            Outcome::Passed => "passed",
            Outcome::Failed => "failed",
            Outcome::Pending => "snapshots wait to be accepted",
            Outcome::CouldNotGoOn => "could not go on",
            Outcome::Interrupted => "interrupted",
        }
    }
}

/// The figures of a run.
#[derive(Debug, Clone, Default, Serialize, JsonSchema)]
pub struct Figures {
    /// Scenarios that were played by at least one vendor.
    pub scenarios: u64,
    /// Scenario and vendor, as often as they were played.
    pub stories: u64,
    /// Stories that a vendor has no pushes for.
    pub skipped: u64,
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
    /// Attempts.
    pub attempts: u64,
    /// Attempts that were not the first of their delivery.
    pub retries: u64,
    /// How often each fault bent an attempt, or kept a push back.
    pub faults: BTreeMap<String, u64>,
    /// Probes that were not asked, because faults had lost pushes.
    #[serde(skip_serializing_if = "is_zero")]
    pub not_judged: u64,
    /// Attempts that failed, by class.
    pub failures: BTreeMap<String, u64>,
    /// Acknowledgements in which something is wrong.
    pub warnings: u64,
    /// Entries that vendors made or changed in their own records.
    pub records: u64,
    /// Stories whose target could not be reached.
    pub unreachable: u64,
    /// Expectations that were judged at least once.
    pub checks: u64,
    /// Those of them that did not hold every time.
    pub checks_failed: u64,
    /// How much was found that is not as expected, by what follows from it.
    pub findings: BTreeMap<Weight, u64>,
    /// The latency that half of the answers stayed within; absent before the first answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub latency_p50_us: Option<u64>,
    /// The latency that 90 % of the answers stayed within.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub latency_p90_us: Option<u64>,
    /// The latency that 99 % of the answers stayed within.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub latency_p99_us: Option<u64>,
    /// The longest latency.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub latency_max_us: Option<u64>,
}

impl From<&Totals> for Figures {
    fn from(totals: &Totals) -> Self {
        let latency = |quantile| totals.latency(quantile).map(microseconds);
        Self {
            scenarios: totals.scenarios.len() as u64,
            stories: totals.stories,
            skipped: totals.skipped.len() as u64,
            planned: totals.planned,
            acknowledged: totals.acknowledged,
            given_up: totals.given_up,
            excused: totals.excused,
            dropped: totals.dropped,
            attempts: totals.attempts,
            retries: totals.retries,
            faults: totals.faults.iter().map(|(fault, times)| ((*fault).to_owned(), *times)).collect(),
            not_judged: totals.not_judged,
            failures: totals.failures.clone(),
            warnings: totals.warnings,
            records: totals.records,
            unreachable: totals.unreachable,
            checks: totals.checks,
            checks_failed: totals.checks_failed,
            findings: totals.findings.clone(),
            latency_p50_us: latency(0.5),
            latency_p90_us: latency(0.9),
            latency_p99_us: latency(0.99),
            latency_max_us: latency(1.0),
        }
    }
}

/// One scenario by one vendor.
#[derive(Debug, Clone, Default, Serialize, JsonSchema)]
pub struct StorySummary {
    /// Which.
    pub story: Story,
    /// How far it came.
    pub state: State,
    /// Why it was skipped, or why its target cannot be reached.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// What the scenario says of itself; empty where it was skipped.
    pub title: String,
    /// Where the scenario was read from; empty where it was skipped.
    pub source: String,
    /// The command that plays it again; empty where it was skipped.
    pub replay: String,
    /// When its first attempt left, in real time, since 1970; absent where none left.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub began_ms: Option<i64>,
    /// From its first attempt to the end of its last, in real time.
    pub took_us: u64,
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
    /// Attempts.
    pub attempts: u64,
    /// What the receiver was held to.
    pub checks: Vec<CheckSummary>,
    /// What is not as expected: causes before their consequences.
    pub findings: Vec<Finding>,
    /// What probes found.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub probes: Vec<ProbeSummary>,
    /// Probes that were not asked, and why.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub not_judged: Vec<NotJudged>,
    /// How the answers compare with their snapshots.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub snapshots: Vec<SnapshotSummary>,
}

impl StorySummary {
    /// Whether something in it makes a run fail.
    pub fn has_failed(&self) -> bool {
        self.state == State::Unreachable
            || self.checks.iter().any(|check| check.failed > 0)
            || self.findings.iter().any(|finding| finding.weight > Weight::Remark)
    }
}

/// How far a story came.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// To its end.
    Played,
    /// The vendor has no pushes for it.
    Skipped,
    /// Its target cannot be reached.
    Unreachable,
    /// It was cut short by a signal.
    #[default]
    CutShort,
}

/// Something that the receiver was held to.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct CheckSummary {
    /// What was expected, and where the scenario says so.
    pub expectation: Expectation,
    /// How often it was judged.
    pub judged: u64,
    /// How often it did not hold.
    pub failed: u64,
}

/// What a probe found.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct ProbeSummary {
    /// What was expected, and where the scenario says so.
    pub expectation: Expectation,
    /// After which push, where it is asked after every one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub delivery: Option<DeliveryId>,
    /// What was asked: the method and the address, or the command.
    pub asked: String,
    /// How often it was asked.
    pub tries: u32,
    /// The status code of the last answer, or the exit status of the command; absent where it could not be asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<i32>,
    /// The last answer as text, as far as it is kept.
    pub body: String,
    /// Why it could not be asked the last time; absent where it could.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub silent: Option<String>,
    /// How long it took in all.
    pub took_us: u64,
    /// Whether it agreed at last.
    pub agrees: bool,
}

/// A probe that was not asked.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct NotJudged {
    /// What was expected, and where the scenario says so.
    pub expectation: Expectation,
    /// After which push, where it is asked after every one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub delivery: Option<DeliveryId>,
    /// Why.
    pub reason: String,
}

/// How the answers of a story compare with a snapshot.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct SnapshotSummary {
    /// The file of the snapshot.
    pub file: String,
    /// How they compare.
    pub outcome: Compared,
}

/// How much is not in a summary because it would be too long.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct LeftOut {
    /// Stories.
    pub stories: u64,
    /// Checks.
    pub checks: u64,
    /// Findings.
    pub findings: u64,
    /// Answers of probes.
    pub probes: u64,
    /// Comparisons with snapshots.
    pub snapshots: u64,
}
