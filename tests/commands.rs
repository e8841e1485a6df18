//! The commands that send nothing: list, show, check, plan, explain.

use crate::support;

use crate::support::command::{done, file, ringback, run};

#[test]
fn built_in_scenarios_can_be_listed_shown_checked_and_edited() {
    let listed = run(&["list", "scenarios"]);
    assert_eq!(listed.code, 0);
    let names: Vec<&str> = listed.out.lines().filter_map(|line| line.split_whitespace().next()).collect();
    assert_eq!(&names[..4], ["outbound-answered", "inbound-queue-abandon", "transfer", "predictive-dial"]);
    assert!(names.len() > 25);
    let mut check = vec!["check"];
    check.extend(&names);
    assert_eq!(run(&check).code, 0);

    let folder = tempfile::tempdir().expect("a folder");
    let shown = run(&["show", "transfer"]).out;
    file(folder.path(), "transfer.yaml", &shown.replace("title: ", "title: My own, "));
    let mut command = ringback(&["check", "transfer.yaml"]);
    command.current_dir(folder.path());
    assert!(done(command).out.contains("My own, "));
}

#[test]
fn files_on_disk_win_over_built_ins() {
    let folder = tempfile::tempdir().expect("a folder");
    file(folder.path(), "transfer", &run(&["show", "survey"]).out);
    let mut command = ringback(&["check", "transfer"]);
    command.current_dir(folder.path());
    let here = done(command);
    assert!(here.out.contains("survey") || here.code == 2, "the file of this name is read\n{}{}", here.out, here.err);
    assert_ne!(here.out, run(&["check", "transfer"]).out);
}

#[test]
fn pushes_are_listed_with_their_fields_and_origin() {
    let listed = run(&["list", "pushes", "--vendor", "udesk"]).out;
    assert_eq!(listed.lines().count(), 24);
    assert!(listed.lines().all(|line| line.starts_with("udesk:") && line.contains(" fields") && line.contains("seed")));
    let listed = run(&["list", "pushes", "--vendor", "7moor"]).out;
    assert_eq!(listed.lines().count(), 10);
    for what in ["vendors", "options", "reports", "codes"] {
        let listed = run(&["list", what]);
        assert!(listed.code == 0 && listed.out.lines().count() > 1, "{what}");
    }
}

#[test]
fn every_code_is_explained() {
    for line in run(&["list", "codes"]).out.lines() {
        let code = line.split_whitespace().next().expect("a code");
        let explained = run(&["explain", code]);
        assert!(explained.code == 0 && explained.out.contains("What to do"), "{code}");
    }
}

#[test]
fn a_plan_is_printed_in_every_format() {
    let plan = |format| {
        run(&[
            "plan",
            "outbound-answered",
            "--vendor",
            "udesk",
            "--seed",
            "7",
            "--at",
            "2026-03-02T09:30:00+08:00",
            "--format",
            format,
        ])
        .out
    };
    insta::assert_snapshot!("plan_as_table", plan("table"));
    assert!(plan("http").contains("POST / HTTP/1.1\r\nHost: 127.0.0.1:7071\r\n"));
    assert_eq!(plan("curl").matches("curl --request POST 'http://127.0.0.1:7071/'").count(), 4);
    let json: serde_json::Value = serde_json::from_str(&plan("json")).expect("JSON");
    assert_eq!(
        (json["scenario"].as_str(), json["vendor"].as_str(), json["seed"].as_u64()),
        (Some("outbound-answered"), Some("udesk"), Some(7))
    );
    assert_eq!(json["deliveries"][0]["headers"][0][0], "Content-Type");
    assert_eq!(plan("json"), plan("json"));
}

#[test]
fn curl_lines_run_in_a_shell() {
    let (receiver, address) = support::command::receiver("ok");
    let lines = run(&["plan", "outbound-answered", "--vendor", "udesk", "--format", "curl", "--target", &address]).out;
    let shell = std::process::Command::new("sh").arg("-ec").arg(&lines).output().expect("a shell");
    receiver.interrupt();
    let received = receiver.end().out;
    // 127: curl is not installed, which this test needs.
    assert_eq!(shell.status.code(), Some(0), "{}", String::from_utf8_lossy(&shell.stderr));
    assert!(received.contains("received 4 requests"), "{received}");
}

#[test]
fn several_wrong_files_are_all_told_with_their_places() {
    let folder = tempfile::tempdir().expect("a folder");
    let one = file(folder.path(), "one.yaml", "title: One\ncall: { kind: outbund }\nscript: [{ wait: 5 }]\n");
    let two = file(folder.path(), "two.yaml", "titel: Two\n");
    let checked = run(&["check", &one, &two]);
    assert_eq!(checked.code, 2);
    for told in ["one.yaml:2:", "`outbound`", "one.yaml:3:", "`5s`", "two.yaml:1:", "`title`"] {
        assert!(checked.err.contains(told), "{told}\n{}", checked.err);
    }
}

#[test]
fn a_flag_that_a_message_names_is_traced_to_the_variable_that_gave_it_and_no_other_is() {
    let told = |name: &str, value: &str, arguments: &[&str]| {
        let mut command = ringback(&[&["load", "transfer", "--target", "http://127.0.0.1:9/"], arguments].concat());
        command.env(name, value);
        let done = done(command);
        assert_eq!(done.code, 2, "{}", done.err);
        done.err
    };
    for (name, value, flag) in
        [("RINGBACK_WAIT_FOR_STATUS", "200", "--wait-for-status"), ("RINGBACK_KEY", "client.key", "--key")]
    {
        let named = told(name, value, &["--rate", "1/s", "--for", "1s"]);
        assert!(named.contains(&format!("note: {flag} comes from the variable {name}")), "{named}");
    }
    // `--for` stands in the name of another flag alone.
    let cap = told("RINGBACK_FOR", "1h", &["--for-cap"]);
    assert!(!cap.contains("RINGBACK_FOR") && cap.contains("--for-cap"), "{cap}");
}
