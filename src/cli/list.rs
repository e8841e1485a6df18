//! `ringback list`: what there is, one aligned line each.

use super::inputs::{VendorArg, vendor};
use super::print::{Problem, out};
use crate::contract::{self, CheckFact};
use crate::diagnostic::{Code, Diagnostics};
use crate::duration;
use crate::exit::Exit;
use crate::faults::{self, FaultFact, Setting, Takes};
use crate::report;
use crate::scenario;
use crate::vendors::{self, OptionKind, Origin, PushFact, Vendor};
use clap::{Args, ValueEnum};

/// The arguments of `ringback list`.
#[derive(Debug, Args)]
pub(super) struct List {
    /// What to list.
    what: What,
    /// Only of these vendors.
    #[arg(long, value_name = "VENDOR", value_delimiter = ',', value_parser = vendor)]
    vendor: Vec<VendorArg>,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum What {
    /// The vendors, and what is known of each.
    Vendors,
    /// Every push with its fields' count and its origin.
    Pushes,
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

impl List {
    pub(super) fn execute(self) -> Result<Exit, Problem> {
        let vendors = || {
            vendors::ALL.iter().copied().filter(|vendor| {
                self.vendor.is_empty() || self.vendor.iter().any(|wanted| wanted.0.id() == vendor.id())
            })
        };
        let rows: Vec<Vec<String>> = match self.what {
            What::Vendors => vendors().map(vendor_row).collect(),
            What::Pushes => vendors().flat_map(|vendor| told(vendor).map(move |push| push_row(vendor, push))).collect(),
            What::Options => vendors()
                .flat_map(|vendor| {
                    vendor.options().iter().map(move |setting| {
                        vec![
                            format!("{}.{}", vendor.id(), setting.name),
                            kind_and_default(&setting.kind),
                            setting.origin.to_string(),
                            setting.meaning.to_owned(),
                        ]
                    })
                })
                .collect(),
            What::Scenarios => scenario::built_in_scenarios()?
                .into_iter()
                .map(|scenario| vec![scenario.name, scenario.title])
                .collect(),
            What::Faults => faults::ALL.iter().flat_map(fault_rows).collect(),
            What::Profiles => scenario::profiles()
                .iter()
                .map(|profile| {
                    let read = scenario::parse_profile(&profile.name, &profile.text)?;
                    let count = format!("{} faults", read.faults.len());
                    Ok(vec![profile.name.clone(), count, read.title])
                })
                .collect::<Result<_, Diagnostics>>()?,
            What::Checks => contract::CHECKS.iter().map(check_row).collect(),
            What::Reports => report::Format::ALL
                .iter()
                .map(|(_, word, meaning)| vec![(*word).to_owned(), (*meaning).to_owned()])
                .collect(),
            What::Codes => Code::ALL
                .iter()
                .map(|code| vec![code.as_str().to_owned(), code.explanation().title.to_owned()])
                .collect(),
        };
        out(&aligned(&rows))
    }
}

/// The pushes of a vendor, then the entries of its own records.
fn told(vendor: &'static dyn Vendor) -> impl Iterator<Item = &'static PushFact> {
    vendor.pushes().iter().chain(vendor.records())
}

/// Coverage: how many of the documented pushes are told, and where the knowledge of their fields comes from.
fn vendor_row(vendor: &'static dyn Vendor) -> Vec<String> {
    let noun = if vendor.pushes().is_empty() { "records" } else { "pushes" };
    let fields = |origin: Origin| {
        told(vendor).flat_map(|push| push.fields.iter()).filter(|field| field.origin == origin).count()
    };
    let counts: Vec<_> = [Origin::Seed, Origin::Documented, Origin::Inferred]
        .into_iter()
        .map(|origin| (fields(origin), origin))
        .filter(|(count, _)| *count > 0)
        .map(|(count, origin)| format!("{count} {origin}"))
        .collect();
    vec![
        vendor.id().to_owned(),
        vendor.title().to_owned(),
        format!("{}/{} documented {noun}", told(vendor).count(), vendor.documented()),
        format!("fields: {}", counts.join(", ")),
        format!("{} options", vendor.options().len()),
    ]
}

fn push_row(vendor: &'static dyn Vendor, push: &'static PushFact) -> Vec<String> {
    let inferred = push.fields.iter().filter(|field| field.origin == Origin::Inferred).count();
    let fields = match inferred {
        0 => format!("{} fields", push.fields.len()),
        inferred => format!("{} fields, {inferred} inferred", push.fields.len()),
    };
    vec![
        format!("{}:{}", vendor.id(), push.name),
        fields,
        push.origin.to_string(),
        push.title.to_owned(),
        push.when.to_owned(),
    ]
}

fn kind_and_default(kind: &OptionKind) -> String {
    match kind {
        OptionKind::Switch(default) => format!("switch = {default}"),
        OptionKind::Text(Some(default)) => format!("text = \"{default}\""),
        OptionKind::Text(None) => "text".into(),
        OptionKind::Integer(Some(default)) => format!("number = {default}"),
        OptionKind::Integer(None) => "number".into(),
        OptionKind::Duration(default) => format!("duration = {}", duration::text(*default)),
        OptionKind::Choice(words) => format!("{} = {}", words.join("|"), words.first().unwrap_or(&"")),
        OptionKind::List => "list".into(),
        OptionKind::Any => "any".into(),
    }
}

/// A fault, and a line for each of its settings.
fn fault_rows(fact: &FaultFact) -> Vec<Vec<String>> {
    let head = [fact.name, fact.layer.as_str(), fact.loss().as_str(), fact.meaning].map(str::to_owned).to_vec();
    let setting = |setting: &Setting| {
        let told = format!("  {}: {} ({})", setting.name, setting.meaning, limits(setting.takes));
        vec![String::new(), String::new(), String::new(), told]
    };
    std::iter::once(head).chain(fact.settings.iter().map(setting)).collect()
}

fn check_row(fact: &CheckFact) -> Vec<String> {
    let takes = if fact.takes.is_empty() { "no value" } else { fact.takes };
    let code = fact.code.map_or("", Code::as_str);
    [fact.name, fact.kind.as_str(), code, fact.meaning, takes].map(str::to_owned).to_vec()
}

/// What a setting of a fault takes: its default and its cap.
pub(super) fn limits(takes: Takes) -> String {
    match takes {
        Takes::Length { default, most } | Takes::Range { default, most } => {
            format!("{} by default, at most {}", duration::text(default), duration::text(most))
        }
        Takes::Whole { default, fewest, most } => format!("{default} by default, {fewest} to {most}"),
        Takes::Percent => "a percentage".to_owned(),
        Takes::Word(words) => format!("{} by default, or {}", words[0], words[1..].join(", ")),
        Takes::Text(default) | Takes::HeaderValue(default) | Takes::Header(default) => {
            format!("`{default}` by default")
        }
        Takes::Field => "a path".to_owned(),
        Takes::Push => "a push, with `*` and `?`".to_owned(),
    }
}

/// Columns as wide as their widest cell; Chinese characters are two columns wide.
fn aligned(rows: &[Vec<String>]) -> String {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let widths: Vec<usize> = (0..columns)
        .map(|column| rows.iter().filter_map(|row| row.get(column)).map(|cell| width(cell)).max().unwrap_or(0))
        .collect();
    let mut text = String::new();
    for row in rows {
        let mut line = String::new();
        for (cell, column_width) in row.iter().zip(&widths) {
            line += cell;
            line += &" ".repeat(column_width - width(cell) + 2);
        }
        text += line.trim_end();
        text.push('\n');
    }
    text
}

fn width(text: &str) -> usize {
    unicode_width::UnicodeWidthStr::width(text)
}
