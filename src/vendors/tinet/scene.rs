//! What is known at the moment of a push: the call, its customer's way through it, and what the push is about.

use super::known::Known;
use super::outcome;
use super::states::Act;
use super::topic::Topic;
use crate::body::{Form, Leaf};
use crate::call::{Agent, CallState, Conversation, LoginDevice, Moment, Party, Recognition, Task};
use std::time::Duration;

/// What is known at the moment of a push: what its variables are made of.
pub struct Scene<'s> {
    pub known: &'s Known<'s>,
    pub task: Option<usize>,
    pub topic: Topic,
    pub now: Moment,
    pub told: Told<'s>,
    /// The conversations that the customer was in, in order.
    pub chain: Vec<&'s Conversation>,
}

/// What a push tells besides the call itself.
#[derive(Debug, Clone, Default)]
pub struct Told<'t> {
    pub event: Option<&'static str>,
    /// Whose leg it is about.
    pub party: Option<Party>,
    /// When a phone began to ring: for a customer out of this queue, who is handed on by this agent.
    pub rang: Option<Moment>,
    pub queue: Option<usize>,
    pub transferring: Option<usize>,
    /// `detailCallType` of a leg on which agent and customer are connected.
    pub detail: Option<&'static str>,
    pub answered: Option<Moment>,
    pub started: Option<Moment>,
    pub ended: Option<Moment>,
    /// The node of the voice menu.
    pub node: Option<String>,
    pub keys: Option<String>,
    /// What was said, as far as the script gives it.
    pub text: Option<&'t str>,
    /// How often a robot had understood the customer before.
    pub nth: u64,
    pub recognition: Option<&'t Recognition>,
    pub agent: Option<AgentTold<'t>>,
}

/// What is told of an agent's state.
#[derive(Debug, Clone)]
pub struct AgentTold<'t> {
    /// The agent, as an index into the cast.
    pub agent: usize,
    /// What led to the state.
    pub act: Act,
    /// The device at which the agent takes calls.
    pub device: LoginDevice,
    /// When.
    pub at: Moment,
    /// Why the agent is paused, where the script says.
    pub reason: Option<&'t str>,
    /// How long the wrap-up lasts.
    pub wrap_up: Duration,
    /// Whether the agent has a line in the call, so that its fields are sent along.
    pub is_on_call: bool,
}

impl<'t> Told<'t> {
    /// The call as its customer's leg knows it.
    pub fn customer(event: &'static str) -> Self {
        Self { event: Some(event), party: Some(Party::Customer), ..Self::default() }
    }

    /// An agent of the call, with the agent's leg.
    pub fn agent(event: &'static str, agent: usize) -> Self {
        Self { event: Some(event), party: Some(Party::Agent(agent)), ..Self::default() }
    }
}

impl<'s> Scene<'s> {
    /// What is known with the conversations up to the one that the customer is in.
    pub fn new(known: &'s Known<'s>, topic: Topic, told: Told<'s>, now: Moment, state: &'s CallState) -> Self {
        let step = |index: &usize| state.conversations.get(*index).and_then(|conversation| conversation.from);
        let all = std::iter::successors(Some(known.current), step);
        let mut chain: Vec<&Conversation> = all.filter_map(|index| state.conversations.get(index)).collect();
        chain.reverse();
        Self { known, task: state.task, topic, now, told, chain }
    }

    /// Seconds since 1970; absent where there is no such moment.
    pub fn second(&self, at: Option<Moment>) -> Leaf {
        at.map_or(Leaf::Absent, |at| Leaf::time(self.known.cast, at, Form::Seconds))
    }

    /// What every push about the call knows.
    pub fn of_call(&self, leaf: impl FnOnce(&Known<'_>) -> Leaf) -> Leaf {
        if self.told.agent.is_some() { Leaf::Absent } else { leaf(self.known) }
    }

    /// The same, known of agents on a call, too.
    pub fn on_call(&self, leaf: fn(&Known<'_>) -> Leaf) -> Leaf {
        if self.told.agent.as_ref().is_some_and(|told| !told.is_on_call) { Leaf::Absent } else { leaf(self.known) }
    }

    /// What only pushes about an agent's state know.
    pub fn of_status<L: Into<Leaf>>(&self, leaf: impl FnOnce(&AgentTold<'_>) -> L) -> Leaf {
        self.told.agent.as_ref().map_or(Leaf::Absent, |told| leaf(told).into())
    }

    /// What is told of an agent who is paused, by the reason that the script names.
    pub fn of_pause(&self, leaf: impl FnOnce(Option<&str>) -> Leaf) -> Leaf {
        self.told.agent.as_ref().filter(|told| told.act == Act::Pause).map_or(Leaf::Absent, |told| leaf(told.reason))
    }

    /// What only pushes of one topic know.
    pub fn on<L: Into<Leaf>>(&self, topic: Topic, leaf: impl FnOnce() -> L) -> Leaf {
        if self.topic == topic { leaf().into() } else { Leaf::Absent }
    }

    /// `taskStatus` and its like: one of these words, by whether the task has ended.
    pub fn of_task(&self, running: &'static str, ended: &'static str) -> Leaf {
        self.on(Topic::Task, || if self.told.ended.is_some() { ended } else { running })
    }

    /// How many numbers of the task: it has one, of which nothing is known until it has ended.
    pub fn count(&self, is: fn(outcome::Facts) -> bool) -> Leaf {
        self.of_task("0", if is(self.facts()) { "1" } else { "0" })
    }

    /// The dialling task.
    pub fn task(&self) -> Option<&'s Task> {
        self.known.cast.tasks.get(self.task?)
    }

    /// The agent whose leg it is.
    pub fn agent_on_leg(&self) -> Option<&'s Agent> {
        let Some(Party::Agent(agent)) = self.told.party else { return None };
        self.known.cast.agents.get(agent)
    }

    /// The agent whom it is about.
    pub fn agent_told(&self) -> Option<&'s Agent> {
        match &self.told.agent {
            Some(told) => self.known.cast.agents.get(told.agent),
            None => self.agent_on_leg(),
        }
    }

    /// `uniqueId`.
    pub fn leg_id(&self) -> Leaf {
        let legs = &self.known.legs;
        match (&self.told.agent, self.told.party) {
            (Some(told), _) if told.is_on_call => legs.id_of(Party::Agent(told.agent)),
            (_, Some(party)) => legs.id_of(party),
            (_, None) => self.on(Topic::Transcript, || self.recorded_leg().or_empty()),
        }
    }
}

/// A value, or no key.
pub fn known(value: Option<impl Into<Leaf>>) -> Leaf {
    Leaf::from(value).or_absent()
}
