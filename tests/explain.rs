//! What the catalogue tells at a terminal: pushes and vendors explained, fields listed, lists as JSON, names of numbers.

use crate::support::command::{done, file, ringback, run};
use serde_json::Value;
use std::collections::BTreeSet;

const AT: [&str; 4] = ["--seed", "42", "--at", "2026-03-02T09:30:00+08:00"];

fn json(arguments: &[&str]) -> Value {
    let done = run(arguments);
    assert_eq!(done.code, 0, "{arguments:?}\n{}", done.err);
    serde_json::from_str(&done.out).expect("JSON")
}

fn entries(list: &str, more: &[&str]) -> Vec<Value> {
    let Value::Array(entries) = json(&[&["list", list, "--format", "json"], more].concat()) else { panic!("an array") };
    entries
}

#[test]
fn every_push_is_explained_with_an_example_and_every_field() {
    let mut without = Vec::new();
    for push in entries("pushes", &[]) {
        let name = push["name"].as_str().expect("a name");
        let explained = run(&["explain", name]);
        assert_eq!(explained.code, 0, "{name}: {}", explained.err);
        let text = explained.out;
        for told in ["title", "when"] {
            assert!(text.contains(push[told].as_str().expect(told)), "{name}: {told}");
        }
        if !text.contains("\nAn example, of ") {
            without.push(name.to_owned());
        }
        for field in entries("fields", &["--push", name]) {
            let (field_name, chinese) =
                (field["name"].as_str().expect("a name"), field["chinese"].as_str().expect("text"));
            let line = text.lines().find(|line| {
                line.starts_with("  ") && line.split_whitespace().next() == Some(field_name) && line.ends_with(chinese)
            });
            let line = line.unwrap_or_else(|| panic!("{name}: {field_name} is not explained"));
            assert!(line.contains(field["meaning"].as_str().expect("text")), "{line}");
            assert_eq!(line.contains(" or null "), field["nullable"] == true, "{line}");
        }
    }
    assert!(without.is_empty(), "no built-in scenario sends {without:?}");
}

#[test]
fn the_example_is_what_the_plan_sends_first() {
    for (push, scenario, vendor) in
        [("udesk:end", "outbound-answered", "udesk"), ("tinet:agent-state", "outbound-answered", "tinet")]
    {
        let planned = json(&[&["plan", scenario, "--vendor", vendor, "--format", "json"], &AT[..]].concat());
        let name = if vendor == "tinet" { "tinet:9" } else { push };
        let deliveries = planned["deliveries"].as_array().expect("deliveries");
        let body = deliveries.iter().find(|one| one["push"] == name).expect(name)["body"].as_str().expect("a body");
        let explained = run(&["explain", push]).out;
        let lines: Vec<String> = match serde_json::from_str::<Value>(body) {
            Ok(body) => serde_json::to_string_pretty(&body).expect("JSON").lines().map(str::to_owned).collect(),
            Err(_) => {
                form_urlencoded::parse(body.as_bytes()).map(|(name, value)| format!("{name} = {value}")).collect()
            }
        };
        assert!(lines.len() > 10, "{body}");
        for line in lines {
            assert!(explained.contains(&format!("\n  {}", line.trim_end())), "{push}: {line}\n{explained}");
        }
    }
}

