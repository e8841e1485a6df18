//! What was asked for, as the summary and all reports tell it.

use super::arrival::Stage;
use super::figures::Figures;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// What was asked for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LoadAsked {
    /// What is played.
    pub stories: Vec<StoryAsked>,
    /// Where the pushes go.
    pub targets: Vec<String>,
    /// When calls start.
    pub arrival: ArrivalAsked,
    /// The stages of the rate; one where it stays the same, none of a closed load. Under a Locust master those that it
    /// wanted, and none before.
    pub stages: Vec<StageAsked>,
    /// How many calls at a time, of a closed load.
    pub closed: Option<u64>,
    /// For how long calls start.
    pub lasting_us: u64,
    /// The same where `max_calls` ends it sooner.
    pub starting_us: u64,
    /// After how many calls no more start.
    pub max_calls: Option<u64>,
    /// How many seconds of a call pass in one real second.
    pub pace: f64,
    /// When the first call starts in scenario time, RFC 3339.
    pub start: String,
    /// The seed of every draw.
    pub seed: u64,
    /// How many pushes may be due and not settled at a time.
    pub max_in_flight: u64,
    /// How many connections to each target at most.
    pub connections: u64,
    /// How many threads send.
    pub workers: u64,
    /// Of how many acknowledged pushes one is kept in a journal; none where it is 0.
    pub sample: u64,
    /// Whether faults bend any of it.
    pub has_faults: bool,
    /// The shortest time that an attempt may take; zero where it is not known, as in files of format 1.
    #[serde(default)]
    pub timeout_us: u64,
    /// What the scenarios ask of a receiver and a load does not.
    #[serde(default)]
    pub not_judged: Vec<NotJudged>,
    /// The faults that are listed for what is played.
    #[serde(default)]
    pub faults: Vec<FaultAsked>,
    /// Whether the load fails where something was planned and never exercised.
    #[serde(default)]
    pub strict: bool,
    /// What its figures keep to.
    pub thresholds: Vec<ThresholdAsked>,
}

/// A fault that is listed for what is played.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FaultAsked {
    /// What tells it apart from the others.
    pub key: String,
    /// Its name.
    pub fault: String,
    /// Where it is listed: `flaky.yaml:4`.
    pub place: String,
    /// Whether it may strike nothing.
    pub may_idle: bool,
}

/// A threshold that was asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ThresholdAsked {
    /// As it is written: `udesk:end p99<1s`.
    pub text: String,
    /// Where it stands: `--threshold`, or the place in a file such as `call.yaml:12`.
    pub place: String,
}

/// Something that a scenario expects of a receiver and that a load does not judge.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NotJudged {
    /// What it is.
    pub kind: NotJudgedKind,
    /// In a few words: `udesk:end: status 2xx`.
    pub text: String,
    /// Where it stands: `call.yaml:12`.
    pub place: String,
}

/// What a load does not judge.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum NotJudgedKind {
    /// An entry of `expect`.
    Expectation,
    /// An entry of `probe`.
    Probe,
}

/// A story that is played.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct StoryAsked {
    /// `outbound-answered by udesk`
    pub name: String,
    /// Its share among the weights of all.
    pub weight: u32,
    /// How its calls are made, as a sentence for people.
    pub made: String,
}

/// When calls start.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ArrivalAsked {
    /// By the clock, evenly.
    Even,
    /// By the clock, at random moments.
    Poisson,
    /// So many at a time.
    Closed,
}

/// A while in which the rate goes evenly from one value to another, in calls a second.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct StageAsked {
    /// How long.
    pub lasting_us: u64,
    /// Calls a second at its start.
    pub from: f64,
    /// Calls a second at its end.
    pub to: f64,
}

impl From<&Stage> for StageAsked {
    fn from(stage: &Stage) -> Self {
        Self { lasting_us: stage.lasting.as_micros() as u64, from: stage.from, to: stage.to }
    }
}

impl LoadAsked {
    /// Whether somebody else says while it goes on how many calls start, so that it is not known beforehand.
    pub fn is_steered(&self) -> bool {
        self.stages.is_empty() && self.closed.is_none()
    }

    /// For how long calls started: as long as was asked for, or until the last of `--max-calls`, or until the run was cut
    /// short.
    pub fn starting(&self, figures: &Figures) -> Duration {
        Duration::from_micros(self.starting_us).min(figures.took)
    }

    /// Calls a second that were asked for, so long after the start; none of a closed load or past the end.
    pub fn rate_at(&self, at: Duration) -> Option<f64> {
        let mut before = 0.0;
        let at = at.as_micros() as f64;
        for stage in &self.stages {
            let lasting = stage.lasting_us as f64;
            if at < before + lasting {
                return Some(stage.from + (stage.to - stage.from) * (at - before) / lasting);
            }
            before += lasting;
        }
        None
    }
}
