//! What a reader of the verdict on a load must know besides: what was not judged, and how far the load generator was late.

use super::asked::{FaultAsked, LoadAsked, NotJudged, NotJudgedKind};
use super::expectations::ExpectationFigures;
use super::figures::{Figures, KindFigures};
use super::lag::{BEHIND, OwnLag};
use super::summary::{JudgedThreshold, Part, Stands};
use super::threshold::length;
use std::time::Duration;

/// How many expectations and probes one sentence names.
const NAMED_MAX: usize = 5;

/// What a load does not judge of its scenarios: how much of it, and where it stands.
pub fn not_judged(asked: &LoadAsked) -> Option<String> {
    let all = &asked.not_judged;
    let count = |kind, one: &str| match all.iter().filter(|each| each.kind == kind).count() {
        0 => None,
        1 => Some(format!("1 {one}")),
        count => Some(format!("{count} {one}s")),
    };
    let counts = [count(NotJudgedKind::Expectation, "expectation"), count(NotJudgedKind::Probe, "probe")];
    let counts = counts.into_iter().flatten().collect::<Vec<_>>();
    if counts.is_empty() {
        return None;
    }
    let named = all.iter().take(NAMED_MAX).map(|NotJudged { text, place, .. }| format!("{place} ({text})"));
    let named = named.collect::<Vec<_>>().join(", ");
    let more = match all.len().saturating_sub(NAMED_MAX) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    let is = if all.len() == 1 { "is" } else { "are" };
    Some(format!("{} {is} not judged under load, only by `ringback run`: {named}{more}.", counts.join(" and ")))
}

/// The expectations that did not hold, a sentence each.
pub(super) fn broken(figures: &Figures) -> Vec<String> {
    let broken = figures.expectations.iter().filter(|one| one.failed > 0);
    broken
        .map(|ExpectationFigures { text, place, judged, failed, findings, .. }| {
            let example = findings.iter().flat_map(|found| &found.examples).next();
            let example = example.map(|example| format!(", as in call {}: {}", example.call, example.message));
            format!("Broken `{text}` ({place}): {failed} of {judged}{}.", example.unwrap_or_default())
        })
        .collect()
}

/// The expectations that were never judged, a sentence each.
pub(super) fn never_judged(figures: &Figures) -> impl Iterator<Item = String> {
    let those = figures.expectations.iter().filter(|one| one.judged == 0);
    those.map(|ExpectationFigures { text, place, .. }| format!("The expectation `{text}` ({place}) was never judged."))
}

/// The faults that struck nothing and should have, a sentence each.
pub(super) fn never_struck(asked: &LoadAsked, figures: &Figures) -> impl Iterator<Item = String> {
    unstruck(asked, figures, false)
        .map(|fault| format!("The fault `{}` ({}) struck nothing.", fault.fault, fault.place))
}

/// The faults that struck nothing, as they may, in one sentence.
pub(super) fn idle(asked: &LoadAsked, figures: &Figures) -> Option<String> {
    let idle = unstruck(asked, figures, true).map(|fault| format!("{} ({})", fault.fault, fault.place));
    let idle: Vec<String> = idle.collect();
    (!idle.is_empty()).then(|| format!("idle faults: {}", idle.join(", ")))
}

fn unstruck<'a>(asked: &'a LoadAsked, figures: &Figures, may_idle: bool) -> impl Iterator<Item = &'a FaultAsked> {
    asked.faults.iter().filter(move |fault| fault.may_idle == may_idle && !figures.strikes.contains_key(&fault.key))
}

/// The thresholds that had no sample, a sentence each.
pub(super) fn without_sample(thresholds: &[JudgedThreshold]) -> impl Iterator<Item = String> {
    let those = thresholds.iter().filter(|threshold| threshold.stands() == Stands::NotJudged);
    those.map(|JudgedThreshold { text, place, told, .. }| {
        format!("The threshold `{text}` ({place}) is not judged: {told}.")
    })
}

/// Why a load in which no push was settled says nothing of the receiver, and what to do.
pub(super) fn nothing_to_judge(total: &KindFigures, calls: u64) -> String {
    let KindFigures { planned, held, held_by_end, excused, .. } = total;
    let held = (*held > 0).then(|| format!("{held} held back ({held_by_end} by the end of the run)"));
    let lost = (*excused > 0).then(|| format!("{excused} lost to their own faults"));
    let (why, advice) = match (calls, *planned) {
        (0, 0) => ("no call has started".to_owned(), "Give the load a longer --for, or a higher --rate"),
        (_, 0) => {
            ("faults kept every push from leaving".to_owned(), "To have some settled, let faults strike fewer of them")
        }
        _ => (
            format!(
                "{planned} pushes planned, and {}",
                held.iter().chain(&lost).cloned().collect::<Vec<_>>().join(" and ")
            ),
            match lost {
                Some(_) => "To have some settled, let faults strike fewer of them",
                None => "To have some settled, give them more time by --linger or a faster --pace",
            },
        ),
    };
    format!("There is nothing to judge: {why}. {advice}.")
}

/// That the load generator fell behind its own schedule, by how much and in which shards, and what follows for the thresholds. It
/// is said once, here.
pub(super) fn behind(
    lag: OwnLag<'_>,
    parts: &[Part],
    thresholds: &[JudgedThreshold],
    of: u32,
    limit: Duration,
) -> String {
    let counts = |part: &&Part| !lag.is_over() || u128::from(part.lag.p99_us) > limit.as_micros();
    let those: Vec<&Part> = parts.iter().filter(counts).collect();
    let most = |time: fn(&Part) -> u64| {
        length(Duration::from_micros(those.iter().map(|part| time(part)).max().unwrap_or_default()))
    };
    let limit = match lag.is_over() {
        true => format!("; the limit of the p99 is {} (--lag-limit)", length(limit)),
        false => String::new(),
    };
    let mut text = format!(
        "{BEHIND}{}: its lag has a p99 of {} and a max of {}{limit}. {}",
        in_shards(&those, of),
        most(|part| part.lag.p99_us),
        most(|part| part.lag.max_us),
        consequence(thresholds)
    );
    text.get_mut(..1).into_iter().for_each(str::make_ascii_uppercase);
    text
}

/// ` in shards 2, 5`; nothing where there is but one.
pub(super) fn in_shards(parts: &[&Part], of: u32) -> String {
    let numbers: Vec<String> = parts.iter().map(|part| part.shard.to_string()).collect();
    match numbers.as_slice() {
        _ if of == 1 => String::new(),
        [one] => format!(" in shard {one}"),
        many => format!(" in shards {}", many.join(", ")),
    }
}

/// What follows from the lag for the thresholds.
fn consequence(thresholds: &[JudgedThreshold]) -> String {
    let depending: Vec<String> = thresholds
        .iter()
        .filter_map(|JudgedThreshold { text, measured, without_lag, .. }| {
            Some(format!("{text} (measured {measured}, without the lag {})", without_lag.as_ref()?))
        })
        .collect();
    match (thresholds.is_empty(), depending.is_empty()) {
        (true, _) => "The merge of all shards is judged with it and without it.".to_owned(),
        (false, true) => "Every threshold is judged alike without it.".to_owned(),
        (false, false) => format!("It makes a difference to {}.", depending.join(", ")),
    }
}
