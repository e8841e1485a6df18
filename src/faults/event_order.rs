//! Faults that change the order of a story: pushes change places, come late, come at once, or go elsewhere.

use super::event::{Draw, Place, text};
use super::setting::Values;
use super::story::{Leaves, Send};
use crate::http::Glob;
use std::time::Duration;

/// Pushes of a call change places.
#[derive(Debug, Clone, PartialEq)]
pub enum Reorder {
    /// So many in a row are shuffled among themselves.
    Window(usize),
    /// The targeted push comes right before this one.
    Before(Glob),
}

impl Reorder {
    pub(super) fn of(values: &Values) -> Self {
        match values.text("before") {
            Some(before) => Reorder::Before(Glob::new(&before)),
            None => Reorder::Window(values.whole("window").max(2) as usize),
        }
    }

    pub(super) fn bend(&self, sends: &mut [Send], place: &Place<'_>, draw: Draw<'_>) {
        match self {
            Reorder::Window(window) => {
                for block in in_order(sends, &place.chosen).chunks(*window) {
                    shuffle(sends, block, place, draw);
                }
            }
            Reorder::Before(glob) => {
                let is_named = |place_of: &usize| {
                    let send = &sends[*place_of];
                    send.planned.leaves != Leaves::Never && glob.matches(place.story[send.told].push)
                };
                let named =
                    (0..sends.len()).filter(is_named).min_by_key(|named| (sends[*named].offset, sends[*named].rank));
                let Some(named) = named else { return };
                let (told, offset, rank) = (sends[named].told, sends[named].offset, sends[named].rank);
                for chosen in in_order(sends, &place.chosen) {
                    let send = &mut sends[chosen];
                    if (send.offset, send.rank) <= (offset, rank) {
                        continue;
                    }
                    // In front of it, whatever was there: ranks of one story differ in their first part.
                    let earlier = send.offset.saturating_sub(offset);
                    (send.offset, send.rank) = (offset, (rank.0, 0));
                    send.note(place, format!("before {}, {} early", place.story[told].push, text(earlier)));
                    sends[named].rank.1 = rank.1.saturating_add(1);
                }
            }
        }
    }
}

/// Gives each of a block the moment of another. A shuffle that changes nothing is turned by one.
fn shuffle(sends: &mut [Send], block: &[usize], place: &Place<'_>, draw: Draw<'_>) {
    let mut stream = draw(block[0], sends, "shuffle");
    let mut order: Vec<usize> = (0..block.len()).collect();
    for last in (1..order.len()).rev() {
        order.swap(last, stream.below(last as u64 + 1) as usize);
    }
    if order.iter().enumerate().all(|(index, drawn)| index == *drawn) {
        order.rotate_left(1);
    }
    let moments: Vec<_> = block.iter().map(|index| (sends[*index].offset, sends[*index].rank)).collect();
    for (index, drawn) in order.into_iter().enumerate() {
        let send = &mut sends[block[index]];
        (send.offset, send.rank) = moments[drawn];
        send.note(place, format!("number {} of {} where it was number {}", drawn + 1, block.len(), index + 1));
    }
}

/// An earlier push arrives after the last one of its call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LateAfterEnd {
    /// How long after the last one.
    pub after: Duration,
}

impl LateAfterEnd {
    pub(super) fn of(values: &Values) -> Self {
        Self { after: values.length("after") }
    }

    pub(super) fn bend(&self, sends: &mut [Send], place: &Place<'_>, draw: Draw<'_>) {
        let leaving = sends.iter().filter(|send| send.planned.leaves == Leaves::WhenDue);
        let Some(end) = leaving.map(|send| (send.offset, send.rank)).max() else { return };
        let mut earlier = in_order(sends, &place.chosen);
        earlier.retain(|chosen| (sends[*chosen].offset, sends[*chosen].rank) < end);
        let Some(first) = earlier.first() else { return };
        let drawn = earlier[draw(*first, sends, "which").below(earlier.len() as u64) as usize];
        let offset = end.0.saturating_add(self.after);
        let late = offset.saturating_sub(sends[drawn].offset);
        sends[drawn].offset = offset;
        sends[drawn].rank = (u32::MAX, sends[drawn].rank.0);
        sends[drawn].note(place, format!("{} after the last push, {} late", text(self.after), text(late)));
    }
}

/// Pushes are held and then released together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Burst {
    /// How long they are held, from the first one on.
    pub hold: Duration,
}

impl Burst {
    pub(super) fn of(values: &Values) -> Self {
        Self { hold: values.length("hold") }
    }

    pub(super) fn bend(&self, sends: &mut [Send], place: &Place<'_>) {
        let mut release: Option<Duration> = None;
        for chosen in in_order(sends, &place.chosen) {
            let send = &mut sends[chosen];
            let until = match release {
                Some(until) if send.offset <= until => until,
                Some(_) | None => send.offset.saturating_add(self.hold),
            };
            release = Some(until);
            let held = until.saturating_sub(send.offset);
            send.offset = until;
            send.planned.is_loose = true;
            send.note(place, format!("held {}, then released with the others", text(held)));
        }
    }
}

/// Pushes of a call alternate between the targets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SplitStory;

impl SplitStory {
    pub(super) fn bend(&self, sends: &mut [Send], place: &Place<'_>) {
        if place.targets < 2 {
            return;
        }
        for (turn, chosen) in (0u32..).zip(in_order(sends, &place.chosen)) {
            let target = turn % place.targets + 1;
            sends[chosen].planned.target = Some(target);
            sends[chosen].note(place, format!("to target {target} alone"));
        }
    }
}

/// No push leaves for a while; then the backlog does, in the vendor's order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Blackout {
    /// When it begins.
    pub from: Duration,
    /// How long it lasts.
    pub lasts: Duration,
}

impl Blackout {
    pub(super) fn of(values: &Values) -> Self {
        Self { from: values.length("from"), lasts: values.length("for") }
    }

    pub(super) fn bend(&self, sends: &mut [Send], place: &Place<'_>) {
        let end = self.from.saturating_add(self.lasts);
        let mut backlog = in_order(sends, &place.chosen);
        backlog.retain(|chosen| (self.from..end).contains(&sends[*chosen].offset));
        // It keeps its order, ahead of what is due only then.
        for (rank, chosen) in (0u32..).zip(backlog) {
            let send = &mut sends[chosen];
            let held = end.saturating_sub(send.offset);
            (send.offset, send.rank) = (end, (0, rank));
            send.note(place, format!("held {} by a blackout", text(held)));
        }
    }
}

/// The chosen sends in the order in which they leave.
fn in_order(sends: &[Send], chosen: &[usize]) -> Vec<usize> {
    let mut ordered = chosen.to_vec();
    ordered.sort_by_key(|place| (sends[*place].offset, sends[*place].rank));
    ordered
}
