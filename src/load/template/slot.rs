//! A text with places that every call fills in its own way: bytes, and between them slots. What a slot is comes from a leaf.

use super::course::Call;
use crate::body::{
    Apart, Clock, Draw, Drawn, Escape, Form, Leaf, Length, Made, Numbers, Recipe, Scope, Shape, Sink, Stamp, Steps,
    Time, Unit, escaped, fill_digits, write_digits, write_integer,
};
use crate::call::{Course, Moment, Part};
use crate::random::{Keyed, Unique};
use jiff::Timestamp;
use std::ops::Range;
use std::time::Duration;

/// The longest value that needs no memory of its own while it is escaped.
const VALUE_BYTES: usize = 64;

/// Bytes, and what stands between them.
#[derive(Debug, Clone, Default)]
pub(super) struct Text {
    bytes: Vec<u8>,
    places: Vec<Place>,
}

#[derive(Debug, Clone)]
struct Place {
    /// How many of the bytes stand before it.
    at: usize,
    /// How many are its own, where these are as many in every call; else it has none.
    room: Option<usize>,
    slot: Slot,
    escapes: Box<[Escape]>,
}

/// What fills a place.
#[derive(Debug, Clone)]
pub(super) enum Slot {
    Time { at: At, before: Option<Made>, form: Form },
    Length { from: At, to: At, unit: Unit },
    Numbers(Numbers),
    Steps(Option<Apart>, Steps),
    Stamp { at: At, stamp: Stamp, lows: Unique },
    Draw(Draw),
    Made(Made),
    Part(Part),
    Signature(usize),
}

/// A moment of any call: so long after a happening.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct At {
    /// When that lies where no wait is longer than need be, in nanoseconds, and which of the drawn waits come before it.
    shortest_ns: i64,
    waits: u64,
    after_ms: i64,
}

impl At {
    /// How long after the start of its call it lies, whose drawn waits are so much longer than need be.
    pub(super) fn offset_ms(self, longer_ns: &[i64]) -> i64 {
        let (mut happened, mut waits) = (self.shortest_ns, self.waits);
        while waits != 0 {
            let longer = longer_ns.get(waits.trailing_zeros() as usize).copied().unwrap_or_default();
            happened = happened.saturating_add(longer);
            waits &= waits - 1;
        }
        (happened / 1_000_000).saturating_add(self.after_ms)
    }

    /// Whether it lies before another one in every call.
    pub(super) fn is_before(self, other: Self) -> bool {
        // Whatever makes it later makes the other one as late; parts of a millisecond may add up to one.
        self.waits & !other.waits == 0 && other.offset_ms(&[]) - self.offset_ms(&[]) > 1
    }
}

/// Where a story lies in one of its calls: what its moments are counted from.
#[derive(Clone, Copy)]
pub(super) struct Origin<'a> {
    pub(super) course: &'a Course,
    /// How much longer than need be its drawn waits are.
    pub(super) longer: &'a [Duration],
    pub(super) start: Timestamp,
    pub(super) keyed: &'a Keyed,
}

impl Origin<'_> {
    /// A moment, counted from its happening.
    pub(super) fn moment(&self, moment: Moment) -> At {
        self.at(moment.mark, milliseconds(moment.offset))
    }

    fn at(&self, mark: u16, offset_ms: i64) -> At {
        let (shortest, waits) = self.course.place(mark);
        let happened = self.course.offset(mark, self.longer);
        At { shortest_ns: nanoseconds(shortest), waits, after_ms: offset_ms - milliseconds(happened) }
    }

    /// Whether the time between two moments is another in another call, or when the call starts within a second.
    fn varies(&self, from: Moment, to: Moment) -> bool {
        let is_whole = |moment: Moment| moment.offset.subsec_nanos() == 0;
        self.course.varies(from.mark, to.mark) || !is_whole(from) || !is_whole(to)
    }
}

