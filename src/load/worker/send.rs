//! How a push that has a place leaves: connections are opened, requests rendered and written.

use super::Worker;
use crate::delivery::{Failure, files};
use crate::event::{FailureClass, Phase};
use crate::load::connection::{Connection, Peer, State, Written};
use crate::load::judging::Bend;
use crate::load::pulse::BOTH;
use crate::load::queue::{Due, Leaving, Stranded};
use mio::Token;
use mio::net::TcpStream;
use std::io;
use std::time::Duration;

/// How many connections are opened at a time, before the others have their turn.
const OPEN_AT_ONCE_MAX: usize = 64;

impl Worker {
    /// Gives what waits to the connections at rest, and opens more where there are too few.
    pub(super) fn serve(&mut self) {
        self.hand_out();
        for endpoint in 0..self.endpoints.len() {
            while !self.endpoints[endpoint].waiting.is_empty() {
                let Some(index) = self.endpoints[endpoint].idle.pop() else { break };
                let now = self.now_ns();
                if self.connections[index as usize].as_ref().is_none_or(|connection| connection.is_stale(now)) {
                    self.close(index);
                    continue;
                }
                self.next_on(index, now);
            }
            if self.endpoints[endpoint].is_waited_for() {
                self.open(endpoint);
            }
        }
    }

    /// The next push of its endpoint leaves on a connection at rest; where there is none, the connection rests.
    pub(super) fn next_on(&mut self, index: u32, mut now: u64) {
        while let Some(connection) = &mut self.connections[index as usize] {
            let endpoint = &mut self.endpoints[connection.endpoint as usize];
            let leaving = if connection.fresh { endpoint.again.pop_front() } else { None };
            let leaving = match leaving {
                Some(again) => {
                    self.busy -= 1;
                    again
                }
                None => {
                    let Some(due) = endpoint.waiting.pop_front() else {
                        connection.fresh = false;
                        endpoint.idle.push(index);
                        return;
                    };
                    self.waiting -= 1;
                    let deadline_ns = now.saturating_add(self.timeout_ns(&due));
                    Leaving { due, began_ns: now, deadline_ns, remark: None }
                }
            };
            match self.send(index, leaving, now) {
                true => return,
                // It could not be rendered, so the connection is free for the next.
                false => now = self.now_ns(),
            }
        }
    }

    /// Writes one push. False where the connection is still free.
    fn send(&mut self, index: u32, leaving: Leaving, now: u64) -> bool {
        let (due, began, is_first) = (leaving.due, leaving.began_ns, leaving.remark.is_none());
        let story = &self.setting.stories[usize::from(due.story)];
        self.request.clear();
        let (step, target) = (due.what.step(), due.what.target());
        let (attempt, start) = (due.what.attempt(), self.setting.started(due.start));
        let strikes = story.calls.render(due.call.into(), step, target, attempt, start, &mut self.request);
        if self.request.is_empty() {
            let failure = Failure::new(FailureClass::Unsendable, Phase::Write, "the push cannot be rendered");
            self.failed(due, began, now, failure);
            return false;
        }
        let Some(connection) = &mut self.connections[index as usize] else { return true };
        connection.is_spoilt = strikes.is_spoilt;
        let written = connection.write(&self.request, leaving);
        if is_first && !matches!(written, Written::Nothing) {
            let could_leave = due.can_leave_ns().max(self.rested_ns);
            self.ledger.written(Duration::from_nanos(now.saturating_sub(could_leave)));
            self.ledger.struck(&strikes.struck);
            let bend = Bend { is_spoilt: strikes.is_spoilt, ..Bend::default() };
            self.leaves(&due, || bend);
        }
        let Some(connection) = &mut self.connections[index as usize] else { return true };
        match written {
            Written::Under => {
                self.busy += 1;
                self.expire_at_ns = self.expire_at_ns.min(connection.deadline_ns);
            }
            Written::Nothing => {
                let (endpoint, fresh) = (connection.endpoint as usize, connection.fresh);
                self.close(index);
                if fresh {
                    // It broke between its opening and its first use: another one would fare no better.
                    self.failed(due, began, now, Failure::closed("closed", Phase::Write, false));
                } else {
                    self.ledger.connections.closed += 1;
                    self.endpoints[endpoint].waiting.push_front(due);
                    self.waiting += 1;
                }
            }
            Written::Broke(failure) if connection.ended_unanswered(&failure) => {
                self.busy += 1;
                self.send_again(index, &failure.message);
            }
            Written::Broke(failure) => {
                self.close(index);
                self.failed(due, began, now, failure);
            }
        }
        true
    }

