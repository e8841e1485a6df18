//! The `json` report of a load: the summary as one JSON object. It is what `--out` writes and `load merge` reads.

use super::LoadReport;
use crate::load::{LoadSummary, Tick};
use std::io::{self, Write};

/// Writes the summary of a load as one JSON object.
pub struct LoadJson<W: Write>(W);

impl<W: Write> LoadJson<W> {
    /// A report that writes to `out`.
    pub fn new(out: W) -> Self {
        Self(out)
    }
}

impl<W: Write> LoadReport for LoadJson<W> {
    fn tick(&mut self, _: &Tick) -> io::Result<()> {
        Ok(())
    }

    fn finished(&mut self, summary: &LoadSummary) -> io::Result<()> {
        serde_json::to_writer_pretty(&mut self.0, summary)?;
        self.0.write_all(b"\n")?;
        self.0.flush()
    }
}
