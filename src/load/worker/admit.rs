//! What becomes of a push at the moment at which it falls due: a place in the queue, or none.

use super::Worker;
use crate::faults::Leaves;
use crate::load::calls::{Step, Way};
use crate::load::ledger::Ledger;
use crate::load::queue::Due;
use crate::load::shard::story_of;
use crate::load::wheel::{Entry, TICK_NS, What};
use crate::load::{Arrival, CALLS_IN_FLIGHT_MAX, STEPS_MAX, Sending};
use crate::plan::Plan;
use std::sync::Arc;
use std::time::Duration;

impl Worker {
    /// Starts a call.
    pub(super) fn start_call(&mut self, call: u32, start: u32, now: u64) {
        self.ledger.calls_started += 1;
        self.calls += 1;
        self.ledger.calls_in_flight_max = self.ledger.calls_in_flight_max.max(self.calls);
        if self.wheel.len() >= CALLS_IN_FLIGHT_MAX {
            self.hold_rest(call, 0, Ledger::held);
            return;
        }
        self.fall_due(call, start, 0, now, now);
    }

    /// In the closed model: gives a call to every caller who has none.
    pub(super) fn start_callers(&mut self, now: u64) {
        let Arrival::Closed { lasting, .. } = self.setting.load.arrival else { return };
        for (call, start, step) in std::mem::take(&mut self.concluded) {
            self.go_on(call, start, step, now);
        }
        while self.idle_callers > 0 && now < lasting.as_nanos() as u64 {
            let Some(call) = self.next_closed() else { break };
            self.idle_callers -= 1;
            self.start_call(call, (now / TICK_NS) as u32, now);
        }
    }

    /// The number of the next call of the closed model: the numbers are divided as in the open one.
    fn next_closed(&mut self) -> Option<u32> {
        let load = &self.setting.load;
        loop {
            let number = self.passed + 1;
            let call = u32::try_from(number).ok()?;
            if load.max_calls.is_some_and(|most| number > most) {
                return None;
            }
            self.passed = number;
            if crate::load::shard::shard_of(number, load.shard.of) + 1 == load.shard.number
                && crate::load::shard::worker_of(number, load.workers) == self.index
            {
                return Some(call);
            }
        }
    }

    /// In the closed model: the pushes of step `step` are settled, so the next step falls due as long after it as the script
    /// has it; behind the last one the caller is free.
    fn go_on(&mut self, call: u32, start: u32, step: usize, now: u64) {
        let calls = &self.setting.stories[self.story(call)].calls;
        let next = step + 1;
        if next >= calls.steps(call.into()).min(STEPS_MAX) {
            self.callers.remove(&call);
            self.calls -= 1;
            self.idle_callers += 1;
            return;
        }
        let (before, after) = (calls.step(call.into(), step).due, calls.step(call.into(), next).due);
        let at = now.saturating_add(self.setting.real_ns(after.saturating_sub(before)));
        if at <= now {
            self.fall_due(call, start, next, at, now);
        } else {
            self.wheel.insert(call, start, What::new(next, 0, 0), tick(at));
        }
    }

    /// The story that a call plays.
    pub(super) fn story(&self, call: u32) -> usize {
        story_of(self.setting.load.seed, call.into(), &self.setting.weights)
    }

    /// Lets a push of a call fall due, and those behind it whose moment has come as well. `at`: when it is due, in the
    /// closed model; in the open one the script says.
    pub(super) fn fall_due(&mut self, call: u32, start: u32, step: usize, at: u64, now: u64) {
        let setting = self.setting.clone();
        let story = self.story(call);
        let calls = &setting.stories[story].calls;
        let steps = calls.steps(call.into()).min(STEPS_MAX);
        let closed = matches!(setting.load.arrival, Arrival::Closed { .. });
        if closed {
            match step < steps {
                true => self.admit(call, start, (story, step), &calls.step(call.into(), step), at),
                false => self.concluded.push((call, start, step)),
            }
            return;
        }
        for number in step..steps {
            let step = calls.step(call.into(), number);
            let at = (u64::from(start) * TICK_NS).saturating_add(setting.real_ns(step.due));
            if at > now {
                self.wheel.insert(call, start, What::new(number, 0, 0), tick(at));
                return;
            }
            self.admit(call, start, (story, number), &step, at);
        }
        self.calls -= 1;
    }

    /// A push is due for the first time: it gets a place for each target, as far as there is room.
    fn admit(&mut self, call: u32, start: u32, (story, number): (usize, usize), step: &Step, at_ns: u64) {
        let setting = self.setting.clone();
        let here = &setting.stories[story];
        let kind = here.kinds[step.kind];
        let targets = here.endpoints.len();
        let due = |target| Due {
            at_ns,
            behind_us: 0,
            call,
            start,
            what: What::new(number, target, 1),
            story: story as u16,
            kind: step.kind as u16,
            policy: step.policy as u16,
            about: step.about,
        };
        let reached = |worker: &mut Self, target: usize| match step.way {
            Way::Rendered | Way::Drawn => true,
            Way::Careful => worker.reaches(story, call, start, number, target),
        };
        let closed = matches!(setting.load.arrival, Arrival::Closed { .. });
        if closed {
            // One more than there are, so that it is settled only after the last one has its place.
            self.callers.insert(call, targets as u32 + 1);
        }
        for target in 0..targets {
            let due = due(target);
            if !reached(self, target) {
                self.conclude(&due);
                continue;
            }
            self.ledger.due(kind, 1);
            if setting.load.sending == Sending::Nothing {
                self.ledger.written(Duration::from_nanos(self.now_ns().saturating_sub(at_ns)));
                self.ledger.sent(kind);
                self.conclude(&due);
            } else if self.in_flight() >= self.in_flight_max {
                self.ledger.held(kind, 1);
                self.conclude(&due);
            } else if !step.is_chained || self.chains.is_next(due) {
                self.enqueue(due, step.way);
            }
        }
        if closed {
            self.conclude(&due(0));
        }
    }

