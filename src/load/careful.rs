//! The careful way: attempts of which a fault bends more than the request, that go over TLS or to an address of their own,
//! each in a task and by its full plan. Slower, and bounded.

use super::CAREFUL_MAX;
use super::judging::Bend;
use super::queue::Due;
use crate::clock;
use crate::delivery::{Attempt, AttemptOutcome, Failure, Outgoing, Transport, Verdict, judge};
use crate::event::{FailureClass, Phase, Timing};
use crate::faults::Answer;
use crate::plan::Plan;
use crate::vendors::Acknowledgement;
use std::collections::HashMap;
use std::sync::Arc;
use std::sync::mpsc::Sender;
use std::time::{Duration, Instant};
use tokio::sync::mpsc::UnboundedReceiver;
use tokio::task::JoinSet;

/// An attempt that goes the careful way.
pub struct Job {
    /// Which.
    pub due: Due,
    /// The plan of its call.
    pub plan: Arc<Plan>,
    /// Whose it is.
    pub worker: usize,
}

/// How it ended.
pub struct Landed {
    /// Which.
    pub due: Due,
    /// How.
    pub outcome: AttemptOutcome,
    /// What follows.
    pub verdict: Verdicts,
    /// When it began.
    pub began: Instant,
    /// The faults that struck it, by what tells each apart from the others.
    pub struck: Vec<Arc<str>>,
    /// What these have made of it.
    pub bend: Bend,
}

/// What follows an attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdicts {
    /// Nothing: the push is acknowledged.
    Settled,
    /// Another attempt, after this wait in scenario time.
    Again(Duration),
    /// Nothing: the push is lost.
    Never,
    /// Nothing: the push is lost to its own fault.
    Excused,
}

/// Where what has landed goes: the worker's ear, and what wakes it.
pub type Home = (Sender<Landed>, mio::Waker);

/// Makes the attempts that come, until nobody sends any.
pub async fn attempts(mut jobs: UnboundedReceiver<Job>, homes: Vec<Home>, transport: Transport) {
    let mut under_way = JoinSet::new();
    let mut dues = HashMap::new();
    loop {
        tokio::select! {
            job = jobs.recv(), if under_way.len() < CAREFUL_MAX => match job {
                Some(job) => {
                    let transport = transport.clone();
                    let whose = (job.worker, job.due);
                    let task = under_way.spawn(async move { attempt(job, &transport).await });
                    dues.insert(task.id(), whose);
                }
                None => return,
            },
            Some(landed) = under_way.join_next_with_id(), if !under_way.is_empty() => {
                let (id, landed) = match landed {
                    Ok((id, landed)) => (id, Ok(landed)),
                    Err(error) => (error.id(), Err(error)),
                };
                let Some((worker, due)) = dues.remove(&id) else { continue };
                let Some((home, waker)) = homes.get(worker) else { continue };
                let _ = home.send(landed.unwrap_or_else(|error| broken_off(due, &format!("the attempt broke off: {error}"))));
                let _ = waker.wake();
            }
        }
    }
}

/// An attempt that could not be made.
fn broken_off(due: Due, message: &str) -> Landed {
    let failure = Failure::new(FailureClass::Unsendable, Phase::Write, message);
    let outcome = AttemptOutcome::Failed { failure, timing: Timing::default() };
    Landed { due, outcome, verdict: Verdicts::Never, began: clock::steady(), struck: Vec::new(), bend: Bend::default() }
}

async fn attempt(Job { due, plan, .. }: Job, transport: &Transport) -> Landed {
    let began = clock::steady();
    let number = due.what.attempt();
    let offset = plan.deliveries.get(due.what.step()).map(|delivery| delivery.offset).unwrap_or_default();
    let Some(attempt) = Attempt::alone(&plan, due.what.step(), due.what.target(), number, offset) else {
        return broken_off(due, "the plan of the call has no such push");
    };
    let outgoing = Outgoing::of(&plan, &attempt, clock::now());
    let outcome = match attempt.fate.connection.is_clean() {
        true => transport.send(&outgoing).await,
        false => transport.play(&outgoing, &attempt.fate.connection).await.into_outcome(),
    };
    let answer = attempt.fate.answer;
    let bend = Bend {
        is_spoilt: attempt.fate.is_spoilt(),
        is_on_wire: !attempt.fate.connection.is_clean(),
        is_answer_lost: answer != Answer::Read,
    };
    let acknowledged = !matches!(outcome.verdict(&plan, &attempt.delivery, answer), Acknowledgement::No(_));
    let verdict = match acknowledged {
        true => Verdicts::Settled,
        false => {
            let target = u32::try_from(due.what.target() + 1).unwrap_or(u32::MAX);
            match judge(&plan, &attempt.delivery, target, number, &outcome, answer, attempt.at) {
                Verdict::Again { wait, .. } => Verdicts::Again(wait),
                Verdict::Never(_)
                    if outcome.is_excused(attempt.fate.is_spoilt(), attempt.fate.connection.is_clean()) =>
                {
                    Verdicts::Excused
                }
                Verdict::Never(_) => Verdicts::Never,
            }
        }
    };
    Landed { due, outcome, verdict, began, struck: plan.faults.marks(&attempt.fate.bent), bend }
}
