//! The page of a load as a file: how large it is, that it holds what the summary holds, that nothing in it is ever markup, and
//! what it says of what it leaves out. What it looks like and does in a browser is tested in `tests/browser`.

use ringback::contract::Threshold;
use ringback::load::merge::{ShardFile, merge};
use ringback::load::report::{LoadHtml, LoadReport};
use ringback::load::summary::{ArrivalAsked, LoadAsked, StageAsked, StoryAsked, ThresholdAsked};
use ringback::load::{Ended, Figures, KindFigures, Latency, LoadSummary, Outcome, Point, Terms};
use serde_json::Value;
use std::path::Path;
use std::time::Duration;

/// What a page may weigh, however long the load was.
const PAGE_MAX_BYTES: usize = 300_000;
/// What a receiver, or whoever names things, might write to break out of wherever it is shown.
const HOSTILE: &str = "</script><img src=x onerror=\"document.title='broken into'\"><!--<script>]]>{{script}}&lt;b>";

fn page(summary: &LoadSummary) -> (String, Value) {
    let mut out = Vec::new();
    LoadHtml::new(&mut out).finished(summary).unwrap();
    let text = String::from_utf8(out).unwrap();
    let (_, rest) = text.split_once("id=\"overview\">").unwrap();
    let overview = serde_json::from_str(rest.split_once("</script>").unwrap().0).unwrap();
    (text, overview)
}

/// Leaves a page for the browser test, which looks at the same ones.
fn leave(name: &str, text: &str) {
    std::fs::write(Path::new(env!("CARGO_TARGET_TMPDIR")).join(name), text).unwrap();
}

fn ms(milliseconds: u64) -> Duration {
    Duration::from_millis(milliseconds)
}

/// A load of two minutes: the rate rises, the receiver stalls for a while, refuses some, and is at its limit.
fn figures(shard: u32, of: u32) -> Figures {
    let mut figures =
        Figures::new(7, "200/s".into(), shard, of, "2026-11-20T10:00:00+08:00".into(), Duration::from_secs(1));
    figures.took = ms(121_300);
    let (mut end, mut answer) = (KindFigures::default(), KindFigures::default());
    for second in 0..122_u64 {
        let is_stalled = (50..56).contains(&second);
        let due = if second < 120 { 40 + second.min(90) * 2 } else { 0 };
        let (mut response, mut service) = (Latency::default(), Latency::default());
        let mut point = Point { due, written: due, in_flight: 3 + second % 4, ..Point::default() };
        point.calls = if second < 121 { 30 + second * 8 } else { 0 };
        for push in 0..due {
            let took = ms(2 + (push * 7 + second) % 19 + if push % 97 == 0 { 130 } else { 0 });
            let kind = if push % 3 == 0 { &mut answer } else { &mut end };
            kind.planned += 1;
            if is_stalled && push % 5 == 0 {
                kind.lost += 1;
                kind.attempts += 1;
                point.lost += 1;
                point.failed += 1;
                let name = if push % 2 == 0 { "timeout/first_byte" } else { "closed/first_byte" };
                *kind.failures.entry(name.into()).or_default() += 1;
                *point.failures.entry(name.into()).or_default() += 1;
                continue;
            }
            if second > 100 && push % 50 == 0 {
                kind.held += 1;
                point.held += 1;
                continue;
            }
            let waited = if is_stalled { ms((56 - second) * 900) } else { Duration::ZERO };
            kind.attempts += 1;
            kind.answered += 1;
            point.answered += 1;
            if push % 41 == 0 {
                kind.nacks += 1;
                kind.attempts += 1;
                kind.answered += 1;
                kind.retries += 1;
                point.nacks += 1;
                *kind.statuses.entry(503).or_default() += 1;
            }
            kind.sent += 1;
            *kind.statuses.entry(200).or_default() += 1;
            for latency in [&mut kind.response, &mut response] {
                latency.record(took + waited);
            }
            for latency in [&mut kind.service, &mut service] {
                latency.record(took);
            }
            figures.lag.record(Duration::from_micros(60 + push % 200));
        }
        if is_stalled {
            point.in_flight = 200 + second;
        }
        (point.response, point.service) = (packed(&response), packed(&service));
        figures.points.push(point);
    }
    figures.calls.planned = 9_000;
    figures.calls.started = (end.planned + answer.planned) / 3;
    figures.calls.in_flight_max = 998;
    figures.connections.opened = 64;
    figures.kinds.insert("udesk:end".into(), end);
    figures.kinds.insert("udesk:agent_answer".into(), answer);
    figures
}

