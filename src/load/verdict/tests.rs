//! The verdict on figures that are written down: what is missed, what is excused, what is only warned of.

mod lag;

use super::Terms;
use crate::contract::Threshold;
use crate::load::figures::{CallFigures, Figures, KindFigures};
use crate::load::merge::{ShardFile, merge};
use crate::load::summary::{
    ArrivalAsked, FaultAsked, LoadAsked, NotJudged, NotJudgedKind, StageAsked, Stands, ThresholdAsked, Verdict,
};
use crate::load::{Ended, LoadSummary, Outcome};
use std::time::Duration;

fn ms(milliseconds: u64) -> Duration {
    Duration::from_millis(milliseconds)
}

fn asked() -> LoadAsked {
    LoadAsked {
        stories: Vec::new(),
        targets: Vec::new(),
        arrival: ArrivalAsked::Even,
        stages: vec![StageAsked { lasting_us: 10_000_000, from: 100.0, to: 100.0 }],
        closed: None,
        lasting_us: 10_000_000,
        starting_us: 10_000_000,
        max_calls: None,
        pace: 1.0,
        start: String::new(),
        seed: 7,
        max_in_flight: 100,
        connections: 64,
        workers: 1,
        sample: 0,
        has_faults: false,
        timeout_us: 1_000_000,
        not_judged: Vec::new(),
        faults: Vec::new(),
        strict: false,
        thresholds: Vec::<ThresholdAsked>::new(),
    }
}

/// A load of ten seconds whose pushes took so long, so many each, and whose lag was so long.
fn figures(times: &[(u64, u64)], lags: &[(u64, u64)]) -> Figures {
    let mut figures = Figures::new(7, "test".into(), 1, 1, String::new(), Duration::from_secs(1));
    let mut kind = KindFigures::default();
    for (time, count) in times {
        for _ in 0..*count {
            kind.response.record(ms(*time));
            kind.service.record(ms(*time));
        }
        kind.answered += count;
    }
    (kind.planned, kind.sent, kind.attempts) = (kind.answered, kind.answered, kind.answered);
    for (lag, count) in lags {
        (0..*count).for_each(|_| figures.lag.record(ms(*lag)));
    }
    figures.calls = CallFigures { planned: kind.planned, started: kind.planned, in_flight_max: 1 };
    figures.took = Duration::from_secs(10);
    figures.kinds.insert("udesk:end".into(), kind);
    figures
}

/// The same, of whose pushes so many failed by a timeout and others were refused.
fn failing(timeouts: u64, refusals: u64, lag: u64) -> Figures {
    let mut figures = figures(&[(20, 900)], &[(lag, 1000)]);
    if let Some(kind) = figures.kinds.get_mut("udesk:end") {
        kind.failures.insert("timeout/first_byte".into(), timeouts);
        (kind.nacks, kind.lost) = (refusals, timeouts + refusals);
        kind.planned += timeouts + refusals;
        kind.attempts += timeouts + refusals;
        kind.answered += refusals;
    }
    figures
}

fn judge_end(asked: LoadAsked, thresholds: &[&str], figures: Figures, ended: Ended) -> LoadSummary {
    let thresholds = thresholds.iter().map(|text| Threshold::parse(text, "--threshold").expect(text)).collect();
    let terms = Terms { asked, replay: String::new(), thresholds, lag_limit: ms(5) };
    terms.judge(Outcome { figures, ended })
}

fn judge_by(asked: LoadAsked, thresholds: &[&str], figures: Figures) -> LoadSummary {
    judge_end(asked, thresholds, figures, Ended::Done)
}

/// One of so many shards, which ended so.
fn shard(number: u32, of: u32, figures: Figures, ended: Ended) -> LoadSummary {
    judge_end(asked(), &[], Figures { shards_of: of, shards: vec![number], ..figures }, ended)
}

fn merged(shards: &[&LoadSummary]) -> LoadSummary {
    let file = |summary: &&LoadSummary| ShardFile { name: "shard.json".into(), summary: (*summary).clone() };
    merge(shards.iter().map(file).collect(), Vec::new(), None, false).expect("shards of one run")
}

