//! One run: what was asked for, what has happened in it, and the way to drive it.

use super::calls::Begun;
use super::ledger::{Delivery, Figures, Ledger};
use super::log::Log;
use super::metrics::Metrics;
use super::ready::Ready;
use super::request::RunRequest;
use super::seed::Seed;
use crate::clock::{self, Pace};
use crate::delivery::{self, Control, Ear, Stopper};
use crate::event::Finding;
use crate::live::Live;
use crate::session::StoryPlan;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Serialize;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// How many deliveries are told with a run, the newest.
pub const DELIVERIES_TOLD_MAX: usize = 100;

/// One run.
pub(super) struct Run {
    pub asked: Asked,
    /// The request as it may be told.
    request: RunRequest,
    pub ready: Ready,
    /// The calls that have begun.
    pub begun: Begun,
    pub log: Log,
    pub ledger: Mutex<Ledger>,
    /// Whether scenario time stands still.
    pub is_still: AtomicBool,
    pace: Mutex<Pace>,
    pub stopper: Stopper,
    wheel: Mutex<Option<Wheel>>,
    end: Mutex<Option<End>>,
    began: Instant,
    /// The events of all runs.
    pub all: Arc<Log>,
    pub metrics: Arc<Metrics>,
}

/// What drives the story that is being played.
#[derive(Clone)]
pub(super) struct Wheel {
    pub control: Control,
    pub live: Live,
    /// The label of its call.
    pub call: String,
    /// The number of its call, from 1.
    pub number: u64,
}

/// What a run was asked to be.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(super) struct Asked {
    /// The id of the run.
    pub id: String,
    /// The scenario's name.
    pub scenario: String,
    /// What the scenario says of itself.
    pub title: String,
    /// The vendor's id.
    pub vendor: String,
    /// The seed of every draw.
    pub seed: Seed,
    /// When the scenario starts, RFC 3339.
    pub start: String,
    /// The addresses that pushes go to.
    pub targets: Vec<String>,
    /// Whether nothing happens until somebody makes it happen.
    pub by_hand: bool,
    /// How many calls are played, one after the other.
    pub calls: u64,
    /// When it began, in milliseconds since 1970.
    pub began_ms: i64,
    /// The command that plays the scenario again.
    pub replay: String,
}

/// How a run ended.
#[derive(Debug, Clone, Copy)]
struct End {
    exit: u8,
    interrupted: bool,
    took: Duration,
}

/// How a run stands.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(super) struct Told {
    #[serde(flatten)]
    asked: Asked,
    /// Whether it goes on.
    state: State,
    /// How scenario time passes.
    pace: String,
    /// How long it took.
    #[serde(skip_serializing_if = "Option::is_none")]
    took_ms: Option<u64>,
    /// The exit code that the command would have.
    #[serde(skip_serializing_if = "Option::is_none")]
    exit: Option<u8>,
    /// Its figures.
    figures: Figures,
    /// Which of its events are kept.
    events: Range,
}

/// The whole of a run.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Whole {
    #[serde(flatten)]
    told: Told,
    /// What was asked for, as it was understood: posted once more it plays the same, steps and faults by hand left out. Where a
    /// secret stood, there is `***`.
    #[schemars(schema_with = "as_it_is_read")]
    request: RunRequest,
    /// Its newest deliveries, in order.
    deliveries: Vec<Delivery>,
    /// How many more there were.
    deliveries_left_out: u64,
    /// What is not as expected, the first of it.
    findings: Vec<Finding>,
    /// How much more there was.
    findings_left_out: u64,
}

/// Numbers of events.
#[derive(Debug, Clone, Serialize, JsonSchema)]
struct Range {
    /// The first that is kept.
    first: u64,
    /// The last.
    last: u64,
}

/// Whether a run goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum State {
    /// It goes on.
    Running,
    /// Scenario time stands still.
    Paused,
    /// It came to its end.
    Finished,
    /// It was stopped before.
    Stopped,
}

