//! A push of a run as it is told: how it stands, its attempts, and what the receiver answered.

use crate::event::{DeliveryId, Timing};
use crate::faults::Bent;
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::VecDeque;

/// One push to one target, with every attempt that is kept.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(super) struct Delivery {
    /// Its number in the run, from 1; events of it carry it, too.
    pub n: u64,
    /// Which push, of which call, to which target.
    pub delivery: DeliveryId,
    /// When it was due at first, in scenario time.
    pub offset_ms: u64,
    /// What it tells of, in words.
    pub why: String,
    /// How it stands.
    pub state: State,
    /// When the next attempt is due, in scenario time.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_ms: Option<u64>,
    /// Why it was given up.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// The faults that have moved, repeated or dropped it.
    pub faults: Vec<Bent>,
    /// Its attempts, in order.
    #[schemars(with = "Vec<Attempt>")]
    pub attempts: VecDeque<Attempt>,
}

/// How a delivery stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum State {
    /// It is not due yet.
    Waiting,
    /// It is due, but another has to be settled first.
    Held,
    /// An attempt is under way.
    InFlight,
    /// It will be tried again.
    Retrying,
    /// The receiver took it.
    Acknowledged,
    /// It will not be tried again.
    GivenUp,
    /// It never left.
    Dropped,
    /// A step by hand has changed the story before it left.
    Withdrawn,
}

impl State {
    pub fn is_settled(self) -> bool {
        match self {
            State::Waiting | State::Held | State::InFlight | State::Retrying => false,
            State::Acknowledged | State::GivenUp | State::Dropped | State::Withdrawn => true,
        }
    }
}

/// One attempt of a delivery.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(super) struct Attempt {
    /// Which, from 1.
    pub attempt: u32,
    /// How many there can be.
    pub attempts_max: u32,
    /// When, in scenario time.
    pub offset_ms: u64,
    /// The scenario's time as the vendor would print it, RFC 3339.
    pub at: String,
    /// The real time, in milliseconds since 1970.
    pub began_ms: i64,
    /// The method of the request.
    pub method: String,
    /// The full address.
    pub url: String,
    /// Headers as sent, framing and host left out; secrets are masked.
    #[schemars(with = "Vec<[String; 2]>")]
    pub headers: Vec<(String, String)>,
    /// The body as text.
    pub body: String,
    /// The faults that bent it.
    pub faults: Vec<Bent>,
    /// Whether they have made it other than it should be.
    pub spoilt: bool,
    /// The request as a shell command.
    pub curl: String,
    /// What the receiver answered.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub answer: Option<Answer>,
    /// Why no answer came.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub failure: Option<Failure>,
}

/// What the receiver answered.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(super) struct Answer {
    /// The status code.
    pub status: u16,
    /// Headers in the order in which they came.
    #[schemars(with = "Vec<[String; 2]>")]
    pub headers: Vec<(String, String)>,
    /// The body as text.
    pub body: String,
    /// Whether the body was longer than what is read of it.
    pub truncated: bool,
    /// How long each phase took.
    pub timing: Timing,
    /// Whether the vendor takes it for an acknowledgement.
    pub acknowledged: bool,
    /// Why it does not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// What is wrong with the answer, where the vendor takes it nevertheless.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub warning: Option<String>,
}

/// Why no answer came.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(super) struct Failure {
    /// What kind of failure.
    pub class: String,
    /// In which phase of the attempt.
    pub phase: String,
    /// What went wrong, in words.
    pub message: String,
    /// How long each phase took.
    pub timing: Timing,
}

impl Attempt {
    /// About how much memory its texts take.
    pub fn weight(&self) -> usize {
        let answer = self.answer.as_ref().map_or(0, |answer| answer.body.len());
        self.body.len() + self.url.len() + self.curl.len() + answer
    }
}
