//! Texts with places for what a story knows, such as `http://127.0.0.1:8080/calls/{call.id}`; where the values come from
//! stands elsewhere.

use crate::body;
use crate::call::Fact;
use crate::contract::{Known, values};
use std::fmt;
use url::Url;

/// What begins the name of an environment variable.
const ENVIRONMENT: &str = "env.";
/// What is shown in place of a secret.
pub(super) const MASK: &str = "***";

/// A text with places for values. Written out by [`fmt::Display`], it looks as its author wrote it.
#[derive(Clone, PartialEq, Eq)]
pub struct Template(Vec<Part>);

#[derive(Clone, PartialEq, Eq)]
enum Part {
    Text(String),
    /// The name of a value.
    Value(String),
    /// An environment variable, which may well be a secret.
    Variable {
        name: String,
        value: String,
    },
}

/// Which braces are places.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Braces {
    /// All of them: elsewhere, as in an address, none has a meaning of its own.
    All,
    /// Those around a single word, as in a header, where JSON has braces, too.
    Words,
    /// Those around what is or looks like the name of a value, as in a field of a push: a template of a vendor's own may have
    /// words in braces. What can only be meant for a name is none of those.
    Fields,
    /// Those around what is or looks like the name of a value, which has a dot in it: others belong to JSON, to a shell, to
    /// a program.
    Names,
}

/// How values are written into a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Escape {
    /// As they are.
    Plain,
    /// Percent-encoded where a header cannot hold them.
    Header,
    /// Percent-encoded from the path on; before it as they are, so that a host can be a value.
    Address,
    /// Percent-encoded.
    Form,
    /// As parts of a JSON string.
    Json,
}

/// A text with its values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filled {
    /// The text as it is sent.
    pub sent: String,
    /// The text as it is shown: stars stand in place of secrets.
    pub shown: String,
    /// What the stars stand for.
    pub secrets: Vec<String>,
}

/// Why a text is no template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NoTemplate {
    /// Something in braces that cannot be a name.
    NoName(String),
    /// A brace without its counterpart.
    Unpaired,
    /// A name in doubled braces.
    Doubled(String),
    /// A name behind a dollar sign, as a shell has it.
    OfAShell(String),
    /// An environment variable that is not set.
    Unset(String),
}

/// The longest name in braces, in bytes.
pub const NAME_MAX_BYTES: usize = 200;

impl Template {
    /// Reads a text. Environment variables are looked up at once.
    ///
    /// # Errors
    /// The first thing that is wrong with it.
    pub fn parse(text: &str, braces: Braces, environment: &dyn Fn(&str) -> Option<String>) -> Result<Self, NoTemplate> {
        let mut parts = Vec::new();
        let mut plain = String::new();
        let mut rest = text;
        while let Some(at) = rest.find(['{', '}']) {
            let (before, from) = rest.split_at(at);
            plain.push_str(before);
            let inner = from.strip_prefix('{').and_then(|inner| {
                // A name ends soon, and before the next brace opens, but for one that doubles this one.
                let name = inner.bytes().take(NAME_MAX_BYTES + 1).enumerate();
                let end = name.take_while(|(at, byte)| *at == 0 || *byte != b'{');
                let (end, _) = end.into_iter().find(|(_, byte)| *byte == b'}')?;
                inner.get(..end)
            });
            if let Some(name) = inner.filter(|inner| braces != Braces::Names && before.ends_with('$') && is_word(inner))
            {
                return Err(NoTemplate::OfAShell(name.to_owned()));
            }
            let name = inner.filter(|inner| is_name(inner));
            let Some(name) = name else {
                let is_closed_twice = |inner: &str| from[inner.len() + 1..].starts_with("}}");
                let opened = inner.filter(|inner| is_closed_twice(inner)).and_then(|inner| inner.strip_prefix('{'));
                let opened = opened.map(str::trim);
                match (opened, inner, braces) {
                    (Some(name), ..) if is_name(name) || (braces != Braces::Names && is_word(name)) => {
                        return Err(NoTemplate::Doubled(name.to_owned()));
                    }
                    (_, Some(inner), Braces::All) => return Err(NoTemplate::NoName(inner.to_owned())),
                    (_, None, Braces::All) => return Err(NoTemplate::Unpaired),
                    (_, Some(inner), Braces::Words) if is_word(inner) => {
                        return Err(NoTemplate::NoName(inner.to_owned()));
                    }
                    (_, Some(inner), Braces::Fields) if is_word(inner) && is_meant(inner, text) => {
                        return Err(NoTemplate::NoName(inner.to_owned()));
                    }
                    (_, _, Braces::Words | Braces::Fields | Braces::Names) => {}
                }
                plain.push_str(&from[..1]);
                rest = &from[1..];
                continue;
            };
            if !plain.is_empty() {
                parts.push(Part::Text(std::mem::take(&mut plain)));
            }
            parts.push(match name.strip_prefix(ENVIRONMENT) {
                None => Part::Value(name.to_owned()),
                Some(variable) => match environment(variable).filter(|value| !value.is_empty()) {
                    Some(value) => Part::Variable { name: variable.to_owned(), value },
                    None => return Err(NoTemplate::Unset(variable.to_owned())),
                },
            });
            rest = &from[name.len() + 2..];
        }
        plain.push_str(rest);
        if !plain.is_empty() {
            parts.push(Part::Text(plain));
        }
        Ok(Self(parts))
    }

