//! What one worker counts. It allocates nothing for a push, and becomes figures at the end.

use super::expectations::ExpectationFigures;
use super::figures::{ConnectionFigures, Figures, KindFigures, failure_name};
use super::latency::{Latency, Packed};
use super::point::Point;
use super::{KindTick, Tick};
use crate::event::{FailureClass, Phase};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

/// The counters of one kind.
#[derive(Default)]
pub struct Counted {
    name: String,
    /// All but the two maps.
    figures: KindFigures,
    statuses: Vec<(u16, u64)>,
    failures: Failures,
}

/// Attempts without an answer, by class and phase.
type Failures = [[u64; Phase::ALL.len()]; FailureClass::ALL.len()];

/// Those that there were, by name.
fn named(failures: &Failures) -> impl Iterator<Item = (String, u64)> {
    let each = FailureClass::ALL.into_iter().zip(failures).flat_map(|(class, phases)| {
        Phase::ALL.into_iter().zip(phases).map(move |(phase, count)| (failure_name(class, phase), *count))
    });
    each.filter(|(_, count)| *count > 0)
}

impl Counted {
    /// With the two maps.
    fn whole(&self) -> KindFigures {
        let mut kind = self.figures.clone();
        kind.statuses.extend(self.statuses.iter().copied());
        kind.failures.extend(named(&self.failures));
        kind
    }
}

/// The counters of one worker.
pub struct Ledger {
    kinds: Vec<Counted>,
    pub(super) lag: Latency,
    pub(super) connections: ConnectionFigures,
    pub(super) calls_started: u64,
    pub(super) calls_in_flight_max: u64,
    notes: Vec<String>,
    /// What became of what the scenarios expect; once the worker is done.
    pub(super) expectations: Vec<ExpectationFigures>,
    /// How often each fault struck.
    strikes: BTreeMap<String, u64>,
    /// Of the point that goes on.
    point: Point,
    failures: Failures,
    response: Latency,
    service: Latency,
}

impl Ledger {
    /// Nothing counted yet.
    pub fn new(kinds: &[String]) -> Self {
        Self {
            kinds: kinds.iter().map(|name| Counted { name: name.clone(), ..Counted::default() }).collect(),
            lag: Latency::default(),
            connections: ConnectionFigures::default(),
            calls_started: 0,
            calls_in_flight_max: 0,
            notes: Vec::new(),
            expectations: Vec::new(),
            strikes: BTreeMap::new(),
            point: Point::default(),
            failures: Failures::default(),
            response: Latency::default(),
            service: Latency::default(),
        }
    }

    /// Pushes to so many targets are due for the first time.
    pub fn due(&mut self, kind: usize, targets: u64) {
        self.kinds[kind].figures.planned += targets;
        self.point.due += targets;
    }

    /// An attempt was written.
    pub fn written(&mut self, lag: Duration) {
        self.handed();
        self.lag.record(lag);
    }

    /// An attempt was given to a task that writes it.
    pub fn handed(&mut self) {
        self.point.written += 1;
    }

    /// So long after the moment at which it could have left an attempt really left.
    pub fn lag(&mut self, lag: Duration) {
        self.lag.record(lag);
    }

    /// An attempt was answered.
    pub fn answered(&mut self, kind: usize, attempt: u32, status: u16, response: Duration, service: Duration) {
        let counted = self.attempted(kind, attempt);
        counted.figures.answered += 1;
        match counted.statuses.iter_mut().find(|(known, _)| *known == status) {
            Some((_, count)) => *count += 1,
            None => counted.statuses.push((status, 1)),
        }
        self.point.answered += 1;
        self.took(kind, response, service);
    }

    fn attempted(&mut self, kind: usize, attempt: u32) -> &mut Counted {
        let counted = &mut self.kinds[kind];
        counted.figures.attempts += 1;
        counted.figures.retries += u64::from(attempt > 1);
        counted
    }

    fn took(&mut self, kind: usize, response: Duration, service: Duration) {
        let figures = &mut self.kinds[kind].figures;
        [&mut figures.response, &mut self.response].into_iter().for_each(|times| times.record(response));
        [&mut figures.service, &mut self.service].into_iter().for_each(|times| times.record(service));
    }

