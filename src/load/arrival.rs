//! When calls start: a pure function of their number. Nothing here waits.

use super::limits::{CLOSED_MAX, DURATION_MAX, RATE_MAX, STAGES_MAX};
use super::shard::mix;
use super::steering::{SteeredStarts, Steering};
use std::time::Duration;

/// When calls start.
#[derive(Debug, Clone, PartialEq)]
pub enum Arrival {
    /// By the clock, whatever the receiver does: evenly.
    Even(Vec<Stage>),
    /// By the clock, whatever the receiver does: at random moments, independent of each other, as real calls come.
    Poisson(Vec<Stage>),
    /// So many calls at a time: the next starts when one has ended. Its pushes wait for each other. A receiver that slows
    /// down is asked less, so its figures flatter it.
    Closed {
        /// How many at a time.
        calls: usize,
        /// For how long calls start.
        lasting: Duration,
    },
    /// By the clock, whatever the receiver does, at a rate that is turned while the run goes on, until it is ended.
    Steered(Steering),
}

/// A while in which the rate goes evenly from one value to another.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Stage {
    /// How long.
    pub lasting: Duration,
    /// Calls a second at its start.
    pub from: f64,
    /// Calls a second at its end.
    pub to: f64,
}

impl Stage {
    /// A rate that stays.
    pub fn steady(rate: f64, lasting: Duration) -> Self {
        Self { lasting, from: rate, to: rate }
    }

    /// How many calls it has, as a fraction.
    fn calls(&self) -> f64 {
        (self.from + self.to) / 2.0 * self.lasting.as_secs_f64()
    }

    /// After how many seconds the first `calls` of it have started.
    fn seconds(&self, calls: f64) -> f64 {
        let slope = (self.to - self.from) / self.lasting.as_secs_f64();
        // from t + slope t^2 / 2 = calls; this form of the root is exact where the slope is zero or tiny.
        let root = (self.from * self.from + 2.0 * slope * calls).max(0.0).sqrt();
        match self.from + root {
            0.0 => 0.0,
            sum => 2.0 * calls / sum,
        }
    }
}

impl Arrival {
    /// For how long calls start.
    pub fn lasting(&self) -> Duration {
        match self {
            Arrival::Even(stages) | Arrival::Poisson(stages) => {
                stages.iter().fold(Duration::ZERO, |sum, stage| sum.saturating_add(stage.lasting))
            }
            Arrival::Closed { lasting, .. } => *lasting,
            Arrival::Steered(steering) => steering.lasting(),
        }
    }

    /// The start of every call, in order. Of a steered run only those that are certain; more may follow.
    pub fn starts(&self, seed: u64) -> Starts {
        let (stages, seed) = match self {
            Arrival::Even(stages) => (stages.clone(), None),
            Arrival::Poisson(stages) => (stages.clone(), Some(mix(0x4152_5256, seed))),
            Arrival::Closed { .. } | Arrival::Steered(_) => (Vec::new(), None),
        };
        let steered = match self {
            Arrival::Steered(steering) => Some(SteeredStarts::new(steering)),
            Arrival::Even(_) | Arrival::Poisson(_) | Arrival::Closed { .. } => None,
        };
        Starts { stages, seed, stage: 0, before: 0.0, elapsed: 0.0, number: 0, position: 0.0, steered }
    }

    /// What is impossible about it, and what would be possible.
    pub fn flaw(&self) -> Option<String> {
        let lasting = self.lasting();
        if lasting > DURATION_MAX {
            return Some(format!("calls start for {lasting:?}, and {DURATION_MAX:?} is the longest there is"));
        }
        match self {
            Arrival::Even(stages) | Arrival::Poisson(stages) => {
                if stages.len() > STAGES_MAX {
                    return Some(format!(
                        "there are {} stages, and {STAGES_MAX} is the most there can be",
                        stages.len()
                    ));
                }
                let rates = || stages.iter().flat_map(|stage| [stage.from, stage.to]);
                if let Some(rate) = rates().find(|rate| !(0.0..=RATE_MAX).contains(rate)) {
                    return Some(format!("a rate of {rate}/s; one lies between 0/s and {RATE_MAX}/s"));
                }
                if stages.iter().map(Stage::calls).sum::<f64>() <= 0.0 {
                    return Some("no call would start: the rate or the time is zero".into());
                }
                None
            }
            Arrival::Closed { calls, .. } => match *calls {
                0 => Some("no call would start: none may be under way".into()),
                calls if calls > CLOSED_MAX => Some(format!("{calls} calls at a time, and {CLOSED_MAX} is the most")),
                _ => None,
            },
            // It takes no rate that there cannot be, and none at all is a beginning like any other.
            Arrival::Steered(_) => None,
        }
    }
}

