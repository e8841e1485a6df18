//! What is known of a call at the moment of a push: which values are there already, and how they become its body.

use super::desk::Desk;
use super::fields::{CALLOUT_TASK, FIELDS, IVR_RECORD, Row, Settable};
use super::options::Options;
use super::outcome;
use super::pushes::Occasion;
use super::workflow::{Workflow, category, owns_customer};
use crate::body::{Body, Form, Leaf, Member};
use crate::call::{Agent, CallState, Cast, Category, Conversation, Moment, Party, Settled, Task};
use crate::vendors::table::object;

/// Everything that decides the body of one push.
#[derive(Debug, Clone, Copy)]
pub struct Scene<'a> {
    pub cast: &'a Cast,
    pub options: &'a Options,
    pub workflow: Workflow,
    pub desk: Desk,
    pub state: &'a CallState,
    /// The conversation that the push is about.
    pub talk: &'a Conversation,
    /// Which one of the call it is.
    pub index: usize,
    pub now: Moment,
    pub occasion: Occasion,
}

impl Scene<'_> {
    /// The body of the push.
    pub fn body(&self) -> Body {
        let member =
            |row: &Row| Member { name: row.field.name.into(), fact: row.field.fact, leaf: self.set_or_told(row) };
        Body::json(Leaf::Object(FIELDS.iter().map(member).collect()))
    }

    /// What the option `fields` sets, once the vendor can know it, or else what the call says. What is absent stays so.
    fn set_or_told(&self, row: &Row) -> Leaf {
        let is_due = match row.leaf.settable {
            None => false,
            Some(Settable::Always) => true,
            Some(Settable::WithAgent) => self.agent().is_some(),
            Some(Settable::AtEnd) => self.talk.ended.is_some(),
        };
        let set = self.options.fields.get(row.field.name).filter(|_| is_due);
        match ((row.leaf.told)(self), set) {
            (Leaf::Absent, _) => Leaf::Absent,
            (_, Some(value)) => Leaf::from(value.clone()),
            (told, None) => told,
        }
    }

    /// A time of ringing, answering or hanging up.
    pub fn at(&self, at: Option<Moment>) -> Leaf {
        at.map(|at| Leaf::time(self.cast, at, self.options.time_format.0)).into()
    }

    /// The same of the agent's side.
    pub fn agent_at(&self, at: Option<Moment>) -> Leaf {
        self.at(at.filter(|_| self.has_agent_leg()))
    }

    pub fn started(&self) -> Leaf {
        Leaf::time(self.cast, self.talk.started, Form::BEIJING)
    }

    pub fn agent_left(&self) -> Option<Moment> {
        self.talk.hung_up.and(self.talk.agent_hangup)
    }

    pub fn customer_left(&self) -> Option<Moment> {
        self.talk.hung_up.and(self.talk.customer_hangup)
    }

    /// What is known when the conversation is over.
    pub fn at_end<T: Into<Leaf>>(&self, value: Option<T>) -> Leaf {
        value.filter(|_| self.talk.ended.is_some()).into()
    }

    /// Whether there is an agent's side in this conversation, or an outside party's in its place.
    pub fn has_agent_leg(&self) -> bool {
        let is_first = self.talk.category == Category::Normal && !self.talk.direct;
        !is_first || self.desk == Desk::Rung
    }

    /// The agent, as an index into the cast.
    pub fn agent_index(&self) -> Option<usize> {
        let is_there = self.has_agent_leg() || self.desk != Desk::Empty;
        self.talk.agent.filter(|index| is_there && *index < self.cast.agents.len())
    }

    pub fn agent(&self) -> Option<&Agent> {
        self.cast.agents.get(self.agent_index()?)
    }

    /// The conversation that this one grew from.
    pub fn from(&self) -> Option<&Conversation> {
        self.talk.from.and_then(|from| self.state.conversations.get(from))
    }

    /// The conversation's agent after those whom it came from, then those who joined: who rang in vain took no part.
    pub fn relevant_agents(&self) -> Vec<&Settled> {
        let talked = |of: &Conversation| of.agent.filter(|_| of.direct || of.agent_answer.is_some());
        let joined = self.talk.joined.iter().filter_map(|party| match party {
            Party::Agent(agent) => Some(*agent),
            Party::Customer | Party::Outsider(_) | Party::System => None,
        });
        let mut indices: Vec<usize> = Vec::new();
        for agent in self.from().and_then(talked).into_iter().chain(talked(self.talk)).chain(joined) {
            if !indices.contains(&agent) {
                indices.push(agent);
            }
        }
        indices.iter().filter_map(|index| self.cast.agents.get(*index)).map(|agent| &agent.name).collect()
    }

    pub fn device(&self) -> Leaf {
        self.agent().map(|_| &self.options.device_info).into()
    }

    pub fn missed(&self) -> Leaf {
        Leaf::from(self.talk.missed.len() as u64)
    }

    pub fn mobile_area(&self) -> Leaf {
        let customer = &self.cast.customer;
        Leaf::joined_by(" ", [Leaf::from(&customer.province), Leaf::from(&customer.city)])
    }

    pub fn owner(&self) -> Leaf {
        self.cast.agents.first().map(|agent| &agent.name).into()
    }

    pub fn is_blocked(&self) -> Leaf {
        self.cast.customer.blacklisted.into()
    }

    pub fn outsider(&self) -> Leaf {
        self.talk.outsider.and_then(|index| self.cast.outsiders.get(index)).map(|outsider| &outsider.phone).into()
    }

    pub fn category(&self) -> Leaf {
        category(self.talk.category, self.talk.outsider.is_some()).into()
    }

    pub fn call_result(&self) -> Leaf {
        self.talk.hung_up.map(|_| outcome::call_result(self.workflow, self.talk, self.desk)).into()
    }

    pub fn drop_side(&self) -> Leaf {
        self.talk.dropped_by.map(outcome::drop_side).into()
    }

    pub fn defeat_cause(&self) -> Leaf {
        let is_told = self.options.defeat_cause && self.talk.hung_up.is_some();
        outcome::defeat_cause(self.workflow, self.talk).filter(|_| is_told).into()
    }

    pub fn is_message_left(&self) -> bool {
        matches!(self.talk.voicemail, Some((_, Some(_))))
    }

    pub fn record_url(&self) -> Leaf {
        let is_recorded = self.cast.recorded && self.talk.bridged.is_some();
        let url = || {
            let mut parts = self.options.record_url.split("{conversation_id}").map(|part| Leaf::from(part.to_owned()));
            let first = parts.next();
            Leaf::joined(first.into_iter().chain(parts.flat_map(|part| [self.conversation_id(), part])))
        };
        self.at_end((is_recorded || self.is_message_left()).then(url))
    }

    pub fn survey(&self) -> Leaf {
        let keys = self.talk.survey.as_ref().map(|survey| &*survey.keys);
        self.at_end(self.talk.bridged.map(|_| self.options.survey_names.name(keys).to_owned()))
    }

    pub fn ivr_variables(&self) -> Leaf {
        let pairs: Vec<_> = self.talk.ivr_variables.iter().map(|(name, value)| format!("{name}:{value}")).collect();
        (!pairs.is_empty()).then(|| pairs.join(",")).into()
    }

    pub fn ivr_records(&self) -> Leaf {
        self.at_end(self.talk.ivr_recorded.then(|| vec![object(IVR_RECORD, &self.ivr_record_id())]))
    }

    /// The task of an automatic call.
    pub fn task(&self) -> Option<&Task> {
        let only = || (self.cast.tasks.len() == 1).then_some(0);
        let task = self.state.task.or_else(only)?;
        self.cast.tasks.get(task).filter(|_| self.workflow == Workflow::OutAuto)
    }

    /// Only a task named by the script: a call of an agent need not come from one.
    pub fn manual_tasks(&self) -> Leaf {
        let is_manual = matches!(self.workflow, Workflow::OutCallback | Workflow::OutDirect);
        let task = self.state.task.and_then(|task| self.cast.tasks.get(task)).filter(|_| is_manual);
        task.map(|task| vec![object(CALLOUT_TASK, task)]).into()
    }

    /// What an agent writes down of what the customer wanted; who joined, listened or was asked does not.
    pub fn noted(&self, leaf: impl FnOnce(&Self) -> Leaf) -> Leaf {
        let is_own = owns_customer(self.talk.category) && self.talk.outsider.is_none();
        let is_due = is_own && self.talk.bridged.is_some() && self.talk.ended.is_some();
        is_due.then(|| leaf(self)).into()
    }

    /// What the group's fields say where they are sent: no page tells where a group comes from.
    pub fn group(&self) -> Leaf {
        if self.options.user_group { Leaf::Null } else { Leaf::Absent }
    }
}
