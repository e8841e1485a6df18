//! Every exit code, as the binary gives it.

use crate::support;

use crate::support::command::{Done, Running, file, receiver, ringback, run};
use std::net::TcpListener;

fn one_story(more: &[&str]) -> Done {
    let mut arguments = vec!["run", "outbound-answered", "--vendor", "udesk", "--seed", "7", "--quiet"];
    arguments.extend(more);
    run(&arguments)
}

fn ends_with(done: &Done, code: i32) {
    assert_eq!(done.code, code, "{}{}", done.out, done.err);
    assert!(!done.err.contains("panicked"), "{}", done.err);
}

#[test]
fn all_good_is_0() {
    let done = one_story(&[]);
    ends_with(&done, 0);
    assert!(done.out.contains("PASS (exit 0)"), "{}", done.out);
}

#[test]
fn a_receiver_that_failed_is_1() {
    let (_receiver, address) = receiver("refuse");
    let done = one_story(&["--target", &address]);
    ends_with(&done, 1);
    assert!(done.out.contains("FAIL (exit 1)"), "{}", done.out);
}

#[test]
fn a_wrong_command_line_or_scenario_is_2() {
    ends_with(&one_story(&["--pace", "quick"]), 2);
    ends_with(&run(&["run", "--report", "json", "--report", "junit"]), 2);
    let folder = tempfile::tempdir().expect("a folder");
    let wrong = file(folder.path(), "wrong.yaml", "titel: A call\n");
    for command in ["run", "plan", "check"] {
        let done = run(&[command, &wrong]);
        ends_with(&done, 2);
        assert!(done.err.contains("wrong.yaml:1:1"), "{}", done.err);
    }
}

#[test]
fn a_target_that_cannot_be_reached_is_3() {
    let free = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let closed = format!("http://{}/", free.local_addr().expect("an address"));
    drop(free);
    ends_with(&one_story(&["--target", &closed]), 3);
    ends_with(&one_story(&["--target", &closed, "--wait-for", &closed, "--wait-limit", "100ms"]), 3);
}

#[test]
fn snapshots_that_wait_are_6_in_ci() {
    let folder = tempfile::tempdir().expect("a folder");
    let snapshots = folder.path().to_str().expect("a path of UTF-8");
    let arguments =
        ["run", "outbound-answered", "--vendor", "udesk", "--seed", "7", "--built-in", "--snapshots", snapshots];
    let in_ci = |ci: &str| {
        let mut command = ringback(&arguments);
        command.env("CI", ci);
        support::command::done(command)
    };
    let pending = in_ci("true");
    ends_with(&pending, 6);
    assert!(pending.out.contains("ringback accept"), "{}", pending.out);
    assert_eq!(std::fs::read_dir(folder.path()).expect("a folder").count(), 0, "CI writes nothing");
    ends_with(&in_ci(""), 1);
    ends_with(&run(&["accept", "--all", "--snapshots", snapshots]), 0);
    ends_with(&in_ci("true"), 0);
}

#[test]
fn a_report_that_cannot_be_written_is_3() {
    let folder = tempfile::tempdir().expect("a folder");
    // Even root makes no folder of a file.
    let nowhere = format!("{}/run", file(folder.path(), "file", ""));
    for format in ["ndjson", "json", "junit", "github", "html", "term"] {
        let done = one_story(&["--report", &format!("{format}={nowhere}")]);
        ends_with(&done, 3);
        assert!(done.err.contains("file/run cannot be created") && done.err.contains("help:"), "{}", done.err);
    }
}

/// A full disk: every byte that is written is refused.
#[test]
#[cfg(target_os = "linux")]
fn a_report_on_a_full_disk_is_3_and_leaves_the_others_whole() {
    for format in ["ndjson", "json", "junit", "github"] {
        let folder = tempfile::tempdir().expect("a folder");
        let whole = folder.path().join("run.json");
        let full = format!("{format}=/dev/full");
        let done =
            one_story(&["--report", "term", "--report", &full, "--report", &format!("json={}", whole.display())]);
        ends_with(&done, 3);
        assert!(done.err.contains(&format!("the report {full} could not be written")), "{}", done.err);
        let json = std::fs::read_to_string(whole).expect("a report");
        let json: serde_json::Value = serde_json::from_str(&json).expect("whole JSON");
        assert_eq!(json["totals"]["planned"], 4, "{format}");
    }
}

#[test]
fn an_interrupted_run_is_130() {
    let running = Running::start(ringback(&["run", "outbound-answered", "--vendor", "udesk", "--pace", "1x"]));
    while !running.line().contains("outbound-answered by udesk") {}
    running.interrupt();
    let done = running.end();
    ends_with(&done, 130);
    assert!(done.out.contains("INTERRUPTED (exit 130)"), "{}", done.out);
}
