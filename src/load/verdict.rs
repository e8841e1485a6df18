//! From figures to a verdict: thresholds, the load generator's own lag, and how the run ended. Pure; the numbers are counted
//! elsewhere.

use super::figures::Figures;
use super::lag::{OwnLag, says_behind};
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

/// Whose figures are judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Of {
    /// What one process has played: all, or its shard.
    Process,
    /// What shards come to together, however few of them are there.
    Merge,
}

impl Of {
    /// Whether these are the figures of a whole run.
    fn is_whole(self, figures: &Figures) -> bool {
        figures.shards_of == 1 || self == Of::Merge
    }
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
        self.of(Of::Process, figures, vec![part], why)
    }

    /// Judges figures that these parts have.
    pub(super) fn of(self, of: Of, figures: Figures, parts: Vec<Part>, why: Option<String>) -> LoadSummary {
        let Terms { asked, replay, thresholds, lag_limit } = self;
        let never_began = figures.calls.started == 0 && parts.iter().any(|part| part.ended != PartEnded::Done);
        let thresholds = match !never_began && of.is_whole(&figures) {
            true => threshold::with_defaults(thresholds),
            false => Vec::new(),
        };
        let lag = OwnLag::new(&asked, &figures, &parts, lag_limit);
        let judge = |threshold: &Threshold| threshold::judge(threshold, &asked, &figures, lag);
        let judged: Vec<JudgedThreshold> = thresholds.iter().map(judge).collect();
        let (verdict, reasons) = verdict(of, &asked, &figures, &parts, &judged, lag_limit, why);
        let mut warnings = match verdict {
            Verdict::Unexercised => Vec::new(),
            _ => unexercised(of, &asked, &figures, &parts, &judged),
        };
        let is_told = reasons.iter().any(|reason| says_behind(reason));
        if !is_told && (lag.is_over() || judged.iter().any(|one| one.without_lag.is_some())) {
            let behind = warning::behind(lag, &parts, figures.shards_of, lag_limit);
            warnings.push(format!("{behind} {}", warning::consequence(&judged)));
        }
        warnings.extend(warning::too_few_times(&thresholds, &figures));
        let mut figures = figures;
        if of.is_whole(&figures) {
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

/// What was planned and never exercised, a sentence each. What did not happen in a part of a run, or in one that was cut
/// short, may yet have happened in the whole.
fn unexercised(
    of: Of,
    asked: &LoadAsked,
    figures: &Figures,
    parts: &[Part],
    thresholds: &[JudgedThreshold],
) -> Vec<String> {
    let mut all: Vec<String> = warning::not_judged(asked).into_iter().collect();
    if of.is_whole(figures) && parts.iter().all(|part| part.ended == PartEnded::Done) {
        all.extend(warning::never_struck(asked, figures));
        all.extend(warning::without_sample(thresholds));
    }
    all
}

/// The first that holds, in the order of [`Verdict`]: cut short, broken off, tried in vain, late, missed, never exercised.
fn verdict(
    of: Of,
    asked: &LoadAsked,
    figures: &Figures,
    parts: &[Part],
    thresholds: &[JudgedThreshold],
    lag_limit: Duration,
    why: Option<String>,
) -> (Verdict, Vec<String>) {
    let lag = OwnLag::new(asked, figures, parts, lag_limit);
    let any = |ended: PartEnded| parts.iter().any(|part| part.ended == ended);
    let missing = match of {
        Of::Merge => figures.missing(),
        Of::Process => Vec::new(),
    };
    let mut reasons: Vec<String> = why.into_iter().collect();
    if any(PartEnded::Interrupted) {
        let which = of_shards(parts, figures.shards_of, |part| part.ended == PartEnded::Interrupted);
        if figures.calls.started == 0 {
            reasons.push(format!("A signal ended the run{which} before its first call."));
            return (Verdict::Interrupted, reasons);
        }
        reasons.push(format!(
            "A signal cut the run{which} short after {}; what was planned until then is accounted for.",
            length(figures.took)
        ));
        return (Verdict::Interrupted, reasons);
    }
    if !missing.is_empty() {
        let missing: Vec<String> = missing.iter().map(u32::to_string).collect();
        let (word, is) = if missing.len() == 1 { ("Shard", "is") } else { ("Shards", "are") };
        reasons.push(format!("{word} {} of {} {is} missing.", missing.join(", "), figures.shards_of));
        return (Verdict::CannotGoOn, reasons);
    }
    if any(PartEnded::CannotGoOn) {
        if reasons.is_empty() {
            let which = of_shards(parts, figures.shards_of, |part| part.ended == PartEnded::CannotGoOn);
            reasons.push(format!("The run{which} could not go on; its own report says why."));
        }
        return (Verdict::CannotGoOn, reasons);
    }
    if any(PartEnded::Tried) {
        if reasons.is_empty() {
            let which = of_shards(parts, figures.shards_of, |part| part.ended == PartEnded::Tried);
            reasons.push(format!("The call that is tried first failed{which}; its own report says why."));
        }
        return (Verdict::ReceiverFailed, reasons);
    }
    if figures.connections.short > 0 {
        reasons.push(
            "The load generator was short of connections, because the system let it have no more; the note says what to \
             raise. Pushes waited for one, so the figures say as much about this machine as about the receiver."
                .to_owned(),
        );
        return (Verdict::Invalid, reasons);
    }
    let total = figures.total();
    if of.is_whole(figures) && total.settled() == 0 {
        reasons.push(warning::nothing_to_judge(&total));
        return (Verdict::Invalid, reasons);
    }
    // One that is missed with the lag and without it is the receiver's doing, whatever the others depend on.
    let missed: Vec<&JudgedThreshold> =
        thresholds.iter().filter(|threshold| threshold.stands() == Stands::Missed).collect();
    if missed.is_empty() && thresholds.iter().any(|threshold| threshold.without_lag.is_some()) {
        let behind = warning::behind(lag, parts, figures.shards_of, lag_limit);
        reasons.push(format!("{behind} {}", warning::consequence(thresholds)));
        reasons.push(LESS.to_owned());
        return (Verdict::Invalid, reasons);
    }
    let told =
        |threshold: &&JudgedThreshold| format!("Missed {} ({}): {}.", threshold.text, threshold.place, threshold.told);
    reasons.extend(missed.iter().map(told));
    if !missed.is_empty() {
        return (Verdict::ThresholdMissed, reasons);
    }
    let unexercised = unexercised(of, asked, figures, parts, thresholds);
    if asked.strict && !unexercised.is_empty() {
        reasons.extend(unexercised.into_iter().map(|why| format!("{why} With --strict that is a failure.")));
        return (Verdict::Unexercised, reasons);
    }
    (Verdict::Passed, reasons)
}

/// `, in shards 2, 5`; nothing where there is but one.
fn of_shards(parts: &[Part], of: u32, which: impl Fn(&Part) -> bool) -> String {
    if of == 1 {
        return String::new();
    }
    let numbers: Vec<String> = parts.iter().filter(|part| which(part)).map(|part| part.shard.to_string()).collect();
    match numbers.as_slice() {
        [one] => format!(", in shard {one},"),
        many => format!(", in shards {},", many.join(", ")),
    }
}

#[cfg(test)]
mod tests;
