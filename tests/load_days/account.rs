//! Whatever the receiver does, and whatever was asked for: everything that was planned is sent, held or lost, and nothing
//! is counted twice. Every receiver meets every setting.

use super::{asked, calls};
use crate::support::raw::{Does, OK, Receiver};
use jiff::Timestamp;
use ringback::delivery::stop;
use ringback::http::{Compression, Reply};
use ringback::load::{Arrival, Calls, Figures, Load, Outcome, Point, Policy, Shard, Step, Strikes, Told, Way, run};
use ringback::plan::Plan;
use ringback::vendors::Acknowledgement;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::sync::mpsc::{Receiver as Receiving, channel};
use std::time::Duration;
use tokio::task::JoinSet;
use url::Url;

const STORY: &str = "title: test
call: { kind: outbound }
vendors: [udesk]
deliver: { timeout: 150ms, retry: RETRY, order: free }
script:
  - ring: agent
  - answer: agent
  - ring: customer
  - wait: 20s
  - answer: customer
  - wait: 60s
  - hangup: agent
";
/// How long an event is waited for that must come.
const PATIENCE: Duration = Duration::from_secs(30);
/// One of each loss class: nothing is lost, what is sent again is whole, and what is acknowledged may still be lost.
const FAULTS: &str = "faults:
  - { fault: duplicate, copies: 1, after: 20s }
  - { fault: reset, when: { rate: 30% } }
  - { fault: bad-json, when: { rate: 30%, attempts: 1 } }
  - { fault: empty-body, when: { rate: 20% } }
";
const REFUSED: &str = "HTTP/1.1 503 No\r\nContent-Length: 0\r\n\r\n";

/// Calls of which none is tried before the load: a receiver is bad from the beginning.
pub struct Untried(pub Arc<dyn Calls>);

impl Calls for Untried {
    fn name(&self) -> &str {
        self.0.name()
    }
    fn kinds(&self) -> &[String] {
        self.0.kinds()
    }
    fn policies(&self) -> &[Policy] {
        self.0.policies()
    }
    fn targets(&self) -> &[Url] {
        self.0.targets()
    }
    fn steps(&self, call: u64) -> usize {
        self.0.steps(call)
    }
    fn step(&self, call: u64, step: usize) -> Step {
        self.0.step(call, step)
    }
    fn render(
        &self,
        call: u64,
        step: usize,
        target: usize,
        attempt: u32,
        start: Timestamp,
        into: &mut Vec<u8>,
    ) -> Strikes {
        self.0.render(call, step, target, attempt, start, into)
    }
    fn way(&self, call: u64, step: usize, target: usize, attempt: u32) -> Way {
        self.0.way(call, step, target, attempt)
    }
    fn compression(&self, kind: usize) -> Compression {
        self.0.compression(kind)
    }
    fn acknowledged(&self, kind: usize, reply: &Reply) -> Acknowledgement {
        self.0.acknowledged(kind, reply)
    }
    fn plan(&self, call: u64, start: Timestamp) -> Option<Plan> {
        // The one that is tried has a number that no call of a load can have.
        if call > u64::from(u32::MAX) { None } else { self.0.plan(call, start) }
    }
}

/// What a receiver is like.
#[derive(Debug, Clone, Copy)]
enum Receives {
    Well,
    Refusing,
    Silent,
    Closing,
    HangingUp,
    SlowerAndSlower,
    NoHttp,
    /// It takes no more connections, as one that has no files left.
    NoMore,
    /// Its process ends, and is there again once a push has failed.
    DeadForAWhile,
}

const ALL: [Receives; 9] = [
    Receives::Well,
    Receives::Refusing,
    Receives::Silent,
    Receives::Closing,
    Receives::HangingUp,
    Receives::SlowerAndSlower,
    Receives::NoHttp,
    Receives::NoMore,
    Receives::DeadForAWhile,
];

impl Receives {
    fn does(self, n: usize) -> Does {
        match self {
            Receives::Well | Receives::NoMore | Receives::DeadForAWhile => Does::Answer(OK),
            Receives::Refusing => Does::Answer(REFUSED),
            Receives::Silent => Does::Nothing,
            Receives::Closing => Does::AnswerAndClose(OK),
            Receives::HangingUp => Does::Close,
            Receives::SlowerAndSlower => {
                std::thread::sleep(Duration::from_millis(n as u64).min(Duration::from_millis(300)));
                Does::Answer(OK)
            }
            Receives::NoHttp => Does::AnswerAndClose("SSH-2.0-OpenSSH_9.6\r\n"),
        }
    }

