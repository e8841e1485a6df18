//! A compiled story: its pushes as texts with places to fill, and how a request of any call is written. How they are made
//! stands in `compile`.

use super::bent::{Tree, of_call};
use super::course::Call;
use super::facts::Facts;
use super::planned::Planned;
use super::slot::{At, Slot, Text, nanoseconds};
use super::source::{self, Source};
use crate::body::{Leaf, count_digits, fill_digits, write_digits};
use crate::call::{Course, Customers, DrawnCustomer, Fact, Taken};
use crate::clock;
use crate::contract::Known;
use crate::http::Method;
use crate::load::calls::{Step, Strikes, Way};
use crate::plan::{Plan, Sent, Signed, known_of, signature};
use crate::random::Keyed;
use jiff::Timestamp;
use std::borrow::Cow;
use std::time::Duration;
use url::Url;

/// What the length of a body stands behind.
const CONTENT_LENGTH: &[u8] = b"Content-Length: ";

/// A story whose requests are written by copying and filling in: call `n` is, byte for byte, what is planned for call `n`.
pub struct Compiled {
    pub(super) source: Source,
    pub(super) facts: Facts,
    pub(super) course: Course,
    /// Whether the pushes of every call fall due in the same order.
    pub(super) is_ordered: bool,
    pub(super) customers: Customers,
    /// What is drawn for agents: a customer who has such a name or number has the agents drawn anew.
    pub(super) taken: Taken,
    /// The pushes in the order in which they fall due, and from when that is counted.
    pub(super) steps: Vec<(Step, At)>,
    /// Step by step, each for every target.
    pub(super) requests: Vec<Request>,
    /// The pushes for attempts that faults strike, in the same order; none where there are no faults.
    pub(super) trees: Vec<Tree>,
    /// The plan of some call, without its pushes.
    pub(super) plan: Plan,
    /// Whether its pushes are signed.
    pub(super) is_signed: bool,
    /// What the values are made of that its contract can name; none where it names none, or where they need a plan.
    pub(super) named: Option<Vec<Named>>,
    /// For calls that are not as the others are.
    pub(super) planned: Planned,
}

/// A value that a contract can name.
pub(super) struct Named {
    pub(super) fact: Fact,
    /// That of the first call, and what it is in any.
    pub(super) leaf: Leaf,
    pub(super) slots: Vec<Option<Slot>>,
}

/// A request of any call.
pub(super) struct Request {
    pub(super) method: Method,
    pub(super) url: Url,
    /// Up to what frames it.
    pub(super) head: Text,
    pub(super) body: Text,
    /// Its whole query, where that is not the same in every call.
    pub(super) query: Option<Text>,
    /// How much of that is not the push's own.
    pub(super) given: usize,
    /// The vendor's own id of the event.
    pub(super) event_id: Text,
    /// Whether the length of its body is told.
    pub(super) is_framed: bool,
    /// The number of its push in the plan.
    pub(super) original: u32,
}

impl Request {
    pub(super) fn memory(&self) -> usize {
        size_of::<Self>() + self.head.memory() + self.body.memory()
    }
}

impl Compiled {
    /// How much memory its requests take.
    pub fn bytes(&self) -> usize {
        let trees = self.trees.iter().map(Tree::memory).sum::<usize>();
        self.requests.iter().map(Request::memory).sum::<usize>() + trees
    }

