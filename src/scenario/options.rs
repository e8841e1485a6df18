//! Reads `vendors` and `options`, and checks them against what each vendor says of itself.

use super::fields::{choice, no_choice, scalar, switch, text, value};
use super::problems::{Problem, Problems, Span};
use super::tree::{Entry, Kind, Node};
use super::value::{duration, integer, json};
use crate::diagnostic::Code;
use crate::spelling::{did_you_mean, listed, nearest, tick};
use crate::vendors::{GivenOptions, OptionFact, OptionKind, OptionValue, Vendor};
use std::collections::BTreeMap;

/// The vendors that a scenario is for. One alone need not stand in a list.
pub(super) fn vendors(node: &Node, all: &[&'static dyn Vendor], problems: &mut Problems) -> Option<Vec<&'static str>> {
    let items = match &node.kind {
        Kind::List(items) => items.as_slice(),
        Kind::Scalar { .. } => std::slice::from_ref(node),
        Kind::Nothing | Kind::Map(_) => &[],
    };
    if items.is_empty() {
        let message = format!("`vendors` is a list of vendors, but this is {}", or_empty(node));
        let help = format!("write `vendors: [{}]`, or take it out to play every vendor", ids(all).join(", "));
        problems.add(Problem::new(Code::WrongKind, &node.span, message).help(help));
    }
    let mut vendors: Vec<&'static str> = Vec::new();
    for item in items {
        if problems.are_enough() {
            break;
        }
        let Some(name) = scalar(item, "an entry of `vendors`", "the name of a vendor", problems) else { continue };
        match vendor(name, &item.span, all, problems).map(Vendor::id) {
            Some(id) if vendors.contains(&id) => {
                let problem = Problem::new(Code::Twice, &item.span, format!("the vendor {} is named twice", tick(id)));
                problems.add(problem.help("keep one of the two"));
            }
            Some(id) => vendors.push(id),
            None => {}
        }
    }
    Some(vendors)
}

/// What a scenario sets for each vendor.
pub(super) fn options(
    entry: &Entry,
    all: &[&'static dyn Vendor],
    problems: &mut Problems,
) -> BTreeMap<&'static str, GivenOptions> {
    let mut options = BTreeMap::new();
    let Kind::Map(entries) = &entry.value.kind else {
        let message = format!("`options` has a key for each vendor, but this is {}", entry.value.kind_in_words());
        let help = format!("write `options: {{ {}: {{ ... }} }}`", ids(all).first().unwrap_or(&"vendor"));
        problems.add(Problem::new(Code::WrongKind, &entry.value.span, message).help(help));
        return options;
    };
    for entry in entries {
        if let Some(vendor) = options_vendor(entry, all, problems) {
            options.insert(vendor.id(), settings(entry, vendor, all, problems));
        }
    }
    options
}

fn options_vendor(entry: &Entry, all: &[&'static dyn Vendor], problems: &mut Problems) -> Option<&'static dyn Vendor> {
    let owners: Vec<&str> = all
        .iter()
        .filter(|vendor| vendor.options().iter().any(|fact| fact.name == entry.key))
        .map(|vendor| vendor.id())
        .collect();
    if let Some(owner) = owners.first() {
        let message = format!(
            "{} is an option of {}, and stands here without the vendor",
            tick(&entry.key),
            listed(owners.iter().copied())
        );
        let help = format!("write `options: {{ {owner}: {{ {}: ... }} }}`", entry.key);
        problems.add(Problem::new(Code::UnknownKey, &entry.at, message).help(help));
        return None;
    }
    vendor(&entry.key, &entry.at, all, problems)
}

fn vendor(
    name: &str,
    span: &Span,
    all: &[&'static dyn Vendor],
    problems: &mut Problems,
) -> Option<&'static dyn Vendor> {
    let found = all.iter().copied().find(|vendor| vendor.id() == name);
    if found.is_none() {
        let known = ids(all);
        let meant = known.iter().find(|id| {
            let letters = |text: &str| text.to_lowercase().replace(|c: char| !c.is_ascii_alphabetic(), "");
            !name.is_empty() && letters(id) == letters(name)
        });
        let separate: Vec<&str> = name.split([',', ' ']).filter(|part| !part.is_empty()).collect();
        let help = match meant {
            None if separate.len() > 1 && separate.iter().all(|part| known.contains(part)) => {
                format!("write a list: `[{}]`", separate.join(", "))
            }
            Some(id) => format!("did you mean {}?", tick(id)),
            None => did_you_mean(name, &known, "the vendors are"),
        };
        problems.add(Problem::new(Code::UnknownName, span, format!("no vendor is called {}", tick(name))).help(help));
    }
    found
}

fn settings(
    entry: &Entry,
    vendor: &'static dyn Vendor,
    all: &[&'static dyn Vendor],
    problems: &mut Problems,
) -> GivenOptions {
    let mut settings = GivenOptions::defaults(vendor.options());
    let entries = match &entry.value.kind {
        Kind::Map(entries) => entries.as_slice(),
        Kind::Nothing => &[],
        Kind::Scalar { .. } | Kind::List(_) => {
            let message = format!(
                "the options of {} are a set of keys, but this is {}",
                vendor.id(),
                entry.value.kind_in_words()
            );
            let help = format!("`ringback list options --vendor {}` lists them", vendor.id());
            problems.add(Problem::new(Code::WrongKind, &entry.value.span, message).help(help));
            &[]
        }
    };
    for entry in entries {
        match vendor.options().iter().find(|fact| fact.name == entry.key) {
            Some(fact) => {
                if let Some(setting) = setting(&entry.value, fact, problems) {
                    settings.insert(fact.name, setting);
                }
            }
            None => {
                let help = option_help(&entry.key, vendor, all);
                let message = format!("{} has no option {}", vendor.id(), tick(&entry.key));
                problems.add(Problem::new(Code::UnknownKey, &entry.at, message).help(help));
            }
        }
    }
    settings
}

/// What to do about an option that a vendor has not: it is another vendor's, or is called almost so.
pub fn option_help(name: &str, vendor: &dyn Vendor, all: &[&'static dyn Vendor]) -> String {
    let owners: Vec<&str> = all
        .iter()
        .filter(|other| other.options().iter().any(|fact| fact.name == name))
        .map(|other| other.id())
        .collect();
    if !owners.is_empty() {
        return format!("it is an option of {}, not of {}", listed(owners), tick(vendor.id()));
    }
    let names = |vendor: &dyn Vendor| vendor.options().iter().map(|fact| fact.name);
    if let Some(near) = nearest(name, names(vendor)) {
        return format!("did you mean {}?", tick(near));
    }
    let near = all.iter().find_map(|other| Some((nearest(name, names(*other))?, other.id())));
    match near {
        Some((near, owner)) => format!("did you mean {}, which is an option of {}?", tick(near), tick(owner)),
        None => format!("`ringback list options --vendor {}` lists what there is", vendor.id()),
    }
}

fn setting(node: &Node, fact: &OptionFact, problems: &mut Problems) -> Option<OptionValue> {
    let what = tick(fact.name);
    match fact.kind {
        OptionKind::Switch(_) => switch(node, &what, problems).map(OptionValue::Switch),
        OptionKind::Text(_) => text(node, &what, problems).map(OptionValue::Text),
        OptionKind::Integer(_) => value(node, (&what, "a whole number"), problems, integer).map(OptionValue::Integer),
        OptionKind::Duration(_) => {
            value(node, (&what, "a length of time such as `60s`"), problems, duration).map(OptionValue::Duration)
        }
        OptionKind::Choice(words) => word(node, &what, words, problems).map(OptionValue::Text),
        OptionKind::List => list(node, &what, problems).map(OptionValue::List),
        OptionKind::Any => Some(OptionValue::Any(json(node, problems))),
    }
}

fn word(node: &Node, what: &str, words: &[&'static str], problems: &mut Problems) -> Option<String> {
    let pairs: Vec<_> = words.iter().map(|word| (*word, *word)).collect();
    if !matches!(node.kind, Kind::Scalar { .. }) {
        problems.add(no_choice(node.kind_in_words(), what, words.iter().copied(), &node.span));
        return None;
    }
    choice(node, what, &pairs, problems).map(str::to_owned)
}

fn list(node: &Node, what: &str, problems: &mut Problems) -> Option<Vec<String>> {
    let items = super::fields::items(node, what, &format!("{}: [a, b]", what.trim_matches('`')), problems)?;
    items.iter().map(|item| text(item, &format!("an entry of {what}"), problems)).collect()
}

fn ids(all: &[&'static dyn Vendor]) -> Vec<&'static str> {
    all.iter().map(|vendor| vendor.id()).collect()
}

fn or_empty(node: &Node) -> &'static str {
    match &node.kind {
        Kind::List(items) if items.is_empty() => "an empty list",
        _ => node.kind_in_words(),
    }
}
