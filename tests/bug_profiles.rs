//! The README's table of bugs and the fault profiles that find them is true: a buggy receiver fails the run, a good one passes.

use crate::support::command::{Done, receiver, run};
use std::thread;

/// The rows of the table: the bug and the profile that finds it.
fn rows() -> Vec<(&'static str, &'static str)> {
    let readme = include_str!("../README.md");
    let table = readme.split("| bug | what the receiver does not stand |").nth(1).expect("the table");
    let table = table.split("\n\n").next().expect("an end of the table");
    let words = |line: &'static str| -> Vec<&'static str> { line.split('`').skip(1).step_by(2).collect() };
    table.lines().skip(2).map(words).map(|words| (words[0], words[1])).collect()
}

fn faulted(behaviour: &str, profile: &str) -> Done {
    let (_receiver, address) = receiver(behaviour);
    run(&[
        "run",
        "--vendor",
        "udesk,7moor",
        "--seed",
        "7",
        "--at",
        "2026-03-02T09:30:00+08:00",
        "--faults",
        profile,
        "--target",
        &address,
        "--timeout",
        "1s",
        "--quiet",
    ])
}

/// Runs each pair at the same time: most of it is waiting for faults that pause.
fn all(pairs: &[(String, String)], code: i32) {
    thread::scope(|scope| {
        for (behaviour, profile) in pairs {
            scope.spawn(move || {
                let done = faulted(behaviour, profile);
                assert_eq!(done.code, code, "{behaviour} by {profile}\n{}{}", done.out, done.err);
            });
        }
    });
}

#[test]
fn each_bug_of_the_table_is_found_by_its_profile() {
    let rows = rows();
    assert!(rows.len() >= 12, "{rows:?}");
    all(&rows.iter().map(|(bug, profile)| ((*bug).to_owned(), (*profile).to_owned())).collect::<Vec<_>>(), 1);
}

#[test]
fn a_good_receiver_passes_every_profile() {
    let profiles = run(&["list", "profiles"]).out;
    let name = |line: &str| line.split_whitespace().next().expect("a name").to_owned();
    all(&profiles.lines().map(|line| ("ok".to_owned(), name(line))).collect::<Vec<_>>(), 0);
}
