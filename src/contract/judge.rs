//! Judges one story: learns of each event, and tells what it finds.

use super::Contract;
use super::answer::{Answer, Flaw};
use super::check::{AnswerRule, Check, Rule, Which};
use super::track::{Kept, Track, Tracked};
use crate::diagnostic::Code;
use crate::event::{DeliveryId, Expectation, Finding, RunEvent, Story, Weight};
use crate::vendors;

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
    track: Track,
    /// How often each check was judged, and how often it did not hold.
    counts: Vec<Count>,
    /// The same of the vendor's own rule.
    vendors_rule: Count,
    /// A push that was given up because its target was not reached at all: the next event tells whether that ends the
    /// story, which then says nothing about the receiver.
    unreached: Option<GivenUp>,
}

#[derive(Debug, Clone, Copy, Default)]
struct Count {
    judged: u64,
    failed: u64,
}

impl Count {
    fn add(&mut self, judged: bool, flaw: &Option<Flaw>) {
        self.judged += u64::from(judged);
        self.failed += u64::from(flaw.is_some());
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
        let track = Track::new(vendors::find(case.story.vendor));
        let counts = vec![Count::default(); case.contract.checks.len()];
        Self { case, track, counts, vendors_rule: Count::default(), unreached: None }
    }

    /// Learns of an event of the story; what it brings to light is returned.
    pub fn event(&mut self, event: &RunEvent) -> Vec<RunEvent> {
        let mut found = match (self.unreached.take(), event) {
            (Some(given_up), RunEvent::Unreachable { .. }) => {
                self.track.take(&given_up.delivery);
                Vec::new()
            }
            (Some(given_up), _) => self.given_up(&given_up),
            (None, _) => Vec::new(),
        };
        match event {
            RunEvent::Attempted { .. } => self.track.leaves(event),
            RunEvent::Replied { delivery, status, headers, body, truncated, timing, reason, .. } => {
                let answer = Answer { status: *status, headers, body, truncated: *truncated, took: timing.total };
                found.extend(self.answered(delivery, &answer, reason.as_deref()));
            }
            RunEvent::Failed { delivery, class, phase, .. } => self.track.fails(delivery, *class, *phase),
            RunEvent::Acknowledged { delivery, .. } => {
                if let Some(tracked) = self.track.take(delivery) {
                    let (events, covered) = self.settled(delivery, &tracked);
                    found.extend(events);
                    self.vendors_rule.judged += u64::from(!covered);
                }
            }
            RunEvent::GivenUp { delivery, excused: true, .. } => drop(self.track.take(delivery)),
            RunEvent::GivenUp { delivery, attempts, reason, excused: false } => {
                let given_up = GivenUp { delivery: delivery.clone(), attempts: *attempts, reason: reason.clone() };
                match self.track.get(delivery) {
                    Some(tracked) if tracked.is_unreached => self.unreached = Some(given_up),
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

    /// An answer came.
    fn answered(&mut self, delivery: &DeliveryId, answer: &Answer<'_>, reason: Option<&str>) -> Vec<RunEvent> {
        let Self { case, track, counts, .. } = self;
        let overtaken = track.answers(delivery, answer, reason);
        let Some(tracked) = track.get(delivery) else { return Vec::new() };
        let mut found = Vec::new();
        for (index, check) in about(&case.contract.checks, delivery) {
            let (judged, flaw) = match (&check.rule, check.which) {
                (Rule::Story(rule), _) => rule.of_answer(answer.status, tracked, overtaken.as_deref()),
                (Rule::Answer(_), Which::Last) => {
                    tracked.last.get_or_insert_with(|| Kept::new(answer));
                    (false, None)
                }
                (Rule::Answer(rule), Which::Every) => held(rule, answer, tracked),
            };
            tracked.is_status_judged |= judged && check.rule.is_status();
            counts[index].add(judged, &flaw);
            found.extend(flaw.map(|flaw| finding(case, check.expectation.clone(), flaw, delivery, tracked)));
        }
        found
    }

    /// A push is settled: what is asked of the last answer, of having one at all, and of the way there. The flag says
    /// whether an expectation on its status takes the place of the vendor's own rule.
    fn settled(&mut self, delivery: &DeliveryId, tracked: &Tracked) -> (Vec<RunEvent>, bool) {
        let Self { case, counts, .. } = self;
        let mut found = Vec::new();
        let mut is_status_judged = tracked.is_status_judged;
        // One missing answer fails one check of each entry, the first one: the others would only say it again.
        let mut entry_told = None;
        for (index, check) in about(&case.contract.checks, delivery) {
            let (judged, flaw) = match (&check.rule, check.which, &tracked.last) {
                (Rule::Story(rule), ..) => rule.of_settled(tracked),
                (Rule::Answer(rule), Which::Every, _) if !tracked.is_answered => {
                    missing(rule, check, &mut entry_told, tracked)
                }
                (Rule::Answer(rule), Which::Last, None) => missing(rule, check, &mut entry_told, tracked),
                (Rule::Answer(rule), Which::Last, Some(last)) => held(rule, &last.answer(), tracked),
                (Rule::Answer(_), Which::Every, _) => (false, None),
            };
            is_status_judged |= judged && check.rule.is_status();
            counts[index].add(judged, &flaw);
            found.extend(flaw.map(|flaw| finding(case, check.expectation.clone(), flaw, delivery, tracked)));
        }
        (found, is_status_judged)
    }

    /// A push is given up, and nothing excuses the receiver.
    fn given_up(&mut self, GivenUp { delivery, attempts, reason }: &GivenUp) -> Vec<RunEvent> {
        let tracked = self.track.take(delivery).unwrap_or_default();
        let (mut found, covered) = self.settled(delivery, &tracked);
        if covered {
            return found;
        }
        let expected = match attempts {
            1 => "an acknowledgement of the only attempt".to_owned(),
            attempts => format!("an acknowledgement within {attempts} attempts"),
        };
        let flaw = Flaw {
            words: "never acknowledged".to_owned(),
            ..Flaw::plain(Code::NotAcknowledged, expected, reason.clone())
        };
        self.vendors_rule.judged += 1;
        self.vendors_rule.failed += 1;
        found.push(finding(&self.case, the_vendors(&self.case), flaw, delivery, &tracked));
        found
    }
}

/// The checks that are about a push, each with its place in the list.
fn about<'c>(checks: &'c [Check], delivery: &DeliveryId) -> impl Iterator<Item = (usize, &'c Check)> {
    checks.iter().enumerate().filter(|(_, check)| check.push.matches(&delivery.push))
}

/// What is wrong with an answer; the flag says whether it was judged at all.
fn held(rule: &AnswerRule, answer: &Answer<'_>, tracked: &Tracked) -> (bool, Option<Flaw>) {
    let is_judged = tracked.is_fair && !(matches!(rule, AnswerRule::Within(_)) && tracked.is_bent_on_wire);
    if !is_judged {
        return (false, None);
    }
    (true, rule.flaw(answer))
}

/// What a check says of a push that has no answer. Of several checks in one entry only the first says it.
fn missing(
    rule: &AnswerRule,
    check: &Check,
    entry_told: &mut Option<usize>,
    tracked: &Tracked,
) -> (bool, Option<Flaw>) {
    if entry_told.replace(check.entry) == Some(check.entry) {
        return (false, None);
    }
    let found = match tracked.ended.as_str() {
        "" => "no answer".to_owned(),
        ended => format!("no answer: {ended}"),
    };
    (true, Some(Flaw::plain(rule.code(), rule.to_string(), found)))
}

fn finding(case: &Case, expectation: Expectation, flaw: Flaw, delivery: &DeliveryId, tracked: &Tracked) -> RunEvent {
    let Flaw { code, expected, found, difference, words } = flaw;
    RunEvent::Found(Box::new(Finding {
        code,
        weight: Weight::Failed,
        story: case.story.clone(),
        expectation,
        message: format!("{}: {words}", delivery.push),
        expected,
        found,
        difference,
        status: tracked.status.map(i32::from),
        said: Some(tracked.said.clone()).filter(|said| !said.is_empty()),
        delivery: Some(delivery.clone()),
        attempt: Some(tracked.number),
        attempts_max: Some(tracked.attempts_max),
        offset: Some(tracked.offset),
        faults: tracked.faults.clone(),
        curl: Some(tracked.curl.clone()),
        replay: case.replay.clone(),
        help: None,
    }))
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
