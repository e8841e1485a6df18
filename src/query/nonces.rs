//! The nonces of signed requests, remembered for as long as a request with the same one could be taken again.

use jiff::Timestamp;
use ring::digest::{SHA256, digest};
use std::collections::{HashSet, VecDeque};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// How long a nonce is remembered: a date may be wrong by a quarter of an hour, to either side.
pub const NONCE_LIFE: Duration = Duration::from_secs(30 * 60);
/// How many nonces are remembered at most; beyond it, requests are throttled until the oldest may be forgotten.
pub const NONCES_MAX: usize = 1_000_000;

/// What becomes of a nonce.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Nonce {
    /// It was not used before.
    Fresh,
    /// It was.
    Used,
    /// There is no room to remember it.
    NoRoom,
}

/// Half a SHA-256, so that the memory does not grow with what clients send.
type Print = [u8; 16];

/// The memory of nonces.
#[derive(Debug, Default)]
pub(super) struct Nonces(Mutex<Memory>);

#[derive(Debug, Default)]
struct Memory {
    known: HashSet<Print>,
    by_age: VecDeque<(Timestamp, Print)>,
}

impl Nonces {
    /// Takes note of a nonce that a key was used with.
    pub(super) fn take(&self, key_id: &str, nonce: &str, now: Timestamp) -> Nonce {
        let mut memory = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let Memory { known, by_age } = &mut *memory;
        while let Some((then, old)) = by_age.front()
            && now.duration_since(*then).unsigned_abs() > NONCE_LIFE
        {
            known.remove(old);
            by_age.pop_front();
        }
        let mut print = Print::default();
        let whole = digest(&SHA256, format!("{}:{key_id}{nonce}", key_id.len()).as_bytes());
        print.copy_from_slice(&whole.as_ref()[..16]);
        if known.contains(&print) {
            return Nonce::Used;
        }
        if known.len() >= NONCES_MAX {
            return Nonce::NoRoom;
        }
        known.insert(print);
        by_age.push_back((now, print));
        Nonce::Fresh
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_nonce_is_used_once_by_each_key_and_forgotten_in_time() {
        let nonces = Nonces::default();
        let at = |seconds| Timestamp::from_second(seconds).unwrap_or_default();
        assert_eq!(nonces.take("ann", "n1", at(0)), Nonce::Fresh);
        assert_eq!(nonces.take("ann", "n1", at(1800)), Nonce::Used);
        assert_eq!(nonces.take("bob", "n1", at(1800)), Nonce::Fresh);
        assert_eq!(nonces.take("annn", "1", at(1800)), Nonce::Fresh);
        assert_eq!(nonces.take("ann", "n1", at(1801)), Nonce::Fresh);
    }
}
