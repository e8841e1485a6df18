//! From what is known at a moment to the body of a push: which value is known when, and how durations follow from times.

use super::desk::Desk;
use super::fields::Moment;
use super::occasion::{self, Occasion, Workflow};
use super::options::Options;
use super::outcome;
use super::payload::{CallDetail, CalloutTask, IvrRecord, UserGroup};
use super::records::{Paperwork, Records};
use super::times;
use crate::call::{Advanced, Agent, CallState, Cast, Category, Conversation, Party};
use serde_json::Value;
use std::time::Duration;

/// Everything that decides the body of one push.
#[derive(Debug, Clone, Copy)]
pub struct Telling<'a> {
    pub cast: &'a Cast,
    pub options: &'a Options,
    pub records: &'a Records<'a>,
    pub workflow: Workflow,
    pub desk: Desk,
    pub state: &'a CallState,
    pub conversation: &'a Conversation,
    pub index: usize,
    pub now: Duration,
    pub occasion: Occasion,
}

impl Telling<'_> {
    /// The bytes of the body.
    pub fn body(&self) -> Vec<u8> {
        let mut body = serde_json::to_value(self.detail()).expect("the body holds texts, numbers and lists only");
        if let Value::Object(body) = &mut body {
            let moment = Moment { agent: self.agent().is_some(), ended: self.ended() };
            self.options.fields.apply(body, moment);
        }
        body.to_string().into_bytes()
    }

    fn detail(&self) -> CallDetail<'_> {
        let Self { cast, options, records, conversation, .. } = *self;
        let agent = self.agent();
        let agent_leg = self.agent_leg();
        let task = self.state.task.or_else(|| (cast.tasks.len() == 1).then_some(0));
        let automatic = task.and_then(|task| cast.tasks.get(task)).filter(|_| self.workflow == Workflow::OutAuto);
        let paperwork = self.paperwork();
        let note = paperwork.as_ref();
        CallDetail {
            call_id: &records.call_id,
            conversation_id: records.conversation_id(self.index),
            agent_ring_at: self.show(agent_leg.and(conversation.agent_ring)),
            agent_answer_at: self.show(agent_leg.and(conversation.agent_answer)),
            agent_hangup_at: self.show(agent_leg.and(self.once_hung_up(conversation.agent_hangup))),
            customer_ring_at: self.show(conversation.customer_ring),
            customer_answer_at: self.show(conversation.customer_answer),
            customer_hangup_at: self.show(self.once_hung_up(conversation.customer_hangup)),
            timestamp: times::stamp(cast, self.now),
            nick_name: &cast.customer.name,
            mobile_area: format!("{} {}", cast.customer.province, cast.customer.city),
            workflow: self.workflow.name(),
            category: occasion::category(conversation.category, conversation.outsider.is_some()),
            from_agent_id: self.from().and_then(|from| from.agent).map(|agent| records.agent_id(agent)),
            call_result: self.once_hung_up(Some(outcome::call_result(self.workflow, conversation, self.desk))),
            is_leave_message: self.message_left(),
            total_time: self.at_end(self.total_time()),
            survey: self.survey(),
            record_url: self.record_url(),
            outline_phone_number: conversation.outsider.and_then(|at| cast.outsiders.get(at)).map(|who| &*who.phone),
            agent_id: agent.map(|(index, _)| records.agent_id(index)),
            agent_email: agent.map(|(_, agent)| &*agent.email),
            agent_nick_name: agent.map(|(_, agent)| &*agent.name),
            task_name: automatic.map(|task| &*task.name),
            queue_statue: self.queue_statue(),
            queue_time: self.queue_time(),
            dtmf: &conversation.keys,
            device_info: agent.map(|_| &*options.device_info),
            drop_side: conversation.dropped_by.map(outcome::drop_side),
            defeat_cause: options
                .defeat_cause
                .then(|| self.once_hung_up(outcome::defeat_cause(self.workflow, conversation)))
                .flatten(),
            multi_ring_count: conversation.missed.len(),
            relevant_agent: self.relevant_agents(),
            task_id: automatic.map(|task| task.id),
            queue_overflow: "无溢出",
            ivr_time: conversation.ivr.and_then(|(entered, left)| self.seconds(Some(entered), left)),
            ivr_variables: ivr_variables(conversation),
            ivr_record_urls: self.at_end(conversation.ivr_recorded.then(|| vec![self.ivr_record()])),
            ticket_numbers: note.map(|paperwork| paperwork.ticket_numbers.clone()),
            lang: "zh-cn",
            is_blocked: cast.customer.blacklisted,
            level: records.level,
            description: "",
            organization_name: &cast.customer.company,
            owner_name: cast.agents.first().map(|agent| &*agent.name),
            owner_group_name: records.owner_group_name,
            note_id: note.map(|paperwork| paperwork.note_id),
            note_content: note.map(|paperwork| paperwork.note_content),
            customer_id: records.customer_id,
            customer_token: &records.customer_token,
            customer_web_token: &records.customer_web_token,
            customer_sdk_token: &records.customer_sdk_token,
            weixin_openids: Vec::new(),
            note_custom_fields: note.map(|paperwork| paperwork.note_custom_fields.clone()),
            note_template_id: note.map(|paperwork| paperwork.note_template_id),
            note_template_name: note.map(|paperwork| paperwork.note_template_name),
            questionnaire_id: note.map(|paperwork| paperwork.questionnaire_id.clone()),
            questionnaire_contents: note.map(|paperwork| paperwork.questionnaire_contents.clone()),
            callout_tasks: self.callout_tasks(),
            occasion: self.occasion.name(),
            biz_id: None,
            customer_phone: &cast.customer.phone,
            display_number: &cast.line,
            call_start_at: times::zoneless(cast, conversation.started),
            ring_time: self.ring_time(),
            agent_tags: agent.map(|(index, _)| records.agent_tags(index)),
            created_at: times::zoneless(cast, conversation.started),
            user_group: options.user_group.then_some(UserGroup { user_group_id: None, user_group_name: None }),
        }
    }

    fn show(&self, time: Option<Duration>) -> Option<String> {
        time.map(|time| self.options.times.show(self.cast, time))
    }

    fn ended(&self) -> bool {
        self.conversation.ended.is_some()
    }

    fn at_end<T>(&self, value: Option<T>) -> Option<T> {
        value.filter(|_| self.ended())
    }

    pub(super) fn once_hung_up<T>(&self, value: Option<T>) -> Option<T> {
        value.filter(|_| self.conversation.hung_up.is_some())
    }

    /// Whether there is an agent's side in this conversation, or an outside party's in its place.
    pub(super) fn agent_leg(&self) -> Option<()> {
        let first = self.conversation.category == Category::Normal && !self.conversation.direct;
        (!first || self.desk == Desk::Rung).then_some(())
    }

    fn agent(&self) -> Option<(usize, &Agent)> {
        if self.agent_leg().is_none() && self.desk == Desk::Empty {
            return None;
        }
        self.conversation.agent.and_then(|index| Some((index, self.cast.agents.get(index)?)))
    }

    fn from(&self) -> Option<&Conversation> {
        self.conversation.from.and_then(|from| self.state.conversations.get(from))
    }

    /// The conversation's agent after those whom it came from, then those who joined: who rang in vain took no part.
    fn relevant_agents(&self) -> Vec<&str> {
        let talked = |of: &Conversation| of.agent.filter(|_| of.direct || of.agent_answer.is_some());
        let joined = self.conversation.joined.iter().filter_map(|party| match party {
            Party::Agent(agent) => Some(*agent),
            Party::Customer | Party::Outsider(_) | Party::System => None,
        });
        let mut indices: Vec<usize> = Vec::new();
        for agent in self.from().and_then(talked).into_iter().chain(talked(self.conversation)).chain(joined) {
            if !indices.contains(&agent) {
                indices.push(agent);
            }
        }
        indices.iter().filter_map(|index| self.cast.agents.get(*index)).map(|agent| &*agent.name).collect()
    }

    fn message_left(&self) -> bool {
        matches!(self.conversation.voicemail, Some((_, Some(_))))
    }

    fn record_url(&self) -> Option<String> {
        let recorded = self.cast.recorded && self.conversation.bridged.is_some();
        let id = self.records.conversation_id(self.index).to_string();
        let url = self.options.record_url.replace("{conversation_id}", &id);
        self.at_end((recorded || self.message_left()).then_some(url))
    }

    fn survey(&self) -> Option<&str> {
        let keys = self.conversation.survey.as_ref().map(|survey| &*survey.keys);
        self.at_end(self.conversation.bridged.map(|_| self.options.survey(keys)))
    }

    fn ivr_record(&self) -> IvrRecord {
        let id = self.records.ivr_record_id(self.index);
        IvrRecord { id, ivr_record_url: format!("http://127.0.0.1:9/udesk/ivr/{id}.wav") }
    }

    /// Only a task named by the script: a call of an agent need not come from one.
    fn callout_tasks(&self) -> Option<Vec<CalloutTask<'_>>> {
        let task = self.state.task.and_then(|task| self.cast.tasks.get(task))?;
        match self.workflow {
            Workflow::OutCallback | Workflow::OutDirect => Some(vec![CalloutTask { id: task.id, name: &task.name }]),
            Workflow::In | Workflow::OutAuto => None,
        }
    }

    /// An agent writes down what the customer wanted; who joined, listened or was asked does not.
    fn paperwork(&self) -> Option<Paperwork> {
        let own = owns_customer(self.conversation.category) && self.conversation.outsider.is_none();
        let due = own && self.ended() && self.conversation.bridged.is_some();
        due.then(|| self.records.paperwork(self.index, self.options))
    }
}

/// Whether the customer belongs to a conversation, rather than to the one that it grew from.
pub fn owns_customer(category: Category) -> bool {
    match category {
        Category::Normal | Category::Advanced(Advanced::Transfer | Advanced::Intercept) => true,
        Category::Advanced(
            Advanced::Consult | Advanced::Conference | Advanced::Listen | Advanced::Whisper | Advanced::Barge,
        ) => false,
    }
}

fn ivr_variables(conversation: &Conversation) -> Option<String> {
    let pairs: Vec<String> = conversation.ivr_variables.iter().map(|(name, value)| format!("{name}:{value}")).collect();
    (!pairs.is_empty()).then(|| pairs.join(","))
}
