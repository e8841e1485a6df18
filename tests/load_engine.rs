//! The engine of load against receivers that behave, stall, refuse, hang and die: every planned push is accounted for, and
//! what is told of time is true.

use crate::support::raw;

use jiff::Timestamp;
use raw::{Does, OK, Receiver};
use ringback::delivery::{Transport, Trust, stop};
use ringback::http::{Compression, Reply};
use ringback::load::template::{Room, Story};
use ringback::load::{
    About, Arrival, Calls, Chance, Ended, Figures, Load, Outcome, Policy, Sending, Shard, Stage, Steering, Step,
    Strikes, Told, Way, WeightedStory, run,
};
use ringback::plan::{Circumstances, Plan, Targets};
use ringback::scenario;
use ringback::vendors::{self, Acknowledgement, Retriable, RetryPolicy};
use std::collections::HashSet;
use std::net::{SocketAddr, TcpListener};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};
use url::Url;

/// Calls of a few small pushes.
struct Small {
    targets: Vec<Url>,
    dues: Vec<Duration>,
    kinds: Vec<String>,
    policies: Vec<Policy>,
}

impl Small {
    fn new(at: SocketAddr, dues_ms: &[u64], policy: Policy) -> Arc<Self> {
        Arc::new(Self {
            targets: vec![format!("http://{at}/hook").parse().unwrap()],
            dues: dues_ms.iter().map(|due| Duration::from_millis(*due)).collect(),
            kinds: vec!["test:first".into(), "test:later".into()],
            policies: vec![policy],
        })
    }
}

impl Calls for Small {
    fn name(&self) -> &str {
        "small"
    }
    fn kinds(&self) -> &[String] {
        &self.kinds
    }
    fn policies(&self) -> &[Policy] {
        &self.policies
    }
    fn targets(&self) -> &[Url] {
        &self.targets
    }
    fn steps(&self, _: u64) -> usize {
        self.dues.len()
    }
    fn step(&self, _: u64, step: usize) -> Step {
        Step {
            due: self.dues[step],
            kind: step.min(1),
            policy: 0,
            way: Way::Rendered,
            is_chained: false,
            about: About::default(),
        }
    }
    fn render(&self, call: u64, step: usize, target: usize, _: u32, start: Timestamp, into: &mut Vec<u8>) -> Strikes {
        let began = start.as_millisecond();
        let (url, body) = (&self.targets[target], format!("{{\"call\":{call},\"step\":{step},\"began\":{began}}}"));
        let head = format!("POST {} HTTP/1.1\r\nHost: {}\r\nContent-Length: {}\r\n\r\n", url.path(), "x", body.len());
        into.extend_from_slice(head.as_bytes());
        into.extend_from_slice(body.as_bytes());
        Strikes::default()
    }
    fn compression(&self, _: usize) -> Compression {
        Compression::Unasked
    }
    fn acknowledged(&self, _: usize, reply: &Reply) -> Acknowledgement {
        if reply.is_success() { Acknowledgement::Yes } else { Acknowledgement::No("no".into()) }
    }
    fn plan(&self, _: u64, _: Timestamp) -> Option<Plan> {
        None
    }
}

fn policy(timeout_ms: u64, waits_ms: &[u64]) -> Policy {
    let waits = waits_ms.iter().map(|wait| Duration::from_millis(*wait)).collect();
    let on = Retriable::ALL.iter().map(|(kind, _)| *kind).collect();
    Policy { timeout: Duration::from_millis(timeout_ms), retry: RetryPolicy { waits, jitter: 0.0, on } }
}

pub fn load(calls: Arc<dyn Calls>, rate: f64, lasting_ms: u64) -> Load {
    Load {
        stories: vec![WeightedStory { calls, weight: 1 }],
        seed: 7,
        start: "2026-01-05T01:00:00Z".parse().unwrap(),
        pace: 1.0,
        arrival: Arrival::Even(vec![Stage::steady(rate, Duration::from_millis(lasting_ms))]),
        max_calls: None,
        max_in_flight: 10_000,
        connections: 16,
        workers: 1,
        shard: Shard { number: 1, of: 1 },
        linger: None,
        transport: Transport::new(Trust::System),
        sending: Sending::Wire,
        sample: 0,
        asked: "test".into(),
    }
}

