//! Snapshots as a person and as CI meet them: written, shown, accepted, never lost.

use crate::support::command::{Done, done, file, ringback};
use crate::support::plans::HEADLINES;
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use tempfile::TempDir;

/// A receiver in one line of a scenario's `deliver`: answers of the built-in one are changed by its behaviour.
const STORY: &str = "\
title: An agent calls
call: { kind: outbound }
vendors: [udesk]
script: [ring: agent, wait: 5s, answer: agent, ring: customer, wait: 3s..12s, answer: customer, wait: 81s, hangup: agent]
";

struct Desk {
    folder: TempDir,
}

impl Desk {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        file(folder.path(), "call.yaml", STORY);
        Self { folder }
    }

    fn path(&self) -> &Path {
        self.folder.path()
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = ringback(arguments);
        command.current_dir(self.path());
        command
    }

    fn run(&self, arguments: &[&str]) -> Done {
        done(self.command(arguments))
    }

    fn in_ci(&self, arguments: &[&str]) -> Done {
        let mut command = self.command(arguments);
        command.env("CI", "true").arg("--built-in");
        done(command)
    }

    /// The files in `snapshots`, in order.
    fn files(&self) -> Vec<String> {
        let Ok(folder) = fs::read_dir(self.path().join("snapshots")) else { return Vec::new() };
        let mut names: Vec<_> =
            folder.map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned()).collect();
        names.sort();
        names
    }

    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path().join("snapshots").join(name)).expect("a file")
    }

    fn write(&self, name: &str, text: &str) {
        fs::write(self.path().join("snapshots").join(name), text).expect("a file that can be written");
    }

    /// With an accepted snapshot of the story.
    fn accepted() -> Self {
        let desk = Self::new();
        assert_eq!(desk.run(RUN).code, 1);
        assert_eq!(desk.run(&["accept", "--all"]).code, 0);
        desk
    }
}

const RUN: &[&str] = &["run", "call.yaml", "--snapshots", "snapshots"];
const NAME: &str = "call@udesk";
const SNAP: &str = "call@udesk.snap";
const NEW: &str = "call@udesk.snap.new";

/// The answer that the accepted snapshot has in place of the receiver's.
fn changed(desk: &Desk) {
    let text = desk.read(SNAP).replacen("\"message\":\"ok\"", "\"message\":\"OK\"", 1);
    desk.write(SNAP, &text);
}

#[test]
fn what_is_new_waits_is_accepted_and_holds_with_every_seed() {
    let desk = Desk::new();
    let first = desk.run(RUN);
    assert_eq!(first.code, 1, "{}", first.out);
    assert!(first.out.contains("RB-232"), "{}", first.out);
    assert!(first.out.contains("ringback accept call@udesk\n"), "{}", first.out);
    assert_eq!(desk.files(), [NEW]);
    insta::assert_snapshot!("new", desk.read(NEW));

    let accepted = desk.run(&["accept", NAME]);
    assert_eq!((accepted.code, accepted.out.as_str()), (0, "accepted  snapshots/call@udesk.snap\n"));
    assert_eq!(desk.files(), [SNAP]);
    for seed in ["1", "2", "3"] {
        let again = desk.run(&[RUN, &["--seed", seed]].concat());
        assert_eq!(again.code, 0, "{}", again.out);
    }
    assert_eq!(desk.in_ci(RUN).code, 0);
    assert_eq!(desk.files(), [SNAP]);
}

#[test]
fn a_difference_is_shown_waits_and_leaves_the_accepted_one_alone() {
    let desk = Desk::accepted();
    changed(&desk);
    let before = desk.read(SNAP);
    let found = desk.run(RUN);
    assert_eq!(found.code, 1, "{}", found.out);
    assert!(found.out.contains("RB-231"), "{}", found.out);
    assert!(found.out.contains("-   {\"code\":1000,\"message\":\"OK\"}"), "{}", found.out);
    assert!(found.out.contains("+   {\"code\":1000,\"message\":\"ok\"}"), "{}", found.out);
    assert!(found.out.contains("help: if that is meant, accept it: ringback accept call@udesk"), "{}", found.out);
    assert_eq!((desk.files(), desk.read(SNAP)), (vec![SNAP.to_owned(), NEW.to_owned()], before));

    let listed = desk.run(&["review"]);
    assert_eq!(listed.code, 0);
    assert!(listed.out.contains("call@udesk  changed  ringback accept call@udesk"), "{}", listed.out);
    assert_eq!(desk.run(&["reject", "call@udesk.snap.new"]).code, 0);
    assert_eq!(desk.files(), [SNAP]);
    assert_eq!(desk.run(&["review"]).out, "no snapshot waits in snapshots\n");
}

