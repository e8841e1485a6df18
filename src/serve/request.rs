//! What a run is asked to be, as JSON. What it means is read in `ready`.

use super::seed::Seed;
use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;

/// How many calls a run can play, one after the other.
pub const CALLS_MAX: u64 = 100_000;
/// How many targets, fault profiles or overrides a request can name.
pub const NAMED_MAX: usize = 32;
/// How a pace is written.
pub(super) const PACE_PATTERN: &str = r"^(fast|[0-9]{1,5}(\.[0-9]{1,3})?x)$";

/// One scenario by one vendor.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RunRequest {
    /// The name of a built-in scenario, or a scenario as YAML.
    #[schemars(example = &"outbound-answered")]
    pub scenario: String,
    /// The vendor's id.
    #[schemars(extend("enum" = vendors()))]
    pub vendor: String,
    /// Where pushes go, whatever the scenario says. Only this machine, and hosts that were allowed by `--allow-host`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub target: Option<String>,
    /// The same for several addresses: every one gets every push.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(length(max = NAMED_MAX))]
    pub targets: Vec<String>,
    /// The seed of everything that is drawn: a whole number of 64 bits, or the same as text, which JavaScript needs beyond 2^53.
    /// A fresh one otherwise.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seed: Option<Seed>,
    /// When the scenario starts; now otherwise.
    #[schemars(example = &"2026-11-20T10:00:00+08:00")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at: Option<String>,
    /// How scenario time passes: `fast`, or `60x`. `fast` where it is not given; `1x` where the run is driven by hand.
    #[schemars(regex(pattern = PACE_PATTERN), example = &"60x")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pace: Option<String>,
    /// Fault profiles that are laid over the scenario: the names of built-in ones, or YAML.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(length(max = NAMED_MAX))]
    pub faults: Vec<String>,
    /// When to try again: `vendor`, `none`, or waits such as `5s,5m`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retry: Option<String>,
    /// How long to wait for an answer.
    #[schemars(example = &"3s")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub timeout: Option<String>,
    /// Values of pushes to replace.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(length(max = NAMED_MAX), example = vec!["udesk:end.survey=5"])]
    pub set: Vec<String>,
    /// Options of the vendor, by name.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub options: BTreeMap<String, Value>,
    /// Whether nothing happens until steps are posted.
    #[serde(default)]
    pub by_hand: bool,
    /// Whether scenario time stands still from the start.
    #[serde(default)]
    pub paused: bool,
    /// Whether a fault that struck nothing, or an expectation that was never judged, fails the run.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub strict: bool,
    /// How many calls are played, one after the other.
    #[serde(default = "one", deserialize_with = "whole")]
    #[schemars(range(min = 1, max = CALLS_MAX))]
    pub calls: u64,
}

/// The vendors' ids.
fn vendors() -> Vec<&'static str> {
    crate::vendors::ALL.iter().map(|vendor| vendor.id()).collect()
}

/// A whole number as JSON has it: `7.0` is one.
fn whole<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u64, D::Error> {
    Seed::deserialize(deserializer).map(|Seed(number)| number)
}

fn one() -> u64 {
    1
}

impl RunRequest {
    /// About how much memory its texts take.
    pub fn bytes(&self) -> usize {
        let texts = [&self.targets, &self.faults, &self.set].into_iter().flatten();
        texts.chain([&self.scenario]).map(String::len).sum()
    }
}
