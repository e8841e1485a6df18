//! A progress line on the terminal while a run lasts; the lines of the report scroll above it.

use crate::clock::Pace;
use crate::event::RunEvent;
use crate::report::Report;
use crate::visible::visible;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::io::{self, IsTerminal, Write};
use std::time::Duration;

/// A run that is over sooner gets no progress line.
const QUIET_START: Duration = Duration::from_secs(1);
/// How often the line is drawn anew.
const TICK: Duration = Duration::from_millis(200);

/// A progress line, where standard error is a terminal.
pub(super) fn line() -> Option<ProgressBar> {
    if !io::stderr().is_terminal() {
        return None;
    }
    let style = ProgressStyle::with_template("{spinner} {elapsed}  {pos}/{len} pushes settled  {msg}").ok()?;
    let bar = ProgressBar::with_draw_target(Some(0), ProgressDrawTarget::hidden()).with_style(style);
    Some(bar)
}

/// Follows the events of a run and draws them as a progress line.
pub(super) struct Progress {
    bar: ProgressBar,
    began: std::time::Instant,
    drawn: bool,
}

impl Progress {
    pub(super) fn new(bar: ProgressBar) -> Self {
        Self { bar, began: crate::clock::steady(), drawn: false }
    }

    fn draw(&mut self) {
        self.drawn = true;
        self.bar.set_draw_target(ProgressDrawTarget::stderr());
        self.bar.enable_steady_tick(TICK);
    }
}

impl Report for Progress {
    fn event(&mut self, event: &RunEvent) -> io::Result<()> {
        match event {
            RunEvent::Started { pace, .. } if pace != &Pace::Fast.to_string() => self.draw(),
            RunEvent::Finished { .. } => {
                self.bar.finish_and_clear();
                return Ok(());
            }
            RunEvent::Planned { .. } => self.bar.inc_length(1),
            RunEvent::Acknowledged { .. } | RunEvent::GivenUp { .. } => self.bar.inc(1),
            RunEvent::StoryStarted { story, .. } => {
                self.bar.set_message(format!("{} by {}", visible(&story.scenario), story.vendor));
            }
            _ => {}
        }
        if !self.drawn && self.began.elapsed() >= QUIET_START {
            self.draw();
        }
        Ok(())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.bar.finish_and_clear();
        Ok(())
    }
}

/// Writes above the progress line.
pub(super) struct Above<W: Write> {
    out: W,
    bar: Option<ProgressBar>,
}

impl<W: Write> Above<W> {
    pub(super) fn new(out: W, bar: Option<ProgressBar>) -> Self {
        Self { out, bar }
    }
}

impl<W: Write> Write for Above<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let Self { out, bar } = self;
        match bar {
            Some(bar) => bar.suspend(|| out.write(bytes)),
            None => out.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}