    /// An attempt ended without an answer.
    pub fn failed(
        &mut self,
        kind: usize,
        attempt: u32,
        (class, phase): (FailureClass, Phase),
        took: (Duration, Duration),
    ) {
        let class_at = FailureClass::ALL.iter().position(|known| *known == class).unwrap_or_default();
        let phase_at = Phase::ALL.iter().position(|known| *known == phase).unwrap_or_default();
        self.attempted(kind, attempt).failures[class_at][phase_at] += 1;
        self.failures[class_at][phase_at] += 1;
        self.point.failed += 1;
        if class == FailureClass::Timeout {
            self.took(kind, took.0, took.1);
        }
    }

    /// An answer was no acknowledgement.
    pub fn nack(&mut self, kind: usize) {
        self.kinds[kind].figures.nacks += 1;
        self.point.nacks += 1;
    }

    /// A push is acknowledged.
    pub fn sent(&mut self, kind: usize) -> u64 {
        self.kinds[kind].figures.sent += 1;
        self.kinds[kind].figures.sent
    }

    /// A push is lost.
    pub fn lost(&mut self, kind: usize) {
        self.kinds[kind].figures.lost += 1;
        self.point.lost += 1;
    }

    /// A push is lost to a fault of its own.
    pub fn excused(&mut self, kind: usize) {
        self.kinds[kind].figures.excused += 1;
        self.point.excused += 1;
    }

    /// These faults struck an attempt, or kept a push from leaving.
    pub fn struck(&mut self, faults: &[Arc<str>]) {
        for fault in faults {
            match self.strikes.get_mut(&**fault) {
                Some(strikes) => *strikes += 1,
                None => drop(self.strikes.insert(fault.as_ref().into(), 1)),
            }
        }
    }

    /// A push to so many targets is held back, because there is no room.
    pub fn held(&mut self, kind: usize, targets: u64) {
        self.kinds[kind].figures.held += targets;
        self.point.held += targets;
    }

    /// The same, by the end of the run.
    pub fn held_by_end(&mut self, kind: usize, targets: u64) {
        self.held(kind, targets);
        self.kinds[kind].figures.held_by_end += targets;
    }

    /// A connection was wanted, and the system let no more be opened.
    pub fn short_of_files(&mut self, note: String) {
        self.connections.short += 1;
        self.note(note);
    }

    /// Something else is to be told, once.
    pub fn note(&mut self, note: String) {
        if !self.notes.contains(&note) {
            self.notes.push(note);
        }
    }

    /// Ends the point that goes on.
    pub fn tick(&mut self, at: Duration, in_flight: u64, calls: u64) -> Tick {
        let mut point = std::mem::take(&mut self.point);
        point.in_flight = in_flight;
        point.calls = calls;
        point.failures.extend(named(&std::mem::take(&mut self.failures)));
        point.response = Packed::of(&self.response);
        point.service = Packed::of(&self.service);
        self.response.clear();
        self.service.clear();
        let kinds = self.kinds.iter().map(|Counted { name, figures, failures, .. }| KindTick {
            name: name.clone(),
            planned: figures.planned,
            sent: figures.sent,
            held: figures.held,
            lost: figures.lost,
            excused: figures.excused,
            nacks: figures.nacks,
            failed: failures.iter().flatten().sum(),
        });
        Tick {
            at,
            point,
            kinds: kinds.collect(),
            figures: BTreeMap::new(),
            calls_started: self.calls_started,
            asked: None,
        }
    }

    /// What was counted since the start, by kind. Histograms are copied, so it is not for every push.
    pub fn figures(&self) -> BTreeMap<String, KindFigures> {
        self.kinds.iter().map(|counted| (counted.name.clone(), counted.whole())).collect()
    }

    /// Adds what was counted to figures. Points are told by ticks, and not in it.
    pub fn close(self, figures: &mut Figures) {
        let mut own = Figures::new(0, String::new(), 0, 0, String::new(), Duration::ZERO);
        own.kinds = self.figures();
        (own.lag, own.connections, own.notes, own.strikes) = (self.lag, self.connections, self.notes, self.strikes);
        (own.calls.started, own.calls.in_flight_max) = (self.calls_started, self.calls_in_flight_max);
        own.expectations = self.expectations;
        figures.add(&own);
    }
}
