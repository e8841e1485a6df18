//! What a receiver decides about each request, and what it remembers for that. Opens no socket.

use super::Received;
use super::behaviour::{Answer, Behaviour};
use super::bug::{self, Memory};
use crate::http::Captured;
use crate::vendors::Vendor;
use std::borrow::Cow;
use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// Decides what each request is answered.
pub struct Mind {
    /// How it behaves.
    pub behaviour: Behaviour,
    vendors: &'static [&'static dyn Vendor],
    count: AtomicU64,
    memory: Mutex<Memory>,
}

/// What a request is answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answered {
    /// The status code.
    pub status: u16,
    /// The type of the body.
    pub content_type: &'static str,
    /// The body.
    pub body: Cow<'static, str>,
    /// How long it takes.
    pub after: Duration,
}

impl Mind {
    /// One that has seen nothing yet. `vendors` are those whose pushes are recognised.
    pub fn new(behaviour: Behaviour, vendors: &'static [&'static dyn Vendor]) -> Self {
        Self { behaviour, vendors, count: AtomicU64::new(0), memory: Mutex::default() }
    }

    /// How many requests it has seen.
    pub fn seen(&self) -> u64 {
        self.count.load(Ordering::Relaxed)
    }

    /// What came, and what it is answered; no answer where the receiver hangs up. `segment_ends` tells where each read from
    /// the network ended; `is_seated`, whether the connection may be answered at all.
    pub fn answer(&self, captured: Captured, segment_ends: &[usize], is_seated: bool) -> (Received, Option<Answered>) {
        let known = self.vendors.iter().find_map(|vendor| Some((*vendor, vendor.recognise(&captured)?)));
        let count = self.count.fetch_add(1, Ordering::Relaxed) + 1;
        let seen = bug::Request { captured: &captured, known, segment_ends, is_seated };
        let (answer, after) = {
            // Nothing inside can panic half-way; a poisoned lock is as good as any.
            let mut memory = self.memory.lock().unwrap_or_else(PoisonError::into_inner);
            self.behaviour.decide(count, &seen, &mut memory)
        };
        let answer = match answer {
            Answer::Say { status, content_type, body } => Some(Answered { status, content_type, body, after }),
            Answer::HangUp => None,
        };
        let status = answer.as_ref().map(|answer| answer.status);
        let recognised = known.map(|(vendor, push)| (vendor.id(), push));
        (Received { captured, recognised, status }, answer)
    }
}

impl fmt::Debug for Mind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let vendors: Vec<_> = self.vendors.iter().map(|vendor| vendor.id()).collect();
        f.debug_struct("Mind").field("behaviour", &self.behaviour).field("vendors", &vendors).finish()
    }
}
