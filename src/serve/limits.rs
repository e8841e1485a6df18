//! The limits of the server by name, for people and programs; each stands where it holds.

use super::{
    answer, calls, drive, inbox, ledger, log, planning, reading, request, runs, shape, start, stream, teller, told,
};
use crate::receive;

/// A limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limit {
    /// Its name, with the unit.
    pub name: &'static str,
    /// How much.
    pub value: u64,
    /// What happens beyond.
    pub beyond: &'static str,
}

const fn limit(name: &'static str, value: usize, beyond: &'static str) -> Limit {
    Limit { name, value: value as u64, beyond }
}

/// Every limit.
pub const LIMITS: &[Limit] = &[
    limit("running_max", runs::RUNNING_MAX, "429"),
    limit("runs_kept_max", runs::RUNS_KEPT_MAX, "the oldest that are over are forgotten"),
    limit("runs_kept_max_bytes", runs::RUNS_KEPT_MAX_BYTES, "the oldest that are over are forgotten"),
    limit("run_max_s", start::RUN_MAX.as_secs() as usize, "the run is stopped"),
    limit("plannings_max", planning::PLANNINGS_MAX, "further ones wait"),
    limit("plannings_waiting_max", planning::PLANNINGS_WAITING_MAX, "429"),
    limit("planning_max_s", planning::PLANNING_MAX.as_secs() as usize, "503"),
    limit("calls_max", request::CALLS_MAX as usize, "422"),
    limit("mistakes_told_max", shape::MISTAKES_TOLD_MAX, "the rest is left out"),
    limit("named_max", request::NAMED_MAX, "422"),
    limit("calls_kept_max", calls::CALLS_KEPT_MAX, "the oldest are forgotten"),
    limit("driven_kept_max", calls::DRIVEN_KEPT_MAX, "what happened in the oldest is forgotten"),
    limit("events_kept_max", log::EVENTS_KEPT_MAX, "the oldest are forgotten, and readers are told how many"),
    limit(
        "events_kept_max_bytes",
        log::EVENTS_KEPT_MAX_BYTES,
        "the oldest are forgotten, and readers are told how many",
    ),
    limit("deliveries_kept_max", ledger::DELIVERIES_KEPT_MAX, "the oldest that are settled are forgotten, and counted"),
    limit("deliveries_kept_max_bytes", ledger::DELIVERIES_KEPT_MAX_BYTES, "the oldest that are settled are forgotten"),
    limit("attempts_kept_max", ledger::ATTEMPTS_KEPT_MAX, "the oldest of the delivery are forgotten"),
    limit("findings_kept_max", ledger::FINDINGS_KEPT_MAX, "further ones are counted"),
    limit("deliveries_told_max", told::DELIVERIES_TOLD_MAX, "the older ones are told by pages"),
    limit("body_kept_max_bytes", teller::BODY_KEPT_MAX_BYTES, "the rest is cut off"),
    limit("page_max", reading::PAGE_MAX as usize, "400"),
    limit("readers_max", stream::READERS_MAX, "429"),
    limit("inboxes_max", inbox::INBOXES_MAX, "429"),
    limit("requests_kept_max", inbox::REQUESTS_KEPT_MAX, "the oldest of the inbox are forgotten"),
    limit("requests_kept_max_bytes", inbox::REQUESTS_KEPT_MAX_BYTES, "the oldest of the inbox are forgotten"),
    limit("inbox_body_max_bytes", receive::BODY_MAX_BYTES, "413"),
    limit("request_max_bytes", answer::REQUEST_MAX_BYTES, "413"),
    limit("by_hand_max_s", drive::BY_HAND_MAX.as_secs() as usize, "422"),
];
