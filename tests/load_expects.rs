//! What scenarios expect is judged under load as `run` judges it.

use crate::support::command::{file, run};
use jiff::Timestamp;
use ringback::load::Calls;
use ringback::load::template::{Room, Story};
use ringback::plan::{Circumstances, Targets};
use serde_json::Value;
use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::sync::{Arc, Condvar, Mutex};
use std::time::Duration;

/// Every check that there is, as far as it does not depend on what happens first.
const EXPECT: &str = r#"
deliver: { order: free }
expect:
  - { status: 2xx }
  - { json: { code: 1000, echo: { type: integer } } }
  - { headers: { Content-Type: { contains: json } } }
  - { status: [200, 201], answer: last }
  - { push: "*:*e*", json: { message: { one_of: [ok, fine] } }, answer: last }
  - { within: 10m }
  - { story: [answered, no_5xx, no_error_after_end] }
  - { story: { attempts: 1 } }
"#;

const GOOD: &str = r#"{"code":1000,"ret":0,"resultCode":"0","result":"success","message":"ok","echo":7}"#;

fn json_answer(status: &str, body: &str) -> String {
    format!("HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}", body.len())
}

/// What a receiver answers to a request with this hash that comes for the time `times`, from 0; none where it hangs up.
type Answers = fn(hash: u64, times: usize) -> Option<String>;

