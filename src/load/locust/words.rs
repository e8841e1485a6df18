//! What a Locust master and its workers say to each other (locust/runners.py and locust/stats.py of Locust 2): a triple of
//! type, data and worker, in MessagePack. When it is said is not decided here.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What a worker says.
#[derive(Debug)]
pub enum Said<'a> {
    /// It is there, and does nothing; with its version, which is -1 where it is none of Locust's.
    ClientReady,
    /// It has heard how many users there shall be.
    Spawning,
    /// There are so many.
    SpawningComplete(&'a Users),
    /// It is alive.
    Heartbeat(Heartbeat),
    /// What it did since it said so last.
    Stats(Stats<'a>),
    /// It has stopped, and is no more of use until it is ready again.
    ClientStopped,
    /// It goes.
    Quit,
    /// Something went wrong that is no answer of the receiver.
    Exception(&'a str),
}

/// How many users, by their class.
pub type Users = BTreeMap<String, u64>;

/// Every second, in both directions.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Heartbeat {
    /// `ready`, `spawning` or `running`.
    pub state: &'static str,
    /// In percent of one core.
    pub current_cpu_usage: f64,
}

/// Every three seconds.
#[derive(Debug, Serialize)]
pub struct Stats<'a> {
    /// By name.
    pub stats: &'a [Entry],
    /// All of them.
    pub stats_total: &'a Entry,
    /// By a key that is the same for the same error of every worker.
    pub errors: &'a BTreeMap<String, Error>,
    /// How many users there are.
    pub user_classes_count: &'a Users,
    /// Their sum.
    pub user_count: u64,
}

/// The requests of one name. Times are in milliseconds, moments in seconds since 1970.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Entry {
    /// `udesk:end`
    pub name: String,
    /// `POST`
    pub method: String,
    /// When the last one ended.
    pub last_request_timestamp: Option<f64>,
    /// When counting began.
    pub start_time: f64,
    /// How many.
    pub num_requests: u64,
    /// Of those, how many without a time.
    pub num_none_requests: u64,
    /// Of those, how many failed.
    pub num_failures: u64,
    /// The sum of their times.
    pub total_response_time: f64,
    /// The longest.
    pub max_response_time: f64,
    /// The shortest.
    pub min_response_time: Option<f64>,
    /// The length of all answers.
    pub total_content_length: u64,
    /// How many took so long, rounded as Locust does.
    pub response_times: BTreeMap<u64, u64>,
    /// How many ended in that second.
    pub num_reqs_per_sec: BTreeMap<u64, u64>,
    /// How many failed in that second.
    pub num_fail_per_sec: BTreeMap<u64, u64>,
}

/// What went wrong, and how often.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Error {
    /// The name of the requests.
    pub name: String,
    /// Their method.
    pub method: String,
    /// In words.
    pub error: String,
    /// How often.
    pub occurrences: u64,
    /// When first, in seconds since 1970.
    pub first_seen: f64,
    /// When last.
    pub last_seen: f64,
}

/// What a master says.
#[derive(Debug, Clone, PartialEq)]
pub enum Heard {
    /// It knows the worker, by this number from 0.
    Ack(Option<u64>),
    /// There shall be these users.
    Spawn(Spawn),
    /// There are as many users as there shall be, on all workers.
    SpawningComplete,
    /// All calls shall end.
    Stop,
    /// The worker shall end.
    Quit,
    /// The worker shall connect again.
    Reconnect,
    /// It is alive.
    Heartbeat,
    /// Something that means nothing to this worker; its type.
    Other(String),
}

/// There shall be these users.
#[derive(Debug, Clone, PartialEq)]
pub struct Spawn {
    /// When this was said, in seconds since 1970 by the master's clock.
    pub timestamp: f64,
    /// By class, on this worker.
    pub users: Users,
    /// The address that was given to the master.
    pub host: Option<String>,
    /// How long, in seconds, users may go on with what they do when they shall stop.
    pub stop_timeout: f64,
}

/// All that is read of any message.
#[derive(Default, Deserialize)]
struct Data {
    #[serde(default)]
    index: Option<u64>,
    #[serde(default)]
    timestamp: Option<f64>,
    #[serde(default)]
    user_classes_count: Option<Users>,
    #[serde(default)]
    host: Option<String>,
    #[serde(default)]
    stop_timeout: Option<f64>,
}

