//! Reads `faults`, in a scenario or alone in a profile: each entry against the closed list of faults.

use super::block::Block;
use super::fields::{Fields, choice, items, no_choice, scalar, text, value};
use super::overrides::{unknown_field, unknown_push};
use super::problems::{Problem, Problems, Span};
use super::tree::{Entry, Kind, Node};
use super::value::{self, Wrong, duration, header_name, header_value, integer, percent, span};
use crate::diagnostic::{Code, Place};
use crate::faults::event::Event;
use crate::faults::{
    self, Clash, FAULTS_MAX, Fault, FaultFact, Layer, Only, Setting, Takes, Value, Values, When, find,
};
use crate::spelling::{nearest, tick};
use crate::vendors::Vendor;
use std::ops::RangeInclusive;
use std::time::Duration;

const EXAMPLE: &str = "faults: [{ fault: duplicate, push: \"*:end\" }]";
const ENTRY: &str = "write `- { fault: duplicate, push: \"*:end\" }`";
/// The largest number of a call, of a match, of an attempt.
pub(super) const NUMBER_MAX: u64 = 1_000_000;
/// The keys of every fault, whatever its settings.
const COMMON: [&str; 5] = ["fault", "push", "call", "target", "when"];

/// Words that people bring along from elsewhere, with the name here.
const OTHER_NAMES: [(&str, &str); 12] = [
    ("latency", "delay"),
    ("timeout", "delay"),
    ("dup", "duplicate"),
    ("repeat", "duplicate"),
    ("replay", "stale-retry"),
    ("retry", "lost-ack"),
    ("loss", "drop"),
    ("lose", "drop"),
    ("shuffle", "reorder"),
    ("corrupt", "bad-utf8"),
    ("malformed-json", "bad-json"),
    ("outage", "blackout"),
];

/// Where faults are read from.
#[derive(Clone, Copy)]
pub(super) struct Source<'a> {
    /// The file, as its user named it.
    pub name: &'a str,
    /// Its text.
    pub text: &'a str,
}

/// The faults of a file, in order.
pub(super) fn read(
    node: &Node,
    source: Source<'_>,
    all: &[&'static dyn Vendor],
    problems: &mut Problems,
) -> Vec<Fault> {
    let Some(items) = items(node, "`faults`", EXAMPLE, problems) else { return Vec::new() };
    if let Some(first) = items.get(FAULTS_MAX) {
        let message = format!("`faults` has {} entries, more than {FAULTS_MAX}", items.len());
        problems.add(Problem::new(Code::TooLarge, &first.span, message).help("split them into several profiles"));
    }
    let noted = problems.count();
    let mut spans: Vec<Span> = Vec::new();
    let mut read: Vec<Fault> = Vec::new();
    for item in items.iter().take(FAULTS_MAX) {
        if let Some(fault) = one(item, source, all, problems) {
            spans.push(item.span.clone());
            read.push(fault);
        }
    }
    // An entry that is not yet what it is meant to be contradicts nothing.
    if problems.count() > noted {
        return read;
    }
    for Clash { first, second, reason, help } in faults::clashes(&read.iter().collect::<Vec<_>>(), &pushes(all)) {
        let problem = Problem::new(Code::Contradiction, &spans[second], reason).help(help);
        problems.add(problem.also(&spans[first], "the other one"));
    }
    read
}

/// Every push that there is.
pub(super) fn pushes(all: &[&'static dyn Vendor]) -> Vec<String> {
    let named = |vendor: &&'static dyn Vendor| {
        vendor.pushes().iter().map(|push| format!("{}:{}", vendor.id(), push.name)).collect::<Vec<_>>()
    };
    all.iter().flat_map(named).collect()
}

fn one(node: &Node, source: Source<'_>, all: &[&'static dyn Vendor], problems: &mut Problems) -> Option<Fault> {
    let entries = match &node.kind {
        Kind::Map(entries) => entries.as_slice(),
        Kind::Scalar { text, .. } if find(text).is_some() => {
            let message = format!("a fault is a set of keys, but this is the word {}", tick(text));
            let help = format!("write `- {{ fault: {text} }}`");
            problems.add(Problem::new(Code::WrongKind, &node.span, message).help(help));
            return None;
        }
        Kind::Nothing | Kind::Scalar { .. } | Kind::List(_) => {
            let message = format!("a fault is a set of keys, but this is {}", node.kind_in_words());
            problems.add(Problem::new(Code::WrongKind, &node.span, message).help(ENTRY));
            return None;
        }
    };
    let entry = |key: &str| entries.iter().find(|entry| entry.key == key);
    let fact = match entry("fault") {
        Some(named) => fact(&named.value, problems),
        None => {
            no_name(node, entries, problems);
            None
        }
    };
    let mut settings: Option<Values> = fact.map(|fact| Values::new(fact.settings));
    let push = entry("push").map(|entry| push(&entry.value, all, problems));
    let glob = push.clone().flatten().unwrap_or_else(|| "*".to_owned());
    if let (Some(fact), Some(values)) = (fact, &mut settings) {
        for entry in entries.iter().filter(|entry| !COMMON.contains(&entry.key.as_str())) {
            match fact.settings.iter().find(|setting| setting.name == entry.key) {
                Some(known) => {
                    if let Some(value) = setting(&entry.value, known, &glob, all, problems) {
                        values.give(known.name, value);
                    }
                }
                None => unknown(entry, fact, problems),
            }
        }
        conflicting_settings(fact, entries, problems);
    }
    let number = |key: &'static str, problems: &mut Problems| {
        entry(key).and_then(|entry| {
            let what = tick(key);
            whole(&entry.value, &what, 1..=NUMBER_MAX, problems)
        })
    };
    let (call, target) = (number("call", problems), number("target", problems));
    let when = entry("when").and_then(|entry| when(entry, fact, problems)).unwrap_or_default();
    if push == Some(None) {
        return None;
    }
    let target = target.and_then(|target| u32::try_from(target).ok());
    let line = Place::new(source.text, &node.span).line;
    let fact = fact?;
    Some(Fault {
        fact,
        kind: fact.with(&settings?),
        only: Only::new(&glob, call, target),
        when,
        place: format!("{}:{line}", source.name),
    })
}

