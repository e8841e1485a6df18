//! `ringback plan`: prints everything that would be sent.

use super::inputs::Stories;
use super::print::{Problem, note, out};
use super::receive::default_address;
use crate::event::Story;
use crate::exit::Exit;
use crate::faults::Fault;
use crate::plan::PlanFormat;
use crate::session::StoryPlan;
use crate::visible::visible;
use clap::{Args, ValueEnum};

/// The arguments of `ringback plan`.
#[derive(Debug, Args)]
pub(super) struct Plan {
    #[command(flatten)]
    pub stories: Stories,
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
    /// Requests as people read them: JSON indented, the parameters of a form or a query decoded, one per line.
    Pretty,
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
            Format::Pretty => PlanFormat::Pretty,
            Format::Curl => PlanFormat::Curl,
            Format::Values => PlanFormat::Values,
        };
        let mut parts = Vec::new();
        say_what_idles(&stories);
        for story in stories {
            match story.plan {
                Ok(plan) => parts.push(plan.print(format)),
                // What is skipped must not stand between the JSON or the requests.
                Err(reason) => {
                    let Story { scenario, vendor } = &story.story;
                    note(&format!("{} by {vendor}: skipped: {}", visible(scenario), visible(&reason)));
                }
            }
        }
        out(&parts.join(if matches!(format, PlanFormat::Table | PlanFormat::Values) { "\n" } else { "" }))
    }
}

/// Names the faults that strike no attempt of any plan: beside the plans, so that it stands in none of them.
fn say_what_idles(stories: &[StoryPlan]) {
    let mut faults: Vec<(&Fault, bool)> = Vec::new();
    for (fault, strikes) in stories.iter().flat_map(|story| &story.plan).flat_map(crate::plan::Plan::strikes) {
        match faults.iter_mut().find(|(known, _)| known.mark == fault.mark) {
            Some((_, known)) => *known |= strikes,
            None => faults.push((fault, strikes)),
        }
    }
    for (fault, _) in faults.into_iter().filter(|(_, strikes)| !strikes) {
        let word = if fault.may_idle { "idle" } else { "warning" };
        note(&format!("{word}: the fault `{}` ({}) strikes nothing in this plan", fault.name(), visible(&fault.place)));
    }
}
