//! Compiles a story: plans its archetypes, each at several starts, and finds in their requests what moves with the start and
//! what is a call's own. What it finds is proven here at a further start before anything is sent.

use super::compiled::{Archetype, Changing, Compiled, Fresh, Id, Request};
use super::facts::Facts;
use super::fresh::{self, Numbers, Phones};
use super::slots::{self, Growth, Moment, Slot};
use super::source::{self, Grain, Source};
use super::times::Form;
use super::tokens::{self, Shape, Token};
use super::{ARCHETYPES_MIN, Room};
use crate::call::{Area, Cast, Step as ScriptStep};
use crate::load::calls::Step;
use crate::plan::Plan;
use jiff::Timestamp;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Two starts at which archetypes are compared, in seconds since 1970: every part of a date and of a clock differs, and no
/// number of a vendor has another count of digits. 2026-01-15 09:30:00 and 2027-04-03 14:47:43 in Beijing.
const STARTS: [i64; 2] = [1_768_440_600, 1_806_734_863];
/// A third start, in milliseconds, at which what was found is proven: a midnight lies not far behind it. 2031-12-31
/// 23:58:47.373 in Beijing.
const PROOF_MS: i64 = 1_956_499_127_373;
/// A midnight in Beijing, in seconds since 1970, by which moments of days are found: 2026-06-01.
const MIDNIGHT: i64 = 1_780_243_200;
/// Numbers of one call that are no farther apart belong together, such as the ids of its legs.
const FAMILY_GAP_MAX: u64 = 100;

