//! The `ndjson` report of a load: a line for every tick and one for the end. The lines of attempts between them are those of
//! a run, and are written by the same hand (see `writing`).

use super::LoadReport;
use crate::load::summary::{JudgedThreshold, PushSummary, Times, Verdict};
use crate::load::{KindTick, LoadSummary, Tick};
use schemars::JsonSchema;
use serde::Serialize;
use std::io::{self, Write};
use std::sync::{Arc, Mutex, PoisonError};

/// A line that only a load has. All `_us` are microseconds.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum LoadLine {
    /// A while has passed.
    LoadTick {
        /// How long the run goes on.
        at_us: u64,
        /// Pushes that were due for the first time in this while.
        due: u64,
        /// Attempts that were written.
        written: u64,
        /// Answers.
        answered: u64,
        /// Answers that are no acknowledgement.
        nacks: u64,
        /// Attempts without an answer.
        failed: u64,
        /// Pushes held back.
        held: u64,
        /// Pushes lost.
        lost: u64,
        /// Pushes lost to a fault of their own.
        excused: u64,
        /// Pushes due and not settled, now.
        in_flight: u64,
        /// Calls between their start and their last push, now.
        calls: u64,
        /// The response times of this while.
        response: Times,
        /// The service times of this while.
        service: Times,
        /// By kind, since the start.
        pushes: Vec<KindTick>,
    },
    /// The run is over.
    LoadFinished {
        /// How it ended.
        verdict: Verdict,
        /// The exit code that it calls for.
        exit: u8,
        /// Why.
        reasons: Vec<String>,
        /// What was not judged, and how far the load generator was late.
        warnings: Vec<String>,
        /// The command that plays it again.
        replay: String,
        /// The thresholds as judged.
        thresholds: Vec<JudgedThreshold>,
        /// The load generator's own lag.
        lag: Times,
        /// Everything together.
        total: PushSummary,
        /// The pushes by kind.
        pushes: Vec<PushSummary>,
    },
}

impl LoadLine {
    fn of_tick(tick: &Tick) -> Self {
        let point = &tick.point;
        LoadLine::LoadTick {
            at_us: tick.at.as_micros() as u64,
            due: point.due,
            written: point.written,
            answered: point.answered,
            nacks: point.nacks,
            failed: point.failed,
            held: point.held,
            lost: point.lost,
            excused: point.excused,
            in_flight: point.in_flight,
            calls: point.calls,
            response: Times::of(&point.response.open()),
            service: Times::of(&point.service.open()),
            pushes: tick.kinds.clone(),
        }
    }

    fn of_summary(summary: &LoadSummary) -> Self {
        let LoadSummary { verdict, exit, reasons, warnings, replay, thresholds, lag, total, pushes, .. } =
            summary.clone();
        LoadLine::LoadFinished { verdict, exit, reasons, warnings, replay, thresholds, lag, total, pushes }
    }
}

/// Writes the lines of a load.
pub struct LoadNdjson<W: Write>(Shared<W>);

impl<W: Write> LoadNdjson<W> {
    /// A report that writes to `out`, and others may as well.
    pub fn new(out: Shared<W>) -> Self {
        Self(out)
    }

    fn line(&mut self, line: &LoadLine) -> io::Result<()> {
        serde_json::to_writer(&mut self.0, line)?;
        self.0.write_all(b"\n")
    }
}

impl<W: Write> LoadReport for LoadNdjson<W> {
    fn tick(&mut self, tick: &Tick) -> io::Result<()> {
        self.line(&LoadLine::of_tick(tick))
    }

    fn finished(&mut self, summary: &LoadSummary) -> io::Result<()> {
        self.line(&LoadLine::of_summary(summary))?;
        self.0.flush()
    }
}

/// An output to which several write whole lines.
pub struct Shared<W: Write> {
    out: Arc<Mutex<W>>,
    line: Vec<u8>,
}

impl<W: Write> Shared<W> {
    /// An output.
    pub fn new(out: W) -> Self {
        Self { out: Arc::new(Mutex::new(out)), line: Vec::new() }
    }
}

impl<W: Write> Clone for Shared<W> {
    fn clone(&self) -> Self {
        Self { out: Arc::clone(&self.out), line: Vec::new() }
    }
}

impl<W: Write> Write for Shared<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.line.extend_from_slice(bytes);
        if let Some(end) = self.line.iter().rposition(|byte| *byte == b'\n') {
            let mut out = self.out.lock().unwrap_or_else(PoisonError::into_inner);
            let written = out.write_all(&self.line[..=end]);
            // What was refused is not written again.
            self.line.drain(..=end);
            written?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.lock().unwrap_or_else(PoisonError::into_inner).flush()
    }
}
