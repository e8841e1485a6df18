//! `ringback run`: plays scenarios against a receiver.

use super::inputs::{Awaited, Stories};
use super::outputs::{self, Outputs};
use super::print::Problem;
use super::process::{on_signal, runtime};
use super::progress::{self, Above, Progress};
use super::receive::default_address;
use super::way::Travel;
use crate::clock::Pace;
use crate::contract::{Strictness, Template};
use crate::delivery::Transport;
use crate::exit::Exit;
use crate::journal::Journal;
use crate::report::{Asked, Detail, Format, Github, Html, InFile, Json, Junit, Named, Ndjson, Report, Skipped, Term};
use crate::scenario::Scenario;
use crate::session::{BuiltIn, Ended, Mode, Session, Snapshots};
use clap::Args;
use indicatif::ProgressBar;
use std::io::{IsTerminal, LineWriter, Stdout, Write};
use std::path::{Path, PathBuf};

/// The arguments of `ringback run`.
#[derive(Debug, Args)]
#[command(after_help = "Without a scenario, the four headline flows are played. \
    Without a target, pushes go to a receiver that is built in.")]
pub(super) struct Run {
    #[command(flatten)]
    pub stories: Stories,
    /// Play against the receiver that is built in, whatever the scenario says. Where the variable CI is set, it must be asked
    /// for: it accepts everything.
    #[arg(long, env = "RINGBACK_BUILT_IN", conflicts_with = "target")]
    built_in: bool,
    /// How scenario time passes: `fast` jumps to the next push that is due, `1x` is real time, `60x` a minute a second.
    #[arg(long, value_name = "PACE", env = "RINGBACK_PACE", default_value = "fast")]
    pace: Pace,
    /// Fail the run, by exit 1, where a fault struck nothing, or an expectation was never judged.
    #[arg(long, env = "RINGBACK_STRICT")]
    strict: bool,
    #[command(flatten)]
    travel: Travel,
    /// Write a report: `term`, or `junit=FILE` (see `ringback list reports`). Repeatable; `term` by default.
    #[arg(long, value_name = "FORMAT[=PATH]", env = "RINGBACK_REPORT", value_delimiter = ',')]
    report: Vec<Asked>,
    /// Keep every attempt in this journal, too; `ringback serve` answers from it. It is made where it does not exist.
    #[arg(long, value_name = "FILE", env = "RINGBACK_JOURNAL")]
    journal: Option<PathBuf>,
    #[command(flatten)]
    awaited: Awaited,
    /// Hold the answers against the snapshots in this folder; what is new or differs waits there for `ringback review`.
    /// Where the variable CI is set, nothing is written.
    #[arg(long, value_name = "DIR", env = "RINGBACK_SNAPSHOTS")]
    snapshots: Option<PathBuf>,
    /// Remove the snapshots of scenarios that were played and have nothing any more that belongs to them.
    #[arg(long, requires = "snapshots")]
    prune: bool,
    /// Print only the summary, with what was given up.
    #[arg(long, short, conflicts_with = "verbose")]
    quiet: bool,
    /// Print headers and bodies, too.
    #[arg(long, short)]
    verbose: bool,
}

impl Run {
    pub(super) fn execute(self) -> Result<Exit, Problem> {
        let runtime = runtime()?;
        let ended = runtime.block_on(self.play());
        // A resolver that hangs must not keep the process.
        runtime.shutdown_background();
        ended
    }

    async fn play(self) -> Result<Exit, Problem> {
        let scenarios = self.stories.load()?;
        let seed = self.stories.seed();
        let start = self.stories.start();
        let transport = Transport::by(self.travel.way()?);

        let is_without_target = self.stories.stories().need_a_receiver(&scenarios);
        if is_without_target && !self.built_in && in_ci() {
            return Err(Problem::usage(
                "no target is given, and CI is set: the built-in receiver accepts everything and would prove nothing of yours",
                "name your receiver by --target URL or RINGBACK_TARGET, or play against the built-in one by --built-in",
            ));
        }
        let receiver = match is_without_target || self.built_in {
            true => Some(BuiltIn::start().await.map_err(|error| {
                let told = format!("the built-in receiver cannot listen: {error}");
                Problem::cannot_go_on(told, "name a receiver by --target")
            })?),
            false => None,
        };
        let otherwise = match &receiver {
            Some(receiver) => receiver.address.clone(),
            None => default_address()?,
        };
        let mut stories = self.stories.stories();
        if self.built_in {
            stories.targets = vec![Template::plain(otherwise.as_str())];
        }
        let stories = stories.plans(&scenarios, seed, start, &otherwise)?;
        if self.travel.http2 && receiver.is_some() {
            return Err(Problem::usage(
                "the built-in receiver speaks HTTP/1.1, and --http2 speaks HTTP/2",
                "name a receiver that speaks it by --target",
            ));
        }
        self.travel.fits(stories.iter().filter_map(|story| story.plan.as_ref().ok()))?;
        self.outputs(&scenarios).are_apart()?;
        // Before files are begun, which a signal that nobody hears would leave behind.
        let stop = on_signal();
        let reports = self.reports()?;

        if !self.awaited.wait(&transport, &stop).await? {
            return Ok(Exit::Interrupted);
        }
        let session = Session {
            stories,
            seed,
            start,
            pace: self.pace,
            transport,
            reports,
            snapshots: self.snapshots(),
            to_built_in_receiver: receiver.is_some(),
            strictness: if self.strict { Strictness::Strict } else { Strictness::Lenient },
        };
        let Ended { exit, reports } = session.run(stop).await;
        if let Some(receiver) = receiver {
            receiver.end().await;
        }
        outputs::told(reports);
        Ok(exit)
    }