/// One archetype, as far as it is known from itself alone.
struct Draft {
    steps: Vec<Step>,
    requests: Vec<DraftRequest>,
    grain: Grain,
    phone: Option<(String, &'static Area)>,
    people: Vec<String>,
}

struct DraftRequest {
    text: Vec<u8>,
    slots: Vec<Slot>,
    phones: Vec<usize>,
    tokens: Vec<Token>,
}

/// Compiles a story, of which call 1 has this plan.
///
/// # Errors
/// Why it cannot be compiled, as half a sentence.
pub(super) fn compile(source: &Source, first: &Plan, room: Room) -> Result<Compiled, String> {
    if first.sign.is_some() {
        return Err("every push is signed over its body".to_owned());
    }
    if !first.faults.is_empty() {
        return Err("faults are drawn for every call".to_owned());
    }
    let mut facts = Facts::new(first);
    let draft = draft(source, 1, &mut facts)?;
    let bytes: usize = draft.requests.iter().map(DraftRequest::bytes).sum();
    let fitting = room.bytes_max / bytes.max(1);
    if fitting < ARCHETYPES_MIN {
        return Err(format!(
            "{ARCHETYPES_MIN} of its calls take {} bytes of the {} that it may take",
            bytes * ARCHETYPES_MIN,
            room.bytes_max
        ));
    }
    let count = fitting.min(room.archetypes_max).max(ARCHETYPES_MIN);
    let mut drafts = vec![draft];
    for call in 2..=count as u64 {
        drafts.push(self::draft(source, call, &mut facts)?);
    }
    let grain =
        if drafts.iter().all(|draft| draft.grain == Grain::Millisecond) { Grain::Millisecond } else { Grain::Second };
    let compiled = Kinds::new(&drafts).settle(source, drafts, facts, grain)?;
    prove(&compiled, source)?;
    Ok(compiled)
}

impl DraftRequest {
    fn bytes(&self) -> usize {
        let ids = self.phones.len() + self.tokens.len();
        self.text.len() + self.slots.len() * size_of::<Changing>() + ids * size_of::<Id>() + size_of::<Request>()
    }
}

/// Plans one call at both starts and compares its requests.
fn draft(source: &Source, call: u64, facts: &mut Facts) -> Result<Draft, String> {
    let at = |second: i64| {
        let start = Timestamp::from_second(second).unwrap_or(Timestamp::UNIX_EPOCH);
        source.plan(call, start).map_err(|problem| problem.to_string())
    };
    let plans = [at(STARTS[0])?, at(STARTS[1])?];
    let [first, second] = &plans;
    let offsets = |plan: &Plan| plan.deliveries.iter().map(|delivery| delivery.offset).collect::<Vec<_>>();
    if offsets(first) != offsets(second) || first.targets != second.targets {
        return Err("what it sends depends on when it starts".to_owned());
    }
    let recorded = source.scenario.script.contains(&ScriptStep::Record);
    let cast = Cast::draw(&source.scenario.cast, first.start, source.keyed(call), recorded);
    let phone = drawn_phone(source, &cast);
    let mut requests = Vec::new();
    for (delivery, later) in first.deliveries.iter().zip(&second.deliveries) {
        for target in &first.targets {
            let text = source::request(first, delivery, target)?;
            let moved = source::request(second, later, target)?;
            let slots = slots::find(&text, &moved, STARTS)
                .map_err(|slots::Unexplained(what)| format!("in {} {what}", delivery.push))?;
            let phones = phone.as_ref().map_or_else(Vec::new, |(phone, _)| places(&text, phone.as_bytes(), &slots));
            let taken: Vec<(usize, usize)> =
                phones.iter().map(|at| (*at, phone.as_ref().map_or(0, |(phone, _)| phone.len()))).collect();
            let tokens = tokens::find(&text, &slots, &taken);
            requests.push(DraftRequest { text, slots, phones, tokens });
        }
    }
    settle_days(source, call, first.targets.len(), &mut requests)?;
    let people = cast.agents.iter().map(|agent| agent.phone.clone());
    let people =
        people.chain(cast.outsiders.iter().map(|outsider| outsider.phone.clone())).chain([cast.line.clone()]).collect();
    let steps = first.deliveries.iter().map(|delivery| facts.step(first, delivery)).collect();
    Ok(Draft { steps, requests, grain: source.grain(call, first), phone, people })
}

/// The customer's number with its area, where each call draws its own.
fn drawn_phone(source: &Source, cast: &Cast) -> Option<(String, &'static Area)> {
    let phone = &cast.customer.phone;
    let area = Area::of_number(phone).filter(|_| source.scenario.cast.customer.phone.is_none())?;
    let is_mobile = area.mobile_prefixes.iter().any(|prefix| phone.starts_with(prefix));
    (is_mobile && phone.len() == 11).then(|| (phone.clone(), area))
}

/// Where a text stands, outside of the slots.
fn places(text: &[u8], wanted: &[u8], slots: &[Slot]) -> Vec<usize> {
    let mut places = Vec::new();
    let mut at = 0;
    while at + wanted.len() <= text.len() {
        let free = |slot: &Slot| slot.at >= at + wanted.len() || slot.at + slot.len <= at;
        if &text[at..at + wanted.len()] == wanted && slots.iter().all(free) {
            places.push(at);
            at += wanted.len();
        } else {
            at += 1;
        }
    }
    places
}

/// Finds the moments of days that are written without a time: another moment of the same request, which is tried just
/// before and at midnight.
fn settle_days(source: &Source, call: u64, targets: usize, requests: &mut [DraftRequest]) -> Result<(), String> {
    for (place, request) in requests.iter_mut().enumerate() {
        let known: Vec<(usize, i64)> =
            request.slots.iter().filter_map(|slot| Some((slot.at, seconds(slot)?))).collect();
        for slot in &mut request.slots {
            let (at, Moment::Shown { form, offset }) = (slot.at, &mut slot.moment) else { continue };
            if !form.is_day() {
                continue;
            }
            let mut near = known.clone();
            // Mostly the same moment follows in full.
            near.sort_by_key(|(other, _)| (*other < at, other.abs_diff(at)));
            let mut tried = BTreeSet::new();
            let mut found = None;
            for (_, offset) in near {
                if tried.insert(offset)
                    && turns(source, call, (place / targets.max(1), place % targets.max(1)), (at, *form), offset)?
                {
                    found = Some(offset);
                    break;
                }
            }
            *offset = found.ok_or_else(|| "a day is told, and no moment that it is the day of".to_owned())?;
        }
    }
    Ok(())
}

/// The offset of a slot in whole seconds; `None` of a day, and of what is no plain moment.
fn seconds(slot: &Slot) -> Option<i64> {
    match slot.moment {
        Moment::Shown { form, .. } if form.is_day() => None,
        Moment::Shown { offset, .. } => Some(offset),
        Moment::Counted { value, grows: Growth::Second } => Some(i64::try_from(value).ok()? - STARTS[0]),
        Moment::Counted { value, grows: Growth::Millisecond(1) } => {
            Some(i64::try_from(value).ok()?.div_euclid(1000) - STARTS[0])
        }
        Moment::Counted { .. } => None,
    }
}

/// Whether a written day turns exactly when the moment at this offset does.
fn turns(
    source: &Source,
    call: u64,
    (step, target): (usize, usize),
    (at, form): (usize, Form),
    offset: i64,
) -> Result<bool, String> {
    let day = |second: i64| -> Result<Option<i64>, String> {
        let start = Timestamp::from_second(second).unwrap_or(Timestamp::UNIX_EPOCH);
        let plan = source.plan(call, start).map_err(|problem| problem.to_string())?;
        let (Some(delivery), Some(target)) = (plan.deliveries.get(step), plan.targets.get(target)) else {
            return Ok(None);
        };
        let text = source::request(&plan, delivery, target)?;
        Ok(text.get(at..).and_then(|text| form.read(text)))
    };
    Ok(day(MIDNIGHT - offset)? == Some(MIDNIGHT) && day(MIDNIGHT - offset - 1)? == Some(MIDNIGHT - 24 * 60 * 60))
}

/// What a fresh number stands in for.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Kind {
    /// The key under which it is met first.
    label: Vec<u8>,
    /// From which number on, and how many: numbers of one length, or the part of an id below its time.
    range: (u64, u64),
    /// Whether the time stands beside it, so that it tells only calls of one moment apart.
    is_timed: bool,
}

