//! One test: a run that begins with the first users of a master and ends when it says so. Nothing here knows the master.

use super::account::Account;
use super::numbered::Numbered;
use super::{News, Parted};
use crate::clock;
use crate::delivery::Stop;
use crate::load::arrival::Arrival;
use crate::load::shard::mix;
use crate::load::steering::{Chance, Steering};
use crate::load::{Load, Outcome, Shard, Stage, Told, WeightedStory, run};
use jiff::Timestamp;
use std::pin::Pin;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

/// By how much the next worker starts its calls later, of the way from one call to the next: any number of workers is
/// spread well by it (the golden ratio).
const PHASE: f64 = 0.618_033_988_749_895;

/// A test that goes on.
pub struct Test {
    steering: Steering,
    told: UnboundedReceiver<Told>,
    run: Pin<Box<dyn Future<Output = Outcome> + Send>>,
    before: u64,
    /// In scenario time.
    pub start: Timestamp,
    /// By the steady clock.
    pub began: Instant,
    /// What of it was reported.
    pub account: Account,
    /// What follows its end; none where nobody has asked for the end.
    pub then: Option<Then>,
}

/// What follows the end of a test.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Then {
    /// The worker is ready for another one.
    Ready,
    /// The worker ends.
    Part(Parted),
}

/// What a test says.
pub enum Step {
    Told(Told),
    Over(Box<Outcome>),
}

/// What a test begins with.
pub struct Beginning {
    /// Calls a second.
    pub rate: f64,
    pub by_chance: bool,
    /// Of the worker.
    pub index: u64,
    /// The last number before those of its calls.
    pub before: u64,
    /// In scenario time.
    pub start: Timestamp,
    /// In seconds since 1970, by the master's clock.
    pub now: f64,
}

impl Test {
    /// Begins one.
    pub fn begin(load: &Load, beginning: &Beginning, stop: &Stop) -> Self {
        let Beginning { rate, by_chance, index, before, start, now } = *beginning;
        let chance = if by_chance { Chance::Poisson(mix(load.seed, before)) } else { Chance::Even };
        let steering = Steering::new(rate, (index as f64 * PHASE).fract(), chance);
        let numbered = |story: &WeightedStory| WeightedStory {
            calls: Arc::new(Numbered { calls: story.calls.clone(), before }),
            weight: story.weight,
        };
        let load = Load {
            stories: load.stories.iter().map(numbered).collect(),
            arrival: Arrival::Steered(steering.clone()),
            start,
            max_calls: None,
            linger: None,
            shard: Shard { number: 1, of: 1 },
            ..load.clone()
        };
        let (tell, told) = unbounded_channel();
        let stop = stop.clone();
        let run = async move {
            // Nobody listens any more where the test itself was dropped.
            run(&load, &mut |each| drop(tell.send(each)), &stop).await
        };
        let began = clock::steady();
        Self { steering, told, run: Box::pin(run), before, start, began, account: Account::new(now), then: None }
    }

    /// So many calls a second from now on. False where that is not possible any more.
    pub fn turn(&self, rate: f64) -> bool {
        self.steering.turn(rate)
    }

    /// How many calls a second were wanted until now, or until the end.
    pub fn stages(&self) -> Vec<Stage> {
        self.steering.stages()
    }

    /// No more calls; those under way may go on for a while.
    pub fn end(&mut self, linger: Duration, then: Then) {
        self.steering.end(linger);
        // Who ends the worker counts more than who ends the test.
        if self.then.is_none() || then != Then::Ready {
            self.then = Some(then);
        }
    }

    /// What is told as long as it goes on. It can be given up and asked for again.
    pub async fn next(&mut self) -> Step {
        tokio::select! {
            biased;
            Some(told) = self.told.recv() => Step::Told(self.renumbered(told)),
            outcome = &mut self.run => Step::Over(Box::new(outcome)),
        }
    }

    /// What it has told and nobody heard, once it is over.
    pub fn rest(&mut self) -> Vec<News> {
        let rest = std::iter::from_fn(|| self.told.try_recv().ok()).collect::<Vec<_>>();
        rest.into_iter().map(|told| News::Told(self.renumbered(told))).collect()
    }

    /// With the numbers that calls have outside of this test.
    fn renumbered(&self, mut told: Told) -> Told {
        if let Told::Attempt(attempt) = &mut told {
            attempt.call = attempt.call.wrapping_add(self.before);
        }
        told
    }
}
