//! What holds for all faults: keyed draws, listed order, targeting, transcripts, hosts.

use super::wire::{deliver_all, faulted, listener, planned, udesk};
use ringback::clock::Pace;
use ringback::event::RunEvent;
use ringback::faults;
use ringback::plan::{Circumstances, NoPlan, Plan, PlanFormat, Targets};
use ringback::{scenario, vendors};
use std::collections::BTreeMap;
use std::net::SocketAddr;

const NOWHERE: [u8; 4] = [127, 0, 0, 1];

fn nowhere() -> SocketAddr {
    (NOWHERE, 9).into()
}

/// What each push becomes: push, offset, what has bent the first attempts, and their bodies.
fn fates(scenario: &scenario::Scenario, vendor: &str, seed: u64) -> BTreeMap<(String, u32, u32), Vec<String>> {
    let plan = planned(scenario, vendor, seed, &[nowhere()]);
    let mut fates: BTreeMap<(String, u32, u32), Vec<String>> = BTreeMap::new();
    for delivery in &plan.deliveries {
        for attempt in 1..=3 {
            let fate = plan.fate(delivery, 1, attempt, delivery.offset);
            let bent: Vec<String> = fate.bent.iter().map(|bent| format!("{}: {}", bent.fault, bent.evidence)).collect();
            let key = (delivery.push.clone(), delivery.planned.nth, attempt);
            fates.entry(key).or_default().extend(bent);
        }
    }
    fates
}

/// Only what these faults have done.
fn of(fates: BTreeMap<(String, u32, u32), Vec<String>>, names: &[&str]) -> BTreeMap<(String, u32, u32), Vec<String>> {
    let keep = |told: &String| names.iter().any(|name| told.starts_with(&format!("{name}:")));
    fates.into_iter().map(|(key, told)| (key, told.into_iter().filter(keep).collect())).collect()
}

const DELAY: &str = "  - { fault: delay, by: 1s..20s, when: { rate: 50% } }\n";
const FLIP: &str = "  - { fault: type-flip, when: { rate: 40% } }\n";
const NULL: &str = "  - { fault: null-field, when: { rate: 40%, attempts: 1..2 } }\n";

#[test]
fn adding_a_fault_changes_no_other_draw() {
    let reference = faulted("transfer", &format!("{DELAY}{FLIP}"));
    let behind = faulted("transfer", &format!("{DELAY}{FLIP}{NULL}"));
    let between = faulted(
        "transfer",
        &format!("{DELAY}  - {{ fault: bom, when: {{ rate: 30% }} }}\n").replace("bom", "clock-skew"),
    );
    let before = faulted("transfer", &format!("  - {{ fault: extra-field }}\n{NULL}{DELAY}{FLIP}"));
    let mut hits = 0;
    for seed in 0..120 {
        let expected = of(fates(&reference, "udesk", seed), &["delay"]);
        hits += expected.values().filter(|told| !told.is_empty()).count();
        for other in [&behind, &between, &before] {
            assert_eq!(of(fates(other, "udesk", seed), &["delay"]), expected, "seed {seed}");
        }
        // Which field is drawn depends on what is there; whether it is hit does not.
        let hit = |scenario| -> Vec<bool> {
            of(fates(scenario, "udesk", seed), &["type-flip"]).values().map(|told| told.is_empty()).collect()
        };
        assert_eq!(hit(&reference), hit(&behind), "seed {seed}");
        assert_eq!(hit(&reference), hit(&before), "seed {seed}");
    }
    assert!(hits > 120, "{hits}");
}

/// Which pushes each drawn fault hits, and with what. Whatever changes this file changes what users see at a seed that they
/// have noted: it is data, and never written anew.
#[test]
fn what_a_seed_draws_stays_as_it_was() {
    let drawn: [(&str, &str, &str); 3] = [
        ("delay", "  - { fault: delay, by: 1s..20s, when: { rate: 40% } }\n", "transfer"),
        ("drop", "  - { fault: drop, when: { rate: 20% } }\n", "inbound-answered"),
        ("null-field", "  - { fault: null-field, when: { rate: 40%, attempts: 1..2 } }\n", "outbound-answered"),
    ];
    let mut told = String::new();
    for (name, fault, scenario) in drawn {
        for seed in [1, 42, 18_446_744_073_709_551_615] {
            for ((push, nth, attempt), bent) in fates(&faulted(scenario, fault), "udesk", seed) {
                // Where nothing is drawn for an attempt, the others tell the same.
                if !bent.is_empty() && (attempt == 1 || name == "null-field") {
                    told += &format!("{scenario} {seed} {push}#{nth} try {attempt}: {}\n", bent.join("; "));
                }
            }
        }
    }
    let pinned = include_str!("../fixtures/fault-draws.txt");
    assert_eq!(told, pinned, "what is drawn now:\n{told}");
}

