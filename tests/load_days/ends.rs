//! How a load ends before its time: by one signal with whole reports, by a second one at once, by a kill that its shards feel.

use crate::raw::{Does, OK, Receiver};
use crate::support::command::{Running, file, ringback, run};
use serde_json::Value;
use std::path::Path;
use std::time::{Duration, Instant};

/// A receiver that never answers again once the call that is tried first is over.
fn hanging() -> Receiver {
    Receiver::new(|n| if n < 4 { Does::Answer(OK) } else { Does::Nothing })
}

/// A load that goes on for a minute, once its first pushes are on their way.
fn under_way(receiver: &Receiver, more: &[&str]) -> Running {
    let target = format!("http://{}/hook", receiver.at);
    let given = ["load", "outbound-answered", "--vendor", "udesk", "--rate", "50/s", "--for", "1m", "--pace", "1000x"];
    let fixed = ["--retry", "none", "--timeout", "1m", "--lag-limit", "1h", "--target", &target];
    let running = Running::start(ringback(&[&given[..], &fixed, more].concat()));
    wait_until(|| receiver.count() > 10);
    running
}

fn wait_until(is_so: impl Fn() -> bool) {
    let began = Instant::now();
    while !is_so() {
        assert!(began.elapsed() < Duration::from_secs(30), "it never came to it");
        std::thread::sleep(Duration::from_millis(5));
    }
}

fn json(path: &Path) -> Value {
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

#[test]
fn one_signal_ends_it_with_whole_reports_though_the_receiver_hangs() {
    for signal in ["INT", "TERM", "HUP"] {
        let receiver = hanging();
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        let reports = ["html=load.html", "junit=load.xml", "ndjson=load.ndjson"]
            .map(|report| report.replace("load.", &format!("{}/load.", folder.path().display())));
        let out = path("load.json").display().to_string();
        let more = ["--seed", "7", "--out", &out, "--report", "term", "--report", &reports[0], "--report", &reports[1]];
        let running = under_way(&receiver, &[&more[..], &["--report", &reports[2]]].concat());
        running.signal(signal);
        let done = running.end();
        assert_eq!(done.code, 130, "{}", done.err);
        assert!(done.out.contains("INTERRUPTED (exit 130)") && done.out.contains("seed       7"), "{}", done.out);
        let total = &json(&path("load.json"))["total"];
        let of = |key: &str| total[key].as_u64().unwrap();
        assert_eq!(of("planned"), of("sent") + of("held") + of("lost"), "{total}");
        assert!(of("lost") > 0 && of("held_by_end") > 0, "{total}");
        let text = |name: &str| std::fs::read_to_string(path(name)).unwrap();
        assert!(text("load.html").trim_end().ends_with("</html>"));
        assert!(text("load.xml").trim_end().ends_with("</testsuites>"));
        let last = text("load.ndjson").lines().last().map(serde_json::from_str::<Value>).unwrap().unwrap();
        assert_eq!(last["verdict"], "interrupted");
    }
}

#[test]
fn a_second_signal_ends_it_at_once_and_its_seed_is_known() {
    let receiver = hanging();
    let folder = tempfile::tempdir().unwrap();
    let report = format!("json={}", folder.path().join("load.json").display());
    let running = under_way(&receiver, &["--report", "term", "--report", &report]);
    // Two of one kind could become one on their way.
    running.signal("HUP");
    running.signal("INT");
    let done = running.end();
    assert_eq!(done.code, 130, "{}", done.err);
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0, "half a report is left");
    assert!(done.out.contains(", seed ") && !done.out.contains("INTERRUPTED"), "{}", done.out);
}

