//! Files that run out: ours and the receiver's.

use crate::support::command::{Done, done, ringback};
use crate::support::raw::{Does, OK, Receiver};
use serde_json::Value;
use std::process::Command;
use std::time::Duration;

/// A load of a second under a shell that has set its limits so.
fn under(limits: &str, target: &str, more: &[&str]) -> Done {
    let given = ["load", "outbound-answered", "--vendor", "udesk", "--seed", "7", "--rate", "40/s", "--for", "500ms"];
    let fixed = ["--pace", "1000x", "--retry", "none", "--lag-limit", "1h", "--target", target];
    let load = ringback(&[&given[..], &fixed, more].concat());
    let mut shell = Command::new("sh");
    shell.args(["-c", &format!("{limits}; exec \"$0\" \"$@\"")]).arg(load.get_program()).args(load.get_args());
    for (name, value) in load.get_envs() {
        match value {
            Some(value) => shell.env(name, value),
            None => shell.env_remove(name),
        };
    }
    done(shell)
}

fn slow() -> (Receiver, String) {
    let receiver = Receiver::new(|n| {
        // The call that is tried first is answered at once.
        std::thread::sleep(Duration::from_millis(if n < 4 { 0 } else { 300 }));
        Does::Answer(OK)
    });
    let address = format!("http://{}/hook", receiver.at);
    (receiver, address)
}

#[test]
fn without_files_for_the_connections_that_were_asked_for_the_load_is_invalid_and_says_what_to_raise() {
    let (receiver, target) = slow();
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("load.json");
    let done = under("ulimit -n 28", &target, &["--connections", "500", "--out", out.to_str().unwrap()]);
    assert_eq!(done.code, 5, "{}\n{}", done.out, done.err);
    for told in ["28 open files", "`ulimit -n 65536` raises it", "fewer --connections", "INVALID (exit 5)"] {
        assert!(done.out.contains(told), "{told}: {}", done.out);
    }
    let summary: Value = serde_json::from_str(&std::fs::read_to_string(&out).unwrap()).unwrap();
    assert_eq!((&summary["total"]["planned"], &summary["total"]["sent"]), (&80.into(), &80.into()));
    assert_eq!(receiver.count(), 84);
}

#[test]
fn the_limit_of_a_shell_is_raised_as_far_as_it_may_be() {
    let (_receiver, target) = slow();
    let done = under("ulimit -Sn 28", &target, &["--connections", "500"]);
    assert_eq!(done.code, 0, "{}\n{}", done.out, done.err);
}

#[test]
fn without_files_at_all_it_ends_in_words() {
    let (_receiver, target) = slow();
    for limit in [6, 9, 12, 14] {
        let done = under(&format!("ulimit -n {limit}"), &target, &[]);
        let told = format!("{}{}", done.out, done.err);
        // The first few cannot even be begun, the last ones have room for a connection or two.
        assert!([3, 5].contains(&done.code), "{limit}: {} {told}", done.code);
        assert!(told.contains("ulimit -n 65536") && !told.contains("panicked"), "{limit}: {told}");
    }
}

#[test]
fn bent_pushes_are_short_of_files_too() {
    let (_receiver, target) = slow();
    let folder = tempfile::tempdir().unwrap();
    let faults = folder.path().join("faults.yaml");
    std::fs::write(&faults, "faults:\n  - { fault: duplicate, copies: 1 }\n").unwrap();
    let done = under("ulimit -n 28", &target, &["--connections", "500", "--faults", faults.to_str().unwrap()]);
    assert_eq!(done.code, 5, "{}\n{}", done.out, done.err);
    assert!(done.out.contains("28 open files") && done.out.contains("out_of_files/connect"), "{}", done.out);
}
