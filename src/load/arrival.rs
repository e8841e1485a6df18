//! When calls start: a pure function of their number. Nothing here waits.

use std::time::Duration;

/// When calls start.
#[derive(Debug, Clone, PartialEq)]
pub enum Arrival {
    /// By the clock, whatever the receiver does: evenly.
    Even(Vec<Stage>),
    /// By the clock, whatever the receiver does: at random moments, independent of each other, as real calls come.
    Poisson(Vec<Stage>),
    /// So many calls at a time: the next starts when one has ended. Its pushes wait for each other. A receiver that slows
    /// down is asked less, so its figures flatter it.
    Closed {
        /// How many at a time.
        calls: usize,
        /// For how long calls start.
        lasting: Duration,
    },
}

/// A while in which the rate goes evenly from one value to another.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Stage {
    /// How long.
    pub lasting: Duration,
    /// Calls a second at its start.
    pub from: f64,
    /// Calls a second at its end.
    pub to: f64,
}
