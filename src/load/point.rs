//! How a load went for a while: one point of its charts. Merges exactly.

use super::figures::{add, add_each};
use super::latency::Packed;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// How things went for a while.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Point {
    /// Pushes that were due for the first time.
    pub due: u64,
    /// Attempts that were written.
    pub written: u64,
    /// Answers.
    pub answered: u64,
    /// Answers that are no acknowledgement.
    pub nacks: u64,
    /// Attempts without an answer.
    pub failed: u64,
    /// Pushes held back.
    pub held: u64,
    /// Pushes lost.
    pub lost: u64,
    /// Pushes lost to a fault of their own.
    #[serde(default)]
    pub excused: u64,
    /// Pushes due and not settled, at its end.
    pub in_flight: u64,
    /// Calls between their start and their last push, at its end.
    pub calls: u64,
    /// Of the attempts without an answer, how many of each class and phase: `timeout/first_byte`.
    pub failures: BTreeMap<String, u64>,
    /// The response times of its answers, and of attempts whose time was up.
    pub response: Packed,
    /// Their service times.
    pub service: Packed,
}

impl Point {
    /// Adds another worker's point of the same while.
    pub fn merge(&mut self, other: &Point) {
        add!(self, other; due, written, answered, nacks, failed, held, lost, excused, in_flight, calls);
        add_each(&mut self.failures, &other.failures);
        self.response.merge(&other.response);
        self.service.merge(&other.service);
    }
}
