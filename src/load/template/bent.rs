//! A push of any call as a tree of leaves, for attempts that faults strike: these bend what it says before it is written.

use super::compiled::{Compiled, Request};
use super::course::Call;
use super::slot::{Gathered, Origin, Slot, Text};
use crate::body::{Body, Encoding, Leaf, Member};
use crate::delivery::{self, Outgoing};
use crate::faults::http::{Http, WrongAuth};
use crate::faults::{Fault, Faults, Kind};
use crate::http::{Framing, Headers, Push, TargetQuery};
use crate::load::calls::{Strikes, Way};
use crate::plan::{Delivery, Plan, Tried};
use jiff::Timestamp;
use std::mem::take;
use std::ops::Range;
use std::time::Duration;
use url::{Position, Url};

/// The largest push that is made so on purpose and held by connections, of which there may be thousands.
const OVERSIZE_MAX_BYTES: usize = 256 * 1024;
/// Room for an ordinary body, and for a member of one.
const BODY_BYTES: usize = 4096;
const MEMBER_BYTES: usize = 128;
/// The longest path and query that `delivery` writes.
const TARGET_MAX_BYTES: usize = u16::MAX as usize - 1;

/// A push of the first call, and what its values are in any other.
pub(super) struct Tree {
    /// With the faults that can strike it in any call, without what it says.
    delivery: Delivery,
    body: Body,
    headers: Headers,
    /// What the values of its body are in any call, in the order in which they stand there; none where one is the same.
    in_body: Vec<Option<Slot>>,
    in_headers: Vec<Option<Slot>>,
    /// The members of an object that is written as JSON, each with its part of the whole body and with how many values stand
    /// before it.
    members: Vec<(Member, Range<usize>, usize)>,
    /// By the place of a fault: the paths of which it bends one, where that is the same in every call.
    paths: Vec<(usize, Vec<String>)>,
}