/// So many drawn seconds, in milliseconds.
fn seconds_ms(made: Made, keyed: &Keyed) -> i64 {
    i64::try_from(made.number(keyed)).unwrap_or_default().saturating_mul(1000)
}

fn milliseconds(length: Duration) -> i64 {
    i64::try_from(length.as_millis()).unwrap_or(i64::MAX)
}

pub(super) fn nanoseconds(length: Duration) -> i64 {
    i64::try_from(length.as_nanos()).unwrap_or(i64::MAX)
}

impl Text {
    /// Bytes that every call has.
    pub(super) fn fixed(bytes: &[u8]) -> Self {
        Self { bytes: bytes.to_vec(), places: Vec::new() }
    }

    /// A header that signs the request.
    pub(super) fn of_signature(nth: usize) -> Self {
        Self {
            bytes: Vec::new(),
            places: vec![Place { at: 0, room: None, slot: Slot::Signature(nth), escapes: Box::default() }],
        }
    }

    /// A leaf as a text, within other writings.
    pub(super) fn of(leaf: &Leaf, escapes: &[Escape], origin: Origin<'_>) -> Self {
        let mut gathered = Gathered { text: Self::default(), origin };
        leaf.write(escapes, &mut gathered);
        gathered.text
    }

    /// How many bytes it has, without those of places that are not equally long in every call.
    pub(super) fn fixed_bytes(&self) -> usize {
        self.bytes.len()
    }

    /// The same text, then another.
    pub(super) fn then(mut self, other: Text) -> Self {
        let before = self.bytes.len();
        self.bytes.extend(other.bytes);
        self.places.extend(other.places.into_iter().map(|place| Place { at: place.at + before, ..place }));
        self
    }

    /// Whether it is empty in every call.
    pub(super) fn is_empty(&self) -> bool {
        self.bytes.is_empty() && self.places.is_empty()
    }

    /// How many bytes it has nearly.
    pub(super) fn bytes(&self) -> u64 {
        const PLACE_BYTES: usize = 12;
        let places = self.places.iter().filter(|place| place.room.is_none()).count();
        (self.bytes.len() + places * PLACE_BYTES) as u64
    }

    /// How much memory it takes.
    pub(super) fn memory(&self) -> usize {
        self.bytes.len() + self.places.len() * size_of::<Place>()
    }

    /// After how many calls something in it may come again that tells one call from another.
    pub(super) fn calls_until_repeat(&self) -> u64 {
        let of = |place: &Place| match &place.slot {
            Slot::Numbers(numbers) => numbers.calls_until_repeat(),
            Slot::Steps(Some(apart), _) => apart.calls_until_repeat(),
            Slot::Steps(None, _)
            | Slot::Time { .. }
            | Slot::Length { .. }
            | Slot::Stamp { .. }
            | Slot::Draw(_)
            | Slot::Made(_)
            | Slot::Part(_)
            | Slot::Signature(_) => u64::MAX,
        };
        self.places.iter().map(of).min().unwrap_or(u64::MAX)
    }

    /// What it is in a call, where it is text.
    pub(super) fn text(&self, call: &Call<'_>) -> String {
        let mut bytes = Vec::new();
        self.write(call, &mut bytes);
        String::from_utf8(bytes).unwrap_or_default()
    }

    /// Writes it for a call.
    pub(super) fn write(&self, call: &Call<'_>, into: &mut Vec<u8>) {
        self.write_part(0..self.bytes.len(), call, into);
    }

