//! What the judge knows of each push under way, and of the calls that they are about.

use super::answer::Answer;
use crate::event::{ANSWER_LOST, DeliveryId, FailureClass, Phase, RunEvent, said};
use crate::faults::{self, Bent, Layer};
use crate::http::Captured;
use crate::shell;
use crate::vendors::{Stage, Vendor};
use std::collections::{HashMap, HashSet};
use std::time::Duration;
use url::Url;

/// A push under way.
#[derive(Debug, Default)]
pub(super) struct Tracked {
    /// The last attempt, from 1.
    pub number: u32,
    /// How many there can be.
    pub attempts_max: u32,
    /// When it left, in scenario time.
    pub offset: Duration,
    /// What has bent it.
    pub faults: Vec<Bent>,
    /// The request, as a shell command.
    pub curl: String,
    /// What came of it, in a few words; empty while it is in flight.
    pub ended: String,
    /// The status of its answer, and what that says.
    pub status: Option<u16>,
    pub said: String,
    /// Whether the receiver is to be judged by its answer: nothing has spoilt it, and its answer is not thrown away.
    pub is_fair: bool,
    /// Whether it crosses the wire in another way than it should, so that its time says nothing.
    pub is_bent_on_wire: bool,
    /// Whether the end of its call was told before.
    pub is_late: bool,
    /// Whether its target was not reached at all.
    pub is_unreached: bool,
    /// How many attempts were fair.
    pub fair: u32,
    /// Whether any attempt was answered.
    pub is_answered: bool,
    /// Whether a check of the scenario has judged the status of an answer.
    pub is_status_judged: bool,
    /// The last answer, where a check asks for it once the push is settled.
    pub last: Option<Kept>,
    /// When the last attempt left, counted in attempts.
    left: u64,
    in_flight: bool,
}

/// An answer that is judged later.
#[derive(Debug)]
pub(super) struct Kept {
    status: u16,
    headers: Vec<(String, String)>,
    body: String,
    truncated: bool,
    took: Duration,
}

impl Kept {
    pub fn new(answer: &Answer<'_>) -> Self {
        let Answer { status, headers, body, truncated, took } = *answer;
        Self { status, headers: headers.to_vec(), body: body.to_owned(), truncated, took }
    }

    pub fn answer(&self) -> Answer<'_> {
        let Kept { status, headers, body, truncated, took } = self;
        Answer { status: *status, headers, body, truncated: *truncated, took: *took }
    }
}

/// All that is under way.
#[derive(Default)]
pub(super) struct Track {
    vendor: Option<&'static dyn Vendor>,
    deliveries: HashMap<DeliveryId, Tracked>,
    left: u64,
    /// The calls whose end was told, by target.
    ended: HashSet<(String, u32)>,
    /// The targets that have ever answered.
    answered: HashSet<u32>,
}

impl std::fmt::Debug for Track {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Track").field("deliveries", &self.deliveries).finish_non_exhaustive()
    }
}

impl Track {
    /// Nothing is under way yet. What a push tells of its call is the vendor's to say.
    pub fn new(vendor: Option<&'static dyn Vendor>) -> Self {
        Self { vendor, ..Self::default() }
    }

    /// An attempt leaves.
    pub fn leaves(&mut self, event: &RunEvent) {
        let RunEvent::Attempted {
            delivery,
            attempt,
            attempts_max,
            offset,
            method,
            url,
            headers,
            body,
            faults,
            spoilt,
            ..
        } = event
        else {
            return;
        };
        let call = (delivery.call.clone(), delivery.target);
        let stage = self.vendor.and_then(|vendor| vendor.about(&captured(method, url, headers, body)));
        let stage = stage.map(|about| about.stage);
        let is_late = stage.is_some() && self.ended.contains(&call);
        if stage == Some(Stage::End) && !spoilt {
            self.ended.insert(call);
        }
        self.left += 1;
        let tracked = self.deliveries.entry(delivery.clone()).or_default();
        tracked.number = *attempt;
        tracked.attempts_max = *attempts_max;
        tracked.offset = *offset;
        tracked.status = None;
        tracked.said.clear();
        tracked.curl = shell::curl(method, url, headers, body);
        tracked.ended.clear();
        tracked.is_bent_on_wire =
            faults.iter().any(|bent| faults::find(bent.fault).is_some_and(|fact| fact.layer == Layer::Connection));
        tracked.is_fair = !spoilt;
        tracked.faults.clone_from(faults);
        tracked.is_late = is_late;
        tracked.is_unreached = false;
        tracked.fair += u32::from(!spoilt && !tracked.is_bent_on_wire);
        tracked.left = self.left;
        tracked.in_flight = true;
        tracked.last = None;
    }

    /// It is answered; the name of a push is returned that left before it, in the same call, and has no answer yet.
    pub fn answers(&mut self, delivery: &DeliveryId, answer: &Answer<'_>, reason: Option<&str>) -> Option<String> {
        self.answered.insert(delivery.target);
        let tracked = self.deliveries.get_mut(delivery)?;
        tracked.in_flight = false;
        tracked.is_answered = true;
        tracked.ended = format!("status {}", answer.status);
        tracked.status = Some(answer.status);
        tracked.said = said(answer.body, crate::http::header(answer.headers, "content-type"));
        if reason == Some(ANSWER_LOST) {
            tracked.is_fair = false;
        }
        let left = tracked.left;
        let is_before = |(id, other): &(&DeliveryId, &Tracked)| {
            id.call == delivery.call
                && id.target == delivery.target
                && other.in_flight
                && !other.is_bent_on_wire
                && other.left < left
        };
        let before = self.deliveries.iter().filter(is_before).min_by_key(|(_, other)| other.left);
        before.map(|(id, _)| id.push.clone())
    }

    /// It ends without an answer.
    pub fn fails(&mut self, delivery: &DeliveryId, class: FailureClass, phase: Phase) {
        let is_first_contact = !self.answered.contains(&delivery.target);
        let Some(tracked) = self.deliveries.get_mut(delivery) else { return };
        tracked.in_flight = false;
        tracked.ended = class.as_str().to_owned();
        let unreached = match phase {
            _ if class == FailureClass::Fault => false,
            Phase::Resolve | Phase::Connect | Phase::Tls => true,
            Phase::Write | Phase::FirstByte | Phase::Body => false,
        };
        tracked.is_unreached = unreached && is_first_contact;
    }

    /// What is known of a push.
    pub fn get(&mut self, delivery: &DeliveryId) -> Option<&mut Tracked> {
        self.deliveries.get_mut(delivery)
    }

    /// A push is settled.
    pub fn take(&mut self, delivery: &DeliveryId) -> Option<Tracked> {
        self.deliveries.remove(delivery)
    }
}

fn captured(method: &str, url: &str, headers: &[(String, String)], body: &str) -> Captured {
    let url = Url::parse(url).ok();
    Captured {
        method: method.to_owned(),
        path: url.as_ref().map(|url| url.path().to_owned()).unwrap_or_default(),
        query: url.as_ref().and_then(|url| url.query().map(str::to_owned)).unwrap_or_default(),
        headers: headers.to_vec(),
        body: body.to_owned().into(),
    }
}
