//! The 29 topics of the pushes, apart from their numbers: numbers drift between generations and stand in `profile`, the
//! vendor's own names in `facts`.

use super::facts::TYPES;
use super::variables::Row;

/// What a push is about, in the order of the current numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Topic {
    Incoming,
    InboundRing,
    OutboundRing,
    WebcallRing,
    InboundBridge,
    OutboundBridge,
    InboundHangup,
    OutboundHangup,
    AgentStatus,
    Keys,
    NumberStatus,
    Recording,
    HttpInteraction,
    Task,
    Transcript,
    WebcallCustomerRing,
    Survey,
    PredictiveAnswer,
    Understood,
    PredictiveBridge,
    IvrEnd,
    OutboundCustomerRing,
    WebcallCustomerAnswer,
    WebcallTransferRing,
    WebcallTransferBridge,
    DirectRing,
    DirectAnswer,
    DirectCustomerRing,
    DirectBridge,
}

/// Which names a push action may refer to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Family {
    /// Event variables by their bare names: `mainUniqueId`.
    Event,
    /// Channel variables only: `${cdr_status}`.
    Channel,
}

/// What becomes of a parameter whose variable has no value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Missing {
    /// It arrives with an empty value.
    Empty,
    /// It does not arrive.
    Omitted,
}

impl Topic {
    /// The variables that its parameters have by default, in order.
    pub fn rows(self) -> &'static [Row] {
        TYPES.get(self as usize).map_or(&[], |of_topic| of_topic.rows)
    }

    /// The names that its parameters refer to by default.
    pub fn family(self) -> Family {
        match self {
            Topic::InboundHangup | Topic::OutboundHangup | Topic::Recording => Family::Channel,
            _ => Family::Event,
        }
    }

    /// What becomes of a parameter without a value: pushes about a live channel send it empty, those that come after the
    /// channel is gone leave it out. Inferred from an older engine; a real hang-up push and the seed's status push agree.
    pub fn missing(self) -> Missing {
        match self {
            Topic::InboundHangup
            | Topic::OutboundHangup
            | Topic::AgentStatus
            | Topic::NumberStatus
            | Topic::Recording
            | Topic::Task
            | Topic::Transcript => Missing::Omitted,
            _ => Missing::Empty,
        }
    }
}
