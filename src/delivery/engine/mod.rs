//! Decides what is sent next, what waits for what, and what an outcome means. Pure and synchronous: no socket, no clock.

mod by_hand;
mod consequence;
mod slot;

use super::attempt::{Attempt, AttemptId, AttemptOutcome};
use super::retry::{self, Verdict};
use crate::event::{DeliveryId, RunEvent, Story};
use crate::faults::{Bent, Leaves};
use crate::plan::{Delivery, Plan};
use crate::scenario::Order;
use crate::vendors::Acknowledgement;
pub use by_hand::REPEATED_MAX;
use slot::{Slot, State, Target};
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;
use std::time::Duration;

/// The due queue of one plan, over all its targets.
///
/// Whoever drives it asks [`next`](Engine::next) until there is nothing to send now, and tells how each attempt ended by
/// [`settle`](Engine::settle). Time is what the driver says it is, from the start of the scenario.
pub struct Engine {
    plan: Arc<Plan>,
    /// One for each delivery to each target.
    slots: Vec<Slot>,
    /// Slots that have a next moment.
    due: BTreeSet<Due>,
    in_flight: usize,
    targets: Vec<Target>,
    /// Copies that leave once their original is acknowledged: target, number of the original, slot of the copy.
    stale: Vec<(usize, u32, usize)>,
    stopped: bool,
    /// What left last.
    last: Option<SlotId>,
    /// Until when no attempt gets a connection.
    refused_until: Duration,
}

/// When a slot is due: the moment, then the order of the plan, then the target.
type Due = (Duration, usize, usize, SlotId);
/// The place of a slot.
type SlotId = usize;

/// What is to be done next.
#[derive(Debug)]
pub enum Next {
    /// This attempt leaves now.
    Send(Attempt),
    /// A push fell due but waits for another. To be told once; then ask again.
    Held {
        /// Which.
        delivery: DeliveryId,
        /// When it was due.
        offset: Duration,
    },
    /// A push fell due that never leaves. To be told once; then ask again.
    Dropped {
        /// Which.
        delivery: DeliveryId,
        /// When it was due.
        offset: Duration,
        /// Because of what.
        faults: Vec<Bent>,
    },
    /// Nothing until this moment, or until something in flight is settled.
    WaitUntil(Duration),
    /// Nothing until something in flight is settled.
    Blocked,
    /// Nothing, ever.
    Done,
}

/// How many deliveries, over all targets, are in which state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Tally {
    /// Acknowledged by their receiver.
    pub acknowledged: u64,
    /// Tried, and not to be tried again.
    pub given_up: u64,
    /// Tried, but neither acknowledged nor given up.
    pub unsettled: u64,
    /// Never tried.
    pub untried: u64,
}

impl Engine {
    /// All deliveries of the plan, none of them sent yet.
    pub fn new(plan: Arc<Plan>) -> Self {
        let targets = vec![Target::default(); plan.targets.len()];
        let mut engine = Self {
            slots: Vec::with_capacity(plan.deliveries.len() * plan.targets.len()),
            due: BTreeSet::new(),
            in_flight: 0,
            targets,
            stale: Vec::new(),
            stopped: false,
            last: None,
            refused_until: Duration::ZERO,
            plan: Arc::clone(&plan),
        };
        for target in 0..plan.targets.len() {
            for (order, delivery) in plan.deliveries.iter().enumerate() {
                engine.add(Arc::new(delivery.clone()), order, target);
            }
        }
        engine.chain();
        engine
    }

    /// Adds a slot for a delivery to a target.
    fn add(&mut self, delivery: Arc<Delivery>, order: usize, target: usize) {
        let number = self.slots.len();
        let is_ours = self.plan.reaches(&delivery, target as u32 + 1);
        let state = match delivery.planned.leaves {
            _ if !is_ours => State::Absent,
            Leaves::OnceAcknowledged { original, .. } => {
                self.stale.push((target, original, number));
                State::Absent
            }
            Leaves::WhenDue | Leaves::Never => State::Waiting,
        };
        if state == State::Waiting {
            self.due.insert((delivery.offset, order, target, number));
        }
        self.slots.push(Slot::new(delivery, order, target, state));
    }

