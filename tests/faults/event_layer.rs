//! The event layer on the wire: what arrives, when, how often.

use super::wire::{Played, Seen, deliver_all, faulted, listener, planned, play, udesk};
use ringback::clock::Pace;
use ringback::event::RunEvent;
use std::time::Duration;

/// What an outbound call of Udesk pushes.
const CLEAN: [&str; 4] = ["agent_answer", "customer_answer", "hangup", "end"];

#[tokio::test]
async fn without_faults_nothing_is_bent() {
    let played = udesk("").await;
    assert_eq!(played.occasions(), CLEAN);
    assert!(played.faults().iter().all(Vec::is_empty));
}

#[tokio::test]
async fn drop_never_sends_the_push() {
    let played = udesk("  - { fault: drop, push: \"*:hangup\" }").await;
    assert_eq!(played.occasions(), ["agent_answer", "customer_answer", "end"]);
    assert!(played.events.iter().any(
        |event| matches!(event, RunEvent::Dropped { delivery, faults, .. } if delivery.push == "udesk:hangup" && faults.len() == 1)
    ));
    assert_eq!((played.delivered.tally.acknowledged, played.delivered.tally.untried), (3, 0));
}

#[tokio::test]
async fn delay_makes_the_push_later_and_holds_up_no_other() {
    let clean = udesk("").await;
    let played = udesk("  - { fault: delay, push: \"*:agent_answer\", by: 30m }").await;
    assert_eq!(played.occasions(), ["customer_answer", "hangup", "end", "agent_answer"]);
    assert_eq!(played.seen[3].body(), clean.seen[0].body());
    assert_eq!(played.left()[3].1, clean.left()[0].1 + 1800);
    assert_eq!(played.evidence("delay"), "30m later");
}

#[tokio::test]
async fn a_delay_holds_at_a_pace_of_real_time() {
    let end = |played: &Played| {
        let due = played.events.iter().find_map(|event| match event {
            RunEvent::Attempted { delivery, offset, due, .. } if delivery.push == "udesk:end" => Some((*offset, *due)),
            _ => None,
        });
        due.unwrap()
    };
    let (_, clean) = end(&udesk("").await);
    let scenario = faulted("outbound-answered", "  - { fault: delay, push: \"*:end\", by: 30m }");
    let played = play(&scenario, "udesk", &["200 OK"], 1, "36000x".parse().unwrap()).await;
    assert_eq!(played.occasions(), CLEAN);
    let (left, due) = end(&played);
    assert_eq!(due, clean + Duration::from_secs(1800));
    assert!(left >= due, "it left at {left:?}, before {due:?}");
}

#[tokio::test]
async fn duplicate_sends_the_same_bytes_again() {
    let played = udesk("  - { fault: duplicate, push: \"*:hangup\", copies: 2, after: 1s }").await;
    assert_eq!(played.occasions().iter().filter(|name| *name == "hangup").count(), 3);
    let copies: Vec<&Seen> = played.seen.iter().filter(|seen| seen.occasion() == "hangup").collect();
    assert!(copies.windows(2).all(|pair| pair[0].bytes == pair[1].bytes));
    assert_eq!(played.evidence("duplicate"), "copy 1 of 2, 1s later");
    // Each copy leaves at a moment of its own.
    let left: Vec<u64> = played
        .events
        .iter()
        .filter_map(|event| match event {
            RunEvent::Attempted { delivery, due, .. } if delivery.push == "udesk:hangup" => {
                Some(due.as_millis() as u64)
            }
            _ => None,
        })
        .collect();
    assert_eq!(left.windows(2).map(|pair| pair[1] - pair[0]).collect::<Vec<_>>(), [1000, 1000]);
}

#[tokio::test]
async fn duplicate_new_id_sends_the_same_story_under_a_fresh_id() {
    let scenario = faulted("outbound-answered", "  - { fault: duplicate-new-id, push: \"7moor:dialoutRing\" }");
    let played = play(&scenario, "7moor", &["200 OK"], 1, Pace::Fast).await;
    let rings: Vec<_> = played.seen.iter().map(Seen::json).filter(|body| body["pushType"] == "dialoutRing").collect();
    let [first, mut second] = <[_; 2]>::try_from(rings).unwrap();
    let (one, other) = (first["eventUniqueId"].as_str().unwrap(), second["eventUniqueId"].as_str().unwrap().to_owned());
    assert!(one != other && other.len() == one.len() && other.bytes().all(|byte| byte.is_ascii_hexdigit()), "{other}");
    second["eventUniqueId"] = one.into();
    assert_eq!(first.to_string(), second.to_string());
}

#[tokio::test]
async fn reorder_puts_a_push_before_another_or_shuffles_a_window() {
    let played = udesk("  - { fault: reorder, push: \"*:hangup\", before: \"*:agent_answer\" }").await;
    assert_eq!(played.occasions(), ["hangup", "agent_answer", "customer_answer", "end"]);
    let played = udesk("  - { fault: reorder, window: 4 }").await;
    let mut occasions = played.occasions();
    assert_ne!(occasions, CLEAN);
    occasions.sort();
    assert_eq!(occasions, ["agent_answer", "customer_answer", "end", "hangup"]);
}

