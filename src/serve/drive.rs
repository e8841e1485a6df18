//! Driving a run: steps of its story, faults by hand, and the passing of scenario time.

use super::Switchboard;
use super::answer::{Answered, Json, Nothing, Part, ok};
use super::problem::Problem;
use super::run::{Run, Wheel};
use crate::clock::Pace;
use crate::delivery::{Command, Refusal};
use crate::duration;
use axum::extract::State;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

/// The longest delay by hand, and the longest time for which connections are refused, in scenario time.
pub const BY_HAND_MAX: Duration = Duration::from_secs(24 * 60 * 60);

/// A step of the story.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct StepRequest {
    /// The step, as a script has it.
    #[schemars(example = &"hangup: customer")]
    step: String,
}

/// What goes wrong next.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct FaultRequest {
    /// Which.
    fault: LiveFault,
    /// By how much, in scenario time: `delay-next` needs it.
    #[schemars(example = &"5s")]
    by: Option<String>,
    /// For how long, in scenario time: `refuse` needs it.
    #[serde(rename = "for")]
    #[schemars(example = &"10s")]
    length: Option<String>,
}

/// A fault by hand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(super) enum LiveFault {
    /// The next push never leaves.
    DropNext,
    /// The push that left last leaves once more.
    DuplicateLast,
    /// The next two pushes change places.
    SwapNext,
    /// The next push leaves so much later.
    DelayNext,
    /// For so long no attempt gets a connection.
    Refuse,
}

impl LiveFault {
    /// Every one with what it does.
    pub const ALL: [(LiveFault, &'static str); 5] = [
        (LiveFault::DropNext, "the next push never leaves"),
        (LiveFault::DuplicateLast, "the push that left last leaves once more"),
        (LiveFault::SwapNext, "the next two pushes change places"),
        (LiveFault::DelayNext, "the next push leaves later, by `by`"),
        (LiveFault::Refuse, "no attempt gets a connection, for `for`"),
    ];
}

/// How scenario time passes from now on.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct PaceRequest {
    /// `fast`, or scenario seconds in a real one.
    #[schemars(regex(pattern = super::request::PACE_PATTERN), example = &"60x")]
    pace: String,
}

/// What was done.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Done {
    /// When, in scenario time.
    offset_ms: u64,
    /// What, in words.
    done: String,
}

/// What can be done.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Possible {
    /// Scenario time.
    offset_ms: u64,
    /// The steps that can happen now.
    possible: Vec<String>,
}

pub(super) async fn possible(State(board): State<Arc<Switchboard>>, Part(id): Part<String>) -> Answered {
    let run = board.runs.get(&id)?;
    let wheel = wheel(&run)?;
    let now = told(&wheel, Command::Look).await?;
    let trying = tokio::task::spawn_blocking(move || wheel.live.possible(now));
    let possible = trying.await.map_err(|error| Problem::broken(error.to_string()))?;
    ok(&Possible { offset_ms: ms(now), possible })
}

pub(super) async fn step(
    State(board): State<Arc<Switchboard>>,
    Part(id): Part<String>,
    Json(StepRequest { step }): Json<StepRequest>,
) -> Answered {
    let run = board.runs.get(&id)?;
    let wheel = wheel(&run)?;
    let replan = wheel.live.step(&step)?;
    done(&wheel, Command::Replan(replan), step).await
}

pub(super) async fn fault(
    State(board): State<Arc<Switchboard>>,
    Part(id): Part<String>,
    Json(FaultRequest { fault, by, length }): Json<FaultRequest>,
) -> Answered {
    let run = board.runs.get(&id)?;
    let command = match (fault, by.as_deref(), length.as_deref()) {
        (LiveFault::DropNext, None, None) => Command::DropNext,
        (LiveFault::DuplicateLast, None, None) => Command::DuplicateLast,
        (LiveFault::SwapNext, None, None) => Command::SwapNext,
        (LiveFault::DelayNext, Some(by), None) => Command::DelayNext(a_length("by", by)?),
        (LiveFault::Refuse, None, Some(length)) => Command::Refuse(a_length("for", length)?),
        (LiveFault::DelayNext, ..) => return Err(Problem::wrong("`delay-next` takes `by`, and nothing else")),
        (LiveFault::Refuse, ..) => return Err(Problem::wrong("`refuse` takes `for`, and nothing else")),
        (LiveFault::DropNext | LiveFault::DuplicateLast | LiveFault::SwapNext, ..) => {
            return Err(Problem::wrong("`by` belongs to `delay-next`, and `for` to `refuse`"));
        }
    };
    let words = command.words();
    done(&wheel(&run)?, command, words).await
}

pub(super) async fn pause(State(board): State<Arc<Switchboard>>, Part(id): Part<String>, _: Nothing) -> Answered {
    let run = board.runs.get(&id)?;
    let answered = done(&wheel(&run)?, Command::Pause, Command::Pause.words()).await?;
    run.is_still.store(true, Ordering::Relaxed);
    Ok(answered)
}

pub(super) async fn resume(State(board): State<Arc<Switchboard>>, Part(id): Part<String>, _: Nothing) -> Answered {
    let run = board.runs.get(&id)?;
    let answered = done(&wheel(&run)?, Command::Resume, Command::Resume.words()).await?;
    run.is_still.store(false, Ordering::Relaxed);
    Ok(answered)
}

/// While scenario time stands still: the next push leaves.
pub(super) async fn next(State(board): State<Arc<Switchboard>>, Part(id): Part<String>, _: Nothing) -> Answered {
    let run = board.runs.get(&id)?;
    done(&wheel(&run)?, Command::StepOnce, Command::StepOnce.words()).await
}

pub(super) async fn pace(
    State(board): State<Arc<Switchboard>>,
    Part(id): Part<String>,
    Json(PaceRequest { pace }): Json<PaceRequest>,
) -> Answered {
    let run = board.runs.get(&id)?;
    let pace: Pace = pace.parse().map_err(|told| Problem::wrong(format!("`pace`: {told}")))?;
    let command = Command::Pace(pace);
    let words = command.words();
    done(&wheel(&run)?, command, words).await
}

fn wheel(run: &Run) -> Result<Wheel, Problem> {
    run.wheel().ok_or_else(over)
}

fn over() -> Problem {
    Problem::conflict("the run is over").help("start another one: POST /api/runs")
}

async fn done(wheel: &Wheel, command: Command, words: String) -> Answered {
    let now = told(wheel, command).await?;
    ok(&Done { offset_ms: ms(now), done: words })
}

async fn told(wheel: &Wheel, command: Command) -> Result<Duration, Problem> {
    wheel.control.tell(command).await.map_err(|refusal| match refusal {
        Refusal::Over => over(),
        Refusal::Impossible(reason) => Problem::conflict(reason),
    })
}

fn a_length(name: &str, text: &str) -> Result<Duration, Problem> {
    match duration::parse(text) {
        Ok(Duration::ZERO) => Err(Problem::wrong(format!("`{name}` must be longer than nothing"))),
        Ok(length) if length > BY_HAND_MAX => {
            Err(Problem::wrong(format!("`{name}` can be {} at most", duration::text(BY_HAND_MAX))))
        }
        Ok(length) => Ok(length),
        Err(told) => Err(Problem::wrong(format!("`{name}`: {told}"))),
    }
}

fn ms(length: Duration) -> u64 {
    u64::try_from(length.as_millis()).unwrap_or(u64::MAX)
}