    /// Lets each slot that is not settled wait for the one before it, as the order of the plan says.
    fn chain(&mut self) {
        let mut sequence: Vec<SlotId> = (0..self.slots.len()).collect();
        sequence.sort_by_key(|number| (self.slots[*number].target, self.slots[*number].order));
        let mut last: HashMap<(usize, u64), SlotId> = HashMap::new();
        for slot in &mut self.slots {
            slot.follower = None;
        }
        for number in sequence {
            let Slot { delivery, target, state, .. } = &self.slots[number];
            let is_chained = self.plan.reaches(delivery, *target as u32 + 1)
                && delivery.leaves_when_due()
                && !delivery.planned.is_loose
                && matches!(state, State::Waiting | State::Held | State::InFlight);
            let before = match self.plan.order {
                Order::Call if is_chained => last.insert((*target, delivery.call_number), number),
                Order::Total if is_chained => last.insert((*target, 0), number),
                Order::Call | Order::Total | Order::Free => None,
            };
            if let Some(before) = before {
                self.slots[before].follower = Some(number);
            }
            self.slots[number].behind = before.is_some();
            if before.is_none() && self.slots[number].state == State::Held {
                let Slot { delivery, order, target, .. } = &self.slots[number];
                self.due.insert((delivery.offset, *order, *target, number));
                self.slots[number].state = State::Waiting;
            }
        }
    }

    /// What is to be done at the moment `now`.
    pub fn next(&mut self, now: Duration) -> Next {
        let first = if self.stopped { None } else { self.due.first().copied() };
        let Some((offset, _, target, number)) = first else {
            return if self.in_flight > 0 { Next::Blocked } else { Next::Done };
        };
        if offset > now {
            return Next::WaitUntil(offset);
        }
        self.due.pop_first();
        let delivery = Arc::clone(&self.slots[number].delivery);
        if delivery.planned.leaves == Leaves::Never {
            self.slots[number].state = State::Absent;
            return Next::Dropped { delivery: self.name(number), offset, faults: delivery.bent().to_vec() };
        }
        let slot = &mut self.slots[number];
        if slot.behind {
            slot.state = State::Held;
            return Next::Held { delivery: self.name(number), offset };
        }
        slot.state = State::InFlight;
        slot.attempts += 1;
        let (attempt, nominal) = (slot.attempts, slot.nominal);
        let mut fate = self.plan.fate(&delivery, target as u32 + 1, attempt, nominal);
        self.refuse(&mut fate, now);
        self.last = Some(number);
        let slot = &mut self.slots[number];
        slot.answer = fate.answer;
        slot.is_spoilt = fate.is_spoilt();
        slot.is_clean = fate.connection.is_clean();
        self.in_flight += 1;
        let waits = retry::waits(&self.plan, &delivery).len();
        Next::Send(Attempt {
            id: AttemptId { slot: number, attempt },
            delivery_id: self.name(number),
            target: self.plan.targets[target].clone(),
            number: attempt,
            attempts_max: u32::try_from(waits).unwrap_or(u32::MAX).saturating_add(1),
            offset: now,
            at: self.plan.instant(now),
            nominal,
            fate: Box::new(fate),
            delivery,
        })
    }

    /// Says how an attempt ended at the moment `now`, and learns what that means.
    pub fn settle(&mut self, id: AttemptId, outcome: AttemptOutcome, now: Duration) -> Vec<RunEvent> {
        if !self.land(id) {
            return Vec::new();
        }
        let (number, attempt) = (id.slot, id.attempt);
        let (delivery, target) = self.parts(number);
        let order = self.slots[number].order;
        self.targets[target].answered |= matches!(outcome, AttemptOutcome::Replied { .. });
        let verdict = outcome.verdict(&self.plan, &delivery, self.slots[number].answer);
        let mut events = vec![outcome.event(self.name(number), attempt, &verdict)];
        let Acknowledgement::No(cause) = verdict else {
            self.targets[target].failures = 0;
            self.close(number, State::Acknowledged);
            events.push(RunEvent::Acknowledged { delivery: self.name(number), attempt });
            events.extend(self.release_stale(number, now));
            return events;
        };
        self.targets[target].failures += 1;
        let disables = !self.targets[target].disabled
            && self.plan.disable_after.is_some_and(|limit| self.targets[target].failures >= limit);
        self.targets[target].disabled |= disables;
        let verdict = if self.stopped {
            Verdict::Never("the story was stopped")
        } else if self.targets[target].disabled {
            Verdict::Never("the vendor has stopped pushing to this address")
        } else {
            let at = self.plan.instant(self.slots[number].nominal);
            let answer = self.slots[number].answer;
            retry::judge(&self.plan, &delivery, target as u32 + 1, attempt, &outcome, answer, at)
        };
        match verdict {
            Verdict::Again { wait, retry_after } => {
                let due = now.saturating_add(wait);
                self.slots[number].state = State::Waiting;
                self.slots[number].nominal = self.slots[number].nominal.saturating_add(wait);
                self.due.insert((due, order, target, number));
                events.push(RunEvent::RetrySet { delivery: self.name(number), attempt, wait, due, retry_after });
            }
            Verdict::Never(why) => {
                self.close(number, State::GivenUp);
                let reason = format!("{cause}; {why}");
                let slot = &self.slots[number];
                let excused = outcome.is_excused(slot.is_spoilt, slot.is_clean);
                events.push(RunEvent::GivenUp { delivery: self.name(number), attempts: attempt, reason, excused });
                if let AttemptOutcome::Failed { failure, .. } = &outcome
                    && failure.is_unreached()
                    && self.slots[number].is_clean
                    && !self.targets[target].answered
                    && !self.stopped
                {
                    self.stopped = true;
                    events.push(self.unreachable(target, failure.message.clone()));
                }
            }
        }
        if disables {
            events.push(self.disable(target));
        }
        events
    }

