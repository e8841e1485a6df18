//! The reports of a load, as arguments and opened.

use super::super::print::Problem;
use super::super::run::{JOB_SUMMARY, append, create, fits_stdout};
use super::each_test::{EachTest, Make};
use super::screen::Screen;
use crate::load::report::{
    Lines, LoadGithub, LoadHtml, LoadJson, LoadJunit, LoadNdjson, LoadReport, LoadTerm, NamedLoadReport, Shared,
};
use crate::load::summary::LoadAsked;
use crate::load::{LoadSummary, warning};
use crate::report::{Asked, Format};
use clap::Args;
use console::Term;
use std::io::{self, BufWriter, LineWriter, Write};
use std::path::Path;

/// Where reports go.
#[derive(Debug, Args)]
pub(super) struct ReportTo {
    /// Write a report: `term`, or `json=FILE` (see `ringback list reports`). Repeatable; `term` by default.
    #[arg(long, value_name = "FORMAT[=PATH]", env = "RINGBACK_REPORT", value_delimiter = ',')]
    report: Vec<Asked>,
    /// Print only the summary.
    #[arg(long, short)]
    quiet: bool,
}

/// An output that a thread can write to.
type Output = Box<dyn Write + Send>;

/// Reports, opened.
pub(super) struct Reports {
    pub reports: Vec<NamedLoadReport>,
    /// Where attempts are written as lines, too.
    pub lines: Vec<(String, Shared<Output>)>,
}

impl ReportTo {
    fn asked(&self) -> Vec<Asked> {
        let term = Asked { format: Format::Term, path: None };
        if self.report.is_empty() { vec![term] } else { self.report.clone() }
    }

    /// Whether attempts are told one by one.
    pub fn has_attempts(&self) -> bool {
        self.asked().iter().any(|asked| asked.format == Format::Ndjson)
    }

    /// Whether the figures are kept.
    pub fn has_json(&self) -> bool {
        self.asked().iter().any(|asked| asked.format == Format::Json)
    }

    /// Whether people are told the end on the terminal.
    pub fn tells_people(&self) -> bool {
        self.asked().contains(&Asked { format: Format::Term, path: None })
    }

    /// Opens every report of a summary that is there already.
    pub fn open_at_the_end(&self, summary: &LoadSummary, out: Option<&Path>) -> Result<Reports, Problem> {
        Self { report: self.report.clone(), quiet: true }.open(&summary.asked, summary.figures.shards_of, out)
    }

    /// Opens every report; on a terminal with a screen as long as the load goes on.
    pub fn open(&self, load: &LoadAsked, shards: u32, out: Option<&Path>) -> Result<Reports, Problem> {
        let asked = self.asked();
        fits_stdout(&asked)?;
        let screen = if self.quiet { None } else { Screen::new(load) };
        let lines_for_people = if self.quiet || screen.is_some() { Lines::None } else { Lines::Some };
        // The lines for people begin with it.
        if let Some(not_judged) = warning::not_judged(load).filter(|_| !self.quiet) {
            let warning = format!("warning: {not_judged}");
            match &screen {
                Some(screen) => screen.say(&warning),
                None if self.tells_people() => {}
                None => anstream::eprintln!("{warning}"),
            }
        }
        let mut reports: Vec<NamedLoadReport> = Vec::new();
        // First, so that it is gone before the summary is written.
        if let Some(screen) = screen {
            reports.push(("screen".to_owned(), Box::new(screen)));
        }
        if let Some(path) = out {
            let json: Box<dyn LoadReport + Send> = Box::new(LoadJson::new(BufWriter::new(create(path)?)));
            reports.push((format!("--out {}", path.display()), json));
        }
        let mut lines = Vec::new();
        for asked in asked {
            let path = asked.path.as_deref();
            let report: Box<dyn LoadReport + Send> = match asked.format {
                Format::Term => {
                    let (out, way): (Output, Lines) = match path {
                        None => (Box::new(LineWriter::new(anstream::stdout())), lines_for_people),
                        Some(path) => {
                            (Box::new(LineWriter::new(anstream::StripStream::new(create(path)?))), Lines::Some)
                        }
                    };
                    let term = LoadTerm::new(out, load, shards, way).map_err(|error| {
                        Problem::cannot_go_on(format!("the report {asked} could not be written: {error}"), "")
                    })?;
                    match Term::stdout().size_checked().filter(|_| path.is_none()) {
                        Some((_, columns)) => Box::new(term.on_width(columns.into())),
                        None => Box::new(term),
                    }
                }
                Format::Json => of_summary(path, load, |out| Box::new(LoadJson::new(out)))?,
                Format::Ndjson => {
                    let shared = Shared::new(output(path)?);
                    lines.push((format!("{asked} (attempts)"), shared.clone()));
                    Box::new(LoadNdjson::new(shared))
                }
                Format::Junit => of_summary(path, load, |out| Box::new(LoadJunit::new(out)))?,
                Format::Github => match path {
                    None => {
                        let summary = std::env::var_os(JOB_SUMMARY).filter(|path| !path.is_empty());
                        let summary = summary.map(|path| append(Path::new(&path))).transpose()?;
                        Box::new(LoadGithub::new(Some(io::stdout()), summary))
                    }
                    Some(path) => Box::new(LoadGithub::new(None::<io::Stdout>, Some(append(path)?))),
                },
                Format::Html => of_summary(path, load, |out| Box::new(LoadHtml::new(out)))?,
            };
            reports.push((asked.to_string(), report));
        }
        Ok(Reports { reports, lines })
    }
}

/// A report that is one document: of a load, or of each of the tests that there may be.
fn of_summary(path: Option<&Path>, load: &LoadAsked, make: Make) -> Result<Box<dyn LoadReport + Send>, Problem> {
    match path {
        Some(path) if load.is_steered() => Ok(Box::new(EachTest::new(path, create(path)?, make))),
        _ => Ok(make(output(path)?)),
    }
}

fn output(path: Option<&Path>) -> Result<Output, Problem> {
    Ok(match path {
        None => Box::new(BufWriter::new(io::stdout())),
        Some(path) => Box::new(BufWriter::new(create(path)?)),
    })
}

/// Says why a load ended as it did, and what else must be known of it, where no report tells people.
pub(super) fn told_of(summary: &LoadSummary) {
    summary.reasons.iter().for_each(|reason| anstream::eprintln!("{reason}"));
    summary.warnings.iter().for_each(|warning| anstream::eprintln!("warning: {warning}"));
}

/// Says which reports could not be written.
pub(super) fn told(broken: Vec<(String, io::Error)>) {
    for (name, error) in broken {
        // A reader that has gone, as in `ringback load | head`, wants no more lines.
        if error.kind() != io::ErrorKind::BrokenPipe {
            Problem::cannot_go_on(format!("the report {name} could not be written: {error}"), "").print();
        }
    }
}
