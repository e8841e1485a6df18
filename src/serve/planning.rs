//! Reads and plans what requests bring, off the threads that answer: so many at a time, and given up when nobody waits any more.

use super::answer::blocking;
use super::problem::Problem;
use axum::http::StatusCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tokio::sync::Semaphore;

/// How many requests are read and planned at a time; further ones wait.
pub const PLANNINGS_MAX: usize = 4;
/// How many wait for that; further ones are refused.
pub const PLANNINGS_WAITING_MAX: usize = 256;
/// How long a request may wait for its plan.
pub const PLANNING_MAX: Duration = Duration::from_secs(20);

/// Where requests wait for their turn.
pub(super) struct Plannings {
    waiting: Arc<Semaphore>,
    permits: Arc<Semaphore>,
}

impl Default for Plannings {
    fn default() -> Self {
        Self {
            waiting: Arc::new(Semaphore::new(PLANNINGS_WAITING_MAX)),
            permits: Arc::new(Semaphore::new(PLANNINGS_MAX)),
        }
    }
}

/// Whether somebody still waits for a plan.
#[derive(Debug, Clone, Default)]
pub(super) struct Wanted(Arc<AtomicBool>);

impl Wanted {
    /// Goes on only while somebody waits; asked between the parts of the work, each of which is bounded by itself.
    ///
    /// # Errors
    /// Where nobody does.
    pub fn still(&self) -> Result<(), Problem> {
        match self.0.load(Ordering::Relaxed) {
            false => Ok(()),
            true => Err(too_slow()),
        }
    }
}

/// Says that nobody waits any more: the client has gone, or its time is up.
struct GivenUp(Wanted);

impl Drop for GivenUp {
    fn drop(&mut self) {
        self.0.0.store(true, Ordering::Relaxed);
    }
}

impl Plannings {
    /// Does the work when its turn comes. Its place is free again only when the work has ended, whoever waits for it.
    pub async fn plan<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Wanted) -> Result<T, Problem> + Send + 'static,
    ) -> Result<T, Problem> {
        let _waiting = Arc::clone(&self.waiting).try_acquire_owned().map_err(|_| {
            Problem::too_much(format!("{PLANNINGS_WAITING_MAX} requests wait for their plans (plannings_waiting_max)"))
        })?;
        let wanted = Wanted::default();
        let _given_up = GivenUp(wanted.clone());
        let permits = Arc::clone(&self.permits);
        let planned = async move {
            let permit = permits.acquire_owned().await.map_err(|error| Problem::broken(error.to_string()))?;
            blocking(move || {
                let _permit = permit;
                wanted.still().and_then(|()| work(&wanted))
            })
            .await?
        };
        tokio::time::timeout(PLANNING_MAX, planned).await.unwrap_or_else(|_| Err(too_slow()))
    }
}

fn too_slow() -> Problem {
    Problem::new(StatusCode::SERVICE_UNAVAILABLE, format!("there was no plan within {} s", PLANNING_MAX.as_secs()))
        .help("plan less at a time: a shorter script, fewer faults, smaller values")
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::mpsc;

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn the_work_of_a_client_that_has_gone_learns_of_it_and_keeps_its_place_until_it_ends() {
        let plannings = Arc::new(Plannings::default());
        let (begin, mut begun) = tokio::sync::mpsc::unbounded_channel();
        let (tell, mut told) = tokio::sync::mpsc::unbounded_channel();
        let mut ends = Vec::new();
        let mut clients = Vec::new();
        for _ in 0..PLANNINGS_MAX {
            let (end, ended) = mpsc::channel::<()>();
            let (plannings, begin, tell) = (Arc::clone(&plannings), begin.clone(), tell.clone());
            ends.push(end);
            clients.push(tokio::spawn(async move {
                let work = move |wanted: &Wanted| {
                    begin.send(()).ok();
                    ended.recv().ok();
                    tell.send(wanted.still().is_ok()).ok();
                    Ok(())
                };
                plannings.plan(work).await.is_ok()
            }));
        }
        for _ in 0..PLANNINGS_MAX {
            begun.recv().await.expect("each has its place");
        }
        for client in &clients {
            client.abort();
        }
        for client in clients {
            assert!(client.await.is_err(), "the client has gone");
        }
        assert_eq!(plannings.permits.available_permits(), 0, "its work goes on");
        drop(ends);
        for _ in 0..PLANNINGS_MAX {
            assert_eq!(told.recv().await, Some(false));
        }
        assert!(plannings.plan(|_| Ok(())).await.is_ok(), "and then the next one has its turn");
    }
}
