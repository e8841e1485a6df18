//! The `json` report: what the run came to, as one JSON object, written when the run is over.

use super::Report;
use super::summary::Summing;
use crate::event::RunEvent;
use crate::visible::in_json;
use std::io::{self, Write};

/// Writes the summary of a run as one JSON object.
pub struct Json<W: Write> {
    out: W,
    summing: Summing,
}

impl<W: Write> Json<W> {
    /// A report that writes to `out`.
    pub fn new(out: W) -> Self {
        Self { out, summing: Summing::default() }
    }
}

impl<W: Write> Report for Json<W> {
    fn event(&mut self, event: &RunEvent) -> io::Result<()> {
        if let Some(summary) = self.summing.event(event) {
            self.out.write_all(in_json(&serde_json::to_string_pretty(summary)?).as_bytes())?;
            self.out.write_all(b"\n")?;
        }
        Ok(())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}
