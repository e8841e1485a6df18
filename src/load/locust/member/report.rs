//! What a worker reports of its test, while it goes on and when it is over.

use super::Member;
use crate::load::lag::BEHIND;
use crate::load::locust::link::Link;
use crate::load::locust::test::{Test, Then};
use crate::load::locust::words::{Said, Stats, sum};
use crate::load::locust::{News, Parted, TestEnded};
use crate::load::{Ended, Outcome, Told};

/// What a tick tells happened about so long before it, in seconds.
const TICK_HALF: f64 = 0.5;

impl Member<'_> {
    pub(super) fn told(&mut self, told: Told) -> Option<Parted> {
        let now = self.now();
        if let (Told::Tick(tick), Some(test)) = (&told, &mut self.test) {
            // It is told at the end of its second.
            test.account.count(&tick.figures, tick.calls_started, now - TICK_HALF);
        }
        (self.news)(News::Told(told));
        None
    }

    /// Reports what came since the last time.
    pub(super) async fn report(&mut self) {
        let (now, users) = (self.now(), self.users.clone());
        if self.index.is_none() || !matches!(self.link, Link::Up(_)) {
            return;
        }
        let report = self.test.as_mut().map(|test| test.account.report(now)).unwrap_or_default();
        let entries: Vec<_> = report.entries.values().cloned().collect();
        let stats = Stats {
            stats: &entries,
            stats_total: &report.total,
            errors: &report.errors,
            user_count: sum(&users),
            user_classes_count: &users,
        };
        if !self.say(Said::Stats(stats)).await
            && let Some(test) = &mut self.test
        {
            test.account.give_back(report);
        }
    }

    pub(super) async fn over(&mut self, mut outcome: Outcome) -> Option<Parted> {
        let rest = self.test.as_mut().map(Test::rest).unwrap_or_default();
        rest.into_iter().for_each(|news| (self.news)(news));
        let (now, figures) = (self.now(), &outcome.figures);
        self.users.clear();
        if let Some(test) = &mut self.test {
            test.account.count(&figures.kinds, figures.calls.started, now);
        }
        self.report().await;
        // It is there as long as it is not over.
        let test = self.test.take()?;
        let (stages, start, then) = (test.stages(), test.start, test.then);
        self.played = self.played.wrapping_add(figures.calls.started);
        let lag = figures.lag.at(0.99);
        if lag > self.master.lag_p99_max {
            let why = format!("{BEHIND}: its lag has a p99 of {lag:?}; lower the rate of a worker");
            self.say(Said::Exception(&why)).await;
            self.tell(why);
        }
        let why = match &outcome.ended {
            Ended::Tried(why) | Ended::Unreachable(why) | Ended::CannotGoOn(why) => Some(why.clone()),
            Ended::Done | Ended::Interrupted => None,
        };
        if let (Ended::Done, Some(Then::Part(Parted::Lost(why) | Parted::CannotGoOn(why)))) = (&outcome.ended, &then) {
            outcome.ended = Ended::CannotGoOn(why.clone());
        }
        (self.news)(News::Ended(Box::new(TestEnded { outcome, stages, start })));
        if let Some(why) = why {
            self.say(Said::Exception(&why)).await;
            return Some(Parted::CannotGoOn(why));
        }
        match then {
            _ if self.is_interrupted || self.stop.is_requested() => Some(Parted::Interrupted),
            Some(Then::Part(parted)) => Some(parted),
            Some(Then::Ready) => {
                self.ready_again().await;
                None
            }
            None => Some(Parted::CannotGoOn("the test has lasted as long as one may".into())),
        }
    }
}
