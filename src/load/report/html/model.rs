//! What the page knows of a load, as the values that its script reads. How things went over time is folded in `over_time`.

use super::over_time::OverTime;
use crate::event::{FailureClass, Phase};
use crate::load::LoadSummary;
use crate::load::expectations::ExpectationFigures;
use crate::load::figures::{CallFigures, ConnectionFigures, failure_name};
use crate::load::report::examples;
use crate::load::report::table::DIFFERENCE;
use crate::load::summary::{JudgedThreshold, LoadAsked, Part, PushSummary, Times, Verdict};
use crate::vendors::named::shown;
use serde::Serialize;
use std::collections::BTreeMap;

/// How many kinds of pushes have a row.
const PUSHES_MAX: usize = 200;
/// How many shards have a row.
const PARTS_MAX: usize = 200;
/// How many stories, thresholds, expectations, lines of one, notes and reasons are told.
const LINES_MAX: usize = 50;
/// How much of one text is told.
const TEXT_MAX_CHARS: usize = 500;
/// Of how many kinds a failure names those that it befell.
const KINDS_NAMED_MAX: usize = 5;

/// All that the page draws.
#[derive(Debug, Serialize)]
pub(super) struct Overview {
    pub ringback: String,
    pub verdict: String,
    /// `good`, `warn` or `bad`.
    pub tone: &'static str,
    pub exit: u8,
    pub reasons: Vec<String>,
    pub warnings: Vec<String>,
    pub asked: LoadAsked,
    pub replay: String,
    pub thresholds: Vec<JudgedThreshold>,
    pub expectations: Vec<Expected>,
    pub is_valid: bool,
    pub is_behind: bool,
    pub lag_limit_us: u64,
    pub lag: Times,
    pub parts: Vec<Part>,
    pub shards_of: u32,
    pub missing: Vec<u32>,
    pub began: String,
    pub took_us: u64,
    pub calls: CallFigures,
    pub connections: ConnectionFigures,
    pub total: PushSummary,
    pub pushes: Vec<PushSummary>,
    pub difference: &'static str,
    pub answered: u64,
    pub nacks: u64,
    pub statuses: BTreeMap<u16, u64>,
    pub failures: Vec<Failed>,
    pub over_time: OverTime,
    pub notes: Vec<String>,
    pub left_out: LeftOut,
}

/// Something that is expected, and what became of it.
#[derive(Debug, Serialize)]
pub(super) struct Expected {
    pub text: String,
    pub place: String,
    pub judged: u64,
    pub failed: u64,
    /// The first examples of what did not hold.
    pub lines: Vec<String>,
}

impl Expected {
    fn of(figures: &ExpectationFigures) -> Self {
        let ExpectationFigures { text, place, judged, failed, .. } = figures;
        let lines = examples::full(figures).iter().take(LINES_MAX).map(|line| cut(line)).collect();
        Self { text: cut(text), place: cut(place), judged: *judged, failed: *failed, lines }
    }
}

/// Attempts without an answer, of one class and phase.
#[derive(Debug, Serialize)]
pub(super) struct Failed {
    pub name: String,
    pub told: String,
    pub attempts: u64,
    /// The kinds that it befell most.
    pub kinds: Vec<(String, u64)>,
}

/// What the page does not tell, because there is too much of it.
#[derive(Debug, Default, Serialize)]
pub(super) struct LeftOut {
    pub pushes: usize,
    pub parts: usize,
    pub lines: usize,
}

