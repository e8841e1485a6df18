//! A compiled story: its archetypes as requests with slots, and how a request of any call is written. How they are found
//! stands in `compile`.

use super::facts::Facts;
use super::fresh::Numbers;
use super::phones::Phones;
use super::slots::{Growth, Moment};
use super::source::{self, Grain, Source};
use super::times::{Clock, write_number};
use super::words::{CAPITALS, SMALL, mark_version, write_hex, write_uuid};
use crate::load::calls::{Step, Way};
use crate::plan::Plan;
use bytes::Bytes;
use jiff::Timestamp;

/// A story whose requests are written by copying and filling in.
pub struct Compiled {
    pub(super) source: Source,
    pub(super) facts: Facts,
    pub(super) grain: Grain,
    pub(super) archetypes: Vec<Archetype>,
    pub(super) numbers: Vec<Numbers>,
    pub(super) phones: Vec<Phones>,
    /// The start at which the requests stand, in milliseconds since 1970.
    pub(super) base_ms: i64,
    /// The first and the last start at which everything has the length that it has.
    pub(super) safe_ms: (i64, i64),
}

/// One call that others are made after.
pub(super) struct Archetype {
    pub(super) steps: Box<[Step]>,
    /// Step by step, each for every target.
    pub(super) requests: Box<[Request]>,
    /// What is a call's own.
    pub(super) fresh: Box<[Fresh]>,
}

/// A whole request, as it is at the base start, and where it changes.
pub(super) struct Request {
    pub(super) bytes: Box<[u8]>,
    pub(super) changing: Box<[Changing]>,
    pub(super) ids: Box<[Id]>,
}

/// A place that moves with the start.
pub(super) struct Changing {
    pub(super) at: u32,
    pub(super) len: u16,
    /// What is a call's own in it, below the time.
    pub(super) fresh: Option<u16>,
    pub(super) moment: Moment,
}

/// A place that holds something of a call's own.
pub(super) struct Id {
    pub(super) at: u32,
    pub(super) len: u16,
    pub(super) fresh: u16,
}

/// How something of a call's own is made.
#[derive(Debug, Clone, Copy)]
pub(super) enum Fresh {
    Phone { pool: u16, rank: u32 },
    Number { numbers: u16, rank: u32, plus: u64 },
    Uuid { salt: u64 },
    Hex { salt: u64, capitals: bool, is_uuid: bool },
}

impl Compiled {
    /// How many archetypes there are: calls beyond them are told after one of them.
    pub fn archetypes(&self) -> u64 {
        self.archetypes.len() as u64
    }

    /// How finely its calls tell when they started.
    pub fn grain(&self) -> Grain {
        self.grain
    }

    /// How much memory its requests take.
    pub fn bytes(&self) -> usize {
        let requests = self.archetypes.iter().flat_map(|archetype| &archetype.requests);
        let each = |request: &Request| {
            size_of::<Request>() + request.bytes.len() + size_of_val(&*request.changing) + size_of_val(&*request.ids)
        };
        requests.map(each).sum::<usize>()
            + self
                .archetypes
                .iter()
                .map(|archetype| size_of_val(&*archetype.steps) + size_of_val(&*archetype.fresh))
                .sum::<usize>()
    }

    /// After how many calls an id, or the number of a customer, may come again. Ids with the time in them are left out.
    pub fn calls_until_repeat(&self) -> u64 {
        let numbers = self.numbers.iter().filter(|numbers| !numbers.is_timed).map(Numbers::rounds);
        self.calls(numbers.chain(self.phones.iter().map(Phones::rounds)).min())
    }

    /// How many calls may start in one second before an id with the second in it comes again.
    pub fn calls_in_a_second(&self) -> u64 {
        self.calls(self.numbers.iter().filter(|numbers| numbers.is_timed).map(Numbers::rounds).min())
    }

    fn calls(&self, rounds: Option<u64>) -> u64 {
        rounds.map_or(u64::MAX, |rounds| rounds.saturating_add(1).saturating_mul(self.archetypes()))
    }

    /// The archetype of a call, and how many rounds of archetypes came before it.
    #[inline]
    pub(super) fn archetype(&self, call: u64) -> Option<(&Archetype, u64)> {
        let count = self.archetypes();
        let before = call.checked_sub(1)?;
        Some((self.archetypes.get((before % count) as usize)?, before / count))
    }

    pub(super) fn step(&self, call: u64, step: usize) -> Option<Step> {
        self.archetype(call)?.0.steps.get(step).copied()
    }

    /// Appends a request that is sent as it is rendered, of a call that started at `start`.
    pub(super) fn render(&self, call: u64, step: usize, target: usize, start: Timestamp, into: &mut Vec<u8>) {
        let Some((archetype, round)) = self.archetype(call) else { return };
        if archetype.steps.get(step).is_some_and(|step| step.way == Way::Rendered) {
            self.write((archetype, round, call), step, target, start, into);
        }
    }

