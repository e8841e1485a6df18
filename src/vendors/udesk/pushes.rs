//! The occasions on which Udesk pushes, and the pushes that they make.
//!
//! Source: Udesk, 通话事件推送 (third-party documentation, `call_detail_push`). The page states neither method, nor
//! content type, nor what counts as success: those are inferred from the vendor's sister callbacks, which are POSTs of JSON.

use super::fields::{CALLOUT_TASK, CUSTOM_FIELD, FIELDS, IVR_RECORD};
use crate::call::Advanced::{self, Barge, Conference, Consult, Intercept, Listen, Transfer, Whisper};
use crate::call::Outcome::{self, Failed, Succeeded};
use crate::vendors::{FieldTable, Fields, Origin, PushFact};

/// Why a push is sent: the value of `occasion` (详解八).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Occasion {
    /// An automatic outbound call starts.
    Begin,
    /// The agent answers a callback.
    AgentAnswer,
    /// The customer answers an outbound call.
    CustomerAnswer,
    /// The customer is in the queue.
    EnqueueSucc,
    /// An agent is reserved.
    AgentLock,
    /// The agent starts to talk.
    AgentIncall,
    /// The assigned agent does not answer.
    AgentBreakout,
    /// An advanced operation succeeded or failed.
    Advanced(Advanced, Outcome),
    /// One side hangs up.
    Hangup,
    /// The conversation is over.
    End,
    /// What an advanced conversation was.
    EndInfo,
}

impl Occasion {
    /// The vendor's word, which is the name of the push.
    pub fn word(self) -> &'static str {
        PAGE.iter().find(|entry| entry.0 == self).map_or("", |entry| entry.1)
    }
}

/// A push on the page: its occasion with the word for it, its heading, and when it is sent.
type Entry = (Occasion, &'static str, &'static str, &'static str);

/// Every push, in the order of the page.
const PAGE: [Entry; 24] = [
    (Occasion::Begin, "begin", "开始自动外呼", "the platform starts to dial a customer of a task"),
    (Occasion::AgentAnswer, "agent_answer", "呼出回拨坐席接听", "the agent answers the first leg of a callback"),
    (Occasion::CustomerAnswer, "customer_answer", "呼出回拨客户接听", "the customer answers an outbound call"),
    (Occasion::EnqueueSucc, "enqueue_succ", "呼入入队成功", "the customer enters a queue"),
    (
        Occasion::AgentLock,
        "agent_lock",
        "锁定坐席",
        "an agent is reserved for the waiting customer, where Udesk has enabled it",
    ),
    (
        Occasion::AgentIncall,
        "agent_incall",
        "坐席开始通话",
        "an agent is connected with a waiting customer or joins an advanced call",
    ),
    (Occasion::AgentBreakout, "agent_breakout", "分配坐席未应答", "the assigned agent does not answer"),
    (advanced(Transfer, Succeeded), "transfer_succ", "转接成功", "who the call is transferred to answers"),
    (advanced(Transfer, Failed), "transfer_failed", "转接失败", "who the call is transferred to does not answer"),
    (advanced(Consult, Succeeded), "consult_succ", "咨询成功", "who is consulted answers"),
    (advanced(Consult, Failed), "consult_failed", "咨询失败", "who is consulted does not answer"),
    (advanced(Listen, Succeeded), "listening_succ", "监听成功", "a supervisor listens in"),
    (advanced(Listen, Failed), "listening_failed", "监听失败", "a supervisor could not listen in"),
    (advanced(Conference, Succeeded), "third_party_succ", "三方成功", "the third party answers"),
    (advanced(Conference, Failed), "third_party_failed", "三方失败", "the third party does not answer"),
    (advanced(Barge, Succeeded), "interpose_succ", "强插成功", "a supervisor joins the conversation"),
    (advanced(Barge, Failed), "interpose_failed", "强插失败", "a supervisor could not join"),
    (advanced(Intercept, Succeeded), "substitute_succ", "拦截成功", "a supervisor takes the customer over"),
    (advanced(Intercept, Failed), "substitute_failed", "拦截失败", "a supervisor could not take over"),
    (advanced(Whisper, Succeeded), "whisper_succ", "密语成功", "a supervisor speaks to the agent alone"),
    (advanced(Whisper, Failed), "whisper_failed", "密语失败", "a supervisor could not speak to the agent"),
    (Occasion::Hangup, "hangup", "通话有一方挂断", "one side of a conversation hangs up"),
    (Occasion::End, "end", "通话结束", "a conversation is over and its record complete: exactly once per conversation"),
    (Occasion::EndInfo, "end_info", "高级通话信息", "an advanced conversation is over"),
];

const fn advanced(kind: Advanced, outcome: Outcome) -> Occasion {
    Occasion::Advanced(kind, outcome)
}

/// The words of all occasions.
pub const WORDS: [&str; PAGE.len()] = {
    let mut words = [""; PAGE.len()];
    let mut place = 0;
    while place < PAGE.len() {
        words[place] = PAGE[place].1;
        place += 1;
    }
    words
};

/// The pushes. Each carries every key; a value that is not known is null.
pub const PUSHES: [PushFact; PAGE.len()] = {
    let mut pushes = [push(PAGE[0]); PAGE.len()];
    let mut place = 1;
    while place < PAGE.len() {
        pushes[place] = push(PAGE[place]);
        place += 1;
    }
    pushes
};

const fn push((_, name, title, when): Entry) -> PushFact {
    PushFact { name, alias: None, title, when, origin: Origin::Seed, fields: Fields(TABLES) }
}

const TABLES: &[FieldTable] = &[
    FieldTable::rows(FIELDS.len(), |place| &FIELDS[place].field),
    FieldTable::rows(IVR_RECORD.len(), |place| &IVR_RECORD[place].field),
    FieldTable::rows(CUSTOM_FIELD.len(), |place| &CUSTOM_FIELD[place].field),
    FieldTable::rows(CALLOUT_TASK.len(), |place| &CALLOUT_TASK[place].field),
];