    /// A text without any place for a value, whatever it looks like.
    pub fn plain(text: &str) -> Self {
        Self(vec![Part::Text(text.to_owned())])
    }

    /// Whether it has no place for a value.
    pub fn is_plain(&self) -> bool {
        self.0.iter().all(|part| matches!(part, Part::Text(_)))
    }

    /// Whether nothing is written in it.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The names of the values that it has places for, without environment variables.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.iter().filter_map(|part| match part {
            Part::Value(name) => Some(name.as_str()),
            Part::Text(_) | Part::Variable { .. } => None,
        })
    }

    /// What the environment holds for it.
    pub fn variables(&self) -> impl Iterator<Item = &str> {
        self.0.iter().filter_map(|part| match part {
            Part::Variable { value, .. } => Some(value.as_str()),
            Part::Text(_) | Part::Value(_) => None,
        })
    }

    /// Whether a value of the story stands in it before the path, if this is an address.
    pub fn begins_with_a_value_of_the_story(&self) -> bool {
        let mut before = String::new();
        for part in &self.0 {
            match part {
                Part::Text(text) => before.push_str(text),
                Part::Variable { value, .. } => before.push_str(value),
                Part::Value(_) => return !has_path(&before),
            }
        }
        false
    }

    /// Where an address leads, as far as it is known before there is a story.
    pub fn origin(&self) -> Option<Url> {
        let mut known = String::new();
        for part in &self.0 {
            match part {
                Part::Text(text) => known.push_str(text),
                Part::Variable { value, .. } => known.push_str(value),
                Part::Value(_) => break,
            }
            if has_path(&known) {
                break;
            }
        }
        known.parse().ok()
    }

    /// The text with its values. What the environment holds may be a secret and is not shown, except before the path of an
    /// address: where to ask is none.
    ///
    /// # Errors
    /// The first name that has no value.
    pub fn fill(&self, known: &Known, escape: Escape) -> Result<Filled, String> {
        let mut filled = Filled { sent: String::new(), shown: String::new(), secrets: Vec::new() };
        for part in &self.0 {
            let is_before_the_path = escape == Escape::Address && !has_path(&filled.sent);
            let value = match part {
                Part::Text(text) => {
                    filled.sent.push_str(text);
                    filled.shown.push_str(text);
                    continue;
                }
                Part::Variable { value, .. } => value,
                Part::Value(name) => known.get(name).ok_or_else(|| name.clone())?,
            };
            let written = match escape {
                Escape::Address if is_before_the_path => value.to_owned(),
                Escape::Plain => value.to_owned(),
                Escape::Header => visible(value),
                Escape::Address | Escape::Form => encoded(value),
                Escape::Json => in_json(value),
            };
            filled.sent.push_str(&written);
            match part {
                Part::Variable { .. } if !is_before_the_path => {
                    filled.shown.push_str(MASK);
                    filled.secrets.push(value.to_owned());
                    filled.secrets.push(written);
                }
                // A whole address in a variable: what lies behind its host may well let others in.
                Part::Variable { .. } if path_of(&filled.sent).is_some_and(|path| path.len() > 1) => {
                    let path = path_of(&filled.sent).unwrap_or_default();
                    let host = filled.sent.len() - path.len();
                    let shown_host = host.saturating_sub(filled.sent.len() - written.len());
                    filled.shown.push_str(written.get(..shown_host + 1).unwrap_or_default());
                    filled.shown.push_str(MASK);
                    filled.secrets.push(path[1..].to_owned());
                }
                Part::Variable { .. } | Part::Value(_) | Part::Text(_) => filled.shown.push_str(&written),
            }
        }
        Ok(filled)
    }
}