    /// Appends any request of a call, of which the archetype is known and how many rounds came before it.
    pub(super) fn write(
        &self,
        (archetype, round, call): (&Archetype, u64, u64),
        step: usize,
        target: usize,
        start: Timestamp,
        into: &mut Vec<u8>,
    ) {
        let start_ms = self.grain.told_ms(start);
        if !(self.safe_ms.0..=self.safe_ms.1).contains(&start_ms) {
            return self.write_in_full(call, step, target, start, into);
        }
        let targets = self.facts.targets.len();
        let place = step.checked_mul(targets).and_then(|first| first.checked_add(target)).filter(|_| target < targets);
        let Some(request) = place.and_then(|place| archetype.requests.get(place)) else { return };
        let begin = into.len();
        into.extend_from_slice(&request.bytes);
        let Some(bytes) = into.get_mut(begin..) else { return };
        let start_second = start_ms.div_euclid(1000);
        let passed_ms = start_ms - self.base_ms;
        let passed_seconds = start_second - self.base_ms.div_euclid(1000);
        let mut clock = Clock::new();
        for Changing { at, len, fresh, moment } in &request.changing {
            let Some(place) = bytes.get_mut(*at as usize..*at as usize + usize::from(*len)) else { continue };
            match moment {
                Moment::Shown { form, offset } => form.write(clock.at(start_second + offset), place),
                Moment::Counted { value, grows } => {
                    let value = match grows {
                        Growth::Second => value.wrapping_add_signed(passed_seconds),
                        Growth::Millisecond(step) => {
                            let own =
                                fresh.filter(|_| round > 0).and_then(|fresh| archetype.fresh.get(usize::from(fresh)));
                            let value = match own.and_then(|fresh| self.number(*fresh, round)) {
                                Some(low) => value - value % step + low,
                                None => *value,
                            };
                            value.wrapping_add_signed(passed_ms.wrapping_mul(*step as i64))
                        }
                    };
                    write_number(value, place);
                }
            }
        }
        if round > 0 {
            for Id { at, len, fresh } in &request.ids {
                let place = bytes.get_mut(*at as usize..*at as usize + usize::from(*len));
                if let (Some(place), Some(fresh)) = (place, archetype.fresh.get(usize::from(*fresh))) {
                    self.write_fresh(*fresh, call, round, place);
                }
            }
        }
    }

    #[inline]
    fn write_fresh(&self, fresh: Fresh, call: u64, round: u64, place: &mut [u8]) {
        match fresh {
            Fresh::Phone { pool, rank } => {
                if let Some(pool) = self.phones.get(usize::from(pool)) {
                    pool.write((round - 1) * pool.per_round + u64::from(rank), place);
                }
            }
            Fresh::Number { .. } => {
                if let Some(number) = self.number(fresh, round) {
                    write_number(number, place);
                }
            }
            Fresh::Uuid { salt } => write_uuid(salt, call, place),
            Fresh::Hex { salt, capitals, is_uuid } => {
                write_hex(salt, call, if capitals { CAPITALS } else { SMALL }, place);
                if is_uuid {
                    mark_version(place);
                }
            }
        }
    }

    #[inline]
    fn number(&self, fresh: Fresh, round: u64) -> Option<u64> {
        let Fresh::Number { numbers, rank, plus } = fresh else { return None };
        let numbers = self.numbers.get(usize::from(numbers))?;
        Some(numbers.nth((round - 1) * numbers.per_round + u64::from(rank)) + plus)
    }

    /// The same from a full plan, for starts so far away that numbers have other lengths then. Ids are the archetype's.
    fn write_in_full(&self, call: u64, step: usize, target: usize, start: Timestamp, into: &mut Vec<u8>) {
        let archetype = call.saturating_sub(1) % self.archetypes() + 1;
        let Ok(plan) = self.source.plan(archetype, self.grain.told(start)) else { return };
        if let (Some(delivery), Some(target)) = (plan.deliveries.get(step), plan.targets.get(target))
            && let Ok(request) = source::request(&plan, delivery, target)
        {
            into.extend_from_slice(&request);
        }
    }

    /// The full plan of a call. Beyond the archetypes it is that of its archetype, with what is the call's own put in.
    pub(super) fn plan(&self, call: u64, start: Timestamp) -> Option<Plan> {
        let (told_after, round) = self.archetype(call)?;
        let archetype = (call - 1) % self.archetypes() + 1;
        let start = self.grain.told(start);
        let mut plan = self.source.plan(archetype, start).ok()?;
        if round == 0 {
            return Some(plan);
        }
        let label = self.source.keyed(call).stream("label").hex(4);
        let (mut before, mut after) = (Vec::new(), Vec::new());
        for (step, delivery) in plan.deliveries.iter_mut().enumerate() {
            delivery.call.clone_from(&label);
            delivery.call_number = call;
            before.clear();
            after.clear();
            self.write((told_after, 0, archetype), step, 0, start, &mut before);
            self.write((told_after, round, call), step, 0, start, &mut after);
            let moved = |text: &[u8]| moved(text, &before, &after);
            let text = |text: &mut String| {
                if let Some(Ok(new)) = moved(text.as_bytes()).map(String::from_utf8) {
                    *text = new;
                }
            };
            let request = &mut delivery.request;
            if let Some(body) = moved(&request.body) {
                request.body = Bytes::from(body);
            }
            text(&mut request.path);
            text(&mut request.query);
            text(&mut request.filed.conversation);
            request.event_id.iter_mut().for_each(text);
            request.headers.iter_mut().for_each(|(_, value)| text(value));
        }
        Some(plan)
    }
}

/// What stands in `after` where a text stands in `before`; `None` where it does not, or is empty.
fn moved(text: &[u8], before: &[u8], after: &[u8]) -> Option<Vec<u8>> {
    if text.is_empty() || text.len() > before.len() {
        return None;
    }
    // From the end: a body lies there, and a short body could occur in the head.
    let at = (0..=before.len() - text.len()).rev().find(|at| before[*at..].starts_with(text))?;
    after.get(at..at + text.len()).map(<[u8]>::to_vec)
}
