//! What a receiver is held to, and whether it keeps to it: the expectations of a scenario, judged from the events of a run.
//! Reads events and gives events; sends nothing and asks nobody.

mod judge;
mod known;
pub mod probe;
pub mod redact;
pub mod wanted;

pub use judge::{Case, Judge};
pub use known::Known;
pub use probe::Probe;

/// What a scenario expects of a receiver.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Contract {
    /// What is asked to learn what the receiver believes, in file order.
    pub probes: Vec<Probe>,
    /// How its answers are taken down.
    pub snapshot: SnapshotRules,
}

/// How a scenario has the answers taken down.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct SnapshotRules {
    /// What is taken out of them, in file order.
    pub redact: Vec<redact::Rule>,
    /// The headers that are compared; `Content-Type` alone where the scenario names none.
    pub headers: Option<Vec<String>>,
}
