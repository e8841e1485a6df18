//! What a vendor does when a push fails: when it tries again, what stays the same, when it gives an address up.

use super::wire::{Seen, faulted, listener, play};
use crate::support::wire::{plan, played, push, retries, told};
use ringback::clock::Pace;
use ringback::event::RunEvent;
use ringback::report::Totals;
use ringback::scenario::Retry;
use ringback::vendors::Retriable;
use std::time::Duration;

#[tokio::test]
async fn gone_stops_the_retries_of_a_push() {
    let (address, _) = listener(&["410 Gone", "200 OK"], 1).await;
    let mut plan = plan(&[address], vec![push(1, 1, 0), push(2, 1, 1)]);
    plan.retry = retries(&[5, 300]);
    let (events, _) = played(&plan).await;
    let lines = told(&events);
    assert!(
        lines.contains(
            &"given up 1/1 after 1: status 410 is not 2xx; 410 says that there is no receiver any more".to_owned()
        ),
        "{lines:#?}"
    );
    assert!(lines.contains(&"acknowledged 2/1".to_owned()));
}

#[tokio::test]
async fn an_address_is_disabled_after_so_many_failures_in_a_row() {
    let (address, notes) = listener(&["500 Oh", "200 OK", "500 Oh"], 1).await;
    let pushes = (1..=9).map(|number| push(number, 1, u64::from(number))).collect();
    let mut plan = plan(&[address], pushes);
    plan.disable_after = Some(3);
    let (events, delivered) = played(&plan).await;
    let lines = told(&events);
    // One failure, one success that starts the count anew, three failures.
    assert_eq!(notes.lock().unwrap().len(), 5);
    assert!(lines.contains(&"disabled after 3, 4 untried".to_owned()), "{lines:#?}");
    assert_eq!((delivered.tally.given_up, delivered.tally.acknowledged, delivered.tally.untried), (4, 1, 4));
}

#[tokio::test]
async fn a_retry_keeps_body_and_event_id() {
    let mut scenario = faulted("outbound-answered", "");
    scenario.deliver.retry =
        Retry::Explicit { waits: vec![Duration::from_secs(5); 2], jitter: 0.0, on: Retriable::all() };
    let statuses = &["500 Oh", "429 Wait", "200 OK"];
    let played = play(&scenario, "7moor", statuses, 1, Pace::Fast).await;
    let id = |seen: &Seen| seen.json()["eventUniqueId"].as_str().unwrap().to_owned();
    assert_eq!(id(&played.seen[0]), id(&played.seen[2]));
    assert_eq!(played.seen[0].bytes, played.seen[1].bytes);
    assert_eq!(played.seen[0].bytes, played.seen[2].bytes);
}

#[tokio::test]
async fn once_udesk_has_delivered_the_end_only_retries_follow() {
    let mut scenario = faulted("outbound-answered", "");
    scenario.deliver.retry =
        Retry::Explicit { waits: vec![Duration::from_secs(3600)], jitter: 0.0, on: Retriable::all() };
    scenario.deliver.order = ringback::scenario::Order::Free;
    let played = play(&scenario, "udesk", &["500 Oh", "200 OK"], 1, Pace::Fast).await;
    assert_eq!(played.occasions(), ["agent_answer", "customer_answer", "hangup", "end", "agent_answer"]);
    let after_end: Vec<u32> = played
        .events
        .iter()
        .filter_map(|event| match event {
            RunEvent::Attempted { attempt, .. } => Some(*attempt),
            _ => None,
        })
        .skip(4)
        .collect();
    assert_eq!(after_end, [2]);
}

/// What the exit code follows from.
fn totals(events: &[RunEvent]) -> (u64, u64) {
    let mut totals = Totals::default();
    events.iter().for_each(|event| totals.event(event));
    (totals.given_up, totals.excused)
}

#[tokio::test]
async fn a_receiver_may_refuse_a_spoilt_push_but_not_break_over_it() {
    let scenario = faulted("outbound-answered", "  - { fault: truncate-body }");
    let refused = play(&scenario, "udesk", &["400 Bad"], 1, Pace::Fast).await;
    assert_eq!(totals(&refused.events), (0, 4));
    let broken = play(&scenario, "udesk", &["500 Oh"], 1, Pace::Fast).await;
    assert_eq!(totals(&broken.events), (4, 0));
    // A server that knows no such method says so by 501, as Python's own does.
    let unknown = faulted("outbound-answered", "  - { fault: wrong-method }");
    let refused = play(&unknown, "udesk", &["501 Unsupported method"], 1, Pace::Fast).await;
    assert_eq!(totals(&refused.events), (0, 4));
    // What is only late or repeated is right, and to be taken.
    let late = faulted("outbound-answered", "  - { fault: delay, by: 1s }");
    let refused = play(&late, "udesk", &["400 Bad"], 1, Pace::Fast).await;
    assert_eq!(totals(&refused.events), (4, 0));
}