/// Says that an entry names no fault, and what it was probably meant to be.
fn no_name(node: &Node, entries: &[Entry], problems: &mut Problems) {
    // `- duplicate: { ... }`, as steps of a script are written, and `type:` or `name:`, as elsewhere.
    if let Some(entry) = entries.iter().find(|entry| find(&entry.key).is_some()) {
        let message = format!("the name of a fault is the value of `fault`, and {} is a key here", tick(&entry.key));
        let help = format!("write `- {{ fault: {}, ... }}`", entry.key);
        problems.add(Problem::new(Code::MissingKey, &entry.at, message).help(help));
        return;
    }
    let at = entries.first().map_or(&node.span, |entry| &entry.at);
    let meant = entries.iter().find(|entry| {
        ["type", "name", "kind", "fualt", "falut"].contains(&entry.key.as_str())
            || nearest(&entry.key, ["fault"]).is_some()
    });
    let (at, help) = match meant {
        Some(entry) => (&entry.at, "write `fault` in place of this key".to_owned()),
        None => (at, "add `fault: duplicate`; `ringback list faults` lists what there is".to_owned()),
    };
    problems.add(Problem::new(Code::MissingKey, at, "an entry of `faults` needs a `fault`").help(help));
}

fn fact(node: &Node, problems: &mut Problems) -> Option<&'static FaultFact> {
    let name = scalar(node, "`fault`", "the name of a fault", problems)?;
    let found = find(name);
    if found.is_none() {
        let plain = name.to_ascii_lowercase().replace(['_', ' '], "-");
        let meant = find(&plain)
            .map(|fact| fact.name)
            .or_else(|| OTHER_NAMES.iter().find(|(word, _)| *word == plain).map(|(_, ours)| *ours))
            .or_else(|| nearest(&plain, faults::ALL.iter().map(|fact| fact.name)));
        let help = match meant {
            Some(meant) => format!("did you mean {}?", tick(meant)),
            None => "`ringback list faults` lists what there is".to_owned(),
        };
        let message = format!("no fault is called {}", tick(name));
        problems.add(Problem::new(Code::UnknownName, &node.span, message).help(help));
    }
    found
}

