//! Reads the keys of one block, and single values out of nodes; every problem is noted and reading goes on.

use super::block::Block;
use super::problems::{Problem, Problems, Span};
use super::tree::{Entry, Kind, Node};
use super::value::Wrong;
use crate::diagnostic::Code;
use crate::spelling::{choices, nearest, tick};

/// The keys of one block.
pub(super) struct Fields<'n> {
    block: Block,
    at: Span,
    entries: &'n [Entry],
}

impl<'n> Fields<'n> {
    /// Opens a block whose own key stands `at`. Keys that it does not know are noted, and whatever is no set of keys.
    pub fn open(node: &'n Node, at: &Span, block: Block, problems: &mut Problems) -> Option<Self> {
        let entries = match &node.kind {
            Kind::Map(entries) => entries.as_slice(),
            Kind::Nothing => &[],
            Kind::Scalar { .. } | Kind::List(_) => {
                let message = format!("{} is a set of keys, but this is {}", block.title(), node.kind_in_words());
                problems.add(Problem::new(Code::WrongKind, &node.span, message).help(block.example()));
                return None;
            }
        };
        for entry in entries.iter().filter(|entry| !block.keys().contains(&entry.key.as_str())) {
            let message = format!("unknown key {} in {}", tick(&entry.key), block.title());
            problems.add(Problem::new(Code::UnknownKey, &entry.at, message).help(block.help_for(&entry.key)));
        }
        Some(Self { block, at: at.clone(), entries })
    }

