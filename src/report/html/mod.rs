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
use std::io::{self, Write};

/// Writes one page at the end of the run.
pub struct Html<W: Write> {
    out: W,
    /// `None` once the page is written.
    fold: Option<Fold>,
}

impl<W: Write> Html<W> {
    /// A report that writes to `out`.
    pub fn new(out: W) -> Self {
        Self { out, fold: Some(Fold::default()) }
    }
}

impl<W: Write> Report for Html<W> {
    fn event(&mut self, event: &RunEvent) -> io::Result<()> {
        if let Some(fold) = &mut self.fold {
            fold.event(event);
        }
        Ok(())
    }

    fn flush(&mut self) -> io::Result<()> {
        if let Some(fold) = self.fold.take() {
            let (overview, details) = fold.close();
            self.out.write_all(page::page(&overview, &details)?.as_bytes())?;
        }
        self.out.flush()
    }
}
