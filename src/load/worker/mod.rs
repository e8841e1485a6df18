//! One worker: a thread that starts its part of the calls, sends what falls due and counts what happens. The loop stands
//! here; what it does with a push stands in the files beside it.

mod admit;
mod end;
mod expire;
mod handed;
mod judged;
mod send;
mod settle;
mod sockets;
mod tell;

pub use tell::{Links, Message};

use super::chains::Chains;
use super::connection::Connection;
use super::judging::Judging;
use super::known::Known;
use super::ledger::Ledger;
use super::pulse::{Pulse, Ready};
use super::queue::Endpoint;
use super::setting::{Setting, share};
use super::shard::{shard_of, worker_of};
use super::wheel::{Entry, TICK_NS, Wheel};
use super::{Arrival, STOP_GRACE};
use crate::clock;
use crate::plan::Plan;
use handed::Handed;
use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::Ordering;

/// The longest sleep: so often a worker looks whether it shall stop.
const SLEEP_MAX_NS: u64 = 20_000_000;
const SLEEP_MAX_TICKS: u32 = (SLEEP_MAX_NS / TICK_NS) as u32;
/// A wait of the system that took at least so long was a sleep: there was nothing that could be done.
const REST_MIN_NS: u64 = 20_000;
/// For how long connections are read before anything else has its turn.
const READING_MAX_NS: u64 = 20_000_000;
/// How much is read of a connection at a time: little enough that hundreds of heads in it do not keep the others waiting.
const READ_BYTES: usize = 16 * 1024;

/// A worker.
pub struct Worker {
    setting: Arc<Setting>,
    links: Links,
    index: usize,
    pulse: Pulse,
    ready: Vec<Ready>,
    /// Sockets that were not read to their end, so that others had their turn.
    unread: Vec<Ready>,
    ledger: Ledger,
    wheel: Wheel,
    fired: Vec<Entry>,
    starts: super::arrival::Starts,
    /// The next call of this worker, and its start.
    next_call: Option<(u32, u64)>,
    /// How many calls of the plan of arrival were passed, with those of other workers.
    passed: u64,
    /// How many calls are between their start and their last push.
    calls: u64,
    endpoints: Vec<Endpoint>,
    connections: Vec<Option<Connection>>,
    free: Vec<u32>,
    /// How many pushes wait for a connection, and are on one.
    waiting: usize,
    busy: usize,
    handed: Handed,
    chains: Chains,
    known: Vec<Known>,
    judging: Judging,
    request: Vec<u8>,
    buffer: Vec<u8>,
    /// The earliest moment at which an attempt may have taken too long.
    expire_at_ns: u64,
    /// When there was nothing to do for the last time.
    rested_ns: u64,
    next_point_ns: u64,
    point: usize,
    /// The plan that was asked for last.
    plan: Option<(u16, u32, Arc<Plan>)>,
    /// In the closed model: how many pushes of the present step of each call are not settled.
    callers: HashMap<u32, u32>,
    /// In the closed model: steps that are settled, and callers without a call.
    concluded: Vec<(u32, u32, usize)>,
    idle_callers: usize,
    /// How many connections to an endpoint the system lets there be.
    connections_max: usize,
    /// How many pushes of this worker may be due and not settled.
    in_flight_max: usize,
    cannot_go_on: Option<String>,
}

impl Worker {
    /// Worker number `index`, from 0.
    pub fn new(setting: Arc<Setting>, index: usize, pulse: Pulse, links: Links) -> Self {
        let endpoints = setting.endpoints.iter().map(|(name, at)| Endpoint::new(name.clone(), at.clone())).collect();
        let known = setting.stories.iter().map(|story| story.kinds.len()).sum();
        let idle_callers = match setting.load.arrival {
            Arrival::Closed { calls, .. } => share(calls, setting.load.workers, index),
            Arrival::Even(_) | Arrival::Poisson(_) | Arrival::Steered(_) => 0,
        };
        let judging = Judging::new(&setting.load);
        let mut worker = Self {
            ledger: Ledger::new(&setting.kinds),
            starts: setting.load.arrival.starts(setting.load.seed),
            handed: Handed::new(&setting),
            next_point_ns: setting.point_length.as_nanos() as u64,
            connections_max: setting.connections_of(index),
            in_flight_max: setting.in_flight_of(index),
            setting,
            links,
            index,
            pulse,
            ready: Vec::new(),
            unread: Vec::new(),
            wheel: Wheel::default(),
            fired: Vec::new(),
            next_call: None,
            passed: 0,
            calls: 0,
            endpoints,
            connections: Vec::new(),
            free: Vec::new(),
            waiting: 0,
            busy: 0,
            chains: Chains::default(),
            known: vec![Known::default(); known],
            judging,
            request: Vec::with_capacity(8 * 1024),
            buffer: vec![0; READ_BYTES],
            expire_at_ns: u64::MAX,
            rested_ns: 0,
            point: 0,
            plan: None,
            callers: HashMap::new(),
            concluded: Vec::new(),
            idle_callers,
            cannot_go_on: None,
        };
        worker.pass();
        worker
    }

