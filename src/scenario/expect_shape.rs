//! Reads what a body, a header or an answer of a probe has to look like: literals, keys, paths and matchers.

use super::places::{hold_places, names_a_value};
use super::problems::{Problem, Problems};
use super::tree::{Entry, Kind, Node};
use super::value::json;
use crate::contract::{At, Bounds, CHECKS, CheckKind, JsonType, Matcher, PathPattern, Pattern, Shape};
use crate::diagnostic::Code;
use crate::spelling::{choices, nearest, tick};
use serde_json::Value;

/// Words that people bring along from elsewhere, with the matcher here.
const OTHER_WORDS: [(&str, &str); 30] = [
    ("regex", "matches"),
    ("regexp", "matches"),
    ("match", "matches"),
    ("pattern", "matches"),
    ("like", "matches"),
    ("starts_with", "matches: \"^...\""),
    ("startswith", "matches: \"^...\""),
    ("ends_with", "matches: \"...$\""),
    ("endswith", "matches: \"...$\""),
    ("eq", "equals"),
    ("equal", "equals"),
    ("is", "equals"),
    ("exactly", "equals"),
    ("ne", "not"),
    ("gt", "at_least"),
    ("gte", "at_least"),
    ("min", "at_least"),
    ("minimum", "at_least"),
    ("lt", "at_most"),
    ("lte", "at_most"),
    ("max", "at_most"),
    ("maximum", "at_most"),
    ("between", "range"),
    ("any_of", "one_of"),
    ("in", "one_of"),
    ("enum", "one_of"),
    ("exists", "present"),
    ("missing", "absent"),
    ("include", "contains"),
    ("includes", "contains"),
];

/// Matchers of texts: headers and texts are nothing else.
const OF_TEXTS: [&str; 8] = ["equals", "matches", "contains", "one_of", "length", "not", "present", "absent"];

/// Whether a value is JSON, or a text such as the value of a header.
#[derive(Clone, Copy, PartialEq)]
enum Of {
    Json,
    Text,
}

/// What JSON has to look like.
pub(super) fn json_shape(node: &Node, problems: &mut Problems) -> Option<Shape> {
    hold_places(node, problems);
    shape(node, Of::Json, problems)
}

/// What a text has to look like; `what` names it for messages.
pub(super) fn text_shape(node: &Node, what: &str, problems: &mut Problems) -> Option<Shape> {
    let help = "write a text, or a matcher such as `{ contains: ok }`";
    let problem = match &node.kind {
        Kind::Scalar { .. } => None,
        Kind::Map(entries) if entries.len() == 1 && OF_TEXTS.contains(&entries[0].key.as_str()) => None,
        Kind::Map(entries) => Some(match entries.as_slice() {
            [only] if is_matcher(&only.key) => {
                (&only.at, format!("{what} is a text, which {} never fits", tick(&only.key)))
            }
            [only] => (&only.at, format!("unknown matcher {}", tick(&only.key))),
            [] => (&node.span, format!("{what} has no value")),
            [_, second, ..] => (&second.at, "a matcher has one key, and this is the second".to_owned()),
        }),
        Kind::Nothing => Some((&node.span, format!("{what} has no value"))),
        Kind::List(_) => Some((&node.span, format!("{what} is a text, but this is a list"))),
    };
    if let Some((at, message)) = problem {
        let help = match &node.kind {
            Kind::Map(entries) => entries
                .first()
                .and_then(|entry| meant(&entry.key))
                .unwrap_or_else(|| format!("the matchers here are {}", choices(OF_TEXTS).replace(" or ", " and "))),
            Kind::Nothing | Kind::Scalar { .. } | Kind::List(_) => help.to_owned(),
        };
        problems.add(Problem::new(Code::BadValue, at, message).help(help));
        return None;
    }
    hold_places(node, problems);
    shape(node, Of::Text, problems)
}

fn shape(node: &Node, of: Of, problems: &mut Problems) -> Option<Shape> {
    match &node.kind {
        Kind::Scalar { text, .. } if of == Of::Text => Some(Shape::Is(Value::from(text.as_str()))),
        Kind::Nothing | Kind::Scalar { .. } => Some(Shape::Is(json(node, problems))),
        Kind::List(items) => {
            // All of them are read, so that no problem is missed.
            let shapes: Vec<_> = items.iter().map(|item| shape(item, of, problems)).collect();
            shapes.into_iter().collect::<Option<_>>().map(Shape::Items)
        }
        Kind::Map(entries) => match entries.as_slice() {
            [only] if is_matcher(&only.key) => matcher(only, of, problems).map(Shape::Fits),
            [only] if meant(&only.key).is_some() => {
                let key = &only.key;
                let message = format!("unknown matcher {}", tick(key));
                let help = or_a_key(&meant(key).unwrap_or_default(), key);
                problems.add(Problem::new(Code::BadValue, &only.at, message).help(help));
                None
            }
            [_, second, ..] if entries.iter().all(|entry| is_matcher(&entry.key)) => {
                let message = "a matcher has one key, and this is the second";
                let bounds = entries.iter().all(|entry| matches!(entry.key.as_str(), "at_least" | "at_most"));
                let help = match bounds {
                    true => "write `{ range: 1..10 }`".to_owned(),
                    false => format!("keep one; if the body has a key of this name, write `/{}: ...`", second.key),
                };
                problems.add(Problem::new(Code::BadValue, &second.at, message).help(help));
                None
            }
            entries => {
                let keys: Vec<_> = entries.iter().map(|entry| key(entry, problems)).collect();
                keys.into_iter().collect::<Option<_>>().map(Shape::Keys)
            }
        },
    }
}

