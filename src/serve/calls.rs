//! The calls of a run: which have begun, what happens in each by its script or by hand, and which deliveries they have.

use super::delivery::Delivery;
use super::ledger::Ledger;
use super::ready::Ready;
use crate::call::Who;
use crate::event::milliseconds as ms;
use crate::live::Live;
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// How many calls of a run are known that have begun, the newest.
pub const CALLS_KEPT_MAX: usize = 2_000;
/// For how many calls of a run that were driven by hand it is kept what was done, the newest.
pub const DRIVEN_KEPT_MAX: usize = 50;

/// The calls of a run that have begun.
#[derive(Default)]
pub(super) struct Begun(Mutex<VecDeque<One>>);

struct One {
    label: String,
    number: u64,
    /// What drives it, for as long as it goes on, and behind that where somebody has driven it.
    live: Option<Live>,
}

/// The calls of a run.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Calls {
    /// In the order in which they began, as far as they are kept.
    pub calls: Vec<Call>,
}

/// A call.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(super) struct Call {
    /// Its label.
    pub call: String,
    /// How many deliveries it has.
    deliveries: u64,
    /// How many of them are settled.
    settled: u64,
    /// When the first was due, in scenario time; missing where there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    first_ms: Option<u64>,
    /// When the last was due, in scenario time; missing where there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    last_ms: Option<u64>,
}

/// A call with what happens in it, and its deliveries.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct CallWhole {
    #[serde(flatten)]
    pub call: Call,
    /// Where scenario time stands: what lies behind it is still to come. Missing once the call is over.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub now_ms: Option<u64>,
    /// Everything that happens in it by its script and by hand, in order of time, whether or not the vendor pushes it. Empty where
    /// it is kept no more.
    pub happenings: Vec<Happened>,
    /// In the order in which they were planned.
    pub deliveries_kept: Vec<Delivery>,
}

/// Something that happens in a call.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(super) struct Happened {
    /// When, in scenario time.
    offset_ms: u64,
    /// Whom it is about: whoever acts, or whose phone rings.
    who: Role,
    /// The name of the queue, the agent or the outside party in the scenario.
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    /// What happens, in words.
    words: String,
}

/// Whom something that happens is about.
#[derive(Debug, Clone, Copy, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum Role {
    /// The customer.
    Customer,
    /// A queue.
    Queue,
    /// An agent, or an outside party in the place of one.
    Agent,
    /// The platform itself.
    Platform,
}

impl Begun {
    /// Another call begins, so that the one before is over.
    pub fn begin(&self, label: &str, number: u64, live: Live) {
        let mut calls = self.list();
        // What nobody has driven can be told again at any time.
        if let Some(last) = calls.back_mut()
            && last.live.as_ref().is_some_and(|live| !live.is_driven())
        {
            last.live = None;
        }
        calls.push_back(One { label: label.to_owned(), number, live: Some(live) });
        let is_driven = |one: &One| one.live.is_some();
        while calls.len() > CALLS_KEPT_MAX || calls.iter().filter(|one| is_driven(one)).count() > DRIVEN_KEPT_MAX {
            let oldest = if calls.len() > CALLS_KEPT_MAX { Some(0) } else { calls.iter().position(is_driven) };
            if oldest.and_then(|oldest| calls.remove(oldest)).is_none() {
                break;
            }
        }
    }

    /// What happens in the newest call of this label; nothing where it is kept no more.
    pub fn happenings(&self, label: &str, ready: &Ready) -> Vec<Happened> {
        let found = self.list().iter().rfind(|one| one.label == label).map(|one| (one.number, one.live.clone()));
        let live = found.and_then(|(number, live)| live.or_else(|| ready.live(number).ok().map(|(live, _)| live)));
        live.map(|live| happened(&live)).unwrap_or_default()
    }

    /// All calls, with what a ledger knows of their deliveries.
    pub fn told(&self, ledger: &Ledger) -> Vec<Call> {
        let empty =
            |label: &str| Call { call: label.to_owned(), deliveries: 0, settled: 0, first_ms: None, last_ms: None };
        let mut calls: Vec<Call> = Vec::new();
        for kept in ledger.after(0) {
            let found = calls.iter().rposition(|call| call.call == kept.delivery.call);
            let place = found.unwrap_or_else(|| {
                calls.push(empty(&kept.delivery.call));
                calls.len() - 1
            });
            let call = &mut calls[place];
            call.deliveries += 1;
            call.settled += u64::from(kept.state.is_settled());
            call.first_ms = call.first_ms.min(Some(kept.offset_ms)).or(Some(kept.offset_ms));
            call.last_ms = call.last_ms.max(Some(kept.offset_ms));
        }
        // In the newest there may be nothing to deliver yet.
        if let Some(newest) = self.list().back()
            && calls.iter().all(|call| call.call != newest.label)
        {
            calls.push(empty(&newest.label));
        }
        calls
    }

    fn list(&self) -> MutexGuard<'_, VecDeque<One>> {
        // Nothing that is locked here is ever half changed.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn happened(live: &Live) -> Vec<Happened> {
    let (cast, timeline) = live.told();
    let told = timeline.happenings.iter().map(|happening| {
        let (who, name) = match happening.who(&cast) {
            Who::Customer => (Role::Customer, None),
            Who::Queue(name) => (Role::Queue, name),
            Who::Agent(name) => (Role::Agent, name),
            Who::Platform => (Role::Platform, None),
        };
        let offset_ms = ms(happening.at.offset);
        Happened { offset_ms, who, name: name.map(str::to_owned), words: happening.words(&cast) }
    });
    told.collect()
}
