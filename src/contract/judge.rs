//! Judges one story: learns of each event, and tells what it finds.

use super::Contract;
use super::answer::{Answer, Violation};
use super::check::Check;
use super::ruling;
use super::track::{CallTrack, Leaving};
use crate::diagnostic::Code;
use crate::event::{ANSWER_LOST, DeliveryId, Expectation, FailureClass, Finding, Phase, RunEvent, Story, Weight, said};
use crate::faults::{self, Bent, Layer};
use crate::http::Captured;
use crate::shell;
use crate::vendors::{self, Stage};
use std::collections::{HashMap, HashSet};
use std::time::Duration;
use url::Url;

/// What a story is judged by, and what its findings have in common.
#[derive(Debug, Clone)]
pub struct Case {
    /// Which story.
    pub story: Story,
    /// What the scenario expects.
    pub contract: Contract,
    /// Where the scenario was read from.
    pub source: String,
    /// The command that plays the story again.
    pub replay: String,
}

/// Judges one story.
#[derive(Debug)]
pub struct Judge {
    case: Case,
    /// What the rules know, by call.
    calls: HashMap<String, CallTrack<DeliveryId>>,
    /// What findings show of each push under way.
    shown: HashMap<DeliveryId, Shown>,
    /// The targets that have ever answered.
    reached: HashSet<u32>,
    /// How often each check was judged, and how often it did not hold.
    counts: Vec<Count>,
    /// The same of the vendor's own rule.
    vendors_rule: Count,
    /// A push that was given up because its target was not reached at all: the next event tells whether that ends the
    /// story, which then says nothing about the receiver.
    unreached: Option<GivenUp>,
}

/// The last attempt at a push, as findings show it.
#[derive(Debug, Default, Clone)]
struct Shown {
    /// Which, from 1.
    attempt: u32,
    /// How many there can be.
    attempts_max: u32,
    /// When it left, in scenario time.
    offset: Duration,
    /// What has bent it.
    faults: Vec<Bent>,
    /// The request, as a shell command.
    curl: String,
    /// What came of it, in a few words; empty while it is in flight.
    ended: String,
    /// The status of its answer, and what that says.
    status: Option<u16>,
    said: String,
    /// Whether its target was not reached at all.
    is_unreached: bool,
}

#[derive(Debug, Clone, Copy, Default)]
struct Count {
    judged: u64,
    failed: u64,
}

impl Count {
    fn add(&mut self, violation: &Option<Violation>) {
        self.judged += 1;
        self.failed += u64::from(violation.is_some());
    }
}

#[derive(Debug, Clone)]
struct GivenUp {
    delivery: DeliveryId,
    attempts: u32,
    reason: String,
}

impl Judge {
    /// A judge of this story, before it begins.
    pub fn new(case: Case) -> Self {
        let counts = vec![Count::default(); case.contract.checks.len()];
        Self {
            case,
            calls: HashMap::new(),
            shown: HashMap::new(),
            reached: HashSet::new(),
            counts,
            vendors_rule: Count::default(),
            unreached: None,
        }
    }

    /// Learns of an event of the story; what it brings to light is returned.
    pub fn event(&mut self, event: &RunEvent) -> Vec<RunEvent> {
        let mut found = match (self.unreached.take(), event) {
            (Some(given_up), RunEvent::Unreachable { .. }) => {
                self.forget(&given_up.delivery);
                Vec::new()
            }
            (Some(given_up), _) => self.given_up(&given_up),
            (None, _) => Vec::new(),
        };
        match event {
            RunEvent::Attempted { .. } => self.leaves(event),
            RunEvent::Replied { delivery, status, headers, body, truncated, timing, reason, .. } => {
                if let Some(shown) = self.shown.get_mut(delivery) {
                    shown.learn(event);
                }
                let answer = Answer { status: *status, headers, body, truncated: *truncated, took: timing.total };
                found.extend(self.answered(delivery, &answer, reason.as_deref() == Some(ANSWER_LOST)));
            }
            RunEvent::Failed { delivery, class, phase, .. } => self.fails(delivery, *class, *phase),
            RunEvent::Acknowledged { delivery, .. } if self.shown.contains_key(delivery) => {
                let (events, is_covered) = self.settled(delivery);
                found.extend(events);
                self.vendors_rule.judged += u64::from(!is_covered);
            }
            RunEvent::GivenUp { delivery, excused: true, .. } => self.forget(delivery),
            RunEvent::GivenUp { delivery, attempts, reason, excused: false } => {
                let given_up = GivenUp { delivery: delivery.clone(), attempts: *attempts, reason: reason.clone() };
                match self.shown.get(delivery) {
                    Some(shown) if shown.is_unreached => self.unreached = Some(given_up),
                    _ => found.extend(self.given_up(&given_up)),
                }
            }
            _ => {}
        }
        found
    }

