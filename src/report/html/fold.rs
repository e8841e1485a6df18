//! Folds the events of a run into what the page knows of it, within named limits. What is left out is counted.

use super::cut::bounded;
use super::model::{Detail, LeftOut, Line, Outcome, Overview, Run, Skipped, Step};
use super::story::Open;
use crate::diagnostic::Code;
use crate::event::{Finding, RunEvent, Story, microseconds};
use crate::exit::Exit;
use crate::report::folded::Folding;
use crate::report::{Figures, Totals};
use std::collections::BTreeMap;

/// How much the details of a run may be, as JSON before it is packed, until those of stories that passed are left out.
const PASSED_MAX_BYTES: usize = 8 << 20;
/// How much they may be until those of every further story are left out.
const DETAILS_MAX_BYTES: usize = 16 << 20;
/// How many stories the list names.
const STORIES_MAX: usize = 10_000;
/// How many skipped stories are named.
const SKIPPED_MAX: usize = 2_000;
/// How many findings about no story are told in full.
const AT_LARGE_MAX: usize = 100;
/// How many entries the list of findings has; findings that are alike are one entry.
const FOLDED_MAX: usize = 100;

/// What was learnt so far.
#[derive(Default)]
pub(super) struct Fold {
    totals: Totals,
    run: Run,
    stories: Vec<Line>,
    skipped: Vec<Skipped>,
    left_out: LeftOut,
    findings: BTreeMap<Code, u64>,
    folding: Folding,
    /// Findings about no story that is being played, such as a snapshot that belongs to none.
    at_large: Vec<Finding>,
    /// The details of finished stories, as JSON, without the bodies of their requests.
    details: Vec<String>,
    /// Those bodies by vendor, in order. Side by side they pack to half: most of each stands in the one before.
    bodies: BTreeMap<&'static str, Vec<String>>,
    details_bytes: usize,
    skipped_named: usize,
    open: Option<Open>,
}

impl Fold {
    /// Learns of an event.
    pub fn event(&mut self, event: &RunEvent) {
        self.totals.event(event);
        match event {
            RunEvent::Started { ringback, seed, start, pace, targets, built_in_receiver, .. } => {
                let (start, pace, targets) = (start.clone(), pace.clone(), targets.clone());
                let built_in_receiver = *built_in_receiver;
                self.run = Run { ringback, seed: *seed, start, pace, targets, built_in_receiver, ..Run::default() };
            }
            RunEvent::StoryStarted { story, title, source, replay, .. } => {
                self.close_story();
                self.open = Some(Open::new(story, [title, source, replay]));
            }
            RunEvent::Skipped { story, reason } => self.skip(story, reason),
            RunEvent::Found(finding) => {
                *self.findings.entry(finding.code).or_default() += 1;
                self.folding.add(&bounded(finding));
                match &mut self.open {
                    Some(open) => open.found(finding),
                    None if self.at_large.len() < AT_LARGE_MAX => self.at_large.push(bounded(finding)),
                    None => self.left_out.findings += 1,
                }
            }
            RunEvent::StoryFinished { .. } => self.close_story(),
            RunEvent::Finished { .. } => {
                self.close_story();
                finish(&mut self.run, event);
            }
            _ => {
                if let Some(open) = &mut self.open {
                    open.event(event);
                }
            }
        }
    }

