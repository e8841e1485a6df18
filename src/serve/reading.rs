//! Runs as requests know them: started, listed, told, stopped; their calls, deliveries and events.

use super::Switchboard;
use super::answer::{Answered, Json, Nothing, Parameters, Part, blocking, json, ok};
use super::calls::{CallWhole, Calls};
use super::delivery::Delivery;
use super::problem::Problem;
use super::request::RunRequest;
use super::run::Run;
use super::start;
use super::stream::{self, Whose};
use super::told::Told;
use crate::delivery::Command;
use crate::event::milliseconds as ms;
use axum::extract::{FromRequestParts, State};
use axum::http::header::LOCATION;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use schemars::JsonSchema;
use serde::Serialize;
use std::sync::Arc;

/// How many deliveries are told at a time.
pub const PAGE_MAX: u64 = 500;
/// The same unless a request says otherwise.
const PAGE_DEFAULT: u64 = 100;

/// The run that the path names.
pub(super) struct Of(pub Arc<Run>);

impl FromRequestParts<Arc<Switchboard>> for Of {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, board: &Arc<Switchboard>) -> Result<Self, Problem> {
        let Part(id) = Part::<String>::from_request_parts(parts, board).await?;
        board.runs.get(&id).map(Of)
    }
}

/// The runs.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct RunList {
    /// The newest first.
    runs: Vec<Told>,
}

/// Deliveries of a run.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Page {
    /// In the order in which they were planned.
    deliveries: Vec<Delivery>,
    /// How many of the run are not kept any more.
    left_out: u64,
    /// What `after` has to be for those that follow; missing where none does.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<u64>,
}

pub(super) async fn create(State(board): State<Arc<Switchboard>>, Json(request): Json<RunRequest>) -> Answered {
    created(start::start(&board, request).await?.as_ref())
}

/// The same request once more, with the seed and the start that it had.
pub(super) async fn again(State(board): State<Arc<Switchboard>>, Of(run): Of, _: Nothing) -> Answered {
    let request = run.ready.request.clone();
    created(start::start(&board, request).await?.as_ref())
}

fn created(run: &Run) -> Answered {
    let mut answer = json(StatusCode::CREATED, &run.told());
    if let Ok(place) = HeaderValue::try_from(format!("/api/runs/{}", run.id())) {
        answer.headers_mut().insert(LOCATION, place);
    }
    Ok(answer)
}

pub(super) async fn list(State(board): State<Arc<Switchboard>>) -> Answered {
    ok(&RunList { runs: board.runs.told() })
}

pub(super) async fn read(Of(run): Of) -> Answered {
    ok(&run.whole())
}

pub(super) async fn stop(Of(run): Of, _: Nothing) -> Answered {
    run.stopper.stop();
    Ok(json(StatusCode::ACCEPTED, &run.told()))
}

pub(super) async fn remove(State(board): State<Arc<Switchboard>>, Part(id): Part<String>) -> Answered {
    board.runs.remove(&id)?;
    Ok(axum::response::IntoResponse::into_response(StatusCode::NO_CONTENT))
}

pub(super) async fn calls(Of(run): Of) -> Answered {
    ok(&Calls { calls: run.begun.told(&run.ledger()) })
}

pub(super) async fn call(State(board): State<Arc<Switchboard>>, Part((id, label)): Part<(String, String)>) -> Answered {
    let run = board.runs.get(&id)?;
    let now_ms = match run.wheel().filter(|wheel| wheel.call == label) {
        Some(wheel) => wheel.control.tell(Command::Look).await.ok().map(ms),
        None => None,
    };
    // Playing a long script takes a while, and others must not wait.
    let told = blocking(move || {
        let ledger = run.ledger();
        let Some(call) = run.begun.told(&ledger).into_iter().find(|call| call.call == label) else {
            return Err(Problem::missing(format!("the run `{id}` has no call `{label}`, or has it no more")));
        };
        let of_it = ledger.after(0).filter(|kept| kept.delivery.call == label).take(PAGE_MAX as usize);
        let deliveries_kept = of_it.cloned().collect();
        drop(ledger);
        Ok(CallWhole { call, now_ms, happenings: run.begun.happenings(&label, &run.ready), deliveries_kept })
    });
    ok(&told.await??)
}

pub(super) async fn deliveries(Of(run): Of, parameters: Parameters) -> Answered {
    parameters.only(&["after", "limit"])?;
    let after = parameters.number("after")?.unwrap_or(0);
    let limit = parameters.number("limit")?.unwrap_or(PAGE_DEFAULT);
    if !(1..=PAGE_MAX).contains(&limit) {
        return Err(Problem::unreadable(format!("`limit` goes from 1 to {PAGE_MAX}")));
    }
    let ledger = run.ledger();
    let mut found: Vec<Delivery> = ledger.after(after).take(limit as usize + 1).cloned().collect();
    let more = found.len() > limit as usize;
    found.truncate(limit as usize);
    let next = found.last().filter(|_| more).map(|last| last.n);
    ok(&Page { deliveries: found, left_out: ledger.left_out(), next })
}

pub(super) async fn delivery(
    State(board): State<Arc<Switchboard>>,
    Part((id, number)): Part<(String, String)>,
) -> Answered {
    let run = board.runs.get(&id)?;
    let ledger = run.ledger();
    let found = number.parse().ok().and_then(|number| ledger.get(number));
    match found {
        Some(delivery) => ok(delivery),
        None => Err(Problem::missing(format!("the run `{id}` has no delivery `{number}`, or has it no more"))),
    }
}

pub(super) async fn events(
    State(board): State<Arc<Switchboard>>,
    Of(run): Of,
    headers: HeaderMap,
    parameters: Parameters,
) -> Answered {
    stream::stream(&board, Whose::Run(run.id().to_owned()), Events(run), &headers, &parameters)
}

pub(super) async fn all_events(
    State(board): State<Arc<Switchboard>>,
    headers: HeaderMap,
    parameters: Parameters,
) -> Answered {
    let log = Arc::clone(&board.runs.all);
    stream::stream(&board, Whose::All(board.life.clone()), log, &headers, &parameters)
}

/// The events of a run, for as long as somebody reads them.
struct Events(Arc<Run>);

impl AsRef<super::log::Log> for Events {
    fn as_ref(&self) -> &super::log::Log {
        &self.0.log
    }
}
