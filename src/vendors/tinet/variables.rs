//! The event variables that several pushes share. Push actions refer to them by their bare names; which of them a push has by
//! default, and its own ones, stand in `line_fields`, `voice_fields` and `agent_state`.
//!
//! No public page of the vendor lists them: TiNet's chapter 推送变量和值 is not public. They are gathered from receivers,
//! wrappers and an older engine, so all are inferred; a scenario can rename, drop and add fields under `actions`.

use super::outcome::{call_type, number_state};
use super::record::number_type;
use super::scene::{Scene, known};
use super::speech;
use super::topic::Topic;
use crate::body::{Form, Leaf};
use crate::call::Fact;
use crate::vendors::table::row;
use crate::vendors::{FieldKind, Origin, table};

/// A variable, with what it is at the moment of a push.
pub type Row = table::Row<fn(&Scene<'_>) -> Leaf>;

/// A variable that is known second hand, as nearly all are.
pub(super) const fn variable(name: &'static str, kind: FieldKind, leaf: fn(&Scene<'_>) -> Leaf) -> Row {
    row(name, kind, leaf, "", "").origin(Origin::Inferred)
}

pub(super) const fn text(name: &'static str, leaf: fn(&Scene<'_>) -> Leaf) -> Row {
    variable(name, FieldKind::Text, leaf)
}

pub(super) const fn digits(name: &'static str, leaf: fn(&Scene<'_>) -> Leaf) -> Row {
    variable(name, FieldKind::Digits, leaf)
}

pub(super) const fn word(name: &'static str, words: &'static [&'static str], leaf: fn(&Scene<'_>) -> Leaf) -> Row {
    variable(name, FieldKind::Word(words), leaf)
}

/// A moment in seconds since 1970.
pub(super) const fn second(name: &'static str, leaf: fn(&Scene<'_>) -> Leaf) -> Row {
    variable(name, FieldKind::Time(Form::Seconds), leaf)
}

pub(super) const CALL_TYPES: &[&str] = &["1", "2", "4", "5", "6"];
pub(super) const NUMBER_TYPES: &[&str] = &["1", "2"];

pub(super) const fn event(words: &'static [&'static str]) -> Row {
    word("event", words, |t| known(t.told.event))
        .meaning("what happened: ringing, bridged and so on", "事件")
        .fact(Fact::Event)
}

pub(super) const ENTERPRISE: Row = digits("enterpriseId", |t| t.known.account.enterprise.clone())
    .meaning("the call centre, 7 digits", "企业编号，7 位数字")
    .fact(Fact::Enterprise);
pub(super) const CALL_TYPE: Row = word("callType", CALL_TYPES, |t| t.on_call(|known| call_type(known.kind).into()))
    .meaning(
        "1 inbound, 2 webcall, 4 preview, 5 predictive, 6 direct",
        "呼叫类型：1 呼入，2 webcall，4 预览外呼，5 预测外呼，6 主叫外呼",
    )
    .fact(Fact::Direction);
pub(super) const CUSTOMER: Row = text("customerNumber", |t| t.on_call(|known| Leaf::from(&known.cast.customer.phone)))
    .meaning("the customer's phone", "客户号码")
    .fact(Fact::CustomerPhone);
pub(super) const CUSTOMER_TYPE: Row = word("customerNumberType", NUMBER_TYPES, |t| {
    t.of_call(|known| number_type(known.cast.customer.number_kind).into())
})
.meaning("1 landline, 2 mobile", "客户号码类型：1 固话，2 手机")
.fact(Fact::PhoneKind);
pub(super) const CUSTOMER_AREA: Row =
    text("customerAreaCode", |t| t.of_call(|known| Leaf::from(&known.cast.customer.area_code)))
        .meaning("the customer's area code", "客户号码区号")
        .fact(Fact::AreaCode);
pub(super) const HOTLINE: Row = text("hotline", |t| {
    t.of_call(|known| if known.is_inbound() { known.account.hotline.clone() } else { Leaf::Absent })
})
.meaning("the hotline dialled; empty for outbound calls", "热线号码，外呼时为空")
.fact(Fact::LineNumber)
.only("for inbound calls");
pub(super) const TRUNK: Row = text("numberTrunk", |t| t.of_call(|known| known.account.trunk.clone()))
    .meaning("the trunk that the call uses", "中继号码")
    .fact(Fact::LineNumber);
pub(super) const MAIN_ID: Row = text("mainUniqueId", |t| t.on_call(|known| known.legs.main_id()))
    .meaning("the id of the first leg: the key of the call", "主通道唯一标识，即通话标识")
    .fact(Fact::CallId);
