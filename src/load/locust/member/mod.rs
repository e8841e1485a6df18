//! The worker of a Locust master: hears what the master says, obeys, and reports. How often and in which order is Locust's
//! (locust/runners.py, `WorkerRunner`).

mod obey;
mod report;

use super::link::{Came, Link};
use super::machine::{self, Processor};
use super::test::{Step, Test, Then};
use super::words::{Heartbeat, Said, Users};
use super::zmtp::Dealer;
use super::{Master, News, PORT_DEFAULT, Parted, per_user};
use crate::clock;
use crate::delivery::Stop;
use crate::load::Load;
use crate::random;
use jiff::{SignedDuration, Timestamp};
use std::io;
use std::time::{Duration, Instant};
use tokio::time::MissedTickBehavior;

/// How often a worker says that it is alive.
const HEARTBEAT: Duration = Duration::from_secs(1);
/// Of how many heartbeats one comes with a report.
const REPORT_EVERY: u64 = 3;
/// Of how many heartbeats one says again that the worker is ready, as long as the master does not know it.
const READY_EVERY: u64 = 5;
/// How long after a failure one connects again.
const AGAIN: Duration = Duration::from_secs(1);
/// A load that starts within this time from now was asked to start now.
const NOW: SignedDuration = SignedDuration::from_secs(60);

/// Works for a master until it says quit, is lost, or `stop` asks for the end. The rate of `load` is that of one user; for
/// how long, and which part of the calls, is the master's to say.
pub async fn work(load: &Load, master: &Master, news: &mut (dyn FnMut(News) + Send), stop: &Stop) -> Parted {
    let (rate, by_chance) = match per_user(&load.arrival) {
        Ok(each) => each,
        Err(why) => return Parted::CannotGoOn(why),
    };
    let is_now = clock::now().duration_since(load.start).abs() < NOW;
    let id = format!("{}_ringback_{:09}{:09}", machine::name(), random::fresh_seed(), random::fresh_seed());
    let member = Member {
        load,
        master,
        news,
        stop,
        rate,
        by_chance,
        start: (!is_now).then_some(load.start),
        link: Link::open(master, &id, Duration::ZERO),
        id,
        heard: clock::steady(),
        is_down: false,
        is_interrupted: false,
        index: None,
        played: 0,
        users: Users::new(),
        spawned: 0.0,
        linger: Duration::ZERO,
        ahead: 0.0,
        host: None,
        beats: 0,
        processor: Processor::new(load.workers),
        test: None,
    };
    member.run().await
}

struct Member<'a> {
    load: &'a Load,
    master: &'a Master,
    news: &'a mut (dyn FnMut(News) + Send),
    stop: &'a Stop,
    /// Calls a second of one user.
    rate: f64,
    by_chance: bool,
    /// When calls start in scenario time, where that is not now.
    start: Option<Timestamp>,
    id: String,
    link: Link,
    /// When the master said something for the last time.
    heard: Instant,
    /// Whether it was told that the connection is lost.
    is_down: bool,
    is_interrupted: bool,
    /// The number of this worker, once the master knows it.
    index: Option<u64>,
    /// How many numbers of calls earlier tests took.
    played: u64,
    users: Users,
    /// When the master sent the last users, by its clock.
    spawned: f64,
    linger: Duration,
    /// By how many seconds our clock is ahead of the master's, where that is worth a word.
    ahead: f64,
    host: Option<String>,
    beats: u64,
    processor: Processor,
    test: Option<Test>,
}

/// What wakes the worker.
enum Event {
    Link(Came),
    Test(Step),
    Beat,
    Interrupted,
}

/// What the test says, where there is one.
async fn step(test: &mut Option<Test>) -> Event {
    match test {
        Some(test) => Event::Test(test.next().await),
        None => std::future::pending().await,
    }
}