impl Said<'_> {
    /// As it is sent by the worker called `id`.
    ///
    /// # Errors
    /// It cannot be written, which it has no reason to.
    pub fn write(&self, id: &str) -> Result<Vec<u8>, String> {
        #[derive(Serialize)]
        struct Complete<'a> {
            user_classes_count: &'a Users,
            user_count: u64,
        }
        #[derive(Serialize)]
        struct Exception<'a> {
            msg: &'a str,
            /// By it the master tells exceptions apart.
            traceback: &'a str,
        }
        let nothing = None::<()>;
        let written = match self {
            Said::ClientReady => rmp_serde::to_vec_named(&("client_ready", -1, id)),
            Said::Spawning => rmp_serde::to_vec_named(&("spawning", nothing, id)),
            Said::SpawningComplete(users) => {
                let complete = Complete { user_classes_count: users, user_count: sum(users) };
                rmp_serde::to_vec_named(&("spawning_complete", complete, id))
            }
            Said::Heartbeat(heartbeat) => rmp_serde::to_vec_named(&("heartbeat", heartbeat, id)),
            Said::Stats(stats) => rmp_serde::to_vec_named(&("stats", stats, id)),
            Said::ClientStopped => rmp_serde::to_vec_named(&("client_stopped", nothing, id)),
            Said::Quit => rmp_serde::to_vec_named(&("quit", nothing, id)),
            Said::Exception(msg) => rmp_serde::to_vec_named(&("exception", Exception { msg, traceback: msg }, id)),
        };
        written.map_err(|error| error.to_string())
    }
}

/// How many there are of all classes.
pub fn sum(users: &Users) -> u64 {
    users.values().fold(0, |sum, count| sum.saturating_add(*count))
}

impl Heard {
    /// Reads a message.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn read(bytes: &[u8]) -> Result<Self, String> {
        let (name, _, _): (String, serde::de::IgnoredAny, serde::de::IgnoredAny) =
            rmp_serde::from_slice(bytes).map_err(|error| format!("no message of Locust: {error}"))?;
        let data = || -> Result<Data, String> {
            let (_, data, _): (String, Option<Data>, serde::de::IgnoredAny) =
                rmp_serde::from_slice(bytes).map_err(|error| format!("`{name}` cannot be read: {error}"))?;
            Ok(data.unwrap_or_default())
        };
        Ok(match name.as_str() {
            "ack" => Heard::Ack(data()?.index),
            "spawn" => {
                let Data { timestamp, user_classes_count, host, stop_timeout, .. } = data()?;
                let (Some(timestamp), Some(users)) = (timestamp, user_classes_count) else {
                    return Err("`spawn` has no timestamp, or no user_classes_count".into());
                };
                Heard::Spawn(Spawn { timestamp, users, host, stop_timeout: stop_timeout.unwrap_or_default() })
            }
            "spawning_complete" => Heard::SpawningComplete,
            "stop" => Heard::Stop,
            "quit" => Heard::Quit,
            "reconnect" => Heard::Reconnect,
            "heartbeat" => Heard::Heartbeat,
            _ => Heard::Other(name),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_spawn_is_read_whatever_else_is_in_it() {
        #[derive(Serialize)]
        struct Data {
            timestamp: f64,
            user_classes_count: Users,
            host: Option<&'static str>,
            stop_timeout: u8,
            parsed_options: BTreeMap<&'static str, Option<Vec<u8>>>,
        }
        let data = Data {
            timestamp: 1.5,
            user_classes_count: [("Caller".to_owned(), 3)].into(),
            host: None,
            stop_timeout: 2,
            parsed_options: [("tags", None), ("expect_workers", Some(vec![1]))].into(),
        };
        let bytes = rmp_serde::to_vec_named(&("spawn", data, "w")).expect("bytes");
        let spawn = Spawn { timestamp: 1.5, users: [("Caller".to_owned(), 3)].into(), host: None, stop_timeout: 2.0 };
        assert_eq!(Heard::read(&bytes), Ok(Heard::Spawn(spawn)));
    }

    #[test]
    fn what_is_not_known_is_told_and_what_is_wrong_is_an_error() {
        let own = rmp_serde::to_vec(&("acknowledge_users", "any data", "w")).expect("bytes");
        assert_eq!(Heard::read(&own), Ok(Heard::Other("acknowledge_users".into())));
        let stop = rmp_serde::to_vec(&("stop", None::<()>, "w")).expect("bytes");
        assert_eq!(Heard::read(&stop), Ok(Heard::Stop));
        for wrong in [&b""[..], b"\x93", b"{}", &[0x91; 3000], &rmp_serde::to_vec(&("spawn", 5, "w")).expect("bytes")] {
            assert!(Heard::read(wrong).is_err(), "{wrong:?}");
        }
    }
}
