//! Load: a compiled story sends what planning each call in full would send, and no two calls share an id.

use crate::support::plans::{sent, shipped, shipped_as, start};
use crate::support::wire;
use jiff::Timestamp;
use ringback::http::Reply;
use ringback::load::calls::{Calls, Way};
use ringback::load::template::{Room, Story, TEMPLATES_MAX_BYTES};
use ringback::plan::{Circumstances, NoPlan, Plan, Targets};
use ringback::scenario::{self, Scenario};
use ringback::vendors::{self, Acknowledgement, Vendor};
use std::collections::HashSet;
use std::sync::LazyLock;
use std::thread;
use std::time::Duration;

const SEED: u64 = 42;
/// The second has a query, which TiNet merges into what it sends.
const TARGETS: [&str; 2] = ["http://127.0.0.1:9/hook", "http://127.0.0.1:8/other?src=cc"];
/// Midnight, a leap day and the turn of a year are near; two lie within a second. Then 1971 and 2284, when numbers of
/// seconds and milliseconds have other lengths than today.
const STARTS: [&str; 7] = [
    "2026-03-02T09:30:00+08:00",
    "2026-03-02T23:59:58.999+08:00",
    "2028-02-28T23:58:47.5+08:00",
    "2024-12-31T23:57:00Z",
    "2030-06-30T15:59:01.001Z",
    "1971-05-05T05:05:05Z",
    "2290-01-01T00:00:00Z",
];

fn starts() -> impl Iterator<Item = Timestamp> {
    STARTS.iter().map(|start| start.parse().expect("an instant"))
}

fn circumstances(call: u64, start: Timestamp, targets: &[&str]) -> Circumstances {
    Circumstances {
        seed: SEED,
        start,
        call_number: call,
        targets: Targets::Given(targets.iter().map(|target| target.parse().expect("an address")).collect()),
        overrides: Vec::new(),
        allowed_hosts: Vec::new(),
    }
}

fn story(scenario: &Scenario, vendor: &'static dyn Vendor, targets: &[&str], room: Room) -> Option<Story> {
    if scenario.vendors.as_ref().is_some_and(|ids| !ids.contains(&vendor.id())) {
        return None;
    }
    match Story::new(scenario, vendor, &circumstances(1, start(), targets), room) {
        Ok(story) => Some(story),
        Err(NoPlan::Skipped(_)) => None,
        Err(problem) => panic!("{} by {}: {problem}", scenario.name, vendor.id()),
    }
}

type Told = (Scenario, &'static dyn Vendor, Story);

/// Every shipped scenario by every vendor that tells it.
fn stories() -> impl Iterator<Item = &'static Told> {
    static STORIES: LazyLock<Vec<Told>> = LazyLock::new(|| {
        let told = |scenario: Scenario| vendors::ALL.iter().map(move |vendor| (scenario.clone(), *vendor));
        let told = shipped().into_iter().flat_map(told).filter_map(|(scenario, vendor)| {
            let story = story(&scenario, vendor, &TARGETS, Room::shared_by(1))?;
            Some((scenario, vendor, story))
        });
        told.collect()
    });
    STORIES.iter()
}

fn story_of(scenario: &str, vendor: &str) -> Story {
    let vendor = vendors::find(vendor).expect("a vendor");
    story(&shipped_as(scenario), vendor, &TARGETS, Room::shared_by(1)).expect("a story")
}

fn is_compiled(story: &Story) -> bool {
    matches!(story, Story::Compiled(_))
}

fn rendered(story: &Story, call: u64, step: usize, target: usize, start: Timestamp) -> String {
    let mut bytes = b"before ".to_vec();
    story.render(call, step, target, 1, start, &mut bytes);
    let text = String::from_utf8(bytes).expect("text");
    text.strip_prefix("before ").expect("what was there before").to_owned()
}

/// A whole call, request by request.
fn call(story: &Story, call: u64, start: Timestamp) -> Vec<String> {
    (0..story.steps(call)).map(|step| rendered(story, call, step, 0, start)).collect()
}

/// The value behind a key of JSON or a form; of a text or a number.
fn value<'a>(text: &'a str, key: &str) -> Option<&'a str> {
    let json = format!("\"{key}\":");
    let form = format!("{key}=");
    let behind = text.split_once(&json).or_else(|| text.split_once(&form))?.1.trim_start_matches('"');
    behind.split(['"', ',', '&', '}', ' ']).next()
}

