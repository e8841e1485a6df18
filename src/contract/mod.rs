//! What a receiver is held to, and whether it keeps to it: the expectations of a scenario, judged from the events of a run.
//! Reads events and gives events; sends nothing and asks nobody.

mod answer;
mod check;
mod judge;
mod known;
mod matcher;
mod path;
pub mod probe;
mod shape;
mod shown;
mod status;

pub use check::AnswerRule;
pub use matcher::{Bounds, JsonType, Matcher, Pattern};
pub use path::{At, PathPattern};
pub use shape::{MISMATCHES_MAX, Mismatch, Shape};
pub use shown::{LINES_SHOWN_MAX, VALUE_SHOWN_MAX_CHARS, json_of, not_json};
pub use status::{STATUS_MAX, STATUS_MIN, Status, Statuses};

pub use judge::{Case, Judge};
pub use known::Known;
pub use probe::Probe;

/// What a scenario expects of a receiver.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Contract {
    /// What is asked to learn what the receiver believes, in file order.
    pub probes: Vec<Probe>,
}
