//! The settings of faults: what each takes, within which limits, and the values that a file gives them.

use std::collections::BTreeMap;
use std::time::Duration;

/// A setting of a fault.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Setting {
    /// Its key.
    pub name: &'static str,
    /// What it takes.
    pub takes: Takes,
    /// What it means, as half a sentence.
    pub meaning: &'static str,
}

/// What a setting takes, with its default and its limits.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Takes {
    /// A length of time.
    Length {
        /// Where nothing is given.
        default: Duration,
        /// The longest.
        most: Duration,
    },
    /// A length of time, or a range from which one is drawn.
    Range {
        /// Where nothing is given.
        default: Duration,
        /// The longest.
        most: Duration,
    },
    /// A whole number.
    Whole {
        /// Where nothing is given.
        default: u64,
        /// The smallest.
        fewest: u64,
        /// The largest.
        most: u64,
    },
    /// A percentage; drawn where none is given.
    Percent,
    /// One of these words, the first where none is given.
    Word(&'static [&'static str]),
    /// A text, with its default.
    Text(&'static str),
    /// The value of a header, with its default.
    HeaderValue(&'static str),
    /// The path of a field, `outer.inner`; drawn where none is given.
    Field,
    /// The name of a header.
    Header(&'static str),
    /// The name of a push, with `*` and `?`; nothing where none is given.
    Push,
}

/// The value of a setting.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// A length of time, or a range of them.
    Time(Duration, Duration),
    /// A whole number.
    Whole(u64),
    /// A share from 0 to 1.
    Share(f64),
    /// A word, a text, a field, a header or a push.
    Text(String),
}

/// The settings that are given to one fault. What is not given stays at its default.
#[derive(Debug, Clone, PartialEq)]
pub struct Values {
    facts: &'static [Setting],
    given: BTreeMap<&'static str, Value>,
}

impl Values {
    /// Nothing given.
    pub fn new(facts: &'static [Setting]) -> Self {
        Self { facts, given: BTreeMap::new() }
    }

    /// Gives a value, which the caller has held to the setting's limits.
    pub fn give(&mut self, name: &'static str, value: Value) {
        self.given.insert(name, value);
    }

    /// A length of time or a range.
    pub(super) fn range(&self, name: &str) -> (Duration, Duration) {
        match (self.given.get(name), self.takes(name)) {
            (Some(Value::Time(shortest, longest)), _) => (*shortest, *longest),
            (_, Some(Takes::Length { default, .. } | Takes::Range { default, .. })) => (default, default),
            _ => (Duration::ZERO, Duration::ZERO),
        }
    }

    /// A length of time.
    pub(super) fn length(&self, name: &str) -> Duration {
        self.range(name).0
    }

    /// A whole number.
    pub(super) fn whole(&self, name: &str) -> u64 {
        match (self.given.get(name), self.takes(name)) {
            (Some(Value::Whole(number)), _) => *number,
            (_, Some(Takes::Whole { default, .. })) => default,
            _ => 0,
        }
    }

    /// A share, where one is given.
    pub(super) fn share(&self, name: &str) -> Option<f64> {
        match self.given.get(name) {
            Some(Value::Share(share)) => Some(*share),
            _ => None,
        }
    }

    /// A text that is given, or the default.
    pub(super) fn text(&self, name: &str) -> Option<String> {
        match (self.given.get(name), self.takes(name)) {
            (Some(Value::Text(text)), _) => Some(text.clone()),
            (_, Some(Takes::Text(default) | Takes::Header(default) | Takes::HeaderValue(default))) => {
                Some(default.to_owned())
            }
            (_, Some(Takes::Word(words))) => words.first().map(|word| (*word).to_owned()),
            _ => None,
        }
    }

    fn takes(&self, name: &str) -> Option<Takes> {
        let fact = self.facts.iter().find(|fact| fact.name == name);
        debug_assert!(fact.is_some(), "no setting is called {name}");
        fact.map(|fact| fact.takes)
    }
}

pub(super) const fn setting(name: &'static str, takes: Takes, meaning: &'static str) -> Setting {
    Setting { name, takes, meaning }
}

pub(super) const fn length(name: &'static str, default: Duration, most: Duration, meaning: &'static str) -> Setting {
    setting(name, Takes::Length { default, most }, meaning)
}

pub(super) const fn whole(
    name: &'static str,
    default: u64,
    (fewest, most): (u64, u64),
    meaning: &'static str,
) -> Setting {
    setting(name, Takes::Whole { default, fewest, most }, meaning)
}
