//! Reads `expect`: each entry becomes a check for each thing that it asks. What a value has to look like is read in
//! `expect_shape`.

use super::block::Block;
use super::expect_shape::{json_shape, text_shape};
use super::fault_setting::push;
use super::faults::{NUMBER_MAX, Source};
use super::fields::{Fields, choice, items, no_choice, scalar, switch, value};
use super::problems::{Problem, Problems, Span};
use super::tree::{Entry, Kind, Node};
use super::value::{Wrong, duration, integer};
use crate::contract::{
    AnswerRule, Check, EXPECT_MAX, Rule, STATUS_MAX, STATUS_MIN, Status, Statuses, StoryRule, Which,
};
use crate::diagnostic::{Code, Place};
use crate::event::Expectation;
use crate::http::Glob;
use crate::spelling::tick;
use crate::vendors::Vendor;

const EXAMPLE: &str = "expect: [{ push: \"*\", status: 2xx }]";
/// The longest line of a scenario that a finding quotes.
pub(super) const QUOTE_MAX_CHARS: usize = 160;
/// The keys of an entry that ask for something.
const ASKING: [&str; 7] = ["status", "within", "headers", "json", "text", "empty", "story"];

/// The checks of a file, in order.
pub(super) fn read(
    node: &Node,
    source: Source<'_>,
    all: &[&'static dyn Vendor],
    problems: &mut Problems,
) -> Vec<Check> {
    let Some(items) = items(node, "`expect`", EXAMPLE, problems) else { return Vec::new() };
    if items.is_empty() {
        let problem = Problem::new(Code::BadValue, &node.span, "`expect` is empty: nothing would be checked");
        problems.add(problem.help(format!("write `{EXAMPLE}`, or take the key out")));
    }
    if let Some(first) = items.get(EXPECT_MAX) {
        let message = format!("`expect` has {} entries, more than {EXPECT_MAX}", items.len());
        problems.add(Problem::new(Code::TooLarge, &first.span, message).help("split the file into several scenarios"));
    }
    let numbered = items.iter().take(EXPECT_MAX).enumerate();
    numbered.flat_map(|(number, item)| entry(number, item, source, all, problems)).collect()
}

/// What all checks of one entry have in common.
struct Common<'a> {
    number: usize,
    glob: String,
    which: Which,
    source: Source<'a>,
}

impl Common<'_> {
    /// A check whose key stands at `at`.
    fn check(&self, at: &Span, rule: Rule) -> Check {
        let line = Place::new(self.source.text, at).line;
        let quote = self.source.text.lines().nth(line - 1).unwrap_or_default().trim_end();
        let asked = match &rule {
            Rule::Answer(rule) => rule.to_string(),
            Rule::Story(rule) => rule.to_string(),
        };
        let about = if self.glob == "*" { "every push" } else { self.glob.as_str() };
        let last = if self.which == Which::Last { " (last answer)" } else { "" };
        Check {
            expectation: Expectation {
                text: format!("{about}: {asked}{last}"),
                place: format!("{}:{line}", self.source.name),
                quote: quote.chars().take(QUOTE_MAX_CHARS).collect(),
            },
            entry: self.number,
            push: Glob::new(&self.glob),
            which: self.which,
            rule,
        }
    }
}