    /// Sends nothing more and tries nothing again; what is in flight can still be settled.
    pub fn stop(&mut self) {
        self.stopped = true;
    }

    /// Gives up an attempt that is in flight and whose outcome nobody waits for any more.
    pub fn abandon(&mut self, id: AttemptId) -> Vec<RunEvent> {
        if !self.land(id) {
            return Vec::new();
        }
        self.close(id.slot, State::GivenUp);
        let reason = "the run was stopped before an answer came".to_owned();
        vec![RunEvent::GivenUp { delivery: self.name(id.slot), attempts: id.attempt, reason, excused: false }]
    }

    /// How the deliveries stand.
    pub fn tally(&self) -> Tally {
        let mut tally = Tally::default();
        for slot in &self.slots {
            match slot.state {
                State::Acknowledged => tally.acknowledged += 1,
                State::GivenUp => tally.given_up += 1,
                State::Absent | State::Withdrawn => {}
                State::Waiting | State::Held | State::InFlight | State::Disabled if slot.attempts == 0 => {
                    tally.untried += 1;
                }
                State::Waiting | State::Held | State::InFlight | State::Disabled => tally.unsettled += 1,
            }
        }
        tally
    }

    /// Takes an attempt out of flight; false where it is not in flight.
    fn land(&mut self, id: AttemptId) -> bool {
        let Some(slot) = self.slots.get_mut(id.slot) else { return false };
        if slot.state != State::InFlight || slot.attempts != id.attempt {
            return false;
        }
        self.in_flight -= 1;
        true
    }

    /// Settles a slot, and lets the one behind it go.
    fn close(&mut self, number: usize, state: State) {
        self.slots[number].state = state;
        let Some(follower) = self.slots[number].follower else { return };
        self.slots[follower].behind = false;
        self.slots[follower].nominal = self.slots[follower].nominal.max(self.slots[number].nominal);
        if self.slots[follower].state == State::Held {
            let (delivery, target) = self.parts(follower);
            self.slots[follower].state = State::Waiting;
            self.due.insert((delivery.offset, self.slots[follower].order, target, follower));
        }
    }

    fn unreachable(&self, target: usize, message: String) -> RunEvent {
        RunEvent::Unreachable {
            story: self.story(),
            url: self.plan.targets[target].to_string(),
            message,
            untried: self.tally().untried,
        }
    }

    /// The delivery of a slot, and the place of its target.
    fn parts(&self, number: SlotId) -> (Arc<Delivery>, usize) {
        let Slot { delivery, target, .. } = &self.slots[number];
        (Arc::clone(delivery), *target)
    }

    fn name(&self, number: usize) -> DeliveryId {
        let (delivery, target) = self.parts(number);
        DeliveryId {
            scenario: self.plan.scenario.clone(),
            push: delivery.push.clone(),
            call: delivery.call.clone(),
            number: delivery.number,
            target: target as u32 + 1,
        }
    }

    fn story(&self) -> Story {
        Story { scenario: self.plan.scenario.clone(), vendor: self.plan.vendor.id() }
    }
}
