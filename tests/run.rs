//! `ringback run` as a user meets it: what it prints, what it writes, how it exits.

mod replay;
mod waiting;

use crate::support::command::{Running, done, file, receiver, ringback, run};
use serde_json::Value;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;
use std::time::Instant;

/// The events of an `ndjson` report.
fn events(text: &str) -> Vec<Value> {
    text.lines().map(|line| serde_json::from_str(line).expect("a line of JSON")).collect()
}

fn of_kind<'a>(events: &'a [Value], kind: &str) -> Vec<&'a Value> {
    events.iter().filter(|event| event["event"] == kind).collect()
}

/// An address at which nobody listens.
fn closed() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    format!("http://{}/hook", listener.local_addr().expect("an address"))
}

#[test]
fn without_arguments_the_headline_flows_are_played_for_every_vendor() {
    let done = run(&["run"]);
    assert_eq!(done.code, 0, "{}", done.err);
    for flow in ["outbound-answered", "inbound-queue-abandon", "transfer", "predictive-dial"] {
        for vendor in ["udesk", "7moor"] {
            assert!(done.out.contains(&format!("{flow} by {vendor}")), "{flow} by {vendor}\n{}", done.out);
        }
    }
    let sent = done.out.matches(" --> ").count();
    assert!(sent > 20 && sent == done.out.matches(" <-- ").count(), "a line out and a line back for every push");
    assert!(done.out.contains("PASS (exit 0)") && done.out.contains("given up") && done.out.contains("p99"));
    assert!(!done.out.contains('\u{1b}'), "a pipe gets no escapes");
}

#[test]
fn a_vendor_that_has_no_push_for_a_story_is_one_quiet_line() {
    let done = run(&["run", "inbound-queue-abandon"]);
    for vendor in ["huawei-cec", "tpns"] {
        let told: Vec<&str> = done.out.lines().filter(|line| line.contains(&format!("by {vendor}"))).collect();
        assert_eq!(told.len(), 1, "{}", done.out);
        assert!(told[0].contains("skipped: "), "{}", told[0]);
    }
    assert!(done.code == 0 && done.out.contains("skipped)"), "{}", done.out);
}

#[test]
fn a_vendor_that_a_scenario_leaves_out_is_told_only_where_it_was_asked_for() {
    let folder = tempfile::tempdir().expect("a folder");
    let text = "title: T\nvendors: [udesk]\ncall: { kind: outbound, agents: { ann: } }\nscript:\n  - ring: ann\n  \
                - wait: 5s\n  - decline: ann\n";
    let scenario = file(folder.path(), "one.yaml", text);
    let quiet = run(&["run", &scenario]);
    assert!(quiet.code == 0 && quiet.out.contains("one by udesk"), "{}{}", quiet.out, quiet.err);
    assert!(!quiet.out.contains("skipped") && !quiet.out.contains("7moor"), "{}", quiet.out);
    let asked = run(&["run", &scenario, "--vendor", "udesk,7moor"]);
    assert!(asked.out.contains("one by 7moor  skipped: the scenario is for other vendors"), "{}", asked.out);
    let alone = run(&["run", &scenario, "--vendor", "7moor"]);
    assert!(
        alone.code == 2 && alone.err.contains("nothing to play: the scenario is for other vendors"),
        "{}",
        alone.err
    );
}

#[test]
fn a_notification_pushes_nothing_and_keeps_records() {
    let folder = tempfile::tempdir().expect("a folder");
    let journal = folder.path().join("run.journal").to_str().expect("a path").to_owned();
    let done = run(&["run", "push-finished", "--vendor", "tpns", "--journal", &journal]);
    assert_eq!(done.code, 0, "{}{}", done.out, done.err);
    assert!(done.out.contains("nothing is pushed; 4 changes of the vendor's records"), "{}", done.out);
    assert!(done.out.contains(" === tpns record ") && done.out.contains("spring is finished"), "{}", done.out);
    assert!(!done.out.contains("skipped") && done.out.contains("PASS"), "{}", done.out);
    let events = events(&run(&["run", "push-finished", "--vendor", "tpns", "--report", "ndjson"]).out);
    let last = *of_kind(&events, "recorded").last().expect("a record");
    assert_eq!((&last["record"]["status"], &last["why"]), (&"PUSH_FINISHED".into(), &"spring is finished".into()));
    // Nothing is sent, so a receiver that is not there is no failure.
    assert_eq!(run(&["run", "push-month", "--vendor", "tpns", "--target", &closed()]).code, 0);
}