/// What faults bend that strike an attempt together.
#[derive(Clone, Copy)]
struct Bends {
    /// How the attempt is made.
    way: Way,
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
            for (tree, _) in hits {
                tree.delivery.planned.hits.push(index);
                let fields = tree.body.fields().filter(|_| !tree.members.is_empty());
                let paths = match (&fault.kind, fields) {
                    (Kind::Http(http), Some(fields)) => http.paths(fields),
                    _ => None,
                };
                tree.paths.extend(paths.filter(|paths| !paths.is_empty()).map(|paths| (index, paths)));
            }
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
        let members = Self::members(&body, origin);
        Self { delivery, body, headers, in_body, in_headers, members, paths: Vec::new() }
    }

    fn members(body: &Body, origin: Origin<'_>) -> Vec<(Member, Range<usize>, usize)> {
        let Body::Fields { fields: Leaf::Object(members), encoding: encoding @ Encoding::Json } = body else {
            return Vec::new();
        };
        let (mut values, mut begin) = (0, 1);
        let members = members.iter().filter(|member| member.leaf != Leaf::Absent);
        let member = |member: &Member| {
            let before = values;
            member.leaf.copied(&mut |leaf| {
                values += 1;
                leaf.clone()
            });
            let mut gathered = Gathered { text: Text::default(), origin };
            encoding.write(&Leaf::Object(vec![member.clone()]), &mut gathered);
            // Between braces here; behind a brace or a comma in the whole.
            let part = begin..begin + gathered.text.fixed_bytes().saturating_sub(2);
            begin = part.end + 1;
            (member.clone(), part, before)
        };
        members.map(member).collect()
    }

    /// Whether the query of a target goes into what it says.
    fn is_merged(&self, target: &Url) -> bool {
        self.delivery.request.target_query == TargetQuery::Merged && target.query().is_some()
    }

    /// How much memory it takes, nearly.
    pub(super) fn memory(&self) -> usize {
        let leaves = self.body.fields().map_or(0, |fields| fields.leaves().len());
        let slots = self.in_body.len() + self.in_headers.len();
        let members = self.members.len() * size_of::<(Member, Range<usize>, usize)>();
        size_of::<Self>() + slots * size_of::<Option<Slot>>() + leaves * size_of::<Member>() + self.body.len() + members
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
    fn bends(&self, plan: &Plan, tried: Tried<'_>) -> Option<Bends> {
        let drawn = plan.faults.drawn(&self.delivery.planned, tried.subject());
        // What is signed as it was meant is no longer what a head is compiled for.
        let is_meant = plan.vendor.signs_before_faults(&plan.options);
        let head = |fault: &Fault| fault.bends_head() || is_meant;
        let bends = drawn.map(|fault| Bends { way: way(fault), fields: fault.bends_fields(), head: head(fault) });
        bends.reduce(|one, other| Bends {
            way: if one.way == Way::Careful { one.way } else { other.way },
            fields: one.fields || other.fields,
            head: one.head || other.head,
        })
    }

    /// Appends the body of an attempt that one fault strikes in one place, which is found without looking at the others: all
    /// but that member is written as in any call. Gives which has struck; none where more has to be looked at.
    fn patch(&self, plan: &Plan, tried: Tried<'_>, call: &Call<'_>, whole: &Text, into: &mut Vec<u8>) -> Option<usize> {
        let (index, fault, mut draw) = plan.faults.alone(&self.delivery.planned, tried.subject())?;
        let (Kind::Http(http), (_, paths)) = (&fault.kind, self.paths.iter().find(|(of, _)| *of == index)?) else {
            return None;
        };
        let path = draw.pick(paths);
        let name = path.split('.').next().unwrap_or_default();
        let place = self.members.iter().position(|(member, ..)| member.name == name)?;
        let (member, part, before) = self.members.get(place)?;
        let slots = self.in_body.get(*before..).unwrap_or_default();
        let leaf = member.leaf.copied(&mut of_call(slots, call));
        let mut fields = Leaf::Object(vec![Member { name: member.name.clone(), fact: None, leaf }]);
        if !http.bend_at(&mut fields, path) {
            return None;
        }
        let mut bent = Vec::with_capacity(MEMBER_BYTES);
        Encoding::Json.write(&fields, &mut bent);
        let bent = bent.get(1..bent.len().saturating_sub(1)).unwrap_or_default();
        // A member that is left out takes a comma with it: the one before it, or of the first one the one behind.
        let (is_first, is_last) = (place == 0, place + 1 == self.members.len());
        let (before, behind) = match bent.is_empty() {
            true if is_first => (0, usize::from(!is_last)),
            true => (1, 0),
            false => (0, 0),
        };
        whole.write_part(0..part.start.saturating_sub(before), call, into);
        into.extend_from_slice(bent);
        whole.write_part(part.end + behind..whole.fixed_bytes(), call, into);
        Some(index)
    }

    /// The push in a call at a target, as far as these faults look at it.
    fn push(&self, bends: Bends, call: &Call<'_>, request: &Request, target: &Url) -> Push {
        let own = &self.delivery.request;
        let body = match &self.body {
            Body::Fields { fields, encoding } if bends.fields || self.is_merged(target) => {
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

impl Compiled {
    /// How an attempt is made at a push of a call that is as all others are.
    pub(super) fn way(&self, call: u64, tried: (usize, usize, u32)) -> Way {
        let own = self.call(call, Timestamp::UNIX_EPOCH);
        let bends =
            self.tried(&own, tried, Timestamp::UNIX_EPOCH).and_then(|(tree, tried)| tree.bends(&self.plan, tried));
        bends.map_or(Way::Rendered, |bends| bends.way)
    }

    /// Which attempt it is, as faults ask for it; none where there are no faults.
    fn tried<'a>(
        &'a self,
        call: &'a Call<'_>,
        (step, target, attempt): (usize, usize, u32),
        start: Timestamp,
    ) -> Option<(&'a Tree, Tried<'a>)> {
        let (tree, (_, due)) = (self.trees.get(step)?, self.steps.get(step)?);
        let offset = Duration::from_millis(u64::try_from(call.offset_ms(*due)).unwrap_or_default());
        let target = u32::try_from(target).ok()?.checked_add(1)?;
        Some((tree, Tried { delivery: &tree.delivery, keyed: &call.keyed, start, target, attempt, offset }))
    }

    /// Appends an attempt, as faults leave it, at a push of a call that started at `start`.
    pub(super) fn strike(
        &self,
        call: &mut Call<'_>,
        (step, target, attempt): (usize, usize, u32),
        start: Timestamp,
        written: Timestamp,
        into: &mut Vec<u8>,
    ) -> Strikes {
        let tried = self.tried(call, (step, target, attempt), start);
        let drawn = tried.and_then(|(tree, tried)| Some((tree, tried, tree.bends(&self.plan, tried)?)));
        let Some((tree, tried, bends)) = drawn else {
            self.write(call, step, target, start, written, into);
            return Strikes::default();
        };
        let (Some(url), Some(request), Way::Rendered) =
            (self.facts.targets.get(target), self.request(step, target), bends.way)
        else {
            return Strikes::default();
        };
        let begin = into.len();
        if !bends.bends_head(request)
            && !tree.is_merged(url)
            && let Some(index) = tree.patch(&self.plan, tried, call, &request.body, into)
        {
            let strikes = strikes_of(&self.plan, index);
            self.write_head(call, (step, request), start, written, begin, into);
            return strikes;
        }
        if let Some((index, drawn)) = wrong_auth(&self.plan, tried) {
            self.write(call, step, target, start, written, into);
            WrongAuth::bend_head(into, begin, drawn);
            return strikes_of(&self.plan, index);
        }
        let push = tree.push(bends, call, request, url);
        let meant = self.plan.vendor.signs_before_faults(&self.plan.options).then(|| push.clone());
        let fate = self.plan.fate_of(push, tried);
        let strikes = Strikes { struck: self.plan.faults.marks(&fate.bent), is_spoilt: fate.is_spoilt() };
        if bends.bends_head(request) {
            let due = start.checked_add(tried.offset).unwrap_or(Timestamp::MAX);
            let at = self.plan.signing_time(due, written);
            write(&Outgoing::of_fate(&self.plan, (&fate, meant.as_ref()), url, tried.signed(&fate.push), at), into);
        } else {
            into.extend_from_slice(&fate.push.body_at(url));
            self.write_head(call, (step, request), start, written, begin, into);
        }
        strikes
    }

    /// Changes what goes wrong on purpose: in nothing but how often.
    pub(super) fn set_faults(&mut self, faults: Vec<Fault>) {
        self.plan.faults = Faults::new(faults.clone());
        self.source.scenario.faults = faults;
    }
}

impl Bends {
    /// Whether the head of a request is another one.
    fn bends_head(self, request: &Request) -> bool {
        self.head || request.query.is_some()
    }
}

/// The fault that makes the proof of an attempt a wrong one and is the only one to strike it, and what is drawn for it.
fn wrong_auth(plan: &Plan, tried: Tried<'_>) -> Option<(usize, u64)> {
    let (index, fault, mut draw) = plan.faults.alone(&tried.delivery.planned, tried.subject())?;
    matches!(fault.kind, Kind::Http(Http::WrongAuth(_))).then(|| (index, draw.word()))
}

/// What an attempt is by the fault at this place alone.
fn strikes_of(plan: &Plan, index: usize) -> Strikes {
    let fault = plan.faults.iter().nth(index);
    Strikes {
        struck: plan.faults.mark(index).cloned().into_iter().collect(),
        is_spoilt: fault.is_some_and(Fault::spoils),
    }
}

/// Makes of the leaves of the first call, one after the other, those of another.
pub(super) fn of_call<'a>(slots: &'a [Option<Slot>], call: &'a Call<'_>) -> impl FnMut(&Leaf) -> Leaf + 'a {
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
