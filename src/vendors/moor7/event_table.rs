//! The fields of every push but the CDR: one set, of which each push takes a list in the order of its sample.

use super::event::Event;
use super::options::{Device, word};
use super::outcome::{CALL_TYPES_OR_NONE, agent_state, call_type};
use crate::body::{Form, Leaf};
use crate::call::{Fact, LogoutKind};
use crate::vendors::table::{self, object};
use crate::vendors::{FieldFact, FieldKind, Origin};

/// A field of these pushes.
pub type Row = table::Row<fn(&Event<'_>) -> Leaf>;

const fn row(
    name: &'static str,
    kind: FieldKind,
    leaf: fn(&Event<'_>) -> Leaf,
    meaning: &'static str,
    chinese: &'static str,
) -> Row {
    field(name, kind, leaf).meaning(meaning, chinese)
}

/// The same where the meaning takes a line of its own.
const fn field(name: &'static str, kind: FieldKind, leaf: fn(&Event<'_>) -> Leaf) -> Row {
    table::row(name, kind, leaf, "", "")
}

/// The same field under another name.
const fn named(name: &'static str, row: Row) -> Row {
    Row { field: FieldFact { name, ..row.field }, ..row }
}

const fn push_type(word: &'static [&'static str], meaning: &'static str) -> Row {
    row("pushType", FieldKind::Word(word), |e| e.name.into(), meaning, "事件类型")
}

const fn type_of(word: &'static [&'static str]) -> Row {
    push_type(word, "name of the push; in the samples only, not in the tables")
}

const TEXT: FieldKind = FieldKind::Text;
const DIGITS: FieldKind = FieldKind::Digits;
const SECOND: FieldKind = FieldKind::Time(Form::Seconds);
const CLOCK: FieldKind = FieldKind::Time(Form::BEIJING);
const EVENTS: FieldKind = FieldKind::Word(&["calling", "ring", "link", "hangup", ""]);
const DEVICES: FieldKind = FieldKind::Word(&["PSTN", "WEBRTC", "SIP"]);

const ID: Row = field("eventUniqueId", TEXT, |e| e.id.clone())
    .meaning("id of this push: a UUID without dashes, the same when it is repeated", "事件唯一标识")
    .fact(Fact::PushId);
const ACCOUNT: Row = row("accountId", TEXT, |e| e.tenant.account(), "the tenant", "账户编号").fact(Fact::Enterprise);
const CALL_ID: Row = field("callUniqueId", DIGITS, |e| e.call_id())
    .meaning("id of the call, beyond 2^53; its time part is the start of the call", "通话唯一标识")
    .fact(Fact::CallId);
const OLD_CALL_ID: Row =
    named("superUniqueId", CALL_ID).meaning("id of the call under its older name", "通话唯一标识（旧字段）");
const CUSTOMER: Row =
    row("customerNumber", TEXT, |e| e.in_call(|_| &e.tenant.cast.customer.phone), "the customer's phone", "客户号码")
        .fact(Fact::CustomerPhone);
const TRUNK: Row = field("trunkNumber", TEXT, |e| e.in_call(|_| e.tenant.trunk()))
    .meaning("the number that the customer dialled; empty where the centre called", "中继号码")
    .fact(Fact::LineNumber);
const DISPLAY: Row = field("displayNumber", TEXT, |e| e.in_call(|_| e.tenant.display()))
    .meaning("the number shown to the customer; empty where the customer called", "外显号码")
    .fact(Fact::LineNumber);
const TIME: Row = field("statusTime", SECOND, |e| Leaf::time(e.tenant.cast, e.now, Form::Seconds))
    .meaning("when it happened, in seconds since 1970, as a text", "事件发生时间（秒级时间戳）")
    .fact(Fact::Now);
const AT: Row = field("statusTime", CLOCK, |e| Leaf::time(e.tenant.cast, e.now, Form::BEIJING))
    .meaning("when it happened: YYYY-MM-DD HH:MM:SS in Beijing", "事件发生时间")
    .fact(Fact::Now);