fn push(node: &Node, all: &[&'static dyn Vendor], problems: &mut Problems) -> Option<String> {
    let name = scalar(node, "`push`", "the name of a push", problems)?;
    match unknown_push(name, all) {
        None => Some(name.to_owned()),
        Some(help) => {
            let message = format!("no push is called {}", tick(name));
            problems.add(Problem::new(Code::UnknownName, &node.span, message).help(help));
            None
        }
    }
}

fn unknown(entry: &Entry, fact: &FaultFact, problems: &mut Problems) {
    let known = || COMMON.into_iter().chain(fact.settings.iter().map(|setting| setting.name));
    let help = if Block::When.keys().contains(&entry.key.as_str()) {
        format!("write `when: {{ {}: ... }}`", entry.key)
    } else if let Some(near) = nearest(&entry.key, known()) {
        format!("did you mean {}?", tick(near))
    } else {
        let settings: Vec<_> = fact.settings.iter().map(|setting| tick(setting.name)).collect();
        match settings.is_empty() {
            true => {
                format!("`{}` has nothing to set; every fault takes `push`, `call`, `target` and `when`", fact.name)
            }
            false => {
                format!("it takes {}, and like every fault `push`, `call`, `target` and `when`", settings.join(", "))
            }
        }
    };
    let message = format!("`{}` has no setting {}", fact.name, tick(&entry.key));
    problems.add(Problem::new(Code::UnknownKey, &entry.at, message).help(help));
}

fn conflicting_settings(fact: &FaultFact, entries: &[Entry], problems: &mut Problems) {
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

fn setting(
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
            if let Some(help) = unknown_field(glob, &field, all) {
                let message = format!("{} has no field {}", tick(glob), tick(&field));
                problems.add(Problem::new(Code::UnknownName, &node.span, message).help(help));
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

fn whole(node: &Node, what: &str, range: RangeInclusive<u64>, problems: &mut Problems) -> Option<u64> {
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

fn when(entry: &Entry, fact: Option<&'static FaultFact>, problems: &mut Problems) -> Option<When> {
    if let Kind::Scalar { text, .. } = &entry.value.kind {
        let words = Block::When.keys();
        problems.add(no_choice(text, "`when`", words.into_iter(), &entry.value.span).help("write `when: { nth: 2 }`"));
        return None;
    }
    let fields = Fields::open(&entry.value, &entry.at, Block::When, problems)?;
    let number = |key: &'static str, fewest: u64, problems: &mut Problems| {
        let number = fields.optional(key).and_then(|node| whole(node, &tick(key), fewest..=NUMBER_MAX, problems));
        number.and_then(|number| u32::try_from(number).ok())
    };
    let (nth, every) = (number("nth", 1, problems), number("every", 2, problems));
    let between = fields.optional("between").and_then(|node| {
        let range = value(node, ("`between`", "a range of scenario time such as `10s..20s`"), problems, span)?;
        if range.shortest == range.longest {
            let message = "`between` takes two moments, and this is one";
            problems.add(Problem::new(Code::BadValue, &node.span, message).help("write `between: 10s..20s`"));
        }
        Some((range.shortest, range.longest))
    });
    let rate = fields.optional("rate").and_then(|node| {
        let rate = value(node, ("`rate`", "a percentage such as `20%`"), problems, percent)?;
        if rate == 0.0 {
            let message = "a rate of nothing never hits";
            problems.add(
                Problem::new(Code::BadValue, &node.span, message).help("write `rate: 20%`, or take the fault out"),
            );
        }
        Some(rate)
    });
    let attempts = fields
        .optional("attempts")
        .and_then(|node| value(node, ("`attempts`", "a number or a range such as `1..2`"), problems, attempts));
    if let (Some(first), Some(second)) = (fields.entry("nth"), fields.entry("every")) {
        let (first, second) = if first.at.start < second.at.start { (first, second) } else { (second, first) };
        let problem = Problem::new(Code::Contradiction, &second.at, "`nth` and `every` are two ways to count");
        problems.add(problem.also(&first.at, "the first way").help("keep one of the two"));
    }
    if let (Some(entry), Some(fact)) = (fields.entry("attempts"), fact)
        && is_before_attempts(fact)
    {
        let message = format!("`{}` has done its work before the first attempt", fact.name);
        let help = "take `attempts` out; it is for `lost-ack` and for the faults of the other layers";
        problems.add(Problem::new(Code::Contradiction, &entry.at, message).help(help));
    }
    Some(When { nth, every, between, rate, attempts })
}

/// Whether a fault moves and repeats whole deliveries.
fn is_before_attempts(fact: &FaultFact) -> bool {
    let lost_ack = matches!(fact.with(&Values::new(fact.settings)), faults::Kind::Event(Event::LostAck(_)));
    fact.layer == Layer::Event && !lost_ack
}

/// `2`, or `1..2`.
fn attempts(text: &str) -> Result<(u32, u32), Wrong> {
    let wrong = |reason: String, help: &str| Wrong { reason, help: help.to_owned() };
    let number = |text: &str| {
        let number = value::integer(text.trim())?;
        match u32::try_from(number) {
            Ok(0) => Err(wrong("attempts are counted from 1".to_owned(), "the first attempt is `1`")),
            Ok(number) => Ok(number),
            Err(_) => Err(wrong(format!("{} is too large", tick(text)), "write a range such as `1..2`")),
        }
    };
    match text.split_once("..") {
        None => number(text).map(|only| (only, only)),
        Some((first, last)) if first.trim().is_empty() || last.trim().is_empty() => {
            Err(wrong(format!("{} is half a range", tick(text)), "write both ends: `1..2`"))
        }
        Some((first, last)) => {
            let (first, last) = (number(first)?, number(last)?);
            if first > last {
                let help = format!("the smaller end comes first: `{last}..{first}`");
                return Err(wrong(format!("the range {} runs backwards", tick(text)), &help));
            }
            Ok((first, last))
        }
    }
}
