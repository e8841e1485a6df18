//! Values that a vendor draws for a call: each from a stream of its own, by a recipe that any other call can follow.

use super::time::count_digits;
use crate::call::{Moment, Part};
use crate::random::{Keyed, Purpose, Stream, Unique};
use std::borrow::Cow;

/// A value that is not the same in every call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Drawn {
    /// As it stands in this call.
    pub text: Cow<'static, str>,
    /// Whether it is a JSON number.
    pub is_number: bool,
    /// For whom it was drawn, and how.
    pub scope: Scope,
}

/// For whom a value was drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// For the centre: the same in all calls of a run. One of these words, where it is a word.
    Centre(Option<&'static [&'static str]>),
    /// For the call.
    Call(Recipe),
}

/// How a value of a call comes about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Recipe {
    /// It is a part of the cast.
    Cast(Part),
    /// It is drawn.
    Draw(Draw),
    /// It follows another one.
    Steps(Steps),
    /// It has the time in it.
    Stamp(Stamp),
    /// It is made of several draws.
    Made(Made),
}

/// A number that is made of the draws of one stream, one after the other.
#[derive(Debug, Clone, Copy)]
pub struct Made {
    /// The purpose of the stream.
    pub purpose: Purpose,
    /// Which one of the purpose.
    pub nth: u64,
    /// What it is made for, which `make` is told.
    pub of: u64,
    /// Makes it.
    pub make: fn(&mut Stream, u64) -> u64,
}

impl Made {
    /// The number in the call of this key.
    pub fn number(self, keyed: &Keyed) -> u64 {
        (self.make)(&mut keyed.nth_of(self.purpose, self.nth), self.of)
    }
}

impl PartialEq for Made {
    fn eq(&self, other: &Self) -> bool {
        (self.purpose, self.nth, self.of) == (other.purpose, other.nth, other.of)
    }
}

impl Eq for Made {}

/// A value drawn from the stream of its purpose.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Draw {
    /// The purpose.
    pub purpose: Purpose,
    /// Which one of the purpose.
    pub nth: u64,
    /// What it looks like.
    pub shape: Shape,
}

/// How long UUIDs are, with their dashes and without.
const UUID_BYTES: usize = 36;
const PLAIN_UUID_BYTES: usize = 32;

/// What a drawn value looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// A UUID of version 4 with its dashes.
    Uuid,
    /// The same without them.
    PlainUuid,
    /// So many hexadecimal digits in small letters.
    Hex(usize),
    /// So many digits.
    Digits(usize),
    /// A number from the first to the last.
    Within(u64, u64),
    /// One of these words.
    Word(&'static [&'static str]),
}

impl Shape {
    /// How many bytes it has, where these are as many in all calls and no number.
    pub fn bytes(self) -> Option<usize> {
        match self {
            Shape::Uuid => Some(UUID_BYTES),
            Shape::PlainUuid => Some(PLAIN_UUID_BYTES),
            Shape::Hex(count) => Some(count),
            Shape::Digits(_) | Shape::Within(..) | Shape::Word(_) => None,
        }
    }

    /// Draws one.
    pub fn draw(self, stream: &mut Stream) -> Cow<'static, str> {
        match self {
            Shape::Uuid => stream.uuid().to_string().into(),
            Shape::PlainUuid => stream.uuid().simple().to_string().into(),
            Shape::Hex(count) => stream.hex(count).into(),
            Shape::Digits(count) => stream.digits(count).into(),
            Shape::Within(low, high) => stream.within(low..=high).to_string().into(),
            Shape::Word(words) => (*stream.pick(words)).into(),
        }
    }
}

impl Draw {
    /// The first value of a purpose.
    pub const fn new(purpose: &'static str, shape: Shape) -> Self {
        Self { purpose: Purpose::of(purpose), nth: 0, shape }
    }

    /// The `n`th value of the same purpose.
    pub const fn nth(self, nth: u64) -> Self {
        Self { nth, ..self }
    }

    /// Writes the value in the call of this key, where it is no number.
    pub fn write(self, keyed: &Keyed, into: &mut Vec<u8>) {
        into.extend_from_slice(self.shape.draw(&mut keyed.nth_of(self.purpose, self.nth)).as_bytes());
    }

