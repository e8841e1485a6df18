//! Plans of whole stories, by values: what strikes, what is folded in, what is printed, what is refused.

use super::*;
use crate::contract::FieldValue;
use crate::faults::{Fate, Fault, Leaves};
use crate::scenario::{self, Override, Scenario};
use crate::vendors;
use serde_json::{Value, json};
use std::sync::Arc;

/// A call whose four pushes of Udesk leave after 1, 3, 12 and 12 seconds.
const CALL: &str = "title: A call\ncall: { kind: outbound }\nscript: [{ ring: agent }, { wait: 1s }, { answer: agent }, \
    { ring: customer }, { wait: 2s }, { answer: customer }, { wait: 9s }, { hangup: customer }]\n";
const HERE: &str = "http://127.0.0.1:9/hook";
const TWO: [&str; 2] = [HERE, "http://127.0.0.1:10/"];

fn scenario(more: &str) -> Scenario {
    scenario::parse("s", "s.yaml", &format!("{CALL}{more}"), &|_| None)
        .unwrap_or_else(|wrong| panic!("{}", wrong.render(false)))
}

fn circumstances(targets: &[&str]) -> Circumstances {
    Circumstances {
        seed: 1,
        start: "2026-03-02T09:30:00+08:00".parse().expect("a time"),
        call_number: 1,
        targets: Targets::Given(targets.iter().map(|target| target.parse().expect("an address")).collect()),
        overrides: Vec::new(),
        allowed_hosts: Vec::new(),
    }
}

fn udesk() -> &'static dyn vendors::Vendor {
    vendors::find("udesk").expect("a vendor")
}

fn planned(more: &str, targets: &[&str]) -> Result<Plan, NoPlan> {
    Plan::build(&scenario(more), udesk(), &circumstances(targets))
}

fn plan(more: &str) -> Plan {
    planned(more, &[HERE]).unwrap_or_else(|none| panic!("{none}"))
}

fn faults(list: &[&str]) -> String {
    list.iter().fold("faults:\n".to_owned(), |text, fault| format!("{text}  - {{ fault: {fault} }}\n"))
}

/// Why the last of these faults can strike nothing.
fn no_strike(list: &[&str], more: &str, targets: &[&str], calls: Option<u64>) -> Option<String> {
    let scenario = Arc::new(scenario(&format!("{more}{}", faults(list))));
    let retelling = Retelling::new(scenario, udesk(), Arc::new(circumstances(targets)));
    retelling.no_strike(list.len() - 1, calls).map(|no| no.reason)
}

