//! `RunEvent`: everything that happened in a run, as one closed list. Reports, checks and records read nothing else.

mod attempt;
mod id;
mod judged;
mod length;
mod said;
mod veil;

pub use attempt::{FailureClass, Phase, Timing};
pub use id::{DeliveryId, Story};
pub use judged::{Compared, Difference, Expectation, Finding, Side, Weight};
pub use length::{microseconds, milliseconds};
pub use said::{SAID_MAX_CHARS, said, up_to};

use crate::faults::Bent;
use length::{Microseconds, Milliseconds};
use schemars::JsonSchema;
use serde::Serialize;
use std::time::Duration;

/// The version of the event format; it rises when a reader of the old one could misread the new one.
pub const EVENT_FORMAT: u32 = 1;

/// Why an answer that a fault has thrown away is no acknowledgement.
pub const ANSWER_LOST: &str = "the answer was thrown away";

/// One thing that happened in a run.
///
/// Serialised, it is an object whose `event` names the kind. Scenario time is in milliseconds from the start of the
/// scenario (`offset_ms`), real time in microseconds (`_us`).
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum RunEvent {
    /// A run begins.
    Started {
        /// The version of this format.
        format: u32,
        /// The version of Ringback.
        ringback: &'static str,
        /// The seed of every draw.
        seed: u64,
        /// When every scenario starts, RFC 3339.
        start: String,
        /// How scenario time passes.
        pace: String,
        /// The addresses that pushes go to.
        targets: Vec<String>,
        /// Whether they go to the receiver that is built in.
        built_in_receiver: bool,
    },
    /// A vendor begins to play a scenario.
    StoryStarted {
        /// Which.
        story: Story,
        /// What the scenario says of itself.
        title: String,
        /// Where the scenario was read from: a path, or `built-in`.
        source: String,
        /// The command that plays this story again, with this seed.
        replay: String,
        /// How many deliveries are planned, over all targets.
        deliveries: u64,
        /// How many entries the vendor makes or changes in its own records.
        #[serde(skip_serializing_if = "is_zero")]
        records: u64,
    },
    /// A vendor has no pushes for a scenario.
    Skipped {
        /// Which.
        story: Story,
        /// Why.
        reason: String,
    },
    /// A push is planned, before anything is sent.
    Planned {
        /// Which delivery.
        delivery: DeliveryId,
        /// When it will be due, in scenario time.
        #[serde(rename = "offset_ms", with = "Milliseconds")]
        offset: Duration,
        /// What it tells of, in words.
        why: String,
        /// The faults that have moved or repeated it, with what can be seen of them.
        #[serde(skip_serializing_if = "Vec::is_empty")]
        faults: Vec<Bent>,
    },
    /// A push falls due that a fault never lets leave.
    Dropped {
        /// Which delivery.
        delivery: DeliveryId,
        /// When it was due.
        #[serde(rename = "offset_ms", with = "Milliseconds")]
        offset: Duration,
        /// The faults that bent it.
        faults: Vec<Bent>,
    },
    /// A push that was planned will never leave: a step by hand has changed the story.
    Withdrawn {
        /// Which delivery.
        delivery: DeliveryId,
    },
    /// Somebody changed the story by hand while it was played.
    Driven {
        /// Which story.
        story: Story,
        /// When, in scenario time.
        #[serde(rename = "offset_ms", with = "Milliseconds")]
        offset: Duration,
        /// What was done, in words: `hang up: customer`, `drop the next push`.
        what: String,
    },
    /// A push falls due but waits for another of the same order.
    Held {
        /// Which delivery.
        delivery: DeliveryId,
        /// When it was due.
        #[serde(rename = "offset_ms", with = "Milliseconds")]
        offset: Duration,
    },
    /// An attempt leaves.
    Attempted {
        /// Which delivery.
        delivery: DeliveryId,
        /// Which attempt, from 1.
        attempt: u32,
        /// How many attempts there can be.
        attempts_max: u32,
        /// When, in scenario time.
        #[serde(rename = "offset_ms", with = "Milliseconds")]
        offset: Duration,
        /// The scenario's time as the vendor would print it, RFC 3339.
        at: String,
        /// When the push was due for the first time, in scenario time.
        #[serde(rename = "due_ms", with = "Milliseconds")]
        due: Duration,
        /// The real time, in milliseconds since 1970.
        began_ms: i64,
        /// How long the attempt may take.
        #[serde(rename = "timeout_ms", with = "Milliseconds")]
        timeout: Duration,
        /// The customer's account at the vendor, where the vendor's own delivery log goes by it.
        #[serde(skip_serializing_if = "String::is_empty")]
        account: String,
        /// The vendor's id of the conversation, where the vendor's own delivery log names it.
        #[serde(skip_serializing_if = "String::is_empty")]
        conversation: String,
        /// For how much of `due` the customer has the push held back.
        #[serde(rename = "delay_ms", with = "Milliseconds", skip_serializing_if = "Duration::is_zero")]
        delay: Duration,
        /// The method of the request.
        method: &'static str,
        /// The full address.
        url: String,
        /// Headers as sent, framing and host left out; of secret values only the scheme, as in `Bearer ***`.
        headers: Vec<(String, String)>,
        /// The body as text; bytes that are not UTF-8 are replaced.
        body: String,
        /// The faults that bent it, with what can be seen of them.
        #[serde(skip_serializing_if = "Vec::is_empty")]
        faults: Vec<Bent>,
        /// Whether they have made it other than it should be, so that the receiver is not judged by its answer.
        #[serde(skip_serializing_if = "std::ops::Not::not")]
        spoilt: bool,
    },
    /// The receiver answered an attempt.
    Replied {
        /// Which delivery.
        delivery: DeliveryId,
        /// Which attempt.
        attempt: u32,
        /// The status code.
        status: u16,
        /// Headers in the order in which they came.
        headers: Vec<(String, String)>,
        /// The body as text, as far as it was read: decompressed, and decoded by its charset; wrong bytes are replaced.
        body: String,
        /// Whether the body was longer than what is read of it.
        truncated: bool,
        /// The version of HTTP that it came in, where that is not HTTP/1.1.
        #[serde(skip_serializing_if = "Option::is_none")]
        version: Option<&'static str>,
        /// What is odd about how the body was sent: compressed unasked, damaged, not in its charset.
        #[serde(skip_serializing_if = "Option::is_none")]
        remark: Option<String>,
        /// How long each phase took.
        timing: Timing,
        /// Whether the vendor takes it for an acknowledgement.
        acknowledged: bool,
        /// Why it does not.
        #[serde(skip_serializing_if = "Option::is_none")]
        reason: Option<String>,
        /// What is wrong with the answer, where the vendor takes it nevertheless.
        #[serde(skip_serializing_if = "Option::is_none")]
        warning: Option<String>,
    },
    /// An attempt ended without an answer.
    Failed {
        /// Which delivery.
        delivery: DeliveryId,
        /// Which attempt.
        attempt: u32,
        /// What kind of failure.
        class: FailureClass,
        /// In which phase of the attempt.
        phase: Phase,
        /// What went wrong, in words.
        message: String,
        /// How long each phase took.
        timing: Timing,
    },
    /// The vendor will try again.
    RetrySet {
        /// Which delivery.
        delivery: DeliveryId,
        /// Which attempt failed.
        attempt: u32,
        /// How long the vendor waits, in scenario time.
        #[serde(rename = "wait_ms", with = "Milliseconds")]
        wait: Duration,
        /// When the next attempt is due, in scenario time.
        #[serde(rename = "offset_ms", with = "Milliseconds")]
        due: Duration,
        /// Whether the receiver asked for this wait by `Retry-After`.
        retry_after: bool,
    },
    /// A push is settled: acknowledged.
    Acknowledged {
        /// Which delivery.
        delivery: DeliveryId,
        /// At which attempt.
        attempt: u32,
    },
    /// A push is settled: the vendor will not try again.
    GivenUp {
        /// Which delivery.
        delivery: DeliveryId,
        /// After how many attempts.
        attempts: u32,
        /// Why.
        reason: String,
        /// Whether the receiver may well have refused it: faults had spoilt the last attempt, and it did not break down.
        #[serde(skip_serializing_if = "std::ops::Not::not")]
        excused: bool,
    },
    /// The vendor stops pushing to an address, after so many failed attempts in a row.
    Disabled {
        /// Which story.
        story: Story,
        /// The address.
        url: String,
        /// How many attempts failed in a row.
        failures: u32,
        /// How many deliveries were not tried.
        untried: u64,
    },
    /// Everything that was sent of a call, in one number.
    Transcript {
        /// Which story.
        story: Story,
        /// The label of the call.
        call: String,
        /// How many attempts.
        attempts: u64,
        /// SHA-256, hexadecimal, over every byte of every attempt in the order of the plan; without the Host header, because
        /// the port of a receiver is nothing that a seed decides.
        sha256: String,
    },
    /// The vendor made or changed an entry in its own records, which its customers can query.
    Recorded {
        /// Which story.
        story: Story,
        /// When, in scenario time.
        #[serde(rename = "offset_ms", with = "Milliseconds")]
        offset: Duration,
        /// What it tells of, in words.
        why: String,
        /// The customer's account at the vendor; empty where the records go by none.
        account: String,
        /// The vendor's id of the entry. A later entry of the same id takes the place of this one.
        id: String,
        /// The instant that the entry is found by, in milliseconds since 1970.
        at_ms: i64,
        /// The entry, in the vendor's own words.
        record: serde_json::Value,
    },
    /// A probe was asked what the receiver believes, until it agreed or its time was over.
    Probed {
        /// Which story.
        story: Story,
        /// After which push, where it is asked after every one; otherwise the story is over.
        #[serde(skip_serializing_if = "Option::is_none")]
        delivery: Option<DeliveryId>,
        /// What was expected, and where the scenario says so.
        expectation: Expectation,
        /// What was asked: the method and the address, or the command.
        asked: String,
        /// How often it was asked.
        tries: u32,
        /// The status code of the last answer, or the exit status of the command; `None` where it could not be asked.
        #[serde(skip_serializing_if = "Option::is_none")]
        status: Option<i32>,
        /// The last answer as text, as far as it was read.
        body: String,
        /// Why it could not be asked the last time, in words; `None` where it could.
        #[serde(skip_serializing_if = "Option::is_none")]
        silent: Option<String>,
        /// How long it took in all.
        #[serde(rename = "took_us", with = "Microseconds")]
        took: Duration,
        /// Whether it agreed at last.
        agrees: bool,
    },
    /// A probe was not asked, because what the receiver believes would say nothing about it.
    NotJudged {
        /// Which story.
        story: Story,
        /// After which push, where it is asked after every one; otherwise the story is over.
        #[serde(skip_serializing_if = "Option::is_none")]
        delivery: Option<DeliveryId>,
        /// What was expected, and where the scenario says so.
        expectation: Expectation,
        /// Why, in words.
        reason: String,
    },
    /// A fault that is listed for stories of the run, once all of them are played.
    FaultPlayed {
        /// The fault's name.
        fault: &'static str,
        /// Where it is listed: `flaky.yaml:4`.
        place: String,
        /// How many attempts it struck, or kept from leaving.
        strikes: u64,
        /// Whether it may strike nothing.
        may_idle: bool,
    },
    /// The receiver, or what it believes, is not as expected.
    Found(Box<Finding>),
    /// An expectation has seen all of a story that it will see.
    Checked {
        /// Which story.
        story: Story,
        /// What was expected, and where the scenario says so.
        expectation: Expectation,
        /// How often it was judged: answers, deliveries, or the story as a whole.
        judged: u64,
        /// How often it did not hold.
        failed: u64,
    },
    /// The answers of a story were held against a stored snapshot.
    Compared {
        /// Which story.
        story: Story,
        /// The file of the snapshot.
        file: String,
        /// How they compare.
        outcome: Compared,
    },
    /// The target cannot be reached at all, so the rest of the story is not sent.
    Unreachable {
        /// Which story.
        story: Story,
        /// The address.
        url: String,
        /// What went wrong, in words.
        message: String,
        /// How many deliveries were not tried.
        untried: u64,
    },
    /// A vendor has played a scenario to its end.
    StoryFinished {
        /// Which.
        story: Story,
    },
    /// The run is over.
    Finished {
        /// The seed of every draw.
        seed: u64,
        /// Whether it was cut short by a signal.
        interrupted: bool,
        /// How long it took in real time.
        #[serde(rename = "took_us", with = "Microseconds")]
        took: Duration,
        /// The exit code.
        exit: u8,
        /// Reports that could not be written, as they were asked for; then the exit code is 3, unless a signal ended the run.
        #[serde(skip_serializing_if = "Vec::is_empty")]
        unwritten: Vec<String>,
    },
}

fn is_zero(count: &u64) -> bool {
    *count == 0
}
