//! The engine, with values only: no socket, no time but the one it is told.

use crate::support::wire::{plan, push, retries, seconds, told};
use ringback::delivery::{Attempt, AttemptId, AttemptOutcome, Engine, Failure, Next};
use ringback::event::{FailureClass, Phase, RunEvent, Timing};
use ringback::http::Reply;
use ringback::plan::Plan;
use ringback::scenario::Order;
use ringback::vendors::Retriable;
use std::sync::Arc;
use std::time::Duration;

fn replied(status: u16, headers: &[(&str, &str)]) -> AttemptOutcome {
    let headers = headers.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect();
    let reply = Reply { status, headers, ..Reply::default() };
    AttemptOutcome::Replied { reply, timing: Timing::default() }
}

fn failed(class: FailureClass, phase: Phase) -> AttemptOutcome {
    let failure = Failure { class, phase, message: "because".into() };
    AttemptOutcome::Failed { failure, timing: Timing::default() }
}

fn targets(count: u16) -> Vec<std::net::SocketAddr> {
    (1..=count).map(|port| ([127, 0, 0, 1], port).into()).collect()
}

/// Drives an engine as fast pace does, one attempt after the other, and tells what happened.
fn drive(plan: &Plan, answer: impl Fn(&Attempt) -> AttemptOutcome) -> Vec<String> {
    let mut engine = Engine::new(Arc::new(plan.clone()));
    let (mut now, mut lines) = (Duration::ZERO, Vec::new());
    loop {
        match engine.next(now) {
            Next::Send(attempt) => {
                let (id, to) = (&attempt.delivery_id, attempt.offset);
                lines.push(format!("attempt {} of {}/{} at {to:?}", attempt.number, id.number, id.target));
                lines.extend(told(&engine.settle(attempt.id, answer(&attempt), now)));
            }
            Next::Held { delivery, offset } => lines.push(format!("held {} at {offset:?}", delivery.number)),
            Next::Dropped { delivery, offset, .. } => lines.push(format!("dropped {} at {offset:?}", delivery.number)),
            Next::WaitUntil(offset) => now = offset,
            Next::Blocked => panic!("nothing is in flight"),
            Next::Done => return lines,
        }
    }
}

