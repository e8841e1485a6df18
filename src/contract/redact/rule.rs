//! What a scenario takes out of its snapshots by itself: places in JSON, patterns, and headers.

use super::mark::{bare, mark, outside_marks};
use crate::contract::matcher::Pattern;
use crate::contract::path::PathPattern;
use regex::Captures;
use serde_json::Value;

/// What stands in place of what is taken out, unless the scenario says otherwise.
const REDACTED: &str = "redacted";

/// Something that is taken out of answers before they are compared.
#[derive(Debug, Clone)]
pub struct Rule {
    what: What,
    /// What stands in its place, without angle brackets.
    name: String,
}

#[derive(Debug, Clone)]
enum What {
    /// Every place in a body that a JSONPath finds.
    Path(Box<PathPattern>),
    /// The place in a body at a JSON Pointer.
    Pointer(String),
    /// Every text, in bodies and headers, in which a pattern is found.
    Matches(Pattern),
    /// A header.
    Header(String),
}

/// Why a rule cannot be used: half a sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleError(pub String);

impl Rule {
    /// A place: a JSONPath (`$.server_time`) or a JSON Pointer (`/data/0/id`).
    ///
    /// # Errors
    /// Where it is neither.
    pub fn place(text: &str) -> Result<Self, RuleError> {
        if text.starts_with('/') {
            return Ok(Self::new(What::Pointer(text.to_owned())));
        }
        if !text.starts_with('$') {
            return Err(RuleError(
                "a place is a JSONPath such as `$.server_time`, or a JSON Pointer such as `/data/id`".into(),
            ));
        }
        PathPattern::parse(text).map(|path| Self::new(What::Path(Box::new(path)))).map_err(RuleError)
    }

    /// A regular expression.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn matches(pattern: &str) -> Result<Self, RuleError> {
        Pattern::compile(pattern).map(|pattern| Self::new(What::Matches(pattern))).map_err(RuleError)
    }

    /// A header.
    pub fn header(name: &str) -> Self {
        Self::new(What::Header(name.to_ascii_lowercase()))
    }

    fn new(what: What) -> Self {
        Self { what, name: REDACTED.to_owned() }
    }

    /// The same, with what stands in its place: `<request>`; angle brackets may be left out.
    pub fn named(self, name: &str) -> Self {
        let name = name.strip_prefix('<').and_then(|name| name.strip_suffix('>')).unwrap_or(name).to_owned();
        Self { name, ..self }
    }

    /// Takes its places out of a body.
    pub(super) fn in_value(&self, value: &mut Value) {
        let pointers = match &self.what {
            What::Path(path) => path.pointers(value),
            What::Pointer(pointer) => vec![pointer.clone()],
            What::Matches(_) | What::Header(_) => Vec::new(),
        };
        for pointer in pointers {
            if let Some(place) = value.pointer_mut(&pointer) {
                *place = match place {
                    Value::String(_) => Value::String(mark(&self.name)),
                    _ => bare(&self.name),
                };
            }
        }
    }

    /// Takes what it matches out of a text.
    pub(super) fn in_text(&self, text: &str) -> String {
        match &self.what {
            What::Matches(pattern) => outside_marks(text, |part| {
                pattern.regex().replace_all(part, |_: &Captures<'_>| mark(&self.name)).into_owned()
            }),
            What::Path(..) | What::Pointer(_) | What::Header(_) => text.to_owned(),
        }
    }

    /// What stands in place of a header, if this is its rule.
    pub(super) fn in_header(&self, name: &str) -> Option<String> {
        match &self.what {
            What::Header(header) => header.eq_ignore_ascii_case(name).then(|| mark(&self.name)),
            What::Path(..) | What::Pointer(_) | What::Matches(_) => None,
        }
    }
}

impl PartialEq for Rule {
    fn eq(&self, other: &Self) -> bool {
        let what = match (&self.what, &other.what) {
            (What::Path(one), What::Path(other)) => one == other,
            (What::Pointer(one), What::Pointer(other)) | (What::Header(one), What::Header(other)) => one == other,
            (What::Matches(one), What::Matches(other)) => one == other,
            _ => false,
        };
        what && self.name == other.name
    }
}
