//! Texts with places for what a story knows, such as `http://127.0.0.1:8080/calls/{call.id}`; where the values come from
//! stands elsewhere.

use crate::contract::Known;
use crate::vendors::Meaning;
use std::fmt;

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
    /// Those around what is or looks like the name of a value, which has a dot in it: others belong to JSON, to a shell, to
    /// a program.
    Names,
}

/// How values are written into a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Escape {
    /// As they are.
    Plain,
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
                // A name ends soon; looking further from every brace would take the square of the text.
                let end = inner.bytes().take(NAME_MAX_BYTES + 1).position(|byte| byte == b'}')?;
                inner.get(..end)
            });
            let name = inner.filter(|inner| is_name(inner));
            let Some(name) = name else {
                let opened = inner.and_then(|inner| inner.strip_prefix('{')).filter(|inner| is_name(inner));
                match (opened, inner, braces) {
                    (Some(name), ..) if from[name.len() + 2..].starts_with("}}") => {
                        return Err(NoTemplate::Doubled(name.to_owned()));
                    }
                    (_, Some(inner), Braces::All) => return Err(NoTemplate::NoName(inner.to_owned())),
                    (_, None, Braces::All) => return Err(NoTemplate::Unpaired),
                    (_, _, Braces::Names) => {}
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
                Part::Variable { .. } | Part::Value(_) | Part::Text(_) => filled.shown.push_str(&written),
            }
        }
        Ok(filled)
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
    let is_known = Meaning::ALL.iter().any(|(_, known)| *known == name);
    is_number && (is_known || name.contains('.')) && name.split('.').all(word)
}

/// Whether an address has come as far as its path or query.
fn has_path(address: &str) -> bool {
    let behind_the_scheme = address.split_once("://").map_or("", |(_, rest)| rest);
    behind_the_scheme.contains(['/', '?']) || address.starts_with('/')
}

/// Every byte that is not unreserved in an address (RFC 3986, 2.3), as `%XX`.
fn encoded(value: &str) -> String {
    let one = |byte: u8| match byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
        true => char::from(byte).to_string(),
        false => format!("%{byte:02X}"),
    };
    value.bytes().map(one).collect()
}

fn in_json(value: &str) -> String {
    let quoted = serde_json::Value::from(value).to_string();
    quoted.trim_start_matches('"').strip_suffix('"').unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn environment(name: &str) -> Option<String> {
        let value = match name {
            "TOKEN" => "hush hush",
            "HOST" => "127.0.0.1:9",
            _ => return None,
        };
        Some(value.to_owned())
    }

    fn read(text: &str, braces: Braces) -> Result<Template, NoTemplate> {
        Template::parse(text, braces, &environment)
    }

    fn filled(text: &str, escape: Escape) -> Result<String, String> {
        let mut known = Known::default();
        for (name, value) in [
            ("call.id", "a/b c&d"),
            ("call.id", "second"),
            ("customer.name", "王\"芳"),
            ("target.origin", "http://127.0.0.1:9"),
        ] {
            known.add(name, value);
        }
        read(text, Braces::Names).expect(text).fill(&known, escape).map(|filled| filled.sent)
    }

    #[test]
    fn values_are_written_as_their_place_asks() {
        for (text, escape, expected) in [
            ("{target.origin}/calls/{call.id}", Escape::Address, "http://127.0.0.1:9/calls/a%2Fb%20c%26d"),
            ("http://127.0.0.1:9?call={call.id}", Escape::Address, "http://127.0.0.1:9?call=a%2Fb%20c%26d"),
            ("/by-name/{customer.name}", Escape::Address, "/by-name/%E7%8E%8B%22%E8%8A%B3"),
            ("{\"a\":\"{customer.name}\",\"b\":{}}", Escape::Json, "{\"a\":\"王\\\"芳\",\"b\":{}}"),
            ("call={call.id}", Escape::Form, "call=a%2Fb%20c%26d"),
            ("{call.id} {x} ${HOME} {", Escape::Plain, "a/b c&d {x} ${HOME} {"),
            ("{call.id:2}", Escape::Plain, "second"),
        ] {
            assert_eq!(filled(text, escape).as_deref(), Ok(expected), "{text}");
        }
        assert_eq!(filled("{call.di}", Escape::Plain), Err("call.di".to_owned()));
    }

    #[test]
    fn a_json_value_may_begin_and_end_with_quotes() {
        assert_eq!(in_json("\"quoted\""), "\\\"quoted\\\"");
        assert_eq!(in_json(""), "");
    }

    #[test]
    fn a_text_that_is_no_template_is_refused() {
        for (text, flaw) in [
            ("/calls/{callid}", NoTemplate::NoName("callid".into())),
            ("/calls/{}", NoTemplate::NoName(String::new())),
            ("/calls/{call.id", NoTemplate::Unpaired),
            ("/calls/call.id}", NoTemplate::Unpaired),
            ("/calls/{{call.id}}", NoTemplate::Doubled("call.id".into())),
            ("/calls/{env.NOBODY}", NoTemplate::Unset("NOBODY".into())),
        ] {
            assert_eq!(read(text, Braces::All), Err(flaw), "{text}");
        }
        assert_eq!(read("x {{call.id}} y", Braces::Names), Err(NoTemplate::Doubled("call.id".into())));
    }

    #[test]
    fn a_secret_is_sent_and_never_shown() {
        let template = read("Bearer {env.TOKEN}", Braces::All).expect("a template");
        let filled = template.fill(&Known::default(), Escape::Plain).expect("values");
        assert_eq!((&*filled.sent, &*filled.shown), ("Bearer hush hush", "Bearer ***"));
        assert_eq!(filled.secrets[0], "hush hush");
        let address = read("http://{env.HOST}/{env.TOKEN}", Braces::All).expect("a template");
        let filled = address.fill(&Known::default(), Escape::Address).expect("values");
        assert_eq!(filled.shown, "http://127.0.0.1:9/***", "where to ask is no secret");
        assert_eq!(filled.secrets, ["hush hush", "hush%20hush"]);
        assert_eq!(format!("{template} {template:?}"), "Bearer {env.TOKEN} \"Bearer {env.TOKEN}\"");
    }
}
