//! A load session: the only place where the engine of a load, its reports and its journal are wired together.

use crate::exit::Exit;
use crate::http::Secrets;
use crate::load::report::NamedLoadReport;
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
    /// What it came to.
    pub summary: LoadSummary,
    /// The exit code that it calls for.
    pub exit: Exit,
    /// Reports that could not be written, with what went wrong.
    pub broken_reports: Vec<(String, io::Error)>,
}

impl LoadSession {
    /// Plays the load until its end, or until `stop` asks for it.
    pub async fn run(self, stop: crate::delivery::Stop) -> LoadEnded {
        let LoadSession { load, mut terms, begin, reports, attempts, .. } = self;
        let secrets = secrets(&load);
        let mut load = load;
        secrets.veil(&mut load.asked);
        secrets.veil(&mut terms.replay);
        terms.asked.targets.iter_mut().for_each(|target| secrets.veil(target));

        let mut broken: Vec<(String, io::Error)> = Vec::new();
        let mut writings = Vec::new();
        for (name, report) in attempts {
            match Writing::start(&load, report) {
                Ok(writing) => writings.push((name, writing)),
                Err(error) => broken.push((name, error)),
            }
        }
        let mut reports = Reports { reports, broken };
        let mut told = |told: Told| match told {
            Told::Tick(tick) => reports.tell(|report| report.tick(&tick)),
            Told::Said(line) => reports.tell(|report| report.said(&line)),
            Told::Attempt(attempt) => {
                for (_, writing) in &mut writings {
                    writing.attempt(attempt.clone());
                }
            }
        };
        #[cfg(feature = "locust")]
        let outcome = match &self.master {
            Some(master) => crate::load::locust::play(&load, master, &mut told, &stop).await,
            None => run_at(&load, begin, &mut told, &stop).await,
        };
        #[cfg(not(feature = "locust"))]
        let outcome = run_at(&load, begin, &mut told, &stop).await;
        let Outcome { mut figures, ended } = outcome;
        for (name, writing) in writings {
            let written = writing.close();
            if written.left_out > 0 {
                let why = match written.broken {
                    Some(_) => "it could not be written any more",
                    None => "more were told than can be",
                };
                figures.notes.push(format!("{name}: {} attempts were not written, because {why}", written.left_out));
            }
            if let Some(error) = written.broken {
                reports.broken.push((name, error));
            }
        }
        let mut summary = terms.judge(Outcome { figures, ended });
        let texts = summary.reasons.iter_mut().chain(&mut summary.figures.notes);
        texts.for_each(|text| secrets.veil(text));
        let exit = reports.finish(&mut summary);
        LoadEnded { summary, exit, broken_reports: reports.broken }
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

    /// Tells the end: to people last, so that they are told of reports that could not be written, too. The exit code.
    fn finish(&mut self, summary: &mut LoadSummary) -> Exit {
        let (people, files): (Vec<_>, Vec<_>) =
            std::mem::take(&mut self.reports).into_iter().partition(|(name, _)| name.starts_with(FOR_PEOPLE));
        self.reports = files;
        self.tell(|report| report.finished(summary));
        for (name, _) in &self.broken {
            summary.reasons.push(format!("The report {name} could not be written."));
        }
        let exit = |broken: &[_]| match (summary.verdict.exit(), broken.is_empty()) {
            (Exit::Interrupted, _) => Exit::Interrupted,
            (exit, true) => exit,
            (_, false) => Exit::CannotGoOn,
        };
        summary.exit = exit(&self.broken).code();
        self.reports = people;
        self.tell(|report| report.finished(summary));
        exit(&self.broken)
    }
}

/// Tells reports of a summary that is there already, as of a merge; those that could not be written are returned.
pub fn report_load(summary: &LoadSummary, reports: Vec<NamedLoadReport>) -> Vec<(String, io::Error)> {
    let mut reports = Reports { reports, broken: Vec::new() };
    reports.finish(&mut summary.clone());
    reports.broken
}

/// What nobody is told; it is the same in every call of a story.
fn secrets(load: &Load) -> Secrets {
    let mut secrets = Secrets::default();
    let plans = load.stories.iter().filter_map(|story| story.calls.plan(1, load.start));
    plans.for_each(|plan| secrets.add_all(&plan.secrets()));
    load.transport.secrets().for_each(|secret| secrets.add(secret));
    secrets
}