#[test]
fn a_receiver_has_to_answer_huawei_by_its_result_code() {
    let (_receiver, address) = receiver("ok");
    let good = run(&["run", "chat-answered", "outbound-answered", "--vendor", "huawei-cec", "--target", &address]);
    assert_eq!(good.code, 0, "{}", good.out);
    let (_receiver, address) = receiver("not-json");
    let bad = run(&["run", "chat-timeout", "--vendor", "huawei-cec", "--target", &address]);
    assert_eq!(bad.code, 1);
    assert!(bad.out.contains("the body is not JSON") && bad.out.contains("\"resultCode\":\"0\""), "{}", bad.out);
}

/// A receiver that gives this answer to everything, for as long as the test lasts.
fn always(answer: &'static str) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = format!("http://{}/", listener.local_addr().expect("an address"));
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = BufReader::new(stream?);
            let (mut line, mut length) = (String::new(), 0);
            while stream.read_line(&mut line)? > 2 {
                if let Some((name, value)) = line.split_once(": ")
                    && name.eq_ignore_ascii_case("content-length")
                {
                    length = value.trim().parse().unwrap_or(0);
                }
                line.clear();
            }
            stream.read_exact(&mut vec![0; length])?;
            let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\nConnection: close\r\n\r\n", answer.len());
            stream.get_mut().write_all((head + answer).as_bytes())?;
        }
        std::io::Result::Ok(())
    });
    address
}

