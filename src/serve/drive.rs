//! Driving a run: steps of its story, faults by hand, and the passing of scenario time.

use super::answer::{Answered, Json, Nothing, blocking, ok};
use super::problem::Problem;
use super::reading::Of;
use super::run::{Run, Wheel};
use crate::clock::{self, Pace};
use crate::delivery::{Command, Refusal};
use crate::duration;
use crate::event::milliseconds as ms;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::sync::atomic::Ordering;
use std::time::Duration;

/// The longest delay by hand, and the longest time for which connections are refused, in scenario time.
pub const BY_HAND_MAX: Duration = Duration::from_secs(24 * 60 * 60);
/// How long a command waits for the next call of a run, where one has just ended.
const BETWEEN_CALLS_MAX: Duration = Duration::from_secs(5);
/// How often it looks.
const BETWEEN_CALLS_LOOK: Duration = Duration::from_millis(5);

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

pub(super) async fn possible(Of(run): Of) -> Answered {
    let (now, wheel) = told(&run, |_| Ok(Command::Look)).await?;
    ok(&Possible { offset_ms: ms(now), possible: blocking(move || wheel.live.possible(now)).await? })
}

pub(super) async fn step(Of(run): Of, Json(StepRequest { step }): Json<StepRequest>) -> Answered {
    let replan = |wheel: &Wheel| {
        let replan = wheel.live.step(&step).map_err(|wrong| Problem::from(wrong).of("/step"))?;
        Ok(Command::Replan(replan))
    };
    done(told(&run, replan).await?.0, step.clone())
}

pub(super) async fn fault(Of(run): Of, Json(FaultRequest { fault, by, length }): Json<FaultRequest>) -> Answered {
    let by = by.as_deref().map(|by| a_length("by", by)).transpose()?;
    let length = length.as_deref().map(|length| a_length("for", length)).transpose()?;
    let command = || match (fault, by, length) {
        (LiveFault::DropNext, None, None) => Ok(Command::DropNext),
        (LiveFault::DuplicateLast, None, None) => Ok(Command::DuplicateLast),
        (LiveFault::SwapNext, None, None) => Ok(Command::SwapNext),
        (LiveFault::DelayNext, Some(by), None) => Ok(Command::DelayNext(by)),
        (LiveFault::Refuse, None, Some(length)) => Ok(Command::Refuse(length)),
        (LiveFault::DelayNext, ..) => Err(Problem::at("/by", "`delay-next` takes `by`, and nothing else")),
        (LiveFault::Refuse, ..) => Err(Problem::at("/for", "`refuse` takes `for`, and nothing else")),
        (LiveFault::DropNext | LiveFault::DuplicateLast | LiveFault::SwapNext, by, _) => {
            let place = if by.is_some() { "/by" } else { "/for" };
            Err(Problem::at(place, "`by` belongs to `delay-next`, and `for` to `refuse`"))
        }
    };
    let words = command()?.words();
    done(told(&run, |_| command()).await?.0, words)
}

pub(super) async fn pause(Of(run): Of, _: Nothing) -> Answered {
    kept(&run, || Command::Pause, |run| run.is_still.store(true, Ordering::Relaxed)).await
}

pub(super) async fn resume(Of(run): Of, _: Nothing) -> Answered {
    kept(&run, || Command::Resume, |run| run.is_still.store(false, Ordering::Relaxed)).await
}

/// While scenario time stands still: the next push leaves.
pub(super) async fn next(Of(run): Of, _: Nothing) -> Answered {
    done(told(&run, |_| Ok(Command::StepOnce)).await?.0, Command::StepOnce.words())
}

pub(super) async fn pace(Of(run): Of, Json(PaceRequest { pace }): Json<PaceRequest>) -> Answered {
    let pace: Pace = pace.parse().map_err(|told| Problem::at("/pace", format!("`pace`: {told}")))?;
    kept(&run, || Command::Pace(pace), |run| run.set_pace(pace)).await
}

fn over() -> Problem {
    Problem::conflict("the run is over").help("start another one: POST /api/runs")
}

fn done(now: Duration, words: String) -> Answered {
    ok(&Done { offset_ms: ms(now), done: words })
}

/// Gives a command to the call that is played, and to the next one where that one has just ended. The moment at which it was
/// obeyed, and what drives that call.
async fn told(run: &Run, command: impl Fn(&Wheel) -> Result<Command, Problem>) -> Result<(Duration, Wheel), Problem> {
    let began = clock::steady();
    loop {
        let wheel = run.wheel().ok_or_else(over)?;
        match wheel.control.tell(command(&wheel)?).await {
            Ok(now) => return Ok((now, wheel)),
            Err(Refusal::Impossible(reason)) => return Err(Problem::conflict(reason)),
            Err(Refusal::Over) if run.is_last(&wheel) => return Err(over()),
            Err(Refusal::Over) if began.elapsed() > BETWEEN_CALLS_MAX => {
                return Err(Problem::conflict("one call is over, and the next has not begun").help("try again"));
            }
            Err(Refusal::Over) => tokio::time::sleep(BETWEEN_CALLS_LOOK).await,
        }
    }
}

/// The same for what holds for the calls that follow, too.
async fn kept(run: &Run, command: impl Fn() -> Command, keep: impl Fn(&Run)) -> Answered {
    let (now, wheel) = told(run, |_| Ok(command())).await?;
    keep(run);
    // A call that began meanwhile has not heard of it.
    if let Some(next) = run.wheel().filter(|next| next.number != wheel.number) {
        let _ = next.control.tell(command()).await;
    }
    done(now, command().words())
}

fn a_length(name: &str, text: &str) -> Result<Duration, Problem> {
    let wrong = |told| Problem::at(&format!("/{name}"), told);
    match duration::parse(text) {
        Ok(Duration::ZERO) => Err(wrong(format!("`{name}` must be longer than nothing"))),
        Ok(length) if length > BY_HAND_MAX => {
            Err(wrong(format!("`{name}` can be {} at most", duration::text(BY_HAND_MAX))))
        }
        Ok(length) => Ok(length),
        Err(told) => Err(wrong(format!("`{name}`: {told}"))),
    }
}
