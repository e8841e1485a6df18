//! `ringback schema`: prints the schema of a format, for editors and other tools.

use super::print::{Problem, out};
use crate::exit::Exit;
use crate::schema;
use clap::{Args, ValueEnum};

/// The arguments of `ringback schema`.
#[derive(Debug, Args)]
pub(super) struct Schema {
    /// What the schema is of.
    of: Of,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Of {
    /// Scenario files: `ringback schema scenario > scenario.schema.json`, beside the files, tells editors.
    Scenario,
    /// One line of `ringback run --report ndjson`.
    Events,
    /// What `ringback run --report json` writes.
    Report,
    /// What `ringback load --report json` and `--out` write.
    Load,
    /// The lines of `ringback load --report ndjson` that a run has not.
    LoadEvents,
}

impl Schema {
    pub(super) fn execute(self) -> Result<Exit, Problem> {
        let schema = match self.of {
            Of::Scenario => schema::scenario(),
            Of::Events => schema::events(),
            Of::Report => schema::report(),
            Of::Load => schema::load(),
            Of::LoadEvents => schema::load_events(),
        };
        out(&format!("{schema:#}\n"))
    }
}
