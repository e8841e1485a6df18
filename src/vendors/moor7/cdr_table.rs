//! The fields of the call detail record in the order of the page's sample. Times are Beijing time, lengths whole seconds.

use super::callee::number_type;
use super::cdr::Cdr;
use super::legs::bill_calls;
use super::options::word;
use super::outcome::{CALL_TYPES, call_type, failure, hang_up_side};
use crate::body::{Form, Leaf};
use crate::call::Fact;
use crate::vendors::FieldKind::{Any, Digits, Integer, Text, Texts, Time, Word};
use crate::vendors::{FieldKind, table};

/// A field of the record.
pub type Row = table::Row<fn(&Cdr<'_>) -> Leaf>;

const fn row(
    name: &'static str,
    kind: FieldKind,
    leaf: fn(&Cdr<'_>) -> Leaf,
    meaning: &'static str,
    chinese: &'static str,
) -> Row {
    field(name, kind, leaf).meaning(meaning, chinese)
}

/// The same where the meaning takes a line of its own.
const fn field(name: &'static str, kind: FieldKind, leaf: fn(&Cdr<'_>) -> Leaf) -> Row {
    table::row(name, kind, leaf, "", "")
}

const CLOCK: FieldKind = Time(Form::BEIJING);
const PHONES: &[&str] = &["mobile", "landline"];
const PHONES_OR_NONE: &[&str] = &["mobile", "landline", ""];
const DEVICES: &[&str] = &["PSTN", "WEBRTC", "SIP", ""];
const SIDES: &[&str] = &["AGENT", "CUSTOMER", "SYSTEM", ""];
const TRACKS: &[&str] = &["normal", "doubleTrack", "voiceMail", ""];
const STATUSES: &[&str] = &["IVR", "QUEUE_ABANDON", "ANSWER", "AGENT_NO_ANSWER", "CUSTOMER_NO_ANSWER", "CALL_TRANSFER"];
const REASONS: &[&str] = &["forbidden", "serviceUnavailable", "cancel", "requestTimeout", "unknow", "decline"];

/// 通话记录推送事件.
pub const CDR: &[Row] = &[
    field("callUniqueId", Digits, |c| c.call.id.clone())
        .meaning("id of the call, beyond 2^53; its time part is the start of the call", "通话唯一标识")
        .fact(Fact::CallId),
    row("accountId", Text, |c| c.tenant.cdr_account(), "the tenant", "账户编号").fact(Fact::Enterprise),
    row("pushType", Word(&["cdr"]), |_| "cdr".into(), "name of the push", "事件类型"),
    row("actionId", Text, |_| Leaf::EMPTY, "id of an action; always empty", "操作标识"),
    row("agentAnswerTime", CLOCK, |c| c.at(c.talk.agent_answer), "when the agent answered", "坐席接听时间")
        .fact(Fact::AgentAnswered),
    field("agentAreaCode", Text, |c| c.callee.area_code.clone())
        .meaning("area code of the agent's phone; the page's table writes agentAreacode", "坐席区号")
        .fact(Fact::AreaCode),
    row("agentCity", Text, |c| c.callee.city.clone(), "city of the agent's phone", "坐席城市").fact(Fact::Place),
    field("agentCountry", Word(&["中国", ""]), |c| c.callee.with_phone("中国"))
        .meaning("country of the agent's phone", "坐席国家"),
    row("agentCountryCode", Word(&["86", ""]), |c| c.callee.with_phone("86"), "its country code", "坐席国家代码"),
    row("agentFileUrl", Text, |c| c.recording.agent.clone(), "recording of the agent's side", "坐席侧录音地址")
        .fact(Fact::RecordingUrl),
    row("agentNumber", Text, |c| c.callee.number.clone(), "the agent's number", "坐席工号").fact(Fact::AgentNumber),
    row("agentProvince", Text, |c| c.callee.province.clone(), "province of the agent's phone", "坐席省份")
        .fact(Fact::Place),
    field("agentRingDuration", Integer, |c| c.seconds(c.talk.agent_ring.zip(c.talk.agent_answer)))
        .meaning("seconds from agentStartTime to agentAnswerTime; 0 without an answer", "坐席振铃时长（秒）")
        .fact(Fact::AgentRing),
    row("agentStartTime", CLOCK, |c| c.at(c.talk.agent_ring), "when the agent's phone began to ring", "坐席振铃时间")
        .fact(Fact::AgentRang),
    row("agentTelNumber", Text, |c| c.callee.tel.clone(), "the agent's phone", "坐席电话").fact(Fact::AgentPhone),
    field("agentTelType", Word(PHONES_OR_NONE), |c| c.callee.with_phone(number_type(c.callee.tel_kind)))
        .meaning("mobile, or landline (inferred)", "坐席号码类型")
        .fact(Fact::PhoneKind),
    row("applicationId", Text, |_| Leaf::EMPTY, "id of an application; always empty; not in the table", "应用标识"),
    field("billCalls", Texts, |c| bill_calls(c.talk, c.tenant, c.callee))
        .meaning("one text of 16 parts per line that the platform held; not in the table", "计费话单"),
    field("bridgeDuration", Integer, |c| c.seconds(c.talk.bridged.zip(c.hung_up())))
        .meaning("seconds from bridgeTime to hangupTime; 0 without a conversation", "双方通话时长（秒）")
        .fact(Fact::Talk),
    row("bridgeTime", CLOCK, |c| c.at(c.talk.bridged), "when customer and agent could hear each other", "双方接通时间")
        .fact(Fact::Bridged),
    row("callId", Text, |c| c.call.channel.clone(), "id of the channel that began the call: a UUID", "通道标识")
        .fact(Fact::LegId),
    row("callType", Word(CALL_TYPES), |c| call_type(c.tenant.kind).into(), "how the call came about", "呼叫类型")
        .fact(Fact::Direction),
    row("cdrType", Word(&["callRecord"]), |_| "callRecord".into(), "callRecord; not in the table", "话单类型"),
    row("createTime", CLOCK, |c| c.at(c.saved()), "when the record was made: endTime and `cdr_delay`", "话单创建时间")
        .fact(Fact::Now),
    field("customerAnswerTime", CLOCK, |c| c.at(c.dialled()[1]))
        .meaning("when the customer answered; empty where the customer called", "客户接听时间")
        .fact(Fact::CustomerAnswered),
    field("customerAreaCode", Text, |c| Leaf::from(&c.customer().area_code))
        .meaning("area code of the customer's phone", "客户区号")
        .fact(Fact::AreaCode),
    row("customerCity", Text, |c| Leaf::from(&c.customer().city), "city of the customer's phone", "客户城市")
        .fact(Fact::Place),
    row("customerCountry", Word(&["中国"]), |_| "中国".into(), "country of the customer's phone", "客户国家"),
    row("customerCountryCode", Word(&["86"]), |_| "86".into(), "its country code", "客户国家代码"),
    field("customerFileUrl", Text, |c| c.recording.customer.clone())
        .meaning("recording of the customer's side", "客户侧录音地址")
        .fact(Fact::RecordingUrl),
    row("customerNumber", Text, |c| Leaf::from(&c.customer().phone), "the customer's phone", "客户号码")
        .fact(Fact::CustomerPhone),
    field("customerNumberType", Word(PHONES), |c| number_type(c.customer().number_kind).into())
        .meaning("mobile, or landline (inferred)", "客户号码类型")
        .fact(Fact::PhoneKind),
    field("customerProvince", Text, |c| Leaf::from(&c.customer().province))
        .meaning("province of the customer's phone", "客户省份")
        .fact(Fact::Place),
    field("customerRingDuration", Integer, |c| c.seconds(c.dialled()[0].zip(c.dialled()[1])))
        .meaning(
            "seconds from customerStartTime to customerAnswerTime; 0 where the customer called",
            "客户振铃时长（秒）",
        )
        .fact(Fact::CustomerRing),
    field("customerStartTime", CLOCK, |c| c.at(c.dialled()[0]))
        .meaning("when the customer's phone began to ring; empty where the customer called", "客户振铃时间")
        .fact(Fact::CustomerRang),
    field("displayNumber", Text, |c| c.tenant.display())
        .meaning("the number shown to the customer; empty where the customer called", "外显号码")
        .fact(Fact::LineNumber),
    row("doubleTrackFileUrl", Text, |_| Leaf::EMPTY, "both sides in one file; empty, as in the sample", "双轨录音地址")
        .fact(Fact::RecordingUrl),
    field("endTime", CLOCK, |c| c.at(c.ended()))
        .meaning("the end of the survey where there was one, else hangupTime", "结束时间")
        .fact(Fact::Ended),
    field("extras", Any, |c| c.tenant.extras())
        .meaning("custom parameters of the call: an object, or an empty text", "自定义参数"),
    field("failureReason", Word(REASONS), |c| Leaf::from(c.failure().map(|cause| failure(cause).0)).or_absent())
        .meaning("why the call failed; in the table only", "失败原因")
        .fact(Fact::Cause)
        .only("where the call failed"),
    row("gatewayIP", Text, |c| Leaf::from(&c.tenant.options.gateway), "address and port of the gateway", "网关地址"),
    field("hangUpSide", Word(SIDES), |c| Leaf::from(c.talk.dropped_by.map(hang_up_side)).or_empty())
        .meaning("who hung up first: AGENT, or CUSTOMER and SYSTEM (inferred)", "挂断方")
        .fact(Fact::HungUpBy),
    row("hangupTime", CLOCK, |c| c.at(c.hung_up()), "when the first side hung up", "挂断时间").fact(Fact::HungUp),
    row("hotLineNumber", Text, |_| Leaf::EMPTY, "a hot line; always empty", "热线号码"),
    row("ivrId", Text, |c| c.object(c.talk.ivr.is_some(), "7moor.menu"), "id of the voice menu", "语音菜单标识")
        .fact(Fact::MenuId),
    field("ivrTime", CLOCK, |c| c.at(c.talk.ivr.map(|(entered, _)| entered)))
        .meaning("when the customer entered the voice menu", "进入语音菜单时间")
        .fact(Fact::MenuEntered),
    row("joinQueueTime", CLOCK, |c| c.at(c.talk.queued), "when the customer entered the queue", "进入队列时间")
        .fact(Fact::Queued),
    field("loginType", Word(DEVICES), |c| {
        if c.callee.is_agent() { word(c.tenant.options.login_type).into() } else { Leaf::EMPTY }
    })
    .meaning("device of the agent", "坐席登录方式")
    .fact(Fact::AgentDevice),
    field("playNumberDuration", Integer, |_| Leaf::from(0_i64))
        .meaning("seconds for which the agent's number was announced; always 0", "报工号时长（秒）"),
    row("queueNumber", Text, |c| c.queue(|queue| &queue.number), "number of the queue", "队列编号")
        .fact(Fact::QueueNumber),
    row("recordFileUrl", Text, |c| c.recording.both.clone(), "recording of both sides", "录音地址")
        .fact(Fact::RecordingUrl),
    row("recordType", Word(TRACKS), |c| c.recording.kind.into(), "kind of recording; empty without one", "录音类型"),
    row("recordingDuration", Integer, |c| c.seconds(c.recording.span), "seconds of the recording", "录音时长（秒）")
        .fact(Fact::RecordingTime),
    field("relativeCallUniqueId", Digits, |c| Leaf::from(c.relative.map(|call| call.id.clone())).or_absent())
        .meaning("callUniqueId of the call that the customer was handed on from; in the table only", "关联通话标识")
        .fact(Fact::CallId)
        .only("after a transfer"),
    field("satisfyDuration", Integer, |c| c.seconds(c.asked().zip(c.answered())))
        .meaning("seconds from satisfyStartTime to satisfyEndTime", "满意度调查时长（秒）")
        .fact(Fact::SurveyTime),
    row("satisfyEndTime", CLOCK, |c| c.at(c.answered()), "when the survey was answered", "满意度调查结束时间")
        .fact(Fact::SurveyAnswered),
    field("satisfyIvrId", Text, |c| c.object(c.asked().is_some(), "7moor.survey"))
        .meaning("id of the voice menu that asked the survey", "满意度语音菜单标识")
        .fact(Fact::MenuId),
    row("satisfyStartTime", CLOCK, |c| c.at(c.asked()), "when the survey began", "满意度调查开始时间")
        .fact(Fact::SurveyAsked),
    field("sipCode", Integer, |c| c.status().sip_code(c.failure()).into())
        .meaning("SIP status of the call; which failure has which is inferred", "SIP 状态码"),
    row("startTime", CLOCK, |c| c.at(Some(c.talk.started)), "when the call began", "呼叫开始时间").fact(Fact::Started),
    row("status", Word(STATUSES), |c| c.status().as_str().into(), "how the call went", "接听状态").fact(Fact::Result),
    row("systemAnswerTime", CLOCK, |c| c.at(c.first_answer()), "when the first line was answered", "系统接听时间"),
    row("taskId", Digits, |c| c.task_id(), "id of the dialling task", "外呼任务标识").fact(Fact::TaskId),
    field("totalDuration", Integer, |c| c.seconds(Some(c.talk.started).zip(c.ended())))
        .meaning("seconds from startTime to endTime", "总时长（秒）")
        .fact(Fact::Total),
    field("trunkNumber", Text, |c| c.tenant.trunk())
        .meaning("the number that the customer dialled; empty where the centre called", "中继号码")
        .fact(Fact::LineNumber),
    row("virtualNumber", Text, |_| Leaf::EMPTY, "the number between both parties (AXB); always empty", "虚拟号码"),
    field("waitDuration", Integer, |c| c.seconds(c.wait()))
        .meaning(
            "seconds from joinQueueTime until an agent answered or the customer gave up (inferred)",
            "排队等待时长（秒）",
        )
        .fact(Fact::Wait),
    row("ivrName", Text, |c| c.menu(), "name of the voice menu", "语音菜单名称"),
    row("queueName", Text, |c| c.queue(|queue| &queue.name), "name of the queue", "队列名称").fact(Fact::QueueName),
    row("agentName", Text, |c| c.callee.name.clone(), "the agent's name", "坐席名称").fact(Fact::AgentName),
    row("agentId", Text, |c| c.callee.id.clone(), "the agent's id: 24 hexadecimal digits", "坐席标识")
        .fact(Fact::AgentId),
    row("matchResult", Word(&["000"]), |_| "000".into(), "result of a match of regular expressions", "匹配结果"),
    field("customerId", Text, |c| c.object(c.tenant.options.customer_known, "7moor.customer"))
        .meaning("id in the customer base; empty without the option `customer_known`", "客户标识")
        .fact(Fact::CustomerId),
    field("customerName", Text, |c| {
        if c.tenant.options.customer_known { Leaf::from(&c.customer().name) } else { Leaf::EMPTY }
    })
    .meaning("the customer's name; empty without the option `customer_known`", "客户姓名")
    .fact(Fact::CustomerName),
    row("saveTime", CLOCK, |c| c.at(c.saved()), "when the record was saved: as createTime", "话单保存时间")
        .fact(Fact::Now),
    field("groupIdList", Texts, |c| groups(c.tenant.options.group_ids.as_deref()))
        .meaning("ids of the groups of the shown number; one empty text without groups", "外显号码组编号"),
    field("groupNameList", Texts, |c| groups(c.tenant.options.group_names.as_deref()))
        .meaning("their names; one empty text without groups", "外显号码组名称"),
    field("eventUniqueId", Text, |c| c.id.clone())
        .meaning("id of this push: a UUID without dashes, the same when it is repeated", "事件唯一标识")
        .fact(Fact::PushId),
    row("satisfyKeys", Texts, |c| c.keys(), "the keys pressed in the survey; the table calls it a text", "满意度按键")
        .fact(Fact::SurveyKeys),
    row("voiceMailUrl", Text, |c| c.recording.voice_mail.clone(), "the message that the customer left", "留言地址")
        .fact(Fact::RecordingUrl),
];

/// The platform writes "no group" as one empty text, not as an empty list.
fn groups(given: Option<&[String]>) -> Leaf {
    given.map_or_else(|| Leaf::List(vec![Leaf::EMPTY]), |groups| Leaf::List(groups.iter().map(Leaf::from).collect()))
}
