//! What a value can be held against besides a literal: the closed list of matchers.

use super::path_work::Steps;
use super::shape::{Shape, texts_of};
use regex::{Regex, RegexBuilder};
use serde_json::Value;
use std::fmt;

/// The longest regular expression, in characters.
pub const PATTERN_MAX_CHARS: usize = 1000;
/// How much memory a compiled pattern may take.
const PATTERN_MAX_BYTES: usize = 1024 * 1024;

/// What a value has to be.
#[derive(Debug, Clone, PartialEq)]
pub enum Matcher {
    /// Exactly this, with no other keys beside.
    Equals(Value),
    /// A text in which this pattern is found.
    Matches(Pattern),
    /// A value of one of these types.
    Type(Vec<JsonType>),
    /// A number within these bounds.
    Number(Bounds),
    /// A text with this text in it, a list with such an item.
    Contains(Box<Shape>),
    /// One of these.
    OneOf(Vec<Shape>),
    /// A text of so many characters, a list of so many items, an object of so many keys.
    Length(Bounds),
    /// Anything that is not this.
    Not(Box<Shape>),
    /// Anything, but it has to be there.
    Present,
    /// Nothing: it must not be there.
    Absent,
}

impl Matcher {
    /// Whether a value that is there fits.
    pub(super) fn fits(&self, value: &Value, left: &Steps) -> bool {
        match self {
            Matcher::Equals(expected) => same(expected, value),
            Matcher::Matches(pattern) => value.as_str().is_some_and(|text| pattern.is_in(text)),
            Matcher::Type(types) => types.iter().any(|one| one.is_of(value)),
            Matcher::Number(bounds) => value.as_f64().is_some_and(|number| bounds.hold(number)),
            Matcher::Contains(part) => match (value, part.as_ref()) {
                (Value::String(text), Shape::Is(Value::String(part))) => text.contains(part.as_str()),
                (Value::Array(items), part) => items.iter().any(|item| part.fits_within(item, left)),
                _ => false,
            },
            Matcher::OneOf(choices) => choices.iter().any(|choice| choice.fits_within(value, left)),
            Matcher::Length(bounds) => length(value).is_some_and(|length| bounds.hold(length as f64)),
            Matcher::Not(shape) => !shape.fits_within(value, left),
            Matcher::Present => true,
            Matcher::Absent => false,
        }
    }
}

impl Matcher {
    /// Visits every text that it holds something against word for word.
    pub(super) fn texts(&mut self, visit: &mut dyn FnMut(&mut String)) {
        match self {
            Matcher::Equals(value) => texts_of(value, visit),
            Matcher::Contains(shape) | Matcher::Not(shape) => shape.texts(visit),
            Matcher::OneOf(choices) => choices.iter_mut().for_each(|choice| choice.texts(visit)),
            Matcher::Matches(_)
            | Matcher::Type(_)
            | Matcher::Number(_)
            | Matcher::Length(_)
            | Matcher::Present
            | Matcher::Absent => {}
        }
    }
}

impl fmt::Display for Matcher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let any_of = |words: Vec<String>| match words.as_slice() {
            [] => String::new(),
            [only] => only.clone(),
            [first @ .., last] => format!("{} or {last}", first.join(", ")),
        };
        match self {
            Matcher::Equals(value) => write!(f, "exactly {value}"),
            Matcher::Matches(pattern) => write!(f, "a text that matches /{}/", pattern.0),
            Matcher::Type(types) => {
                f.write_str(&any_of(types.iter().map(|one| one.with_article().to_owned()).collect()))
            }
            Matcher::Number(bounds) => write!(f, "a number {bounds}"),
            Matcher::Contains(part) => match part.as_ref() {
                Shape::Is(Value::String(part)) => write!(f, "something that contains {}", Value::from(part.as_str())),
                part => write!(f, "a list that contains {part}"),
            },
            Matcher::OneOf(choices) => f.write_str(&any_of(choices.iter().map(ToString::to_string).collect())),
            Matcher::Length(bounds) => write!(f, "a length {bounds}"),
            Matcher::Not(shape) => write!(f, "anything but {shape}"),
            Matcher::Present => f.write_str("anything"),
            Matcher::Absent => f.write_str("nothing"),
        }
    }
}

