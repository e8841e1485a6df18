//! What a worker says to those who wait for it: its points, attempts that are worth telling of, and its end.

use super::Worker;
use crate::delivery::AttemptOutcome;
use crate::load::careful::{Job, Landed};
use crate::load::ledger::Ledger;
use crate::load::queue::Due;
use crate::load::{ATTEMPTS_TOLD_MAX, Arrival, AttemptTold, BODY_TOLD_MAX_BYTES, Tick};
use bytes::Bytes;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::Receiver;
use std::time::Duration;
use tokio::sync::mpsc::UnboundedSender;

/// What a worker says.
pub enum Message {
    /// A point is over: the number of the worker and of the point, from 0.
    Tick(usize, usize, Box<Tick>),
    /// An attempt is worth telling of.
    Attempt(Box<AttemptTold>),
    /// It is done: the number of the worker, what it counted, how many calls the plan of arrival had, and why it could not go on.
    Done(usize, Box<Ledger>, u64, Option<String>),
}

/// How a worker and the others talk.
pub struct Links {
    /// What the worker says.
    pub tell: UnboundedSender<Message>,
    /// How many attempts wait to be told, over all workers.
    pub untold: Arc<AtomicUsize>,
    /// How many attempts were left out.
    pub left_out: Arc<AtomicUsize>,
    /// Whether the end was asked for.
    pub stop: Arc<AtomicBool>,
    /// Whether it was asked for without waiting for what is under way.
    pub hurry: Arc<AtomicBool>,
    /// Attempts that go the careful way.
    pub jobs: UnboundedSender<Job>,
    /// How they ended.
    pub landed: Receiver<Landed>,
}

impl Worker {
    /// Tells a point that is over.
    pub(super) fn tick(&mut self, now: u64) {
        while now >= self.next_point_ns {
            let at = Duration::from_nanos(self.next_point_ns);
            let mut tick = self.ledger.tick(at, self.in_flight() as u64, self.calls);
            if let Arrival::Steered(steering) = &self.setting.load.arrival {
                tick.figures = self.ledger.figures();
                tick.asked = steering.rate_at(at);
            }
            let _ = self.links.tell.send(Message::Tick(self.index, self.point, Box::new(tick)));
            self.point += 1;
            self.next_point_ns += self.setting.point_length.as_nanos() as u64;
        }
    }

    pub(super) fn tick_last(&mut self) {
        let at = Duration::from_nanos(self.now_ns());
        let tick = self.ledger.tick(at, 0, 0);
        let _ = self.links.tell.send(Message::Tick(self.index, self.point, Box::new(tick)));
    }

    /// An attempt of this worker that is told, as long as there is room.
    pub(super) fn tell(&self, due: &Due, response: Duration, acknowledged: bool, outcome: AttemptOutcome) {
        if self.links.untold.fetch_add(1, Ordering::Relaxed) >= ATTEMPTS_TOLD_MAX {
            self.links.untold.fetch_sub(1, Ordering::Relaxed);
            self.links.left_out.fetch_add(1, Ordering::Relaxed);
            return;
        }
        let told = self.told(due, response, acknowledged, outcome);
        let _ = self.links.tell.send(Message::Attempt(Box::new(told)));
    }

    /// An attempt as it is told.
    pub(super) fn told(
        &self,
        due: &Due,
        response: Duration,
        acknowledged: bool,
        mut outcome: AttemptOutcome,
    ) -> AttemptTold {
        if let AttemptOutcome::Replied { reply, .. } = &mut outcome
            && reply.body.len() > BODY_TOLD_MAX_BYTES
        {
            // A copy, so that the rest of it is freed.
            reply.body = Bytes::copy_from_slice(&reply.body[..BODY_TOLD_MAX_BYTES]);
            reply.truncated = true;
        }
        let (AttemptOutcome::Replied { timing, .. } | AttemptOutcome::Failed { timing, .. }) = &outcome;
        let since = Duration::from_nanos(due.at_ns).saturating_add(response).saturating_sub(timing.total);
        AttemptTold {
            began: self.setting.began_at.checked_add(since).unwrap_or(self.setting.began_at),
            story: due.story.into(),
            call: due.call.into(),
            start: self.setting.started(due.start),
            step: due.what.step(),
            target: due.what.target(),
            attempt: due.what.attempt(),
            due: Duration::from_nanos(due.at_ns),
            response,
            acknowledged,
            outcome,
        }
    }
}
