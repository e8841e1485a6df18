//! Scenario and seed become a [`Plan`]: everything that would be sent, when and why. Pure: no socket, no clock.

mod build;
mod contract;
mod fate;
mod headers;
mod known;
mod overrides;
mod pretty;
mod print;
mod sample;
mod secrets;
mod sign;
mod strikes;
mod written;

pub use build::{Circumstances, NoPlan, OVERRIDDEN_MAX, PLANNED_MAX_BYTES, Targets};
pub use fate::{FOLDED_MAX, Tried, is_within};
pub use headers::{USER_AGENT, as_sent};
pub use known::known_of;
pub use print::{PRINTED_MAX_BYTES, PlanFormat};
pub use sample::Retelling;
pub use sign::{Sent, Signed, headers as signature};
pub use strikes::NoStrike;

use crate::call::Cast;
use crate::contract::Contract;
use crate::faults::{Faults, Planned};
use crate::http::Push;
use crate::scenario::{Order, Sign};
use crate::vendors::{GivenOptions, Record, RetryPolicy, Vendor};
use jiff::Timestamp;
use std::time::Duration;

/// Everything that one vendor would send for one scenario.
#[derive(Clone)]
pub struct Plan {
    /// The scenario's name.
    pub scenario: String,
    /// What the scenario says of itself.
    pub title: String,
    /// Where the scenario was read from: a path, or `built-in`.
    pub source: String,
    /// What the scenario expects of the receiver.
    pub contract: Contract,
    /// Who takes part, all of it settled.
    pub cast: Cast,
    /// Who pushes.
    pub vendor: &'static dyn Vendor,
    /// The vendor's options.
    pub options: GivenOptions,
    /// The seed of every draw.
    pub seed: u64,
    /// When the scenario starts.
    pub start: Timestamp,
    /// What is sent, in the order in which it falls due.
    pub deliveries: Vec<Delivery>,
    /// The entries that the vendor makes in its own records, in the order in which it makes them.
    pub records: Vec<PlannedRecord>,
    /// The configured addresses, in order. Every one gets every delivery.
    pub targets: Vec<url::Url>,
    /// What the environment gave to requests and probes: nobody is told.
    pub from_environment: Vec<String>,
    /// Which deliveries wait for which.
    pub order: Order,
    /// How long an attempt may take.
    pub timeout: Duration,
    /// When to try again.
    pub retry: RetryPolicy,
    /// How pushes are signed.
    pub sign: Option<Sign>,
    /// After how many failed attempts in a row the vendor stops pushing to an address; never where none is given.
    pub disable_after: Option<u32>,
    /// What goes wrong on purpose.
    pub faults: Faults,
}

/// An entry that the vendor makes in its own records.
#[derive(Debug, Clone, PartialEq)]
pub struct PlannedRecord {
    /// When, from the start of the scenario.
    pub offset: Duration,
    /// What it tells of, in words.
    pub why: String,
    /// The entry.
    pub record: Record,
}

/// One push that is to be delivered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    /// Its place in the plan, from 1.
    pub number: u32,
    /// Vendor and push: `udesk:agent_answer`.
    pub push: String,
    /// The label of its call.
    pub call: String,
    /// The number of its call in the run, from 1.
    pub call_number: u64,
    /// When it is due, from the start of the scenario.
    pub offset: Duration,
    /// The happening that its moment is counted from.
    pub mark: u16,
    /// What it tells of, in words.
    pub why: String,
    /// The request, with every header that the scenario adds.
    pub request: Push,
    /// What faults have made of it.
    pub planned: Planned,
}

#[cfg(test)]
mod tests;
