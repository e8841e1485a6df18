//! An attempt that was told, as the events that `run` would tell of it. Nothing here writes them anywhere.

use super::{AttemptTold, Load};
use crate::clock::BEIJING;
use crate::delivery::{Attempt, AttemptOutcome, Outgoing};
use crate::event::RunEvent;
use crate::vendors::Acknowledgement;
use jiff::Timestamp;
use std::time::Duration;

impl AttemptTold {
    /// Its beginning and its end, with offsets from the start of the load. `None` where its story has no such push.
    ///
    /// It plans the whole call, which takes some fifty microseconds: nothing for a worker to do.
    pub fn events(&self, load: &Load) -> Option<[RunEvent; 2]> {
        let plan = load.stories.get(self.story)?.calls.plan(self.call, self.start)?;
        let call_offset = plan.deliveries.get(self.step)?.offset;
        let attempt = Attempt::alone(&plan, self.step, self.target, self.attempt, call_offset)?;
        let mut began = Outgoing::of(&plan, &attempt, self.began).event(&attempt, self.began);
        if let RunEvent::Attempted { offset, at, due, .. } = &mut began {
            // The plan counts from the start of its call.
            *due = since(plan.start, load.start).saturating_add(call_offset);
            *offset = self.left(load);
            *at = load.start.checked_add(*offset).unwrap_or(Timestamp::MAX).display_with_offset(BEIJING).to_string();
        }
        let verdict = match self.outcome.verdict(&plan, &attempt.delivery, attempt.fate.answer) {
            // Only a part of a long answer is told, and what the vendor made of all of it counts.
            Acknowledgement::No(_) if self.acknowledged => Acknowledgement::Yes,
            Acknowledgement::Yes | Acknowledgement::YesBut(_) if !self.acknowledged => {
                Acknowledgement::No("the answer is no acknowledgement".to_owned())
            }
            settled => settled,
        };
        let ended = self.outcome.event(attempt.delivery_id.clone(), self.attempt, &verdict);
        Some([began, ended])
    }

    /// When it left, in scenario time from the start of the load.
    fn left(&self, load: &Load) -> Duration {
        let (AttemptOutcome::Replied { timing, .. } | AttemptOutcome::Failed { timing, .. }) = &self.outcome;
        let real = self.due.saturating_add(self.response).saturating_sub(timing.total);
        Duration::try_from_secs_f64(real.as_secs_f64() * load.pace).unwrap_or(Duration::MAX)
    }
}

/// How long after another instant one is; nothing where it is before.
fn since(instant: Timestamp, start: Timestamp) -> Duration {
    Duration::try_from(instant.duration_since(start)).unwrap_or_default()
}
