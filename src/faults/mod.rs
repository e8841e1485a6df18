//! Faults: what goes wrong on purpose. A fault decides and never acts: settings, and a method that bends a [`Fate`].
//!
//! The closed list stands in [`list`]; which pushes a fault hits is decided once for all in [`target`]. [`story`] folds what
//! moves and repeats pushes into a plan, [`attempt`] what bends a single attempt, both in listed order; [`clash`] finds what
//! contradicts itself. The families: [`event`] (what arrives, when, how often), [`http`] (a well-formed exchange with
//! wrong content), [`connection`] (below HTTP). Nothing here reads a file, a clock or a socket.

pub mod attempt;
pub mod clash;
pub mod connection;
pub mod event;
pub mod http;
pub mod list;
pub mod loss;
pub mod mark;
pub mod setting;
pub mod story;
pub mod target;

mod event_content;
mod event_order;
mod fact;
mod http_bytes;
mod http_fields;
mod http_head;

pub use attempt::{Answer, Fate, Subject};
pub use clash::{Clash, clashes};
pub use connection::{Connection, ConnectionFault};
pub use fact::{FaultFact, Layer};
pub use list::{ALL, find};
pub use loss::Loss;
pub use mark::Mark;
pub use setting::{Setting, Takes, Value, Values};
pub use story::{Leaves, Planned, Told, fold};
pub use target::{Only, When};

use crate::random::{Keyed, Stream};
use schemars::JsonSchema;
use serde::Serialize;
use std::sync::Arc;

/// The most faults that one run lists, over the scenario and all profiles.
pub const FAULTS_MAX: usize = 200;

/// What a fault does, with its settings.
#[derive(Debug, Clone, PartialEq)]
pub enum Kind {
    /// What arrives, when, how often.
    Event(event::Event),
    /// A well-formed exchange with wrong content.
    Http(http::Http),
    /// Below HTTP.
    Connection(ConnectionFault),
}

/// A fault as it is listed: what it does, to which pushes, when.
#[derive(Debug, Clone)]
pub struct Fault {
    /// Its entry in the closed list.
    pub fact: &'static FaultFact,
    /// What it does.
    pub kind: Kind,
    /// To which pushes.
    pub only: Only,
    /// To which of these.
    pub when: When,
    /// Whether it may go without a push that it can strike: it is meant for any scenario.
    pub may_idle: bool,
    /// Where it is listed, for messages: file and line.
    pub place: String,
    /// The same, to show the line itself.
    pub mark: Mark,
}

impl Fault {
    /// Its name in the list.
    pub fn name(&self) -> &'static str {
        self.fact.name
    }

    /// The attempts that it bends. `lost-ack` would go on for ever, so that it bends the first one unless told otherwise.
    pub fn attempts(&self) -> (u32, u32) {
        let last = if self.is_lost_ack() { 1 } else { u32::MAX };
        self.when.attempts.unwrap_or((1, last))
    }

    /// Whether it bends the fields of a push, and not how they are written.
    pub fn bends_fields(&self) -> bool {
        matches!(&self.kind, Kind::Http(http) if http.bends_fields())
    }

    /// Whether it bends more of a request than what carries its fields.
    pub fn bends_head(&self) -> bool {
        self.fact.stage.is_none()
    }

    /// Whether it throws answers away, so that there are more attempts than the vendor's policy makes.
    pub fn is_lost_ack(&self) -> bool {
        matches!(self.kind, Kind::Event(event::Event::LostAck(_)))
    }
}

/// Faults in listed order.
#[derive(Debug, Clone, Default)]
pub struct Faults {
    list: Vec<Listed>,
}

#[derive(Debug, Clone)]
struct Listed {
    fault: Fault,
    /// The key of its draws.
    draws: String,
    /// What tells it apart from every other entry of any file.
    mark: Arc<str>,
}

