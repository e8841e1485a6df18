//! Calls whose numbers begin behind those of others, so that no two workers of a master, and no two tests of one worker,
//! play the same call.

use crate::contract::{Contract, Known};
use crate::http::{Compression, Reply};
use crate::load::calls::{Calls, Policy, Step, Strikes, Way};
use crate::plan::Plan;
use crate::vendors::Acknowledgement;
use jiff::Timestamp;
use std::sync::Arc;
use url::Url;

/// How many numbers each worker has: more than a run can play. The first worker has those of `ringback load` alone.
const NUMBERS: u64 = 1 << 32;

/// Beyond the numbers of all workers: the calls that are tried first.
const TRIED: u64 = 1 << 48;

/// The last number before those of a worker, by its index from 0.
pub fn before(index: u64) -> u64 {
    // So many workers there are not; should there be, they only share numbers.
    index.wrapping_mul(NUMBERS)
}

/// The calls behind a number.
pub struct Numbered {
    pub(super) calls: Arc<dyn Calls>,
    pub(super) before: u64,
}

impl Numbered {
    fn number(&self, call: u64) -> u64 {
        let beyond = if call < NUMBERS { 0 } else { TRIED };
        self.before.wrapping_add(call % NUMBERS).wrapping_add(beyond)
    }
}

// A call that is asked for by the number of no call is the one that is tried first: it gets a number of its own, too.
impl Calls for Numbered {
    fn name(&self) -> &str {
        self.calls.name()
    }

    fn kinds(&self) -> &[String] {
        self.calls.kinds()
    }

    fn policies(&self) -> &[Policy] {
        self.calls.policies()
    }

    fn targets(&self) -> &[Url] {
        self.calls.targets()
    }

    fn contract(&self) -> Option<&Contract> {
        self.calls.contract()
    }

    fn known(&self, call: u64, start: Timestamp) -> Option<Known> {
        self.calls.known(self.number(call), start)
    }

    fn steps(&self, call: u64) -> usize {
        self.calls.steps(self.number(call))
    }

    fn step(&self, call: u64, step: usize) -> Step {
        self.calls.step(self.number(call), step)
    }

    fn render(
        &self,
        call: u64,
        step: usize,
        target: usize,
        attempt: u32,
        start: Timestamp,
        into: &mut Vec<u8>,
    ) -> Strikes {
        self.calls.render(self.number(call), step, target, attempt, start, into)
    }

    fn way(&self, call: u64, step: usize, target: usize, attempt: u32) -> Way {
        self.calls.way(self.number(call), step, target, attempt)
    }

    fn compression(&self, kind: usize) -> Compression {
        self.calls.compression(kind)
    }

    fn acknowledged(&self, kind: usize, reply: &Reply) -> Acknowledgement {
        self.calls.acknowledged(kind, reply)
    }

    fn plan(&self, call: u64, start: Timestamp) -> Option<Plan> {
        self.calls.plan(self.number(call), start)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::load::template::{Room, Story};
    use crate::plan::{Circumstances, Targets};

    fn numbered(index: u64, played: u64) -> Numbered {
        let scenario = crate::scenario::headline().expect("the built-in scenarios").remove(0);
        let circumstances = Circumstances {
            seed: 1,
            start: Timestamp::UNIX_EPOCH,
            call_number: 1,
            targets: Targets::Given(vec!["http://127.0.0.1:9/".parse().expect("an address")]),
            overrides: Vec::new(),
            allowed_hosts: Vec::new(),
        };
        let vendor = crate::vendors::find("udesk").expect("a vendor");
        let story = Story::new(&scenario, vendor, &circumstances, Room::shared_by(1));
        Numbered { calls: Arc::new(story.expect("a story")), before: before(index) + played }
    }

    #[test]
    fn no_two_workers_and_no_two_tests_play_the_same_call() {
        let mut sent = Vec::new();
        for (index, played) in [(0, 0), (0, 1), (1, 0), (1, 1), (1, 2), (60_000, 0)] {
            let numbered = numbered(index, played);
            // The first call, and the one that is tried: a number that no call has.
            for call in [1, u64::from(u32::MAX) + 1] {
                let mut request = Vec::new();
                numbered.render(call, 0, 0, 1, Timestamp::UNIX_EPOCH, &mut request);
                assert!(!request.is_empty() && numbered.plan(call, Timestamp::UNIX_EPOCH).is_some());
                sent.push(request);
            }
        }
        let count = sent.len();
        sent.sort();
        sent.dedup();
        assert_eq!(sent.len(), count);
    }

    #[test]
    fn the_first_worker_plays_what_is_played_without_a_master() {
        let (numbered, mut own, mut plain) = (numbered(0, 0), Vec::new(), Vec::new());
        numbered.render(5, 1, 0, 1, Timestamp::UNIX_EPOCH, &mut own);
        numbered.calls.render(5, 1, 0, 1, Timestamp::UNIX_EPOCH, &mut plain);
        assert_eq!(own, plain);
    }
}
