//! Faults in how the bytes of a request leave: slowly, with a halt, or torn apart inside a character.

use super::{PAUSE_MAX, SPLITS_MAX};
use crate::random::Stream;
use std::time::Duration;

/// `trickle`: the request leaves at so many bytes per second.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Trickle {
    /// From [`super::RATE_MIN`] to [`super::RATE_MAX`].
    pub bytes_per_second: u64,
}

/// `stall`: the request halts in the middle, and goes on after a while.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stall {
    /// How long it halts; at most [`PAUSE_MAX`].
    pub pause: Duration,
}

/// `split-utf8`: a segment ends inside a character, and the rest of it follows after a pause.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SplitUtf8 {
    /// How many characters are torn apart; from 1 to [`SPLITS_MAX`].
    pub splits: u64,
    /// How long after each half; at most [`PAUSE_MAX`]. Without a pause the receiver would read both halves at once.
    pub pause: Duration,
}

/// Which characters are torn apart: one draw for each, because the body is not known yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Split {
    draws: Vec<u64>,
    pub(super) pause: Duration,
}

impl Split {
    pub(super) fn drawn(fault: SplitUtf8, draw: &mut Stream) -> Self {
        let draws = (0..fault.splits.clamp(1, SPLITS_MAX)).map(|_| draw.word()).collect();
        Self { draws, pause: fault.pause.min(PAUSE_MAX) }
    }

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