/// The start of each call from the start of the run, in order. The same for everyone who asks, on every machine.
#[derive(Debug, Clone)]
pub struct Starts {
    stages: Vec<Stage>,
    /// Where calls come by chance.
    seed: Option<u64>,
    stage: usize,
    /// How many calls, and seconds, the stages before this one have.
    before: f64,
    elapsed: f64,
    number: u64,
    /// How many calls a plan without chance would have started before this one.
    position: f64,
    /// Where somebody else says when.
    steered: Option<SteeredStarts>,
}

impl Starts {
    /// Of a steered run: whether it is certain that no more calls come.
    pub(super) fn is_exhausted(&self) -> bool {
        self.steered.as_ref().is_none_or(SteeredStarts::is_exhausted)
    }
}

impl Iterator for Starts {
    /// The number of the call, from 1, and its start.
    type Item = (u64, Duration);

    fn next(&mut self) -> Option<Self::Item> {
        if let Some(steered) = &mut self.steered {
            return steered.next();
        }
        let number = self.number + 1;
        let position = match self.seed {
            // Exact however many there are: no sum that could drift.
            None => self.number as f64,
            Some(seed) => self.position + wait(mix(seed, number)),
        };
        loop {
            let stage = self.stages.get(self.stage)?;
            let within = position - self.before;
            let calls = stage.calls();
            if within < calls {
                let at = self.elapsed + stage.seconds(within).min(stage.lasting.as_secs_f64());
                self.number = number;
                self.position = position;
                return Some((number, Duration::from_secs_f64(at)));
            }
            self.before += calls;
            self.elapsed += stage.lasting.as_secs_f64();
            self.stage += 1;
        }
    }
}

/// A wait of mean one, exponentially distributed.
pub(super) fn wait(word: u64) -> f64 {
    // From (0, 1]: 53 bits, never zero.
    let fraction = ((word >> 11) + 1) as f64 / (1_u64 << 53) as f64;
    -fraction.ln()
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn seconds(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    #[test]
    fn even_calls_come_at_equal_distances_and_all_of_them() {
        let starts: Vec<_> = Arrival::Even(vec![Stage::steady(100.0, seconds(10))]).starts(1).collect();
        assert_eq!(starts.len(), 1000);
        assert_eq!(starts[0], (1, Duration::ZERO));
        assert_eq!(starts[999], (1000, Duration::from_millis(9990)));
    }

    #[test]
    fn a_ramp_starts_as_many_calls_as_its_mean() {
        let stages = vec![
            Stage { lasting: seconds(30), from: 0.0, to: 500.0 },
            Stage::steady(500.0, seconds(10)),
            Stage { lasting: seconds(10), from: 500.0, to: 0.0 },
        ];
        let starts: Vec<_> = Arrival::Even(stages).starts(1).collect();
        assert_eq!(starts.len(), 7500 + 5000 + 2500);
        assert!(starts.windows(2).all(|pair| pair[0].1 <= pair[1].1));
        // At the half of a ramp from zero a quarter of its calls have started.
        let half = starts.iter().filter(|(_, at)| *at < seconds(15)).count();
        assert!(half.abs_diff(1875) <= 1, "{half}");
    }

    #[test]
    fn poisson_has_its_mean_and_its_spread_and_is_the_same_again() {
        let arrival = Arrival::Poisson(vec![Stage::steady(1000.0, seconds(20))]);
        let starts: Vec<_> = arrival.starts(7).collect();
        assert_eq!(starts, arrival.starts(7).collect::<Vec<_>>());
        assert_ne!(starts, arrival.starts(8).collect::<Vec<_>>());
        assert!(starts.len().abs_diff(20_000) < 600, "{}", starts.len());
        // Of exponential waits the variance is the square of the mean.
        let waits: Vec<f64> = starts.windows(2).map(|pair| (pair[1].1 - pair[0].1).as_secs_f64() * 1e3).collect();
        let mean = waits.iter().sum::<f64>() / waits.len() as f64;
        let variance = waits.iter().map(|wait| (wait - mean).powi(2)).sum::<f64>() / waits.len() as f64;
        assert!((mean - 1.0).abs() < 0.05 && (variance - 1.0).abs() < 0.1, "{mean} {variance}");
    }

    #[test]
    fn absurd_plans_are_refused() {
        for stage in [
            Stage::steady(0.0, seconds(10)),
            Stage::steady(-1.0, seconds(10)),
            Stage::steady(f64::NAN, seconds(10)),
            Stage::steady(f64::INFINITY, seconds(10)),
            Stage::steady(2e6, seconds(10)),
            Stage::steady(10.0, seconds(0)),
            Stage::steady(10.0, seconds(90_000)),
        ] {
            assert!(Arrival::Even(vec![stage]).flaw().is_some(), "{stage:?}");
        }
        assert!(Arrival::Even(Vec::new()).flaw().is_some());
        assert!(Arrival::Closed { calls: 0, lasting: seconds(1) }.flaw().is_some());
        assert_eq!(Arrival::Even(vec![Stage::steady(0.5, seconds(10))]).flaw(), None);
    }
}
