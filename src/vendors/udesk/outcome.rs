//! How a call ended, in Udesk's words: `call_result`, `defeat_cause`, `drop_side`.

use super::desk::Desk;
use super::workflow::Workflow;
use crate::call::{Cause, Conversation, Side};

/// The words of [`call_result`].
pub const RESULTS: &[&str] = &["客服接听", "客户接听", "客服未接", "客户未接", "排队放弃", "IVR放弃"];
/// The words of [`drop_side`].
pub const SIDES: &[&str] = &["客服", "客户", "系统"];

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
    CAUSES.iter().find(|(cause, _)| conversation.cause == Some(*cause)).map(|(_, name)| *name)
}

/// The names of the page's table (详解三), in which the platform's own refusals have none.
const CAUSES: [(Cause, &str); 18] = [
    (Cause::PoweredOff, "关机"),
    (Cause::NumberNotAssigned, "空号"),
    (Cause::OutOfService, "停机"),
    (Cause::OnThePhone, "正在通话中"),
    (Cause::Rejected, "用户拒接"),
    (Cause::Unreachable, "无法接通"),
    (Cause::Suspended, "暂停服务"),
    (Cause::Busy, "用户正忙"),
    (Cause::Misdialled, "拨号方式不正确"),
    (Cause::IncomingBarred, "呼入限制"),
    (Cause::ForwardingFailed, "呼叫转移失败"),
    (Cause::NetworkBusy, "网络忙"),
    (Cause::NoAnswer, "无人接听"),
    (Cause::InArrears, "欠费"),
    (Cause::CannotAnswer, "无法接听"),
    (Cause::NumberChanged, "改号"),
    (Cause::LineFault, "线路故障"),
    (Cause::TryLater, "稍后再拨"),
];

/// The words of [`defeat_cause`].
pub const CAUSE_NAMES: [&str; CAUSES.len()] = {
    let mut names = [""; CAUSES.len()];
    let mut place = 0;
    while place < CAUSES.len() {
        names[place] = CAUSES[place].1;
        place += 1;
    }
    names
};

/// The value of `drop_side`: 客服 is the sample's, 系统 is inferred.
pub fn drop_side(side: Side) -> &'static str {
    match side {
        Side::Agent => "客服",
        Side::Customer => "客户",
        Side::System => "系统",
    }
}
