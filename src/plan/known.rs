//! The named values of a plan: what its vendor's fields carry, and who takes part. Pure.

use super::{Delivery, Plan};
use crate::contract::Known;
use crate::vendors::Meaning;
use serde_json::Value;

impl Plan {
    /// The named values that this story sends, with those of its cast. A name stands for the same thing whatever the
    /// vendor calls it; `call.id` is what the vendor's pushes carry as the id of the call.
    pub fn known(&self) -> Known {
        let mut numbers: Vec<u32> = self.deliveries.iter().map(|delivery| delivery.original()).collect();
        numbers.sort_unstable();
        numbers.dedup();
        self.known_in(&numbers)
    }

    /// The same, with the pushes in this order of their numbers.
    pub(super) fn known_in(&self, numbers: &[u32]) -> Known {
        let mut found = self.cast_values();
        let place = |delivery: &&Delivery| numbers.iter().position(|number| *number == delivery.original());
        let mut originals: Vec<_> = self.deliveries.iter().collect();
        originals.sort_by_key(place);
        let pushed = originals.iter().filter_map(|delivery| delivery.request.content());
        let recorded = self.records.iter().map(|planned| planned.record.content.clone());
        for content in pushed.chain(recorded) {
            leaves(&content, "", &mut |path, value| {
                let meaning = self.vendor.meanings().iter().find(|(field, _)| *field == path);
                found.extend(meaning.map(|(_, meaning)| (*meaning, value)));
            });
        }
        for delivery in originals {
            // A vendor's own log may know the call of a push whose fields a scenario has renamed.
            let conversation = delivery.request.filed.conversation.clone();
            found.push((Meaning::CallId, conversation));
            found.extend(delivery.request.event_id.clone().map(|id| (Meaning::PushId, id)));
        }
        let mut known = Known::default();
        for (meaning, name) in Meaning::ALL.into_iter().filter(|(meaning, _)| meaning.identifies()) {
            for (_, value) in found.iter().filter(|(found, _)| *found == meaning) {
                known.add(name, value.clone());
            }
        }
        known
    }

    fn cast_values(&self) -> Vec<(Meaning, String)> {
        let cast = &self.cast;
        let mut values = vec![
            (Meaning::CustomerPhone, cast.customer.phone.clone()),
            (Meaning::CustomerName, cast.customer.name.clone()),
            (Meaning::CustomerCompany, cast.customer.company.clone()),
            (Meaning::LineNumber, cast.line.clone()),
        ];
        for agent in &cast.agents {
            values.push((Meaning::AgentNumber, agent.number.clone()));
            values.push((Meaning::AgentName, agent.name.clone()));
            values.push((Meaning::AgentPhone, agent.phone.clone()));
            values.push((Meaning::AgentEmail, agent.email.clone()));
        }
        values.extend(cast.outsiders.iter().map(|outsider| (Meaning::OutsiderPhone, outsider.phone.clone())));
        for queue in &cast.queues {
            values.push((Meaning::QueueNumber, queue.number.clone()));
            values.push((Meaning::QueueName, queue.name.clone()));
        }
        for task in &cast.tasks {
            values.push((Meaning::TaskId, task.id.to_string()));
            values.push((Meaning::TaskName, task.name.clone()));
        }
        values.extend(cast.notifications.iter().map(|task| (Meaning::NotificationId, task.id.clone())));
        values
    }
}

/// Visits every text and number with the path of its keys; positions in lists are no part of it.
fn leaves(value: &Value, path: &str, visit: &mut dyn FnMut(&str, String)) {
    match value {
        Value::Object(object) => {
            for (key, value) in object {
                let inner = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
                leaves(value, &inner, visit);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| leaves(item, path, visit)),
        Value::String(text) => visit(path, text.clone()),
        Value::Number(number) => visit(path, number.to_string()),
        Value::Null | Value::Bool(_) => {}
    }
}
