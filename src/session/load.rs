//! A load session: the only place where the engine of a load, its reports and its journal are wired together.

use crate::exit::Exit;
use crate::http::Secrets;
use crate::load::report::NamedLoadReport;
use crate::load::summary::Verdict;
use crate::load::{Load, LoadSummary, Outcome, Terms, Told, Writing, run_at};
use crate::report::Named;
use jiff::Timestamp;
use std::io;

/// Everything that a load consists of.
pub struct LoadSession {
    /// What is played.
    pub load: Load,
    /// What it is judged by.
    pub terms: Terms,
    /// When it begins, by the machine's clock; at once where no instant is given.
    pub begin: Option<Timestamp>,
    /// The Locust master that says how many calls start, where one does.
    #[cfg(feature = "locust")]
    pub master: Option<crate::load::locust::Master>,
    /// What reads how it stands, and its summary.
    pub reports: Vec<NamedLoadReport>,
    /// What reads the attempts that are told one by one, as the events of a run: a journal.
    pub attempts: Vec<Named>,
}

/// How a load ended.
#[derive(Debug)]
pub struct LoadEnded {
    /// What it came to. Of several tests under a Locust master the worst, and of equally bad ones the last; none where
    /// there was no test.
    pub summary: Option<LoadSummary>,
    /// Why the work for a Locust master ended, where no summary says so.
    pub parted: Option<String>,
    /// The exit code that it calls for.
    pub exit: Exit,
    /// Reports that could not be written, with what went wrong.
    pub broken_reports: Vec<(String, io::Error)>,
}

impl LoadSession {
    /// Plays the load until its end, or until `stop` asks for it.
    pub async fn run(self, stop: crate::delivery::Stop) -> LoadEnded {
        #[cfg(feature = "locust")]
        if let Some(master) = self.master.clone() {
            return super::locust::work(self, &master, &stop).await;
        }
        let begin = self.begin;
        let (load, mut telling) = self.telling();
        let mut outcome = run_at(&load, begin, &mut |told| telling.told(told), &stop).await;
        outcome.figures.notes.extend(telling.close());
        let summary = telling.judge(telling.terms.clone(), outcome);
        let verdict = summary.verdict;
        telling.ended(verdict, Some(summary), None)
    }

    /// What is played, and who is told of it.
    pub(super) fn telling(self) -> (Load, Telling) {
        let LoadSession { mut load, mut terms, reports, attempts, .. } = self;
        let secrets = load_secrets(&load);
        secrets.veil(&mut load.asked);
        secrets.veil(&mut terms.replay);
        terms.asked.targets.iter_mut().for_each(|target| secrets.veil(target));
        let mut reports = Reports { reports, broken: Vec::new() };
        let mut writings = Vec::new();
        for (name, report) in attempts {
            match Writing::start(&load, report) {
                Ok(writing) => writings.push((name, writing)),
                Err(error) => reports.broken.push((name, error)),
            }
        }
        (load, Telling { terms, secrets, reports, writings })
    }
}

/// Everybody who is told of a load.
pub(super) struct Telling {
    pub(super) terms: Terms,
    secrets: Secrets,
    reports: Reports,
    /// What attempts are written into.
    writings: Vec<(String, Writing)>,
}

impl Telling {
    /// While it goes on.
    pub(super) fn told(&mut self, told: Told) {
        match told {
            Told::Tick(tick) => self.reports.tell(|report| report.tick(&tick)),
            Told::Said(line) => self.reports.tell(|report| report.said(&line)),
            Told::Attempt(attempt) => {
                for (_, writing) in &mut self.writings {
                    writing.attempt(attempt.clone());
                }
            }
        }
    }

    /// Writes the last attempts; what is missing of them is returned.
    pub(super) fn close(&mut self) -> Vec<String> {
        let mut notes = Vec::new();
        for (name, writing) in self.writings.drain(..) {
            let written = writing.close();
            if written.left_out > 0 {
                let why = match written.broken {
                    Some(_) => "it could not be written any more",
                    None => "more were told than can be",
                };
                notes.push(format!("{name}: {} attempts were not written, because {why}", written.left_out));
            }
            if let Some(error) = written.broken {
                self.reports.broken.push((name, error));
            }
        }
        notes
    }

    /// What it came to, which the reports are told.
    pub(super) fn judge(&mut self, terms: Terms, outcome: Outcome) -> LoadSummary {
        let mut summary = terms.judge(outcome);
        let texts = summary.reasons.iter_mut().chain(&mut summary.figures.notes);
        texts.for_each(|text| self.secrets.veil(text));
        self.reports.finish(&mut summary);
        summary
    }

    /// After everything has been told.
    pub(super) fn ended(self, verdict: Verdict, summary: Option<LoadSummary>, parted: Option<String>) -> LoadEnded {
        let exit = self.reports.exit(verdict);
        LoadEnded { summary, parted, exit, broken_reports: self.reports.broken }
    }
}

/// How the names of reports begin that people read while they wait.
const FOR_PEOPLE: &str = "term";

/// Tells reports of a load, of the ones that can still be written.
struct Reports {
    reports: Vec<NamedLoadReport>,
    broken: Vec<(String, io::Error)>,
}

impl Reports {
    /// One that cannot write is left out from then on; the others are not harmed.
    fn tell(&mut self, mut write: impl FnMut(&mut dyn crate::load::report::LoadReport) -> io::Result<()>) {
        for (name, mut report) in std::mem::take(&mut self.reports) {
            match write(report.as_mut()) {
                Ok(()) => self.reports.push((name, report)),
                Err(error) => self.broken.push((name, error)),
            }
        }
    }

    /// Tells the end: to people last, so that they are told of reports that could not be written, too.
    fn finish(&mut self, summary: &mut LoadSummary) {
        let (people, files): (Vec<_>, Vec<_>) =
            std::mem::take(&mut self.reports).into_iter().partition(|(name, _)| name.starts_with(FOR_PEOPLE));
        self.reports = files;
        self.tell(|report| report.finished(summary));
        for (name, _) in &self.broken {
            summary.reasons.push(format!("The report {name} could not be written."));
        }
        summary.exit = self.exit(summary.verdict).code();
        let files = std::mem::replace(&mut self.reports, people);
        self.tell(|report| report.finished(summary));
        // Under a Locust master another test may follow.
        self.reports.extend(files);
    }

    /// The exit code that a verdict calls for, where reports may be broken.
    fn exit(&self, verdict: Verdict) -> Exit {
        match (verdict.exit(), self.broken.is_empty()) {
            (Exit::Interrupted, _) => Exit::Interrupted,
            (exit, true) => exit,
            (_, false) => Exit::CannotGoOn,
        }
    }
}

/// Tells reports of a summary that is there already, as of a merge; those that could not be written are returned.
pub fn report_load(summary: &LoadSummary, reports: Vec<NamedLoadReport>) -> Vec<(String, io::Error)> {
    let mut reports = Reports { reports, broken: Vec::new() };
    reports.finish(&mut summary.clone());
    reports.broken
}

/// What nobody is told; it is the same in every call of a story.
pub fn load_secrets(load: &Load) -> Secrets {
    let mut secrets = Secrets::default();
    let plans = load.stories.iter().filter_map(|story| story.calls.plan(1, load.start));
    plans.for_each(|plan| secrets.add_all(&plan.secrets()));
    load.transport.secrets().for_each(|secret| secrets.add(secret));
    secrets
}