fn packed(latency: &Latency) -> ringback::load::latency::Packed {
    ringback::load::latency::Packed::of(latency)
}

fn asked() -> LoadAsked {
    LoadAsked {
        stories: vec![StoryAsked {
            name: "outbound-answered by udesk".into(),
            weight: 1,
            made: "compiled, 12.3 kB; every call has its own ids, names, numbers, words and waits".into(),
        }],
        targets: vec!["http://127.0.0.1:9/hook".into()],
        arrival: ArrivalAsked::Even,
        stages: vec![
            StageAsked { lasting_us: 90_000_000, from: 15.0, to: 75.0 },
            StageAsked { lasting_us: 30_000_000, from: 75.0, to: 75.0 },
        ],
        closed: None,
        lasting_us: 120_000_000,
        starting_us: 120_000_000,
        max_calls: None,
        pace: 60.0,
        start: "2026-11-20T10:00:00+08:00".into(),
        seed: 7,
        max_in_flight: 10_000,
        connections: 64,
        workers: 1,
        sample: 100,
        has_faults: false,
        timeout_us: 3_000_000,
        not_judged: Vec::new(),
        faults: Vec::new(),
        strict: false,
        thresholds: Vec::new(),
    }
}

fn judged(figures: Figures, thresholds: &[&str]) -> LoadSummary {
    let terms = Terms {
        asked: LoadAsked {
            thresholds: thresholds
                .iter()
                .map(|text| ThresholdAsked { text: (*text).into(), place: "--threshold".into() })
                .collect(),
            ..asked()
        },
        replay: "ringback load outbound-answered --vendor udesk --rate 75/s --seed 7".into(),
        thresholds: thresholds.iter().map(|text| Threshold::parse(text, "--threshold").unwrap()).collect(),
        lag_limit: ms(5),
    };
    terms.judge(Outcome { figures, ended: Ended::Done })
}

#[test]
fn the_page_holds_what_the_summary_holds() {
    let summary = judged(figures(1, 1), &["p99<200ms", "errors<10%", "udesk:end p50<1s"]);
    let (text, overview) = page(&summary);
    leave("load-lively.html", &text);
    assert!(text.len() < PAGE_MAX_BYTES, "{} bytes", text.len());
    assert_eq!((&overview["verdict"], &overview["exit"]), (&"Missed".into(), &4.into()));
    assert_eq!(overview["total"], serde_json::to_value(&summary.total).unwrap());
    assert_eq!(overview["pushes"], serde_json::to_value(&summary.pushes).unwrap());
    assert_eq!(overview["thresholds"], serde_json::to_value(&summary.thresholds).unwrap());
    assert_eq!(overview["lag"], serde_json::to_value(summary.lag).unwrap());
    let sum =
        |name: &str| overview["over_time"][name].as_array().unwrap().iter().map(|n| n.as_u64().unwrap()).sum::<u64>();
    let points = |count: fn(&Point) -> u64| summary.figures.points.iter().map(count).sum::<u64>();
    assert_eq!(sum("due"), points(|point| point.due));
    assert_eq!(sum("answered"), points(|point| point.answered));
    assert_eq!(sum("held"), points(|point| point.held));
    assert_eq!(sum("lost"), points(|point| point.lost));
    // The end of the run, in the middle of its second, is a part of the last point.
    let ends = overview["over_time"]["end_us"].as_array().unwrap();
    assert_eq!((ends.len(), ends.last()), (121, Some(&121_300_000.into())));
    let at = |line: &str, second: usize| overview["over_time"][line]["p99_us"][second].as_u64().unwrap();
    assert!(at("response", 50) > 5_000_000 && at("service", 50) < 200_000);
    let failures = overview["failures"].as_array().unwrap();
    let attempts = failures.iter().map(|failed| failed["attempts"].as_u64().unwrap()).sum::<u64>();
    assert_eq!(attempts, summary.figures.total().failed());
    assert_eq!(failures[0]["told"], "timed out (first byte)");
    assert_eq!(overview["left_out"], serde_json::json!({ "pushes": 0, "parts": 0, "lines": 0 }));
    assert_eq!(page(&summary).0, text);
}

