//! The catalogue of 7moor: its pushes and what can be set. The fields stand in `event_fields` and `cdr_fields`.
//!
//! Source: 7moor, 事件推送接口 (developer.7moor.com/v7/outpush-callevent).

use super::{cdr_fields, event_fields};
use crate::vendors::{Origin, PushFact, SettingFact, SettingKind};
use std::time::Duration;

/// How long the platform waits for an answer. Inferred; `deliver.timeout` sets it.
pub const TIMEOUT: Duration = Duration::from_secs(5);
/// The most further attempts that can be set.
pub const RETRY_COUNT_MAX: u64 = 100;
/// The words of `login_type`.
pub const LOGIN_TYPES: [&str; 3] = ["PSTN", "WEBRTC", "SIP"];
/// The words of `link_envelope`.
pub const LINK_ENVELOPES: [&str; 2] = ["envelope", "flat"];
/// The words of `predictive_pushes`.
pub const PREDICTIVE_PUSHES: [&str; 2] = ["incoming", "dialout"];
/// The words of `record_type`.
pub const RECORD_TYPES: [&str; 2] = ["doubleTrack", "normal"];

/// Every push, in the order of the page.
pub const PUSHES: &[PushFact] = &[
    PushFact {
        name: "dialoutRing",
        title: "外呼振铃事件",
        when: "the agent waits and the customer's phone rings; in a webcall: the agent's phone rings",
        origin: Origin::Seed,
        fields: event_fields::DIALOUT_RING,
    },
    PushFact {
        name: "dialoutHangup",
        title: "外呼挂机事件",
        when: "an outbound call is over, or an agent of it stops ringing",
        origin: Origin::Seed,
        fields: event_fields::DIALOUT_HANGUP,
    },
    PushFact {
        name: "incomingRing",
        title: "来电振铃事件",
        when: "an agent's phone rings for a customer who waits (the page shows another push in its place)",
        origin: Origin::Inferred,
        fields: event_fields::INCOMING_RING,
    },
    PushFact {
        name: "incomingHangup",
        title: "来电挂机事件",
        when: "the agent's side of an inbound call is over (the page's sample has no pushType)",
        origin: Origin::Inferred,
        fields: event_fields::INCOMING_HANGUP,
    },
    PushFact {
        name: "cdr",
        title: "通话记录推送事件",
        when: "the record of a call is written, after its survey",
        origin: Origin::Seed,
        fields: cdr_fields::CDR,
    },
    PushFact {
        name: "link",
        title: "用户接通事件",
        when: "customer and agent can hear each other",
        origin: Origin::Seed,
        fields: event_fields::LINK,
    },
    PushFact {
        name: "callStatus",
        title: "坐席状态变化事件",
        when: "an agent's state changes: called, ringing, talking, on hold, wrapping up, or by hand",
        origin: Origin::Seed,
        fields: event_fields::CALL_STATUS,
    },
    PushFact {
        name: "mediaFailreason",
        title: "媒体识别挂机原因事件",
        when: "the early media of a failed outbound call was recognised",
        origin: Origin::Seed,
        fields: event_fields::MEDIA_FAIL_REASON,
    },
    PushFact {
        name: "login",
        title: "电话条登陆状态事件",
        when: "an agent logs in to the phone bar",
        origin: Origin::Seed,
        fields: event_fields::LOGIN,
    },
    PushFact {
        name: "logout",
        title: "电话条登出状态事件",
        when: "an agent logs out of the phone bar",
        origin: Origin::Seed,
        fields: event_fields::LOGOUT,
    },
];

const fn seed(name: &'static str, kind: SettingKind, meaning: &'static str) -> SettingFact {
    SettingFact { name, kind, meaning, origin: Origin::Seed }
}

const fn inferred(name: &'static str, kind: SettingKind, meaning: &'static str) -> SettingFact {
    SettingFact { name, kind, meaning, origin: Origin::Inferred }
}

/// What can be set.
pub const SETTINGS: &[SettingFact] = &[
    inferred("account", SettingKind::Text(None), "accountId; eight digits from 2000 where it is drawn"),
    inferred("cdr_account", SettingKind::Text(None), "accountId of the CDR and its recordings; the same as `account`"),
    inferred("call_id", SettingKind::Text(None), "callUniqueId of the first call record; else made from its start"),
    inferred(
        "agent_id",
        SettingKind::Text(None),
        "agentId of the first agent; 24 hexadecimal digits where it is drawn",
    ),
    inferred("channel_id", SettingKind::Text(None), "callId of the first call record; a UUID where it is drawn"),
    seed("gateway", SettingKind::Text(Some("172.31.15.12:32766")), "gatewayIP: address and port of the gateway"),
    seed("login_type", SettingKind::Choice(&LOGIN_TYPES), "loginType: the device of the agents in calls"),
    seed("extras", SettingKind::Any, "custom parameters of the call: a map; \"\" without any"),
    seed("group_ids", SettingKind::List, "groupIdList of the CDR; one empty text without groups"),
    seed("group_names", SettingKind::List, "groupNameList of the CDR; one empty text without groups"),
    seed(
        "link_envelope",
        SettingKind::Choice(&LINK_ENVELOPES),
        "`link` in the envelope of the page's sample, or flat as the page's table has it",
    ),
    inferred("link_call_id", SettingKind::Switch(false), "adds callUniqueId to the envelope of `link`"),
    inferred("legacy_super_id", SettingKind::Switch(false), "adds superUniqueId to `incomingHangup`"),
    inferred(
        "incoming_hangup_push_type",
        SettingKind::Switch(true),
        "`incomingHangup` has a pushType, which the page's sample lacks",
    ),
    inferred(
        "predictive_pushes",
        SettingKind::Choice(&PREDICTIVE_PUSHES),
        "the agent's side of a predictive call is told as that of an inbound or of an outbound one",
    ),
    seed("agent_states", SettingKind::Switch(true), "`callStatus` is pushed"),
    seed("cdr_delay", SettingKind::Duration(Duration::from_secs(1)), "from the end of a call to its CDR"),
    inferred(
        "record_base",
        SettingKind::Text(Some("http://127.0.0.1:9/recordings")),
        "where recordings are said to lie; nothing is served there",
    ),
    seed("record_type", SettingKind::Choice(&RECORD_TYPES), "recordType of a recorded conversation"),
    inferred(
        "voicemail_repeats_recording",
        SettingKind::Switch(false),
        "voiceMailUrl repeats the recording of an answered call, as in the page's sample",
    ),
    inferred("customer_known", SettingKind::Switch(false), "the CDR has customerId and customerName"),
    inferred("content_type", SettingKind::Text(Some("application/json")), "the content type of the pushes"),
    inferred("success", SettingKind::Choice(&["2xx", "200"]), "which status is an acknowledgement"),
    inferred("retry_count", SettingKind::Integer(Some(0)), "how often a push is tried again, at most 100 times"),
    inferred("retry_interval", SettingKind::Duration(Duration::from_secs(60)), "from one attempt to the next"),
];
