//! The worker of a Locust master: hears what the master says, obeys, and reports. How often and in which order is Locust's
//! (locust/runners.py, `WorkerRunner`).

use super::machine::{self, Processor};
use super::numbered;
use super::test::{Beginning, Step, Test, Then};
use super::words::{Heard, Heartbeat, Said, Spawn, Stats, Users, sum};
use super::zmtp::Dealer;
use super::{Master, News, Parted, per_user};
use crate::clock;
use crate::delivery::Stop;
use crate::load::{Ended, LAG_P99_MAX, Load, Outcome, RATE_MAX, Told};
use crate::random;
use jiff::{SignedDuration, Timestamp};
use std::io;
use std::pin::Pin;
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
/// How far the clocks of master and worker may be apart, in seconds, before it is told and made good.
const CLOCKS_APART: f64 = 5.0;
/// What a tick tells happened about so long before it, in seconds.
const TICK_HALF: f64 = 0.5;
/// A load that starts within this time from now was asked to start now.
const NOW: SignedDuration = SignedDuration::from_secs(60);
/// How long calls may go on that are under way at a stop, at most: as long as any push of theirs could wait.
const LINGER_MAX: Duration = Duration::from_secs(24 * 60 * 60);

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

/// The connection to the master.
enum Link {
    Up(Dealer),
    Opening(Pin<Box<dyn Future<Output = io::Result<Dealer>> + Send>>),
}

enum Event {
    Connected(io::Result<Dealer>),
    Message(io::Result<Vec<u8>>),
    Test(Step),
    Beat,
    Interrupted,
}

impl Link {
    /// Opens it after a while.
    fn open(master: &Master, id: &str, after: Duration) -> Self {
        let (address, id) = (master.address.clone(), id.to_owned());
        Link::Opening(Box::pin(async move {
            tokio::time::sleep(after).await;
            Dealer::connect(&address, &id).await
        }))
    }

