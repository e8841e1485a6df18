//! What a socket says: a connection is open, an answer has come, something broke. And what follows for the push.

use super::Worker;
use super::admit::tick;
use crate::delivery::{AttemptOutcome, Failure, Verdict, judge_by};
use crate::event::{FailureClass, Phase, Timing};
use crate::http::Reply;
use crate::load::answer::{Body, Read, Whole, read};
use crate::load::careful::{Landed, Verdicts};
use crate::load::connection::{Answered, Place, State, Written};
use crate::load::known::Known;
use crate::load::pulse::Ready;
use crate::load::queue::Due;
use crate::load::shard::mix;
use crate::load::wheel::What;
use crate::load::{ATTEMPTS_MAX, CALLS_IN_FLIGHT_MAX};
use crate::vendors::Acknowledgement;
use jiff::Timestamp;
use std::time::Duration;

impl Worker {
    /// A socket is ready.
    pub(super) fn ready(&mut self, Ready { socket: index, is_closed }: Ready) {
        let Some(Some(connection)) = self.connections.get_mut(index as usize) else { return };
        match connection.state {
            State::Opening => self.open_ready(index),
            State::Idle => {
                // Nobody asked: it is closed, or speaks out of turn.
                if is_closed || !matches!(connection.read(&mut self.buffer, &Known::default(), false), Answered::Waits)
                {
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
        let (endpoint, began) = (connection.endpoint as usize, connection.began_ns);
        match connection.opened() {
            None => {}
            Some(Ok(())) => {
                connection.began_ns = now;
                self.ledger.connections.opened += 1;
                self.endpoints[endpoint].opened();
                self.next_on(index, now);
            }
            Some(Err(error)) => {
                let message = format!("{} cannot be connected to: {error}", self.endpoints[endpoint].name);
                self.not_open(index, began, now, &Failure::new(FailureClass::Refused, Phase::Connect, message));
            }
        }
    }

    fn not_open(&mut self, index: u32, began: u64, now: u64, failure: &Failure) {
        let Some(connection) = self.connections[index as usize].take() else { return };
        self.free.push(index);
        self.ledger.connections.failed += 1;
        self.refuse(connection.endpoint as usize, began, now, failure);
    }

    /// Reads an answer, or what there is of it.
    fn read(&mut self, index: u32, is_closed: bool) {
        let Some(connection) = &mut self.connections[index as usize] else { return };
        let due = connection.due;
        let story = &self.setting.stories[usize::from(due.story)];
        let known = &self.known[story.known + usize::from(due.kind)];
        match connection.read(&mut self.buffer, known, is_closed) {
            Answered::Waits => {}
            Answered::Known(status, count) => {
                let began = connection.began_ns;
                let now = self.now_ns();
                let (kind, attempt) = (self.kind(&due), due.what.attempt());
                let (response, service) = took(&due, began, now);
                self.busy -= 1;
                self.ledger.answered(kind, attempt, status, response, service);
                let sent = self.ledger.sent(kind);
                if self.is_sampled(sent)
                    && let Read::Whole(whole) = read(&self.buffer[..count], false)
                {
                    let timing = timing(began, now);
                    let reply = whole.reply(&self.buffer[..count]);
                    self.tell(&due, response, true, AttemptOutcome::Replied { reply, timing });
                }
                self.free_again(index, !is_closed, now);
                self.conclude(&due);
            }
            Answered::Whole(whole, place) => self.answered(index, &whole, place, is_closed),
            Answered::Broke(failure) => {
                self.busy -= 1;
                self.close(index);
                let now = self.now_ns();
                self.failed(due, now, failure);
            }
        }
    }

    /// An answer is there that is not known by heart.
    fn answered(&mut self, index: u32, whole: &Whole, place: Place, is_closed: bool) {
        let now = self.now_ns();
        let Some(connection) = &mut self.connections[index as usize] else { return };
        let due = connection.due;
        let began = connection.began_ns;
        let story = &self.setting.stories[usize::from(due.story)];
        let bytes = match place {
            Place::Buffer(count) => &self.buffer[..count],
            Place::Input => &connection.input[..],
        };
        let reply = whole.reply(bytes);
        let verdict = story.calls.acknowledged(due.kind.into(), &reply);
        // A request that is not wholly written spoils what comes behind it.
        let keep = whole.keep && !is_closed && connection.state == State::Reading;
        let acknowledged = !matches!(verdict, Acknowledgement::No(_));
        if acknowledged && keep && matches!((place, &whole.body), (Place::Buffer(_), Body::Here(_) | Body::Joined(_))) {
            self.known[story.known + usize::from(due.kind)].learn(bytes, whole.status);
        }
        self.busy -= 1;
        self.free_again(index, keep, now);
        self.replied(due, (began, now), reply, acknowledged);
    }

    /// An attempt was answered.
    fn replied(&mut self, due: Due, (began, now): (u64, u64), reply: Reply, acknowledged: bool) {
        let (kind, attempt) = (self.kind(&due), due.what.attempt());
        let (response, service) = took(&due, began, now);
        self.ledger.answered(kind, attempt, reply.status, response, service);
        let outcome = AttemptOutcome::Replied { reply, timing: timing(began, now) };
        if acknowledged {
            let sent = self.ledger.sent(kind);
            if self.is_sampled(sent) {
                self.tell(&due, response, true, outcome);
            }
            self.conclude(&due);
        } else {
            self.ledger.nack(kind);
            let wait = self.judge(&due, &outcome, now);
            self.tell(&due, response, false, outcome);
            self.follow(due, wait, now);
        }
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

    /// An attempt ended without an answer; `began`: when it was written, or now where it never was.
    pub(super) fn failed(&mut self, due: Due, now: u64, failure: Failure) {
        self.failed_since(due, due.at_ns, now, failure);
    }

    fn failed_since(&mut self, due: Due, began: u64, now: u64, failure: Failure) {
        let (kind, attempt) = (self.kind(&due), due.what.attempt());
        let took = took(&due, began, now);
        self.ledger.failed(kind, attempt, (failure.class, failure.phase), took);
        let outcome = AttemptOutcome::Failed { failure, timing: timing(began, now) };
        let wait = self.judge(&due, &outcome, now);
        self.tell(&due, took.0, false, outcome);
        self.follow(due, wait, now);
    }

    /// How long the vendor waits before it tries again; none where it does not.
    fn judge(&self, due: &Due, outcome: &AttemptOutcome, now: u64) -> Option<Duration> {
        let policies = self.setting.stories[usize::from(due.story)].calls.policies();
        let policy = &policies.get(usize::from(due.policy))?.retry;
        let key = mix(u64::from(due.call), (due.what.step() as u64) << 32 | u64::from(due.what.attempt()));
        let fraction = || (mix(self.setting.load.seed, key) >> 11) as f64 / (1_u64 << 53) as f64;
        let since = Duration::from_nanos(now).mul_f64(self.setting.load.pace);
        let at = self.setting.load.start.checked_add(since).unwrap_or(Timestamp::MAX);
        match judge_by(policy, &policy.waits, due.what.attempt(), outcome, at, fraction) {
            Verdict::Again { wait, .. } => Some(wait),
            Verdict::Never(_) => None,
        }
    }

    /// What follows a failed attempt: another one, or the push is lost.
    fn follow(&mut self, due: Due, wait: Option<Duration>, now: u64) {
        let kind = self.kind(&due);
        let attempt = due.what.attempt() + 1;
        match wait {
            Some(wait) if attempt <= ATTEMPTS_MAX && self.wheel.len() < CALLS_IN_FLIGHT_MAX && !self.is_ending() => {
                let at = now.saturating_add(self.setting.real_ns(wait));
                let what = What::new(due.what.step(), due.what.target(), attempt);
                self.wheel.insert(due.call, due.start, what, tick(at));
            }
            Some(_) | None => {
                self.ledger.lost(kind);
                self.conclude(&due);
            }
        }
    }

    /// Whether one is told of the acknowledged push that has this number.
    fn is_sampled(&self, sent: u64) -> bool {
        let sample = self.setting.load.sample;
        sample > 0 && sent.is_multiple_of(sample)
    }

    /// Ends what has taken too long.
    pub(super) fn expire(&mut self, now: u64) {
        if now < self.expire_at_ns {
            return;
        }
        self.expire_at_ns = u64::MAX;
        for endpoint in 0..self.endpoints.len() {
            self.expire_waiting(endpoint, now);
        }
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
                self.failed_since(due, began, now, failure);
            }
        }
    }

    /// Ends the attempts that have waited for a connection for as long as they may take: all are busy with others.
    fn expire_waiting(&mut self, endpoint: usize, now: u64) {
        while let Some(due) = self.endpoints[endpoint].waiting.front().copied() {
            let until = self.waits_until(&due);
            if until > now {
                self.expire_at_ns = self.expire_at_ns.min(until);
                return;
            }
            self.endpoints[endpoint].waiting.pop_front();
            self.waiting -= 1;
            let message = "the time limit ran out while waiting for a connection: all were busy";
            self.failed(due, now, Failure::new(FailureClass::Timeout, Phase::Connect, message));
        }
    }

    /// Takes what the careful way has brought back.
    pub(super) fn land(&mut self) {
        while let Ok(Landed { due, outcome, verdict, began }) = self.links.landed.try_recv() {
            let now = self.now_ns();
            let kind = self.kind(&due);
            self.careful[kind] = self.careful[kind].saturating_sub(1);
            self.careful_all = self.careful_all.saturating_sub(1);
            let began = began.saturating_duration_since(self.setting.began).as_nanos() as u64;
            let (response, service) = took(&due, began, now);
            let acknowledged = verdict == Verdicts::Settled;
            match &outcome {
                AttemptOutcome::Replied { reply, .. } => {
                    self.ledger.answered(kind, due.what.attempt(), reply.status, response, service);
                    if !acknowledged {
                        self.ledger.nack(kind);
                    }
                }
                AttemptOutcome::Failed { failure, .. } => {
                    let cause = (failure.class, failure.phase);
                    self.ledger.failed(kind, due.what.attempt(), cause, (response, service));
                }
            }
            match verdict {
                Verdicts::Settled => {
                    let sent = self.ledger.sent(kind);
                    if self.is_sampled(sent) {
                        self.tell(&due, response, true, outcome);
                    }
                    self.conclude(&due);
                }
                Verdicts::Again(wait) => {
                    self.tell(&due, response, false, outcome);
                    self.follow(due, Some(wait), now);
                }
                Verdicts::Never => {
                    self.tell(&due, response, false, outcome);
                    self.follow(due, None, now);
                }
            }
        }
    }
}

/// How long an attempt took from its intended start, and from its real one.
fn took(due: &Due, began: u64, now: u64) -> (Duration, Duration) {
    (Duration::from_nanos(now.saturating_sub(due.at_ns)), Duration::from_nanos(now.saturating_sub(began)))
}

fn timing(began: u64, now: u64) -> Timing {
    Timing { total: Duration::from_nanos(now.saturating_sub(began)), ..Timing::default() }
}
