//! The journal as other processes see it: a killed writer, a reader beside a writer, two writers.

use crate::support::served;

use ringback::event::RunEvent;
use ringback::journal::{
    AttemptFilter, AttemptRow, Column, EntryFilter, Journal, Order, Outcome, Page, Reader, Records, TEXT_MAX_BYTES,
};
use ringback::report::Report;
use serde_json::json;
use served::{ACCOUNT, Row, recorded, started, write};
use std::collections::BTreeSet;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

const PATH_VARIABLE: &str = "RINGBACK_TEST_JOURNAL";
const FIRST_VARIABLE: &str = "RINGBACK_TEST_FIRST";

fn everything() -> AttemptFilter {
    AttemptFilter {
        vendor: "tinet",
        account: ACCOUNT.into(),
        push: None,
        acknowledged: None,
        url: None,
        attempt: None,
        column: Column::Ended,
        during_ms: i64::MIN..=i64::MAX,
        order: Order::OldestFirst,
    }
}

const ALL: Page = Page { offset: 0, limit: u32::MAX };

fn rows(path: &Path) -> Vec<AttemptRow> {
    Reader::open(path).unwrap().attempts(&everything(), ALL).unwrap()
}

/// Not a test of its own: the writer that the next test starts, and kills.
#[test]
#[ignore = "started by another test"]
fn a_writer_that_is_killed() {
    let Some(path) = std::env::var_os(PATH_VARIABLE) else { return };
    let first: u32 = std::env::var(FIRST_VARIABLE).unwrap().parse().unwrap();
    let mut journal = Journal::open(Path::new(&path)).unwrap();
    journal.event(&started()).unwrap();
    for number in first.. {
        let row = Row::new(number, "9", u64::from(number));
        journal.event(&row.began()).unwrap();
        journal.event(&row.ended()).unwrap();
        let mut out = std::io::stdout().lock();
        writeln!(out, "row {number}").unwrap();
        out.flush().unwrap();
    }
}

#[test]
fn a_row_that_was_acknowledged_outlives_a_killed_writer() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("journal");
    let mut acknowledged = BTreeSet::new();
    // The same file again and again, killed after ever more rows, so that a checkpoint is met, too.
    for (round, count) in [1, 7, 50, 400, 1500].into_iter().enumerate() {
        let mut writer = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "journal::a_writer_that_is_killed", "--ignored", "--nocapture"])
            .env(PATH_VARIABLE, &path)
            .env(FIRST_VARIABLE, (round as u32 * 1_000_000).to_string())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(writer.stdout.take().unwrap()).lines();
        let row = |line: &str| line.strip_prefix("row ").map(|number| number.parse::<u32>().unwrap());
        let mut seen = 0;
        while seen < count {
            let line = lines.next().expect("the writer goes on until it is killed").unwrap();
            seen += row(&line).map_or(0, |number| usize::from(acknowledged.insert(number)));
        }
        writer.kill().unwrap();
        writer.wait().unwrap();
        // What it had said by then counts, except for a line that it did not finish.
        let rest: Vec<String> = lines.map_while(Result::ok).collect();
        let whole = rest.len().saturating_sub(1);
        acknowledged.extend(rest[..whole].iter().filter_map(|line| row(line)));
    }
    let kept: BTreeSet<u32> = rows(&path).iter().map(|row| number(&row.conversation)).collect();
    let lost: Vec<_> = acknowledged.difference(&kept).collect();
    assert!(acknowledged.len() >= 1958);
    assert!(lost.is_empty(), "lost {lost:?}");
}

fn number(conversation: &str) -> u32 {
    conversation.rsplit('.').next().unwrap().parse().unwrap()
}

#[test]
fn an_attempt_counts_once_it_ended_however_it_ended() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("journal");
    let mut journal = Journal::open(&path).unwrap();
    journal.event(&started()).unwrap();
    let failed = Row { reply: Err("no answer".into()), ..Row::new(1, "9", 1) };
    let again = Row { attempt: 2, offset: Duration::from_secs(6), ..Row::new(1, "9", 1) };
    let refused = Row { reply: Ok((500, "no".into())), ..Row::new(2, "7", 8) };
    for row in [&failed, &again, &refused] {
        journal.event(&row.began()).unwrap();
        journal.event(&row.ended()).unwrap();
    }
    let cut_off = Row::new(3, "7", 9);
    journal.event(&cut_off.began()).unwrap();
    assert_eq!(rows(&path).len(), 3);
    let RunEvent::Attempted { delivery, .. } = cut_off.began() else { unreachable!() };
    let reason = "the run was stopped".to_owned();
    journal.event(&RunEvent::GivenUp { delivery, attempts: 1, reason, excused: false }).unwrap();

    let rows = rows(&path);
    let told: Vec<_> = rows.iter().map(|row| (row.attempt, row.outcome, row.status, row.reply.as_str())).collect();
    assert_eq!(
        told,
        [
            (1, Outcome::Failed, None, "timed out: no answer"),
            (2, Outcome::Acknowledged, Some(200), "ok"),
            (1, Outcome::Refused, Some(500), "no"),
            (1, Outcome::Abandoned, None, "the run was stopped"),
        ]
    );
    assert_eq!(rows[1].requested_ms, rows[1].started_ms - 5000);
    assert_eq!(rows[1].ended_ms, rows[1].started_ms + 100);
}

