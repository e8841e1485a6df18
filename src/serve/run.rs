//! One run: what was asked for, what has happened in it, and the way to drive it.

use super::calls::Begun;
use super::ledger::Ledger;
use super::log::Log;
use super::metrics::Metrics;
use super::ready::Ready;
use super::request::RunRequest;
use super::told::{Asked, State};
use crate::clock::{self, Pace};
use crate::delivery::{self, Control, Ear, Stopper};
use crate::live::Live;
use crate::session::StoryPlan;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// One run.
pub(super) struct Run {
    pub asked: Asked,
    /// The request as it may be told.
    pub request: RunRequest,
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

/// How a run ended.
#[derive(Debug, Clone, Copy)]
pub(super) struct End {
    pub exit: u8,
    pub interrupted: bool,
    pub took: Duration,
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

    /// How it ended.
    pub fn ended(&self) -> Option<End> {
        *lock(&self.end)
    }

    /// The session says how it ended.
    pub fn end(&self, exit: u8, interrupted: bool, took: Duration) {
        *lock(&self.end) = Some(End { exit, interrupted, took });
    }

    /// The session has ended, whether or not it could say so itself.
    pub fn close(&self, exit: u8) {
        self.set_wheel(None);
        lock(&self.end).get_or_insert(End { exit, interrupted: false, took: self.began.elapsed() });
        self.log.close();
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // Nothing that is locked here is ever half changed.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