/// A key, a path or a pointer, with what is expected there.
fn key(entry: &Entry, problems: &mut Problems) -> Option<(At, Shape)> {
    let text = entry.key.as_str();
    let at = match text.chars().next() {
        Some('$') => match PathPattern::parse(text) {
            Ok(path) => Some(At::Path(Box::new(path))),
            Err(why) => {
                let message = format!("{} is no JSONPath: {why}", tick(text));
                let help =
                    "a path goes from the body down: `$.call.state`, `$.calls[0].id`, `$.calls[*].id`, `$['odd key']`";
                problems.add(Problem::new(Code::BadValue, &entry.at, message).help(help));
                None
            }
        },
        Some('/') => match text.split('~').skip(1).all(|behind| behind.starts_with(['0', '1'])) {
            true => Some(At::Pointer(text.to_owned())),
            false => {
                let message = format!("{} is no JSON Pointer", tick(text));
                let help = "in a pointer `~` is written `~0` and `/` within a key `~1`";
                problems.add(Problem::new(Code::BadValue, &entry.at, message).help(help));
                None
            }
        },
        _ => Some(At::Key(text.to_owned())),
    };
    let shape = shape(&entry.value, Of::Json, problems);
    Some((at?, shape?))
}

/// The help for a matcher, and for a body that has a key of its name.
fn or_a_key(help: &str, key: &str) -> String {
    let joined = if help.ends_with('?') { " If" } else { "; if" };
    format!("{help}{joined} the body has a key {}, write `/{key}: ...`", tick(key))
}

fn is_matcher(key: &str) -> bool {
    CHECKS.iter().any(|fact| fact.kind == CheckKind::Matcher && fact.name == key)
}

/// What to do about a key that was most likely meant for a matcher.
fn meant(key: &str) -> Option<String> {
    let plain = key.trim_start_matches('$').to_ascii_lowercase().replace('-', "_");
    if let Some((_, ours)) = OTHER_WORDS.iter().find(|(word, _)| *word == plain && !key.starts_with("$.")) {
        let write = if ours.contains(':') { (*ours).to_owned() } else { format!("{ours}: ...") };
        return Some(format!("write `{{ {write} }}`"));
    }
    let names = || CHECKS.iter().filter(|fact| fact.kind == CheckKind::Matcher).map(|fact| fact.name);
    // A key of a body may well look a little like a matcher; one that is a letter off hardly is a key.
    let near = nearest(&plain, names())?;
    let is_near = near.len().abs_diff(plain.len()) <= 1 && near.len() > 3 && !is_matcher(key);
    is_near.then(|| format!("did you mean {}?", tick(near)))
}