#[tokio::test]
async fn late_after_end_lets_an_earlier_push_arrive_last() {
    let played = udesk("  - { fault: late-after-end, push: \"*:agent_answer\", after: 3s }").await;
    assert_eq!(played.occasions(), ["customer_answer", "hangup", "end", "agent_answer"]);
    let left = played.left();
    assert_eq!(left[3].1, left[2].1 + 3);
}

#[tokio::test]
async fn stale_retry_repeats_what_was_acknowledged_and_nothing_else() {
    let fault = "  - { fault: stale-retry, push: \"*:customer_answer\", after: 10m }";
    let played = udesk(fault).await;
    assert_eq!(played.occasions(), ["agent_answer", "customer_answer", "hangup", "end", "customer_answer"]);
    assert_eq!(played.seen[4].bytes, played.seen[1].bytes);
    assert_eq!(played.left()[4].1, played.left()[1].1 + 600);

    let refused = play(&faulted("outbound-answered", fault), "udesk", &["500 Oh"], 1, Pace::Fast).await;
    assert_eq!(refused.occasions(), CLEAN);
}

#[tokio::test]
async fn burst_releases_held_pushes_together() {
    let scenario = faulted("outbound-answered", "  - { fault: burst, hold: 1h }");
    // No answer before all four requests have come: none of them waits for another.
    let played = play(&scenario, "udesk", &["200 OK"], 4, Pace::Fast).await;
    let mut occasions = played.occasions();
    occasions.sort();
    assert_eq!(occasions, ["agent_answer", "customer_answer", "end", "hangup"]);
    let left: Vec<u64> = played.left().into_iter().map(|(_, at)| at).collect();
    assert!(left.iter().all(|at| *at == left[0]), "{left:?}");
    assert_eq!(played.delivered.tally.acknowledged, 4, "answers came, so that all four had come by then");
}

#[tokio::test]
async fn clock_skew_shifts_the_vendors_times_and_nothing_else() {
    let clean = udesk("").await;
    let played = udesk("  - { fault: clock-skew, push: \"*:end\", by: 1h }").await;
    let (before, after) = (clean.seen[3].json(), played.seen[3].json());
    assert_eq!(clean.seen[2].bytes.len(), played.seen[2].bytes.len());
    let (mut shifted, mut same) = (0, 0);
    for (key, value) in before.as_object().unwrap() {
        let is_time = value.as_str().is_some_and(|text| text.starts_with("2026-03-02"));
        if is_time {
            let hour = |value: &serde_json::Value| value.as_str().unwrap()[11..13].parse::<u32>().unwrap();
            assert_eq!(hour(&after[key]), hour(value) - 1, "{key}");
            assert_eq!(after[key].as_str().unwrap()[13..], value.as_str().unwrap()[13..], "{key}");
            shifted += 1;
        } else {
            assert_eq!(&after[key], value, "{key}");
            same += 1;
        }
    }
    assert!(shifted >= 5 && same > 20, "{shifted} {same}");
}

#[tokio::test]
async fn split_story_sends_each_push_to_one_target_in_turn() {
    let (one, first) = listener(&["200 OK"], 1).await;
    let (other, second) = listener(&["200 OK"], 1).await;
    let plan = planned(&faulted("outbound-answered", "  - { fault: split-story }"), "udesk", 1, &[one, other]);
    deliver_all(&plan, Pace::Fast).await;
    let occasions =
        |notes: &super::wire::Notes| -> Vec<String> { notes.lock().unwrap().iter().map(Seen::occasion).collect() };
    assert_eq!(occasions(&first), ["agent_answer", "hangup"]);
    assert_eq!(occasions(&second), ["customer_answer", "end"]);
}

#[tokio::test]
async fn lost_ack_makes_the_vendor_send_again_what_was_answered() {
    let played = udesk("  - { fault: lost-ack, push: \"*:hangup\", again: 7s }").await;
    assert_eq!(played.occasions(), ["agent_answer", "customer_answer", "hangup", "hangup", "end"]);
    assert_eq!(played.seen[2].bytes, played.seen[3].bytes);
    let left = played.left();
    assert_eq!(left[3].1, left[2].1 + 7);
    assert_eq!((played.delivered.tally.acknowledged, played.delivered.tally.given_up), (4, 0));
    assert!(played.events.iter().any(
        |event| matches!(event, RunEvent::Replied { status: 200, acknowledged: false, reason: Some(reason), .. } if reason.contains("thrown away"))
    ));
}

#[tokio::test]
async fn blackout_is_silent_and_then_sends_the_backlog_in_order() {
    let scenario = faulted("outbound-answered", "  - { fault: blackout, from: 0, for: 1h }");
    for pace in ["fast", "36000x"] {
        let played = play(&scenario, "udesk", &["200 OK"], 1, pace.parse().unwrap()).await;
        assert_eq!(played.occasions(), CLEAN, "{pace}");
        assert!(played.left().iter().all(|(_, at)| *at >= 3600), "{pace}: {:?}", played.left());
    }
    let fast = play(&scenario, "udesk", &["200 OK"], 1, Pace::Fast).await;
    assert!(fast.left().iter().all(|(_, at)| *at < 3700), "{:?}", fast.left());
}
