//! One check: which answers it is about and what it asks of them.

use super::known::Known;
use super::shape::Shape;
use super::status::Statuses;
use super::story::StoryRule;
use crate::duration;
use crate::event::Expectation;
use crate::http::Glob;
use std::fmt;
use std::ops::Deref;
use std::time::Duration;

/// One thing that is expected of the receiver.
#[derive(Debug, Clone, PartialEq)]
pub struct Check {
    /// How it is told, and where it stands.
    pub expectation: Expectation,
    /// The number of its entry in `expect`, from 0: an entry with several keys is several checks.
    pub entry: usize,
    /// The pushes that it is about.
    pub push: Glob,
    /// Which answers to them.
    pub which: Which,
    /// What it asks.
    pub rule: Rule,
}

/// Which answers to a push are judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Which {
    /// The answer to every attempt.
    #[default]
    Every,
    /// The answer to the last attempt alone.
    Last,
}

impl Which {
    /// Every one with its word and its meaning.
    pub const ALL: [(Which, &'static str, &'static str); 2] = [
        (Which::Every, "every", "the answer to every attempt is judged"),
        (Which::Last, "last", "only the answer to the last attempt is judged, once the push is settled"),
    ];
}

/// What a check asks.
#[derive(Debug, Clone, PartialEq)]
pub enum Rule {
    /// Something of each answer.
    Answer(AnswerRule),
    /// Something of the story.
    Story(StoryRule),
}

impl Rule {
    /// Whether it is about the status of an answer, and so takes the place of the vendor's own rule.
    pub(super) fn is_status(&self) -> bool {
        matches!(self, Rule::Answer(AnswerRule::Status(_)))
    }
}

/// What a check asks of an answer.
#[derive(Debug, Clone, PartialEq)]
pub enum AnswerRule {
    /// One of these statuses.
    Status(Statuses),
    /// All of the answer within this time.
    Within(Duration),
    /// A header with a value that fits.
    Header {
        /// Its name.
        name: String,
        /// What one of its values has to be.
        value: Shape,
    },
    /// A body of JSON that looks so.
    Json(Shape),
    /// A body of text that fits.
    Text(Shape),
    /// No body.
    Empty,
}

impl AnswerRule {
    /// Puts the values of a story into what is expected; see [`Shape::fill`].
    pub(super) fn fill(&mut self, known: &dyn Deref<Target = Known>) -> Result<(), String> {
        match self {
            AnswerRule::Header { value: shape, .. } | AnswerRule::Json(shape) | AnswerRule::Text(shape) => {
                shape.fill(known)
            }
            AnswerRule::Status(_) | AnswerRule::Within(_) | AnswerRule::Empty => Ok(()),
        }
    }
}

impl fmt::Display for AnswerRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            AnswerRule::Status(statuses) => write!(f, "status {statuses}"),
            AnswerRule::Within(limit) => write!(f, "answered within {}", duration::text(*limit)),
            AnswerRule::Header { name, value } => write!(f, "header {name}: {value}"),
            AnswerRule::Json(shape) => write!(f, "json {shape}"),
            AnswerRule::Text(shape) => write!(f, "text {shape}"),
            AnswerRule::Empty => f.write_str("an empty body"),
        }
    }
}