    /// The same of a part: these of its bytes and the places among them, with one at the end and without one at the
    /// beginning, unless that is the beginning of all.
    pub(super) fn write_part(&self, part: Range<usize>, call: &Call<'_>, into: &mut Vec<u8>) {
        let until = |end: usize| self.places.partition_point(|place| place.at <= end);
        let first = if part.start == 0 { 0 } else { until(part.start) };
        let mut places = self.places.get(first..until(part.end)).unwrap_or_default();
        let (mut from, mut clock) = (part.start, call.clock.get());
        loop {
            // What is equally long in every call is copied with all around it, and written over.
            let filled = places.iter().position(|place| place.room.is_none()).unwrap_or(places.len());
            let (filled, rest) = places.split_at(filled);
            let until = rest.first().map_or(part.end, |place| place.at);
            let begin = into.len();
            into.extend_from_slice(self.bytes.get(from..until).unwrap_or_default());
            for Place { at, room, slot, .. } in filled {
                let at = begin + at.saturating_sub(from);
                let room = at..at + room.unwrap_or_default();
                slot.fill(call, &mut clock, into.get_mut(room).unwrap_or_default());
            }
            let Some((Place { slot, escapes, .. }, behind)) = rest.split_first() else { break };
            if escapes.is_empty() {
                slot.write(call, &mut clock, into);
            } else {
                let mut value = Vec::with_capacity(VALUE_BYTES);
                slot.write(call, &mut clock, &mut value);
                escaped(&value, escapes, into);
            }
            (places, from) = (behind, until);
        }
        call.clock.set(clock);
    }
}

impl Slot {
    /// Whether none of these escapes changes what it writes: digits, hyphens and letters stay in all of them, and in JSON so
    /// do times and whatever is drawn for a cast.
    fn is_plain(&self, escapes: &[Escape]) -> bool {
        match self {
            Slot::Time { form: Form::Clock(..), .. } | Slot::Part(_) => {
                escapes.iter().all(|escape| *escape == Escape::Json)
            }
            Slot::Draw(Draw { shape: Shape::Word(words), .. }) => words.iter().all(|word| {
                let mut written = Vec::new();
                escaped(word.as_bytes(), escapes, &mut written);
                written == word.as_bytes()
            }),
            Slot::Signature(_) => false,
            Slot::Time { .. }
            | Slot::Length { .. }
            | Slot::Numbers(_)
            | Slot::Steps(..)
            | Slot::Stamp { .. }
            | Slot::Draw(_)
            | Slot::Made(_) => true,
        }
    }

    /// What a leaf of the first call, which it comes from, is in another.
    pub(super) fn leaf(&self, leaf: &Leaf, call: &Call<'_>) -> Leaf {
        match (self, leaf) {
            (Slot::Time { at, before, .. }, Leaf::Time(time)) => {
                let at = Timestamp::from_millisecond(time_ms(call, *at, *before)).unwrap_or(time.at);
                Leaf::Time(Time { at, ..*time })
            }
            (Slot::Length { from, to, unit }, Leaf::Length(length)) => {
                Leaf::Length(Length { count: count(call, *from, *to, *unit), ..*length })
            }
            (slot, Leaf::Drawn(drawn)) => {
                let mut text = Vec::with_capacity(VALUE_BYTES);
                slot.write(call, &mut Clock::default(), &mut text);
                let text = String::from_utf8(text).unwrap_or_default().into();
                Leaf::Drawn(Drawn { text, is_number: drawn.is_number, scope: drawn.scope })
            }
            (_, leaf) => leaf.clone(),
        }
    }

    /// What it writes, or as much of anything, where that is equally long in every call.
    fn blank(&self) -> Option<Vec<u8>> {
        let zeros = |bytes: usize| vec![b'0'; bytes];
        match self {
            Slot::Time { form, .. } => form.blank().map(<[u8]>::to_vec),
            Slot::Draw(draw) => draw.shape.bytes().map(zeros),
            Slot::Numbers(numbers) => numbers.bytes().map(zeros),
            _ => None,
        }
    }

    /// Writes it over what is blank.
    fn fill(&self, call: &Call<'_>, clock: &mut Clock, blank: &mut [u8]) {
        match self {
            Slot::Time { at, before, form } => form.fill(time_ms(call, *at, *before), clock, blank),
            Slot::Draw(draw) => draw.fill(&call.keyed, blank),
            Slot::Numbers(numbers) => fill_digits(numbers.number(call.number), blank),
            _ => {}
        }
    }

