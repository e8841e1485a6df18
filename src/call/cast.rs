//! Who and what takes part in a call, all of it settled; how what the scenario leaves out is drawn stands in `draw`.

use super::{Area, Notification, Party, Settled, Settling, Subject};
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
    pub phone: Settled,
    /// Mobile or landline.
    pub number_kind: NumberKind,
    /// The name.
    pub name: Settled,
    /// The company the customer belongs to.
    pub company: Settled,
    /// The province of the number; empty where the scenario names a place that the table of areas does not know.
    pub province: Settled,
    /// The city of the number.
    pub city: Settled,
    /// The area code, in China with its leading zero; empty where the place is unknown.
    pub area_code: Settled,
    /// A postcode of the city; empty where none is known.
    pub postcode: Settled,
    /// Whether the customer is on the blacklist.
    pub blacklisted: bool,
}

/// An agent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Agent {
    /// The name in the scenario.
    pub key: String,
    /// The number of the agent (工号).
    pub number: Settled,
    /// The name shown.
    pub name: Settled,
    /// The phone at which the agent takes calls.
    pub phone: Settled,
    /// Mobile or landline.
    pub number_kind: NumberKind,
    /// The mail address.
    pub email: Settled,
    /// The province of the phone; empty where the scenario names a place that the table of areas does not know.
    pub province: Settled,
    /// The city of the phone.
    pub city: Settled,
    /// The area code of the phone; empty where the place is unknown.
    pub area_code: Settled,
}

/// An outside party.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outsider {
    /// The name in the scenario.
    pub key: String,
    /// The phone number.
    pub phone: Settled,
}

/// A queue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Queue {
    /// The name in the scenario.
    pub key: String,
    /// The number of the queue.
    pub number: Settled,
    /// The name shown.
    pub name: Settled,
}

/// A dialling task.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Task {
    /// The name in the scenario.
    pub key: String,
    /// The id of the task: digits.
    pub id: Settled,
    /// The name shown.
    pub name: Settled,
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
    pub line: Settled,
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
    /// The phone number of a party; of the system that of the centre.
    pub fn phone(&self, party: Party) -> Option<&Settled> {
        match party {
            Party::System => Some(&self.line),
            Party::Customer => Some(&self.customer.phone),
            Party::Agent(index) => self.agents.get(index).map(|agent| &agent.phone),
            Party::Outsider(index) => self.outsiders.get(index).map(|outsider| &outsider.phone),
        }
    }

    /// Where that number is at home, as far as it is known: city, province, postcode. Of a number that is drawn for every
    /// call, as that of an outside party, it is not.
    pub fn home(&self, party: Party) -> Option<[Settled; 3]> {
        if party == Party::Customer {
            let Customer { city, province, postcode, .. } = &self.customer;
            return Some([city, province, postcode].map(Settled::clone));
        }
        let number = self.phone(party).filter(|number| !matches!(number.by, Settling::Call(_)))?;
        let area = Area::of_number(number)?;
        Some([area.city, area.province, area.postcode].map(|text| Settled { text: text.to_owned(), by: number.by }))
    }

    /// The instant of a moment, or of an offset from the start.
    pub fn instant(&self, at: impl Into<Duration>) -> Timestamp {
        self.start.checked_add(at.into()).unwrap_or(Timestamp::MAX)
    }

    /// The second since 1970 of a moment, as vendors count time.
    pub fn epoch_second(&self, at: impl Into<Duration>) -> i64 {
        self.instant(at).as_second()
    }

    /// The time on a clock in Beijing (UTC+8, no summer time) at a moment, in whole seconds.
    pub fn beijing(&self, at: impl Into<Duration>) -> DateTime {
        let second = Timestamp::from_second(self.epoch_second(at)).unwrap_or(Timestamp::MAX);
        BEIJING.to_datetime(second)
    }

    /// The whole seconds between two moments as vendors show them: the difference of the two seconds shown.
    pub fn seconds_between(&self, from: impl Into<Duration>, to: impl Into<Duration>) -> i64 {
        self.epoch_second(to) - self.epoch_second(from)
    }
}
