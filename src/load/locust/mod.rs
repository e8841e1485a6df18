//! Joins a Locust master as a worker: the master says how many users there are, and each user stands for a rate of calls.
//! What it says and how it is said is in the files beside this one; how calls are played is the room around it.
//!
//! | file | what lives there |
//! |---|---|
//! | `zmtp` | a ZeroMQ connection |
//! | `words` | what a master and its workers say |
//! | `account` | our figures as a master adds them up |
//! | `numbered` | calls whose numbers no other worker has |
//! | `test` | one test: from the first users to the figures |
//! | `member` | the worker: hears, obeys, reports |
//! | `link` | the connection, opened again where it is lost |
//! | `machine` | the name of this machine, and how busy we keep it |
//!
//! One Locust user is [`super::Load::arrival`]'s rate: ten users at 2/s start 20 calls a second, whatever the receiver does. So the
//! model stays the open one, and response times count from the intended start.

mod account;
mod link;
mod machine;
mod member;
mod numbered;
mod test;
mod words;
mod zmtp;

pub use member::work;
pub use zmtp::{CONNECT_MAX, MESSAGE_MAX_BYTES, SEND_MAX};

use super::{Arrival, DURATION_MAX, LAG_P99_MAX, Outcome, RATE_MAX, Stage, Told};
use jiff::Timestamp;
use std::fmt;
use std::str::FromStr;
use std::time::Duration;

/// The port of a master that was not given another one.
pub const PORT_DEFAULT: u16 = 5557;
/// How long a master may say nothing, where nothing else is asked for; as long as Locust's own workers wait.
pub const PATIENCE_DEFAULT: Duration = Duration::from_secs(60);

/// Whom to work for.
#[derive(Debug, Clone, PartialEq)]
pub struct Master {
    /// `host:port`.
    pub address: String,
    /// How long it may say nothing - because it is not there yet, is gone or hangs - before the worker ends. Until then
    /// the worker goes on with what it does, and tries to connect again.
    pub patience: Duration,
    /// How many calls a second this worker starts at most, however many users the master wants; it is told of it.
    pub rate_max: f64,
    /// How long a test may last. Then the worker tells the master so, and ends.
    pub lasting_max: Duration,
    /// The p99 of the load generator's own lag beyond which the master is told that it fell behind its own schedule.
    pub lag_p99_max: Duration,
}

impl FromStr for Master {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (host, port) = match text.rsplit_once(':') {
            // A colon within brackets, or one of several without, belongs to the host.
            Some((host, port)) if !port.contains(']') && (host.ends_with(']') || !host.contains(':')) => (host, port),
            _ => (text, ""),
        };
        let host = match host.contains(':') && !host.starts_with('[') {
            true => format!("[{host}]"),
            false => host.to_owned(),
        };
        let port = match port {
            "" => Some(PORT_DEFAULT),
            port => port.parse().ok().filter(|port| *port > 0),
        };
        match port {
            Some(port) if !host.is_empty() && !host.contains('/') => Ok(Self {
                address: format!("{host}:{port}"),
                patience: PATIENCE_DEFAULT,
                rate_max: RATE_MAX,
                lasting_max: DURATION_MAX,
                lag_p99_max: LAG_P99_MAX,
            }),
            _ => Err(format!("a master is HOST:PORT, such as `127.0.0.1:{PORT_DEFAULT}`")),
        }
    }
}

/// What is told while the worker works.
#[derive(Debug)]
pub enum News {
    /// A sentence for whoever watches.
    Said(String),
    /// From the test that goes on.
    Told(Told),
    /// A test is over. There may be another one.
    Ended(Box<TestEnded>),
}

/// A test that is over.
#[derive(Debug)]
pub struct TestEnded {
    /// What it came to. Where the master was lost or the test lasted too long, it could not go on.
    pub outcome: Outcome,
    /// How many calls a second the master wanted, and for how long.
    pub stages: Vec<Stage>,
    /// When its first call started, in scenario time.
    pub start: Timestamp,
}

/// Why the worker has ended. What it did is told by then.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Parted {
    /// The master said so.
    Quit,
    /// `stop` asked for it.
    Interrupted,
    /// The master is gone; with when and how.
    Lost(String),
    /// The load is impossible, or its first call failed, or the machine has run out of something; with what to do.
    CannotGoOn(String),
}

impl fmt::Display for Parted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Parted::Quit => f.write_str("the master has ended it"),
            Parted::Interrupted => f.write_str("interrupted"),
            Parted::Lost(why) | Parted::CannotGoOn(why) => f.write_str(why),
        }
    }
}

/// The calls a second of one user, and whether they come by chance.
///
/// # Errors
/// Where the arrival of calls is not one rate.
fn per_user(arrival: &Arrival) -> Result<(f64, bool), String> {
    let (stages, by_chance) = match arrival {
        Arrival::Even(stages) => (stages, false),
        Arrival::Poisson(stages) => (stages, true),
        Arrival::Closed { .. } | Arrival::Steered(_) => {
            return Err("under a Locust master a user is a rate: give --rate, the calls a second of one user; \
                        a closed model there is not"
                .into());
        }
    };
    match stages[..] {
        [stage] if stage.from == stage.to && stage.from > 0.0 => Ok((stage.from, by_chance)),
        _ => Err("under a Locust master there is one --rate, the calls a second of one user, and no --stage: \
                  the master says how many users there are, and when"
            .into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::load::Stage;

    #[test]
    fn a_master_has_a_host_and_mostly_a_port() {
        for (text, address) in [
            ("127.0.0.1:6000", "127.0.0.1:6000"),
            ("master", "master:5557"),
            ("[::1]:6000", "[::1]:6000"),
            ("[::1]", "[::1]:5557"),
            ("::1", "[::1]:5557"),
        ] {
            assert_eq!(text.parse::<Master>().map(|master| master.address), Ok(address.to_owned()), "{text}");
        }
        for wrong in ["", ":5557", "master:0", "master:99999", "master:http", "tcp://master:5557"] {
            assert!(wrong.parse::<Master>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_user_is_one_rate() {
        let stage = Stage::steady(2.0, Duration::from_secs(1));
        assert_eq!(per_user(&Arrival::Even(vec![stage])), Ok((2.0, false)));
        assert_eq!(per_user(&Arrival::Poisson(vec![stage])), Ok((2.0, true)));
        for wrong in [
            Arrival::Even(vec![stage, stage]),
            Arrival::Even(vec![Stage { to: 5.0, ..stage }]),
            Arrival::Even(Vec::new()),
            Arrival::Closed { calls: 1, lasting: Duration::from_secs(1) },
        ] {
            assert!(per_user(&wrong).is_err(), "{wrong:?}");
        }
    }
}
