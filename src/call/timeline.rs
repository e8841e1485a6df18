//! From the steps of a script to what happens, and whether it can happen at all.

use super::{CastSpec, Happening, Step};
use crate::random::Keyed;

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
    /// What is wrong: "ann answers, but her phone does not ring".
    pub reason: String,
    /// What to do: "put `ring: ann` before it".
    pub help: String,
}

/// Plays a script.
///
/// # Errors
/// Every step that cannot happen.
pub fn play(spec: &CastSpec, script: &[Step], keyed: &Keyed) -> Result<Timeline, Vec<Illegal>> {
    let _ = (spec, script, keyed);
    Ok(Timeline::default())
}
