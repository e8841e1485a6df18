//! What several tests need: the shipped scenarios, a plan of one of them, and its bytes.

use jiff::Timestamp;
use ringback::delivery::{self, Outgoing};
use ringback::http::Framing;
use ringback::plan::{Circumstances, Delivery, NoPlan, Plan, Sent, Targets};
use ringback::scenario::{self, Scenario};
use ringback::vendors;
use std::time::Duration;
use url::Url;

/// The headline flows of every vendor: together they show every kind of push that it makes in ordinary use.
pub const HEADLINES: [(&str, &[&str]); 6] = [
    ("udesk", &["outbound-answered", "multi-ring", "transfer", "predictive-dial"]),
    ("7moor", &["outbound-answered", "inbound-answered", "outbound-refused", "agents-day"]),
    ("tinet", &["outbound-answered", "transcript", "direct-answered", "webcall-transfer", "predictive-dial"]),
    ("huawei-cec", &["outbound-answered", "chat-answered", "chat-controls", "chat-transfer"]),
    ("tpns", &["push-finished"]),
    ("twilio", &["outbound-answered", "transfer", "inbound-queue-abandon", "webcall-answered", "voicemail"]),
];

/// The start that all tests share: 2026-03-02 09:30:00 in Beijing.
pub fn start() -> Timestamp {
    "2026-03-02T09:30:00+08:00".parse().expect("a time")
}

/// Every scenario that is shipped.
pub fn shipped() -> Vec<Scenario> {
    scenario::built_in_scenarios().expect("shipped scenarios that are right")
}

/// The shipped scenario of this name.
pub fn shipped_as(name: &str) -> Scenario {
    shipped().into_iter().find(|scenario| scenario.name == name).unwrap_or_else(|| panic!("no scenario {name}"))
}

/// The plan of a scenario by a vendor; `None` where the vendor has no pushes for it.
pub fn plan(scenario: &Scenario, vendor: &str, seed: u64) -> Option<Plan> {
    plan_at(scenario, vendor, (seed, start()), "http://127.0.0.1:9/hook")
}

/// The same from another start, with pushes that go to this target.
pub fn plan_at(scenario: &Scenario, vendor: &str, (seed, start): (u64, Timestamp), target: &str) -> Option<Plan> {
    if scenario.vendors.as_ref().is_some_and(|ids| !ids.contains(&vendor)) {
        return None;
    }
    let circumstances = Circumstances {
        seed,
        start,
        call_number: 1,
        targets: Targets::OrElse(target.parse().expect("an address")),
        overrides: Vec::new(),
        allowed_hosts: Vec::new(),
    };
    let vendor = vendors::find(vendor).expect("a vendor of this name");
    match Plan::build(scenario, vendor, &circumstances) {
        Ok(plan) => Some(plan),
        Err(NoPlan::Skipped(_)) => None,
        Err(problem) => panic!("{} by {}: {problem}", scenario.name, vendor.id()),
    }
}

/// What `delivery` sends to a target, written by its own hand.
pub fn sent(plan: &Plan, delivery: &Delivery, target: &Url) -> String {
    let push = &delivery.request;
    let body = push.body_at(target);
    let url = push.address(target);
    let sent = Sent { url: &url, body: &body, at: plan.instant(delivery.offset), meant: None };
    let headers = plan.headers(delivery, push, sent);
    let timeout = Duration::from_secs(1);
    let outgoing = Outgoing { method: push.method, url, headers, body, timeout };
    let message = delivery::render(&outgoing, Framing::Honest).expect("a request");
    String::from_utf8(message.bytes.to_vec()).expect("text")
}
