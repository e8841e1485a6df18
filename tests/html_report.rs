//! The `html` report as a file: how large it is, that it holds what the other reports hold, that nothing in it is ever markup,
//! and what it says of what it leaves out. What it looks like and does in a browser is tested in `tests/browser`.

use crate::support::command::{receiver, run};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use flate2::read::ZlibDecoder;
use ringback::diagnostic::Code;
use ringback::event::{
    Compared, DeliveryId, Difference, Expectation, FailureClass, Finding, Phase, RunEvent, Side, Story, Timing, Weight,
};
use ringback::faults::Bent;
use ringback::report::{Html, Report};
use serde_json::Value;
use std::path::Path;
use std::time::Duration;

/// What the page of a usual run may weigh.
const PAGE_MAX_BYTES: usize = 360_000;
/// What a receiver might answer to break out of wherever its answer is shown.
const HOSTILE: &str = "</script><img src=x onerror=\"document.title='broken into'\"><!--<script>]]>{{script}}&lt;b>";

/// A page and the data in it.
struct Page {
    text: String,
    overview: Value,
    details: Value,
}

impl Page {
    fn read(text: String) -> Self {
        let between = |start: &str| {
            let (_, rest) = text.split_once(start).expect("the element");
            rest.split_once("</script>").expect("its end").0
        };
        let overview = serde_json::from_str(between("id=\"overview\">")).expect("JSON");
        let packed = STANDARD.decode(between("id=\"details\">")).expect("base64");
        let details = serde_json::from_reader(ZlibDecoder::new(packed.as_slice())).expect("JSON");
        Page { text, overview, details }
    }

    fn of(events: &[RunEvent]) -> Self {
        let mut out = Vec::new();
        let mut report = Html::new(&mut out);
        events.iter().for_each(|event| report.event(event).unwrap());
        report.flush().unwrap();
        drop(report);
        Self::read(String::from_utf8(out).unwrap())
    }

    fn steps(&self, is: &str) -> Vec<&Value> {
        let stories = self.details["stories"].as_array().unwrap();
        stories.iter().flat_map(|story| story["steps"].as_array().unwrap()).filter(|step| step["is"] == is).collect()
    }

    fn bodies(&self) -> Vec<&str> {
        let bodies = self.details["bodies"].as_object().unwrap();
        bodies.values().flat_map(|bodies| bodies.as_array().unwrap()).map(|body| body.as_str().unwrap()).collect()
    }
}

