//! The fields of every push, each declared once, in the key order of the page's sample; the two that only its table has
//! come last.

use super::outcome::{CAUSE_NAMES, RESULTS, SIDES};
use super::pushes::WORDS;
use super::records::{GROUPS, LEVELS};
use super::scene::Scene;
use super::workflow::{CATEGORIES, Workflow};
use crate::body::{Form, Leaf, Pattern, Zone};
use crate::call::{Fact, Task};
use crate::vendors::FieldKind::{self, Any, Flag, Integer, Objects, OpenWord, Text, Texts, Time, Word};
use crate::vendors::table;
use Settable::{Always, AtEnd, WithAgent};

/// Ringing, answers and hang-ups, as in the page's sample. Their seconds are whole, so that every length is the difference
/// of two times as shown.
pub const ISO: Form = Form::Clock(&Pattern::of("%Y-%m-%dT%H:%M:%S.000+08:00"), Zone::Beijing);
/// `timestamp`, and in the page's table the others too.
pub const ZONED: Form = Form::Clock(&Pattern::of("%Y-%m-%d %H:%M:%S +0800"), Zone::Beijing);

/// From when on the option `fields` can set a field, so that its value does not appear before the vendor can know it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Settable {
    /// In every push.
    Always,
    /// Once there is an agent.
    WithAgent,
    /// When the conversation is over.
    AtEnd,
}

