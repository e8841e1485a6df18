//! The channel variables, which push actions refer to as `${name}`: the record of a call at any moment of it.
//!
//! The names are second hand and agree with a real push.

use super::outcome::{call_type, end_reason};
use super::record::number_type;
use super::scene::{Scene, known};
use super::variables::{CALL_TYPES, NUMBER_TYPES, Row, digits, second, text, word};
use crate::body::{Draw, Leaf, Shape};
use crate::call::Fact;
use crate::vendors::FieldFact;

const ENTERPRISE: Row = digits("cdr_enterprise_id", |t| t.known.account.enterprise.clone())
    .meaning("the call centre, 7 digits", "企业编号，7 位数字")
    .fact(Fact::Enterprise);
const MAIN_ID: Row = text("cdr_main_unique_id", |t| known(t.known.legs.main().map(|leg| leg.id.clone())))
    .meaning("the id of the first leg: the key of the call", "主通道唯一标识，即通话标识")
    .fact(Fact::CallId);
const CUSTOMER: Row = text("cdr_customer_number", |t| Leaf::from(&t.known.cast.customer.phone))
    .meaning("the customer's phone", "客户号码")
    .fact(Fact::CustomerPhone);
const CUSTOMER_AREA: Row = text("cdr_customer_area_code", |t| Leaf::from(&t.known.cast.customer.area_code))
    .meaning("the customer's area code", "客户号码区号")
    .fact(Fact::AreaCode);
const CUSTOMER_TYPE: Row =
    word("cdr_customer_number_type", NUMBER_TYPES, |t| number_type(t.known.cast.customer.number_kind).into())
        .meaning("1 landline, 2 mobile", "客户号码类型：1 固话，2 手机")
        .fact(Fact::PhoneKind);
const CALL_TYPE: Row = word("cdr_call_type", CALL_TYPES, |t| call_type(t.known.kind).into())
    .meaning(
        "1 inbound, 2 webcall, 4 preview, 5 predictive, 6 direct",
        "呼叫类型：1 呼入，2 webcall，4 预览外呼，5 预测外呼，6 主叫外呼",
    )
    .fact(Fact::Direction);
const START: Row = second("cdr_start_time", |t| t.second(t.known.legs.main().map(|leg| leg.started)))
    .meaning("when the first leg started, in seconds since 1970", "呼叫开始时间，秒级时间戳")
    .fact(Fact::Started);
const BRIDGE: Row = second("cdr_bridge_time", |t| t.second(t.bridged()))
    .meaning("when agent and customer were connected, in seconds since 1970", "双方接通时间，秒级时间戳")
    .fact(Fact::Bridged)
    .only("where the two talked");
const END: Row = second("cdr_end_time", |t| t.second(t.chain.last().and_then(|last| last.ended)))
    .meaning("when the call was over, in seconds since 1970", "呼叫结束时间，秒级时间戳")
    .fact(Fact::Ended);
const RECORD: Row = text("cdr_record_file_1", |t| t.recording())
    .meaning("the name of the recording", "录音文件名")
    .fact(Fact::RecordingUrl);
const RECORDED: &str = "where something was recorded";
const REASON: Row = word("cdr_end_reason", &["1000", "1001", "1002"], |t| {
    let last = t.chain.last().and_then(|last| Some((last.dropped_by?, last.cause)));
    known(last.map(|(dropped_by, cause)| end_reason(t.known.kind, dropped_by, cause)))
})
.meaning(
    "1000 the main channel hung up, 1001 the other one, 1002 forced off",
    "挂断原因：1000 主通道挂断，1001 非主通道挂断，1002 被强拆",
)
.fact(Fact::HungUpBy);
const QUEUE: Row = text("cdr_queue", |t| {
    let queued = t.root().filter(|root| root.queued.is_some());
    known(queued.and_then(|root| Some(&t.known.cast.queues.get(root.queue.unwrap_or(0))?.number)))
})
.meaning("the queue", "队列编号")
.fact(Fact::QueueNumber)
.only(QUEUED);
const QUEUED: &str = "where the customer waited in a queue";
const PROVINCE: Row = text("cdr_customer_province", |t| Leaf::from(&t.known.cast.customer.province))
    .meaning("the customer's province", "客户号码所在省份")
    .fact(Fact::Place);
