//! What a plan sends, field by field, and other tellings of the same story: what redaction learns from. Pure.

use super::{Circumstances, Delivery, Plan, USER_AGENT};
use crate::contract::redact::{Carried, Message, Others, Redactor, Sample};
use crate::http::Captured;
use crate::scenario::Scenario;
use crate::vendors::Vendor;
use jiff::{SignedDuration, Timestamp};
use std::collections::HashMap;
use std::sync::Arc;

/// How many other tellings there are. They are always the same, whatever the seed of the story: so what counts as volatile,
/// and how it is named, does not depend on it.
const TELLINGS: i32 = 12;
/// The seed of the first other telling; far from seeds that people choose.
const FIRST_SEED: u64 = 7_340_032_000;
/// When the first other telling starts, in seconds since 1970, and how long after it the next one does. No part of the date
/// or of the clock stays the same.
const FIRST_START_SECOND: i64 = 1_583_025_127;
const STARTS_APART: SignedDuration = SignedDuration::from_secs(47 * 86_400 + 5 * 3600 + 17 * 60 + 23);

/// Other tellings of a story, from which is learnt what is volatile in it.
#[derive(Debug, Clone)]
pub struct Tellings {
    others: Others,
    /// The place of each push in the story, as the first telling has it.
    order: HashMap<Key, usize>,
}

impl Tellings {
    /// Tells the story of this scenario by this vendor; of the circumstances, all but the seed and the start count.
    pub fn of(scenario: &Scenario, vendor: &'static dyn Vendor, circumstances: &Circumstances) -> Self {
        let telling = |(nth, seed): (i32, u64)| {
            let start = Timestamp::from_second(FIRST_START_SECOND).ok()?;
            let start = start.checked_add(STARTS_APART.checked_mul(nth)?).ok()?;
            Plan::build(scenario, vendor, &Circumstances { seed, start, ..circumstances.clone() }).ok()
        };
        let tellings: Vec<Plan> = (0..TELLINGS).zip(FIRST_SEED..).filter_map(telling).collect();
        let order = tellings.first().map(Plan::order).unwrap_or_default();
        let samples: Vec<Sample> = tellings.iter().map(|telling| telling.sample(&order)).collect();
        Self { others: Others::of(&samples), order }
    }

    /// What names everything in the answers to a plan of this story that Ringback itself has sent.
    pub fn redactor(&self, plan: &Plan) -> Redactor {
        let originals = plan.deliveries.iter().map(|delivery| (delivery.number, delivery.original())).collect();
        Redactor::new(&plan.sample(&self.order), &self.others, plan.contract.snapshot.redact.clone(), originals)
    }
}

/// From what a story was planned, so that it can be told otherwise if that is needed.
#[derive(Clone)]
pub struct Retelling {
    pub(super) scenario: Arc<Scenario>,
    pub(super) vendor: &'static dyn Vendor,
    pub(super) circumstances: Arc<Circumstances>,
}

impl Retelling {
    /// The scenario, its vendor, and the circumstances of the story.
    pub fn new(scenario: Arc<Scenario>, vendor: &'static dyn Vendor, circumstances: Arc<Circumstances>) -> Self {
        Self { scenario, vendor, circumstances }
    }

    /// Where the scenario was read from.
    pub fn source(&self) -> &str {
        &self.scenario.source
    }

    /// Tells the story otherwise.
    pub fn tell(&self) -> Tellings {
        Tellings::of(&self.scenario, self.vendor, &self.circumstances)
    }
}

impl Plan {
    /// What is sent, in the order of the story as the first other telling has it: where waits are drawn, seeds may differ in
    /// which of two pushes comes first.
    pub(super) fn sample(&self, order: &HashMap<Key, usize>) -> Sample {
        let mut messages: Vec<Message> = self.keyed().into_iter().map(|(_, message)| message).collect();
        messages.sort_by_key(|message| {
            let key = (message.push.clone(), message.why.clone(), message.nth);
            order.get(&key).copied().unwrap_or(usize::MAX)
        });
        let own = self.targets.iter().filter_map(|target| {
            let port = target.port_or_known_default()?;
            Some(("target", format!("{}:{port}", target.host_str()?)))
        });
        Sample {
            vendor: self.vendor.id(),
            start: self.start,
            known: self.known_in(&messages.iter().map(|message| message.number).collect::<Vec<_>>()),
            messages,
            own: own.chain([("user-agent", USER_AGENT.to_owned())]).collect(),
        }
    }

    /// What a push carries once it meets its target, whose address may add to it.
    fn carried(&self, delivery: &Delivery, at: Timestamp) -> Carried {
        let request = &delivery.request;
        let (body, query) = match request.to.as_ref().or(self.targets.first()) {
            Some(target) => (request.body_at(target), request.address(target).query().unwrap_or_default().to_owned()),
            None => (request.body.clone(), request.query.clone()),
        };
        let headers = self.headers(delivery, request, &body, at);
        let method = request.method.as_str().to_owned();
        let length = body.len();
        let captured = Captured { method, path: String::new(), query, headers, body };
        Carried { content: captured.content(), headers: captured.headers, length }
    }

    pub(super) fn order(&self) -> HashMap<Key, usize> {
        self.keyed().into_iter().enumerate().map(|(rank, (key, _))| (key, rank)).collect()
    }

    /// Every push of the story, copies left out, with what tells it apart from the others.
    pub(super) fn keyed(&self) -> Vec<(Key, Message)> {
        let mut originals: Vec<_> = self.deliveries.iter().collect();
        originals.sort_by_key(|delivery| (delivery.original(), delivery.number));
        originals.dedup_by_key(|delivery| delivery.original());
        let mut same: HashMap<(String, String), u32> = HashMap::new();
        let message = |delivery: &Delivery| {
            let (push, why) = (delivery.push.clone(), delivery.why.clone());
            let nth = same.entry((push.clone(), why.clone())).or_default();
            *nth += 1;
            let at = self.instant(delivery.offset);
            let carried = self.carried(delivery, at);
            let key = (push, why, *nth);
            (key.clone(), Message::new(delivery.original(), key, at, &carried))
        };
        originals.into_iter().map(message).collect()
    }
}

/// What tells a push of a story apart from the others: its name, what it tells of, and which one of the same it is.
type Key = (String, String, u32);
