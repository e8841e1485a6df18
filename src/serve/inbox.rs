//! Receivers inside: each inbox takes whatever is sent to `/inbox/{name}`, answers by its behaviour, and keeps the last requests.

use super::Switchboard;
use super::answer::{Answered, Part, unread};
use super::body;
use super::problem::Problem;
use crate::clock;
use crate::event::up_to;
use crate::http::{Secrets, masked};
use crate::receive::{self, Behaviour, Mind, Received};
use crate::vendors;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, VecDeque};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// How many inboxes there can be.
pub const INBOXES_MAX: usize = 100;
/// How many requests an inbox keeps, the newest.
pub const REQUESTS_KEPT_MAX: usize = 100;
/// How many bytes of bodies an inbox keeps.
pub const REQUESTS_KEPT_MAX_BYTES: usize = 1024 * 1024;
/// The longest name of an inbox.
pub const NAME_MAX_CHARS: usize = 64;
/// The longest time that a slow inbox takes to answer.
pub const DELAY_MAX: Duration = Duration::from_secs(10 * 60);

/// All inboxes.
#[derive(Default)]
pub(super) struct Inboxes(Mutex<BTreeMap<String, Arc<Inbox>>>);

/// One inbox.
pub(super) struct Inbox {
    /// How it answers; another one where it is told to behave otherwise.
    mind: Mutex<Arc<Mind>>,
    received: AtomicU64,
    kept: Mutex<VecDeque<Kept>>,
}

/// A request that came.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(super) struct Kept {
    /// Its number, from 1.
    number: u64,
    /// When it came, in milliseconds since 1970.
    received_ms: i64,
    method: String,
    path: String,
    query: String,
    /// In the order in which they came; of secret values only the scheme, as in `Bearer ***`.
    #[schemars(with = "Vec<[String; 2]>")]
    headers: Vec<(String, String)>,
    /// The body as text; wrong bytes are replaced, and what is too long is cut off.
    body: String,
    /// The vendor's id, where it is a push.
    #[serde(skip_serializing_if = "Option::is_none")]
    vendor: Option<&'static str>,
    /// Vendor and push, where it is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    push: Option<String>,
    /// What it was answered; missing where the inbox hung up.
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<u16>,
}

/// Marks an answer that is none: the connection is closed instead.
#[derive(Clone, Copy)]
pub(super) struct HangUp;

impl Inboxes {
    /// The inbox of this name; one that answers as the vendors expect is made where there is none.
    fn open(&self, name: &str) -> Result<Arc<Inbox>, Problem> {
        if let Some(inbox) = self.list().get(name) {
            return Ok(Arc::clone(inbox));
        }
        self.set(name, Behaviour::Ok).map(|(inbox, _)| inbox)
    }

    /// Makes an inbox, or lets one behave otherwise, which keeps what it has; whether it is a new one.
    pub fn set(&self, name: &str, behaviour: Behaviour) -> Result<(Arc<Inbox>, bool), Problem> {
        let fits = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
        if name.is_empty() || name.len() > NAME_MAX_CHARS || !name.chars().all(fits) {
            return Err(Problem::missing(format!("an inbox cannot be called `{name}`"))
                .help(format!("up to {NAME_MAX_CHARS} letters, digits, `-`, `_` and `.`")));
        }
        let mut list = self.list();
        if !list.contains_key(name) && list.len() >= INBOXES_MAX {
            return Err(Problem::too_much(format!("there are {INBOXES_MAX} inboxes already (inboxes_max)"))
                .help("DELETE /api/inboxes/{name} removes one"));
        }
        let mind = Mutex::new(Arc::new(Mind::new(behaviour, vendors::ALL)));
        if let Some(inbox) = list.get(name) {
            std::mem::swap(&mut *lock(&inbox.mind), &mut *lock(&mind));
            return Ok((Arc::clone(inbox), false));
        }
        let inbox = Arc::new(Inbox { mind, received: AtomicU64::new(0), kept: Mutex::default() });
        list.insert(name.to_owned(), Arc::clone(&inbox));
        Ok((inbox, true))
    }