impl Faults {
    /// These faults, in this order.
    pub fn new(faults: Vec<Fault>) -> Self {
        let mut list: Vec<Listed> = Vec::with_capacity(faults.len());
        for fault in faults {
            // The key is what the fault is, not its place: a fault that is added before it changes none of its draws.
            // How often it hits is left out, so that a higher rate hits what the lower one hit, and more.
            let key = format!("{} {:?} {} {:?}", fault.name(), fault.kind, fault.only.push, fault.only.call);
            let is_same = |known: &&Listed| known.draws.rsplit_once('#').is_some_and(|(known, _)| known == key);
            let draws = format!("{key}#{}", list.iter().filter(is_same).count());
            list.push(Listed { draws, mark: fault.mark.key().into(), fault });
        }
        Self { list }
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// Each of them.
    pub fn iter(&self) -> impl Iterator<Item = &Fault> {
        self.list.iter().map(|listed| &listed.fault)
    }

    /// What tells the one at this place apart from every other entry of any file.
    pub fn mark(&self, index: usize) -> Option<&Arc<str>> {
        self.list.get(index).map(|listed| &listed.mark)
    }

    /// The same of those that have struck.
    pub fn marks(&self, bent: &[Bent]) -> Vec<Arc<str>> {
        bent.iter().filter_map(|bent| self.mark(bent.listed?).cloned()).collect()
    }

    /// Each of them with its place in the list.
    fn numbered(&self) -> impl Iterator<Item = (usize, &Fault, &str)> {
        self.list.iter().enumerate().map(|(index, listed)| (index, &listed.fault, listed.draws.as_str()))
    }
}

/// A fault that has struck a delivery: something of its bytes, its time, its order, its count or its target is different.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Bent {
    /// The fault's name.
    pub fault: &'static str,
    /// What is different now, in words.
    pub evidence: String,
    /// Its place in the list of faults; none where it was done by hand.
    #[serde(skip)]
    pub listed: Option<usize>,
    /// What the push may lose by it.
    #[serde(skip)]
    pub loss: Loss,
    /// Whether the attempt is other than it should be, so that a receiver may well refuse it.
    #[serde(skip)]
    pub spoils: bool,
}

impl Bent {
    /// What was done by hand, as the fault of this name would do it.
    pub fn by_hand(fault: &'static str, evidence: impl Into<String>) -> Self {
        let loss = find(fault).map(FaultFact::loss).unwrap_or_default();
        Self { fault, evidence: evidence.into(), listed: None, loss, spoils: false }
    }

    /// Fault number `index` of the list.
    pub fn listed(index: usize, fault: &Fault, evidence: String) -> Self {
        Self { fault: fault.name(), evidence, listed: Some(index), loss: fault.loss(), spoils: fault.spoils() }
    }
}

impl Kind {
    /// What it does before the first attempt, to whole deliveries; none where it bends single attempts.
    pub fn before_attempts(&self) -> Option<&event::Event> {
        match self {
            Kind::Event(event::Event::LostAck(_)) | Kind::Http(_) | Kind::Connection(_) => None,
            Kind::Event(event) => Some(event),
        }
    }

    /// Whether it changes when pushes leave, so that another fault can meet them at another moment.
    pub fn moves_in_time(&self) -> bool {
        use event::Event;
        matches!(self, Kind::Event(event) if !matches!(event, Event::Drop(_) | Event::ClockSkew(_) | Event::SplitStory(_)))
    }
}

/// Opens the draws of a fault for one push: keyed by what the push is, by the attempt (0 before the first), and by the copy.
struct Draws<'a> {
    keyed: &'a Keyed,
    fault: &'a str,
    push: &'a str,
    nth: u32,
    copies: &'a [(usize, u32)],
    attempt: u32,
}

impl Draws<'_> {
    fn stream(&self, purpose: &str) -> Stream {
        let Draws { fault, push, nth, copies, attempt, .. } = self;
        let key = format!("fault {purpose} {fault} {push} {nth} {copies:?}");
        self.keyed.nth(&key, u64::from(*attempt))
    }

    /// Whether a share of all pushes takes this one in.
    fn is_among(&self, rate: Option<f64>) -> bool {
        rate.is_none_or(|rate| self.stream("rate").fraction() < rate)
    }
}

#[cfg(test)]
mod tests;