fn sent(engine: &mut Engine, now: u64) -> AttemptId {
    match engine.next(seconds(now)) {
        Next::Send(attempt) => attempt.id,
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_next_push_of_a_call_waits_and_other_calls_do_not() {
    let mut plan = plan(&targets(1), vec![push(1, 1, 0), push(2, 1, 5), push(3, 2, 6), push(4, 1, 7)]);
    plan.retry = retries(&[60]);
    let lines = drive(&plan, |attempt| match (attempt.delivery.number, attempt.number) {
        (1, 1) => replied(500, &[]),
        _ => replied(200, &[]),
    });
    assert_eq!(
        lines,
        [
            "attempt 1 of 1/1 at 0ns",
            "reply 500 to 1/1: status 500 is not 2xx",
            "retry of 1/1 after 60s at 60s",
            "held 2 at 5s",
            "attempt 1 of 3/1 at 6s",
            "reply 200 to 3/1",
            "acknowledged 3/1",
            "held 4 at 7s",
            "attempt 2 of 1/1 at 60s",
            "reply 200 to 1/1",
            "acknowledged 1/1",
            "attempt 1 of 2/1 at 60s",
            "reply 200 to 2/1",
            "acknowledged 2/1",
            "attempt 1 of 4/1 at 60s",
            "reply 200 to 4/1",
            "acknowledged 4/1",
        ]
    );
}

#[test]
fn total_order_waits_across_calls_and_free_order_for_nothing() {
    let mut plan = plan(&targets(1), vec![push(1, 1, 0), push(2, 2, 5)]);
    plan.retry = retries(&[60]);
    let answer = |attempt: &Attempt| replied(if attempt.delivery.number == 1 { 500 } else { 200 }, &[]);
    let attempts = |plan: &Plan| -> Vec<String> {
        drive(plan, answer).into_iter().filter(|line| line.starts_with("attempt") || line.starts_with("held")).collect()
    };
    plan.order = Order::Total;
    let total = ["attempt 1 of 1/1 at 0ns", "held 2 at 5s", "attempt 2 of 1/1 at 60s", "attempt 1 of 2/1 at 60s"];
    assert_eq!(attempts(&plan), total);
    plan.order = Order::Free;
    plan.deliveries[1].call_number = 1;
    assert_eq!(attempts(&plan), ["attempt 1 of 1/1 at 0ns", "attempt 1 of 2/1 at 5s", "attempt 2 of 1/1 at 60s"]);
}

#[test]
fn a_given_up_push_lets_the_next_one_go() {
    let plan = plan(&targets(1), vec![push(1, 1, 0), push(2, 1, 0)]);
    let lines = drive(&plan, |_| replied(404, &[]));
    assert_eq!(lines[1], "reply 404 to 1/1: status 404 is not 2xx");
    assert_eq!(lines[2], "given up 1/1 after 1: status 404 is not 2xx; there is no retry");
    assert_eq!(lines[3], "attempt 1 of 2/1 at 0ns");
}

#[test]
fn targets_do_not_wait_for_each_other() {
    let plan = plan(&targets(2), vec![push(1, 1, 0), push(2, 1, 0)]);
    let mut engine = Engine::new(Arc::new(plan.clone()));
    let first = sent(&mut engine, 0);
    let second = sent(&mut engine, 0);
    assert!(matches!(engine.next(Duration::ZERO), Next::Held { .. }));
    assert!(matches!(engine.next(Duration::ZERO), Next::Held { .. }));
    assert!(matches!(engine.next(Duration::ZERO), Next::Blocked));
    engine.settle(second, replied(200, &[]), Duration::ZERO);
    let Next::Send(attempt) = engine.next(Duration::ZERO) else { panic!("the second target is free") };
    assert_eq!((attempt.delivery_id.number, attempt.delivery_id.target), (2, 2));
    assert!(matches!(engine.next(Duration::ZERO), Next::Blocked));
    assert!(engine.settle(second, replied(200, &[]), Duration::ZERO).is_empty(), "it is settled already");
    assert_eq!(engine.settle(first, replied(200, &[]), Duration::ZERO).len(), 2);
}

#[test]
fn a_retry_comes_at_the_failure_and_the_wait_and_only_as_often_as_there_are_waits() {
    let mut plan = plan(&targets(1), vec![push(1, 1, 3)]);
    plan.retry = retries(&[5, 300, 1800, 36_000]);
    let attempts: Vec<_> =
        drive(&plan, |_| replied(500, &[])).into_iter().filter(|line| line.starts_with("attempt")).collect();
    assert_eq!(
        attempts,
        [
            "attempt 1 of 1/1 at 3s",
            "attempt 2 of 1/1 at 8s",
            "attempt 3 of 1/1 at 308s",
            "attempt 4 of 1/1 at 2108s",
            "attempt 5 of 1/1 at 38108s"
        ]
    );
}

#[test]
fn only_the_failures_of_the_policy_are_tried_again() {
    let cases = [
        (Retriable::Timeout, failed(FailureClass::Timeout, Phase::Body)),
        (Retriable::Connect, failed(FailureClass::Closed, Phase::FirstByte)),
        (Retriable::Connect, failed(FailureClass::NotHttp, Phase::FirstByte)),
        (Retriable::ServerError, replied(502, &[])),
        (Retriable::TooManyRequests, replied(429, &[])),
        (Retriable::Nack, replied(302, &[])),
    ];
    for (kind, outcome) in cases {
        for only in Retriable::all() {
            let mut plan = plan(&targets(1), vec![push(1, 1, 0)]);
            plan.retry = retries(&[1]);
            plan.retry.on = vec![only];
            let lines = drive(&plan, |_| outcome.clone());
            let again = lines.iter().any(|line| line.starts_with("retry"));
            assert_eq!(again, only == kind, "{only:?} {lines:?}");
        }
    }
    let mut plan = plan(&targets(1), vec![push(1, 1, 0)]);
    plan.retry = retries(&[1]);
    let lines = drive(&plan, |_| failed(FailureClass::Unsendable, Phase::Write));
    assert_eq!(lines[2], "given up 1/1 after 1: cannot be sent: because; this failure is not tried again");
}

#[test]
fn retry_after_makes_a_wait_longer_never_shorter() {
    let mut plan = plan(&targets(1), vec![push(1, 1, 0)]);
    plan.retry = retries(&[10, 10, 10, 10]);
    let lines = drive(&plan, |attempt| match attempt.number {
        1 => replied(503, &[("Retry-After", "90")]),
        2 => replied(429, &[("retry-after", "3")]),
        3 => replied(500, &[("Retry-After", "90")]),
        4 => replied(503, &[("Retry-After", "Thu, 01 Jan 2026 00:03:00 GMT")]),
        _ => replied(200, &[]),
    });
    let retries: Vec<_> = lines.iter().filter(|line| line.starts_with("retry")).collect();
    assert_eq!(
        retries,
        [
            "retry of 1/1 after 90s at 90s, as asked",
            "retry of 1/1 after 10s at 100s",
            "retry of 1/1 after 10s at 110s",
            "retry of 1/1 after 70s at 180s, as asked",
        ]
    );
}

#[test]
fn jitter_is_a_draw_of_the_seed_and_differs_between_pushes_and_attempts() {
    let waits = |seed: u64| -> Vec<Duration> {
        let mut plan = plan(&targets(1), vec![push(1, 1, 0), push(2, 1, 0)]);
        (plan.seed, plan.retry) = (seed, retries(&[1000, 1000]));
        plan.retry.jitter = 0.2;
        let mut engine = Engine::new(Arc::new(plan.clone()));
        let (mut now, mut waits) = (Duration::ZERO, Vec::new());
        loop {
            match engine.next(now) {
                Next::Send(attempt) => {
                    for event in engine.settle(attempt.id, replied(500, &[]), now) {
                        if let RunEvent::RetrySet { wait, .. } = event {
                            waits.push(wait);
                        }
                    }
                }
                Next::WaitUntil(offset) => now = offset,
                Next::Held { .. } | Next::Dropped { .. } => {}
                Next::Blocked | Next::Done => return waits,
            }
        }
    };
    let drawn = waits(1);
    assert_eq!(drawn, waits(1));
    assert_ne!(drawn, waits(2));
    assert_eq!(drawn.iter().collect::<std::collections::BTreeSet<_>>().len(), 4);
    assert!(drawn.iter().all(|wait| (seconds(800)..=seconds(1200)).contains(wait)), "{drawn:?}");
}

#[test]
fn a_target_that_never_answered_and_is_not_reached_ends_the_story() {
    let mut plan = plan(&targets(2), vec![push(1, 1, 0), push(2, 1, 10)]);
    plan.retry = retries(&[60]);
    let lines = drive(&plan, |attempt| match attempt.delivery_id.target {
        1 => replied(200, &[]),
        _ => failed(FailureClass::Refused, Phase::Connect),
    });
    assert_eq!(lines.last().unwrap(), "unreachable, 1 untried", "{lines:#?}");
    assert!(lines.contains(&"attempt 2 of 1/2 at 60s".to_owned()));

    // Once it has answered, a refused connection is only a failed push.
    let lines = drive(&plan, |attempt| match attempt.delivery.number {
        1 => replied(500, &[]),
        _ => failed(FailureClass::Refused, Phase::Connect),
    });
    assert!(lines.iter().all(|line| !line.starts_with("unreachable")), "{lines:#?}");
    // So is one that breaks after it was reached.
    let lines = drive(&plan, |_| failed(FailureClass::Closed, Phase::FirstByte));
    assert!(lines.iter().all(|line| !line.starts_with("unreachable")), "{lines:#?}");
}

#[test]
fn a_stopped_engine_settles_what_is_in_flight_and_sends_nothing() {
    let mut plan = plan(&targets(1), vec![push(1, 1, 0), push(2, 2, 0), push(3, 3, 9)]);
    plan.retry = retries(&[60]);
    let mut engine = Engine::new(Arc::new(plan.clone()));
    let (first, second) = (sent(&mut engine, 0), sent(&mut engine, 0));
    engine.stop();
    assert!(matches!(engine.next(seconds(100)), Next::Blocked));
    let lines = told(&engine.settle(first, replied(500, &[]), Duration::ZERO));
    assert_eq!(lines[1], "given up 1/1 after 1: status 500 is not 2xx; the story was stopped");
    assert_eq!(told(&engine.abandon(second)), ["given up 2/1 after 1: the run was stopped before an answer came"]);
    assert!(matches!(engine.next(seconds(100)), Next::Done));
    let tally = engine.tally();
    assert_eq!((tally.given_up, tally.untried, tally.unsettled), (2, 1, 0));
}

#[test]
fn a_redirect_is_named_and_not_followed() {
    let plan = plan(&targets(1), vec![push(1, 1, 0)]);
    let lines = drive(&plan, |_| replied(302, &[("Location", "http://127.0.0.1:9/login")]));
    let reason = "status 302 is not 2xx; a redirect to http://127.0.0.1:9/login is not followed";
    assert_eq!(lines[1], format!("reply 302 to 1/1: {reason}"));
    assert_eq!(lines[2], format!("given up 1/1 after 1: {reason}; there is no retry"));
}

#[test]
fn a_plan_without_pushes_or_targets_is_done_at_once() {
    assert!(matches!(Engine::new(Arc::new(plan(&targets(1), vec![]))).next(Duration::ZERO), Next::Done));
    assert!(matches!(Engine::new(Arc::new(plan(&[], vec![push(1, 1, 0)]))).next(Duration::ZERO), Next::Done));
}

#[test]
fn absurd_waits_do_not_overflow() {
    let mut plan = plan(&targets(1), vec![push(1, 1, 5)]);
    plan.retry = retries(&[u64::MAX, u64::MAX]);
    let lines = drive(&plan, |_| replied(500, &[]));
    assert_eq!(lines.iter().filter(|line| line.starts_with("attempt")).count(), 3);
}

#[test]
fn a_push_with_waits_of_its_own_keeps_to_them() {
    let mut plan = plan(&targets(1), vec![push(1, 1, 0), push(2, 2, 0)]);
    plan.retry = retries(&[60]);
    plan.deliveries[0].request.waits = Some(vec![seconds(5), seconds(10)]);
    plan.deliveries[1].request.waits = Some(Vec::new());
    let lines = drive(&plan, |_| replied(500, &[]));
    let attempts: Vec<_> = lines.iter().filter(|line| line.starts_with("attempt")).collect();
    assert_eq!(
        attempts,
        ["attempt 1 of 1/1 at 0ns", "attempt 1 of 2/1 at 0ns", "attempt 2 of 1/1 at 5s", "attempt 3 of 1/1 at 15s"]
    );
}
