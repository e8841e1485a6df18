//! How scenario time passes while a plan is sent: at a pace that can change, or not at all.

use crate::clock::{self, Pace};
use crate::event::RunEvent;
use std::time::{Duration, Instant};

type Done = Result<Vec<RunEvent>, String>;

/// The passing of scenario time.
pub(super) struct Passing {
    pace: Pace,
    is_still: bool,
    /// A moment of scenario time, and the real one that went with it.
    from: (Duration, Instant),
}

impl Passing {
    /// From the start of the scenario.
    pub fn new(pace: Pace, is_still: bool) -> Self {
        Self { pace, is_still, from: (Duration::ZERO, clock::steady()) }
    }

    pub fn pace(&self) -> Pace {
        self.pace
    }

    pub fn is_still(&self) -> bool {
        self.is_still
    }

    /// Scenario time, where real time moves it.
    pub fn now(&self) -> Option<Duration> {
        let (scenario, real) = self.from;
        match (self.pace, self.is_still) {
            (Pace::Fast, _) | (_, true) => None,
            (pace, false) => Some(scenario.saturating_add(pace.scenario(real.elapsed()))),
        }
    }

    /// Time stands still.
    pub fn hold(&mut self, now: Duration) -> Done {
        self.is_still = true;
        self.from = (now, clock::steady());
        Ok(Vec::new())
    }

    /// Time goes on.
    pub fn go_on(&mut self, now: Duration) -> Done {
        if !self.is_still {
            return Err("nothing is paused".to_owned());
        }
        self.is_still = false;
        self.from = (now, clock::steady());
        Ok(Vec::new())
    }

    /// Time passes at another pace.
    pub fn change(&mut self, now: Duration, pace: Pace) -> Done {
        self.pace = pace;
        self.from = (now, clock::steady());
        Ok(Vec::new())
    }
}
