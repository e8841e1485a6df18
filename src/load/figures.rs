//! What a load run comes to, in figures: counters and histograms that merge exactly, over workers and over shards. Nothing
//! here counts or judges.

use super::expectations::ExpectationFigures;
use super::latency::Latency;
use super::point::Point;
use crate::event::{FailureClass, Phase};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

/// Adds these counters of another.
macro_rules! add {
    ($to:expr, $of:expr; $($counter:ident),+) => {{ $($to.$counter += $of.$counter;)+ }};
}
pub(super) use add;

/// Adds the counters of another, by what they count.
pub(super) fn add_each<K: Ord + Clone>(to: &mut BTreeMap<K, u64>, of: &BTreeMap<K, u64>) {
    of.iter().for_each(|(counted, count)| *to.entry(counted.clone()).or_default() += count);
}

/// The version of the figures' format; it rises when a reader of the old one could misread the new one.
pub const FIGURES_FORMAT: u32 = 2;

/// What a load run, or one shard of it, comes to. At its end every push that was planned is sent, held, lost or excused.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Figures {
    /// The version of this format.
    pub format: u32,
    /// The seed of every draw.
    pub seed: u64,
    /// What was asked for, in words; shards of one run say the same.
    pub asked: String,
    /// Of how many shards this is a part; 1 where the run was not divided.
    pub shards_of: u32,
    /// The shards that are in these figures, from 1.
    pub shards: Vec<u32>,
    /// When the run began, RFC 3339: the earliest of the shards.
    pub began: String,
    /// How long it took from the start of the first call until the last push was settled: the longest of the shards.
    #[serde(rename = "took_us", with = "microseconds")]
    #[schemars(with = "u64")]
    pub took: Duration,
    /// Whether a signal cut it short, in any shard.
    pub interrupted: bool,
    /// The calls.
    pub calls: CallFigures,
    /// The pushes by kind, such as `udesk:end`.
    pub kinds: BTreeMap<String, KindFigures>,
    /// Ringback's own lag: from the moment at which a push was due, and could leave, until it was written. Where all
    /// connections were waiting for answers, from the moment at which one was free.
    pub lag: Latency,
    /// The connections.
    pub connections: ConnectionFigures,
    /// How things went over time, [`Figures::point_length`] each, from the start of the run.
    pub points: Vec<Point>,
    /// How long one point lasts.
    #[serde(rename = "point_us", with = "microseconds")]
    #[schemars(with = "u64")]
    pub point_length: Duration,
    /// How often each fault struck, by what tells it apart from the others.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub strikes: BTreeMap<String, u64>,
    /// What became of what the scenarios expect of the receiver.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub expectations: Vec<ExpectationFigures>,
    /// What else is to be told, as whole sentences: limits that were hit.
    pub notes: Vec<String>,
}

/// The calls of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CallFigures {
    /// That the plan of arrival has, as far as it is known.
    pub planned: u64,
    /// That started.
    pub started: u64,
    /// The most that were between their start and their last push at a time; of several workers the sum of each one's most.
    pub in_flight_max: u64,
}

/// The connections of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ConnectionFigures {
    /// That were opened.
    pub opened: u64,
    /// That could not be opened.
    pub failed: u64,
    /// That the receiver closed while they were at rest.
    pub closed: u64,
    /// That were wanted when the system let this process have no more of them.
    pub short: u64,
}

/// The pushes of one kind, to all targets. `planned` = `sent` + `held` + `lost` + `excused`.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct KindFigures {
    /// Pushes of the calls that started.
    pub planned: u64,
    /// That the receiver acknowledged, at whichever attempt.
    pub sent: u64,
    /// That never left: there was no room under `--max-in-flight`, or the run was over before they were due.
    pub held: u64,
    /// Of those, the ones that the end of the run held back.
    pub held_by_end: u64,
    /// That left, or tried to, and were not acknowledged at the last attempt.
    pub lost: u64,
    /// That were lost because a fault of the scenario corrupted their last attempt, as the receiver was right to let them be; or
    /// whose status a check of the scenario has judged, which takes the place of the vendor's own rule.
    /// None in files of format 1, where they count as lost.
    #[serde(default)]
    pub excused: u64,
    /// Attempts.
    pub attempts: u64,
    /// Of those, the ones after the first of their push.
    pub retries: u64,
    /// Attempts that were answered, whatever the answer.
    pub answered: u64,
    /// Answers that the vendor does not take for an acknowledgement.
    pub nacks: u64,
    /// Answers by status.
    pub statuses: BTreeMap<u16, u64>,
    /// Attempts without an answer, by class and phase: `timeout/first_byte`. See [`failure_name`].
    pub failures: BTreeMap<String, u64>,
    /// From the *intended* start of an attempt, which is when it was due, until its answer was read or its time was up.
    /// Attempts that broke otherwise are not in it: a refusal is quick and would flatter.
    pub response: Latency,
    /// The same from the moment at which the attempt was really written.
    pub service: Latency,
}

impl KindFigures {
    /// Attempts without an answer.
    pub fn failed(&self) -> u64 {
        self.failures.values().sum()
    }