    /// The same where it has [as many bytes](Shape::bytes) in all calls, over those of another one.
    pub fn fill(self, keyed: &Keyed, room: &mut [u8]) {
        let mut stream = keyed.nth_of(self.purpose, self.nth);
        match self.shape {
            Shape::Hex(_) => {
                room.iter_mut().for_each(|digit| *digit = b"0123456789abcdef"[stream.below(16) as usize & 15]);
            }
            Shape::PlainUuid if room.len() == PLAIN_UUID_BYTES => drop(stream.uuid().simple().encode_lower(room)),
            Shape::Uuid if room.len() == UUID_BYTES => drop(stream.uuid().hyphenated().encode_lower(room)),
            _ => {}
        }
    }

    /// The value in the call of this key. Of numbers no two calls of a scenario have the same.
    pub fn text(self, keyed: &Keyed) -> Cow<'static, str> {
        match self.numbers(keyed) {
            Some(numbers) => numbers.text(keyed.call()).into(),
            None => self.shape.draw(&mut keyed.nth_of(self.purpose, self.nth)),
        }
    }

    /// The numbers of all calls, where it is one.
    pub fn numbers(self, keyed: &Keyed) -> Option<Numbers> {
        let (low, count, digits) = match self.shape {
            Shape::Digits(digits) => (0, 10_u64.checked_pow(u32::try_from(digits).ok()?)?, digits),
            Shape::Within(low, high) => (low, high.checked_sub(low)?.checked_add(1)?, 1),
            Shape::Uuid | Shape::PlainUuid | Shape::Hex(_) | Shape::Word(_) => return None,
        };
        let first =
            |stream: &mut Stream| self.shape.draw(stream).parse::<u64>().unwrap_or_default().saturating_sub(low);
        Some(Numbers { low, digits, unique: keyed.unique(self.purpose.name, self.nth, count, first) })
    }
}

/// The numbers of one purpose, one for each call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Numbers {
    low: u64,
    digits: usize,
    unique: Unique,
}

impl Numbers {
    /// The number of a call.
    pub fn number(&self, call: u64) -> u64 {
        self.low + self.unique.of_call(call)
    }

    /// The same as it is written, with the zeros that it begins with.
    pub fn text(&self, call: u64) -> String {
        format!("{:0width$}", self.number(call), width = self.digits)
    }

    /// How many digits it has at least.
    pub fn digits(&self) -> usize {
        self.digits
    }

    /// How many it has, where these are as many in all calls.
    pub fn bytes(&self) -> Option<usize> {
        let digits = |number| count_digits(number).max(self.digits);
        let highest = self.low.saturating_add(self.unique.calls_until_repeat().saturating_sub(1));
        Some(digits(self.low)).filter(|least| *least == digits(highest))
    }

    /// After how many calls it comes again.
    pub fn calls_until_repeat(&self) -> u64 {
        self.unique.calls_until_repeat()
    }
}

/// A number that lies some drawn steps above another one, because other calls of the account lie between.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Steps {
    /// Where they begin.
    pub first: First,
    /// The purpose of the steps.
    pub purpose: Purpose,
    /// The longest step.
    pub longest: u64,
    /// How many steps there are.
    pub count: u64,
    /// Whether all steps come from one stream, rather than each from its own.
    pub is_one_stream: bool,
}

/// Where numbers that follow each other begin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum First {
    /// At this one.
    Given(u64),
    /// At one that is drawn from a purpose, from the first to the last.
    Drawn(&'static str, u64, u64),
}

impl Steps {
    /// The number in the call of this key.
    pub fn number(self, keyed: &Keyed) -> u64 {
        self.from(self.begins(keyed).map(|begins| begins.number(keyed.call())), keyed)
    }

