//! What each archetype has of its own, by comparing archetypes: a value that looks like an id, and that other calls do not have.

use super::draft::{Draft, DraftRequest};
use super::slots::{Growth, Moment, Slot};
use super::tokens::{self, Shape, Token};
use std::collections::{BTreeSet, HashMap};

/// In how many archetypes a value may be until it counts as the centre's: short numbers of two calls can be alike by chance.
const CHANCE_MAX: usize = 3;
/// The same, as a part of all archetypes.
const CHANCE_PART: usize = 8;

/// What one archetype has of its own, in the order in which it is met.
pub(super) struct Own {
    pub(super) values: Vec<Value>,
    places: HashMap<Key, usize>,
}

/// A value of one call that is to be fresh in others.
pub(super) struct Value {
    /// The key under which it is met first.
    pub(super) label: Vec<u8>,
    pub(super) is: Is,
}

pub(super) enum Is {
    Number(Kind, u64),
    Word(Shape, Vec<u8>),
}

/// What kind of number a number is.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Kind {
    /// The key under which it is met first.
    pub(super) label: Vec<u8>,
    /// From which number on, and how many: numbers of one length, or the part of an id below its time.
    pub(super) range: (u64, u64),
    /// Whether the time stands beside it, so that it tells only calls of one moment apart.
    pub(super) is_timed: bool,
}

/// By what the same value is known again within a call.
#[derive(PartialEq, Eq, Hash)]
enum Key {
    Text(Shape, Vec<u8>),
    Low(u64),
}

impl Own {
    /// What each archetype has of its own.
    pub(super) fn of_all(drafts: &[Draft]) -> Vec<Self> {
        let mut counts: HashMap<&[u8], usize> = HashMap::new();
        for draft in drafts {
            let texts: BTreeSet<&[u8]> = draft.requests.iter().flat_map(DraftRequest::texts).collect();
            for text in texts {
                *counts.entry(text).or_default() += 1;
            }
        }
        let common_from = (drafts.len() / CHANCE_PART).max(CHANCE_MAX);
        let is_common = |text: &[u8]| counts.get(text).is_some_and(|count| *count >= common_from);
        drafts.iter().map(|draft| Self::of(draft, is_common)).collect()
    }

    fn of(draft: &Draft, is_common: impl Fn(&[u8]) -> bool) -> Self {
        let mut own = Self { values: Vec::new(), places: HashMap::new() };
        for request in &draft.requests {
            for token in &request.tokens {
                let text = request.token(token);
                let is_person = draft.people.iter().any(|person| person.as_bytes() == text);
                if is_person || is_common(text) {
                    continue;
                }
                own.enter(Key::Text(token.shape, text.to_vec()), request, token.at, |label| match token.shape {
                    Shape::Digits | Shape::Counter => {
                        let (range, number) = number(text);
                        Is::Number(Kind { label, range, is_timed: token.shape == Shape::Counter }, number)
                    }
                    Shape::Uuid | Shape::Hex | Shape::HexCapitals => Is::Word(token.shape, text.to_vec()),
                });
            }
            for slot in &request.slots {
                if let Some((low, count)) = low(slot) {
                    own.enter(Key::Low(low), request, slot.at, |label| {
                        Is::Number(Kind { label, range: (0, count), is_timed: true }, low)
                    });
                }
            }
        }
        own
    }

    fn enter(&mut self, key: Key, request: &DraftRequest, at: usize, is: impl FnOnce(Vec<u8>) -> Is) {
        let values = &mut self.values;
        self.places.entry(key).or_insert_with(|| {
            let label = tokens::label(&request.text, at).to_vec();
            values.push(Value { label: label.clone(), is: is(label) });
            values.len() - 1
        });
    }

    /// The place of what a token is among the values; `None` where it is not the call's own.
    pub(super) fn token(&self, request: &DraftRequest, token: &Token) -> Option<usize> {
        self.places.get(&Key::Text(token.shape, request.token(token).to_vec())).copied()
    }

    /// The place of what is the call's own below the time in a slot.
    pub(super) fn slot(&self, slot: &Slot) -> Option<usize> {
        self.places.get(&Key::Low(low(slot)?.0)).copied()
    }
}

/// The part of an id below the time in it, and how many such parts there are.
fn low(slot: &Slot) -> Option<(u64, u64)> {
    /// From so much growth in a millisecond on, what is below can tell ids apart.
    const PARTS_MIN: u64 = 1000;
    match slot.moment {
        Moment::Counted { value, grows: Growth::Millisecond(step) } if step >= PARTS_MIN => Some((value % step, step)),
        Moment::Counted { .. } | Moment::Shown { .. } => None,
    }
}

/// A number among those of its length. A long one also keeps its first digit, because a receiver may hold it in an integer
/// that its length alone could pass.
fn number(text: &[u8]) -> ((u64, u64), u64) {
    /// The fewest digits of a long one: from here on 32 bits may not hold it.
    const LONG_DIGITS_MIN: usize = 10;
    let value = text.iter().fold(0_u64, |value, digit| value.wrapping_mul(10).wrapping_add(u64::from(digit - b'0')));
    let count = 10_u64.saturating_pow(u32::try_from(text.len().saturating_sub(1)).unwrap_or(u32::MAX));
    let first = text.first().map_or(0, |digit| u64::from(digit - b'0'));
    let range = match first {
        0 => (0, count),
        1.. if text.len() < LONG_DIGITS_MIN => (count, 9 * count),
        first => (first * count, count),
    };
    (range, value)
}

#[cfg(test)]
mod tests {
    use super::number;

    #[test]
    fn a_number_keeps_its_length_and_a_long_one_its_first_digit() {
        assert_eq!(number(b"123456"), ((100_000, 900_000), 123_456));
        assert_eq!(number(b"00123456"), ((0, 10_000_000), 123_456));
        assert_eq!(number(b"1999999999"), ((1_000_000_000, 1_000_000_000), 1_999_999_999));
        assert_eq!(number(b"7"), ((1, 9), 7));
    }
}