#[test]
fn every_shipped_story_compiles_but_the_one_whose_agent_may_wrap_up_before_or_after_the_next_wait() {
    let slow: Vec<String> =
        stories().filter(|(.., story)| !is_compiled(story)).map(|(.., story)| story.told()).collect();
    let why = "every call is planned in full, because when tinet:9 is due depends on more than its waits";
    assert_eq!(slow, [format!("transfer-outside by tinet: {why}")]);
}

#[test]
fn every_call_is_that_of_its_plan_at_any_start() {
    for (nth, (scenario, vendor, story)) in stories().enumerate() {
        // Every other one, so that all of them come within two stories.
        let calls = [1, 2, 3, 257, 70_001, 4_000_000_000, 8].into_iter().zip(starts());
        for (number, start) in calls.skip(nth % 2).step_by(2) {
            let start = Timestamp::from_millisecond(start.as_millisecond()).expect("an instant");
            let plan = Plan::build(scenario, *vendor, &circumstances(number, start, &TARGETS)).expect("a plan");
            assert_eq!(plan.deliveries.len(), story.steps(number), "{}", story.name());
            for (step, delivery) in plan.deliveries.iter().enumerate() {
                let known = story.step(number, step);
                assert_eq!((known.due, &story.kinds()[known.kind]), (delivery.offset, &delivery.push));
                for (target, url) in plan.targets.iter().enumerate() {
                    let expected = sent(&plan, delivery, url);
                    assert_eq!(rendered(story, number, step, target, start), expected, "{} {start}", story.name());
                }
            }
            assert_eq!(story.plan(number, start).expect("a plan").deliveries, plan.deliveries);
        }
    }
}

#[test]
fn names_waits_and_words_are_fresh_in_every_call() {
    let story = story_of("outbound-answered", "udesk");
    let calls: Vec<Vec<String>> = (1..=600).map(|number| call(&story, number, start())).collect();
    let of_end = |key: &str| -> HashSet<&str> {
        let ends = calls.iter().filter_map(|pushes| pushes.iter().rev().find(|push| push.contains("\"end\"")));
        ends.filter_map(|push| value(push, key)).collect()
    };
    for (key, at_least) in [("nick_name", 500), ("organization_name", 500), ("level", 2), ("note_content", 4)] {
        assert!(of_end(key).len() >= at_least, "{key}: {}", of_end(key).len());
    }
    let waits: HashSet<Duration> = (1..=600).map(|number| story.step(number, 1).due).collect();
    assert!(waits.len() > 5, "{waits:?}");
}

#[test]
fn no_two_of_many_calls_share_an_id_or_a_customer() {
    let cases: [(&str, &str, &[&str]); 4] = [
        (
            "outbound-answered",
            "udesk:end",
            &["call_id", "conversation_id", "customer_id", "customer_phone", "customer_token", "note_id"],
        ),
        ("inbound-answered", "tinet:7", &["cdr_main_unique_id", "cdr_customer_number"]),
        ("outbound-answered", "7moor:cdr", &["callId", "callUniqueId", "eventUniqueId"]),
        ("outbound-answered", "huawei-cec:callRelease", &["callSerialNo", "called"]),
    ];
    for (scenario, push, keys) in cases {
        let story = story_of(scenario, push.split(':').next().expect("a vendor"));
        assert!(is_compiled(&story), "{}", story.told());
        let kind = story.kinds().iter().position(|kind| kind == push).expect("a push of this name");
        let mut seen: Vec<HashSet<String>> = vec![HashSet::new(); keys.len()];
        let mut bytes = Vec::new();
        let mut step = 0;
        for number in 1..=5_000_u64 {
            // Mostly where it was in the call before.
            if story.step(number, step).kind != kind {
                let mut steps = 0..story.steps(number);
                step = steps.find(|step| story.step(number, *step).kind == kind).expect("its step");
            }
            bytes.clear();
            // A thousand calls a second.
            let began = Timestamp::from_millisecond(start().as_millisecond() + number as i64).expect("an instant");
            story.render(number, step, 0, 1, began, &mut bytes);
            let text = std::str::from_utf8(&bytes).expect("text");
            for (key, seen) in keys.iter().zip(&mut seen) {
                let id = value(text, key).filter(|id| !id.is_empty()).unwrap_or_else(|| panic!("{key} in {text}"));
                assert!(seen.insert(id.to_owned()), "{key} {id} of call {number} of {}", story.name());
            }
        }
    }
}