/// A regular expression that could be compiled.
#[derive(Debug, Clone)]
pub struct Pattern(Regex);

impl Pattern {
    /// Compiles a pattern.
    ///
    /// # Errors
    /// What is wrong with it, in one line.
    pub fn compile(text: &str) -> Result<Self, String> {
        let length = text.chars().count();
        if length > PATTERN_MAX_CHARS {
            return Err(format!("it has {length} characters, more than {PATTERN_MAX_CHARS}"));
        }
        let compiled = RegexBuilder::new(text).size_limit(PATTERN_MAX_BYTES).build();
        compiled.map(Self).map_err(|error| match error {
            regex::Error::CompiledTooBig(_) => "it would grow too large".to_owned(),
            error => {
                let told = error.to_string();
                let last = told.lines().last().unwrap_or_default();
                last.strip_prefix("error: ").unwrap_or(last).replace("escape sequence", "escape")
            }
        })
    }

    pub(super) fn regex(&self) -> &Regex {
        &self.0
    }

    fn is_in(&self, text: &str) -> bool {
        self.0.is_match(text)
    }
}

impl PartialEq for Pattern {
    fn eq(&self, other: &Self) -> bool {
        self.0.as_str() == other.0.as_str()
    }
}

/// The types of JSON, whole numbers told apart from others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "each is named by its word in ALL")]
pub enum JsonType {
    String,
    Integer,
    Number,
    Boolean,
    Array,
    Object,
    Null,
}

impl JsonType {
    /// Every type with its word.
    pub const ALL: [(JsonType, &'static str); 7] = [
        (JsonType::String, "string"),
        (JsonType::Integer, "integer"),
        (JsonType::Number, "number"),
        (JsonType::Boolean, "boolean"),
        (JsonType::Array, "array"),
        (JsonType::Object, "object"),
        (JsonType::Null, "null"),
    ];

    fn is_of(self, value: &Value) -> bool {
        match (self, value) {
            (JsonType::String, Value::String(_))
            | (JsonType::Number, Value::Number(_))
            | (JsonType::Boolean, Value::Bool(_))
            | (JsonType::Array, Value::Array(_))
            | (JsonType::Object, Value::Object(_))
            | (JsonType::Null, Value::Null) => true,
            // As JSON Schema has it, 1.0 is a whole number.
            (JsonType::Integer, Value::Number(number)) => number.as_f64().is_some_and(|number| number.fract() == 0.0),
            _ => false,
        }
    }

    fn with_article(self) -> &'static str {
        match self {
            JsonType::String => "a string",
            JsonType::Integer => "an integer",
            JsonType::Number => "a number",
            JsonType::Boolean => "a boolean",
            JsonType::Array => "an array",
            JsonType::Object => "an object",
            JsonType::Null => "null",
        }
    }
}

/// Bounds of a number, both of them within.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bounds {
    /// The smallest number.
    pub least: Option<f64>,
    /// The largest number.
    pub most: Option<f64>,
}

impl Bounds {
    fn hold(self, number: f64) -> bool {
        self.least.is_none_or(|least| number >= least) && self.most.is_none_or(|most| number <= most)
    }
}

impl fmt::Display for Bounds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.least, self.most) {
            (Some(least), Some(most)) if least == most => write!(f, "of {least}"),
            (Some(least), Some(most)) => write!(f, "from {least} to {most}"),
            (Some(least), None) => write!(f, "of at least {least}"),
            (None, Some(most)) => write!(f, "of at most {most}"),
            (None, None) => f.write_str("of any size"),
        }
    }
}

/// Whether two values are the same as JSON sees them: `1` is `1.0`, and keys have no order.
pub(super) fn same(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Number(one), Value::Number(other)) => {
            one == other || one.as_f64() == other.as_f64() && !(one.is_u64() && other.is_u64())
        }
        (Value::Array(ones), Value::Array(others)) => {
            ones.len() == others.len() && ones.iter().zip(others).all(|(one, other)| same(one, other))
        }
        (Value::Object(ones), Value::Object(others)) => {
            ones.len() == others.len()
                && ones.iter().all(|(key, one)| others.get(key).is_some_and(|other| same(one, other)))
        }
        (one, other) => one == other,
    }
}