    /// Works until everything is settled or the end is asked for, and says so.
    pub fn run(mut self) {
        let mut ending = None;
        loop {
            let now = self.now_ns();
            self.start_calls(now);
            self.turn(now);
            self.land();
            self.serve();
            self.expire(now);
            self.tick(now);
            if self.is_ending() || self.has_lingered(now) {
                self.cut();
                if self.has_to_end() {
                    let until = *ending.get_or_insert_with(|| now.saturating_add(STOP_GRACE.as_nanos() as u64));
                    if now >= until || self.cannot_go_on.is_some() || self.links.hurry.load(Ordering::Relaxed) {
                        self.abandon();
                    }
                }
            }
            if self.is_over() {
                break;
            }
            self.sleep();
        }
        self.tick_last();
        let why = self.cannot_go_on.take();
        self.ledger.expectations = self.judging.figures();
        let done = Message::Done(self.index, Box::new(self.ledger), self.passed, why);
        // Nobody listens any more where the run itself was dropped.
        let _ = self.links.tell.send(done);
    }

    /// Time since the run began.
    fn now_ns(&self) -> u64 {
        clock::steady().saturating_duration_since(self.setting.began).as_nanos() as u64
    }

    /// Pushes that are due and not settled.
    fn in_flight(&self) -> usize {
        self.waiting + self.busy + self.handed.in_flight() + self.chains.waiting()
    }

    /// Finds the next call of this worker in the plan of arrival.
    fn pass(&mut self) {
        let load = &self.setting.load;
        self.next_call = None;
        for (number, start) in self.starts.by_ref() {
            if load.max_calls.is_some_and(|most| number > most) {
                break;
            }
            let Ok(call) = u32::try_from(number) else { break };
            self.passed = number;
            if shard_of(number, load.shard.of) + 1 == load.shard.number && worker_of(number, load.workers) == self.index
            {
                self.next_call = Some((call, start.as_nanos() as u64));
                break;
            }
        }
    }

    /// Starts the calls whose moment has come.
    fn start_calls(&mut self, now: u64) {
        if self.next_call.is_none() && matches!(self.setting.load.arrival, Arrival::Steered(_)) && !self.is_ending() {
            // What was not certain at the last look may be now.
            self.pass();
        }
        while let Some((call, at)) = self.next_call.filter(|(_, at)| *at <= now) {
            self.start_call(call, (at / TICK_NS) as u32, now);
            self.pass();
        }
        self.start_callers(now);
    }

    /// Lets fall due whatever does.
    fn turn(&mut self, now: u64) {
        let mut fired = std::mem::take(&mut self.fired);
        self.wheel.turn((now / TICK_NS) as u32, &mut fired);
        for entry in fired.drain(..) {
            let at = u64::from(entry.due) * TICK_NS;
            match entry.what.attempt() {
                0 => self.fall_due(entry.call, entry.start, entry.what.step(), at, now),
                _ => self.retry(entry, at),
            }
        }
        self.fired = fired;
    }

    /// Sleeps until something is due or a socket is ready, and deals with the sockets.
    fn sleep(&mut self) {
        let before = self.now_ns();
        let until = if self.unread.is_empty() { self.next_ns(before) } else { before };
        let mut ready = std::mem::take(&mut self.ready);
        ready.append(&mut self.unread);
        let unread = ready.len();
        if let Err(error) = self.pulse.wait(before, until, &mut ready) {
            self.cannot_go_on = Some(format!("the system cannot wait for sockets: {error}"));
        }
        let after = self.now_ns();
        if after.saturating_sub(before) >= REST_MIN_NS {
            // Woken late for what was due is no rest.
            self.rested_ns = if after >= until { until.max(before) } else { after };
        }
        each_once(&mut ready, unread);
        let mut all = ready.drain(..);
        while let Some(each) = all.next() {
            self.ready(each);
            // The others have their turn once it was seen what is due meanwhile, and before those that had theirs.
            if self.now_ns().saturating_sub(after) > READING_MAX_NS {
                drop(self.unread.splice(..0, all.by_ref()));
            }
        }
        drop(all);
        self.ready = ready;
    }

    /// When something is due next.
    fn next_ns(&self, now: u64) -> u64 {
        let mut until = (now + SLEEP_MAX_NS).min(self.next_point_ns).min(self.expire_at_ns);
        if let Some((_, at)) = self.next_call {
            until = until.min(at);
        }
        if let Some(tick) = self.wheel.next(SLEEP_MAX_TICKS) {
            until = until.min(u64::from(tick) * TICK_NS);
        }
        if !self.concluded.is_empty() {
            return now;
        }
        for endpoint in self.endpoints.iter().filter(|endpoint| endpoint.is_waited_for()) {
            if endpoint.opening == 0 && endpoint.open < self.connections_max {
                until = until.min(endpoint.opens_ns());
            }
        }
        until
    }
}

/// Leaves each socket once: one of the first `unread`, which were not read to their end, may have told something new.
fn each_once(ready: &mut Vec<Ready>, unread: usize) {
    if unread == 0 {
        return;
    }
    let told = ready.split_off(unread);
    let at: HashMap<u32, usize> = ready.iter().enumerate().map(|(at, each)| (each.socket, at)).collect();
    for told in told {
        match at.get(&told.socket) {
            Some(at) => ready[*at].is_closed |= told.is_closed,
            None => ready.push(told),
        }
    }
}