/// What stands in a field.
#[derive(Debug, Clone, Copy)]
pub struct Source {
    /// What the call and its records say.
    pub told: fn(&Scene<'_>) -> Leaf,
    /// From when on it can be set; never where it follows from the call.
    pub settable: Option<Settable>,
}

pub type Row = table::Row<Source>;
/// A field of an object within a push.
type Inner<C> = table::Row<fn(&C) -> Leaf>;

const fn row(
    name: &'static str,
    kind: FieldKind,
    told: fn(&Scene<'_>) -> Leaf,
    meaning: &'static str,
    chinese: &'static str,
) -> Row {
    table::row(name, kind, Source { told, settable: None }, meaning, chinese)
}

impl Row {
    /// It belongs to a record of the customer's account. What is not known from the start is null until then.
    const fn settable(mut self, from: Settable) -> Self {
        self.leaf.settable = Some(from);
        self.field.is_nullable |= !matches!(from, Always);
        self
    }
}

/// The fields of every push.
pub const FIELDS: &[Row] = &[
    row("call_id", Text, |s| s.call_id(), "one id for the whole series of a customer's call", "呼叫标识")
        .fact(Fact::CallId),
    row("conversation_id", Integer, |s| s.conversation_id(), "id of this call or advanced call", "通话标识")
        .fact(Fact::ConversationId),
    row("agent_ring_at", Time(ISO), |s| s.agent_at(s.talk.agent_ring), "when the agent's side rang", "坐席振铃时间")
        .fact(Fact::AgentRang)
        .nullable(),
    row("agent_answer_at", Time(ISO), |s| s.agent_at(s.talk.agent_answer), "when the agent answers", "坐席接听时间")
        .fact(Fact::AgentAnswered)
        .nullable(),
    row("agent_hangup_at", Time(ISO), |s| s.agent_at(s.agent_left()), "when the agent's side left", "坐席挂断时间")
        .fact(Fact::AgentLeft)
        .nullable(),
    row("customer_ring_at", Time(ISO), |s| s.at(s.talk.customer_ring), "when the customer's side rang", "客户振铃时间")
        .fact(Fact::CustomerRang)
        .nullable(),
    row("customer_answer_at", Time(ISO), |s| s.at(s.talk.customer_answer), "when the customer answers", "客户接听时间")
        .fact(Fact::CustomerAnswered)
        .nullable(),
    row("customer_hangup_at", Time(ISO), |s| s.at(s.customer_left()), "when the customer's side left", "客户挂断时间")
        .fact(Fact::CustomerLeft)
        .nullable(),
    row("timestamp", Time(ZONED), |s| Leaf::time(s.cast, s.now, ZONED), "when the push is made", "推送时间")
        .fact(Fact::Now),
    row("nick_name", Text, |s| Leaf::from(&s.cast.customer.name), "the customer's name", "客户姓名")
        .fact(Fact::CustomerName),
    row("mobile_area", Text, |s| s.mobile_area(), "province and city of the customer's number", "客户号码归属地")
        .fact(Fact::Place),
    row("workflow", Word(&Workflow::WORDS), |s| s.workflow.word().into(), "how the call came about", "呼叫类型")
        .fact(Fact::Direction),
    row("category", Word(CATEGORIES), |s| s.category(), "what the conversation grew from", "会话类别")
        .fact(Fact::Category),
    row("from_agent_id", Integer, |s| s.grown_from(), "id of the agent whose call this grew from", "发起坐席标识")
        .fact(Fact::AgentId)
        .nullable(),
    row("call_result", OpenWord(RESULTS), |s| s.call_result(), "how it ended; the page's list is lost", "通话结果")
        .fact(Fact::Result)
        .nullable(),
    row("is_leave_message", Flag, |s| s.is_message_left().into(), "whether the customer left a message", "是否留言")
        .fact(Fact::MessageLeft),
    row("total_time", Integer, |s| s.total_time(), "seconds from the customer's answer to the hang-up", "通话时长(秒)")
        .fact(Fact::Total)
        .nullable(),
    row("survey", Text, |s| s.survey(), "how the customer rated the service, at the end", "满意度评价")
        .fact(Fact::SurveyKeys)
        .nullable(),
    row("record_url", Text, |s| s.record_url(), "address of the recording, at the end", "录音地址")
        .fact(Fact::RecordingUrl)
        .nullable(),
    row("outline_phone_number", Text, |s| s.outsider(), "the outside number of an advanced call", "外线号码")
        .fact(Fact::OutsiderPhone)
        .nullable(),
    row("agent_id", Integer, |s| s.agent_id(), "id of the agent", "坐席标识").fact(Fact::AgentId).nullable(),
    row("agent_email", Text, |s| s.agent().map(|agent| &agent.email).into(), "mail address of the agent", "坐席邮箱")
        .fact(Fact::AgentEmail)
        .nullable(),
    row("agent_nick_name", Text, |s| s.agent().map(|agent| &agent.name).into(), "the agent's name", "坐席姓名")
        .fact(Fact::AgentName)
        .nullable(),
    row("task_name", Text, |s| s.task().map(task_name).into(), "name of the dialling task", "自动外呼任务名称")
        .fact(Fact::TaskName)
        .nullable(),
    row("queue_statue", OpenWord(QUEUE), |s| s.queue_statue(), "state of the queueing (so spelt by Udesk)", "排队状态")
        .nullable(),
    row("queue_time", Integer, |s| s.queue_time(), "seconds in the queue", "排队时长(秒)").fact(Fact::Wait).nullable(),
    row("dtmf", Text, |s| Leaf::from(&s.talk.keys), "keys that the customer pressed", "客户按键").fact(Fact::Keys),
    row("device_info", OpenWord(DEVICES), |s| s.device(), "the agent's device", "坐席设备")
        .fact(Fact::AgentDevice)
        .nullable(),
    row("drop_side", Word(SIDES), |s| s.drop_side(), "who hung up", "挂断方").fact(Fact::HungUpBy).nullable(),
    row("defeat_cause", Word(&CAUSE_NAMES), |s| s.defeat_cause(), "why the customer was not reached", "呼叫失败原因")
        .fact(Fact::Cause)
        .nullable(),
    row("multi_ring_count", Integer, |s| s.missed(), "how many agents have rung in vain", "未接坐席数")
        .fact(Fact::Missed),
    row("relevant_agent", Texts, |s| s.relevant_agents().into(), "names of the agents that took part", "相关坐席")
        .fact(Fact::AgentName),
    row("task_id", Integer, |s| s.task().map(task_id).into(), "id of the dialling task", "自动外呼任务标识")
        .fact(Fact::TaskId)
        .nullable(),
    row("queue_overflow", OpenWord(&["无溢出"]), |_| "无溢出".into(), "overflow into other queues", "排队溢出")
        .settable(Always),
    row("ivr_time", Integer, |s| s.ivr_time(), "seconds in the voice menu", "语音菜单时长(秒)")
        .fact(Fact::MenuTime)
        .nullable(),
    row("ivr_variables", Text, |s| s.ivr_variables(), "variables of the voice menu, `aa:11,bb:22`", "语音菜单变量")
        .nullable(),
    row("ivr_record_urls", Objects, |s| s.ivr_records(), "recordings of the voice menu", "语音菜单录音")
        .settable(AtEnd),
    row("ticket_numbers", Texts, |s| s.noted(Scene::tickets), "tickets made during the call, `#12`", "工单编号")
        .settable(AtEnd),
    row("lang", OpenWord(&["zh-cn"]), |_| "zh-cn".into(), "the customer's language", "客户语言").settable(Always),
    row("is_blocked", Flag, |s| s.is_blocked(), "whether the customer is on the blacklist", "是否黑名单")
        .fact(Fact::Blacklisted)
        .settable(Always),
    row("level", OpenWord(LEVELS), |s| s.word("udesk.level", LEVELS), "the customer's level", "客户等级")
        .settable(Always),
    row("description", Text, |_| Leaf::EMPTY, "description of the customer", "客户描述").settable(Always),
    row("organization_name", Text, |s| Leaf::from(&s.cast.customer.company), "the customer's company", "客户公司")
        .fact(Fact::CustomerCompany)
        .settable(Always),
    row("owner_name", Text, |s| s.owner(), "the agent in charge of the customer", "客户负责人")
        .fact(Fact::AgentName)
        .nullable()
        .settable(Always),
    row("owner_group_name", Text, |s| s.word("udesk.owner_group", GROUPS), "the group in charge", "客户负责组")
        .settable(Always),
    row("note_id", Integer, |s| s.noted(Scene::note_id), "id of the business record, at the end", "业务记录标识")
        .settable(AtEnd),
    row("note_content", Text, |s| s.noted(Scene::note_content), "subject of the business record", "业务记录主题")
        .settable(AtEnd),
    row("customer_id", Integer, |s| s.customer_id(), "id of the customer", "客户标识").fact(Fact::CustomerId),
    row("customer_token", Text, |s| s.token("udesk.customer_token"), "the customer's open_api_token", "接口令牌")
        .fact(Fact::CustomerToken)
        .settable(Always),
    row("customer_web_token", Text, |s| s.token("udesk.customer_web_token"), "the customer's web_token", "网页令牌")
        .fact(Fact::CustomerToken)
        .settable(Always),
    row("customer_sdk_token", Text, |s| s.token("udesk.customer_sdk_token"), "the customer's sdk_token", "SDK 令牌")
        .fact(Fact::CustomerToken)
        .settable(Always),
    row("weixin_openids", Texts, |_| Leaf::List(Vec::new()), "the customer's ids in WeChat", "客户微信标识")
        .settable(Always),
    row("note_custom_fields", Objects, |s| s.noted(Scene::note_fields), "custom fields of the record", "自定义字段")
        .settable(AtEnd),
    row("note_template_id", Integer, |s| s.noted(Scene::template_id), "id of the record's template", "记录模板标识")
        .settable(AtEnd),
    row("note_template_name", Text, |s| s.noted(|_| "默认业务记录".into()), "name of the template", "记录模板名称")
        .settable(AtEnd),
    row("questionnaire_id", Any, |s| s.noted(Scene::questionnaire_id), "id of the questionnaire", "问卷标识")
        .settable(AtEnd),
    row("questionnaire_contents", Any, |s| s.noted(Scene::answers), "questions and answers", "问卷内容")
        .settable(AtEnd),
    row("callout_tasks", Objects, |s| s.manual_tasks(), "manual dialling tasks that hold the number", "手动外呼任务")
        .nullable()
        .settable(Always),
    row("occasion", Word(&WORDS), |s| s.occasion.word().into(), "why the push is made, which is its name", "推送时机")
        .fact(Fact::Event),
    row("biz_id", Text, |_| Leaf::Null, "an id of the customer's own, given to the call component", "业务标识")
        .nullable()
        .settable(Always),
    row("customer_phone", Text, |s| Leaf::from(&s.cast.customer.phone), "the customer's number", "客户号码")
        .fact(Fact::CustomerPhone),
    row("display_number", Text, |s| Leaf::from(&s.cast.line), "the centre's number", "中继号码").fact(Fact::LineNumber),
    row("call_start_at", Time(Form::BEIJING), |s| s.started(), "when the conversation started", "通话开始时间")
        .fact(Fact::Started),
    row("ring_time", Integer, |s| s.ring_time(), "seconds of ringing", "振铃时长(秒)").fact(Fact::Ring).nullable(),
    row("agent_tags", Texts, |s| s.agent_tags(), "the agent's tags", "坐席标签").settable(WithAgent),
    row("created_at", Time(Form::BEIJING), |s| s.started(), "when the record was made", "记录创建时间")
        .fact(Fact::Started),
    row("user_group_id", Integer, |s| s.group(), "id of the agents' group; in the page's table only", "坐席组标识")
        .only(USER_GROUP)
        .settable(WithAgent),
    row("user_group_name", Text, |s| s.group(), "name of the agents' group; in the page's table only", "坐席组名称")
        .only(USER_GROUP)
        .settable(WithAgent),
];

/// The words of `queue_statue` unless options give others.
const QUEUE: &[&str] = &["排队中", "排队成功", "排队放弃"];
const DEVICES: &[&str] = &["网页电话", "手机", "IP话机"];
const USER_GROUP: &str = "with the option `user_group`";

/// A recording of the voice menu, by its id.
pub const IVR_RECORD: &[Inner<Leaf>] = &[
    table::row("ivr_record_urls.id", Integer, |id| id.clone(), "id of the recording", "录音标识"),
    table::row::<fn(&Leaf) -> Leaf>(
        "ivr_record_urls.ivr_record_url",
        Text,
        ivr_record_url,
        "address of the recording",
        "录音地址",
    )
    .fact(Fact::RecordingUrl),
];

/// A custom field of the business record: `TextField_286` or `SelectField_364`, its label, its value.
pub const CUSTOM_FIELD: &[Inner<(&str, &str, Leaf)>] = &[
    table::row("note_custom_fields.id", Text, |(id, ..)| (*id).into(), "id of the field", "字段标识"),
    table::row("note_custom_fields.name", Text, |(_, name, _)| (*name).into(), "label of the field", "字段名称"),
    table::row("note_custom_fields.value", Any, |(.., value)| value.clone(), "text, of a choice a list", "字段值"),
];

/// A manual dialling task.
pub const CALLOUT_TASK: &[Inner<Task>] = &[
    table::row::<fn(&Task) -> Leaf>("callout_tasks.id", Integer, task_id, "id of the task", "外呼任务标识")
        .fact(Fact::TaskId),
    table::row::<fn(&Task) -> Leaf>("callout_tasks.name", Text, task_name, "name of the task", "外呼任务名称")
        .fact(Fact::TaskName),
];

fn task_id(task: &Task) -> Leaf {
    Leaf::from(&task.id).as_number()
}

fn task_name(task: &Task) -> Leaf {
    Leaf::from(&task.name)
}

fn ivr_record_url(id: &Leaf) -> Leaf {
    Leaf::joined(["http://127.0.0.1:9/udesk/ivr/".into(), id.clone(), ".wav".into()])
}