impl Template {
    /// The text as a leaf, in which values stay what they are. `value` gives them by name; a name that has none stands for
    /// nothing.
    pub fn leaf(&self, escape: body::Escape, value: impl Fn(&str) -> Option<body::Leaf>) -> body::Leaf {
        let escaped = |leaf| body::Leaf::Escaped(Box::new(leaf), escape);
        body::Leaf::joined(self.0.iter().map(|part| match part {
            Part::Text(text) => body::Leaf::from(text),
            Part::Variable { value, .. } => escaped(body::Leaf::from(value)),
            Part::Value(name) => value(name).map_or(body::Leaf::EMPTY, escaped),
        }))
    }
}

impl fmt::Display for Template {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|part| match part {
            Part::Text(text) => f.write_str(text),
            Part::Value(name) => write!(f, "{{{name}}}"),
            Part::Variable { name, .. } => write!(f, "{{{ENVIRONMENT}{name}}}"),
        })
    }
}

impl fmt::Debug for Template {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.to_string(), f)
    }
}

/// Whether this is the name of a value, or looks like one: words joined by dots, perhaps with a number: `call.id`,
/// `call.id:2`.
fn is_name(text: &str) -> bool {
    let word =
        |word: &str| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-".contains(&byte));
    let (name, number) = text.split_once(':').unwrap_or((text, "1"));
    let is_number = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
    let is_known = Fact::ALL.iter().any(|fact| fact.is_named() && fact.as_str() == name);
    is_number && (is_known || name.contains('.')) && name.split('.').all(word)
}

/// Whether this is a word that somebody may take for the name of a value: `trace`, `callId`. An id in braces is none.
fn is_word(text: &str) -> bool {
    const UUID_CHARS: usize = 36;
    text.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_')
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-.:".contains(&byte))
        && text.len() != UUID_CHARS
}

/// Whether a word in braces can only be meant for a value: there is nothing else, or it is the name of one but for its dots.
fn is_meant(word: &str, text: &str) -> bool {
    let plain = |name: &str| name.replace(['.', '_', '-'], "").to_ascii_lowercase();
    text.len() == word.len() + 2 || values().any(|name| plain(name) == plain(word))
}

/// A value as a header can hold it: what is not visible ASCII is percent-encoded.
fn visible(value: &str) -> String {
    written(value, body::Escape::Header)
}

/// Whether an address has come as far as its path or query.
fn has_path(address: &str) -> bool {
    path_of(address).is_some() || address.starts_with('/')
}

/// What stands behind the host of an address, from the slash or the question mark on.
fn path_of(address: &str) -> Option<&str> {
    let (_, behind_the_scheme) = address.split_once("://")?;
    behind_the_scheme.find(['/', '?']).map(|at| &behind_the_scheme[at..])
}

/// Every byte that is not unreserved in an address (RFC 3986, 2.3), as `%XX`.
fn encoded(value: &str) -> String {
    written(value, body::Escape::Address)
}

fn in_json(value: &str) -> String {
    written(value, body::Escape::Json)
}

fn written(value: &str, escape: body::Escape) -> String {
    let mut written = Vec::with_capacity(value.len());
    body::escaped(value.as_bytes(), &[escape], &mut written);
    // Text, or ASCII made of it.
    String::from_utf8(written).unwrap_or_default()
}

#[cfg(test)]
mod tests;