/// Every kind of number, and what the archetypes have of it.
struct Kinds {
    /// Values that most calls have: they belong to the centre.
    common: HashMap<Vec<u8>, usize>,
    common_from: usize,
}

/// A value of one call that is to be fresh in others.
struct Value {
    label: Vec<u8>,
    is: Is,
}

enum Is {
    Number { range: (u64, u64), value: u64, is_timed: bool },
    Word(Shape, Vec<u8>),
}

/// By what the same value is known again within a call.
#[derive(PartialEq, Eq, Hash)]
enum Key {
    Text(Shape, Vec<u8>),
    Low(u64),
}

impl Kinds {
    fn new(drafts: &[Draft]) -> Self {
        let mut common: HashMap<Vec<u8>, usize> = HashMap::new();
        for draft in drafts {
            let texts: BTreeSet<&[u8]> = draft.requests.iter().flat_map(DraftRequest::texts).collect();
            for text in texts {
                *common.entry(text.to_vec()).or_default() += 1;
            }
        }
        Self { common, common_from: (drafts.len() / 8).max(3) }
    }

    /// Settles what stands in each slot of each archetype.
    fn settle(self, source: &Source, drafts: Vec<Draft>, facts: Facts, grain: Grain) -> Result<Compiled, String> {
        // What each archetype has of its own, in the order in which it is met.
        let own: Vec<(Vec<Value>, HashMap<Key, usize>)> = drafts.iter().map(|draft| self.own(draft)).collect();

        // Families of close numbers, by kind: the archetype, the lowest number and the highest.
        let mut families: BTreeMap<Kind, Vec<(usize, u64, u64)>> = BTreeMap::new();
        for (archetype, (values, _)) in own.iter().enumerate() {
            let mut numbers: BTreeMap<Kind, BTreeSet<u64>> = BTreeMap::new();
            for value in values {
                if let Is::Number { range, value: number, is_timed } = value.is {
                    let kind = Kind { label: value.label.clone(), range, is_timed };
                    numbers.entry(kind).or_default().insert(number);
                }
            }
            for (kind, numbers) in numbers {
                let all = families.entry(kind).or_default();
                let first = all.len();
                for number in numbers {
                    match all[first..].last_mut() {
                        Some((_, _, highest)) if number - *highest <= FAMILY_GAP_MAX => *highest = number,
                        _ => all.push((archetype, number, number)),
                    }
                }
            }
        }
        let draw = |what: &str, label: &[u8], n: u64| {
            let purpose = format!("load {} {what} {}", source.vendor.id(), String::from_utf8_lossy(label));
            source.keyed(0).nth(&purpose, n)
        };
        let numbers: Vec<Numbers> = families
            .iter()
            .map(|(kind, all)| {
                let width = all.iter().map(|(_, lowest, highest)| highest - lowest + 1).max().unwrap_or(1);
                let lowest: Vec<u64> = all.iter().map(|(_, lowest, _)| *lowest).collect();
                Numbers::new(
                    (kind.range, kind.is_timed),
                    width,
                    all.len() as u64,
                    &lowest,
                    &mut draw("number", &kind.label, kind.range.0),
                )
            })
            .collect();
        let family = |archetype: usize, kind: &Kind, number: u64| {
            let at = families.keys().position(|known| known == kind)?;
            let all = families.get(kind)?;
            let rank = all
                .iter()
                .position(|(of, lowest, highest)| *of == archetype && (*lowest..=*highest).contains(&number))?;
            Some(Fresh::Number {
                numbers: u16::try_from(at).ok()?,
                rank: u32::try_from(rank).ok()?,
                plus: number - all[rank].1,
            })
        };

        let (phones, phone_ranks) = phones(&drafts, |area, n| draw("phone", area.as_bytes(), n));
        let mut archetypes = Vec::with_capacity(drafts.len());
        let mut safe = safe_starts();
        for (archetype, (draft, (values, keys))) in drafts.into_iter().zip(&own).enumerate() {
            let mut ordinals: HashMap<(&[u8], Shape), u64> = HashMap::new();
            let mut fresh: Vec<Fresh> = Vec::with_capacity(values.len() + 1);
            for value in values {
                fresh.push(match &value.is {
                    Is::Number { range, value: number, is_timed } => {
                        let kind = Kind { label: value.label.clone(), range: *range, is_timed: *is_timed };
                        family(archetype, &kind, *number).ok_or("it has too many kinds of numbers")?
                    }
                    Is::Word(shape, text) => {
                        let ordinal = ordinals.entry((&value.label, *shape)).or_default();
                        *ordinal += 1;
                        let salt = draw("word", &value.label, *ordinal).word();
                        match shape {
                            Shape::Uuid => Fresh::Uuid { salt },
                            _ => Fresh::Hex {
                                salt,
                                capitals: *shape == Shape::HexCapitals,
                                is_uuid: fresh::is_version_4(text),
                            },
                        }
                    }
                });
            }
            let phone = u16::try_from(fresh.len()).map_err(|_| "it has too many ids".to_owned())?;
            if let Some((pool, rank)) = phone_ranks[archetype] {
                fresh.push(Fresh::Phone { pool, rank });
            }
            let requests = draft.requests.iter().map(|request| self.request(request, keys, phone, &mut safe));
            archetypes.push(Archetype {
                requests: requests.collect::<Result<_, String>>()?,
                steps: draft.steps.into(),
                fresh: fresh.into(),
            });
        }
        Ok(Compiled {
            source: source.clone(),
            facts,
            grain,
            archetypes,
            numbers,
            phones,
            base_ms: STARTS[0] * 1000,
            safe_ms: safe,
        })
    }