    /// What is left to say once the story is over.
    pub fn close(&mut self) -> Vec<RunEvent> {
        let mut events = self.unreached.take().map(|given_up| self.given_up(&given_up)).unwrap_or_default();
        let Self { case, counts, vendors_rule, .. } = self;
        let checked = |expectation: Expectation, count: &Count| RunEvent::Checked {
            story: case.story.clone(),
            expectation,
            judged: count.judged,
            failed: count.failed,
        };
        events.push(checked(the_vendors(case), vendors_rule));
        let checks = case.contract.checks.iter().zip(counts.iter());
        events.extend(checks.map(|(check, count)| checked(check.expectation.clone(), count)));
        events
    }

    /// An attempt leaves.
    fn leaves(&mut self, event: &RunEvent) {
        let RunEvent::Attempted { delivery, attempt, method, url, headers, body, faults, spoilt, .. } = event else {
            return;
        };
        let is_on_wire = |bent: &Bent| faults::find(bent.fault).is_some_and(|fact| fact.layer == Layer::Connection);
        let leaving = Leaving {
            attempt: *attempt,
            stage: self.stage(method, url, headers, body),
            is_spoilt: *spoilt,
            is_bent_on_wire: faults.iter().any(is_on_wire),
        };
        self.calls.entry(delivery.call.clone()).or_default().leaves(delivery, delivery.target, leaving);
        let shown = self.shown.entry(delivery.clone()).or_default();
        *shown = Shown::default();
        shown.learn(event);
    }

    /// What a push tells of its call, which is the vendor's to say.
    fn stage(&self, method: &str, url: &str, headers: &[(String, String)], body: &str) -> Option<Stage> {
        let url = Url::parse(url).ok();
        let captured = Captured {
            method: method.to_owned(),
            path: url.as_ref().map(|url| url.path().to_owned()).unwrap_or_default(),
            query: url.as_ref().and_then(|url| url.query().map(str::to_owned)).unwrap_or_default(),
            headers: headers.to_vec(),
            body: body.to_owned().into(),
        };
        vendors::find(self.case.story.vendor)?.about(&captured).map(|about| about.stage)
    }

    /// An answer came.
    fn answered(&mut self, delivery: &DeliveryId, answer: &Answer<'_>, is_lost: bool) -> Vec<RunEvent> {
        let Self { case, calls, shown, counts, reached, .. } = self;
        reached.insert(delivery.target);
        let (Some(call), Some(shown)) = (calls.get_mut(&delivery.call), shown.get_mut(delivery)) else {
            return Vec::new();
        };
        let overtaken = call.answers(delivery, is_lost).map(|other| other.push);
        let Some(push) = call.get(delivery) else { return Vec::new() };
        let mut found = Vec::new();
        let checks = about(&case.contract.checks, &delivery.push);
        ruling::answered(checks, push, answer, overtaken.as_deref(), &mut |index, violation| {
            counts[index].add(&violation);
            let expectation = &case.contract.checks[index].expectation;
            found.extend(
                violation
                    .map(|violation| RunEvent::Found(Box::new(case.finding(expectation, violation, delivery, shown)))),
            );
        });
        found
    }

    /// An attempt ends without an answer.
    fn fails(&mut self, delivery: &DeliveryId, class: FailureClass, phase: Phase) {
        if let Some(call) = self.calls.get_mut(&delivery.call) {
            call.fails(delivery);
        }
        let Some(shown) = self.shown.get_mut(delivery) else { return };
        shown.ended = class.as_str().to_owned();
        let unreached = match phase {
            _ if class == FailureClass::Fault => false,
            Phase::Resolve | Phase::Connect | Phase::Tls => true,
            Phase::Write | Phase::FirstByte | Phase::Body => false,
        };
        shown.is_unreached = unreached && !self.reached.contains(&delivery.target);
    }

    fn forget(&mut self, delivery: &DeliveryId) {
        self.shown.remove(delivery);
        if let Some(call) = self.calls.get_mut(&delivery.call) {
            call.take(delivery);
        }
    }

