//! Finds the values that Ringback sent within longer texts, the longest first.

use std::collections::{HashMap, HashSet};

/// What may stand beside a value for it to count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Beside {
    /// Anything: it is long enough, or of a script that does not part words.
    Anything,
    /// No further digit; a country code or a zero may stand before a phone number.
    NoDigit,
    /// No further letter or digit.
    NoWord,
}

/// From this length on, a value of letters and digits is found wherever it stands.
const UNMISTAKABLE_MIN_CHARS: usize = 16;
/// From this length on, digits may be a phone number, with a prefix before it.
pub(super) const PHONE_MIN_DIGITS: usize = 7;
/// What is dialled, or written, before a number.
pub(super) const PHONE_PREFIXES: [&str; 4] = ["86", "0086", "0", "9"];
/// The same before a number of the United States, which has ten digits and begins with neither 0 nor 1.
pub(super) const US_PREFIXES: [&str; 2] = ["1", "001"];
const US_DIGITS: usize = 10;
/// How many digits the longest of these has.
const PREFIX_DIGITS_MAX: usize = 4;

/// The digits of a number that stands as E.164 writes it, without the code of its country.
pub(super) fn national(value: &str) -> Option<&str> {
    let digits = value.strip_prefix("+86").or_else(|| value.strip_prefix("+1"))?;
    (digits.len() >= PHONE_MIN_DIGITS && digits.bytes().all(|byte| byte.is_ascii_digit())).then_some(digits)
}

/// Values with their names, ready to be found.
#[derive(Debug, Clone, Default)]
pub(super) struct Values {
    /// By the first two bytes, the longest first.
    by_start: HashMap<[u8; 2], Vec<Entry>>,
    /// Which bytes begin a value; empty where there is none.
    first: Vec<bool>,
    known: HashSet<String>,
}

#[derive(Debug, Clone)]
struct Entry {
    text: String,
    name: String,
    beside: Beside,
}

impl Values {
    /// Adds a value. Of two names for the same value the first one counts.
    pub fn add(&mut self, text: &str, name: &str) {
        self.insert(text, name, beside(text));
    }

    /// Adds a value that many texts may have in them by chance: it counts only as a word of its own.
    pub fn add_word(&mut self, text: &str, name: &str) {
        self.insert(text, name, Beside::NoWord);
    }

    fn insert(&mut self, text: &str, name: &str, beside: Beside) {
        let &[first, second, ..] = text.as_bytes() else { return };
        if !self.known.insert(text.to_owned()) {
            return;
        }
        self.first.resize(256, false);
        self.first[usize::from(first)] = true;
        let entries = self.by_start.entry([first, second]).or_default();
        let at = entries.partition_point(|entry| entry.text.len() >= text.len());
        entries.insert(at, Entry { text: text.to_owned(), name: name.to_owned(), beside });
    }

    /// Whether a value may begin with this byte.
    pub fn can_begin(&self, byte: u8) -> bool {
        self.first.get(usize::from(byte)) == Some(&true)
    }

    /// The longest value that begins at this byte of a text: its length and its name.
    pub fn starting(&self, text: &str, at: usize) -> Option<(usize, &str)> {
        let bytes = text.as_bytes();
        let start = [*bytes.get(at)?, *bytes.get(at + 1)?];
        let entries = self.by_start.get(&start)?;
        let found = entries.iter().find(|entry| {
            bytes[at..].starts_with(entry.text.as_bytes()) && fits(entry.beside, text, at, entry.text.len())
        })?;
        Some((found.text.len(), &found.name))
    }
}

fn beside(text: &str) -> Beside {
    if text.bytes().all(|byte| byte.is_ascii_digit()) {
        Beside::NoDigit
    } else if !text.is_ascii() || text.len() >= UNMISTAKABLE_MIN_CHARS {
        Beside::Anything
    } else {
        Beside::NoWord
    }
}

fn fits(beside: Beside, text: &str, at: usize, bytes: usize) -> bool {
    let (before, behind) = (&text[..at], text.get(at + bytes..).unwrap_or_default());
    let last = before.chars().next_back();
    let next = behind.chars().next();
    match beside {
        Beside::Anything => true,
        Beside::NoWord => !last.is_some_and(char::is_alphanumeric) && !next.is_some_and(char::is_alphanumeric),
        Beside::NoDigit => {
            let digits = before.bytes().rev().take(PREFIX_DIGITS_MAX + 1).take_while(u8::is_ascii_digit).count();
            let prefix = &before[before.len() - digits..];
            let is_us = bytes == US_DIGITS && !text[at..].starts_with(['0', '1']) && US_PREFIXES.contains(&prefix);
            let is_prefix = is_us || (bytes >= PHONE_MIN_DIGITS && PHONE_PREFIXES.contains(&prefix));
            (digits == 0 || is_prefix) && !next.is_some_and(|c| c.is_ascii_digit())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(text: &str) -> Vec<String> {
        let mut values = Values::default();
        for (value, name) in [
            ("13800138000", "phone"),
            ("2125550100", "us"),
            ("2001", "agent"),
            ("2001-138", "both"),
            ("王小明", "name"),
            ("a1b2c3", "id"),
            ("0123456789abcdef", "long"),
        ] {
            values.add(value, name);
        }
        values.add_word("满意", "word");
        (0..text.len())
            .filter(|at| text.is_char_boundary(*at))
            .filter_map(|at| values.starting(text, at))
            .map(|(_, name)| name.to_owned())
            .collect()
    }

    #[test]
    fn values_are_found_where_they_stand_for_themselves() {
        for (text, found) in [
            ("call 13800138000.", vec!["phone"]),
            ("+8613800138000", vec!["phone"]),
            ("tel:13800138000x", vec!["phone"]),
            ("008613800138000", vec!["phone"]),
            ("9008613800138000", vec![]),
            ("113800138000", vec![]),
            ("+1 2125550100, 12125550100, 0012125550100", vec!["us", "us", "us"]),
            ("22125550100", vec![]),
            ("138001380001", vec![]),
            ("2001-138", vec!["both"]),
            ("id20012", vec![]),
            ("x2001y", vec!["agent"]),
            ("你好王小明先生", vec!["name"]),
            ("a1b2c3", vec!["id"]),
            ("za1b2c3", vec![]),
            ("x0123456789abcdefx", vec!["long"]),
            ("满意", vec!["word"]),
            ("满意度", vec![]),
        ] {
            assert_eq!(names(text), found, "{text}");
        }
    }
}