#[test]
fn adding_a_push_or_another_call_changes_no_other_draw() {
    let faults = format!("{DELAY}{FLIP}");
    let few = faulted("inbound-answered", &faults);
    let mut more = few.clone();
    // Another push joins the story ahead of others.
    let text = "title: T\ncall: { kind: inbound }\nscript: [enqueue, hangup: customer]\noptions: { udesk: { agent_lock: true } }\n";
    more.options = scenario::parse("t", "t.yaml", text, &|_| None).unwrap().options;
    let call = |scenario: &scenario::Scenario, call_number: u64, seed: u64| {
        let circumstances = Circumstances {
            seed,
            start: crate::support::plans::start(),
            call_number,
            targets: Targets::Given(vec!["http://127.0.0.1:9/hook".parse().unwrap()]),
            overrides: Vec::new(),
            allowed_hosts: Vec::new(),
        };
        Plan::build(scenario, vendors::find("udesk").unwrap(), &circumstances).unwrap().print(PlanFormat::Json)
    };
    for seed in 0..120 {
        let (few, more) = (fates(&few, "udesk", seed), fates(&more, "udesk", seed));
        assert!(more.keys().count() >= few.keys().count());
        let delays = |fates: BTreeMap<_, _>| of(fates, &["delay"]);
        let (few, more) = (delays(few), delays(more));
        assert!(few.iter().all(|(key, told)| more.get(key) == Some(told)), "seed {seed}");
    }
    assert_eq!(call(&few, 2, 7), call(&few, 2, 7));
    assert_ne!(call(&few, 1, 7), call(&few, 2, 7));
}

#[test]
fn a_higher_rate_hits_what_the_lower_one_hit() {
    let rate = |percent: u32| faulted("transfer", &format!("  - {{ fault: drop, when: {{ rate: {percent}% }} }}\n"));
    let (low, high) = (rate(20), rate(60));
    for seed in 0..200 {
        let (low, high) = (fates(&low, "udesk", seed), fates(&high, "udesk", seed));
        assert!(low.iter().all(|(key, told)| told.is_empty() || !high[key].is_empty()), "seed {seed}");
    }
}

#[tokio::test]
async fn faults_fold_in_listed_order() {
    let first =
        udesk("  - { fault: delay, push: \"*:end\", by: 1h }\n  - { fault: duplicate, push: \"*:end\", after: 10s }")
            .await;
    let left: Vec<u64> = first.left().into_iter().filter(|(push, _)| push == "udesk:end").map(|(_, at)| at).collect();
    assert_eq!(left[1], left[0] + 10, "the copy is one of the delayed push");
    assert_eq!(first.faults()[3..], [vec!["delay"], vec!["delay", "duplicate"]]);
    let second = udesk("  - { fault: type-flip, push: \"*:end\" }\n  - { fault: duplicate, push: \"*:end\" }").await;
    assert_eq!(second.seen[3].bytes, second.seen[4].bytes, "a copy of what was bent before it is the same");
}

#[tokio::test]
async fn targeting_and_triggers_hold_for_every_fault() {
    let nth = udesk("  - { fault: bom, when: { nth: 2 } }").await;
    assert_eq!(nth.faults(), [vec![], vec!["bom"], vec![], vec![]]);
    let every = udesk("  - { fault: bom, when: { every: 2 } }").await;
    assert_eq!(every.faults(), [vec![], vec!["bom"], vec![], vec!["bom"]]);
    let glob = udesk("  - { fault: bom, push: \"udesk:*_answer\" }").await;
    assert_eq!(glob.faults(), [vec!["bom"], vec!["bom"], vec![], vec![]]);
    let other_call = udesk("  - { fault: bom, call: 2 }").await;
    assert!(other_call.faults().iter().all(Vec::is_empty));
    let between = udesk("  - { fault: bom, when: { between: 0s..30s } }").await;
    let expected: Vec<bool> = between.left().iter().map(|(_, at)| *at <= 30).collect();
    assert!(expected.contains(&true) && expected.contains(&false));
    assert_eq!(between.faults().iter().map(|faults| !faults.is_empty()).collect::<Vec<_>>(), expected);
}

