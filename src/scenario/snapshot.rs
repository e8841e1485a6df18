//! Reads `snapshot`: what is taken out of answers before they are compared, and which headers are.

use super::block::Block;
use super::fields::{Fields, choice, items, value};
use super::problems::{Problem, Problems};
use super::tree::{Entry, Kind, Node};
use super::value::Wrong;
use crate::contract::redact::{Rule, RuleError};
use crate::contract::{KeyOrder, SnapshotRules};
use crate::diagnostic::Code;
use crate::spelling::tick;

/// The most things that one scenario can take out.
pub(super) const REDACTIONS_MAX: usize = 100;
/// The most headers that one scenario can compare.
pub(super) const HEADERS_MAX: usize = 50;
/// The longest name that stands in place of something.
const NAME_MAX_CHARS: usize = 80;
/// The keys of which an entry has one.
const KINDS: [&str; 3] = ["at", "matches", "header"];

const REDACT: &str = "redact: [$.server_time]";
const PLACE: (&str, &str) = ("a place", "a JSONPath such as `$.server_time`");

/// The block.
pub(super) fn read(entry: &Entry, problems: &mut Problems) -> SnapshotRules {
    let Some(fields) = Fields::open(&entry.value, &entry.at, Block::Snapshot, problems) else {
        return SnapshotRules::default();
    };
    SnapshotRules {
        redact: fields.optional("redact").map(|node| redact(node, problems)).unwrap_or_default(),
        headers: fields.optional("headers").and_then(|node| headers(node, problems)),
        keys: fields
            .optional("keys")
            .and_then(|node| choice(node, "`keys`", &KeyOrder::ALL.map(|(order, word, _)| (order, word)), problems))
            .unwrap_or_default(),
    }
}

fn redact(node: &Node, problems: &mut Problems) -> Vec<Rule> {
    let Some(items) = items(node, "`redact`", REDACT, problems) else { return Vec::new() };
    limit("redact", (items, REDACTIONS_MAX), problems);
    if items.is_empty() {
        let problem = Problem::new(Code::BadValue, &node.span, "`redact` is empty: nothing would be taken out");
        problems.add(problem.help(format!("write `{REDACT}`, or take the key out")));
    }
    items.iter().take(REDACTIONS_MAX).filter_map(|item| rule(item, problems)).collect()
}

fn rule(node: &Node, problems: &mut Problems) -> Option<Rule> {
    let entries = match &node.kind {
        Kind::Map(entries) => entries.as_slice(),
        Kind::Nothing => &[],
        Kind::Scalar { .. } | Kind::List(_) => return value(node, PLACE, problems, place),
    };
    let at = entries.first().map_or(&node.span, |entry| &entry.at);
    let fields = Fields::open(node, at, Block::Redaction, problems)?;
    let given: Vec<&Entry> = KINDS.into_iter().filter_map(|kind| fields.entry(kind)).collect();
    let rule = match given.as_slice() {
        // A key that is not known is noted already.
        [] if entries.iter().any(|entry| !Block::Redaction.keys().contains(&entry.key.as_str())) => None,
        [] => {
            let problem = Problem::new(Code::MissingKey, at, "nothing says what is taken out");
            problems.add(problem.help(Block::Redaction.example()));
            return None;
        }
        [one] => match one.key.as_str() {
            "at" => value(&one.value, PLACE, problems, place),
            "matches" => value(&one.value, ("`matches`", "a regular expression"), problems, pattern),
            _ => value(&one.value, ("`header`", "the name of a header"), problems, header)
                .map(|name| Rule::header(&name)),
        },
        [_, second, ..] => {
            let message = format!("{} stands beside {}", tick(&second.key), tick(&given[0].key));
            let problem = Problem::new(Code::Contradiction, &second.at, message);
            problems.add(problem.help("write an entry of its own for each"));
            None
        }
    };
    let name =
        fields.optional("as").and_then(|node| value(node, ("`as`", "a text such as `<request>`"), problems, name));
    rule.map(|rule| match name {
        Some(name) => rule.named(&name),
        None => rule,
    })
}

fn place(text: &str) -> Result<Rule, Wrong> {
    Rule::place(text).map_err(|RuleError(why)| {
        Wrong::new(
            format!("{} is no place in JSON: {why}", tick(text)),
            "write `$.server_time` (JSONPath), `/data/0/id` (JSON Pointer), or `{ matches: \"req-[0-9]+\" }`",
        )
    })
}

fn pattern(text: &str) -> Result<Rule, Wrong> {
    if text.trim().is_empty() {
        return Err(Wrong::new("`matches` is empty", "write a regular expression, as in `matches: \"req-[0-9]+\"`"));
    }
    Rule::matches(text).map_err(|RuleError(why)| {
        Wrong::new(
            format!("{} is no regular expression: {why}", tick(text)),
            "as in `matches: \"req-[0-9]+\"`; write it in single quotes where it holds a backslash",
        )
    })
}

fn name(text: &str) -> Result<String, Wrong> {
    match text.trim() {
        "" => Err(Wrong::new("`as` is empty", "write what stands in its place: `<request>`")),
        text if text.chars().count() > NAME_MAX_CHARS || text.chars().any(char::is_control) => Err(Wrong::new(
            format!("`as` is no name: it is longer than {NAME_MAX_CHARS} characters, or not on one line"),
            "write a few words: `<request>`",
        )),
        text => Ok(text.to_owned()),
    }
}

fn headers(node: &Node, problems: &mut Problems) -> Option<Vec<String>> {
    let items = items(node, "`headers`", "headers: [Content-Type]", problems)?;
    limit("headers", (items, HEADERS_MAX), problems);
    let mut names: Vec<String> = Vec::new();
    for item in items.iter().take(HEADERS_MAX) {
        let Some(name) = value(item, ("an entry of `headers`", "the name of a header"), problems, header) else {
            continue;
        };
        if names.iter().any(|known| known.eq_ignore_ascii_case(&name)) {
            let message = format!("{} is listed twice", tick(&name));
            problems.add(Problem::new(Code::Twice, &item.span, message).help("take one of them out"));
        } else {
            names.push(name);
        }
    }
    Some(names)
}

fn header(text: &str) -> Result<String, Wrong> {
    let token = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c);
    match !text.is_empty() && text.chars().all(token) {
        true => Ok(text.to_owned()),
        false => {
            Err(Wrong::new(format!("{} is no name of a header", tick(text)), "letters, digits and hyphens: `X-Env`"))
        }
    }
}

fn limit(key: &str, (items, most): (&[Node], usize), problems: &mut Problems) {
    if let Some(first) = items.get(most) {
        let message = format!("{} has {} entries, more than {most}", tick(key), items.len());
        problems.add(Problem::new(Code::TooLarge, &first.span, message).help("a pattern can stand for several places"));
    }
}
