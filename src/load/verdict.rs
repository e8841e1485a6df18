//! From figures to a verdict: thresholds, the load generator's own lag, and how the run ended. Pure; the numbers are counted
//! elsewhere.

use super::figures::Figures;
use super::lag::OwnLag;
use super::summary::{
    JudgedThreshold, LOAD_SUMMARY_FORMAT, LoadAsked, LoadSummary, Part, PartEnded, PushSummary, Stands, Times, Verdict,
};
use super::threshold::{self, length};
use super::{Ended, Outcome, warning};
use crate::contract::Threshold;
use std::time::Duration;

/// What a run is judged by.
#[derive(Debug, Clone)]
pub struct Terms {
    /// What was asked for.
    pub asked: LoadAsked,
    /// The command that plays it again.
    pub replay: String,
    /// What its figures keep to, as it was given.
    pub thresholds: Vec<Threshold>,
    /// The p99 of the load generator's own lag beyond which it is behind its schedule.
    pub lag_limit: Duration,
}

/// What to do where the load generator is behind its schedule.
const LESS: &str = "Lower --rate; or raise --workers up to the number of cores; or give the receiver a machine of its own; or \
                    divide the load by --shard.";
/// What is said of a load for whose connections there were too few files.
const SHORT: &str = "The load generator was short of connections, because the system let it have no more; the note says what to \
                     raise. Pushes waited for one, so the figures say as much about this machine as about the receiver.";

/// Whose figures are judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Scope {
    /// What one process has played: all, or its shard.
    Process,
    /// What shards come to together, however few of them are there.
    Merge,
}

impl Terms {
    /// Judges a run. Thresholds are not judged on one shard among several.
    pub fn judge(self, outcome: Outcome) -> LoadSummary {
        let Outcome { figures, ended } = outcome;
        let part = Part {
            shard: figures.shards.first().copied().unwrap_or(1),
            began: figures.began.clone(),
            took_us: figures.took.as_micros() as u64,
            calls: figures.calls.started,
            lag: Times::of(&figures.lag),
            ended: match &ended {
                Ended::Done => PartEnded::Done,
                Ended::Interrupted => PartEnded::Interrupted,
                Ended::Tried(_) => PartEnded::Tried,
                Ended::Unreachable(_) | Ended::CannotGoOn(_) => PartEnded::CannotGoOn,
            },
        };
        let why = match ended {
            Ended::Tried(why) | Ended::Unreachable(why) | Ended::CannotGoOn(why) => Some(why),
            Ended::Done | Ended::Interrupted => None,
        };
        self.of(Scope::Process, figures, vec![part], why)
    }

    /// Judges figures that these parts have.
    pub(super) fn of(self, scope: Scope, mut figures: Figures, parts: Vec<Part>, why: Option<String>) -> LoadSummary {
        let Terms { asked, replay, thresholds, lag_limit } = self;
        let is_whole = scope == Scope::Merge || figures.shards_of == 1;
        let never_began = figures.calls.started == 0 && parts.iter().any(|part| part.ended != PartEnded::Done);
        let thresholds = match is_whole && !never_began {
            true => threshold::with_defaults(thresholds),
            false => Vec::new(),
        };
        let lag = OwnLag::new(&asked, &figures, &parts, lag_limit);
        let judge = |threshold: &Threshold| threshold::judge(threshold, &asked, &figures, lag);
        let judged: Vec<JudgedThreshold> = thresholds.iter().map(judge).collect();
        let is_behind = lag.is_over() || judged.iter().any(|one| one.without_lag.is_some());
        let mut judging = Judging {
            figures: &figures,
            parts: &parts,
            thresholds: &judged,
            scope,
            is_whole,
            is_strict: asked.strict,
            unexercised: warning::not_judged(&asked).into_iter().collect(),
            behind: is_behind.then(|| warning::behind(lag, &parts, &judged, figures.shards_of, lag_limit)),
        };
        // What did not happen in a part of a run, or in one that was cut short, may yet have happened in the whole.
        if is_whole && parts.iter().all(|part| part.ended == PartEnded::Done) {
            judging.unexercised.extend(warning::never_struck(&asked, &figures));
            judging.unexercised.extend(warning::without_sample(&judged));
            judging.unexercised.extend(warning::never_judged(&figures));
        }
        let mut reasons: Vec<String> = why.into_iter().collect();
        let verdict = judging.verdict(&mut reasons);
        let Judging { unexercised: mut warnings, behind, .. } = judging;
        warnings.extend(behind);
        warnings.extend(thresholds.iter().filter_map(|one| threshold::too_few(one, &figures)));
        if is_whole {
            figures.notes.extend(warning::idle(&asked, &figures));
        }
        LoadSummary {
            format: LOAD_SUMMARY_FORMAT,
            ringback: env!("CARGO_PKG_VERSION").to_owned(),
            verdict,
            exit: verdict.exit().code(),
            reasons,
            warnings,
            calls_per_second: threshold::calls_settled(&asked, &figures),
            asked,
            replay,
            thresholds: judged,
            lag_limit_us: lag_limit.as_micros() as u64,
            lag: Times::of(&figures.lag),
            parts,
            total: PushSummary::of("total", &figures.total()),
            pushes: figures
                .kinds
                .iter()
                .filter(|(_, kind)| kind.planned > 0)
                .map(|(name, kind)| PushSummary::of(name, kind))
                .collect(),
            figures,
        }
    }
}