#[test]
fn nothing_from_outside_is_markup() {
    let mut figures = figures(1, 1);
    figures.notes.push(HOSTILE.into());
    figures.asked = HOSTILE.into();
    figures.began = HOSTILE.into();
    let kind = figures.kinds.remove("udesk:end").unwrap();
    figures.kinds.insert(HOSTILE.into(), kind);
    figures.points[3].failures.insert(HOSTILE.into(), 9);
    figures.kinds.get_mut("udesk:agent_answer").unwrap().failures.insert(HOSTILE.into(), 9);
    let mut summary = judged(figures, &["p99<1s"]);
    summary.reasons.push(HOSTILE.into());
    summary.replay = HOSTILE.into();
    summary.ringback = HOSTILE.into();
    summary.asked.targets.push(HOSTILE.into());
    summary.asked.start = HOSTILE.into();
    summary.asked.stories[0].name = HOSTILE.into();
    summary.asked.stories[0].made = HOSTILE.into();
    for judged in &mut summary.thresholds {
        (judged.text, judged.place, judged.told, judged.measured) =
            (HOSTILE.into(), HOSTILE.into(), HOSTILE.into(), HOSTILE.into());
    }
    let (text, overview) = page(&summary);
    leave("load-hostile.html", &text);
    // The page's own elements, and no more.
    assert_eq!((text.matches("</script").count(), text.matches("<script").count()), (2, 2));
    assert!(!text.contains("<img"));
    // All of it is there all the same.
    assert!(
        overview.to_string().matches("onerror").count() >= 15,
        "{}",
        overview.to_string().matches("onerror").count()
    );
}

#[test]
fn shards_make_one_page_and_one_that_is_missing_is_told() {
    let shard = |number| {
        let summary = judged(figures(number, 3), &["errors<5%"]);
        let text = serde_json::to_string(&summary).unwrap();
        ShardFile::read(&format!("shard-{number}.json"), &text).unwrap()
    };
    let (text, overview) = page(&merge([1, 2, 3].map(shard).into(), Vec::new(), None, false).unwrap());
    leave("load-merged.html", &text);
    assert_eq!((overview["parts"].as_array().unwrap().len(), &overview["shards_of"]), (3, &3.into()));
    let one = figures(1, 1).total();
    assert_eq!(overview["total"]["planned"], 3 * one.planned);
    assert_eq!(overview["over_time"]["due"][0], 3 * 40);
    let (text, overview) = page(&merge([1, 3].map(shard).into(), Vec::new(), None, false).unwrap());
    assert_eq!((&overview["verdict"], &overview["missing"]), (&"Broken off".into(), &serde_json::json!([2])));
    leave("load-missing.html", &text);
}

#[test]
fn a_load_of_a_day_makes_no_larger_page() {
    let mut long = figures(1, 1);
    let day = long.points.clone();
    long.points = (0..3_600).map(|point| day[point % 100].clone()).collect();
    long.point_length = Duration::from_secs(24);
    long.took = Duration::from_secs(86_400);
    let kind = long.kinds["udesk:end"].clone();
    long.kinds = (0..250).map(|number| (format!("vendor:push-{number}"), kind.clone())).collect();
    long.notes = (0..1_000).map(|number| format!("{number} {}", "long ".repeat(1_000))).collect();
    let (text, overview) = page(&judged(long, &[]));
    assert_eq!(overview["over_time"]["end_us"].as_array().unwrap().len(), 600);
    assert_eq!(overview["left_out"], serde_json::json!({ "pushes": 50, "parts": 0, "lines": 950 }));
    assert!(text.len() < PAGE_MAX_BYTES, "{} bytes", text.len());
}

#[test]
fn a_load_that_never_began_has_a_page_too() {
    let figures = Figures::new(7, String::new(), 1, 1, "2026-11-20T10:00:00+08:00".into(), Duration::from_secs(1));
    let terms = Terms { asked: asked(), replay: String::new(), thresholds: Vec::new(), lag_limit: ms(5) };
    let ended = Ended::Tried("udesk:end was answered with 404: not found".into());
    let (text, overview) = page(&terms.judge(Outcome { figures, ended }));
    leave("load-tried.html", &text);
    assert_eq!((&overview["verdict"], &overview["exit"]), (&"Failed".into(), &1.into()));
    assert!(overview["over_time"]["end_us"].as_array().unwrap().is_empty());
}
