//! Load: the same scenarios, many calls at a time. This page is the map of the room, and what a run is told and tells.
//!
//! | file | what lives there |
//! |---|---|
//! | [`calls`] | the seam: a story as a worker sees it |
//! | [`template`] | a story compiled into literals and slots, so that a request costs less than a microsecond |
//! | [`arrival`] | when calls start: a pure function of their number |
//! | [`steering`] | a rate that is turned while the run goes on |
//! | [`shard`] | which call belongs to which story, shard and worker: a pure function of its number |
//! | [`figures`], [`point`], [`latency`] | what it comes to, in all and over time; merges exactly |
//! | [`asked`] | what was asked for, as reports tell it |
//! | [`summary`] | what all reports of a load read: verdict, thresholds as judged, plain numbers, the figures |
//! | [`threshold`], [`verdict`] | whether figures keep to what was asked of them |
//! | [`lag`], [`warning`] | what the load generator's own lag may have changed; what else a reader of the verdict must know |
//! | [`merge`] | shards of one run become one |
//! | [`report`] | one file per format, each told how the run stands and what it came to |
//! | [`run`] | a run from its first call to its figures; `before`, `trial`: what comes before it, and the call that is tried first |
//! | `crew`, `points` | the workers, heard until all are done; what they tell over time becomes one |
//! | `worker` | the loop of one thread: starts calls, sends what falls due, settles it |
//! | `wheel`, `queue`, `chains` | what is due later, what is due now, and what waits for the push before it |
//! | `judging`, [`expectations`] | what scenarios expect, judged by the rules of `contract`, and what became of it |
//! | `connection`, `known` | HTTP/1.1 on sockets that never block |
//! | `pulse` | what a worker sleeps on |
//! | `ledger` | what a worker counts |
//! | [`writing`], `told` | what is told of attempts, as events for a report, on a thread of its own |
//! | `locust` | joins a Locust master as a worker |
//! | `careful` | attempts of which faults bend more than the request, or that go over TLS: each in a task, by `delivery` |
//!
//! A call in flight is an entry of twenty bytes in the wheel of its worker, never a task.

pub mod arrival;
pub mod asked;
mod before;
pub mod calls;
mod careful;
mod chains;
mod connection;
mod crew;
pub mod expectations;
pub mod figures;
mod judging;
mod known;
pub mod lag;
pub mod latency;
mod ledger;
mod limits;
pub mod locust;
pub mod merge;
pub mod point;
mod points;
mod pulse;
mod queue;
pub mod report;
mod run;
mod setting;
pub mod shard;
pub mod steering;
pub mod summary;
pub mod template;
pub mod threshold;
mod told;
mod trial;
pub mod verdict;
pub mod warning;
mod wheel;
mod worker;
pub mod writing;

pub use arrival::{Arrival, Stage};
pub use calls::{About, Calls, Policy, Step, Strikes, Way};
pub use figures::{Figures, KindFigures};
pub use latency::Latency;
pub use limits::*;
pub use point::Point;
pub use run::{run, run_at};
pub use steering::{Chance, Steering};
pub use summary::LoadSummary;
pub use verdict::Terms;
pub use writing::{BadSample, SAMPLE_DEFAULT, Sample, Writing, Written};

use crate::delivery::{AttemptOutcome, Transport};
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

/// A load run: what is played, how often, and within which limits.
#[derive(Clone)]
pub struct Load {
    /// What is played. Which call plays which story is drawn by weight, from the number of the call.
    pub stories: Vec<WeightedStory>,
    /// The seed of every draw.
    pub seed: u64,
    /// When the first call starts in scenario time; call times follow the plan of arrival from here.
    pub start: Timestamp,
    /// How many seconds of a call pass in one real second: 60 for `60x`.
    pub pace: f64,
    /// When calls start.
    pub arrival: Arrival,
    /// After how many calls no more start; none where the plan of arrival alone says.
    pub max_calls: Option<u64>,
    /// How many pushes may be due and not settled at a time. One that falls due beyond is held back for good, and counted.
    pub max_in_flight: usize,
    /// How many connections are open to each target at most, over all workers.
    pub connections: usize,
    /// How many threads send; each has its own part of the calls.
    pub workers: usize,
    /// Which part of the calls this process plays.
    pub shard: Shard,
    /// How long calls go on after the last one has started; then what is not due yet is held back. To their end where none
    /// is given.
    pub linger: Option<Duration>,
    /// How pushes travel that are not rendered: see `careful`.
    pub transport: Transport,
    /// Whether anything is sent at all.
    pub sending: Sending,
    /// Of how many acknowledged pushes one is told as [`Told::Attempt`]; none where it is 0.
    pub sample: u64,
    /// What was asked for, in words, so that shards of different runs are not taken for parts of one.
    pub asked: String,
}