const EVENT: Row = row("callEvent", EVENTS, |e| e.in_call(|event| event.word), "what happened in the call", "通话事件")
    .fact(Fact::Event);
const CALL_TYPE: Row =
    field("callType", FieldKind::Word(CALL_TYPES_OR_NONE), |e| e.in_call(|_| call_type(e.tenant.kind)))
        .meaning("how the call came about", "呼叫类型")
        .fact(Fact::Direction);
const AGENT: Row = row("agentNumber", TEXT, |e| e.agent(|agent| &agent.number), "the agent's number", "坐席工号")
    .fact(Fact::AgentNumber);
const NAME: Row =
    row("agentName", TEXT, |e| e.agent(|agent| &agent.name), "the agent's name", "坐席名称").fact(Fact::AgentName);
const EXTRAS: Row = field("extras", FieldKind::Any, |e| e.in_call(|_| e.tenant.extras()))
    .meaning("custom parameters of the call: an object, or an empty text", "自定义参数");

const RING: Row = type_of(&["dialoutRing"]);
const HANGUP: Row = type_of(&["dialoutHangup"]);
const RING_IN: Row =
    push_type(&["incomingRing"], "name of the push; the page has no sample of it").origin(Origin::Inferred);
const HANGUP_IN: Row = Row {
    leaf: |e| if e.tenant.options.incoming_hangup_push_type { e.name.into() } else { Leaf::Absent },
    ..push_type(&["incomingHangup"], "name of the push; absent from the page's sample")
}
.origin(Origin::Inferred)
.only("with the option `incoming_hangup_push_type`");
const SUPER_ID: Row =
    Row { leaf: |e| if e.tenant.options.legacy_super_id { e.call_id() } else { Leaf::Absent }, ..OLD_CALL_ID }
        .only("with the option `legacy_super_id`");
const STATE: Row = type_of(&["callStatus"]);
const MEDIA: Row = type_of(&["mediaFailreason"]);

const GROUPS: Row =
    group("groupIdList", "ids of the groups of the shown number; one empty text, as in the sample", "外显号码组编号");
const NAMES: Row = group("groupNameList", "their names; one empty text, as in the sample", "外显号码组名称");

/// The sample has no group here, although the record of the same call has two.
const fn group(name: &'static str, meaning: &'static str, chinese: &'static str) -> Row {
    row(name, FieldKind::Texts, |_| Leaf::List(vec![Leaf::EMPTY]), meaning, chinese)
}

const STATUS: Row = field(
    "statusName",
    FieldKind::OpenWord(&["空闲", "忙碌", "呼叫中", "振铃", "通话中", "整理", "保持", "静音", "未连接", "失效"]),
    |e| e.status.map(|status| agent_state(status).0).into(),
)
.meaning("the state in words; the tenant can have others", "状态名称")
.fact(Fact::AgentState);
const NUMBER: Row =
    field("statusNumber", FieldKind::OpenWord(&["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"]), |e| {
        e.status.map(|status| agent_state(status).1).into()
    })
    .meaning("the state's number as a text, in the order of the names; from 100 on the tenant's", "状态编号")
    .fact(Fact::AgentState);

const REASON: Row = field("preMediaFailureReason", FieldKind::OpenWord(&["onThePhone"]), |e| {
    e.recognition.map(|known| &known.reason).into()
})
.meaning("why the call failed", "识别的失败原因")
.fact(Fact::Cause);
const CODE: Row = field("preMediaCode", FieldKind::Integer, |e| e.recognition.map(|known| known.code).into())
    .meaning("the number of the reason, such as 15", "失败原因编码");
const KEY_WORD: Row = field("preMediaKeyWord", TEXT, |e| e.recognition.map(|known| &known.keyword).into())
    .meaning("the words that were recognised, such as 正在通话", "识别的关键词");

const LOGIN_TYPE: Row =
    row("loginType", DEVICES, |e| e.login.map(|device| word(Device(device))).into(), "device of the agent", "登录方式")
        .fact(Fact::AgentDevice);
