//! Thresholds against figures: which hold where nothing is said, which pushes they are about, and whether they held. How
//! one is written is known in `contract`.

use super::figures::{Figures, KindFigures};
use super::lag::OwnLag;
use super::latency::Latency;
use super::summary::{JudgedThreshold, LoadAsked};
use crate::contract::{Clock, Comparison, Counted, Limit, Metric, Quantile, Threshold};
use crate::rate;
use crate::spelling::{listed, nearest, tick};
use std::time::Duration;

/// Where a threshold stands that nobody has written.
pub const BY_DEFAULT: &str = "by default";
/// What holds where no threshold is about errors or lost pushes: a load that loses pushes is not green.
pub const NOTHING_LOST: &str = "lost==0";
/// What holds where no threshold is about pushes held back: a load that was not sent is not green.
pub const NOTHING_HELD: &str = "held==0";

/// The thresholds of a load: those that were given, and those that hold where they say nothing.
pub fn with_defaults(mut given: Vec<Threshold>) -> Vec<Threshold> {
    let is_about = |counted: &[Counted]| {
        let found = |threshold: &Threshold| matches!(threshold.metric, Metric::Count(of) if counted.contains(&of));
        given.iter().any(|threshold| threshold.push.is_none() && found(threshold))
    };
    let defaults = [
        (!is_about(&[Counted::Errors, Counted::Lost])).then_some(NOTHING_LOST),
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

/// Judges a threshold by the figures, and whether it would be judged alike without the load generator's own lag.
pub fn judge(threshold: &Threshold, asked: &LoadAsked, figures: &Figures, lag: OwnLag<'_>) -> JudgedThreshold {
    let mut about = KindFigures::default();
    figures.kinds.iter().filter(|(kind, _)| threshold.is_about(kind)).for_each(|(_, kind)| about.merge(kind));
    let pushes = threshold.push.as_deref().unwrap_or("all pushes");
    if !has_sample(threshold.metric, &about) {
        return not_judged(threshold, format!("there is no sample of {pushes}"));
    }
    let (measured, without, limit, whole) = match (threshold.metric, threshold.limit) {
        (Metric::Time(clock, quantile), Limit::Time(limit)) => {
            let times = times(&about, clock);
            if times.count() == 0 {
                return missed(threshold, format!("no answer to {pushes} was measured"));
            }
            let whole = match clock {
                Clock::Response => "from the intended start",
                Clock::Service => "from the moment it was written",
            };
            let without = lag.time(quantile, times).map(of_time);
            (of_time(time(times, quantile)), without, limit.as_secs_f64(), whole.to_owned())
        }
        (Metric::Count(counted), limit) => {
            let (count, of, whole) = counts(&about, counted);
            let (limit, is_share) = match limit {
                Limit::Share(limit) => (limit, true),
                Limit::Count(limit) => (limit as f64, false),
                Limit::Time(_) | Limit::Rate(_) => return mismatched(threshold),
            };
            let measured = |count| if is_share { of_share(count, of) } else { of_count(count) };
            let without = lag.count(counted, count, &about).map(measured);
            (measured(count), without, limit, format!("{count} of {of} {whole}"))
        }
        (Metric::Rate, Limit::Rate(limit)) => {
            let rate = settled_rate(threshold.push.as_deref(), asked, figures, &about);
            let without = lag.rate(rate, seconds(asked, figures, &about), &about.response).map(of_rate);
            let whole = match threshold.push {
                Some(_) => "acknowledged pushes",
                None => "calls, as far as their pushes were acknowledged",
            };
            (of_rate(rate), without, limit, whole.to_owned())
        }
        (Metric::Time(..) | Metric::Rate, _) => return mismatched(threshold),
    };
    let held = threshold.comparison.holds(measured.value, limit);
    let told = format!("{} ({whole}) of {pushes}", measured.text);
    let without = without.filter(|without| depends(threshold.comparison, limit, measured.value, without.value));
    JudgedThreshold { without_lag: without.map(|without| without.text), ..judged(threshold, held, measured.text, told) }
}

/// Whether anything happened that a metric measures: without an attempt there is no error, and a push that the end of the run
/// held back, or that a fault lost, says nothing of whether pushes are lost.
fn has_sample(metric: Metric, about: &KindFigures) -> bool {
    match metric {
        Metric::Time(..) | Metric::Count(Counted::Errors | Counted::Retries) => about.attempts > 0,
        Metric::Count(Counted::Lost) | Metric::Rate => about.settled() > 0,
        Metric::Count(Counted::Held) => about.planned > about.held_by_end,
    }
}

/// Whether it makes a difference to a threshold which of two values was measured, or one between them.
fn depends(comparison: Comparison, limit: f64, one: f64, other: f64) -> bool {
    match comparison {
        Comparison::Exactly => one != other && (one.min(other)..=one.max(other)).contains(&limit),
        Comparison::Below | Comparison::AtMost | Comparison::Above | Comparison::AtLeast => {
            comparison.holds(one, limit) != comparison.holds(other, limit)
        }
    }
}

/// How many times a percentile needs, so that it is not just the longest of them: 100 for `p99`. One that was judged by fewer,
/// in words.
pub fn too_few(threshold: &Threshold, figures: &Figures) -> Option<String> {
    let Metric::Time(clock, Quantile::Share(share)) = threshold.metric else { return None };
    let kinds = figures.kinds.iter().filter(|(kind, _)| threshold.is_about(kind));
    let count: u64 = kinds.map(|(_, kind)| times(kind, clock).count()).sum();
    // Without the last digits of what is no binary fraction.
    let needed = (1.0 / (1.0 - share) - 1e-6).ceil() as u64;
    (count > 0 && count < needed).then(|| {
        let (text, word) = (&threshold.text, if count == 1 { "time" } else { "times" });
        format!(
            "{text} is judged by {count} {word}, and by fewer than {needed} it is no more than the longest of them."
        )
    })
}

fn times(figures: &KindFigures, clock: Clock) -> &Latency {
    match clock {
        Clock::Response => &figures.response,
        Clock::Service => &figures.service,
    }
}

/// A measured value, and how it is written in a threshold.
struct Measured {
    value: f64,
    text: String,
}

fn of_time(time: Duration) -> Measured {
    Measured { value: time.as_secs_f64(), text: length(time) }
}

fn of_share(count: u64, of: u64) -> Measured {
    let share = if of == 0 { 0.0 } else { count as f64 / of as f64 };
    Measured { value: share, text: percent(share) }
}

fn of_count(count: u64) -> Measured {
    Measured { value: count as f64, text: count.to_string() }
}

fn of_rate(rate: f64) -> Measured {
    Measured { value: rate, text: rate::text(rate) }
}

fn judged(threshold: &Threshold, held: bool, measured: String, told: String) -> JudgedThreshold {
    let (text, place) = (threshold.text.clone(), threshold.place.clone());
    JudgedThreshold { text, place, held, judged: true, without_lag: None, measured, told }
}

/// A threshold that is missed because there were attempts and nothing to measure.
fn missed(threshold: &Threshold, told: String) -> JudgedThreshold {
    judged(threshold, false, "nothing".into(), told)
}

/// A threshold that is neither held nor missed.
fn not_judged(threshold: &Threshold, told: String) -> JudgedThreshold {
    JudgedThreshold { judged: false, ..missed(threshold, told) }
}

/// The reader of thresholds gives each metric a limit of its own kind.
fn mismatched(threshold: &Threshold) -> JudgedThreshold {
    missed(threshold, "the limit is of another kind than what is measured".into())
}

fn time(latency: &Latency, quantile: Quantile) -> Duration {
    match quantile {
        Quantile::Share(share) => latency.at(share),
        Quantile::Max => latency.max(),
        Quantile::Mean => latency.mean(),
    }
}

/// How many, of how many, and of what.
fn counts(figures: &KindFigures, counted: Counted) -> (u64, u64, &'static str) {
    match counted {
        Counted::Errors => (figures.errors(), figures.attempts, "attempts"),
        Counted::Retries => (figures.retries, figures.attempts, "attempts"),
        // What a fault has lost says nothing of the receiver.
        Counted::Lost => (figures.lost, figures.planned.saturating_sub(figures.excused), "pushes"),
        // What the end of the run held back is what was asked for by `--linger`.
        Counted::Held => (figures.held.saturating_sub(figures.held_by_end), figures.planned, "pushes"),
    }
}

/// How many calls a second were settled: what `rate` without a push measures.
pub fn calls_settled(asked: &LoadAsked, figures: &Figures) -> f64 {
    settled_rate(None, asked, figures, &figures.total())
}

/// How many calls a second were settled, in the unit of `--rate`: those that started, as far as their pushes were
/// acknowledged. Of named pushes, how many of them. The time is that in which calls started and the p99 of how long their
/// answers took: a backlog that is worked off later counts as time.
fn settled_rate(push: Option<&str>, asked: &LoadAsked, figures: &Figures, about: &KindFigures) -> f64 {
    let seconds = seconds(asked, figures, about);
    if seconds <= 0.0 || about.planned == 0 {
        return 0.0;
    }
    match push {
        Some(_) => about.sent as f64 / seconds,
        // What a fault has lost is not left unsettled by the receiver.
        None => {
            let planned = about.planned.saturating_sub(about.excused).max(1);
            figures.calls.started as f64 * (about.sent as f64 / planned as f64) / seconds
        }
    }
}

/// The time that a rate is taken over.
fn seconds(asked: &LoadAsked, figures: &Figures, about: &KindFigures) -> f64 {
    asked.starting(figures).as_secs_f64() + about.response.at(0.99).as_secs_f64()
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

    fn texts(given: &[&str]) -> Vec<String> {
        let given = given.iter().map(|text| Threshold::parse(text, "test").expect(text)).collect();
        with_defaults(given).into_iter().map(|threshold| threshold.text).collect()
    }

    #[test]
    fn a_load_that_loses_everything_is_never_green_by_silence() {
        assert_eq!(texts(&[]), ["lost==0", "held==0"]);
        assert_eq!(texts(&["p99<1s"]), ["p99<1s", "lost==0", "held==0"]);
        assert_eq!(texts(&["errors<1%", "held<5%"]), ["errors<1%", "held<5%"]);
        assert_eq!(texts(&["lost<1%"]), ["lost<1%", "held==0"]);
        assert_eq!(texts(&["retries<1%"]), ["retries<1%", "lost==0", "held==0"]);
        // What is said of one push says nothing of the others.
        assert_eq!(texts(&["udesk:end errors<1%"]), ["udesk:end errors<1%", "lost==0", "held==0"]);
    }

    #[test]
    fn a_threshold_about_no_push_of_the_load_is_told_with_the_nearest_one() {
        let told = |text: &str| unmatched(&Threshold::parse(text, "").expect(text), &["udesk:end", "udesk:hangup"]);
        assert_eq!(told("p99<1s"), None);
        assert_eq!(told("udesk:* p99<1s"), None);
        let (what, help) = told("udesk:edn p99<1s").expect("a flaw");
        assert_eq!(what, "`udesk:edn p99<1s`: no push of this load is called `udesk:edn`");
        assert_eq!(help, "did you mean `udesk:end`?");
        let (_, help) = told("tinet:7 p99<1s").expect("a flaw");
        assert_eq!(help, "there are `udesk:end` and `udesk:hangup`");
    }

    #[test]
    fn measured_values_are_told_in_the_words_of_thresholds() {
        let lengths = [250, 1_000, 1_234, 10_000, 45_678, 100_000, 212_345, 1_000_000, 1_500_000];
        let lengths = lengths.map(|us| length(Duration::from_micros(us)));
        assert_eq!(lengths, ["250us", "1.00ms", "1.23ms", "10.0ms", "45.7ms", "100ms", "212ms", "1.00s", "1.50s"]);
        let shares = [0.0, 1e-7, 0.00123, 0.01, 0.05, 0.9999, 0.99999, 1.0].map(percent);
        assert_eq!(shares, ["0%", "<0.001%", "0.123%", "1%", "5%", "99.99%", ">99.99%", "100%"]);
    }
}