#[test]
fn a_shard_that_was_killed_is_missing_in_the_merge_and_the_others_are_not() {
    let (good, bad) = (Receiver::new(|_| Does::Answer(OK)), hanging());
    let folder = tempfile::tempdir().unwrap();
    let out = |number: u32| folder.path().join(format!("shard-{number}.json")).display().to_string();
    let (first, second) = (out(1), out(2));
    let shard = ["--seed", "7", "--at", "2026-01-05T09:00:00+08:00", "--shard"];
    let target = format!("http://{}/hook", good.at);
    let given = ["load", "outbound-answered", "--vendor", "udesk", "--rate", "50/s", "--for", "500ms", "--pace"];
    let fixed = ["1000x", "--retry", "none", "--lag-limit", "1h", "--target", &target];
    let done = run(&[&given[..], &fixed, &shard, &["1/2", "--out", &first]].concat());
    assert_eq!(done.code, 0, "{}", done.err);
    assert!(done.out.contains("--shard 1/2 --out"), "{}", done.out);

    let killed = under_way(&bad, &[&shard[..], &["2/2", "--out", &second]].concat());
    killed.signal("KILL");
    drop(killed);
    assert!(!Path::new(&second).exists(), "a part of a report is no report");

    let merged = run(&["load", "merge", &second, &first, "--lag-limit", "1h"]);
    assert_eq!(merged.code, 3, "{}", merged.err);
    for told in [
        "Shard 2 of 2 is missing.",
        "shard-2.json` cannot be read: there is no such file, because",
        "shards     1 of 2",
    ] {
        assert!(merged.out.contains(told), "{told}: {}", merged.out);
    }
    // The command of the merge plays the whole load, not the part that came first.
    assert!(!merged.out.contains("--shard"), "{}", merged.out);
    let alone = run(&["load", "merge", &second]);
    assert_eq!(alone.code, 3, "{}", alone.err);
    assert!(alone.err.contains("no shard has come to its end"), "{}", alone.err);
    // Nothing is missing, so that the name is wrong.
    let given = |number: &str, of: &str| run(&[&given[..], &fixed, &shard, &[number, "--out", of]].concat());
    assert_eq!(given("2/2", &second).code, 0);
    let wrong = out(3);
    let refused = run(&["load", "merge", &second, &first, &wrong]);
    assert_eq!(refused.code, 2, "{}{}", refused.out, refused.err);
    assert!(refused.err.contains("shard-3.json` cannot be read: there is no such file"), "{}", refused.err);
    let over = run(&["load", "merge", &second, &first, "--out", &first]);
    assert_eq!(over.code, 2, "{}{}", over.out, over.err);
    assert!(over.err.contains("would overwrite a file that is merged"), "{}", over.err);
    let damaged = file(folder.path(), "damaged.json", "{\"format\": 1, ");
    let refused = run(&["load", "merge", &damaged, &first]);
    assert_eq!(refused.code, 2, "{}", refused.err);
    assert!(refused.err.contains("damaged.json` is damaged"), "{}", refused.err);
}

#[test]
fn a_journal_on_a_full_disk_is_told_and_the_exit_is_told_true() {
    let receiver = Receiver::new(|_| Does::Answer(OK));
    let folder = tempfile::tempdir().unwrap();
    let journal = folder.path().join("journal.db").display().to_string();
    let target = format!("http://{}/hook", receiver.at);
    let given = ["load", "outbound-answered", "--vendor", "udesk", "--rate", "60/s", "--for", "500ms", "--pace"];
    let fixed = ["1000x", "--lag-limit", "1h", "--target", &target, "--journal", &journal, "--journal-sample", "all"];
    let load = ringback(&[&given[..], &fixed].concat());
    // A limit on the size of files is a disk that is full from then on; the signal that comes with it is ignored.
    let mut shell = std::process::Command::new("sh");
    shell.args(["-c", "trap '' XFSZ; ulimit -f 150; exec \"$0\" \"$@\""]).arg(load.get_program()).args(load.get_args());
    let done = crate::support::command::done(shell);
    assert_eq!(done.code, 3, "{}\n{}", done.out, done.err);
    assert!(done.out.contains("attempts were not written, because it could not be written any more"), "{}", done.out);
    assert!(done.out.contains("BROKEN OFF (exit 3)"), "{}", done.out);
    assert!(done.out.contains("120 planned = 120 sent"), "{}", done.out);
}
