//! The inboxes by the API: listed, told, made to behave otherwise, removed.

use super::Switchboard;
use super::answer::{Answered, Json, Part, json, ok};
use super::inbox::{DELAY_MAX, Inbox, Kept, missing};
use super::problem::Problem;
use crate::duration;
use crate::receive::Behaviour;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// How an inbox shall behave.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct InboxRequest {
    /// A word that `GET /api/inboxes` lists.
    #[schemars(extend("enum" = behaviours()))]
    behaviour: String,
    /// How late `slow` answers.
    #[schemars(example = &"2s")]
    delay: Option<String>,
}

/// The inboxes.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct InboxList {
    inboxes: Vec<InboxTold>,
    /// How an inbox can behave.
    behaviours: Vec<&'static str>,
}

/// An inbox.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct InboxTold {
    name: String,
    /// Where it receives.
    url: String,
    /// How it answers.
    behaviour: &'static str,
    /// How many requests came.
    received: u64,
    /// How many of them are kept.
    kept: usize,
}

/// An inbox with what it keeps.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct InboxWhole {
    #[serde(flatten)]
    told: InboxTold,
    /// The newest, in the order in which they came.
    requests: Vec<Kept>,
}

pub(super) async fn list(State(board): State<Arc<Switchboard>>) -> Answered {
    let inboxes = board.inboxes.list().clone();
    ok(&InboxList {
        inboxes: inboxes.iter().map(|(name, inbox)| told(inbox, name, &board)).collect(),
        behaviours: behaviours(),
    })
}

pub(super) async fn read(State(board): State<Arc<Switchboard>>, Part(name): Part<String>) -> Answered {
    let inbox = board.inboxes.get(&name)?;
    let told = told(&inbox, &name, &board);
    let requests = inbox.requests();
    ok(&InboxWhole { told, requests })
}

/// Sets how an inbox behaves; what it keeps stays.
pub(super) async fn put(
    State(board): State<Arc<Switchboard>>,
    Part(name): Part<String>,
    Json(InboxRequest { behaviour, delay }): Json<InboxRequest>,
) -> Answered {
    let behaviour: Behaviour = behaviour.parse().map_err(|told: String| Problem::at("/behaviour", told))?;
    let late = |told: String| Problem::at("/delay", told);
    let delay = delay.as_deref().map(duration::parse).transpose();
    let behaviour = match (behaviour, delay.map_err(|told| late(format!("`delay`: {told}")))?) {
        (Behaviour::Slow { .. }, Some(delay)) if delay <= DELAY_MAX => Behaviour::Slow { delay },
        (Behaviour::Slow { .. }, Some(_)) => {
            return Err(late(format!("`delay` can be {} at most", duration::text(DELAY_MAX))));
        }
        (behaviour, None) => behaviour,
        (_, Some(_)) => return Err(late("`delay` says how late the behaviour `slow` answers".to_owned())),
    };
    let (inbox, is_new) = board.inboxes.set(&name, behaviour)?;
    let status = if is_new { StatusCode::CREATED } else { StatusCode::OK };
    Ok(json(status, &told(&inbox, &name, &board)))
}

pub(super) async fn remove(State(board): State<Arc<Switchboard>>, Part(name): Part<String>) -> Answered {
    match board.inboxes.list().remove(&name) {
        Some(_) => Ok(StatusCode::NO_CONTENT.into_response()),
        None => Err(missing(&name)),
    }
}

fn told(inbox: &Inbox, name: &str, board: &Switchboard) -> InboxTold {
    InboxTold {
        name: name.to_owned(),
        url: format!("{}inbox/{name}", board.origin),
        behaviour: inbox.behaviour().as_str(),
        received: inbox.received(),
        kept: inbox.kept().len(),
    }
}

fn behaviours() -> Vec<&'static str> {
    Behaviour::all().map(|(_, word)| word).collect()
}
