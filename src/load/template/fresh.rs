//! Ids and phone numbers of calls beyond the archetypes: pure functions of seed, story and call number, that do not come
//! twice. What they replace is found in `compile`.

use super::times::write_number;
use crate::call::Area;
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
struct Taken(Box<[(u64, u64)]>);

impl Taken {
    /// `spare` gives values from the far end.
    fn new(mut values: Vec<u64>, mut spare: impl Iterator<Item = u64>) -> Self {
        values.sort_unstable();
        values.dedup();
        let free = |value: &u64| values.binary_search(value).is_err();
        let replaced: Vec<(u64, u64)> =
            values.iter().map(|value| (*value, spare.by_ref().find(free).unwrap_or(*value))).collect();
        Self(replaced.into())
    }

    #[inline]
    fn free(&self, value: u64) -> u64 {
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
    /// The numbers from `lowest` on, `count` of them. `families` are the lowest numbers of those that the archetypes have.
    pub(super) fn new(
        ((lowest, count), is_timed): ((u64, u64), bool),
        width: u64,
        per_round: u64,
        families: &[u64],
        draw: &mut Stream,
    ) -> Self {
        let shuffle = Shuffle::within((count / width.max(1)).max(1), draw);
        // A family of the archetypes may reach into two of the new ones.
        let windows = families.iter().flat_map(|first| {
            let first = first.saturating_sub(lowest);
            [first / width, (first + width - 1) / width]
        });
        let taken = windows.filter(|window| *window <= shuffle.mask).collect();
        let spare = (0..=shuffle.mask).rev().map(|number| shuffle.of(number));
        let taken = Taken::new(taken, spare);
        Self { lowest, width, shuffle, per_round: per_round.max(1), taken, is_timed }
    }

    /// The lowest number of the `nth` family.
    #[inline]
    pub(super) fn nth(&self, nth: u64) -> u64 {
        self.lowest + self.taken.free(self.shuffle.of(nth)) * self.width
    }

    /// After how many rounds of archetypes numbers come again.
    pub(super) fn rounds(&self) -> u64 {
        (self.shuffle.mask + 1).saturating_sub(self.taken.0.len() as u64) / self.per_round
    }
}

/// How many numbers lie behind each prefix.
const PER_PREFIX: u64 = 10_000;
/// Spreads the numbers behind a prefix: it has no divisor in common with [`PER_PREFIX`].
const PHONE_STRIDE: u64 = 7919;

/// The mobile numbers of one area, for customers who live there.
#[derive(Debug, Clone)]
pub(super) struct Phones {
    area: &'static Area,
    add: u64,
    /// How many archetypes live there.
    pub(super) per_round: u64,
    taken: Taken,
}

impl Phones {
    /// The numbers of an area, without those that somebody has.
    pub(super) fn new<'a>(
        area: &'static Area,
        per_round: u64,
        people: impl Iterator<Item = &'a str>,
        draw: &mut Stream,
    ) -> Self {
        let mut phones =
            Self { area, add: draw.below(PER_PREFIX), per_round: per_round.max(1), taken: Taken::default() };
        let taken = people.filter_map(|phone| phones.place(phone)).collect();
        let all = phones.clone();
        phones.taken = Taken::new(taken, (0..all.count()).rev().map(|nth| all.shuffled(nth)));
        phones
    }

    fn count(&self) -> u64 {
        self.area.mobile_prefixes.len() as u64 * PER_PREFIX
    }

    /// A number as its place among all of the area.
    fn place(&self, phone: &str) -> Option<u64> {
        let (prefix, last) = phone.split_at_checked(phone.len().checked_sub(4)?)?;
        let prefix = self.area.mobile_prefixes.iter().position(|known| *known == prefix)?;
        Some(prefix as u64 * PER_PREFIX + last.parse::<u64>().ok()?)
    }

    #[inline]
    fn shuffled(&self, nth: u64) -> u64 {
        let nth = nth % self.count().max(1);
        let prefixes = self.area.mobile_prefixes.len().max(1) as u64;
        nth % prefixes * PER_PREFIX + (nth / prefixes * PHONE_STRIDE + self.add) % PER_PREFIX
    }

    /// Writes the `nth` number over the place that it takes.
    #[inline]
    pub(super) fn write(&self, nth: u64, place: &mut [u8]) {
        let number = self.taken.free(self.shuffled(nth));
        let prefix = self.area.mobile_prefixes.get((number / PER_PREFIX) as usize).copied().unwrap_or_default();
        if let Some((front, last)) = place.split_at_mut_checked(prefix.len()) {
            front.copy_from_slice(prefix.as_bytes());
            write_number(number % PER_PREFIX, last);
        }
    }

