//! What goes into a journal and what is asked of it, as values.

use jiff::Timestamp;
use serde_json::Value;
use std::ops::RangeInclusive;

/// How an attempt ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// The vendor took the answer for an acknowledgement.
    Acknowledged,
    /// The receiver answered otherwise.
    Refused,
    /// No answer came.
    Failed,
    /// Nobody waited for the answer any more: the run was stopped.
    Abandoned,
}

impl Outcome {
    /// Every outcome with the word that the journal keeps.
    pub const ALL: [(Outcome, &'static str); 4] = [
        (Outcome::Acknowledged, "acknowledged"),
        (Outcome::Refused, "refused"),
        (Outcome::Failed, "failed"),
        (Outcome::Abandoned, "abandoned"),
    ];

    /// The word that the journal keeps.
    pub fn as_str(self) -> &'static str {
        match self {
            Outcome::Acknowledged => "acknowledged",
            Outcome::Refused => "refused",
            Outcome::Failed => "failed",
            Outcome::Abandoned => "abandoned",
        }
    }
}

/// One attempt that ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AttemptRow {
    /// The number of the row in the journal.
    pub id: i64,
    /// The vendor's id.
    pub vendor: String,
    /// The push, without the vendor.
    pub push: String,
    /// The customer's account at the vendor.
    pub account: String,
    /// The vendor's id of the conversation.
    pub conversation: String,
    /// Which attempt, from 1.
    pub attempt: u32,
    /// The method.
    pub method: String,
    /// The full address.
    pub url: String,
    /// The headers as sent.
    pub headers: Vec<(String, String)>,
    /// The body as sent.
    pub body: String,
    /// How long the attempt may have taken, in milliseconds.
    pub timeout_ms: i64,
    /// How long the push was held back, in milliseconds.
    pub delay_ms: i64,
    /// When the vendor decided to push, in milliseconds since 1970, scenario time.
    pub requested_ms: i64,
    /// When the attempt left, in milliseconds since 1970, scenario time.
    pub started_ms: i64,
    /// When it ended, in milliseconds since 1970, scenario time. Its length is what it really took.
    pub ended_ms: i64,
    /// How it ended.
    pub outcome: Outcome,
    /// The status of the answer.
    pub status: Option<u16>,
    /// The body of the answer, or what went wrong where none came.
    pub reply: String,
}

/// The instants that attempts can be found by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Column {
    /// When the vendor decided to push.
    Requested,
    /// When the attempt left.
    Started,
    /// When it ended.
    Ended,
}

/// Which rows come first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// The newest.
    NewestFirst,
    /// The oldest.
    OldestFirst,
}

/// Which addresses are meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum UrlFilter {
    /// The address, with its query or without.
    Is(String),
    /// Addresses with this in it.
    Contains(String),
}

/// Which attempts are asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AttemptFilter {
    /// The vendor's id.
    pub vendor: &'static str,
    /// The customer's account.
    pub account: String,
    /// The push, without the vendor.
    pub push: Option<String>,
    /// Whether they were acknowledged.
    pub acknowledged: Option<bool>,
    /// The address.
    pub url: Option<UrlFilter>,
    /// Which attempt, from 1.
    pub attempt: Option<u32>,
    /// By which instant they are found and ordered.
    pub column: Column,
    /// From when till when, in milliseconds since 1970, scenario time.
    pub during_ms: RangeInclusive<i64>,
    /// Which come first.
    pub order: Order,
}

/// A part of what a filter lets through.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Page {
    /// How many to pass over.
    pub offset: u64,
    /// How many to give at most.
    pub limit: u32,
}

/// Which of a vendor's own records are asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EntryFilter {
    /// The vendor's id.
    pub vendor: &'static str,
    /// The customer's account; `None` for any. Entries that go by no account are always meant.
    pub account: Option<String>,
    /// The entry with this id.
    pub id: Option<String>,
    /// From when till when, in milliseconds since 1970.
    pub during_ms: RangeInclusive<i64>,
    /// Fields of the record, by name, and the texts that they must hold.
    pub fields: Vec<(&'static str, String)>,
}

/// One entry of a vendor's own records.
#[derive(Debug, Clone, PartialEq)]
pub struct EntryRow {
    /// The vendor's id of the entry.
    pub id: String,
    /// The instant that it is found by.
    pub at: Timestamp,
    /// The entry, in the vendor's own words.
    pub record: Value,
}

/// One page of a vendor's own records.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Entries {
    /// How many the filter lets through in all.
    pub total: u64,
    /// The page.
    pub rows: Vec<EntryRow>,
}
