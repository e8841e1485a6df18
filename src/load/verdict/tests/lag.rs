//! What the load generator's own lag makes of a verdict: unsure where a threshold depends on it, else a warning.

use super::{asked, failing, figures, judge, judge_by, verdict};
use crate::load::Point;
use crate::load::summary::{LoadAsked, Verdict};

const LATE: &[(u64, u64)] = &[(0, 900), (12, 100)];

#[test]
fn a_lag_makes_a_load_invalid_only_where_a_threshold_depends_on_it() {
    // Twelve milliseconds cannot make 812 out of 200, and 150 are below 200 whatever they hold.
    let far = judge(&["p99<200ms"], figures(&[(20, 900), (812, 100)], LATE));
    assert_eq!((far.verdict, far.exit), (Verdict::ThresholdMissed, 4), "{far:?}");
    let below = judge(&["p99<200ms"], figures(&[(20, 900), (150, 100)], LATE));
    assert_eq!((below.verdict, below.exit), (Verdict::Passed, 0));
    for summary in [&far, &below] {
        let [warning] = &summary.warnings[..] else { panic!("{:?}", summary.warnings) };
        let said = "The load generator fell behind its own schedule: its lag has a p99 of 12.0ms and a max of 12.0ms; the limit \
                    of the p99 is 5.00ms (--lag-limit). Every threshold is judged alike without it.";
        assert_eq!(warning, said);
        assert!(summary.is_behind());
        assert_eq!(summary.thresholds[0].without_lag, None);
    }
    // 205 may be 193.
    let close = judge(&["p99<200ms"], figures(&[(20, 900), (205, 100)], LATE));
    assert_eq!((close.verdict, close.exit), (Verdict::Invalid, 5));
    assert_eq!((close.thresholds[0].without_lag.as_deref(), close.thresholds[0].held), (Some("193ms"), false));
    assert!(close.reasons[0].contains("It makes a difference to p99<200ms (measured 205ms, without the lag 193ms)."));
    assert!(close.reasons[1].starts_with("Lower --rate"));
    assert_eq!(close.warnings, [""; 0]);
    // What is missed all the same decides, and the other one is told.
    let both = judge(&["p99<200ms", "p50<1ms"], figures(&[(20, 900), (205, 100)], LATE));
    assert_eq!(both.verdict, Verdict::ThresholdMissed);
    assert!(both.reasons.iter().all(|reason| !reason.contains("p99<200ms")), "{:?}", both.reasons);
    assert!(both.warnings[0].contains("It makes a difference to p99<200ms"), "{:?}", both.warnings);
}

#[test]
fn a_lag_within_its_limit_is_none() {
    let summary = judge(&["p99<200ms"], figures(&[(20, 900), (202, 100)], &[(0, 900), (4, 100)]));
    assert_eq!((summary.verdict, summary.is_behind()), (Verdict::ThresholdMissed, false), "{summary:?}");
    assert_eq!(summary.warnings, [""; 0]);
}

#[test]
fn each_percentile_is_judged_by_the_lag_that_can_have_made_it() {
    // One push in a thousand was half a second late: it can have made the longest time, and no p99.
    let (rare, times) = (&[(0, 999), (500, 1)][..], &[(20, 980), (300, 19), (600, 1)][..]);
    for (threshold, times, lags, expected) in [
        ("max<200ms", times, rare, Verdict::Invalid),
        ("max<50ms", times, rare, Verdict::ThresholdMissed),
        ("p99<200ms", times, rare, Verdict::ThresholdMissed),
        // Of a mean the mean.
        ("mean<20ms", &[(25, 1000)], &[(10, 1000)], Verdict::Invalid),
        ("mean<12ms", &[(25, 1000)], &[(10, 1000)], Verdict::ThresholdMissed),
        // The other way round, and exactly.
        ("p50>200ms", &[(205, 1000)], &[(12, 1000)], Verdict::Invalid),
        ("p50>100ms", &[(205, 1000)], &[(12, 1000)], Verdict::Passed),
        ("p50==200ms", &[(205, 1000)], &[(12, 1000)], Verdict::Invalid),
        ("p50==100ms", &[(205, 1000)], &[(12, 1000)], Verdict::ThresholdMissed),
    ] {
        assert_eq!(verdict(&[threshold], figures(times, lags)), expected, "{threshold}");
    }
    // Late pushes may all have been of one kind.
    let mut other = figures(&[(205, 100)], LATE);
    other.kinds.insert("udesk:hangup".into(), figures(&[(1, 900)], &[]).kinds.remove("udesk:end").unwrap_or_default());
    assert_eq!(verdict(&["udesk:end p50<200ms"], other), Verdict::Invalid);
}

#[test]
fn a_lag_can_make_timeouts_only_where_it_is_as_long() {
    let errors = &["errors<1%", "held==0"];
    assert_eq!(verdict(errors, failing(100, 0, 12)), Verdict::ThresholdMissed);
    assert_eq!(verdict(errors, failing(100, 0, 499)), Verdict::ThresholdMissed);
    assert_eq!(verdict(errors, failing(100, 0, 501)), Verdict::Invalid);
    assert_eq!(verdict(&["errors<10", "held==0"], failing(100, 0, 501)), Verdict::Invalid);
    // Refusals are nobody's lag.
    assert_eq!(verdict(errors, failing(50, 50, 501)), Verdict::ThresholdMissed);
    assert_eq!(verdict(&[], failing(10, 0, 501)), Verdict::Invalid);
    assert_eq!(verdict(&[], failing(10, 1, 501)), Verdict::ThresholdMissed);
}

#[test]
fn a_lag_can_fill_the_room_only_where_the_receiver_does_not() {
    // A hundred may be in flight, and a hundred fall due a second.
    let held = |service: u64, lag: u64| {
        let mut figures = figures(&[(service, 900)], &[(lag, 900)]);
        figures.points.push(Point { due: 100, ..Point::default() });
        if let Some(kind) = figures.kinds.get_mut("udesk:end") {
            (kind.held, kind.planned) = (100, 1000);
        }
        verdict(&[], figures)
    };
    assert_eq!(held(20, 12), Verdict::ThresholdMissed);
    assert_eq!(held(20, 1100), Verdict::Invalid);
    assert_eq!(held(1100, 1100), Verdict::ThresholdMissed);
}

#[test]
fn a_rate_counts_the_lag_as_its_own_time() {
    // A thousand calls in ten seconds and what the last answers took.
    let rate =
        |limit: &str, asked: LoadAsked| judge_by(asked, &[limit], figures(&[(400, 1000)], &[(300, 1000)])).verdict;
    assert_eq!(rate("rate>=96/s", asked()), Verdict::Passed);
    assert_eq!(rate("rate>=98/s", asked()), Verdict::Invalid);
    assert_eq!(rate("rate>=100/s", asked()), Verdict::ThresholdMissed);
    // Callers who wait would have called four times as often.
    let closed = || LoadAsked { closed: Some(3), ..asked() };
    assert_eq!(rate("rate>=300/s", closed()), Verdict::Invalid);
    assert_eq!(rate("rate>=400/s", closed()), Verdict::ThresholdMissed);
}