#[test]
fn why_a_fault_can_strike_nothing() {
    let retry = "deliver: { retry: { waits: [5s, 5m] } }\n";
    let lost = "lost-ack, push: \"*:end\", when: { attempts: 1..3 }";
    let window = "is outside of the story: the pushes that it is for leave between";
    for (list, more, targets, why) in [
        (
            &["drop, push: \"7moor:*\""][..],
            "",
            &[HERE][..],
            Some("no push that is played matches `7moor:*`".to_owned()),
        ),
        (&["drop, target: 2"], "", &[HERE], Some("it is for target 2, and there is 1".to_owned())),
        (&["drop, target: 2"], "", &TWO, None),
        (&["bom, target: 2"], "", &TWO, None),
        (&["bom, target: 3"], "", &TWO, Some("it is for target 3, and there are 2".to_owned())),
        (
            &["split-story"],
            "",
            &[HERE],
            Some("it needs two targets to split a story between, and there is 1".to_owned()),
        ),
        (&["split-story"], "", &TWO, None),
        (&["drop, when: { nth: 4 }"], "", &[HERE], None),
        (
            &["drop, target: 2, when: { nth: 5 }"],
            "",
            &TWO,
            Some("`nth: 5` is more than the 4 of a call that `*` matches".to_owned()),
        ),
        (&["reorder"], "", &[HERE], None),
        (&["late-after-end"], "", &[HERE], None),
        (&["reorder, target: 2"], "", &TWO, None),
        (
            &["drop, when: { nth: 5 }"],
            "",
            &[HERE],
            Some("`nth: 5` is more than the 4 of a call that `*` matches".to_owned()),
        ),
        (
            &["bom, push: \"*:end\", when: { every: 2 }"],
            "",
            &[HERE],
            Some("`every: 2` is more than the 1 of a call that `*:end` matches".to_owned()),
        ),
        (&["drop, when: { between: 12s..20s }"], "", &[HERE], None),
        (&["drop, when: { between: 0s..1s }"], "", &[HERE], None),
        (&["drop, when: { between: 13s..20s }"], "", &[HERE], Some(format!("13s..20s {window} 1s and 12s"))),
        (&["bom, when: { between: 12s..20s }"], "", &[HERE], None),
        (&["bom, when: { between: 13s..20s }"], "", &[HERE], Some(format!("13s..20s {window} 1s and 12s"))),
        (&["bom, when: { between: 0s..500ms }"], retry, &[HERE], Some(format!("0s..500ms {window} 1s and 12s"))),
        // Up to twice the waits behind the last push: 12s + 2 * 5m5s.
        (&["bom, when: { between: 622s..20m }"], retry, &[HERE], None),
        (&["bom, when: { between: 623s..20m }"], retry, &[HERE], Some(format!("10m23s..20m {window} 1s and 12s"))),
        (&["blackout, from: 12s"], "", &[HERE], None),
        (&["blackout, from: 13s"], "", &[HERE], Some(format!("13s..1m13s {window} 1s and 12s"))),
        (&["delay, by: 1s..1m", "blackout, from: 13s"], "", &[HERE], None),
        (&["bom, when: { attempts: 3 }"], retry, &[HERE], None),
        (
            &["bom, when: { attempts: 4 }"],
            retry,
            &[HERE],
            Some("it is for attempt 4, and at most 3 attempts are made at a push".to_owned()),
        ),
        (
            &["bom, when: { attempts: 2 }"],
            "",
            &[HERE],
            Some("it is for attempt 2, and at most one attempt is made at a push".to_owned()),
        ),
        (&[lost, "bom, when: { attempts: 4 }"], "", &[HERE], None),
        (
            &[lost, "bom, when: { attempts: 5 }"],
            "",
            &[HERE],
            Some("it is for attempt 5, and at most 4 attempts are made at a push".to_owned()),
        ),
        (
            &[lost, "bom, push: \"*:hangup\", when: { attempts: 2 }"],
            "",
            &[HERE],
            Some("it is for attempt 2, and at most one attempt is made at a push".to_owned()),
        ),
        (&["duplicate-new-id"], "", &[HERE], Some("no push that it is for has an event id".to_owned())),
        (
            &["reorder, push: \"*:end\""],
            "",
            &[HERE],
            Some("no push that it is for has another one to change places with".to_owned()),
        ),
        (
            &["late-after-end, push: \"*:end\""],
            "",
            &[HERE],
            Some("no push that it is for comes before the last one of its call".to_owned()),
        ),
        // With the help of another; what is dropped only at times does not stand in the way.
        (
            &[
                "drop, push: \"*:agent_answer\", when: { rate: 50% }",
                "delay, push: \"*:agent_answer\", by: 1m",
                "late-after-end, push: \"*:end\"",
            ],
            "",
            &[HERE],
            None,
        ),
        // It meets pushes, and changes none of them: a run says so.
        (&["missing-header, header: X-Not-There"], "", &[HERE], None),
        (&["delay, by: 0s"], "", &[HERE], None),
    ] {
        assert_eq!(no_strike(list, more, targets, None), why, "{list:?} {more}");
    }
    for (calls, why) in [
        (Some(1), Some("it is for call 9, and one call is played".to_owned())),
        (Some(8), Some("it is for call 9, and 8 calls are played".to_owned())),
        (Some(9), None),
        (None, None),
    ] {
        assert_eq!(no_strike(&["duplicate, call: 9"], "", &[HERE], calls), why);
    }
    assert_eq!(no_strike(&["duplicate"], "", &[HERE], Some(1)), None);
}

