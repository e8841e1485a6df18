//! What follows from an outcome beyond the delivery itself: copies that may leave, an address that is given up.

use super::Engine;
use super::slot::State;
use crate::event::RunEvent;
use crate::faults::Leaves;
use std::time::Duration;

impl Engine {
    /// Lets the copies go that wait for the acknowledgement of this delivery.
    pub(super) fn release_stale(&mut self, number: usize, now: Duration) -> Vec<RunEvent> {
        let (delivery, target) = self.parts(number);
        let copies: Vec<usize> = self
            .stale
            .iter()
            .filter(|(to, original, _)| *to == target && *original == delivery.number && !self.stopped)
            .map(|(_, _, copy)| *copy)
            .collect();
        let nominal = self.slots[number].nominal;
        let release = |copy: usize| {
            let (delivery, _) = self.parts(copy);
            let Leaves::OnceAcknowledged { after, .. } = delivery.planned.leaves else { return None };
            Some((copy, now.saturating_add(after), nominal.saturating_add(after)))
        };
        let released: Vec<_> = copies.into_iter().filter_map(release).collect();
        let mut events = Vec::new();
        for (copy, due, nominal) in released {
            let (delivery, _) = self.parts(copy);
            self.slots[copy].state = State::Waiting;
            self.slots[copy].nominal = nominal;
            self.due.insert((due, self.slots[copy].order, target, copy));
            let (why, faults) = (delivery.why.clone(), delivery.bent().to_vec());
            events.push(RunEvent::Planned { delivery: self.name(copy), offset: due, why, faults });
        }
        events
    }

    /// Takes everything back that has not left for a target.
    pub(super) fn disable(&mut self, target: usize) -> RunEvent {
        self.due.retain(|(_, _, to, _)| *to != target);
        let mut untried = 0;
        for slot in self.slots.iter_mut().filter(|slot| slot.target == target) {
            if matches!(slot.state, State::Waiting | State::Held) {
                untried += u64::from(slot.attempts == 0);
                slot.state = State::Disabled;
            }
        }
        RunEvent::Disabled {
            story: self.story(),
            url: self.plan.targets[target].to_string(),
            failures: self.targets[target].failures,
            untried,
        }
    }
}
