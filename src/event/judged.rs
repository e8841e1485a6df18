//! What judging a receiver brings to light: findings, each with all that a person needs to act on it.

use super::{DeliveryId, Story};
use crate::diagnostic::Code;
use crate::faults::Bent;
use schemars::JsonSchema;
use serde::Serialize;

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
    /// The delivery that it is about, where it is about one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub delivery: Option<DeliveryId>,
    /// The attempt, where it is about one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub attempt: Option<u32>,
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