#[test]
fn the_names_of_pushes_are_shown_once_each_and_only_so_many() {
    let mut plan = plan("");
    let scenario = scenario(&faults(&["drop, push: \"7moor:*\""]));
    let help = |plan: &Plan| strikes::why(&scenario.faults[0], plan, &scenario).help;
    let first = plan.deliveries[0].clone();
    plan.deliveries.push(first.clone());
    assert_eq!(help(&plan), "udesk sends udesk:agent_answer, udesk:customer_answer, udesk:hangup, udesk:end");
    let named = |name: usize| Delivery { push: format!("udesk:{name}"), ..first.clone() };
    plan.deliveries.extend((1..=4).map(named));
    assert!(help(&plan).ends_with("udesk:end, udesk:1, udesk:2, udesk:3, udesk:4"), "{}", help(&plan));
    plan.deliveries.push(named(5));
    assert!(help(&plan).ends_with("udesk:4, ..."), "{}", help(&plan));
    let retelling = Retelling::new(Arc::new(scenario.clone()), udesk(), Arc::new(circumstances(&[HERE])));
    assert_eq!((retelling.source(), retelling.faults().len()), ("s.yaml", 1));
}

#[test]
fn what_a_story_can_weigh_has_a_limit() {
    let push = Push {
        body: "12345".into(),
        query: "a=1".to_owned(),
        headers: vec![("A".to_owned(), "1234567".to_owned()), ("BC".to_owned(), "1".to_owned())],
        ..Push::new("push", crate::http::Method::Post)
    };
    assert_eq!(build::bytes_of(&push), 5 + 3 + 8 + 3);
    let mut room = build::Room::default();
    assert_eq!((room.take(PLANNED_MAX_BYTES), room.take(0)), (Ok(()), Ok(())));
    let refused = room.take(1).map_err(|no| no.to_string());
    assert_eq!(refused, Err(format!("its pushes have more than {PLANNED_MAX_BYTES} bytes together")));
}

#[test]
fn pushes_that_are_alike_are_told_apart_by_their_number() {
    let mut plan = plan("");
    assert!(plan.deliveries.iter().all(|delivery| delivery.planned.nth == 1));
    let again = Delivery { number: 5, ..plan.deliveries[0].clone() };
    plan.deliveries.push(again);
    let keys: Vec<_> = plan.keyed().into_iter().map(|((push, _, nth), _)| (push, nth)).collect();
    assert_eq!(
        (keys.len(), keys[0].clone(), keys[4].clone()),
        (5, ("udesk:agent_answer".into(), 1), ("udesk:agent_answer".into(), 2))
    );
}

#[test]
fn a_plan_knows_which_of_its_faults_strike() {
    let list = [
        "delay, push: \"*:hangup\", by: 1s",
        "bom, when: { attempts: 2 }",
        "missing-header, header: X-Not-There",
        "type-flip, target: 2, push: \"*:end\", when: { rate: 0.000001% }",
    ];
    let plan = plan(&format!("deliver: {{ retry: {{ waits: [5s] }} }}\n{}", faults(&list)));
    let struck: Vec<_> = plan.strikes().into_iter().map(|(fault, struck)| (fault.name(), struck)).collect();
    assert_eq!(struck, [("delay", true), ("bom", true), ("missing-header", false), ("type-flip", false)]);
}

/// Everything that leaves: number, of which push it is one, to which target.
fn leaving(plan: &Plan) -> Vec<(u32, u32, Option<u32>, u64)> {
    let line = |delivery: &Delivery| {
        (delivery.number, delivery.original(), delivery.planned.target, delivery.offset.as_secs())
    };
    plan.deliveries.iter().map(line).collect()
}

