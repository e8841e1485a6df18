//! Calls whose numbers begin behind those of others, so that no two workers of a master, and no two tests of one worker,
//! play the same call.

use crate::http::Reply;
use crate::load::calls::{Calls, Policy, Step};
use crate::plan::Plan;
use crate::scenario::Order;
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

    fn order(&self) -> Order {
        self.calls.order()
    }

    fn steps(&self, call: u64) -> usize {
        self.calls.steps(self.number(call))
    }

    fn step(&self, call: u64, step: usize) -> Step {
        self.calls.step(self.number(call), step)
    }

    fn render(&self, call: u64, step: usize, target: usize, start: Timestamp, into: &mut Vec<u8>) {
        self.calls.render(self.number(call), step, target, start, into);
    }

    fn acknowledged(&self, kind: usize, reply: &Reply) -> Acknowledgement {
        self.calls.acknowledged(kind, reply)
    }

    fn plan(&self, call: u64, start: Timestamp) -> Option<Plan> {
        self.calls.plan(self.number(call), start)
    }
}