    /// What one archetype has of its own.
    fn own(&self, draft: &Draft) -> (Vec<Value>, HashMap<Key, usize>) {
        let (mut values, mut keys) = (Vec::new(), HashMap::new());
        for request in &draft.requests {
            for token in &request.tokens {
                let text = &request.text[token.at..token.at + token.len];
                let is_person = draft.people.iter().any(|person| person.as_bytes() == text);
                if is_person || self.is_common(text) {
                    continue;
                }
                keys.entry(Key::Text(token.shape, text.to_vec())).or_insert_with(|| {
                    let label = tokens::label(&request.text, token.at).to_vec();
                    let is = match token.shape {
                        Shape::Digits | Shape::Counter => {
                            let (range, value) = number(text);
                            Is::Number { range, value, is_timed: token.shape == Shape::Counter }
                        }
                        Shape::Uuid | Shape::Hex | Shape::HexCapitals => Is::Word(token.shape, text.to_vec()),
                    };
                    values.push(Value { label, is });
                    values.len() - 1
                });
            }
            for slot in &request.slots {
                if let Some((low, step)) = low(slot) {
                    keys.entry(Key::Low(low)).or_insert_with(|| {
                        let label = tokens::label(&request.text, slot.at).to_vec();
                        values.push(Value { label, is: Is::Number { range: (0, step), value: low, is_timed: true } });
                        values.len() - 1
                    });
                }
            }
        }
        (values, keys)
    }