fn judge(thresholds: &[&str], figures: Figures) -> LoadSummary {
    judge_by(asked(), thresholds, figures)
}

fn verdict(thresholds: &[&str], figures: Figures) -> Verdict {
    judge(thresholds, figures).verdict
}

#[test]
fn what_faults_have_lost_is_excused_and_nothing_else() {
    let lost = |lost: u64, excused: u64, sent: u64| {
        let mut figures = figures(&[(20, sent)], &[(0, sent)]);
        if let Some(kind) = figures.kinds.get_mut("udesk:end") {
            (kind.lost, kind.excused, kind.planned) = (lost, excused, sent + lost + excused);
            assert!(kind.adds_up());
        }
        judge_by(LoadAsked { has_faults: true, ..asked() }, &[], figures)
    };
    assert_eq!(lost(0, 500, 500).verdict, Verdict::Passed);
    assert_eq!(lost(1, 500, 500).verdict, Verdict::ThresholdMissed);
    let all = lost(0, 500, 0);
    assert_eq!((all.verdict, all.exit), (Verdict::Invalid, 5));
    let said = "There is nothing to judge: 500 pushes planned, and 500 lost to their own faults. To have some settled, let faults \
                strike fewer of them.";
    assert_eq!(all.reasons, [said]);
}

#[test]
fn a_load_in_which_nothing_was_settled_is_invalid_whatever_is_asked_of_it() {
    let nothing = |planned: u64| {
        let mut figures = figures(&[], &[]);
        if let Some(kind) = figures.kinds.get_mut("udesk:end") {
            (kind.planned, kind.held, kind.held_by_end) = (planned, planned, planned);
        }
        figures.calls.started = planned;
        figures
    };
    for thresholds in
        [&[][..], &["lost<=100%", "held<=100%"], &["p99<1s"], &["rate<=1/s"], &["errors<1%", "udesk:end held==0"]]
    {
        let summary = judge(thresholds, nothing(8));
        assert_eq!((summary.verdict, summary.exit), (Verdict::Invalid, 5), "{thresholds:?}");
        let said = "There is nothing to judge: 8 pushes planned, and 8 held back (8 by the end of the run). To have some settled, \
                    give them more time by --linger or a faster --pace.";
        assert_eq!(summary.reasons, [said]);
        assert!(summary.thresholds.iter().all(|one| one.stands() == Stands::NotJudged), "{:?}", summary.thresholds);
    }
    for (calls, said) in [(0, "no call has started. Give"), (8, "faults kept every push from leaving. To have")] {
        let mut figures = nothing(0);
        figures.calls.started = calls;
        let none = judge(&[], figures);
        assert!(none.exit == 5 && none.reasons[0].contains(said), "{:?}", none.reasons);
    }
    // One of several shards has nothing to say of that, and the merge has.
    let shard = |number: u32, figures: Figures| shard(number, 2, figures, Ended::Done);
    let idle = shard(1, nothing(8));
    assert_eq!(idle.verdict, Verdict::Passed);
    assert_eq!(merged(&[&idle, &shard(2, nothing(8))]).verdict, Verdict::Invalid);
    assert_eq!(merged(&[&idle, &shard(2, figures(&[(20, 10)], &[]))]).verdict, Verdict::Passed);
}

