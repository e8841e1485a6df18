//! What the load generator's own lag may have done to what was measured: each figure as it would be without it, at the least
//! or at the most. Pure; how lag is measured is known to the workers.

use super::asked::LoadAsked;
use super::figures::{Figures, KindFigures};
use super::latency::Latency;
use super::summary::Part;
use crate::contract::{Counted, Quantile};
use std::time::Duration;

/// What is said of a load, in all places, whose own lag is over its limit.
pub const BEHIND: &str = "the load generator fell behind its own schedule";

/// The shares of the lag that are taken off a percentile; what was later than that counts as the slowest of all.
const CUTS: [f64; 5] = [0.5, 0.9, 0.99, 0.999, 1.0];
/// From this share of the lag on it counts against its limit.
const SHARE_JUDGED: f64 = 0.99;
/// How the failures begin that a lag can bring about by itself.
const TIMEOUT: &str = "timeout/";

/// The lag of a load, and what it is compared with.
#[derive(Debug, Clone, Copy)]
pub struct OwnLag<'a> {
    asked: &'a LoadAsked,
    figures: &'a Figures,
    /// The p99 of the worst shard.
    worst: Duration,
    limit: Duration,
}

impl<'a> OwnLag<'a> {
    /// Of a load whose parts are these. A lag up to `limit` is taken for none.
    pub fn new(asked: &'a LoadAsked, figures: &'a Figures, parts: &[Part], limit: Duration) -> Self {
        let worst = parts.iter().map(|part| part.lag.p99_us).max().unwrap_or_default();
        Self { asked, figures, worst: Duration::from_micros(worst), limit }
    }

    /// Whether its p99 is over the limit, in any shard.
    pub fn is_over(&self) -> bool {
        self.worst > self.limit
    }

    /// A time without the lag, at the least; `None` where the lag is too short to matter.
    ///
    /// What is true of all attempts together need not be true of those of one kind, so the worst is taken: that all late ones
    /// were of this kind.
    pub fn time(&self, quantile: Quantile, times: &Latency) -> Option<Duration> {
        let lag = &self.figures.lag;
        let (counts, least) = match quantile {
            Quantile::Max => (lag.max(), times.max().saturating_sub(lag.max())),
            Quantile::Mean => {
                let share = lag.count() as f64 / times.count().max(1) as f64;
                (lag.at(SHARE_JUDGED), times.mean().saturating_sub(lag.mean().mul_f64(share)))
            }
            Quantile::Share(share) => (lag.at(share.max(SHARE_JUDGED)), self.percentile(share, times)),
        };
        (counts.max(self.worst) > self.limit).then_some(least)
    }

    /// A percentile of which each cut is taken off: of the times that it is not above, as many may be gone as were later than
    /// the cut.
    fn percentile(&self, share: f64, times: &Latency) -> Duration {
        let lag = &self.figures.lag;
        let without = |cut: f64| {
            let longest = if cut < 1.0 { lag.at(cut) } else { lag.max() };
            let later = lag.count_above(longest) as f64 / times.count().max(1) as f64;
            let left = share - later;
            (left > 0.0).then(|| times.at(left).saturating_sub(longest))
        };
        CUTS.into_iter().filter_map(without).max().unwrap_or_default()
    }

    /// A count without the lag, at the least.
    pub fn count(&self, counted: Counted, count: u64, about: &KindFigures) -> Option<u64> {
        let longest = self.figures.lag.max();
        if longest <= self.limit {
            return None;
        }
        match counted {
            Counted::Errors | Counted::Lost | Counted::Retries => {
                // An answer that came within half of the time can be missed only by a lag of the other half.
                let is_possible = longest.saturating_mul(2) >= Duration::from_micros(self.asked.timeout_us);
                let of_timeouts = about.failures.iter().filter(|(name, _)| name.starts_with(TIMEOUT));
                let timeouts: u64 = of_timeouts.map(|(_, count)| count).sum();
                (is_possible && timeouts > 0).then(|| count.saturating_sub(timeouts))
            }
            Counted::Held => self.fills_the_room(longest).then_some(0),
        }
    }

    /// Whether as many pushes were in flight as there may be, and would not have been without the lag: as many fall due in it,
    /// and in what the receiver takes, as there may be; and in what the receiver takes alone not.
    fn fills_the_room(&self, longest: Duration) -> bool {
        let Figures { points, point_length, .. } = self.figures;
        let most = points.iter().map(|point| point.due).max().unwrap_or_default();
        let per_second = most as f64 / point_length.as_secs_f64().max(1e-6);
        let service = self.figures.total().service.at(SHARE_JUDGED);
        let room = self.asked.max_in_flight as f64;
        let fill = |time: Duration| per_second * time.as_secs_f64();
        fill(service) < room && fill(service + longest) >= room
    }

    /// A number of seconds that a rate is taken over, without the lag at the least, where `times` are part of them.
    pub fn rate(&self, rate: f64, seconds: f64, times: &Latency) -> Option<f64> {
        let lag = &self.figures.lag;
        if !self.is_over() || seconds <= 0.0 {
            return None;
        }
        if self.asked.closed.is_some() {
            // Callers wait for their answers, and a lag is part of every wait.
            let (all, own) = (times.mean().as_secs_f64(), lag.mean().as_secs_f64());
            return Some(if own < all { rate * all / (all - own) } else { f64::INFINITY });
        }
        let saved = times.at(SHARE_JUDGED).saturating_sub(self.percentile(SHARE_JUDGED, times)).as_secs_f64();
        Some(rate * seconds / (seconds - saved).max(f64::MIN_POSITIVE))
    }
}