fn entry(
    number: usize,
    node: &Node,
    source: Source<'_>,
    all: &[&'static dyn Vendor],
    problems: &mut Problems,
) -> Vec<Check> {
    let Some(fields) = Fields::open(node, &node.span, Block::Expect, problems) else { return Vec::new() };
    let push_read = fields.optional("push").map(|node| push(node, all, problems));
    let words = Which::ALL.map(|(which, word, _)| (which, word));
    let which = fields.optional("answer").and_then(|node| choice(node, "`answer`", &words, problems));
    let glob = push_read.flatten().unwrap_or_else(|| "*".to_owned());
    let common = Common { number, glob, which: which.unwrap_or_default(), source };
    if !ASKING.iter().any(|key| fields.entry(key).is_some() || fields.has_misspelt(key)) {
        let at = match &node.kind {
            Kind::Map(entries) => entries.first().map_or(&node.span, |entry| &entry.at),
            Kind::Nothing | Kind::Scalar { .. } | Kind::List(_) => &node.span,
        };
        let problem = Problem::new(Code::MissingKey, at, "this entry of `expect` checks nothing");
        problems.add(
            problem.help("add `status: 2xx`, `within: 500ms`, `json: ...`; `ringback list checks` lists what there is"),
        );
        return Vec::new();
    }
    let mut checks = Vec::new();
    if let Some(entry) = fields.entry("status") {
        let rule = statuses(&entry.value, problems).map(|statuses| Rule::Answer(AnswerRule::Status(statuses)));
        checks.extend(rule.map(|rule| common.check(&entry.at, rule)));
    }
    if let Some(entry) = fields.entry("within") {
        let rule = limit(&entry.value, problems).map(|limit| Rule::Answer(AnswerRule::Within(limit)));
        checks.extend(rule.map(|rule| common.check(&entry.at, rule)));
    }
    if let Some(entry) = fields.entry("headers") {
        checks.extend(headers(entry, &common, problems));
    }
    if let Some(entry) = fields.entry("json") {
        let rule = json_shape(&entry.value, problems).map(|shape| Rule::Answer(AnswerRule::Json(shape)));
        checks.extend(rule.map(|rule| common.check(&entry.at, rule)));
    }
    if let Some(entry) = fields.entry("text") {
        let rule = text_shape(&entry.value, "`text`", problems).map(|shape| Rule::Answer(AnswerRule::Text(shape)));
        checks.extend(rule.map(|rule| common.check(&entry.at, rule)));
    }
    if let Some(entry) = fields.entry("empty") {
        if only_true(&entry.value, "`empty`", problems) {
            checks.push(common.check(&entry.at, Rule::Answer(AnswerRule::Empty)));
        }
        if let Some(other) = ["json", "text"].iter().find_map(|key| fields.entry(key)) {
            let message = format!("an empty body holds no {}", tick(&other.key));
            let problem = Problem::new(Code::Contradiction, &other.at, message).help("keep one of the two");
            problems.add(problem.also(&entry.at, "the body is empty"));
        }
    }
    if let Some(entry) = fields.entry("story") {
        checks.extend(story(entry, &common, problems));
    }
    if let (Some(entry), true) =
        (fields.entry("answer"), checks.iter().all(|check| matches!(check.rule, Rule::Story(_))))
        && !checks.is_empty()
    {
        let problem = Problem::new(
            Code::Contradiction,
            &entry.at,
            "`answer` chooses among answers, and `story` is about the story",
        );
        problems.add(problem.help("take it out"));
    }
    checks
}

/// `200`, `2xx`, or a list of them.
pub(super) fn statuses(node: &Node, problems: &mut Problems) -> Option<Statuses> {
    let kind = ("`status`", "a status such as `200`, `2xx` or `[200, 204]`");
    let one = |node: &Node, problems: &mut Problems| value(node, kind, problems, status);
    let read = match &node.kind {
        Kind::List(items) if items.is_empty() => {
            let problem = Problem::new(Code::BadValue, &node.span, "`status` lists no status that would be right");
            problems.add(problem.help("write `status: [200, 204]`"));
            return None;
        }
        Kind::List(items) => items.iter().map(|item| one(item, problems)).collect::<Vec<_>>(),
        Kind::Nothing | Kind::Scalar { .. } | Kind::Map(_) => vec![one(node, problems)],
    };
    read.into_iter().collect::<Option<Vec<_>>>().map(Statuses)
}

fn status(text: &str) -> Result<Status, Wrong> {
    Status::parse(text).ok_or_else(|| Wrong {
        reason: format!("{} is no status", tick(text)),
        help: format!(
            "a status lies between {STATUS_MIN} and {STATUS_MAX}; a class is written `2xx`, several `[200, 204]`"
        ),
    })
}

fn limit(node: &Node, problems: &mut Problems) -> Option<std::time::Duration> {
    let limit = value(node, ("`within`", "a length of time such as `500ms`"), problems, duration)?;
    if limit.is_zero() {
        let problem = Problem::new(Code::BadValue, &node.span, "no answer comes within no time");
        problems.add(problem.help("write `within: 500ms`"));
        return None;
    }
    Some(limit)
}

fn headers(entry: &Entry, common: &Common<'_>, problems: &mut Problems) -> Vec<Check> {
    let Kind::Map(headers) = &entry.value.kind else {
        let message = format!("`headers` is a set of names, but this is {}", entry.value.kind_in_words());
        let help = "write `headers: { Content-Type: { contains: json } }`";
        problems.add(Problem::new(Code::WrongKind, &entry.value.span, message).help(help));
        return Vec::new();
    };
    let one = |header: &Entry| {
        let token = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c);
        if header.key.is_empty() || !header.key.chars().all(token) {
            let message = format!("{} is no name of a header", tick(&header.key));
            let help = "letters, digits and hyphens: `Content-Type`";
            problems.add(Problem::new(Code::BadValue, &header.at, message).help(help));
            return None;
        }
        let value = text_shape(&header.value, &tick(&header.key), problems)?;
        let rule = AnswerRule::Header { name: header.key.clone(), value };
        Some(common.check(&header.at, Rule::Answer(rule)))
    };
    headers.iter().filter_map(one).collect()
}

