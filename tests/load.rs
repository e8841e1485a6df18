//! `ringback load` as a user types it: what it sends, how it is judged, what it writes, and how it ends on bad days.

use crate::support::raw;

use crate::support::command::{Done, Running, file, receiver, ringback, run};
use raw::{Does, OK, Receiver};
use ringback::schema;
use serde_json::Value;
use std::net::TcpListener;
use std::path::Path;
use std::time::{Duration, Instant};

const ERROR: &str = "HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n";

/// A short load of one story against this receiver; Ringback's own lag does not matter, because tests share the machine.
fn arguments<'a>(target: &'a str, more: &[&'a str]) -> Vec<&'a str> {
    let given =
        ["load", "outbound-answered", "--vendor", "udesk", "--target", target, "--seed", "7", "--retry", "none"];
    let mut arguments = given.to_vec();
    let mut default = |flag: &'static str, value: &'static str| {
        if !more.contains(&flag) {
            arguments.extend([flag, value]);
        }
    };
    if !more.contains(&"--stage") {
        default("--for", "1s");
        if !more.contains(&"--closed") {
            default("--rate", "40/s");
        }
    }
    default("--pace", "400x");
    default("--lag-limit", "1h");
    arguments.extend(more);
    arguments
}

fn load(target: &str, more: &[&str]) -> Done {
    run(&arguments(target, more))
}

fn address(receiver: &Receiver) -> String {
    format!("http://{}/hook", receiver.at)
}

fn ok() -> Receiver {
    Receiver::new(|_| Does::Answer(OK))
}

fn json(path: &Path) -> Value {
    serde_json::from_str(&std::fs::read_to_string(path).expect("a report")).expect("whole JSON")
}

fn ends_with(done: &Done, code: i32) {
    assert_eq!(done.code, code, "{}\n{}", done.out, done.err);
}

#[test]
fn a_load_is_played_and_told_in_every_format() {
    let receiver = ok();
    let folder = tempfile::tempdir().expect("a folder");
    let path = |name: &str| folder.path().join(name);
    let to = |format: &str, name: &str| format!("{format}={}", path(name).display());
    let reports = [to("json", "l.json"), to("ndjson", "l.ndjson"), to("junit", "l.xml"), to("github", "l.md")];
    let mut more = vec!["--report", "term", "--threshold", "udesk:end service p99<30s", "--journal-sample", "all"];
    reports.iter().for_each(|report| more.extend(["--report", report.as_str()]));
    let done = load(&address(&receiver), &more);
    ends_with(&done, 0);
    // The call that is tried first, and those of the load.
    assert_eq!(receiver.count(), 4 + 160);
    for told in [
        "40/s for 1s",
        "160 planned = 160 sent + 0 held + 0 lost;",
        "response (from when it was due)",
        "where response is longer, pushes had to wait",
        "held   udesk:end service p99<30s",
        "held   lost==0",
        "--seed 7 --at ",
        "PASSED (exit 0)",
    ] {
        assert!(done.out.contains(told), "{told}\n{}", done.out);
    }
    assert!(!done.out.contains('\u{1b}'), "{}", done.out);

    let summary = json(&path("l.json"));
    let valid = jsonschema::draft202012::new(&schema::load()).expect("a schema");
    assert!(valid.is_valid(&summary), "{:?}", valid.iter_errors(&summary).map(|e| e.to_string()).collect::<Vec<_>>());
    assert_eq!((&summary["verdict"], &summary["exit"]), (&"passed".into(), &0.into()));
    assert_eq!((&summary["total"]["planned"], &summary["total"]["sent"]), (&160.into(), &160.into()));
    assert_eq!(summary["figures"]["kinds"]["udesk:end"]["sent"], 40);
    assert_eq!(summary["asked"]["stages"][0]["from"], 40.0);

    let lines = std::fs::read_to_string(path("l.ndjson")).expect("lines");
    let lines: Vec<Value> = lines.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    let ours = jsonschema::draft202012::new(&schema::load_events()).expect("a schema");
    let runs = jsonschema::draft202012::new(&schema::events()).expect("a schema");
    assert!(lines.iter().all(|line| ours.is_valid(line) || runs.is_valid(line)));
    let count = |kind: &str| lines.iter().filter(|line| line["event"] == kind).count();
    assert_eq!((count("attempted"), count("replied"), count("load_finished")), (160, 160, 1));
    assert!(count("load_tick") >= 1);

    let junit = std::fs::read_to_string(path("l.xml")).expect("XML");
    assert!(junit.contains(r#"<testcase name="udesk:end service p99&lt;30s""#), "{junit}");
    assert!(junit.contains(r#"failures="0""#));
    let markdown = std::fs::read_to_string(path("l.md")).expect("Markdown");
    assert!(markdown.contains("## Ringback load: PASSED (exit 0)"), "{markdown}");
}

#[test]
fn a_missed_threshold_is_exit_4_and_says_which() {
    let receiver = ok();
    let folder = tempfile::tempdir().expect("a folder");
    let scenario = include_str!("../scenarios/outbound-answered.yaml").to_owned() + "thresholds: [\"p50<1us\"]\n";
    let path = file(folder.path(), "slow.yaml", &scenario);
    let line = scenario.lines().count();
    let report = format!("junit={}", folder.path().join("l.xml").display());
    let arguments: Vec<&str> = arguments(
        "http://127.0.0.1:9/",
        &["--threshold", "udesk:* rate>=100000/s", "--threshold", "p99<1h", "--report", "github", "--report", &report],
    );
    let target = address(&receiver);
    let arguments: Vec<&str> = arguments
        .into_iter()
        .map(|word| match word {
            "outbound-answered" => path.as_str(),
            "http://127.0.0.1:9/" => target.as_str(),
            other => other,
        })
        .collect();
    let done = run(&arguments);
    ends_with(&done, 4);
    let place = format!("slow.yaml,line={line},title=load%3A missed p50<1us");
    assert!(done.out.contains(&place), "{place}\n{}", done.out);
    assert!(done.err.contains("Missed udesk:* rate>=100000/s (--threshold)"), "{}", done.err);
    let junit = std::fs::read_to_string(folder.path().join("l.xml")).expect("XML");
    assert!(junit.contains(r#"failures="2""#), "{junit}");
}

#[test]
fn a_load_whose_pushes_are_lost_is_red_without_any_threshold() {
    // The call that is tried first is taken; then nothing is.
    let receiver = Receiver::new(|n| if n < 4 { Does::Answer(OK) } else { Does::Answer(ERROR) });
    let done = load(&address(&receiver), &[]);
    ends_with(&done, 4);
    assert!(done.out.contains("160 planned = 0 sent + 0 held + 160 lost"), "{}", done.out);
    assert!(done.out.contains("160 x status 500"), "{}", done.out);
    assert!(done.out.contains("missed lost==0"), "{}", done.out);
    // Who says how many may fail has said so.
    let receiver = Receiver::new(|n| if n < 4 { Does::Answer(OK) } else { Does::Answer(ERROR) });
    ends_with(&load(&address(&receiver), &["--threshold", "errors<=100%"]), 0);
}

#[test]
fn pushes_that_never_left_are_red_too() {
    let receiver = Receiver::new(|n| if n < 4 { Does::Answer(OK) } else { Does::Nothing });
    let done = load(
        &address(&receiver),
        &["--max-in-flight", "2", "--timeout", "500ms", "--threshold", "lost<=100%", "--rate", "200/s"],
    );
    ends_with(&done, 4);
    assert!(done.out.contains("missed held==0"), "{}", done.out);
}

#[test]
fn a_lag_is_a_warning_unless_a_threshold_depends_on_it() {
    const BEHIND: &str = "The load generator fell behind its own schedule: its lag has a p99 of ";
    let receiver = ok();
    let folder = tempfile::tempdir().expect("a folder");
    let path = |name: &str| folder.path().join(name);
    let to = |format: &str, name: &str| format!("{format}={}", path(name).display());
    let files =
        [("json", "l.json"), ("ndjson", "l.ndjson"), ("junit", "l.xml"), ("github", "l.md"), ("html", "l.html")];
    let reports = files.map(|(format, name)| to(format, name));
    let mut more = vec!["--lag-limit", "1us", "--threshold", "p99<1h", "--report", "term"];
    reports.iter().for_each(|report| more.extend(["--report", report.as_str()]));
    let done = load(&address(&receiver), &more);
    ends_with(&done, 0);
    assert!(done.out.contains(BEHIND) && done.out.contains("PASSED (exit 0)"), "{}", done.out);
    // Its figures stand in one place.
    assert!(!done.out.contains("own lag"), "{}", done.out);
    assert_eq!(done.out.matches("fell behind").count(), 1, "{}", done.out);
    for (_, file) in files {
        let text = std::fs::read_to_string(path(file)).expect("a report");
        // Markdown and HTML write some characters in their own way.
        let said = text.contains("load generator fell behind its own schedule");
        assert!(said, "{file}: {text}");
    }
    // A longest time that is missed by a microsecond, which any lag can have made.
    let longest = json(&path("l.json"))["total"]["response"]["max_us"].as_u64().expect("a time");
    let (threshold, out) = (format!("max<{longest}us"), path("l.json").display().to_string());
    let done = run(&["load", "merge", &out, "--lag-limit", "1us", "--threshold", &threshold]);
    ends_with(&done, 5);
    assert!(
        done.out.contains(BEHIND) && done.out.contains(&format!("It makes a difference to {threshold}")),
        "{}",
        done.out
    );
    assert!(done.out.contains("Lower --rate") && done.out.contains("INVALID (exit 5)"), "{}", done.out);
    assert!(done.out.contains(&format!("unsure {threshold}")), "{}", done.out);
}

#[test]
fn the_call_that_is_tried_first_stops_the_load() {
    let receiver = Receiver::new(|_| Does::Answer(ERROR));
    let done = load(&address(&receiver), &[]);
    ends_with(&done, 1);
    assert!(done.out.contains("tried once before the load") && done.out.contains("500"), "{}", done.out);
    assert!(receiver.count() <= 4);
    let nobody = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).expect("a free port");
    let done = load(&format!("http://{nobody}/"), &["--report", "json"]);
    ends_with(&done, 3);
    assert!(done.err.contains("cannot be reached"), "{}", done.err);
    let summary: Value = serde_json::from_str(&done.out).expect("JSON, all the same");
    assert_eq!(summary["verdict"], "cannot_go_on");
}

#[test]
fn what_cannot_be_is_refused_before_anything_is_sent() {
    let receiver = ok();
    let target = address(&receiver);
    let cases: &[(&[&str], &str)] = &[
        (&["--rate", "0/s"], "no call would start"),
        (&["--rate", "200"], "write `200/s`"),
        (&["--rate", "-5/s"], "unexpected"),
        (&["--rate", "1e300/s"], "more than a thousand million"),
        (&["--rate", "2000000/s"], "1000000/s"),
        (&["--rate", "20000/s"], "`--rate-cap 20000/s` allows it"),
        (&["--for", "0s"], "longer than nothing"),
        (&["--for", "2h"], "`--for-cap 2h` allows it"),
        (&["--for", "30h", "--for-cap", "30h"], "24h"),
        (&["--stage", "10s:0..0/s"], "no call would start"),
        (&["--stage", "10s"], "a stage is written"),
        (&["--stage", "10s:5/s", "--rate", "5/s"], "cannot be used with"),
        (&["--closed", "0"], "between 1 and 1000000"),
        (&["--pace", "fast"], "no clock by which calls could start"),
        (&["--pace", "0x"], "a pace lies between"),
        (&["--max-calls", "0"], "between 1 and"),
        (&["--max-in-flight", "0"], "between 1 and 1000000"),
        (&["--connections", "1000000"], "between 1 and 20000"),
        (&["--workers", "65"], "between 1 and 64"),
        (&["--threshold", "p99<200"], "has no unit"),
        (&["--threshold", "weather<1%"], "nothing that is measured is called"),
        (&["--threshold", "udesk:ned p99<1s"], "did you mean `udesk:end`?"),
        (&["--threshold", "7moor:* p99<1s"], "no push of this load is called `7moor:*`"),
        (&["--lag-limit", "0s"], "longer than nothing"),
        (&["--shard", "4/3"], "there is no shard 4 of 3"),
        (&["--shard", "1/3", "--out", "x"], "need the same start"),
        (&["--shard", "1/3", "--at", "2026-01-05 09:00:00"], "kept nowhere"),
        (&["--shards", "3"], "JOB_COMPLETION_INDEX"),
        (&["--start-at", "2020-01-01T00:00:00Z"], "ago"),
        (&["--start-at", "2100-01-01T00:00:00Z"], "ahead"),
        (&["--start-at", "noon"], "a time is written"),
        (&["--journal-sample", "half"], "no share"),
        (&["--report", "yaml"], "no report is called"),
        (&["transfer=0"], "no weight"),
        (&["transfer=many"], "no weight"),
        (&["transfre"], "did you mean"),
    ];
    for (more, told) in cases {
        let done = load(&target, more);
        ends_with(&done, 2);
        // Long messages are wrapped.
        let err = done.err.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(err.contains(told), "{more:?}: {}", done.err);
    }
    let missing: &[(&[&str], &str)] = &[
        (&["load", "transfer", "--rate", "5/s", "--for", "1s"], "--target"),
        (&["load", "transfer", "--target", &target, "--for", "1s"], "--rate is missing"),
        (&["load", "transfer", "--target", &target, "--rate", "5/s"], "--for is missing"),
    ];
    for (arguments, told) in missing {
        let done = run(arguments);
        ends_with(&done, 2);
        assert!(done.err.contains(told), "{arguments:?}: {}", done.err);
    }
    assert_eq!(receiver.count(), 0);
}

#[test]
fn a_load_stays_on_this_machine_unless_the_host_is_allowed() {
    let done = load("http://receiver.invalid/hook", &[]);
    ends_with(&done, 2);
    assert!(done.err.contains("pushes of a load go to loopback only"), "{}", done.err);
    assert!(done.err.contains("--allow-host receiver.invalid"), "{}", done.err);
}

#[test]
fn a_load_names_the_faults_that_struck_nothing_and_fails_by_them_if_strict() {
    let receiver = ok();
    let folder = tempfile::tempdir().expect("a folder");
    let report = folder.path().join("l.json");
    let to = format!("json={}", report.display());
    let faults = file(
        folder.path(),
        "f.yaml",
        "faults:\n  - { fault: drop, push: \"*:hangup\" }\n  - { fault: duplicate, call: 5000 }\n  - { fault: delay, call: 5000, may_idle: true }\n",
    );
    let target = address(&receiver);
    let more = ["--faults", &faults, "--rate", "5/s", "--report", "term", "--report", &to];
    let done = load(&target, &more);
    ends_with(&done, 0);
    assert!(
        done.out.contains("The fault `duplicate`") && done.out.contains("f.yaml:3) struck nothing"),
        "{}",
        done.out
    );
    assert!(done.out.contains("idle faults: delay ("), "{}", done.out);
    let summary = json(&report);
    assert!(summary["warnings"].to_string().contains("f.yaml:3"), "{}", summary["warnings"]);
    let strikes: Vec<u64> =
        summary["figures"]["strikes"].as_object().expect("strikes").values().flat_map(Value::as_u64).collect();
    assert_eq!(strikes, [5], "each call lost one push by the drop");
    let strict = load(&target, &[&more[..], &["--strict"]].concat());
    ends_with(&strict, 1);
    assert!(strict.out.contains("struck nothing"), "{}", strict.out);
    // With a limit on calls it is known that the last two can strike nothing.
    let refused = load(&target, &[&more[..], &["--max-calls", "100"]].concat());
    ends_with(&refused, 2);
    assert!(refused.err.contains("RB-116") && refused.err.contains("f.yaml:3:5"), "{}", refused.err);
}

#[test]
fn weights_share_the_calls() {
    let receiver = ok();
    let folder = tempfile::tempdir().expect("a folder");
    let report = format!("json={}", folder.path().join("l.json").display());
    let target = address(&receiver);
    let done = run(&[
        "load",
        "outbound-answered=3",
        "inbound-queue-abandon=1",
        "--vendor",
        "udesk,7moor",
        "--target",
        &target,
        "--seed",
        "7",
        "--rate",
        "200/s",
        "--for",
        "1s",
        "--pace",
        "1000x",
        "--lag-limit",
        "1h",
        "--report",
        &report,
        "--threshold",
        "errors<=100%",
    ]);
    ends_with(&done, 0);
    let summary = json(&folder.path().join("l.json"));
    let weights: Vec<_> =
        summary["asked"]["stories"].as_array().expect("stories").iter().map(|one| &one["weight"]).collect();
    assert_eq!(weights, [3, 3, 1, 1]);
}

fn file_named(folder: &Path, name: &str, summary: &Value) -> String {
    file(folder, name, &summary.to_string())
}

const EXPECTING: &str = "title: test
call: { kind: outbound }
vendors: [udesk]
deliver: { retry: none }
script: [{ ring: agent }, { answer: agent }, { ring: customer }, { answer: customer }, { hangup: agent }]
expect:
  - { push: \"udesk:end\", status: 2xx }
  - { push: \"*\", text: ok }
probe:
  get: http://127.0.0.1:9/calls/{call.id}
  json: { $.state: ended }
";

#[test]
fn a_load_names_what_it_does_not_judge_and_a_strict_one_fails_by_it() {
    let receiver = ok();
    let (target, folder) = (address(&receiver), tempfile::tempdir().expect("a folder"));
    let scenario = file(folder.path(), "expecting.yaml", EXPECTING);
    let path = |name: &str| folder.path().join(name);
    let to = |format: &str, name: &str| format!("{format}={}", path(name).display());
    let reports = [
        to("json", "l.json"),
        to("ndjson", "l.ndjson"),
        to("junit", "l.xml"),
        to("github", "l.md"),
        to("html", "l.html"),
    ];
    let play = |more: &[&str]| {
        let fixed = [
            "load",
            &scenario,
            "--target",
            &target,
            "--rate",
            "20/s",
            "--for",
            "300ms",
            "--pace",
            "1000x",
            "--lag-limit",
            "1h",
        ];
        run(&[&fixed[..], more].concat())
    };
    let mut more = vec!["--report", "term"];
    reports.iter().for_each(|report| more.extend(["--report", report.as_str()]));
    let done = play(&more);
    ends_with(&done, 0);
    let (first, rest) = done.out.split_once("\n\n").expect("the first lines, and the rest");
    for told in [first, rest] {
        let counted = "1 probe is not judged under load";
        assert!(told.contains(counted) && told.contains("warning"), "{told}");
        assert!(told.contains("expecting.yaml:10 (probe GET "), "{told}");
    }
    for file in ["l.json", "l.ndjson", "l.xml", "l.md", "l.html"] {
        let text = std::fs::read_to_string(path(file)).expect("a report");
        assert!(text.contains("1 probe is not judged under load"), "{file}: {text}");
    }
    let summary = json(&path("l.json"));
    let valid = jsonschema::draft202012::new(&schema::load()).expect("a schema");
    assert!(valid.is_valid(&summary), "{:?}", valid.iter_errors(&summary).map(|e| e.to_string()).collect::<Vec<_>>());
    assert_eq!(summary["asked"]["not_judged"].as_array().map(Vec::len), Some(1));

    let strict = play(&["--strict", "--report", "github", "--report", &reports[2]]);
    ends_with(&strict, 1);
    assert!(strict.out.contains("::error title=load%3A FAILED::1 probe"), "{}", strict.out);
    assert!(strict.err.contains("With --strict that is a failure."), "{}", strict.err);
    // Where nobody reads the report while it is written, people are told at once.
    assert!(strict.err.starts_with("warning: 1 probe"), "{}", strict.err);
    let junit = std::fs::read_to_string(path("l.xml")).expect("XML");
    assert!(junit.contains("all that is planned is exercised") && junit.contains(r#"failures="1""#), "{junit}");
    // A load of a scenario that expects nothing has nothing to be strict about.
    ends_with(&load(&target, &["--strict"]), 0);
}

/// Every `udesk:end` is reset, and nothing else is harmed.
const RESET_END: &str = "faults: [{ fault: reset, push: \"udesk:end\" }]\n";

#[test]
fn pushes_that_their_own_faults_have_lost_are_excused_and_no_others() {
    let folder = tempfile::tempdir().expect("a folder");
    let faults = file(folder.path(), "faults.yaml", RESET_END);
    let receiver = ok();
    let done = load(&address(&receiver), &["--faults", &faults]);
    ends_with(&done, 0);
    let counted = "160 planned = 120 sent + 0 held + 0 lost + 40 excused";
    assert!(done.out.contains(counted) && done.out.contains("held   lost==0"), "{}", done.out);
    // The trial stops at the first answer; from then on nothing is taken, as by one that breaks down or by one that refuses.
    for refusal in [ERROR, "HTTP/1.1 400 No\r\nContent-Length: 0\r\n\r\n"] {
        let receiver = Receiver::new(move |n| if n < 1 { Does::Answer(OK) } else { Does::Answer(refusal) });
        let done = load(&address(&receiver), &["--faults", &faults]);
        ends_with(&done, 4);
        assert!(done.out.contains("120 lost + 40 excused") && done.out.contains("missed lost==0"), "{}", done.out);
    }
    // Where all are lost to faults, nobody knows anything of the receiver.
    let all = file(folder.path(), "all.yaml", "faults: [{ fault: reset }]\n");
    let receiver = ok();
    let done = load(&address(&receiver), &["--faults", &all]);
    ends_with(&done, 5);
    let said = "There is nothing to judge: 160 pushes planned, and 160 lost to their own faults.";
    assert!(done.out.contains(said), "{}", done.out);
    // What waits for another attempt when the load is over was lost to its fault, too.
    let first = "faults: [{ fault: reset, push: \"udesk:end\", when: { attempts: 1 } }]\n";
    let first = file(folder.path(), "first.yaml", first);
    let receiver = ok();
    let more = ["--faults", &first, "--retry", "10h", "--pace", "1000x", "--max-calls", "2", "--linger", "200ms"];
    let done = run(&[
        &[
            "load",
            "outbound-answered",
            "--vendor",
            "udesk",
            "--rate",
            "10/s",
            "--for",
            "1s",
            "--target",
            &address(&receiver),
            "--lag-limit",
            "1h",
        ][..],
        &more,
    ]
    .concat());
    ends_with(&done, 0);
    assert!(done.out.contains("8 planned = 6 sent + 0 held + 0 lost + 2 excused"), "{}", done.out);
}

#[test]
fn a_load_that_sends_nothing_has_nothing_to_judge_in_every_report() {
    let receiver = ok();
    let target = address(&receiver);
    let folder = tempfile::tempdir().expect("a folder");
    let path = |name: &str| folder.path().join(name);
    let formats = ["json=l.json", "ndjson=l.ndjson", "junit=l.xml", "html=l.html", "github=l.md"];
    let reports = formats.map(|report| report.replace("l.", &format!("{}/l.", folder.path().display())));
    // The first push of a call is due long after the load is over.
    let given =
        ["load", "outbound-answered", "--vendor", "udesk", "--rate", "10/s", "--for", "200ms", "--linger", "1ms"];
    let mut words = [&given[..], &["--max-calls", "2", "--lag-limit", "1h", "--target", &target]].concat();
    for report in &reports {
        words.extend(["--report", report]);
    }
    for more in [&[][..], &["--threshold", "held<=100%", "--threshold", "lost<=100%"]] {
        let done = run(&[&words[..], more, &["--report", "term"]].concat());
        ends_with(&done, 5);
        assert!(done.out.contains("INVALID (exit 5)") && done.out.contains("not judged"), "{}", done.out);
        let said = "There is nothing to judge: 8 pushes planned, and 8 held back (8 by the end of the run).";
        let files = ["l.json", "l.ndjson", "l.xml", "l.html", "l.md"]
            .map(|name| std::fs::read_to_string(path(name)).expect(name));
        for text in files.iter().chain([&done.out]) {
            assert!(text.replace('\\', "").contains(said), "{text}");
        }
    }
    let valid = jsonschema::draft202012::new(&schema::load()).expect("a schema");
    assert!(valid.is_valid(&json(&path("l.json"))));
}

/// What does not depend on time, of one run or of its merge.
fn counts(summary: &Value) -> Vec<(String, Value)> {
    let kinds = summary["figures"]["kinds"].as_object().expect("kinds");
    let counted = ["planned", "sent", "held", "lost", "attempts", "statuses"];
    let of = |(name, kind): (&String, &Value)| counted.map(|key| (format!("{name} {key}"), kind[key].clone()));
    kinds.iter().flat_map(of).chain([("calls".to_owned(), summary["figures"]["calls"]["started"].clone())]).collect()
}

#[test]
fn three_shards_merge_to_the_run_that_one_machine_plays() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = |name: &str| folder.path().join(name).display().to_string();
    let at =
        ["--at", "2026-01-05T09:00:00+08:00", "--rate", "90/s", "--threshold", "p99<1h", "--threshold", "rate>=1/s"];
    let receiver = ok();
    let target = address(&receiver);
    let whole = path("whole.json");
    ends_with(&load(&target, &[&at[..], &["--out", &whole]].concat()), 0);
    let sorted = |receiver: &Receiver| {
        let mut bodies = receiver.bodies.lock().expect("bodies").split_off(4);
        bodies.sort();
        bodies
    };
    let sent_by_one = sorted(&receiver);

    let divided: Vec<(String, Receiver)> = (1..=3).map(|shard| (path(&format!("shard-{shard}.json")), ok())).collect();
    std::thread::scope(|scope| {
        for (number, (out, receiver)) in divided.iter().enumerate() {
            let (at, shard) = (&at, format!("{}/3", number + 1));
            scope.spawn(move || {
                let done = load(&address(receiver), &[&at[..], &["--shard", &shard, "--out", out]].concat());
                ends_with(&done, 0);
                // Judged on the merge alone.
                assert!(!done.out.contains("\nthreshold "), "{}", done.out);
            });
        }
    });
    let mut sent_by_all: Vec<String> = divided.iter().flat_map(|(_, receiver)| sorted(receiver)).collect();
    sent_by_all.sort();
    assert_eq!(sent_by_all, sent_by_one);

    let [one, two, three] = [0, 1, 2].map(|index| divided[index].0.clone());
    // Each had a receiver of its own, which is no part of the same run.
    let foreign = run(&["load", "merge", &one, &two]);
    ends_with(&foreign, 2);
    assert!(foreign.err.contains("are not shards of one run: one was asked for"), "{}", foreign.err);
    for file in [&one, &two, &three] {
        let mut summary = json(Path::new(file));
        summary["figures"]["asked"] = "the same".into();
        std::fs::write(file, summary.to_string()).expect("a file");
    }
    let merged = path("merged.json");
    let done = run(&["load", "merge", &two, &one, &three, "--out", &merged, "--lag-limit", "1h"]);
    ends_with(&done, 0);
    assert!(done.out.contains("shards     1, 2, 3 of 3") && done.out.contains("held   p99<1h"), "{}", done.out);
    let (merged, whole_summary) = (json(Path::new(&merged)), json(Path::new(&whole)));
    assert_eq!(counts(&merged), counts(&whole_summary));
    assert_eq!(merged["total"]["response"]["count"], whole_summary["total"]["response"]["count"]);

    let late = run(&["load", "merge", &one, &two, &three, "--lag-limit", "1us"]);
    ends_with(&late, 0);
    let said = "The load generator fell behind its own schedule in shards 1, 2, 3: its lag has a p99 of ";
    assert_eq!(late.out.matches(said).count(), 1, "{}", late.out);
    assert!(!late.out.contains("own lag"), "{}", late.out);
    // Files of format 1 know nothing of what is excused, not judged and warned of.
    let old = |file: &str| {
        let mut summary = json(Path::new(file));
        let kinds = summary["figures"]["kinds"].as_object_mut().expect("kinds").values_mut().collect::<Vec<_>>();
        for kind in kinds {
            kind.as_object_mut().expect("a kind").remove("excused");
        }
        for point in summary["figures"]["points"].as_array_mut().expect("points") {
            point.as_object_mut().expect("a point").remove("excused");
        }
        let mut pushes = summary["pushes"].as_array().expect("pushes").clone();
        pushes.iter_mut().for_each(|push| drop(push.as_object_mut().expect("a push").remove("excused")));
        summary["pushes"] = pushes.into();
        summary["total"].as_object_mut().expect("a total").remove("excused");
        summary.as_object_mut().expect("a summary").remove("warnings");
        for key in ["timeout_us", "not_judged", "strict"] {
            summary["asked"].as_object_mut().expect("what was asked").remove(key);
        }
        summary["format"] = 1.into();
        summary["figures"]["format"] = 1.into();
        file_named(folder.path(), "old.json", &summary)
    };
    ends_with(&run(&["load", "merge", &old(&one), &two, &three, "--lag-limit", "1h"]), 0);
    let missed = run(&["load", "merge", &one, &two, &three, "--threshold", "p50<1us"]);
    ends_with(&missed, 4);
    let missing = run(&["load", "merge", &one, &three]);
    ends_with(&missing, 3);
    assert!(missing.out.contains("Shard 2 of 3 is missing."), "{}", missing.out);
    let doubled = run(&["load", "merge", &one, &two, &one]);
    ends_with(&doubled, 2);
    assert!(doubled.err.contains(&format!("shard 1 is both in `{one}` and in `{one}`")), "{}", doubled.err);

    let spoilt = |change: &dyn Fn(&mut Value)| {
        let mut summary = json(Path::new(&one));
        change(&mut summary);
        let spoilt = file(folder.path(), "spoilt.json", &summary.to_string());
        let done = run(&["load", "merge", &spoilt, &two, &three]);
        ends_with(&done, 2);
        assert!(done.err.contains("spoilt.json"), "{}", done.err);
        done.err
    };
    assert!(spoilt(&|summary| summary["format"] = 99.into()).contains("written by a newer Ringback"));
    assert!(spoilt(&|summary| summary["figures"]["format"] = 99.into()).contains("written by a newer Ringback"));
    assert!(spoilt(&|summary| summary["figures"]["lag"] = "HISTFAAA".into()).contains("is damaged"));
    assert!(spoilt(&|summary| summary["figures"]["seed"] = 8.into()).contains("seed"));
    assert!(spoilt(&|summary| summary["figures"]["kinds"] = Value::Null).contains("is damaged"));
    assert!(spoilt(&|summary| *summary = serde_json::json!({})).contains("no report of a load"));
    let half = &std::fs::read_to_string(&one).expect("a file")[..500];
    let half = file(folder.path(), "half.json", half);
    assert!(run(&["load", "merge", &half]).err.contains("is damaged"));
    assert!(run(&["load", "merge", "/nowhere.json"]).err.contains("cannot be read"));
}

#[test]
fn an_interrupted_load_writes_its_reports_and_is_130() {
    let receiver = ok();
    let folder = tempfile::tempdir().expect("a folder");
    let report = format!("json={}", folder.path().join("l.json").display());
    let target = address(&receiver);
    let running =
        Running::start(ringback(&arguments(&target, &["--for", "60s", "--report", "term", "--report", &report])));
    while !running.line().contains("calls 40/s asked") {}
    running.interrupt();
    let done = running.end();
    ends_with(&done, 130);
    assert!(done.out.contains("INTERRUPTED (exit 130)"), "{}", done.out);
    let total = &json(&folder.path().join("l.json"))["total"];
    let count = |key: &str| total[key].as_u64().expect("a number");
    assert_eq!(count("planned"), count("sent") + count("held") + count("lost"));
}

#[test]
#[cfg(target_os = "linux")]
fn a_full_disk_harms_no_other_report_and_all_tell_the_same_verdict() {
    let receiver = ok();
    let folder = tempfile::tempdir().expect("a folder");
    let whole = format!("json={}", folder.path().join("l.json").display());
    let done = load(
        &address(&receiver),
        &[
            "--report=term",
            "--report=ndjson=/dev/full",
            "--report=junit=/dev/full",
            "--out=/dev/full",
            "--report",
            &whole,
        ],
    );
    ends_with(&done, 3);
    for name in ["ndjson=/dev/full", "junit=/dev/full", "--out /dev/full"] {
        assert!(done.err.contains(&format!("the report {name} could not be written")), "{name}\n{}", done.err);
    }
    let whole = json(&folder.path().join("l.json"));
    assert_eq!((&whole["verdict"], &whole["exit"]), (&"cannot_go_on".into(), &3.into()));
    assert_eq!(whole["reasons"].as_array().map(Vec::len), Some(3), "{whole:#}");
    assert!(done.out.contains("(exit 3)") && !done.out.contains("(exit 0)"), "{}", done.out);
}

#[test]
fn it_begins_when_it_is_told_to() {
    let receiver = ok();
    let begin = jiff::Timestamp::now() + Duration::from_millis(2500);
    let began = Instant::now();
    let done = load(&address(&receiver), &["--start-at", &begin.to_string(), "--for", "200ms"]);
    ends_with(&done, 0);
    assert!(began.elapsed() > Duration::from_millis(2400), "{:?}", began.elapsed());
}

#[test]
fn stages_and_a_closed_load_are_told_as_such() {
    let receiver = ok();
    let done = load(&address(&receiver), &["--stage", "500ms:0..80/s", "--stage", "500ms:80/s"]);
    ends_with(&done, 0);
    assert!(done.out.contains("0/s..80/s in 500ms, then 80/s for 500ms"), "{}", done.out);
    assert!(done.out.contains("60 started of 60 planned"), "{}", done.out);
    let done = load(&address(&receiver), &["--closed", "3", "--max-calls", "10"]);
    ends_with(&done, 0);
    assert!(done.out.contains("3 calls at a time for 1.00s"), "{}", done.out);
    assert!(done.out.contains("10 started of 10 planned"), "{}", done.out);
}

#[test]
fn the_built_in_receiver_takes_a_load_of_another_vendor() {
    let (_receiver, target) = receiver("ok");
    let done = run(&[
        "load",
        "inbound-queue-abandon",
        "--vendor",
        "7moor",
        "--target",
        &target,
        "--rate",
        "30/s",
        "--for",
        "1s",
        "--pace",
        "1000x",
        "--seed",
        "7",
        "--lag-limit",
        "1h",
    ]);
    ends_with(&done, 0);
    assert!(done.out.contains("7moor:"), "{}", done.out);
}

#[test]
fn shards_of_0_1_0_are_merged() {
    let file = |name: &str| format!("{}/tests/fixtures/0.1.0/{name}", env!("CARGO_MANIFEST_DIR"));
    let done = run(&["load", "merge", &file("shard-1.json"), &file("shard-2.json"), "--lag-limit", "1m"]);
    ends_with(&done, 0);
    assert!(done.out.contains("20 started of 20 planned, 9.86/s settled"), "{}", done.out);
    assert!(done.out.contains("60 attempts"), "{}", done.out);
}
