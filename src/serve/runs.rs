//! All runs: those that go on, and the last ones that are over, within limits.

use super::log::Log;
use super::problem::Problem;
use super::run::Run;
use super::told::Told;
use serde::Serialize;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// How many runs can go on at a time.
pub const RUNNING_MAX: usize = 256;
/// How many runs are kept, those that go on included.
pub const RUNS_KEPT_MAX: usize = 1_000;
/// How many bytes runs that are over may keep in all; the oldest are forgotten beyond.
pub const RUNS_KEPT_MAX_BYTES: usize = 256 * 1024 * 1024;

/// All runs, in the order in which they began.
#[derive(Default)]
pub(super) struct Runs {
    list: Mutex<Vec<Arc<Run>>>,
    /// The events of all runs.
    pub all: Arc<Log>,
}

impl Runs {
    /// Adds one, and forgets the oldest that are over where there are too many.
    ///
    /// # Errors
    /// Where too many go on already.
    pub fn add(&self, run: Arc<Run>) -> Result<(), Problem> {
        let mut list = self.list();
        if list.iter().filter(|run| !run.is_over()).count() >= RUNNING_MAX {
            return Err(Problem::too_much(format!("{RUNNING_MAX} runs go on already (running_max)"))
                .help("wait until one is over, or stop one: POST /api/runs/{id}/stop"));
        }
        let mut bytes: usize = list.iter().filter(|run| run.is_over()).map(|run| run.bytes()).sum();
        while list.len() >= RUNS_KEPT_MAX || bytes > RUNS_KEPT_MAX_BYTES {
            let Some(oldest) = list.iter().position(|run| run.is_over()) else { break };
            let forgotten = list.remove(oldest);
            bytes = bytes.saturating_sub(forgotten.bytes());
            self.tell_removed(forgotten.id());
        }
        self.all.write(change(&Change::RunAdded { run: Box::new(run.told()) }));
        list.push(run);
        Ok(())
    }

    /// # Errors
    /// Where there is none of this id.
    pub fn get(&self, id: &str) -> Result<Arc<Run>, Problem> {
        self.list().iter().find(|run| run.id() == id).cloned().ok_or_else(|| {
            Problem::missing(format!("no run is called `{id}`")).help("GET /api/runs lists those that are kept")
        })
    }

    /// Stops one, and forgets it.
    ///
    /// # Errors
    /// Where there is none of this id.
    pub fn remove(&self, id: &str) -> Result<(), Problem> {
        let run = self.get(id)?;
        run.stopper.stop();
        self.list().retain(|kept| !Arc::ptr_eq(kept, &run));
        self.tell_removed(id);
        Ok(())
    }

    /// The newest first.
    pub fn told(&self) -> Vec<Told> {
        let list = self.list().clone();
        list.iter().rev().map(|run| run.told()).collect()
    }

    pub fn running(&self) -> usize {
        self.list().iter().filter(|run| !run.is_over()).count()
    }

    /// Whether an id is taken.
    pub fn has(&self, id: &str) -> bool {
        self.list().iter().any(|run| run.id() == id)
    }

    pub fn stop_all(&self) {
        self.list().iter().for_each(|run| run.stopper.stop());
    }

    /// Waits until none goes on.
    pub async fn ended(&self) {
        let runs = self.list().clone();
        for run in runs {
            let mut growth = run.log.growth();
            while !run.log.is_over() && growth.changed().await.is_ok() {}
        }
    }

    fn tell_removed(&self, id: &str) {
        self.all.write(change(&Change::RunRemoved { run: id }));
    }

    fn list(&self) -> MutexGuard<'_, Vec<Arc<Run>>> {
        // Every change is one push, one removal or one retain.
        self.list.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What happens to the list itself.
#[derive(Serialize)]
#[serde(tag = "event", rename_all = "snake_case")]
enum Change<'a> {
    RunAdded { run: Box<Told> },
    RunRemoved { run: &'a str },
}

fn change(change: &Change<'_>) -> Arc<str> {
    serde_json::to_string(change).unwrap_or_default().into()
}
