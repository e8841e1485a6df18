//! Which story, and which of its deliveries: what events are about.

use schemars::JsonSchema;
use serde::Serialize;

/// One scenario played by one vendor.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, JsonSchema)]
pub struct Story {
    /// The scenario's name.
    pub scenario: String,
    /// The vendor's id.
    pub vendor: &'static str,
}

/// Which delivery, to which target.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, JsonSchema)]
pub struct DeliveryId {
    /// The scenario's name.
    pub scenario: String,
    /// Vendor and push: `udesk:agent_answer`.
    pub push: String,
    /// The label of the call.
    pub call: String,
    /// The number of the delivery in its plan, from 1.
    pub number: u32,
    /// The number of the target, from 1.
    pub target: u32,
}
