//! What whoever drives a story asks for while it is played.

use super::control::{Command, Order, Refusal};
use super::{Between, Run};
use crate::event::RunEvent;
use std::sync::Arc;

impl<B: Between> Run<'_, B> {
    /// Does what whoever drives asks for, and answers.
    pub(super) fn obey(&mut self, Order { command, answer }: Order) {
        self.tick();
        let mut what = command.words();
        let done = match command {
            Command::Look => {
                let _ = answer.send(Ok(self.now));
                return;
            }
            Command::Pause => self.passing.hold(self.now),
            Command::Resume => self.passing.go_on(self.now),
            Command::Pace(pace) => self.passing.change(self.now, pace),
            Command::StepOnce => self.step_once(),
            Command::DropNext => self.engine.drop_next(),
            Command::DuplicateLast => self.engine.duplicate_last(self.now),
            Command::SwapNext => self.engine.swap_next(),
            Command::DelayNext(by) => self.engine.delay_next(by),
            Command::Refuse(length) => {
                self.engine.refuse_until(self.now.saturating_add(length));
                Ok(Vec::new())
            }
            Command::Replan(replan) => replan(self.now, &self.plan).and_then(|new| {
                let events = self.engine.replan(Arc::clone(&new.plan))?;
                self.between.replanned(&new.plan);
                self.plan = new.plan;
                self.driver.set_open(new.is_open);
                what = new.what;
                Ok(events)
            }),
        };
        let answered = match done {
            Ok(events) => {
                let driven = RunEvent::Driven { story: self.story(), offset: self.now, what };
                (self.events)(driven);
                events.into_iter().for_each(|event| (self.events)(event));
                Ok(self.now)
            }
            Err(reason) => Err(Refusal::Impossible(reason)),
        };
        // Nobody may be left who wants to know.
        let _ = answer.send(answered);
    }

    /// While scenario time stands still: the next push leaves, at the moment at which it is due.
    fn step_once(&mut self) -> Result<Vec<RunEvent>, String> {
        if !self.passing.is_still() {
            return Err("pushes leave by themselves; pause first".to_owned());
        }
        let due = self.engine.next_due().ok_or("no push waits")?;
        self.now = self.now.max(due);
        self.passing.hold(self.now)?;
        self.tell_records(self.now);
        self.launch();
        Ok(Vec::new())
    }
}
