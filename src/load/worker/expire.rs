//! Ends what has taken too long: attempts on connections, openings, and what waits for its turn.

use super::Worker;
use crate::delivery::Failure;
use crate::event::{FailureClass, Phase};
use crate::load::connection::State;
use crate::load::queue::{Due, Leaving};
use std::time::Duration;

impl Worker {
    /// Ends what has taken too long.
    pub(super) fn expire(&mut self, now: u64) {
        if now < self.expire_at_ns {
            return;
        }
        self.expire_at_ns = u64::MAX;
        for endpoint in 0..self.endpoints.len() {
            self.expire_waiting(endpoint, now);
            self.expire_again(endpoint, now);
        }
        self.expire_handed(now);
        for index in 0..self.connections.len() {
            let Some(connection) = &self.connections[index] else { continue };
            if connection.state == State::Idle {
                continue;
            }
            if connection.deadline_ns > now {
                self.expire_at_ns = self.expire_at_ns.min(connection.deadline_ns);
                continue;
            }
            let (due, began) = (connection.due, connection.began_ns);
            let limit = Duration::from_nanos(connection.deadline_ns.saturating_sub(began));
            let failure = Failure::timeout(connection.phase(), limit);
            if connection.state == State::Opening {
                self.not_open(index as u32, began, now, &failure);
            } else {
                self.busy -= 1;
                self.close(index as u32);
                self.failed(due, began, now, failure);
            }
        }
    }

    /// Ends the attempts that have waited for a connection, or for their turn, for as long as they may take: all are busy
    /// with others.
    fn expire_waiting(&mut self, endpoint: usize, now: u64) {
        while let Some(due) = self.first_expired(self.endpoints[endpoint].waiting.front().copied(), now) {
            self.endpoints[endpoint].waiting.pop_front();
            self.waiting -= 1;
            self.waited_in_vain(due, now);
        }
    }

    /// Ends the attempts that wait for a new connection to be sent once more on, where their time is up.
    fn expire_again(&mut self, endpoint: usize, now: u64) {
        let all = std::mem::take(&mut self.endpoints[endpoint].again);
        let (expired, left): (Vec<Leaving>, _) = all.into_iter().partition(|again| again.deadline_ns <= now);
        self.expire_at_ns = left.iter().map(|again| again.deadline_ns).fold(self.expire_at_ns, u64::min);
        self.endpoints[endpoint].again = left.into();
        for Leaving { due, began_ns, deadline_ns, .. } in expired {
            self.busy -= 1;
            let limit = Duration::from_nanos(deadline_ns.saturating_sub(began_ns));
            self.failed(due, began_ns, now, Failure::timeout(Phase::Connect, limit));
        }
    }

    fn expire_handed(&mut self, now: u64) {
        while let Some(due) = self.first_expired(self.handed.waiting.front().copied(), now) {
            self.handed.waiting.pop_front();
            self.waited_in_vain(due, now);
        }
    }

    /// What waits longest, where its time is up; else that time is remembered.
    fn first_expired(&mut self, first: Option<Due>, now: u64) -> Option<Due> {
        let due = first?;
        let until = self.waits_until(&due);
        if until > now {
            self.expire_at_ns = self.expire_at_ns.min(until);
            return None;
        }
        Some(due)
    }

    fn waited_in_vain(&mut self, due: Due, now: u64) {
        let message = "the time limit ran out while waiting for a connection: all were busy";
        self.failed(due, due.at_ns, now, Failure::new(FailureClass::Timeout, Phase::Connect, message));
    }
}
