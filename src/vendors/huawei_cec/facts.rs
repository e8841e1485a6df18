//! The catalogue of Huawei CEC: its pushes and what can be set. The fields stand in `fields`.
//!
//! Sources: Huawei Cloud, 云客服 消息推送接口规格 (cec_04_0075, now cec_04_0092) for messages, its pages on switching the
//! push on (cec_04_0091) and on pulling messages for what the samples do not show, 双呼 (cec_04_0067, cec_04_0068) for the
//! callbacks of calls.

use super::fields;
use crate::vendors::{Origin, PushFact, SettingFact, SettingKind};
use std::time::Duration;

/// What the platform appends to the address of a tenant. Documented.
pub const MESSAGES_PATH: &str = "/webhooks/v1/messages";
/// How long the platform waits for an answer. Inferred; no page says it.
pub const TIMEOUT: Duration = Duration::from_secs(5);
/// The most further attempts that can be set.
pub const RETRY_COUNT_MAX: u64 = 100;
/// The most messages in one push that can be set.
pub const BATCH_MAX: u64 = 100;
/// The length of a push key. Documented.
pub const PUSH_KEY_CHARS: usize = 43;
/// The longest id of a customer. Documented.
pub const CUSTOMER_ID_CHARS_MAX: usize = 24;
/// The longest id of a customer's message. Documented.
pub const MESSAGE_ID_CHARS_MAX: usize = 32;

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
    PushFact {
        name: CALL_CONNECT,
        title: "双呼通话状态回调",
        when: "the customer answers a bidirectional call",
        origin: Origin::Documented,
        fields: fields::CALL_CONNECT,
    },
    PushFact {
        name: CALL_RELEASE,
        title: "双呼释放回调",
        when: "a bidirectional call is over",
        origin: Origin::Documented,
        fields: fields::CALL_RELEASE,
    },
];

const fn message(name: &'static str, title: &'static str, when: &'static str, origin: Origin) -> PushFact {
    PushFact { name, title, when, origin, fields: fields::MESSAGES }
}

/// The words of `auth`.
pub const AUTHS: [&str; 3] = ["bearer", "auth_v2", "none"];
/// The words of `auth_v2_form`.
pub const AUTH_V2_FORMS: [&str; 2] = ["signed", "literal"];
/// The words of `connect`.
pub const CONNECTS: [&str; 3] = ["chat", "control", "both"];
/// The words of `call_id_key`.
pub const CALL_ID_KEYS: [&str; 3] = ["connected", "never", "always"];
/// The words of `numeric_result_code`.
pub const NUMERIC_RESULT_CODES: [&str; 2] = ["warn", "refuse"];
/// The words of `call_times`.
pub const CALL_TIMES: [&str; 3] = ["milliseconds", "seconds", "clock"];

const fn fact(name: &'static str, kind: SettingKind, origin: Origin, meaning: &'static str) -> SettingFact {
    SettingFact { name, kind, meaning, origin }
}

/// What can be set.
pub const SETTINGS: &[SettingFact] = &[
    fact("channel_id", SettingKind::Text(None), Origin::Seed, "from: the channel; 18 digits where it is drawn"),
    fact("customer_id", SettingKind::Text(None), Origin::Seed, "to: the customer; 8 digits where it is drawn"),
    fact(
        "auth",
        SettingKind::Choice(&AUTHS),
        Origin::Documented,
        "what the tenant chose: OAuth (a bearer token, as in the sample), signature, or nothing",
    ),
    fact("token", SettingKind::Text(None), Origin::Seed, "the bearer token; 32 characters where it is drawn"),
    fact("access_key", SettingKind::Text(None), Origin::Documented, "the access key of auth-v2"),
    fact("push_key", SettingKind::Text(None), Origin::Documented, "the push key of auth-v2: 43 letters and digits"),
    fact(
        "auth_v2_form",
        SettingKind::Choice(&AUTH_V2_FORMS),
        Origin::Inferred,
        "auth-v2 with a signature at its end, or in the four parts that the page prints",
    ),
    fact("queuing_text", SettingKind::Text(Some("Queuing...")), Origin::Seed, "what a customer who waits is told"),
    fact(
        "connected_text",
        SettingKind::Text(Some("The call is connected to an agent.")),
        Origin::Seed,
        "what a customer is told whom an agent takes; 已接通座席。 for a Chinese tenant",
    ),
    fact(
        "system_nickname",
        SettingKind::Text(Some("SYSTEM")),
        Origin::Seed,
        "the platform's name; also 系统 or system",
    ),
    fact("robot_nickname", SettingKind::Text(Some("智能客服")), Origin::Inferred, "the robot's name"),
    fact(
        "timeout_tip",
        SettingKind::Text(Some("会话超时，您可以继续留言")),
        Origin::Inferred,
        "what a customer is told whose chat stays open, where the scenario does not say",
    ),
    fact(
        "message_ids",
        SettingKind::List,
        Origin::Documented,
        "ids of the customer's messages, in order; 32 hexadecimal digits where they are drawn",
    ),
    fact(
        "connect",
        SettingKind::Choice(&CONNECTS),
        Origin::Inferred,
        "an agent's coming is told by a CHAT as in the sample, by a CONNECT, or by both",
    ),
    fact("trans2agent", SettingKind::Switch(true), Origin::Inferred, "a TRANS2AGENT is pushed for `transfer`"),
    fact(
        "input_status",
        SettingKind::Switch(false),
        Origin::Inferred,
        "an INPUT is pushed before each message of an agent",
    ),
    fact(
        "customer_disconnect",
        SettingKind::Switch(true),
        Origin::Inferred,
        "a DISCONNECT of the platform is pushed where the customer leaves, also from the queue",
    ),
    fact(
        "offline_false",
        SettingKind::Switch(false),
        Origin::Documented,
        "isOfflineStatus is false where the chat does not stay open; absent as in the sample otherwise",
    ),
    fact("call_id_key", SettingKind::Choice(&CALL_ID_KEYS), Origin::Seed, "which messages have the key callId"),
    fact(
        "batch",
        SettingKind::Integer(Some(1)),
        Origin::Inferred,
        "how many messages pile up until they leave in one push; the end of the chat takes along what is left",
    ),
    fact(
        "numeric_result_code",
        SettingKind::Choice(&NUMERIC_RESULT_CODES),
        Origin::Inferred,
        "an answer with the number 0 in place of the text \"0\" is taken with a warning, or refused",
    ),
    fact("call_serial", SettingKind::Text(None), Origin::Documented, "callSerialNo; 19 digits where it is drawn"),
    fact("call_data", SettingKind::Text(None), Origin::Documented, "callData; empty unless it is set"),
    fact(
        "call_times",
        SettingKind::Choice(&CALL_TIMES),
        Origin::Inferred,
        "the times of a release: since 1970 in milliseconds or seconds, or YYYY-MM-DD HH:MM:SS in Beijing",
    ),
    fact("record_base", SettingKind::Text(Some("/recordings")), Origin::Inferred, "where recordings are said to lie"),
    fact("location_id", SettingKind::Text(Some("1")), Origin::Inferred, "locationId of a recording"),
    fact("content_type", SettingKind::Text(Some("application/json")), Origin::Seed, "the content type of the pushes"),
    fact(
        "retry_count",
        SettingKind::Integer(Some(0)),
        Origin::Inferred,
        "how often a push is tried again, at most 100 times",
    ),
    fact(
        "retry_interval",
        SettingKind::Duration(Duration::from_secs(60)),
        Origin::Inferred,
        "from one attempt to the next",
    ),
];
