//! What is known of Udesk's call event push: its pushes and the one list of fields that they share. Settings stand in `options`.
//!
//! Source: Udesk, 通话事件推送 (third-party documentation, `call_detail_push`). The page states neither method, nor
//! content type, nor what counts as success: those are inferred from the vendor's sister callbacks, which are POSTs of JSON.

use super::occasion::Occasion;
use crate::call::{Advanced, Outcome};
use crate::vendors::facts::{FieldFact, Origin, PushFact};

/// The 24 pushes, in the order of the page.
pub const PUSHES: &[PushFact] = &[
    push(Occasion::Begin, "开始自动外呼", "the platform starts to dial a customer of a task"),
    push(Occasion::AgentAnswer, "呼出回拨坐席接听", "the agent answers the first leg of a callback"),
    push(Occasion::CustomerAnswer, "呼出回拨客户接听", "the customer answers an outbound call"),
    push(Occasion::EnqueueSucc, "呼入入队成功", "the customer enters a queue"),
    push(Occasion::AgentLock, "锁定坐席", "an agent is reserved for the waiting customer, where Udesk has enabled it"),
    push(
        Occasion::AgentIncall,
        "坐席开始通话",
        "an agent is connected with a waiting customer or joins an advanced call",
    ),
    push(Occasion::AgentBreakout, "分配坐席未应答", "the assigned agent does not answer"),
    advanced(Advanced::Transfer, Outcome::Succeeded, "转接成功", "who the call is transferred to answers"),
    advanced(Advanced::Transfer, Outcome::Failed, "转接失败", "who the call is transferred to does not answer"),
    advanced(Advanced::Consult, Outcome::Succeeded, "咨询成功", "who is consulted answers"),
    advanced(Advanced::Consult, Outcome::Failed, "咨询失败", "who is consulted does not answer"),
    advanced(Advanced::Listen, Outcome::Succeeded, "监听成功", "a supervisor listens in"),
    advanced(Advanced::Listen, Outcome::Failed, "监听失败", "a supervisor could not listen in"),
    advanced(Advanced::Conference, Outcome::Succeeded, "三方成功", "the third party answers"),
    advanced(Advanced::Conference, Outcome::Failed, "三方失败", "the third party does not answer"),
    advanced(Advanced::Barge, Outcome::Succeeded, "强插成功", "a supervisor joins the conversation"),
    advanced(Advanced::Barge, Outcome::Failed, "强插失败", "a supervisor could not join"),
    advanced(Advanced::Intercept, Outcome::Succeeded, "拦截成功", "a supervisor takes the customer over"),
    advanced(Advanced::Intercept, Outcome::Failed, "拦截失败", "a supervisor could not take over"),
    advanced(Advanced::Whisper, Outcome::Succeeded, "密语成功", "a supervisor speaks to the agent alone"),
    advanced(Advanced::Whisper, Outcome::Failed, "密语失败", "a supervisor could not speak to the agent"),
    push(Occasion::Hangup, "通话有一方挂断", "one side of a conversation hangs up"),
    push(Occasion::End, "通话结束", "a conversation is over and its record complete: exactly once per conversation"),
    push(Occasion::EndInfo, "高级通话信息", "an advanced conversation is over"),
];

const fn push(occasion: Occasion, title: &'static str, when: &'static str) -> PushFact {
    PushFact { name: occasion.name(), title, when, origin: Origin::Seed, fields: FIELDS }
}

const fn advanced(kind: Advanced, outcome: Outcome, title: &'static str, when: &'static str) -> PushFact {
    push(Occasion::Advanced(kind, outcome), title, when)
}

