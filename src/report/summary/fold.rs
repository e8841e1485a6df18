//! Folds the events of a run into its summary, within the limits of a summary.

use super::{
    CHECKS_MAX, CheckSummary, FINDINGS_MAX, FINDINGS_PER_STORY_MAX, FaultSummary, Figures, LeftOut, NotJudged, Outcome,
    PROBES_MAX, ProbeSummary, SNAPSHOTS_MAX, STORIES_MAX, SUMMARY_FORMAT, SnapshotSummary, State, StorySummary,
    Summary, TEXT_MAX_CHARS,
};
use crate::event::{DeliveryId, Finding, RunEvent, Story, Timing, microseconds};
use crate::report::Totals;
use crate::report::folded::Folding;
use crate::report::told::{self, COMMAND_MAX_CHARS, DIFFERENCE_LINES_MAX, cut};
use std::collections::HashMap;

/// A summary that is being made.
#[derive(Debug, Default)]
pub struct Summing {
    summary: Summary,
    totals: Totals,
    /// The place of each story in the summary.
    places: HashMap<Story, usize>,
    /// The story that is being played.
    present: Option<usize>,
    /// When each attempt that is under way left, in milliseconds since 1970.
    under_way: HashMap<DeliveryId, i64>,
    folding: Folding,
    /// How much there was of what has a limit.
    met: LeftOut,
}

impl Summing {
    /// Learns of an event. The summary is whole with the last event of the run, and given then.
    pub fn event(&mut self, event: &RunEvent) -> Option<&Summary> {
        self.totals.event(event);
        match event {
            RunEvent::Started { ringback, seed, start, pace, targets, built_in_receiver, .. } => {
                let summary = &mut self.summary;
                summary.format = SUMMARY_FORMAT;
                summary.ringback = (*ringback).to_owned();
                summary.seed = *seed;
                summary.start.clone_from(start);
                summary.pace.clone_from(pace);
                summary.targets.clone_from(targets);
                summary.built_in_receiver = *built_in_receiver;
            }
            RunEvent::StoryStarted { story, title, source, replay, .. } => {
                let (story, title, source) = (story.clone(), title.clone(), source.clone());
                let replay = replay.clone();
                self.begin(StorySummary { story, title, source, replay, ..StorySummary::default() });
            }
            RunEvent::Skipped { story, reason } => {
                let (story, reason) = (story.clone(), Some(reason.clone()));
                self.begin(StorySummary { story, state: State::Skipped, reason, ..StorySummary::default() });
                self.present = None;
            }
            RunEvent::Unreachable { story, message, url, .. } => {
                if let Some(story) = self.story(story) {
                    story.state = State::Unreachable;
                    story.reason = Some(format!("{url}: {message}"));
                }
            }
            RunEvent::StoryFinished { story } => {
                self.under_way.clear();
                if let Some(story) = self.story(story).filter(|story| story.state == State::CutShort) {
                    story.state = State::Played;
                }
                self.present = None;
            }
            RunEvent::Attempted { delivery, began_ms, .. } => {
                self.summary.began_ms = self.summary.began_ms.or(Some(*began_ms));
                self.under_way.insert(delivery.clone(), *began_ms);
                if let Some(story) = self.present() {
                    story.attempts += 1;
                    story.began_ms.get_or_insert(*began_ms);
                }
            }
            RunEvent::Replied { delivery, timing, .. } | RunEvent::Failed { delivery, timing, .. } => {
                self.landed(delivery, timing);
            }
            RunEvent::Planned { .. } => self.count(|story| &mut story.planned),
            RunEvent::Acknowledged { .. } => self.count(|story| &mut story.acknowledged),
            RunEvent::GivenUp { excused: true, .. } => self.count(|story| &mut story.excused),
            RunEvent::GivenUp { excused: false, .. } => self.count(|story| &mut story.given_up),
            RunEvent::Dropped { .. } => self.count(|story| &mut story.dropped),
            RunEvent::Found(finding) => self.found(finding),
            RunEvent::Checked { story, expectation, judged, failed } => {
                let check = CheckSummary { expectation: expectation.clone(), judged: *judged, failed: *failed };
                match self.room(story, |kept| &mut kept.checks, CHECKS_MAX) {
                    Some(story) => story.checks.push(check),
                    None => self.summary.left_out.checks += 1,
                }
            }
            RunEvent::Probed { story, delivery, expectation, asked, tries, status, body, silent, took, agrees } => {
                let probe = ProbeSummary {
                    expectation: expectation.clone(),
                    delivery: delivery.clone(),
                    asked: cut(asked, TEXT_MAX_CHARS),
                    tries: *tries,
                    status: *status,
                    body: cut(body, TEXT_MAX_CHARS),
                    silent: silent.as_deref().map(|silent| cut(silent, TEXT_MAX_CHARS)),
                    took_us: microseconds(*took),
                    agrees: *agrees,
                };
                match self.room(story, |kept| &mut kept.probes, PROBES_MAX) {
                    Some(story) => story.probes.push(probe),
                    None => self.summary.left_out.probes += 1,
                }
            }
            RunEvent::NotJudged { story, delivery, expectation, reason } => {
                let (expectation, delivery) = (expectation.clone(), delivery.clone());
                let not_judged = NotJudged { expectation, delivery, reason: cut(reason, TEXT_MAX_CHARS) };
                match self.room(story, |kept| &mut kept.probes, PROBES_MAX) {
                    Some(story) => story.not_judged.push(not_judged),
                    None => self.summary.left_out.probes += 1,
                }
            }
            RunEvent::FaultPlayed { fault, place, strikes, may_idle } => {
                let (place, strikes, may_idle) = (place.clone(), *strikes, *may_idle);
                self.summary.faults.push(FaultSummary { fault, place, strikes, may_idle });
            }
            RunEvent::Compared { story, file, outcome } => {
                let snapshot = SnapshotSummary { file: file.clone(), outcome: *outcome };
                match self.room(story, |kept| &mut kept.snapshots, SNAPSHOTS_MAX) {
                    Some(story) => story.snapshots.push(snapshot),
                    None => self.summary.left_out.snapshots += 1,
                }
            }
            RunEvent::Finished { interrupted, took, exit, unwritten, .. } => {
                // What `StoryFinished` called played, but a signal ended.
                if *interrupted
                    && let Some(last) = self.summary.stories.last_mut().filter(|story| story.state == State::Played)
                    && last.acknowledged + last.given_up + last.excused < last.planned
                {
                    last.state = State::CutShort;
                }
                self.list_findings();
                let summary = &mut self.summary;
                summary.outcome = Outcome::of(*exit, *interrupted);
                summary.exit = *exit;
                summary.unwritten.clone_from(unwritten);
                summary.took_us = microseconds(*took);
                summary.totals = Figures::from(&self.totals);
                return Some(&self.summary);
            }
            RunEvent::Withdrawn { .. } => {
                if let Some(story) = self.present() {
                    story.planned = story.planned.saturating_sub(1);
                }
            }
            RunEvent::Driven { .. }
            | RunEvent::Held { .. }
            | RunEvent::RetrySet { .. }
            | RunEvent::Disabled { .. }
            | RunEvent::Transcript { .. }
            | RunEvent::Recorded { .. } => {}
        }
        None
    }

