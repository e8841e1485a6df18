//! Faults as the command has them: listed, explained, laid over scenarios, told in reports, kept to loopback.

mod support;

use ringback::faults;
use serde_json::Value;
use support::command::{file, run};

#[test]
fn faults_and_profiles_are_listed_and_explained() {
    let listed = run(&["list", "faults"]).out;
    for fact in faults::ALL.iter() {
        let line = listed.lines().find(|line| line.split_whitespace().next() == Some(fact.name)).expect(fact.name);
        assert!(line.contains(fact.layer.as_str()) && line.contains(fact.meaning), "{line}");
        let explained = run(&["explain", fact.name]);
        assert_eq!(explained.code, 0);
        assert!(explained.out.starts_with(&format!("{} (", fact.name)), "{}", explained.out);
        for setting in fact.settings {
            assert!(explained.out.contains(&format!("  {}: ", setting.name)), "{}", explained.out);
        }
    }
    assert!(listed.contains("at most 24h"), "caps are shown");
    assert!(run(&["list", "profiles"]).out.contains("broken-encoder"));
    assert!(!run(&["list", "scenarios"]).out.contains("broken-encoder"));
    assert_eq!(run(&["explain", "duplicat"]).code, 2);
    assert!(run(&["explain", "RB-115"]).out.contains("contradict"));
}

#[test]
fn each_delivery_names_the_faults_that_bent_it() {
    let folder = tempfile::tempdir().expect("a folder");
    let report = folder.path().join("run.ndjson");
    let report = format!("ndjson={}", report.display());
    let profile = file(
        folder.path(),
        "twice.yaml",
        "title: Twice\nfaults:\n  - { fault: duplicate, push: \"*:end\", after: 200ms }\n  - { fault: drop, push: \"*:hangup\" }\n",
    );
    let arguments = ["run", "outbound-answered", "--vendor", "udesk", "--seed", "42", "--faults", &profile];
    let done = run(&[&arguments[..], &["--report", "term", "--report", &report]].concat());
    assert_eq!(done.code, 0, "{}{}", done.out, done.err);
    let line = done.out.lines().find(|line| line.contains("[duplicate]")).expect("a line that names the fault");
    assert!(line.contains("--> udesk:end") && line.contains("try 1/1"), "{line}");
    assert!(done.out.contains("duplicate: copy 1 of 1, 200ms later"), "{}", done.out);
    assert!(done.out.contains("-x- udesk:hangup"), "{}", done.out);
    assert!(done.out.contains("faults    1 x drop, 1 x duplicate"), "{}", done.out);

    let text = std::fs::read_to_string(folder.path().join("run.ndjson")).expect("a report");
    let events: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    let of = |kind: &str| events.iter().filter(|event| event["event"] == kind).cloned().collect::<Vec<_>>();
    let bent: Vec<_> = of("attempted").into_iter().filter(|event| event.get("faults").is_some()).collect();
    assert_eq!(bent.len(), 1);
    assert_eq!(bent[0]["faults"][0]["fault"], "duplicate");
    assert_eq!(of("dropped").len(), 1);
    let transcripts = of("transcript");
    assert_eq!(transcripts.len(), 1);
    assert_eq!(
        (transcripts[0]["attempts"].as_u64(), transcripts[0]["sha256"].as_str().map(str::len)),
        (Some(4), Some(64))
    );
}

#[test]
fn several_profiles_overlay_and_a_plan_shows_them() {
    let planned = run(&[
        "plan",
        "outbound-answered",
        "--vendor",
        "udesk",
        "--seed",
        "1",
        "--faults",
        "shuffled-history,blackout",
    ]);
    assert_eq!(planned.code, 0, "{}", planned.err);
    assert!(planned.out.contains("[reorder: ") && planned.out.contains("[blackout: "), "{}", planned.out);
    assert_eq!(
        planned.out,
        run(&[
            "plan",
            "outbound-answered",
            "--vendor",
            "udesk",
            "--seed",
            "1",
            "--faults",
            "shuffled-history",
            "--faults",
            "blackout"
        ])
        .out
        .as_str()
    );
}

#[test]
fn faults_of_two_files_that_contradict_each_other_are_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    let one = file(folder.path(), "one.yaml", "faults:\n  - { fault: drop }\n");
    let other = file(folder.path(), "other.yaml", "faults:\n\n  - { fault: bom }\n");
    let done = run(&["run", "--faults", &one, "--faults", &other]);
    assert_eq!(done.code, 2);
    assert!(
        done.err.contains("RB-115") && done.err.contains("one.yaml:2") && done.err.contains("other.yaml:3"),
        "{}",
        done.err
    );
}

