//! What a push may lose by a fault: whether a receiver can know afterwards what the vendor meant to say.

use super::connection::{ConnectionFault, Place};
use super::event::Event;
use super::{Fault, FaultFact, Kind};
use std::fmt;

/// The loss class of a fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Loss {
    /// Every push arrives whole, if late, often or in another order.
    #[default]
    Lossless,
    /// An attempt may fail; what the vendor sends again is whole.
    RepairedByRetry,
    /// A push may never arrive, or arrive with something else in it.
    Lossy,
}

impl Loss {
    /// Every class with its meaning, as it is listed.
    pub const ALL: [(Loss, &'static str); 3] = [
        (Loss::Lossless, "every push arrives whole, if late, often or in another order"),
        (Loss::RepairedByRetry, "an attempt may fail; what the vendor sends again is whole"),
        (Loss::Lossy, "a push may never arrive, or arrive with something else in it"),
    ];

    /// The word by which it is listed.
    pub fn as_str(self) -> &'static str {
        match self {
            Loss::Lossless => "lossless",
            Loss::RepairedByRetry => "repaired-by-retry",
            Loss::Lossy => "lossy",
        }
    }
}

impl fmt::Display for Loss {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl FaultFact {
    /// Its loss class, as long as no setting changes it.
    pub fn loss(&self) -> Loss {
        self.loss
    }
}

impl Fault {
    /// Its loss class.
    pub(super) fn loss(&self) -> Loss {
        match &self.kind {
            Kind::Connection(ConnectionFault::HalfClose(fault)) if fault.place != Place::After => Loss::RepairedByRetry,
            _ => self.fact.loss,
        }
    }

    /// Whether an attempt that it bends is other than it should be, or cannot be answered, so that a receiver is not to
    /// blame where it refuses it.
    pub fn spoils(&self) -> bool {
        match &self.kind {
            // What moves and repeats pushes leaves each of them as it should be.
            Kind::Event(event) => matches!(event, Event::LostAck(_)),
            Kind::Http(_) | Kind::Connection(_) => self.loss() != Loss::Lossless,
        }
    }
}
