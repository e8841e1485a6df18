//! The `ndjson` report: every event as one line of JSON, in the order in which it happened.

use super::Report;
use crate::event::RunEvent;
use crate::visible::in_json;
use std::io::{self, Write};

/// Writes every event as one line of JSON.
pub struct Ndjson<W: Write>(W);

impl<W: Write> Ndjson<W> {
    /// A report that writes to `out`.
    pub fn new(out: W) -> Self {
        Self(out)
    }
}

impl<W: Write> Report for Ndjson<W> {
    fn event(&mut self, event: &RunEvent) -> io::Result<()> {
        self.0.write_all(in_json(&serde_json::to_string(event)?).as_bytes())?;
        self.0.write_all(b"\n")
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}
