//! A load session under a Locust master: several tests, one after the other, each judged and told by itself. How a worker
//! talks to its master is known in `load`.

use super::load::{LoadEnded, LoadSession, Telling};
use crate::clock::BEIJING;
use crate::delivery::Stop;
use crate::load::locust::{self, Master, News, Parted, TestEnded};
use crate::load::summary::{StageAsked, Verdict};
use crate::load::{Ended, LoadSummary, Stage, Terms, Told};
use jiff::Timestamp;

/// Works for a master until they part.
pub async fn work(session: LoadSession, master: &Master, stop: &Stop) -> LoadEnded {
    let (load, mut telling) = session.telling();
    let mut tests = Tests::default();
    let mut news = |news: News| match news {
        News::Said(line) => telling.told(Told::Said(line)),
        News::Told(told) => telling.told(told),
        News::Ended(test) => tests.over(*test, &mut telling),
    };
    let parted = locust::work(&load, master, &mut news, stop).await;
    for note in telling.close() {
        telling.told(Told::Said(note));
    }
    let (verdict, why) = tests.parted(parted);
    telling.ended(verdict, tests.worst, why)
}

/// The tests so far.
#[derive(Default)]
struct Tests {
    count: usize,
    worst: Option<LoadSummary>,
    /// Whether the last one says itself why nothing comes behind it.
    is_told: bool,
}

impl Tests {
    fn over(&mut self, test: TestEnded, telling: &mut Telling) {
        let TestEnded { outcome, stages, start } = test;
        self.count += 1;
        self.is_told = !matches!(outcome.ended, Ended::Done | Ended::Interrupted);
        if outcome.figures.calls.started == 0 && !self.is_told {
            telling.told(Told::Said(
                "the test is over; no call of this worker started in it, so nothing is judged".into(),
            ));
            return;
        }
        let terms = terms(&telling.terms, &stages, start);
        let summary = telling.judge(terms, outcome);
        telling.told(Told::Said(format!("test {} is over: {}", self.count, summary.verdict.word())));
        if self.worst.as_ref().is_none_or(|worst| summary.verdict <= worst.verdict) {
            self.worst = Some(summary);
        }
    }

    /// The verdict on all of it, and why it ended, where no test says so.
    fn parted(&self, parted: Parted) -> (Verdict, Option<String>) {
        let worst = self.worst.as_ref().map_or(Verdict::Passed, |worst| worst.verdict);
        match parted {
            Parted::Quit if self.count > 0 => (worst, None),
            Parted::Quit => {
                (Verdict::CannotGoOn, Some("The master has ended it before any test: nothing was sent.".to_owned()))
            }
            Parted::Interrupted => (Verdict::Interrupted, None),
            Parted::Lost(_) | Parted::CannotGoOn(_) if self.is_told => (worst, None),
            Parted::Lost(why) | Parted::CannotGoOn(why) => (worst.min(Verdict::CannotGoOn), Some(why)),
        }
    }
}

/// What one test is judged by: the rates are those that the master wanted, and its calls have a start of their own.
fn terms(terms: &Terms, stages: &[Stage], start: Timestamp) -> Terms {
    let mut terms = terms.clone();
    let start = start.display_with_offset(BEIJING).to_string();
    terms.replay = terms.replay.replacen(&terms.asked.start, &start, 1);
    terms.asked.start = start;
    terms.asked.stages = stages.iter().map(StageAsked::from).collect();
    terms.asked.lasting_us = terms.asked.stages.iter().map(|stage| stage.lasting_us).sum();
    terms.asked.starting_us = terms.asked.lasting_us;
    terms
}
