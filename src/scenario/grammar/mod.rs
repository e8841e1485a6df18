//! The language as data: every key and verb, what each takes and what it means. The readers of a scenario know no other
//! keys and verbs than these, and the schema for editors is made of them; how a value is read is decided elsewhere.

mod probe;
mod sign;
mod snapshot;
mod steps;
mod tables;
mod words;

pub use super::script::STEPS_MAX;
pub use words::Words;

pub(super) use probe::PROBE;
pub(super) use sign::SIGN;
pub(super) use snapshot::{REDACTION, SNAPSHOT};
pub(super) use steps::*;
pub(super) use tables::*;

use super::script::fits;
use super::subject::SUBJECTS;
use super::verb::Verb;

/// Names that every script has, and that no file can declare: the customer and the platform.
pub const RESERVED: [&str; 2] = ["customer", "system"];

/// A set of keys that stands for one thing.
#[derive(Debug)]
pub struct Table {
    /// What the thing is, in one word: distinct from all other tables'.
    pub name: &'static str,
    /// What it is, as a sentence without its full stop.
    pub meaning: &'static str,
    /// Its keys, in the order in which they are told.
    pub keys: &'static [Key],
}

impl Table {
    /// Whether all of it may be left out, so that its key can stand without a value.
    pub fn may_be_empty(&self) -> bool {
        self.keys.iter().all(|key| key.need == Need::Optional)
    }
}

/// A key.
#[derive(Debug)]
pub struct Key {
    /// The key itself.
    pub name: &'static str,
    /// Whether it must be there.
    pub need: Need,
    /// The forms that its value can have.
    pub takes: &'static [Takes],
    /// What it means, as a sentence without its full stop.
    pub meaning: &'static str,
}

const fn required(name: &'static str, takes: &'static [Takes], meaning: &'static str) -> Key {
    Key { name, need: Need::Required, takes, meaning }
}

const fn optional(name: &'static str, takes: &'static [Takes], meaning: &'static str) -> Key {
    Key { name, need: Need::Optional, takes, meaning }
}

/// Whether a key must be there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Need {
    /// It may be left out.
    Optional,
    /// It must be there.
    Required,
    /// It must be there where another key has this word, and must not be there otherwise.
    Where(&'static str, &'static str),
    /// It may be there where another key has this word, and must not be there otherwise.
    Only(&'static str, &'static str),
    /// It must be there unless this other key is, and must not be there beside it.
    Unless(&'static str),
}

