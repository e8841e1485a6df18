//! Reads the settings of one fault, each against its kind and its cap.

use super::fields::{choice, scalar, text, value};
use super::problems::{Problem, Problems};
use super::pushes::{self, has_field, meant};
use super::tree::{Entry, Kind, Node};
use super::value::{duration, header_name, header_value, integer, percent, span};
use crate::diagnostic::Code;
use crate::faults::{FaultFact, Setting, Takes, Value};
use crate::spelling::tick;
use crate::vendors::Vendor;
use std::ops::RangeInclusive;
use std::time::Duration;

/// The push that a fault, or one of its settings, names.
pub(super) fn push(node: &Node, all: &[&'static dyn Vendor], problems: &mut Problems) -> Option<String> {
    let name = scalar(node, "`push`", "the name of a push", problems)?;
    pushes::push(node, name, all, problems)
}

/// GivenOptions of which one makes another one void.
pub(super) fn conflicting_settings(fact: &FaultFact, entries: &[Entry], problems: &mut Problems) {
    let entry = |key: &str| entries.iter().find(|entry| entry.key == key);
    let is_range = |entry: &Entry| matches!(&entry.value.kind, Kind::Scalar { text, .. } if text.contains(".."));
    if let ("reorder", Some(window), Some(before)) = (fact.name, entry("window"), entry("before")) {
        let problem = Problem::new(Code::Contradiction, &before.at, "`window` and `before` are two ways to reorder");
        problems.add(problem.also(&window.at, "the first way").help("keep one of the two"));
    }
    let lognormal = |entry: &&Entry| matches!(&entry.value.kind, Kind::Scalar { text, .. } if text == "lognormal");
    if let Some(shape) = entry("shape").filter(lognormal)
        && fact.name == "delay"
        && !entry("by").is_some_and(is_range)
    {
        let problem = Problem::new(Code::Contradiction, &shape.at, "a delay of one length has no shape");
        problems.add(problem.help("give a range, within which nine in ten delays lie: `by: 1s..20s`"));
    }
}

/// The value of a setting.
pub(super) fn setting(
    node: &Node,
    setting: &Setting,
    glob: &str,
    all: &[&'static dyn Vendor],
    problems: &mut Problems,
) -> Option<Value> {
    let what = tick(setting.name);
    let what = what.as_str();
    match setting.takes {
        Takes::Length { most, .. } => {
            let length = value(node, (what, "a length of time such as `5s`"), problems, duration)?;
            capped(node, what, length, most, problems).then_some(Value::Time(length, length))
        }
        Takes::Range { most, .. } => {
            let range = value(node, (what, "a length of time such as `5s` or `1s..20s`"), problems, span)?;
            let fits = capped(node, what, range.longest, most, problems);
            fits.then_some(Value::Time(range.shortest, range.longest))
        }
        Takes::Whole { fewest, most, .. } => whole(node, what, fewest..=most, problems).map(Value::Whole),
        Takes::Percent => value(node, (what, "a percentage such as `50%`"), problems, percent).map(Value::Share),
        Takes::Word(words) => {
            let pairs: Vec<_> = words.iter().map(|word| (*word, *word)).collect();
            choice(node, what, &pairs, problems).map(|word| Value::Text(word.to_owned()))
        }
        Takes::Text(_) => text(node, what, problems).map(Value::Text),
        Takes::HeaderValue(_) => value(node, (what, "the value of a header"), problems, header_value).map(Value::Text),
        Takes::Header(_) => value(node, (what, "the name of a header"), problems, header_name).map(Value::Text),
        Takes::Push => push(node, all, problems).map(Value::Text),
        Takes::Field => {
            let field = text(node, what, problems)?;
            if let Some(Err(wrong)) = meant(glob, all).ok().map(|meant| has_field(glob, &meant, &field)) {
                problems.add(Problem::new(Code::UnknownName, &node.span, wrong.reason).help(wrong.help));
                return None;
            }
            Some(Value::Text(field))
        }
    }
}

/// Whether a length of time is within its cap.
fn capped(node: &Node, what: &str, length: Duration, most: Duration, problems: &mut Problems) -> bool {
    if length > most {
        let message = format!("{what} is longer than a fault lasts");
        let help = format!("the longest is `{}`", crate::duration::text(most));
        problems.add(Problem::new(Code::TooLarge, &node.span, message).help(help));
    }
    length <= most
}

/// A whole number within a range.
pub(super) fn whole(node: &Node, what: &str, range: RangeInclusive<u64>, problems: &mut Problems) -> Option<u64> {
    let number = value(node, (what, "a whole number"), problems, integer)?;
    if range.contains(&number) {
        return Some(number);
    }
    let (fewest, most) = range.into_inner();
    let message = format!("{what} cannot be {number}");
    let code = if number > most { Code::TooLarge } else { Code::BadValue };
    problems.add(Problem::new(code, &node.span, message).help(format!("it lies between {fewest} and {most}")));
    None
}
