//! What a scenario takes out of its snapshots by itself: places in JSON, patterns, and headers.

use super::mark::{bare, mark, outside_marks};
use regex::{Captures, Regex, RegexBuilder};
use serde_json::Value;
use serde_json_path::JsonPath;

/// How much memory a compiled pattern may take.
const PATTERN_MAX_BYTES: usize = 1024 * 1024;
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
    Path(String, Box<JsonPath>),
    /// The place in a body at a JSON Pointer.
    Pointer(String),
    /// Every text, in bodies and headers, in which a pattern is found.
    Matches(Regex),
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
        match JsonPath::parse(text) {
            Ok(path) => Ok(Self::new(What::Path(text.to_owned(), Box::new(path)))),
            Err(error) => Err(RuleError(match text.char_indices().nth(error.position()) {
                Some((byte, _)) => format!("it cannot be read from `{}` on", text.get(byte..).unwrap_or_default()),
                None => "it breaks off too early".to_owned(),
            })),
        }
    }

    /// A regular expression.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn matches(pattern: &str) -> Result<Self, RuleError> {
        let compiled = RegexBuilder::new(pattern).size_limit(PATTERN_MAX_BYTES).build();
        compiled.map(|regex| Self::new(What::Matches(regex))).map_err(|error| {
            let told = error.to_string();
            let last = told.lines().last().unwrap_or_default();
            RuleError(last.strip_prefix("error: ").unwrap_or(last).to_owned())
        })
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
            What::Path(_, path) => {
                path.query_located(value).locations().map(|location| location.to_json_pointer()).collect()
            }
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
            What::Matches(regex) => {
                outside_marks(text, |part| regex.replace_all(part, |_: &Captures<'_>| mark(&self.name)).into_owned())
            }
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
            (What::Path(one, _), What::Path(other, _)) => one == other,
            (What::Pointer(one), What::Pointer(other)) | (What::Header(one), What::Header(other)) => one == other,
            (What::Matches(one), What::Matches(other)) => one.as_str() == other.as_str(),
            _ => false,
        };
        what && self.name == other.name
    }
}