/// The fields of every push, in the key order of the page's sample; the two that only its table has come last.
///
/// Every push carries every key; a value that is not known is null.
pub const FIELDS: &[FieldFact] = &[
    field("call_id", "one id for the whole series of a customer's call: text"),
    field("conversation_id", "id of this conversation, a new one for each advanced call: integer"),
    field("agent_ring_at", "when the agent's side began to ring: ISO 8601 with milliseconds, UTC+8"),
    field("agent_answer_at", "when the agent's side answered: ISO 8601 with milliseconds, UTC+8"),
    field("agent_hangup_at", "when the agent's side left: ISO 8601 with milliseconds, UTC+8"),
    field("customer_ring_at", "when the customer's side began to ring: ISO 8601 with milliseconds, UTC+8"),
    field("customer_answer_at", "when the customer's side answered: ISO 8601 with milliseconds, UTC+8"),
    field("customer_hangup_at", "when the customer's side left: ISO 8601 with milliseconds, UTC+8"),
    field("timestamp", "when the push is made: `YYYY-MM-DD HH:MM:SS +0800`"),
    field("nick_name", "the customer's name: text"),
    field("mobile_area", "province and city of the customer's number, with a space between: text"),
    field("workflow", "in | out_callback (agent, then customer) | out_direct | out_auto"),
    field(
        "category",
        "normal | transfer | consult | three_party | listening | barge_in | substitute, some with _outline",
    ),
    field("from_agent_id", "id of the agent whose conversation an advanced call grew from: integer"),
    field("call_result", "how the call ended, from the hang-up on: text; the page's list of words is lost"),
    field("is_leave_message", "whether there is a message in the recording: boolean"),
    field("total_time", "length of the call in seconds, customer's answer to customer's hang-up: integer, at the end"),
    field("survey", "how the customer rated the service: text, at the end"),
    field("record_url", "address of the recording: text, at the end"),
    field("outline_phone_number", "the outside number of an advanced call: text"),
    field("agent_id", "id of the agent: integer"),
    field("agent_email", "mail address of the agent's account: text"),
    field("agent_nick_name", "the agent's name: text"),
    field("task_name", "name of the automatic dialling task: text"),
    field("queue_statue", "state of the queueing (so spelt on the wire): text; the page lists no words"),
    field("queue_time", "seconds in the queue: integer"),
    field("dtmf", "keys that the customer pressed: text"),
    field("device_info", "the agent's device: text"),
    field("drop_side", "who hung up, 客服 | 客户 | 系统: text"),
    field("defeat_cause", "why an outbound call failed, one of 18 names, where Udesk has enabled it: text"),
    field("multi_ring_count", "how many agents have rung in vain: integer"),
    field("relevant_agent", "names of the agents that took part: list of text"),
    field("task_id", "id of the automatic dialling task: integer"),
    field("queue_overflow", "whether the call overflowed into other queues: text"),
    field("ivr_time", "seconds in the voice menu: integer"),
    field("ivr_variables", "variables of the voice menu, `aa:11,bb:22`: text"),
    field("ivr_record_urls", "recordings of the voice menu: list of {id, ivr_record_url}"),
    field("ticket_numbers", "tickets made during the call, `#12`: list of text, at the end"),
    field("lang", "the customer's language: text"),
    field("is_blocked", "whether the customer is on the blacklist: boolean"),
    field("level", "the customer's level: text"),
    field("description", "description of the customer: text"),
    field("organization_name", "the customer's company: text"),
    field("owner_name", "the agent in charge of the customer: text"),
    field("owner_group_name", "the group in charge of the customer: text"),
    field("note_id", "id of the business record of the call: integer, at the end"),
    field("note_content", "subject of the business record: text, at the end"),
    field("customer_id", "id of the customer: integer"),
    field("customer_token", "the customer's open_api_token: text"),
    field("customer_web_token", "the customer's web_token: text"),
    field("customer_sdk_token", "the customer's sdk_token: text"),
    field("weixin_openids", "the customer's ids in WeChat: list of text"),
    field(
        "note_custom_fields",
        "custom fields of the business record: list of {id, name, value}, a choice's value a list",
    ),
    field("note_template_id", "id of the business record's template: integer, at the end"),
    field("note_template_name", "name of the business record's template: text, at the end"),
    field("questionnaire_id", "id of the questionnaire: text in the sample, integer in the table; at the end"),
    field("questionnaire_contents", "the questionnaire's answers: object of question and answer, at the end"),
    field("callout_tasks", "manual dialling tasks that hold the number: list of {id, name}"),
    field("occasion", "why the push is made: the name of the push"),
    field("biz_id", "an id of the customer's own, given to the call component: text"),
    field("customer_phone", "the customer's number: text"),
    field("display_number", "the centre's number: text"),
    field("call_start_at", "when the conversation started: `YYYY-MM-DD HH:MM:SS`, Beijing time"),
    field("ring_time", "seconds of ringing: integer"),
    field("agent_tags", "the agent's tags: list of text"),
    field("created_at", "when the record was made: `YYYY-MM-DD HH:MM:SS`, Beijing time"),
    field("user_group_id", "id of the agents' group: integer; in the page's table, not in its sample"),
    field("user_group_name", "name of the agents' group: text; in the page's table, not in its sample"),
];

const fn field(name: &'static str, meaning: &'static str) -> FieldFact {
    FieldFact { name, meaning, origin: Origin::Seed }
}
