//! A journal under load: failures always, successes by their share, never in the way of the senders, and true: what it holds
//! is what a receiver got, and `serve` answers from it.

use crate::support::raw;
use crate::support::served;

use jiff::Timestamp;
use raw::{Does, OK, Receiver};
use ringback::delivery::{AttemptOutcome, Failure, Transport, Trust, stop};
use ringback::event::{FailureClass, Phase, RunEvent, Timing};
use ringback::journal::Journal;
use ringback::load::template::{Room, Story};
use ringback::load::{
    ATTEMPTS_UNWRITTEN_MAX, Arrival, AttemptTold, Calls, Ended, Figures, Load, Sending, Shard, Stage, Told,
    WeightedStory, Writing, Written, run,
};
use ringback::plan::{Circumstances, Targets};
use ringback::report::Report;
use ringback::{scenario, vendors};
use serde_json::Value;
use served::{ACCOUNT, Asked, Served};
use std::collections::BTreeMap;
use std::io;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::mpsc::{Receiver as Ear, Sender, channel};
use std::sync::{Arc, Mutex};
use std::time::Duration;

const BUSY: &str = "HTTP/1.1 503 Busy\r\nContent-Length: 9\r\n\r\nnot now\r\n";

fn start() -> Timestamp {
    served::instant(served::START)
}

/// The answered call by TiNet, whose log `serve` answers from.
fn story(at: SocketAddr) -> Arc<Story> {
    let mut scenario = scenario::headline().unwrap().into_iter().next().unwrap();
    let vendor = vendors::find("tinet").unwrap();
    let facts = vendor.options();
    let mut settings = vendors::GivenOptions::defaults(facts);
    settings.read("enterprise", ACCOUNT).unwrap();
    scenario.options.insert("tinet", settings);
    let target = format!("http://{at}/hook").parse().unwrap();
    let circumstances = Circumstances {
        seed: 7,
        start: start(),
        call_number: 1,
        targets: Targets::Given(vec![target]),
        overrides: Vec::new(),
        allowed_hosts: Vec::new(),
    };
    let room = Room::shared_by(1);
    Arc::new(Story::new(&scenario, vendor, &circumstances, room).unwrap())
}

fn load(calls: Arc<Story>, sample: u64) -> Load {
    Load {
        stories: vec![WeightedStory { calls, weight: 1 }],
        seed: 7,
        start: start(),
        // A call of minutes is over at once.
        pace: 1000.0,
        arrival: Arrival::Even(vec![Stage::steady(40.0, Duration::from_millis(500))]),
        max_calls: None,
        max_in_flight: 10_000,
        connections: 8,
        workers: 1,
        shard: Shard { number: 1, of: 1 },
        linger: None,
        transport: Transport::new(Trust::System),
        sending: Sending::Wire,
        sample,
        asked: "test".into(),
    }
}

/// A receiver that takes the call that is tried first, and refuses one push in `of` of the others.
fn refusing(of: usize) -> (Receiver, Arc<Mutex<usize>>) {
    let tried = Arc::new(Mutex::new(usize::MAX));
    let after = tried.clone();
    let receiver = Receiver::new(move |n| {
        let tried = *after.lock().unwrap();
        Does::Answer(if n >= tried && (n - tried) % of == of - 1 { BUSY } else { OK })
    });
    (receiver, tried)
}

async fn play(load: &Load, report: Box<dyn Report + Send>) -> (Figures, Written) {
    let mut writing = Writing::start(load, report).unwrap();
    let mut told = |each| {
        if let Told::Attempt(attempt) = each {
            writing.attempt(attempt);
        }
    };
    let outcome = run(load, &mut told, &stop().1).await;
    assert_eq!(outcome.ended, Ended::Done);
    (outcome.figures, writing.close())
}

async fn log_of(journal: &Path) -> Vec<Value> {
    let served = Served::with(Asked::default(), |path| {
        std::fs::copy(journal, path).unwrap();
    })
    .await;
    let mut client = served.client().await;
    let mut rows = Vec::new();
    for result in ["0", "1"] {
        let query = format!("/?EnterpriseId={ACCOUNT}&Limit=500&Result={result}");
        let answer = client.ask("POST", &query, &[("x-acs-action", "CloudListCurlLog")], b"").await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        rows.extend(answer.json["Data"]["List"].as_array().unwrap().clone());
    }
    rows
}

fn counted<'a>(texts: impl IntoIterator<Item = &'a str>) -> BTreeMap<String, u64> {
    let mut counts = BTreeMap::new();
    texts.into_iter().for_each(|text| *counts.entry(text.to_owned()).or_default() += 1);
    counts
}

/// The fields of a body, whichever way they travelled.
fn fields(body: &str) -> Value {
    serde_json::from_str(body).unwrap_or_else(|_| {
        Value::Object(
            form_urlencoded::parse(body.as_bytes()).map(|(name, value)| (name.into(), value.into())).collect(),
        )
    })
}