#[test]
fn a_threshold_without_a_sample_is_named_and_fails_a_strict_load() {
    for (threshold, is_sampled) in [
        ("udesk:ring p99<1s", false),
        ("udesk:ring errors<1%", false),
        ("udesk:ring retries<1%", false),
        ("udesk:ring lost==0", false),
        ("udesk:ring held==0", false),
        ("udesk:ring rate>=1/s", false),
        ("udesk:end held==0", true),
        ("udesk:* lost==0", true),
    ] {
        let of = |strict| {
            let mut figures = figures(&[(20, 100)], &[(0, 100)]);
            let ring = KindFigures { planned: 3, held: 3, held_by_end: 3, ..KindFigures::default() };
            figures.kinds.insert("udesk:ring".into(), ring);
            judge_by(LoadAsked { strict, ..asked() }, &[threshold], figures)
        };
        let (lax, strict) = (of(false), of(true));
        assert_eq!((lax.exit, strict.exit), (0, u8::from(!is_sampled)), "{threshold}");
        let said =
            format!("The threshold `{threshold}` (--threshold) is not judged: there is no sample of udesk:ring.");
        match is_sampled {
            true => assert_eq!(lax.warnings, [""; 0], "{threshold}"),
            false => {
                assert_eq!(lax.warnings, std::slice::from_ref(&said));
                assert_eq!(strict.reasons, [format!("{said} With --strict that is a failure.")]);
            }
        }
    }
    // Where attempts were made and none was answered, a time is missed.
    let mut refused = figures(&[], &[]);
    if let Some(kind) = refused.kinds.get_mut("udesk:end") {
        (kind.planned, kind.lost, kind.attempts) = (5, 5, 5);
        kind.failures.insert("refused/connect".into(), 5);
    }
    assert_eq!(verdict(&["errors<=100%", "p99<1s"], refused), Verdict::ThresholdMissed);
}

#[test]
fn errors_are_refusals_and_failures() {
    for (timeouts, refusals) in [(0, 10), (10, 0), (5, 5)] {
        assert_eq!(verdict(&["errors<1%"], failing(timeouts, refusals, 0)), Verdict::ThresholdMissed);
        let kept = judge(&["errors<2%"], failing(timeouts, refusals, 0));
        assert_eq!(kept.verdict, Verdict::Passed);
        assert_eq!(kept.thresholds[0].told, "1.10% (10 of 910 attempts) of all pushes");
    }
}

#[test]
fn what_is_not_judged_is_named_and_fails_a_strict_load() {
    let of =
        |kind, line: u32| NotJudged { kind, text: "every push: status 2xx".into(), place: format!("call.yaml:{line}") };
    let with = |strict, expectations: u32| {
        let mut not_judged: Vec<_> = (1..=expectations).map(|line| of(NotJudgedKind::Expectation, line)).collect();
        not_judged.push(of(NotJudgedKind::Probe, 40));
        judge_by(LoadAsked { strict, not_judged, ..asked() }, &[], figures(&[(20, 100)], &[(0, 100)]))
    };
    let lax = with(false, 1);
    assert_eq!(lax.verdict, Verdict::Passed);
    let said = "1 expectation and 1 probe are not judged under load, only by `ringback run`: call.yaml:1 (every push: status 2xx), \
                call.yaml:40 (every push: status 2xx).";
    assert_eq!(lax.warnings, [said]);
    let strict = with(true, 6);
    assert_eq!((strict.verdict, strict.exit, strict.verdict.word()), (Verdict::Unexercised, 1, "FAILED"));
    assert!(
        strict.reasons[0].contains("6 expectations and 1 probe") && strict.reasons[0].contains("and 2 more."),
        "{strict:?}"
    );
    assert_eq!(strict.warnings, [""; 0]);
    // Whoever is strict and expects nothing else has nothing to fear.
    let nothing = judge_by(LoadAsked { strict: true, ..asked() }, &[], figures(&[(20, 100)], &[(0, 100)]));
    assert_eq!(nothing.verdict, Verdict::Passed);
}

