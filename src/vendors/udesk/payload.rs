//! The body of a push: one flat object with the keys in the order of the page's sample. What stands in it is decided in `body`.

use serde::Serialize;
use std::collections::BTreeMap;

/// The body of every push. `None` is null on the wire: the key is always there.
///
/// Source: Udesk, 通话事件推送, the sample of `end`; `user_group_*` are in the page's table only.
#[derive(Debug, Clone, Serialize)]
#[expect(missing_docs, reason = "the catalogue in `facts` says what each key means")]
pub struct CallDetail<'a> {
    pub call_id: &'a str,
    pub conversation_id: u64,
    pub agent_ring_at: Option<String>,
    pub agent_answer_at: Option<String>,
    pub agent_hangup_at: Option<String>,
    pub customer_ring_at: Option<String>,
    pub customer_answer_at: Option<String>,
    pub customer_hangup_at: Option<String>,
    pub timestamp: String,
    pub nick_name: &'a str,
    pub mobile_area: String,
    pub workflow: &'static str,
    pub category: &'static str,
    pub from_agent_id: Option<u64>,
    pub call_result: Option<&'static str>,
    pub is_leave_message: bool,
    pub total_time: Option<i64>,
    pub survey: Option<&'a str>,
    pub record_url: Option<String>,
    pub outline_phone_number: Option<&'a str>,
    pub agent_id: Option<u64>,
    pub agent_email: Option<&'a str>,
    pub agent_nick_name: Option<&'a str>,
    pub task_name: Option<&'a str>,
    pub queue_statue: Option<&'a str>,
    pub queue_time: Option<i64>,
    pub dtmf: &'a str,
    pub device_info: Option<&'a str>,
    pub drop_side: Option<&'static str>,
    pub defeat_cause: Option<&'static str>,
    pub multi_ring_count: usize,
    pub relevant_agent: Vec<&'a str>,
    pub task_id: Option<u64>,
    pub queue_overflow: &'static str,
    pub ivr_time: Option<i64>,
    pub ivr_variables: Option<String>,
    pub ivr_record_urls: Option<Vec<IvrRecord>>,
    pub ticket_numbers: Option<Vec<String>>,
    pub lang: &'static str,
    pub is_blocked: bool,
    pub level: &'a str,
    pub description: &'static str,
    pub organization_name: &'a str,
    pub owner_name: Option<&'a str>,
    pub owner_group_name: &'a str,
    pub note_id: Option<u64>,
    pub note_content: Option<&'static str>,
    pub customer_id: u64,
    pub customer_token: &'a str,
    pub customer_web_token: &'a str,
    pub customer_sdk_token: &'a str,
    pub weixin_openids: Vec<String>,
    pub note_custom_fields: Option<Vec<CustomField>>,
    pub note_template_id: Option<u64>,
    pub note_template_name: Option<&'static str>,
    pub questionnaire_id: Option<QuestionnaireId>,
    pub questionnaire_contents: Option<BTreeMap<&'static str, &'static str>>,
    pub callout_tasks: Option<Vec<CalloutTask<'a>>>,
    pub occasion: &'static str,
    pub biz_id: Option<String>,
    pub customer_phone: &'a str,
    pub display_number: &'a str,
    pub call_start_at: String,
    pub ring_time: Option<i64>,
    pub agent_tags: Option<Vec<&'static str>>,
    pub created_at: String,
    #[serde(flatten)]
    pub user_group: Option<UserGroup>,
}

/// The group of the agents; the keys that the page's sample lacks.
#[derive(Debug, Clone, Serialize)]
#[expect(missing_docs, reason = "the catalogue in `facts` says what each key means")]
pub struct UserGroup {
    pub user_group_id: Option<u64>,
    pub user_group_name: Option<String>,
}

/// A recording of the voice menu.
#[derive(Debug, Clone, Serialize)]
#[expect(missing_docs, reason = "the keys say it")]
pub struct IvrRecord {
    pub id: u64,
    pub ivr_record_url: String,
}

/// A custom field of the business record.
#[derive(Debug, Clone, Serialize)]
pub struct CustomField {
    /// `TextField_73`, `SelectField_257`.
    pub id: String,
    /// The field's label.
    pub name: &'static str,
    /// Its value.
    pub value: CustomValue,
}

/// The value of a custom field: text, or a list for a choice.
#[derive(Debug, Clone, Serialize)]
#[serde(untagged)]
pub enum CustomValue {
    /// Of a `TextField`.
    Text(&'static str),
    /// Of a `SelectField`: the options chosen. That they are texts is inferred; the sample's lists are empty.
    Options(Vec<&'static str>),
}

/// The id of a questionnaire: text in the page's sample, integer in its table.
#[derive(Debug, Clone, Serialize)]
#[serde(untagged)]
pub enum QuestionnaireId {
    /// As in the sample.
    Text(String),
    /// As in the table.
    Number(u64),
}

/// A manual dialling task.
#[derive(Debug, Clone, Serialize)]
#[expect(missing_docs, reason = "the keys say it")]
pub struct CalloutTask<'a> {
    pub id: u64,
    pub name: &'a str,
}