async fn play(load: &Load) -> (Outcome, Vec<Told>) {
    let mut told = Vec::new();
    let outcome = run(load, &mut |each| told.push(each), &stop().1).await;
    let total = outcome.figures.total();
    assert!(
        total.adds_up(),
        "{} planned, {} sent, {} held, {} lost",
        total.planned,
        total.sent,
        total.held,
        total.lost
    );
    assert_eq!(total.attempts, total.answered + total.failed());
    let points = |count: fn(&ringback::load::Point) -> u64| outcome.figures.points.iter().map(count).sum::<u64>();
    assert_eq!(points(|point| point.answered), total.answered);
    assert_eq!(points(|point| point.held), total.held);
    assert_eq!(points(|point| point.lost), total.lost);
    (outcome, told)
}

fn done(outcome: Outcome) -> Figures {
    assert_eq!(outcome.ended, Ended::Done);
    outcome.figures
}

#[tokio::test]
async fn every_push_of_every_call_arrives_once_by_any_number_of_workers() {
    for workers in [1, 3] {
        let receiver = Receiver::new(|_| Does::Answer(OK));
        let asked = Load { workers, ..load(Small::new(receiver.at, &[0, 30, 30, 90], policy(2000, &[])), 400.0, 500) };
        let (outcome, told) = play(&asked).await;
        let figures = done(outcome);
        assert_eq!((figures.calls.planned, figures.calls.started), (200, 200));
        assert_eq!(figures.kinds["test:first"].sent, 200);
        assert_eq!(figures.kinds["test:later"].sent, 600);
        assert_eq!(figures.total().statuses, [(200, 800)].into());
        let mut bodies = receiver.bodies.lock().unwrap().clone();
        bodies.sort();
        bodies.dedup();
        assert_eq!(bodies.len(), 800);
        assert!(told.iter().all(|told| matches!(told, Told::Tick(_))));
        assert!(figures.took >= Duration::from_millis(580), "{:?}", figures.took);
    }
}

#[tokio::test]
async fn a_stall_is_told_as_the_receivers_customers_felt_it() {
    // From the first push on, however late this machine begins.
    let began = OnceLock::new();
    let stalled = move || (300..500).contains(&began.get_or_init(Instant::now).elapsed().as_millis());
    let receiver = Receiver::new(move |_| {
        while stalled() {
            std::thread::sleep(Duration::from_millis(1));
        }
        Does::Answer(OK)
    });
    let figures = done(play(&load(Small::new(receiver.at, &[0], policy(5000, &[])), 200.0, 1500)).await.0);
    let total = figures.total();
    assert_eq!((total.planned, total.sent), (300, 300));
    // 200 of 1500 ms: the pushes of the stall wait between 0 and 200 ms, evenly; all others nothing. So p90 is 50 ms and p99
    // 185 ms; a busy machine adds its own, and takes nothing away.
    let at = |share| total.response.at(share).as_millis();
    let told = format!("{:?}", total.response);
    assert!(at(0.9) >= 20 && at(0.99) >= 140, "{told}");
}

