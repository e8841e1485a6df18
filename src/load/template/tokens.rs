//! Finds what in a request looks like an id: by its shape, whatever vendor wrote it. Whether it is one is decided in `compile`.

use super::slots::{Growth, Moment, Slot};

/// The fewest digits of an id; a shorter number may be a length of time or a count.
const ID_DIGITS_MIN: usize = 6;
/// The most digits that are still handled as a number.
const ID_DIGITS_MAX: usize = 19;
/// The fewest hexadecimal digits of an id that is not a number.
const ID_HEX_MIN: usize = 16;
/// The length of a UUID with its dashes.
const UUID_LEN: usize = 36;

/// Something in a request that looks like an id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Token {
    /// Where it begins.
    pub(super) at: usize,
    /// How many bytes it takes.
    pub(super) len: usize,
    /// What it looks like.
    pub(super) shape: Shape,
}

/// What an id looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Shape {
    /// A UUID with its dashes.
    Uuid,
    /// Hexadecimal digits, in small letters.
    Hex,
    /// Hexadecimal digits, in capitals.
    HexCapitals,
    /// Decimal digits.
    Digits,
    /// Decimal digits that count on within a second, as in `1775823995.2345`; of any length.
    Counter,
}

/// Everything that looks like an id and lies outside of the slots and of other places that are taken, in order.
pub(super) fn find(text: &[u8], slots: &[Slot], taken: &[(usize, usize)]) -> Vec<Token> {
    let mut places: Vec<(usize, usize)> = slots.iter().map(|slot| (slot.at, slot.len)).chain(taken.to_vec()).collect();
    places.sort_unstable();
    let mut places = places.into_iter().peekable();
    let mut tokens = Vec::new();
    let mut at = 0;
    while at < text.len() {
        while places.next_if(|(from, len)| from + len <= at).is_some() {}
        let free = match places.peek() {
            Some((from, len)) if *from <= at => {
                at = from + len;
                continue;
            }
            Some((from, _)) => *from,
            None => text.len(),
        };
        if let Some(escape) = text.get(at..at + 3)
            && escape[0] == b'%'
            && escape[1..].iter().all(u8::is_ascii_hexdigit)
        {
            at += 3;
            continue;
        }
        let end = (at..free).find(|at| !text[*at].is_ascii_alphanumeric()).unwrap_or(free);
        if end == at {
            at += 1;
            continue;
        }
        let is_uuid = at + UUID_LEN <= free && is_uuid(&text[at..at + UUID_LEN]);
        let (len, shape) = match is_uuid {
            true => (UUID_LEN, Some(Shape::Uuid)),
            false => (end - at, shape(&text[at..end], counts_on(text, at, slots))),
        };
        tokens.extend(shape.map(|shape| Token { at, len, shape }));
        at += len;
    }
    tokens
}

fn shape(run: &[u8], counts_on: bool) -> Option<Shape> {
    let all = |test: fn(&u8) -> bool| run.iter().all(test);
    if all(u8::is_ascii_digit) {
        let (shape, digits_min) = if counts_on { (Shape::Counter, 1) } else { (Shape::Digits, ID_DIGITS_MIN) };
        return (digits_min..=ID_DIGITS_MAX).contains(&run.len()).then_some(shape);
    }
    if run.len() < ID_HEX_MIN || !all(u8::is_ascii_hexdigit) {
        return None;
    }
    match (all(|byte| !byte.is_ascii_uppercase()), all(|byte| !byte.is_ascii_lowercase())) {
        (true, _) => Some(Shape::Hex),
        (_, true) => Some(Shape::HexCapitals),
        (false, false) => None,
    }
}

/// Whether a number counts on within a second.
fn counts_on(text: &[u8], at: usize, slots: &[Slot]) -> bool {
    let is_second = |slot: &Slot| matches!(slot.moment, Moment::Counted { grows: Growth::Second, .. });
    let mut before = slots.iter().filter(|slot| slot.at + slot.len + 1 == at && is_second(slot));
    text.get(at.wrapping_sub(1)) == Some(&b'.') && before.next().is_some()
}

fn is_uuid(text: &[u8]) -> bool {
    text.iter().enumerate().all(|(at, byte)| match at {
        8 | 13 | 18 | 23 => *byte == b'-',
        _ => byte.is_ascii_digit() || (b'a'..=b'f').contains(byte),
    })
}

/// The word in front of a place: the key under which a value stands.
pub(super) fn label(text: &[u8], at: usize) -> &[u8] {
    let is_word = |byte: &u8| byte.is_ascii_alphabetic() || *byte == b'_';
    let end = (0..at).rev().find(|at| is_word(&text[*at])).map_or(0, |last| last + 1);
    let from = (0..end).rev().find(|at| !is_word(&text[*at])).map_or(0, |before| before + 1);
    &text[from..end]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<(&str, Shape)> {
        let tokens = find(text.as_bytes(), &[], &[]);
        tokens.into_iter().map(|token| (&text[token.at..token.at + token.len], token.shape)).collect()
    }

    #[test]
    fn ids_are_known_by_their_shape() {
        assert_eq!(
            found(r#"{"id":"123e4567-e89b-42d3-a456-426614174000","n":10000007,"k":"TextField_286","t":97200}"#),
            [("123e4567-e89b-42d3-a456-426614174000", Shape::Uuid), ("10000007", Shape::Digits)]
        );
        assert_eq!(
            found("a=%3A13803111446%20&b=0a1b2c3d4e5f6a7b8c&c=0A1B2C3D4E5F6A7B8C&d=0A1b2C3D4E5F6A7B8C&e=12345"),
            [
                ("13803111446", Shape::Digits),
                ("0a1b2c3d4e5f6a7b8c", Shape::Hex),
                ("0A1B2C3D4E5F6A7B8C", Shape::HexCapitals)
            ]
        );
    }

    #[test]
    fn a_number_that_counts_on_within_a_second_may_be_short() {
        let text = b"sip-3-1775823995.2345 sip-4-1775823995.77";
        let moment = Moment::Counted { value: 1_775_823_995, grows: Growth::Second };
        let slots = [Slot { at: 6, len: 10, moment }];
        assert_eq!(find(text, &slots, &[]).first(), Some(&Token { at: 17, len: 4, shape: Shape::Counter }));
        assert!(find(text, &slots, &[(0, text.len())]).is_empty());
    }

    #[test]
    fn the_label_of_a_value_is_the_word_before_it() {
        let text = br#"{"customer_id": 1234567}"#;
        assert_eq!(label(text, 16), b"customer_id");
        assert_eq!(label(b"12", 0), b"");
    }
}
