//! How often each caller asked within the last hour.

use jiff::Timestamp;
use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// How many callers are remembered; beyond it, the one that was silent longest is forgotten.
pub const CALLERS_MAX: usize = 10_000;
const HOUR: Duration = Duration::from_secs(3600);

/// The calls of the last hour, by caller.
#[derive(Debug, Default)]
pub(super) struct Quota(Mutex<HashMap<String, VecDeque<Timestamp>>>);

impl Quota {
    /// Counts a call; false where the caller has made `per_hour` within the last hour, and then it does not count.
    pub(super) fn allows(&self, caller: &str, per_hour: u64, now: Timestamp) -> bool {
        let mut callers = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if !callers.contains_key(caller) && callers.len() >= CALLERS_MAX {
            let silent =
                callers.iter().min_by_key(|(_, calls)| calls.back().copied()).map(|(caller, _)| caller.clone());
            silent.and_then(|caller| callers.remove(&caller));
        }
        let calls = callers.entry(caller.to_owned()).or_default();
        while calls.front().is_some_and(|then| now.duration_since(*then).unsigned_abs() >= HOUR) {
            calls.pop_front();
        }
        if calls.len() as u64 >= per_hour {
            return false;
        }
        calls.push_back(now);
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_hour_later_there_is_room_again() {
        let quota = Quota::default();
        let at = |seconds| Timestamp::from_second(seconds).unwrap_or_default();
        assert!(quota.allows("a", 2, at(0)) && quota.allows("a", 2, at(10)));
        assert!(!quota.allows("a", 2, at(3599)));
        assert!(quota.allows("b", 2, at(3599)));
        assert!(quota.allows("a", 2, at(3600)));
        assert!(!quota.allows("a", 2, at(3601)));
    }

    #[test]
    fn callers_do_not_fill_the_memory() {
        let quota = Quota::default();
        for caller in 0..CALLERS_MAX + 10 {
            assert!(quota.allows(&caller.to_string(), 1, Timestamp::UNIX_EPOCH));
        }
        assert_eq!(quota.0.lock().map(|callers| callers.len()).ok(), Some(CALLERS_MAX));
    }
}
