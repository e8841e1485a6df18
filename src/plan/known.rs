//! The named values of a plan: what its vendor's fields carry, and who takes part. Pure.

use super::{Delivery, Plan};
use crate::body::Leaf;
use crate::call::Fact;
use crate::contract::Known;

impl Plan {
    /// The named values that this story sends, with those of its cast. A name stands for the same thing whatever the
    /// vendor calls it; `call.id` is what the vendor's pushes carry as the id of the call.
    pub fn known(&self) -> Known {
        known_of(&self.named())
    }

    /// The same as what each value is made of, in the order in which they are named.
    pub fn named(&self) -> Vec<(Fact, Leaf)> {
        let mut numbers: Vec<u32> = self.deliveries.iter().map(|delivery| delivery.original()).collect();
        numbers.sort_unstable();
        numbers.dedup();
        self.named_in(&numbers)
    }

    /// The values with the pushes in this order of their numbers.
    pub(super) fn known_in(&self, numbers: &[u32]) -> Known {
        known_of(&self.named_in(numbers))
    }

    fn named_in(&self, numbers: &[u32]) -> Vec<(Fact, Leaf)> {
        let mut found = self.cast_leaves();
        let place = |delivery: &&Delivery| numbers.iter().position(|number| *number == delivery.original());
        let mut originals: Vec<_> = self.deliveries.iter().collect();
        originals.sort_by_key(place);
        let pushed = originals.iter().filter_map(|delivery| delivery.request.fields());
        let recorded = self.records.iter().map(|planned| planned.record.content.clone());
        for content in pushed.chain(recorded) {
            content.each_fact(None, &mut |fact, leaf| {
                let is_there = !matches!(leaf, Leaf::Null | Leaf::Flag(_));
                found.extend(fact.filter(|_| is_there).map(|fact| (fact, leaf.clone())));
            });
        }
        for delivery in originals {
            // A vendor's own log may know the call of a push whose fields a scenario has renamed.
            let conversation = delivery.request.filed.conversation.clone();
            found.push((Fact::CallId, conversation.into()));
            found.extend(delivery.request.event_id.clone().map(|id| (Fact::PushId, id.into())));
        }
        found.retain(|(fact, _)| fact.identifies());
        found
    }

    /// What the cast knows.
    pub(super) fn cast_leaves(&self) -> Vec<(Fact, Leaf)> {
        let cast = &self.cast;
        let mut values = vec![
            (Fact::CustomerPhone, Leaf::from(&cast.customer.phone)),
            (Fact::CustomerName, Leaf::from(&cast.customer.name)),
            (Fact::CustomerCompany, Leaf::from(&cast.customer.company)),
            (Fact::LineNumber, Leaf::from(&cast.line)),
        ];
        for agent in &cast.agents {
            values.push((Fact::AgentNumber, Leaf::from(&agent.number)));
            values.push((Fact::AgentName, Leaf::from(&agent.name)));
            values.push((Fact::AgentPhone, Leaf::from(&agent.phone)));
            values.push((Fact::AgentEmail, Leaf::from(&agent.email)));
        }
        values.extend(cast.outsiders.iter().map(|outsider| (Fact::OutsiderPhone, Leaf::from(&outsider.phone))));
        for queue in &cast.queues {
            values.push((Fact::QueueNumber, Leaf::from(&queue.number)));
            values.push((Fact::QueueName, Leaf::from(&queue.name)));
        }
        for task in &cast.tasks {
            values.push((Fact::TaskId, Leaf::from(&task.id)));
            values.push((Fact::TaskName, Leaf::from(&task.name)));
        }
        values.extend(cast.notifications.iter().map(|task| (Fact::NotificationId, Leaf::from(&task.id))));
        values
    }
}

/// The values that are made of these.
pub fn known_of(named: &[(Fact, Leaf)]) -> Known {
    let mut known = Known::default();
    for fact in Fact::ALL.iter().filter(|fact| fact.identifies()) {
        for (_, leaf) in named.iter().filter(|(named, _)| named == fact) {
            known.add(fact.as_str(), leaf.text());
        }
    }
    known
}
