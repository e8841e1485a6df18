//! The line of a probe: what was asked, and what came of it.

use super::words::{clipped, count_of, short};
use super::{BAD, Detail, GOOD, Term, WARN};
use crate::event::{Expectation, RunEvent};
use crate::vendors::named::shown;
use std::io::{self, Write};

/// How much of what a probe asks the line shows.
const ASKED_SHOWN_MAX_CHARS: usize = 160;

impl<W: Write> Term<W> {
    /// `??? probe GET http://... not judged: lost on purpose: udesk:end by `drop``
    pub(super) fn line_of_no_probe(&mut self, expectation: &Expectation, reason: &str) -> io::Result<()> {
        if self.detail < Detail::Normal {
            return Ok(());
        }
        let (clock, asked) = (self.clock_face(None), clipped(&expectation.text, ASKED_SHOWN_MAX_CHARS));
        writeln!(self.out, "{clock} ??? {asked} {WARN}not judged{WARN:#}: {}", clipped(reason, ASKED_SHOWN_MAX_CHARS))
    }

    /// `??? GET http://127.0.0.1:8080/calls/1 agreed after 3 tries in 210 ms`
    pub(super) fn line_of_probe(&mut self, probed: &RunEvent) -> io::Result<()> {
        let RunEvent::Probed { delivery, asked, tries, took, agrees, status, silent, .. } = probed else {
            return Ok(());
        };
        if *agrees && self.detail < Detail::Normal {
            return Ok(());
        }
        let (style, word) = match (agrees, status) {
            (true, _) => (GOOD, "agreed"),
            (false, Some(_)) => (BAD, "disagreed"),
            (false, None) => (BAD, "could not be asked"),
        };
        let (clock, asked) = (self.clock_face(None), clipped(asked, ASKED_SHOWN_MAX_CHARS));
        let (tries, took) = (count_of(u64::from(*tries), "try", "tries"), short(*took));
        let why = silent.as_ref().map(|why| format!(": {}", clipped(why, ASKED_SHOWN_MAX_CHARS))).unwrap_or_default();
        let after = delivery.as_ref().map(|id| format!("  {} {}", shown(&id.push), self.call(id))).unwrap_or_default();
        writeln!(self.out, "{clock} ??? {asked} {style}{word}{style:#} after {tries} in {took}{why}{after}")
    }
}
