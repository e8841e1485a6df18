//! What goes the careful way: it waits for its turn here, is handed to a task, and comes back.

use super::Worker;
use super::judged::bend_of;
use crate::delivery::{AttemptOutcome, Failure};
use crate::event::{FailureClass, Phase};
use crate::load::CAREFUL_MAX;
use crate::load::careful::{Job, Landed};
use crate::load::queue::Due;
use crate::load::setting::Setting;
use std::collections::VecDeque;
use std::time::Duration;

/// What goes the careful way. Of what waits only the [`Due`] is kept; its call is planned when its turn comes.
pub struct Handed {
    /// What waits, the longest first.
    pub waiting: VecDeque<Due>,
    /// What is handed out, with the moment from which it could have left.
    pub under_way: Vec<(Due, u64)>,
    /// How many may be under way.
    most: usize,
}

impl Handed {
    /// Nothing yet, of one worker of these: as many at a time as there may be connections, to all targets together.
    pub fn new(setting: &Setting) -> Self {
        let targets = setting.stories.iter().map(|story| story.endpoints.len()).max().unwrap_or_default().max(1);
        let most = setting.load.connections.saturating_mul(targets).min(CAREFUL_MAX);
        let most = most.div_ceil(setting.load.workers.max(1)).max(1);
        Self { waiting: VecDeque::new(), under_way: Vec::new(), most }
    }

    /// Pushes that are due and not settled.
    pub fn in_flight(&self) -> usize {
        self.waiting.len() + self.under_way.len()
    }
}

impl Worker {
    /// Hands out what waits, as far as there is room.
    pub(super) fn hand_out(&mut self) {
        while self.handed.under_way.len() < self.handed.most
            && let Some(due) = self.handed.waiting.pop_front()
        {
            let now = self.now_ns();
            let Some(plan) = self.plan(due.story.into(), due.call, due.start) else {
                let failure = Failure::new(FailureClass::Unsendable, Phase::Write, "the call cannot be planned");
                self.failed(due, due.at_ns, now, failure);
                continue;
            };
            self.leaves(&due, || bend_of(&plan, &due));
            self.ledger.handed();
            self.handed.under_way.push((due, due.can_leave_ns().max(self.rested_ns)));
            let _ = self.links.jobs.send(Job { due, plan, worker: self.index });
        }
    }

    /// Takes what has come back.
    pub(super) fn land(&mut self) {
        while let Ok(Landed { due, outcome, verdict, began, struck, bend }) = self.links.landed.try_recv() {
            // One that was given up in the meantime is counted as lost.
            let Some(at) = self.handed.under_way.iter().position(|(known, _)| *known == due) else { continue };
            let (_, could_leave) = self.handed.under_way.swap_remove(at);
            let began = began.saturating_duration_since(self.setting.began).as_nanos() as u64;
            self.ledger.lag(Duration::from_nanos(began.saturating_sub(could_leave)));
            self.ledger.struck(&struck);
            let (AttemptOutcome::Replied { timing, .. } | AttemptOutcome::Failed { timing, .. }) = &outcome;
            let now = self.now_ns();
            // Without the wait for a connection to be allowed.
            let began = now.saturating_sub(u64::try_from(timing.total.as_nanos()).unwrap_or(u64::MAX));
            self.ended(due, (began, now), bend, outcome, verdict);
        }
    }
}
