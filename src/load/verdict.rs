//! From figures to a verdict: thresholds, Ringback's own lag, and how the run ended. Pure; the numbers are counted elsewhere.

use super::figures::Figures;
use super::summary::{
    JudgedThreshold, LOAD_SUMMARY_FORMAT, LoadAsked, LoadSummary, Part, PartEnded, PushSummary, Times, Verdict,
};
use super::threshold::{self, length};
use super::{Ended, Outcome};
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
    /// The p99 of Ringback's own lag beyond which the run is not valid.
    pub lag_limit: Duration,
}

/// Whose figures are judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Of {
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
        self.of(Of::Process, figures, vec![part], why)
    }

    /// Judges figures that these parts have.
    pub(super) fn of(self, of: Of, figures: Figures, parts: Vec<Part>, why: Option<String>) -> LoadSummary {
        let Terms { asked, replay, thresholds, lag_limit } = self;
        let never_began = figures.calls.started == 0 && parts.iter().any(|part| part.ended != PartEnded::Done);
        let thresholds: Vec<JudgedThreshold> = match never_began || (figures.shards_of > 1 && of == Of::Process) {
            true => Vec::new(),
            false => threshold::with_defaults(thresholds, asked.has_faults)
                .iter()
                .map(|threshold| threshold::judge(threshold, &asked, &figures))
                .collect(),
        };
        let (verdict, reasons) = verdict(of, &figures, &parts, &thresholds, lag_limit, why);
        LoadSummary {
            format: LOAD_SUMMARY_FORMAT,
            ringback: env!("CARGO_PKG_VERSION").to_owned(),
            verdict,
            exit: verdict.exit().code(),
            reasons,
            calls_per_second: threshold::calls_settled(&asked, &figures),
            asked,
            replay,
            thresholds,
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

/// The first that holds, in the order of [`Verdict`]: cut short, broken off, tried in vain, late, missed.
fn verdict(
    of: Of,
    figures: &Figures,
    parts: &[Part],
    thresholds: &[JudgedThreshold],
    lag_limit: Duration,
    why: Option<String>,
) -> (Verdict, Vec<String>) {
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
    let is_late = |part: &Part| part.lag.count > 0 && u128::from(part.lag.p99_us) > lag_limit.as_micros();
    if let Some(late) = parts.iter().filter(|part| is_late(part)).max_by_key(|part| part.lag.p99_us) {
        let which = of_shards(parts, figures.shards_of, is_late);
        reasons.push(format!(
            "Ringback itself was late{which}: the p99 of its own lag is {}, over the limit of {} (--lag-limit). The \
             figures say as much about this machine as about the receiver.",
            length(Duration::from_micros(late.lag.p99_us)),
            length(lag_limit),
        ));
        reasons.push(
            "Lower --rate; or raise --workers up to the number of cores; or give the receiver a machine of its own; or \
             divide the load by --shard."
                .to_owned(),
        );
        return (Verdict::Invalid, reasons);
    }
    if figures.connections.short > 0 {
        reasons.push(
            "Ringback itself was short of connections, because the system let it have no more; the note says what to \
             raise. Pushes waited for one, so the figures say as much about this machine as about the receiver."
                .to_owned(),
        );
        return (Verdict::Invalid, reasons);
    }
    let missed: Vec<String> = thresholds
        .iter()
        .filter(|threshold| !threshold.held)
        .map(|threshold| format!("Missed {} ({}): {}.", threshold.text, threshold.place, threshold.told))
        .collect();
    match missed.is_empty() {
        true => (Verdict::Passed, reasons),
        false => {
            reasons.extend(missed);
            (Verdict::ThresholdMissed, reasons)
        }
    }
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