    /// Opens as many connections to an endpoint as are wanted.
    fn open(&mut self, number: usize) {
        let now = self.now_ns();
        for _ in 0..OPEN_AT_ONCE_MAX {
            let endpoint = &mut self.endpoints[number];
            let first = endpoint.again.front().map(|again| again.due).or_else(|| endpoint.waiting.front().copied());
            let Some(due) = first else { return };
            let Some((address, at)) = endpoint.next_opening(self.connections_max, now) else { return };
            // Each address has its share of the time, so that one that is silent leaves some to the next.
            let shares = endpoint.addresses() as u64;
            let deadline = now.saturating_add(self.timeout_ns(&due) / shares.max(1));
            let index = self.free.pop().unwrap_or_else(|| {
                self.connections.push(None);
                self.connections.len() as u32 - 1
            });
            let opened = TcpStream::connect(at).and_then(|mut socket| {
                self.pulse.registry().register(&mut socket, Token(index as usize), BOTH)?;
                Ok(socket)
            });
            match opened {
                Ok(socket) => {
                    self.expire_at_ns = self.expire_at_ns.min(deadline);
                    let peer = Peer { endpoint: number as u32, address };
                    self.connections[index as usize] = Some(Connection::opening(socket, peer, due, now, deadline));
                    self.endpoints[number].begun(address);
                }
                Err(error) => {
                    self.free.push(index);
                    self.not_opened(number, address, &error, now);
                    return;
                }
            }
        }
    }

    /// How long an attempt may take.
    pub(super) fn timeout_ns(&self, due: &Due) -> u64 {
        let timeouts = &self.setting.stories[usize::from(due.story)].timeouts;
        let timeout = timeouts.get(usize::from(due.policy)).copied().unwrap_or(Duration::ZERO);
        u64::try_from(timeout.as_nanos()).unwrap_or(u64::MAX)
    }

    /// The system did not even begin to open a connection.
    fn not_opened(&mut self, number: usize, address: usize, error: &io::Error, now: u64) {
        self.ledger.connections.failed += 1;
        if files::is_exhausted(error) {
            let open = self.endpoints[number].open;
            let advice = format!("{}; fewer --connections need fewer", files::advice(error));
            if open == 0 {
                self.cannot_go_on = Some(advice);
            } else {
                self.connections_max = open;
                self.ledger.short_of_files(format!("{advice}. The load went on with {open} connections a worker"));
            }
            return;
        }
        // As if it had been refused: the count is taken back by `failed`.
        self.endpoints[number].begun(address);
        let message = format!("a connection to {} could not be opened: {error}", self.endpoints[number].name);
        self.refuse(number, address, (now, now), &Failure::new(FailureClass::Refused, Phase::Connect, message));
    }

    /// An opening to an address failed, and with it what waited for it, if no other address may take it.
    pub(super) fn refuse(&mut self, number: usize, address: usize, (began, now): (u64, u64), failure: &Failure) {
        let Stranded { waiting, again } = self.endpoints[number].failed(address, began, now);
        self.waiting -= waiting.len();
        for due in waiting {
            self.failed(due, due.at_ns, now, failure.clone());
        }
        self.busy -= again.len();
        for Leaving { due, began_ns, .. } in again {
            self.failed(due, began_ns, now, failure.clone());
        }
    }

    /// Closes a connection.
    pub(super) fn close(&mut self, index: u32) {
        if let Some(connection) = self.connections[index as usize].take() {
            let endpoint = &mut self.endpoints[connection.endpoint as usize];
            endpoint.open = endpoint.open.saturating_sub(1);
            if connection.state == State::Idle {
                endpoint.idle.retain(|idle| *idle != index);
            }
            self.free.push(index);
            // What it had to say is not what the next one has.
            self.unread.retain(|unread| unread.socket != index);
        }
    }
}
