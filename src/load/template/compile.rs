//! Makes a story of its first call: what each of its pushes says in any call. What is made is compared with plans, byte for
//! byte, before anything is sent by it.

use super::Room;
use super::bent::Tree;
use super::compiled::{Compiled, Named, Request};
use super::facts::Facts;
use super::places::{self, Places};
use super::planned::Planned;
use super::prove::prove;
use super::slot::{At, Gathered, Origin, Text};
use super::source::{self, Source};
use crate::body::{Body, Encoding, Leaf};
use crate::call::{Agent, Course, Customers, Fact, Settled, Settling, Taken};
use crate::delivery::{self, Outgoing};
use crate::http::{Framing, Push, TargetQuery};
use crate::load::calls::Step;
use crate::plan::{Delivery, Plan, Sent, Signed, USER_AGENT, as_sent, signature};
use std::time::Duration;
use url::Url;

/// How many calls are looked at for one whose cast is drawn without a second draw.
const FIRST_CALLS_MAX: u64 = 8;
/// Stands in a head where a query comes; it is in no address that anybody writes.
const QUERY_MARK: &str = "ringback-query-f3a1c09e";

/// Compiles a story.
///
/// # Errors
/// Why every call of it has to be planned in full, as half a sentence.
pub(super) fn compile(source: &Source, first: &Plan, room: Room) -> Result<Compiled, String> {
    if let Some(fault) = first.faults.iter().find(|fault| fault.kind.before_attempts().is_some()) {
        return Err(format!("the fault `{}` decides for every call what leaves when", fault.name()));
    }
    let scenario = &source.scenario;
    let course = Course::of(&scenario.cast, &scenario.script)
        .ok_or("more than the sums of its waits decides when things happen in it")?;
    let keyed = source.keyed(1);
    let mut facts = Facts::new(first);
    let mut compiled = Compiled {
        customers: Customers::new(&scenario.cast, source.vendor.locale(), &keyed),
        course,
        is_ordered: false,
        taken: Taken::default(),
        steps: Vec::new(),
        requests: Vec::new(),
        trees: Vec::new(),
        plan: first.clone(),
        is_signed: false,
        named: None,
        planned: Planned::new(source.clone(), facts.clone(), String::new()),
        facts: facts.clone(),
        source: source.clone(),
    };
    let start = source.circumstances.start;
    let mut plan = first.clone();
    let mut number = 1;
    // Whatever the customer of one call is called, agents whom two calls share were not drawn anew.
    loop {
        let next = source.plan(number + 1, start).map_err(|problem| problem.to_string())?;
        if drawn_agents(&next) == drawn_agents(&plan) {
            break;
        }
        (plan, number) = (next, number + 1);
        if number > FIRST_CALLS_MAX {
            return Err("its agents are drawn anew for every customer".to_owned());
        }
    }
    let [names, phones] = drawn_agents(&plan);
    compiled.taken = compiled.customers.taken(&names, &phones);
    let keyed = source.keyed(number);
    let longer: Vec<Duration> = compiled.course.draws(&keyed).collect();
    let places = Places::of(source, &plan);
    if !places.is_empty() && !plan.faults.is_empty() {
        return Err("faults bend pushes whose addresses are other ones in every call".to_owned());
    }
    let origin = Origin { course: &compiled.course, longer: &longer, start: source::told(start), keyed: &keyed };
    let (mut steps, mut requests, trees) = (Vec::new(), Vec::new(), Tree::all(&plan, origin));
    for delivery in &plan.deliveries {
        let step = facts.step(&plan, delivery);
        let way = trees.get(steps.len()).map_or(step.way, |tree| tree.way_of_all(&plan));
        steps.push((Step { way, ..step }, origin.moment(delivery.due())));
        for (nth, target) in plan.targets.iter().enumerate() {
            let target = places.target(nth).unwrap_or_else(|| target.clone());
            requests.push(request(&plan, delivery, &target, (origin, &places))?);
        }
    }
    let named = (scenario.contract.checks != plan.contract.checks).then(|| named(&plan, origin));
    compiled.is_ordered = steps.is_sorted_by(|(before, at), (after, next): &(Step, At)| {
        at.is_before(*next) || at == next && before.due == after.due
    });
    compiled.is_signed =
        plan.deliveries.iter().zip(&plan.targets).any(|(delivery, to)| !signed(&plan, delivery, to).is_empty());
    compiled.plan = Plan { deliveries: Vec::new(), records: Vec::new(), ..plan };
    (compiled.steps, compiled.requests, compiled.trees, compiled.facts) = (steps, requests, trees, facts);
    compiled.named = named;
    let bytes = compiled.bytes();
    if bytes > room.bytes_max {
        return Err(format!("its pushes take {bytes} bytes, and there is room for {}", room.bytes_max));
    }
    prove(&mut compiled)?;
    Ok(compiled)
}

/// What the values are made of that a contract can name. What is no leaf, such as the id of an event, is the leaf that reads so.
fn named(plan: &Plan, origin: Origin<'_>) -> Vec<Named> {
    let all = plan.named();
    let made = |(fact, leaf): &(Fact, Leaf)| {
        let slots_of = |leaf: &Leaf| {
            let mut slots = Vec::new();
            leaf.copied(&mut |leaf| {
                slots.push(origin.slot(leaf));
                leaf.clone()
            });
            slots
        };
        let is_fixed = |leaf: &Leaf| slots_of(leaf).iter().all(Option::is_none);
        let same = all.iter().map(|(_, other)| other).find(|other| !is_fixed(other) && other.text() == leaf.text());
        let leaf = if is_fixed(leaf) { same.unwrap_or(leaf) } else { leaf };
        Named { fact: *fact, leaf: leaf.clone(), slots: slots_of(leaf) }
    };
    all.iter().map(made).collect()
}

