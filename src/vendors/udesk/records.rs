//! What Udesk keeps beside a call and draws here from the seed: ids, the customer's record, business records. Nothing in it changes during a call.

use super::options::Options;
use super::payload::{CustomField, CustomValue, QuestionnaireId};
use crate::call::Cast;
use crate::random::{Keyed, Stream};
use std::collections::BTreeMap;

/// How far apart two ids that follow each other are at most: other calls of the account lie between.
const ID_STEP_MAX: u64 = 9;

const LEVELS: &[&str] = &["normal", "vip"];
const GROUPS: &[&str] = &["客服一组", "客服二组", "售后组", "电销组"];
const AGENT_TAGS: &[&str] = &["客服标签", "售前", "售后", "资深客服", "新人"];
const NOTE_SUBJECTS: &[&str] = &["产品咨询", "售后回访", "投诉处理", "预约回电", "订单查询"];
const NOTE_TYPES: &[&str] = &["咨询", "投诉", "建议"];
const NOTE_REMARKS: &[&str] = &["客户已了解", "稍后跟进", "无"];

/// The records of one call.
#[derive(Debug, Clone)]
pub struct Records<'a> {
    cast: &'a Cast,
    pub call_id: String,
    conversation_id: u64,
    agent_id: u64,
    note_id: u64,
    pub customer_id: u64,
    pub customer_token: String,
    pub customer_web_token: String,
    pub customer_sdk_token: String,
    pub level: &'static str,
    pub owner_group_name: &'static str,
}

/// What an agent writes down after a conversation with a customer.
#[derive(Debug, Clone)]
pub struct Paperwork {
    pub note_id: u64,
    pub note_content: &'static str,
    pub note_custom_fields: Vec<CustomField>,
    pub note_template_id: u64,
    pub note_template_name: &'static str,
    pub ticket_numbers: Vec<String>,
    pub questionnaire_id: QuestionnaireId,
    pub questionnaire_contents: BTreeMap<&'static str, &'static str>,
}

impl<'a> Records<'a> {
    /// Draws what the options do not give.
    pub fn draw(cast: &'a Cast, options: &Options) -> Self {
        let number = |purpose, range| cast.keyed.stream(purpose).within(range);
        let agent_id = || cast.keyed.centre().stream("udesk.agent_id").within(1_000..=99_999);
        let token = |purpose| cast.keyed.stream(purpose).hex(18);
        let call_id = || cast.keyed.stream("udesk.call_id").uuid().to_string();
        Self {
            cast,
            call_id: options.call_id.clone().unwrap_or_else(call_id),
            conversation_id: options
                .conversation_id
                .unwrap_or_else(|| number("udesk.conversation_id", 10_000_000..=1_999_999_999)),
            agent_id: options.agent_id.unwrap_or_else(agent_id),
            note_id: number("udesk.note_id", 100_000..=9_999_999),
            customer_id: options
                .customer_id
                .unwrap_or_else(|| number("udesk.customer_id", 1_000_000_000..=1_999_999_999)),
            customer_token: token("udesk.customer_token"),
            customer_web_token: token("udesk.customer_web_token"),
            customer_sdk_token: token("udesk.customer_sdk_token"),
            level: one_of(cast.keyed.stream("udesk.level"), LEVELS),
            owner_group_name: one_of(cast.keyed.stream("udesk.owner_group"), GROUPS),
        }
    }

    /// The id of the `index`th conversation of the call: larger than the one before.
    pub fn conversation_id(&self, index: usize) -> u64 {
        following(&self.cast.keyed, self.conversation_id, "udesk.conversation_step", index)
    }

    /// The id of an agent, by index in the cast.
    pub fn agent_id(&self, agent: usize) -> u64 {
        following(&self.cast.keyed.centre(), self.agent_id, "udesk.agent_step", agent)
    }

    /// The tags of an agent.
    pub fn agent_tags(&self, agent: usize) -> Vec<&'static str> {
        vec![one_of(self.cast.keyed.centre().nth("udesk.agent_tags", agent as u64), AGENT_TAGS)]
    }

    /// The id of a recording of the voice menu.
    pub fn ivr_record_id(&self, conversation: usize) -> u64 {
        self.cast.keyed.nth("udesk.ivr_record_id", conversation as u64).within(10_000_000..=99_999_999)
    }

    /// What the agent of a conversation writes down.
    pub fn paperwork(&self, conversation: usize, options: &Options) -> Paperwork {
        let nth = |purpose| self.cast.keyed.nth(purpose, conversation as u64);
        let custom = |id: &str, name, value| CustomField { id: id.to_owned(), name, value };
        let questionnaire = self.cast.keyed.centre().stream("udesk.questionnaire_id").within(1..=200);
        Paperwork {
            note_id: following(&self.cast.keyed, self.note_id, "udesk.note_step", conversation),
            note_content: one_of(nth("udesk.note_subject"), NOTE_SUBJECTS),
            note_custom_fields: vec![
                custom("TextField_286", "备注", CustomValue::Text(one_of(nth("udesk.note_remark"), NOTE_REMARKS))),
                custom(
                    "SelectField_364",
                    "咨询类型",
                    CustomValue::Options(vec![one_of(nth("udesk.note_type"), NOTE_TYPES)]),
                ),
            ],
            note_template_id: self.cast.keyed.centre().stream("udesk.note_template_id").within(1..=200),
            note_template_name: "默认业务记录",
            ticket_numbers: vec![format!("#{}", nth("udesk.ticket").within(1..=99_999))],
            questionnaire_id: if options.questionnaire_number {
                QuestionnaireId::Number(questionnaire)
            } else {
                QuestionnaireId::Text(questionnaire.to_string())
            },
            questionnaire_contents: [("问题是否已解决?", one_of(nth("udesk.questionnaire"), &["是", "否"]))].into(),
        }
    }
}

/// The id that follows `first` after `count` steps, each of its own drawn length.
fn following(keyed: &Keyed, first: u64, purpose: &str, count: usize) -> u64 {
    (1..=count as u64).fold(first, |id, n| id + keyed.nth(purpose, n).within(1..=ID_STEP_MAX))
}

fn one_of(mut stream: Stream, choices: &[&'static str]) -> &'static str {
    stream.pick::<&'static str>(choices)
}