#[test]
fn targets_share_deliveries_unless_a_fault_moves_them() {
    let both = |list: &[&str]| leaving(&planned(&faults(list), &TWO).expect("a plan"));
    let clean = [(1, 1, None, 1), (2, 2, None, 3), (3, 3, None, 12), (4, 4, None, 12)];
    assert_eq!(leaving(&plan("")), clean);
    assert_eq!(both(&["bom", "lost-ack"]), clean);
    assert_eq!(leaving(&plan(&faults(&["delay, push: \"*:end\", by: 1m"])))[3], (4, 4, None, 72));
    let apart = both(&["duplicate, push: \"*:agent_answer\", target: 2, after: 4s"]);
    let [first, second] = [1, 2].map(|target| apart.iter().filter(|one| one.2 == Some(target)).count());
    assert_eq!((first, second, apart.len()), (4, 5, 9));
    assert!(apart.contains(&(5, 1, Some(2), 5)), "a copy comes behind the numbers of the story: {apart:?}");
    assert_eq!(
        both(&["split-story"]).iter().map(|one| one.2).collect::<Vec<_>>(),
        [Some(1), Some(2), Some(1), Some(2)]
    );

    let mut plan = planned("", &TWO).expect("a plan");
    plan.deliveries[0].request.to = Some("http://127.0.0.1:11/own".parse().expect("an address"));
    plan.deliveries[1].planned.target = Some(2);
    let reached: Vec<_> = plan.deliveries.iter().map(|one| [1, 2].map(|target| plan.reaches(one, target))).collect();
    assert_eq!(reached, [[true, false], [false, true], [true, true], [true, true]]);
    assert_eq!(plan.keep_to("faults", &[]), Ok(()));
    plan.deliveries[2].request.to = Some("http://other.invalid/".parse().expect("an address"));
    let foreign = NoPlan::ForeignHost { what: "faults", host: "other.invalid".to_owned() };
    assert_eq!(foreign.to_string(), "faults go to loopback only, and `other.invalid` is another host");
    assert_eq!(plan.keep_to("faults", &[]), Err(foreign));
}

#[test]
fn faults_are_held_to_a_limit_before_they_are_folded() {
    let with = |deliveries: usize, first: &str, boms: usize| {
        let mut plan = plan(&faults(&[first, "bom"]));
        let listed: Vec<Fault> = plan.faults.iter().cloned().collect();
        let more = std::iter::repeat_n(listed[1].clone(), boms);
        plan.faults = Faults::new(listed[..1].iter().cloned().chain(more).collect());
        let one = plan.deliveries[0].clone();
        plan.deliveries = vec![one; deliveries];
        plan.hold_folding().err()
    };
    assert_eq!(with(20_000, "bom", 49), None, "a million");
    let refused = with(20_000, "bom", 50).expect("more than a million").to_string();
    assert!(
        refused.starts_with("s.yaml:") && refused.contains("hit pushes and copies 1000000 times already"),
        "{refused}"
    );
    for (deliveries, copying, boms) in
        [(5000, "duplicate, copies: 3", 49), (5000, "duplicate-new-id, copies: 3", 49), (10_000, "stale-retry", 49)]
    {
        assert_eq!(with(deliveries, copying, boms), None, "{copying}");
        assert!(with(deliveries, copying, boms + 1).is_some(), "{copying}");
    }
    // No more copies are made than there are sends at most; so much is not held against a story.
    assert_eq!(with(10_000, "duplicate, copies: 10", 49), None);
    assert_eq!(with(20_001, "duplicate", 48), None);
}

