//! What is done to the due queue by hand while it is worked off: pushes dropped, repeated, swapped, delayed, refused, or
//! planned anew. Each says why where it cannot be done.

use super::slot::{Slot, State};
use super::{Engine, SlotId};
use crate::event::RunEvent;
use crate::faults::connection::Refuse;
use crate::faults::{Bent, ConnectionFault, Fate};
use crate::plan::{Delivery, Plan};
use crate::random::Keyed;
use std::sync::Arc;
use std::time::Duration;

/// What bends a push by hand, in its evidence.
const BY_HAND: &str = "by hand";
/// The most pushes that are repeated by hand in one run.
pub const REPEATED_MAX: usize = 1_000;

impl Engine {
    /// Whether anything is left that has not left, and when the first of it is due.
    pub fn next_due(&self) -> Option<Duration> {
        self.due.first().map(|(offset, ..)| *offset)
    }

    /// The next push never leaves.
    ///
    /// # Errors
    /// Where none waits.
    pub fn drop_next(&mut self) -> Result<Vec<RunEvent>, String> {
        let number = self.next_unsent().ok_or("no push waits that could be dropped")?;
        let offset = self.slots[number].delivery.offset;
        self.bend(number, "drop", BY_HAND.to_owned());
        self.unqueue(number);
        self.slots[number].state = State::Absent;
        self.chain();
        let faults = self.slots[number].delivery.bent().to_vec();
        Ok(vec![RunEvent::Dropped { delivery: self.name(number), offset, faults }])
    }

    /// The push that left last leaves once more, now.
    ///
    /// # Errors
    /// Where none has left yet, or too many were repeated.
    pub fn duplicate_last(&mut self, now: Duration) -> Result<Vec<RunEvent>, String> {
        let last = self.last.ok_or("no push has left yet that could be repeated")?;
        if self.slots.iter().filter(|slot| slot.is_by_hand && slot.delivery.planned.is_loose).count() >= REPEATED_MAX {
            return Err(format!("{REPEATED_MAX} pushes were repeated by hand already"));
        }
        let Slot { delivery, order, target, .. } = &self.slots[last];
        let (order, target) = (*order, *target);
        let mut copy = Delivery::clone(delivery);
        copy.planned.original = copy.original();
        copy.number = self.slots.iter().map(|slot| slot.delivery.number).max().unwrap_or_default().saturating_add(1);
        copy.offset = now;
        copy.planned.is_loose = true;
        copy.planned.bent.push(Bent::by_hand("duplicate", BY_HAND));
        let number = self.slots.len();
        self.add(Arc::new(copy), order, target);
        self.slots[number].is_by_hand = true;
        Ok(vec![self.planned(number)])
    }

    /// The next two pushes to one target change places.
    ///
    /// # Errors
    /// Where fewer than two wait.
    pub fn swap_next(&mut self) -> Result<Vec<RunEvent>, String> {
        let first = self.next_unsent().ok_or("no push waits that could be swapped")?;
        let second = self.unsent().filter(|number| self.slots[*number].target == self.slots[first].target).nth(1);
        let second = second.ok_or("only one push waits, and two are needed to change places")?;
        let (earlier, later) = (self.slots[first].delivery.offset, self.slots[second].delivery.offset);
        let (before, after) = (self.slots[first].order, self.slots[second].order);
        for (number, offset, order) in [(first, later, after), (second, earlier, before)] {
            self.bend(number, "reorder", BY_HAND.to_owned());
            self.slots[number].order = order;
            self.put_at(number, offset);
        }
        self.chain();
        Ok(Vec::new())
    }

    /// The next push leaves so much later, and whatever waits for it.
    ///
    /// # Errors
    /// Where none waits.
    pub fn delay_next(&mut self, by: Duration) -> Result<Vec<RunEvent>, String> {
        let number = self.next_unsent().ok_or("no push waits that could be delayed")?;
        self.bend(number, "delay", format!("{BY_HAND}, by {}", crate::duration::text(by)));
        let offset = self.slots[number].delivery.offset.saturating_add(by);
        self.put_at(number, offset);
        self.chain();
        Ok(Vec::new())
    }

    /// Until this moment no attempt gets a connection.
    pub fn refuse_until(&mut self, moment: Duration) {
        self.refused_until = moment;
    }