#[tokio::test]
async fn the_log_of_a_load_is_what_the_receiver_got() {
    let (receiver, tried) = refusing(5);
    let calls = story(receiver.at);
    let first = calls.steps(1);
    *tried.lock().unwrap() = first;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("journal");
    let (figures, written) = play(&load(calls, 1), Box::new(Journal::open(&path).unwrap())).await;
    let total = figures.total();
    assert!(total.nacks > 10, "{total:?}");
    assert_eq!((written.attempts, written.left_out), (total.attempts, 0));
    assert!(written.broken.is_none(), "{written:?}");

    let rows = log_of(&path).await;
    assert_eq!(rows.len() as u64, total.attempts);
    let text = |row: &Value, name: &str| row[name].as_str().unwrap().to_owned();
    let refused: Vec<_> = rows.iter().filter(|row| row["Result"] == "0").collect();
    assert_eq!(refused.len() as u64, total.nacks);
    assert!(refused.iter().all(|row| row["StatusCode"] == "503" && row["ResultText"] == "not now\r\n"));
    // Body by body what arrived, but for the call that was tried before.
    let bodies = receiver.bodies.lock().unwrap().clone();
    let got: Vec<String> = bodies[first..].iter().map(|body| fields(body).to_string()).collect();
    let kept: Vec<String> = rows.iter().map(|row| fields(&text(row, "Params")).to_string()).collect();
    assert_eq!(counted(kept.iter().map(String::as_str)), counted(got.iter().map(String::as_str)));
    // In scenario time: the load lasts half a second, which is a good eight minutes at this pace, and then calls end.
    let started: Vec<i64> = rows.iter().map(|row| text(row, "StartTime").parse().unwrap()).collect();
    let from = start().as_millisecond();
    assert!(started.iter().all(|at| (from..from + 3_600_000).contains(at)), "{started:?}");
    assert!(started.iter().max().unwrap() - started.iter().min().unwrap() > 400_000);
    let requested = |row: &Value| text(row, "RequestTime").parse::<i64>().unwrap();
    assert!(rows.iter().zip(&started).all(|(row, started)| requested(row) <= started + 1000));
    let retried = rows.iter().filter(|row| row["Retry"].as_u64().unwrap() > 0).count() as u64;
    assert_eq!(retried, total.retries);
}

#[tokio::test]
async fn failures_are_kept_always_and_the_others_by_their_share() {
    for (sample, least, most) in [(0, 0, 0), (10, 1, 40)] {
        let (receiver, tried) = refusing(3);
        let calls = story(receiver.at);
        *tried.lock().unwrap() = calls.steps(1);
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("journal");
        let (figures, _) = play(&load(calls, sample), Box::new(Journal::open(&path).unwrap())).await;
        let rows = log_of(&path).await;
        let kept = rows.iter().filter(|row| row["Result"] == "1").count();
        assert_eq!((rows.len() - kept) as u64, figures.total().nacks);
        assert!((least..=most).contains(&kept), "{kept} of {} at 1/{sample}", figures.total().sent);
    }
}

/// A report that breaks as soon as it is let go.
struct Stuck {
    let_go: Ear<()>,
    began: Sender<()>,
    taken: Arc<Mutex<u64>>,
}

impl Report for Stuck {
    fn event(&mut self, event: &RunEvent) -> io::Result<()> {
        if matches!(event, RunEvent::Started { .. }) {
            return Ok(());
        }
        *self.taken.lock().unwrap() += 1;
        let _ = self.began.send(());
        let _ = self.let_go.recv();
        Err(io::ErrorKind::StorageFull.into())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// An attempt as a worker tells it.
fn some_told() -> Box<AttemptTold> {
    let failure = Failure::new(FailureClass::Refused, Phase::Connect, "nobody listens");
    Box::new(AttemptTold {
        story: 0,
        call: 3,
        start: start(),
        step: 0,
        target: 0,
        attempt: 1,
        due: Duration::from_secs(1),
        response: Duration::from_millis(2),
        began: start(),
        acknowledged: false,
        outcome: AttemptOutcome::Failed { failure, timing: Timing::default() },
    })
}

#[test]
fn what_cannot_be_written_is_counted_and_nobody_waits() {
    let (go, let_go) = channel();
    let (began, has_begun) = channel();
    let taken = Arc::new(Mutex::new(0));
    let load = load(story(([127, 0, 0, 1], 9).into()), 1);
    let report = Stuck { let_go, began, taken: taken.clone() };
    let mut writing = Writing::start(&load, Box::new(report)).unwrap();
    writing.attempt(some_told());
    // The writer is busy with the first from now on.
    has_begun.recv().unwrap();
    let more = ATTEMPTS_UNWRITTEN_MAX + 500;
    (0..more).for_each(|_| writing.attempt(some_told()));
    assert_eq!(writing.left_out(), 500);
    drop(go);
    let written = writing.close();
    // One that breaks is left alone.
    assert_eq!((written.attempts, written.left_out, *taken.lock().unwrap()), (0, 1 + more as u64, 1));
    assert_eq!(written.broken.unwrap().kind(), io::ErrorKind::StorageFull);
}
