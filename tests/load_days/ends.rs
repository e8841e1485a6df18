//! How a load ends: when its time is over, whatever the receiver does; by one signal or two with whole reports, by a kill that
//! its shards feel.

use crate::support::command::{Running, file, ringback, run};
use crate::support::raw::{Does, OK, Receiver};
use serde_json::Value;
use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
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
        adds_up(total);
        assert!(of("lost") > 0 && of("held_by_end") > 0, "{total}");
        let text = |name: &str| std::fs::read_to_string(path(name)).unwrap();
        assert!(text("load.html").trim_end().ends_with("</html>"));
        assert!(text("load.xml").trim_end().ends_with("</testsuites>"));
        let last = text("load.ndjson").lines().last().map(serde_json::from_str::<Value>).unwrap().unwrap();
        assert_eq!(last["verdict"], "interrupted");
    }
}

#[test]
fn a_second_signal_ends_it_soon_with_whole_reports_also_while_a_call_is_tried_first() {
    for receiver in [hanging(), Receiver::new(|_| Does::Nothing)] {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        let html = format!("html={}", path("load.html").display());
        let (out, target) = (path("load.json").display().to_string(), format!("http://{}/hook", receiver.at));
        let given =
            ["load", "outbound-answered", "--vendor", "udesk", "--rate", "50/s", "--for", "1m", "--pace", "1000x"];
        let fixed = ["--retry", "none", "--timeout", "1m", "--target", &target, "--out", &out];
        let running =
            Running::start(ringback(&[&given[..], &fixed, &["--report", "term", "--report", &html]].concat()));
        wait_until(|| receiver.count() > 0);
        running.signal("HUP");
        // Signals of one kind that come at once are one.
        running.signal("INT");
        let began = Instant::now();
        let done = running.end();
        assert_eq!(done.code, 130, "{}", done.err);
        assert!(began.elapsed() < ringback::load::HURRY_MAX, "{:?}", began.elapsed());
        assert!(done.out.contains("INTERRUPTED (exit 130)"), "{}", done.out);
        let summary = json(&path("load.json"));
        assert_eq!(summary["verdict"], "interrupted");
        adds_up(&summary["total"]);
        assert!(std::fs::read_to_string(path("load.html")).unwrap().trim_end().ends_with("</html>"));
    }
}

fn adds_up(total: &Value) {
    let of = |key: &str| total[key].as_u64().unwrap();
    assert_eq!(of("planned"), of("sent") + of("held") + of("lost") + of("excused"), "{total}");
}

/// What is written, again and again, to whoever has asked.
#[derive(Debug, Clone, Copy)]
enum Pours {
    Hints,
    /// The same, into one connection only; all others are answered.
    HintsOnce,
    Head,
    Body,
    Chunks,
    /// A byte in a while.
    Drops,
    /// Nothing, and nothing is read either.
    Nothing,
    /// Nothing, and the connection is half closed.
    Closed,
}

/// Answers four pushes, which are those of the call that is tried first, and pours from then on.
fn pouring(pours: Pours) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let at = listener.local_addr().unwrap();
    let answered = Arc::new(AtomicUsize::new(0));
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let answered = answered.clone();
            std::thread::spawn(move || pour(stream, pours, &answered));
        }
    });
    at
}

fn pour(mut stream: TcpStream, pours: Pours, answered: &AtomicUsize) {
    let mut buffer = [0; 64 * 1024];
    loop {
        if answered.load(Ordering::SeqCst) >= 4 && matches!(pours, Pours::Nothing) {
            return std::thread::sleep(Duration::from_secs(20));
        }
        let Ok(1..) = stream.read(&mut buffer) else { return };
        let before = answered.fetch_add(1, Ordering::SeqCst);
        if before == 4 || before > 4 && !matches!(pours, Pours::HintsOnce) {
            break;
        }
        stream.write_all(OK.as_bytes()).unwrap_or_default();
    }
    let (first, again) = match pours {
        Pours::Hints | Pours::HintsOnce => ("", "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n".repeat(2000)),
        Pours::Head | Pours::Drops => ("HTTP/1.1 200 OK\r\nX: ", "x".into()),
        Pours::Body => ("HTTP/1.1 200 OK\r\n\r\n", "x".repeat(64 * 1024)),
        Pours::Chunks => ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", "1\r\nx\r\n".repeat(10_000)),
        Pours::Nothing => ("", String::new()),
        Pours::Closed => return stream.shutdown(Shutdown::Write).unwrap_or_default(),
    };
    stream.write_all(first.as_bytes()).unwrap_or_default();
    while stream.write_all(again.as_bytes()).is_ok() {
        if matches!(pours, Pours::Drops) {
            std::thread::sleep(Duration::from_millis(50));
        }
    }
}

#[test]
fn a_load_ends_when_its_time_is_over_whatever_the_receiver_does() {
    let all = [
        Pours::Hints,
        Pours::HintsOnce,
        Pours::Head,
        Pours::Body,
        Pours::Chunks,
        Pours::Drops,
        Pours::Nothing,
        Pours::Closed,
    ];
    let folder = tempfile::tempdir().unwrap();
    // None of its pushes waits for another.
    let text = include_str!("../../scenarios/outbound-answered.yaml").to_owned() + "deliver: { order: free }\n";
    let scenario = file(folder.path(), "free.yaml", &text);
    for pours in all {
        let target = format!("http://{}/hook", pouring(pours));
        let out = folder.path().join(format!("{pours:?}.json"));
        let given = ["load", &scenario, "--vendor", "udesk", "--rate", "10/s", "--for", "500ms", "--pace", "1000x"];
        let fixed = ["--retry", "none", "--timeout", "1m", "--linger", "1s", "--lag-limit", "1h", "--target"];
        let done = run(&[&given[..], &fixed, &[&target, "--out", &out.display().to_string()]].concat());
        let summary = json(&out);
        let took = summary["figures"]["took_us"].as_u64().unwrap();
        assert!(took < 3_500_000, "{pours:?}: {took} us");
        let of = |key: &str| summary["total"][key].as_u64().unwrap();
        // A body without an end is read up to a limit and judged by its head, as `run` does; all else has no answer. How
        // many of those in tiny chunks come to the limit in time is the machine's doing.
        let sent = match pours {
            Pours::Body => 20,
            Pours::Chunks => of("sent"),
            Pours::HintsOnce => 19,
            _ => 0,
        };
        assert_eq!(done.code, if sent == 20 { 0 } else { 4 }, "{pours:?}: {}{}", done.out, done.err);
        assert_eq!((of("planned"), of("attempts"), of("held")), (20, 20, 0), "{pours:?}: {}", done.out);
        assert_eq!((of("sent"), of("lost"), of("excused")), (sent, 20 - sent, 0), "{pours:?}: {}", done.out);
        assert!(summary["reasons"].as_array().unwrap().iter().all(|why| !why.to_string().contains("did not come")));
    }
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