    fn begin(&mut self, story: StorySummary) {
        if self.summary.stories.len() == STORIES_MAX {
            self.summary.left_out.stories += 1;
            self.present = None;
            return;
        }
        let place = self.summary.stories.len();
        self.places.insert(story.story.clone(), place);
        self.present = Some(place);
        self.summary.stories.push(story);
    }

    fn story(&mut self, story: &Story) -> Option<&mut StorySummary> {
        self.places.get(story).and_then(|place| self.summary.stories.get_mut(*place))
    }

    /// The story, while the run has room for one more of something.
    fn room(&mut self, story: &Story, of: fn(&mut LeftOut) -> &mut u64, most: usize) -> Option<&mut StorySummary> {
        let met = of(&mut self.met);
        *met += 1;
        if *met > most as u64 { None } else { self.story(story) }
    }

    fn present(&mut self) -> Option<&mut StorySummary> {
        self.present.and_then(|place| self.summary.stories.get_mut(place))
    }

    fn count(&mut self, figure: impl FnOnce(&mut StorySummary) -> &mut u64) {
        if let Some(story) = self.present() {
            *figure(story) += 1;
        }
    }

    /// An attempt has ended.
    fn landed(&mut self, delivery: &DeliveryId, timing: &Timing) {
        let Some(left_ms) = self.under_way.remove(delivery) else { return };
        if let Some(story) = self.present() {
            let before = since(story.began_ms.unwrap_or(left_ms), left_ms);
            story.took_us = story.took_us.max(before.saturating_add(microseconds(timing.total)));
        }
    }

    /// Puts the findings into their order.
    fn list_findings(&mut self) {
        let summary = &mut self.summary;
        (summary.folded, _) = self.folding.list();
        for story in &mut summary.stories {
            story.findings.sort_by_cached_key(Finding::precedence);
        }
        summary.other_findings.sort_by_cached_key(Finding::precedence);
    }

    fn found(&mut self, finding: &Finding) {
        self.folding.add(&bounded(finding));
        let summary = &mut self.summary;
        let list = match self.places.get(&finding.story).and_then(|place| summary.stories.get_mut(*place)) {
            Some(story) => &mut story.findings,
            None => &mut summary.other_findings,
        };
        if self.met.findings == FINDINGS_MAX as u64 || list.len() == FINDINGS_PER_STORY_MAX {
            summary.left_out.findings += 1;
        } else {
            self.met.findings += 1;
            list.push(bounded(finding));
        }
    }
}

/// The finding with every text within its limit.
fn bounded(finding: &Finding) -> Finding {
    let mut kept = told::bounded(finding, DIFFERENCE_LINES_MAX, |text| cut(text, TEXT_MAX_CHARS));
    kept.curl = kept.curl.map(|curl| cut(&curl, COMMAND_MAX_CHARS));
    kept
}

/// Between two instants in milliseconds, in microseconds.
fn since(from_ms: i64, to_ms: i64) -> u64 {
    u64::try_from(to_ms.saturating_sub(from_ms)).unwrap_or(0).saturating_mul(1_000)
}
