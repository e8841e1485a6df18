//! A load session: the only place where the engine of a load, its reports and its journal are wired together.

use super::ending::{Reported, Reports};
use crate::exit::Exit;
use crate::http::Secrets;
use crate::load::expectations::ExpectationFigures;
use crate::load::report::{LoadReport, NamedLoadReport};
use crate::load::summary::Verdict;
use crate::load::{Load, LoadSummary, Outcome, Terms, Told, Writing, run_at};
use crate::report::Named;
use jiff::Timestamp;

/// Everything that a load consists of.
pub struct LoadSession {
    /// What is played.
    pub load: Load,
    /// What it is judged by.
    pub terms: Terms,
    /// When it begins, by the machine's clock; at once where no instant is given.
    pub begin: Option<Timestamp>,
    /// The Locust master that says how many calls start, where one does.
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
    /// What became of the reports.
    pub reports: Reported,
}

impl LoadSession {
    /// Plays the load until its end, or until `stop` asks for it.
    pub async fn run(self, stop: crate::delivery::Stop) -> LoadEnded {
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
        let mut reports = Reports::new(reports, LoadReport::file);
        let mut writings = Vec::new();
        for (name, report) in attempts {
            match Writing::start(&load, report) {
                Ok(writing) => writings.push((name, writing)),
                Err(error) => reports.broken(name, error),
            }
        }
        (load, Telling { terms, secrets, reports, writings })
    }
}

/// Everybody who is told of a load.
pub(super) struct Telling {
    pub(super) terms: Terms,
    secrets: Secrets,
    reports: Reports<dyn LoadReport + Send>,
    /// What attempts are written into.
    writings: Vec<(String, Writing)>,
}

impl Telling {
    /// While it goes on.
    pub(super) fn told(&mut self, told: Told) {
        match told {
            Told::Tick(tick) => self.reports.each(|report| report.tick(&tick)),
            Told::Said(line) => self.reports.each(|report| report.said(&line)),
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
                self.reports.broken(name, error);
            }
        }
        notes
    }

    /// What it came to, which the reports are told.
    pub(super) fn judge(&mut self, terms: Terms, outcome: Outcome) -> LoadSummary {
        let mut summary = terms.judge(outcome);
        let texts = summary.reasons.iter_mut().chain(&mut summary.warnings).chain(&mut summary.figures.notes);
        texts.for_each(|text| self.secrets.veil(text));
        let expectations = summary.figures.expectations.iter_mut().flat_map(ExpectationFigures::texts);
        expectations.for_each(|text| self.secrets.veil(text));
        finish(&mut self.reports, &mut summary);
        summary
    }

    /// After everything has been told.
    pub(super) fn ended(self, verdict: Verdict, summary: Option<LoadSummary>, parted: Option<String>) -> LoadEnded {
        let exit = with_unwritten(verdict, &self.reports.unwritten()).exit();
        LoadEnded { summary, parted, exit, reports: self.reports.close() }
    }
}

/// Tells the end, and makes of the summary what all reports tell in the end.
fn finish(reports: &mut Reports<dyn LoadReport + Send>, summary: &mut LoadSummary) {
    let judged = summary.clone();
    let mut known = 0;
    reports.finish(|report, unwritten| {
        if unwritten.len() != known {
            known = unwritten.len();
            *summary = judged.clone();
            summary.reasons.extend(unwritten.iter().map(|name| format!("The report {name} could not be written.")));
            summary.verdict = with_unwritten(summary.verdict, unwritten);
            summary.exit = summary.verdict.exit().code();
        }
        report.finished(summary)
    });
}

/// The verdict, if some reports could not be written.
fn with_unwritten(verdict: Verdict, unwritten: &[String]) -> Verdict {
    if unwritten.is_empty() { verdict } else { verdict.min(Verdict::CannotGoOn) }
}

/// Tells reports of a summary that is there already, as of a merge; it becomes what they all tell.
pub fn report_load(summary: &mut LoadSummary, reports: Vec<NamedLoadReport>) -> Reported {
    let mut reports = Reports::new(reports, LoadReport::file);
    finish(&mut reports, summary);
    reports.close()
}

/// What nobody is told; it is the same in every call of a story.
pub fn load_secrets(load: &Load) -> Secrets {
    let mut secrets = Secrets::default();
    let plans = load.stories.iter().filter_map(|story| story.calls.plan(1, load.start));
    plans.for_each(|plan| secrets.add_all(&plan.secrets()));
    load.transport.secrets().for_each(|secret| secrets.add(secret));
    secrets
}
