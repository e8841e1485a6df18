//! Which agent the platform has for the customer at the moment; an agent who rang in vain has left the call again.

use crate::call::What;

/// What the platform has of an agent in the first conversation of a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Desk {
    /// No agent.
    Empty,
    /// An agent is reserved, whose phone does not ring yet.
    Locked,
    /// An agent whose phone rings or has rung.
    Rung,
}

impl Desk {
    /// The desk once this has happened.
    ///
    /// It stays as it is when an agent misses the call: the push about that still names the agent.
    pub fn after(self, what: &What) -> Self {
        if matches!(what, What::AgentLocked { .. }) {
            Desk::Locked
        } else if matches!(what, What::AgentRinging { .. } | What::AgentAnswered { .. }) {
            Desk::Rung
        } else {
            self
        }
    }
}