#[test]
fn within_a_call_ids_are_the_same_in_all_its_pushes_and_keep_their_order() {
    let story = story_of("transfer", "udesk");
    for number in [3, 19, 5000] {
        let pushes = call(&story, number, start());
        let all = |key: &str| pushes.iter().filter_map(|push| value(push, key)).collect::<Vec<_>>();
        let [calls, customers] = ["call_id", "customer_phone"].map(|key| all(key).into_iter().collect::<HashSet<_>>());
        assert_eq!((calls.len(), customers.len()), (1, 1), "{number}");
        let conversations: Vec<u64> = all("conversation_id").iter().map(|id| id.parse().expect("a number")).collect();
        let (first, last) = (conversations[0], conversations[conversations.len() - 1]);
        assert!(first < last && last - first < 100, "{conversations:?}");
        // The recording goes by the id of its conversation.
        let end = pushes.iter().rev().find(|push| push.contains("record_url")).expect("an end");
        let url = value(end, "record_url").expect("a recording");
        assert!(url.contains(value(end, "conversation_id").expect("an id")), "{url}");
    }
}

#[test]
fn a_customer_stays_in_the_city_that_is_told() {
    let story = story_of("outbound-answered", "tinet");
    for number in 1..2000 {
        let push = rendered(&story, number, 0, 0, start());
        let (phone, code) = (value(&push, "customerNumber"), value(&push, "customerAreaCode"));
        if let (Some(phone), Some(code)) = (phone, code) {
            let area = ringback::call::Area::of_number(phone).unwrap_or_else(|| panic!("{phone}"));
            assert_eq!(area.code, code, "{phone}");
        }
    }
}

#[test]
fn what_the_scenario_gives_is_the_same_in_every_call() {
    let mut scenario = shipped_as("outbound-answered");
    scenario.cast.customer.phone = Some("13800138000".into());
    let vendor = vendors::find("udesk").expect("a vendor");
    let story = story(&scenario, vendor, &TARGETS, Room::shared_by(1)).expect("a story");
    assert!(is_compiled(&story), "{}", story.told());
    for number in [1, 9, 1000] {
        let push = rendered(&story, number, 0, 0, start());
        assert_eq!(value(&push, "customer_phone"), Some("13800138000"));
    }
}

#[test]
fn the_bytes_of_a_call_depend_on_nothing_but_its_number() {
    let story = story_of("outbound-answered", "7moor");
    let again = story_of("outbound-answered", "7moor");
    let alone: Vec<Vec<String>> = (1..=200).map(|number| call(&story, number, start())).collect();
    thread::scope(|scope| {
        for shard in 0..3_u64 {
            let (story, alone) = (if shard == 0 { &again } else { &story }, &alone);
            scope.spawn(move || {
                for number in (1..=200_u64).rev().filter(|number| number % 3 == shard) {
                    assert_eq!(call(story, number, start()), alone[number as usize - 1], "{number}");
                }
            });
        }
    });
}

#[tokio::test]
async fn a_receiver_gets_the_bytes_that_run_sends() {
    for (scenario, vendor) in [
        ("outbound-answered", "udesk"),
        ("outbound-answered", "7moor"),
        ("outbound-answered", "tinet"),
        ("push-actions", "tinet"),
        ("outbound-answered", "huawei-cec"),
        ("chat-transfer", "huawei-cec"),
    ] {
        let (address, all) = wire::captured().await;
        let target = format!("http://{address}/hook");
        let vendor = vendors::find(vendor).expect("a vendor");
        let scenario = shipped_as(scenario);
        let story = story(&scenario, vendor, &[&target], Room::shared_by(1)).expect("a story");
        assert!(is_compiled(&story), "{}", story.told());
        let plan = Plan::build(&scenario, vendor, &circumstances(2, start(), &[&target])).expect("a plan");
        wire::played(&plan).await;
        let captured: HashSet<String> = all.try_iter().collect();
        let expected: HashSet<String> = call(&story, 2, start()).into_iter().collect();
        assert_eq!(captured, expected, "{}", story.name());
    }
}

