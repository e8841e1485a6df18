//! Reads `probe`: what is asked, when, and what its answer has to be. How texts with places for values are read stands in
//! `places`.

use super::block::Block;
use super::deliver::headers;
use super::expect::{QUOTE_MAX_CHARS, statuses};
use super::expect_shape::{json_shape, text_shape};
use super::fault_setting::push;
use super::faults::Source;
use super::fields::{Fields, choice, switch, value};
use super::places::{Of, Texts, command};
use super::problems::{Problem, Problems};
use super::secret::Environment;
use super::tree::{Entry, Kind, Node};
use super::value::{Wrong, duration, integer, json};
use crate::contract::probe::{
    After, EVERY_DEFAULT, EVERY_MIN, PROBES_MAX, Probe, Question, WITHIN_DEFAULT, WITHIN_MAX, Wanted, WantedStatus,
    WhenLost,
};
use crate::contract::{AnswerRule, Braces, Escape, Status, Statuses, Template};
use crate::diagnostic::{Code, Place};
use crate::event::Expectation;
use crate::http::Method;
use crate::spelling::tick;
use crate::vendors;
use std::time::Duration;

const LENGTH: &str = "a length of time such as `5s`";
/// The largest exit status of a command.
pub(super) const EXIT_STATUS_MAX: u64 = 255;

/// Reads the block: one probe, or a list of them.
pub(super) fn read(
    node: &Node,
    source: Source<'_>,
    environment: Environment<'_>,
    problems: &mut Problems,
) -> Vec<Probe> {
    let entries = match &node.kind {
        Kind::List(items) => items.as_slice(),
        Kind::Map(_) | Kind::Scalar { .. } | Kind::Nothing => std::slice::from_ref(node),
    };
    if entries.is_empty() {
        let problem = Problem::new(Code::WrongKind, &node.span, "`probe` is an empty list");
        problems.add(problem.help(Block::Probe.example()));
    }
    if let Some(first) = entries.get(PROBES_MAX) {
        let message = format!("there are {} probes, more than {PROBES_MAX}", entries.len());
        let help = "one probe can hold several things against one answer: `json` takes many keys";
        problems.add(Problem::new(Code::TooLarge, &first.span, message).help(help));
    }
    entries.iter().take(PROBES_MAX).filter_map(|entry| one(entry, source, environment, problems)).collect()
}

fn one(node: &Node, source: Source<'_>, environment: Environment<'_>, problems: &mut Problems) -> Option<Probe> {
    if node.kind == Kind::Nothing {
        let problem = Problem::new(Code::MissingKey, &node.span, "a probe needs something to ask");
        problems.add(problem.help(Block::Probe.example()));
        return None;
    }
    let at = match &node.kind {
        Kind::Map(entries) => entries.first().map_or(&node.span, |entry| &entry.at),
        Kind::Scalar { .. } | Kind::Nothing | Kind::List(_) => &node.span,
    };
    let fields = Fields::open(node, at, Block::Probe, problems)?;
    let after = after(&fields, problems);
    let of = if after.as_ref().is_some_and(|after| *after != After::Story) { Of::Push } else { Of::Story };
    let texts = Texts { environment, of };
    let question = question(&fields, at, &texts, problems);
    let within = fields.optional("within").and_then(|node| time(node, "`within`", WITHIN_MAX, problems));
    let every = fields.optional("every").and_then(|node| every(node, problems));
    let words = WhenLost::ALL.map(|(when, word, _)| (when, word));
    let when_lost = fields.optional("when_lost").and_then(|node| choice(node, "`when_lost`", &words, problems));
    let is_command = fields.entry("command").is_some();
    let status = match (fields.optional("status"), is_command) {
        (Some(node), true) => exit_statuses(node, problems).map(WantedStatus::Exit),
        (Some(node), false) => {
            statuses(node, problems).map(|statuses| WantedStatus::Http(AnswerRule::Status(statuses)))
        }
        (None, true) => Some(WantedStatus::Exit(vec![0])),
        (None, false) => Some(WantedStatus::Http(AnswerRule::Status(Statuses(vec![Status::Class(2)])))),
    };
    let json = fields.entry("json").and_then(|entry| json_shape(&entry.value, problems)).map(AnswerRule::Json);
    let text =
        fields.entry("text").and_then(|entry| text_shape(&entry.value, "`text`", problems)).map(AnswerRule::Text);
    let (question, wanted) = (question?, Wanted { status: status?, rules: json.into_iter().chain(text).collect() });
    let line = Place::new(source.text, &node.span).line;
    let quote = source.text.lines().nth(line - 1).unwrap_or_default().trim_end();
    let text = format!("probe {}: {wanted}", question.written());
    Some(Probe {
        question,
        after: after?,
        within: within.unwrap_or(WITHIN_DEFAULT),
        every: every.unwrap_or(EVERY_DEFAULT),
        when_lost: when_lost.unwrap_or_default(),
        wanted,
        expectation: Expectation {
            text,
            place: format!("{}:{line}", source.name),
            quote: quote.chars().take(QUOTE_MAX_CHARS).collect(),
        },
    })
}

/// When it is asked.
fn after(fields: &Fields<'_>, problems: &mut Problems) -> Option<After> {
    let each = match fields.optional("each") {
        Some(node) => switch(node, "`each`", problems)?,
        None => false,
    };
    let Some(entry) = fields.entry("push") else {
        return Some(if each { After::Pushes("*".to_owned()) } else { After::Story });
    };
    let push = push(&entry.value, vendors::ALL, problems);
    if !each {
        let problem =
            Problem::new(Code::Contradiction, &entry.at, "a probe that is asked after the story is for no push");
        problems.add(problem.help("add `each: true` to ask after every such push, or take `push` out"));
        return None;
    }
    push.map(After::Pushes)
}