    /// Takes up another plan: what has left stays, what waits and is not in it any more is withdrawn, what is new joins.
    ///
    /// # Errors
    /// Where something has left that the plan would have told otherwise.
    pub fn replan(&mut self, plan: Arc<Plan>) -> Result<Vec<RunEvent>, String> {
        let own = |slot: &Slot| !(slot.is_by_hand && slot.delivery.planned.is_loose);
        let stays = |slot: &Slot| {
            let same = plan.deliveries.iter().find(|delivery| delivery.number == slot.delivery.number);
            same.is_some_and(|new| {
                let same_push = new.push == slot.delivery.push;
                same_push
                    && (slot.is_by_hand || (new.request == slot.delivery.request && new.offset == slot.delivery.offset))
            })
        };
        let is_waiting = |slot: &Slot| slot.attempts == 0 && matches!(slot.state, State::Waiting | State::Held);
        if let Some(sent) = self.slots.iter().find(|slot| own(slot) && slot.attempts > 0 && !stays(slot)) {
            return Err(format!("{} has left already, and this would have changed it", sent.delivery.push));
        }
        let mut events = Vec::new();
        let withdrawn: Vec<SlotId> = (0..self.slots.len())
            .filter(|number| {
                own(&self.slots[*number]) && is_waiting(&self.slots[*number]) && !stays(&self.slots[*number])
            })
            .collect();
        for number in withdrawn {
            self.unqueue(number);
            self.slots[number].state = State::Withdrawn;
            events.push(RunEvent::Withdrawn { delivery: self.name(number) });
        }
        self.plan = Arc::clone(&plan);
        for target in 0..plan.targets.len() {
            for (order, delivery) in plan.deliveries.iter().enumerate() {
                let known = self.slots.iter().any(|slot| {
                    own(slot)
                        && slot.target == target
                        && slot.delivery.number == delivery.number
                        && slot.state != State::Withdrawn
                });
                if !known && plan.reaches(delivery, target as u32 + 1) {
                    let number = self.slots.len();
                    self.add(Arc::new(delivery.clone()), order, target);
                    events.push(self.planned(number));
                }
            }
        }
        self.chain();
        Ok(events)
    }

    /// Bends an attempt that leaves while attempts are refused.
    pub(super) fn refuse(&self, fate: &mut Fate, now: Duration) {
        if now < self.refused_until {
            let refuse = ConnectionFault::Refuse(Refuse);
            // Nothing is drawn for it, and what bends the connection otherwise has no connection to bend.
            fate.connection = Default::default();
            let mut draws = Keyed::new(0, "by hand", 1).nth("refuse", 0);
            if refuse.bend(&mut fate.connection, &mut draws).is_ok() {
                let bent = Bent::by_hand(refuse.name(), BY_HAND);
                fate.bent.push(Bent { spoils: true, ..bent });
            }
        }
    }

    /// What has never left and waits, in the order in which it would.
    fn unsent(&self) -> impl Iterator<Item = SlotId> {
        let mut waiting: Vec<SlotId> = (0..self.slots.len())
            .filter(|number| {
                let slot = &self.slots[*number];
                slot.attempts == 0 && matches!(slot.state, State::Waiting | State::Held)
            })
            .collect();
        waiting.sort_by_key(|number| {
            let slot = &self.slots[*number];
            (slot.delivery.offset, slot.order, slot.target)
        });
        waiting.into_iter()
    }

    fn next_unsent(&self) -> Option<SlotId> {
        self.unsent().next()
    }

    fn bend(&mut self, number: SlotId, fault: &'static str, evidence: String) {
        let slot = &mut self.slots[number];
        slot.is_by_hand = true;
        Arc::make_mut(&mut slot.delivery).planned.bent.push(Bent::by_hand(fault, evidence));
    }

    /// Makes a slot due at another moment.
    fn put_at(&mut self, number: SlotId, offset: Duration) {
        self.unqueue(number);
        let slot = &mut self.slots[number];
        Arc::make_mut(&mut slot.delivery).offset = offset;
        slot.nominal = offset;
        slot.state = State::Waiting;
        self.due.insert((offset, slot.order, slot.target, number));
    }

    fn unqueue(&mut self, number: SlotId) {
        self.due.retain(|(.., queued)| *queued != number);
    }

    fn planned(&self, number: SlotId) -> RunEvent {
        let delivery = &self.slots[number].delivery;
        RunEvent::Planned {
            delivery: self.name(number),
            offset: delivery.offset,
            why: delivery.why.clone(),
            faults: delivery.bent().to_vec(),
        }
    }
}