#[test]
fn a_fault_that_struck_nothing_is_named_and_fails_a_strict_load_that_is_whole() {
    let load = |strict, may_idle, struck, shards_of, ended| {
        let mut figures = figures(&[(20, 100)], &[(0, 100)]);
        (figures.shards_of, figures.shards) = (shards_of, vec![1]);
        if struck {
            figures.strikes.insert("drop#1".into(), 1);
        }
        let fault = FaultAsked { key: "drop#1".into(), fault: "drop".into(), place: "flaky.yaml:4".into(), may_idle };
        let summary = judge_end(LoadAsked { strict, faults: vec![fault], ..asked() }, &[], figures, ended);
        let named = |texts: &[String]| texts.iter().any(|text| text.contains("`drop` (flaky.yaml:4) struck nothing"));
        (summary.verdict, named(&summary.warnings), named(&summary.reasons))
    };
    for (strict, may_idle, struck, shards_of, ended, expected) in [
        (false, false, false, 1, Ended::Done, (Verdict::Passed, true, false)),
        (true, false, false, 1, Ended::Done, (Verdict::Unexercised, false, true)),
        (true, false, true, 1, Ended::Done, (Verdict::Passed, false, false)),
        (true, true, false, 1, Ended::Done, (Verdict::Passed, false, false)),
        // It may have struck in another shard, or would have struck later.
        (true, false, false, 3, Ended::Done, (Verdict::Passed, false, false)),
        (true, false, false, 1, Ended::Interrupted, (Verdict::Interrupted, false, false)),
    ] {
        let case = format!("strict {strict}, may idle {may_idle}, struck {struck}, of {shards_of}, {ended:?}");
        assert_eq!(load(strict, may_idle, struck, shards_of, ended), expected, "{case}");
    }
}

#[test]
fn a_kind_of_which_nothing_was_planned_stands_in_no_table_and_lost_nothing() {
    let mut with = figures(&[(20, 100)], &[(0, 100)]);
    with.kinds.insert("udesk:ring".into(), KindFigures::default());
    let summary = judge(&["udesk:ring lost==0"], with);
    assert_eq!(summary.pushes.iter().map(|push| push.name.as_str()).collect::<Vec<_>>(), ["udesk:end"]);
    assert_eq!(summary.thresholds[0].told, "there is no sample of udesk:ring");
}

#[test]
fn a_percentile_of_too_few_times_is_judged_and_told() {
    let told = |threshold: &str, count: u64| judge(&[threshold], figures(&[(20, count)], &[(0, count)])).warnings;
    assert_eq!(told("p99<1s", 100), [""; 0]);
    let said = "p99<1s is judged by 99 times, and by fewer than 100 it is no more than the longest of them.";
    assert_eq!(told("p99<1s", 99), [said]);
    assert_eq!(told("p90<1s", 10), [""; 0]);
    assert_eq!(told("p90<1s", 9).len(), 1);
    assert_eq!(told("p99.9<1s", 999).len(), 1);
    assert_eq!(told("p99.9<1s", 1000), [""; 0]);
    assert_eq!([told("p50<1s", 2), told("max<1s", 1), told("errors<1%", 1)], [[""; 0], [""; 0], [""; 0]]);
}

#[test]
fn a_threshold_is_told_in_the_words_of_what_it_is_about() {
    let mut figures = failing(10, 10, 0);
    if let Some(kind) = figures.kinds.get_mut("udesk:end") {
        (kind.retries, kind.held, kind.held_by_end) = (91, 30, 20);
    }
    let told = |threshold: &str, held: bool| {
        let judged = judge(&[threshold], figures.clone()).thresholds.swap_remove(0);
        assert_eq!((judged.held, judged.without_lag), (held, None), "{threshold}");
        (judged.measured, judged.told)
    };
    assert_eq!(told("retries<9.9%", true).1, "9.89% (91 of 920 attempts) of all pushes");
    // What the end of the run held back was asked for.
    assert_eq!(told("held<10", false).1, "10 (10 of 920 pushes) of all pushes");
    assert_eq!(told("lost<=20", true).1, "20 (20 of 920 pushes) of all pushes");
    assert_eq!(told("p50<1s", true).1, "20.0ms (from the intended start) of all pushes");
    assert_eq!(told("udesk:* service max<21ms", true).1, "20.0ms (from the moment it was written) of udesk:*");
    assert_eq!(told("mean<21ms", true).0, "20.0ms");
    // Nine hundred of a thousand in ten seconds and twenty milliseconds.
    assert_eq!(told("udesk:end rate>=90/s", false).1, "89.8/s (acknowledged pushes) of udesk:end");
    assert_eq!(told("rate>=87/s", true).1, "87.9/s (calls, as far as their pushes were acknowledged) of all pushes");
    let nothing = ("nothing".to_owned(), "there is no sample of udesk:ring".to_owned());
    for threshold in ["udesk:ring errors<50%", "udesk:ring p99<1s", "udesk:ring rate<=1/s"] {
        assert_eq!(told(threshold, false), nothing);
    }
}

