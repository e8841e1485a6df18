//! Faults as the command has them: listed, explained, laid over scenarios, told in reports, kept to loopback.

use crate::support;

use crate::support::command::{file, run};
use ringback::faults;
use serde_json::Value;

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
    // A name that is much like one that is allowed is another host.
    for near in ["evilreceiver.invalid", "receiver.invalid.evil.invalid", "a.receiver.invalid", "receiver.invali"] {
        let target = format!("http://{near}/");
        let arguments = ["plan", "outbound-answered", "--vendor", "udesk", "--target", &target, "--seed", "1"];
        let refused = run(&[&arguments[..], &["--faults", "blackout", "--allow-host", "receiver.invalid"]].concat());
        assert_eq!(refused.code, 2, "{near}: {}", refused.out);
        assert!(refused.err.contains(&format!("--allow-host {near}")), "{near}: {}", refused.err);
    }
}

/// A profile of one fault, on its third line.
fn profile(folder: &std::path::Path, fault: &str) -> String {
    file(folder, "profile.yaml", &format!("title: One fault\nfaults:\n  - {{ {fault} }}\n"))
}

const STORY: [&str; 5] = ["outbound-answered", "--vendor", "udesk", "--seed", "3"];

#[test]
fn a_fault_that_can_strike_nothing_is_an_error_on_its_line() {
    let folder = tempfile::tempdir().expect("a folder");
    for (fault, why) in [
        ("fault: duplicate-new-id", "no push that it is for has an event id"),
        ("fault: duplicate, push: \"7moor:*\"", "no push that is played matches `7moor:*`"),
        ("fault: drop, push: \"udesk:end_info\"", "no push that is played matches `udesk:end_info`"),
        ("fault: duplicate, call: 9", "it is for call 9, and one call is played"),
        ("fault: bad-json, when: { attempts: 2 }", "at most one attempt is made"),
        ("fault: delay, when: { between: 10m..20m }", "10m..20m is outside of the story"),
        ("fault: bom, when: { between: 10m..20m }", "10m..20m is outside of the story"),
        ("fault: blackout, from: 10m", "10m..11m is outside of the story"),
        ("fault: drop, when: { nth: 9 }", "`nth: 9` is more than the 4 of a call"),
        ("fault: bom, when: { every: 5 }", "`every: 5` is more than the 4 of a call"),
        ("fault: drop, target: 2", "it is for target 2, and there is 1"),
        ("fault: split-story", "it needs two targets"),
        ("fault: reorder, push: \"*:end\"", "change places"),
        ("fault: late-after-end, push: \"*:end\"", "comes before the last one"),
    ] {
        let path = profile(folder.path(), fault);
        let refused = run(&[&["plan"], &STORY[..], &["--faults", &path]].concat());
        assert_eq!(refused.code, 2, "{fault}: {}", refused.out);
        for told in ["error[RB-116]", "profile.yaml:3:5", "^^^^", why, "may_idle: true"] {
            assert!(refused.err.contains(told), "{fault}: {told}: {}", refused.err);
        }
        // A profile that is meant for any scenario says so.
        let path = profile(folder.path(), &format!("{fault}, may_idle: true"));
        let planned = run(&[&["plan"], &STORY[..], &["--faults", &path]].concat());
        assert_eq!(planned.code, 0, "{fault}: {}", planned.err);
    }
}

#[test]
fn a_fault_is_refused_wherever_it_stands_and_whatever_plays_it() {
    let folder = tempfile::tempdir().expect("a folder");
    let (_receiver, address) = support::command::receiver("ok");
    let path = profile(folder.path(), "fault: drop, push: \"tinet:*\"");
    let scenario = file(
        folder.path(),
        "story.yaml",
        "title: A call\ncall: { kind: inbound }\nscript: [enqueue, hangup: customer]\nfaults:\n  - fault: drop\n    push: \"tinet:*\"\n",
    );
    let target = ["--target", &address, "--vendor", "udesk"];
    let rate = ["--rate", "5/s", "--for", "1s"];
    for (arguments, place) in [
        ([&["run", "transfer"], &target[..], &["--faults", &path]].concat(), "profile.yaml:3:5"),
        ([&["load", "transfer"], &target[..], &rate, &["--faults", &path]].concat(), "profile.yaml:3:5"),
        ([&["run", &*scenario], &target[..]].concat(), "story.yaml:5:5"),
        ([&["load", &*scenario], &target[..], &rate].concat(), "story.yaml:5:5"),
    ] {
        let refused = run(&arguments);
        assert_eq!(refused.code, 2, "{arguments:?}: {}", refused.out);
        assert!(refused.err.contains("RB-116") && refused.err.contains(place), "{arguments:?}: {}", refused.err);
    }
    // Of several stories it has to be able to strike one.
    let several = run(&["run", "transfer", "--vendor", "udesk,tinet", "--target", &address, "--faults", &path, "-q"]);
    assert_eq!(several.code, 0, "{}{}", several.out, several.err);
    assert!(!several.out.contains("RB-241"), "{}", several.out);
}