    /// What is to be said of its faults.
    pub(super) fn told_of_faults(&self) -> &'static str {
        match self.steps.iter().any(|(step, _)| step.way == Way::Drawn) {
            _ if self.trees.is_empty() => "",
            true => "; faults strike as in its plan, and whatever bends more than a request is planned in full",
            false => "; faults strike as in its plan",
        }
    }

    /// After how many calls a number that tells calls apart may come again.
    pub fn calls_until_repeat(&self) -> u64 {
        let texts = self.requests.iter().flat_map(|request| [&request.head, &request.body]);
        texts.map(Text::calls_until_repeat).min().unwrap_or(u64::MAX).min(self.customers.calls_until_repeat())
    }

    /// From the start of the longest call to its last push.
    pub(super) fn longest(&self) -> Duration {
        let longest: Vec<i64> = self.course.longest().into_iter().map(nanoseconds).collect();
        self.steps.iter().map(|(_, at)| due(at.offset_ms(&longest))).max().unwrap_or_default()
    }

    /// Whether a call is as all others are: its pushes in the same order, its agents the same.
    pub(super) fn fits(&self, call: u64) -> bool {
        self.fitting(call).is_some()
    }

    /// The customer of a call that is as all others are.
    fn fitting(&self, call: u64) -> Option<DrawnCustomer<'_>> {
        let customer = self.customers.of_call(call);
        let is_own = call > 0 && !customer.shares(&self.taken);
        (is_own && (self.is_ordered || self.keeps_order(&self.longer_ns(customer.keyed())))).then_some(customer)
    }

    pub(super) fn call(&self, call: u64, start: Timestamp) -> Call<'_> {
        self.call_of(self.customers.of_call(call), start)
    }

    fn call_of<'a>(&'a self, customer: DrawnCustomer<'a>, start: Timestamp) -> Call<'a> {
        let longer_ns = self.longer_ns(customer.keyed());
        Call::new(&self.source, customer, longer_ns, source::told(start))
    }

    /// How much longer than need be the drawn waits of a call are.
    fn longer_ns(&self, keyed: Keyed) -> Vec<i64> {
        if self.course.is_fixed() {
            return Vec::new();
        }
        self.course.draws(&keyed).map(nanoseconds).collect()
    }

    /// Whether the pushes of a call fall due in the same order as those of the others.
    fn keeps_order(&self, longer_ns: &[i64]) -> bool {
        self.steps.is_sorted_by(|(before, at), (after, next)| {
            let (at, next) = (at.offset_ms(longer_ns), next.offset_ms(longer_ns));
            // What falls due at the same moment keeps an order of its own.
            at < next || at == next && before.due == after.due
        })
    }

    /// How many pushes a call has.
    pub(super) fn count(&self, call: u64) -> usize {
        if self.fits(call) { self.steps.len() } else { self.planned.steps(call) }
    }

    pub(super) fn step(&self, call: u64, step: usize) -> Option<Step> {
        let Some(customer) = self.fitting(call) else { return self.planned.step(call, step) };
        let (step, at) = *self.steps.get(step)?;
        Some(Step { due: due(at.offset_ms(&self.longer_ns(customer.keyed()))), ..step })
    }

    /// Appends a request that is sent as it is rendered, of a call that started at `start`.
    pub(super) fn render(
        &self,
        call: u64,
        (step, target, attempt): (usize, usize, u32),
        start: Timestamp,
        into: &mut Vec<u8>,
    ) -> Strikes {
        match self.fitting(call) {
            None => {
                self.planned.render(call, step, target, start, into);
                Strikes::default()
            }
            Some(customer) if self.is_rendered(step) => {
                let mut own = self.call_of(customer, start);
                // Only a signature tells when it is written.
                let written = if self.is_signed { clock::now() } else { start };
                self.strike(&mut own, (step, target, attempt), source::told(start), written, into)
            }
            Some(_) => Strikes::default(),
        }
    }

    /// Whether attempts at the pushes of a step go by what is made here.
    pub(super) fn is_rendered(&self, step: usize) -> bool {
        self.steps.get(step).is_some_and(|(step, _)| step.way != Way::Careful)
    }

    pub(super) fn request(&self, step: usize, target: usize) -> Option<&Request> {
        let targets = self.facts.targets.len();
        let place = step.checked_mul(targets)?.checked_add(target).filter(|_| target < targets)?;
        self.requests.get(place)
    }

    /// Appends any request of a call that started at `start`; it is written at the real time `written`.
    pub(super) fn write(
        &self,
        call: &mut Call<'_>,
        step: usize,
        target: usize,
        start: Timestamp,
        written: Timestamp,
        into: &mut Vec<u8>,
    ) {
        let Some(request) = self.request(step, target) else { return };
        if self.is_signed {
            let begin = into.len();
            request.body.write(call, into);
            return self.write_head(call, (step, request), start, written, begin, into);
        }
        request.head.write(call, into);
        if !request.is_framed && request.body.is_empty() {
            return into.extend_from_slice(b"\r\n");
        }
        into.extend_from_slice(CONTENT_LENGTH);
        let at = into.len();
        write_digits(request.body.bytes(), 1, into);
        let end = into.len();
        into.extend_from_slice(b"\r\n\r\n");
        let begin = into.len();
        request.body.write(call, into);
        let bytes = (into.len() - begin) as u64;
        // Mostly it has as many digits as was thought.
        if count_digits(bytes) != end - at {
            into.splice(at..end, vec![b'0'; count_digits(bytes)]);
        }
        fill_digits(bytes, into.get_mut(at..at + count_digits(bytes)).unwrap_or_default());
    }

    /// Puts the head of a request in front of its body, which begins here.
    pub(super) fn write_head(
        &self,
        call: &mut Call<'_>,
        (step, request): (usize, &Request),
        start: Timestamp,
        written: Timestamp,
        begin: usize,
        into: &mut Vec<u8>,
    ) {
        let body = into.get(begin..).unwrap_or_default();
        let bytes = body.len();
        if self.is_signed {
            let due = self.steps.get(step).map_or(0, |(_, at)| call.instant_ms(*at));
            let due = Timestamp::from_millisecond(due).unwrap_or(start);
            let event_id = request.event_id.text(call);
            let signed = Signed {
                method: request.method,
                call: call.number,
                start,
                original: request.original,
                event_id: &event_id,
            };
            let mut url = Cow::Borrowed(&request.url);
            if let Some(query) = &request.query {
                url.to_mut().set_query(Some(&query.text(call)));
            }
            let sent = Sent { url: &url, body, at: self.plan.signing_time(due, written), meant: None };
            call.signature = signature(&self.plan, signed, sent);
        }
        request.head.write(call, into);
        if request.is_framed || bytes > 0 {
            into.extend_from_slice(CONTENT_LENGTH);
            write_digits(bytes as u64, 1, into);
            into.extend_from_slice(b"\r\n");
        }
        into.extend_from_slice(b"\r\n");
        if let Some(written) = into.get_mut(begin..) {
            written.rotate_left(bytes);
        }
    }

    /// The values of a call that its contract can name.
    pub(super) fn known(&self, call: u64, start: Timestamp) -> Option<Known> {
        let named = self.named.as_ref().filter(|_| self.fits(call))?;
        let own = self.call(call, source::told(start));
        let of_call = |Named { fact, leaf, slots }: &Named| (*fact, leaf.copied(&mut of_call(slots, &own)));
        Some(self.plan.to_contract(known_of(&named.iter().map(of_call).collect::<Vec<_>>())))
    }

    /// The full plan of a call.
    pub(super) fn plan(&self, call: u64, start: Timestamp) -> Option<Plan> {
        self.source.plan(call, source::told(start)).ok()
    }
}

/// When something is due that lies so many milliseconds after the start.
fn due(offset_ms: i64) -> Duration {
    Duration::from_millis(u64::try_from(offset_ms).unwrap_or_default())
}
