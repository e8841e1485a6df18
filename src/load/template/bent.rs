//! A push of any call as a tree of leaves, for attempts that faults strike: these bend what it says before it is written.

use super::course::Call;
use super::slot::{Origin, Slot};
use crate::body::{Body, Leaf};
use crate::delivery::{self, Outgoing};
use crate::faults::http::Http;
use crate::faults::{Fault, Kind};
use crate::http::{Framing, Headers, Push};
use crate::load::calls::{Strikes, Way};
use crate::load::careful::struck;
use crate::plan::{Delivery, Plan, Tried};
use jiff::Timestamp;
use url::{Position, Url};

/// The largest push that is made so on purpose and held by connections, of which there may be thousands.
const OVERSIZE_MAX_BYTES: usize = 256 * 1024;
/// The longest path and query that `delivery` writes.
const TARGET_MAX_BYTES: usize = u16::MAX as usize - 1;

/// A push of the first call, and what its values are in any other.
pub(super) struct Tree {
    /// With the faults that can strike it in any call, without what it says.
    pub(super) delivery: Delivery,
    headers: Headers,
    body: Body,
    /// The values that are not the same in every call, in the order in which they stand in body and headers; none where
    /// one is.
    slots: Vec<Option<Slot>>,
}

impl Tree {
    /// The pushes of a plan as trees; none where no fault bends any.
    pub(super) fn all(plan: &Plan, origin: Origin<'_>) -> Vec<Self> {
        let mut trees: Vec<Self> = plan.deliveries.iter().map(|delivery| Self::of(delivery, origin)).collect();
        for (index, fault) in plan.faults.iter().enumerate() {
            // A fault that is for one call is for the same pushes of it.
            let call = |delivery: &Delivery| fault.only.call.unwrap_or(delivery.call_number);
            let story = plan.deliveries.iter().map(|delivery| (delivery.push.as_str(), call(delivery)));
            let hits = trees.iter_mut().zip(fault.counted(story)).filter(|(_, is_hit)| *is_hit);
            hits.for_each(|(tree, _)| tree.delivery.planned.hits.push(index));
        }
        if plan.faults.is_empty() { Vec::new() } else { trees }
    }

    fn of(delivery: &Delivery, origin: Origin<'_>) -> Self {
        let mut delivery = delivery.clone();
        delivery.planned.hits.clear();
        let body = std::mem::take(&mut delivery.request.body);
        let headers = std::mem::take(&mut delivery.request.headers);
        let mut slots = Vec::new();
        let gathered = &mut |leaf: &Leaf| {
            slots.push(origin.slot(leaf));
            leaf.clone()
        };
        copied(&body, &headers, gathered);
        Self { delivery, headers, body, slots }
    }

    /// How much memory it takes, nearly.
    pub(super) fn memory(&self) -> usize {
        let leaves = self.body.fields().map_or(0, |fields| fields.leaves().len());
        size_of::<Self>() + self.slots.len() * size_of::<Option<Slot>>() + leaves * size_of::<Leaf>() + self.body.len()
    }

    /// How attempts are made at the push, as far as that is the same for all.
    pub(super) fn way_of_all(&self, plan: &Plan) -> Way {
        let hits = plan.faults.iter().enumerate().filter(|(index, _)| self.delivery.planned.hits.contains(index));
        match self.delivery.request.to {
            Some(_) => Way::Careful,
            None if hits.map(|(_, fault)| way(fault)).any(|way| way == Way::Careful) => Way::Drawn,
            None => Way::Rendered,
        }
    }

    /// How an attempt is made that faults strike; none where none does.
    pub(super) fn way(&self, plan: &Plan, tried: Tried<'_>) -> Option<Way> {
        let ways = plan.faults.drawn(&self.delivery.planned, tried.subject()).map(way);
        ways.reduce(|one, other| if one == Way::Careful { one } else { other })
    }

    /// Appends an attempt that faults strike; of one that cannot be sent nothing.
    pub(super) fn bend(
        &self,
        plan: &Plan,
        tried: Tried<'_>,
        (call, target): (&Call<'_>, &Url),
        event_id: impl FnOnce() -> String,
        written: Timestamp,
        into: &mut Vec<u8>,
    ) -> Strikes {
        let fate = plan.fate_of(self.push(call, event_id), tried);
        let due = tried.start.checked_add(tried.offset).unwrap_or(Timestamp::MAX);
        let at = plan.signing_time(due, written);
        let outgoing = Outgoing::of_fate(plan, &fate, target, tried.signed(&fate.push), at);
        write(&outgoing, into);
        Strikes { struck: struck(plan, &fate.bent), is_spoilt: fate.is_spoilt() }
    }

    /// The push in a call, whose own id of the event this is.
    fn push(&self, call: &Call<'_>, event_id: impl FnOnce() -> String) -> Push {
        let mut slots = self.slots.iter();
        let filled = &mut |leaf: &Leaf| match slots.next() {
            Some(Some(slot)) => slot.leaf(leaf, call),
            Some(None) | None => leaf.clone(),
        };
        let (body, headers) = copied(&self.body, &self.headers, filled);
        let mut push = Push { body, headers, ..self.delivery.request.clone() };
        push.event_id = push.event_id.map(|_| event_id());
        push
    }
}

/// Appends a request as `delivery` writes it; of one that cannot be sent nothing.
pub(super) fn write(outgoing: &Outgoing, into: &mut Vec<u8>) {
    if outgoing.url[Position::BeforePath..Position::AfterQuery].len() <= TARGET_MAX_BYTES
        && let Ok(message) = delivery::render(outgoing, Framing::Honest)
    {
        into.extend_from_slice(&message.bytes);
    }
}

/// How an attempt is made that this fault strikes: it is rendered where that bends nothing but the request, and within bounds.
fn way(fault: &Fault) -> Way {
    let is_rendered = match &fault.kind {
        // It decides how the answer is read.
        Kind::Http(Http::MissingHeader(missing)) => !missing.header.eq_ignore_ascii_case("accept-encoding"),
        Kind::Http(Http::Oversize(oversize)) => oversize.bytes <= OVERSIZE_MAX_BYTES,
        Kind::Http(_) => true,
        Kind::Event(_) | Kind::Connection(_) => false,
    };
    if is_rendered { Way::Rendered } else { Way::Careful }
}

/// Both with `other` in place of every value that other calls have otherwise.
fn copied(body: &Body, headers: &Headers, other: &mut dyn FnMut(&Leaf) -> Leaf) -> (Body, Headers) {
    let body = match body {
        Body::Fields { fields, encoding } => Body::Fields { fields: fields.copied(other), encoding: *encoding },
        Body::Written { .. } => body.clone(),
    };
    (body, headers.iter().map(|(name, value)| (name, value.copied(other))).collect())
}
