//! Which pushes wait for which: by default the next push of a call leaves once the one before it is settled, as in a run.

use super::queue::Due;
use std::collections::hash_map::Entry;
use std::collections::{HashMap, VecDeque};

/// For each call and target with a push that is due and not settled, those behind it.
#[derive(Debug, Default)]
pub struct Chains {
    all: HashMap<(u32, usize), Chain>,
    waiting: usize,
}

#[derive(Debug)]
struct Chain {
    /// The place in its call of the push that is under way.
    step: usize,
    behind: VecDeque<Due>,
}

impl Chains {
    /// Whether a push can leave; else it waits for the one that is under way.
    pub fn is_next(&mut self, due: Due) -> bool {
        match self.all.entry((due.call, due.what.target())) {
            Entry::Vacant(place) => {
                place.insert(Chain { step: due.what.step(), behind: VecDeque::new() });
                true
            }
            Entry::Occupied(mut chain) => {
                chain.get_mut().behind.push_back(due);
                self.waiting += 1;
                false
            }
        }
    }

    /// A push is settled; the one that can leave now is returned.
    pub fn settled(&mut self, due: &Due, now_ns: u64) -> Option<Due> {
        let Entry::Occupied(mut place) = self.all.entry((due.call, due.what.target())) else { return None };
        if place.get().step != due.what.step() {
            return None;
        }
        let Some(next) = place.get_mut().behind.pop_front() else {
            place.remove();
            return None;
        };
        self.waiting -= 1;
        place.get_mut().step = next.what.step();
        let behind_us = now_ns.saturating_sub(next.at_ns) / 1000;
        Some(Due { behind_us: u32::try_from(behind_us).unwrap_or(u32::MAX), ..next })
    }

    /// How many wait.
    pub fn waiting(&self) -> usize {
        self.waiting
    }

    /// Takes out all that wait, in the order of their calls.
    pub fn drain(&mut self) -> impl Iterator<Item = Due> {
        self.waiting = 0;
        let mut all: Vec<_> = self.all.drain().collect();
        all.sort_unstable_by_key(|(key, _)| *key);
        all.into_iter().flat_map(|(_, chain)| chain.behind)
    }
}
