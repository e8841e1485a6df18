//! What a worker does when its master says something.

use super::{Member, seconds};
use crate::clock;
use crate::load::locust::link::Link;
use crate::load::locust::test::{Beginning, Test, Then};
use crate::load::locust::words::{Heard, Said, Spawn, sum};
use crate::load::locust::{Master, Parted, numbered};
use std::time::Duration;

/// How far the clocks of master and worker may be apart, in seconds, before it is told and made good.
const CLOCKS_APART: f64 = 5.0;
/// How long calls may go on that are under way at a stop, at most.
const LINGER_MAX: Duration = Duration::from_secs(24 * 60 * 60);

impl Member<'_> {
    pub(super) async fn hear(&mut self, bytes: &[u8]) -> Option<Parted> {
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
        let rate = asked.min(self.master.rate_max);
        let sentence = format!("the master wants {users} users: {rate} calls a second");
        self.tell(sentence);
        if rate < asked {
            let why = format!("{users} users are {asked} calls a second, and {rate} is the most that is allowed here");
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

    /// The test is over, and another one may come.
    pub(super) async fn ready_again(&mut self) {
        self.say(Said::ClientStopped).await;
        self.say(Said::ClientReady).await;
    }
}
