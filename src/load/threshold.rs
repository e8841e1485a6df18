//! Thresholds against figures: which hold where nothing is said, which pushes they are about, and whether they held. How
//! one is written is known in `contract`.

use super::figures::{Figures, KindFigures};
use super::latency::Latency;
use super::summary::{JudgedThreshold, LoadAsked};
use crate::contract::{Clock, Counted, Limit, Metric, Quantile, Threshold};
use crate::rate;
use crate::spelling::{listed, nearest, tick};
use std::time::Duration;

/// Where a threshold stands that nobody has written.
pub const BY_DEFAULT: &str = "by default";
/// What holds where no threshold is about errors or lost pushes: a load that loses pushes is not green.
pub const NOTHING_LOST: &str = "lost==0";
/// The same where faults bend the pushes, so that some of them are lost on purpose.
pub const NOT_ALL_LOST: &str = "lost<100%";
/// What holds where no threshold is about pushes held back: a load that was not sent is not green.
pub const NOTHING_HELD: &str = "held==0";

/// The thresholds of a load: those that were given, and those that hold where they say nothing.
pub fn with_defaults(mut given: Vec<Threshold>, has_faults: bool) -> Vec<Threshold> {
    let is_about = |counted: &[Counted]| {
        let found = |threshold: &Threshold| matches!(threshold.metric, Metric::Count(of) if counted.contains(&of));
        given.iter().any(|threshold| threshold.push.is_none() && found(threshold))
    };
    let lost = if has_faults { NOT_ALL_LOST } else { NOTHING_LOST };
    let defaults = [
        (!is_about(&[Counted::Errors, Counted::Lost])).then_some(lost),
        (!is_about(&[Counted::Held])).then_some(NOTHING_HELD),
    ];
    // They are written in this file, and a test reads them.
    given.extend(defaults.into_iter().flatten().filter_map(|text| Threshold::parse(text, BY_DEFAULT).ok()));
    given
}

/// What is wrong with a threshold that is about no push of the load; and what to do.
pub fn unmatched(threshold: &Threshold, kinds: &[&str]) -> Option<(String, String)> {
    let glob = threshold.push.as_ref()?;
    if kinds.iter().any(|kind| threshold.is_about(kind)) {
        return None;
    }
    let help = match nearest(glob, kinds.iter().copied()) {
        Some(near) => format!("did you mean {}?", tick(near)),
        None => format!("there are {}", listed(kinds.iter().copied())),
    };
    Some((format!("{}: no push of this load is called {}", tick(&threshold.text), tick(glob)), help))
}

/// Judges a threshold by the figures.
pub fn judge(threshold: &Threshold, asked: &LoadAsked, figures: &Figures) -> JudgedThreshold {
    let mut about = KindFigures::default();
    figures.kinds.iter().filter(|(kind, _)| threshold.is_about(kind)).for_each(|(_, kind)| about.merge(kind));
    let pushes = threshold.push.as_deref().unwrap_or("all pushes");
    let (measured, limit, told) = match (threshold.metric, threshold.limit) {
        (Metric::Time(clock, quantile), Limit::Time(limit)) => {
            let latency = match clock {
                Clock::Response => &about.response,
                Clock::Service => &about.service,
            };
            if latency.count() == 0 {
                return verdict(threshold, false, "nothing".into(), format!("no answer to {pushes} was measured"));
            }
            let time = time(latency, quantile);
            (time.as_secs_f64(), limit.as_secs_f64(), length(time))
        }
        (Metric::Count(counted), limit) => {
            let (count, of) = counts(&about, counted);
            if let Limit::Share(limit) = limit {
                let share = if of == 0 { 0.0 } else { count as f64 / of as f64 };
                (share, limit, percent(share))
            } else {
                let Limit::Count(limit) = limit else { return mismatched(threshold) };
                (count as f64, limit as f64, count.to_string())
            }
        }
        (Metric::Rate, Limit::Rate(limit)) => {
            let rate = settled_rate(threshold, asked, figures, &about);
            (rate, limit, rate::text(rate))
        }
        (Metric::Time(..) | Metric::Rate, _) => return mismatched(threshold),
    };
    // Where nothing at all was planned, nothing held either.
    let held = about.planned > 0 && threshold.comparison.holds(measured, limit);
    let whole = match threshold.metric {
        Metric::Count(counted) => {
            let (count, of) = counts(&about, counted);
            let whole = match counted {
                Counted::Errors | Counted::Retries => "attempts",
                Counted::Lost | Counted::Held => "pushes",
            };
            format!("{count} of {of} {whole}")
        }
        Metric::Time(Clock::Response, _) => "from the intended start".to_owned(),
        Metric::Time(Clock::Service, _) => "from the moment it was written".to_owned(),
        Metric::Rate if threshold.push.is_some() => "acknowledged pushes".to_owned(),
        Metric::Rate => "calls, as far as their pushes were acknowledged".to_owned(),
    };
    verdict(threshold, held, told.clone(), format!("{told} ({whole}) of {pushes}"))
}

