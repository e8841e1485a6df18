//! The `html` report: one page for a browser, complete in itself. The events are folded as they come, and the page is written
//! at the end.

mod cut;
mod fold;
mod model;
mod page;
mod steps;
mod story;

use super::Report;
use crate::event::RunEvent;
use fold::Fold;
use model::Overview;
use std::io::{self, Write};

/// Writes one page at the end of the run.
pub struct Html<W: Write> {
    out: W,
    fold: Fold,
    /// What the page shows, once the run is over.
    folded: Option<(Overview, String)>,
}

impl<W: Write> Html<W> {
    /// A report that writes to `out`.
    pub fn new(out: W) -> Self {
        Self { out, fold: Fold::default(), folded: None }
    }
}

impl<W: Write> Report for Html<W> {
    fn event(&mut self, event: &RunEvent) -> io::Result<()> {
        match &mut self.folded {
            None => self.fold.event(event),
            // Told again, because a report could not be written.
            Some((overview, _)) => fold::finish(&mut overview.run, event),
        }
        Ok(())
    }

    fn flush(&mut self) -> io::Result<()> {
        let fold = &mut self.fold;
        let (overview, details) = self.folded.get_or_insert_with(|| std::mem::take(fold).close());
        self.out.write_all(page::page(overview, details)?.as_bytes())?;
        self.out.flush()
    }
}
