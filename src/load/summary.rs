//! What a load run came to, as one value that every report reads: the verdict, the thresholds as judged, the times in plain
//! numbers, and the figures that shards are merged by. How it is judged lives in `verdict`.

pub use super::asked::{
    ArrivalAsked, FaultAsked, LoadAsked, NotJudged, NotJudgedKind, StageAsked, StoryAsked, ThresholdAsked,
};
use super::figures::{Figures, KindFigures};
use super::latency::Latency;
use crate::exit::Exit;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// The version of the summary's format; it rises when a reader of the old one could misread the new one.
pub const LOAD_SUMMARY_FORMAT: u32 = 2;

/// What a load run, one shard of it, or all its shards together came to. All `_us` are microseconds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LoadSummary {
    /// The version of this format.
    pub format: u32,
    /// The version of Ringback that wrote it.
    pub ringback: String,
    /// How it ended.
    pub verdict: Verdict,
    /// The exit code that it calls for.
    pub exit: u8,
    /// Why, as whole sentences, and what to do.
    pub reasons: Vec<String>,
    /// What else a reader of the verdict must know, as whole sentences: what was not judged, and how far the load generator was
    /// late.
    #[serde(default)]
    pub warnings: Vec<String>,
    /// What was asked for.
    pub asked: LoadAsked,
    /// The command that plays it again: the same calls with the same bytes.
    pub replay: String,
    /// The thresholds as judged, in order: of the command line, of the files, and those that hold where nothing else is
    /// said. Empty of one shard among several, which are judged on the merge, and of a load that never began.
    pub thresholds: Vec<JudgedThreshold>,
    /// The p99 of the load generator's own lag beyond which it counts as behind its schedule.
    pub lag_limit_us: u64,
    /// How many calls a second were settled: those that started, as far as their pushes were acknowledged.
    pub calls_per_second: f64,
    /// Ringback's own lag, over all shards.
    pub lag: Times,
    /// The shards that it is made of; one where the run was not divided.
    pub parts: Vec<Part>,
    /// Everything together.
    pub total: PushSummary,
    /// The pushes by kind, in the order of their names; those of which there was any.
    pub pushes: Vec<PushSummary>,
    /// The figures in full, with histograms and with points over time.
    pub figures: Figures,
}

impl LoadSummary {
    /// Whether the load generator fell behind its own schedule, which a reason or a warning says.
    pub fn is_behind(&self) -> bool {
        self.parts.iter().any(|part| part.lag.p99_us > self.lag_limit_us)
            || self.thresholds.iter().any(|threshold| threshold.without_lag.is_some())
    }
}

/// How a load ended. Where several hold, the first of the list tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// A signal cut it short.
    Interrupted,
    /// The target cannot be reached, Ringback could not go on, or shards are missing.
    CannotGoOn,
    /// The receiver did not acknowledge the call that is tried first.
    ReceiverFailed,
    /// Something that a scenario expects of the receiver did not hold.
    ExpectationBroken,
    /// There is nothing to judge, or the load generator fell behind its own schedule and a threshold depends on it.
    Invalid,
    /// A threshold was missed.
    ThresholdMissed,
    /// With `--strict`: something was planned and never exercised, so nobody knows whether it is so.
    Unexercised,
    /// Everything held.
    Passed,
}

impl Verdict {
    /// The exit code that it calls for.
    pub fn exit(self) -> Exit {
        match self {
            Verdict::Interrupted => Exit::Interrupted,
            Verdict::CannotGoOn => Exit::CannotGoOn,
            Verdict::ReceiverFailed | Verdict::ExpectationBroken | Verdict::Unexercised => Exit::ReceiverFailed,
            Verdict::Invalid => Exit::LoadInvalid,
            Verdict::ThresholdMissed => Exit::ThresholdMissed,
            Verdict::Passed => Exit::Good,
        }
    }

    /// How it is coloured: `good`, `warn` or `bad`.
    pub fn tone(self) -> &'static str {
        match self {
            Verdict::Passed => "good",
            Verdict::Interrupted | Verdict::Invalid => "warn",
            Verdict::CannotGoOn
            | Verdict::ReceiverFailed
            | Verdict::ExpectationBroken
            | Verdict::ThresholdMissed
            | Verdict::Unexercised => "bad",
        }
    }

    /// In capitals, for people.
    pub fn word(self) -> &'static str {
        match self {
            Verdict::Interrupted => "INTERRUPTED",
            Verdict::CannotGoOn => "BROKEN OFF",
            Verdict::ReceiverFailed | Verdict::ExpectationBroken | Verdict::Unexercised => "FAILED",
            Verdict::Invalid => "INVALID",
            Verdict::ThresholdMissed => "MISSED",
            Verdict::Passed => "PASSED",
        }
    }
}