impl Member<'_> {
    async fn run(mut self) -> Parted {
        let mut beat = tokio::time::interval(HEARTBEAT);
        beat.set_missed_tick_behavior(MissedTickBehavior::Skip);
        loop {
            let event = tokio::select! {
                came = self.link.next() => Event::Link(came),
                event = step(&mut self.test) => event,
                _ = beat.tick() => Event::Beat,
                () = self.stop.requested(), if !self.is_interrupted => Event::Interrupted,
            };
            let parted = match event {
                Event::Link(Came::Connected(Ok(dealer))) => self.connected(dealer).await,
                Event::Link(Came::Message(Ok(bytes))) => self.hear(&bytes).await,
                Event::Link(Came::Connected(Err(error)) | Came::Message(Err(error))) => self.down(&error),
                Event::Test(Step::Told(told)) => self.told(told),
                Event::Test(Step::Over(outcome)) => self.over(*outcome).await,
                Event::Beat => self.beat().await,
                Event::Interrupted => {
                    self.is_interrupted = true;
                    // A test hears of it by itself, and has its figures told.
                    self.test.is_none().then_some(Parted::Interrupted)
                }
            };
            if let Some(parted) = parted {
                self.say(Said::Quit).await;
                return parted;
            }
        }
    }

    fn tell(&mut self, sentence: String) {
        (self.news)(News::Said(sentence));
    }

    /// In seconds since 1970, by the master's clock.
    fn now(&self) -> f64 {
        seconds() - self.ahead
    }

    async fn connected(&mut self, dealer: Dealer) -> Option<Parted> {
        self.link = Link::Up(dealer);
        if self.is_down {
            self.is_down = false;
            self.tell(format!("connected to the master at {}", self.master.address));
        }
        if self.test.is_none() {
            // It may be another master, with another clock.
            self.spawned = 0.0;
            self.say(Said::ClientReady).await;
        }
        None
    }

    /// The connection is lost, or there was none.
    fn down(&mut self, error: &io::Error) -> Option<Parted> {
        if !self.is_down {
            self.is_down = true;
            let Master { address, patience, .. } = self.master;
            let what = if self.index.is_some() { "the connection to the master" } else { "no connection to a master" };
            self.tell(format!("{what} at {address}: {error}; trying again for {patience:?}"));
        }
        self.link = Link::open(self.master, &self.id, AGAIN);
        None
    }

    /// Says something, where there is a connection. Whether it was said.
    async fn say(&mut self, said: Said<'_>) -> bool {
        let Link::Up(dealer) = &mut self.link else { return false };
        let sent = match said.write(&self.id) {
            Ok(bytes) => dealer.send(&bytes).await,
            Err(why) => Err(io::Error::other(why)),
        };
        if let Err(error) = &sent {
            self.down(error);
        }
        sent.is_ok()
    }

    async fn beat(&mut self) -> Option<Parted> {
        self.beats += 1;
        let silent = clock::steady().saturating_duration_since(self.heard);
        if silent > self.master.patience {
            let Master { address, patience, .. } = self.master;
            return self.part(Parted::Lost(match self.index {
                Some(_) => format!("the master at {address} has said nothing for {patience:?}"),
                None => format!(
                    "there was no Locust master at {address} for {patience:?}; one is started by `locust --master`, and \
                     workers reach it at its --master-bind-port ({PORT_DEFAULT}), not at the port of its page"
                ),
            }));
        }
        let lasting_max = self.master.lasting_max;
        if self.test.as_ref().is_some_and(|test| test.then.is_none() && test.began.elapsed() > lasting_max) {
            let why = format!("the test has lasted {lasting_max:?}, which is the longest that is allowed here");
            self.say(Said::Exception(&why)).await;
            return self.part(Parted::CannotGoOn(why));
        }
        if self.index.is_none() {
            if self.beats.is_multiple_of(READY_EVERY) {
                self.say(Said::ClientReady).await;
            }
            return None;
        }
        let state = if self.test.is_some() { "running" } else { "ready" };
        let current_cpu_usage = self.processor.percent();
        self.say(Said::Heartbeat(Heartbeat { state, current_cpu_usage })).await;
        if self.beats.is_multiple_of(REPORT_EVERY) {
            self.report().await;
        }
        None
    }

    /// Ends the test, if there is one, and then the worker.
    fn part(&mut self, parted: Parted) -> Option<Parted> {
        match &mut self.test {
            None => Some(parted),
            Some(test) => {
                test.end(Duration::ZERO, Then::Part(parted));
                None
            }
        }
    }
}

fn seconds() -> f64 {
    clock::now().as_millisecond() as f64 / 1e3
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::delivery::{Transport, Trust, stop};
    use crate::load::{Arrival, Sending, Shard, Stage};
    use std::io::{Read, Write};
    use std::net::TcpListener;

    fn load(arrival: Arrival) -> Load {
        Load {
            stories: Vec::new(),
            seed: 1,
            start: Timestamp::UNIX_EPOCH,
            pace: 1.0,
            arrival,
            max_calls: None,
            max_in_flight: 1,
            connections: 1,
            workers: 1,
            shard: Shard { number: 1, of: 1 },
            linger: None,
            transport: Transport::new(Trust::System),
            sending: Sending::Nothing,
            sample: 0,
            asked: String::new(),
        }
    }

    /// What is said, and why it ended, where this answers whatever comes.
    async fn under(answer: &'static [u8]) -> (Vec<String>, Parted) {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = listener.local_addr().expect("an address").to_string();
        std::thread::spawn(move || {
            for mut stream in listener.incoming().flatten() {
                let _ = stream.write_all(answer);
                let _ = stream.read(&mut [0; 1000]);
            }
        });
        let mut said = Vec::new();
        let mut news = |news| {
            if let News::Said(sentence) = news {
                said.push(sentence);
            }
        };
        let master = Master { patience: Duration::from_millis(100), ..address.parse().expect("a master") };
        let arrival = Arrival::Even(vec![Stage::steady(1.0, Duration::from_secs(1))]);
        let parted = work(&load(arrival), &master, &mut news, &stop().1).await;
        (said, parted)
    }

    #[tokio::test]
    async fn what_is_no_master_is_told_once_and_waited_for_only_so_long() {
        let (said, parted) = under(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n").await;
        assert!(said.len() == 1 && said[0].contains("an HTTP server answers there"), "{said:?}");
        assert!(matches!(&parted, Parted::Lost(why) if why.contains("no Locust master at 127")), "{parted:?}");
    }

    #[tokio::test]
    async fn a_load_that_is_no_rate_ends_before_it_begins() {
        let arrival = Arrival::Closed { calls: 1, lasting: Duration::from_secs(1) };
        let master = "127.0.0.1:9".parse().expect("a master");
        let parted = work(&load(arrival), &master, &mut |_| {}, &stop().1).await;
        assert!(matches!(parted, Parted::CannotGoOn(_)), "{parted:?}");
    }
}
