//! What is known when the record of a conversation is written, and the formulas behind its times.

use super::callee::Callee;
use super::cdr_table::CDR;
use super::outcome::Status;
use super::recording::Recording;
use super::tenant::{Call, Tenant};
use crate::body::{Form, Leaf};
use crate::call::{Cause, Conversation, Customer, Kind, Moment, Queue, Settled};
use crate::http::Push;
use crate::vendors::table::object;

/// What is known when the record of a conversation is written. What does not apply is `""` or 0, never null.
pub struct Cdr<'a> {
    pub tenant: &'a Tenant<'a>,
    /// The id of the push.
    pub id: Leaf,
    pub call: &'a Call,
    /// The call that the customer was handed on from.
    pub relative: Option<&'a Call>,
    /// The conversation, which is over.
    pub talk: &'a Conversation,
    /// The agent whose phone rang last.
    pub callee: &'a Callee,
    /// The dialling task, as an index into the cast.
    pub task: Option<usize>,
    pub recording: Recording,
}

impl Cdr<'_> {
    /// The push, some time after the end of the call.
    pub fn push(&self) -> Push {
        let push = self.tenant.push("cdr", &self.id, object(CDR, self));
        Push { after: self.tenant.options.cdr_delay, ..push }
    }

    /// A moment; empty where there is none.
    pub fn at(&self, at: Option<Moment>) -> Leaf {
        Leaf::time_or_empty(self.tenant.cast, at, Form::BEIJING)
    }

    /// The seconds between two moments; 0 where one of them is missing.
    pub fn seconds(&self, span: Option<(Moment, Moment)>) -> Leaf {
        span.map_or(Leaf::from(0_i64), |(from, to)| Leaf::seconds(self.tenant.cast, from, to))
    }

    /// How it ended.
    pub fn status(&self) -> Status {
        Status::of(self.talk, self.tenant.kind)
    }

    /// Why it failed.
    pub fn failure(&self) -> Option<Cause> {
        self.status().failure(self.talk)
    }

    pub fn customer(&self) -> &Customer {
        &self.tenant.cast.customer
    }

    /// The id of something of the centre's; empty where it is not there.
    pub fn object(&self, is_there: bool, purpose: &'static str) -> Leaf {
        if is_there { self.tenant.object(purpose, 0) } else { Leaf::EMPTY }
    }

    /// When the first side hung up.
    pub fn hung_up(&self) -> Option<Moment> {
        self.talk.hung_up.or(self.talk.ended)
    }

    /// When the survey began.
    pub fn asked(&self) -> Option<Moment> {
        self.talk.survey.as_ref().map(|survey| survey.started)
    }

    /// When the survey was answered.
    pub fn answered(&self) -> Option<Moment> {
        self.talk.survey.as_ref()?.ended
    }

    /// When everything was over.
    pub fn ended(&self) -> Option<Moment> {
        self.answered().or(self.hung_up())
    }

    /// When the record is saved.
    pub fn saved(&self) -> Option<Moment> {
        self.ended().map(|ended| ended + self.tenant.options.cdr_delay)
    }

    /// When the platform called the customer, and when the customer answered: it did only in the first conversation of a
    /// call that it placed.
    pub fn dialled(&self) -> [Option<Moment>; 2] {
        let is_dialled = self.tenant.kind != Kind::Inbound && self.talk.from.is_none();
        [self.talk.customer_ring, self.talk.customer_answer].map(|at| at.filter(|_| is_dialled))
    }

    /// When the first line was answered, or the platform picked up the customer's.
    pub fn first_answer(&self) -> Option<Moment> {
        earlier(self.talk.agent_answer, self.talk.customer_answer)
    }

    /// How long the customer waited. A caller who leaves a message no longer waits.
    pub fn wait(&self) -> Option<(Moment, Moment)> {
        let message = self.talk.voicemail.map(|(started, _)| started);
        self.talk.queued.zip(earlier(self.talk.dequeued, message))
    }

    /// A text of the queue; empty where there was none.
    pub fn queue(&self, text: fn(&Queue) -> &Settled) -> Leaf {
        let queue = self.talk.queued.and_then(|_| self.tenant.cast.queues.get(self.talk.queue.unwrap_or(0)));
        Leaf::from(queue.map(text)).or_empty()
    }

    /// The dialling task; a predictive call always has one.
    pub fn task_id(&self) -> Leaf {
        let first = (self.tenant.kind == Kind::Predictive).then_some(0);
        let task = self.task.or(first).and_then(|task| self.tenant.cast.tasks.get(task));
        Leaf::from(task.map(|task| &task.id)).or_empty()
    }

    /// The name of the voice menu; empty where the customer was in none.
    pub fn menu(&self) -> Leaf {
        match (self.talk.ivr, &self.talk.ivr_name) {
            (Some(_), Some(name)) => name.into(),
            (Some(_), None) => "主菜单".into(),
            (None, _) => Leaf::EMPTY,
        }
    }

    /// The answers to the survey: a key sequence ends with #, and every sequence is one.
    pub fn keys(&self) -> Leaf {
        let keys = self.talk.survey.iter().flat_map(|survey| survey.keys.split('#'));
        Leaf::List(keys.filter(|keys| !keys.is_empty()).map(|keys| keys.to_owned().into()).collect())
    }
}

fn earlier(one: Option<Moment>, other: Option<Moment>) -> Option<Moment> {
    one.into_iter().chain(other).min()
}