/// What a value can be.
#[derive(Debug, Clone, Copy)]
pub enum Takes {
    /// A text, which is taken as it is written, whatever it looks like.
    Text,
    /// An argument of a command: any text, be it empty.
    Argument,
    /// A phone number.
    Phone,
    /// An area code with its leading zero.
    AreaCode,
    /// Keys of a telephone.
    Keys,
    /// A whole number.
    Whole {
        /// The largest one.
        largest: u64,
        /// Whether it may be negative.
        signed: bool,
    },
    /// A percentage.
    Percent,
    /// `true` or `false`.
    Switch,
    /// A length of time.
    Length,
    /// A length of time that is not zero.
    LengthAboveZero,
    /// A length of time, or a range of them.
    Range,
    /// One of several words.
    Word(Words),
    /// The name of an agent, a queue or a task.
    Name,
    /// The name of an agent or an outside party.
    Third,
    /// That, or the customer.
    WithPhone,
    /// That, or the platform.
    Anybody,
    /// The address of a receiver.
    Address,
    /// The address that a probe asks, with places for values.
    Question,
    /// The name of a header.
    HeaderName,
    /// Names of headers with their values.
    Headers,
    /// A text that can begin the value of a header.
    Prefix,
    /// Variables with their values.
    Variables,
    /// The name of a push with its vendor, perhaps with `*` and `?`.
    Push,
    /// A secret, or where it is found.
    Secret,
    /// Any value.
    Any,
    /// What can be set for each vendor.
    Options,
    /// The list of faults.
    Faults,
    /// A number of an attempt, or a range of them.
    Attempts,
    /// A status of an answer, or a class of them.
    Status,
    /// `true` and nothing else.
    True,
    /// What the headers of an answer have to look like.
    ExpectedHeaders,
    /// What JSON has to look like.
    ExpectedJson,
    /// What a text has to look like.
    ExpectedText,
    /// What the figures of a load keep to.
    Threshold,
    /// A place in JSON: a JSONPath or a JSON Pointer.
    PlaceInJson,
    /// Any of these.
    OneOf(&'static [Takes]),
    /// The list of steps.
    Script,
    /// Keys of its own.
    Table(&'static Table),
    /// Names of one's own, each with keys.
    Named(&'static Table),
    /// The name of one agent, with one of these values.
    OfOneAgent(&'static [Takes]),
    /// A list.
    List {
        /// What each entry is.
        of: &'static Takes,
        /// The fewest entries.
        fewest: usize,
        /// The most entries; `None` where there is no limit but that of the file.
        most: Option<usize>,
        /// Whether no two entries can be the same.
        distinct: bool,
    },
}

/// A verb of a script.
#[derive(Debug)]
pub struct Step {
    /// The verb.
    pub word: &'static str,
    /// Whether it can stand without a value.
    pub alone: bool,
    /// The forms that its value can have; none where it never has one.
    pub takes: &'static [Takes],
    /// What happens, as a sentence without its full stop.
    pub meaning: &'static str,
}

/// What a scenario can be about.
#[derive(Debug)]
pub struct Subject {
    /// The key that says so.
    pub key: &'static str,
    /// The verbs of its script, in the order in which they are told.
    pub verbs: Vec<&'static str>,
}

/// The keys of a whole file.
pub fn file() -> &'static Table {
    &FILE
}

/// The keys that every fault has besides its name and its settings.
pub fn fault_keys() -> &'static [Key] {
    FAULT_KEYS
}

/// Every verb.
pub fn steps() -> Vec<Step> {
    let step = |(verb, word): (Verb, _)| {
        let Shape { alone, takes, meaning } = verb.shape();
        Step { word, alone, takes, meaning }
    };
    Verb::ALL.iter().map(|(verb, word, ..)| step((*verb, word))).collect()
}

/// Every subject.
pub fn subjects() -> Vec<Subject> {
    let of = |(key, _, about)| {
        let verbs = Verb::ALL.iter().filter(|(.., belongs)| fits(belongs, about)).map(|(_, word, _)| *word).collect();
        Subject { key, verbs }
    };
    SUBJECTS.into_iter().map(of).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every table that a file can hold.
    fn tables() -> Vec<&'static Table> {
        fn walk(takes: &'static [Takes], found: &mut Vec<&'static Table>) {
            for takes in takes {
                match takes {
                    Takes::Table(table) | Takes::Named(table)
                        if !found.iter().any(|known| known.name == table.name) =>
                    {
                        found.push(table);
                        table.keys.iter().for_each(|key| walk(key.takes, found));
                    }
                    Takes::List { of, .. } => walk(std::slice::from_ref(of), found),
                    Takes::OfOneAgent(values) | Takes::OneOf(values) => walk(values, found),
                    _ => {}
                }
            }
        }
        let mut found = vec![&FILE];
        FILE.keys.iter().for_each(|key| walk(key.takes, &mut found));
        steps().iter().for_each(|step| walk(step.takes, &mut found));
        found
    }

    #[test]
    fn every_key_and_verb_says_what_it_means_once() {
        for table in tables() {
            let mut names: Vec<_> = table.keys.iter().map(|key| key.name).collect();
            names.sort_unstable();
            names.dedup();
            assert_eq!(names.len(), table.keys.len(), "{}", table.name);
            for key in table.keys {
                assert!(!key.meaning.is_empty() && !key.takes.is_empty(), "{}.{}", table.name, key.name);
            }
        }
        for step in steps() {
            assert!(!step.meaning.is_empty() && (step.alone || !step.takes.is_empty()), "{}", step.word);
        }
    }
}
