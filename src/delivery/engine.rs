//! Decides what is sent next, what waits for what, and what an outcome means. Pure and synchronous: no socket, no clock.

use super::attempt::{Attempt, AttemptId, AttemptOutcome};
use super::retry::{self, Verdict};
use crate::event::{DeliveryId, RunEvent, Story};
use crate::http::Reply;
use crate::plan::{Delivery, Plan};
use crate::scenario::Order;
use crate::vendors::Acknowledgement;
use jiff::Timestamp;
use std::collections::{BTreeSet, HashMap};
use std::time::Duration;

/// The due queue of one plan, over all its targets.
///
/// Whoever drives it asks [`next`](Engine::next) until there is nothing to send now, and tells how each attempt ended by
/// [`settle`](Engine::settle). Time is what the driver says it is, from the start of the scenario.
pub struct Engine<'p> {
    plan: &'p Plan,
    /// One for each delivery to each target; all of the first target come first.
    slots: Vec<Slot>,
    /// Slots that have a next moment: when, then the order of the plan, then the target.
    due: BTreeSet<(Duration, usize, usize)>,
    in_flight: usize,
    /// For each target, whether it ever answered.
    answered: Vec<bool>,
    stopped: bool,
}

/// One delivery to one target.
struct Slot {
    state: State,
    /// How many attempts have left.
    attempts: u32,
    /// The slot that may not be sent before this one is settled.
    follower: Option<usize>,
    /// Whether the slot before it is not settled yet.
    behind: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Waiting,
    /// Due, but behind another.
    Held,
    InFlight,
    Acknowledged,
    GivenUp,
}