#[test]
fn an_answer_that_is_taken_with_a_warning_is_shown_and_counted() {
    let address = always(r#"{"resultCode":0}"#);
    let done = run(&["run", "chat-queue-abandon", "--vendor", "huawei-cec", "--target", &address]);
    assert_eq!(done.code, 0, "{}", done.out);
    assert_eq!(done.out.matches("ack, with a warning").count(), 2, "{}", done.out);
    assert!(
        done.out.contains("`resultCode` is the number 0") && done.out.contains("2 answers were taken"),
        "{}",
        done.out
    );
    let events = events(
        &run(&["run", "chat-queue-abandon", "--vendor", "huawei-cec", "--target", &address, "--report", "ndjson"]).out,
    );
    let replied = of_kind(&events, "replied");
    assert!(replied.iter().all(|event| event["acknowledged"] == true && event["warning"].is_string()), "{replied:?}");

    let address = always("");
    let done = run(&["run", "chat-queue-abandon", "--vendor", "huawei-cec", "--target", &address]);
    assert!(done.code == 1 && done.out.contains("the body is empty"), "{}", done.out);
}

#[test]
fn colour_is_for_terminals_and_for_those_who_ask() {
    let coloured = run(&["--color", "always", "run", "outbound-answered", "--vendor", "udesk"]);
    assert!(coloured.out.contains('\u{1b}'));
    let mut command = ringback(&["run", "outbound-answered", "--vendor", "udesk"]);
    command.env("NO_COLOR", "1");
    assert!(!done(command).out.contains('\u{1b}'));
}

#[test]
fn a_plan_is_exactly_what_a_run_sends() {
    let target = [
        "--seed",
        "7",
        "--at",
        "2026-03-02T09:30:00+08:00",
        "--vendor",
        "7moor",
        "--set",
        "7moor:*.accountId=\"20000153\"",
    ];
    let (receiver, address) = receiver("ok");
    let mut arguments = vec!["plan", "transfer", "--format", "json", "--target", &address];
    arguments.extend(target);
    let plan: Value = serde_json::from_str(&run(&arguments).out).expect("a plan of JSON");

    let mut arguments = vec!["run", "transfer", "--report", "ndjson", "--target", &address];
    arguments.extend(target);
    let events = events(&run(&arguments).out);
    let sent = of_kind(&events, "attempted");
    let planned = plan["deliveries"].as_array().expect("deliveries");
    assert_eq!(planned.len(), sent.len());
    for (planned, sent) in planned.iter().zip(sent) {
        assert_eq!(planned["push"], sent["delivery"]["push"]);
        for same in ["method", "url", "headers", "body"] {
            assert_eq!(planned[same], sent[same], "{same}");
        }
        // The link alone carries the account inside another object.
        let is_set = sent["body"].as_str().expect("a body").contains(r#""accountId":"20000153""#);
        assert_eq!(is_set, sent["delivery"]["push"] != "7moor:link");
    }
    receiver.interrupt();
    let received = receiver.end();
    assert_eq!(received.code, 0);
    assert!(received.out.contains(&format!("received {} requests", planned.len())), "{}", received.out);
}

#[test]
fn a_receiver_that_refuses_fails_the_run_after_the_planned_retries() {
    let (_receiver, address) = receiver("refuse");
    let began = Instant::now();
    // The schedule of Standard Webhooks: 27 hours and a half.
    let done = run(&[
        "run",
        "outbound-answered",
        "--vendor",
        "udesk",
        "--target",
        &address,
        "--retry",
        "5s,5m,30m,2h,5h,10h,10h",
        "--report",
        "ndjson",
    ]);
    assert_eq!(done.code, 1, "{}", done.err);
    assert!(began.elapsed().as_secs() < 30, "hours of scenario time take seconds");
    let events = events(&done.out);
    let first: Vec<u64> = of_kind(&events, "attempted")
        .iter()
        .filter(|event| event["delivery"]["number"] == 1)
        .map(|event| event["offset_ms"].as_u64().expect("an offset"))
        .collect();
    let waits = [0, 5, 300, 1_800, 7_200, 18_000, 36_000, 36_000].map(|seconds| seconds * 1_000);
    let mut due = first[0];
    for (offset, wait) in first.iter().zip(waits) {
        due += wait;
        assert_eq!(*offset, due);
    }
    assert_eq!(first.len(), 8);
    assert_eq!(of_kind(&events, "given_up").len(), of_kind(&events, "planned").len());
    let finished = events.last().expect("a last event");
    assert_eq!((finished["event"].as_str(), finished["exit"].as_u64()), (Some("finished"), Some(1)));
}

#[test]
fn a_flaky_receiver_passes_with_retries() {
    let (_receiver, address) = receiver("flaky");
    let done = run(&["run", "transfer", "--vendor", "udesk", "--target", &address, "--retry", "1s,1s"]);
    assert_eq!(done.code, 0, "{}", done.out);
    assert!(done.out.contains("try 2/3") && done.out.contains("next try in 1s"), "{}", done.out);
    assert!(done.out.contains("x status 500"), "{}", done.out);
}

#[test]
fn answers_that_are_not_acknowledgements_are_told_with_their_reason() {
    let (_receiver, address) = receiver("hang-up");
    let done = run(&["run", "outbound-answered", "--vendor", "udesk", "--target", &address]);
    assert_eq!(done.code, 1);
    assert!(done.out.contains("connection closed"), "{}", done.out);
    let (_receiver, address) = receiver("not-json");
    let done = run(&["run", "outbound-answered", "--vendor", "udesk", "--target", &address]);
    assert_eq!(done.code, 0, "Udesk looks at the status alone\n{}", done.out);
}

#[test]
fn a_slow_receiver_runs_into_the_time_limit() {
    let (_receiver, address) = receiver("slow");
    let done = run(&["run", "inbound-queue-abandon", "--vendor", "7moor", "--target", &address, "--timeout", "200ms"]);
    assert_eq!(done.code, 1);
    assert!(done.out.contains("timed out") && done.out.contains("first byte"), "{}", done.out);
}

#[test]
fn a_target_that_cannot_be_reached_is_one_clear_message() {
    for (target, told) in [(closed(), "refused"), ("http://nobody.invalid/hook".to_owned(), "nobody.invalid")] {
        let done = run(&["run", "--target", &target]);
        assert_eq!(done.code, 3, "{}", done.out);
        assert!(done.out.contains("unreachable") && done.out.contains(told), "{}", done.out);
        assert!(done.out.contains("--wait-for"), "it says what to do\n{}", done.out);
        assert_eq!(done.out.matches(" --> ").count(), 1, "one attempt is enough\n{}", done.out);
    }
}

#[test]
fn waiting_for_a_receiver_has_a_limit() {
    let target = closed();
    let done = run(&["run", "--target", &target, "--wait-for", &target, "--wait-limit", "300ms"]);
    assert_eq!(done.code, 3);
    assert!(done.err.contains("was not ready within") && done.err.contains("--wait-limit"), "{}", done.err);
    let (_receiver, address) = receiver("ok");
    assert_eq!(run(&["run", "--target", &address, "--wait-for", &address]).code, 0);
}

#[test]
fn an_interrupted_run_still_writes_its_reports() {
    let folder = tempfile::tempdir().expect("a folder");
    let report = folder.path().join("run.ndjson");
    let report_argument = format!("ndjson={}", report.display());
    let running = Running::start(ringback(&[
        "run",
        "outbound-answered",
        "--vendor",
        "udesk",
        "--pace",
        "1x",
        "--report",
        "term",
        "--report",
        &report_argument,
    ]));
    // The first push is planned some seconds into the call; the story has begun by then.
    while !running.line().contains("outbound-answered by udesk") {}
    running.interrupt();
    let done = running.end();
    assert_eq!(done.code, 130);
    assert!(done.out.contains("INTERRUPTED (exit 130)") && done.out.contains("--seed"), "{}", done.out);
    let events = events(&std::fs::read_to_string(report).expect("a report"));
    assert_eq!(events.last().expect("a last event")["interrupted"], true);
}

#[test]
fn the_report_of_events_is_versioned_and_complete() {
    let events = events(&run(&["run", "--report", "ndjson"]).out);
    assert_eq!((events[0]["event"].as_str(), events[0]["format"].as_u64()), (Some("started"), Some(1)));
    let [planned, acknowledged, attempted, replied] =
        ["planned", "acknowledged", "attempted", "replied"].map(|kind| of_kind(&events, kind).len());
    assert!(planned > 0 && planned == acknowledged && planned == attempted && planned == replied);
}

#[test]
fn a_report_that_cannot_be_written_is_told_before_anything_is_sent() {
    let folder = tempfile::tempdir().expect("a folder");
    let no_folder = file(folder.path(), "taken", "a file");
    let report = format!("{no_folder}/run.ndjson");
    let done = run(&["run", "--report", &format!("ndjson={report}")]);
    assert_eq!(done.code, 3);
    assert!(done.err.contains(&report) && done.out.is_empty(), "{}", done.err);
    let done = run(&["run", "--report", "term", "--report", "ndjson"]);
    assert_eq!(done.code, 2);
    assert!(done.err.contains("two reports want standard output"), "{}", done.err);
}

#[test]
fn what_is_wrong_with_the_command_line_is_told_with_the_way_out() {
    let folder = tempfile::tempdir().expect("a folder");
    let empty = folder.path().to_str().expect("a path");
    let not_pem = file(folder.path(), "ca.pem", "hello");
    for (arguments, told) in [
        (vec!["run", "missing.yaml"], "missing.yaml"),
        (vec!["run", "tranfser"], "transfer"),
        (vec!["run", empty], "no scenario"),
        (vec!["run", "--vendor", "udesc"], "did you mean `udesk`"),
        (vec!["run", "--target", "localhost:8080"], "http://"),
        (vec!["run", "--target", "ftp://127.0.0.1/"], "http"),
        (vec!["run", "--pace", "quick"], "`fast`"),
        (vec!["run", "--at", "yesterday"], "2026-11-20"),
        (vec!["run", "--retry", "5,5"], "no unit"),
        (vec!["run", "--timeout", "0s"], "longer than nothing"),
        (vec!["run", "--report", "xml"], "term, json, ndjson, junit, github"),
        (vec!["run", "--set", "udesk:end"], "udesk:end.survey="),
        (vec!["run", "--set", "udesk:ending.survey=1"], "end"),
        (vec!["run", "--set", "udesk:end.surveys=1"], "survey"),
        (vec!["run", "--option", "udesk.retri=true"], "did you mean `retry`"),
        (vec!["run", "--option", "udesk.retry=maybe"], "true or false"),
        (vec!["run", "--option", "udesk"], "VENDOR.NAME=VALUE"),
        (vec!["run", "--cacert", "missing.pem"], "missing.pem"),
        (vec!["run", "--cacert", &not_pem], "BEGIN CERTIFICATE"),
        (vec!["run", "agents-day", "--vendor", "udesk"], "nothing to play"),
        (vec!["explain", "RB-999"], "ringback list codes"),
        (vec!["show", "tranfser"], "did you mean `transfer`"),
        (vec!["frobnicate"], "unrecognized subcommand"),
    ] {
        let done = run(&arguments);
        assert_eq!(done.code, 2, "{arguments:?}\n{}{}", done.out, done.err);
        assert!(done.err.contains(told), "{arguments:?} should tell `{told}`\n{}", done.err);
        assert!(!done.err.contains("panicked"), "{}", done.err);
    }
}

#[test]
fn flags_beat_the_environment_which_beats_the_file() {
    let (_receiver, address) = receiver("ok");
    let folder = tempfile::tempdir().expect("a folder");
    let scenario = file(
        folder.path(),
        "call.yaml",
        &format!(
            "title: A call\ncall: {{ kind: direct }}\ndeliver: {{ to: \"{}\" }}\nscript:\n  - ring: customer\n  - answer: customer\n  - hangup: agent\n",
            closed()
        ),
    );
    let mut command = ringback(&["run", &scenario, "--vendor", "udesk"]);
    command.env("RINGBACK_TARGET", &address);
    assert_eq!(done(command).code, 0, "the environment beats the file");
    let mut command = ringback(&["run", &scenario, "--vendor", "udesk", "--target", &address]);
    command.env("RINGBACK_TARGET", closed());
    assert_eq!(done(command).code, 0, "the flag beats the environment");
    assert_eq!(run(&["run", &scenario, "--vendor", "udesk"]).code, 3, "the file alone");
}

#[test]
fn an_option_configures_a_vendor_as_the_file_does() {
    let plan =
        run(&["plan", "transfer", "--vendor", "tinet", "--option", "tinet.enterprise=7122600", "--format", "http"]);
    assert!(plan.code == 0 && plan.out.contains("enterpriseId=7122600"), "{}", plan.err);
}

#[test]
fn a_push_with_an_address_of_its_own_goes_there_once_whatever_the_targets() {
    let (own, own_address) = receiver("ok");
    let (_one, one) = receiver("ok");
    let (_two, two) = receiver("ok");
    let actions = format!(r#"tinet.actions=[{{"type": 7, "url": "{own_address}"}}, {{"type": 5}}]"#);
    let done = run(&["run", "transfer", "--vendor", "tinet", "--option", &actions, "--target", &one, "--target", &two]);
    assert_eq!(done.code, 0, "{}{}", done.out, done.err);
    assert_eq!(done.out.matches("--> tinet:7 ").count(), 1, "{}", done.out);
    assert_eq!(done.out.matches("--> tinet:5 ").count(), 4, "two talks at two targets\n{}", done.out);
    own.interrupt();
    assert!(own.end().out.contains("received 1 request"));
}

#[test]
fn quiet_tells_the_summary_and_verbose_the_bodies() {
    let quiet = run(&["run", "--quiet"]);
    assert!(!quiet.out.contains(" --> ") && quiet.out.contains("PASS"), "{}", quiet.out);
    let verbose = run(&["run", "--verbose", "outbound-answered", "--vendor", "udesk"]);
    assert!(verbose.out.contains(r#""occasion":"end""#) && verbose.out.contains("Content-Type:"), "{}", verbose.out);
}
