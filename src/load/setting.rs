//! What all workers of a run share and none changes: the stories with their endpoints, the limits, the beginning.

use super::calls::Calls;
use super::wheel::TICK_NS;
use super::{Arrival, Load, TARGETS_MAX};
use crate::clock;
use crate::delivery::Transport;
use crate::plan::Plan;
use jiff::Timestamp;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// What all workers share.
pub struct Setting {
    /// As it was asked for.
    pub load: Load,
    /// The stories, in the order of [`Load::stories`].
    pub stories: Vec<Story>,
    /// Their weights.
    pub weights: Vec<u32>,
    /// The names of all kinds of all stories, each once.
    pub kinds: Vec<String>,
    /// Every host and port that bytes go to, with where it is.
    pub endpoints: Vec<(String, Vec<SocketAddr>)>,
    /// The start of the run, in microseconds since 1970, in scenario time.
    pub start_us: i64,
    /// When the run began, by the steady clock.
    pub began: Instant,
    /// The same by the machine's clock.
    pub began_at: Timestamp,
    /// How long one point of the figures lasts.
    pub point_length: Duration,
}

/// A story, ready to be sent.
pub struct Story {
    /// Its calls.
    pub calls: Arc<dyn Calls>,
    /// Its kinds, by index in [`Setting::kinds`].
    pub kinds: Vec<usize>,
    /// Where the answers to its first kind are learnt; the others follow.
    pub known: usize,
    /// Each target's endpoint; none where its pushes go the careful way, because of TLS, HTTP/2 or a proxy.
    pub endpoints: Vec<Option<u32>>,
    /// How long each of its policies waits for an answer.
    pub timeouts: Vec<Duration>,
}

impl Setting {
    /// Of a load. `resolved` are the endpoints by name, with their addresses.
    pub fn new(load: &Load, resolved: Vec<(String, Vec<SocketAddr>)>, began: Instant, point_length: Duration) -> Self {
        let (mut kinds, mut stories, mut known) = (Vec::<String>::new(), Vec::new(), 0);
        for story in &load.stories {
            let calls = &story.calls;
            let index = |name: &String| match kinds.iter().position(|kind| kind == name) {
                Some(at) => at,
                None => {
                    kinds.push(name.clone());
                    kinds.len() - 1
                }
            };
            let own = calls.kinds().iter().map(index).collect::<Vec<_>>();
            let endpoint = |url: &url::Url| {
                let name = endpoint_name(url, &load.transport)?;
                resolved.iter().position(|(known, _)| *known == name).map(|at| at as u32)
            };
            stories.push(Story {
                calls: calls.clone(),
                known,
                endpoints: calls.targets().iter().take(TARGETS_MAX).map(endpoint).collect(),
                timeouts: calls.policies().iter().map(|policy| policy.timeout).collect(),
                kinds: own,
            });
            known += calls.kinds().len();
        }
        if let Arrival::Steered(steering) = &load.arrival {
            steering.begin(began);
        }
        // Each has room for a push and for a connection.
        let workers = load.workers.min(load.max_in_flight).min(load.connections).max(1);
        Self {
            stories,
            weights: load.stories.iter().map(|story| story.weight).collect(),
            kinds,
            endpoints: resolved,
            start_us: load.start.as_microsecond(),
            began,
            began_at: clock::now(),
            point_length,
            load: Load { workers, ..load.clone() },
        }
    }

    /// How many connections a worker may have to an endpoint.
    pub fn connections_of(&self, worker: usize) -> usize {
        share(self.load.connections, self.load.workers, worker)
    }

    /// How many pushes of a worker may be due and not settled.
    pub fn in_flight_of(&self, worker: usize) -> usize {
        share(self.load.max_in_flight, self.load.workers, worker)
    }

    /// When a call started, in scenario time.
    pub fn started(&self, start: u32) -> Timestamp {
        let since = i64::from(start) * (TICK_NS / 1000) as i64;
        Timestamp::from_microsecond(self.start_us.saturating_add(since)).unwrap_or(Timestamp::MAX)
    }

    /// How long calls start and go on, where that is known beforehand.
    pub fn lasting(&self) -> Option<Duration> {
        match &self.load.arrival {
            Arrival::Steered(_) => None,
            arrival => Some(arrival.lasting().saturating_add(self.load.linger?)),
        }
    }

    /// How long a span of scenario time really takes.
    pub fn real_ns(&self, scenario: Duration) -> u64 {
        let nanoseconds = scenario.as_nanos();
        if self.load.pace == 1.0 {
            return u64::try_from(nanoseconds).unwrap_or(u64::MAX);
        }
        // The cast saturates.
        (nanoseconds as f64 / self.load.pace) as u64
    }

    /// The full plan of a call.
    pub fn plan(&self, story: usize, call: u32, start: u32) -> Option<Plan> {
        self.stories.get(story)?.calls.plan(u64::from(call), self.started(start))
    }
}

/// The share of one worker, from 0, in what all may have together: the first ones have one more each, where it does not come
/// out even.
pub fn share(all: usize, workers: usize, worker: usize) -> usize {
    let workers = workers.max(1);
    all / workers + usize::from(worker < all % workers)
}

/// The host and port of an address that bytes can go to as they are; none where TLS, HTTP/2 or a proxy lies in between.
pub fn endpoint_name(url: &url::Url, transport: &Transport) -> Option<String> {
    let name = || Some(format!("{}:{}", url.host_str()?, url.port_or_known_default()?));
    transport.is_bare(url).then(name).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_come_to_the_whole_and_none_is_more_than_one_larger() {
        for (all, workers) in [(1, 1), (5, 2), (10_000, 7), (64, 64), (65, 64), (3, 3)] {
            let shares: Vec<usize> = (0..workers).map(|worker| share(all, workers, worker)).collect();
            assert_eq!(shares.iter().sum::<usize>(), all, "{all} among {workers}");
            assert!(shares.iter().all(|share| [all / workers, all / workers + 1].contains(share)), "{shares:?}");
            assert!(shares.is_sorted_by(|one, other| one >= other), "{shares:?}");
        }
    }
}