impl Overview {
    pub fn of(summary: &LoadSummary) -> Self {
        let (figures, word) = (&summary.figures, summary.verdict.word());
        let mut left_out = LeftOut {
            pushes: summary.pushes.len().saturating_sub(PUSHES_MAX),
            parts: summary.parts.len().saturating_sub(PARTS_MAX),
            lines: 0,
        };
        let mut few = |lines: &[String]| {
            left_out.lines += lines.len().saturating_sub(LINES_MAX);
            lines.iter().take(LINES_MAX).map(|line| cut(line)).collect::<Vec<_>>()
        };
        let (reasons, warnings, notes) = (few(&summary.reasons), few(&summary.warnings), few(&figures.notes));
        let mut asked = summary.asked.clone();
        asked.targets = few(&asked.targets);
        left_out.lines += asked.stories.len().saturating_sub(LINES_MAX);
        asked.stories.truncate(LINES_MAX);
        asked.stories.iter_mut().for_each(|story| {
            story.name = cut(&story.name);
            story.made = cut(&story.made);
        });
        left_out.lines += summary.thresholds.len().saturating_sub(LINES_MAX);
        left_out.lines += figures.expectations.len().saturating_sub(LINES_MAX);
        let total = figures.total();
        Self {
            ringback: summary.ringback.clone(),
            verdict: word[..1].to_owned() + &word[1..].to_ascii_lowercase(),
            tone: summary.verdict.tone(),
            exit: summary.exit,
            reasons,
            warnings,
            replay: cut(&summary.replay),
            thresholds: summary.thresholds.iter().take(LINES_MAX).cloned().collect(),
            expectations: figures.expectations.iter().take(LINES_MAX).map(Expected::of).collect(),
            is_valid: summary.verdict != Verdict::Invalid,
            is_behind: summary.is_behind(),
            lag_limit_us: summary.lag_limit_us,
            lag: summary.lag,
            parts: summary.parts.iter().take(PARTS_MAX).cloned().collect(),
            shards_of: figures.shards_of,
            missing: figures.missing(),
            began: figures.began.clone(),
            took_us: u64::try_from(figures.took.as_micros()).unwrap_or(u64::MAX),
            calls: figures.calls,
            connections: figures.connections,
            total: summary.total.clone(),
            pushes: summary.pushes.iter().take(PUSHES_MAX).map(named).collect(),
            difference: DIFFERENCE,
            answered: total.answered,
            nacks: total.nacks,
            failures: failures(summary, &total.failures),
            statuses: total.statuses,
            over_time: OverTime::of(figures),
            notes,
            asked,
            left_out,
        }
    }
}

/// The failures, the most frequent first.
fn failures(summary: &LoadSummary, total: &BTreeMap<String, u64>) -> Vec<Failed> {
    let mut failures: Vec<Failed> = total
        .iter()
        .map(|(name, attempts)| {
            let befell = |(kind, figures): (&String, &crate::load::KindFigures)| {
                Some((shown(kind).into_owned(), *figures.failures.get(name)?))
            };
            let mut kinds: Vec<(String, u64)> = summary.figures.kinds.iter().filter_map(befell).collect();
            kinds.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
            kinds.truncate(KINDS_NAMED_MAX);
            Failed { name: name.clone(), told: told(name), attempts: *attempts, kinds }
        })
        .collect();
    failures.sort_by_key(|failed| std::cmp::Reverse(failed.attempts));
    failures
}

/// A push by the name that people read.
fn named(push: &PushSummary) -> PushSummary {
    PushSummary { name: shown(&push.name).into_owned(), ..push.clone() }
}

/// A failure in words; the name itself where a newer Ringback wrote it.
pub(super) fn told(name: &str) -> String {
    let mut all = FailureClass::ALL.into_iter().flat_map(|class| Phase::ALL.map(|phase| (class, phase)));
    let known = all.find(|(class, phase)| failure_name(*class, *phase) == name);
    known.map_or_else(|| name.to_owned(), |(class, phase)| format!("{} ({})", class.as_str(), phase.as_str()))
}

fn cut(text: &str) -> String {
    match text.char_indices().nth(TEXT_MAX_CHARS) {
        Some((end, _)) => format!("{}...", &text[..end]),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_failure_has_its_words_and_a_name_that_is_not_known_stands_for_itself() {
        assert_eq!(told("out_of_files/connect"), "out of files (connect)");
        assert_eq!(told("not_http/first_byte"), "not HTTP (first byte)");
        assert_eq!(told("lost/in_space"), "lost/in_space");
    }
}