    /// After how many rounds of archetypes numbers come again.
    pub(super) fn rounds(&self) -> u64 {
        self.count().saturating_sub(self.taken.0.len() as u64) / self.per_round
    }
}

/// Mixes a number so that no two become one (the last step of SplitMix64).
#[inline]
pub(super) fn mix(number: u64) -> u64 {
    let x = (number ^ (number >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    x ^ (x >> 31)
}

/// The odd number that SplitMix64 counts by.
const GOLDEN: u64 = 0x9e37_79b9_7f4a_7c15;

/// Writes the hexadecimal id of a call over the place that it takes: two calls differ in the first 16 digits, but for the
/// digits that a UUID of version 4 keeps.
#[inline]
pub(super) fn write_hex(salt: u64, call: u64, digits: &[u8; 16], place: &mut [u8]) {
    let mut word = mix(salt.wrapping_add(call.wrapping_mul(GOLDEN)));
    for chunk in place.chunks_mut(16) {
        let mut rest = word;
        for byte in chunk {
            *byte = digits[(rest & 15) as usize];
            rest >>= 4;
        }
        word = mix(word.wrapping_add(GOLDEN));
    }
}

/// Writes a UUID of version 4 over the place that it takes.
#[inline]
pub(super) fn write_uuid(salt: u64, call: u64, place: &mut [u8]) {
    let mut plain = [0; 32];
    write_hex(salt, call, SMALL, &mut plain);
    mark_version(&mut plain);
    if let Some(place) = place.first_chunk_mut::<36>() {
        place[..8].copy_from_slice(&plain[..8]);
        place[9..13].copy_from_slice(&plain[8..12]);
        place[14..18].copy_from_slice(&plain[12..16]);
        place[19..23].copy_from_slice(&plain[16..20]);
        place[24..36].copy_from_slice(&plain[20..]);
    }
}

/// Hexadecimal digits in small letters.
pub(super) const SMALL: &[u8; 16] = b"0123456789abcdef";
/// Hexadecimal digits in capitals.
pub(super) const CAPITALS: &[u8; 16] = b"0123456789ABCDEF";

/// Whether 32 hexadecimal digits are a UUID of version 4 without its dashes.
pub(super) fn is_version_4(plain: &[u8]) -> bool {
    plain.len() == 32 && plain[12] == b'4' && matches!(plain[16], b'8' | b'9' | b'a' | b'b')
}

/// Makes 32 hexadecimal digits a UUID of version 4.
#[inline]
pub(super) fn mark_version(plain: &mut [u8]) {
    if plain.len() == 32 {
        plain[12] = b'4';
        plain[16] = b"89ab"[usize::from(plain[16] & 3)];
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::call::AREAS;
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
        let numbers = Numbers::new(((100_000, 100_000), false), 10, 2, &families, &mut draw());
        let mut all = BTreeSet::new();
        for nth in 0..numbers.rounds() * 2 {
            let first = numbers.nth(nth);
            assert!((100_000..=199_990).contains(&first), "{first}");
            assert!(families.iter().all(|family| first.abs_diff(*family) >= 10), "{first}");
            assert!(all.insert(first), "{nth}");
        }
        assert!(all.len() > 8_000);
    }

    #[test]
    fn phones_are_of_their_area_and_nobody_else_s() {
        for area in AREAS {
            let given = format!("{}0042", area.mobile_prefixes[0]);
            let phones = Phones::new(area, 1, [given.as_str(), "01012345678", ""].into_iter(), &mut draw());
            let mut all = BTreeSet::from([given]);
            for nth in 0..phones.rounds() {
                let mut place = [b'x'; 11];
                phones.write(nth, &mut place);
                let phone = String::from_utf8(place.to_vec()).expect("digits");
                if nth % 997 == 0 {
                    assert_eq!(Area::of_number(&phone), Some(area), "{phone}");
                }
                assert!(all.insert(phone));
            }
            assert_eq!(all.len() as u64, phones.count());
        }
    }

    #[test]
    fn a_hexadecimal_id_has_its_shape() {
        let mut place = [b'x'; 36];
        write_uuid(7, 3, &mut place);
        let text = std::str::from_utf8(&place).expect("text");
        let id: uuid::Uuid = text.parse().expect("a UUID");
        assert_eq!((id.get_version_num(), id.get_variant()), (4, uuid::Variant::RFC4122));
        let all: BTreeSet<[u8; 18]> = (0..100_000)
            .map(|call| {
                let mut place = [0; 18];
                write_hex(7, call, SMALL, &mut place);
                place
            })
            .collect();
        assert_eq!(all.len(), 100_000);
    }
}
