//! What the scenarios' expectations make of an attempt that has ended.

use super::Worker;
use crate::contract::{Check, Contract};
use crate::delivery::{Attempt, AttemptOutcome};
use crate::event::{FailureClass, Phase};
use crate::faults::Answer;
use crate::load::careful::Verdicts;
use crate::load::judging::{Bend, Tried};
use crate::load::queue::Due;
use crate::plan::Plan;
use std::time::Duration;

impl Worker {
    /// The attempt, as it is judged.
    pub(super) fn tried(due: &Due) -> Tried {
        Tried {
            story: due.story.into(),
            kind: due.kind.into(),
            call: due.call,
            step: due.what.step(),
            target: due.what.target(),
            attempt: due.what.attempt(),
            about: due.about,
        }
    }

    /// An attempt leaves.
    pub(super) fn leaves(&mut self, due: &Due, bend: impl FnOnce() -> Bend) {
        if self.judging.asks_for_order(due.story.into()) {
            self.judging.leaves(Self::tried(due), bend());
        }
    }

    /// Judges an attempt that has ended. What follows is returned: where a check has judged the status of a push that is lost,
    /// the vendor's own rule has nothing to say.
    pub(super) fn judge_expectations(
        &mut self,
        due: &Due,
        bend: Bend,
        response: Duration,
        outcome: &AttemptOutcome,
        follows: Verdicts,
    ) -> Verdicts {
        let story = usize::from(due.story);
        if !self.judging.expects(story) {
            return follows;
        }
        let tried = Self::tried(due);
        let ended = match outcome {
            AttemptOutcome::Replied { reply, .. } => format!("status {}", reply.status),
            // It never left, because all connections were busy with others: nobody was asked anything.
            AttemptOutcome::Failed { failure, .. }
                if failure.class == FailureClass::Timeout && failure.phase == Phase::Connect =>
            {
                if !matches!(follows, Verdicts::Again(_)) {
                    self.judging.forget(tried);
                }
                return follows;
            }
            AttemptOutcome::Failed { failure, .. } => failure.class.as_str().to_owned(),
        };
        let own = self.judging.names_values(story).then(|| self.own_checks(due)).flatten();
        let mut broken = self.judging.ended(tried, bend, outcome, own.as_deref());
        let mut follows = follows;
        match follows {
            Verdicts::Again(_) => {}
            Verdicts::Excused => self.judging.forget(tried),
            Verdicts::Settled | Verdicts::Never => {
                let (more, is_covered) = self.judging.settled(tried, &ended, own.as_deref());
                broken.extend(more);
                if follows == Verdicts::Never && is_covered {
                    follows = Verdicts::Excused;
                }
            }
        }
        if !broken.is_empty()
            && let Some(events) =
                self.told(due, response, follows == Verdicts::Settled, outcome.clone()).events(&self.setting.load)
        {
            broken.into_iter().for_each(|broken| self.judging.example(tried, broken, &events));
        }
        follows
    }

    /// What is expected of the answers to a call, with its values.
    fn own_checks(&mut self, due: &Due) -> Option<Vec<Check>> {
        let story = usize::from(due.story);
        let calls = self.setting.stories.get(story)?.calls.clone();
        let Some(known) = calls.known(due.call.into(), self.setting.started(due.start)) else {
            return Some(self.plan(story, due.call, due.start)?.contract.checks.clone());
        };
        let mut own = Contract { checks: calls.contract()?.checks.clone(), ..Contract::default() };
        own.fill(&&known).ok()?;
        Some(own.checks)
    }
}

/// What the faults of a plan make of an attempt.
pub(super) fn bend_of(plan: &Plan, due: &Due) -> Bend {
    let step = due.what.step();
    let offset = plan.deliveries.get(step).map(|delivery| delivery.offset).unwrap_or_default();
    let attempt = (!plan.faults.is_empty())
        .then(|| Attempt::alone(plan, step, due.what.target(), due.what.attempt(), offset))
        .flatten();
    attempt.map_or(Bend::default(), |attempt| Bend {
        is_spoilt: attempt.fate.is_spoilt(),
        is_on_wire: !attempt.fate.connection.is_clean(),
        is_answer_lost: attempt.fate.answer != Answer::Read,
    })
}
