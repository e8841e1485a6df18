//! `ringback check`: reads scenario files and fault profiles, and says what is wrong with them.

use super::print::{Problem, out};
use crate::diagnostic::Diagnostics;
use crate::exit::Exit;
use crate::scenario;
use crate::visible::visible;
use clap::Args;
use std::fmt::Write;

/// The arguments of `ringback check`.
#[derive(Debug, Args)]
pub(super) struct Check {
    /// Scenario files, fault profiles, folders, or names of built-in scenarios.
    #[arg(value_name = "SCENARIO", required = true)]
    scenarios: Vec<String>,
}

impl Check {
    pub(super) fn execute(self) -> Result<Exit, Problem> {
        let mut text = String::new();
        let mut wrong = Diagnostics::default();
        let mut others = Vec::new();
        for argument in &self.scenarios {
            match scenario::profile(argument) {
                Ok(Some(profile)) => {
                    let _ = writeln!(
                        text,
                        "ok  {}  {} faults  {}",
                        visible(argument),
                        profile.faults.len(),
                        visible(&profile.title)
                    );
                }
                Ok(None) => others.push(argument.clone()),
                Err(more) => wrong.extend(more),
            }
        }
        let scenarios = match scenario::load(&others) {
            Ok(scenarios) if wrong.is_empty() => scenarios,
            Ok(_) => return Err(wrong.into()),
            Err(more) => {
                wrong.extend(more);
                return Err(wrong.into());
            }
        };
        for scenario in &scenarios {
            let _ = writeln!(text, "ok  {}  {}", visible(&scenario.source), visible(&scenario.title));
        }
        out(&text)
    }
}
