//! How a call ended in 7moor's words: status, failureReason and sipCode of the CDR, and the numbers of agent states.

use crate::body::Leaf;
use crate::call::{AgentStatus, Cause, Conversation, Kind, Side};

/// 接听状态 of the CDR.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Status {
    /// It ended in the voice menu.
    Ivr,
    /// The customer left the queue before an agent's phone rang.
    QueueAbandon,
    /// Customer and agent spoke.
    Answer,
    /// The agent did not answer.
    AgentNoAnswer,
    /// The customer did not answer a call of the platform.
    CustomerNoAnswer,
    /// They spoke, then the customer was handed on.
    CallTransfer,
}

impl Status {
    /// The status of a conversation that is over.
    pub fn of(conversation: &Conversation, kind: Kind) -> Self {
        if conversation.bridged.is_some() {
            return if conversation.handed_on { Status::CallTransfer } else { Status::Answer };
        }
        let agent_rang = conversation.agent_ring.is_some();
        let waited = conversation.queued.is_some();
        match kind {
            Kind::Outbound | Kind::Direct | Kind::Preview if conversation.agent_answer.is_none() => {
                Status::AgentNoAnswer
            }
            Kind::Outbound | Kind::Direct | Kind::Preview => Status::CustomerNoAnswer,
            Kind::Predictive | Kind::Webcall if conversation.customer_answer.is_none() => Status::CustomerNoAnswer,
            Kind::Inbound | Kind::Predictive | Kind::Webcall if agent_rang => Status::AgentNoAnswer,
            Kind::Inbound | Kind::Predictive | Kind::Webcall if waited => Status::QueueAbandon,
            // Refused or given up before any menu: the page has no word for it, and this one says "neither queue nor agent".
            Kind::Inbound => Status::Ivr,
            Kind::Predictive | Kind::Webcall if conversation.ivr.is_some() => Status::Ivr,
            Kind::Predictive | Kind::Webcall => Status::QueueAbandon,
        }
    }

    /// The word in the CDR.
    pub fn as_str(self) -> &'static str {
        match self {
            Status::Ivr => "IVR",
            Status::QueueAbandon => "QUEUE_ABANDON",
            Status::Answer => "ANSWER",
            Status::AgentNoAnswer => "AGENT_NO_ANSWER",
            Status::CustomerNoAnswer => "CUSTOMER_NO_ANSWER",
            Status::CallTransfer => "CALL_TRANSFER",
        }
    }

    /// Why the call failed: the cause that is known, else the one that the status suggests; `None` where it did not fail.
    pub fn failure(self, conversation: &Conversation) -> Option<Cause> {
        let cause = conversation.cause;
        match self {
            Status::Answer | Status::CallTransfer => None,
            // A caller who hangs up in a menu did not fail; a caller whom the platform refused did.
            Status::Ivr => cause,
            Status::QueueAbandon => cause.or(Some(Cause::Cancelled)),
            Status::AgentNoAnswer => cause.or(Some(Cause::NoAnswer)),
            Status::CustomerNoAnswer => cause.or(Some(match conversation.dropped_by {
                Some(Side::Agent) => Cause::Cancelled,
                Some(Side::Customer | Side::System) | None => Cause::Unknown,
            })),
        }
    }

    /// The SIP status of the call (inferred).
    pub fn sip_code(self, cause: Option<Cause>) -> i64 {
        match self {
            // The platform had answered the customer's line.
            Status::Answer | Status::CallTransfer | Status::QueueAbandon => 200,
            Status::Ivr => cause.map_or(200, |cause| failure(cause).1),
            Status::AgentNoAnswer | Status::CustomerNoAnswer => cause.map_or(480, |cause| failure(cause).1),
        }
    }
}

