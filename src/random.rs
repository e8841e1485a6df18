//! Every draw of chance, from streams that are keyed by what they are for; nothing here depends on the order of draws elsewhere.

use rand::rngs::SysRng;
use rand::{Rng, SeedableRng, TryRng};
use rand_chacha::ChaCha8Rng;
use std::ops::RangeInclusive;
use std::time::Duration;

/// A seed that nobody chose: the one place that reads the machine's entropy.
///
/// It stays below 10^9, so that a person can retype it.
pub fn fresh_seed() -> u64 {
    let word = SysRng
        .try_next_u64()
        .unwrap_or_else(|_| u64::from(std::process::id()) ^ crate::clock::now().as_millisecond().unsigned_abs());
    word % 1_000_000_000
}

/// The key of everything that one call draws: the run's seed, the scenario's name and the number of the call.
///
/// A stream is opened by its purpose, so adding a draw for one purpose changes no other draw.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Keyed {
    seed: u64,
    scenario: u64,
    call: u64,
    /// The three as one.
    mixed: u64,
}

impl Keyed {
    /// The key of call number `call` of the scenario called `scenario`.
    pub fn new(seed: u64, scenario: &str, call: u64) -> Self {
        Self::of(seed, fnv1a(scenario.as_bytes()), call)
    }

    #[inline]
    fn of(seed: u64, scenario: u64, call: u64) -> Self {
        Self { seed, scenario, call, mixed: [seed, scenario, call].into_iter().fold(0, mix_in) }
    }

    /// The key of what belongs to the centre and is the same in all its calls: agents, queues, numbers, accounts.
    pub fn centre(&self) -> Self {
        Self::of(self.seed, 0, 0)
    }

    /// The stream for one purpose, such as `customer.phone`.
    pub fn stream(&self, purpose: &str) -> Stream {
        self.nth(purpose, 0)
    }

    /// The `n`th stream of a purpose that comes several times, such as the wait of script step `n`.
    pub fn nth(&self, purpose: &str, n: u64) -> Stream {
        self.open(fnv1a(purpose.as_bytes()), n)
    }

    /// The same of a purpose that is known before.
    #[inline]
    pub fn nth_of(&self, purpose: Purpose, n: u64) -> Stream {
        self.open(purpose.key, n)
    }

    #[inline]
    fn open(&self, purpose: u64, n: u64) -> Stream {
        if self.call > FIRST_CALL {
            // Under load a call has a microsecond: no generator for ciphers is set up for it.
            return Stream(Source::Fast(mix_in(mix_in(self.mixed, purpose), n)));
        }
        let mut key = [0; 32];
        for (bytes, word) in key.chunks_exact_mut(8).zip([self.seed, self.scenario, self.call, purpose]) {
            bytes.copy_from_slice(&word.to_le_bytes());
        }
        let mut generator = ChaCha8Rng::from_seed(key);
        generator.set_stream(n);
        Stream(Source::Slow(Box::new(generator)))
    }

    /// The number of the call.
    pub fn call(&self) -> u64 {
        self.call
    }

    /// The key of another call of the same scenario.
    pub fn of_call(&self, call: u64) -> Self {
        Self::of(self.seed, self.scenario, call)
    }

    /// Numbers for the calls of this scenario, one for each, below `count`. `first` draws the first call's.
    pub fn unique(&self, purpose: &str, n: u64, count: u64, first: impl FnOnce(&mut Stream) -> u64) -> Unique {
        let first = first(&mut self.of_call(self.call.min(FIRST_CALL)).nth(purpose, n)) % count.max(1);
        let mut key = mix(self.seed ^ mix(self.scenario ^ mix(fnv1a(purpose.as_bytes()) ^ n)));
        let mut word = || {
            key = key.wrapping_add(GOLDEN);
            mix(key)
        };
        let bits = u64::BITS - count.saturating_sub(1).leading_zeros();
        let mask = if bits == u64::BITS { u64::MAX } else { (1 << bits) - 1 };
        let factors = [word() | 1, word() | 1];
        let unique = Unique { first, begin: 0, count, mask, factors, add: word(), shift: (bits / 2).max(1) };
        Unique { begin: if count == 0 { 0 } else { unique.place(0) }, ..unique }
    }
}

/// What something is drawn for, ready to be used again and again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Purpose {
    /// Its name, such as `udesk.call_id`.
    pub name: &'static str,
    key: u64,
}

impl Purpose {
    /// That of this name.
    pub const fn of(name: &'static str) -> Self {
        Self { name, key: fnv1a(name.as_bytes()) }
    }
}

