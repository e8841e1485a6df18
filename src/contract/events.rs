//! Events as a run gives them, for the tests of this room.

use crate::event::{DeliveryId, Expectation, FailureClass, Phase, RunEvent, Story, Timing};
use crate::faults::Bent;
use std::time::Duration;

/// The push of this number, in the only call of the story.
pub(super) fn delivery(number: u32) -> DeliveryId {
    let push = format!("udesk:push{number}");
    DeliveryId { scenario: "flow".into(), push, call: "1e75".into(), number, target: 1 }
}

pub(super) fn attempted(number: u32, fault: Option<&'static str>, spoilt: bool) -> RunEvent {
    RunEvent::Attempted {
        delivery: delivery(number),
        attempt: 1,
        attempts_max: 1,
        offset: Duration::ZERO,
        at: "2026-11-21T02:00:00+08:00".into(),
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
        faults: fault.map(|fault| Bent::by_hand(fault, "")).into_iter().collect(),
        spoilt,
    }
}

/// An answer after three seconds.
pub(super) fn replied(number: u32, status: u16, body: &str) -> RunEvent {
    RunEvent::Replied {
        delivery: delivery(number),
        attempt: 1,
        status,
        version: None,
        headers: Vec::new(),
        body: body.into(),
        truncated: false,
        remark: None,
        timing: Timing { total: Duration::from_secs(3), ..Timing::default() },
        acknowledged: status == 200,
        reason: None,
        warning: None,
    }
}

pub(super) fn failed(number: u32, class: FailureClass, phase: Phase) -> RunEvent {
    let timing = Timing { total: Duration::from_secs(10), ..Timing::default() };
    RunEvent::Failed { delivery: delivery(number), attempt: 1, class, phase, message: "it failed".into(), timing }
}

pub(super) fn given_up(number: u32, excused: bool) -> RunEvent {
    RunEvent::GivenUp { delivery: delivery(number), attempts: 1, reason: "because".into(), excused }
}

pub(super) fn story() -> Story {
    Story { scenario: "flow".into(), vendor: "udesk" }
}

/// A probe that agrees, or was never answered.
pub(super) fn probed(delivery: Option<DeliveryId>, status: Option<i32>, took: Duration, agrees: bool) -> RunEvent {
    RunEvent::Probed {
        story: story(),
        delivery,
        expectation: Expectation { text: "a probe".into(), place: "flow.yaml:3".into(), quote: "- x".into() },
        asked: "GET http://127.0.0.1:9/calls".into(),
        tries: 1,
        status,
        body: "ended".into(),
        silent: None,
        took,
        agrees,
    }
}
