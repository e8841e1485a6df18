//! What a socket says: a connection is open, an answer has come, something broke. What follows for the push stands in `settle`.

use super::Worker;
use super::settle::{timing, took};
use crate::delivery::{AttemptOutcome, Failure, GOODBYE, ResponseReader, is_goodbye, sent_once_more};
use crate::event::{FailureClass, Phase};
use crate::http::Reply;
use crate::load::connection::{Answered, State, Whole, Written};
use crate::load::judging::Bend;
use crate::load::pulse::Ready;
use crate::load::queue::{Due, Leaving};
use crate::vendors::Acknowledgement;

impl Worker {
    /// A socket is ready.
    pub(super) fn ready(&mut self, Ready { socket: index, is_closed }: Ready) {
        let Some(Some(connection)) = self.connections.get_mut(index as usize) else { return };
        match connection.state {
            State::Opening => self.open_ready(index),
            State::Idle => {
                // Nobody asked: it is closed, or speaks out of turn.
                if is_closed || !connection.is_quiet() {
                    self.ledger.connections.closed += 1;
                    self.close(index);
                }
            }
            State::Writing => match connection.go_on() {
                Written::Under => self.read(index, is_closed),
                // An answer may have come before it broke.
                Written::Nothing | Written::Broke(_) => self.read(index, true),
            },
            State::Reading => self.read(index, is_closed),
        }
    }

    fn open_ready(&mut self, index: u32) {
        let now = self.now_ns();
        let Some(connection) = &mut self.connections[index as usize] else { return };
        let (endpoint, address, began) = (connection.endpoint as usize, connection.address, connection.began_ns);
        match connection.opened() {
            None => {}
            Some(Ok(())) => {
                connection.began_ns = now;
                self.ledger.connections.opened += 1;
                self.endpoints[endpoint].opened(address);
                self.next_on(index, now);
            }
            Some(Err(error)) => {
                let message = format!("{} cannot be connected to: {error}", self.endpoints[endpoint].name);
                self.not_open(index, began, now, &Failure::new(FailureClass::Refused, Phase::Connect, message));
            }
        }
    }

    pub(super) fn not_open(&mut self, index: u32, began: u64, now: u64, failure: &Failure) {
        let Some(connection) = self.connections[index as usize].take() else { return };
        self.free.push(index);
        self.ledger.connections.failed += 1;
        self.refuse(connection.endpoint as usize, connection.address, (began, now), failure);
    }

    /// Reads an answer, or what there is of it.
    fn read(&mut self, index: u32, is_closed: bool) {
        let Some(connection) = &mut self.connections[index as usize] else { return };
        let due = connection.due;
        let story = &self.setting.stories[usize::from(due.story)];
        let known = &self.known[story.known + usize::from(due.kind)];
        match connection.read(&mut self.buffer, known, is_closed) {
            Answered::Waits => {}
            Answered::More => self.unread.push(Ready { socket: index, is_closed }),
            Answered::Known(status, count) => {
                let (began, is_spoilt) = (connection.began_ns, connection.is_spoilt);
                let remark = connection.remark.take();
                let now = self.now_ns();
                let (kind, attempt) = (self.kind(&due), due.what.attempt());
                let (response, service) = took(&due, began, now);
                self.busy -= 1;
                let tried = Self::tried(&due);
                if !self.judging.is_settled(tried, is_spoilt, service) {
                    let reply = self.known(&due, count, remark);
                    self.free_again(index, !is_closed, now);
                    let bend = Bend { is_spoilt, ..Bend::default() };
                    return reply.into_iter().for_each(|reply| self.replied(due, (began, now), bend, reply, true));
                }
                self.ledger.answered(kind, attempt, status, response, service);
                let sent = self.ledger.sent(kind);
                if self.is_sampled(sent)
                    && let Some(reply) = self.known(&due, count, remark)
                {
                    let timing = timing(began, now);
                    self.tell(&due, response, true, AttemptOutcome::Replied { reply, timing });
                }
                self.free_again(index, !is_closed, now);
                self.settled(&due);
            }
            Answered::Whole(Whole { reply, .. }) if !connection.fresh && is_goodbye(&reply) => {
                self.send_again(index, GOODBYE);
            }
            Answered::Whole(whole) => self.answered(index, whole, is_closed),
            Answered::Broke(failure) if connection.ended_unanswered(&failure) => {
                self.send_again(index, &failure.message);
            }
            Answered::Broke(failure) => {
                let began = connection.began_ns;
                self.busy -= 1;
                self.close(index);
                self.failed(due, began, self.now_ns(), failure);
            }
        }
    }

    /// An answer that is known by heart, read again: the first bytes of the buffer.
    fn known(&self, due: &Due, count: usize, remark: Option<String>) -> Option<Reply> {
        let reply = ResponseReader::default().take(self.buffer.get(..count)?).ok()?.reply?;
        let calls = &self.setting.stories[usize::from(due.story)].calls;
        Some(Reply { remark, ..reply }.decoded(calls.compression(due.kind.into())))
    }

    /// A kept connection ended before one byte of an answer: the push leaves once more, on a new one. It is still under way.
    pub(super) fn send_again(&mut self, index: u32, why: &str) {
        let Some(connection) = &self.connections[index as usize] else { return };
        let (due, began_ns, deadline_ns) = (connection.due, connection.began_ns, connection.deadline_ns);
        let again = Leaving { due, began_ns, deadline_ns, remark: Some(sent_once_more(why)) };
        self.endpoints[connection.endpoint as usize].again.push_back(again);
        self.ledger.connections.closed += 1;
        self.close(index);
    }

    /// An answer is there that is not known by heart.
    fn answered(&mut self, index: u32, Whole { reply, is_kept, in_one }: Whole, is_closed: bool) {
        let now = self.now_ns();
        let Some(connection) = &mut self.connections[index as usize] else { return };
        let due = connection.due;
        let (began, is_spoilt) = (connection.began_ns, connection.is_spoilt);
        let story = &self.setting.stories[usize::from(due.story)];
        let reply =
            Reply { remark: connection.remark.take(), ..reply }.decoded(story.calls.compression(due.kind.into()));
        let verdict = story.calls.acknowledged(due.kind.into(), &reply);
        // A request that is not wholly written spoils what comes behind it.
        let keep = is_kept && !is_closed && connection.state == State::Reading;
        let acknowledged = !matches!(verdict, Acknowledgement::No(_));
        if acknowledged
            && keep
            && let Some(count) = in_one
            && self.judging.holds(due.story.into(), due.kind.into(), &reply)
        {
            self.known[story.known + usize::from(due.kind)].learn(&self.buffer[..count], reply.status);
        }
        self.busy -= 1;
        self.free_again(index, keep, now);
        self.replied(due, (began, now), Bend { is_spoilt, ..Bend::default() }, reply, acknowledged);
    }

    /// A connection has had its answer.
    fn free_again(&mut self, index: u32, keep: bool, now: u64) {
        if let Some(connection) = &mut self.connections[index as usize]
            && keep
        {
            connection.state = State::Idle;
            connection.fresh = false;
            connection.began_ns = now;
            self.next_on(index, now);
        } else {
            self.close(index);
        }
    }
}
