//! One archetype as far as it is known from itself alone: its requests, what in them moves with the start, and what looks like
//! an id. What becomes of a story is decided in `compile`.

use super::compiled::{Changing, Id, Request};
use super::facts::Facts;
use super::slots::{self, Growth, Moment, Slot};
use super::source::{self, Grain, Source};
use super::times::Form;
use super::tokens::{self, Token};
use crate::call::{Area, Cast, Step as ScriptStep};
use crate::load::calls::Step;
use crate::plan::Plan;
use jiff::Timestamp;
use std::collections::BTreeSet;

/// Two starts at which archetypes are compared, in seconds since 1970: every part of a date and of a clock differs, and no
/// number of a vendor has another count of digits. 2026-01-15 09:30:00 and 2027-04-03 14:47:43 in Beijing.
pub(super) const STARTS: [i64; 2] = [1_768_440_600, 1_806_734_863];
/// How many digits a mobile number has.
pub(super) const PHONE_DIGITS: usize = 11;
/// A midnight in Beijing, in seconds since 1970, by which moments of days are found: 2026-06-01.
const MIDNIGHT: i64 = 1_780_243_200;

/// One archetype, as far as it is known from itself alone.
pub(super) struct Draft {
    pub(super) steps: Vec<Step>,
    pub(super) requests: Vec<DraftRequest>,
    pub(super) grain: Grain,
    pub(super) phone: Option<(String, &'static Area)>,
    pub(super) people: Vec<String>,
}

pub(super) struct DraftRequest {
    pub(super) text: Vec<u8>,
    pub(super) slots: Vec<Slot>,
    pub(super) phones: Vec<usize>,
    pub(super) tokens: Vec<Token>,
}

impl DraftRequest {
    /// How much memory it will take.
    pub(super) fn bytes(&self) -> usize {
        let ids = self.phones.len() + self.tokens.len();
        self.text.len() + self.slots.len() * size_of::<Changing>() + ids * size_of::<Id>() + size_of::<Request>()
    }

    /// What in it looks like an id.
    pub(super) fn texts(&self) -> impl Iterator<Item = &[u8]> {
        self.tokens.iter().map(|token| self.token(token))
    }

    /// The text of a token.
    pub(super) fn token(&self, token: &Token) -> &[u8] {
        self.text.get(token.at..token.at + token.len).unwrap_or_default()
    }
}

/// Plans one call at both starts and compares its requests.
pub(super) fn draft(source: &Source, call: u64, facts: &mut Facts) -> Result<Draft, String> {
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
            let taken: Vec<(usize, usize)> = phones.iter().map(|at| (*at, PHONE_DIGITS)).collect();
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
    (is_mobile && phone.len() == PHONE_DIGITS).then(|| (phone.clone(), area))
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