/// A story and how often it is played.
#[derive(Clone)]
pub struct WeightedStory {
    /// Its calls.
    pub calls: Arc<dyn Calls>,
    /// Its share among the weights of all.
    pub weight: u32,
}

/// Part `number`, from 1, of `of` parts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shard {
    /// Which, from 1.
    pub number: u32,
    /// Of how many.
    pub of: u32,
}

/// Whether pushes are sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sending {
    /// Over the network.
    Wire,
    /// Everything but the sending: each push counts as acknowledged at once. It tells what the machine can plan.
    Nothing,
}

/// What is told while a run goes on.
#[derive(Debug)]
pub enum Told {
    /// Once per [`Figures::point_length`], in order.
    Tick(Box<Tick>),
    /// Something that people want to know, as one line.
    Said(String),
    /// An attempt that failed or was not acknowledged, or one of the sampled others. At most [`ATTEMPTS_TOLD_MAX`] wait
    /// to be told; more are left out, and a note in the figures says how many.
    Attempt(Box<AttemptTold>),
}

/// How a run stands.
#[derive(Debug, Clone)]
pub struct Tick {
    /// How long it goes on.
    pub at: Duration,
    /// The while that has just passed.
    pub point: Point,
    /// By kind, since the start: planned, sent, held, lost, excused, nacks, failed.
    pub kinds: Vec<KindTick>,
    /// All figures by kind, since the start, of a run that is steered; of any other they come at its end.
    pub figures: BTreeMap<String, KindFigures>,
    /// How many calls have started, of a run that is steered.
    pub calls_started: u64,
    /// How many calls a second were asked for at the end of the while that has just passed, of a run that is steered.
    pub asked: Option<f64>,
}

/// How the pushes of one kind stand.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct KindTick {
    /// `udesk:end`
    pub name: String,
    /// That were due.
    pub planned: u64,
    /// Acknowledged.
    pub sent: u64,
    /// Held back.
    pub held: u64,
    /// Lost.
    pub lost: u64,
    /// Lost to a fault of their own.
    pub excused: u64,
    /// Answers that are no acknowledgement.
    pub nacks: u64,
    /// Attempts without an answer.
    pub failed: u64,
}

/// One attempt, for a journal. The push is `stories[story].calls.plan(call, start)` at [`AttemptTold::step`].
#[derive(Debug, Clone)]
pub struct AttemptTold {
    /// The story, by index in [`Load::stories`].
    pub story: usize,
    /// The number of the call.
    pub call: u64,
    /// When it started, in scenario time.
    pub start: Timestamp,
    /// The push, by its place in the call, from 0.
    pub step: usize,
    /// The target, from 0.
    pub target: usize,
    /// Which attempt, from 1.
    pub attempt: u32,
    /// When it was due, from the start of the run.
    pub due: Duration,
    /// How long it took from then.
    pub response: Duration,
    /// When it began to be written, by the machine's clock; where it never was, when it was due.
    pub began: Timestamp,
    /// Whether it settled the push.
    pub acknowledged: bool,
    /// How it ended.
    pub outcome: AttemptOutcome,
}

/// How a run ended.
#[derive(Debug)]
pub struct Outcome {
    /// What it comes to. Also where it could not go on.
    pub figures: Figures,
    /// Why it ended.
    pub ended: Ended,
}

/// Why a run ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ended {
    /// Everything is settled.
    Done,
    /// `stop` asked for it.
    Interrupted,
    /// The call that is tried first failed, so nothing else was sent; with its reason.
    Tried(String),
    /// The call that is tried first did not reach the target, so nothing else was sent; with its reason.
    Unreachable(String),
    /// The settings are impossible, or the machine has run out of something; with what to do.
    CannotGoOn(String),
}
