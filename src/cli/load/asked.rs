//! What was asked for, as the summary tells it and as a command that plays it again.

use super::stories::{Played, vendor_ids};
use super::{Play, start_text};
use crate::contract::Threshold;
use crate::http::shown;
use crate::load::summary::{ArrivalAsked, LoadAsked, StageAsked, ThresholdAsked};
use crate::load::{Arrival, Shard, Stage};
use crate::shell;
use jiff::Timestamp;
use std::time::Duration;

/// What is settled once the arguments are read.
pub(super) struct Settled {
    pub pace: f64,
    pub seed: u64,
    pub start: Timestamp,
    pub workers: usize,
    pub sample: u64,
}

/// As the summary tells it.
pub(super) fn asked(
    play: &Play,
    played: &Played,
    arrival: &Arrival,
    settled: Settled,
    thresholds: &[Threshold],
) -> LoadAsked {
    let Settled { pace, seed, start, workers, sample } = settled;
    let us = |duration: Duration| duration.as_micros() as u64;
    // A master says it only while the load goes on.
    let lasting = if play.is_steered() { Duration::ZERO } else { arrival.lasting() };
    let (way, stages, closed): (_, &[Stage], _) = match arrival {
        Arrival::Even(stages) => (ArrivalAsked::Even, stages, None),
        Arrival::Poisson(stages) => (ArrivalAsked::Poisson, stages, None),
        Arrival::Closed { calls, .. } => (ArrivalAsked::Closed, &[], Some(*calls as u64)),
        // No command line asks for it.
        Arrival::Steered(_) => (ArrivalAsked::Even, &[], None),
    };
    LoadAsked {
        stories: played.asked(),
        targets: played.targets().iter().map(shown).collect(),
        arrival: way,
        stages: stages.iter().filter(|_| !play.is_steered()).map(StageAsked::from).collect(),
        closed,
        lasting_us: us(lasting),
        starting_us: us(starting(play.pattern.max_calls, arrival, seed).min(lasting)),
        max_calls: play.pattern.max_calls,
        pace,
        start: start_text(start),
        seed,
        max_in_flight: play.max_in_flight as u64,
        connections: play.connections as u64,
        workers: workers as u64,
        sample,
        has_faults: played.has_faults(),
        timeout_us: us(played.shortest_timeout()),
        not_judged: played.not_judged(),
        faults: played.faults(),
        strict: play.judged.strict,
        thresholds: thresholds
            .iter()
            .map(|one| ThresholdAsked { text: one.text.clone(), place: one.place.clone() })
            .collect(),
    }
}

/// For how long calls start: until the plan of arrival is over, or all calls that there may be have started.
fn starting(max_calls: Option<u64>, arrival: &Arrival, seed: u64) -> Duration {
    let lasting = arrival.lasting();
    let Some(most) = max_calls.and_then(|most| usize::try_from(most).ok()) else { return lasting };
    match arrival {
        // The start of the call that would be the next.
        Arrival::Even(_) | Arrival::Poisson(_) => arrival.starts(seed).nth(most).map_or(lasting, |(_, at)| at),
        Arrival::Closed { .. } | Arrival::Steered(_) => lasting,
    }
}

/// The arguments that say how one machine sends and judges, and so may differ between the shards of a run. Whatever else is
/// given says which calls there are.
const OF_ONE_MACHINE: [&str; 19] = [
    "addresses",
    "cacert",
    "cert",
    "connections",
    "for_cap",
    "http2",
    "insecure",
    "key",
    "lag_limit",
    "linger",
    "locust_master",
    "locust_patience",
    "max_in_flight",
    "proxy",
    "rate_cap",
    "resolve",
    "strict",
    "threshold",
    "workers",
];

/// The part of the command that says which calls there are: the same for all shards of a run.
pub(super) fn core(play: &Play, seed: u64, start: Timestamp) -> String {
    let mut words: Vec<String> = ["ringback", "load"].map(str::to_owned).to_vec();
    words.extend(play.stories.scenarios.iter().cloned());
    let mut flag = |name: &str, value: String| words.extend([name.to_owned(), value]);
    vendor_ids(&play.stories.vendor).for_each(|id| flag("--vendor", id.to_owned()));
    flag("--seed", seed.to_string());
    flag("--at", start_text(start));
    words.extend(play.stories.typed.words(|id| !OF_ONE_MACHINE.contains(&id)));
    shell::words(&words)
}

/// The whole command that plays it again on this machine. What makes it a shard stands last: a merge leaves it out.
pub(super) fn replay(play: &Play, core: &str, shard: Shard) -> String {
    let mut words = play.stories.typed.words(|id| OF_ONE_MACHINE.contains(&id));
    let mut flag = |name: &str, value: String| words.extend([name.to_owned(), value]);
    if shard.of > 1 {
        flag("--shard", format!("{}/{}", shard.number, shard.of));
        if let Some(out) = &play.sharding.out {
            flag("--out", out.display().to_string());
        }
    }
    let before = play.stories.typed.assignments();
    if words.is_empty() { before + core } else { format!("{before}{core} {}", shell::words(&words)) }
}
