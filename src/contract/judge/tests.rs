//! What a story is judged by, event by event.

use super::*;
use crate::contract::{AnswerRule, Rule, Status, Statuses, StoryRule, Which, events};
use crate::event::{ANSWER_LOST, FailureClass, Phase};
use std::time::Duration;

fn judge(rules: Vec<Rule>) -> Judge {
    let check = |rule: Rule| Check {
        expectation: Expectation { text: format!("{rule:?}"), place: "flow.yaml:9".into(), quote: "- x".into() },
        entry: 0,
        push: crate::http::Glob::new("udesk:*"),
        which: Which::Every,
        rule,
    };
    let contract = Contract { checks: rules.into_iter().map(check).collect(), ..Contract::default() };
    let story = Story { scenario: "flow".into(), vendor: "udesk" };
    Judge::new(Case { story, contract, source: "flow.yaml".into(), replay: "ringback run flow.yaml".into() })
}

fn attempted(fault: Option<&'static str>, spoilt: bool) -> RunEvent {
    events::attempted(1, fault, spoilt)
}

fn replied(status: u16) -> RunEvent {
    events::replied(1, status, "")
}

fn given_up(excused: bool) -> RunEvent {
    events::given_up(1, excused)
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
    let failed = events::failed(1, FailureClass::Refused, Phase::Connect);
    let unreachable = RunEvent::Unreachable {
        story: events::story(),
        url: "http://127.0.0.1:9/".into(),
        message: "refused".into(),
        untried: 3,
    };
    let before = [attempted(None, false), failed, given_up(false)];
    assert_eq!(told(vec![status(2)], &before).0, [Code::Status]);
    let ended = [before.as_slice(), std::slice::from_ref(&unreachable)].concat();
    assert_eq!(told(vec![status(2)], &ended), (vec![], vec![(0, 0), (0, 0)]));
    // Of what was answered before, it says something.
    let refused = [attempted(None, false), replied(500), given_up(false), unreachable];
    assert_eq!(told(vec![], &refused), (vec![Code::NotAcknowledged], vec![(1, 1)]));
}

#[test]
fn a_finding_says_which_attempt_it_is_about_and_by_which_rule() {
    let mut judge = judge(Vec::new());
    let events = [attempted(None, false), replied(500), given_up(false)];
    let found: Vec<RunEvent> = events.iter().flat_map(|event| judge.event(event)).collect();
    let [RunEvent::Found(found)] = found.as_slice() else { panic!("{found:?}") };
    assert_eq!((found.attempt, found.attempts_max, found.offset), (Some(1), Some(1), Some(Duration::ZERO)));
    assert_eq!((found.status, &*found.expectation.place), (Some(500), "flow.yaml"));
    assert_eq!(found.expectation.text, "udesk takes the answers for acknowledgements");
    assert!(found.curl.as_ref().is_some_and(|curl| curl.contains("http://127.0.0.1:9/hook")));
}

#[test]
fn answers_within_a_call_come_in_the_order_in_which_its_pushes_left() {
    let left = |number, change: fn(&mut DeliveryId)| with(events::attempted(number, None, false), change);
    let came = |number, change: fn(&mut DeliveryId)| with(events::replied(number, 200, ""), change);
    let (same, another_call, another_target) =
        (|_: &mut DeliveryId| {}, |id: &mut DeliveryId| id.call = "2".into(), |id: &mut DeliveryId| id.target = 2);
    let settled = events::replied(1, 200, "");
    let in_order = || vec![Rule::Story(StoryRule::InOrder)];
    for (events, expected) in [
        (vec![left(1, same), left(2, same), came(2, same)], vec![Code::OutOfOrder]),
        (vec![left(1, same), left(2, same), came(1, same)], vec![]),
        (vec![left(1, same), settled, left(2, same), came(2, same)], vec![]),
        (vec![left(1, another_call), left(2, same), came(2, same)], vec![]),
        (vec![left(1, another_target), left(2, same), came(2, same)], vec![]),
        (vec![events::attempted(1, Some("trickle"), false), left(2, same), came(2, same)], vec![]),
        (vec![left(1, same), events::attempted(2, Some("trickle"), false), came(2, same)], vec![]),
    ] {
        assert_eq!(told(in_order(), &events).0, expected, "{events:?}");
    }
}

/// The event with its delivery changed.
fn with(mut event: RunEvent, change: fn(&mut DeliveryId)) -> RunEvent {
    if let RunEvent::Attempted { delivery, .. } | RunEvent::Replied { delivery, .. } = &mut event {
        change(delivery);
    }
    event
}

#[test]
fn what_comes_after_the_end_of_its_call_is_not_answered_by_an_error() {
    let push = |number, occasion: &str, spoilt| {
        let mut event = events::attempted(number, None, spoilt);
        if let RunEvent::Attempted { body, .. } = &mut event {
            *body = format!(r#"{{"occasion":"{occasion}","conversation_id":7}}"#);
        }
        event
    };
    let rules = || vec![Rule::Story(StoryRule::NoErrorAfterEnd)];
    let (ok, wrong) = (events::replied(1, 200, ""), events::replied(2, 409, ""));
    for (events, expected) in [
        (vec![push(1, "end", false), ok.clone(), push(2, "begin", false), wrong.clone()], vec![Code::ErrorAfterEnd]),
        (vec![push(1, "begin", false), ok.clone(), push(2, "end", false), wrong.clone()], vec![]),
        // A receiver that could not read the end knows nothing of it; what says nothing of a call is not late.
        (vec![push(1, "end", true), ok.clone(), push(2, "begin", false), wrong.clone()], vec![]),
        (vec![push(1, "end", false), ok.clone(), push(2, "nothing", false), wrong.clone()], vec![]),
        (vec![push(1, "end", false), ok, push(2, "begin", true), wrong], vec![]),
    ] {
        assert_eq!(told(rules(), &events).0, expected, "{events:?}");
    }
}

#[test]
fn an_answer_that_was_thrown_away_is_not_judged_and_a_target_that_once_answered_was_reached() {
    let mut lost = replied(500);
    if let RunEvent::Replied { reason, .. } = &mut lost {
        *reason = Some(ANSWER_LOST.to_owned());
    }
    assert_eq!(told(vec![status(2)], &[attempted(None, false), lost]).1, [(0, 0), (0, 0)]);
    let refused = |number| events::failed(number, FailureClass::Refused, Phase::Connect);
    let unreachable =
        || RunEvent::Unreachable { story: events::story(), url: String::new(), message: String::new(), untried: 0 };
    let second = || vec![events::attempted(2, None, false), refused(2), events::given_up(2, false), unreachable()];
    assert_eq!(told(vec![], &second()).0, []);
    let answered_before = [vec![attempted(None, false), replied(200)], second()].concat();
    assert_eq!(told(vec![], &answered_before).0, [Code::NotAcknowledged]);
    let by_a_fault = [
        vec![attempted(None, false), events::failed(1, FailureClass::Fault, Phase::Connect)],
        vec![given_up(false), unreachable()],
    ]
    .concat();
    assert_eq!(told(vec![], &by_a_fault).0, [Code::NotAcknowledged]);
}