/// What it asks.
fn question(
    fields: &Fields<'_>,
    at: &super::problems::Span,
    texts: &Texts<'_>,
    problems: &mut Problems,
) -> Option<Question> {
    let asked: Vec<&Entry> = ["get", "post", "command"].into_iter().filter_map(|key| fields.entry(key)).collect();
    let entry = match asked.as_slice() {
        [] => {
            // A misspelt key is noted already.
            if !["get", "post", "command"].into_iter().any(|key| fields.has_misspelt(key)) {
                let problem = Problem::new(Code::MissingKey, at, "a probe needs a `get`, a `post` or a `command`");
                problems.add(problem.help(Block::Probe.example()));
            }
            return None;
        }
        [only] => *only,
        [first, .., second] => {
            let (first, second) = if first.at.start < second.at.start { (first, second) } else { (second, first) };
            let message = format!("a probe asks once, and {} is a second question", tick(&second.key));
            let problem = Problem::new(Code::Contradiction, &second.at, message);
            problems.add(
                problem.also(&first.at, "the first").help("write it as a probe of its own: `probe:` takes a list"),
            );
            return None;
        }
    };
    let mut stray = |key: &'static str, help: &str| {
        if let Some(stray) = fields.entry(key) {
            let message = format!("{} has no {}", tick(&entry.key), tick(key));
            problems.add(Problem::new(Code::Contradiction, &stray.at, message).help(help));
        }
    };
    let method = match entry.key.as_str() {
        "command" => {
            for key in ["headers", "body"] {
                stray(key, "only a request has it; a command takes arguments, and finds the values in its environment");
            }
            return command(&entry.value, texts, problems).map(Question::Command);
        }
        "get" => {
            stray("body", "write `post` in place of `get`, or take `body` out");
            Method::Get
        }
        _ => Method::Post,
    };
    let url = texts.address(&entry.value, &tick(&entry.key), problems);
    let given = fields.entry("headers").map(|entry| headers(&entry.value, texts, problems));
    let mut headers = given.unwrap_or_default();
    let content_type = headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("content-type"));
    let content_type = content_type.map(|(_, value)| value.to_string().to_ascii_lowercase());
    let mut body = None;
    if let Some(entry) = fields.entry("body").filter(|_| method == Method::Post) {
        if entry.value.kind == Kind::Nothing {
            let problem = Problem::new(Code::BadValue, &entry.value.span, "`body` has no value");
            problems.add(problem.help("write a text or keys after it, or take the key out"));
            return None;
        }
        let structured = matches!(entry.value.kind, Kind::Map(_) | Kind::List(_));
        let template = match structured {
            true => texts.read(&json(&entry.value, problems).to_string(), &entry.value.span, Braces::Names, problems),
            false => texts.template(&entry.value, ("`body`", "a text, or keys"), Braces::Names, problems),
        };
        let escape = match content_type.as_deref() {
            _ if structured => Escape::Json,
            Some(told) if told.contains("json") => Escape::Json,
            Some(told) if told.contains("x-www-form-urlencoded") => Escape::Form,
            Some(_) | None => Escape::Plain,
        };
        if structured && content_type.is_none() {
            headers.push(("Content-Type".to_owned(), Template::plain("application/json")));
        }
        body = Some((template?, escape));
    }
    Some(Question::Http { method, url: url?, headers, body })
}

fn time(node: &Node, what: &str, longest: Duration, problems: &mut Problems) -> Option<Duration> {
    let length = value(node, (what, LENGTH), problems, duration)?;
    if length.is_zero() || length > longest {
        let message = format!("{what} is longer than nothing, and {} at most", crate::duration::text(longest));
        problems.add(Problem::new(Code::BadValue, &node.span, message).help(format!("write {LENGTH}")));
        return None;
    }
    Some(length)
}

fn every(node: &Node, problems: &mut Problems) -> Option<Duration> {
    let length = time(node, "`every`", WITHIN_MAX, problems)?;
    if length < EVERY_MIN {
        let message = format!("{} between two questions would be an attack", tick(&crate::duration::text(length)));
        let help = format!("write `{}`, or more", crate::duration::text(EVERY_MIN));
        problems.add(Problem::new(Code::BadValue, &node.span, message).help(help));
        return None;
    }
    Some(length)
}

/// The exit statuses that a command may end with.
fn exit_statuses(node: &Node, problems: &mut Problems) -> Option<Vec<i32>> {
    let items = match &node.kind {
        Kind::List(items) => items.as_slice(),
        Kind::Map(_) | Kind::Scalar { .. } | Kind::Nothing => std::slice::from_ref(node),
    };
    let example = "write `status: 0`, or a list of them";
    if items.is_empty() {
        problems.add(Problem::new(Code::WrongKind, &node.span, "`status` is an empty list").help(example));
        return None;
    }
    let read = |text: &str| match integer(text) {
        Ok(status) if status <= EXIT_STATUS_MAX => Ok(status as i32),
        Ok(_) | Err(_) => Err(Wrong {
            reason: format!("{} is no exit status of a command", tick(text)),
            help: format!("a command ends with a number from 0 to {EXIT_STATUS_MAX}: {example}"),
        }),
    };
    let read: Vec<Option<i32>> =
        items.iter().map(|item| value(item, ("`status`", "a whole number"), problems, read)).collect();
    read.into_iter().collect()
}
