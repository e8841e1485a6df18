//! What happens in a call, in order of time; and what to say of a script that cannot happen.

use super::player::{Player, Waits};
use super::{CastSpec, Happening, Step};
use crate::random::Keyed;
use std::time::Duration;

/// What happens in a call, in order of time; what happens at the same moment stays in order of cause.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Timeline {
    /// The happenings.
    pub happenings: Vec<Happening>,
}

/// A step that cannot happen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Illegal {
    /// Its index in the script.
    pub step: usize,
    /// What is wrong: "ann answers, but ann's phone does not ring".
    pub reason: String,
    /// What to do: "put `- ring: ann` before it".
    pub help: String,
}

/// Plays a script: waits are drawn, steps become happenings.
///
/// Whether a script can happen does not depend on the draws.
///
/// # Errors
/// Every step that cannot happen, in order. A step that cannot happen is left out, and the next ones are judged without it.
pub fn play(spec: &CastSpec, script: &[Step], keyed: &Keyed) -> Result<Timeline, Vec<Illegal>> {
    let mut player = Player::new(spec, Waits::Drawn(keyed));
    for (index, step) in script.iter().enumerate() {
        player.step(index, step);
    }
    player.finish(script.len())
}

/// A story whose end is not written yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SoFar {
    /// What happens.
    pub timeline: Timeline,
    /// When each step begins, from the start of the scenario.
    pub begins: Vec<Duration>,
    /// When the last step is over.
    pub now: Duration,
    /// Whether the story has come to its end, so that only an epilogue can follow.
    pub is_over: bool,
}

/// Plays a script that may go on: one that does not come to an end is no mistake.
///
/// # Errors
/// As [`play`].
pub fn play_so_far(spec: &CastSpec, script: &[Step], keyed: &Keyed) -> Result<SoFar, Vec<Illegal>> {
    let mut player = Player::new(spec, Waits::Drawn(keyed));
    let mut begins = Vec::with_capacity(script.len());
    for (index, step) in script.iter().enumerate() {
        begins.push(player.now());
        player.step(index, step);
    }
    player.pause(begins)
}
