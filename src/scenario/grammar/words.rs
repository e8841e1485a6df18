//! The closed lists of words that a value can be one of, each from the place where the word gets its meaning.

use crate::call::{AgentStatus, Cause, Kind, LoginDevice, LogoutKind};
use crate::scenario::{Order, Retry, Sign};
use crate::vendors::{self, Retriable};

/// A closed list of words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Words {
    /// How a call comes about.
    Kind,
    /// Why a call failed.
    Cause,
    /// What an agent is doing.
    Status,
    /// Where an agent logs in.
    Device,
    /// Where calls go on to once an agent's page is closed.
    Offline,
    /// Which pushes wait for which.
    Order,
    /// When to try again.
    Retry,
    /// After what to try again.
    Failure,
    /// How pushes are signed.
    Scheme,
    /// The vendors.
    Vendor,
}

impl Words {
    /// What the list is called: distinct from all tables' names.
    pub fn name(self) -> &'static str {
        match self {
            Words::Kind => "kind",
            Words::Cause => "cause",
            Words::Status => "agent_status",
            Words::Device => "device",
            Words::Offline => "offline_device",
            Words::Order => "order",
            Words::Retry => "retry_word",
            Words::Failure => "failure",
            Words::Scheme => "scheme",
            Words::Vendor => "vendor",
        }
    }

    /// The words, each with its meaning, which is empty where the word says it.
    pub fn all(self) -> Vec<(&'static str, &'static str)> {
        match self {
            Words::Kind => Kind::ALL.iter().map(|(kind, word)| (*word, kind.meaning())).collect(),
            Words::Cause => bare(&Cause::ALL),
            Words::Status => bare(&AgentStatus::ALL),
            Words::Device => bare(&LoginDevice::ALL),
            Words::Offline => bare(&LogoutKind::DEVICES),
            Words::Order => Order::ALL.iter().map(|(order, word)| (*word, order.meaning())).collect(),
            Words::Retry => Retry::WORDS.iter().map(|(_, word, meaning)| (*word, *meaning)).collect(),
            Words::Failure => Retriable::ALL.iter().map(|(failure, word)| (*word, failure.meaning())).collect(),
            Words::Scheme => Sign::SCHEMES.to_vec(),
            Words::Vendor => vendors::ALL.iter().map(|vendor| (vendor.id(), vendor.title())).collect(),
        }
    }
}

fn bare<T>(words: &[(T, &'static str)]) -> Vec<(&'static str, &'static str)> {
    words.iter().map(|(_, word)| (*word, "")).collect()
}