#[test]
fn a_story_that_cannot_be_compiled_is_planned_in_full_and_says_why() {
    let clean = shipped_as("outbound-answered");
    let vendor = vendors::find("udesk").expect("a vendor");
    let read = |more: &str| scenario::parse_profile("more", more).map(|profile| profile.faults).expect("a profile");
    let bent =
        Scenario { faults: read("faults:\n  - { fault: delay, by: 1s, when: { rate: 50% } }\n"), ..clean.clone() };
    for (scenario, way, why) in [(&bent, Way::Careful, "`delay`")] {
        let story = story(scenario, vendor, &TARGETS, Room::shared_by(1)).expect("a story");
        assert!(!is_compiled(&story) && story.told().contains(why), "{}", story.told());
        for number in [1, 77] {
            let plan = Plan::build(scenario, vendor, &circumstances(number, start(), &TARGETS)).expect("a plan");
            assert_eq!(story.steps(number), plan.deliveries.len());
            for (step, delivery) in plan.deliveries.iter().enumerate() {
                let known = story.step(number, step);
                assert_eq!((known.due, known.way), (delivery.offset, way));
                let expected = match way {
                    Way::Rendered => sent(&plan, delivery, &plan.targets[1]),
                    Way::Careful | Way::Drawn => String::new(),
                };
                assert_eq!(rendered(&story, number, step, 1, start()), expected);
                assert_eq!(story.kinds()[known.kind], delivery.push);
            }
            let again = story.plan(number, start()).expect("a plan");
            assert_eq!(again.deliveries, plan.deliveries);
        }
    }
}

#[test]
fn a_signature_under_load_carries_the_time_of_writing() {
    let mut scenario = shipped_as("outbound-answered");
    scenario.deliver.sign = Some(scenario::Sign::standard_webhooks("whsec_aGVsbG8="));
    let vendor = vendors::find("udesk").expect("a vendor");
    let story = story(&scenario, vendor, &TARGETS, Room::shared_by(1)).expect("a story");
    let header = |text: &str, name: &str| {
        let line = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "));
        line.expect(name).to_owned()
    };
    let before = Timestamp::now().as_second();
    let texts: Vec<String> = (1..=3).flat_map(|number| call(&story, number, start())).collect();
    let after = Timestamp::now().as_second();
    let mut ids = std::collections::BTreeMap::<_, std::collections::BTreeSet<_>>::new();
    for text in &texts {
        let time: i64 = header(text, "Webhook-Timestamp").parse().expect("seconds");
        assert!((before..=after).contains(&time), "{before} {time} {after}");
        let body = text.split_once("\r\n\r\n").expect("a body").1;
        ids.entry(header(text, "Webhook-Id")).or_default().insert(body.to_owned());
    }
    assert_eq!(ids.len(), texts.len(), "one id for each push of each call");
    assert!(ids.values().all(|bodies| bodies.len() == 1));
}

#[test]
fn a_push_with_an_address_of_its_own_goes_the_careful_way_with_the_same_ids() {
    let text = r#"
title: A customer with a second receiver
call: { kind: outbound }
script: [{ ring: agent }, { wait: 1s }, { answer: agent }, { ring: customer }, { wait: 3s }, { answer: customer }, { wait: 9s }, { hangup: customer }]
options:
  tinet:
    actions:
      - { type: 8, retry: 2, timeout: 3 }
      - { type: 8, url: "http://127.0.0.1:7/own", retry: 0 }
"#;
    let scenario = scenario::parse("own", "own.yaml", text, &|_| None).expect("a scenario");
    let story =
        story(&scenario, vendors::find("tinet").expect("a vendor"), &TARGETS, Room::shared_by(1)).expect("a story");
    assert!(is_compiled(&story), "{}", story.told());
    let [first, second] = [0, 1].map(|step| story.step(100, step));
    assert_eq!((first.way, second.way), (Way::Rendered, Way::Careful));
    assert_eq!(rendered(&story, 100, 1, 0, start()), "");
    let [first, second] = [first, second].map(|step| &story.policies()[step.policy]);
    assert_eq!((first.retry.waits.len(), second.retry.waits.len()), (2, 0));
    assert_eq!(first.timeout, Duration::from_secs(3));
    let plan = story.plan(100, start()).expect("a plan");
    let [first, second] =
        [0, 1].map(|step| String::from_utf8_lossy(&plan.deliveries[step].request.body.bytes()).into_owned());
    assert_eq!(first, second);
    assert!(rendered(&story, 100, 0, 0, start()).ends_with(&first), "{first}");
    assert_eq!(plan.deliveries[0].call_number, 100);
}

