//! The events of a run, or of all runs, for whoever reads along: the newest are kept, and each reader takes them at its own
//! speed. Whoever writes never waits for a reader.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::watch;

/// How many events of a run are kept.
pub const EVENTS_KEPT_MAX: usize = 20_000;
/// How many bytes of events are kept.
pub const EVENTS_KEPT_MAX_BYTES: usize = 2 * 1024 * 1024;
/// How much of a log is read at a time.
const BATCH_MAX_BYTES: usize = 64 * 1024;

/// Numbered events, from 1.
#[derive(Debug)]
pub(super) struct Log {
    kept: Mutex<Kept>,
    grown: watch::Sender<u64>,
}

#[derive(Debug, Default)]
struct Kept {
    /// How many were written.
    written: u64,
    events: VecDeque<Arc<str>>,
    bytes: usize,
    is_over: bool,
}

/// What a reader finds behind the event that it has seen last.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Batch {
    /// How many events are gone.
    pub missed: u64,
    /// The number of the last event before these.
    pub before: u64,
    /// The events that follow.
    pub events: Vec<Arc<str>>,
    /// Whether nothing will ever follow these.
    pub is_over: bool,
}

impl Default for Log {
    fn default() -> Self {
        Self { kept: Mutex::default(), grown: watch::Sender::new(0) }
    }
}

impl Log {
    /// The number that the next event will have.
    pub fn next(&self) -> u64 {
        self.kept().written + 1
    }

    /// The numbers of the first event that is kept and of the last one.
    pub fn range(&self) -> (u64, u64) {
        let kept = self.kept();
        (kept.written - kept.events.len() as u64 + 1, kept.written)
    }

    pub fn bytes(&self) -> usize {
        self.kept().bytes
    }

    pub fn write(&self, event: Arc<str>) {
        let mut kept = self.kept();
        kept.written += 1;
        kept.bytes += event.len();
        kept.events.push_back(event);
        // The newest is kept whatever its length.
        while kept.events.len() > EVENTS_KEPT_MAX || (kept.bytes > EVENTS_KEPT_MAX_BYTES && kept.events.len() > 1) {
            kept.bytes -= kept.events.pop_front().map_or(0, |event| event.len());
        }
        let written = kept.written;
        drop(kept);
        self.grown.send_replace(written);
    }

    /// Nothing more is written.
    pub fn close(&self) {
        let mut kept = self.kept();
        kept.is_over = true;
        let written = kept.written;
        drop(kept);
        self.grown.send_replace(written);
    }

    pub fn is_over(&self) -> bool {
        self.kept().is_over
    }

    /// What follows the event of this number, as far as it is read at a time.
    pub fn after(&self, seen: u64) -> Batch {
        let kept = self.kept();
        let first = kept.written - kept.events.len() as u64 + 1;
        let seen = seen.min(kept.written);
        let before = seen.max(first - 1);
        let mut bytes = 0;
        let start = usize::try_from(before + 1 - first).unwrap_or(usize::MAX);
        let events: Vec<Arc<str>> = kept
            .events
            .range(start.min(kept.events.len())..)
            .take_while(|event| {
                let is_first = bytes == 0;
                bytes += event.len();
                is_first || bytes <= BATCH_MAX_BYTES
            })
            .cloned()
            .collect();
        let is_over = kept.is_over && before + events.len() as u64 == kept.written;
        Batch { missed: before - seen, before, events, is_over }
    }

    /// Tells whenever something was written.
    pub fn growth(&self) -> watch::Receiver<u64> {
        self.grown.subscribe()
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        // Nothing inside can panic half-way; a poisoned lock is as good as any.
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(batch: &Batch) -> Vec<&str> {
        batch.events.iter().map(AsRef::as_ref).collect()
    }

    #[test]
    fn a_reader_goes_on_where_it_was_and_learns_what_it_missed() {
        let log = Log::default();
        assert_eq!(log.after(0), Batch::default());
        ["a", "b", "c"].into_iter().for_each(|text| log.write(text.into()));
        assert_eq!(texts(&log.after(0)), ["a", "b", "c"]);
        assert_eq!(texts(&log.after(2)), ["c"]);
        assert_eq!((log.after(3).events.len(), log.after(99).missed), (0, 0));
        for number in 0..EVENTS_KEPT_MAX {
            log.write(number.to_string().into());
        }
        let batch = log.after(1);
        assert_eq!((batch.missed, batch.before, &*batch.events[0]), (2, 3, "0"));
        assert_eq!(log.range(), (4, EVENTS_KEPT_MAX as u64 + 3));
        assert!(!batch.is_over);
        log.close();
        assert!(!log.after(1).is_over && log.after(log.range().1).is_over);
    }

    #[test]
    fn long_events_push_out_others_before_they_are_many() {
        let log = Log::default();
        let long: Arc<str> = "x".repeat(EVENTS_KEPT_MAX_BYTES / 2).into();
        (0..5).for_each(|_| log.write(Arc::clone(&long)));
        assert!(log.bytes() <= EVENTS_KEPT_MAX_BYTES);
        assert_eq!(log.after(0).missed, 3);
        log.write("x".repeat(2 * EVENTS_KEPT_MAX_BYTES).into());
        assert_eq!(log.after(5).events.len(), 1);
    }
}