fn verdict(threshold: &Threshold, held: bool, measured: String, told: String) -> JudgedThreshold {
    JudgedThreshold { text: threshold.text.clone(), place: threshold.place.clone(), held, measured, told }
}

/// The reader of thresholds gives each metric a limit of its own kind.
fn mismatched(threshold: &Threshold) -> JudgedThreshold {
    verdict(threshold, false, "nothing".into(), "the limit is of another kind than what is measured".into())
}

fn time(latency: &Latency, quantile: Quantile) -> Duration {
    match quantile {
        Quantile::Share(share) => latency.at(share),
        Quantile::Max => latency.max(),
        Quantile::Mean => latency.mean(),
    }
}

/// How many, and of how many.
fn counts(figures: &KindFigures, counted: Counted) -> (u64, u64) {
    match counted {
        Counted::Errors => (figures.failed() + figures.nacks, figures.attempts),
        Counted::Retries => (figures.retries, figures.attempts),
        Counted::Lost => (figures.lost, figures.planned),
        // What the end of the run held back is what was asked for by `--linger`.
        Counted::Held => (figures.held.saturating_sub(figures.held_by_end), figures.planned),
    }
}

/// How many calls a second were settled, in the unit of `--rate`: those that started, as far as their pushes were
/// acknowledged. Of named pushes, how many of them. The time is that in which calls started and the p99 of how long their
/// answers took: a backlog that is worked off later counts as time.
fn settled_rate(threshold: &Threshold, asked: &LoadAsked, figures: &Figures, about: &KindFigures) -> f64 {
    let seconds = asked.starting(figures).as_secs_f64() + about.response.at(0.99).as_secs_f64();
    if seconds <= 0.0 || about.planned == 0 {
        return 0.0;
    }
    match threshold.push {
        Some(_) => about.sent as f64 / seconds,
        None => figures.calls.started as f64 * (about.sent as f64 / about.planned as f64) / seconds,
    }
}

/// A length of time as a threshold has it, with three digits.
pub fn length(time: Duration) -> String {
    let microseconds = time.as_micros() as f64;
    let (number, unit) = match microseconds {
        us if us < 1e3 => return format!("{us:.0}us"),
        us if us < 1e6 => (us / 1e3, "ms"),
        us => (us / 1e6, "s"),
    };
    let digits = if number < 10.0 { 2 } else { usize::from(number < 100.0) };
    format!("{number:.digits$}{unit}")
}

/// A share as a threshold has it.
pub fn percent(share: f64) -> String {
    let percent = share * 100.0;
    match percent {
        0.0 => "0%".to_owned(),
        // Never rounded to nothing, or to everything.
        small if small < 0.001 => "<0.001%".to_owned(),
        large if large < 100.0 && large > 99.99 => ">99.99%".to_owned(),
        percent if percent < 1.0 => format!("{percent:.3}%"),
        percent => format!("{percent:.2}%").replace(".00%", "%"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(given: &[&str], has_faults: bool) -> Vec<String> {
        let given = given.iter().map(|text| Threshold::parse(text, "test").expect(text)).collect();
        with_defaults(given, has_faults).into_iter().map(|threshold| threshold.text).collect()
    }

    #[test]
    fn a_load_that_loses_everything_is_never_green_by_silence() {
        assert_eq!(texts(&[], false), ["lost==0", "held==0"]);
        assert_eq!(texts(&["p99<1s"], true), ["p99<1s", "lost<100%", "held==0"]);
        assert_eq!(texts(&["errors<1%", "held<5%"], false), ["errors<1%", "held<5%"]);
        // What is said of one push says nothing of the others.
        assert_eq!(texts(&["udesk:end errors<1%"], false), ["udesk:end errors<1%", "lost==0", "held==0"]);
    }

    #[test]
    fn measured_values_are_told_in_the_words_of_thresholds() {
        let lengths = [250, 1_234, 45_678, 212_345, 1_500_000].map(|us| length(Duration::from_micros(us)));
        assert_eq!(lengths, ["250us", "1.23ms", "45.7ms", "212ms", "1.50s"]);
        let shares = [0.0, 1e-7, 0.00123, 0.05, 0.99999, 1.0].map(percent);
        assert_eq!(shares, ["0%", "<0.001%", "0.123%", "5%", ">99.99%", "100%"]);
    }
}