/// What is to be done next.
#[derive(Debug)]
pub enum Next<'p> {
    /// This attempt leaves now.
    Send(Attempt<'p>),
    /// A push fell due but waits for another. To be told once; then ask again.
    Held {
        /// Which.
        delivery: DeliveryId,
        /// When it was due.
        offset: Duration,
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

impl<'p> Engine<'p> {
    /// All deliveries of the plan, none of them sent yet.
    pub fn new(plan: &'p Plan) -> Self {
        let mut slots: Vec<Slot> = Vec::with_capacity(plan.deliveries.len() * plan.targets.len());
        let mut due = BTreeSet::new();
        let mut last: HashMap<(usize, u64), usize> = HashMap::new();
        for target in 0..plan.targets.len() {
            for (index, delivery) in plan.deliveries.iter().enumerate() {
                let slot = slots.len();
                let before = match plan.order {
                    Order::Call => last.insert((target, delivery.call_number), slot),
                    Order::Total => last.insert((target, 0), slot),
                    Order::Free => None,
                };
                if let Some(before) = before {
                    slots[before].follower = Some(slot);
                }
                slots.push(Slot { state: State::Waiting, attempts: 0, follower: None, behind: before.is_some() });
                due.insert((delivery.offset, index, target));
            }
        }
        let answered = vec![false; plan.targets.len()];
        Self { plan, slots, due, in_flight: 0, answered, stopped: false }
    }

    /// What is to be done at the moment `now`.
    pub fn next(&mut self, now: Duration) -> Next<'p> {
        let first = if self.stopped { None } else { self.due.first().copied() };
        let Some((offset, index, target)) = first else {
            return if self.in_flight > 0 { Next::Blocked } else { Next::Done };
        };
        if offset > now {
            return Next::WaitUntil(offset);
        }
        self.due.pop_first();
        let number = target * self.plan.deliveries.len() + index;
        let slot = &mut self.slots[number];
        if slot.behind {
            slot.state = State::Held;
            return Next::Held { delivery: self.name(number), offset };
        }
        slot.state = State::InFlight;
        slot.attempts += 1;
        let attempt = slot.attempts;
        self.in_flight += 1;
        Next::Send(Attempt {
            id: AttemptId { slot: number, attempt },
            delivery_id: self.name(number),
            delivery: &self.plan.deliveries[index],
            target: &self.plan.targets[target],
            number: attempt,
            attempts_max: u32::try_from(retry::waits(self.plan, &self.plan.deliveries[index]).len())
                .unwrap_or(u32::MAX)
                .saturating_add(1),
            offset: now,
            at: self.instant(now),
        })
    }

    /// Says how an attempt ended at the moment `now`, and learns what that means.
    pub fn settle(&mut self, id: AttemptId, outcome: AttemptOutcome, now: Duration) -> Vec<RunEvent> {
        if !self.land(id) {
            return Vec::new();
        }
        let (number, attempt) = (id.slot, id.attempt);
        let (delivery, target) = self.parts(number);
        let verdict = match &outcome {
            AttemptOutcome::Replied { reply, .. } => {
                self.answered[target] = true;
                self.acknowledged(delivery, reply)
            }
            AttemptOutcome::Failed { failure, .. } => {
                Acknowledgement::No(format!("{}: {}", failure.class.as_str(), failure.message))
            }
        };
        let mut events = vec![outcome.event(self.name(number), attempt, &verdict)];
        let Acknowledgement::No(cause) = verdict else {
            self.close(number, State::Acknowledged);
            events.push(RunEvent::Acknowledged { delivery: self.name(number), attempt });
            return events;
        };
        let verdict = if self.stopped {
            Verdict::Never("the story was stopped")
        } else {
            retry::judge(self.plan, delivery, target as u32 + 1, attempt, &outcome, self.instant(now))
        };
        match verdict {
            Verdict::Again { wait, retry_after } => {
                let due = now.saturating_add(wait);
                self.slots[number].state = State::Waiting;
                self.due.insert((due, number % self.plan.deliveries.len(), target));
                events.push(RunEvent::RetrySet { delivery: self.name(number), attempt, wait, due, retry_after });
            }
            Verdict::Never(why) => {
                self.close(number, State::GivenUp);
                let reason = format!("{cause}; {why}");
                events.push(RunEvent::GivenUp { delivery: self.name(number), attempts: attempt, reason });
                if let AttemptOutcome::Failed { failure, .. } = &outcome
                    && failure.is_unreached()
                    && !self.answered[target]
                    && !self.stopped
                {
                    self.stopped = true;
                    events.push(self.unreachable(target, failure.message.clone()));
                }
            }
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
        vec![RunEvent::GivenUp { delivery: self.name(id.slot), attempts: id.attempt, reason }]
    }

    /// How the deliveries stand.
    pub fn tally(&self) -> Tally {
        let mut tally = Tally::default();
        for slot in &self.slots {
            match slot.state {
                State::Acknowledged => tally.acknowledged += 1,
                State::GivenUp => tally.given_up += 1,
                State::Waiting | State::Held | State::InFlight if slot.attempts == 0 => tally.untried += 1,
                State::Waiting | State::Held | State::InFlight => tally.unsettled += 1,
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
        if self.slots[follower].state == State::Held {
            let (delivery, target) = self.parts(follower);
            self.slots[follower].state = State::Waiting;
            self.due.insert((delivery.offset, follower % self.plan.deliveries.len(), target));
        }
    }

    /// What the vendor makes of the reply to a delivery.
    fn acknowledged(&self, delivery: &Delivery, reply: &Reply) -> Acknowledgement {
        match self.plan.vendor.acknowledged_push(delivery.request.name, reply, &self.plan.settings) {
            Acknowledgement::No(reason) => Acknowledgement::No(match reply.header("location") {
                Some(place) if (300..400).contains(&reply.status) => {
                    format!("{reason}; a redirect to {place} is not followed")
                }
                _ => reason,
            }),
            settled @ (Acknowledgement::Yes | Acknowledgement::YesBut(_)) => settled,
        }
    }

    fn unreachable(&self, target: usize, message: String) -> RunEvent {
        RunEvent::Unreachable {
            story: Story { scenario: self.plan.scenario.clone(), vendor: self.plan.vendor.id() },
            url: self.plan.targets[target].to_string(),
            message,
            untried: self.tally().untried,
        }
    }

    /// The delivery of a slot, and the place of its target.
    fn parts(&self, number: usize) -> (&'p Delivery, usize) {
        let count = self.plan.deliveries.len();
        (&self.plan.deliveries[number % count], number / count)
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

    fn instant(&self, offset: Duration) -> Timestamp {
        self.plan.start.checked_add(offset).unwrap_or(Timestamp::MAX)
    }
}