const CITY: Row = text("cdr_customer_city", |t| Leaf::from(&t.known.cast.customer.city))
    .meaning("the customer's city", "客户号码所在城市")
    .fact(Fact::Place);
const TRUNK: Row = text("cdr_number_trunk", |t| t.known.account.trunk.clone())
    .meaning("the trunk that the call came in on", "呼入中继号码")
    .fact(Fact::LineNumber);
const CNO: Row = text("cdr_cno", |t| known(t.agent().map(|agent| &agent.number)))
    .meaning("the agent", "座席工号")
    .fact(Fact::AgentNumber)
    .only(AGENT);
const AGENT: &str = "where there was an agent";

/// The agent who talked.
const fn bridged_agent(name: &'static str) -> Row {
    let number = |t: &Scene<'_>| known(t.agent().filter(|_| t.bridged().is_some()).map(|agent| &agent.number));
    text(name, number)
        .meaning("the agent who answered", "接听座席工号")
        .fact(Fact::AgentNumber)
        .only("where an agent talked")
}

const fn status(words: &'static [&'static str], meaning: &'static str, chinese: &'static str) -> Row {
    word("cdr_status", words, |t| t.facts().status(t.known.kind).into()).meaning(meaning, chinese).fact(Fact::Result)
}

/// What is there in every kind of call but those that come in.
fn outbound(scene: &Scene<'_>, name: &str, leaf: impl FnOnce() -> Leaf) -> Leaf {
    if scene.known.is_inbound() { scene.custom(name) } else { leaf() }
}

pub(super) const INBOUND_HANGUP: &[Row] = &[
    ENTERPRISE,
    MAIN_ID,
    CUSTOMER,
    CUSTOMER_AREA,
    CUSTOMER_TYPE,
    status(
        &["1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12", "13"],
        "how the call went: 1 an agent answered, 2 none did, 3 only the system, 7 blacklist",
        "接听状态：1 座席接听，2 座席未接听，3 系统接听，7 黑名单",
    ),
    CALL_TYPE,
    TRUNK,
    text(
        "cdr_hotline",
        |t| if t.known.is_inbound() { t.known.account.hotline.clone() } else { t.custom("cdr_hotline") },
    )
    .meaning("the hotline dialled", "热线号码")
    .fact(Fact::LineNumber),
    bridged_agent("cdr_callee_cno"),
    START,
    second("cdr_join_queue_time", |t| t.second(t.root().and_then(|root| root.queued)))
        .meaning("when the customer joined the queue, in seconds since 1970", "进入队列时间，秒级时间戳")
        .fact(Fact::Queued)
        .only(QUEUED),
    BRIDGE,
    END,
    RECORD.only(RECORDED),
    REASON,
    QUEUE,
    PROVINCE,
    CITY,
];

