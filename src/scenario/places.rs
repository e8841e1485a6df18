//! Reads texts with places for values: the addresses, headers, bodies and commands of probes, and what answers are held against.

use super::fields::scalar;
use super::problems::{Problem, Problems, Span};
use super::secret::Environment;
use super::tree::{Kind, Node};
use super::value::address;
use crate::contract::{Braces, Escape, Known, NoTemplate, PUSH_NAME, Template, is_value, values};
use crate::diagnostic::Code;
use crate::spelling::{nearest, tick};

const NAMES: &str = "`ringback plan SCENARIO --format values` prints the names that there are";
/// What only a shell makes something of.
const OF_A_SHELL: [&str; 10] = ["|", "||", "&", "&&", ";", ">", ">>", "<", "2>", "2>&1"];

/// How texts are read.
pub(super) struct Texts<'e> {
    /// Where environment variables are looked up.
    pub environment: Environment<'e>,
    /// Whether the probe is asked after each push, which it then knows.
    pub after_each: bool,
}

impl Texts<'_> {
    /// A text with places for values; `what` and `kind` are as for other values.
    pub fn template(
        &self,
        node: &Node,
        (what, kind): (&str, &str),
        braces: Braces,
        problems: &mut Problems,
    ) -> Option<Template> {
        self.read(scalar(node, what, kind, problems)?, &node.span, braces, problems)
    }

    /// A text with places for values, which stands at `span`.
    pub fn read(&self, text: &str, span: &Span, braces: Braces, problems: &mut Problems) -> Option<Template> {
        let template = match Template::parse(text, braces, self.environment) {
            Ok(template) => template,
            Err(flaw) => {
                problems.add(told(flaw, span));
                return None;
            }
        };
        let mut known = true;
        for name in template.names() {
            if !is_value(name) {
                known = false;
                problems.add(unknown(name, span));
            } else if name == PUSH_NAME && !self.after_each {
                known = false;
                let message = format!("{} is known only after a push", tick(name));
                problems.add(Problem::new(Code::UnknownName, span, message).help("add `each: true`, or take it out"));
            }
        }
        known.then_some(template)
    }

    /// The address of a probe.
    pub fn address(&self, node: &Node, what: &str, problems: &mut Problems) -> Option<Template> {
        let template = self.template(node, (what, "an address"), Braces::All, problems)?;
        let sample = self.sample(&template);
        let Err(wrong) = address(&sample) else { return Some(template) };
        let written = template.to_string();
        let host = sample.split_once("://").map_or(sample.as_str(), |(_, behind)| behind);
        let (message, help) = if host.split(['/', '?', '#']).next().is_some_and(|host| host.contains('@')) {
            let help = "send them as a header: `headers: { Authorization: \"Basic {env.STATE_AUTH}\" }`".to_owned();
            ("an address cannot hold a name and password: it is shown in every output".to_owned(), help)
        } else {
            let help = if template.is_plain() || written.contains(char::is_whitespace) {
                wrong.help
            } else if written.contains("://") || written.starts_with('{') {
                // What the values are is nobody's business here.
                "an address begins with `http://` or `https://` and a host, or with `{target.origin}`".to_owned()
            } else {
                format!("write `http://{}`", written.trim_start_matches('/'))
            };
            (format!("{} is no address that can be asked", tick(&written)), help)
        };
        problems.add(Problem::new(Code::BadValue, &node.span, message).help(help));
        None
    }

    /// What a text may look like with values in it.
    pub fn sample(&self, template: &Template) -> String {
        let mut known = Known::default();
        for name in template.names() {
            let name = name.split(':').next().unwrap_or_default();
            for value in ["1", "2", "3"] {
                known.add(name, if name == "target.origin" { "http://127.0.0.1:1" } else { value });
            }
        }
        template.fill(&known, Escape::Address).map_or_else(|_| template.to_string(), |filled| filled.sent)
    }
}

/// Notes what is wrong with the places for values in what an answer is held against.
pub(super) fn hold_places(expected: &Node, problems: &mut Problems) {
    match &expected.kind {
        Kind::Nothing => {}
        Kind::Scalar { text, .. } => {
            if let Some(problem) = flaw(text, &expected.span) {
                problems.add(problem)
            }
        }
        Kind::List(items) => items.iter().for_each(|item| hold_places(item, problems)),
        Kind::Map(entries) => match entries.as_slice() {
            // A pattern has braces of its own.
            [only] if only.key == "matches" => {}
            entries => entries.iter().for_each(|entry| hold_places(&entry.value, problems)),
        },
    }
}