    /// A push is settled. The flag says whether an expectation on its status takes the place of the vendor's own rule.
    fn settled(&mut self, delivery: &DeliveryId) -> (Vec<RunEvent>, bool) {
        let Self { case, calls, shown, counts, .. } = self;
        let push = calls.get_mut(&delivery.call).and_then(|call| call.take(delivery)).unwrap_or_default();
        let shown = shown.remove(delivery).unwrap_or_default();
        let mut found = Vec::new();
        let checks = about(&case.contract.checks, &delivery.push);
        let is_covered = ruling::settled(checks, &push, &shown.ended, &mut |index, violation| {
            counts[index].add(&violation);
            let expectation = &case.contract.checks[index].expectation;
            found
                .extend(violation.map(|violation| {
                    RunEvent::Found(Box::new(case.finding(expectation, violation, delivery, &shown)))
                }));
        });
        (found, is_covered)
    }

    /// A push is given up, and nothing excuses the receiver.
    fn given_up(&mut self, GivenUp { delivery, attempts, reason }: &GivenUp) -> Vec<RunEvent> {
        let shown = self.shown.get(delivery).cloned().unwrap_or_default();
        let (mut found, is_covered) = self.settled(delivery);
        if is_covered {
            return found;
        }
        let expected = match attempts {
            1 => "an acknowledgement of the only attempt".to_owned(),
            attempts => format!("an acknowledgement within {attempts} attempts"),
        };
        let violation = Violation {
            words: "never acknowledged".to_owned(),
            ..Violation::plain(Code::NotAcknowledged, expected, reason.clone())
        };
        self.vendors_rule.judged += 1;
        self.vendors_rule.failed += 1;
        let finding = self.case.finding(&the_vendors(&self.case), violation, delivery, &shown);
        found.push(RunEvent::Found(Box::new(finding)));
        found
    }
}

impl Shown {
    /// Learns of the beginning of the attempt, or of its answer.
    fn learn(&mut self, event: &RunEvent) {
        match event {
            RunEvent::Attempted { attempt, attempts_max, offset, method, url, headers, body, faults, .. } => {
                (self.attempt, self.attempts_max, self.offset) = (*attempt, *attempts_max, *offset);
                self.faults.clone_from(faults);
                self.curl = shell::curl(method, url, headers, body);
            }
            RunEvent::Replied { status, headers, body, .. } => {
                self.ended = format!("status {status}");
                self.status = Some(*status);
                self.said = said(body, crate::http::header(headers, "content-type"));
            }
            _ => {}
        }
    }
}

/// The checks that are about a push of this name, each with its place in the list.
fn about<'c>(checks: &'c [Check], push: &str) -> impl Iterator<Item = (usize, &'c Check)> {
    checks.iter().enumerate().filter(move |(_, check)| check.push.matches(push))
}

impl Case {
    /// What there is to tell of a check that does not hold for an attempt that began and ended so.
    pub fn found(&self, expectation: &Expectation, violation: Violation, events: &[RunEvent; 2]) -> Option<Finding> {
        let RunEvent::Attempted { delivery, .. } = &events[0] else { return None };
        let mut shown = Shown::default();
        events.iter().for_each(|event| shown.learn(event));
        Some(self.finding(expectation, violation, delivery, &shown))
    }

    fn finding(
        &self,
        expectation: &Expectation,
        violation: Violation,
        delivery: &DeliveryId,
        shown: &Shown,
    ) -> Finding {
        let Violation { code, expected, found, difference, words } = violation;
        let Shown { attempt, attempts_max, offset, faults, curl, status, said, .. } = shown;
        Finding {
            code,
            weight: Weight::Failed,
            story: self.story.clone(),
            expectation: expectation.clone(),
            message: format!("{}: {words}", delivery.push),
            expected,
            found,
            difference,
            status: status.map(i32::from),
            said: Some(said.clone()).filter(|said| !said.is_empty()),
            delivery: Some(delivery.clone()),
            attempt: Some(*attempt),
            attempts_max: Some(*attempts_max),
            offset: Some(*offset),
            faults: faults.clone(),
            curl: Some(curl.clone()),
            replay: self.replay.clone(),
            help: None,
        }
    }
}

/// What holds where the scenario expects nothing of its own.
fn the_vendors(case: &Case) -> Expectation {
    Expectation {
        text: format!("{} takes the answers for acknowledgements", case.story.vendor),
        place: case.source.clone(),
        quote: String::new(),
    }
}

#[cfg(test)]
mod tests;
