//! What a receiver is held to, and whether it keeps to it: the expectations of a scenario, judged from the events of a run.
//! Reads events and gives events; sends nothing and asks nobody.

mod answer;
mod check;
#[cfg(test)]
mod events;
mod exercised;
mod fact;
mod field;
mod judge;
mod known;
mod loss;
mod matcher;
mod path;
mod path_work;
pub mod probe;
pub mod redact;
pub mod ruling;
mod shape;
mod shown;
pub mod snapshot;
mod status;
mod story;
mod template;
mod threshold;
mod track;

pub use answer::{Answer, Violation};
pub use check::{AnswerRule, Check, Rule, Which};
pub use exercised::{Exercised, Strictness};
pub use fact::{CHECKS, CheckFact, CheckKind, find};
pub use field::FieldValue;
pub use judge::{Case, Judge};
pub use known::{Known, MORE_VALUES, PUSH_NAME, TARGET_ORIGIN, is_value, values};
pub use loss::Losses;
pub use matcher::{Bounds, JsonType, Matcher, PATTERN_MAX_CHARS, Pattern};
pub use path::{At, PathPattern};
pub use path_work::{BRACKETS_MAX, DESCENTS_MAX, FILTERS_MAX, PATH_MAX_BYTES, STEPS_MAX};
pub use probe::Probe;
pub use shape::{MISMATCHES_MAX, Mismatch, Shape};
pub use shown::{LINES_SHOWN_MAX, VALUE_SHOWN_MAX_CHARS, json_of, not_json};
pub use status::{STATUS_MAX, STATUS_MIN, Status, Statuses};
pub use story::StoryRule;
pub use template::{Braces, Escape, Filled, NAME_MAX_BYTES, NoTemplate, Template};
pub use threshold::{
    Clock, Comparison, Counted, Flaw, Limit, METRICS, Metric, Quantile, THRESHOLDS_MAX, Threshold, read_time,
};

pub use track::{CallTrack, Leaving, PushTrack};

use std::ops::Deref;

/// The most entries that `expect` can have.
pub const EXPECT_MAX: usize = 200;

/// What a scenario expects of a receiver.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Contract {
    /// The checks of `expect`, in file order; an entry with several keys is several checks.
    pub checks: Vec<Check>,
    /// What is asked to learn what the receiver believes, in file order.
    pub probes: Vec<Probe>,
    /// What the figures of a load keep to, in file order. A run does not look at them.
    pub thresholds: Vec<Threshold>,
    /// How its answers are taken down.
    pub snapshot: SnapshotRules,
}

/// A value that is expected and that the story does not know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unknown {
    /// Where it is expected: `call.yaml:12`.
    pub place: String,
    /// Its name.
    pub name: String,
}

impl Contract {
    /// Whether a rule asks in which order the pushes of a call leave.
    pub fn asks_for_order(&self) -> bool {
        let asks = |rule: &Rule| matches!(rule, Rule::Story(StoryRule::InOrder | StoryRule::NoErrorAfterEnd));
        self.checks.iter().any(|check| asks(&check.rule))
    }

    /// Whether a check asks for the status of answers to a push of this name.
    pub fn judges_status(&self, push: &str) -> bool {
        self.checks.iter().any(|check| check.rule.is_status() && check.push.matches(push))
    }

    /// Puts the values of a story into what is expected of the answers to its pushes; a probe takes them when it asks.
    ///
    /// # Errors
    /// The first value that the story does not know.
    pub fn fill(&mut self, known: &dyn Deref<Target = Known>) -> Result<(), Unknown> {
        for Check { expectation, rule, .. } in &mut self.checks {
            if let Rule::Answer(rule) = rule {
                rule.fill(known).map_err(|name| Unknown { place: expectation.place.clone(), name })?;
            }
        }
        Ok(())
    }
}

/// How a scenario has the answers taken down.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct SnapshotRules {
    /// What is taken out of them, in file order.
    pub redact: Vec<redact::Rule>,
    /// The headers that are compared; `Content-Type` alone where the scenario names none.
    pub headers: Option<Vec<String>>,
    /// In which order the keys of JSON are written.
    pub keys: KeyOrder,
}

/// In which order a snapshot has the keys of JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum KeyOrder {
    /// By their names: a receiver may write them in any order.
    #[default]
    Sorted,
    /// As the receiver wrote them.
    InOrder,
}

impl KeyOrder {
    /// The words by which a scenario names them.
    pub const ALL: [(KeyOrder, &'static str, &'static str); 2] = [
        (KeyOrder::Sorted, "sorted", "by their names, so that the receiver may write them in any order"),
        (KeyOrder::InOrder, "in_order", "as the receiver writes them"),
    ];

    /// The value with its keys in this order.
    fn of(self, mut value: serde_json::Value) -> serde_json::Value {
        if self == KeyOrder::Sorted {
            value.sort_all_objects();
        }
        value
    }
}
