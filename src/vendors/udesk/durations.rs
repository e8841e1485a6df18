//! How long ringing, queueing and talking took: always the difference of two times as the same body shows them.

use super::body::Telling;
use super::occasion::{Occasion, Workflow};
use super::options::Options;
use crate::call::{Advanced, Category, Conversation};
use std::time::Duration;

impl Telling<'_> {
    /// From the customer's answer to the customer's hang-up; where the customer takes no part, of the agent's side.
    pub(super) fn total_time(&self) -> Option<i64> {
        let Conversation { customer_answer, customer_hangup, agent_answer, agent_hangup, .. } = *self.conversation;
        let of_customer = self.seconds(customer_answer, customer_hangup);
        let consulted = self.conversation.category == Category::Advanced(Advanced::Consult);
        let of_agent = self.seconds(agent_answer, agent_hangup).filter(|_| consulted);
        Some(of_customer.or(of_agent).unwrap_or(0))
    }

    /// How long the side rang whose answer makes the call: the customer's where the platform or an agent dials.
    pub(super) fn ring_time(&self) -> Option<i64> {
        let Conversation { customer_ring, customer_answer, customer_hangup, .. } = *self.conversation;
        let Conversation { agent_ring, agent_answer, agent_hangup, .. } = *self.conversation;
        let customers = self.workflow != Workflow::In && self.conversation.category == Category::Normal;
        if customers && customer_ring.is_some() {
            return self.seconds(customer_ring, customer_answer.or(self.once_hung_up(customer_hangup)));
        }
        if customers && self.conversation.hung_up.is_none() {
            return None;
        }
        self.agent_leg()?;
        self.seconds(agent_ring, agent_answer.or(self.once_hung_up(agent_hangup)))
    }

    /// When the customer left the queue: to an agent, to leave a message, or for good.
    fn left_queue(&self) -> Option<Duration> {
        let to_voicemail = self.conversation.voicemail.map(|(started, _)| started);
        [self.conversation.dequeued, to_voicemail].into_iter().flatten().min()
    }

    pub(super) fn queue_statue(&self) -> Option<&str> {
        let Options { queue_waiting, queue_answered, queue_abandoned, .. } = self.options;
        let word = match (self.conversation.agent_answer, self.left_queue()) {
            (Some(_), _) => queue_answered,
            (None, Some(_)) => queue_abandoned,
            (None, None) => queue_waiting,
        };
        self.since_queued().map(|_| &**word)
    }

    pub(super) fn queue_time(&self) -> Option<i64> {
        self.seconds(self.since_queued(), Some(self.left_queue().unwrap_or(self.now)))
    }

    /// When the customer entered the queue; the push about just that says nothing of the queue yet.
    fn since_queued(&self) -> Option<Duration> {
        self.conversation.queued.filter(|_| self.occasion != Occasion::EnqueueSucc)
    }

    /// The difference of two times as shown.
    pub(super) fn seconds(&self, from: Option<Duration>, to: Option<Duration>) -> Option<i64> {
        Some(self.cast.seconds_between(from?, to?))
    }
}