#[test]
fn what_helps_a_fault_to_strike_is_taken_into_account() {
    let folder = tempfile::tempdir().expect("a folder");
    let attempt = "  - { fault: bad-json, when: { attempts: 2 } }\n";
    let late = "  - { fault: bom, when: { between: 10m..20m } }\n";
    for (faults, more) in [
        (format!("{attempt}  - {{ fault: lost-ack }}\n"), &[][..]),
        (attempt.to_owned(), &["--retry", "5s"]),
        (late.to_owned(), &["--retry", "10m"]),
        (format!("  - {{ fault: delay, by: 1s..15m }}\n{late}"), &[]),
        ("  - { fault: delay, by: 1s..15m }\n  - { fault: blackout, from: 10m }\n".to_owned(), &[]),
        ("  - { fault: wrong-auth }\n  - { fault: missing-header, header: Authorization }\n".to_owned(), &[]),
        (
            "  - { fault: split-story }\n".to_owned(),
            &["--target", "http://127.0.0.1:9/a", "--target", "http://127.0.0.1:9/b"],
        ),
    ] {
        let path = file(folder.path(), "helped.yaml", &format!("faults:\n{faults}"));
        let planned = run(&[&["plan"], &STORY[..], &["--faults", &path], more].concat());
        assert_eq!(planned.code, 0, "{faults}: {}", planned.err);
    }
}

#[test]
fn a_fault_that_struck_nothing_is_named_in_every_report_and_fails_a_strict_run() {
    let folder = tempfile::tempdir().expect("a folder");
    let (_receiver, address) = support::command::receiver("ok");
    for fault in [
        "fault: drop, when: { rate: 0.01% }",
        "fault: missing-header, header: X-Not-There",
        "fault: wrong-method, to: post",
        "fault: wrong-content-type, to: application/json",
        "fault: delay, by: 0s",
    ] {
        let path = profile(folder.path(), fault);
        let reports = ["json", "ndjson", "junit", "github", "html"].map(|format| {
            let to = folder.path().join(format);
            let _ = std::fs::remove_file(&to);
            (to.clone(), format!("{format}={}", to.display()))
        });
        let mut arguments = [&["run"], &STORY[..], &["--target", &address, "--faults", &path, "-q"]].concat();
        arguments.extend(["--report", "term"]);
        reports.iter().for_each(|(_, report)| arguments.extend(["--report", report]));
        let done = run(&arguments);
        assert_eq!(done.code, 0, "{fault}: {}{}", done.out, done.err);
        assert!(done.out.contains("RB-241") && done.out.contains("profile.yaml:3"), "{fault}: {}", done.out);
        // A request that is as it always is does not excuse anybody.
        assert!(!done.out.contains("faults    "), "{fault}: {}", done.out);
        for (report, _) in reports.iter().filter(|(report, _)| !report.ends_with("html")) {
            let text = std::fs::read_to_string(report).expect("a report");
            assert!(text.contains("RB-241") && text.contains("profile.yaml:3"), "{fault}: {text}");
        }
        let strict = run(&[&arguments[..], &["--strict"]].concat());
        assert_eq!(strict.code, 1, "{fault}: {}", strict.out);
        assert!(strict.out.lines().all(|line| line.matches("--strict").count() <= 1), "{}", strict.out);
        assert!(strict.out.lines().any(|line| line.contains("replay") && line.contains("--strict")), "{}", strict.out);
        let junit = std::fs::read_to_string(&reports[2].0).expect("a report");
        assert!(junit.contains("<failure") && junit.contains("type=\"RB-241\""), "{fault}: {junit}");
        let idle = profile(folder.path(), &format!("{fault}, may_idle: true"));
        let done = run(&[&["run"], &STORY[..], &["--target", &address, "--faults", &idle, "-q", "--strict"]].concat());
        assert_eq!(done.code, 0, "{fault}: {}", done.out);
        assert!(done.out.contains("idle      ") && !done.out.contains("RB-241"), "{fault}: {}", done.out);
    }
}