    fn write(&self, call: &Call<'_>, clock: &mut Clock, into: &mut Vec<u8>) {
        match self {
            Slot::Time { at, before, form } => form.write(time_ms(call, *at, *before), clock, into),
            Slot::Length { from, to, unit } => write_integer(count(call, *from, *to, *unit), into),
            Slot::Numbers(numbers) => write_digits(numbers.number(call.number), numbers.digits(), into),
            Slot::Steps(apart, steps) => {
                write_digits(steps.from(apart.map(|apart| apart.number(call.number)), &call.keyed), 1, into);
            }
            Slot::Stamp { at, stamp, lows } => {
                write_digits(stamp.with(lows.of_call(call.number), call.instant_ms(*at)), 1, into);
            }
            Slot::Made(made) => write_digits(made.number(&call.keyed), 1, into),
            Slot::Draw(draw) => draw.write(&call.keyed, into),
            Slot::Signature(nth) => {
                into.extend_from_slice(call.signature.get(*nth).map_or(&[][..], |(_, value)| value.as_bytes()));
            }
            Slot::Part(part) => call.write_part(*part, into),
        }
    }
}

fn time_ms(call: &Call<'_>, at: At, before: Option<Made>) -> i64 {
    call.instant_ms(at) - before.map_or(0, |before| seconds_ms(before, &call.keyed))
}

fn count(call: &Call<'_>, from: At, to: At, unit: Unit) -> i64 {
    let [from, to] = [from, to].map(|at| call.instant_ms(at).div_euclid(1000));
    unit.of_seconds(to - from)
}

/// Gathers a text with its places from the leaves of the first call.
pub(super) struct Gathered<'a> {
    pub(super) text: Text,
    pub(super) origin: Origin<'a>,
}

impl Origin<'_> {
    /// What a leaf of the first call is in any call; none where it is the same in all.
    pub(super) fn slot(self, leaf: &Leaf) -> Option<Slot> {
        let Origin { start, keyed, .. } = self;
        Some(match leaf {
            Leaf::Time(Time { at, mark, before, form, .. }) => {
                let before_ms = before.map_or(0, |before| seconds_ms(before, keyed));
                let offset_ms = at.as_millisecond() + before_ms - start.as_millisecond();
                Slot::Time { at: self.at(*mark, offset_ms), before: *before, form: *form }
            }
            Leaf::Length(Length { from, to, unit, .. }) if self.varies(*from, *to) => {
                Slot::Length { from: self.moment(*from), to: self.moment(*to), unit: *unit }
            }
            Leaf::Drawn(Drawn { scope: Scope::Call(recipe), .. }) => match recipe {
                Recipe::Cast(part) => Slot::Part(*part),
                Recipe::Draw(draw) => draw.numbers(keyed).map_or(Slot::Draw(*draw), Slot::Numbers),
                Recipe::Made(made) => Slot::Made(*made),
                Recipe::Steps(steps) => Slot::Steps(steps.begins(keyed), *steps),
                Recipe::Stamp(stamp) => {
                    Slot::Stamp { at: self.moment(stamp.at), stamp: *stamp, lows: stamp.lows(keyed) }
                }
            },
            _ => return None,
        })
    }
}

impl Sink for Gathered<'_> {
    fn fixed(&mut self, bytes: &[u8]) {
        self.text.bytes.extend_from_slice(bytes);
    }

    fn value(&mut self, leaf: &Leaf, escapes: &[Escape]) {
        match self.origin.slot(leaf) {
            Some(slot) => {
                let at = self.text.bytes.len();
                let escapes: Box<[Escape]> = if slot.is_plain(escapes) { Box::default() } else { escapes.into() };
                let blank = slot.blank().filter(|_| escapes.is_empty());
                let room = blank.as_ref().map(Vec::len);
                self.text.bytes.extend(blank.unwrap_or_default());
                self.text.places.push(Place { at, room, slot, escapes });
            }
            None => escaped(leaf.text().as_bytes(), escapes, &mut self.text.bytes),
        }
    }
}
