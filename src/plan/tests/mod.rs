//! Plans of whole stories, by values: what is printed, what is written into pushes, what is refused.

mod faults;

use super::*;
use crate::body::Body;
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

#[test]
fn what_a_story_can_weigh_has_a_limit() {
    let push = Push {
        body: Body::Written { body: "12345".into(), query: "a=1".to_owned() },
        headers: vec![("A", "1234567"), ("BC", "1")].into(),
        ..Push::new("push", crate::http::Method::Post)
    };
    assert_eq!(build::bytes_of(&push), 5 + 3 + 8 + 3);
    let mut room = build::Room::default();
    assert_eq!((room.take(PLANNED_MAX_BYTES), room.take(0)), (Ok(()), Ok(())));
    let refused = room.take(1).map_err(|no| no.to_string());
    assert_eq!(refused, Err(format!("its pushes have more than {PLANNED_MAX_BYTES} bytes together")));
}

#[test]
fn pushes_are_compared_in_the_order_of_a_usual_plan_though_seeds_may_change_it() {
    let order = |plan: &Plan| plan.keyed().into_iter().map(|(key, _)| key).zip(0..).collect();
    let usual = order(&plan(""));
    let numbers = |plan: &Plan| -> Vec<u32> {
        plan.sample(&usual, None).messages.into_iter().map(|message| message.number).collect()
    };
    let mut other = plan("");
    assert_eq!(numbers(&other)[..2], [1, 2]);
    (other.deliveries[0].number, other.deliveries[1].number) = (2, 1);
    assert_eq!(numbers(&other)[..2], [2, 1]);
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
fn a_push_leaves_as_late_as_its_vendor_says() {
    let seconds = |more: &str| {
        let plan = Plan::build(&scenario(more), vendors::find("7moor").expect("a vendor"), &circumstances(&[HERE]));
        plan.expect("a plan").deliveries.last().expect("a push").offset.as_secs()
    };
    assert_eq!(seconds("options: { 7moor: { cdr_delay: 0s } }\n"), 12);
    assert_eq!(seconds("options: { 7moor: { cdr_delay: 5s } }\n"), 17);
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
    assert_eq!(plan.each(print::http, 0), format!("# {all} more are not printed\n"));
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
    let headers = |push: &Push| {
        plan.headers(
            first,
            push,
            Sent { url: &HERE.parse().expect("an address"), body: b"", at: plan.start, meant: None },
        )
    };
    let expected = [
        ("X-Own-Thing", "udesk:agent_answer"),
        ("Content-Type", "text/x"),
        ("X-More", "z"),
        ("User-Agent", USER_AGENT),
    ];
    assert_eq!(headers(&first.request), expected.map(|(name, value)| (name.to_owned(), value.to_owned())));
    let mut own = first.request.clone();
    for (name, value) in [("user-agent", "curl"), ("CONNECTION", "close"), ("Keep-Alive", "5"), ("content-length", "5")]
    {
        own.headers.push(name, value);
    }
    let headers = headers(&own);
    assert_eq!(headers.len(), 4, "{headers:?}");
    assert_eq!(
        headers.iter().filter(|(name, _)| name == "User-Agent").map(|(_, value)| value.as_str()).collect::<Vec<_>>(),
        ["curl"]
    );
}

#[test]
fn secrets_are_veiled_by_the_name_under_which_they_stand() {
    let mut plan = plan("");
    plan.options.insert("app_secret", vendors::OptionValue::Text("top-secret-1".into()));
    plan.options.insert("line", vendors::OptionValue::Text("plain-text-2".into()));
    let nested = json!({"token": ["top-secret-3"], "name": "plain-text-4", "to": "http://me:top-secret-5@127.0.0.1/"});
    plan.options.insert("actions", vendors::OptionValue::Any(nested));
    plan.deliveries[0].request.headers.push("Authorization", "Bearer top-secret-6");
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
