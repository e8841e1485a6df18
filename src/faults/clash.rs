//! Finds faults that contradict each other: one undoes another, or leaves it nothing to bend. Pure.

use super::event::Event;
use super::http::Http;
use super::{Fault, Kind};

/// Two faults of which one has no effect because of the other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clash {
    /// The place in the list of the one that is listed first.
    pub first: usize,
    /// The place of the other.
    pub second: usize,
    /// What is wrong, as a sentence without its full stop.
    pub reason: String,
    /// What to do.
    pub help: String,
}

/// In which order the faults of a body can work: what comes later leaves nothing to bend for what comes earlier.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Stage {
    /// It needs the fields.
    Fields,
    /// It needs the whole text, and leaves no fields.
    Text,
    /// It leaves nothing.
    Nothing,
}

/// Every contradiction, in listed order. `pushes` are the names of all pushes that there are.
pub fn clashes(faults: &[&Fault], pushes: &[String]) -> Vec<Clash> {
    let mut found = Vec::new();
    for (second, later) in faults.iter().enumerate() {
        for (first, earlier) in faults.iter().enumerate().take(second) {
            if let Some((reason, help)) = clash(earlier, later, pushes) {
                found.push(Clash { first, second, reason, help });
            }
        }
    }
    found
}

fn clash(earlier: &Fault, later: &Fault, pushes: &[String]) -> Option<(String, String)> {
    let (one, other) = (earlier.name(), later.name());
    let apart = || "take one of the two out, or give them different pushes by `push` or `when`".to_owned();
    let is_drop = |fault: &Fault| matches!(fault.kind, Kind::Event(Event::Drop(_)));
    let dropped = |drop: &Fault, with: &Fault| is_drop(drop) && covers(drop, with, pushes);
    if dropped(earlier, later) || (dropped(later, earlier) && !makes_another(earlier)) {
        let bent = if is_drop(earlier) { other } else { one };
        return Some((format!("`drop` never sends what `{bent}` is meant to bend"), apart()));
    }
    let same = || covers(later, earlier, pushes);
    if let (Some(first), Some(second)) = (earlier.fact.stage, later.fact.stage) {
        // A page's sample replaces whatever was done to the body before.
        if matches!(later.kind, Kind::Http(Http::DocLiteral(_))) && same() {
            return Some((
                format!("`doc-literal` replaces the body that `{one}` has bent"),
                format!("list `doc-literal` before `{one}`, or take one of the two out"),
            ));
        }
        if second == Stage::Nothing && same() {
            return Some((format!("`{other}` leaves nothing of what `{one}` has bent"), apart()));
        }
        if first == Stage::Nothing && covers(earlier, later, pushes) {
            return Some((format!("`{one}` leaves nothing for `{other}` to bend"), apart()));
        }
        if first > second && covers(earlier, later, pushes) {
            return Some((
                format!("`{one}` leaves no fields for `{other}` to bend"),
                format!("list `{other}` before `{one}`"),
            ));
        }
    }
    if let (Kind::Connection(first), Kind::Connection(second)) = (&earlier.kind, &later.kind)
        && let Some(contradiction) = first.contradiction(second)
        && (covers(earlier, later, pushes) || same())
    {
        return Some((contradiction.to_string(), apart()));
    }
    // A header that is left out twice is left out.
    let what = earlier.fact.decides.or(later.fact.decides)?;
    if decided(earlier) != decided(later) || earlier.attempts() != later.attempts() || !same() {
        return None;
    }
    Some((
        format!("`{one}` and `{other}` both decide {what} of the same pushes"),
        "keep one of the two, or give them different pushes by `push` or `when`".to_owned(),
    ))
}

/// What of a push a fault settles alone.
fn decided(fault: &Fault) -> Option<&'static str> {
    match &fault.kind {
        Kind::Http(Http::MissingHeader(missing)) if missing.header.eq_ignore_ascii_case("content-type") => {
            Some("the content type")
        }
        _ => fault.fact.decides,
    }
}

/// Whether a fault sends further copies, which a `drop` behind it may then thin out.
fn makes_another(fault: &Fault) -> bool {
    matches!(fault.kind, Kind::Event(Event::Duplicate(_) | Event::DuplicateNewId(_) | Event::StaleRetry(_)))
}

/// Whether `one` bends, for certain, every push and attempt that `other` can bend.
fn covers(one: &Fault, other: &Fault, pushes: &[String]) -> bool {
    let attempts = {
        let ((first, last), (from, to)) = (one.attempts(), other.attempts());
        matches!(one.kind, Kind::Event(Event::Drop(_))) || (first <= from && last >= to)
    };
    let mut when = one.when.clone();
    when.attempts = None;
    let mut theirs = other.when.clone();
    theirs.attempts = None;
    attempts
        && (when.is_always() || (when == theirs && when.rate.is_none() && one.only.push == other.only.push))
        && (one.only.call.is_none() || one.only.call == other.only.call)
        && (one.only.target.is_none() || one.only.target == other.only.target)
        && pushes.iter().all(|push| {
            let call = other.only.call.unwrap_or(1);
            !other.only.takes(push, call) || one.only.takes(push, call)
        })
}