fn length(value: &Value) -> Option<usize> {
    match value {
        Value::String(text) => Some(text.chars().count()),
        Value::Array(items) => Some(items.len()),
        Value::Object(keys) => Some(keys.len()),
        Value::Null | Value::Bool(_) | Value::Number(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn text(text: &str) -> Box<Shape> {
        Box::new(Shape::Is(json!(text)))
    }

    #[test]
    fn each_matcher_takes_what_it_says() {
        let pattern = Matcher::Matches(Pattern::compile("^a+$").expect("a pattern"));
        let bounds = |least, most| Bounds { least, most };
        for (matcher, right, wrong) in [
            (pattern, json!("aa"), vec![json!("ab"), json!(1), json!(null)]),
            (Matcher::Equals(json!({ "a": 1 })), json!({ "a": 1.0 }), vec![json!({ "a": 1, "b": 2 }), json!({})]),
            (Matcher::Type(vec![JsonType::Integer]), json!(3), vec![json!(3.5), json!("3"), json!(null)]),
            (Matcher::Type(vec![JsonType::String, JsonType::Null]), json!(null), vec![json!(1), json!([])]),
            (Matcher::Number(bounds(Some(1.0), Some(2.0))), json!(2), vec![json!(2.01), json!(0), json!("1")]),
            (Matcher::Number(bounds(None, Some(2.0))), json!(-9), vec![json!(3)]),
            (Matcher::Contains(text("b")), json!("abc"), vec![json!("xyz"), json!(["abc"]), json!(1)]),
            (Matcher::Contains(text("b")), json!(["a", "b"]), vec![json!([]), json!({ "b": 1 })]),
            (Matcher::OneOf(vec![Shape::Is(json!(1)), Shape::Is(json!("x"))]), json!("x"), vec![json!("1"), json!(2)]),
            (Matcher::Length(bounds(Some(2.0), Some(2.0))), json!("王芳"), vec![json!("a"), json!(22), json!([1])]),
            (Matcher::Not(text("a")), json!("b"), vec![json!("a")]),
            (Matcher::Present, json!(null), vec![]),
        ] {
            assert!(matcher.fits(&right, &Steps::new()), "{matcher}: {right}");
            for wrong in wrong {
                assert!(!matcher.fits(&wrong, &Steps::new()), "{matcher}: {wrong}");
            }
        }
        assert!(!Matcher::Absent.fits(&json!(null), &Steps::new()));
    }

    #[test]
    fn numbers_are_the_same_as_json_sees_them() {
        assert!(same(&json!(1), &json!(1.0)) && same(&json!([{ "a": 1 }]), &json!([{ "a": 1 }])));
        // Beyond what floating point can tell apart.
        assert!(!same(&json!(9007199254740993u64), &json!(9007199254740992u64)));
        assert!(!same(&json!(1), &json!("1")) && !same(&json!(null), &json!(false)));
    }

    #[test]
    fn a_pattern_that_cannot_be_compiled_says_why() {
        assert_eq!(Pattern::compile("(a").expect_err("open"), "unclosed group");
        assert_eq!(Pattern::compile("(?:a{1000}){1000}{1000}").expect_err("large"), "it would grow too large");
        assert!(Pattern::compile(&"芳".repeat(PATTERN_MAX_CHARS)).is_ok());
        assert_eq!(Pattern::compile(&"a".repeat(1001)).expect_err("long"), "it has 1001 characters, more than 1000");
        let pattern = |text: &str| Pattern::compile(text).expect("a pattern");
        assert!(pattern("a+") == pattern("a+") && pattern("a+") != pattern("a*"));
    }

    #[test]
    fn matchers_are_told_in_words() {
        let types = Matcher::Type(vec![JsonType::Integer, JsonType::Null]);
        assert_eq!(types.to_string(), "an integer or null");
        let bounds = Bounds { least: Some(1.0), most: Some(10.0) };
        assert_eq!(Matcher::Number(bounds).to_string(), "a number from 1 to 10");
        for (least, most, words) in [
            (Some(2.0), Some(2.0), "of 2"),
            (Some(2.0), None, "of at least 2"),
            (None, Some(2.0), "of at most 2"),
            (None, None, "of any size"),
        ] {
            assert_eq!(Bounds { least, most }.to_string(), words);
        }
        assert_eq!(Matcher::Not(text("a")).to_string(), "anything but \"a\"");
    }
}