#[test]
fn a_plan_is_printed_as_what_is_sent() {
    let list = [
        "drop, push: \"*:customer_answer\"",
        "stale-retry, push: \"*:agent_answer\", after: 4s",
        "split-story, push: \"*:end\"",
        "wrong-method, push: \"*:hangup\", to: get, target: 1",
        "empty-body, push: \"*:hangup\"",
    ];
    let plan = planned(&faults(&list), &TWO).expect("a plan");
    let table = plan.print(PlanFormat::Table);
    let lines: Vec<_> = table.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" ")).collect();
    let call = &plan.deliveries[0].call;
    assert_eq!(lines[0], "s by udesk, seed 1: A call");
    assert_eq!(lines[1], format!("1 +1s udesk:agent_answer 1740 B call {call} at 1 agent answers"));
    for line in [
        format!(
            "5 #1+4s udesk:agent_answer 1740 B call {call} at 1 agent answers [stale-retry: again 4s after its acknowledgement]"
        ),
        format!("2 never udesk:customer_answer 1794 B call {call} at 1 the customer answers [drop: it is never sent]"),
    ] {
        assert!(lines.contains(&line), "{line}: {table}");
    }
    assert_eq!(
        lines.last().map(String::as_str),
        Some("9 pushes to 2 addresses: http://127.0.0.1:9/hook, http://127.0.0.1:10/")
    );

    let http = plan.print(PlanFormat::Http);
    assert!(http.starts_with("# udesk:agent_answer at 2026-03-02T09:30:01.000+08:00: agent answers\nPOST /hook HTTP/1.1\r\nHost: 127.0.0.1:9\r\n"), "{http}");
    // A method without a body has no framing, and the others have.
    let bare = http.split("\n# ").find(|part| part.contains("GET /hook")).expect("the hangup");
    assert!(!bare.contains("Content-Length") && bare.contains("[wrong-method: GET where it was POST]"), "{bare}");
    assert_eq!(http.matches("Content-Length: ").count(), http.matches("POST /").count());
    assert!(!http.contains("customer_answer at"), "what never leaves is not printed");
    let curl = plan.print(PlanFormat::Curl);
    assert_eq!(curl.matches("curl --request ").count(), http.matches(" HTTP/1.1\r\n").count());

    let printed: Value = serde_json::from_str(&plan.print(PlanFormat::Json)).expect("JSON");
    let all = printed["deliveries"].as_array().expect("a list").len();
    assert_eq!((all, printed.get("left_out")), (http.matches(" HTTP/1.1\r\n").count(), None));
    assert_eq!(printed["deliveries"][0]["at"], "2026-03-02T09:30:01.000+08:00");
    // What is too much is counted.
    let cut: Value = serde_json::from_str(&plan.json(1)).expect("JSON");
    assert_eq!((cut["deliveries"].as_array().map(Vec::len), &cut["left_out"]), (Some(1), &json!(all - 1)));
    let none: Value = serde_json::from_str(&plan.json(0)).expect("JSON");
    assert_eq!((&none["deliveries"], &none["left_out"]), (&json!([]), &json!(all)));
    let two = plan.json(usize::MAX).len().min(3000);
    let cut: Value = serde_json::from_str(&plan.json(two)).expect("JSON");
    assert_eq!(cut["deliveries"].as_array().map(Vec::len), Some(2));
    assert!(plan.each(print::http, 1).ends_with(&format!("\n# {} more are not printed\n", all - 1)));
    assert!(!http.contains("more are not printed"));
}

#[test]
fn a_vendor_that_only_keeps_records_pushes_nothing() {
    let tpns = vendors::find("tpns").expect("a vendor");
    let told = |scenario: &Scenario| Plan::build(scenario, tpns, &circumstances(&[HERE])).ok();
    let mut kept = scenario::built_in_scenarios().expect("scenarios").iter().find_map(told).expect("one for it");
    let last = |plan: &Plan| plan.print(PlanFormat::Table).lines().last().map(str::to_owned);
    let records = kept.records.len();
    assert_eq!(last(&kept), Some(format!("nothing is pushed; {records} changes of the vendor's own records")));
    let mut both = plan("");
    both.records.append(&mut kept.records);
    assert_eq!(last(&both), Some(format!("4 pushes to 1 address: {HERE}")));
    assert_eq!(last(&kept), Some(format!("0 pushes to 1 address: {HERE}")));
}

