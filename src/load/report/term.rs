//! The `term` report of a load: what is played, a line every few seconds, and the summary.

use super::stand::Stand;
use super::{LoadReport, table};
use crate::load::summary::LoadAsked;
use crate::load::{LoadSummary, Tick, warning};
use crate::visible::Guarded;
use std::io::{self, Write};
use std::time::Duration;

/// How often a line is written.
pub const LINE_EVERY: Duration = Duration::from_secs(5);

/// Writes lines for people.
pub struct LoadTerm<W: Write> {
    out: Guarded<W>,
    stand: Stand,
    /// Whether there are lines while the run goes on: not on a terminal with a screen, and not where only the end is
    /// asked for.
    lines: Lines,
    /// How wide a line may be.
    width: usize,
    told: Option<Duration>,
}

/// What is written while a run goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lines {
    /// A line every few seconds.
    Some,
    /// Nothing.
    None,
}

impl<W: Write> LoadTerm<W> {
    /// A report that writes to `out`. It begins with what is played.
    ///
    /// # Errors
    /// What the output refused.
    pub fn new(out: W, asked: &LoadAsked, shards: u32, lines: Lines) -> io::Result<Self> {
        let mut out = Guarded::new(out);
        if lines == Lines::Some {
            writeln!(out, "load       {}", table::asked(asked, shards))?;
            for story in &asked.stories {
                writeln!(out, "           {}", story.made)?;
            }
            writeln!(out, "           to {}, seed {}", asked.targets.join(", "), asked.seed)?;
            if let Some(not_judged) = warning::not_judged(asked) {
                writeln!(out, "warning    {not_judged}")?;
            }
            out.flush()?;
        }
        Ok(Self { out, stand: Stand::new(asked.clone()), lines, width: usize::MAX, told: None })
    }

    /// The same on a terminal of this many columns.
    pub fn on_width(self, width: usize) -> Self {
        Self { width, ..self }
    }
}

impl<W: Write> LoadReport for LoadTerm<W> {
    fn said(&mut self, line: &str) -> io::Result<()> {
        if self.lines == Lines::None {
            return Ok(());
        }
        writeln!(self.out, "{line}")?;
        self.out.flush()
    }

    fn tick(&mut self, tick: &Tick) -> io::Result<()> {
        self.stand.tick(tick);
        let is_due = self.told.is_none_or(|told| tick.at >= told + LINE_EVERY);
        if self.lines == Lines::None || !is_due {
            return Ok(());
        }
        self.told = Some(tick.at);
        match self.stand.line() {
            Some(line) => writeln!(self.out, "{line}").and_then(|()| self.out.flush()),
            None => Ok(()),
        }
    }

    fn finished(&mut self, summary: &LoadSummary) -> io::Result<()> {
        self.stand.over();
        self.told = None;
        self.out.write_all(table::coloured(summary, self.width).as_bytes())?;
        self.out.flush()
    }
}