    /// The overview, and the details as JSON.
    pub fn close(mut self) -> (Overview, String) {
        self.close_story();
        if self.run.exit.is_none() {
            (self.run.verdict, self.run.meaning) = ("Broken off", "the run did not come to its end");
        }
        let mut figures = Figures::from(&self.totals);
        // Those that struck nothing, as they may, are listed as such.
        for (fault, _) in &self.totals.idle {
            figures.faults.entry((*fault).to_owned()).or_default();
        }
        let found = |(code, times): (&Code, &u64)| (code.as_str(), (code.explanation().title, *times));
        let found = self.findings.iter().map(found).collect();
        let Fold { run, stories, skipped, left_out, details, bodies, mut at_large, folding, .. } = self;
        at_large.sort_by_cached_key(Finding::precedence);
        let (mut folded, beyond) = folding.list();
        let folded_left = beyond + folded.iter().skip(FOLDED_MAX).map(|folded| folded.findings).sum::<u64>();
        folded.truncate(FOLDED_MAX);
        // Values of our own with texts as keys: they can be written.
        let bodies = serde_json::to_string(&bodies).unwrap_or_default();
        let details = format!(r#"{{"stories":[{}],"bodies":{bodies}}}"#, details.join(","));
        (Overview { run, figures, found, stories, skipped, findings: at_large, folded, folded_left, left_out }, details)
    }

    fn skip(&mut self, story: &Story, reason: &str) {
        if self.skipped_named == SKIPPED_MAX {
            self.left_out.skipped += 1;
            return;
        }
        self.skipped_named += 1;
        let vendor = story.vendor;
        let same = self.skipped.iter_mut().find(|known| known.vendor == vendor && known.reason == reason);
        match same {
            Some(known) => known.scenarios.push(story.scenario.clone()),
            None => {
                let (reason, scenarios) = (reason.to_owned(), vec![story.scenario.clone()]);
                self.skipped.push(Skipped { vendor, reason, scenarios });
            }
        }
    }

    fn close_story(&mut self) {
        let Some(Open { mut line, mut detail, attempts_drawn, .. }) = self.open.take() else { return };
        self.left_out.attempts += line.attempts - attempts_drawn;
        self.left_out.findings += detail.findings_left;
        if self.stories.len() == STORIES_MAX {
            self.left_out.stories += 1;
            self.leave_out(&detail, attempts_drawn);
            return;
        }
        detail.findings.sort_by_cached_key(Finding::precedence);
        let bodies: Vec<String> = detail.steps.iter_mut().filter_map(Step::take_body).collect();
        let vendors = self.bodies.entry(line.vendor).or_default();
        detail.bodies_from = vendors.len();
        // Values of our own with texts as keys: they can be written.
        let json = serde_json::to_string(&detail).unwrap_or_default();
        let bytes = json.len() + bodies.iter().map(String::len).sum::<usize>();
        let max_bytes = if line.outcome == Outcome::Passed { PASSED_MAX_BYTES } else { DETAILS_MAX_BYTES };
        if self.details_bytes + bytes <= max_bytes {
            line.detail = Some(self.details.len());
            self.details_bytes += bytes;
            self.details.push(json);
            vendors.extend(bodies);
        } else {
            self.left_out.details += 1;
            self.leave_out(&detail, attempts_drawn);
        }
        self.stories.push(line);
    }

    fn leave_out(&mut self, detail: &Detail, attempts: u64) {
        self.left_out.attempts += attempts;
        self.left_out.findings += detail.findings.len() as u64;
    }
}

/// The end of a run, as the head of the page tells it.
pub(super) fn finish(run: &mut Run, event: &RunEvent) {
    if let RunEvent::Finished { interrupted, took, exit, unwritten, .. } = event {
        run.exit = Some(*exit);
        run.unwritten.clone_from(unwritten);
        run.took_us = microseconds(*took);
        (run.verdict, run.meaning) = verdict(*interrupted, *exit);
    }
}

fn verdict(interrupted: bool, exit: u8) -> (&'static str, &'static str) {
    let meaning = Exit::ALL.iter().find(|(known, _)| known.code() == exit).map_or("", |(_, meaning)| meaning);
    let is = |known: Exit| known.code() == exit;
    let word = match interrupted {
        true => "Interrupted",
        false if is(Exit::Good) => "Passed",
        false if is(Exit::PendingSnapshots) => "Pending",
        false => "Failed",
    };
    (word, meaning)
}
