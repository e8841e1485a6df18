//! What a plan sends, field by field: what redaction names in the answers to it. Pure.

use super::{Circumstances, Delivery, Plan, Sent, Signed, USER_AGENT, as_sent, signature};
use crate::body::{Body, Leaf};
use crate::call::Course;
use crate::contract::redact::{self, Message, Redactor, Sample, Varies};
use crate::http::header;
use crate::scenario::Scenario;
use crate::vendors::Vendor;
use std::collections::HashMap;
use std::sync::Arc;

/// The seed of the plan whose order counts in snapshots; far from seeds that people choose.
const ORDER_SEED: u64 = 7_340_032_000;

/// What tells a push of a story apart from the others: its name, what it tells of, and which one of the same it is.
type Key = (String, String, u32);

/// From what a story was planned, so that more can be said of it than of its plan alone.
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

    /// What names everything in the answers to a plan of this story that Ringback itself has sent.
    pub fn redactor(&self, plan: &Plan) -> Redactor {
        let course = Course::of(&self.scenario.cast, &self.scenario.script);
        let circumstances = Circumstances { seed: ORDER_SEED, ..Circumstances::clone(&self.circumstances) };
        let usual = Plan::build(&self.scenario, self.vendor, &circumstances).ok();
        plan.redactor(usual.as_ref(), course.as_ref())
    }
}

impl Plan {
    /// What names everything in the answers to it; `usual` is a plan of the same story, whose order counts, and `course` its
    /// course.
    pub fn redactor(&self, usual: Option<&Plan>, course: Option<&Course>) -> Redactor {
        let order = usual.unwrap_or(self).keyed().into_iter().map(|(key, _)| key).zip(0..).collect();
        let originals = self.originals().collect();
        Redactor::new(&self.sample(&order, course), self.contract.snapshot.redact.clone(), originals)
    }

    /// What is sent, in the order of a usual plan: where waits are drawn, seeds may differ in which of two pushes comes first.
    pub(super) fn sample(&self, order: &HashMap<Key, usize>, course: Option<&Course>) -> Sample {
        let mut originals = self.keyed();
        originals.sort_by_key(|(key, _)| order.get(key).copied().unwrap_or(usize::MAX));
        let originals: Vec<&Delivery> = originals.into_iter().map(|(_, delivery)| delivery).collect();
        let own = self.targets.iter().filter_map(|target| {
            let port = target.port_or_known_default()?;
            Some(("target", format!("{}:{port}", target.host_str()?)))
        });
        let known = self.known_in(&originals.iter().map(|delivery| delivery.original()).collect::<Vec<_>>());
        let varies = self.varies_by_text(course);
        let known_leaf = |(name, value): (String, &str)| {
            let varies = varies.get(value).cloned().unwrap_or(Varies::Never);
            redact::Leaf::of_known(&name, value, varies)
        };
        Sample {
            vendor: self.vendor.id(),
            start: self.start,
            instants: originals.iter().map(|delivery| self.instant(delivery.offset)).collect(),
            known_leaves: known.iter().map(known_leaf).collect(),
            known,
            messages: originals.iter().map(|delivery| self.message(delivery, course)).collect(),
            own: own.chain([("user-agent", USER_AGENT.to_owned())]).collect(),
        }
    }

    /// Every push of the story, copies left out, with what tells it apart from the others.
    pub(super) fn keyed(&self) -> Vec<(Key, &Delivery)> {
        let mut originals: Vec<_> = self.deliveries.iter().collect();
        originals.sort_by_key(|delivery| (delivery.original(), delivery.number));
        originals.dedup_by_key(|delivery| delivery.original());
        let mut same: HashMap<(&str, &str), u32> = HashMap::new();
        originals
            .into_iter()
            .map(|delivery| {
                let nth = same.entry((&delivery.push, &delivery.why)).or_default();
                *nth += 1;
                ((delivery.push.clone(), delivery.why.clone(), *nth), delivery)
            })
            .collect()
    }

    fn message(&self, delivery: &Delivery, course: Option<&Course>) -> Message {
        let request = &delivery.request;
        let at = self.instant(delivery.offset);
        let mut leaves = Vec::new();
        let own =
            |(name, value): (&str, &Leaf)| redact::Leaf::of_header(name, &value.text(), Varies::of(value, course));
        let to = request.to.as_ref().or(self.targets.first());
        let (body, said) = match to {
            Some(target) => (request.body_at(target), request.fields_at(target)),
            None => (request.body.bytes(), std::borrow::Cow::Borrowed(&request.body)),
        };
        let signed = match to {
            Some(target) => {
                let url = request.address(target);
                signature(
                    self,
                    Signed::of(delivery, request, self.start),
                    Sent { url: &url, body: &body, at, meant: None },
                )
            }
            None => Vec::new(),
        };
        leaves.extend(request.headers.iter().filter(|(name, _)| header(&signed, name).is_none()).map(own));
        leaves.extend(signed.iter().map(|(name, value)| redact::Leaf::of_header(name, value, Varies::Distinct)));
        if header(&as_sent(request.headers.written()), "Content-Length").is_none() && !body.is_empty() {
            leaves.push(redact::Leaf::of_header("Content-Length", &body.len().to_string(), Varies::Short));
        }
        if let Body::Fields { fields, .. } = &*said {
            leaves.extend(redact::Leaf::of_fields(fields, course));
        }
        Message { number: delivery.original(), leaves }
    }

    /// How texts vary that are sent, or that are of the cast.
    fn varies_by_text(&self, course: Option<&Course>) -> HashMap<String, Varies> {
        let mut varies = HashMap::new();
        for leaf in self.cast_leaves().iter().map(|(_, leaf)| leaf) {
            varies.entry(leaf.text().into_owned()).or_insert_with(|| Varies::of(leaf, course));
        }
        for fields in self.deliveries.iter().filter_map(|delivery| delivery.request.body.fields()) {
            for (_, leaf) in fields.leaves() {
                varies.entry(leaf.text().into_owned()).or_insert_with(|| Varies::of(leaf, course));
            }
        }
        varies
    }
}