#[test]
fn what_headers_and_addresses_know_of_a_call_is_fresh_in_every_call() {
    let nothing = |_: &str| None;
    let mut scenario = shipped_as("outbound-answered");
    let header = scenario::parse_header("X-Call: 00-{call.id}-{customer.phone}", &nothing).expect("a header");
    scenario.deliver.headers.push(header);
    let target = scenario::parse_target("http://127.0.0.1:9/calls/{call.id}", &nothing).expect("an address");
    scenario.deliver.to = vec![target];
    let circumstances = |number: u64, start| Circumstances {
        targets: Targets::OrElse("http://127.0.0.1:9/".parse().expect("an address")),
        ..circumstances(number, start, &[])
    };
    let mut compiled = 0;
    for vendor in vendors::ALL {
        let made = Story::new(&scenario, *vendor, &circumstances(1, start()), Room::shared_by(1));
        let story = match made {
            Ok(story) => story,
            Err(NoPlan::Skipped(_)) => continue,
            Err(problem) => panic!("{}: {problem}", vendor.id()),
        };
        compiled += u32::from(is_compiled(&story));
        let mut seen = HashSet::new();
        for number in 1..=32 {
            let mut ids = HashSet::new();
            for step in 0..story.steps(number) {
                let request = rendered(&story, number, step, 0, start());
                let path = request.split(' ').nth(1).and_then(|path| path.strip_prefix("/calls/")).expect("a path");
                let id = path.split(['?', '/']).next().expect("an id").to_owned();
                let header = request.split_once("\r\nX-Call: 00-").and_then(|(_, behind)| behind.split_once("\r\n"));
                let header = header.expect("a header").0;
                assert_eq!(header.rsplit_once('-').expect("two parts").0, id.replace("%3A", ":"), "{request}");
                ids.insert(id);
            }
            assert_eq!(ids.len(), 1, "{} has one id in call {number}: {ids:?}", story.name());
            assert!(seen.is_disjoint(&ids), "{} repeats {ids:?} in call {number}", story.name());
            seen.extend(ids);
        }
        let plan = Plan::build(&scenario, *vendor, &circumstances(2, start())).expect("a plan");
        let known = plan.known_to_contract();
        let expected = known.get("call.id").expect("an id").to_owned();
        assert!(rendered(&story, 2, 0, 0, start()).contains(&format!("X-Call: 00-{expected}-")), "{}", story.name());
    }
    assert!(compiled >= 2, "{compiled} stories are compiled");
}

#[test]
fn lengths_of_time_are_told_as_a_plan_tells_them_whatever_fraction_of_a_second_a_call_starts_at() {
    let text = r#"
title: Fractions
call: { kind: outbound }
script: [{ ring: agent }, { wait: 1500ms }, { answer: agent }, { ring: customer }, { wait: 2700ms..8900ms }, { answer: customer }, { wait: 9s }, { hangup: customer }]
"#;
    let scenario = scenario::parse("fractions", "fractions.yaml", text, &|_| None).expect("a scenario");
    for vendor in vendors::ALL {
        let Some(story) = story(&scenario, *vendor, &TARGETS, Room::shared_by(1)) else { continue };
        assert!(is_compiled(&story), "{}", story.told());
        for start in (0..1000).step_by(90).filter_map(|later| start().checked_add(Duration::from_millis(later)).ok()) {
            let plan = Plan::build(&scenario, *vendor, &circumstances(3, start, &TARGETS)).expect("a plan");
            for (step, delivery) in plan.deliveries.iter().enumerate() {
                assert_eq!(rendered(&story, 3, step, 0, start), sent(&plan, delivery, &plan.targets[0]));
            }
        }
    }
}

#[test]
fn stories_keep_to_the_room_that_they_share() {
    let scenario = shipped_as("supervise");
    let vendor = vendors::find("udesk").expect("a vendor");
    for stories in [16, 64] {
        let room = Room::shared_by(stories);
        let story = story(&scenario, vendor, &TARGETS, room).expect("a story");
        let Story::Compiled(compiled) = &story else { panic!("{}", story.told()) };
        assert!(compiled.bytes() < room.bytes_max, "{} of {}", compiled.bytes(), room.bytes_max);
        assert!(compiled.bytes() * stories < TEMPLATES_MAX_BYTES);
    }
    let narrow = story(&scenario, vendor, &TARGETS, Room { bytes_max: 1000 }).expect("a story");
    assert!(!is_compiled(&narrow) && narrow.told().contains("1000"), "{}", narrow.told());
}

#[test]
fn what_does_not_exist_is_not_sent() {
    let story = story_of("outbound-answered", "udesk");
    for (number, step, target) in [(0, 0, 0), (1, 99, 0), (1, 0, 2), (u64::MAX, 99, 0), (1, usize::MAX, usize::MAX)] {
        assert_eq!(rendered(&story, number, step, target, start()), "", "{number} {step} {target}");
    }
    assert_eq!(story.steps(0), 0);
    for instant in [Timestamp::MIN, Timestamp::MAX] {
        let _ = rendered(&story, u64::MAX, 0, 0, instant);
    }
    let reply = Reply { status: 500, ..Reply::default() };
    assert!(matches!(story.acknowledged(usize::MAX, &reply), Acknowledgement::No(_)));
}
