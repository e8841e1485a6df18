//! What a buggy receiver remembers, within bounds: what is oldest is forgotten first.

use std::collections::{HashMap, VecDeque};
use std::hash::{DefaultHasher, Hash, Hasher};

/// How many pushes are remembered.
pub const PUSHES_MAX: usize = 10_000;
/// How many calls are remembered.
pub const CALLS_MAX: usize = 1_000;
/// How many fields of one kind of push, or of one call, are remembered.
pub const FIELDS_MAX: usize = 500;

/// What a receiver has seen so far.
#[derive(Debug)]
pub(crate) struct Memory {
    /// The fingerprints of pushes.
    pub(super) pushes: Remembered<u64, ()>,
    /// How many pushes were counted.
    pub(super) counted: u64,
    /// How many of them were new.
    pub(super) distinct: u64,
    /// What is known of a call, by vendor and call.
    pub(super) calls: Remembered<String, Call>,
    /// What is known of a kind of push: the fields with their types.
    pub(super) kinds: Remembered<String, HashMap<String, &'static str>>,
    /// Whether an empty record lies in the table.
    pub(super) is_poisoned: bool,
}

/// What is known of a call.
#[derive(Debug, Default)]
pub(super) struct Call {
    /// The time that the last push told.
    pub(super) at: Option<String>,
    /// Whether its end was told.
    pub(super) has_ended: bool,
    /// The fields that have always had a value.
    pub(super) valued: Option<Vec<String>>,
}

impl Default for Memory {
    fn default() -> Self {
        Self {
            pushes: Remembered::new(PUSHES_MAX),
            counted: 0,
            distinct: 0,
            calls: Remembered::new(CALLS_MAX),
            kinds: Remembered::new(CALLS_MAX),
            is_poisoned: false,
        }
    }
}

/// A map that forgets its oldest entry where it would grow too large.
#[derive(Debug)]
pub(super) struct Remembered<K, V> {
    entries: HashMap<K, V>,
    order: VecDeque<K>,
    max: usize,
}

impl<K: Hash + Eq + Clone, V: Default> Remembered<K, V> {
    fn new(max: usize) -> Self {
        Self { entries: HashMap::new(), order: VecDeque::new(), max }
    }

    /// Whether it is known.
    pub(super) fn contains(&self, key: &K) -> bool {
        self.entries.contains_key(key)
    }

    /// What is known of it, entered where it is new.
    pub(super) fn of(&mut self, key: K) -> &mut V {
        if !self.entries.contains_key(&key) {
            if self.order.len() >= self.max
                && let Some(oldest) = self.order.pop_front()
            {
                self.entries.remove(&oldest);
            }
            self.order.push_back(key.clone());
        }
        self.entries.entry(key).or_default()
    }
}

/// A number for what is the same when it is sent again.
pub(super) fn fingerprint(parts: &[&[u8]]) -> u64 {
    let mut hasher = DefaultHasher::new();
    parts.hash(&mut hasher);
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_is_forgotten_first() {
        let mut remembered: Remembered<u64, u64> = Remembered::new(3);
        for key in 0..5 {
            *remembered.of(key) = key;
        }
        assert_eq!((0..5).map(|key| remembered.contains(&key)).collect::<Vec<_>>(), [false, false, true, true, true]);
        assert_eq!((*remembered.of(4), remembered.entries.len(), remembered.order.len()), (4, 3, 3));
    }
}