fn matcher(entry: &Entry, of: Of, problems: &mut Problems) -> Option<Matcher> {
    let node = &entry.value;
    if entry.key == "matches" && !problems.has_room_for_pattern(&node.span) {
        return None;
    }
    let mut wrong = |message: String, help: &str| {
        let help = if of == Of::Json { or_a_key(help, &entry.key) } else { help.to_owned() };
        problems.add(Problem::new(Code::BadValue, &node.span, message).help(help));
        None
    };
    let text = match &node.kind {
        Kind::Scalar { text, .. } => Some(text.as_str()),
        Kind::Nothing | Kind::List(_) | Kind::Map(_) => None,
    };
    match entry.key.as_str() {
        "equals" if of == Of::Text => match text {
            Some(text) => Some(Matcher::Equals(Value::from(text))),
            None => wrong("`equals` takes a text here".to_owned(), "write `{ equals: ok }`"),
        },
        "equals" => Some(Matcher::Equals(json(node, problems))),
        "matches" => match text.map(|text| (text, Pattern::compile(text))) {
            Some((_, Ok(pattern))) => Some(Matcher::Matches(pattern)),
            Some((text, Err(_))) if names_a_value(text) => wrong(
                format!("{} is no regular expression: a pattern names no values of the story", tick(text)),
                "write `{ contains: \"{call.id}\" }`, or the whole text",
            ),
            Some((text, Err(why))) => wrong(
                format!("{} is no regular expression: {why}", tick(text)),
                "best in single quotes, in which a backslash stays one: `{ matches: '^\\d+$' }`",
            ),
            None => wrong("`matches` takes a regular expression".to_owned(), "write `{ matches: '^\\d+$' }`"),
        },
        "type" => types(node, &mut wrong),
        "range" => match text.filter(|text| text.contains("..")).map(|text| range(text, number)) {
            Some(Some(bounds @ Bounds { least: Some(_), most: Some(_) })) => Some(Matcher::Number(bounds)),
            _ => wrong("`range` takes two numbers, the smaller one first".to_owned(), "write `{ range: 1..10 }`"),
        },
        key @ ("at_least" | "at_most") => match text.and_then(number) {
            Some(number) if key == "at_least" => Some(Matcher::Number(Bounds { least: Some(number), most: None })),
            Some(number) => Some(Matcher::Number(Bounds { least: None, most: Some(number) })),
            None => wrong(format!("`{key}` takes a number"), &format!("write `{{ {key}: 10 }}`")),
        },
        "length" => match text.and_then(|text| range(text, |text| text.trim().parse::<u32>().ok().map(f64::from))) {
            Some(bounds) => Some(Matcher::Length(bounds)),
            None => wrong(
                "`length` takes a whole number or a range".to_owned(),
                "write `{ length: 3 }` or `{ length: 1..3 }`",
            ),
        },
        "contains" => match shape(node, of, problems)? {
            Shape::Fits(Matcher::Absent | Matcher::Present) => {
                let problem = Problem::new(Code::BadValue, &node.span, "`contains` takes a text or an item");
                problems.add(problem.help("write `{ length: 1.. }` where any item will do"));
                None
            }
            part => Some(Matcher::Contains(Box::new(part))),
        },
        "one_of" => match &node.kind {
            Kind::List(items) if !items.is_empty() => {
                let shapes: Vec<_> = items.iter().map(|item| shape(item, of, problems)).collect();
                shapes.into_iter().collect::<Option<_>>().map(Matcher::OneOf)
            }
            _ => wrong("`one_of` takes a list of values".to_owned(), "write `{ one_of: [ended, closed] }`"),
        },
        "not" => match shape(node, of, problems)? {
            Shape::Fits(Matcher::Absent) | Shape::Fits(Matcher::Present) => {
                let problem = Problem::new(Code::BadValue, &node.span, "`not` takes a value, or a matcher of values");
                problems.add(problem.help("write `{ present: true }` or `{ absent: true }` alone"));
                None
            }
            part => Some(Matcher::Not(Box::new(part))),
        },
        key @ ("present" | "absent") => match text {
            Some("true") if key == "present" => Some(Matcher::Present),
            Some("true") => Some(Matcher::Absent),
            _ => {
                let other = if key == "present" { "absent" } else { "present" };
                wrong(format!("`{key}` can only be `true`"), &format!("write `{{ {other}: true }}` for the opposite"))
            }
        },
        _ => None,
    }
}

/// One type, or a list of types.
fn types(node: &Node, wrong: &mut impl FnMut(String, &str) -> Option<Matcher>) -> Option<Matcher> {
    let nodes = match &node.kind {
        Kind::List(items) => items.as_slice(),
        Kind::Nothing | Kind::Scalar { .. } | Kind::Map(_) => std::slice::from_ref(node),
    };
    let mut types = Vec::new();
    for node in nodes {
        let word = match &node.kind {
            Kind::Nothing => "null",
            Kind::Scalar { text, .. } => text,
            Kind::List(_) | Kind::Map(_) => "",
        };
        match JsonType::ALL.iter().find(|(_, known)| *known == word) {
            Some((found, _)) => types.push(*found),
            None => {
                let words = || JsonType::ALL.iter().map(|(_, known)| *known);
                let meant = match word.to_ascii_lowercase().as_str() {
                    "text" | "str" => Some("string"),
                    "int" | "whole" => Some("integer"),
                    "float" | "double" => Some("number"),
                    "bool" | "switch" => Some("boolean"),
                    "list" => Some("array"),
                    "map" | "dict" | "keys" => Some("object"),
                    _ => nearest(word, words()),
                };
                let help = match meant {
                    Some(meant) => format!("did you mean {}?", tick(meant)),
                    None => format!("the types are {}", choices(words()).replace(" or ", " and ")),
                };
                return wrong(format!("{} is no type of JSON", tick(word)), &help);
            }
        }
    }
    match types.is_empty() {
        true => wrong("`type` takes a type of JSON".to_owned(), "write `{ type: string }`"),
        false => Some(Matcher::Type(types)),
    }
}

fn number(text: &str) -> Option<f64> {
    let text = text.trim();
    text.parse().ok().filter(|number: &f64| number.is_finite() && text.ends_with(|c: char| c.is_ascii_digit()))
}

/// `3`, `1..3`, `1..` or `..3`.
fn range(text: &str, number: impl Fn(&str) -> Option<f64>) -> Option<Bounds> {
    let end = |text: &str| if text.trim().is_empty() { Some(None) } else { number(text).map(Some) };
    let (least, most) = match text.split_once("..") {
        None => (Some(number(text)?), Some(number(text)?)),
        Some((least, most)) => (end(least)?, end(most)?),
    };
    let backwards = least.zip(most).is_some_and(|(least, most)| least > most);
    (!backwards && (least.is_some() || most.is_some())).then_some(Bounds { least, most })
}
