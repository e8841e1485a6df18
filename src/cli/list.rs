//! `ringback list`: what there is, one aligned line each, or as JSON for programs.

use super::inputs::{VendorArg, vendor};
use super::listed::{
    CheckEntry, CodeEntry, Entry, FaultEntry, FieldEntry, OptionEntry, ProfileEntry, PushEntry, ReportEntry,
    ScenarioEntry, VendorEntry,
};
use super::print::{Problem, out};
use super::table::aligned;
use crate::contract;
use crate::diagnostic::{Code, Diagnostics};
use crate::exit::Exit;
use crate::faults;
use crate::http::Glob;
use crate::report;
use crate::scenario;
use crate::vendors::{self, Named, Vendor, named};
use crate::visible::in_json;
use clap::{Args, ValueEnum};

/// The arguments of `ringback list`.
#[derive(Debug, Args)]
pub(super) struct List {
    /// What to list.
    what: What,
    /// Only of these vendors.
    #[arg(long, value_name = "VENDOR", value_delimiter = ',', value_parser = vendor)]
    vendor: Vec<VendorArg>,
    /// Only these pushes, or the fields of these: `udesk:end`, `udesk:*`, `tinet:agent-state`. Repeatable.
    #[arg(long, value_name = "PUSH", value_delimiter = ',')]
    push: Vec<String>,
    /// How to print it.
    #[arg(long, value_name = "FORMAT", default_value = "table")]
    format: Format,
}

#[derive(Debug, Clone, Copy, PartialEq, ValueEnum)]
enum What {
    /// The vendors, and what is known of each.
    Vendors,
    /// Every push with its fields' count and its origin.
    Pushes,
    /// The fields of pushes: type, fact of the call, origin, meaning.
    Fields,
    /// What a scenario can set under `options`, with the default and its origin.
    Options,
    /// The built-in scenarios.
    Scenarios,
    /// What can go wrong on purpose: layer, loss class, meaning, settings with their defaults and caps.
    Faults,
    /// The built-in fault profiles, which `--faults` lays over any scenario.
    Profiles,
    /// What `expect` can ask of a receiver: of each answer, of the story, and the matchers for values.
    Checks,
    /// The formats of reports.
    Reports,
    /// The codes that `ringback explain` explains.
    Codes,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Format {
    /// Aligned lines.
    Table,
    /// A JSON array with an object for each entry.
    Json,
}

impl List {
    pub(super) fn execute(self) -> Result<Exit, Problem> {
        if !self.push.is_empty() && !matches!(self.what, What::Pushes | What::Fields) {
            let told = "`--push` chooses pushes, and this list has none".to_owned();
            return Err(Problem::usage(told, "write `ringback list fields --push udesk:end`, or leave it out"));
        }
        match self.what {
            What::Vendors => self.print(self.vendors().map(VendorEntry::of)),
            What::Pushes => self.print(self.pushes()?.into_iter().map(PushEntry::of)),
            What::Fields => self.print(self.pushes()?.into_iter().flat_map(fields)),
            What::Options => self.print(self.vendors().flat_map(options)),
            What::Scenarios => self.print(
                scenario::built_in_scenarios()?
                    .into_iter()
                    .map(|scenario| ScenarioEntry { name: scenario.name, title: scenario.title }),
            ),
            What::Faults => self.print(faults::ALL.iter().map(FaultEntry::of)),
            What::Profiles => {
                let built_in = scenario::profiles();
                let profiles = built_in.iter().map(|profile| {
                    let read = scenario::parse_profile(&profile.name, &profile.text)?;
                    Ok(ProfileEntry { name: profile.name.clone(), title: read.title, faults: read.faults.len() })
                });
                self.print(profiles.collect::<Result<Vec<_>, Diagnostics>>()?)
            }
            What::Checks => self.print(contract::CHECKS.iter().map(CheckEntry::of)),
            What::Reports => {
                self.print(report::Format::ALL.iter().map(|(_, name, meaning)| ReportEntry { name, meaning }))
            }
            What::Codes => self
                .print(Code::ALL.iter().map(|code| CodeEntry { name: code.as_str(), title: code.explanation().title })),
        }
    }

    fn vendors(&self) -> impl Iterator<Item = &'static dyn Vendor> {
        vendors::ALL
            .iter()
            .copied()
            .filter(|vendor| self.vendor.is_empty() || self.vendor.iter().any(|wanted| wanted.0.id() == vendor.id()))
    }

    /// The pushes and records that are asked for, in their order.
    fn pushes(&self) -> Result<Vec<Named>, Problem> {
        let all: Vec<Named> = self.vendors().flat_map(named::told).collect();
        if self.push.is_empty() {
            return Ok(all);
        }
        let globs: Vec<(&String, Glob)> = self.push.iter().map(|push| (push, Glob::new(push))).collect();
        let takes = |glob: &Glob, push: &Named| {
            glob.matches(&push.name()) || push.alias().is_some_and(|alias| glob.matches(&alias))
        };
        if let Some((push, _)) = globs.iter().find(|(_, glob)| !all.iter().any(|push| takes(glob, push))) {
            return Err(Problem::usage(
                format!("no push is called {}", crate::spelling::tick(push)),
                scenario::push_help(push, vendors::ALL),
            ));
        }
        Ok(all.into_iter().filter(|push| globs.iter().any(|(_, glob)| takes(glob, push))).collect())
    }

    fn print<E: Entry>(&self, entries: impl IntoIterator<Item = E>) -> Result<Exit, Problem> {
        let entries: Vec<E> = entries.into_iter().collect();
        match self.format {
            Format::Table => out(&aligned(&entries.iter().flat_map(Entry::rows).collect::<Vec<_>>())),
            Format::Json => {
                let text = serde_json::to_string_pretty(&entries).unwrap_or_default();
                out(&(in_json(&text).into_owned() + "\n"))
            }
        }
    }
}

fn fields(push: Named) -> impl Iterator<Item = FieldEntry> {
    push.fact.fields.iter().map(move |field| FieldEntry::of(push, field))
}

fn options(vendor: &'static dyn Vendor) -> impl Iterator<Item = OptionEntry> {
    vendor.options().iter().map(move |fact| OptionEntry::of(vendor, fact))
}
