//! Faults in how the bytes of a request leave: slowly, with a halt, or torn apart inside a character.

use super::claim::{Claim, Contradiction, Thing};
use super::{Connection, PAUSE_MAX, RATE_MAX, RATE_MIN, SPLITS_MAX};
use crate::random::Stream;
use std::time::Duration;

/// `trickle`: the request leaves at so many bytes per second.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Trickle {
    /// From [`RATE_MIN`] to [`RATE_MAX`].
    pub bytes_per_second: u64,
}

impl Default for Trickle {
    fn default() -> Self {
        Self { bytes_per_second: 1000 }
    }
}

impl Trickle {
    pub(super) fn claim(&self) -> Claim {
        Claim { fault: "trickle", needs: &[Thing::Link, Thing::Request], takes: &[Thing::Pace] }
    }

    /// Bends a connection; see [`super::ConnectionFault::bend`].
    #[allow(clippy::missing_errors_doc)]
    pub fn bend(&self, connection: &mut Connection, _draw: &mut Stream) -> Result<(), Contradiction> {
        self.claim().enter(connection)?;
        connection.trickle_per_second = Some(self.bytes_per_second.clamp(RATE_MIN, RATE_MAX));
        Ok(())
    }
}

/// `stall`: the request halts in the middle, and goes on after a while.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stall {
    /// How long it halts; at most [`PAUSE_MAX`].
    pub pause: Duration,
}

impl Default for Stall {
    fn default() -> Self {
        Self { pause: Duration::from_secs(2) }
    }
}

impl Stall {
    pub(super) fn claim(&self) -> Claim {
        Claim { fault: "stall", needs: &[Thing::Link, Thing::Request], takes: &[Thing::Pause] }
    }

    /// Bends a connection; see [`super::ConnectionFault::bend`].
    #[allow(clippy::missing_errors_doc)]
    pub fn bend(&self, connection: &mut Connection, _draw: &mut Stream) -> Result<(), Contradiction> {
        self.claim().enter(connection)?;
        connection.stall = Some(self.pause.min(PAUSE_MAX));
        Ok(())
    }
}

/// `split-utf8`: a segment ends inside a character, and the rest of it follows after a pause.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SplitUtf8 {
    /// How many characters are torn apart; from 1 to [`SPLITS_MAX`].
    pub splits: u64,
    /// How long after each half; at most [`PAUSE_MAX`]. Without a pause the receiver would read both halves at once.
    pub pause: Duration,
}

impl Default for SplitUtf8 {
    fn default() -> Self {
        Self { splits: 1, pause: Duration::from_millis(50) }
    }
}

impl SplitUtf8 {
    pub(super) fn claim(&self) -> Claim {
        Claim { fault: "split-utf8", needs: &[Thing::Link, Thing::Request], takes: &[Thing::Segments] }
    }

    /// Bends a connection, drawing which characters; see [`super::ConnectionFault::bend`].
    #[allow(clippy::missing_errors_doc)]
    pub fn bend(&self, connection: &mut Connection, draw: &mut Stream) -> Result<(), Contradiction> {
        self.claim().enter(connection)?;
        let draws = (0..self.splits.clamp(1, SPLITS_MAX)).map(|_| draw.word()).collect();
        connection.split = Some(Split { draws, pause: self.pause.min(PAUSE_MAX) });
        Ok(())
    }
}

/// Which characters are torn apart: one draw for each, because the body is not known yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Split {
    draws: Vec<u64>,
    pub(super) pause: Duration,
}

impl Split {
    /// Where the body is torn apart: offsets inside characters, in order; none where every character is one byte.
    pub(super) fn places(&self, body: &[u8]) -> Vec<usize> {
        // A byte that continues a character, right behind the one that opens it.
        let inside: Vec<usize> = (1..body.len()).filter(|at| is_opening(body[at - 1]) && is_inner(body[*at])).collect();
        let mut places: Vec<usize> = match inside.len() {
            0 => Vec::new(),
            count => self.draws.iter().map(|draw| inside[(draw % count as u64) as usize]).collect(),
        };
        places.sort_unstable();
        places.dedup();
        places
    }
}

fn is_opening(byte: u8) -> bool {
    byte >= 0xc2
}

fn is_inner(byte: u8) -> bool {
    byte & 0xc0 == 0x80
}
