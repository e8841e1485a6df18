//! The reports of a load: each is told how the run stands, and reads the one summary at its end. One file per format; what
//! they have in common with the reports of a run lives in `report`.

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
}

/// A report with its name for messages: the argument that asked for it.
pub type NamedLoadReport = (String, Box<dyn LoadReport + Send>);
