//! Waits until a receiver is ready, before anything is sent to it.

use super::attempt::AttemptOutcome;
use super::request::Outgoing;
use super::send::Transport;
use crate::clock;
use crate::http::{Secrets, shown};
use std::fmt;
use std::time::Duration;
use url::Url;

/// How long one question may take.
const QUESTION_MAX: Duration = Duration::from_secs(2);
/// How long to rest between two questions.
const REST: Duration = Duration::from_millis(100);

/// A receiver that was not ready within the limit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotReady {
    /// The address that was asked.
    pub url: Url,
    /// How long it was asked.
    pub limit: Duration,
    /// What went wrong at last.
    pub last: String,
}

impl fmt::Display for NotReady {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut secrets = Secrets::default();
        secrets.add_url(&self.url);
        let mut told = format!("{} was not ready within {:?}: {}", shown(&self.url), self.limit, self.last);
        secrets.veil(&mut told);
        f.write_str(&told)
    }
}

impl std::error::Error for NotReady {}

/// Whether a receiver that answers this is up: not a proxy that speaks for one which is still starting.
pub fn is_up(status: u16) -> bool {
    !matches!(status, 502..=504)
}

/// Asks `url` by GET until it answers with a status that `is_ready` takes.
///
/// # Errors
/// Where it has not answered so within `limit`.
pub async fn wait_for(
    transport: &Transport,
    url: &Url,
    limit: Duration,
    is_ready: &(dyn Fn(u16) -> bool + Sync),
) -> Result<(), NotReady> {
    let began = clock::steady();
    let mut last = "it was not asked, the limit is too short".to_owned();
    loop {
        let left = limit.saturating_sub(began.elapsed());
        if left.is_zero() {
            return Err(NotReady { url: url.clone(), limit, last });
        }
        match transport.send(&Outgoing::get(url, left.min(QUESTION_MAX))).await {
            AttemptOutcome::Replied { reply, .. } if is_ready(reply.status) => return Ok(()),
            AttemptOutcome::Replied { reply, .. } => last = format!("it answered {}", reply.status),
            AttemptOutcome::Failed { failure, .. } => last = failure.message,
        }
        tokio::time::sleep(REST.min(limit.saturating_sub(began.elapsed()))).await;
    }
}
