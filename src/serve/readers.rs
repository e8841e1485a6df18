//! The readers of the journal: opened when they are needed, kept for the next request, and never more than a few.

use crate::journal::{JournalError, Reader};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// How many requests read the journal at a time; further ones wait.
pub const READERS_MAX: usize = 8;

/// The readers of one journal.
#[derive(Debug)]
pub(super) struct Readers {
    path: PathBuf,
    idle: Mutex<Vec<Reader>>,
    permits: Arc<Semaphore>,
}

impl Readers {
    pub(super) fn new(path: PathBuf) -> Self {
        Self { path, idle: Mutex::default(), permits: Arc::new(Semaphore::new(READERS_MAX)) }
    }

    /// The permission to read, to be kept while reading; waits while too many do.
    pub(super) async fn permit(&self) -> Option<OwnedSemaphorePermit> {
        // The semaphore is never closed, so there always is one.
        Arc::clone(&self.permits).acquire_owned().await.ok()
    }

    /// Reads, on this thread.
    pub(super) fn with<T>(&self, read: impl FnOnce(&Reader) -> T) -> Result<T, JournalError> {
        let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let reader = match idle {
            Some(reader) if reader.is_current() => reader,
            Some(_) | None => Reader::open(&self.path)?,
        };
        let read = read(&reader);
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(reader);
        Ok(read)
    }
}
