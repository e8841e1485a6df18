//! `ringback check`: reads scenario files and says what is wrong with them.

use super::print::{Problem, out};
use crate::exit::Exit;
use crate::scenario;
use clap::Args;
use std::fmt::Write;

/// The arguments of `ringback check`.
#[derive(Debug, Args)]
pub(super) struct Check {
    /// Scenario files, folders, or names of built-in scenarios.
    #[arg(value_name = "SCENARIO", required = true)]
    scenarios: Vec<String>,
}

impl Check {
    pub(super) fn execute(self) -> Result<Exit, Problem> {
        let scenarios = scenario::load(&self.scenarios)?;
        let mut text = String::new();
        for scenario in &scenarios {
            let _ = writeln!(text, "ok  {}  {}", scenario.source, scenario.title);
        }
        out(&text)
    }
}