/// A receiver that makes its answers of the pushes of Udesk that come.
fn answering(answer: impl Fn(&serde_json::Value) -> String + Send + Sync + 'static) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = format!("http://{}/hook", listener.local_addr().expect("an address"));
    let answer = Arc::new(answer);
    std::thread::spawn(move || {
        for stream in listener.incoming().map_while(Result::ok) {
            let answer = answer.clone();
            std::thread::spawn(move || {
                let mut reader = BufReader::new(&stream);
                let mut line = String::new();
                let mut length = 0;
                while reader.read_line(&mut line).is_ok_and(|bytes| bytes > 0) {
                    if let Some(given) = line.strip_prefix("Content-Length: ") {
                        length = given.trim().parse().expect("a length");
                    }
                    if line == "\r\n" {
                        let mut body = vec![0; length];
                        reader.read_exact(&mut body).expect("a body");
                        let body = answer(&serde_json::from_slice(&body).expect("JSON"));
                        let head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length:";
                        let answer = format!("{head} {}\r\n\r\n{body}", body.len());
                        (&stream).write_all(answer.as_bytes()).expect("an answer");
                    }
                    line.clear();
                }
            });
        }
    });
    address
}

/// What a receiver says that notes the number of the customer, and shows it with its middle hidden.
fn noted(push: &serde_json::Value) -> String {
    let phone = push["customer_phone"].as_str().expect("a number");
    let masked = format!("{}****{}", &phone[..3], &phone[7..]);
    format!(r#"{{"received":true,"phone":"{phone}","masked":"{masked}","code":1000}}"#)
}

#[test]
fn a_snapshot_of_0_1_0_still_holds() {
    let desk = Desk::new();
    fs::create_dir(desk.path().join("snapshots")).expect("a folder");
    let old = include_str!("fixtures/0.1.0/call@udesk.snap");
    desk.write(SNAP, old);
    let target = answering(noted);
    for seed in ["1", "2"] {
        let done = desk.run(&[RUN, &["--target", &target, "--seed", seed]].concat());
        assert_eq!(done.code, 0, "{}", done.out);
    }
    assert_eq!((desk.files(), desk.read(SNAP).as_str()), (vec![SNAP.to_owned()], old), "it is not touched");
    // Another answer is a difference as ever.
    let other = answering(|push| noted(push).replace("true", "false"));
    assert_eq!(desk.run(&[RUN, &["--target", &other]].concat()).code, 1);
}

#[test]
fn the_order_of_keys_is_no_difference_unless_the_scenario_says_so() {
    let reversed = Arc::new(AtomicBool::new(false));
    let is_reversed = reversed.clone();
    let target = answering(move |_| match is_reversed.load(Ordering::SeqCst) {
        false => r#"{"a":{"c":1,"d":[{"e":1,"f":2}]},"b":2}"#.to_owned(),
        true => r#"{"b":2,"a":{"d":[{"f":2,"e":1}],"c":1}}"#.to_owned(),
    });
    for (keys, code) in [("sorted", 0), ("in_order", 1)] {
        let desk = Desk::new();
        file(desk.path(), "call.yaml", &format!("{STORY}snapshot: {{ keys: {keys} }}\n"));
        let run = || desk.run(&[RUN, &["--target", &target]].concat());
        reversed.store(true, Ordering::SeqCst);
        assert_eq!(run().code, 1);
        assert_eq!(desk.run(&["accept", "--all"]).code, 0);
        let order = if keys == "sorted" { r#"{"a":{"c":1,"d":[{"e":1,"f":2}]},"b":2}"# } else { r#"{"b":2,"a":"# };
        assert!(desk.read(SNAP).contains(order), "{}", desk.read(SNAP));
        assert_eq!(run().code, 0);
        reversed.store(false, Ordering::SeqCst);
        let other = run();
        assert_eq!(other.code, code, "{keys}: {}", other.out);
    }
}

#[test]
fn a_number_that_is_shown_in_part_is_known() {
    let target = answering(|push| {
        let phone = push["customer_phone"].as_str().expect("a number");
        let (first, last) = (&phone[..3], &phone[phone.len() - 4..]);
        let bare: u32 = last.parse().expect("digits");
        format!(
            r#"{{"to":"{first}****{last}","spaced":"+86 {first} **** {last}","end":"*******{last}","tail":"{last}","last4":{bare},"note":"尾号{last}的客户","log":"called {first}xxxx{last} twice"}}"#
        )
    });
    let desk = Desk::new();
    let run = |seed: &str| desk.run(&[RUN, &["--target", &target, "--seed", seed]].concat());
    assert_eq!(run("1").code, 1);
    assert_eq!(desk.run(&["accept", "--all"]).code, 0);
    let text = desk.read(SNAP);
    for named in [
        r#""to": "<customer.phone>""#,
        r#""spaced": "+86 <customer.phone>""#,
        r#""end": "<customer.phone>""#,
        r#""tail": "<customer.phone>""#,
        r#""last4": <customer.phone>"#,
        r#""note": "尾号<customer.phone>的客户""#,
        r#""log": "called <customer.phone> twice""#,
    ] {
        assert!(text.contains(named), "{named} in {text}");
    }
    for seed in ["2", "3", "4", "5", "6", "7", "8"] {
        let done = run(seed);
        assert_eq!(done.code, 0, "{}", done.out);
    }
}

#[test]
fn a_run_that_holds_clears_what_waited() {
    let desk = Desk::accepted();
    changed(&desk);
    assert_eq!(desk.run(RUN).code, 1);
    let accepted = desk.read(SNAP).replace("\"OK\"", "\"ok\"");
    desk.write(SNAP, &accepted);
    assert_eq!(desk.run(RUN).code, 0);
    assert_eq!(desk.files(), [SNAP]);
}

#[test]
fn ci_writes_nothing_and_says_how_to_accept() {
    let desk = Desk::new();
    let first = desk.in_ci(RUN);
    assert_eq!(first.code, 6, "{}", first.out);
    let command = "ringback run call.yaml --vendor udesk --snapshots snapshots ; ringback accept call@udesk\n";
    assert!(first.out.contains(command), "{}", first.out);
    assert_eq!(desk.files(), [""; 0]);

    // Somebody ran it, and forgot to accept what waits.
    assert_eq!(desk.run(RUN).code, 1);
    let waiting = desk.in_ci(RUN);
    assert_eq!(waiting.code, 6, "{}", waiting.out);
    assert!(waiting.out.contains("accept it: ringback accept call@udesk\n"), "{}", waiting.out);
    assert_eq!(desk.files(), [NEW]);

    // The answers are neither those that were accepted nor those that wait.
    let desk = Desk::accepted();
    changed(&desk);
    let differs = desk.in_ci(RUN);
    assert_eq!(differs.code, 1, "{}", differs.out);
    assert_eq!(desk.files(), [SNAP]);

    for off in ["", "false", "0"] {
        let mut command = desk.command(RUN);
        command.env("CI", off);
        assert_eq!(done(command).code, 1);
        assert_eq!(desk.files(), [SNAP, NEW], "CI={off}");
        assert_eq!(desk.run(&["reject", "--all"]).code, 0);
    }
}

#[test]
fn one_that_waits_since_before_is_named() {
    let desk = Desk::accepted();
    desk.write("other@udesk.snap.new", &desk.read(SNAP));
    let local = desk.run(RUN);
    assert_eq!(local.code, 0, "{}", local.out);
    assert!(local.out.contains("other@udesk.snap.new waits since an earlier run"), "{}", local.out);
    let ci = desk.in_ci(RUN);
    assert_eq!(ci.code, 6, "{}", ci.out);
    assert!(ci.out.contains("ringback accept other@udesk, or reject it: ringback reject other@udesk"), "{}", ci.out);
}

#[test]
fn names_that_do_not_wait_are_refused_before_anything_is_done() {
    let desk = Desk::new();
    assert_eq!(desk.run(RUN).code, 1);
    let wrong = desk.run(&["accept", NAME, "cal@udesk"]);
    assert_eq!(wrong.code, 2);
    assert!(
        wrong.err.contains("no snapshot called `cal@udesk` waits") && wrong.err.contains("`call@udesk`"),
        "{}",
        wrong.err
    );
    assert_eq!(desk.files(), [NEW]);
    assert_eq!(desk.run(&["accept"]).code, 2);
    assert_eq!(desk.run(&["accept", "--all", NAME]).code, 2);
}

#[test]
fn what_belongs_to_nothing_is_named_and_pruned_only_by_a_run_that_would_have_played_it() {
    let desk = Desk::new();
    fs::create_dir(desk.path().join("stories")).expect("a folder");
    for name in ["one", "two"] {
        file(&desk.path().join("stories"), &format!("{name}.yaml"), &STORY.replace("[udesk]", "[udesk, 7moor]"));
    }
    let all = &["run", "stories", "--snapshots", "snapshots", "--quiet"][..];
    assert_eq!(desk.run(all).code, 1);
    assert_eq!(desk.run(&["accept", "--all"]).code, 0);
    assert_eq!(desk.files(), ["one@7moor.snap", "one@udesk.snap", "two@7moor.snap", "two@udesk.snap"]);
    fs::remove_file(desk.path().join("stories/two.yaml")).expect("a file to remove");
    file(&desk.path().join("stories"), "one.yaml", STORY);

    // Limited to a vendor, or to one scenario, a run knows of no other snapshots.
    for limited in [
        &["run", "stories", "--vendor", "udesk"][..],
        &["run", "call.yaml"],
        &["run", "stories", "--faults", "impatient-vendor"],
    ] {
        let played = desk.run(&[limited, &["--snapshots", "snapshots", "--prune", "--quiet"]].concat());
        assert!(desk.files().contains(&"one@7moor.snap".to_owned()), "{limited:?}: {}", played.out);
        let _ = desk.run(&["reject", "--all"]);
    }
    // Limited to Udesk, the run has seen that nothing of Udesk belongs to `two` any more.
    assert_eq!(desk.files(), ["one@7moor.snap", "one@udesk.snap", "two@7moor.snap"]);

    let named = desk.run(all);
    assert_eq!(named.code, 0, "{}", named.out);
    assert!(named.out.contains("RB-234"), "{}", named.out);
    assert_eq!(desk.files().len(), 3);
    assert_eq!(desk.run(&[all, &["--prune"]].concat()).code, 0);
    assert_eq!(desk.files(), ["one@udesk.snap"]);
}

#[test]
fn a_broken_file_gets_one_clear_message_and_is_left_alone() {
    for (text, told) in [
        ("not a snapshot\n", "it is damaged: it does not begin with `---`"),
        ("---\nsource: x\ninfo:\n  ringback_snapshot: 7\n---\nx\n", "it is of version 7"),
        ("---\nsource: src/x.rs\n---\nx\n", "it is no snapshot of Ringback"),
        ("---\nsource: x\n<<<<<<< HEAD\n", "line 3 has the marks of a merge"),
    ] {
        let desk = Desk::accepted();
        desk.write(SNAP, text);
        let broken = desk.run(RUN);
        assert_eq!(broken.code, 3, "{}", broken.out);
        assert!(broken.out.contains(&format!("snapshots/{SNAP}: {told}")), "{}", broken.out);
        assert_eq!(broken.out.matches("unknown[RB-233]").count(), 1, "{}", broken.out);
        assert_eq!((desk.files(), desk.read(SNAP)), (vec![SNAP.to_owned()], text.to_owned()));
    }
    let desk = Desk::accepted();
    fs::write(desk.path().join("snapshots").join(SNAP), [0xff, 0xfe]).expect("a file");
    assert!(desk.run(RUN).out.contains("it is damaged: it is no UTF-8"));
}

#[test]
fn what_cannot_be_written_gets_one_clear_message_and_nothing_is_lost() {
    // A folder where the file should be.
    let desk = Desk::accepted();
    changed(&desk);
    fs::create_dir(desk.path().join("snapshots").join(NEW)).expect("a folder");
    let before = desk.read(SNAP);
    let broken = desk.run(RUN);
    assert_eq!(broken.code, 3, "{}", broken.out);
    assert!(broken.out.contains("snapshots/call@udesk.snap.new cannot be written"), "{}", broken.out);
    assert!(broken.out.contains("RB-231"), "the difference is shown all the same: {}", broken.out);
    assert_eq!((desk.files(), desk.read(SNAP)), (vec![SNAP.to_owned(), NEW.to_owned()], before));

    // A file where the folder should be.
    let desk = Desk::new();
    file(desk.path(), "snapshots", "mine");
    let broken = desk.run(RUN);
    assert_eq!(broken.code, 3, "{}", broken.out);
    assert_eq!(fs::read_to_string(desk.path().join("snapshots")).expect("a file"), "mine");

    // A disk that takes no more: no file may grow.
    let desk = Desk::accepted();
    changed(&desk);
    let before = desk.read(SNAP);
    let limited = format!(
        "trap '' XFSZ; ulimit -f 0; exec {} run call.yaml --snapshots snapshots --quiet",
        env!("CARGO_BIN_EXE_ringback")
    );
    let mut command = Command::new("sh");
    command.args(["-c", &limited]).current_dir(desk.path()).env_remove("CI");
    let full = done(command);
    assert_eq!(full.code, 3, "{}", full.out);
    assert!(full.out.contains("snapshots/call@udesk.snap.new cannot be written: File too large"), "{}", full.out);
    assert_eq!((desk.files(), desk.read(SNAP)), (vec![SNAP.to_owned()], before));
}

#[test]
fn a_fault_profile_has_snapshots_of_its_own() {
    let desk = Desk::accepted();
    let bent = desk.run(&[RUN, &["--faults", "impatient-vendor", "--seed", "1", "--quiet"]].concat());
    assert_eq!(bent.code, 1, "{}", bent.out);
    assert_eq!(desk.files(), [SNAP, "call@udesk@impatient-vendor.snap.new"]);
    assert_eq!(desk.run(&["accept", "--all"]).code, 0);
    assert_eq!(desk.run(&[RUN, &["--faults", "impatient-vendor", "--seed", "1", "--quiet"]].concat()).code, 0);
}

#[test]
fn two_scenarios_of_one_name_are_told_apart_by_a_message() {
    let desk = Desk::new();
    fs::create_dir(desk.path().join("other")).expect("a folder");
    file(&desk.path().join("other"), "call.yaml", STORY);
    let both = desk.run(&["run", "call.yaml", "other/call.yaml", "--snapshots", "snapshots", "--quiet"]);
    assert_eq!(both.code, 3, "{}", both.out);
    assert!(both.out.contains("two scenarios of this run are called alike"), "{}", both.out);
}

/// This project's own snapshots: what the built-in receiver answers to the headline flows of every vendor.
#[test]
fn the_built_in_receiver_answers_as_it_was_accepted() {
    let here = |arguments: &[&str]| {
        let mut command = ringback(&[&["run", "--built-in", "--quiet"], arguments].concat());
        command.current_dir(env!("CARGO_MANIFEST_DIR")).env("CI", "true");
        let played = done(command);
        assert_eq!(played.code, 0, "{}\n{}", played.out, played.err);
        assert!(!played.out.contains("RB-23"), "{}", played.out);
    };
    // It takes every scenario by every vendor.
    here(&["scenarios"]);
    let mut names: Vec<String> = ["udesk", "tinet"].map(|vendor| format!("call-desk@{vendor}.snap")).into();
    for (vendor, headlines) in HEADLINES.into_iter().filter(|(vendor, _)| *vendor != "tpns") {
        here(&[&["--vendor", vendor, "--snapshots", "snapshots"], headlines].concat());
        names.extend(headlines.iter().map(|name| format!("{name}@{vendor}.snap")));
    }
    // Nothing is left over, either; what waits is git's to ignore.
    let folder = fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/snapshots")).expect("a folder");
    let mut there: Vec<_> =
        folder.map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned()).collect();
    there.retain(|name| name.ends_with(".snap"));
    there.sort();
    names.sort();
    assert_eq!(there, names, "what is there, and what is played");
}

/// Keys come from a terminal; `script` lends one.
#[cfg(target_os = "linux")]
#[test]
fn a_review_accepts_rejects_and_skips_by_single_keys() {
    use std::io::Write;
    use std::process::Stdio;

    let desk = Desk::accepted();
    changed(&desk);
    assert_eq!(desk.run(RUN).code, 1);
    let waiting = desk.read(NEW);
    for name in ["other@udesk.snap.new", "third@udesk.snap.new"] {
        desk.write(name, &waiting);
    }
    let review = |keys: &str| {
        let mut command = Command::new("script");
        command.args(["-qec", concat!(env!("CARGO_BIN_EXE_ringback"), " review"), "/dev/null"]);
        command.current_dir(desk.path()).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("the command `script`");
        child.stdin.take().expect("a pipe").write_all(keys.as_bytes()).expect("keys to press");
        Done::from(child.wait_with_output().expect("an end"))
    };
    let reviewed = review("xars");
    assert_eq!(reviewed.code, 0, "{}", reviewed.out);
    for shown in [
        "-   {\"code\":1000,\"message\":\"OK\"}",
        "+   {\"code\":1000,\"message\":\"ok\"}",
        "new: there is no accepted one yet",
    ] {
        assert!(reviewed.out.replace("\u{1b}", "").contains(shown), "{shown} in {}", reviewed.out);
    }
    assert_eq!(desk.files(), [SNAP, "third@udesk.snap.new"]);
    assert_eq!(desk.read(SNAP), waiting);
    assert!(review("q").out.contains("1 snapshot left"));
    assert_eq!(desk.files(), [SNAP, "third@udesk.snap.new"]);
}
