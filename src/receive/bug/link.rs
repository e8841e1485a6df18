//! Bugs in how a receiver reads from the network, and how many it can serve.

use super::{Request, failed};
use crate::receive::behaviour::Answer;
use std::sync::{Arc, OnceLock};
use std::time::Duration;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// How long a second connection waits for the first to end.
const SEAT_MAX: Duration = Duration::from_millis(500);

/// As where one read is taken for the whole body.
pub(super) fn reads_one_segment(request: &Request<'_>) -> Option<Answer> {
    match request.segment_ends.first().is_some_and(|end| *end < request.captured.body.len()) {
        true => failed(500, "unexpected end of input"),
        false => None,
    }
}

/// As where each buffer is made a string before they are joined.
pub(super) fn decodes_each_segment(request: &Request<'_>) -> Option<Answer> {
    let mut from = 0;
    for end in request.segment_ends {
        let segment = request.captured.body.get(from..*end).unwrap_or_default();
        if std::str::from_utf8(segment).is_err() {
            return failed(500, "invalid continuation byte");
        }
        from = *end;
    }
    None
}

/// As a server without threads.
pub(super) fn single_connection(request: &Request<'_>) -> Option<Answer> {
    match request.is_seated {
        true => None,
        false => failed(503, "busy with another connection"),
    }
}

/// The one place of a receiver that serves one connection at a time, as a connection holds it or not.
#[derive(Debug)]
pub(crate) struct Seat {
    place: Arc<Semaphore>,
    /// Given back when the connection is dropped.
    taken: OnceLock<OwnedSemaphorePermit>,
}

impl Seat {
    /// The seat of the first connection.
    pub(crate) fn new() -> Self {
        Self { place: Arc::new(Semaphore::new(1)), taken: OnceLock::new() }
    }

    /// What another connection has.
    pub(crate) fn next(&self) -> Self {
        Self { place: Arc::clone(&self.place), taken: OnceLock::new() }
    }

    /// Takes the place, unless another connection keeps it.
    pub(crate) async fn take(&self) -> bool {
        if self.taken.get().is_some() {
            return true;
        }
        let place = Arc::clone(&self.place).acquire_owned();
        match tokio::time::timeout(SEAT_MAX, place).await {
            Ok(Ok(permit)) => self.taken.set(permit).is_ok(),
            Ok(Err(_)) | Err(_) => false,
        }
    }
}