    /// The value of a key that may be left out.
    pub fn optional(&self, key: &'static str) -> Option<&'n Node> {
        self.entry(key).map(|entry| &entry.value)
    }

    /// The key itself with its value.
    pub fn entry(&self, key: &'static str) -> Option<&'n Entry> {
        debug_assert!(self.block.keys().contains(&key), "{key} is not listed for {:?}", self.block);
        self.entries.iter().find(|entry| entry.key == key)
    }

    /// The value of a key that must be there.
    pub fn required(&self, key: &'static str, example: &str, problems: &mut Problems) -> Option<&'n Node> {
        let found = self.entry(key);
        if let Some(entry) = found.filter(|entry| entry.value.kind != Kind::Nothing) {
            return Some(&entry.value);
        }
        let (at, help) = match found {
            Some(entry) => (&entry.at, format!("write `{example}`")),
            None => (&self.at, format!("add `{example}`")),
        };
        // A misspelt key is already noted; that it is missing as well would only be noise.
        if found.is_some() || !self.has_misspelt(key) {
            let message = format!("{} needs a {}", self.block.title(), tick(key));
            problems.add(Problem::new(Code::MissingKey, at, message).help(help));
        }
        None
    }

    /// Whether a key that the block does not know was meant to be this one.
    pub fn has_misspelt(&self, key: &str) -> bool {
        self.unknown().any(|entry| self.block.meant(&entry.key, key))
    }

    fn unknown(&self) -> impl Iterator<Item = &'n Entry> {
        self.entries.iter().filter(|entry| !self.block.keys().contains(&entry.key.as_str()))
    }
}

/// The longest text, in bytes: it may go out with every push.
pub const TEXT_MAX_BYTES: usize = 64 * 1024;

/// A text as written.
pub(super) fn text(node: &Node, what: &str, problems: &mut Problems) -> Option<String> {
    let text = scalar(node, what, "a text", problems)?;
    if text.trim().is_empty() {
        problems.add(
            Problem::new(Code::BadValue, &node.span, format!("{what} is empty"))
                .help("write a text, or take the key out"),
        );
        return None;
    }
    if text.len() > TEXT_MAX_BYTES {
        let message = format!("{what} has {} bytes, more than {TEXT_MAX_BYTES}", text.len());
        problems.add(Problem::new(Code::TooLarge, &node.span, message).help("write a shorter text"));
        return None;
    }
    Some(text.to_owned())
}

/// A value that is read from its text; `what` names it: "`phone`", and `kind` says what it takes: "a phone number".
pub(super) fn value<T>(
    node: &Node,
    (what, kind): (&str, &str),
    problems: &mut Problems,
    read: impl FnOnce(&str) -> Result<T, Wrong>,
) -> Option<T> {
    let text = scalar(node, what, kind, problems)?;
    match read(text) {
        Ok(value) => Some(value),
        Err(Wrong { reason, help }) => {
            problems.add(Problem::new(Code::BadValue, &node.span, reason).help(help));
            None
        }
    }
}

/// `true` or `false`, without quotes.
pub(super) fn switch(node: &Node, what: &str, problems: &mut Problems) -> Option<bool> {
    let text = scalar(node, what, "`true` or `false`", problems)?;
    let quoted = matches!(node.kind, Kind::Scalar { quoted: true, .. });
    match text {
        "true" if !quoted => return Some(true),
        "false" if !quoted => return Some(false),
        _ => {}
    }
    let meant = match text.to_lowercase().as_str() {
        "true" | "yes" | "on" | "y" | "1" | "ja" | "是" => "write `true`",
        "false" | "no" | "off" | "n" | "0" | "nein" | "否" => "write `false`",
        _ => "write `true` or `false`",
    };
    let help = if quoted { format!("{meant}, without quotes") } else { meant.to_owned() };
    let message = format!("{what} is `true` or `false`, not {}", tick(text));
    problems.add(Problem::new(Code::WrongKind, &node.span, message).help(help));
    None
}

/// One of several words.
pub(super) fn choice<T: Copy>(
    node: &Node,
    what: &str,
    words: &[(T, &'static str)],
    problems: &mut Problems,
) -> Option<T> {
    let text = scalar(node, what, "a word", problems)?;
    let found = words.iter().find(|(_, word)| *word == text).map(|(value, _)| *value);
    if found.is_none() {
        problems.add(no_choice(text, what, words.iter().map(|(_, word)| *word), &node.span));
    }
    found
}

/// Says that a word is none of the choices.
pub(super) fn no_choice<'a>(
    text: &str,
    what: &str,
    words: impl Iterator<Item = &'a str> + Clone,
    span: &Span,
) -> Problem {
    let message = format!("unknown {} {}", what.replace('`', ""), tick(text));
    let help = match nearest(text, words.clone()) {
        Some(near) => format!("did you mean {}?", tick(near)),
        None => format!("write {}", choices(words)),
    };
    Problem::new(Code::BadValue, span, message).help(help)
}

/// The items of a list; a single value counts as a list of one where `one_will_do`.
pub(super) fn items<'n>(node: &'n Node, what: &str, example: &str, problems: &mut Problems) -> Option<&'n [Node]> {
    match &node.kind {
        Kind::List(items) => Some(items),
        Kind::Scalar { .. } | Kind::Map(_) | Kind::Nothing => {
            let message = format!("{what} is a list, but this is {}", node.kind_in_words());
            problems.add(Problem::new(Code::WrongKind, &node.span, message).help(format!("write `{example}`")));
            None
        }
    }
}

/// The characters of a value that is one.
pub(super) fn scalar<'n>(node: &'n Node, what: &str, kind: &str, problems: &mut Problems) -> Option<&'n str> {
    let problem = match &node.kind {
        Kind::Scalar { text, .. } => return Some(text),
        Kind::Nothing => Problem::new(Code::WrongKind, &node.span, format!("{what} has no value"))
            .help(format!("write {kind} after it, or take the key out")),
        Kind::List(_) | Kind::Map(_) => {
            let message = format!("{what} takes {kind}, but this is {}", node.kind_in_words());
            let help = match kind {
                "a text" => "write a text after the colon; in quotes if it holds `[`, `{` or `: `".to_owned(),
                kind => format!("write {kind} after the colon"),
            };
            Problem::new(Code::WrongKind, &node.span, message).help(help)
        }
    };
    problems.add(problem);
    None
}
