//! How a call ended, in Udesk's words: `call_result`, `defeat_cause`, `drop_side`.

use super::desk::Desk;
use super::occasion::Workflow;
use crate::call::{Cause, Conversation, Side};

/// The value of `call_result`, from the hang-up on.
///
/// The page's list (详解一) is lost. 客户接听 is the sample's; the other words are inferred.
pub fn call_result(workflow: Workflow, conversation: &Conversation, desk: Desk) -> &'static str {
    if conversation.bridged.is_some() {
        return match workflow {
            Workflow::In => "客服接听",
            Workflow::OutCallback | Workflow::OutDirect | Workflow::OutAuto => "客户接听",
        };
    }
    let customer_missed = conversation.customer_answer.is_none();
    match workflow {
        Workflow::OutCallback if conversation.agent_answer.is_none() => "客服未接",
        Workflow::OutDirect | Workflow::OutCallback => "客户未接",
        Workflow::OutAuto if customer_missed => "客户未接",
        Workflow::In | Workflow::OutAuto => unserved(conversation, desk),
    }
}

/// The customer was on the line and met no agent.
fn unserved(conversation: &Conversation, desk: Desk) -> &'static str {
    if desk == Desk::Rung {
        "客服未接"
    } else if conversation.queued.is_some() {
        "排队放弃"
    } else if conversation.ivr.is_some() || conversation.voicemail.is_some() {
        "IVR放弃"
    } else {
        "客服未接"
    }
}

/// The value of `defeat_cause`: why the customer of an outbound call was not reached.
pub fn defeat_cause(workflow: Workflow, conversation: &Conversation) -> Option<&'static str> {
    // A cause beside a customer who never rang is the agent's, and one after an answer came too late.
    let customer_missed = conversation.customer_ring.is_some() && conversation.customer_answer.is_none();
    if workflow == Workflow::In || !customer_missed {
        return None;
    }
    conversation.cause.and_then(cause_name)
}

/// The names of the page's table (详解三), in which the platform's own refusals have none.
fn cause_name(cause: Cause) -> Option<&'static str> {
    match cause {
        Cause::PoweredOff => Some("关机"),
        Cause::NumberNotAssigned => Some("空号"),
        Cause::OutOfService => Some("停机"),
        Cause::OnThePhone => Some("正在通话中"),
        Cause::Rejected => Some("用户拒接"),
        Cause::Unreachable => Some("无法接通"),
        Cause::Suspended => Some("暂停服务"),
        Cause::Busy => Some("用户正忙"),
        Cause::Misdialled => Some("拨号方式不正确"),
        Cause::IncomingBarred => Some("呼入限制"),
        Cause::ForwardingFailed => Some("呼叫转移失败"),
        Cause::NetworkBusy => Some("网络忙"),
        Cause::NoAnswer => Some("无人接听"),
        Cause::InArrears => Some("欠费"),
        Cause::CannotAnswer => Some("无法接听"),
        Cause::NumberChanged => Some("改号"),
        Cause::LineFault => Some("线路故障"),
        Cause::TryLater => Some("稍后再拨"),
        Cause::Forbidden | Cause::ServiceUnavailable | Cause::Cancelled | Cause::Unknown => None,
    }
}

/// The value of `drop_side`: 客服 is the sample's, 系统 is inferred.
pub fn drop_side(side: Side) -> &'static str {
    match side {
        Side::Agent => "客服",
        Side::Customer => "客户",
        Side::System => "系统",
    }
}