/// A word, a list of words, or keys.
fn story(entry: &Entry, common: &Common<'_>, problems: &mut Problems) -> Vec<Check> {
    let node = &entry.value;
    let words = match &node.kind {
        Kind::Map(_) | Kind::Nothing => return story_keys(node, &entry.at, common, problems),
        Kind::List(items) => items.as_slice(),
        Kind::Scalar { .. } => std::slice::from_ref(node),
    };
    if words.is_empty() {
        let problem = Problem::new(Code::BadValue, &node.span, "`story` lists nothing that is expected");
        problems.add(problem.help("write `story: [answered, no_5xx]`"));
    }
    words.iter().filter_map(|node| Some(common.check(&node.span, Rule::Story(word(node, problems)?)))).collect()
}

fn word(node: &Node, problems: &mut Problems) -> Option<StoryRule> {
    let text = scalar(node, "`story`", "a word such as `answered`", problems)?;
    let plain = text.to_ascii_lowercase().replace(['-', ' '], "_");
    let known = StoryRule::WORDS.iter().map(|(_, word, _)| *word);
    if let Some((rule, _, _)) = StoryRule::WORDS.iter().find(|(_, word, _)| *word == text) {
        return Some(*rule);
    }
    let help = match plain.as_str() {
        "attempts" | "retries" | "max_attempts" => Some("a number belongs to it: write `story: { attempts: 3 }`"),
        "order" | "ordered" => Some("did you mean `in_order`?"),
        "all_answered" | "every_push_answered" => Some("did you mean `answered`?"),
        "quiet_end" | "ok_after_end" | "after_end" | "late" => Some("did you mean `no_error_after_end`?"),
        "no_500" | "no_errors" | "no_server_error" | "no_server_errors" => Some("did you mean `no_5xx`?"),
        _ => None,
    };
    let problem = no_choice(&plain, "`story` check", known, &node.span);
    problems.add(match help {
        Some(help) => problem.help(help),
        None => problem,
    });
    None
}

fn story_keys(node: &Node, at: &Span, common: &Common<'_>, problems: &mut Problems) -> Vec<Check> {
    let Some(fields) = Fields::open(node, at, Block::Story, problems) else { return Vec::new() };
    let mut checks = Vec::new();
    for (rule, key, _) in StoryRule::WORDS {
        if let Some(entry) = fields.entry(key)
            && only_true(&entry.value, &tick(key), problems)
        {
            checks.push(common.check(&entry.at, Rule::Story(rule)));
        }
    }
    if let Some(entry) = fields.entry("attempts") {
        let count = value(&entry.value, ("`attempts`", "a number of attempts"), problems, integer);
        match count.map(|count| u32::try_from(count).ok().filter(|count| (1..=NUMBER_MAX).contains(&u64::from(*count))))
        {
            Some(Some(most)) => checks.push(common.check(&entry.at, Rule::Story(StoryRule::Attempts(most)))),
            Some(None) => {
                let problem = Problem::new(Code::BadValue, &entry.value.span, "there is at least one attempt");
                problems.add(problem.help(format!("it lies between 1 and {NUMBER_MAX}")));
            }
            None => {}
        }
    }
    let is_empty = match &node.kind {
        Kind::Map(entries) => entries.is_empty(),
        Kind::Nothing | Kind::Scalar { .. } | Kind::List(_) => true,
    };
    if is_empty {
        let problem = Problem::new(Code::MissingKey, at, "`story` expects nothing");
        problems.add(problem.help("write `story: answered`"));
    }
    checks
}

/// A switch that can only be on: what is not expected is left out.
pub(super) fn only_true(node: &Node, what: &str, problems: &mut Problems) -> bool {
    let on = switch(node, what, problems);
    if on == Some(false) {
        let problem = Problem::new(Code::BadValue, &node.span, format!("{what} can only be `true`"));
        problems.add(problem.help("take the key out: what is not expected is not checked"));
    }
    on == Some(true)
}
