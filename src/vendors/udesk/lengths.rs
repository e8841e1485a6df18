//! How long ringing, queueing and talking took: always the difference of two times as the same body shows them.

use super::pushes::Occasion;
use super::scene::Scene;
use super::workflow::Workflow;
use crate::body::Leaf;
use crate::call::{Advanced, Category, Conversation, Moment};

impl Scene<'_> {
    /// From the customer's answer to the customer's hang-up; where the customer takes no part, of the agent's side.
    pub fn total_time(&self) -> Leaf {
        let Conversation { customer_answer, customer_hangup, agent_answer, agent_hangup, .. } = *self.talk;
        let of_customer = self.seconds(customer_answer, customer_hangup);
        let is_consulted = self.talk.category == Category::Advanced(Advanced::Consult);
        let of_agent = self.seconds(agent_answer, agent_hangup).filter(|_| is_consulted);
        self.at_end(of_customer.or(of_agent).or(Some(Leaf::from(0_u64))))
    }

    /// How long the side rang whose answer makes the call: the customer's where the platform or an agent dials.
    pub fn ring_time(&self) -> Leaf {
        let Conversation { customer_ring, customer_answer, agent_ring, agent_answer, .. } = *self.talk;
        let customers = self.workflow != Workflow::In && self.talk.category == Category::Normal;
        if customers && customer_ring.is_some() {
            return self.seconds(customer_ring, customer_answer.or(self.customer_left())).into();
        }
        let rings = self.has_agent_leg() && (!customers || self.talk.hung_up.is_some());
        self.seconds(agent_ring.filter(|_| rings), agent_answer.or(self.agent_left())).into()
    }

    /// When the customer left the queue: to an agent, to leave a message, or for good.
    fn left_queue(&self) -> Option<Moment> {
        let to_voicemail = self.talk.voicemail.map(|(started, _)| started);
        [self.talk.dequeued, to_voicemail].into_iter().flatten().min()
    }

    /// How the queueing stands.
    pub fn queue_statue(&self) -> Leaf {
        let word = match (self.talk.agent_answer, self.left_queue()) {
            (Some(_), _) => &self.options.queue_statue_answered,
            (None, Some(_)) => &self.options.queue_statue_abandoned,
            (None, None) => &self.options.queue_statue_waiting,
        };
        self.queued().map(|_| word).into()
    }

    /// How long the customer has been in the queue.
    pub fn queue_time(&self) -> Leaf {
        self.seconds(self.queued(), self.left_queue().or(Some(self.now))).into()
    }

    /// When the customer entered the queue; the push about just that says nothing of the queue yet.
    fn queued(&self) -> Option<Moment> {
        self.talk.queued.filter(|_| self.occasion != Occasion::EnqueueSucc)
    }

    pub fn ivr_time(&self) -> Leaf {
        self.talk.ivr.and_then(|(entered, left)| self.seconds(Some(entered), left)).into()
    }

    /// The difference of two times as shown.
    fn seconds(&self, from: Option<Moment>, to: Option<Moment>) -> Option<Leaf> {
        Some(Leaf::seconds(self.cast, from?, to?))
    }
}
