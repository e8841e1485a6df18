//! Compiles a story: plans its archetypes, each at several starts, and finds in their requests what moves with the start and
//! what is a call's own. What it finds is proven here at a further start before anything is sent.

use super::compiled::{Archetype, Changing, Compiled, Fresh, Id, Request};
use super::draft::{Draft, DraftRequest, PHONE_DIGITS, STARTS, draft};
use super::facts::Facts;
use super::families::Families;
use super::own::{Is, Own, Value};
use super::slots::{Growth, Moment, Slot};
use super::source::{self, Grain, Source};
use super::tokens::Shape;
use super::words::is_version_4;
use super::{ARCHETYPES_MIN, Room, phones};
use crate::plan::Plan;
use crate::random::Stream;
use jiff::Timestamp;
use std::collections::HashMap;

/// A third start, in milliseconds, at which what was found is proven: a midnight lies not far behind it. 2031-12-31
/// 23:58:47.373 in Beijing.
const PROOF_MS: i64 = 1_956_499_127_373;

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
    let mut drafts = vec![draft(source, 1, &mut facts)?];
    let bytes: usize = drafts[0].requests.iter().map(DraftRequest::bytes).sum();
    let fitting = room.bytes_max / bytes.max(1);
    if fitting < ARCHETYPES_MIN {
        return Err(format!(
            "{ARCHETYPES_MIN} of its calls take {} bytes of the {} that it may take",
            bytes * ARCHETYPES_MIN,
            room.bytes_max
        ));
    }
    let count = fitting.min(room.archetypes_max).max(ARCHETYPES_MIN);
    for call in 2..=count as u64 {
        drafts.push(draft(source, call, &mut facts)?);
    }
    let compiled = settle(source, &drafts, facts)?;
    prove(&compiled, source)?;
    Ok(compiled)
}

/// Settles what stands in each slot of each archetype.
fn settle(source: &Source, drafts: &[Draft], facts: Facts) -> Result<Compiled, String> {
    let draw = |what: &str, label: &[u8], n: u64| {
        let purpose = format!("load {} {what} {}", source.vendor.id(), String::from_utf8_lossy(label));
        source.keyed(0).nth(&purpose, n)
    };
    let own = Own::of_all(drafts);
    let families = Families::of(&own);
    let (phones, fresh_phones) = phones::pools(drafts, |area| draw("phone", area, 0));
    let mut safe_ms = safe_starts();
    let mut archetypes = Vec::with_capacity(drafts.len());
    for (number, (draft, (own, phone))) in drafts.iter().zip(own.iter().zip(fresh_phones)).enumerate() {
        let numbered = |value: &Value| match &value.is {
            Is::Number(kind, value) => families.fresh(number, kind, *value),
            Is::Word(..) => None,
        };
        let fresh = fresh_words(own, |label, ordinal| draw("word", label, ordinal));
        let fresh = own.values.iter().zip(fresh).map(|(value, word)| word.or_else(|| numbered(value)));
        let fresh = fresh.collect::<Option<Vec<Fresh>>>().ok_or("it has too many kinds of numbers")?;
        let requests = draft.requests.iter().map(|request| {
            request.slots.iter().for_each(|slot| narrow(&mut safe_ms, slot));
            settled(request, own, fresh.len())
        });
        archetypes.push(Archetype {
            requests: requests.collect::<Option<_>>().ok_or("a request is too long")?,
            steps: draft.steps.as_slice().into(),
            fresh: fresh.iter().copied().chain(phone).collect(),
        });
    }
    let is_fine = drafts.iter().all(|draft| draft.grain == Grain::Millisecond);
    Ok(Compiled {
        source: source.clone(),
        facts,
        grain: if is_fine { Grain::Millisecond } else { Grain::Second },
        archetypes,
        numbers: families.numbers(|label, n| draw("number", label, n)),
        phones,
        base_ms: STARTS[0] * 1000,
        safe_ms,
    })
}

/// How the words among the values of an archetype are made in other calls; `None` for numbers.
fn fresh_words(own: &Own, draw: impl Fn(&[u8], u64) -> Stream) -> Vec<Option<Fresh>> {
    let mut ordinals: HashMap<(&[u8], Shape), u64> = HashMap::new();
    let mut words = Vec::with_capacity(own.values.len());
    for value in &own.values {
        let Is::Word(shape, text) = &value.is else {
            words.push(None);
            continue;
        };
        let ordinal = ordinals.entry((&value.label, *shape)).or_default();
        *ordinal += 1;
        let salt = draw(&value.label, *ordinal).word();
        words.push(Some(match shape {
            Shape::Uuid => Fresh::Uuid { salt },
            Shape::Hex | Shape::HexCapitals | Shape::Digits | Shape::Counter => {
                Fresh::Hex { salt, capitals: *shape == Shape::HexCapitals, is_uuid: is_version_4(text) }
            }
        }));
    }
    words
}

/// A request with its slots; what is fresh goes by its place among the archetype's values, the phone by the one behind them.
fn settled(draft: &DraftRequest, own: &Own, phone: usize) -> Option<Request> {
    let changing = draft.slots.iter().map(|slot| {
        let fresh = match own.slot(slot) {
            Some(place) => Some(u16::try_from(place).ok()?),
            None => None,
        };
        let (at, len) = (u32::try_from(slot.at).ok()?, u16::try_from(slot.len).ok()?);
        Some(Changing { at, len, fresh, moment: slot.moment })
    });
    let id = |at: usize, len: usize, fresh: usize| {
        Some(Id { at: u32::try_from(at).ok()?, len: u16::try_from(len).ok()?, fresh: u16::try_from(fresh).ok()? })
    };
    let tokens = draft.tokens.iter().filter_map(|token| Some((token, own.token(draft, token)?)));
    let tokens = tokens.map(|(token, place)| id(token.at, token.len, place));
    let phones = draft.phones.iter().map(|at| id(*at, PHONE_DIGITS, phone));
    Some(Request {
        bytes: draft.text.as_slice().into(),
        changing: changing.collect::<Option<_>>()?,
        ids: tokens.chain(phones).collect::<Option<_>>()?,
    })
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
                compiled.write((archetype, 0, call), step, place, start, &mut rendered);
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