/// The names and the numbers of agents that would be drawn anew for a customer who has them.
fn drawn_agents(plan: &Plan) -> [Vec<String>; 2] {
    let drawn = |of: fn(&Agent) -> &Settled| {
        let all = plan.cast.agents.iter().map(of).filter(|settled| settled.by != Settling::Given);
        all.map(|settled| settled.text.clone()).collect()
    };
    [drawn(|agent| &agent.name), drawn(|agent| &agent.phone)]
}

/// The headers that sign a push.
fn signed(plan: &Plan, delivery: &Delivery, target: &Url) -> Vec<(String, String)> {
    let push = &delivery.request;
    let (url, body) = (push.address(target), push.body_at(target));
    signature(
        plan,
        Signed::of(delivery, push, plan.start),
        Sent { url: &url, body: &body, at: plan.start, meant: None },
    )
}

/// A request of any call.
fn request(
    plan: &Plan,
    delivery: &Delivery,
    target: &Url,
    (origin, places): (Origin<'_>, &Places),
) -> Result<Request, String> {
    let push = &delivery.request;
    let said = push.fields_at(target);
    let event_id = push.event_id.as_deref().unwrap_or_default();
    let text = |fields, encoding: Encoding| {
        let mut gathered = Gathered { text: Text::default(), origin };
        encoding.write(fields, &mut gathered);
        gathered.text
    };
    let (body, query) = match &*said {
        Body::Fields { fields, encoding: encoding @ Encoding::Query(_) } => {
            (Text::default(), Some(text(fields, *encoding)))
        }
        Body::Fields { fields, encoding } => (text(fields, *encoding), None),
        Body::Written { body, query } => {
            (Text::fixed(body), (!query.is_empty()).then(|| Text::fixed(query.as_bytes())))
        }
    };
    let signed = signed(plan, delivery, target);
    let mut values = Vec::new();
    let marked = |(name, value): (&str, &Leaf)| match value {
        Leaf::Text(_) => (name.to_owned(), value.clone()),
        value => {
            values.push(value.clone());
            (name.to_owned(), Leaf::from(places::mark_of_header(values.len() - 1)))
        }
    };
    let mut headers: Vec<(String, Leaf)> = push.headers.iter().map(marked).collect();
    if !headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("user-agent")) {
        headers.push(("User-Agent".to_owned(), Leaf::from(USER_AGENT)));
    }
    for (nth, (name, _)) in signed.iter().enumerate() {
        let mark = Leaf::from(places::mark_of_signature(nth));
        match headers.iter_mut().find(|(known, _)| known.eq_ignore_ascii_case(name)) {
            Some((_, ready)) => *ready = mark,
            None => headers.push((name.clone(), mark)),
        }
    }
    let head = head(plan, Push { headers: headers.into(), ..push.clone() }, target, query.is_some())?;
    let (before, behind) = match (&query, head.split_once(QUERY_MARK)) {
        (Some(_), Some((before, behind))) => (before, behind),
        (None, _) => (head.as_str(), ""),
        (Some(_), None) => return Err(format!("the address of {} cannot be written", delivery.push)),
    };
    let filled = |head: &str| places.filled(head, &values, origin);
    let url = push.address(target);
    let own = url.query().unwrap_or_default().as_bytes();
    let given = own.len().saturating_sub(said.query().len());
    let whole = query.clone().map(|query| Text::fixed(&own[..given]).then(query));
    let head = filled(before).then(query.unwrap_or_default()).then(filled(behind));
    Ok(Request {
        method: push.method,
        url,
        head,
        body,
        query: whole,
        given,
        event_id: match said.leaf_of(event_id).or_else(|| push.headers.leaf_of(event_id)) {
            Some(leaf) => Text::of(leaf, &[], origin),
            None => Text::fixed(event_id.as_bytes()),
        },
        is_framed: push.method.has_body(),
        original: delivery.original(),
    })
}

/// The head of a request up to what frames it, with a mark in place of its query.
fn head(plan: &Plan, push: Push, target: &Url, has_query: bool) -> Result<String, String> {
    let mut target = push.to.as_ref().unwrap_or(target).clone();
    if push.target_query == TargetQuery::Merged {
        target.set_query(None);
    }
    let body = Body::Written { body: bytes::Bytes::new(), query: if has_query { QUERY_MARK } else { "" }.to_owned() };
    let marked = Push { body, to: None, target_query: TargetQuery::Kept, ..push };
    let outgoing = Outgoing {
        method: marked.method,
        url: marked.address(&target),
        headers: as_sent(marked.headers.written()),
        body: bytes::Bytes::new(),
        timeout: plan.timeout,
    };
    let message = delivery::render(&outgoing, Framing::Honest).map_err(|failure| failure.message)?;
    let head = String::from_utf8_lossy(&message.bytes).into_owned();
    let end = if marked.method.has_body() { "Content-Length: 0\r\n\r\n" } else { "\r\n" };
    head.strip_suffix(end).map(str::to_owned).ok_or_else(|| "its head cannot be taken apart".to_owned())
}