/// Whether a text has a place for a value that a story can know.
pub(super) fn names_a_value(text: &str) -> bool {
    Template::parse(text, Braces::Names, &|_| None).is_ok_and(|template| template.names().any(is_value))
}

fn flaw(expected: &str, span: &Span) -> Option<Problem> {
    let template = match Template::parse(expected, Braces::Names, &|_| None) {
        Ok(template) => template,
        Err(NoTemplate::Unset(name)) => {
            let message = format!("{} may be a secret, and what is expected is told in every report", tick(&name));
            return Some(Problem::new(Code::BadValue, span, message).help("write the value itself, or a matcher"));
        }
        Err(flaw) => return Some(told(flaw, span)),
    };
    template.names().find_map(|name| match name {
        PUSH_NAME => {
            let message = format!("{} is no value of a whole story", tick(name));
            Some(Problem::new(Code::UnknownName, span, message).help("write the name of the push"))
        }
        name => (!is_value(name)).then(|| unknown(name, span)),
    })
}

fn unknown(name: &str, span: &Span) -> Problem {
    Problem::new(Code::UnknownName, span, format!("no story knows a value called {}", tick(name))).help(near(name))
}

/// The words of a command: a list, or a text that is split as a shell splits words, and by no shell.
pub(super) fn command(node: &Node, texts: &Texts<'_>, problems: &mut Problems) -> Option<Vec<Template>> {
    let example = "write `command: [./state.sh, \"{call.id}\"]`: a program and its arguments";
    let words: Vec<Option<Template>> = match &node.kind {
        Kind::List(items) => {
            let read = |item| texts.template(item, ("a word of `command`", "a text"), Braces::Names, problems);
            items.iter().map(read).collect()
        }
        Kind::Scalar { text, .. } => {
            let Some(words) = shlex::split(text) else {
                let problem = Problem::new(Code::BadValue, &node.span, "a quote in the command is never closed");
                problems.add(problem.help(example));
                return None;
            };
            let is_of_a_shell = |word: &&String| OF_A_SHELL.contains(&word.as_str()) || word.starts_with(['$', '`']);
            if let Some(word) = words.iter().find(is_of_a_shell) {
                let message = format!("{} means nothing here: no shell reads the command", tick(word));
                let help = "start one yourself: `command: [/bin/sh, -c, \"... \\\"$RINGBACK_CALL_ID\\\" | ...\"]`";
                problems.add(Problem::new(Code::BadValue, &node.span, message).help(help));
                return None;
            }
            words.iter().map(|word| texts.read(word, &node.span, Braces::Names, problems)).collect()
        }
        Kind::Map(_) | Kind::Nothing => {
            let message = format!("`command` takes a text or a list, but this is {}", node.kind_in_words());
            problems.add(Problem::new(Code::WrongKind, &node.span, message).help(example));
            return None;
        }
    };
    if words.first().is_none_or(|first| first.as_ref().is_some_and(Template::is_empty)) {
        problems.add(Problem::new(Code::BadValue, &node.span, "`command` names no program").help(example));
        return None;
    }
    words.into_iter().collect()
}

fn near(name: &str) -> String {
    match nearest(name, values()) {
        Some(near) => format!("did you mean {}?", tick(&format!("{{{near}}}"))),
        None => NAMES.to_owned(),
    }
}

fn told(flaw: NoTemplate, span: &Span) -> Problem {
    match flaw {
        NoTemplate::NoName(name) if name.is_empty() => {
            Problem::new(Code::UnknownName, span, "these braces name no value").help("write `{call.id}`")
        }
        NoTemplate::NoName(name) => {
            let message = format!("{} is no name of a value", tick(&name));
            Problem::new(Code::UnknownName, span, message).help(near(&name))
        }
        NoTemplate::Unpaired => Problem::new(Code::BadValue, span, "a brace stands here without its counterpart")
            .help("a value is written `{call.id}`; in an address, a brace itself is `%7B` or `%7D`"),
        NoTemplate::Doubled(name) => Problem::new(
            Code::BadValue,
            span,
            format!("{} has a pair of braces too many", tick(&format!("{{{{{name}}}}}"))),
        )
        .help(format!("write `{{{name}}}`")),
        NoTemplate::Unset(name) => {
            Problem::new(Code::Environment, span, format!("the environment variable {} is not set", tick(&name)))
                .help(format!("set it where Ringback runs: `{name}=... ringback run`"))
        }
    }
}
