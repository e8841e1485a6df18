//! Reads what the file says of a push task: its words, whom it is for, and how it is sent.

use super::block::Block;
use super::fields::{Fields, choice, items, scalar, switch, text, value};
use super::problems::{Problem, Problems};
use super::tree::{Entry, Kind, Node};
use super::value::{Wrong, duration, integer};
use crate::call::{Audience, EXPIRES_DEFAULT, Environment, MessageType, NotificationSpec, Platform, Sending, Source};
use crate::diagnostic::Code;
use crate::spelling::tick;

/// The most digits of an id.
pub const ID_DIGITS_MAX: usize = 18;

/// Whom a task can be for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Target {
    All,
    Tag,
    Token,
    Account,
    Package,
}

/// Every target with its word.
pub(super) const TARGETS: [(Target, &str); 5] = [
    (Target::All, "all"),
    (Target::Tag, "tag"),
    (Target::Token, "token"),
    (Target::Account, "account"),
    (Target::Package, "package"),
];

/// The keys that say more of a target. The first of each implies it.
const OF_TARGET: [(Target, &str); 5] = [
    (Target::Tag, "tags"),
    (Target::Tag, "all_tags"),
    (Target::Token, "tokens"),
    (Target::Account, "accounts"),
    (Target::Package, "package"),
];

/// A push task.
pub(super) fn read(entry: &Entry, problems: &mut Problems) -> NotificationSpec {
    let key = entry.key.clone();
    let Some(fields) = Fields::open(&entry.value, &entry.at, Block::PushTask, problems) else {
        return NotificationSpec { key, ..NotificationSpec::default() };
    };
    NotificationSpec {
        key,
        id: fields.optional("id").and_then(|node| value(node, ("`id`", "digits"), problems, id)),
        title: fields.optional("title").and_then(|node| text(node, "`title`", problems)),
        content: fields.optional("content").and_then(|node| text(node, "`content`", problems)),
        audience: audience(&fields, problems),
        sending: sending(&fields, problems),
    }
}

fn audience(fields: &Fields<'_>, problems: &mut Problems) -> Audience {
    let named = fields.optional("target").and_then(|node| choice(node, "`target`", &TARGETS, problems));
    let given: Vec<(Target, &Entry)> =
        OF_TARGET.iter().filter_map(|(target, key)| Some((*target, fields.entry(key)?))).collect();
    let target = named.or(given.first().map(|(target, _)| *target)).unwrap_or(Target::All);
    for (other, entry) in given.iter().filter(|(other, _)| *other != target) {
        let message =
            format!("{} is of the target {}, and this task is for {}", tick(&entry.key), word(*other), word(target));
        let problem = Problem::new(Code::BadValue, &entry.at, message);
        problems.add(problem.help("a task has one target: take this key out, or declare another task"));
    }
    let mut list = |key| fields.entry(key).map(|entry| texts(entry, problems)).unwrap_or_default();
    match target {
        Target::All => Audience::All,
        Target::Tag => {
            let tags = list("tags");
            let all = fields.optional("all_tags").and_then(|node| switch(node, "`all_tags`", problems));
            Audience::Tags { tags, all: all.unwrap_or_default() }
        }
        Target::Token => Audience::Tokens(list("tokens")),
        Target::Account => Audience::Accounts(list("accounts")),
        Target::Package => {
            let number = fields.optional("package");
            let number = number.and_then(|node| value(node, ("`package`", "a whole number"), problems, integer));
            Audience::Package(number.unwrap_or_default())
        }
    }
}

fn word(target: Target) -> String {
    TARGETS.iter().find(|(known, _)| *known == target).map_or(String::new(), |(_, word)| tick(word))
}

/// The texts of a list that is not empty.
fn texts(entry: &Entry, problems: &mut Problems) -> Vec<String> {
    let what = tick(&entry.key);
    let Some(listed) = items(&entry.value, &what, &format!("{}: [a, b]", entry.key), problems) else {
        return Vec::new();
    };
    if listed.is_empty() {
        let problem = Problem::new(Code::BadValue, &entry.value.span, format!("{what} is empty"));
        problems.add(problem.help("name one, or take the key out and write `target` to have some generated"));
    }
    listed.iter().filter_map(|node| text(node, &format!("an entry of {what}"), problems)).collect()
}

fn sending(fields: &Fields<'_>, problems: &mut Problems) -> Sending {
    let plain = Sending::default();
    Sending {
        platform: word_of(fields, "platform", &Platform::ALL, problems),
        message_type: word_of(fields, "message_type", &MessageType::ALL, problems),
        environment: word_of(fields, "environment", &Environment::ALL, problems),
        source: word_of(fields, "source", &Source::ALL, problems),
        expires: fields
            .optional("expire")
            .and_then(|node| value(node, ("`expire`", "a length of time such as `12h`"), problems, duration))
            .unwrap_or(EXPIRES_DEFAULT),
        multi_package: fields
            .optional("multi_package")
            .and_then(|node| switch(node, "`multi_package`", problems))
            .unwrap_or(plain.multi_package),
        collapse_id: fields
            .optional("collapse_id")
            .and_then(|node| value(node, ("`collapse_id`", "a whole number"), problems, integer))
            .unwrap_or(plain.collapse_id),
        custom: fields.entry("custom").map(|entry| custom(entry, problems)).unwrap_or_default(),
    }
}

fn word_of<T: Copy + Default>(
    fields: &Fields<'_>,
    key: &'static str,
    words: &[(T, &'static str)],
    problems: &mut Problems,
) -> T {
    fields.optional(key).and_then(|node| choice(node, &tick(key), words, problems)).unwrap_or_default()
}

fn custom(entry: &Entry, problems: &mut Problems) -> Vec<(String, String)> {
    let Kind::Map(parameters) = &entry.value.kind else {
        let Node { span, .. } = &entry.value;
        let message = format!("`custom` is a set of keys, but this is {}", entry.value.kind_in_words());
        problems.add(Problem::new(Code::WrongKind, span, message).help("write `custom: { order: \"8021\" }`"));
        return Vec::new();
    };
    let one = |parameter: &Entry| {
        let value = scalar(&parameter.value, &tick(&parameter.key), "a text", problems)?;
        Some((parameter.key.clone(), value.to_owned()))
    };
    parameters.iter().filter_map(one).collect()
}

/// The id of a task: digits as written.
fn id(text: &str) -> Result<String, Wrong> {
    if !text.is_empty() && text.len() <= ID_DIGITS_MAX && text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Ok(text.to_owned());
    }
    Err(Wrong {
        reason: format!("{} is no id of a push task", tick(text)),
        help: format!("an id is 1 to {ID_DIGITS_MAX} digits, such as `589840563`; leave it out to have it generated"),
    })
}