    /// What this run writes and reads.
    fn outputs(&self, scenarios: &[Scenario]) -> Outputs {
        let sources: Vec<String> = scenarios.iter().map(|scenario| scenario.source.clone()).collect();
        let mut outputs = self.stories.files(&sources, &self.travel);
        outputs.write_reports(&outputs::asked(&self.report));
        if let Some(path) = &self.journal {
            outputs.write("the journal", path);
        }
        if let Some(folder) = &self.snapshots {
            outputs.snapshots(folder);
        }
        outputs
    }

    fn snapshots(&self) -> Option<Snapshots> {
        let folder = self.snapshots.as_ref()?;
        let mode = if in_ci() { Mode::ReadOnly } else { Mode::Write };
        Some(Snapshots { prune: self.prune, ..Snapshots::new(folder, mode, &self.stories.stories()) })
    }

    fn reports(&self) -> Result<Vec<Named>, Problem> {
        let detail = match (self.quiet, self.verbose) {
            (true, _) => Detail::Quiet,
            (false, true) => Detail::Verbose,
            (false, false) => Detail::Normal,
        };
        let mut asked = outputs::asked(&self.report);
        fits_stdout(&asked)?;
        let bar = progress::line();
        let mut reports: Vec<Named> = Vec::new();
        // Before every other report, so that whatever they tell is in the journal already.
        if let Some(path) = &self.journal {
            let journal = Journal::open(path).map_err(|error| Problem::cannot_go_on(error.to_string(), ""))?;
            reports.push((format!("journal={}", path.display()), Box::new(journal)));
        }
        // Then, so that the line is gone before the summary is written.
        if let Some(bar) = &bar {
            reports.push(("progress".to_owned(), Box::new(Progress::new(bar.clone()))));
        }
        // Those on standard output last: people read there how the others ended.
        asked.sort_by_key(|asked| asked.path.is_none());
        for asked in asked {
            let opened = open(&asked, detail, bar.clone())?;
            reports.extend(opened.into_iter().map(|report| (asked.to_string(), report)));
        }
        Ok(reports)
    }
}

/// Whether no two reports would be mixed on standard output.
pub(super) fn fits_stdout(asked: &[Asked]) -> Result<(), Problem> {
    // GitHub's commands are lines of their own among those for people, and are written after them.
    let to_stdout: Vec<Format> = asked.iter().filter(|asked| asked.path.is_none()).map(|asked| asked.format).collect();
    let beside_people = to_stdout.len() == 2 && [Format::Term, Format::Github].iter().all(|of| to_stdout.contains(of));
    if to_stdout.len() > 1 && !beside_people {
        return Err(Problem::usage(
            "two reports want standard output",
            "send all but one to a file: --report ndjson=run.ndjson",
        ));
    }
    Ok(())
}

/// What a JUnit report does with what is skipped in every run.
fn skipped() -> Skipped {
    if in_ci() { Skipped::Named } else { Skipped::AsCases }
}

/// Whether nobody is there to look at anything: `CI` is set, and not to nothing, `false` or `0`.
fn in_ci() -> bool {
    std::env::var("CI").is_ok_and(|set| !matches!(set.trim().to_ascii_lowercase().as_str(), "" | "false" | "0"))
}

/// A report in a file, or on standard output where none is named.
fn to<R: Report + Send + 'static>(
    path: Option<&Path>,
    make: impl FnOnce(Box<dyn Write + Send>) -> R,
) -> Result<Box<dyn Report + Send>, Problem> {
    Ok(match path {
        None => Box::new(make(Box::new(std::io::stdout()))),
        Some(path) => Box::new(InFile::new(outputs::create(path)?, |file| make(Box::new(file)))),
    })
}

/// The report, or with GitHub's commands and job summary two of them.
fn open(asked: &Asked, detail: Detail, bar: Option<ProgressBar>) -> Result<Vec<Box<dyn Report + Send>>, Problem> {
    let path = asked.path.as_deref();
    let report = match asked.format {
        Format::Term if path.is_none() => {
            Box::new(Term::new(LineWriter::new(Above::new(anstream::stdout(), bar)), detail))
        }
        Format::Term => to(path, |out| Term::new(anstream::StripStream::new(out), detail))?,
        Format::Json => to(path, Json::new)?,
        Format::Ndjson => to(path, Ndjson::new)?,
        Format::Junit => to(path, |out| Junit::new(out).skipped(skipped()))?,
        Format::Html if path.is_none() && std::io::stdout().is_terminal() => {
            return Err(Problem::usage(
                "an HTML report is a page for a browser, not for a terminal",
                "name a file: --report html=report.html",
            ));
        }
        Format::Html => to(path, Html::new)?,
        Format::Github => {
            let mut reports: Vec<Box<dyn Report + Send>> = Vec::new();
            if let Some(path) = asked.path.clone().or_else(outputs::job_summary) {
                let summary = |file| Github::new(None::<Stdout>, Some(file));
                reports.push(Box::new(InFile::new(outputs::add_to(&path)?, summary)));
            }
            if path.is_none() {
                reports.push(Box::new(Github::new(Some(std::io::stdout()), None::<Stdout>)));
            }
            return Ok(reports);
        }
    };
    Ok(vec![report])
}
