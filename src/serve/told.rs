//! How a run is told: what it was asked to be, how it stands, what has come of it.

use super::delivery::Delivery;
use super::ledger::Figures;
use super::request::RunRequest;
use super::run::Run;
use super::seed::Seed;
use crate::event::{Finding, milliseconds};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Serialize;

/// How many deliveries are told with a run, the newest.
pub const DELIVERIES_TOLD_MAX: usize = 100;

/// What a run was asked to be.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(super) struct Asked {
    /// The id of the run.
    pub id: String,
    /// The scenario's name.
    pub scenario: String,
    /// What the scenario says of itself.
    pub title: String,
    /// The vendor's id.
    pub vendor: String,
    /// The seed of every draw.
    pub seed: Seed,
    /// When the scenario starts, RFC 3339.
    pub start: String,
    /// The addresses that pushes go to.
    pub targets: Vec<String>,
    /// Whether nothing happens until somebody makes it happen.
    pub by_hand: bool,
    /// How many calls are played, one after the other.
    pub calls: u64,
    /// When it began, in milliseconds since 1970.
    pub began_ms: i64,
    /// The command that plays the scenario again.
    pub replay: String,
}

/// How a run stands.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(super) struct Told {
    #[serde(flatten)]
    asked: Asked,
    /// Whether it goes on.
    state: State,
    /// How scenario time passes.
    pace: String,
    /// How long it took.
    #[serde(skip_serializing_if = "Option::is_none")]
    took_ms: Option<u64>,
    /// The exit code that the command would have.
    #[serde(skip_serializing_if = "Option::is_none")]
    exit: Option<u8>,
    /// Its figures.
    figures: Figures,
    /// Which of its events are kept.
    events: Range,
}

/// The whole of a run.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Whole {
    #[serde(flatten)]
    told: Told,
    /// What was asked for, as it was understood: posted once more it plays the same, steps and faults by hand left out. Where a
    /// secret stood, there is `***`.
    #[schemars(schema_with = "as_it_is_read")]
    request: RunRequest,
    /// Its newest deliveries, in order.
    deliveries: Vec<Delivery>,
    /// How many more there were.
    deliveries_left_out: u64,
    /// What is not as expected, the first of it.
    findings: Vec<Finding>,
    /// How much more there was.
    findings_left_out: u64,
}

/// Numbers of events.
#[derive(Debug, Clone, Serialize, JsonSchema)]
struct Range {
    /// The first that is kept.
    first: u64,
    /// The last.
    last: u64,
}

/// Whether a run goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum State {
    /// It goes on.
    Running,
    /// Scenario time stands still.
    Paused,
    /// It came to its end.
    Finished,
    /// It was stopped before.
    Stopped,
}

impl Run {
    /// How it stands.
    pub fn told(&self) -> Told {
        let end = self.ended();
        let (first, last) = self.log.range();
        Told {
            asked: self.asked.clone(),
            state: self.state(),
            pace: self.pace().to_string(),
            took_ms: end.map(|end| milliseconds(end.took)),
            exit: end.map(|end| end.exit),
            figures: self.ledger().figures.clone(),
            events: Range { first, last },
        }
    }

    /// All of it, within limits.
    pub fn whole(&self) -> Whole {
        let told = self.told();
        let ledger = self.ledger();
        let mut deliveries: Vec<Delivery> = ledger.after(0).rev().take(DELIVERIES_TOLD_MAX).cloned().collect();
        deliveries.reverse();
        Whole {
            request: self.request.clone(),
            deliveries_left_out: ledger.counted() - deliveries.len() as u64,
            deliveries,
            findings: ledger.findings.clone(),
            findings_left_out: ledger.figures.findings - ledger.findings.len() as u64,
            told,
        }
    }
}

/// The schema of requests as they are read: what is left out here is left out there.
fn as_it_is_read(_: &mut SchemaGenerator) -> Schema {
    json_schema!({ "$ref": "#/components/schemas/RunRequest" })
}