    /// `failed` says that a push has.
    fn begin(self, listener: TcpListener, failed: Receiving<()>) {
        match self {
            Receives::NoMore => drop(std::thread::spawn(move || one_connection(&listener))),
            Receives::DeadForAWhile => drop(std::thread::spawn(move || dies(listener, &failed))),
            _ => drop(Receiver::on(listener, move |n| self.does(n))),
        }
    }
}

/// Serves the first connection; the others wait to be accepted for ever.
fn one_connection(listener: &TcpListener) {
    let Ok((mut stream, _)) = listener.accept() else { return };
    let mut buffer = [0; 64 * 1024];
    while let Ok(1..) = stream.read(&mut buffer) {
        stream.write_all(OK.as_bytes()).unwrap_or_default();
    }
    std::thread::sleep(Duration::from_secs(60));
}

/// How many requests one answers that dies behind them.
const ANSWERED_ALIVE: usize = 12;

/// Answers some requests, closes all connections, and is there again once a push has failed.
fn dies(listener: TcpListener, failed: &Receiving<()>) {
    let at = listener.local_addr().unwrap();
    let (die, dead) = channel();
    let receiver = Receiver::on(listener, move |n| {
        if n < ANSWERED_ALIVE {
            return Does::Answer(OK);
        }
        die.send(()).unwrap_or_default();
        Does::Close
    });
    let _ = dead.recv_timeout(PATIENCE);
    receiver.close();
    let _ = failed.recv_timeout(PATIENCE);
    // The port may be somebody else's by now: then it stays dead.
    let _ = TcpListener::bind(at).map(|listener| Receiver::on(listener, |_| Does::Answer(OK)));
}

/// What was asked for.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Asked {
    Plain,
    Retries,
    Faults,
    FaultsAndRetries,
    FewInFlight,
    Stopped,
    FaultsStopped,
    Closed,
    ClosedAndStopped,
    Workers,
    ShortLinger,
}

const SETTINGS: [Asked; 11] = [
    Asked::Plain,
    Asked::Retries,
    Asked::Faults,
    Asked::FaultsAndRetries,
    Asked::FewInFlight,
    Asked::Stopped,
    Asked::FaultsStopped,
    Asked::Closed,
    Asked::ClosedAndStopped,
    Asked::Workers,
    Asked::ShortLinger,
];

impl Asked {
    fn calls(self, at: SocketAddr) -> Arc<dyn Calls> {
        let has_retries = !matches!(self, Asked::Plain | Asked::Faults | Asked::Workers);
        let retry = match has_retries {
            true => "{ waits: [60s, 90s], on: [timeout, connect, 5xx, nack] }",
            false => "none",
        };
        let has_faults = matches!(self, Asked::Faults | Asked::FaultsAndRetries | Asked::FaultsStopped);
        let faults = if has_faults { FAULTS } else { "" };
        Arc::new(Untried(calls(&format!("{}{faults}", STORY.replace("RETRY", retry)), "udesk", at)))
    }

    fn load(self, calls: Arc<dyn Calls>) -> Load {
        let load = asked(calls, 100.0, 250);
        let closed = Arrival::Closed { calls: 5, lasting: Duration::from_millis(250) };
        match self {
            Asked::FewInFlight => Load { max_in_flight: 6, connections: 3, ..load },
            Asked::Closed | Asked::ClosedAndStopped => Load { arrival: closed, ..load },
            Asked::Workers => Load { workers: 3, ..load },
            Asked::ShortLinger => Load { linger: Some(Duration::from_millis(20)), ..load },
            _ => load,
        }
    }
}

/// After how many attempts a load is stopped that is.
const STOPPED_AFTER: usize = 10;

