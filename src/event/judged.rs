//! What judging a receiver brings to light: findings, each with all that a person needs to act on it.

use super::length::Milliseconds;
use super::{DeliveryId, Story};
use crate::diagnostic::Code;
use crate::faults::Bent;
use schemars::JsonSchema;
use serde::Serialize;
use std::time::Duration;

/// Something that is expected of the receiver.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, JsonSchema)]
pub struct Expectation {
    /// In a few words: `udesk:end: status 2xx`.
    pub text: String,
    /// Where the scenario says so, `file:line`; the file alone where it is the vendor's own rule.
    pub place: String,
    /// The line of the scenario that says so, as it stands there; empty where no line does.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub quote: String,
}

/// Something that is not as expected.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Finding {
    /// What kind of finding; `ringback explain CODE` teaches it.
    pub code: Code,
    /// What follows from it.
    pub weight: Weight,
    /// In which story.
    pub story: Story,
    /// What was expected, and where the scenario says so.
    pub expectation: Expectation,
    /// What is wrong, as one sentence without its full stop.
    pub message: String,
    /// What was expected, in short: `status 2xx`.
    pub expected: String,
    /// What was found, in short: `status 500`.
    pub found: String,
    /// Both, line by line, where they have lines to compare.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub difference: Vec<Difference>,
    /// The status of the answer, or the exit status of the probe's command, where there was one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<i32>,
    /// What the receiver said, in at most 400 characters: see [`crate::event::said`]. Absent where it said nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub said: Option<String>,
    /// The delivery that it is about, where it is about one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub delivery: Option<DeliveryId>,
    /// The attempt, where it is about one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub attempt: Option<u32>,
    /// How many attempts there can be.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub attempts_max: Option<u32>,
    /// When the attempt left, in scenario time.
    #[schemars(with = "Option<u64>")]
    #[serde(rename = "offset_ms", skip_serializing_if = "Option::is_none", with = "Milliseconds")]
    pub offset: Option<Duration>,
    /// The faults that had bent the attempt.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub faults: Vec<Bent>,
    /// The request, or the question of the probe, as a shell command; secrets are masked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub curl: Option<String>,
    /// The command that plays the story again.
    pub replay: String,
    /// What to do about this very finding, where the explanation of its code cannot say it: a command to paste.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub help: Option<String>,
}

impl Finding {
    /// A finding about a story that says nothing yet.
    pub fn new(code: Code, weight: Weight, story: Story, expectation: Expectation) -> Self {
        Self {
            code,
            weight,
            story,
            expectation,
            message: String::new(),
            expected: String::new(),
            found: String::new(),
            difference: Vec::new(),
            status: None,
            said: None,
            delivery: None,
            attempt: None,
            attempts_max: None,
            offset: None,
            faults: Vec::new(),
            curl: None,
            replay: String::new(),
            help: None,
        }
    }

    /// By what findings are listed: what fails the run first, then causes before their consequences, then by time.
    pub fn precedence(&self) -> impl Ord + use<> {
        let mildness = match self.weight {
            Weight::Failed | Weight::Unknown => 0,
            Weight::Pending => 1,
            Weight::Remark => 2,
        };
        let delivery = self.delivery.as_ref().map_or((u32::MAX, u32::MAX), |id| (id.number, id.target));
        (mildness, Cause::of(self.code), self.offset.unwrap_or(Duration::MAX), delivery, self.attempt, self.code)
    }
}

/// How near a finding is to the cause. Each can follow from those before it.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Cause {
    Answer,
    Lost,
    Story,
    State,
    Snapshot,
    Unexercised,
}

impl Cause {
    fn of(code: Code) -> Self {
        match code {
            Code::NotAcknowledged => Cause::Lost,
            Code::ErrorAfterEnd | Code::TooManyAttempts | Code::OutOfOrder => Cause::Story,
            Code::ProbeDisagrees | Code::ProbeSilent => Cause::State,
            Code::SnapshotChanged | Code::SnapshotNew | Code::SnapshotBroken | Code::SnapshotUnused => Cause::Snapshot,
            Code::FaultNeverStruck | Code::NeverJudged => Cause::Unexercised,
            _ => Cause::Answer,
        }
    }
}

/// What follows from a finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Weight {
    /// Nothing: it is said so that somebody may look.
    Remark,
    /// A snapshot waits to be accepted.
    Pending,
    /// The receiver failed.
    Failed,
    /// Ringback could not find out.
    Unknown,
}

/// One line of a comparison.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Difference {
    /// Whose line.
    pub side: Side,
    /// The line.
    pub text: String,
}

/// Whose line of a comparison it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    /// Both have it.
    Both,
    /// Only what was expected.
    Expected,
    /// Only what was found.
    Found,
}

impl Side {
    /// The sign that stands before such a line.
    pub fn sign(self) -> char {
        match self {
            Side::Both => ' ',
            Side::Expected => '-',
            Side::Found => '+',
        }
    }
}

/// How the answers of a story compare with a stored snapshot.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Compared {
    /// They are the same.
    Same,
    /// There is no snapshot yet.
    New,
    /// They differ.
    Changed,
    /// The file cannot be read, or not be written.
    Broken,
}