/// Receivers whose answers depend on nothing but what they are sent, and how often.
const RECEIVERS: [Answers; 7] = [
    |_, _| Some(json_answer("200 OK", GOOD)),
    |hash, _| Some(json_answer(if hash % 3 == 0 { "500 No" } else { "200 OK" }, GOOD)),
    |_, times| Some(json_answer(if times == 0 { "503 Later" } else { "200 OK" }, GOOD)),
    |hash, _| (hash % 4 != 0).then(|| json_answer("200 OK", GOOD)),
    |hash, _| Some(json_answer("201 Created", if hash % 2 == 0 { r#"{"code":7,"message":"fine"}"# } else { GOOD })),
    |hash, _| Some(json_answer(if hash % 2 == 0 { "404 Gone" } else { "200 OK" }, r#"{"code":1000,"echo":"x"}"#)),
    |_, _| Some("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 3\r\n\r\n<p>".to_owned()),
];

/// A receiver that gives these answers. Of a request it looks at the first line and the body.
fn receiver(answers: Answers) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let at = listener.local_addr().expect("an address");
    let seen: Arc<Mutex<BTreeMap<u64, usize>>> = Arc::default();
    std::thread::spawn(move || {
        while let Ok((stream, _)) = listener.accept() {
            let seen = seen.clone();
            std::thread::spawn(move || serve(stream, answers, &seen));
        }
    });
    at
}

fn serve(mut stream: TcpStream, answers: Answers, seen: &Mutex<BTreeMap<u64, usize>>) {
    let (mut have, mut buffer) = (Vec::new(), [0; 4096]);
    loop {
        while let Some(said) = request(&mut have) {
            let mut hasher = DefaultHasher::new();
            said.hash(&mut hasher);
            let hash = hasher.finish();
            let times = {
                let mut seen = seen.lock().expect("the count");
                let count = seen.entry(hash).or_default();
                *count += 1;
                *count - 1
            };
            let Some(answer) = answers(hash, times) else { return };
            if stream.write_all(answer.as_bytes()).is_err() {
                return;
            }
        }
        match stream.read(&mut buffer) {
            Ok(0) | Err(_) => return,
            Ok(count) => have.extend_from_slice(&buffer[..count]),
        }
    }
}

/// Takes one request: its first line and its body.
fn request(have: &mut Vec<u8>) -> Option<String> {
    let text = String::from_utf8_lossy(have).into_owned();
    let (head, _) = text.split_once("\r\n\r\n")?;
    let length =
        head.to_ascii_lowercase().split("content-length: ").nth(1).and_then(|rest| rest.lines().next()?.parse().ok());
    let end = head.len() + 4 + length.unwrap_or(0);
    let body = String::from_utf8_lossy(have.get(head.len() + 4..end)?).into_owned();
    have.drain(..end);
    Some(format!("{}\n{body}", head.lines().next().unwrap_or_default()))
}

/// By text and line of an expectation: how often it was judged, how often it failed, and what was found, by code and push.
type Judged = BTreeMap<(String, String), (u64, u64, BTreeMap<(String, String), u64>)>;

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

/// What a run has judged; without the vendor's own rule, which a load counts as lost pushes. Whether that was broken is told.
fn of_run(lines: &str) -> (Judged, bool) {
    let (mut judged, mut is_lost) = (Judged::new(), false);
    for event in lines.lines().map(|line| serde_json::from_str::<Value>(line).expect("an event")) {
        let place = |of: &Value| (text(&of["expectation"]["text"]), text(&of["expectation"]["place"]));
        let is_own = |of: &Value| of["expectation"]["quote"].as_str().is_some_and(|quote| !quote.is_empty());
        match event["event"].as_str() {
            Some("checked") if is_own(&event) => {
                let one = judged.entry(place(&event)).or_default();
                one.0 += event["judged"].as_u64().unwrap_or_default();
                one.1 += event["failed"].as_u64().unwrap_or_default();
            }
            Some("found") if is_own(&event) => {
                let found = (text(&event["code"]), text(&event["delivery"]["push"]));
                *judged.entry(place(&event)).or_default().2.entry(found).or_default() += 1;
            }
            Some("found") => is_lost |= event["code"] == "RB-201",
            _ => {}
        }
    }
    (judged, is_lost)
}

fn of_load(summary: &Value) -> Judged {
    let mut judged = Judged::new();
    for one in summary["figures"]["expectations"].as_array().into_iter().flatten() {
        let findings = one["findings"].as_array().cloned().unwrap_or_default();
        let count = |found: &Value| {
            let examples = found["examples"].as_array().map_or(0, Vec::len) as u64;
            let count = found["count"].as_u64().unwrap_or_default();
            assert_eq!(examples, count.min(3), "{found}");
            ((text(&found["code"]), text(&found["push"])), count)
        };
        let figures = (one["judged"].as_u64().unwrap(), one["failed"].as_u64().unwrap());
        let findings = findings.iter().map(count).collect();
        judged.insert((text(&one["text"]), text(&one["place"])), (figures.0, figures.1, findings));
    }
    judged
}

/// The same with values of the call.
const VALUES: &str = r#"
  - { push: "udesk:*", json: { message: "{story.vendor}" } }
  - { push: "tinet:*", text: { contains: "{call.id}" } }
  - { text: { not: { contains: "{customer.phone}" } }, answer: last }
"#;

/// What is added to the scenarios in each round: once answers are known by heart, once each is looked at.
const ROUNDS: [&str; 3] = [
    "",
    VALUES,
    "faults: [{ fault: type-flip, when: { rate: 40% }, may_idle: true }, { fault: reset, when: { rate: 20% }, may_idle: true }]\n",
];

/// The shipped scenarios, with what is expected of a receiver.
fn scenarios(folder: &Path, more: &str) -> Vec<(String, String)> {
    let mut all: Vec<_> =
        std::fs::read_dir("scenarios").expect("the scenarios").map(|one| one.expect("an entry").path()).collect();
    all.sort();
    let files = all.into_iter().filter(|path| path.extension().is_some_and(|is| is == "yaml"));
    let expecting = files.map(|path| {
        let name = path.file_name().expect("a name").to_string_lossy().into_owned();
        let text = std::fs::read_to_string(&path).expect("a scenario");
        (name.clone(), file(folder, &name, &(text + EXPECT + more)))
    });
    expecting.collect()
}

const VENDORS: [&str; 6] = ["udesk", "tinet", "7moor", "huawei-cec", "tpns", "twilio"];

/// Plays a scenario by `run` and, as one call, by `load`; what both have judged is compared. None where the vendor has no push.
fn compare(folder: &Path, nth: usize, (name, path): &(String, String)) -> Option<(u64, u64)> {
    let (vendor, answers) = (VENDORS[nth % VENDORS.len()], RECEIVERS[nth % RECEIVERS.len()]);
    let common = |at: SocketAddr| {
        let at = format!("http://{at}/hook");
        let words = [path, "--vendor", vendor, "--target", &at, "--seed", "7", "--at", "2026-03-02T09:30:00+08:00"];
        words.iter().map(|word| (*word).to_owned()).chain(["--retry".to_owned(), "1h".to_owned()]).collect::<Vec<_>>()
    };
    let play = |command: &str, report: &str, more: &[&str]| {
        let words = common(receiver(answers));
        let mut words: Vec<&str> = words.iter().map(String::as_str).collect();
        words.insert(0, command);
        words.extend(["--report", report]);
        run(&[&words[..], more].concat())
    };
    let to = |command: &str| folder.join(format!("{nth}.{command}"));
    let lines = to("run");
    let ran = play("run", &format!("ndjson={}", lines.display()), &["--pace", "fast"]);
    if ran.code == 2 || ran.out.contains("skipped") {
        return None;
    }
    let (by_run, is_lost) = of_run(&std::fs::read_to_string(&lines).expect("events"));
    // One connection, so that answers come in the order of the pushes.
    let one_call = ["--rate", "1000/s", "--for", "1s", "--max-calls", "1", "--pace", "20000x", "--connections", "1"];
    let summary = to("load");
    let loaded =
        play("load", &format!("json={}", summary.display()), &[&one_call[..], &["--lag-limit", "1h"]].concat());
    let summary: Value = serde_json::from_str(&std::fs::read_to_string(&summary).expect("a summary")).expect("JSON");
    if summary["verdict"] == "receiver_failed" {
        // The call that is tried first was hung up on.
        assert_eq!((ran.code, loaded.code), (1, 1), "{name} by {vendor}");
        return Some((0, 0));
    }
    let by_load = of_load(&summary);
    let case = format!("{name} by {vendor}, receiver {}\n{}\n{}", nth % RECEIVERS.len(), ran.out, loaded.out);
    let differs = |(key, run): (&_, &_)| by_load.get(key) != Some(run);
    let other: Vec<_> =
        by_run.iter().filter(|each| differs(*each)).map(|(key, run)| (key, run, by_load.get(key))).collect();
    assert!(other.is_empty() && by_load.len() == by_run.len(), "{other:#?}\n{case}");
    let failed: u64 = by_run.values().map(|(_, failed, _)| failed).sum();
    let expected = match (ran.code, failed, is_lost) {
        (1, 1.., _) => 1,
        // Nothing but its own faults had a part in it.
        (0, 0, false) if summary["verdict"] == "invalid" && summary["total"]["sent"] == 0 => 5,
        // A push that is lost is a finding of `run`, and a threshold of `load`.
        (1, 0, true) => 4,
        (code, ..) => code,
    };
    assert_eq!(loaded.code, expected, "{case}");
    Some((by_run.values().map(|(judged, ..)| judged).sum(), failed))
}

#[test]
fn a_load_of_one_call_judges_as_a_run_does() {
    let folders = ROUNDS.map(|_| tempfile::tempdir().expect("a folder"));
    let rounds = folders.iter().zip(ROUNDS).map(|(folder, more)| (folder.path(), scenarios(folder.path(), more)));
    let rounds: Vec<_> = rounds.collect();
    let each = |from: usize| {
        let mut compared = Vec::new();
        for (round, (folder, scenarios)) in rounds.iter().enumerate() {
            // All in the first round, and each in one of the others.
            let is_in = |nth: usize| round == 0 || nth / 4 % 2 == round - 1;
            let mine = scenarios.iter().enumerate().filter(|(nth, _)| nth % 4 == from && is_in(*nth));
            compared.extend(mine.filter_map(|(nth, one)| compare(folder, nth + 3 * round, one)));
        }
        compared
    };
    let each = &each;
    let all: Vec<(u64, u64)> = std::thread::scope(|scope| {
        let parts: Vec<_> = (0..4).map(|from| scope.spawn(move || each(from))).collect();
        parts.into_iter().flat_map(|part| part.join().expect("a comparison")).collect()
    });
    let (judged, failed) = all.iter().fold((0, 0), |(judged, failed), (more, bad)| (judged + more, failed + bad));
    assert!(
        all.len() >= 35 && judged >= 2_000 && failed >= 400,
        "{} compared: {judged} judged, {failed} failed",
        all.len()
    );
}

/// A call of pushes that are due at the same moment, two more later, and how they wait for each other.
fn hurried(folder: &Path, order: &str) -> String {
    let text = format!(
        "title: Two at once\ncall: {{ kind: outbound }}\n\
         script: [ring: agent, answer: agent, ring: customer, answer: customer, wait: 10s, hangup: agent]\nvendors: [udesk]\n\
         deliver: {{ order: {order} }}\nexpect: [{{ story: in_order }}]\n"
    );
    file(folder, &format!("{order}.yaml"), &text)
}

/// A receiver that answers the first push of a call once its last one has come; where that does not come, after a while.
fn late() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let at = listener.local_addr().expect("an address");
    let come: Arc<(Mutex<usize>, Condvar)> = Arc::default();
    std::thread::spawn(move || {
        while let Ok((mut stream, _)) = listener.accept() {
            let come = come.clone();
            std::thread::spawn(move || {
                let (mut have, mut buffer) = (Vec::new(), [0; 4096]);
                while let Ok(read @ 1..) = stream.read(&mut buffer) {
                    have.extend_from_slice(&buffer[..read]);
                    let Some(said) = request(&mut have) else { continue };
                    let (count, told) = &*come;
                    let mut count = count.lock().expect("the count");
                    *count += usize::from(said.contains(r#""occasion":"end""#));
                    told.notify_all();
                    if said.contains(r#""occasion":"agent_answer""#) {
                        let (before, limit) = (*count, Duration::from_millis(400));
                        drop(told.wait_timeout_while(count, limit, |count| *count == before).expect("the count"));
                    }
                    let _ = stream.write_all(json_answer("200 OK", GOOD).as_bytes());
                }
            });
        }
    });
    at
}

#[test]
fn pushes_of_a_call_wait_for_each_other_under_load_as_in_a_run() {
    let folder = tempfile::tempdir().expect("a folder");
    for (order, code) in [("call", 0), ("total", 0), ("free", 1)] {
        let scenario = hurried(folder.path(), order);
        let target = format!("http://{}/hook", late());
        let words = [&scenario, "--vendor", "udesk", "--target", &target, "--seed", "7", "--pace", "60x"];
        let ran = run(&[&["run"], &words[..]].concat());
        let rate = ["--rate", "2/s", "--for", "1s", "--max-calls", "2", "--lag-limit", "1h"];
        let loaded = run(&[&["load"], &words[..], &rate].concat());
        assert_eq!((ran.code, loaded.code), (code, code), "{order}\n{}\n{}", ran.out, loaded.out);
        assert!(loaded.out.contains("answered in order"), "{}", loaded.out);
        let told = "answered before udesk:agent_answer, which left earlier";
        assert_eq!([&ran.out, &loaded.out].map(|out| out.contains(told)), [code == 1; 2], "{order}\n{}", loaded.out);
    }
}

#[test]
fn what_does_not_hold_is_told_in_every_report_and_merges_over_shards() {
    let folder = tempfile::tempdir().expect("a folder");
    let text = include_str!("../scenarios/outbound-answered.yaml");
    let checks = "expect:\n  - { push: \"udesk:end\", json: { code: 1000 } }\n  - { push: \"7moor:*\", status: 200 }\n";
    let lines = text.lines().count();
    let scenario = file(folder.path(), "broken.yaml", &(text.to_owned() + checks));
    let target = format!("http://{}/hook", receiver(|_, _| Some(json_answer("200 OK", r#"{"code":7,"ret":0}"#))));
    let path = |name: &str| folder.path().join(name).display().to_string();
    let play = |more: &[&str]| {
        let words = ["load", &scenario, "--vendor", "udesk", "--target", &target, "--seed", "7", "--pace", "1000x"];
        let fixed = ["--at", "2026-03-02T09:30:00+08:00", "--rate", "40/s", "--for", "1s", "--lag-limit", "1h"];
        run(&[&words[..], &fixed, more].concat())
    };
    let read = |name: &str| -> Value {
        serde_json::from_str(&std::fs::read_to_string(path(name)).expect("a report")).expect("JSON")
    };
    let of_end = |summary: &Value| {
        let judged = of_load(summary);
        assert_eq!(judged.values().map(|(judged, ..)| *judged == 0).collect::<Vec<_>>(), [true, false]);
        judged.into_values().nth(1).expect("the check on udesk:end")
    };
    let (json, junit, github) = (path("one.json"), path("one.xml"), path("one.md"));
    let reports = [format!("json={json}"), format!("junit={junit}"), format!("github={github}")];
    let done = play(&["--report", "term", "--report", &reports[0], "--report", &reports[1], "--report", &reports[2]]);
    assert_eq!(done.code, 1, "{}", done.out);
    let place = format!("broken.yaml:{}", lines + 2);
    for told in [
        format!("{place}): 40 of 40 did not hold"),
        "RB-205 40 times after udesk:end".to_owned(),
        "call 1: udesk:end: $.code is 7, expected 1000".to_owned(),
        r#"said: {"code":7,"ret":0}"#.to_owned(),
        "curl: curl --request POST".to_owned(),
        "never judged 7moor:*: status 200".to_owned(),
        "Broken `udesk:end: json {\"code\": 1000}`".to_owned(),
    ] {
        assert!(done.out.contains(&told), "{told}: {}", done.out);
    }
    let whole = read("one.json");
    let valid = jsonschema::draft202012::new(&ringback::schema::load()).expect("a schema");
    assert!(valid.is_valid(&whole), "{:?}", valid.iter_errors(&whole).map(|e| e.to_string()).collect::<Vec<_>>());
    assert_eq!((whole["verdict"].as_str(), whole["exit"].as_u64()), (Some("expectation_broken"), Some(1)));
    let found: BTreeMap<_, _> = [(("RB-205".to_owned(), "udesk:end".to_owned()), 40)].into();
    assert_eq!(of_end(&whole), (40, 40, found));
    let xml = std::fs::read_to_string(&junit).expect("XML");
    assert!(xml.contains(r#"failures="1""#) && xml.contains(r#"type="RB-205""#), "{xml}");
    let summary = std::fs::read_to_string(&github).expect("a job summary");
    assert!(summary.contains("| 40 | 40 | :x: broken |") && summary.contains("never judged |"), "{summary}");
    let commands = play(&["--report", "github"]);
    assert!(
        commands.out.contains("::error file=") && commands.out.contains(&format!("line={}", lines + 2)),
        "{}",
        commands.out
    );
    // What no shard can know of the others, the merge does.
    let shards = ["1/2", "2/2"].map(|shard| {
        let out = path(&format!("{}.json", &shard[..1]));
        assert_eq!(play(&["--shard", shard, "--out", &out, "--strict"]).code, 1, "{shard}");
        out
    });
    let merged = path("merged.json");
    let done = run(&["load", "merge", &shards[0], &shards[1], "--report", &format!("json={merged}")]);
    assert_eq!((done.code, of_end(&read("merged.json"))), (1, of_end(&whole)), "{}{}", done.out, done.err);
    // The same with a receiver that keeps to it: only a strict load minds what was never judged.
    let good = format!("http://{}/hook", receiver(|_, _| Some(json_answer("200 OK", GOOD))));
    let again = |more: &[&str]| {
        let words = ["load", &scenario, "--vendor", "udesk", "--target", &good, "--rate", "40/s", "--for", "1s"];
        run(&[&words[..], &["--pace", "1000x", "--lag-limit", "1h"], more].concat())
    };
    assert_eq!([again(&[]).code, again(&["--strict"]).code], [0, 1]);
}

#[test]
fn a_receiver_that_is_expected_to_refuse_may_do_so() {
    let folder = tempfile::tempdir().expect("a folder");
    let text = include_str!("../scenarios/outbound-answered.yaml").to_owned();
    let scenario =
        file(folder.path(), "refused.yaml", &(text + "expect: [{ status: 401 }, { story: { attempts: 2 } }]\n"));
    let refusals: [(Answers, i32); 2] =
        [(|_, _| Some(json_answer("401 Who", "{}")), 0), (|_, _| Some(json_answer("403 No", "{}")), 1)];
    for (answers, code) in refusals {
        let target = format!("http://{}/hook", receiver(answers));
        let words = [&scenario, "--vendor", "udesk", "--target", &target, "--retry", "1s"];
        let ran = run(&[&["run"], &words[..]].concat());
        let rate = ["--rate", "20/s", "--for", "1s", "--pace", "1000x", "--lag-limit", "1h"];
        let loaded = run(&[&["load"], &words[..], &rate].concat());
        assert_eq!((ran.code, loaded.code), (code, code), "{}\n{}", ran.out, loaded.out);
        let told = "80 planned = 0 sent + 0 held + 0 lost + 80 excused";
        assert!(loaded.out.contains(told) && loaded.out.contains("160 judged") == (code == 0), "{}", loaded.out);
    }
}

#[test]
fn values_of_a_call_are_those_of_its_plan() {
    let start: Timestamp = "2026-03-02T09:30:00+08:00".parse().expect("an instant");
    let (mut compared, mut planned) = (0, 0);
    for vendor in ringback::vendors::ALL {
        for name in ["outbound-answered", "transfer", "inbound-queue-abandon", "predictive-dial", "survey"] {
            let text = std::fs::read_to_string(format!("scenarios/{name}.yaml")).expect("a scenario");
            let text = text + "expect: [{ text: { not: \"{call.id}\" } }]\n";
            let scenario = ringback::scenario::parse(name, "a.yaml", &text, &|_| None).expect("a scenario");
            let circumstances = Circumstances {
                seed: 7,
                start,
                call_number: 1,
                targets: Targets::Given(vec!["http://127.0.0.1:9/".parse().expect("an address")]),
                overrides: Vec::new(),
                allowed_hosts: Vec::new(),
            };
            let Ok(story) = Story::new(&scenario, *vendor, &circumstances, Room::shared_by(1)) else { continue };
            for call in (1..=40).chain([70_001, 3_000_000]) {
                let start = start + jiff::SignedDuration::from_millis(call as i64 * 7_919);
                match story.known(call, start) {
                    Some(known) => {
                        let plan = story.plan(call, start).expect("a plan");
                        assert_eq!(known, plan.known_to_contract(), "{name} by {}, call {call}", vendor.id());
                        compared += 1;
                    }
                    None => planned += 1,
                }
            }
        }
    }
    assert!(compared > 2 * planned, "{compared} compared, {planned} planned");
}