pub(super) const LEG_ID: Row =
    text("uniqueId", |t| t.leg_id()).meaning("the id of this leg", "通道唯一标识").fact(Fact::LegId);
pub(super) const REQUEST_ID: Row = text("requestUniqueId", |t| {
    t.of_call(|known| if known.is_inbound() { Leaf::Absent } else { known.account.request_id.clone() })
})
.meaning("the id given to the request that started the call", "发起呼叫的请求标识")
.fact(Fact::RequestId)
.only("for calls that a request started");
pub(super) const CNO: Row = text("cno", |t| {
    let called = || t.agent().filter(|_| t.topic == Topic::NumberStatus);
    known(t.agent_told().or_else(called).map(|agent| &agent.number))
})
.meaning("the agent's number; empty on the customer's side", "座席工号，客户侧为空")
.fact(Fact::AgentNumber);
pub(super) const TASK: Row = text("taskId", |t| t.of_call(|_| known(t.task().map(|task| &task.id))))
    .meaning("the dialling task", "外呼任务标识")
    .fact(Fact::TaskId);
pub(super) const CALLEE: Row = text("calleeNumber", |t| known(t.agent_on_leg().map(|agent| &agent.phone)))
    .meaning("the agent's phone", "座席电话")
    .fact(Fact::AgentPhone);
pub(super) const BIND_TEL: Row = text("bindTel", |t| known(t.agent_told().map(|agent| &agent.phone)))
    .meaning("the agent's phone", "座席绑定电话")
    .fact(Fact::AgentPhone);
pub(super) const USER_FIELD: Row = text("userField", |t| t.of_call(|given| known(given.account.variable("userField"))))
    .meaning("the free field of the call", "自定义字段")
    .only("where the call has such a variable");
pub(super) const IVR: Row = digits("ivrId", |t| match t.topic {
    Topic::Keys | Topic::IvrEnd => t.known.menu.id.clone(),
    _ => Leaf::Absent,
})
.meaning("the voice menu", "语音导航标识")
.fact(Fact::MenuId);
pub(super) const KEYS: Row =
    text("keys", |t| known(t.told.keys.as_ref())).meaning("the keys pressed", "按键").fact(Fact::Keys);
pub(super) const TIME: Row = second("time", |t| match t.topic {
    Topic::AgentStatus => t.of_status(|told| t.second(Some(told.at))),
    Topic::Keys | Topic::Task => t.second(Some(t.now)),
    _ => Leaf::Absent,
})
.meaning("when, in seconds since 1970", "推送时间，秒级时间戳")
.fact(Fact::Now);
pub(super) const ANSWER_TIME: Row = second("answerTime", |t| t.second(t.told.answered))
    .meaning("when it was answered, in seconds since 1970", "接听时间，秒级时间戳")
    .fact(Fact::CustomerAnswered);
pub(super) const START_TIME: Row = second("startTime", |t| match t.topic {
    Topic::Understood => speech::began(t),
    _ => t.second(t.told.started),
})
.meaning("when it started, in seconds since 1970", "开始时间，秒级时间戳");
pub(super) const END_TIME: Row = second("endTime", |t| t.second(t.told.ended))
    .meaning("when it ended, in seconds since 1970", "结束时间，秒级时间戳");
pub(super) const RINGING_TIME: Row = variable("ringingTime", FieldKind::Time(Form::BEIJING), |t| {
    known(t.told.rang.map(|at| Leaf::time(t.known.cast, at, Form::BEIJING)))
})
.meaning("when it began to ring, as yyyy-MM-dd HH:mm:ss in Beijing", "振铃时间，格式 yyyy-MM-dd HH:mm:ss");
pub(super) const SIP_CAUSE: Row = digits("sipCause", |t| match t.told.recognition {
    Some(recognition) => number_state(recognition.code).to_string().into(),
    None => t.on(Topic::PredictiveAnswer, || Leaf::from(t.sip_cause()).or_empty()),
})
.meaning("the SIP status of the call to the customer", "外呼客户侧的 SIP 状态码")
.fact(Fact::Cause);
pub(super) const RECORD_FILE: Row = text("recordFile", |t| match t.topic {
    Topic::Understood => t.file(format!("rasr-{}", t.told.nth)).or_empty(),
    _ => t.on(Topic::Transcript, || t.recording().or_empty()),
})
.meaning("the recording", "录音文件名")
.fact(Fact::RecordingUrl);
