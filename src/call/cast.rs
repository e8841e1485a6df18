//! Who and what takes part in a call: what the scenario says, and the full cast with everything else drawn from the seed.

use super::people;
use super::place::{self, Area};
use crate::random::Keyed;
use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::{Offset, TimeZone};
use std::time::Duration;

/// What a scenario is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Subject {
    /// One call of a customer.
    Call(Kind),
    /// An agent's working day.
    Shift,
}

/// How a call comes about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// The platform calls the agent, then the customer.
    Outbound,
    /// The agent's own phone dials the customer: one line only.
    Direct,
    /// The customer calls.
    Inbound,
    /// The platform dials customers on its own and hands those who answer to agents.
    Predictive,
    /// The customer asks for a call on a web page: the platform calls the customer, then an agent.
    Webcall,
    /// The agent looks at the next customer of a task, then has the call placed: the agent is called first.
    Preview,
}

impl Kind {
    /// Every kind with the word by which a scenario names it.
    pub const ALL: [(Kind, &'static str); 6] = [
        (Kind::Outbound, "outbound"),
        (Kind::Direct, "direct"),
        (Kind::Inbound, "inbound"),
        (Kind::Predictive, "predictive"),
        (Kind::Webcall, "webcall"),
        (Kind::Preview, "preview"),
    ];
}

/// What the scenario says about the cast; all that is left out is drawn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CastSpec {
    /// Call or shift.
    pub subject: Subject,
    /// The centre's own number: shown to the customer of an outbound call, dialled by the customer of an inbound one.
    pub line: Option<String>,
    /// The customer.
    pub customer: CustomerSpec,
    /// The agents, in file order. At least one: a file without agents has one called `agent`.
    pub agents: Vec<AgentSpec>,
    /// Outside parties.
    pub outsiders: Vec<OutsiderSpec>,
    /// Queues.
    pub queues: Vec<QueueSpec>,
    /// Dialling tasks.
    pub tasks: Vec<TaskSpec>,
}

/// What the scenario says about the customer.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CustomerSpec {
    /// The phone number.
    pub phone: Option<String>,
    /// The name.
    pub name: Option<String>,
    /// The province; known from the city where that is one of [`super::AREAS`].
    pub province: Option<String>,
    /// The city; known from the number where its prefix is in the table.
    pub city: Option<String>,
    /// The area code with its leading zero.
    pub area_code: Option<String>,
    /// Whether the customer is on the blacklist.
    pub blacklisted: bool,
}

/// What the scenario says about an agent.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct AgentSpec {
    /// The name in the scenario.
    pub key: String,
    /// The number of the agent (工号).
    pub number: Option<String>,
    /// The name shown.
    pub name: Option<String>,
    /// The phone at which the agent takes calls.
    pub phone: Option<String>,
    /// The mail address.
    pub email: Option<String>,
    /// The city of the phone.
    pub city: Option<String>,
}

/// What the scenario says about an outside party.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct OutsiderSpec {
    /// The name in the scenario.
    pub key: String,
    /// The phone number.
    pub phone: Option<String>,
}

/// What the scenario says about a queue.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct QueueSpec {
    /// The name in the scenario.
    pub key: String,
    /// The number of the queue.
    pub number: Option<String>,
    /// The name shown.
    pub name: Option<String>,
}

/// What the scenario says about a dialling task.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TaskSpec {
    /// The name in the scenario.
    pub key: String,
    /// The id of the task.
    pub id: Option<u64>,
    /// The name shown.
    pub name: Option<String>,
}

/// What kind of number a phone number is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NumberKind {
    /// A mobile phone.
    Mobile,
    /// A landline, with its area code.
    Landline,
}

/// The customer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Customer {
    /// The phone number, digits only, a landline with its area code.
    pub phone: String,
    /// Mobile or landline.
    pub number_kind: NumberKind,
    /// The name.
    pub name: String,
    /// The company the customer belongs to.
    pub company: String,
    /// The province of the number.
    pub province: String,
    /// The city of the number.
    pub city: String,
    /// The area code with its leading zero.
    pub area_code: String,
    /// Whether the customer is on the blacklist.
    pub blacklisted: bool,
}

/// An agent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Agent {
    /// The name in the scenario.
    pub key: String,
    /// The number of the agent (工号).
    pub number: String,
    /// The name shown.
    pub name: String,
    /// The phone at which the agent takes calls.
    pub phone: String,
    /// Mobile or landline.
    pub number_kind: NumberKind,
    /// The mail address.
    pub email: String,
    /// The province of the phone.
    pub province: String,
    /// The city of the phone.
    pub city: String,
    /// The area code of the phone.
    pub area_code: String,
}

/// An outside party.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outsider {
    /// The name in the scenario.
    pub key: String,
    /// The phone number.
    pub phone: String,
}

/// A queue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Queue {
    /// The name in the scenario.
    pub key: String,
    /// The number of the queue.
    pub number: String,
    /// The name shown.
    pub name: String,
}

/// A dialling task.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Task {
    /// The name in the scenario.
    pub key: String,
    /// The id of the task.
    pub id: u64,
    /// The name shown.
    pub name: String,
}

/// Everything that is settled before a call starts. Vendors draw their own ids from its key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cast {
    /// Call or shift.
    pub subject: Subject,
    /// A short name of the call for people to follow: four hexadecimal digits.
    pub label: String,
    /// When the scenario starts.
    pub start: Timestamp,
    /// The key of every draw of this call.
    pub keyed: Keyed,
    /// The centre's own number.
    pub line: String,
    /// The customer.
    pub customer: Customer,
    /// The agents, in file order; at least one.
    pub agents: Vec<Agent>,
    /// Outside parties.
    pub outsiders: Vec<Outsider>,
    /// Queues; at least one.
    pub queues: Vec<Queue>,
    /// Dialling tasks; at least one.
    pub tasks: Vec<Task>,
    /// Whether the script has the conversation recorded.
    pub recorded: bool,
}

impl Cast {
    /// The instant at an offset from the start.
    pub fn instant(&self, offset: Duration) -> Timestamp {
        self.start.checked_add(offset).unwrap_or(Timestamp::MAX)
    }

    /// The second since 1970 at an offset from the start, as vendors count time.
    pub fn epoch_second(&self, offset: Duration) -> i64 {
        self.instant(offset).as_second()
    }

    /// The time on a clock in Beijing (UTC+8, no summer time) at an offset from the start, in whole seconds.
    pub fn beijing(&self, offset: Duration) -> DateTime {
        let second = Timestamp::from_second(self.epoch_second(offset)).unwrap_or(Timestamp::MAX);
        TimeZone::fixed(Offset::constant(8)).to_datetime(second)
    }

    /// The whole seconds between two offsets as vendors show them: the difference of the two seconds shown.
    pub fn seconds_between(&self, from: Duration, to: Duration) -> i64 {
        self.epoch_second(to) - self.epoch_second(from)
    }
}