/// The number of the first call; centres have none.
const FIRST_CALL: u64 = 1;
/// The odd number that SplitMix64 counts by.
const GOLDEN: u64 = 0x9e37_79b9_7f4a_7c15;

/// Mixes a number so that no two become one (the last step of SplitMix64).
#[inline]
fn mix(number: u64) -> u64 {
    let x = (number ^ (number >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    x ^ (x >> 31)
}

/// Mixes a word into those before it.
#[inline]
fn mix_in(state: u64, word: u64) -> u64 {
    mix(state ^ word) ^ word
}

/// One number for each call, below a bound: none comes twice before all have come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unique {
    first: u64,
    /// Where the first call lies in the shuffle.
    begin: u64,
    count: u64,
    mask: u64,
    factors: [u64; 2],
    add: u64,
    shift: u32,
}

impl Unique {
    /// The number of a call, from 1; the first one's is drawn.
    #[inline]
    pub fn of_call(&self, call: u64) -> u64 {
        if self.count == 0 {
            return 0;
        }
        let nth = call.saturating_sub(FIRST_CALL);
        let ahead = self.place(if nth < self.count { nth } else { nth % self.count });
        // All lie below the count.
        let ahead = if ahead >= self.begin { ahead - self.begin } else { self.count - (self.begin - ahead) };
        let room = self.count - self.first;
        if ahead < room { self.first + ahead } else { ahead - room }
    }

    /// After how many calls numbers come again.
    pub fn calls_until_repeat(&self) -> u64 {
        self.count
    }

    /// Where a number below the count goes in a shuffle of all of them.
    #[inline]
    fn place(&self, number: u64) -> u64 {
        let mut x = number;
        loop {
            x = x.wrapping_add(self.add).wrapping_mul(self.factors[0]) & self.mask;
            x ^= x >> self.shift;
            x = x.wrapping_mul(self.factors[1]) & self.mask;
            x ^= x >> self.shift;
            // The shuffle is one of a power of two, at most twice the count: what lies beyond is shuffled on.
            if x < self.count {
                return x;
            }
        }
    }
}

/// A stream of draws whose values are the same in every version of every library.
///
/// The range helpers are our own, because the distributions of `rand` may change between versions.
#[derive(Debug, Clone)]
pub struct Stream(Source);

#[derive(Debug, Clone)]
enum Source {
    Slow(Box<ChaCha8Rng>),
    Fast(u64),
}

impl Stream {
    /// 64 random bits.
    #[inline]
    pub fn word(&mut self) -> u64 {
        match &mut self.0 {
            Source::Slow(generator) => generator.next_u64(),
            Source::Fast(state) => {
                *state = state.wrapping_add(GOLDEN);
                mix(*state)
            }
        }
    }

    /// A number from 0 up to, but not including, `bound`; 0 where `bound` is 0.
    #[inline]
    pub fn below(&mut self, bound: u64) -> u64 {
        // Multiply-shift: the bias is below bound / 2^64, far under anything a scenario can show.
        ((u128::from(self.word()) * u128::from(bound)) >> 64) as u64
    }

    /// A number within the range, both ends included.
    pub fn within(&mut self, range: RangeInclusive<u64>) -> u64 {
        let (low, high) = range.into_inner();
        low + self.below(high.saturating_sub(low).saturating_add(1))
    }

    /// One of the choices.
    ///
    /// # Panics
    /// When there is no choice: the lists are constants of this program.
    pub fn pick<'a, T>(&mut self, choices: &'a [T]) -> &'a T {
        assert!(!choices.is_empty(), "a draw needs something to draw from");
        &choices[self.below(choices.len() as u64) as usize]
    }

    /// A fraction from 0 up to, but not including, 1.
    pub fn fraction(&mut self) -> f64 {
        (self.word() >> 11) as f64 / (1u64 << 53) as f64
    }

    /// `count` decimal digits.
    pub fn digits(&mut self, count: usize) -> String {
        let mut text = String::with_capacity(count);
        text.extend((0..count).map(|_| char::from(b'0' + self.below(10) as u8)));
        text
    }

    /// `count` lower-case hexadecimal digits.
    pub fn hex(&mut self, count: usize) -> String {
        let mut text = String::with_capacity(count);
        text.extend((0..count).filter_map(|_| char::from_digit(self.below(16) as u32, 16)));
        text
    }

    /// A UUID of version 4.
    pub fn uuid(&mut self) -> uuid::Uuid {
        let mut bytes = [0; 16];
        if let Source::Slow(generator) = &mut self.0 {
            generator.fill_bytes(&mut bytes);
        } else {
            bytes.chunks_exact_mut(8).for_each(|part| part.copy_from_slice(&self.word().to_le_bytes()));
        }
        uuid::Builder::from_random_bytes(bytes).into_uuid()
    }

    /// A span of time between two others: in whole seconds where both are whole seconds, else in milliseconds.
    pub fn duration(&mut self, shortest: Duration, longest: Duration) -> Duration {
        if shortest.subsec_nanos() == 0 && longest.subsec_nanos() == 0 {
            Duration::from_secs(self.within(shortest.as_secs()..=longest.as_secs()))
        } else {
            let (low, high) = (shortest.as_millis() as u64, longest.as_millis() as u64);
            Duration::from_millis(self.within(low..=high))
        }
    }
}

