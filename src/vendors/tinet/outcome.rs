//! How a call went, in the vendor's numbers: call types, record statuses, end reasons, SIP statuses.
//!
//! Sources: the statuses and end reasons are Alibaba Cloud's (VMS developer reference); which cause leads to which status of
//! a refused call, and to which SIP status, is inferred.

use crate::call::{Cause, Conversation, Kind, Side};

/// `callType`. Agent-first calls, asked for by the agent or previewed, are both 预览外呼.
pub fn call_type(kind: Kind) -> &'static str {
    match kind {
        Kind::Inbound => "1",
        Kind::Webcall => "2",
        Kind::Outbound | Kind::Preview => "4",
        Kind::Predictive => "5",
        Kind::Direct => "6",
    }
}

/// Whether the agent's leg is the main one.
pub fn agent_first(kind: Kind) -> bool {
    match kind {
        Kind::Outbound | Kind::Preview | Kind::Direct => true,
        Kind::Inbound | Kind::Predictive | Kind::Webcall => false,
    }
}

/// What a record's status follows from.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Facts {
    /// Whether the customer is on the blacklist.
    pub blacklisted: bool,
    /// Why the platform refused the call, where it did.
    pub refused: Option<Cause>,
    /// Whether the call was over before the platform had answered.
    pub unanswered: bool,
    /// Whether an agent's phone rang.
    pub agent_rang: bool,
    /// Whether an agent answered.
    pub agent_answered: bool,
    /// Whether the customer's phone rang.
    pub customer_rang: bool,
    /// Whether the customer answered.
    pub customer_answered: bool,
    /// Whether the two talked.
    pub bridged: bool,
}

impl Facts {
    /// The facts of a call's conversations, from the first to the last that the customer was in.
    pub fn of(chain: &[&Conversation], blacklisted: bool) -> Self {
        let any = |has: fn(&Conversation) -> bool| chain.iter().copied().any(has);
        let bridged = any(|conversation| conversation.bridged.is_some());
        let last = chain.last();
        let refused = last.filter(|last| last.dropped_by == Some(Side::System) && !bridged).and_then(|last| last.cause);
        Self {
            blacklisted,
            refused,
            unanswered: last.is_some_and(|last| last.hung_up == Some(last.started)),
            agent_rang: any(|conversation| conversation.agent_ring.is_some()),
            agent_answered: any(|conversation| conversation.agent_answer.is_some() || conversation.direct),
            customer_rang: any(|conversation| conversation.customer_ring.is_some()),
            customer_answered: any(|conversation| conversation.customer_answer.is_some()),
            bridged,
        }
    }

    /// `cdr_status`.
    pub fn status(self, kind: Kind) -> &'static str {
        match kind {
            Kind::Inbound => self.inbound_status(),
            Kind::Webcall => match self {
                Facts { bridged: true, .. } => "24",
                Facts { agent_rang: true, .. } => "23",
                Facts { customer_answered: true, .. } => "22",
                Facts { refused: Some(Cause::ServiceUnavailable), .. } => "20",
                _ => "21",
            },
            Kind::Outbound | Kind::Preview => match self {
                Facts { bridged: true, .. } => "33",
                Facts { customer_rang: true, .. } => "32",
                Facts { agent_answered: true, .. } => "31",
                _ => "30",
            },
            Kind::Predictive => match self {
                Facts { bridged: true, .. } => "43",
                Facts { agent_rang: true, .. } => "42",
                Facts { customer_answered: true, .. } => "41",
                _ => "40",
            },
            Kind::Direct => match self {
                Facts { bridged: true, .. } => "52",
                Facts { customer_rang: true, .. } => "51",
                _ => "50",
            },
        }
    }

    fn inbound_status(self) -> &'static str {
        match self {
            Facts { bridged: true, .. } => "1",
            Facts { blacklisted: true, .. } => "7",
            Facts { refused: Some(cause), .. } => refusal(cause),
            Facts { agent_rang: true, .. } => "2",
            Facts { unanswered: true, .. } => "12",
            _ => "3",
        }
    }
}

/// The status of an inbound call that the platform refused.
fn refusal(cause: Cause) -> &'static str {
    match cause {
        Cause::ServiceUnavailable => "4",
        Cause::OutOfService | Cause::Suspended => "5",
        Cause::InArrears => "6",
        Cause::Forbidden | Cause::IncomingBarred => "7",
        Cause::NumberNotAssigned => "8",
        Cause::NetworkBusy => "11",
        Cause::PoweredOff
        | Cause::OnThePhone
        | Cause::Rejected
        | Cause::Unreachable
        | Cause::Busy
        | Cause::Misdialled
        | Cause::ForwardingFailed
        | Cause::NoAnswer
        | Cause::CannotAnswer
        | Cause::NumberChanged
        | Cause::LineFault
        | Cause::TryLater
        | Cause::Cancelled
        | Cause::Unknown => "13",
    }
}

/// `cdr_end_reason`: 1000 the main channel hung up, 1001 the other one, 1002 the call was forced off.
pub fn end_reason(kind: Kind, dropped_by: Side, cause: Option<Cause>) -> &'static str {
    match (dropped_by, agent_first(kind)) {
        (Side::Agent, true) | (Side::Customer, false) => "1000",
        (Side::Agent, false) | (Side::Customer, true) => "1001",
        // Without a cause the platform is no more than the other channel, as a voice robot is.
        (Side::System, _) if cause.is_none() => "1001",
        (Side::System, _) => "1002",
    }
}

/// `cdr_sip_cause` of a customer who was called and did not answer.
pub fn sip_cause(cause: Cause) -> &'static str {
    match cause {
        Cause::NumberNotAssigned | Cause::OutOfService => "404",
        Cause::NumberChanged => "410",
        Cause::Misdialled => "484",
        Cause::Busy | Cause::OnThePhone => "486",
        Cause::Cancelled => "487",
        Cause::Rejected => "603",
        Cause::Forbidden | Cause::IncomingBarred | Cause::InArrears | Cause::Suspended => "403",
        Cause::NetworkBusy | Cause::ServiceUnavailable | Cause::LineFault | Cause::TryLater => "503",
        Cause::NoAnswer
        | Cause::PoweredOff
        | Cause::Unreachable
        | Cause::CannotAnswer
        | Cause::ForwardingFailed
        | Cause::Unknown => "480",
    }
}

/// The state of a number as type 11 tells it: the vendor's 7xx and 8xx codes. Their list is not public: a code of another
/// range is put into the 700s, and one that does not fit there is 800.
pub fn number_state(code: i64) -> i64 {
    match code {
        700..=899 => code,
        0..=99 => 700 + code,
        _ => 800,
    }
}
