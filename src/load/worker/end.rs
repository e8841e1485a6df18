//! How a worker comes to its end: everything that was planned is accounted for, also where it is cut short.

use super::Worker;
use crate::delivery::Attempt;
use crate::event::{FailureClass, Phase};
use crate::load::calls::Way;
use crate::load::connection::State;
use crate::load::ledger::Ledger;
use crate::load::queue::{Due, Leaving};
use crate::load::wheel::TICK_NS;
use crate::load::{Arrival, STEPS_MAX};
use std::sync::atomic::Ordering;
use std::time::Duration;

impl Worker {
    /// Whether nothing is left to do.
    pub(super) fn is_over(&self) -> bool {
        let arrived = match self.setting.load.arrival {
            Arrival::Even(_) | Arrival::Poisson(_) => self.next_call.is_none(),
            Arrival::Closed { .. } => self.calls == 0 && self.concluded.is_empty() && !self.has_callers(),
            Arrival::Steered(_) => self.next_call.is_none() && (self.is_ending() || self.starts.is_exhausted()),
        };
        arrived && self.wheel.is_empty() && self.in_flight() == 0
    }

    /// In the closed model: whether calls can still start.
    fn has_callers(&self) -> bool {
        let Arrival::Closed { lasting, .. } = self.setting.load.arrival else { return false };
        let load = &self.setting.load;
        self.idle_callers > 0
            && !self.is_ending()
            && self.now_ns() < lasting.as_nanos() as u64
            && load.max_calls.is_none_or(|most| self.passed < most)
    }

    /// Whether the end was asked for.
    pub(super) fn is_ending(&self) -> bool {
        self.cannot_go_on.is_some() || self.links.stop.load(Ordering::Relaxed)
    }

    /// Whether calls have gone on long enough after the last one started, or should have.
    pub(super) fn has_lingered(&self, now: u64) -> bool {
        if let Arrival::Steered(steering) = &self.setting.load.arrival {
            return self.next_call.is_none() && steering.has_lingered(Duration::from_nanos(now));
        }
        self.setting.lasting().is_some_and(|lasting| u128::from(now) > lasting.as_nanos())
    }

    /// Whether what is under way is not waited for beyond a moment. A Locust master that ends a test waits for the answers.
    pub(super) fn has_to_end(&self) -> bool {
        self.is_ending() || !matches!(self.setting.load.arrival, Arrival::Steered(_))
    }

    /// Starts and sends nothing more: what is not due yet, or waits, is held back or lost. What is under way may end.
    pub(super) fn cut(&mut self) {
        self.next_call = None;
        self.idle_callers = 0;
        for (call, _, step) in std::mem::take(&mut self.concluded) {
            self.hold_rest(call, step + 1, Ledger::held_by_end);
        }
        if !self.wheel.is_empty() {
            for entry in self.wheel.drain() {
                let (step, attempt) = (entry.what.step(), entry.what.attempt());
                if attempt == 0 {
                    self.hold_rest(entry.call, step, Ledger::held_by_end);
                } else {
                    let due = self.due_of(entry, u64::from(entry.due) * TICK_NS);
                    self.lose(&due, attempt - 1);
                }
            }
        }
        let mut waiting: Vec<Due> = self.chains.drain().collect();
        waiting.extend(self.handed.waiting.drain(..));
        for endpoint in &mut self.endpoints {
            self.waiting -= endpoint.waiting.len();
            waiting.extend(endpoint.waiting.drain(..));
        }
        for due in waiting {
            match due.what.attempt() {
                1 => {
                    let kind = self.kind(&due);
                    self.ledger.held_by_end(kind, 1);
                    self.hold_rest_of_caller(due.call, due.what.step());
                }
                attempt => self.lose(&due, attempt - 1),
            }
        }
    }

    /// A push comes to nothing because the run ends, after this many attempts.
    fn lose(&mut self, due: &Due, attempts: u32) {
        self.cut_off(due, attempts);
        self.hold_rest_of_caller(due.call, due.what.step());
    }

    /// Whether a fault corrupted this attempt at a push.
    pub(super) fn is_spoilt(&mut self, due: &Due, attempt: u32) -> bool {
        let setting = self.setting.clone();
        let calls = &setting.stories[usize::from(due.story)].calls;
        let (call, step, target) = (u64::from(due.call), due.what.step(), due.what.target());
        if self.way(due, attempt, calls.step(call, step).way) == Way::Rendered {
            self.request.clear();
            return calls.render(call, step, target, attempt, setting.started(due.start), &mut self.request).is_spoilt;
        }
        let Some(plan) = self.plan(due.story.into(), due.call, due.start) else { return false };
        let offset = plan.deliveries.get(due.what.step()).map(|delivery| delivery.offset).unwrap_or_default();
        Attempt::alone(&plan, due.what.step(), due.what.target(), attempt, offset)
            .is_some_and(|attempt| attempt.fate.is_spoilt())
    }

    /// The pushes of a call from `step` on are held back, and counted like this.
    pub(super) fn hold_rest(&mut self, call: u32, step: usize, held: fn(&mut Ledger, usize, u64)) {
        let setting = self.setting.clone();
        let story = &setting.stories[self.story(call)];
        let targets = story.endpoints.len() as u64;
        for step in step..story.calls.steps(call.into()).min(STEPS_MAX) {
            let kind = story.kinds[story.calls.step(call.into(), step).kind];
            self.ledger.due(kind, targets);
            held(&mut self.ledger, kind, targets);
        }
        self.callers.remove(&call);
        self.calls = self.calls.saturating_sub(1);
    }

    /// In the closed model the next step of a call waits for this one, so it ends with it.
    fn hold_rest_of_caller(&mut self, call: u32, step: usize) {
        if self.callers.contains_key(&call) {
            self.hold_rest(call, step + 1, Ledger::held_by_end);
        }
    }

    /// Gives up what is under way: it is lost, because nobody knows what became of it.
    pub(super) fn abandon(&mut self) {
        let now = self.now_ns();
        for index in 0..self.connections.len() {
            let Some(connection) = &self.connections[index] else { continue };
            let (state, due, began, phase) =
                (connection.state, connection.due, connection.began_ns, connection.phase());
            self.close(index as u32);
            if matches!(state, State::Writing | State::Reading) {
                self.busy -= 1;
                self.give_up(&due, began, now, phase);
            }
        }
        let again: Vec<Leaving> = self.endpoints.iter_mut().flat_map(|endpoint| endpoint.again.drain(..)).collect();
        for Leaving { due, began_ns, .. } in again {
            self.busy -= 1;
            self.give_up(&due, began_ns, now, Phase::Connect);
        }
        for (due, could_leave) in std::mem::take(&mut self.handed.under_way) {
            self.give_up(&due, could_leave, now, Phase::FirstByte);
        }
        for call in self.callers.keys().copied().collect::<Vec<_>>() {
            self.callers.remove(&call);
            self.calls = self.calls.saturating_sub(1);
        }
    }

    fn give_up(&mut self, due: &Due, began: u64, now: u64, phase: Phase) {
        let kind = self.kind(due);
        let since = |from: u64| Duration::from_nanos(now.saturating_sub(from));
        let took = (since(due.at_ns), since(began));
        self.ledger.failed(kind, due.what.attempt(), (FailureClass::Timeout, phase), took);
        self.lose(due, due.what.attempt());
    }
}