#[tokio::test]
async fn one_connection_alone_shows_what_waiting_costs() {
    // 20 ms an answer and one connection: 50 a second of the 200 that are asked for.
    let receiver = Receiver::new(|_| {
        std::thread::sleep(Duration::from_millis(20));
        Does::Answer(OK)
    });
    let asked = Load { connections: 1, ..load(Small::new(receiver.at, &[0], policy(5000, &[])), 200.0, 200) };
    let total = done(play(&asked).await.0).total();
    assert_eq!(total.sent, 40);
    assert!(total.response.max() > Duration::from_millis(500), "{:?}", total.response.max());
    assert!(total.service.at(0.5) < total.response.at(0.5), "{:?}", total.service.at(0.5));
    assert_eq!(receiver.connections.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn a_receiver_that_answers_nothing_costs_what_is_in_flight_and_no_more() {
    let receiver = Receiver::new(|_| Does::Nothing);
    let asked = Load { max_in_flight: 20, ..load(Small::new(receiver.at, &[0, 1], policy(300, &[])), 1000.0, 200) };
    let total = done(play(&asked).await.0).total();
    assert_eq!(total.planned, 400);
    assert_eq!((total.sent, total.held_by_end), (0, 0));
    assert!(total.held > 300 && total.lost >= 20, "{} held, {} lost", total.held, total.lost);
    // Sixteen are on connections, the others wait for one, and may get it just before their time is up.
    assert!(total.failures.keys().all(|failure| failure.starts_with("timeout/")), "{:?}", total.failures);
    assert!(total.response.at(0.5) >= Duration::from_millis(299));
}

#[tokio::test]
async fn a_port_where_nobody_listens_refuses_every_push() {
    let at = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let (outcome, told) = play(&load(Small::new(at, &[0], policy(1000, &[5])), 500.0, 200)).await;
    let total = done(outcome).total();
    assert_eq!((total.planned, total.lost, total.attempts, total.retries), (100, 100, 200, 100));
    assert_eq!(total.failures, [("refused/connect".to_owned(), 200)].into());
    assert_eq!(total.response.count(), 0);
    assert_eq!(told.iter().filter(|told| matches!(told, Told::Attempt(_))).count(), 200);
}

#[tokio::test]
async fn a_receiver_that_dies_and_comes_back_is_found_again() {
    // Twenty are answered, then ten find a receiver that closes, then ten find nobody, and then it is there again.
    let receiver = Receiver::new(|n| if n < 20 { Does::AnswerAndClose(OK) } else { Does::Close });
    let at = receiver.at;
    let asked = load(Small::new(at, &[0], policy(1000, &[])), 200.0, 3000);
    let (mut failed, mut back) = (0, None);
    let mut seen = |told| {
        failed += u32::from(matches!(told, Told::Attempt(_)));
        match failed {
            10 => receiver.close(),
            20 if back.is_none() => back = Some(Receiver::on(TcpListener::bind(at).unwrap(), |_| Does::Answer(OK))),
            _ => {}
        }
    };
    let outcome = run(&asked, &mut seen, &stop().1).await;
    let total = done(outcome).total();
    assert_eq!((total.planned, total.sent + total.lost), (600, 600));
    assert!(total.lost >= 20, "{} lost", total.lost);
    assert!(total.failures.contains_key("closed/first_byte"), "{:?}", total.failures);
    assert!(total.failures.contains_key("refused/connect"), "{:?}", total.failures);
    let back = back.unwrap().count() as u64;
    assert!(back > 0 && total.sent == 20 + back, "{} sent, {back} of them to the second", total.sent);
}

#[tokio::test]
async fn a_receiver_that_keeps_no_connection_gets_everything() {
    // With a word of warning, and without.
    for answer in ["HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok", "HTTP/1.0 200 OK\r\n\r\nok"] {
        let receiver = Receiver::new(move |_| Does::AnswerAndClose(answer));
        let total = done(play(&load(Small::new(receiver.at, &[0], policy(1000, &[])), 300.0, 300)).await.0).total();
        assert_eq!((total.planned, total.sent), (90, 90), "{:?}", total.failures);
    }
}

#[tokio::test]
async fn what_is_refused_comes_again_by_the_policy() {
    const BUSY: &str = "HTTP/1.1 503 Busy\r\nRetry-After: 1\r\nContent-Length: 0\r\n\r\n";
    let receiver = Receiver::new(|n| if n % 2 == 0 { Does::Answer(BUSY) } else { Does::Answer(OK) });
    // At tenfold pace the second that the receiver asks for passes in a tenth of one.
    let asked = Load { pace: 10.0, ..load(Small::new(receiver.at, &[0], policy(1000, &[10, 10, 10, 10])), 100.0, 500) };
    let (outcome, told) = play(&asked).await;
    let total = done(outcome).total();
    assert_eq!(total.planned, 50);
    assert_eq!(total.retries, total.attempts - 50);
    assert_eq!(total.nacks, total.statuses[&503]);
    assert_eq!(total.answered, total.attempts);
    assert_eq!(told.iter().filter(|told| matches!(told, Told::Attempt(_))).count() as u64, total.nacks);
    assert_eq!(receiver.count() as u64, total.attempts);
}

#[tokio::test]
async fn what_is_no_http_is_told_as_such() {
    let receiver = Receiver::new(|_| Does::Answer("SSH-2.0-OpenSSH\r\n"));
    let total = done(play(&load(Small::new(receiver.at, &[0], policy(1000, &[])), 100.0, 100)).await.0).total();
    assert_eq!((total.planned, total.lost), (10, 10));
    assert_eq!(total.failures, [("not_http/first_byte".to_owned(), 10)].into());
}

#[tokio::test]
async fn asked_to_stop_it_stops_and_accounts_for_everything() {
    let receiver = Receiver::new(|_| Does::Nothing);
    let calls = Small::new(receiver.at, &[0, 60_000], policy(30_000, &[1000]));
    let asked = Load { max_in_flight: 30, workers: 2, ..load(calls, 200.0, 60_000) };
    let (stopper, ear) = stop();
    let mut told = |_| {};
    let began = Instant::now();
    let (outcome, ()) = tokio::join!(run(&asked, &mut told, &ear), async {
        tokio::time::sleep(Duration::from_millis(300)).await;
        stopper.stop();
    });
    assert_eq!(outcome.ended, Ended::Interrupted);
    assert!(began.elapsed() < Duration::from_secs(4), "{:?}", began.elapsed());
    let total = outcome.figures.total();
    assert!(outcome.figures.interrupted && total.adds_up() && total.planned >= 60, "{total:?}");
    assert_eq!(total.planned, 2 * outcome.figures.calls.started);
    assert!(total.lost > 0 && total.held_by_end >= outcome.figures.calls.started);
}

#[tokio::test]
async fn what_is_due_after_the_linger_is_held_back() {
    let receiver = Receiver::new(|_| Does::Answer(OK));
    let calls = Small::new(receiver.at, &[0, 3_600_000], policy(1000, &[]));
    let asked = Load { linger: Some(Duration::from_millis(50)), ..load(calls, 100.0, 100) };
    let total = done(play(&asked).await.0).total();
    assert_eq!((total.planned, total.sent, total.held, total.held_by_end), (20, 10, 10, 10));
}

#[tokio::test]
async fn the_closed_model_has_so_many_calls_at_a_time_and_no_more() {
    let now = Arc::new(AtomicUsize::new(0));
    let most = Arc::new(AtomicUsize::new(0));
    let (here, top) = (now.clone(), most.clone());
    let receiver = Receiver::new(move |_| {
        top.fetch_max(here.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
        std::thread::sleep(Duration::from_millis(5));
        here.fetch_sub(1, Ordering::SeqCst);
        Does::Answer(OK)
    });
    let calls = Small::new(receiver.at, &[0, 5, 5], policy(1000, &[]));
    let asked = Load {
        arrival: Arrival::Closed { calls: 5, lasting: Duration::from_secs(60) },
        max_calls: Some(60),
        workers: 2,
        ..load(calls, 1.0, 1)
    };
    let figures = done(play(&asked).await.0);
    assert_eq!((figures.calls.started, figures.total().sent), (60, 180));
    assert!(most.load(Ordering::SeqCst) <= 5);
}

#[tokio::test]
async fn a_call_of_the_closed_model_takes_its_time_and_bears_it() {
    let receiver = Receiver::new(|_| Does::Answer(OK));
    let calls = Small::new(receiver.at, &[0, 100, 100], policy(1000, &[]));
    let asked = Load {
        arrival: Arrival::Closed { calls: 3, lasting: Duration::from_secs(3600) },
        max_calls: Some(12),
        workers: 3,
        ..load(calls, 1.0, 1)
    };
    let played = tokio::time::timeout(Duration::from_secs(60), play(&asked)).await;
    let figures = done(played.expect("calls follow each other at once").0);
    // Three callers may be one after the other with one worker, and one has four calls at least.
    assert!(figures.took >= Duration::from_millis(400), "{:?}", figures.took);
    let bodies: Vec<serde_json::Value> =
        receiver.bodies.lock().unwrap().iter().map(|body| serde_json::from_str(body).unwrap()).collect();
    let pushes: HashSet<_> = bodies.iter().map(|push| (push["call"].as_u64(), push["step"].as_u64())).collect();
    assert_eq!((bodies.len(), pushes.len()), (36, 36));
    let first = asked.start.as_millisecond();
    for push in &bodies {
        let since = push["began"].as_i64().unwrap() - first;
        assert!((0..=figures.took.as_millis() as i64).contains(&since), "{push}: {since} ms after the start");
    }
    let latest = bodies.iter().map(|push| push["began"].as_i64().unwrap() - first).max();
    assert!(latest >= Some(300), "{latest:?}");
}

#[tokio::test]
async fn calls_are_in_flight_until_their_last_push_is_due() {
    let receiver = Receiver::new(|_| Does::Answer(OK));
    // However late it starts them, a call of one push begins and ends at once.
    let figures = done(play(&load(Small::new(receiver.at, &[0], policy(1000, &[])), 100.0, 200)).await.0);
    assert_eq!((figures.calls.started, figures.calls.in_flight_max), (20, 1));
    assert_eq!(figures.points.last().unwrap().calls, 0);
}

#[tokio::test]
async fn shards_divide_the_calls_and_merge_to_the_whole() {
    let receiver = Receiver::new(|_| Does::Answer(OK));
    let mut merged: Option<Figures> = None;
    for number in [3, 1, 2] {
        let calls = Small::new(receiver.at, &[0, 10], policy(1000, &[]));
        let asked = Load { shard: Shard { number, of: 3 }, ..load(calls, 1000.0, 100) };
        let figures = done(play(&asked).await.0);
        let text = serde_json::to_string(&figures).unwrap();
        let read: Figures = serde_json::from_str(&text).unwrap();
        assert_eq!(read, figures);
        match &mut merged {
            None => merged = Some(read),
            Some(sum) => {
                assert!(!sum.missing().is_empty());
                sum.merge(&read).unwrap();
                assert!(sum.clone().merge(&read).is_err());
            }
        }
    }
    let merged = merged.unwrap();
    assert_eq!((merged.missing(), merged.shards.clone()), (vec![], vec![1, 2, 3]));
    assert_eq!((merged.calls.planned, merged.calls.started, merged.total().sent), (100, 100, 200));
    assert_eq!(merged.total().response.count(), 200);
    let mut bodies = receiver.bodies.lock().unwrap().clone();
    bodies.sort();
    bodies.dedup();
    assert_eq!(bodies.len(), 200);
}

#[tokio::test]
async fn one_of_so_many_is_told_and_the_others_are_not() {
    let receiver = Receiver::new(|_| Does::Answer(OK));
    let asked = Load { sample: 10, ..load(Small::new(receiver.at, &[0], policy(1000, &[])), 500.0, 200) };
    let (_, told) = play(&asked).await;
    assert_eq!(told.iter().filter(|told| matches!(told, Told::Attempt(_))).count(), 10);
}

#[tokio::test]
async fn nothing_is_sent_where_nothing_shall_be() {
    let at = ([127, 0, 0, 1], 9).into();
    let asked = Load { sending: Sending::Nothing, ..load(Small::new(at, &[0, 50], policy(1000, &[])), 10_000.0, 200) };
    let total = done(play(&asked).await.0).total();
    assert_eq!((total.planned, total.sent, total.attempts), (4000, 4000, 0));
}

#[tokio::test]
async fn impossible_settings_are_refused_in_words() {
    let calls = || Small::new(([127, 0, 0, 1], 9).into(), &[0], policy(1000, &[]));
    for asked in [
        load(calls(), 0.0, 1000),
        load(calls(), 1e9, 1000),
        Load { pace: 0.0, ..load(calls(), 1.0, 1000) },
        Load { workers: 0, ..load(calls(), 1.0, 1000) },
        Load { connections: 0, ..load(calls(), 1.0, 1000) },
        Load { shard: Shard { number: 3, of: 2 }, ..load(calls(), 1.0, 1000) },
        Load { stories: Vec::new(), ..load(calls(), 1.0, 1000) },
    ] {
        let (outcome, _) = play(&asked).await;
        assert!(matches!(&outcome.ended, Ended::CannotGoOn(why) if why.len() > 10), "{:?}", outcome.ended);
    }
}

/// A real story to one receiver or several, with these faults.
fn story(at: &[SocketAddr], faults: &str) -> Arc<dyn Calls> {
    let mut scenario = scenario::headline().unwrap().into_iter().next().unwrap();
    if !faults.is_empty() {
        scenario.faults = scenario::parse_profile("test", faults).unwrap().faults;
    }
    let circumstances = Circumstances {
        seed: 7,
        start: "2026-01-05T01:00:00Z".parse().unwrap(),
        call_number: 1,
        targets: Targets::Given(at.iter().map(|at| format!("http://{at}/hook").parse().unwrap()).collect()),
        overrides: Vec::new(),
        allowed_hosts: Vec::new(),
    };
    let vendor = vendors::find("udesk").unwrap();
    let room = Room::shared_by(1);
    Arc::new(Story::new(&scenario, vendor, &circumstances, room).unwrap())
}

/// The id of the call that a push of Udesk is about.
fn call_id(body: &str) -> String {
    let push: serde_json::Value = serde_json::from_str(body).unwrap();
    push["call_id"].as_str().unwrap().to_owned()
}

/// The answer that the vendor wants.
fn thanks() -> &'static str {
    let (status, kind, body) = vendors::find("udesk").unwrap().thanks();
    let text = format!("HTTP/1.1 {status} OK\r\nContent-Type: {kind}\r\nContent-Length: {}\r\n\r\n{body}", body.len());
    Box::leak(text.into_boxed_str())
}

#[tokio::test]
async fn a_real_story_is_tried_once_and_then_sent() {
    let thanks = thanks();
    let receiver = Receiver::new(move |_| Does::Answer(thanks));
    let calls = story(&[receiver.at], "");
    let pushes = calls.steps(1) as u64;
    let asked = Load { pace: 1000.0, ..load(calls, 100.0, 200) };
    let figures = done(play(&asked).await.0);
    assert!(figures.total().sent > 40, "{:?}", figures.total());
    assert_eq!(receiver.count() as u64, figures.total().sent + pushes);
}

#[tokio::test]
async fn a_call_that_fails_when_it_is_tried_stops_the_load_with_its_reason() {
    let receiver = Receiver::new(|_| Does::Answer("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"));
    let (outcome, _) = play(&Load { pace: 1000.0, ..load(story(&[receiver.at], ""), 100.0, 200) }).await;
    assert!(matches!(&outcome.ended, Ended::Tried(why) if why.contains("404")), "{:?}", outcome.ended);
    let closed = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let (outcome, _) = play(&Load { pace: 1000.0, ..load(story(&[closed], ""), 100.0, 200) }).await;
    assert!(
        matches!(&outcome.ended, Ended::Unreachable(why) if why.contains("cannot be reached")),
        "{:?}",
        outcome.ended
    );
}

#[tokio::test]
async fn what_faults_bend_goes_the_careful_way_and_is_accounted_for() {
    let thanks = thanks();
    let receiver = Receiver::new(move |_| Does::Answer(thanks));
    let faults = "faults:\n  - { fault: duplicate, after: 300ms }\n  - { fault: reset, when: { rate: 20% } }\n";
    let calls = story(&[receiver.at], faults);
    assert!((0..calls.steps(1)).all(|step| calls.step(1, step).way == Way::Careful));
    let plain = story(&[receiver.at], "").steps(1) as u64;
    let asked = Load { pace: 1000.0, ..load(calls, 50.0, 400) };
    let figures = done(play(&asked).await.0);
    let total = figures.total();
    assert_eq!(figures.calls.started, 20);
    assert_eq!(total.planned, 2 * 20 * plain);
    // A push that was reset was lost to its fault, and the receiver has lost none.
    assert_eq!((total.planned, total.lost), (total.sent + total.excused, 0));
    assert_eq!(total.excused, total.failed());
    assert!(total.sent > total.planned / 2 && total.excused > 0, "{total:?}");
    // Each of the calls is its own, although many are under way at a time; one was tried before.
    let bodies = receiver.bodies.lock().unwrap();
    let ids: HashSet<_> = bodies.iter().map(|body| call_id(body)).collect();
    assert_eq!(ids.len(), 21);
}

#[tokio::test]
async fn what_faults_keep_from_a_target_is_kept_from_it_in_every_call() {
    let thanks = thanks();
    let receivers = [(); 2].map(|()| Receiver::new(move |_| Does::Answer(thanks)));
    let calls =
        story(&receivers.each_ref().map(|receiver| receiver.at), "faults: [{ fault: drop, when: { rate: 50% } }]");
    let asked = Load { pace: 1000.0, ..load(calls.clone(), 50.0, 400) };
    let figures = done(play(&asked).await.0);
    // What goes to each target, and what of it leaves.
    let (mut all, mut sent) = (0, 0);
    for call in 1..=20 {
        let plan = calls.plan(call, asked.start).unwrap();
        for target in [1, 2] {
            let reaching = plan.deliveries.iter().filter(|one| plan.reaches(one, target));
            all += reaching.clone().count() as u64;
            sent += reaching.filter(|one| one.leaves_when_due()).count() as u64;
        }
    }
    assert!(0 < sent && sent < all, "{sent} of {all}");
    assert_eq!((figures.calls.started, figures.total().sent), (20, sent));
    // Each of the others is a strike, and nothing else is.
    assert_eq!(figures.strikes.values().sum::<u64>(), all - sent);
}

#[tokio::test]
async fn a_steered_run_follows_its_rate_and_ends_when_it_is_told() {
    for workers in [1, 3] {
        let receiver = Receiver::new(|_| Does::Answer(OK));
        let steering = Steering::new(100.0, 0.0, Chance::Even);
        let base = load(Small::new(receiver.at, &[0, 50], policy(2000, &[])), 1.0, 1);
        let asked = Load { workers, arrival: Arrival::Steered(steering.clone()), ..base };
        let steer = async {
            tokio::time::sleep(Duration::from_millis(1000)).await;
            assert!(steering.turn(0.0));
            tokio::time::sleep(Duration::from_millis(300)).await;
            assert!(steering.turn(400.0));
            tokio::time::sleep(Duration::from_millis(1000)).await;
            steering.end(Duration::from_secs(1));
        };
        let ((outcome, told), ()) = tokio::join!(play(&asked), steer);
        let figures = done(outcome);
        // 100 and 400 calls, give or take how late this machine turns.
        assert!((400..700).contains(&figures.calls.started), "{}", figures.calls.started);
        assert_eq!(figures.total().sent, 2 * figures.calls.started, "calls under way had their time");
        assert_eq!(receiver.bodies.lock().unwrap().iter().collect::<HashSet<_>>().len() as u64, figures.total().sent);
        let ticks = told.iter().filter_map(|told| if let Told::Tick(tick) = told { Some(tick) } else { None });
        let ticks: Vec<_> = ticks.filter(|tick| !tick.figures.is_empty()).collect();
        assert!(ticks.len() >= 2 && ticks[1].figures["test:first"].answered > ticks[0].figures["test:first"].answered);
    }
}

#[tokio::test]
async fn a_steered_run_that_ends_before_it_begins_sends_nothing() {
    let receiver = Receiver::new(|_| Does::Answer(OK));
    let steering = Steering::new(1000.0, 0.0, Chance::Poisson(1));
    steering.end(Duration::ZERO);
    let base = load(Small::new(receiver.at, &[0], policy(2000, &[])), 1.0, 1);
    let figures = done(play(&Load { arrival: Arrival::Steered(steering), ..base }).await.0);
    assert_eq!((figures.calls.started, receiver.count()), (0, 0));
}