fn events_of(ndjson: &Path) -> Vec<Value> {
    std::fs::read_to_string(ndjson).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// Runs with both reports; the page and the events.
fn played(arguments: &[&str]) -> (Page, Vec<Value>) {
    let folder = tempfile::tempdir().unwrap();
    let (html, ndjson) = (folder.path().join("run.html"), folder.path().join("run.ndjson"));
    let reports = [format!("--report=html={}", html.display()), format!("--report=ndjson={}", ndjson.display())];
    let mut all = vec!["run", "--seed", "7", &reports[0], &reports[1]];
    all.extend(arguments);
    run(&all);
    (Page::read(std::fs::read_to_string(&html).unwrap()), events_of(&ndjson))
}

fn agrees(page: &Page, events: &[Value]) {
    let told = |name: &str| events.iter().filter(|event| event["event"] == name).collect::<Vec<_>>();
    for (step, event) in
        [("sent", "attempted"), ("answered", "replied"), ("waits", "retry_set"), ("given_up", "given_up")]
    {
        assert_eq!(page.steps(step).len(), told(event).len(), "{step}");
    }
    let mut sent: Vec<&str> = told("attempted").iter().map(|event| event["body"].as_str().unwrap()).collect();
    let mut bodies = page.bodies();
    sent.sort_unstable();
    bodies.sort_unstable();
    assert_eq!(bodies, sent);
    assert_eq!(page.overview["stories"].as_array().unwrap().len(), told("story_started").len());
    assert_eq!(page.overview["figures"]["attempts"], told("attempted").len());
    assert!(page.text.len() < PAGE_MAX_BYTES, "{} bytes", page.text.len());
    assert_eq!(
        page.overview["left_out"],
        serde_json::json!({
            "stories": 0, "details": 0, "attempts": 0, "findings": 0, "skipped": 0
        })
    );
}

#[test]
fn the_page_of_the_headline_run_holds_all_of_it() {
    let (page, events) = played(&[]);
    agrees(&page, &events);
    assert_eq!(page.overview["run"]["verdict"], "Passed");
}

#[test]
fn the_page_of_every_shipped_scenario_holds_all_of_it() {
    let (page, events) = played(&["scenarios"]);
    agrees(&page, &events);
}

#[test]
fn numbers_of_pushes_have_their_names() {
    let (page, events) = played(&["--built-in", "inbound-answered", "--vendor", "tinet"]);
    let shown: Vec<_> = page.steps("sent").iter().map(|step| step["push"].as_str().unwrap()).collect();
    assert!(shown.contains(&"tinet:9 agent-state") && !shown.contains(&"tinet:9"), "{shown:?}");
    assert!(events.iter().any(|event| event["delivery"]["push"] == "tinet:9"));
}

#[test]
fn a_refusing_receiver_is_a_failed_run_with_its_findings() {
    let (receiver, address) = receiver("refuse");
    let (page, events) = played(&["--target", &address]);
    agrees(&page, &events);
    let found = events.iter().filter(|event| event["event"] == "found").count();
    assert!(found > 0);
    let stories = page.details["stories"].as_array().unwrap();
    assert_eq!(stories.iter().map(|story| story["findings"].as_array().unwrap().len()).sum::<usize>(), found);
    assert_eq!(page.overview["run"]["verdict"], "Failed");
    assert_eq!(page.overview["run"]["exit"], 1);
    assert!(page.overview["stories"].as_array().unwrap().iter().all(|story| story["outcome"] == "failed"));
    drop(receiver);
}

#[test]
fn the_page_goes_to_standard_output_where_that_is_no_terminal() {
    let done = run(&["run", "outbound-answered", "--vendor", "udesk", "--report", "html"]);
    assert_eq!(done.code, 0, "{}", done.err);
    assert!(done.out.starts_with("<!doctype html>"));
    assert!(done.out.trim_end().ends_with("</html>"));
}

#[test]
fn a_page_that_cannot_be_written_is_told_before_anything_is_sent() {
    let done = run(&["run", "outbound-answered", "--report", "html=/dev/null/at/all.html"]);
    assert_eq!(done.code, 3);
    assert!(done.err.contains("/dev/null/at/all.html cannot be created"), "{}", done.err);
}

#[test]
fn equal_events_make_equal_pages() {
    assert_eq!(Page::of(&every_kind()).text, Page::of(&every_kind()).text);
}

#[test]
fn nothing_from_outside_is_markup() {
    let page = Page::of(&every_kind());
    // The page's own elements, and no more.
    assert_eq!(page.text.matches("</script").count(), 3);
    assert_eq!(page.text.matches("<script").count(), 3);
    assert!(!page.text.contains("<img"));
    // All of it is there all the same.
    assert!(page.details.to_string().matches("onerror").count() >= 9);
    assert_eq!(page.details["stories"][0]["title"], HOSTILE);
    assert_eq!(page.overview["skipped"][0]["reason"], HOSTILE);
}

#[test]
fn every_kind_of_event_has_its_place() {
    let page = Page::of(&every_kind());
    for step in ["sent", "answered", "broken", "waits", "held", "dropped", "given_up"] {
        assert!(!page.steps(step).is_empty(), "{step}");
    }
    let story = &page.details["stories"][0];
    for part in ["findings", "checks", "probes", "snapshots", "records", "notes"] {
        assert!(!story[part].as_array().unwrap().is_empty(), "{part}");
    }
    assert_eq!(story["findings"][0]["difference"][1]["side"], "expected");
    assert_eq!(page.overview["findings"][0]["code"], Code::SnapshotUnused.as_str());
    assert_eq!(page.overview["stories"][0]["calls"].as_array().unwrap().len(), 2);
    // For the browser test, which looks at the same page.
    let kept = Path::new(env!("CARGO_TARGET_TMPDIR")).join("every-kind.html");
    std::fs::write(kept, page.text).unwrap();
}

#[test]
fn a_run_that_is_too_large_says_what_is_left_out() {
    let body = "x".repeat(40_000);
    let mut events = vec![started()];
    for number in 0..300 {
        events.extend(passing_story(&format!("s{number}"), &body));
    }
    events.extend(failing_story("last", &body));
    events.push(finished(1));
    let page = Page::of(&events);
    let stories = page.overview["stories"].as_array().unwrap();
    let left = stories.iter().filter(|story| story["detail"].is_null()).count();
    assert_eq!(stories.len(), 301);
    assert!(left > 0 && left < 300, "{left}");
    assert_eq!(page.overview["left_out"]["details"], left);
    assert_eq!(page.overview["left_out"]["attempts"], left);
    // What failed is shown, though it came last.
    assert!(stories[300]["detail"].is_u64());
    // Each body is cut, and its rest counted.
    let sent = page.steps("sent");
    assert_eq!(sent[0]["body"]["left"].as_u64().unwrap() + page.bodies()[0].len() as u64, 40_000);
    assert!(page.text.len() < 1_000_000, "{} bytes", page.text.len());
}

#[test]
fn a_story_that_is_too_long_is_cut() {
    const STEPS: u32 = 15_000;
    let story = story("long");
    let mut events = vec![started(), story_started(&story)];
    for number in 1..=STEPS {
        events.push(attempted(&delivery("long", number), 1, "{}"));
    }
    events.extend([RunEvent::StoryFinished { story }, finished(0)]);
    let page = Page::of(&events);
    let drawn = page.steps("sent").len() as u64;
    let left = page.details["stories"][0]["steps_left"].as_u64().unwrap();
    assert!(drawn > 1_000 && left > 100, "{drawn} and {left}");
    assert_eq!(drawn + left, u64::from(STEPS));
    assert_eq!(page.overview["left_out"]["attempts"], left);
}

fn story(scenario: &str) -> Story {
    Story { scenario: scenario.into(), vendor: "udesk" }
}

fn delivery(scenario: &str, number: u32) -> DeliveryId {
    DeliveryId { scenario: scenario.into(), push: "udesk:end".into(), call: "3f2a".into(), number, target: 1 }
}

fn started() -> RunEvent {
    RunEvent::Started {
        format: 1,
        ringback: "0.0.0",
        seed: 7,
        start: "2026-11-20T10:00:00+08:00".into(),
        pace: "fast".into(),
        targets: vec!["http://127.0.0.1:9/hook".into()],
        built_in_receiver: false,
    }
}

fn finished(exit: u8) -> RunEvent {
    RunEvent::Finished { seed: 7, interrupted: false, took: Duration::from_millis(12), exit, unwritten: Vec::new() }
}

fn story_started(story: &Story) -> RunEvent {
    RunEvent::StoryStarted {
        story: story.clone(),
        title: HOSTILE.into(),
        source: "scenarios/a.yaml".into(),
        replay: "ringback run scenarios/a.yaml --seed 7".into(),
        deliveries: 1,
        records: 0,
    }
}

fn attempted(delivery: &DeliveryId, attempt: u32, body: &str) -> RunEvent {
    let kind = if body.starts_with('{') { "application/json" } else { "application/x-www-form-urlencoded" };
    RunEvent::Attempted {
        spoilt: false,
        delivery: delivery.clone(),
        attempt,
        attempts_max: 4,
        offset: Duration::from_secs(5 * u64::from(attempt)),
        at: "2026-11-20T10:00:05+08:00".into(),
        due: Duration::from_secs(5),
        began_ms: 0,
        timeout: Duration::from_secs(5),
        account: String::new(),
        conversation: String::new(),
        delay: Duration::ZERO,
        method: "POST",
        url: "http://127.0.0.1:9/hook".into(),
        headers: vec![("Content-Type".into(), kind.into()), ("X-Odd".into(), HOSTILE.into())],
        body: body.into(),
        faults: vec![Bent::by_hand("duplicate", HOSTILE)],
    }
}

fn replied(delivery: &DeliveryId, attempt: u32, acknowledged: bool) -> RunEvent {
    RunEvent::Replied {
        version: None,
        remark: None,
        delivery: delivery.clone(),
        attempt,
        status: if acknowledged { 200 } else { 500 },
        headers: vec![("Content-Type".into(), HOSTILE.into())],
        body: HOSTILE.into(),
        truncated: false,
        timing: Timing { total: Duration::from_millis(3), ..Timing::default() },
        acknowledged,
        reason: (!acknowledged).then(|| HOSTILE.into()),
        warning: None,
    }
}

fn finding(story: &Story, delivery: Option<DeliveryId>, code: Code, weight: Weight) -> RunEvent {
    let line = |side, text: &str| Difference { side, text: text.into() };
    RunEvent::Found(Box::new(Finding {
        code,
        weight,
        story: story.clone(),
        expectation: Expectation {
            text: "udesk:end: json".into(),
            place: "scenarios/a.yaml:12".into(),
            quote: String::new(),
        },
        message: format!("the answer is other JSON: {HOSTILE}"),
        expected: "$.state is ended".into(),
        found: HOSTILE.into(),
        difference: vec![
            line(Side::Both, "{"),
            line(Side::Expected, "  \"state\": \"ended\","),
            line(Side::Found, "  \"state\": \"通话中\","),
            line(Side::Both, "}"),
        ],
        status: None,
        said: Some(HOSTILE.into()),
        attempts_max: None,
        offset: None,
        attempt: delivery.as_ref().map(|_| 2),
        curl: delivery.is_none().then(|| "curl http://127.0.0.1:9/calls/3f2a".into()),
        delivery,
        faults: Vec::new(),
        replay: "ringback run scenarios/a.yaml --seed 7".into(),
        help: None,
    }))
}

fn passing_story(name: &str, body: &str) -> Vec<RunEvent> {
    let (story, delivery) = (story(name), delivery(name, 1));
    vec![
        story_started(&story),
        attempted(&delivery, 1, body),
        replied(&delivery, 1, true),
        RunEvent::Acknowledged { delivery, attempt: 1 },
        RunEvent::StoryFinished { story },
    ]
}

fn failing_story(name: &str, body: &str) -> Vec<RunEvent> {
    let mut events = passing_story(name, body);
    events.insert(3, finding(&story(name), Some(delivery(name, 1)), Code::Status, Weight::Failed));
    events
}

/// A run with at least one event of every kind, and hostile texts wherever a text comes from outside.
fn every_kind() -> Vec<RunEvent> {
    let story = story("a");
    let one = delivery("a", 1);
    let two = DeliveryId { call: "77b0".into(), ..delivery("a", 2) };
    let three = delivery("a", 3);
    let expectation = Expectation { text: HOSTILE.into(), place: "scenarios/a.yaml:20".into(), quote: String::new() };
    let planned = |delivery: &DeliveryId, faults| RunEvent::Planned {
        delivery: delivery.clone(),
        offset: Duration::from_secs(5),
        why: "the customer hangs up".into(),
        faults,
    };
    let bent = || vec![Bent::by_hand("drop", "it never leaves")];
    vec![
        started(),
        RunEvent::Skipped { story: Story { scenario: "b".into(), vendor: "tpns" }, reason: HOSTILE.into() },
        story_started(&story),
        planned(&one, Vec::new()),
        planned(&two, Vec::new()),
        planned(&three, bent()),
        attempted(&one, 1, "{\"姓名\":\"王小明\",\"id\":12345678901234567890,\"x\":\"</script>\",\"x\":1}"),
        RunEvent::Held { delivery: two.clone(), offset: Duration::from_secs(5) },
        replied(&one, 1, false),
        RunEvent::RetrySet {
            delivery: one.clone(),
            attempt: 1,
            wait: Duration::from_secs(5),
            due: Duration::from_secs(10),
            retry_after: true,
        },
        attempted(&one, 2, "a=%E5%AE%A2%E6%9C%8D&b=1"),
        replied(&one, 2, true),
        finding(&story, Some(one.clone()), Code::Json, Weight::Failed),
        RunEvent::Acknowledged { delivery: one.clone(), attempt: 2 },
        RunEvent::Dropped { delivery: three, offset: Duration::from_secs(7200), faults: bent() },
        attempted(&two, 1, "not json {"),
        RunEvent::Failed {
            delivery: two.clone(),
            attempt: 1,
            class: FailureClass::Timeout,
            phase: Phase::FirstByte,
            message: HOSTILE.into(),
            timing: Timing { total: Duration::from_secs(5), ..Timing::default() },
        },
        RunEvent::GivenUp { delivery: two, attempts: 1, reason: HOSTILE.into(), excused: true },
        RunEvent::Recorded {
            story: story.clone(),
            offset: Duration::from_secs(6),
            why: "the call is over".into(),
            account: String::new(),
            id: "r1".into(),
            at_ms: 0,
            record: serde_json::json!({ "note": HOSTILE }),
        },
        RunEvent::Probed {
            silent: None,
            story: story.clone(),
            delivery: Some(one),
            expectation: expectation.clone(),
            asked: "GET http://127.0.0.1:9/calls/3f2a".into(),
            tries: 3,
            status: Some(200),
            body: HOSTILE.into(),
            took: Duration::from_millis(300),
            agrees: true,
        },
        RunEvent::Probed {
            silent: None,
            story: story.clone(),
            delivery: None,
            expectation: expectation.clone(),
            asked: HOSTILE.into(),
            tries: 1,
            status: None,
            body: String::new(),
            took: Duration::from_millis(300),
            agrees: false,
        },
        finding(&story, None, Code::ProbeDisagrees, Weight::Failed),
        RunEvent::Checked { story: story.clone(), expectation, judged: 2, failed: 1 },
        RunEvent::Compared { story: story.clone(), file: "snapshots/a.snap".into(), outcome: Compared::Changed },
        RunEvent::Disabled { story: story.clone(), url: HOSTILE.into(), failures: 3, untried: 2 },
        RunEvent::Transcript { story: story.clone(), call: "3f2a".into(), attempts: 2, sha256: "00".into() },
        RunEvent::StoryFinished { story: story.clone() },
        finding(&story, None, Code::SnapshotUnused, Weight::Remark),
        finished(1),
    ]
}
