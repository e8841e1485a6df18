//! Events as a stream (`text/event-stream`), resumable by their ids. A reader that is too slow is told how many it missed.

use super::Switchboard;
use super::answer::Parameters;
use super::log::{Batch, Log};
use super::problem::Problem;
use axum::body::Body;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use http_body_util::channel::{Channel, Sender};
use std::fmt::Write;
use std::sync::Arc;
use std::time::Duration;

/// How many readers there can be at a time.
pub const READERS_MAX: usize = 512;
/// How often a reader hears from the server when nothing happens.
pub const HEARTBEAT: Duration = Duration::from_secs(15);
/// How many pieces wait for a reader that does not read; everything else waits in the log.
const PIECES_MAX: usize = 1;
/// How long a reader should wait before it comes back, in milliseconds.
const RETRY_MS: u64 = 1_000;

/// Whose events they are, and how their ids are written.
#[derive(Clone)]
pub(super) enum Whose {
    /// One run's: the id is the number.
    Run(String),
    /// All runs': the id begins with what names this server's life, because the numbers begin anew with the next.
    All(String),
}

impl Whose {
    fn id(&self, number: u64) -> String {
        match self {
            Whose::Run(_) => number.to_string(),
            Whose::All(life) => format!("{life}-{number}"),
        }
    }

    /// The number of the event that a reader has seen last; none of this life where the id is another's.
    fn seen(&self, id: &str) -> Result<u64, Problem> {
        let wrong = || Problem::unreadable(format!("`{id}` is not the id of an event"));
        match self {
            Whose::Run(_) => id.parse().map_err(|_| wrong()),
            Whose::All(life) => {
                let (of, number) = id.rsplit_once('-').ok_or_else(wrong)?;
                let number = number.parse().map_err(|_| wrong())?;
                Ok(if of == life { number } else { 0 })
            }
        }
    }

    fn missed(&self, count: u64) -> String {
        match self {
            Whose::Run(run) => format!(r#"{{"run":"{run}","event":"missed","count":{count}}}"#),
            Whose::All(_) => format!(r#"{{"event":"missed","count":{count}}}"#),
        }
    }
}

/// The events of a log from where the reader was.
pub(super) fn stream(
    board: &Arc<Switchboard>,
    whose: Whose,
    log: impl AsRef<Log> + Send + Sync + 'static,
    headers: &HeaderMap,
    parameters: &Parameters,
) -> Result<Response, Problem> {
    parameters.only(&["after"])?;
    let asked = headers.get("last-event-id").map(|id| String::from_utf8_lossy(id.as_bytes()).into_owned());
    let seen = match asked.as_deref().filter(|id| !id.is_empty()).or(parameters.get("after")) {
        None => 0,
        Some("now") => log.as_ref().range().1,
        Some(id) => whose.seen(id)?,
    };
    // A browser comes back after every end; this tells it not to.
    if log.as_ref().is_over() && log.as_ref().range().1 <= seen {
        return Ok(StatusCode::NO_CONTENT.into_response());
    }
    let place = Arc::clone(&board.readers).try_acquire_owned();
    let place =
        place.map_err(|_| Problem::too_much(format!("{READERS_MAX} readers are listening already (readers_max)")))?;
    let (sender, body) = Channel::<Bytes, std::convert::Infallible>::new(PIECES_MAX);
    let board = Arc::clone(board);
    tokio::spawn(async move {
        board.metrics.readers.inc();
        tokio::select! {
            () = board.stop.requested() => {}
            () = tell(&board, &whose, log.as_ref(), seen, sender) => {}
        }
        board.metrics.readers.dec();
        drop(place);
    });
    let mut response = Body::new(body).into_response();
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/event-stream"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(response)
}

/// Tells a reader until it goes or nothing is left to tell.
async fn tell(board: &Switchboard, whose: &Whose, log: &Log, mut seen: u64, mut reader: Sender<Bytes>) {
    let mut growth = log.growth();
    let mut text = format!("retry: {RETRY_MS}\n\n");
    loop {
        growth.mark_unchanged();
        let Batch { missed, before, events, is_over } = log.after(seen);
        if missed > 0 {
            board.metrics.missed.inc_by(missed);
            write_event(&mut text, &whose.id(before), &whose.missed(missed));
        }
        seen = before;
        for event in &events {
            seen += 1;
            write_event(&mut text, &whose.id(seen), event);
        }
        if !text.is_empty() && reader.send_data(std::mem::take(&mut text).into()).await.is_err() {
            return;
        }
        if is_over {
            return;
        }
        if !events.is_empty() {
            continue;
        }
        match tokio::time::timeout(HEARTBEAT, growth.changed()).await {
            Ok(Ok(())) => {}
            Ok(Err(_)) => return,
            Err(_) => text.push_str(":\n\n"),
        }
    }
}

fn write_event(text: &mut String, id: &str, data: &str) {
    // JSON has no line breaks, so one line holds it.
    let _ = write!(text, "id: {id}\ndata: {data}\n\n");
}
