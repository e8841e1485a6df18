//! One run: what was asked for, what has happened in it, and the way to drive it.

use super::ledger::{Delivery, Figures, Ledger};
use super::log::Log;
use super::metrics::Metrics;
use super::request::RunRequest;
use crate::clock;
use crate::delivery::{Control, Stopper};
use crate::event::{Finding, RunEvent};
use crate::live::Live;
use crate::report::Report;
use schemars::JsonSchema;
use serde::Serialize;
use std::borrow::Cow;
use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// The longest body that is kept of a request or an answer.
pub const BODY_KEPT_MAX_BYTES: usize = 64 * 1024;
/// How many deliveries are told with a run, the newest.
pub const DELIVERIES_TOLD_MAX: usize = 100;

/// One run.
pub(super) struct Run {
    pub asked: Asked,
    /// What plays it once more. It may hold secrets, so it is never told.
    pub again: RunRequest,
    pub log: Log,
    pub ledger: Mutex<Ledger>,
    /// Whether scenario time stands still.
    pub is_still: AtomicBool,
    pub stopper: Stopper,
    wheel: Mutex<Option<Wheel>>,
    end: Mutex<Option<End>>,
    began: Instant,
    /// The events of all runs.
    all: Arc<Log>,
    metrics: Arc<Metrics>,
}

/// What drives the story that is being played.
#[derive(Clone)]
pub(super) struct Wheel {
    pub control: Control,
    pub live: Live,
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
    pub seed: u64,
    /// When the scenario starts, RFC 3339.
    pub start: String,
    /// How scenario time passes at first.
    pub pace: String,
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
        asked: Asked,
        again: RunRequest,
        is_still: bool,
        stopper: Stopper,
        all: Arc<Log>,
        metrics: Arc<Metrics>,
    ) -> Self {
        Self {
            asked,
            again,
            log: Log::default(),
            ledger: Mutex::default(),
            is_still: AtomicBool::new(is_still),
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

    /// What drives it; none where nothing is played any more, or not yet.
    pub fn wheel(&self) -> Option<Wheel> {
        lock(&self.wheel).clone()
    }

    pub fn set_wheel(&self, wheel: Option<Wheel>) {
        *lock(&self.wheel) = wheel;
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
        self.log.bytes() + self.ledger().bytes() + self.again.bytes()
    }

    pub fn ledger(&self) -> MutexGuard<'_, Ledger> {
        lock(&self.ledger)
    }

    pub fn told(&self) -> Told {
        let end = *lock(&self.end);
        let (first, last) = self.log.range();
        Told {
            asked: self.asked.clone(),
            state: self.state(),
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

    /// Takes an event in: for the figures, and for whoever reads along.
    fn take(&self, event: &RunEvent) {
        let event = shortened(event);
        let number = self.ledger().take(&event);
        if let RunEvent::Finished { exit, interrupted, took, .. } = &*event {
            *lock(&self.end) = Some(End { exit: *exit, interrupted: *interrupted, took: *took });
        }
        // Events of one run come one after the other, so the number is still right when it is written.
        let text = told(&event, self.id(), self.log.next(), number);
        self.log.write(Arc::clone(&text));
        self.all.write(text);
    }
}

/// The report of a session that keeps its events with the run.
pub(super) struct Teller(pub Arc<Run>);

impl Report for Teller {
    fn event(&mut self, event: &RunEvent) -> io::Result<()> {
        self.0.metrics.event(event);
        self.0.take(event);
        Ok(())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The event as readers get it: the run, its number there, the delivery, and the event itself.
fn told(event: &RunEvent, run: &str, seq: u64, number: Option<u64>) -> Arc<str> {
    #[derive(Serialize)]
    struct Told<'a> {
        run: &'a str,
        seq: u64,
        #[serde(skip_serializing_if = "Option::is_none")]
        n: Option<u64>,
        #[serde(flatten)]
        event: &'a RunEvent,
    }
    serde_json::to_string(&Told { run, seq, n: number, event }).unwrap_or_default().into()
}

/// The event with bodies no longer than what is kept.
fn shortened(event: &RunEvent) -> Cow<'_, RunEvent> {
    let is_long = |body: &str| body.len() > BODY_KEPT_MAX_BYTES;
    let mut event: Cow<'_, RunEvent> = match event {
        RunEvent::Attempted { body, .. } | RunEvent::Replied { body, .. } | RunEvent::Probed { body, .. }
            if is_long(body) =>
        {
            Cow::Owned(event.clone())
        }
        _ => return Cow::Borrowed(event),
    };
    if let RunEvent::Attempted { body, .. } | RunEvent::Replied { body, .. } | RunEvent::Probed { body, .. } =
        event.to_mut()
    {
        let left_out = body.len() - BODY_KEPT_MAX_BYTES;
        let end = (0..=BODY_KEPT_MAX_BYTES).rev().find(|end| body.is_char_boundary(*end)).unwrap_or(0);
        body.truncate(end);
        body.push_str(&format!("… and {left_out} bytes more"));
    }
    event
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // Nothing that is locked here is ever half changed.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