#[test]
fn the_values_of_a_story_are_printed_aligned() {
    let values = plan("").print(PlanFormat::Values);
    let mut lines = values.lines();
    assert_eq!(lines.next(), Some("s by udesk, seed 1"));
    let starts: Vec<_> = lines
        .map(|line| line.find("}").map(|end| end + line[end + 1..].len() - line[end + 1..].trim_start().len()))
        .collect();
    assert!(starts.len() > 10 && starts.iter().all(|start| *start == starts[0]), "{values}");
    assert_eq!(starts[0], Some("{customer.token:2}".len() + 1), "{values}");
    assert!(values.contains("\n{target.origin}     http://127.0.0.1:9\n"), "{values}");
}

#[test]
fn what_a_probe_asks_is_known_and_on_this_machine() {
    let probe =
        |probe: &str| planned(&format!("probe: {{ {probe} }}\n"), &[HERE]).map(|_| ()).map_err(|no| no.to_string());
    let here = "http://127.0.0.1:9/";
    assert_eq!(probe(&format!("get: \"{here}{{call.id}}\"")), Ok(()));
    assert_eq!(probe(&format!("each: true, get: \"{here}{{push.name}}\"")), Ok(()));
    let unknown = probe(&format!("get: \"{here}{{call.id:9}}\"")).expect_err("one call");
    assert!(unknown.contains("call.id:9") && unknown.contains("by udesk; what it knows is call.id, "), "{unknown}");
    assert!(!unknown.contains("customer.token:2"), "the first of each name is enough: {unknown}");
    assert_eq!(
        probe("get: \"http://other.invalid/\""),
        Err("probes go to loopback only, and `other.invalid` is another host".to_owned())
    );
    let so_far = |probe: &str| {
        Plan::build_so_far(&scenario(&format!("probe: {{ {probe} }}\n")), udesk(), &circumstances(&[HERE]), false)
    };
    assert!(so_far(&format!("get: \"{here}{{call.id:9}}\"")).is_ok(), "it may yet happen");
    assert!(so_far("get: \"http://other.invalid/\"").is_err());
}

fn overridden(push: &str, field: &str, value: &str) -> Result<Plan, NoPlan> {
    let one = Override { push: push.to_owned(), field: field.to_owned(), value: FieldValue::Other(json!(value)) };
    let circumstances = Circumstances { overrides: vec![one], ..circumstances(&[HERE]) };
    Plan::build(&scenario(""), vendors::find("7moor").expect("a vendor"), &circumstances)
}

#[test]
fn a_value_of_ones_own_takes_its_place_in_the_pushes_that_are_meant() {
    let bodies = |plan: &Plan, key: &str| -> Vec<Option<Value>> {
        plan.deliveries.iter().map(|one| one.request.content().and_then(|body| body.get(key).cloned())).collect()
    };
    let clean = overridden("7moor:nothing", "x", "y").expect("a plan");
    let ids: Vec<_> = clean.deliveries.iter().map(|one| one.request.event_id.clone()).collect();
    let name = clean.deliveries[0].push.clone();
    let own = overridden(&name, "eventUniqueId", "own").expect("a plan");
    // The id by which a receiver tells a repeat is the one that it gets.
    assert_eq!(own.deliveries[0].request.event_id.as_deref(), Some("own"));
    assert_eq!(bodies(&own, "eventUniqueId")[0], Some(json!("own")));
    assert_eq!(own.deliveries[1].request.event_id, ids[1]);
    let other = overridden(&name, "pushType", "own").expect("a plan");
    assert_eq!(
        (other.deliveries[0].request.event_id.clone(), bodies(&other, "pushType")[0].clone()),
        (ids[0].clone(), Some(json!("own")))
    );
    // A glob may take in pushes without the field; a push by its name may not.
    assert_eq!(bodies(&overridden("7moor:*", "no_such_field", "x").expect("a plan"), "no_such_field")[0], None);
    let refused = overridden(&name, "no_such_field", "x").err().map(|no| no.to_string());
    assert_eq!(refused, Some(format!("cannot set `no_such_field` of {name}: this push has no such field")));
}