    pub fn get(&self, name: &str) -> Result<Arc<Inbox>, Problem> {
        self.list().get(name).cloned().ok_or_else(|| missing(name))
    }

    pub fn list(&self) -> MutexGuard<'_, BTreeMap<String, Arc<Inbox>>> {
        lock(&self.0)
    }
}

/// Nothing has this name.
pub(super) fn missing(name: &str) -> Problem {
    Problem::missing(format!("there is no inbox `{name}`")).help("GET /api/inboxes lists them; a push makes one")
}

impl Inbox {
    /// How it answers.
    pub fn behaviour(&self) -> Behaviour {
        self.mind().behaviour
    }

    /// How many requests came.
    pub fn received(&self) -> u64 {
        self.received.load(Ordering::Relaxed)
    }

    /// The newest requests, in the order in which they came.
    pub fn requests(&self) -> Vec<Kept> {
        self.kept().iter().cloned().collect()
    }

    fn mind(&self) -> Arc<Mind> {
        Arc::clone(&lock(&self.mind))
    }

    fn keep(&self, received: Received, secrets: &Secrets) {
        let Received { captured, recognised, status } = received;
        let veiled = |mut text: String| {
            secrets.veil(&mut text);
            text
        };
        let body = veiled(String::from_utf8_lossy(&captured.body).into_owned());
        let headers = masked(&captured.headers).into_iter().map(|(name, value)| (name, veiled(value))).collect();
        let mut kept = self.kept();
        let number = self.received.fetch_add(1, Ordering::Relaxed) + 1;
        kept.push_back(Kept {
            number,
            received_ms: clock::now().as_millisecond(),
            method: captured.method,
            path: veiled(captured.path),
            query: veiled(captured.query),
            headers,
            body: up_to(&body, super::teller::BODY_KEPT_MAX_BYTES).to_owned(),
            vendor: recognised.map(|(vendor, _)| vendor),
            push: recognised.map(|(vendor, push)| format!("{vendor}:{push}")),
            status,
        });
        let mut bytes: usize = kept.iter().map(|kept| kept.body.len()).sum();
        while kept.len() > REQUESTS_KEPT_MAX || (bytes > REQUESTS_KEPT_MAX_BYTES && kept.len() > 1) {
            bytes -= kept.pop_front().map_or(0, |kept| kept.body.len());
        }
    }

    pub fn kept(&self) -> MutexGuard<'_, VecDeque<Kept>> {
        lock(&self.kept)
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // Nothing that is locked here is ever half changed.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Takes a request whatever it is, and answers as the inbox behaves.
pub(super) async fn receive(State(board): State<Arc<Switchboard>>, name: Part<Named>, request: Request) -> Response {
    match received(&board, &name.0.name, request).await {
        Ok(response) => response,
        Err(problem) => problem.into_response(),
    }
}

/// The part of the path that names an inbox; what follows is the sender's.
#[derive(Debug, Deserialize)]
pub(super) struct Named {
    name: String,
}

async fn received(board: &Switchboard, name: &str, request: Request) -> Answered {
    let inbox = board.inboxes.open(name)?;
    board.metrics.inbox.inc();
    let captured = body::capture(request, receive::BODY_MAX_BYTES).await;
    let captured = captured.map_err(|why| unread(why, receive::BODY_MAX_BYTES))?;
    let ends = [captured.body.len()];
    let (received, answer) = inbox.mind().answer(captured, &ends, true);
    inbox.keep(received, &board.secrets);
    let Some(answer) = answer else {
        let mut none = StatusCode::NO_CONTENT.into_response();
        none.extensions_mut().insert(HangUp);
        return Ok(none);
    };
    if !answer.after.is_zero() {
        tokio::select! {
            () = tokio::time::sleep(answer.after) => {}
            () = board.stop.requested() => {}
        }
    }
    let mut response = Response::new(Body::from(answer.body.into_owned()));
    *response.status_mut() = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::OK);
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(answer.content_type));
    Ok(response)
}