#[tokio::test]
async fn a_target_and_an_attempt_are_chosen_alike() {
    let (one, first) = listener(&["500 Oh", "200 OK"], 1).await;
    let (other, second) = listener(&["500 Oh", "200 OK"], 1).await;
    let faults = "  - { fault: empty-body, push: \"*:agent_answer\", target: 2, when: { attempts: 1 } }";
    let mut scenario = faulted("outbound-answered", faults);
    scenario.deliver.retry = scenario::Retry::Explicit {
        waits: vec![std::time::Duration::from_secs(5)],
        jitter: 0.0,
        on: vendors::Retriable::all(),
    };
    deliver_all(&planned(&scenario, "udesk", 1, &[one, other]), Pace::Fast).await;
    let (first, second) = (first.lock().unwrap().clone(), second.lock().unwrap().clone());
    assert_eq!(first[0].bytes, first[1].bytes, "a retry keeps every byte");
    assert!(second[0].body().is_empty());
    assert_eq!(second[1].body(), first[1].body(), "the second attempt is right");
}

fn transcripts(events: &[RunEvent]) -> Vec<(String, String)> {
    let transcripts = events.iter().filter_map(|event| match event {
        RunEvent::Transcript { call, sha256, .. } => Some((call.clone(), sha256.clone())),
        _ => None,
    });
    transcripts.collect()
}

#[test]
fn the_transcript_is_the_same_for_every_run_thread_count_and_pace() {
    let profile =
        std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/scenarios/faults/everything.yaml")).unwrap();
    let everything = scenario::parse_profile("everything", &profile).unwrap().faults;
    let run = |threads: usize, pace: &str, seed: u64| {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(threads).enable_all().build().unwrap();
        runtime.block_on(async {
            let (address, _) = listener(&["200 OK"], 1).await;
            let mut scenario = faulted("outbound-answered", "");
            scenario.faults.clone_from(&everything);
            scenario.deliver.sign = Some(scenario::Sign::standard_webhooks("whsec_aGVsbG8="));
            transcripts(
                &deliver_all(&planned(&scenario, "udesk", seed, &[address]), pace.parse().unwrap()).await.events,
            )
        })
    };
    let reference = run(1, "fast", 3);
    assert_eq!(reference.len(), 1);
    assert_eq!(reference[0].1.len(), 64);
    for (threads, pace) in [(1, "fast"), (2, "fast"), (8, "fast"), (2, "2000x"), (1, "700x")] {
        assert_eq!(run(threads, pace, 3), reference, "{threads} threads, {pace}");
    }
    assert_ne!(run(1, "fast", 4), reference);
}

#[test]
fn faults_go_to_loopback_unless_a_host_is_allowed() {
    let build = |faults: &str, target: &str, allowed: &[&str]| {
        let circumstances = Circumstances {
            seed: 1,
            start: crate::support::plans::start(),
            call_number: 1,
            targets: Targets::Given(vec![target.parse().unwrap()]),
            overrides: Vec::new(),
            allowed_hosts: allowed.iter().map(|host| (*host).to_owned()).collect(),
        };
        Plan::build(&faulted("outbound-answered", faults), vendors::find("udesk").unwrap(), &circumstances).err()
    };
    let fault = "  - { fault: bom }";
    for loopback in ["http://127.0.0.1/", "http://127.9.9.9:8/", "http://[::1]:8/", "http://localhost/"] {
        assert_eq!(build(fault, loopback, &[]), None, "{loopback}");
    }
    // Nothing is sent here: a plan is all that is made.
    let foreign = "http://receiver.invalid/hook";
    assert_eq!(build("", foreign, &[]), None);
    assert_eq!(
        build(fault, foreign, &[]),
        Some(NoPlan::ForeignHost { what: "faults", host: "receiver.invalid".into() })
    );
    assert_eq!(build(fault, foreign, &["receiver.invalid"]), None);
    assert!(build(fault, "http://localhost.invalid/", &["receiver.invalid"]).is_some());
}

