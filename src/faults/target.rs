//! Which pushes a fault hits: targeting and triggers, the same for every fault.

use crate::http::Glob;
use std::time::Duration;

/// Which pushes a fault is for.
#[derive(Debug, Clone, PartialEq)]
pub struct Only {
    /// `vendor:push`, with `*` and `?`.
    pub push: String,
    /// The number of the call in the run, from 1; every call where none is given.
    pub call: Option<u64>,
    /// The number of the target, from 1; every target where none is given.
    pub target: Option<u32>,
    glob: Glob,
}

impl Only {
    /// The pushes that the glob takes in, of this call, to this target.
    pub fn new(push: &str, call: Option<u64>, target: Option<u32>) -> Self {
        Self { push: push.to_owned(), call, target, glob: Glob::new(push) }
    }

    /// Whether a push of a call is taken in; the target is asked for apart.
    pub fn takes(&self, push: &str, call: u64) -> bool {
        self.call.is_none_or(|only| only == call) && self.glob.matches(push)
    }

    /// Whether a target is taken in.
    pub fn reaches(&self, target: u32) -> bool {
        self.target.is_none_or(|only| only == target)
    }
}

/// Which of the pushes that a fault is for it hits. Whatever is given must hold at once.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct When {
    /// Only the `nth` of them in its call, from 1.
    pub nth: Option<u32>,
    /// Every so many-eth of them in its call.
    pub every: Option<u32>,
    /// Those that leave within this scenario time, both ends included.
    pub between: Option<(Duration, Duration)>,
    /// This share of them, drawn from the seed for each push and each attempt.
    pub rate: Option<f64>,
    /// The first and the last attempt that are bent.
    pub attempts: Option<(u32, u32)>,
}

impl When {
    /// Whether match number `count` of its call is one. The same for every attempt.
    pub fn counts(&self, count: u32) -> bool {
        self.nth.is_none_or(|nth| nth == count) && self.every.is_none_or(|every| count.is_multiple_of(every.max(1)))
    }

    /// Whether a moment of the scenario is within.
    pub fn is_within(&self, offset: Duration) -> bool {
        self.between.is_none_or(|(from, to)| (from..=to).contains(&offset))
    }

    /// Whether it holds for every push and attempt.
    pub fn is_always(&self) -> bool {
        *self == Self::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_is_for_the_pushes_the_call_and_the_target_that_it_names() {
        for (push, call, target, expected) in [
            ("udesk:*", None, None, (true, true)),
            ("tinet:*", None, None, (false, true)),
            ("udesk:end", Some(2), None, (true, true)),
            ("udesk:end", Some(1), None, (false, true)),
            ("udesk:end", None, Some(3), (true, true)),
            ("udesk:end", None, Some(1), (true, false)),
        ] {
            let only = Only::new(push, call, target);
            assert_eq!((only.takes("udesk:end", 2), only.reaches(3)), expected, "{only:?}");
        }
    }
}
