//! Tells every event to the judge and to the reports, and what the judge finds to the reports.

use super::Ended;
use super::ending::Reports;
use super::snapshots::Keeper;
use crate::contract::{Exercised, Judge, Strictness};
use crate::event::{RunEvent, Story};
use crate::exit::Exit;
use crate::faults::Faults;
use crate::http::Secrets;
use crate::report::{Named, Report, Totals};
use std::time::Duration;

/// Everybody who learns of events, and the figures that the exit code follows from.
pub(super) struct Tellers {
    totals: Totals,
    judge: Option<Judge>,
    /// What of the plans came to pass.
    exercised: Exercised,
    /// Takes the answers down, where that is asked for.
    keeper: Option<Keeper>,
    reports: Reports<dyn Report + Send>,
    /// What nobody is told.
    secrets: Secrets,
}

impl Tellers {
    pub fn new(reports: Vec<Named>, secrets: Secrets, keeper: Option<Keeper>) -> Self {
        Self {
            totals: Totals::default(),
            judge: None,
            exercised: Exercised::default(),
            keeper,
            reports: Reports::new(reports, Report::file),
            secrets,
        }
    }

    /// The figures of what was told so far.
    pub fn totals(&self) -> &Totals {
        &self.totals
    }

    /// The judge of the story that begins.
    pub fn judge_by(&mut self, judge: Judge) {
        self.judge = Some(judge);
    }

    /// Tells everybody, without the secrets of the run: reports and the judge read the same.
    pub fn tell(&mut self, event: &RunEvent) {
        let veiled = (!self.secrets.is_empty()).then(|| event.veiled(&self.secrets));
        let event = veiled.as_ref().unwrap_or(event);
        self.report(event);
        if let Some(keeper) = &mut self.keeper {
            keeper.event(event);
        }
        let found = self.judge.as_mut().map(|judge| judge.event(event)).unwrap_or_default();
        found.iter().for_each(|found| self.report_found(found));
    }

    /// The story is over: tells what its judge has left to say.
    pub fn close_judge(&mut self) {
        let left = self.judge.take().map(|mut judge| judge.close()).unwrap_or_default();
        left.iter().for_each(|found| self.report_found(found));
    }

    /// A story with these faults begins.
    pub fn exercises(&mut self, story: &Story, replay: &str, faults: &Faults) {
        self.exercised.begin(story, replay, faults);
    }

    /// Everything is played: tells what of it was never exercised.
    pub fn close_exercised(&mut self, strictness: Strictness) {
        let left = std::mem::take(&mut self.exercised).close(strictness);
        left.iter().for_each(|found| self.report_found(found));
    }

    /// Who keeps the snapshots tells what it has to say, where snapshots are kept.
    pub fn keeper_tells(&mut self, ask: impl FnOnce(&mut Keeper) -> Vec<RunEvent>) {
        let found = self.keeper.as_mut().map(ask).unwrap_or_default();
        found.iter().for_each(|found| self.report_found(found));
    }

    /// The run is over: ends all reports, with the one verdict that holds for all of them.
    pub fn finish(mut self, seed: u64, interrupted: bool, took: Duration) -> Ended {
        let totals = &self.totals;
        let exit = |unwritten: &[String]| match (interrupted, unwritten) {
            (true, _) => Exit::Interrupted,
            (false, []) => totals.exit(),
            (false, _) => Exit::CannotGoOn,
        };
        let unwritten = self.reports.finish(|report, unwritten| {
            let (exit, unwritten) = (exit(unwritten).code(), unwritten.to_vec());
            report.event(&RunEvent::Finished { seed, interrupted, took, exit, unwritten })?;
            report.flush()
        });
        Ended { exit: exit(&unwritten), reports: self.reports.close() }
    }

    /// What the scenario expects can be a secret, too.
    fn report_found(&mut self, found: &RunEvent) {
        match self.secrets.is_empty() {
            true => self.report(found),
            false => self.report(&found.veiled(&self.secrets)),
        }
    }

    fn report(&mut self, event: &RunEvent) {
        self.totals.event(event);
        self.exercised.event(event);
        self.reports.each(|report| report.event(event));
    }
}