    /// Attempts that failed or were not acknowledged.
    pub fn errors(&self) -> u64 {
        self.failed() + self.nacks
    }

    /// How many pushes say something of the receiver: they were acknowledged, or lost and no fault was to blame.
    pub fn settled(&self) -> u64 {
        self.sent + self.lost
    }

    /// Whether every planned push is accounted for.
    pub fn adds_up(&self) -> bool {
        self.planned == self.sent + self.held + self.lost + self.excused
    }

    /// Adds the figures of others: the same as if all had been counted here.
    pub fn merge(&mut self, other: &KindFigures) {
        add!(self, other; planned, sent, held, held_by_end, lost, excused, attempts, retries, answered, nacks);
        add_each(&mut self.statuses, &other.statuses);
        add_each(&mut self.failures, &other.failures);
        self.response.merge(&other.response);
        self.service.merge(&other.service);
    }
}

impl Figures {
    /// No figures yet.
    pub fn new(seed: u64, asked: String, shard: u32, shards_of: u32, began: String, point_length: Duration) -> Self {
        Self {
            format: FIGURES_FORMAT,
            seed,
            asked,
            shards_of,
            shards: vec![shard],
            began,
            took: Duration::ZERO,
            interrupted: false,
            calls: CallFigures::default(),
            kinds: BTreeMap::new(),
            lag: Latency::default(),
            connections: ConnectionFigures::default(),
            points: Vec::new(),
            point_length,
            strikes: BTreeMap::new(),
            expectations: Vec::new(),
            notes: Vec::new(),
        }
    }

    /// All kinds together.
    pub fn total(&self) -> KindFigures {
        let mut total = KindFigures::default();
        self.kinds.values().for_each(|kind| total.merge(kind));
        total
    }

    /// The shards that are missing to the whole.
    pub fn missing(&self) -> Vec<u32> {
        (1..=self.shards_of).filter(|shard| !self.shards.contains(shard)).collect()
    }

    /// Adds the figures of a part of the same run that took place beside it.
    pub(super) fn add(&mut self, other: &Figures) {
        self.took = self.took.max(other.took);
        self.interrupted |= other.interrupted;
        add!(self.calls, other.calls; started, in_flight_max);
        add!(self.connections, other.connections; opened, failed, closed, short);
        for (name, kind) in &other.kinds {
            self.kinds.entry(name.clone()).or_default().merge(kind);
        }
        self.lag.merge(&other.lag);
        for (index, point) in other.points.iter().enumerate() {
            match self.points.get_mut(index) {
                Some(own) => own.merge(point),
                None => self.points.push(point.clone()),
            }
        }
        add_each(&mut self.strikes, &other.strikes);
        ExpectationFigures::merge(&mut self.expectations, &other.expectations);
        for note in &other.notes {
            if !self.notes.contains(note) {
                self.notes.push(note.clone());
            }
        }
    }

    /// Adds the figures of another shard of the same run.
    ///
    /// # Errors
    /// Why the two are not parts of one run.
    pub fn merge(&mut self, other: &Figures) -> Result<(), Unmergeable> {
        let parts = |of: &Figures| {
            let Figures { format, seed, shards_of, asked, point_length, .. } = of;
            [
                format!("has format {format}"),
                format!("has seed {seed}"),
                format!("is of {shards_of} shards"),
                format!("was asked for `{asked}`"),
                format!("has points of {point_length:?}"),
            ]
        };
        if let Some((own, theirs)) = parts(self).into_iter().zip(parts(other)).find(|(own, theirs)| own != theirs) {
            return Err(Unmergeable(format!("one {own}, the other {theirs}")));
        }
        if let Some(twice) = other.shards.iter().find(|shard| self.shards.contains(shard)) {
            return Err(Unmergeable(format!("shard {twice} is in both")));
        }
        // Every shard knows the plan of all.
        self.calls.planned = self.calls.planned.max(other.calls.planned);
        self.add(other);
        self.shards.extend(&other.shards);
        self.shards.sort_unstable();
        if other.began < self.began {
            self.began.clone_from(&other.began);
        }
        Ok(())
    }
}

/// Why the figures of two shards cannot be merged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unmergeable(pub String);

impl fmt::Display for Unmergeable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "these are not shards of one run: {}", self.0)
    }
}

impl std::error::Error for Unmergeable {}

/// The name of a failure in [`KindFigures::failures`]: `timeout/connect`.
pub fn failure_name(class: FailureClass, phase: Phase) -> String {
    // As events have them.
    let name =
        |value: serde_json::Result<Value>| value.ok().as_ref().and_then(Value::as_str).unwrap_or_default().to_owned();
    format!("{}/{}", name(serde_json::to_value(class)), name(serde_json::to_value(phase)))
}

mod microseconds {
    use serde::{Deserialize, Deserializer, Serializer};
    use std::time::Duration;

    pub fn serialize<S: Serializer>(duration: &Duration, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_u64(u64::try_from(duration.as_micros()).unwrap_or(u64::MAX))
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Duration, D::Error> {
        u64::deserialize(deserializer).map(Duration::from_micros)
    }
}