#[test]
fn the_first_of_what_happened_is_the_verdict() {
    let ends = |ended: Ended, started: u64| {
        let mut figures = failing(0, 900, 12);
        figures.calls.started = started;
        let summary = judge_end(asked(), &[], figures, ended);
        (summary.verdict, summary.reasons.concat(), summary.thresholds.len())
    };
    let (verdict, why, judged) = ends(Ended::Interrupted, 5);
    assert_eq!((verdict, judged), (Verdict::Interrupted, 2));
    assert_eq!(why, "A signal cut the run short after 10.0s; what was planned until then is accounted for.");
    let (verdict, why, judged) = ends(Ended::Interrupted, 0);
    assert_eq!(
        (verdict, judged, why.as_str()),
        (Verdict::Interrupted, 0, "A signal ended the run before its first call.")
    );
    for (ended, verdict, exit) in [
        (Ended::CannotGoOn("no files".into()), Verdict::CannotGoOn, 3),
        (Ended::Unreachable("no files".into()), Verdict::CannotGoOn, 3),
        (Ended::Tried("no files".into()), Verdict::ReceiverFailed, 1),
    ] {
        let (found, why, _) = ends(ended, 0);
        assert_eq!((found, found.exit().code(), why.as_str()), (verdict, exit, "no files"));
    }
    assert_eq!(ends(Ended::Done, 5).0, Verdict::ThresholdMissed);
    let mut short = figures(&[(20, 100)], &[(0, 100)]);
    short.connections.short = 1;
    assert_eq!(judge(&[], short).verdict, Verdict::Invalid);
}

#[test]
fn shards_are_judged_when_they_are_merged_and_each_by_its_own_lag() {
    let shard = |number: u32, lag: u64, ended: Ended| shard(number, 3, figures(&[(20, 500)], &[(lag, 500)]), ended);
    let (one, two, late) = (shard(1, 0, Ended::Done), shard(2, 9, Ended::Done), shard(3, 12, Ended::Done));
    assert_eq!((late.verdict, late.thresholds.len()), (Verdict::Passed, 0));
    let said = "The load generator fell behind its own schedule in shard 3: its lag has a p99 of 12.0ms and a max of 12.0ms; the \
                limit of the p99 is 5.00ms (--lag-limit). The merge of all shards is judged with it and without it.";
    assert_eq!(late.warnings, [said]);
    let whole = merged(&[&one, &two, &late]);
    assert_eq!((whole.verdict, whole.thresholds.len()), (Verdict::Passed, 2));
    assert!(whole.warnings[0].contains("in shards 2, 3: its lag has a p99 of 12.0ms"), "{:?}", whole.warnings);
    let missing = merged(&[&two]);
    assert_eq!(
        (missing.verdict, missing.reasons.concat()),
        (Verdict::CannotGoOn, "Shards 1, 3 of 3 are missing.".into())
    );
    assert_eq!(merged(&[&one, &two]).reasons, ["Shard 3 of 3 is missing."]);
    let cut = merged(&[&one, &shard(2, 0, Ended::Interrupted), &late]);
    assert_eq!(cut.verdict, Verdict::Interrupted);
    assert!(cut.reasons[0].starts_with("A signal cut the run in shard 2 short"), "{:?}", cut.reasons);
    let broken =
        merged(&[&one, &shard(2, 0, Ended::CannotGoOn("x".into())), &shard(3, 0, Ended::CannotGoOn("x".into()))]);
    assert_eq!(broken.reasons, ["The run in shards 2, 3 could not go on; its own report says why."]);
    let tried = merged(&[&one, &shard(2, 0, Ended::Tried("x".into())), &late]);
    assert_eq!((tried.verdict, tried.exit), (Verdict::ReceiverFailed, 1));
    assert_eq!(tried.reasons, ["The call that is tried first failed in shard 2; its own report says why."]);
}
