//! What an answer is held against.

use super::probe::Answer;
use crate::event::{Difference, Side};
use serde_json::Value;

/// What an answer is held against.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Wanted {
    pub status: Vec<i32>,
    pub json: Option<Value>,
    pub text: Option<String>,
}

/// In what an answer disagrees.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Disagreement {
    pub expected: String,
    pub found: String,
    pub difference: Vec<Difference>,
}

impl Wanted {
    pub fn disagreement(&self, answer: &Answer) -> Option<Disagreement> {
        if !(self.status.contains(&answer.status) || self.status.is_empty() && (200..300).contains(&answer.status)) {
            return Some(Disagreement {
                expected: "status".into(),
                found: format!("status {}", answer.status),
                difference: vec![Difference { side: Side::Found, text: answer.status.to_string() }],
            });
        }
        None
    }
}
