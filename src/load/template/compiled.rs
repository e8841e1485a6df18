//! A compiled story: its pushes as texts with places to fill, and how a request of any call is written. How they are made
//! stands in `compile`.

use super::bent::Tree;
use super::course::Call;
use super::facts::Facts;
use super::planned::Planned;
use super::slot::{At, Text};
use super::source::{self, Source};
use crate::body::write_integer;
use crate::call::{Course, Customers};
use crate::clock;
use crate::http::Method;
use crate::load::calls::{Step, Strikes, Way};
use crate::plan::{Plan, Sent, Signed, signature};
use jiff::Timestamp;
use std::borrow::Cow;
use std::time::Duration;
use url::Url;

/// A story whose requests are written by copying and filling in: call `n` is, byte for byte, what is planned for call `n`.
pub struct Compiled {
    pub(super) source: Source,
    pub(super) facts: Facts,
    pub(super) course: Course,
    pub(super) customers: Customers,
    /// The drawn names of agents: a customer who has one of them has the agents drawn anew.
    pub(super) agent_names: Vec<String>,
    /// The same of their numbers.
    pub(super) agent_phones: Vec<String>,
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
    /// For calls that are not as the others are.
    pub(super) planned: Planned,
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
        let longest = self.course.longest();
        let due = |(_, At { mark, after_ms }): &(Step, At)| {
            let happened = i64::try_from(self.course.offset(*mark, &longest).as_millis()).unwrap_or(i64::MAX);
            Duration::from_millis(u64::try_from(happened.saturating_add(*after_ms)).unwrap_or_default())
        };
        self.steps.iter().map(due).max().unwrap_or_default()
    }

    /// Whether a call is as all others are: its pushes in the same order, its agents the same.
    pub(super) fn fits(&self, call: u64) -> bool {
        self.fitting(call, Timestamp::UNIX_EPOCH).is_some()
    }

    /// A call that is as all others are.
    fn fitting(&self, call: u64, start: Timestamp) -> Option<Call<'_>> {
        if call == 0 || self.customers.shares(call, &self.agent_names, &self.agent_phones) {
            return None;
        }
        let own = self.call(call, start);
        let due = |step: &(Step, At)| (own.offset_ms(step.1), step.0.due);
        // What falls due at the same moment keeps an order of its own.
        let keeps =
            |[before, after]: [(i64, Duration); 2]| before.0 < after.0 || before.0 == after.0 && before.1 == after.1;
        let in_order =
            self.course.is_fixed() || self.steps.windows(2).all(|pair| keeps([due(&pair[0]), due(&pair[1])]));
        in_order.then_some(own)
    }

    pub(super) fn call(&self, call: u64, start: Timestamp) -> Call<'_> {
        Call::new(&self.source, &self.course, &self.customers, call, source::told(start))
    }

    /// How many pushes a call has.
    pub(super) fn count(&self, call: u64) -> usize {
        if self.fits(call) { self.steps.len() } else { self.planned.steps(call) }
    }

    pub(super) fn step(&self, call: u64, step: usize) -> Option<Step> {
        let Some(own) = self.fitting(call, Timestamp::UNIX_EPOCH) else { return self.planned.step(call, step) };
        let (step, at) = *self.steps.get(step)?;
        if self.course.is_fixed() {
            return Some(step);
        }
        let due = own.offset_ms(at);
        Some(Step { due: Duration::from_millis(u64::try_from(due).unwrap_or_default()), ..step })
    }

    /// Appends a request that is sent as it is rendered, of a call that started at `start`.
    pub(super) fn render(
        &self,
        call: u64,
        (step, target, attempt): (usize, usize, u32),
        start: Timestamp,
        into: &mut Vec<u8>,
    ) -> Strikes {
        match self.fitting(call, start) {
            None => {
                self.planned.render(call, step, target, start, into);
                Strikes::default()
            }
            Some(mut own) if self.is_rendered(step) => {
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
        let begin = into.len();
        request.body.write(call, into);
        self.write_head(call, (step, request), start, written, begin, into);
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
            into.extend_from_slice(b"Content-Length: ");
            write_integer(bytes as i64, into);
            into.extend_from_slice(b"\r\n");
        }
        into.extend_from_slice(b"\r\n");
        if let Some(written) = into.get_mut(begin..) {
            written.rotate_left(bytes);
        }
    }

    /// The full plan of a call.
    pub(super) fn plan(&self, call: u64, start: Timestamp) -> Option<Plan> {
        self.source.plan(call, source::told(start)).ok()
    }
}
