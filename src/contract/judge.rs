//! Judges one story: learns of each event, and tells what it finds.

use super::Contract;
use crate::diagnostic::Code;
use crate::event::{DeliveryId, Expectation, Finding, RunEvent, Story, Weight};
use crate::faults::Bent;
use crate::shell;
use std::collections::HashMap;

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
    /// The last attempt at each delivery that is not settled.
    attempts: HashMap<DeliveryId, Attempt>,
    settled: u64,
    given_up: u64,
}

#[derive(Debug)]
struct Attempt {
    number: u32,
    faults: Vec<Bent>,
    curl: String,
    /// What came of it, in a few words.
    ended: String,
}

impl Judge {
    /// A judge of this story, before it begins.
    pub fn new(case: Case) -> Self {
        Self { case, attempts: HashMap::new(), settled: 0, given_up: 0 }
    }

    /// Learns of an event of the story; what it brings to light is returned.
    pub fn event(&mut self, event: &RunEvent) -> Vec<RunEvent> {
        match event {
            RunEvent::Attempted { delivery, attempt, method, url, headers, body, faults, .. } => {
                let curl = shell::curl(method, url, headers, body);
                let attempt = Attempt { number: *attempt, faults: faults.clone(), curl, ended: String::new() };
                self.attempts.insert(delivery.clone(), attempt);
            }
            RunEvent::Replied { delivery, status, .. } => self.end(delivery, format!("status {status}")),
            RunEvent::Failed { delivery, class, .. } => self.end(delivery, class.as_str().to_owned()),
            RunEvent::Acknowledged { delivery, .. } | RunEvent::GivenUp { delivery, excused: true, .. } => {
                self.settled += 1;
                self.attempts.remove(delivery);
            }
            RunEvent::GivenUp { delivery, attempts, reason, excused: false } => {
                self.settled += 1;
                self.given_up += 1;
                return vec![RunEvent::Found(Box::new(self.not_acknowledged(delivery, *attempts, reason)))];
            }
            _ => {}
        }
        Vec::new()
    }

    /// What is left to say once the story is over.
    pub fn close(&mut self) -> Vec<RunEvent> {
        let Self { case, settled, given_up, .. } = self;
        vec![RunEvent::Checked {
            story: case.story.clone(),
            expectation: vendors_rule(case),
            judged: *settled,
            failed: *given_up,
        }]
    }

    fn end(&mut self, delivery: &DeliveryId, how: String) {
        if let Some(attempt) = self.attempts.get_mut(delivery) {
            attempt.ended = how;
        }
    }

    fn not_acknowledged(&mut self, delivery: &DeliveryId, attempts: u32, reason: &str) -> Finding {
        let last = self.attempts.remove(delivery);
        let (attempt, faults, curl, found) = match last {
            Some(Attempt { number, faults, curl, ended }) => (Some(number), faults, Some(curl), ended),
            None => (None, Vec::new(), None, reason.to_owned()),
        };
        let Case { story, replay, .. } = &self.case;
        Finding {
            code: Code::NotAcknowledged,
            weight: Weight::Failed,
            story: story.clone(),
            expectation: vendors_rule(&self.case),
            message: format!("{} was never acknowledged: {reason}", delivery.push),
            expected: format!("an acknowledgement within {attempts} attempts"),
            found,
            difference: Vec::new(),
            delivery: Some(delivery.clone()),
            attempt,
            faults,
            curl,
            replay: replay.clone(),
        }
    }
}

/// What holds where the scenario expects nothing of its own.
fn vendors_rule(case: &Case) -> Expectation {
    Expectation {
        text: format!("{} takes the answers for acknowledgements", case.story.vendor),
        place: case.source.clone(),
    }
}
