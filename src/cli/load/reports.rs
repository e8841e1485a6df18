//! The reports of a load, as arguments and opened.

use super::super::outputs::{self, Outputs};
use super::super::print::{Problem, note};
use super::super::run::fits_stdout;
use super::each_test::{EachTest, Make};
use super::screen::Screen;
use crate::load::report::{
    Lines, LoadGithub, LoadHtml, LoadJson, LoadJunit, LoadNdjson, LoadReport, LoadTerm, NamedLoadReport, Shared,
};
use crate::load::summary::LoadAsked;
use crate::load::{LoadSummary, warning};
use crate::report::{Asked, Format, InFile};
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
        outputs::asked(&self.report)
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
    pub fn open_at_the_end(
        &self,
        summary: &LoadSummary,
        out: Option<&Path>,
        outputs: Outputs,
    ) -> Result<Reports, Problem> {
        let quiet = Self { report: self.report.clone(), quiet: true };
        quiet.open(&summary.asked, summary.figures.shards_of, out, outputs)
    }

    /// Opens every report; on a terminal with a screen as long as the load goes on.
    pub fn open(
        &self,
        load: &LoadAsked,
        shards: u32,
        out: Option<&Path>,
        mut outputs: Outputs,
    ) -> Result<Reports, Problem> {
        let mut asked = self.asked();
        fits_stdout(&asked)?;
        out.iter().for_each(|path| outputs.write(format!("--out {}", path.display()), path));
        outputs.write_reports(&asked);
        outputs.are_apart()?;
        let screen = if self.quiet { None } else { Screen::new(load) };
        let lines_for_people = if self.quiet || screen.is_some() { Lines::None } else { Lines::Some };
        // The lines for people begin with it.
        if let Some(not_judged) = warning::not_judged(load).filter(|_| !self.quiet) {
            let warning = format!("warning: {not_judged}");
            match &screen {
                Some(screen) => screen.say(&warning),
                None if self.tells_people() => {}
                None => note(&warning),
            }
        }
        let mut reports: Vec<NamedLoadReport> = Vec::new();
        // First, so that it is gone before the summary is written.
        if let Some(screen) = screen {
            reports.push(("screen".to_owned(), Box::new(screen)));
        }
        if let Some(path) = out {
            let json = InFile::new(outputs::create(path)?, LoadJson::new);
            reports.push((format!("--out {}", path.display()), Box::new(json)));
        }
        let mut lines = Vec::new();
        // Those on standard output last: people read there how the others ended.
        asked.sort_by_key(|asked| asked.path.is_none());
        for asked in asked {
            let path = asked.path.as_deref();
            let report: Box<dyn LoadReport + Send> = match asked.format {
                Format::Term => {
                    let not_written =
                        |error| Problem::cannot_go_on(format!("the report {asked} could not be written: {error}"), "");
                    match path {
                        None => {
                            let out = LineWriter::new(anstream::stdout());
                            let term = LoadTerm::new(out, load, shards, lines_for_people).map_err(not_written)?;
                            match Term::stdout().size_checked() {
                                Some((_, columns)) => Box::new(term.on_width(columns.into())),
                                None => Box::new(term),
                            }
                        }
                        Some(path) => {
                            let file = outputs::create(path)?;
                            let out: Output = Box::new(file.clone());
                            let out = anstream::StripStream::new(out);
                            let report = LoadTerm::new(out, load, shards, Lines::Some).map_err(not_written)?;
                            Box::new(InFile { report, file })
                        }
                    }
                }
                Format::Json => of_summary(path, |out| Box::new(LoadJson::new(out)))?,
                Format::Ndjson => {
                    let file = path.map(outputs::create).transpose()?;
                    let out: Output = match &file {
                        Some(file) => Box::new(file.clone()),
                        None => Box::new(LineWriter::new(io::stdout())),
                    };
                    let shared = Shared::new(out);
                    lines.push((asked.to_string(), shared.clone()));
                    let report = LoadNdjson::new(shared);
                    match file {
                        Some(file) => Box::new(InFile { report, file }),
                        None => Box::new(report),
                    }
                }
                Format::Junit => of_summary(path, |out| Box::new(LoadJunit::new(out)))?,
                Format::Github => {
                    let job_summary = path.map(Path::to_owned).or_else(outputs::job_summary);
                    if let Some(path) = job_summary {
                        let github = |out| LoadGithub::new(None::<io::Stdout>, Some(out));
                        let summary = InFile::new(outputs::add_to(&path)?, github);
                        reports.push((asked.to_string(), Box::new(summary)));
                    }
                    if path.is_some() {
                        continue;
                    }
                    Box::new(LoadGithub::new(Some(io::stdout()), None::<io::Stdout>))
                }
                Format::Html => of_summary(path, |out| Box::new(LoadHtml::new(out)))?,
            };
            reports.push((asked.to_string(), report));
        }
        Ok(Reports { reports, lines })
    }
}

/// A report that is one document: of a load, or of each of the tests that there may be.
fn of_summary(path: Option<&Path>, make: Make) -> Result<Box<dyn LoadReport + Send>, Problem> {
    Ok(match path {
        None => make(Box::new(BufWriter::new(io::stdout()))),
        Some(path) => Box::new(EachTest::new(path, outputs::create(path)?, make)),
    })
}

/// Says why a load ended as it did, and what else must be known of it, where no report tells people.
pub(super) fn told_of(summary: &LoadSummary) {
    summary.reasons.iter().for_each(|reason| note(reason));
    summary.warnings.iter().for_each(|warning| note(&format!("warning: {warning}")));
}