#[test]
fn a_journal_is_read_while_two_runs_write_it() {
    const EACH: u32 = 300;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("journal");
    drop(Journal::open(&path).unwrap());
    std::thread::scope(|threads| {
        let writers: Vec<_> = [0, EACH]
            .map(|first| {
                let path = &path;
                threads.spawn(move || {
                    let rows: Vec<_> = (first..first + EACH).map(|number| Row::new(number, "9", 1)).collect();
                    write(path, &rows);
                })
            })
            .into();
        let mut seen = 0;
        while !writers.iter().all(|writer| writer.is_finished()) {
            let now = rows(&path).len();
            assert!(now >= seen, "rows vanish");
            seen = now;
        }
    });
    assert_eq!(rows(&path).len() as u32, 2 * EACH);
}

#[test]
fn texts_of_any_kind_and_length_are_kept_up_to_the_cap() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("journal");
    let odd = "'; DROP TABLE attempts; -- \u{0} 空闲 \"\\";
    let long = "x".repeat(3 * TEXT_MAX_BYTES);
    let row = Row {
        conversation: format!("{odd}.1"),
        url: format!("http://127.0.0.1:9/{odd}"),
        body: long.clone(),
        headers: vec![("X-Odd".into(), odd.into())],
        reply: Ok((299, long)),
        ..Row::new(1, odd, 1)
    };
    write(&path, &[row]);
    let filter = AttemptFilter { push: Some(odd.into()), ..everything() };
    let rows = Reader::open(&path).unwrap().attempts(&filter, ALL).unwrap();
    assert_eq!(rows.len(), 1);
    assert_eq!((rows[0].push.as_str(), rows[0].headers[0].1.as_str()), (odd, odd));
    assert_eq!((rows[0].body.len(), rows[0].reply.len()), (TEXT_MAX_BYTES, TEXT_MAX_BYTES));
}

#[test]
fn a_later_entry_takes_the_place_of_the_one_before() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("journal");
    let mut journal = Journal::open(&path).unwrap();
    for status in ["PUSH_INIT", "PUSH_FINISHED"] {
        journal.event(&recorded("12", "2026-04-20T02:00:00Z", json!({"status": status}))).unwrap();
    }
    let filter = EntryFilter {
        vendor: "tpns",
        account: Some("1500001048".into()),
        id: None,
        during_ms: 0..=i64::MAX,
        fields: vec![("status", "PUSH_FINISHED".into())],
    };
    let entries = Reader::open(&path).unwrap().entries(&filter, ALL).unwrap();
    assert_eq!((entries.total, entries.rows[0].record["status"].as_str()), (1, Some("PUSH_FINISHED")));
    let none = EntryFilter { fields: vec![("status", "PUSH_INIT".into())], ..filter };
    assert_eq!(Reader::open(&path).unwrap().entries(&none, ALL).unwrap().total, 0);
}

#[test]
fn a_reader_notices_that_its_file_was_replaced() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("journal");
    write(&path, &[Row::new(1, "9", 1)]);
    let reader = Reader::open(&path).unwrap();
    assert!(reader.is_current());
    for file in std::fs::read_dir(folder.path()).unwrap() {
        std::fs::remove_file(file.unwrap().path()).unwrap();
    }
    assert!(!reader.is_current());
}

/// The journal of version 0.1.0 that stands in `fixtures`, as SQL.
fn of_0_1_0(path: &Path) {
    let connection = rusqlite::Connection::open(path).unwrap();
    connection.execute_batch(include_str!("fixtures/0.1.0/journal.sql")).unwrap();
}

#[test]
fn a_journal_of_0_1_0_is_read_and_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("journal");
    of_0_1_0(&path);
    let mut journal = Journal::open(&path).unwrap();
    let of_then = AttemptFilter { account: "7193253".into(), ..everything() };
    let before = Reader::open(&path).unwrap().attempts(&of_then, ALL).unwrap();
    assert_eq!(before.len(), 8);
    let hang_up = &before[4];
    assert_eq!((hang_up.push.as_str(), hang_up.status, hang_up.outcome), ("22", Some(200), Outcome::Acknowledged));
    assert_eq!(hang_up.reply, r#"{"result":"success"}"#);
    journal.event(&started()).unwrap();
    let row = Row { account: "7193253".into(), ..Row::new(1, "2", 10) };
    journal.event(&row.began()).unwrap();
    journal.event(&row.ended()).unwrap();
    assert_eq!(Reader::open(&path).unwrap().attempts(&of_then, ALL).unwrap().len(), 9);
}

#[tokio::test]
async fn the_query_apis_answer_from_a_journal_of_0_1_0() {
    let asked = served::Asked { now: Some("2026-03-02T12:00:00+08:00"), ..Default::default() };
    let served = served::Served::with(asked, of_0_1_0).await;
    let mut client = served.client().await;
    let query = "/?EnterpriseId=7193253&Type=22";
    let log = client.ask("POST", query, &[("x-acs-action", "CloudListCurlLog")], b"").await;
    let rows = log.json["Data"]["List"].as_array().unwrap();
    assert_eq!(rows.len(), 1, "{}", log.text);
    assert_eq!(rows[0]["UniqueId"], "sip-58-1772415000.262076");
    assert_eq!((&rows[0]["StatusCode"], &rows[0]["ResultText"]), (&json!("200"), &json!(r#"{"result":"success"}"#)));
    let body = json!({ "startDate": "2026-03-01", "endDate": "2026-03-02" }).to_string();
    let headers = [("Content-Type", "application/json")];
    let records = client.ask("POST", "/v3/statistics/get_push_record", &headers, body.as_bytes()).await;
    assert_eq!((&records.json["retCode"], &records.json["count"]), (&json!(0), &json!(1)), "{}", records.text);
    assert!(records.text.contains("193798707"), "{}", records.text);
    served.end().await;
}
