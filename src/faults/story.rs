//! What becomes of a whole story: the faults that move, repeat and leave out pushes, folded in listed order into the plan of
//! what leaves when. Pure, and the same for every attempt.

use super::event::Place;
use super::{Bent, Draws, Fault, Faults};
use crate::http::Push;
use crate::random::Keyed;
use jiff::Timestamp;
use std::time::Duration;

/// A push of the story as the vendor tells it.
#[derive(Debug, Clone, Copy)]
pub struct Told<'a> {
    /// `vendor:push`.
    pub push: &'a str,
    /// Which push of this name in its call, from 1.
    pub nth: u32,
    /// The number of the call in the run.
    pub call: u64,
    /// When it is due, from the start of the scenario.
    pub offset: Duration,
    /// The same as an instant.
    pub at: Timestamp,
    /// The request.
    pub request: &'a Push,
}

/// Whether a delivery leaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Leaves {
    /// When it is due.
    #[default]
    WhenDue,
    /// Never.
    Never,
    /// So long after its original, which has this number in the plan, was acknowledged; never where it was not.
    OnceAcknowledged {
        /// The number of the original.
        original: u32,
        /// How long after.
        after: Duration,
    },
}

/// What faults have made of a delivery before its first attempt.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Planned {
    /// Which push of its name in its call, from 1: part of the key of its draws, and unlike its number in the plan the
    /// same when another push joins the story.
    pub nth: u32,
    /// The number of the push that it is, or is a copy of, in the plan without faults; 0 where no fault was folded in.
    pub original: u32,
    /// The faults that can bend its attempts, by their place in the list.
    pub hits: Vec<usize>,
    /// By which faults it was repeated, and as which copy; empty for the original.
    pub copies: Vec<(usize, u32)>,
    /// The only target it goes to; every one where none is given.
    pub target: Option<u32>,
    /// Whether it leaves.
    pub leaves: Leaves,
    /// Whether it waits for no other, and no other for it.
    pub is_loose: bool,
    /// What has bent it.
    pub bent: Vec<Bent>,
}

impl Planned {
    /// The copies that faults listed before this one have made: what they share, an attempt bent by this one shares.
    pub(super) fn copies_before(&self, fault: usize) -> &[(usize, u32)] {
        let count = self.copies.iter().take_while(|(index, _)| *index < fault).count();
        &self.copies[..count]
    }
}

/// A delivery to one target, on its way through the list of faults.
#[derive(Debug, Clone, PartialEq)]
pub struct Send {
    /// The place of its push in the story.
    pub told: usize,
    /// When it is due now.
    pub offset: Duration,
    /// Its place among those that are due at the same moment.
    pub rank: (u32, u32),
    /// The request where it is another than the vendor's.
    pub request: Option<Push>,
    /// Everything else.
    pub planned: Planned,
}

/// Folds the faults into the story of one call, for one target of several.
pub fn fold(faults: &Faults, keyed: &Keyed, story: &[Told<'_>], target: u32, targets: u32) -> Vec<Send> {
    let mut sends: Vec<Send> = story.iter().enumerate().map(|(index, told)| Send::of(index, told)).collect();
    for (index, fault, key) in faults.numbered() {
        // Counted over the story, not over what other faults have made of it.
        let counted = fault.counted(story.iter().map(|told| (told.push, told.call)));
        let Some(event) = fault.kind.before_attempts() else {
            sends.iter_mut().filter(|send| counted[send.told]).for_each(|send| send.planned.hits.push(index));
            continue;
        };
        if !fault.only.reaches(target) {
            continue;
        }
        let chosen: Vec<usize> = (0..sends.len())
            .filter(|place| {
                let send = &sends[*place];
                counted[send.told]
                    && send.planned.leaves != Leaves::Never
                    && fault.when.is_within(story[send.told].offset)
                    && draws(keyed, key, &story[send.told], send, index).is_among(fault.when.rate)
            })
            .collect();
        let stream = |place: usize, sends: &[Send], purpose: &str| {
            draws(keyed, key, &story[sends[place].told], &sends[place], index).stream(purpose)
        };
        let before: Vec<(usize, Send)> = chosen.iter().map(|place| (*place, sends[*place].clone())).collect();
        event.bend(&mut sends, &Place { fault, index, story, chosen, target, targets }, &stream);
        before.into_iter().for_each(|(place, before)| sends[place].keep_strikes(before));
    }
    sends.retain(|send| send.planned.target.is_none_or(|only| only == target));
    sends.sort_by_key(|send| (send.offset, send.rank));
    sends
}

impl Fault {
    /// Of each of the pushes of a story, in order and with the number of its call, whether this fault is for it.
    pub fn counted<'a>(&self, story: impl Iterator<Item = (&'a str, u64)>) -> Vec<bool> {
        let mut matched = 0;
        let is_hit = |(push, call): (&str, u64)| {
            let is_match = self.only.takes(push, call);
            matched += u32::from(is_match);
            is_match && self.when.counts(matched)
        };
        story.map(is_hit).collect()
    }
}

fn draws<'a>(keyed: &'a Keyed, fault: &'a str, told: &Told<'a>, send: &'a Send, index: usize) -> Draws<'a> {
    let copies = send.planned.copies_before(index);
    Draws { keyed, fault, push: told.push, nth: told.nth, copies, attempt: 0 }
}

impl Send {
    fn of(index: usize, told: &Told<'_>) -> Self {
        Self {
            told: index,
            offset: told.offset,
            rank: (u32::try_from(index).unwrap_or(u32::MAX), 0),
            request: None,
            planned: Planned { nth: told.nth, ..Planned::default() },
        }
    }

    /// Notes what a fault has done to it.
    pub(super) fn note(&mut self, place: &Place<'_>, evidence: impl Into<String>) {
        self.planned.bent.push(Bent::listed(place.index, place.fault, evidence.into()));
    }

    /// Takes back what a fault has noted of it where it is otherwise as it was.
    fn keep_strikes(&mut self, before: Send) {
        let noted = std::mem::replace(&mut self.planned.bent, before.planned.bent.clone());
        if *self != before {
            self.planned.bent = noted;
        }
    }

    /// Another one of the same, made by the fault at `index`, as copy number `copy`.
    pub(super) fn copy(&self, index: usize, copy: u32) -> Self {
        let mut other = self.clone();
        other.planned.copies.push((index, copy));
        other.planned.is_loose = true;
        other.rank.1 = other.rank.1.saturating_mul(16).saturating_add(copy);
        other
    }
}
