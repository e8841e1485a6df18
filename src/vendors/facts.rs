//! What is known about a vendor, as data: pushes, fields and settings, each with where the knowledge comes from.

use std::fmt;
use std::time::Duration;

/// Where a piece of knowledge about a vendor comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Origin {
    /// The vendor's page about these pushes, copied whole.
    Seed,
    /// Another page of the vendor.
    Documented,
    /// Concluded, because no page says it. Always configurable, never shown as the vendor's word.
    Inferred,
}

impl Origin {
    /// The word by which it is listed.
    pub fn as_str(self) -> &'static str {
        match self {
            Origin::Seed => "seed",
            Origin::Documented => "documented",
            Origin::Inferred => "inferred",
        }
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// A push that a vendor sends.
#[derive(Debug, Clone, Copy)]
pub struct PushFact {
    /// The vendor's own name of it, as in `udesk:agent_answer`.
    pub name: &'static str,
    /// The heading of the vendor's document.
    pub title: &'static str,
    /// When it is sent.
    pub when: &'static str,
    /// Where the knowledge that it exists comes from.
    pub origin: Origin,
    /// The fields of its body, in order. A field inside another is written `outer.inner`.
    pub fields: &'static [FieldFact],
}

/// A field in the body of a push.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FieldFact {
    /// The key, or `outer.inner`.
    pub name: &'static str,
    /// What it means, with its unit.
    pub meaning: &'static str,
    /// Where the knowledge of it comes from.
    pub origin: Origin,
}

/// Something about a vendor that a scenario can set under `options`.
#[derive(Debug, Clone, Copy)]
pub struct SettingFact {
    /// The key.
    pub name: &'static str,
    /// What values it takes, and which one holds where nothing is set.
    pub kind: SettingKind,
    /// What it does.
    pub meaning: &'static str,
    /// Where the default comes from.
    pub origin: Origin,
}

/// What values a setting takes, with its default. `None` as a default: drawn from the seed, or nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SettingKind {
    /// `true` or `false`.
    Switch(bool),
    /// Any text; digits stay as written.
    Text(Option<&'static str>),
    /// A whole number, not negative.
    Integer(Option<u64>),
    /// A length of time such as `60s`.
    Duration(Duration),
    /// One of these words, the first by default.
    Choice(&'static [&'static str]),
    /// A list of texts.
    List,
    /// Any YAML value, sent as JSON.
    Any,
}

/// When a vendor tries again.
#[derive(Debug, Clone, PartialEq)]
pub struct RetryPolicy {
    /// How long to wait before each further attempt; as many further attempts as there are waits.
    pub waits: Vec<Duration>,
    /// By how much of itself a wait may be longer or shorter: 0.2 for 20 %.
    pub jitter: f64,
    /// After which failures.
    pub on: Vec<Retriable>,
}

impl RetryPolicy {
    /// One attempt and no more.
    pub fn none() -> Self {
        Self { waits: Vec::new(), jitter: 0.0, on: Vec::new() }
    }
}

/// Failures after which a push can be tried again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Retriable {
    /// No answer in time, whatever the phase.
    Timeout,
    /// The connection failed, broke, or carried something that is not HTTP.
    Connect,
    /// A status from 500 to 599.
    ServerError,
    /// Status 429.
    TooManyRequests,
    /// Any other answer that is not an acknowledgement.
    Nack,
}

impl Retriable {
    /// Every failure with the word by which a scenario names it.
    pub const ALL: [(Retriable, &'static str); 5] = [
        (Retriable::Timeout, "timeout"),
        (Retriable::Connect, "connect"),
        (Retriable::ServerError, "5xx"),
        (Retriable::TooManyRequests, "429"),
        (Retriable::Nack, "nack"),
    ];

    /// What it means, as half a sentence.
    pub fn meaning(self) -> &'static str {
        match self {
            Retriable::Timeout => "no answer in time",
            Retriable::Connect => "the connection failed, broke, or carried something that is not HTTP",
            Retriable::ServerError => "a status from 500 to 599",
            Retriable::TooManyRequests => "status 429",
            Retriable::Nack => "any other answer that is not an acknowledgement",
        }
    }

    /// All of them.
    pub fn all() -> Vec<Retriable> {
        Self::ALL.iter().map(|(retriable, _)| *retriable).collect()
    }
}
