//! Writes a journal from the events of runs. The only place that adds or changes a row.

use super::error::JournalError;
use super::open;
use super::rows::Outcome;
use crate::event::{DeliveryId, RunEvent};
use crate::report::Report;
use jiff::Timestamp;
use rusqlite::{Connection, named_params};
use std::collections::HashMap;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// The longest text of a body or a reply that is kept; the rest is cut off.
pub const TEXT_MAX_BYTES: usize = 256 * 1024;

/// A journal that is written. It takes the events of one run after another.
#[derive(Debug)]
pub struct Journal {
    connection: Connection,
    path: PathBuf,
    run: Option<Run>,
}

/// The run that is being told.
#[derive(Debug)]
struct Run {
    id: i64,
    start_ms: i64,
    /// The attempts under way.
    open: HashMap<DeliveryId, Open>,
}

/// An attempt that has not ended yet.
#[derive(Debug, Clone, Copy)]
struct Open {
    row: i64,
    started_ms: i64,
    wall_started_ms: i64,
}

impl Journal {
    /// Opens a journal, or makes one. One of an older version is brought up to date.
    ///
    /// # Errors
    /// Where the file is no journal, is newer, or cannot be written.
    pub fn open(path: &Path) -> Result<Self, JournalError> {
        Ok(Self { connection: open::to_write(path)?, path: path.to_owned(), run: None })
    }

    fn take(&mut self, event: &RunEvent) -> rusqlite::Result<()> {
        match event {
            RunEvent::Started { ringback, seed, start, pace, .. } => self.begin(ringback, *seed, start, pace),
            RunEvent::Attempted { .. } => self.attempted(event),
            RunEvent::Replied { delivery, status, body, timing, acknowledged, .. } => {
                let outcome = if *acknowledged { Outcome::Acknowledged } else { Outcome::Refused };
                self.ended(delivery, outcome, Some(*status), body, timing.total)
            }
            RunEvent::Failed { delivery, class, message, timing, .. } => {
                let told = format!("{}: {message}", class.as_str());
                self.ended(delivery, Outcome::Failed, None, &told, timing.total)
            }
            // Mostly the last attempt has ended by now, and nothing is left to write.
            RunEvent::GivenUp { delivery, reason, .. } => {
                self.ended(delivery, Outcome::Abandoned, None, reason, Duration::ZERO)
            }
            RunEvent::Recorded { story, account, id, at_ms, record, .. } => {
                self.recorded(story.vendor, account, id, *at_ms, record)
            }
            RunEvent::Finished { .. } => {
                self.run = None;
                Ok(())
            }
            RunEvent::StoryStarted { .. }
            | RunEvent::Skipped { .. }
            | RunEvent::Planned { .. }
            | RunEvent::Held { .. }
            | RunEvent::Dropped { .. }
            | RunEvent::Disabled { .. }
            | RunEvent::Transcript { .. }
            | RunEvent::Driven { .. }
            | RunEvent::Withdrawn { .. }
            | RunEvent::Probed { .. }
            | RunEvent::Found(_)
            | RunEvent::Checked { .. }
            | RunEvent::NotJudged { .. }
            | RunEvent::FaultPlayed { .. }
            | RunEvent::Compared { .. }
            | RunEvent::RetrySet { .. }
            | RunEvent::Acknowledged { .. }
            | RunEvent::Unreachable { .. }
            | RunEvent::StoryFinished { .. } => Ok(()),
        }
    }

    fn begin(&mut self, ringback: &str, seed: u64, start: &str, pace: &str) -> rusqlite::Result<()> {
        let start_ms = start.parse::<Timestamp>().map_or(0, |start| start.as_millisecond());
        self.connection
            .prepare_cached("INSERT INTO runs (ringback, seed, start_ms, pace) VALUES (?1, ?2, ?3, ?4)")?
            // A seed uses all 64 bits; SQLite keeps them as a signed number.
            .execute((ringback, seed.cast_signed(), start_ms, pace))?;
        self.run = Some(Run { id: self.connection.last_insert_rowid(), start_ms, open: HashMap::new() });
        Ok(())
    }