    /// Where the numbers of each call begin, so far apart that those of two calls do not meet; none where that is given.
    pub fn begins(self, keyed: &Keyed) -> Option<Apart> {
        let First::Drawn(purpose, low, high) = self.first else { return None };
        let windows = (high - low) / FAMILY_WIDTH + 1;
        let drawn = |stream: &mut Stream| stream.within(low..=high) - low;
        let first = drawn(&mut keyed.of_call(keyed.call().min(1)).stream(purpose));
        let unique = keyed.unique(purpose, 0, windows, |_| first / FAMILY_WIDTH);
        Some(Apart { low, high, within: first % FAMILY_WIDTH, unique })
    }

    /// The number of a call whose numbers begin at this one, unless it is given where they begin.
    pub fn from(self, drawn: Option<u64>, keyed: &Keyed) -> u64 {
        let first = match self.first {
            First::Given(first) => first,
            First::Drawn(..) => drawn.unwrap_or_default(),
        };
        let mut stream = keyed.nth_of(self.purpose, 0);
        (1..=self.count).fold(first, |number, nth| {
            let step = match self.is_one_stream {
                true => stream.within(1..=self.longest),
                false => keyed.nth_of(self.purpose, nth).within(1..=self.longest),
            };
            number.saturating_add(step)
        })
    }
}

/// How far apart the numbers of two calls begin.
const FAMILY_WIDTH: u64 = 64;

/// Where numbers that follow each other begin, call by call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Apart {
    low: u64,
    high: u64,
    within: u64,
    unique: Unique,
}

impl Apart {
    /// Where those of a call begin.
    pub fn number(&self, call: u64) -> u64 {
        (self.low + self.unique.of_call(call) * FAMILY_WIDTH + self.within).min(self.high)
    }

    /// After how many calls they begin there again.
    pub fn calls_until_repeat(&self) -> u64 {
        self.unique.calls_until_repeat()
    }
}

/// A number with the time in it: the milliseconds since some day, above bits that are drawn (a *snowflake*).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stamp {
    /// When it is given.
    pub at: Moment,
    /// The millisecond since 1970 from which time counts.
    pub since_ms: i64,
    /// How many bits the time has.
    pub time_bits: u32,
    /// How many bits are drawn.
    pub low_bits: u32,
    /// The purpose of the draw.
    pub purpose: &'static str,
    /// Which one of the purpose.
    pub nth: u64,
}

impl Stamp {
    /// The number in the call of this key, given at this millisecond since 1970.
    pub fn number(self, keyed: &Keyed, now_ms: i64) -> u64 {
        self.with(self.lows(keyed).of_call(keyed.call()), now_ms)
    }

    /// What stands below the time, call by call.
    pub fn lows(self, keyed: &Keyed) -> Unique {
        let count = 1 << self.low_bits;
        keyed.unique(self.purpose, self.nth, count, |stream| stream.below(count))
    }

    /// The number with these bits below its time.
    pub fn with(self, low: u64, now_ms: i64) -> u64 {
        let time = u64::try_from(now_ms.saturating_sub(self.since_ms)).unwrap_or_default();
        ((time & ((1 << self.time_bits) - 1)) << self.low_bits) | low
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_that_of_its_purpose_whatever_else_is_drawn() {
        let keyed = Keyed::new(1, "draws", 1);
        let draw = Draw::new("a", Shape::Hex(18));
        assert_eq!(draw.text(&keyed), keyed.stream("a").hex(18));
        assert_eq!(draw.nth(3).text(&keyed), keyed.nth("a", 3).hex(18));
        assert_eq!(Draw::new("b", Shape::Word(&["x"])).text(&keyed), "x");
        assert_eq!(Draw::new("u", Shape::PlainUuid).text(&keyed).len(), 32);
    }

    #[test]
    fn steps_lead_upwards_and_the_next_goes_on_where_the_last_ended() {
        let keyed = Keyed::new(1, "draws", 1);
        for is_one_stream in [false, true] {
            let steps = |count| Steps {
                first: First::Given(7),
                purpose: Purpose::of("step"),
                longest: 9,
                count,
                is_one_stream,
            };
            let numbers: Vec<u64> = (0..5).map(|count| steps(count).number(&keyed)).collect();
            assert!(numbers[0] == 7 && numbers.windows(2).all(|pair| (1..=9).contains(&(pair[1] - pair[0]))));
        }
    }
}
