//! `ringback plan`: prints everything that would be sent.

use super::inputs::Stories;
use super::print::{Problem, out};
use super::receive::default_address;
use crate::exit::Exit;
use crate::plan::PlanFormat;
use crate::visible::visible;
use clap::{Args, ValueEnum};

/// The arguments of `ringback plan`.
#[derive(Debug, Args)]
pub(super) struct Plan {
    #[command(flatten)]
    stories: Stories,
    /// How to print it.
    #[arg(long, value_name = "FORMAT", default_value = "table")]
    format: Format,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Format {
    /// One aligned line per push: when, what and why.
    Table,
    /// One JSON object per story, each on one line.
    Json,
    /// Requests as they go over the wire.
    Http,
    /// Shell commands that send them.
    Curl,
    /// What expectations and probes can name: `{call.id}`, `{customer.phone}`.
    Values,
}

impl Plan {
    pub(super) fn execute(self) -> Result<Exit, Problem> {
        let scenarios = self.stories.load()?;
        let stories = self.stories.plans(&scenarios, self.stories.seed(), self.stories.start(), &default_address()?)?;
        let format = match self.format {
            Format::Table => PlanFormat::Table,
            Format::Json => PlanFormat::Json,
            Format::Http => PlanFormat::Http,
            Format::Curl => PlanFormat::Curl,
            Format::Values => PlanFormat::Values,
        };
        let mut parts = Vec::new();
        for story in stories {
            match story.plan {
                Ok(plan) => parts.push(plan.print(format)),
                // What is skipped must not stand between the JSON or the requests.
                Err(reason) => {
                    anstream::eprintln!(
                        "{} by {}: skipped: {reason}",
                        visible(&story.story.scenario),
                        story.story.vendor
                    )
                }
            }
        }
        out(&parts.join(if matches!(format, PlanFormat::Table | PlanFormat::Values) { "\n" } else { "" }))
    }
}
