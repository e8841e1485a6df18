//! A push of any call as a tree of leaves, for attempts that faults strike: these bend what it says before it is written.

use super::compiled::Request;
use super::course::Call;
use super::slot::{Origin, Slot};
use crate::body::{Body, Leaf, Member};
use crate::delivery::{self, Outgoing};
use crate::faults::http::Http;
use crate::faults::{Fault, Kind};
use crate::http::{Framing, Headers, Push, TargetQuery};
use crate::load::calls::Way;
use crate::plan::{Delivery, Plan, Tried};
use std::mem::take;
use url::{Position, Url};

/// The largest push that is made so on purpose and held by connections, of which there may be thousands.
const OVERSIZE_MAX_BYTES: usize = 256 * 1024;
/// Room for an ordinary body.
const BODY_BYTES: usize = 2048;
/// The longest path and query that `delivery` writes.
const TARGET_MAX_BYTES: usize = u16::MAX as usize - 1;

/// A push of the first call, and what its values are in any other.
pub(super) struct Tree {
    /// With the faults that can strike it in any call, without what it says.
    pub(super) delivery: Delivery,
    body: Body,
    headers: Headers,
    /// What the values of its body are in any call, in the order in which they stand there; none where one is the same.
    in_body: Vec<Option<Slot>>,
    in_headers: Vec<Option<Slot>>,
}

/// What faults bend that strike an attempt together.
#[derive(Clone, Copy)]
pub(super) struct Bends {
    /// How the attempt is made.
    pub(super) way: Way,
    /// Whether one needs the fields of the push, and not only how they are written.
    fields: bool,
    /// Whether one bends more than the body.
    head: bool,
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
        let (body, headers) = (take(&mut delivery.request.body), take(&mut delivery.request.headers));
        let gathered = |slots: &mut Vec<Option<Slot>>, leaf: &Leaf| {
            slots.push(origin.slot(leaf));
            leaf.clone()
        };
        let (mut in_body, mut in_headers) = (Vec::new(), Vec::new());
        body.fields().map(|fields| fields.copied(&mut |leaf| gathered(&mut in_body, leaf)));
        headers.iter().for_each(|(_, value)| drop(value.copied(&mut |leaf| gathered(&mut in_headers, leaf))));
        Self { delivery, body, headers, in_body, in_headers }
    }

    /// How much memory it takes, nearly.
    pub(super) fn memory(&self) -> usize {
        let leaves = self.body.fields().map_or(0, |fields| fields.leaves().len());
        let slots = self.in_body.len() + self.in_headers.len();
        size_of::<Self>() + slots * size_of::<Option<Slot>>() + leaves * size_of::<Member>() + self.body.len()
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

    /// What the faults bend that strike an attempt; none where none does.
    pub(super) fn bends(&self, plan: &Plan, tried: Tried<'_>) -> Option<Bends> {
        let drawn = plan.faults.drawn(&self.delivery.planned, tried.subject());
        let bends =
            drawn.map(|fault| Bends { way: way(fault), fields: fault.bends_fields(), head: fault.bends_head() });
        bends.reduce(|one, other| Bends {
            way: if one.way == Way::Careful { one.way } else { other.way },
            fields: one.fields || other.fields,
            head: one.head || other.head,
        })
    }

    /// The push in a call at a target, as far as these faults look at it.
    pub(super) fn push(&self, bends: Bends, call: &Call<'_>, request: &Request, target: &Url) -> Push {
        let own = &self.delivery.request;
        let is_merged = own.target_query == TargetQuery::Merged && target.query().is_some();
        let body = match &self.body {
            Body::Fields { fields, encoding } if bends.fields || is_merged => {
                Body::Fields { fields: fields.copied(&mut of_call(&self.in_body, call)), encoding: *encoding }
            }
            Body::Fields { .. } => {
                let mut body = Vec::with_capacity(BODY_BYTES);
                request.body.write(call, &mut body);
                let query = request.query.as_ref().map(|query| query.text(call)).unwrap_or_default();
                Body::Written { body: body.into(), query: query.get(request.given..).unwrap_or_default().to_owned() }
            }
            Body::Written { .. } => self.body.clone(),
        };
        let mut of_call = of_call(&self.in_headers, call);
        let headers = self.headers.iter().map(|(name, value)| (name, value.copied(&mut of_call)));
        let is_looked_at = |name: &str| bends.bends_head(request) || name.eq_ignore_ascii_case("content-type");
        let headers = headers.filter(|(name, _)| is_looked_at(name)).collect();
        let event_id = own.event_id.as_ref().map(|_| request.event_id.text(call));
        Push { body, headers, event_id, ..own.clone() }
    }
}

impl Bends {
    /// Whether the head of a request is another one.
    pub(super) fn bends_head(self, request: &Request) -> bool {
        self.head || request.query.is_some()
    }
}

/// Makes of the leaves of the first call, one after the other, those of another.
fn of_call<'a>(slots: &'a [Option<Slot>], call: &'a Call<'_>) -> impl FnMut(&Leaf) -> Leaf + 'a {
    let mut slots = slots.iter();
    move |leaf| match slots.next() {
        Some(Some(slot)) => slot.leaf(leaf, call),
        Some(None) | None => leaf.clone(),
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