/// What a verdict is made of.
struct Judging<'a> {
    figures: &'a Figures,
    parts: &'a [Part],
    thresholds: &'a [JudgedThreshold],
    scope: Scope,
    is_whole: bool,
    is_strict: bool,
    /// What was planned and never exercised, a sentence each: reasons with `--strict`, else warnings.
    unexercised: Vec<String>,
    /// That the load generator fell behind: a reason where the verdict depends on it, else a warning.
    behind: Option<String>,
}

impl Judging<'_> {
    /// The first that holds, in the order of [`Verdict`]: cut short, broken off, tried in vain, late, missed, never exercised.
    fn verdict(&mut self, reasons: &mut Vec<String>) -> Verdict {
        let figures = self.figures;
        if let Some(shards) = self.shards(PartEnded::Interrupted) {
            reasons.push(match figures.calls.started {
                0 => format!("A signal ended the run{shards} before its first call."),
                _ => format!(
                    "A signal cut the run{shards} short after {}; what was planned until then is accounted for.",
                    length(figures.took)
                ),
            });
            return Verdict::Interrupted;
        }
        let missing: Vec<String> = figures.missing().iter().map(u32::to_string).collect();
        if self.scope == Scope::Merge && !missing.is_empty() {
            let (word, is) = if missing.len() == 1 { ("Shard", "is") } else { ("Shards", "are") };
            reasons.push(format!("{word} {} of {} {is} missing.", missing.join(", "), figures.shards_of));
            return Verdict::CannotGoOn;
        }
        for (ended, verdict, what) in [
            (PartEnded::CannotGoOn, Verdict::CannotGoOn, ["The run", " could not go on"]),
            (PartEnded::Tried, Verdict::ReceiverFailed, ["The call that is tried first failed", ""]),
        ] {
            let Some(shards) = self.shards(ended) else { continue };
            if reasons.is_empty() {
                reasons.push(format!("{}; its own report says why.", what.join(&shards)));
            }
            return verdict;
        }
        if let broken @ [_, ..] = &*warning::broken(figures) {
            reasons.extend_from_slice(broken);
            return Verdict::ExpectationBroken;
        }
        if figures.connections.short > 0 {
            reasons.push(SHORT.to_owned());
            return Verdict::Invalid;
        }
        let total = figures.total();
        let is_judged = figures.expectations.iter().any(|one| one.judged > 0);
        if self.is_whole && total.settled() == 0 && !is_judged {
            reasons.push(warning::nothing_to_judge(&total, figures.calls.started));
            return Verdict::Invalid;
        }
        // One that is missed with the lag and without it is the receiver's doing, whatever the others depend on.
        let mut missed = self.thresholds.iter().filter(|threshold| threshold.stands() == Stands::Missed).peekable();
        if missed.peek().is_some() {
            reasons.extend(missed.map(|one| format!("Missed {} ({}): {}.", one.text, one.place, one.told)));
            return Verdict::ThresholdMissed;
        }
        if self.thresholds.iter().any(|threshold| threshold.without_lag.is_some()) {
            reasons.extend(self.behind.take());
            reasons.push(LESS.to_owned());
            return Verdict::Invalid;
        }
        if self.is_strict && !self.unexercised.is_empty() {
            let why = self.unexercised.drain(..);
            reasons.extend(why.map(|why| format!("{why} With --strict that is a failure.")));
            return Verdict::Unexercised;
        }
        Verdict::Passed
    }

    /// Which parts have ended so, in words; none where no part has.
    fn shards(&self, ended: PartEnded) -> Option<String> {
        let those: Vec<&Part> = self.parts.iter().filter(|part| part.ended == ended).collect();
        (!those.is_empty()).then(|| warning::in_shards(&those, self.figures.shards_of))
    }
}

#[cfg(test)]
mod tests;
