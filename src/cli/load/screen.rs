//! The live screen of a load on a terminal: a few lines that are drawn anew in their place. The terminal is left as it was
//! at every end, because nothing of it is changed: no other screen, no hidden cursor.

use crate::load::report::{LoadReport, Stand};
use crate::load::summary::LoadAsked;
use crate::load::{LoadSummary, Tick};
use crate::visible::guarded;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::io::{self, IsTerminal};

/// Draws how a load stands.
pub(super) struct Screen {
    bar: ProgressBar,
    stand: Stand,
}

impl Screen {
    /// A screen, where standard error is a terminal.
    pub fn new(asked: &LoadAsked) -> Option<Self> {
        if !io::stderr().is_terminal() {
            return None;
        }
        let style = ProgressStyle::with_template("{msg}").ok()?;
        let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr()).with_style(style);
        let screen = Self { bar, stand: Stand::new(asked.clone()) };
        screen.draw();
        Some(screen)
    }

    /// Writes a line above it.
    pub fn say(&self, line: &str) {
        self.bar.println(guarded(line));
    }

    fn draw(&self) {
        if self.bar.is_finished() {
            // Another test has begun.
            self.bar.reset();
        }
        self.bar.set_message(self.stand.screen().join("\n"));
        self.bar.tick();
    }
}

impl LoadReport for Screen {
    fn tick(&mut self, tick: &Tick) -> io::Result<()> {
        self.stand.tick(tick);
        self.draw();
        Ok(())
    }

    fn said(&mut self, line: &str) -> io::Result<()> {
        self.say(line);
        Ok(())
    }

    fn finished(&mut self, _: &LoadSummary) -> io::Result<()> {
        self.stand.over();
        self.bar.finish_and_clear();
        Ok(())
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}
