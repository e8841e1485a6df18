//! The pushes of Huawei CEC, and the numbers of its pages.
//!
//! Sources: Huawei Cloud, 云客服 消息推送接口规格 (cec_04_0075, now cec_04_0092) for messages, its pages on switching the
//! push on (cec_04_0091) and on pulling messages for what the samples do not show, 双呼 (cec_04_0067, cec_04_0068) for the
//! callbacks of calls.

use super::call::{CONNECT, RELEASE};
use super::message::{ENVELOPE, MESSAGE};
use crate::vendors::{FieldTable, Fields, Origin, PushFact};
use std::time::Duration;

/// What the platform appends to the address of a tenant. Documented.
pub const MESSAGES_PATH: &str = "/webhooks/v1/messages";
/// How long the platform waits for an answer. Inferred; no page says it.
pub const TIMEOUT: Duration = Duration::from_secs(5);
/// The length of a push key. Documented.
pub const PUSH_KEY_CHARS: usize = 43;
/// The longest id of a customer's message. Documented.
pub const MESSAGE_ID_CHARS: usize = 32;

/// The callback at the connection of a call.
pub const CALL_CONNECT: &str = "callConnect";
/// The callback at the release of a call.
pub const CALL_RELEASE: &str = "callRelease";

/// Every push: messages go by their `controlType`.
pub const PUSHES: &[PushFact] = &[
    message("CHAT", "聊天消息", "the platform, the robot or an agent tells the customer something", Origin::Seed),
    message("DISCONNECT", "断开", "the chat is over: an agent left, or the customer was silent too long", Origin::Seed),
    message("READ", "已读", "an agent has read messages of the customer", Origin::Seed),
    message(
        "CONNECT",
        "接通",
        "an agent takes the customer, where the setting `connect` has it so (its shape is inferred)",
        Origin::Documented,
    ),
    message(
        "TRANS2AGENT",
        "转人工",
        "the chat is handed to an agent or a queue (its shape is inferred)",
        Origin::Documented,
    ),
    message(
        "INPUT",
        "输入状态",
        "an agent starts to write, where the setting `input_status` has it so (its shape is inferred)",
        Origin::Documented,
    ),
    push(CALL_CONNECT, "双呼通话状态回调", "the customer answers a bidirectional call", Origin::Documented, OF_CONNECT),
    push(CALL_RELEASE, "双呼释放回调", "a bidirectional call is over", Origin::Documented, OF_RELEASE),
];

const OF_CONNECT: Fields = Fields(&[FieldTable::rows(CONNECT.len(), |place| &CONNECT[place].field)]);
const OF_RELEASE: Fields = Fields(&[FieldTable::rows(RELEASE.len(), |place| &RELEASE[place].field)]);
const OF_MESSAGE: Fields = Fields(&[
    FieldTable::rows(ENVELOPE.len(), |place| &ENVELOPE[place].field),
    FieldTable::rows(MESSAGE.len(), |place| &MESSAGE[place].field),
]);

const fn message(name: &'static str, title: &'static str, when: &'static str, origin: Origin) -> PushFact {
    push(name, title, when, origin, OF_MESSAGE)
}

const fn push(name: &'static str, title: &'static str, when: &'static str, origin: Origin, fields: Fields) -> PushFact {
    PushFact { name, title, when, origin, fields, alias: None }
}