    fn is_common(&self, text: &[u8]) -> bool {
        self.common.get(text).is_some_and(|count| *count >= self.common_from)
    }

    fn request(
        &self,
        draft: &DraftRequest,
        keys: &HashMap<Key, usize>,
        phone: u16,
        safe: &mut (i64, i64),
    ) -> Result<Request, String> {
        let place = |at: usize| u32::try_from(at).map_err(|_| "a request is too long".to_owned());
        let small = |len: usize| u16::try_from(len).map_err(|_| "a request has too much in it".to_owned());
        let mut changing = Vec::with_capacity(draft.slots.len());
        for slot in &draft.slots {
            let fresh = low(slot).and_then(|(low, _)| keys.get(&Key::Low(low)));
            let fresh = fresh.map(|index| small(*index)).transpose()?;
            narrow(safe, slot);
            changing.push(Changing { at: place(slot.at)?, len: small(slot.len)?, fresh, moment: slot.moment });
        }
        let mut ids = Vec::new();
        for token in &draft.tokens {
            let text = &draft.text[token.at..token.at + token.len];
            if let Some(index) = keys.get(&Key::Text(token.shape, text.to_vec())) {
                ids.push(Id { at: place(token.at)?, len: small(token.len)?, fresh: small(*index)? });
            }
        }
        for at in &draft.phones {
            ids.push(Id { at: place(*at)?, len: 11, fresh: phone });
        }
        Ok(Request { bytes: draft.text.as_slice().into(), changing: changing.into(), ids: ids.into() })
    }
}

impl DraftRequest {
    fn texts(&self) -> impl Iterator<Item = &[u8]> {
        self.tokens.iter().map(|token| &self.text[token.at..token.at + token.len])
    }
}

/// The part of an id below the time in it, and how many such parts there are.
fn low(slot: &Slot) -> Option<(u64, u64)> {
    /// From so much growth in a millisecond on, what is below can tell ids apart.
    const PARTS_MIN: u64 = 1000;
    match slot.moment {
        Moment::Counted { value, grows: Growth::Millisecond(step) } if step >= PARTS_MIN => Some((value % step, step)),
        Moment::Counted { .. } | Moment::Shown { .. } => None,
    }
}

/// A number among those of its length. A long one also keeps its first digit, because a receiver may hold it in an integer
/// that its length alone could pass.
fn number(text: &[u8]) -> ((u64, u64), u64) {
    /// The fewest digits of a long one: from here on 32 bits may not hold it.
    const LONG_DIGITS_MIN: usize = 10;
    let value = text.iter().fold(0_u64, |value, digit| value.wrapping_mul(10).wrapping_add(u64::from(digit - b'0')));
    let count = 10_u64.saturating_pow(u32::try_from(text.len().saturating_sub(1)).unwrap_or(u32::MAX));
    let first = text.first().map_or(0, |digit| u64::from(digit - b'0'));
    let range = match first {
        0 => (0, count),
        1.. if text.len() < LONG_DIGITS_MIN => (count, 9 * count),
        first => (first * count, count),
    };
    (range, value)
}

