//! The vendors: the trait that each one fills, and the visible list of all. Vendor words stay in the vendor's folder.

pub mod facts;
pub mod settings;

pub mod moor7;
pub mod tinet;
pub mod udesk;

use crate::call::{CallState, Cast, Happening};
use crate::http::{Captured, Push, Reply};
pub use facts::{FieldFact, Origin, PushFact, Retriable, RetryPolicy, SettingFact, SettingKind};
use jiff::Timestamp;
use serde_json::Value;
pub use settings::{Setting, Settings};
use std::time::Duration;

/// Every vendor, in the order in which they are listed and played.
pub const ALL: &[&dyn Vendor] = &[&udesk::Udesk, &moor7::Moor7, &tinet::Tinet];

/// The vendor with this id.
pub fn find(id: &str) -> Option<&'static dyn Vendor> {
    ALL.iter().copied().find(|vendor| vendor.id() == id)
}

/// A call-centre platform as its customers' receivers see it: what it pushes, when, and what it takes for an acknowledgement.
///
/// A vendor sees a call and returns bytes. It never sees a target, a clock or a socket.
pub trait Vendor: Sync {
    /// The id in scenarios and on the command line: `udesk`, `7moor`.
    fn id(&self) -> &'static str;

    /// The name of the product, for people.
    fn title(&self) -> &'static str;

    /// Every push that the vendor sends, in the order of its document.
    fn pushes(&self) -> &'static [PushFact];

    /// What a customer of the vendor can configure, and which reading is taken where the documents are silent.
    fn settings(&self) -> &'static [SettingFact];

    /// Whether the vendor has pushes for this story.
    ///
    /// # Errors
    /// Why it has none, as half a sentence: "7moor documents no direct dialling".
    fn can_tell(&self, cast: &Cast) -> Result<(), String>;

    /// Starts to tell a call: draws the vendor's own ids.
    ///
    /// # Errors
    /// Which setting is impossible and why.
    fn teller<'a>(&self, cast: &'a Cast, settings: &Settings) -> Result<Box<dyn Teller + 'a>, BadSetting>;

    /// Whether the vendor takes the reply for an acknowledgement.
    fn acknowledged(&self, reply: &Reply, settings: &Settings) -> Acknowledgement;

    /// How long the vendor waits for an answer.
    fn timeout(&self, settings: &Settings) -> Duration;

    /// When and after what the vendor tries again.
    fn retry(&self, settings: &Settings) -> RetryPolicy;

    /// Which push of this vendor a captured request is; `None` where it is none.
    fn recognise(&self, captured: &Captured) -> Option<&'static str>;

    /// The sample of a push on the vendor's page, as it is printed; `None` where the page prints none.
    fn printed(&self, _push: &str) -> Option<&'static str> {
        None
    }

    /// An answer that the vendor takes for an acknowledgement: status, content type, body.
    fn thanks(&self) -> (u16, &'static str, &'static str);
}

/// Tells one call, happening by happening.
pub trait Teller {
    /// Appends the pushes that the happening causes. `state` already knows of the happening.
    fn tell(&mut self, happening: &Happening, state: &CallState, pushes: &mut Vec<Push>);

    /// Appends the entries that the happening makes or changes in the vendor's own records, after `tell` was asked.
    /// Most vendors keep none.
    fn record(&mut self, _happening: &Happening, _state: &CallState, _records: &mut Vec<Record>) {}
}

/// An entry in a vendor's own records, which its customers can query.
#[derive(Debug, Clone, PartialEq)]
pub struct Record {
    /// The customer's account at the vendor; empty where the records go by none.
    pub account: String,
    /// The vendor's id of the entry. A later entry of the same account and id takes the place of the earlier one.
    pub id: String,
    /// The instant that the entry is found by, whatever the moment at which it changed.
    pub at: Timestamp,
    /// The entry as the vendor's query API shows it, with every field that any version of the API has.
    pub content: Value,
}

/// What a vendor makes of a reply.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Acknowledgement {
    /// The push is settled.
    Yes,
    /// It is not, and why: "status 500 is not 2xx".
    No(String),
}

/// A setting whose value is well-formed but impossible.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadSetting {
    /// The name of the setting.
    pub setting: &'static str,
    /// What is wrong, and what would be right.
    pub reason: String,
}
