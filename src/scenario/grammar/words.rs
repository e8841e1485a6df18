//! The closed lists of words that a value can be one of, each from the place where the word gets its meaning.

use crate::call::{
    AgentStatus, Cause, Channel, Environment, Kind, Locale, LoginDevice, LogoutKind, MessageType, Platform, Source,
};
use crate::contract::probe::WhenLost;
use crate::contract::{KeyOrder, StoryRule, Which};
use crate::scenario::push_task::TARGETS;
use crate::scenario::{Order, Retry, Sign};
use crate::vendors::{self, Retriable};

/// A closed list of words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Words {
    /// How a call comes about.
    Kind,
    /// Where a cast is at home.
    Locale,
    /// Why a call failed.
    Cause,
    /// What an agent is doing.
    Status,
    /// Where an agent logs in.
    Device,
    /// Where calls go on to once an agent's page is closed.
    Offline,
    /// Through what a customer chats.
    Channel,
    /// Whom a notification is for.
    Target,
    /// The system of phones.
    Platform,
    /// What a notification carries.
    MessageType,
    /// Which build of an application is meant.
    Environment,
    /// By what a notification was made.
    Source,
    /// Which pushes wait for which.
    Order,
    /// When to try again.
    Retry,
    /// After what to try again.
    Failure,
    /// How pushes are signed.
    Scheme,
    /// In which order a snapshot has the keys of JSON.
    KeyOrder,
    /// Which time a signature carries.
    SignClock,
    /// How a signature is written.
    SignEncoding,
    /// What is signed.
    SignFormat,
    /// The vendors.
    Vendor,
    /// Which answers are judged.
    Which,
    /// What is expected of a story.
    Story,
    /// What becomes of a probe after a loss.
    WhenLost,
}

impl Words {
    /// What the list is called: distinct from all tables' names.
    pub fn name(self) -> &'static str {
        match self {
            Words::Kind => "kind",
            Words::Locale => "locale",
            Words::Cause => "cause",
            Words::Status => "agent_status",
            Words::Device => "device",
            Words::Offline => "offline_device",
            Words::Channel => "channel",
            Words::Target => "push_target",
            Words::Platform => "platform",
            Words::MessageType => "message_type",
            Words::Environment => "push_environment",
            Words::Source => "push_source",
            Words::Order => "order",
            Words::Retry => "retry_word",
            Words::Failure => "failure",
            Words::Scheme => "scheme",
            Words::KeyOrder => "key_order",
            Words::SignClock => "sign_clock",
            Words::SignEncoding => "sign_encoding",
            Words::SignFormat => "sign_format",
            Words::Vendor => "vendor",
            Words::Which => "which_answer",
            Words::Story => "story_check",
            Words::WhenLost => "when_lost",
        }
    }

    /// The words, each with its meaning, which is empty where the word says it.
    pub fn all(self) -> Vec<(&'static str, &'static str)> {
        match self {
            Words::Kind => Kind::ALL.iter().map(|(kind, word)| (*word, kind.meaning())).collect(),
            Words::Locale => Locale::ALL.iter().map(|(locale, tag)| (*tag, locale.meaning())).collect(),
            Words::Cause => bare(&Cause::ALL),
            Words::Status => bare(&AgentStatus::ALL),
            Words::Device => bare(&LoginDevice::ALL),
            Words::Offline => bare(&LogoutKind::DEVICES),
            Words::Channel => bare(&Channel::ALL),
            Words::Target => bare(&TARGETS),
            Words::Platform => bare(&Platform::ALL),
            Words::MessageType => bare(&MessageType::ALL),
            Words::Environment => bare(&Environment::ALL),
            Words::Source => bare(&Source::ALL),
            Words::Order => Order::ALL.iter().map(|(order, word)| (*word, order.meaning())).collect(),
            Words::Retry => Retry::WORDS.iter().map(|(_, word, meaning)| (*word, *meaning)).collect(),
            Words::Failure => Retriable::ALL.iter().map(|(failure, word)| (*word, failure.meaning())).collect(),
            Words::Scheme => Sign::SCHEMES.to_vec(),
            Words::KeyOrder => KeyOrder::ALL.iter().map(|(_, word, meaning)| (*word, *meaning)).collect(),
            Words::SignClock => Sign::CLOCKS.iter().map(|(_, word, meaning)| (*word, *meaning)).collect(),
            Words::SignEncoding => Sign::ENCODINGS.iter().map(|(_, word, meaning)| (*word, *meaning)).collect(),
            Words::SignFormat => Sign::FORMATS.to_vec(),
            Words::Vendor => vendors::ALL.iter().map(|vendor| (vendor.id(), vendor.title())).collect(),
            Words::Which => Which::ALL.iter().map(|(_, word, meaning)| (*word, *meaning)).collect(),
            Words::WhenLost => WhenLost::ALL.iter().map(|(_, word, meaning)| (*word, *meaning)).collect(),
            Words::Story => StoryRule::WORDS.iter().map(|(_, word, meaning)| (*word, *meaning)).collect(),
        }
    }
}

fn bare<T>(words: &[(T, &'static str)]) -> Vec<(&'static str, &'static str)> {
    words.iter().map(|(_, word)| (*word, "")).collect()
}