pub(super) const OUTBOUND_HANGUP: &[Row] = &[
    ENTERPRISE,
    MAIN_ID,
    CUSTOMER,
    CUSTOMER_AREA,
    CUSTOMER_TYPE,
    status(
        &["20", "21", "22", "23", "24", "30", "31", "32", "33", "40", "41", "42", "43", "50", "51", "52"],
        "how the call went: webcall 20-24, preview 30-33, predictive 40-43, direct 50-52",
        "接听状态：webcall 20-24，预览外呼 30-33，预测外呼 40-43，主叫外呼 50-52",
    ),
    CALL_TYPE,
    CNO,
    text("cdr_agent_name", |t| known(t.agent().map(|agent| &agent.name)))
        .meaning("the agent's name", "座席姓名")
        .fact(Fact::AgentName)
        .only(AGENT),
    text("cdr_agent_number", |t| known(t.agent().map(|agent| &agent.phone)))
        .meaning("the agent's phone", "座席电话")
        .fact(Fact::AgentPhone)
        .only(AGENT),
    START,
    second("cdr_answer_time", |t| t.second(t.answered()))
        .meaning("when the first side answered, in seconds since 1970", "首个接听方的接听时间，秒级时间戳")
        .only("where somebody answered"),
    BRIDGE,
    END,
    REASON,
    digits("cdr_sip_cause", |t| known(t.sip_cause()))
        .meaning("the SIP status of the call to the customer: 200 if answered", "外呼客户侧的 SIP 状态码，接听为 200")
        .fact(Fact::Cause)
        .only("where the customer's phone rang"),
    text("cdr_clid", |t| outbound(t, "cdr_clid", || Leaf::from(&t.known.cast.line)))
        .meaning("the number shown to the customer", "客户侧外显号码")
        .fact(Fact::LineNumber),
    text("cust_callee_clid", |t| t.custom("cust_callee_clid"))
        .meaning("the number shown on the second leg", "被叫侧外显号码")
        .only("where the call has such a variable"),
    RECORD.only(RECORDED),
    text("cdr_request_unique_id", |t| outbound(t, "cdr_request_unique_id", || t.known.account.request_id.clone()))
        .meaning("the id given to the request that started the call", "发起呼叫的请求标识")
        .fact(Fact::RequestId),
    text("cdr_callid", |t| t.known.account.sip_call_id.clone())
        .meaning("the SIP call, a UUID", "SIP 呼叫标识，UUID")
        .fact(Fact::LegId),
    QUEUE,
    PROVINCE,
    CITY,
    text("cdr_task_id", |t| known(t.task().map(|task| &task.id)))
        .meaning("the dialling task", "外呼任务标识")
        .fact(Fact::TaskId)
        .only(TASK),
    digits("cdr_task_inventory_id", |t| {
        known(t.task.map(|_| Leaf::drawn(t.known.cast, Draw::new("tinet.inventory", Shape::Digits(7)))))
    })
    .meaning("the number's entry in the task", "任务号码清单标识")
    .only(TASK),
];

const TASK: &str = "where it has a task";

pub(super) const RECORDING: &[Row] = &[
    ENTERPRISE,
    text("cdr_unique_id", |t| t.recorded_leg())
        .meaning("the id of the leg that was recorded", "录音通道唯一标识")
        .fact(Fact::LegId),
    RECORD,
    digits("cdr_record_duration", |t| {
        known(t.recorded().map(|(from, to)| Leaf::seconds(t.known.cast, from, to).as_text()))
    })
    .meaning("the length of the recording in seconds", "录音时长，秒")
    .fact(Fact::RecordingTime),
    MAIN_ID,
];

/// Those that no push has by default.
const OTHERS: &[Row] = &[
    Row { field: FieldFact { name: "cdr_client_number", ..CUSTOMER.field }, ..CUSTOMER },
    bridged_agent("cdr_bridged_cno"),
    Row { field: FieldFact { name: "cdr_record_file", ..RECORD.field }, ..RECORD },
    digits("cdr_ivr_id", |t| known(t.root().filter(|root| root.ivr.is_some()).map(|_| t.known.menu.id.clone())))
        .meaning("the voice menu", "语音导航标识")
        .fact(Fact::MenuId),
    text("cdr_ivr_flow", |t| {
        known(t.root().filter(|root| root.ivr.is_some()).map(|_| t.known.menu.flow(t.known.cast)))
    })
    .meaning("the nodes visited, as the text of a JSON list", "经过的节点，JSON 列表文本"),
    word("cdr_mark", &["1", "2"], |t| known(t.mark()))
        .meaning("1 a message was left, 2 the call was transferred", "1 留言，2 转接"),
    text("cdr_user_field", |t| t.custom("userField")).meaning("the free field of the call", "自定义字段"),
    text("CDR(userfield)", |t| t.custom("userField")).meaning("the free field of the call", "自定义字段"),
];

/// The channel variable of this name; `None` where the platform has none.
pub fn variable(name: &str) -> Option<&'static Row> {
    let all = [INBOUND_HANGUP, OUTBOUND_HANGUP, RECORDING, OTHERS];
    all.into_iter().flatten().find(|row| row.field.name == name)
}
