//! Reads `deliver`: where and how pushes go.

use super::block::Block;
use super::fields::{Fields, choice, items, scalar, value};
use super::places::{Of, Texts};
use super::problems::{Problem, Problems};
use super::secret::Environment;
use super::tree::{Entry, Kind, Node};
use super::value::{Wrong, duration, header_name, header_value, integer, percent};
use super::{Deliver, Order, Retry, sign};
use crate::contract::{Braces, Escape, Template};
use crate::diagnostic::Code;
use crate::spelling::tick;
use crate::vendors::Retriable;
use std::time::Duration;

/// The most addresses that one scenario pushes to.
pub const TARGETS_MAX: usize = 16;
/// The most waits of a retry schedule.
pub const WAITS_MAX: usize = 100;

const LENGTH: &str = "a length of time such as `3s`";

/// Reads the block; what is wrong in it stays at its default.
pub(super) fn read(entry: &Entry, environment: Environment<'_>, problems: &mut Problems) -> Deliver {
    let Some(fields) = Fields::open(&entry.value, &entry.at, Block::Deliver, problems) else {
        return Deliver::default();
    };
    Deliver {
        to: fields.optional("to").map(|node| addresses(node, environment, problems)).unwrap_or_default(),
        headers: fields
            .entry("headers")
            .map(|entry| headers(&entry.value, &Texts { environment, of: Of::Push }, problems))
            .unwrap_or_default(),
        order: fields
            .optional("order")
            .and_then(|node| choice(node, "`order`", &Order::ALL, problems))
            .unwrap_or_default(),
        timeout: fields.optional("timeout").and_then(|node| value(node, ("`timeout`", LENGTH), problems, positive)),
        retry: fields.entry("retry").and_then(|entry| retry(entry, problems)).unwrap_or_default(),
        disable_after: fields.optional("disable_after").and_then(|node| failures_in_a_row(node, problems)),
        sign: fields.entry("sign").and_then(|entry| sign::read(entry, environment, problems)),
    }
}

fn failures_in_a_row(node: &Node, problems: &mut Problems) -> Option<u32> {
    value(node, ("`disable_after`", "a whole number"), problems, |text| match integer(text).map(u32::try_from)? {
        Ok(0) | Err(_) => Err(Wrong {
            reason: format!("{} is no number of failures", tick(text)),
            help: "write a number from 1 on, or take the key out so that no address is ever disabled".to_owned(),
        }),
        Ok(count) => Ok(count),
    })
}

fn positive(text: &str) -> Result<Duration, Wrong> {
    match duration(text)? {
        Duration::ZERO => Err(Wrong {
            reason: "a timeout of nothing leaves no time for an answer".to_owned(),
            help: "write a length of time such as `3s`".to_owned(),
        }),
        duration => Ok(duration),
    }
}

fn addresses(node: &Node, environment: Environment<'_>, problems: &mut Problems) -> Vec<Template> {
    let items = match &node.kind {
        Kind::List(items) => items.as_slice(),
        _ => std::slice::from_ref(node),
    };
    if let Some(first) = items.get(TARGETS_MAX) {
        let message = format!("`to` has {} addresses, more than {TARGETS_MAX}", items.len());
        problems.add(Problem::new(Code::TooLarge, &first.span, message));
    }
    if items.is_empty() {
        let problem = Problem::new(Code::WrongKind, &node.span, "`to` is an empty list");
        problems.add(problem.help("write an address, or take `to` out to push to the built-in receiver"));
    }
    let texts = Texts { environment, of: Of::Target };
    let read = |item: &Node| {
        let text = scalar(item, "`to`", "an address", problems)?;
        let read = texts.target(text).map_err(|(code, wrong)| {
            problems.add(Problem::new(code, &item.span, wrong.reason).help(wrong.help));
        });
        read.ok()
    };
    items.iter().take(TARGETS_MAX).filter_map(read).collect()
}

/// A header of the command line: `X-Env: ci`.
///
/// # Errors
/// What is wrong, in one line, without the value: it may be a secret.
pub fn parse_header(text: &str, environment: Environment<'_>) -> Result<(String, Template), String> {
    let (name, value) = text.split_once(':').ok_or("a header is written `NAME: VALUE`, such as `X-Env: ci`")?;
    let name = header_name(name.trim()).map_err(|wrong| wrong.to_string())?;
    let texts = Texts { environment, of: Of::Push };
    let told = |wrong: Wrong| format!("{name}: {wrong}");
    let template = texts.alone(value.trim(), Braces::Words).map_err(told)?;
    header_value(&texts.sample(&template, Escape::Header)).map_err(told)?;
    Ok((name, template))
}

