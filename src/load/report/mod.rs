//! The reports of a load: each is told how the run stands, and reads the one summary at its end. One file per format; what
//! they have in common with the reports of a run lives in `report`.

mod examples;
mod github;
mod html;
mod json;
mod junit;
mod ndjson;
mod stand;
mod table;
mod term;
mod times;

pub use github::LoadGithub;
pub use html::LoadHtml;
pub use json::LoadJson;
pub use junit::LoadJunit;
pub use ndjson::{LoadLine, LoadNdjson, Shared};
pub use stand::Stand;
pub use term::{LINE_EVERY, Lines, LoadTerm};

use super::{LoadSummary, Tick};
use crate::atomic_file::AtomicFile;
use crate::report::InFile;
use std::io;

/// Is told of a load while it goes on and at its end.
pub trait LoadReport {
    /// How the run stands, once for every point of its figures.
    ///
    /// # Errors
    /// What the output refused.
    fn tick(&mut self, tick: &Tick) -> io::Result<()>;

    /// Something that people want to know meanwhile, as one line.
    ///
    /// # Errors
    /// What the output refused.
    fn said(&mut self, _line: &str) -> io::Result<()> {
        Ok(())
    }

    /// What the run came to, once.
    ///
    /// # Errors
    /// What the output refused.
    fn finished(&mut self, summary: &LoadSummary) -> io::Result<()>;

    /// The file that it becomes; none if it is a stream. Such a report is told the end anew after its file was rewound.
    fn file(&self) -> Option<&AtomicFile> {
        None
    }
}

impl<R: LoadReport> LoadReport for InFile<R> {
    fn tick(&mut self, tick: &Tick) -> io::Result<()> {
        self.report.tick(tick)
    }

    fn said(&mut self, line: &str) -> io::Result<()> {
        self.report.said(line)
    }

    fn finished(&mut self, summary: &LoadSummary) -> io::Result<()> {
        self.report.finished(summary)
    }

    /// A pipe or a device is a stream.
    fn file(&self) -> Option<&AtomicFile> {
        Some(&self.file).filter(|file| !file.is_stream())
    }
}

/// A report with its name for messages: the argument that asked for it.
pub type NamedLoadReport = (String, Box<dyn LoadReport + Send>);