#[test]
fn a_vendor_is_explained_with_what_it_does() {
    for (vendor, told) in [
        (
            "udesk",
            ["24 of the 24 pushes", "status 2xx", "it waits 5s", "does not try again (options: retry, retry_count"],
        ),
        ("7moor", ["7moor:cdr", "status 2xx", "it waits 5s", "7moor.account"]),
        ("tinet", ["tinet:9 agent-state", "status 200, whatever", "it waits 3s", "after 5s, 10s, 15s"]),
        ("huawei-cec", ["huawei-cec:CHAT", r#"{"resultCode":"0""#, "it waits 5s", "14 of 29 defaults"]),
        ("tpns", ["tpns:pushRecordData", "0 of 1 records", "tpns.access_id", "inferred"]),
    ] {
        let explained = run(&["explain", vendor]);
        assert_eq!(explained.code, 0, "{}", explained.err);
        for part in told {
            assert!(explained.out.contains(part), "{vendor}: {part}\n{}", explained.out);
        }
        for list in ["pushes", "options"] {
            for entry in entries(list, &["--vendor", vendor]) {
                let name = entry["name"].as_str().expect("a name");
                assert!(explained.out.contains(&format!("\n  {name} ")), "{vendor}: {name}");
            }
        }
    }
}

#[test]
fn an_unknown_word_gets_the_nearest() {
    for (word, near) in [
        ("udesk:ennd", "`udesk:end`"),
        ("agent-state", "`tinet:agent-state`"),
        ("tinet:agent-stat", "`tinet:agent-state`"),
        ("udsk", "`udesk`"),
        ("RB-1O6", "`RB-106`"),
        ("duplicat", "`duplicate`"),
        ("zzzz", "`pushes`"),
    ] {
        let explained = run(&["explain", word]);
        assert_eq!(explained.code, 2);
        assert!(explained.err.contains(near), "{word}: {}", explained.err);
    }
    for word in ["RB-106", "duplicate", "within", "matches"] {
        assert_eq!(run(&["explain", word]).code, 0, "{word}");
    }
}

#[test]
fn every_list_is_an_array_of_objects_with_the_same_keys_which_the_guide_tells() {
    let guide = include_str!("../src/guide/reports.md");
    for list in
        ["vendors", "pushes", "fields", "options", "scenarios", "faults", "profiles", "checks", "reports", "codes"]
    {
        let entries = entries(list, &[]);
        let keys = |entry: &Value| entry.as_object().expect("an object").keys().cloned().collect::<Vec<_>>();
        let first = keys(entries.first().expect("an entry"));
        assert!(entries.iter().all(|entry| keys(entry) == first), "{list}");
        for key in &first {
            assert!(key.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_'), "{list}: {key}");
        }
        let told: Vec<String> = first.iter().map(|key| format!("`{key}`")).collect();
        let row = format!("| `{list}` | {} |", told.join(", "));
        assert!(guide.contains(&row), "the guide lacks: {row}");
        let names: BTreeSet<_> = entries
            .iter()
            .map(|one| (one.get("push").cloned().map(|v| v.to_string()), one["name"].to_string()))
            .collect();
        assert_eq!(names.len(), entries.len(), "{list}: names are unique");
        let lines = run(&["list", list]).out.lines().filter(|line| !line.starts_with(' ')).count();
        assert_eq!(lines, entries.len(), "{list}: a line for each");
    }
}

#[test]
fn fields_are_listed_of_the_pushes_that_are_asked_for() {
    let of = |push: &str| -> BTreeSet<String> {
        entries("fields", &["--push", push])
            .iter()
            .map(|field| field["push"].as_str().expect("a push").to_owned())
            .collect()
    };
    assert_eq!(of("udesk:end"), BTreeSet::from(["udesk:end".to_owned()]));
    assert_eq!(of("udesk:*").len(), 24);
    assert_eq!(of("tinet:agent-state"), BTreeSet::from(["tinet:9".to_owned()]));
    assert_eq!(of("tinet:inbound-*"), ["tinet:2", "tinet:5", "tinet:7"].map(str::to_owned).into());
    assert_eq!(of("udesk:begin,tpns:*").len(), 2);
    let table = run(&["list", "fields", "--push", "tinet:agent-state"]).out;
    let line = table.lines().find(|line| line.contains("bindType")).expect("a line");
    for part in ["tinet:9 agent-state  bindType", "word", "agent.device", "seed", "绑定类型", "one of 1, 2, 3"] {
        assert!(line.contains(part), "{line}");
    }
    let unknown = run(&["list", "fields", "--push", "tinet:agent-stat"]);
    assert!(unknown.code == 2 && unknown.err.contains("`tinet:agent-state`"), "{}", unknown.err);
    assert_eq!(run(&["list", "codes", "--push", "udesk:end"]).code, 2);
}

#[test]
fn a_pretty_plan_is_decoded_line_by_line() {
    let plan = |more: &[&str]| {
        let done = run(&[&["plan", "outbound-answered", "--format", "pretty"], &AT[..], more].concat());
        assert_eq!(done.code, 0, "{}", done.err);
        done.out
    };
    let json = plan(&["--vendor", "udesk"]);
    assert!(json.contains("POST / HTTP/1.1\nHost: 127.0.0.1:7071\nContent-Type: application/json\n"), "{json}");
    assert!(json.contains("\n\n{\n  \"call_id\": \"") && json.contains("\n  \"relevant_agent\": [\n    \""), "{json}");
    let form = plan(&["--vendor", "tinet"]);
    assert!(
        form.contains("# tinet:9 agent-state at ") && form.contains("\n\nstateAction = calling\ncno = 2001\n"),
        "{form}"
    );
    assert!(form.contains("\nstate = 呼叫中\n") && !form.contains('%'), "{form}");
    let query = plan(&["--vendor", "tinet", "--option", "tinet.method=GET"]);
    assert!(query.contains("GET / HTTP/1.1\n") && query.contains("\nstate = 呼叫中\n"), "{query}");
    assert!(!query.contains('?') && !query.contains("GET / HTTP/1.1\r"), "{query}");
}

const BY_NUMBER: [&str; 4] = ["tinet:9", "tinet:7", "tinet:2|tinet:5|tinet:7", "tinet:5"];
const BY_NAME: [&str; 4] = ["tinet:agent-state", "tinet:inbound-hangup", "tinet:inbound-*", "tinet:inbound-bridge"];

fn scenario([state, hangup, inbound, bridge]: [&str; 4]) -> String {
    format!(
        r#"title: A call
call: {{ kind: inbound, agents: {{ ann: }}, queues: {{ sales: }} }}
script: [enqueue: sales, wait: 5s, ring: ann, answer: ann, wait: 20s, hangup: customer]
set: [{{ push: "{state}", field: cno, value: "7" }}]
faults:
  - {{ fault: duplicate, push: "{hangup}" }}
  - {{ fault: drop, push: "{inbound}", when: {{ nth: 1 }} }}
  - {{ fault: reorder, push: "{state}", before: "{bridge}", when: {{ nth: 2 }}, may_idle: true }}
expect: [{{ push: "{state}", status: 2xx }}]
probe: {{ get: "http://127.0.0.1:9/", each: true, push: "{hangup}" }}
thresholds: ["{state} p99<1s"]
"#
    )
}

#[test]
fn a_second_name_means_the_same_wherever_a_push_is_named() {
    let folder = tempfile::tempdir().expect("a folder");
    let plan = |names: [&str; 4], set: &str| {
        let path = file(folder.path(), "call.yaml", &scenario(names));
        let done = run(&[&["plan", &path, "--vendor", "tinet", "--format", "json", "--set", set], &AT[..]].concat());
        assert_eq!(done.code, 0, "{}", done.err);
        done.out
    };
    let by_number = plan(BY_NUMBER, "tinet:7.cdr_queue=1");
    let by_name = plan(BY_NAME, "tinet:inbound-hangup.cdr_queue=1");
    assert_eq!(by_name, by_number);
    for told in ["\"fault\":\"duplicate\"", "cno=7", "cdr_queue=1"] {
        assert!(by_name.contains(told), "{told}\n{by_name}");
    }
    assert!(!by_name.contains("tinet:inbound-ring") && !by_name.contains("\"tinet:2\""), "dropped\n{by_name}");
}

#[test]
fn people_read_names_and_programs_numbers() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = |name: &str| folder.path().join(name).display().to_string();
    let (ndjson, junit) = (path("run.ndjson"), path("run.xml"));
    let reports = [format!("ndjson={ndjson}"), format!("junit={junit}")];
    let mut arguments = vec!["run", "webcall-transfer", "--vendor", "tinet", "--built-in", "--report", "term"];
    reports.iter().for_each(|report| arguments.extend(["--report", report]));
    let mut command = ringback(&[&arguments, &AT[..]].concat());
    command.env("CI", "true");
    let ended = done(command);
    assert_eq!(ended.code, 0, "{}", ended.err);
    // Every name stands in a column of one width.
    let out: Vec<&str> = ended.out.lines().filter(|line| line.contains(" --> tinet:")).collect();
    assert!(out.iter().any(|line| line.contains(" --> tinet:9 agent-state  ")), "{}", ended.out);
    assert_eq!(out.iter().map(|line| line.find(" try ")).collect::<BTreeSet<_>>().len(), 1, "{}", ended.out);
    let read = |path: &str| std::fs::read_to_string(path).expect(path);
    assert!(read(&ndjson).contains("\"tinet:9\"") && !read(&ndjson).contains("agent-state"));
    assert!(!read(&junit).contains("name=\"tinet:9 agent-state"));
    let table = run(&["plan", "webcall-transfer", "--vendor", "tinet"]).out;
    assert!(table.contains("  tinet:23 webcall-customer-answer  "), "{table}");
    assert!(run(&["list", "pushes"]).out.contains("tinet:9 agent-state "));
}

#[test]
fn the_option_of_another_vendor_is_told_to_be_its() {
    for (option, told) in [
        ("udesk.enterprise=5", "it is an option of `tinet`, not of `udesk`"),
        ("udesk.enterprize=5", "did you mean `enterprise`, which is an option of `tinet`?"),
        ("udesk.retrys=5", "did you mean `retry`?"),
        ("udesk.zzzz=5", "`ringback list options --vendor udesk`"),
    ] {
        let done = run(&["plan", "outbound-answered", "--vendor", "udesk", "--option", option]);
        assert!(done.code == 2 && done.err.contains(told), "{option}: {}", done.err);
    }
}