#[test]
fn headers_are_the_pushs_own_then_ringbacks_and_none_of_the_framing() {
    let text = "deliver: { headers: { x-own-thing: \"{push.name}\", content-type: text/x, X-More: z } }\n";
    let plan = plan(text);
    let first = &plan.deliveries[0];
    let headers = plan.headers(first, &first.request, b"", plan.start);
    let expected = [
        ("X-Own-Thing", "udesk:agent_answer"),
        ("Content-Type", "text/x"),
        ("X-More", "z"),
        ("User-Agent", USER_AGENT),
    ];
    assert_eq!(headers, expected.map(|(name, value)| (name.to_owned(), value.to_owned())));
    let mut own = first.request.clone();
    for (name, value) in [("user-agent", "curl"), ("CONNECTION", "close"), ("Keep-Alive", "5"), ("content-length", "5")]
    {
        own.headers.push((name.to_owned(), value.to_owned()));
    }
    let headers = plan.headers(first, &own, b"", plan.start);
    assert_eq!(headers.len(), 4, "{headers:?}");
    assert_eq!(
        headers.iter().filter(|(name, _)| name == "User-Agent").map(|(_, value)| value.as_str()).collect::<Vec<_>>(),
        ["curl"]
    );
}

#[test]
fn secrets_are_veiled_by_the_name_under_which_they_stand() {
    let mut plan = plan("");
    plan.settings.insert("app_secret", vendors::Setting::Text("top-secret-1".into()));
    plan.settings.insert("line", vendors::Setting::Text("plain-text-2".into()));
    let nested = json!({"token": ["top-secret-3"], "name": "plain-text-4", "to": "http://me:top-secret-5@127.0.0.1/"});
    plan.settings.insert("actions", vendors::Setting::Any(nested));
    plan.deliveries[0].request.headers.push(("Authorization".into(), "Bearer top-secret-6".into()));
    plan.from_environment.push("top-secret-7".into());
    let mut text =
        "top-secret-1 plain-text-2 top-secret-3 plain-text-4 top-secret-5 top-secret-6 top-secret-7".to_owned();
    plan.secrets().veil(&mut text);
    assert_eq!(text, "*** plain-text-2 *** plain-text-4 *** *** ***");
}

#[test]
fn too_many_values_of_ones_own_are_refused_before_any_is_set() {
    let one = Override { push: "udesk:end".into(), field: "none".into(), value: FieldValue::Other(json!("x")) };
    let with = |count: usize| {
        let circumstances = Circumstances { overrides: vec![one.clone(); count], ..circumstances(&[HERE]) };
        Plan::build(&scenario(""), udesk(), &circumstances).map(|_| ()).map_err(|no| no.to_string())
    };
    let tried = "cannot set `none` of udesk:end: this push has no such field".to_owned();
    assert_eq!(with(OVERRIDDEN_MAX), Err(tried));
    assert_eq!(with(OVERRIDDEN_MAX + 1), Err(format!("`set` replaces more than {OVERRIDDEN_MAX} values in it")));
}

#[test]
fn an_original_is_itself_and_a_moment_is_counted_from_the_start() {
    let plan = plan(&faults(&["duplicate, push: \"*:end\""]));
    let originals: Vec<_> = plan.originals().collect();
    assert_eq!(originals, [(1, 1), (2, 2), (3, 3), (4, 4), (5, 4)]);
    assert_eq!(plan.instant(Duration::from_secs(3)), plan.start + jiff::SignedDuration::from_secs(3));
    let fate: Fate = plan.fate(&plan.deliveries[4], 1, 1, Duration::ZERO);
    assert_eq!(fate.bent, plan.deliveries[4].bent());
    assert!(plan.deliveries.iter().all(Delivery::leaves_when_due));
    let dropped = super::tests::plan(&faults(&["drop, push: \"*:end\""]));
    assert!(!dropped.deliveries[3].leaves_when_due() && dropped.deliveries[3].planned.leaves == Leaves::Never);
}