/// FNV-1a: a hash of 64 bits that is written down once and for all.
const fn fnv1a(bytes: &[u8]) -> u64 {
    let mut hash = 0xcbf2_9ce4_8422_2325;
    let mut place = 0;
    while place < bytes.len() {
        hash = (hash ^ bytes[place] as u64).wrapping_mul(0x0000_0100_0000_01b3);
        place += 1;
    }
    hash
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stream_never_changes_between_versions() {
        let mut stream = Keyed::new(42, "transfer", 1).stream("customer.phone");
        assert_eq!([stream.word(), stream.word()], [3967121601298747712, 4482639095603191310]);
    }

    #[test]
    fn streams_of_other_purposes_calls_scenarios_and_seeds_differ() {
        let first = |keyed: Keyed, purpose: &str, n| keyed.nth(purpose, n).word();
        let keyed = Keyed::new(42, "transfer", 1);
        let reference = first(keyed, "wait", 0);
        assert_ne!(reference, first(keyed, "wait", 1));
        assert_ne!(reference, first(keyed, "name", 0));
        assert_ne!(reference, first(Keyed::new(42, "transfer", 2), "wait", 0));
        assert_ne!(reference, first(Keyed::new(42, "survey", 1), "wait", 0));
        assert_ne!(reference, first(Keyed::new(43, "transfer", 1), "wait", 0));
        assert_eq!(reference, first(keyed, "wait", 0));
    }

    #[test]
    fn the_streams_of_later_calls_never_change_either() {
        let mut stream = Keyed::new(42, "transfer", 2).stream("customer.phone");
        let words = [stream.word(), stream.word()];
        assert_eq!(words, [4924559384419353743, 1819278739808723993]);
        let uuid = Keyed::new(42, "transfer", 2).stream("id").uuid();
        assert_eq!((uuid.get_version_num(), uuid.get_variant()), (4, uuid::Variant::RFC4122));
    }

    #[test]
    fn every_call_has_a_number_of_its_own_and_the_first_one_its_drawn_one() {
        for count in [1, 2, 3, 64, 1000, 65_537] {
            let keyed = Keyed::new(7, "unique", 9);
            let unique = keyed.unique("id", 0, count, |stream| stream.below(count));
            assert_eq!(unique.of_call(1), keyed.of_call(1).stream("id").below(count));
            let all: std::collections::BTreeSet<u64> = (1..=count).map(|call| unique.of_call(call)).collect();
            assert_eq!((all.len() as u64, all.last().copied()), (count, Some(count - 1)));
            assert_eq!(unique.of_call(count + 1), unique.of_call(1));
        }
        let all = Keyed::new(7, "unique", 1).unique("id", 0, u64::MAX, Stream::word);
        assert_ne!(all.of_call(2), all.of_call(3));
    }

    #[test]
    fn draws_reach_both_ends_of_a_range_and_nothing_beyond() {
        let mut stream = Keyed::new(7, "ranges", 1).stream("ends");
        let drawn: std::collections::BTreeSet<u64> = (0..500).map(|_| stream.within(3..=6)).collect();
        assert_eq!(drawn.into_iter().collect::<Vec<_>>(), [3, 4, 5, 6]);
    }

    #[test]
    fn whole_seconds_stay_whole_and_a_point_is_itself() {
        let mut stream = Keyed::new(7, "waits", 1).stream("wait");
        for _ in 0..100 {
            assert_eq!(stream.duration(Duration::from_secs(3), Duration::from_secs(12)).subsec_nanos(), 0);
        }
        assert_eq!(
            stream.duration(Duration::from_millis(1500), Duration::from_millis(1500)),
            Duration::from_millis(1500)
        );
    }
}
