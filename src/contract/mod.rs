//! What a receiver is held to, and whether it keeps to it: the expectations of a scenario, judged from the events of a run.
//! Reads events and gives events; sends nothing and asks nobody.

mod judge;

pub use judge::{Case, Judge};

/// What a scenario expects of a receiver.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Contract {}
