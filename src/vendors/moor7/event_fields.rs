//! The fields of every push except the CDR, in the order of their bodies.

use crate::vendors::{FieldFact, Origin};

const fn seed(name: &'static str, meaning: &'static str) -> FieldFact {
    FieldFact { name, meaning, origin: Origin::Seed }
}

const fn inferred(name: &'static str, meaning: &'static str) -> FieldFact {
    FieldFact { name, meaning, origin: Origin::Inferred }
}

const EVENT_ID: FieldFact =
    seed("eventUniqueId", "id of this push: a UUID without dashes, the same when it is repeated");
const ACCOUNT: FieldFact = seed("accountId", "the tenant");
const CALL_ID: FieldFact = seed("callUniqueId", "id of the call, beyond 2^53; its time part is the start of the call");
const PUSH_TYPE: FieldFact = seed("pushType", "name of the push; in the samples only, not in the tables");
const CUSTOMER: FieldFact = seed("customerNumber", "the customer's phone");
const TRUNK: FieldFact = seed("trunkNumber", "the number that the customer dialled; empty where the centre called");
const DISPLAY: FieldFact = seed("displayNumber", "the number shown to the customer; empty where the customer called");
const TIME: FieldFact = seed("statusTime", "when it happened, in seconds since 1970, as a text");
const EVENT: FieldFact = seed("callEvent", "calling, ring, link or hangup");
const CALL_TYPE: FieldFact = seed("callType", "incoming, dialout, webcall, previewDialout or autoDialout");
const AGENT: FieldFact = seed("agentNumber", "the agent's number");
const AGENT_NAME: FieldFact = seed("agentName", "the agent's name");
const EXTRAS: FieldFact = seed("extras", "custom parameters of the call: an object, or an empty text");
const CLOCK: FieldFact = seed("statusTime", "when it happened: YYYY-MM-DD HH:MM:SS in Beijing");

/// 外呼振铃事件.
pub const DIALOUT_RING: &[FieldFact] = &[
    EVENT_ID, ACCOUNT, CALL_ID, PUSH_TYPE, CUSTOMER, TRUNK, DISPLAY, TIME, EVENT, CALL_TYPE, AGENT, AGENT_NAME, EXTRAS,
];

/// 外呼挂机事件.
pub const DIALOUT_HANGUP: &[FieldFact] = &[
    EVENT_ID,
    ACCOUNT,
    CALL_ID,
    PUSH_TYPE,
    CUSTOMER,
    TRUNK,
    DISPLAY,
    TIME,
    EVENT,
    CALL_TYPE,
    AGENT,
    EXTRAS,
    AGENT_NAME,
    seed("groupIdList", "ids of the groups of the shown number; one empty text, as in the sample"),
    seed("groupNameList", "names of the groups of the shown number; one empty text, as in the sample"),
];

/// 来电振铃事件.
pub const INCOMING_RING: &[FieldFact] = &[
    EVENT_ID,
    ACCOUNT,
    CALL_ID,
    inferred("pushType", "incomingRing; the page has no sample of this push"),
    CUSTOMER,
    TRUNK,
    DISPLAY,
    TIME,
    EVENT,
    CALL_TYPE,
    AGENT,
    AGENT_NAME,
    EXTRAS,
];

/// 来电挂机事件.
pub const INCOMING_HANGUP: &[FieldFact] = &[
    EVENT_ID,
    ACCOUNT,
    seed("superUniqueId", "an older name of callUniqueId; only with the setting legacy_super_id"),
    CALL_ID,
    inferred("pushType", "incomingHangup; absent from the page's sample, see the setting incoming_hangup_push_type"),
    CUSTOMER,
    TRUNK,
    DISPLAY,
    TIME,
    EVENT,
    CALL_TYPE,
    AGENT,
    AGENT_NAME,
    EXTRAS,
];

/// 用户接通事件. With the setting `link_envelope: flat` the body has the fields of `dialoutRing`.
pub const LINK: &[FieldFact] = &[
    seed("content.accountId", "the tenant"),
    seed("content.superUniqueId", "id of the call under its older name"),
    seed("content.customerNumber", "the customer's phone"),
    seed("content.trunkNumber", "the number that the customer dialled; empty where the centre called"),
    seed("content.displayNumber", "the number shown to the customer; empty where the customer called"),
    seed("content.statusTime", "when it happened, in seconds since 1970, as a text"),
    seed("content.callEvent", "link"),
    seed("content.callType", "incoming, dialout, webcall, previewDialout or autoDialout"),
    seed("content.extras", "custom parameters of the call: an object, or an empty text"),
    seed("content.agentNumber", "the agent's number"),
    seed("content.agentName", "the agent's name"),
    inferred("content.callUniqueId", "id of the call; only with the setting link_call_id"),
    seed("uniqueId", "id of this push under its older name"),
];

/// 坐席状态变化事件.
pub const CALL_STATUS: &[FieldFact] = &[
    EVENT_ID,
    ACCOUNT,
    CALL_ID,
    PUSH_TYPE,
    CUSTOMER,
    TRUNK,
    DISPLAY,
    TIME,
    EVENT,
    CALL_TYPE,
    AGENT,
    AGENT_NAME,
    seed(
        "statusName",
        "the state in words: 空闲, 忙碌, 呼叫中, 振铃, 通话中, 整理, 保持, 静音, 未连接, 失效, or the tenant's",
    ),
    seed("statusNumber", "the state's number as a text: 0 to 9 in that order, from 100 on the tenant's"),
    EXTRAS,
];

/// 媒体识别挂机原因事件.
pub const MEDIA_FAIL_REASON: &[FieldFact] = &[
    EVENT_ID,
    ACCOUNT,
    CALL_ID,
    PUSH_TYPE,
    seed("agentNumber", "the agent's number; in the sample only, not in the table"),
    seed("preMediaFailureReason", "why the call failed, such as onThePhone"),
    seed("preMediaCode", "the number of the reason, such as 15"),
    seed("preMediaKeyWord", "the words that were recognised, such as 正在通话"),
];

/// 电话条登陆状态事件.
pub const LOGIN: &[FieldFact] = &[
    EVENT_ID,
    ACCOUNT,
    PUSH_TYPE,
    seed("loginType", "PSTN (a phone), WEBRTC (the softphone) or SIP"),
    CLOCK,
    AGENT,
    AGENT_NAME,
];

/// 电话条登出状态事件.
pub const LOGOUT: &[FieldFact] = &[
    EVENT_ID,
    ACCOUNT,
    PUSH_TYPE,
    seed("logoutType", "normal, or offline: calls go on to a phone"),
    seed("offlineType", "PSTN (a phone) or SIP; only with logoutType offline"),
    CLOCK,
    AGENT,
    AGENT_NAME,
];