/// Names of headers with their values.
pub(super) fn headers(node: &Node, texts: &Texts<'_>, problems: &mut Problems) -> Vec<(String, Template)> {
    let entries = match &node.kind {
        Kind::Map(entries) => entries.as_slice(),
        Kind::Nothing => &[],
        Kind::Scalar { .. } | Kind::List(_) => {
            let message = format!("`headers` is a set of keys, but this is {}", node.kind_in_words());
            problems.add(Problem::new(Code::WrongKind, &node.span, message).help("write `headers: { X-Env: ci }`"));
            &[]
        }
    };
    let mut headers: Vec<(String, Template)> = Vec::new();
    for entry in entries {
        let name = match header_name(&entry.key) {
            Ok(name) => name,
            Err(Wrong { reason, help }) => {
                problems.add(Problem::new(Code::BadValue, &entry.at, reason).help(help));
                continue;
            }
        };
        if let Some((first, _)) = headers.iter().find(|(first, _)| first.eq_ignore_ascii_case(&name)) {
            let message = format!("the header {} is already given as {}", tick(&name), tick(first));
            problems.add(Problem::new(Code::Twice, &entry.at, message).help("keep one of the two"));
            continue;
        }
        let what = tick(&name);
        let template = texts.template(&entry.value, (&what, "a text"), Braces::Words, problems);
        let sendable = |template: &Template| header_value(&texts.sample(template, Escape::Header));
        if let Some(template) = template
            && value(&entry.value, (&what, "a text"), problems, |_| sendable(&template)).is_some()
        {
            headers.push((name, template));
        }
    }
    headers
}

fn retry(entry: &Entry, problems: &mut Problems) -> Option<Retry> {
    if let Kind::Scalar { text, .. } = &entry.value.kind {
        let found = Retry::WORDS.into_iter().find(|(_, word, _)| word == text).map(|(retry, ..)| retry);
        if found.is_none() {
            let message = format!("{} is no way to retry", tick(text));
            problems.add(Problem::new(Code::BadValue, &entry.value.span, message).help(Block::Retry.example()));
        }
        return found;
    }
    let fields = Fields::open(&entry.value, &entry.at, Block::Retry, problems)?;
    let jitter = fields.optional("jitter").map(|node| value(node, ("`jitter`", "a percentage"), problems, percent));
    let on = fields.optional("on").map(|node| failures(node, problems));
    let node = fields.required("waits", "waits: [5s, 5m, 30m]", problems)?;
    let waits = items(node, "`waits`", "waits: [5s, 5m, 30m]", problems)?;
    if let Some(first) = waits.get(WAITS_MAX) {
        let message = format!("`waits` has {} entries, more than {WAITS_MAX}", waits.len());
        problems.add(Problem::new(Code::TooLarge, &first.span, message));
    }
    if waits.is_empty() {
        problems.add(
            Problem::new(Code::WrongKind, &node.span, "`waits` is an empty list")
                .help("write `retry: none` to try only once"),
        );
    }
    let read = |wait: &Node| value(wait, ("an entry of `waits`", LENGTH), problems, duration);
    Some(Retry::Explicit {
        waits: waits.iter().take(WAITS_MAX).filter_map(read).collect(),
        jitter: jitter.flatten().unwrap_or_default(),
        on: on.unwrap_or_else(Retriable::all),
    })
}

fn failures(node: &Node, problems: &mut Problems) -> Vec<Retriable> {
    let example = "on: [timeout, connect, 5xx, 429, nack]";
    let mut failures = Vec::new();
    for item in items(node, "`on`", example, problems).unwrap_or_default() {
        match choice(item, "failure to retry after", &Retriable::ALL, problems) {
            Some(failure) if failures.contains(&failure) => {
                problems.add(
                    Problem::new(Code::Twice, &item.span, "this failure is named twice").help("keep one of the two"),
                );
            }
            Some(failure) => failures.push(failure),
            None => {}
        }
    }
    failures
}