impl Run {
    pub fn new(
        ready: Ready,
        asked: Asked,
        request: RunRequest,
        stopper: Stopper,
        all: Arc<Log>,
        metrics: Arc<Metrics>,
    ) -> Self {
        let (is_still, pace) = (ready.is_still, ready.pace);
        Self {
            asked,
            request,
            ready,
            begun: Begun::default(),
            log: Log::default(),
            ledger: Mutex::default(),
            is_still: AtomicBool::new(is_still),
            pace: Mutex::new(pace),
            stopper,
            wheel: Mutex::new(None),
            end: Mutex::new(None),
            began: clock::steady(),
            all,
            metrics,
        }
    }

    pub fn id(&self) -> &str {
        &self.asked.id
    }

    /// Another call begins; it can be driven by whoever has the wheel from now on.
    pub fn begin(&self, number: u64, live: Live, story: &StoryPlan) -> Ear {
        let call = story.plan.as_ref().map(|plan| plan.cast.label.clone()).unwrap_or_default();
        let (control, ear) = delivery::control(self.ready.by_hand, self.is_still.load(Ordering::Relaxed));
        self.begun.begin(&call, number, live.clone());
        self.set_wheel(Some(Wheel { control, live, call, number }));
        ear
    }

    /// What drives it; none where nothing is played any more, or not yet.
    pub fn wheel(&self) -> Option<Wheel> {
        lock(&self.wheel).clone()
    }

    /// Whether no call follows the one of a wheel.
    pub fn is_last(&self, wheel: &Wheel) -> bool {
        wheel.number >= self.ready.calls || self.is_over()
    }

    pub fn set_wheel(&self, wheel: Option<Wheel>) {
        *lock(&self.wheel) = wheel;
    }

    /// How scenario time passes: what holds for the calls that follow, too.
    pub fn pace(&self) -> Pace {
        *lock(&self.pace)
    }

    pub fn set_pace(&self, pace: Pace) {
        *lock(&self.pace) = pace;
    }

    pub fn state(&self) -> State {
        match *lock(&self.end) {
            Some(End { interrupted: true, .. }) => State::Stopped,
            Some(End { interrupted: false, .. }) => State::Finished,
            None if self.is_still.load(Ordering::Relaxed) => State::Paused,
            None => State::Running,
        }
    }

    pub fn is_over(&self) -> bool {
        lock(&self.end).is_some()
    }

    /// About how much memory it takes.
    pub fn bytes(&self) -> usize {
        self.log.bytes() + self.ledger().bytes() + self.request.bytes()
    }

    pub fn ledger(&self) -> MutexGuard<'_, Ledger> {
        lock(&self.ledger)
    }

    /// The session says how it ended.
    pub fn end(&self, exit: u8, interrupted: bool, took: Duration) {
        *lock(&self.end) = Some(End { exit, interrupted, took });
    }

    pub fn told(&self) -> Told {
        let end = *lock(&self.end);
        let (first, last) = self.log.range();
        Told {
            asked: self.asked.clone(),
            state: self.state(),
            pace: self.pace().to_string(),
            took_ms: end.map(|end| u64::try_from(end.took.as_millis()).unwrap_or(u64::MAX)),
            exit: end.map(|end| end.exit),
            figures: self.ledger().figures.clone(),
            events: Range { first, last },
        }
    }

    pub fn whole(&self) -> Whole {
        let told = self.told();
        let ledger = self.ledger();
        let mut deliveries: Vec<Delivery> = ledger.after(0).rev().take(DELIVERIES_TOLD_MAX).cloned().collect();
        deliveries.reverse();
        Whole {
            request: self.request.clone(),
            deliveries_left_out: ledger.counted() - deliveries.len() as u64,
            deliveries,
            findings: ledger.findings.clone(),
            findings_left_out: ledger.figures.findings - ledger.findings.len() as u64,
            told,
        }
    }

    /// The session has ended, whether or not it could say so itself.
    pub fn close(&self, exit: u8) {
        self.set_wheel(None);
        lock(&self.end).get_or_insert(End { exit, interrupted: false, took: self.began.elapsed() });
        self.log.close();
    }
}

/// The schema of requests as they are read: what is left out here is left out there.
fn as_it_is_read(_: &mut SchemaGenerator) -> Schema {
    json_schema!({ "$ref": "#/components/schemas/RunRequest" })
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // Nothing that is locked here is ever half changed.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