/// The pools that customers' numbers come from, and for each archetype its pool and its place among those of the pool.
fn phones(
    drafts: &[Draft],
    draw: impl Fn(&str, u64) -> crate::random::Stream,
) -> (Vec<Phones>, Vec<Option<(u16, u32)>>) {
    let mut areas: Vec<(&'static Area, u32)> = Vec::new();
    let ranks = drafts
        .iter()
        .map(|draft| {
            let (_, area) = draft.phone.as_ref()?;
            let place = areas.iter().position(|(known, _)| known == area).unwrap_or_else(|| {
                areas.push((area, 0));
                areas.len() - 1
            });
            let rank = areas[place].1;
            areas[place].1 += 1;
            Some((u16::try_from(place).ok()?, rank))
        })
        .collect();
    let people = || {
        drafts.iter().flat_map(|draft| {
            draft.people.iter().map(String::as_str).chain(draft.phone.iter().map(|(phone, _)| phone.as_str()))
        })
    };
    let pools =
        areas.iter().map(|(area, count)| Phones::new(area, u64::from(*count), people(), &mut draw(area.city, 0)));
    (pools.collect(), ranks)
}

/// The starts at which every date has its length, in milliseconds: from 1970 until a year before the last.
fn safe_starts() -> (i64, i64) {
    (0, 253_370_736_000_000)
}

/// Narrows the starts to those at which a number has the digits that it has.
fn narrow(safe: &mut (i64, i64), slot: &Slot) {
    let Moment::Counted { value, grows } = slot.moment else { return };
    let digits = u32::try_from(slot.len).unwrap_or(u32::MAX);
    let lowest = 10_u64.checked_pow(digits.saturating_sub(1)).unwrap_or(u64::MAX);
    let highest = 10_u64.checked_pow(digits).map_or(u64::MAX, |beyond| beyond - 1);
    // One unit is left out at both ends, for what is fresh in a number and for parts of seconds.
    let (down, up) = (value.saturating_sub(lowest), highest.saturating_sub(value));
    let milliseconds = |room: u64| match grows {
        Growth::Second => i64::try_from(room.saturating_sub(1).saturating_mul(1000)).unwrap_or(i64::MAX),
        Growth::Millisecond(step) => i64::try_from((room / step.max(1)).saturating_sub(1)).unwrap_or(i64::MAX),
    };
    let start = STARTS[0] * 1000;
    safe.0 = safe.0.max(start.saturating_sub(milliseconds(down)));
    safe.1 = safe.1.min(start.saturating_add(milliseconds(up)));
}

/// Renders every archetype at a start that has not been looked at, and holds it against its plan.
fn prove(compiled: &Compiled, source: &Source) -> Result<(), String> {
    let start = compiled.grain.told(Timestamp::from_millisecond(PROOF_MS).unwrap_or(Timestamp::UNIX_EPOCH));
    let mut rendered = Vec::new();
    for (call, archetype) in (1..).zip(&compiled.archetypes) {
        let plan = source.plan(call, start).map_err(|problem| problem.to_string())?;
        let same_steps = plan.deliveries.len() == archetype.steps.len();
        for (step, delivery) in plan.deliveries.iter().enumerate() {
            for (place, target) in plan.targets.iter().enumerate() {
                rendered.clear();
                compiled.write(call, step, place, start, &mut rendered);
                if !same_steps || rendered != source::request(&plan, delivery, target)? {
                    return Err(format!(
                        "{} of call {call} is another at another start, in no known way",
                        delivery.push
                    ));
                }
            }
        }
    }
    Ok(())
}
