//! Who and what takes part in a call, all of it settled; how what the scenario leaves out is drawn stands in `draw`.

use super::{Notification, Subject};
use crate::clock::BEIJING;
use crate::random::Keyed;
use jiff::Timestamp;
use jiff::civil::DateTime;
use std::time::Duration;

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
    /// The phone number: as given, else digits only.
    pub phone: String,
    /// Mobile or landline.
    pub number_kind: NumberKind,
    /// The name.
    pub name: String,
    /// The company the customer belongs to.
    pub company: String,
    /// The province of the number; empty where the scenario names a place that the table of areas does not know.
    pub province: String,
    /// The city of the number.
    pub city: String,
    /// The area code with its leading zero; empty where the place is unknown.
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
    /// The province of the phone; empty where the scenario names a place that the table of areas does not know.
    pub province: String,
    /// The city of the phone.
    pub city: String,
    /// The area code of the phone; empty where the place is unknown.
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
    /// What the scenario is about.
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
    /// Push notifications, in file order.
    pub notifications: Vec<Notification>,
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
        BEIJING.to_datetime(second)
    }

    /// The whole seconds between two offsets as vendors show them: the difference of the two seconds shown.
    pub fn seconds_between(&self, from: Duration, to: Duration) -> i64 {
        self.epoch_second(to) - self.epoch_second(from)
    }
}