/// One shard of a run, or the whole.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Part {
    /// Which, from 1.
    pub shard: u32,
    /// When it began, RFC 3339.
    pub began: String,
    /// How long it took.
    pub took_us: u64,
    /// Calls that it started.
    pub calls: u64,
    /// Its own lag.
    pub lag: Times,
    /// How it ended.
    pub ended: PartEnded,
}

/// How a part ended, whatever was made of its figures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum PartEnded {
    /// Everything is settled.
    Done,
    /// A signal cut it short.
    Interrupted,
    /// The receiver did not acknowledge the call that is tried first.
    Tried,
    /// It could not go on.
    CannotGoOn,
}

/// A histogram in plain numbers, in microseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Times {
    /// How many times were measured; where none was, all others are zero.
    pub count: u64,
    /// The mean.
    pub mean_us: u64,
    /// Half are not above.
    pub p50_us: u64,
    /// 90 % are not above.
    pub p90_us: u64,
    /// 99 % are not above.
    pub p99_us: u64,
    /// 99.9 % are not above.
    pub p999_us: u64,
    /// The longest.
    pub max_us: u64,
}

impl JudgedThreshold {
    /// What became of it.
    pub fn stands(&self) -> Stands {
        match (self.judged, &self.without_lag, self.held) {
            (false, ..) => Stands::NotJudged,
            (true, Some(_), _) => Stands::Unsure,
            (true, None, true) => Stands::Held,
            (true, None, false) => Stands::Missed,
        }
    }
}

impl Times {
    /// Of a histogram.
    pub fn of(latency: &Latency) -> Self {
        let us = |duration: Duration| duration.as_micros() as u64;
        Self {
            count: latency.count(),
            mean_us: us(latency.mean()),
            p50_us: us(latency.at(0.5)),
            p90_us: us(latency.at(0.9)),
            p99_us: us(latency.at(0.99)),
            p999_us: us(latency.at(0.999)),
            max_us: us(latency.max()),
        }
    }
}

/// The pushes of one kind, or all of them, in plain numbers. `planned` = `sent` + `held` + `lost` +
/// `excused`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PushSummary {
    /// `udesk:end`, or `total`.
    pub name: String,
    /// Pushes of the calls that started.
    pub planned: u64,
    /// Acknowledged, at whichever attempt.
    pub sent: u64,
    /// That never left.
    pub held: u64,
    /// Of those, the ones that the end of the run held back.
    pub held_by_end: u64,
    /// Not acknowledged at the last attempt.
    pub lost: u64,
    /// Lost because a fault of the scenario corrupted the last attempt, or refused where a check has judged the status.
    #[serde(default)]
    pub excused: u64,
    /// Attempts.
    pub attempts: u64,
    /// Of those, the ones after the first of their push.
    pub retries: u64,
    /// Attempts that were not answered, or not acknowledged.
    pub errors: u64,
    /// From the intended start until the answer was read or the time was up.
    pub response: Times,
    /// The same from the moment at which the attempt was really written.
    pub service: Times,
}

impl PushSummary {
    /// Of the figures of one kind, or of all together.
    pub fn of(name: &str, figures: &KindFigures) -> Self {
        Self {
            name: name.to_owned(),
            planned: figures.planned,
            sent: figures.sent,
            held: figures.held,
            held_by_end: figures.held_by_end,
            lost: figures.lost,
            excused: figures.excused,
            attempts: figures.attempts,
            retries: figures.retries,
            errors: figures.errors(),
            response: Times::of(&figures.response),
            service: Times::of(&figures.service),
        }
    }
}

/// What became of a threshold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stands {
    /// It held.
    Held,
    /// It is missed, with the load generator's own lag and without it.
    Missed,
    /// It depends on the load generator's own lag.
    Unsure,
    /// There was no sample to judge it by.
    NotJudged,
}

/// A threshold, and what became of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct JudgedThreshold {
    /// As it is written: `udesk:end p99<1s`.
    pub text: String,
    /// Where it stands: `--threshold`, the place in a file such as `call.yaml:12`, or `by default`.
    pub place: String,
    /// Whether it held, as it was measured.
    pub held: bool,
    /// Whether there was any sample to judge it by.
    #[serde(default = "yes")]
    pub judged: bool,
    /// What would have been measured without the load generator's own lag, where that changes whether it holds; written as
    /// `measured` is.
    #[serde(default)]
    pub without_lag: Option<String>,
    /// What was measured, as it would be written in a threshold: `212ms`.
    pub measured: String,
    /// What that means, as a sentence.
    pub told: String,
}

/// What is so in a summary that was written before it could be otherwise.
fn yes() -> bool {
    true
}