const LOGOUT_TYPE: Row = field("logoutType", FieldKind::Word(&["normal", "offline"]), |e| {
    e.logout.map(|kind| if kind == LogoutKind::Normal { "normal" } else { "offline" }).into()
})
.meaning("normal, or offline: calls go on to a phone", "登出类型");
const OFFLINE_TYPE: Row = field("offlineType", FieldKind::Word(&["PSTN", "SIP"]), |e| match e.logout {
    Some(LogoutKind::Offline(device)) => word(Device(device)).into(),
    Some(LogoutKind::Normal) | None => Leaf::Absent,
})
.meaning("device to which calls go on", "离线接听方式")
.fact(Fact::AgentDevice)
.only("with logoutType offline");

/// 外呼振铃事件, and 用户接通事件 as the page's table has it.
pub const DIALOUT_RING: &[Row] =
    &[ID, ACCOUNT, CALL_ID, RING, CUSTOMER, TRUNK, DISPLAY, TIME, EVENT, CALL_TYPE, AGENT, NAME, EXTRAS];

/// 外呼挂机事件. The sample has `extras` before `agentName`.
pub const DIALOUT_HANGUP: &[Row] = &[
    ID, ACCOUNT, CALL_ID, HANGUP, CUSTOMER, TRUNK, DISPLAY, TIME, EVENT, CALL_TYPE, AGENT, EXTRAS, NAME, GROUPS, NAMES,
];

/// 来电振铃事件.
pub const INCOMING_RING: &[Row] =
    &[ID, ACCOUNT, CALL_ID, RING_IN, CUSTOMER, TRUNK, DISPLAY, TIME, EVENT, CALL_TYPE, AGENT, NAME, EXTRAS];

/// 来电挂机事件.
pub const INCOMING_HANGUP: &[Row] =
    &[ID, ACCOUNT, SUPER_ID, CALL_ID, HANGUP_IN, CUSTOMER, TRUNK, DISPLAY, TIME, EVENT, CALL_TYPE, AGENT, NAME, EXTRAS];

/// What is in the envelope of 用户接通事件.
pub const LINK_CONTENT: &[Row] = &[
    named("content.accountId", ACCOUNT),
    named("content.superUniqueId", OLD_CALL_ID),
    named("content.customerNumber", CUSTOMER),
    named("content.trunkNumber", TRUNK),
    named("content.displayNumber", DISPLAY),
    named("content.statusTime", TIME),
    named("content.callEvent", EVENT),
    named("content.callType", CALL_TYPE),
    named("content.extras", EXTRAS),
    named("content.agentNumber", AGENT),
    named("content.agentName", NAME),
    Row {
        leaf: |e| if e.tenant.options.link_call_id { e.call_id() } else { Leaf::Absent },
        ..named("content.callUniqueId", CALL_ID)
    }
    .origin(Origin::Inferred)
    .only("with the option `link_call_id`"),
];

/// 用户接通事件 as the page's sample has it: in an older envelope, without `pushType`.
pub const LINK: &[Row] = &[
    row("content", FieldKind::Object, |e| object(LINK_CONTENT, e), "what happened", "事件内容"),
    named("uniqueId", ID).meaning("id of this push under its older name", "事件唯一标识（旧字段）"),
];

/// 坐席状态变化事件; outside a call the fields of the call are empty (inferred).
pub const CALL_STATUS: &[Row] = &[
    ID, ACCOUNT, CALL_ID, STATE, CUSTOMER, TRUNK, DISPLAY, TIME, EVENT, CALL_TYPE, AGENT, NAME, STATUS, NUMBER, EXTRAS,
];

/// 媒体识别挂机原因事件.
pub const MEDIA_FAIL_REASON: &[Row] = &[ID, ACCOUNT, CALL_ID, MEDIA, AGENT, REASON, CODE, KEY_WORD];

/// 电话条登陆状态事件.
pub const LOGIN: &[Row] = &[ID, ACCOUNT, type_of(&["login"]), LOGIN_TYPE, AT, AGENT, NAME];

/// 电话条登出状态事件.
pub const LOGOUT: &[Row] = &[ID, ACCOUNT, type_of(&["logout"]), LOGOUT_TYPE, OFFLINE_TYPE, AT, AGENT, NAME];