/// `failureReason` and `sipCode` for a cause. The six words are the page's; which cause gets which, and which code, is
/// inferred.
pub fn failure(cause: Cause) -> (&'static str, i64) {
    match cause {
        Cause::NoAnswer => ("requestTimeout", 480),
        Cause::Rejected => ("decline", 603),
        Cause::Busy | Cause::OnThePhone => ("decline", 486),
        Cause::Cancelled => ("cancel", 487),
        Cause::Forbidden | Cause::IncomingBarred => ("forbidden", 403),
        Cause::ServiceUnavailable => ("serviceUnavailable", 503),
        Cause::Unreachable | Cause::PoweredOff => ("serviceUnavailable", 480),
        Cause::NumberNotAssigned | Cause::NumberChanged => ("unknow", 404),
        Cause::NetworkBusy | Cause::LineFault => ("unknow", 503),
        Cause::OutOfService
        | Cause::Suspended
        | Cause::Misdialled
        | Cause::ForwardingFailed
        | Cause::InArrears
        | Cause::CannotAnswer
        | Cause::TryLater
        | Cause::Unknown => ("unknow", 480),
    }
}

/// `hangUpSide`. The page shows `AGENT`; the other two are inferred.
pub fn hang_up_side(side: Side) -> &'static str {
    match side {
        Side::Agent => "AGENT",
        Side::Customer => "CUSTOMER",
        Side::System => "SYSTEM",
    }
}

/// The words of `callType`.
pub const CALL_TYPES: &[&str] = CALL_TYPES_OR_NONE.split_at(5).0;
/// The same where there may be no call.
pub const CALL_TYPES_OR_NONE: &[&str] = &["incoming", "dialout", "webcall", "previewDialout", "autoDialout", ""];

/// `callType` for a kind of call.
pub fn call_type(kind: Kind) -> &'static str {
    match kind {
        Kind::Inbound => "incoming",
        Kind::Outbound | Kind::Direct => "dialout",
        Kind::Webcall => "webcall",
        Kind::Preview => "previewDialout",
        Kind::Predictive => "autoDialout",
    }
}

/// `statusName` and `statusNumber` of an agent's state.
pub fn agent_state(status: &AgentStatus) -> (Leaf, Leaf) {
    let (name, number) = match status {
        AgentStatus::Idle => ("空闲", "0"),
        AgentStatus::Busy => ("忙碌", "1"),
        AgentStatus::Calling => ("呼叫中", "2"),
        AgentStatus::Ringing => ("振铃", "3"),
        AgentStatus::Talking => ("通话中", "4"),
        AgentStatus::WrapUp => ("整理", "5"),
        AgentStatus::Held => ("保持", "6"),
        AgentStatus::Muted => ("静音", "7"),
        AgentStatus::Disconnected => ("未连接", "8"),
        AgentStatus::Expired => ("失效", "9"),
        AgentStatus::Custom(number, name) => return (Leaf::from(name), Leaf::from(number.to_string())),
    };
    (Leaf::from(name), Leaf::from(number))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_failure_reason_of_the_page_has_a_cause() {
        let reached: BTreeSet<&str> = Cause::ALL.iter().map(|(cause, _)| failure(*cause).0).collect();
        let page = ["cancel", "decline", "forbidden", "requestTimeout", "serviceUnavailable", "unknow"];
        assert_eq!(reached.into_iter().collect::<Vec<_>>(), page);
    }

    #[test]
    fn every_call_type_of_the_page_has_a_kind() {
        let reached: BTreeSet<&str> = Kind::ALL.iter().map(|(kind, _)| call_type(*kind)).collect();
        let page = ["autoDialout", "dialout", "incoming", "previewDialout", "webcall"];
        assert_eq!(reached.into_iter().collect::<Vec<_>>(), page);
    }

    #[test]
    fn built_in_states_are_numbered_from_0_to_9() {
        let numbers: Vec<Leaf> = AgentStatus::ALL.iter().map(|(status, _)| agent_state(status).1).collect();
        assert_eq!(numbers, (0..10).map(|number: u32| number.to_string().into()).collect::<Vec<Leaf>>());
        assert_eq!(agent_state(&AgentStatus::Custom(101, "小休".into())), ("小休".into(), "101".into()));
    }
}
