//! Why a call failed, in words that belong to no vendor.

/// Why a party was not reached, or why the platform refused a call.
///
/// The first eighteen are the causes by which Chinese carriers announce a failed call; the others come from the platform.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cause {
    /// The phone is switched off (关机).
    PoweredOff,
    /// The number is not assigned (空号).
    NumberNotAssigned,
    /// The line is out of service (停机).
    OutOfService,
    /// The customer is on the phone (正在通话中).
    OnThePhone,
    /// The customer rejected the call (用户拒接).
    Rejected,
    /// The phone is out of reach (无法接通).
    Unreachable,
    /// Service is suspended (暂停服务).
    Suspended,
    /// The customer is busy (用户正忙).
    Busy,
    /// The number was dialled in the wrong way (拨号方式不正确).
    Misdialled,
    /// Incoming calls are barred (呼入限制).
    IncomingBarred,
    /// Call forwarding failed (呼叫转移失败).
    ForwardingFailed,
    /// The network is busy (网络忙).
    NetworkBusy,
    /// It rang and nobody answered (无人接听).
    NoAnswer,
    /// The account is in arrears (欠费).
    InArrears,
    /// The call cannot be answered (无法接听).
    CannotAnswer,
    /// The number has changed (改号).
    NumberChanged,
    /// The line is faulty (线路故障).
    LineFault,
    /// Try again later (稍后再拨).
    TryLater,
    /// The platform forbids the call.
    Forbidden,
    /// The platform's service was not available.
    ServiceUnavailable,
    /// The caller gave up before an answer.
    Cancelled,
    /// Nobody knows.
    Unknown,
}

impl Cause {
    /// The status by which SIP tells of it (RFC 3261, section 21).
    pub fn sip_status(self) -> u16 {
        match self {
            Cause::Busy | Cause::OnThePhone | Cause::Rejected => 486,
            Cause::NoAnswer | Cause::Cancelled | Cause::Unknown => 487,
            Cause::PoweredOff | Cause::Unreachable | Cause::CannotAnswer | Cause::TryLater => 480,
            Cause::NetworkBusy | Cause::LineFault | Cause::ServiceUnavailable => 503,
            Cause::NumberNotAssigned
            | Cause::OutOfService
            | Cause::Suspended
            | Cause::Misdialled
            | Cause::IncomingBarred
            | Cause::ForwardingFailed
            | Cause::InArrears
            | Cause::NumberChanged
            | Cause::Forbidden => 404,
        }
    }

    /// Every cause with the word by which a scenario names it.
    pub const ALL: [(Cause, &'static str); 22] = [
        (Cause::PoweredOff, "powered-off"),
        (Cause::NumberNotAssigned, "number-not-assigned"),
        (Cause::OutOfService, "out-of-service"),
        (Cause::OnThePhone, "on-the-phone"),
        (Cause::Rejected, "rejected"),
        (Cause::Unreachable, "unreachable"),
        (Cause::Suspended, "suspended"),
        (Cause::Busy, "busy"),
        (Cause::Misdialled, "misdialled"),
        (Cause::IncomingBarred, "incoming-barred"),
        (Cause::ForwardingFailed, "forwarding-failed"),
        (Cause::NetworkBusy, "network-busy"),
        (Cause::NoAnswer, "no-answer"),
        (Cause::InArrears, "in-arrears"),
        (Cause::CannotAnswer, "cannot-answer"),
        (Cause::NumberChanged, "number-changed"),
        (Cause::LineFault, "line-fault"),
        (Cause::TryLater, "try-later"),
        (Cause::Forbidden, "forbidden"),
        (Cause::ServiceUnavailable, "service-unavailable"),
        (Cause::Cancelled, "cancelled"),
        (Cause::Unknown, "unknown"),
    ];
}