    /// What comes over it. It can be given up and asked for again.
    async fn next(&mut self) -> Event {
        match self {
            Link::Up(dealer) => Event::Message(dealer.receive().await),
            Link::Opening(opening) => Event::Connected(opening.await),
        }
    }
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
                event = self.link.next() => event,
                event = step(&mut self.test) => event,
                _ = beat.tick() => Event::Beat,
                () = self.stop.requested(), if !self.is_interrupted => Event::Interrupted,
            };
            let parted = match event {
                Event::Connected(Ok(dealer)) => self.connected(dealer).await,
                Event::Connected(Err(error)) => self.down(&error),
                Event::Message(Ok(bytes)) => self.hear(&bytes).await,
                Event::Message(Err(error)) => self.down(&error),
                Event::Test(Step::Told(told)) => self.told(told),
                Event::Test(Step::Over(outcome)) => self.over(outcome).await,
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
            self.tell(format!("connected to the master at {} again", self.master.address));
        }
        if self.test.is_none() {
            self.say(Said::ClientReady).await;
        }
        None
    }

    /// The connection is lost, or there was none.
    fn down(&mut self, error: &io::Error) -> Option<Parted> {
        if !self.is_down {
            self.is_down = true;
            let Master { address, patience } = self.master;
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
            let Master { address, patience } = self.master;
            return self.part(Parted::Lost(format!("the master at {address} has said nothing for {patience:?}")));
        }
        if self.index.is_none() {
            if self.beats % READY_EVERY == 0 {
                self.say(Said::ClientReady).await;
            }
            return None;
        }
        let state = if self.test.is_some() { "running" } else { "ready" };
        let current_cpu_usage = self.processor.percent();
        self.say(Said::Heartbeat(Heartbeat { state, current_cpu_usage })).await;
        if self.beats % REPORT_EVERY == 0 {
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

    async fn hear(&mut self, bytes: &[u8]) -> Option<Parted> {
        self.heard = clock::steady();
        let heard = match Heard::read(bytes) {
            Ok(heard) => heard,
            Err(why) => {
                self.tell(format!("the master said something that cannot be read: {why}"));
                return None;
            }
        };
        match heard {
            Heard::Ack(index) => self.acknowledged(index),
            Heard::Spawn(spawn) => return self.spawn(spawn).await,
            Heard::Stop => {
                self.tell("the master stops the test".into());
                let linger = self.linger;
                match &mut self.test {
                    Some(test) => test.end(linger, Then::Ready),
                    None => self.ready_again().await,
                }
            }
            Heard::Quit => {
                // The master waits for half a second only, so first what there is.
                self.report().await;
                return self.part(Parted::Quit);
            }
            Heard::Reconnect => {
                self.tell("the master wants a new connection".into());
                self.link = Link::open(self.master, &self.id, Duration::ZERO);
            }
            Heard::Heartbeat | Heard::SpawningComplete | Heard::Other(_) => {}
        }
        None
    }

    fn acknowledged(&mut self, index: Option<u64>) {
        // A master that gives no number has one worker only, as far as numbers of calls go.
        let index = index.unwrap_or_default();
        if self.index != Some(index) {
            self.index = Some(index);
            let Master { address, .. } = self.master;
            self.tell(format!("the master at {address} knows this worker as number {index}: {}", self.id));
        }
    }

    async fn spawn(&mut self, spawn: Spawn) -> Option<Parted> {
        if spawn.timestamp <= self.spawned || self.is_interrupted {
            return None;
        }
        self.spawned = spawn.timestamp;
        if self.test.as_ref().is_some_and(|test| test.then.is_some()) {
            self.tell("the master wants users while the last test still ends; they are left out".into());
            return None;
        }
        self.say(Said::Spawning).await;
        let users = sum(&spawn.users);
        let asked = users as f64 * self.rate;
        let rate = asked.min(RATE_MAX);
        let sentence = format!("the master wants {users} users: {rate} calls a second");
        self.tell(sentence);
        if rate < asked {
            let why = format!("{users} users are {asked} calls a second, and {RATE_MAX} is the most");
            self.say(Said::Exception(&why)).await;
            self.tell(why);
        }
        self.users = spawn.users;
        match &self.test {
            Some(test) => {
                if !test.turn(rate) {
                    self.tell("the rate cannot be turned so often; it stays".into());
                }
            }
            None => {
                self.compare(spawn.timestamp, spawn.host);
                self.linger = Duration::try_from_secs_f64(spawn.stop_timeout).unwrap_or_default().min(LINGER_MAX);
                let beginning = Beginning {
                    rate,
                    by_chance: self.by_chance,
                    index: self.index.unwrap_or_default(),
                    before: numbered::before(self.index.unwrap_or_default()).wrapping_add(self.played),
                    start: self.start.unwrap_or_else(clock::this_second),
                    now: self.now(),
                };
                self.test = Some(Test::begin(self.load, &beginning, self.stop));
            }
        }
        let users = self.users.clone();
        self.say(Said::SpawningComplete(&users)).await;
        None
    }

    /// Tells what of the master's is not as it is here.
    fn compare(&mut self, timestamp: f64, host: Option<String>) {
        let ahead = seconds() - timestamp;
        self.ahead = if ahead.abs() > CLOCKS_APART { ahead } else { 0.0 };
        if self.ahead != 0.0 {
            self.tell(format!("this clock is {ahead:.0} s ahead of the master's; reports go by the master's"));
        }
        if host != self.host {
            if let Some(host) = &host {
                self.tell(format!("the master's host, {host}, is not used: pushes go to the targets of this worker"));
            }
            self.host = host;
        }
    }

    fn told(&mut self, told: Told) -> Option<Parted> {
        let now = self.now();
        if let (Told::Tick(tick), Some(test)) = (&told, &mut self.test) {
            // It is told at the end of its second.
            test.account.count(&tick.figures, tick.calls_started, now - TICK_HALF);
        }
        (self.news)(News::Told(told));
        None
    }

    /// Reports what came since the last time.
    async fn report(&mut self) {
        let (now, users) = (self.now(), self.users.clone());
        if self.index.is_none() || !matches!(self.link, Link::Up(_)) {
            return;
        }
        let report = self.test.as_mut().map(|test| test.account.report(now)).unwrap_or_default();
        let entries: Vec<_> = report.entries.values().cloned().collect();
        let stats = Stats {
            stats: &entries,
            stats_total: &report.total,
            errors: &report.errors,
            user_count: sum(&users),
            user_classes_count: &users,
        };
        if !self.say(Said::Stats(stats)).await
            && let Some(test) = &mut self.test
        {
            test.account.give_back(report);
        }
    }

    async fn over(&mut self, outcome: Box<Outcome>) -> Option<Parted> {
        let rest = self.test.as_mut().map(Test::rest).unwrap_or_default();
        rest.into_iter().for_each(|news| (self.news)(news));
        let (now, Outcome { figures, ended }) = (self.now(), &*outcome);
        self.users.clear();
        if let Some(test) = &mut self.test {
            test.account.count(&figures.kinds, figures.calls.started, now);
        }
        self.report().await;
        let then = self.test.take().and_then(|test| test.then);
        self.played = self.played.wrapping_add(figures.calls.started);
        let lag = figures.lag.at(0.99);
        if lag > LAG_P99_MAX {
            let why = format!("this run is not valid: Ringback itself was late, p99 {lag:?}; lower the rate of a worker");
            self.say(Said::Exception(&why)).await;
            self.tell(why);
        }
        let why = match ended {
            Ended::Tried(why) | Ended::CannotGoOn(why) => Some(why.clone()),
            Ended::Done | Ended::Interrupted => None,
        };
        (self.news)(News::Ended(outcome));
        if let Some(why) = why {
            self.say(Said::Exception(&why)).await;
            return Some(Parted::CannotGoOn(why));
        }
        match then {
            _ if self.is_interrupted || self.stop.is_requested() => Some(Parted::Interrupted),
            Some(Then::Part(parted)) => Some(parted),
            Some(Then::Ready) => {
                self.ready_again().await;
                None
            }
            None => Some(Parted::CannotGoOn("the test has lasted as long as one may".into())),
        }
    }

    /// The test is over, and another one may come.
    async fn ready_again(&mut self) {
        self.say(Said::ClientStopped).await;
        self.say(Said::ClientReady).await;
    }
}

fn seconds() -> f64 {
    clock::now().as_millisecond() as f64 / 1e3
}
