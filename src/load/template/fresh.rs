//! Numbers of calls beyond the archetypes: shuffled, so that none comes twice, and none that is taken. What they replace is
//! found in `own`; phones and words stand in files of their own.

use super::own::Kind;
use crate::random::Stream;

/// A shuffle of the numbers below a power of two: every number comes out once.
#[derive(Debug, Clone, Copy)]
pub(super) struct Shuffle {
    mask: u64,
    factors: [u64; 2],
    add: u64,
    shift: u32,
}

impl Shuffle {
    /// A shuffle of the largest power of two that is at most `count`, which is not 0.
    pub(super) fn within(count: u64, draw: &mut Stream) -> Self {
        let bits = count.max(1).ilog2();
        Self {
            mask: (1 << bits) - 1,
            // Odd factors, so that no two numbers meet.
            factors: [draw.word() | 1, draw.word() | 1],
            add: draw.word(),
            shift: (bits / 2).max(1),
        }
    }

    /// Where a number goes; numbers beyond the last begin again.
    #[inline]
    pub(super) fn of(&self, number: u64) -> u64 {
        let mut x = number.wrapping_add(self.add).wrapping_mul(self.factors[0]) & self.mask;
        x ^= x >> self.shift;
        x = x.wrapping_mul(self.factors[1]) & self.mask;
        x ^ (x >> self.shift)
    }
}

/// Values that are spoken for, each with one that takes its place. In order.
#[derive(Debug, Clone, Default)]
pub(super) struct Taken(Box<[(u64, u64)]>);

impl Taken {
    /// `spare` gives values, each once, from the far end.
    pub(super) fn new(mut values: Vec<u64>, mut spare: impl Iterator<Item = u64>) -> Self {
        values.sort_unstable();
        values.dedup();
        let free = |value: &u64| values.binary_search(value).is_err();
        let replaced: Vec<(u64, u64)> =
            values.iter().map(|value| (*value, spare.by_ref().find(free).unwrap_or(*value))).collect();
        Self(replaced.into())
    }

    /// How many values at the far end are used up at most: those that take a place, and taken ones between them.
    pub(super) fn spent(&self) -> u64 {
        2 * self.0.len() as u64
    }

    /// The value, or the one that takes its place.
    #[inline]
    pub(super) fn free(&self, value: u64) -> u64 {
        match self.0.binary_search_by_key(&value, |(taken, _)| *taken) {
            Ok(place) => self.0[place].1,
            Err(_) => value,
        }
    }
}

/// Numbers of one kind, such as the ten-digit `conversation_id` that begins with 1: families of numbers that lie close
/// together in one call stay together in any other.
#[derive(Debug, Clone)]
pub(super) struct Numbers {
    lowest: u64,
    /// How far apart families are.
    width: u64,
    shuffle: Shuffle,
    /// How many families one round of archetypes has.
    pub(super) per_round: u64,
    taken: Taken,
    /// Whether the time stands beside them, so that they tell only calls of one moment apart.
    pub(super) is_timed: bool,
}

impl Numbers {
    /// The numbers of a kind. `families` are the lowest numbers of those that the archetypes have.
    pub(super) fn new(kind: &Kind, width: u64, families: &[u64], draw: &mut Stream) -> Self {
        let (lowest, count) = kind.range;
        let shuffle = Shuffle::within((count / width.max(1)).max(1), draw);
        // A family of the archetypes may reach into two of the new ones.
        let windows = families.iter().flat_map(|first| {
            let first = first.saturating_sub(lowest);
            [first / width, first.div_ceil(width)]
        });
        let taken = windows.filter(|window| *window <= shuffle.mask).collect();
        let spare = (0..=shuffle.mask).rev().map(|number| shuffle.of(number));
        let taken = Taken::new(taken, spare);
        Self { lowest, width, shuffle, per_round: (families.len() as u64).max(1), taken, is_timed: kind.is_timed }
    }

    /// The lowest number of the `nth` family.
    #[inline]
    pub(super) fn nth(&self, nth: u64) -> u64 {
        self.lowest + self.taken.free(self.shuffle.of(nth)) * self.width
    }

    /// After how many rounds of archetypes numbers come again.
    pub(super) fn rounds(&self) -> u64 {
        (self.shuffle.mask + 1).saturating_sub(self.taken.spent()) / self.per_round
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::Keyed;
    use std::collections::BTreeSet;

    fn draw() -> Stream {
        Keyed::new(1, "fresh", 1).stream("test")
    }

    #[test]
    fn a_shuffle_brings_every_number_once() {
        for count in [1, 2, 3, 64, 1000, 65_536] {
            let shuffle = Shuffle::within(count, &mut draw());
            let all: BTreeSet<u64> = (0..=shuffle.mask).map(|number| shuffle.of(number)).collect();
            assert_eq!((all.len() as u64, all.last().copied()), (shuffle.mask + 1, Some(shuffle.mask)), "{count}");
        }
    }

    #[test]
    fn families_of_numbers_never_touch_each_other_or_those_of_the_archetypes() {
        let families = [100_000, 100_013, 137_000, 165_541, 199_990];
        let kind = Kind { label: Vec::new(), range: (100_000, 100_000), is_timed: false };
        let numbers = Numbers::new(&kind, 10, &families, &mut draw());
        let mut all = BTreeSet::new();
        for nth in 0..numbers.rounds() * 5 {
            let first = numbers.nth(nth);
            assert!((100_000..=199_990).contains(&first), "{first}");
            assert!(families.iter().all(|family| first.abs_diff(*family) >= 10), "{first}");
            assert!(all.insert(first), "{nth}");
        }
        assert!(all.len() > 8_000);
    }
}
