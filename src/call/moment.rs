//! A moment of a story: how long after its start, and what happened then.

use std::cmp::Ordering;
use std::ops::{Add, Sub};
use std::time::Duration;

/// A moment of a story. Two moments are equal when they lie at the same time, whatever happened.
#[derive(Debug, Clone, Copy, Default)]
pub struct Moment {
    /// How long after the start of the scenario.
    pub offset: Duration,
    /// The happening that it is counted from, by its place in the order in which the script caused them.
    pub mark: u16,
}

impl Moment {
    /// A moment that no happening belongs to.
    pub fn at(offset: Duration) -> Self {
        Self { offset, mark: 0 }
    }

    /// So much later.
    pub fn saturating_add(self, later: Duration) -> Self {
        Self { offset: self.offset.saturating_add(later), ..self }
    }
}

impl PartialEq for Moment {
    fn eq(&self, other: &Self) -> bool {
        self.offset == other.offset
    }
}

impl Eq for Moment {}

impl PartialOrd for Moment {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Moment {
    fn cmp(&self, other: &Self) -> Ordering {
        self.offset.cmp(&other.offset)
    }
}

impl Add<Duration> for Moment {
    type Output = Moment;

    fn add(self, later: Duration) -> Moment {
        self.saturating_add(later)
    }
}

impl Sub<Duration> for Moment {
    type Output = Moment;

    fn sub(self, earlier: Duration) -> Moment {
        Moment { offset: self.offset.saturating_sub(earlier), ..self }
    }
}

impl From<Moment> for Duration {
    fn from(moment: Moment) -> Duration {
        moment.offset
    }
}