    /// Another attempt is due.
    pub(super) fn retry(&mut self, entry: Entry, at_ns: u64) {
        let due = self.due_of(entry, at_ns);
        let step = self.setting.stories[usize::from(due.story)].calls.step(due.call.into(), due.what.step());
        // It has a place by right: the push was let in before.
        self.enqueue(due, step.way);
    }

    /// The attempt that an entry of the wheel waits for.
    pub(super) fn due_of(&self, entry: Entry, at_ns: u64) -> Due {
        let story = self.story(entry.call);
        let step = self.setting.stories[story].calls.step(entry.call.into(), entry.what.step());
        Due {
            at_ns,
            behind_us: 0,
            call: entry.call,
            start: entry.start,
            what: entry.what,
            story: story as u16,
            kind: step.kind as u16,
            policy: step.policy as u16,
            about: step.about,
        }
    }

    /// Gives an attempt its place.
    fn enqueue(&mut self, due: Due, way: Way) {
        let way = self.way(&due, due.what.attempt(), way);
        let story = &self.setting.stories[usize::from(due.story)];
        let endpoint = story.endpoints.get(due.what.target()).copied().flatten();
        self.expire_at_ns = self.expire_at_ns.min(self.waits_until(&due));
        if let (Way::Rendered, Some(endpoint)) = (way, endpoint) {
            self.endpoints[endpoint as usize].waiting.push_back(due);
            self.waiting += 1;
            return;
        }
        self.handed.waiting.push_back(due);
    }

    /// How an attempt at a push is made, whose step has this way.
    pub(super) fn way(&self, due: &Due, attempt: u32, step: Way) -> Way {
        let calls = &self.setting.stories[usize::from(due.story)].calls;
        match step {
            Way::Drawn => calls.way(due.call.into(), due.what.step(), due.what.target(), attempt),
            Way::Rendered | Way::Careful => step,
        }
    }

    /// Until when a push waits for a connection at most: as long as its attempt may take.
    pub(super) fn waits_until(&self, due: &Due) -> u64 {
        due.can_leave_ns().saturating_add(self.timeout_ns(due))
    }

    /// The kind of a push, by index in the kinds of all stories.
    pub(super) fn kind(&self, due: &Due) -> usize {
        self.setting.stories[usize::from(due.story)].kinds[usize::from(due.kind)]
    }

    /// Whether a push that goes the careful way goes to a target at all.
    fn reaches(&mut self, story: usize, call: u32, start: u32, step: usize, target: usize) -> bool {
        let Some(plan) = self.plan(story, call, start) else { return true };
        let Some(delivery) = plan.deliveries.get(step).filter(|one| plan.reaches(one, target as u32 + 1)) else {
            return false;
        };
        if delivery.planned.leaves == Leaves::Never {
            self.ledger.struck(&plan.faults.marks(delivery.bent()));
        }
        delivery.leaves_when_due()
    }

    /// The full plan of a call; the last one is remembered, because its pushes ask for it one after the other.
    pub(super) fn plan(&mut self, story: usize, call: u32, start: u32) -> Option<Arc<Plan>> {
        if let Some((last_story, last_call, plan)) = &self.plan
            && usize::from(*last_story) == story
            && *last_call == call
        {
            return Some(plan.clone());
        }
        let plan = Arc::new(self.setting.plan(story, call, start)?);
        self.plan = Some((story as u16, call, plan.clone()));
        Some(plan)
    }

    /// A push is settled: the next one of its call, which waited for it, can leave.
    pub(super) fn settled(&mut self, due: &Due) {
        if let Some(next) = self.chains.settled(due, self.now_ns()) {
            let step = self.setting.stories[usize::from(next.story)].calls.step(next.call.into(), next.what.step());
            self.enqueue(next, step.way);
        }
        self.conclude(due);
    }

    /// In the closed model: one push of the present step of its call is settled.
    pub(super) fn conclude(&mut self, due: &Due) {
        if let Some(left) = self.callers.get_mut(&due.call) {
            *left = left.saturating_sub(1);
            if *left == 0 {
                self.concluded.push((due.call, due.start, due.what.step()));
            }
        }
    }
}

/// The first tick at or after a moment.
pub(super) fn tick(at_ns: u64) -> u32 {
    u32::try_from(at_ns.div_ceil(TICK_NS)).unwrap_or(u32::MAX)
}