#[test]
fn a_plan_names_the_faults_that_strike_nothing_in_it() {
    let folder = tempfile::tempdir().expect("a folder");
    let faults = "faults:\n  - { fault: drop, when: { rate: 0.01% } }\n  - { fault: duplicate }\n  - { fault: split-story, may_idle: true }\n";
    let path = file(folder.path(), "f.yaml", faults);
    let planned = run(&[&["plan"], &STORY[..], &["--faults", &path]].concat());
    assert_eq!(planned.code, 0, "{}", planned.err);
    let told: Vec<&str> = planned.err.lines().map(|line| line.split(' ').next().unwrap_or_default()).collect();
    assert_eq!(told, ["warning:", "idle:"], "{}", planned.err);
    assert!(planned.err.contains("f.yaml:2)") && planned.err.contains("f.yaml:4)"), "{}", planned.err);
}

#[test]
fn what_struck_is_no_warning_and_a_strict_run_passes() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = profile(folder.path(), "fault: duplicate, push: \"*:end\"");
    let report = folder.path().join("run.json");
    let to = format!("json={}", report.display());
    let done = run(&[&["run"], &STORY[..], &["--faults", &path, "--strict", "--report", &to]].concat());
    assert_eq!(done.code, 0, "{}{}", done.out, done.err);
    let summary: Value = serde_json::from_str(&std::fs::read_to_string(report).expect("a report")).expect("JSON");
    assert_eq!(summary["faults"][0]["strikes"], 1);
    assert!(summary["faults"][0]["place"].as_str().is_some_and(|place| place.ends_with("profile.yaml:3")));
    // The same by its variable.
    let path = profile(folder.path(), "fault: missing-header, header: X-Not-There");
    let mut command = support::command::ringback(&[&["run"], &STORY[..], &["--faults", &path]].concat());
    command.env("RINGBACK_STRICT", "true");
    assert_eq!(support::command::done(command).code, 1);
}

#[test]
fn a_strict_run_names_the_expectations_that_were_never_judged() {
    let folder = tempfile::tempdir().expect("a folder");
    let text = "title: A call\nvendors: [udesk]\ncall: { kind: inbound }\nscript: [enqueue, hangup: customer]\nexpect:\n  \
                - { push: \"7moor:*\", status: 2xx }\n";
    let scenario = file(folder.path(), "story.yaml", text);
    assert_eq!(run(&["run", &scenario, "--seed", "1"]).code, 0);
    let strict = run(&["run", &scenario, "--seed", "1", "--strict"]);
    assert_eq!(strict.code, 1, "{}", strict.out);
    assert!(strict.out.contains("RB-242") && strict.out.contains("story.yaml:6"), "{}", strict.out);
}

#[test]
fn a_copy_keeps_the_id_of_its_push() {
    let folder = tempfile::tempdir().expect("a folder");
    let text = "title: A call\nvendors: [udesk]\ncall: { kind: outbound }\nscript: [ring: agent, answer: agent, ring: customer, \
                answer: customer, wait: 8s, hangup: agent]\ndeliver: { sign: { scheme: standard-webhooks, secret: \
                whsec_aGVsbG8gd29ybGQ= } }\nfaults:\n  - { fault: duplicate, copies: 2, after: 1s }\n";
    let scenario = file(folder.path(), "signed.yaml", text);
    let planned = run(&["plan", &scenario, "--seed", "1", "--format", "json"]);
    assert_eq!(planned.code, 0, "{}", planned.err);
    let plan: Value = serde_json::from_str(&planned.out).expect("JSON");
    let mut ids: std::collections::BTreeMap<String, Vec<String>> = Default::default();
    for delivery in plan["deliveries"].as_array().expect("deliveries") {
        let headers = delivery["headers"].as_array().expect("headers");
        let id =
            headers.iter().find(|header| header[0].as_str().unwrap_or_default().eq_ignore_ascii_case("webhook-id"));
        let push = delivery["push"].as_str().expect("a name").to_owned();
        ids.entry(push).or_default().push(id.expect("an id")[1].to_string());
    }
    let distinct: std::collections::BTreeSet<&String> = ids.values().flatten().collect();
    assert!(ids.len() > 2 && ids.values().all(|ids| ids.len() == 3), "{ids:?}");
    assert_eq!(distinct.len(), ids.len(), "{ids:?}");
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