    fn attempted(&mut self, event: &RunEvent) -> rusqlite::Result<()> {
        let RunEvent::Attempted {
            delivery,
            attempt,
            offset,
            due,
            began_ms,
            timeout,
            account,
            conversation,
            delay,
            method,
            url,
            headers,
            body,
            ..
        } = event
        else {
            return Ok(());
        };
        let Some(run) = &mut self.run else { return Ok(()) };
        // Pairs of texts always become JSON.
        let headers = serde_json::to_string(headers).unwrap_or_default();
        let (vendor, push) = delivery.push.split_once(':').unwrap_or(("", &delivery.push));
        let started_ms = run.start_ms.saturating_add(ms(*offset));
        let requested_ms = run.start_ms.saturating_add(ms(due.saturating_sub(*delay)));
        self.connection
            .prepare_cached(
                "INSERT INTO attempts (run, vendor, scenario, push, call, delivery, target, attempt, account, conversation,
                    method, url, headers, body, timeout_ms, delay_ms, requested_ms, started_ms, wall_started_ms)
                 VALUES (:run, :vendor, :scenario, :push, :call, :delivery, :target, :attempt, :account, :conversation,
                    :method, :url, :headers, :body, :timeout_ms, :delay_ms, :requested_ms, :started_ms, :wall_started_ms)",
            )?
            .execute(named_params! {
                ":run": run.id,
                ":vendor": vendor,
                ":scenario": delivery.scenario,
                ":push": push,
                ":call": delivery.call,
                ":delivery": delivery.number,
                ":target": delivery.target,
                ":attempt": attempt,
                ":account": account,
                ":conversation": conversation,
                ":method": method,
                ":url": url,
                ":headers": headers,
                ":body": capped(body),
                ":timeout_ms": ms(*timeout),
                ":delay_ms": ms(*delay),
                ":requested_ms": requested_ms,
                ":started_ms": started_ms,
                ":wall_started_ms": began_ms,
            })?;
        let row = self.connection.last_insert_rowid();
        run.open.insert(delivery.clone(), Open { row, started_ms, wall_started_ms: *began_ms });
        Ok(())
    }

    fn ended(
        &mut self,
        delivery: &DeliveryId,
        outcome: Outcome,
        status: Option<u16>,
        reply: &str,
        took: Duration,
    ) -> rusqlite::Result<()> {
        let Some(open) = self.run.as_mut().and_then(|run| run.open.remove(delivery)) else { return Ok(()) };
        self.connection
            .prepare_cached(
                "UPDATE attempts SET ended_ms = ?2, wall_ended_ms = ?3, outcome = ?4, status = ?5, reply = ?6 WHERE id = ?1",
            )?
            .execute((
                open.row,
                open.started_ms.saturating_add(ms(took)),
                open.wall_started_ms.saturating_add(ms(took)),
                outcome.as_str(),
                status,
                capped(reply),
            ))?;
        Ok(())
    }

    fn recorded(
        &mut self,
        vendor: &str,
        account: &str,
        id: &str,
        at_ms: i64,
        record: &serde_json::Value,
    ) -> rusqlite::Result<()> {
        self.connection
            .prepare_cached(
                "INSERT INTO entries (vendor, account, id, at_ms, record) VALUES (?1, ?2, ?3, ?4, ?5)
                 ON CONFLICT (vendor, account, id) DO UPDATE SET at_ms = excluded.at_ms, record = excluded.record",
            )?
            .execute((vendor, account, id, at_ms, record.to_string()))?;
        Ok(())
    }
}

impl Report for Journal {
    fn event(&mut self, event: &RunEvent) -> io::Result<()> {
        self.take(event).map_err(|error| JournalError::of(&self.path, &error).into())
    }

    /// In one transaction: a row costs half of what it costs alone.
    fn events(&mut self, events: &[RunEvent]) -> io::Result<()> {
        let refused = |path: &Path, error: rusqlite::Error| io::Error::from(JournalError::of(path, &error));
        self.connection.execute_batch("BEGIN IMMEDIATE").map_err(|error| refused(&self.path, error))?;
        let taken = events.iter().try_for_each(|event| self.take(event));
        let ended = taken.and_then(|()| self.connection.execute_batch("COMMIT"));
        ended.map_err(|error| {
            // What failed may have ended the transaction already.
            let _ = self.connection.execute_batch("ROLLBACK");
            refused(&self.path, error)
        })
    }

    /// Every row is written by the time its event was taken, so nothing is held back.
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Whole milliseconds.
fn ms(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)
}

/// The text up to [`TEXT_MAX_BYTES`], cut between two characters.
fn capped(text: &str) -> &str {
    let end = (0..=text.len().min(TEXT_MAX_BYTES)).rev().find(|end| text.is_char_boundary(*end));
    &text[..end.unwrap_or(0)]
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_full_disk_is_reported_as_such() {
        let folder = tempfile::tempdir().unwrap();
        let mut journal = Journal::open(&folder.path().join("small.journal")).unwrap();
        journal.connection.pragma_update(None, "max_page_count", 16).unwrap();
        let record = RunEvent::Recorded {
            story: crate::event::Story { scenario: "full".into(), vendor: "tpns" },
            offset: Duration::ZERO,
            why: "the task is finished".into(),
            account: String::new(),
            id: "1".into(),
            at_ms: 0,
            record: "long ".repeat(100_000).into(),
        };
        let error = journal.event(&record).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::StorageFull);
        assert!(error.to_string().contains("no room is left"), "{error}");
    }

    #[test]
    fn a_long_text_is_cut_between_two_characters() {
        let long = "满".repeat(TEXT_MAX_BYTES);
        let kept = capped(&long);
        assert!(kept.len() <= TEXT_MAX_BYTES && kept.len() > TEXT_MAX_BYTES - 3);
        assert!(kept.chars().all(|letter| letter == '满'));
        assert_eq!(capped("short"), "short");
    }
}