/// Plays it, and says what does not add up.
async fn played(receives: Receives, listener: TcpListener, asked: Asked, calls: Arc<dyn Calls>) -> Option<String> {
    let steps = calls.steps(1) as u64;
    let load = asked.load(calls);
    let (fail, failed) = channel();
    receives.begin(listener, failed);
    let (stopper, stop) = stop();
    let is_stopped = matches!(asked, Asked::Stopped | Asked::FaultsStopped | Asked::ClosedAndStopped);
    let mut ended = 0;
    let mut hear = |told| {
        let Told::Attempt(told) = told else { return };
        ended += 1;
        if is_stopped && ended == STOPPED_AFTER {
            stopper.stop();
        }
        if !told.acknowledged {
            fail.send(()).unwrap_or_default();
        }
    };
    let Outcome { figures, ended } = run(&Load { sample: 1, ..load.clone() }, &mut hear, &stop).await;
    let wrong = flaws(&figures, steps, load.max_in_flight as u64);
    (!wrong.is_empty()).then(|| format!("{receives:?}, {asked:?}: {ended:?} {wrong:?} {:?}", figures.total()))
}

/// What does not add up in these figures, of calls with so many pushes each.
fn flaws(figures: &Figures, steps: u64, in_flight_max: u64) -> Vec<&'static str> {
    let total = figures.total();
    let points = |of: fn(&Point) -> u64| figures.points.iter().map(of).sum::<u64>();
    let mut wrong = Vec::new();
    let mut must = |is: bool, what| {
        if !is {
            wrong.push(what);
        }
    };
    must(figures.calls.started > 0, "no call started");
    must(total.planned == figures.calls.started * steps, "not all pushes of the calls that started are planned");
    must(total.adds_up(), "planned is not sent, held, lost and excused");
    must(figures.kinds.values().all(|kind| kind.adds_up()), "a kind does not add up");
    must(total.attempts == total.answered + total.failed(), "attempts are not answered and failed");
    must(total.statuses.values().sum::<u64>() == total.answered, "answers without a status");
    must(total.retries <= total.attempts && total.sent <= total.answered, "more than there was");
    must(total.sent + total.nacks == total.answered, "an answer is neither good nor bad");
    must(points(|point| point.due) + total.held_by_end >= total.planned, "points: due");
    must(points(|point| point.answered) == total.answered, "points: answered");
    must(points(|point| point.failed) <= total.failed(), "points: failed");
    must(points(|point| point.held) == total.held, "points: held");
    must(points(|point| point.lost) == total.lost, "points: lost");
    must(points(|point| point.excused) == total.excused, "points: excused");
    must(figures.points.iter().all(|point| point.in_flight <= in_flight_max), "more in flight than there may be");
    wrong
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_receiver_and_every_setting_add_up() {
    let mut wrong = Vec::new();
    for receives in ALL {
        let mut all = JoinSet::new();
        // Before any of them is played: it is work.
        let ready = SETTINGS.map(|asked| {
            let listener = TcpListener::bind("127.0.0.1:0").unwrap();
            let calls = asked.calls(listener.local_addr().unwrap());
            (listener, asked, calls)
        });
        for (listener, asked, calls) in ready {
            all.spawn(played(receives, listener, asked, calls));
        }
        while let Some(played) = all.join_next().await {
            wrong.extend(played.unwrap());
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn shards_of_a_load_that_goes_wrong_add_up_when_they_are_merged() {
    for receives in [Receives::Refusing, Receives::Silent, Receives::DeadForAWhile] {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let calls = Asked::Retries.calls(listener.local_addr().unwrap());
        // One that dies is there again for the second shard.
        let (fail, failed) = channel();
        receives.begin(listener, failed);
        let steps = calls.steps(1) as u64;
        let mut merged: Option<Figures> = None;
        for number in 1..=2 {
            let load = Load { shard: Shard { number, of: 2 }, ..Asked::Retries.load(calls.clone()) };
            let mut hear = |told| match told {
                Told::Attempt(_) => fail.send(()).unwrap_or_default(),
                Told::Tick(_) | Told::Said(_) => {}
            };
            let figures = run(&load, &mut hear, &stop().1).await.figures;
            match &mut merged {
                None => merged = Some(figures),
                Some(merged) => merged.merge(&figures).unwrap(),
            }
        }
        let merged = merged.unwrap();
        assert_eq!(flaws(&merged, steps, 20_000), [""; 0], "{receives:?}");
        assert_eq!((merged.calls.planned, merged.calls.started), (25, 25));
    }
}