#[test]
fn every_fault_of_the_list_can_be_written_down_alone_and_is_played() {
    for fact in faults::ALL.iter() {
        let scenario = faulted("outbound-answered", &format!("  - {{ fault: {} }}", fact.name));
        let targets = [nowhere(), ([127, 0, 0, 1], 10).into()];
        let plan = planned(&scenario, "7moor", 1, &targets);
        let bent = plan.deliveries.iter().any(|delivery| !plan.fate(delivery, 1, 1, delivery.offset).bent.is_empty());
        assert!(bent, "{} bends nothing", fact.name);
    }
}

#[test]
fn profiles_are_no_scenarios() {
    let names: Vec<String> = scenario::profiles().into_iter().map(|profile| profile.name).collect();
    assert_eq!(
        names,
        [
            "blackout",
            "broken-encoder",
            "everything",
            "flaky-network",
            "impatient-vendor",
            "rude-network",
            "shuffled-history"
        ]
    );
    for profile in scenario::profiles() {
        let read = scenario::parse_profile(&profile.name, &profile.text).unwrap_or_else(|wrong| panic!("{wrong}"));
        assert!(!read.faults.is_empty() && !read.title.is_empty());
        assert!(!scenario::built_in().iter().any(|scenario| scenario.name == profile.name));
    }
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/scenarios").to_owned();
    let loaded = scenario::load(std::slice::from_ref(&folder)).unwrap();
    assert_eq!(loaded.len(), scenario::built_in().len());
    let told = scenario::load(&[format!("{folder}/faults/blackout.yaml")]).unwrap_err().render(false);
    assert!(told.contains("this is a fault profile") && told.contains("--faults"), "{told}");
    let told = scenario::faults(&["blakout".to_owned()]).unwrap_err().render(false);
    assert!(told.contains("did you mean `blackout`?"), "{told}");
}

#[test]
fn every_profile_overlays_every_scenario() {
    let mut scenarios = scenario::built_in_scenarios().unwrap();
    for (seed, profile) in (0u64..).zip(scenario::profiles()) {
        let faults = scenario::parse_profile(&profile.name, &profile.text).unwrap().faults;
        for scenario in &mut scenarios {
            scenario.faults.clone_from(&faults);
            for vendor in vendors::ALL {
                let circumstances = Circumstances {
                    seed,
                    start: crate::support::plans::start(),
                    call_number: 1,
                    targets: Targets::Given(vec!["http://127.0.0.1:9/hook".parse().unwrap()]),
                    overrides: Vec::new(),
                    allowed_hosts: Vec::new(),
                };
                let plan = match Plan::build(scenario, *vendor, &circumstances) {
                    Ok(plan) => plan,
                    Err(NoPlan::Skipped(_)) => continue,
                    Err(wrong) => panic!("{} over {}: {wrong}", profile.name, scenario.name),
                };
                assert!(plan.deliveries.windows(2).all(|pair| pair[0].offset <= pair[1].offset));
                let mut numbers: Vec<u32> = plan.deliveries.iter().map(|delivery| delivery.number).collect();
                numbers.sort_unstable();
                assert!(numbers.windows(2).all(|pair| pair[0] < pair[1]), "a number is given twice: {numbers:?}");
                for delivery in &plan.deliveries {
                    for attempt in [1, 2, u32::MAX] {
                        plan.fate(delivery, 1, attempt, delivery.offset);
                    }
                }
            }
        }
    }
}

#[test]
fn no_profile_makes_it_panic() {
    let whole = scenario::profiles().into_iter().find(|profile| profile.name == "everything").unwrap().text;
    for end in (0..whole.len()).step_by(41).filter(|end| whole.is_char_boundary(*end)) {
        let _ = scenario::parse_profile("cut", &whole[..end]).map_err(|wrong| wrong.render(true));
        for put in ["\"", "[", "}", ": ", "- ", "王", "..", "9999999999999999999", "-1", "%", "~"] {
            let text = format!("{}{put}{}", &whole[..end], &whole[end..]);
            let _ = scenario::parse_profile("put", &text).map_err(|wrong| wrong.render(false));
        }
    }
}