#[test]
fn bad_profiles_are_told_of_with_their_lines() {
    let folder = tempfile::tempdir().expect("a folder");
    let wrong = file(folder.path(), "wrong.yaml", "faults:\n  - { fault: dely, by: 5s }\nscript: []\n");
    let done = run(&["run", "--faults", &wrong]);
    assert_eq!(done.code, 2);
    assert!(done.err.contains("wrong.yaml:2:14") && done.err.contains("did you mean `delay`?"), "{}", done.err);
    assert!(done.err.contains("a profile holds `faults` alone"), "{}", done.err);
    let done = run(&["run", "--faults", "nowhere.yaml"]);
    assert_eq!(done.code, 2);
    assert!(done.err.contains("the built-in ones are"), "{}", done.err);
    let done = run(&[
        "run",
        "outbound-answered",
        "--faults",
        &file(folder.path(), "split.yaml", "faults: [{ fault: split-story }]\n"),
    ]);
    assert_eq!(done.code, 2);
    assert!(done.err.contains("two targets"), "{}", done.err);
}

#[test]
fn a_profile_can_be_shown_edited_and_checked() {
    let folder = tempfile::tempdir().expect("a folder");
    let shown = run(&["show", "everything"]);
    assert_eq!(shown.code, 0);
    let path = file(folder.path(), "mine.yaml", &shown.out);
    let checked = run(&["check", &path, "transfer"]);
    assert_eq!(checked.code, 0, "{}", checked.err);
    assert!(checked.out.contains("mine.yaml") && checked.out.contains("transfer"), "{}", checked.out);
    let wrong = file(folder.path(), "wrong.yaml", "faults: [{ fault: dely }]\n");
    assert_eq!(run(&["check", &wrong, &path]).code, 2);
}

#[test]
fn faults_leave_this_machine_only_by_permission() {
    let arguments =
        ["plan", "outbound-answered", "--vendor", "udesk", "--target", "http://receiver.invalid/", "--seed", "1"];
    assert_eq!(run(&arguments).code, 0);
    let faulted = [&arguments[..], &["--faults", "blackout"]].concat();
    let refused = run(&faulted);
    assert_eq!(refused.code, 2);
    assert!(refused.err.contains("--allow-host receiver.invalid"), "{}", refused.err);
    assert_eq!(run(&[&faulted[..], &["--allow-host", "receiver.invalid"]].concat()).code, 0);
}

#[test]
fn every_fault_of_the_connection_layer_reaches_the_wire_from_a_file() {
    let folder = tempfile::tempdir().expect("a folder");
    let (_receiver, address) = support::command::receiver("ok");
    for fact in faults::ALL.iter().filter(|fact| fact.layer == faults::Layer::Connection) {
        let text = format!("title: One\nfaults:\n  - {{ fault: {}, push: \"udesk:end\" }}\n", fact.name);
        let profile = file(folder.path(), "one.yaml", &text);
        let arguments = ["run", "outbound-answered", "--vendor", "udesk", "--faults", &profile, "--target", &address];
        let done = run(&[&arguments[..], &["--timeout", "4s", "--report", "ndjson"]].concat());
        assert!([0, 1].contains(&done.code), "{}: {}", fact.name, done.err);
        let bent: Vec<String> = done
            .out
            .lines()
            .map(|line| serde_json::from_str::<Value>(line).expect("a line of JSON"))
            .filter(|event| event["event"] == "attempted" && event["faults"][0]["fault"] == fact.name)
            .map(|event| event["faults"][0]["evidence"].to_string())
            .collect();
        assert_eq!(bent.len(), 1, "{}: {}", fact.name, done.out);
        assert!(bent[0].contains("send") || bent[0].contains("open"), "{}: {bent:?}", fact.name);
    }
}

#[test]
fn the_transcript_of_a_torn_connection_is_the_same_in_every_run_and_at_every_pace() {
    let transcript = |pace| {
        let done = run(&[
            "run",
            "transfer",
            "--vendor",
            "udesk",
            "--seed",
            "3",
            "--at",
            "2026-03-02T09:30:00+08:00",
            "--faults",
            "rude-network",
            "--pace",
            pace,
            "--report",
            "ndjson",
        ]);
        done.out.lines().find(|line| line.contains("\"transcript\"")).expect("a transcript").to_owned()
    };
    let first = transcript("fast");
    assert_eq!(transcript("fast"), first);
    assert_eq!(transcript("600x"), first);
}
