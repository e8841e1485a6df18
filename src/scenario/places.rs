//! Reads texts with places for values: the addresses, headers, bodies and commands of probes, and what answers are held against.

use super::fields::scalar;
use super::problems::{Problem, Problems, Span};
use super::secret::Environment;
use super::tree::{Kind, Node};
use super::value::{Wrong, address};
use crate::contract::{Braces, Escape, Known, NoTemplate, PUSH_NAME, TARGET_ORIGIN, Template, is_value, values};
use crate::diagnostic::Code;
use crate::spelling::{nearest, tick};

const NAMES: &str = "`ringback plan SCENARIO --format values` prints the names that there are";
/// What only a shell makes something of.
const OF_A_SHELL: [&str; 10] = ["|", "||", "&", "&&", ";", ">", ">>", "<", "2>", "2>&1"];

/// How texts are read.
pub(super) struct Texts<'e> {
    /// Where environment variables are looked up.
    pub environment: Environment<'e>,
    /// Of what they know the values.
    pub of: Of,
}

/// What a text is part of, which says what it can know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Of {
    /// A probe after the story.
    Story,
    /// A push, or a probe after each.
    Push,
    /// An address that pushes go to.
    Target,
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
        match self.parse(text, braces) {
            Ok(template) => Some(template),
            Err(flaws) => {
                for (code, Wrong { reason, help }) in flaws {
                    problems.add(Problem::new(code, span, reason).help(help));
                }
                None
            }
        }
    }

    /// A text with places for values, wherever it stands; everything that is wrong with it.
    fn parse(&self, text: &str, braces: Braces) -> Result<Template, Vec<(Code, Wrong)>> {
        let template = Template::parse(text, braces, self.environment).map_err(|flaw| vec![told(flaw)])?;
        let flaw = |name: &str| match name {
            name if !is_value(name) => Some(unknown(name)),
            PUSH_NAME if self.of == Of::Story => {
                let reason = format!("{} is known only after a push", tick(name));
                Some((Code::UnknownName, Wrong::new(reason, "add `each: true`, or take it out")))
            }
            PUSH_NAME | TARGET_ORIGIN if self.of == Of::Target => {
                let reason = format!("{} is not known in an address that pushes go to", tick(name));
                Some((Code::UnknownName, Wrong::new(reason, "write it out, or take it out")))
            }
            _ => None,
        };
        let flaws: Vec<_> = template.names().filter_map(flaw).collect();
        if flaws.is_empty() { Ok(template) } else { Err(flaws) }
    }

    /// The same for a text of the command line: the first thing that is wrong with it.
    ///
    /// # Errors
    /// What is wrong and what to do.
    pub fn alone(&self, text: &str, braces: Braces) -> Result<Template, Wrong> {
        self.parse(text, braces).map_err(|flaws| {
            let first = flaws.into_iter().next().map(|(_, wrong)| wrong);
            first.unwrap_or_else(|| Wrong::new("it cannot be read", ""))
        })
    }

    /// An address that pushes go to. Before its path nothing is known but what the environment holds: connections are opened
    /// there before there is a call.
    ///
    /// # Errors
    /// What is wrong and what to do.
    pub fn target(&self, text: &str) -> Result<Template, (Code, Wrong)> {
        // What cannot be an address whatever its values are is told as such.
        if !text.contains(['{', '}']) {
            let url = address(text).map_err(|wrong| (Code::BadValue, wrong))?;
            return Ok(Template::plain(url.as_str()));
        }
        let template = self.parse(text, Braces::All).map_err(|flaws| {
            flaws.into_iter().next().unwrap_or_else(|| (Code::BadValue, Wrong::new("it cannot be read", "")))
        })?;
        if template.begins_with_a_value_of_the_story() {
            let reason = format!("the host of {} depends on the call", tick(text));
            let help = "write it out, or take it from the environment: `http://{env.HOST}/...`";
            return Err((Code::BadValue, Wrong::new(reason, help)));
        }
        match address(&self.sample(&template, Escape::Address)) {
            Ok(_) => Ok(template),
            Err(_) => {
                let reason = format!("{} is not an address that pushes can go to", tick(text));
                let help = "write `http://` or `https://`, a host, and a path: `http://127.0.0.1:8080/calls/{call.id}`";
                Err((Code::BadValue, Wrong::new(reason, help)))
            }
        }
    }

    /// The address of a probe.
    pub fn address(&self, node: &Node, what: &str, problems: &mut Problems) -> Option<Template> {
        let template = self.template(node, (what, "an address"), Braces::All, problems)?;
        let sample = self.sample(&template, Escape::Address);
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
    pub fn sample(&self, template: &Template, escape: Escape) -> String {
        let mut known = Known::default();
        for name in template.names() {
            let name = name.split(':').next().unwrap_or_default();
            for value in ["1", "2", "3"] {
                known.add(name, if name == TARGET_ORIGIN { "http://127.0.0.1:1" } else { value });
            }
        }
        template.fill(&known, escape).map_or_else(|_| template.to_string(), |filled| filled.sent)
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
        Err(flaw) => return Some(at(span, told(flaw))),
    };
    template.names().find_map(|name| match name {
        PUSH_NAME => {
            let message = format!("{} is no value of a whole story", tick(name));
            Some(Problem::new(Code::UnknownName, span, message).help("write the name of the push"))
        }
        name => (!is_value(name)).then(|| at(span, unknown(name))),
    })
}

fn at(span: &Span, (code, wrong): (Code, Wrong)) -> Problem {
    Problem::new(code, span, wrong.reason).help(wrong.help)
}

fn unknown(name: &str) -> (Code, Wrong) {
    (Code::UnknownName, Wrong::new(format!("no story knows a value called {}", tick(name)), near(name)))
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

fn told(flaw: NoTemplate) -> (Code, Wrong) {
    match flaw {
        NoTemplate::NoName(name) if name.is_empty() => {
            (Code::UnknownName, Wrong::new("these braces name no value", "write `{call.id}`"))
        }
        NoTemplate::NoName(name) => {
            (Code::UnknownName, Wrong::new(format!("{} is no name of a value", tick(&name)), near(&name)))
        }
        NoTemplate::Unpaired => {
            let help = "a value is written `{call.id}`; in an address, a brace itself is `%7B` or `%7D`";
            (Code::BadValue, Wrong::new("a brace stands here without its counterpart", help))
        }
        NoTemplate::Doubled(name) => {
            let reason = format!("{} has a pair of braces too many", tick(&format!("{{{{{name}}}}}")));
            (Code::BadValue, Wrong::new(reason, format!("write {}", place_for(&name))))
        }
        NoTemplate::OfAShell(name) => {
            let reason = format!("{} is shell syntax, and no shell reads this", tick(&format!("${{{name}}}")));
            (Code::BadValue, Wrong::new(reason, format!("write {}", place_for(&name))))
        }
        NoTemplate::Unset(name) => {
            let reason = format!("the environment variable {} is not set", tick(&name));
            (Code::Environment, Wrong::new(reason, format!("set it where Ringback runs: `{name}=... ringback run`")))
        }
    }
}

/// How the place for what goes by this name elsewhere is written: a word without a dot is mostly a variable.
fn place_for(name: &str) -> String {
    let value = if is_value(name) || name.contains('.') { Some(name) } else { nearest(name, values()) };
    tick(&value.map_or_else(|| format!("{{env.{name}}}"), |value| format!("{{{value}}}")))
}
