//! Makes a story of its first call: what each of its pushes says in any call. What is made is compared with plans, byte for
//! byte, before anything is sent by it.

use super::Room;
use super::compiled::{Compiled, Request};
use super::course::Call;
use super::facts::Facts;
use super::places::{self, Places};
use super::planned::Planned;
use super::slot::{Gathered, Origin, Text};
use super::source::{self, Source};
use crate::body::{Body, Encoding, Leaf};
use crate::call::{Agent, Course, Customers, Settled, Settling};
use crate::delivery::{self, Outgoing};
use crate::http::{Framing, Push, TargetQuery};
use crate::load::calls::Way;
use crate::plan::{Delivery, Plan, Sent, Signed, USER_AGENT, as_sent, signature};
use jiff::Timestamp;
use std::time::Duration;
use url::Url;

/// Of which first calls those that fit are compared with their plans.
const PROVEN_CALLS: u64 = 12;
/// When they start, in milliseconds since 1970, and how long after the one before: no part of the date or of the clock
/// stays the same.
const PROVEN_START_MS: i64 = 1_780_243_199_750;
const PROVEN_APART_MS: i64 = 4_078_643_251;
/// How many calls are looked at for one whose cast is drawn without a second draw.
const FIRST_CALLS_MAX: u64 = 8;
/// Stands in a head where a query comes; it is in no address that anybody writes.
const QUERY_MARK: &str = "ringback-query-f3a1c09e";

/// Compiles a story.
///
/// # Errors
/// Why every call of it has to be planned in full, as half a sentence.
pub(super) fn compile(source: &Source, first: &Plan, room: Room) -> Result<Compiled, String> {
    if !first.faults.is_empty() {
        return Err("faults are drawn for every call".to_owned());
    }
    let scenario = &source.scenario;
    let course = Course::of(&scenario.cast, &scenario.script)
        .ok_or("more than the sums of its waits decides when things happen in it")?;
    let keyed = source.keyed(1);
    let mut facts = Facts::new(first);
    let mut compiled = Compiled {
        customers: Customers::new(&scenario.cast, source.vendor.locale(), &keyed),
        course,
        agent_names: Vec::new(),
        agent_phones: Vec::new(),
        steps: Vec::new(),
        requests: Vec::new(),
        signed: None,
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
    [compiled.agent_names, compiled.agent_phones] = drawn_agents(&plan);
    let keyed = source.keyed(number);
    let drawn: Vec<Duration> = compiled.course.draws(&keyed).collect();
    let places = Places::of(source, &plan);
    let origin = Origin { course: &compiled.course, drawn: &drawn, start: source::told(start), keyed: &keyed };
    let (mut steps, mut requests) = (Vec::new(), Vec::new());
    for delivery in &plan.deliveries {
        steps.push((facts.step(&plan, delivery), origin.moment(delivery.due())));
        for (nth, target) in plan.targets.iter().enumerate() {
            let target = places.target(nth).unwrap_or_else(|| target.clone());
            requests.push(request(&plan, delivery, &target, (origin, &places))?);
        }
    }
    let bytes: usize = requests.iter().map(Request::memory).sum();
    if bytes > room.bytes_max {
        return Err(format!("its pushes take {bytes} bytes, and there is room for {}", room.bytes_max));
    }
    let is_signed =
        plan.deliveries.iter().zip(&plan.targets).any(|(delivery, to)| !signed(&plan, delivery, to).is_empty());
    compiled.signed = is_signed.then(|| Plan { deliveries: Vec::new(), records: Vec::new(), ..plan });
    (compiled.steps, compiled.requests, compiled.facts) = (steps, requests, facts);
    prove(&compiled)?;
    Ok(compiled)
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

/// Compares what is made for some calls with what is planned for them.
fn prove(compiled: &Compiled) -> Result<(), String> {
    let source = &compiled.source;
    let mut made = Vec::new();
    for number in (1..=PROVEN_CALLS).filter(|number| compiled.fits(*number)) {
        let start = PROVEN_START_MS + PROVEN_APART_MS * number as i64;
        let start = Timestamp::from_millisecond(start).unwrap_or(Timestamp::UNIX_EPOCH);
        let plan = source.plan(number, start).map_err(|problem| problem.to_string())?;
        if plan.deliveries.len() != compiled.steps.len() || plan.targets.len() != compiled.facts.targets.len() {
            return Err("how many pushes it has depends on what is drawn".to_owned());
        }
        let mut call = Call::new(source, &compiled.course, &compiled.customers, number, start);
        for (step, delivery) in plan.deliveries.iter().enumerate() {
            if compiled.step(number, step).is_none_or(|step| step.due != delivery.offset) {
                return Err(format!("when {} is due depends on more than its waits", delivery.push));
            }
            for (place, target) in plan.targets.iter().enumerate() {
                made.clear();
                compiled.write(&mut call, step, place, start, plan.instant(delivery.offset), &mut made);
                let planned = source::request_at(&plan, delivery, target, plan.instant(delivery.offset))?;
                if made != planned {
                    return Err(differs(&delivery.push, number, &made, &planned));
                }
            }
        }
    }
    Ok(())
}

/// Where a request differs from what is planned.
fn differs(push: &str, call: u64, made: &[u8], planned: &[u8]) -> String {
    const SHOWN_BYTES: usize = 40;
    let at = made.iter().zip(planned).position(|(one, other)| one != other).unwrap_or(made.len().min(planned.len()));
    let around = &planned[at.saturating_sub(SHOWN_BYTES)..planned.len().min(at + SHOWN_BYTES)];
    let around = String::from_utf8_lossy(around).escape_debug().to_string();
    format!("{push} of call {call} is another one at `{around}`, in no known way")
}

impl Compiled {
    /// Whether the pushes of a step go by what is made here.
    pub(super) fn is_rendered(&self, step: usize) -> bool {
        self.steps.get(step).is_some_and(|(step, _)| step.way == Way::Rendered)
    }
}
