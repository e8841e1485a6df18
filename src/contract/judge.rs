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
        attempt: Some(tracked.number).filter(|number| *number > 0),
        attempts_max: Some(tracked.attempts_max).filter(|number| *number > 0),
        offset: Some(tracked.offset).filter(|_| tracked.number > 0),
        faults: tracked.faults.clone(),
        curl: Some(tracked.curl.clone()).filter(|curl| !curl.is_empty()),
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
mod tests {
    use super::super::{Status, Statuses, StoryRule};
    use super::*;
    use crate::event::{FailureClass, Phase, Timing};
    use crate::faults::Bent;
    use std::time::Duration;
    use wildmatch::WildMatch;

    fn judge(rules: Vec<Rule>) -> Judge {
        let check = |rule: Rule| Check {
            expectation: Expectation { text: format!("{rule:?}"), place: "flow.yaml:9".into(), quote: "- x".into() },
            entry: 0,
            push: WildMatch::new("udesk:*"),
            which: Which::Every,
            rule,
        };
        let contract = Contract { checks: rules.into_iter().map(check).collect(), ..Contract::default() };
        let story = Story { scenario: "flow".into(), vendor: "udesk" };
        Judge::new(Case { story, contract, source: "flow.yaml".into(), replay: "ringback run flow.yaml".into() })
    }

    fn delivery() -> DeliveryId {
        DeliveryId { scenario: "flow".into(), push: "udesk:end".into(), call: "1e75".into(), number: 1, target: 1 }
    }

    fn attempted(fault: Option<&'static str>, spoilt: bool) -> RunEvent {
        RunEvent::Attempted {
            delivery: delivery(),
            attempt: 1,
            attempts_max: 1,
            offset: Duration::ZERO,
            at: String::new(),
            due: Duration::ZERO,
            began_ms: 0,
            timeout: Duration::from_secs(5),
            account: String::new(),
            conversation: String::new(),
            delay: Duration::ZERO,
            method: "POST",
            url: "http://127.0.0.1:9/hook".into(),
            headers: Vec::new(),
            body: "{}".into(),
            faults: fault.map(|fault| Bent::by_hand(fault, String::new())).into_iter().collect(),
            spoilt,
        }
    }

    fn replied(status: u16) -> RunEvent {
        RunEvent::Replied {
            version: None,
            remark: None,
            delivery: delivery(),
            attempt: 1,
            status,
            headers: Vec::new(),
            body: String::new(),
            truncated: false,
            timing: Timing { total: Duration::from_secs(3), ..Timing::default() },
            acknowledged: status == 200,
            reason: None,
            warning: None,
        }
    }

    fn given_up(excused: bool) -> RunEvent {
        RunEvent::GivenUp { delivery: delivery(), attempts: 1, reason: "because".into(), excused }
    }

    /// The codes found, and for the vendor's rule and each check how often it was judged and how often it failed.
    fn told(rules: Vec<Rule>, events: &[RunEvent]) -> (Vec<Code>, Vec<(u64, u64)>) {
        let mut judge = judge(rules);
        let mut all: Vec<RunEvent> = events.iter().flat_map(|event| judge.event(event)).collect();
        all.extend(judge.close());
        let code = |event: &RunEvent| match event {
            RunEvent::Found(found) => Some(found.code),
            _ => None,
        };
        let count = |event: &RunEvent| match event {
            RunEvent::Checked { judged, failed, .. } => Some((*judged, *failed)),
            _ => None,
        };
        (all.iter().filter_map(code).collect(), all.iter().filter_map(count).collect())
    }

    fn status(class: u16) -> Rule {
        Rule::Answer(AnswerRule::Status(Statuses(vec![Status::Class(class)])))
    }

    #[test]
    fn a_status_takes_the_place_of_the_vendors_rule_where_it_was_judged() {
        let refused = [attempted(None, false), replied(401), given_up(false)];
        assert_eq!(told(vec![], &refused), (vec![Code::NotAcknowledged], vec![(1, 1)]));
        assert_eq!(told(vec![status(4)], &refused), (vec![], vec![(0, 0), (1, 0)]));
        assert_eq!(told(vec![status(2)], &refused), (vec![Code::Status], vec![(0, 0), (1, 1)]));
        // Where a fault has spoilt every attempt, nobody but the vendor's rule would notice that the receiver broke down.
        let broke_down = [attempted(Some("bad-json"), true), replied(500), given_up(false)];
        assert_eq!(told(vec![status(2)], &broke_down), (vec![Code::NotAcknowledged], vec![(1, 1), (0, 0)]));
    }

    #[test]
    fn answers_to_what_a_fault_has_spoilt_are_not_judged() {
        let excused = [attempted(Some("bad-json"), true), replied(400), given_up(true)];
        let rules = || vec![status(2), Rule::Story(StoryRule::Answered), Rule::Story(StoryRule::Attempts(1))];
        assert_eq!(told(rules(), &excused), (vec![], vec![(0, 0); 4]));
        let broke_down = [attempted(Some("bad-json"), true), replied(500)];
        assert_eq!(told(vec![Rule::Story(StoryRule::No5xx)], &broke_down).0, [Code::ServerError]);
    }

    #[test]
    fn the_time_of_a_request_that_a_fault_has_slowed_says_nothing() {
        let within = || vec![Rule::Answer(AnswerRule::Within(Duration::from_secs(1)))];
        assert_eq!(told(within(), &[attempted(None, false), replied(200)]).0, [Code::TooLate]);
        assert_eq!(told(within(), &[attempted(Some("trickle"), false), replied(200)]).1, [(0, 0), (0, 0)]);
    }

    #[test]
    fn a_target_that_is_not_there_says_nothing_about_the_receiver() {
        let failed = RunEvent::Failed {
            delivery: delivery(),
            attempt: 1,
            class: FailureClass::Refused,
            phase: Phase::Connect,
            message: "refused".into(),
            timing: Timing::default(),
        };
        let story = Story { scenario: "flow".into(), vendor: "udesk" };
        let unreachable =
            RunEvent::Unreachable { story, url: "http://127.0.0.1:9/".into(), message: "refused".into(), untried: 3 };
        let before = [attempted(None, false), failed, given_up(false)];
        assert_eq!(told(vec![status(2)], &before).0, [Code::Status]);
        let ended = [before.as_slice(), &[unreachable]].concat();
        assert_eq!(told(vec![status(2)], &ended), (vec![], vec![(0, 0), (0, 0)]));
    }
}
