//! Reads `faults`, in a scenario or alone in a profile: each entry against the closed list of faults. Its settings are read
//! in `fault_setting`, its trigger in `fault_trigger`.

use super::block::Block;
use super::fault_setting::{conflicting_settings, push, setting, whole};
use super::fault_trigger::when;
use super::fields::{items, scalar, switch};
use super::problems::{Problem, Problems, Span};
use super::tree::{Entry, Kind, Node};
use crate::diagnostic::{Code, Place};
use crate::faults::{self, Clash, FAULTS_MAX, Fault, FaultFact, Mark, Only, Values, find};
use crate::spelling::{nearest, tick};
use crate::vendors::Vendor;
use std::sync::Arc;

const EXAMPLE: &str = "faults: [{ fault: duplicate, push: \"*:end\" }]";
const ENTRY: &str = "write `- { fault: duplicate, push: \"*:end\" }`";
/// The largest number of a call, of a match, of an attempt.
pub(super) const NUMBER_MAX: u64 = 1_000_000;
/// The keys of every fault, whatever its settings.
const COMMON: [&str; 6] = ["fault", "push", "call", "target", "when", "may_idle"];

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
    let (file, text): (Arc<str>, Arc<str>) = (source.name.into(), source.text.into());
    for item in items.iter().take(FAULTS_MAX) {
        let span = (item.span.start, item.span.end);
        let mark = Mark { file: Arc::clone(&file), span, text: Arc::clone(&text) };
        if let Some(fault) = one(item, mark, all, problems) {
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

fn one(node: &Node, mark: Mark, all: &[&'static dyn Vendor], problems: &mut Problems) -> Option<Fault> {
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
    let target = target.and_then(|target| u32::try_from(target).ok());
    let may_idle = entry("may_idle").and_then(|entry| switch(&entry.value, "`may_idle`", problems)).unwrap_or(false);
    if push == Some(None) {
        return None;
    }
    let line = Place::new(&mark.text, &node.span).line;
    let fact = fact?;
    Some(Fault {
        fact,
        kind: fact.with(&settings?),
        only: Only::new(&glob, call, target),
        when,
        may_idle,
        place: format!("{}:{line}", mark.file),
        mark,
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
                format!(
                    "`{}` has nothing to set; every fault takes `push`, `call`, `target`, `when` and `may_idle`",
                    fact.name
                )
            }
            false => {
                format!(
                    "it takes {}, and like every fault `push`, `call`, `target`, `when` and `may_idle`",
                    settings.join(", ")
                )
            }
        }
    };
    let message = format!("`{}` has no setting {}", fact.name, tick(&entry.key));
    problems.add(Problem::new(Code::UnknownKey, &entry.at, message).help(help));
}
