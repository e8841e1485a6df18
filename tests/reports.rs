//! The reports that machines read: valid, complete, bounded, and of one mind with the exit code.

use crate::support;
mod whole;

use crate::support::command::{Running, done, receiver, ringback, run};
use jsonschema::Validator;
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use ringback::diagnostic::Code;
use ringback::event::{Difference, EVENT_FORMAT, Expectation, Finding, RunEvent, Side, Story, Weight};
use ringback::report::{ANNOTATIONS_MAX, Github, Json, Junit, Report};
use ringback::schema;
use serde_json::Value;
use std::collections::BTreeMap;
use std::io::Write;
use std::net::TcpListener;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// What one run wrote, by format.
struct Written {
    code: i32,
    json: Value,
    events: Vec<Value>,
    junit: Document,
    job_summary: String,
}

fn asked(folder: &Path) -> Vec<String> {
    ["json", "ndjson", "junit", "github"]
        .iter()
        .flat_map(|format| ["--report".to_owned(), format!("{format}={}", folder.join(format).display())])
        .collect()
}

fn written(folder: &Path, code: i32) -> Written {
    let text = |format: &str| std::fs::read_to_string(folder.join(format)).expect("a report");
    let read = |text: &str| serde_json::from_str::<Value>(text).expect("JSON");
    Written {
        code,
        json: read(&text("json")),
        events: text("ndjson").lines().map(read).collect(),
        junit: document(&text("junit")),
        job_summary: text("github"),
    }
}

fn play(arguments: &[&str]) -> Written {
    let folder = tempfile::tempdir().expect("a folder");
    let mut command = ringback(&[&["run", "--seed", "7"], arguments].concat());
    command.args(asked(folder.path()));
    let done = done(command);
    assert!(!done.err.contains("panicked"), "{}", done.err);
    written(folder.path(), done.code)
}

fn closed() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    format!("http://{}/hook", listener.local_addr().expect("an address"))
}

/// Runs that end in each of the ways in which a run can end.
fn every_way_to_end() -> Vec<(&'static str, Written)> {
    let (_refusing, refusing) = receiver("refuse");
    let (_good, good) = receiver("ok");
    let one = ["outbound-answered", "--vendor", "udesk"];
    vec![
        ("passed", play(&["inbound-queue-abandon", "push-finished"])),
        ("failed", play(&[&one[..], &["--target", &refusing]].concat())),
        ("could_not_go_on", play(&[&one[..], &["--target", &closed()]].concat())),
        (
            "passed",
            play(&["transfer", "--vendor", "7moor", "--target", &good, "--faults", "flaky-network,broken-encoder"]),
        ),
        ("interrupted", interrupted()),
    ]
}

fn interrupted() -> Written {
    let folder = tempfile::tempdir().expect("a folder");
    let mut command = ringback(&["run", "outbound-answered", "--vendor", "udesk", "--pace", "1x", "--report", "term"]);
    command.args(asked(folder.path()));
    let running = Running::start(command);
    while !running.line().contains("outbound-answered by udesk") {}
    running.interrupt();
    let code = running.end().code;
    written(folder.path(), code)
}

fn editor(schema: &Value) -> Validator {
    jsonschema::draft202012::meta::validate(schema).unwrap_or_else(|error| panic!("{error}"));
    jsonschema::draft202012::new(schema).expect("a schema that can be used")
}

fn is_valid(schema: &Validator, value: &Value) {
    let wrong: Vec<String> =
        schema.iter_errors(value).map(|error| format!("{}: {error}", error.instance_path())).collect();
    assert!(wrong.is_empty(), "{}\n{value:#}", wrong.join("\n"));
}

#[test]
fn every_report_of_every_kind_of_run_is_valid_and_they_agree() {
    let (summaries, lines) = (editor(&schema::report()), editor(&schema::events()));
    for (outcome, run) in every_way_to_end() {
        is_valid(&summaries, &run.json);
        run.events.iter().for_each(|event| is_valid(&lines, event));
        assert_eq!(
            (&run.json["format"], &run.json["outcome"]),
            (&Value::from(1), &Value::from(outcome)),
            "{:#}",
            run.json
        );
        assert_eq!(run.json["exit"], run.code);

        let of_kind = |kind: &str| run.events.iter().filter(|event| event["event"] == kind).count();
        let figure = |name: &str| run.json["totals"][name].as_u64().expect("a figure") as usize;
        for (name, kind) in [
            ("planned", "planned"),
            ("attempts", "attempted"),
            ("acknowledged", "acknowledged"),
            ("dropped", "dropped"),
        ] {
            assert_eq!(figure(name), of_kind(kind), "{outcome}: {name}");
        }
        let stories = run.json["stories"].as_array().expect("stories");
        assert_eq!(stories.len(), of_kind("story_started") + of_kind("skipped"), "{outcome}");
        let sum =
            |name: &str| stories.iter().map(|story| story[name].as_u64().expect("a figure")).sum::<u64>() as usize;
        assert_eq!((sum("planned"), sum("attempts")), (figure("planned"), figure("attempts")), "{outcome}");
        let found: usize = stories.iter().map(|story| story["findings"].as_array().expect("findings").len()).sum();
        assert_eq!(found, of_kind("found"), "{outcome}");

        // What belongs to no story has a suite of its own.
        let of_stories = run.junit.suites.iter().filter(|suite| suite.attributes["name"] != "ringback").count();
        assert_eq!(of_stories, stories.len(), "{outcome}");
        let bad = run.junit.suites.iter().flat_map(|suite| &suite.cases).filter(|case| case.is_bad()).count();
        assert_eq!(bad > 0, [1, 3].contains(&run.code), "{outcome}");
        assert!(run.job_summary.starts_with("## Ringback: "), "{}", run.job_summary);
        assert!(run.job_summary.contains(&format!("(exit {})", run.code)), "{}", run.job_summary);
    }
}

#[test]
fn the_schemas_are_printed_and_bite() {
    let printed = run(&["schema", "report"]);
    assert_eq!((printed.code, printed.out), (0, format!("{:#}\n", schema::report())));
    assert_eq!(run(&["schema", "events"]).out, format!("{:#}\n", schema::events()));
    assert!(!schema::events().to_string().contains("nanos"), "every length of time is a whole number");
    let (summaries, lines) = (editor(&schema::report()), editor(&schema::events()));
    let good = play(&["outbound-answered", "--vendor", "udesk"]);
    for (path, bad) in [("/exit", "0".into()), ("/outcome", "fine".into()), ("/totals/planned", Value::Null)] {
        let mut wrong = good.json.clone();
        *wrong.pointer_mut(path).expect("a value") = bad;
        assert!(!summaries.is_valid(&wrong), "{path}");
    }
    let mut wrong = good.events[0].clone();
    wrong["event"] = "stared".into();
    assert!(!lines.is_valid(&wrong));
}

#[test]
fn a_failing_case_tells_all_that_is_needed() {
    let (_refusing, address) = receiver("refuse");
    let folder = tempfile::tempdir().expect("a folder");
    let scenario = run(&["show", "outbound-answered"]).out;
    let path = support::command::file(folder.path(), "call.yaml", &scenario);
    let run = play(&[&path, "--vendor", "udesk", "--target", &address]);
    let suite = &run.junit.suites[0];
    assert_eq!(suite.attributes["name"], "call by udesk");
    assert_eq!(suite.attributes["file"], path);
    let case = suite.cases.iter().find(|case| case.is_bad()).expect("a case that failed");
    assert_eq!(case.attributes["classname"], "udesk.call");
    assert_eq!(case.attributes["file"], path);
    let (kind, attributes, text) = case.outcome.as_ref().expect("an outcome");
    assert_eq!((kind.as_str(), attributes["type"].as_str()), ("failure", "RB-201"));
    assert!(attributes["message"].contains("never acknowledged") && attributes["message"].ends_with("(and 3 more)"));
    for told in
        ["expected  ", "found     status 503", "curl --request POST", "replay    ringback run", "--seed 7", "RB-201"]
    {
        assert!(text.contains(told), "{told}\n{text}");
    }
    assert!(run.job_summary.contains("RB-201") && run.job_summary.contains("<details>"), "{}", run.job_summary);
}

#[test]
fn the_replay_of_a_built_in_scenario_runs() {
    let run_once = play(&["outbound-answered", "--vendor", "udesk"]);
    let replay = run_once.json["stories"][0]["replay"].as_str().expect("a command");
    let words: Vec<&str> = replay.split(' ').skip(1).collect();
    let again = run(&words);
    assert_eq!(again.code, 0, "{replay}\n{}{}", again.out, again.err);
}

#[test]
fn a_skipped_story_is_a_skipped_case() {
    let run = play(&["inbound-queue-abandon"]);
    let suite = run.junit.suites.iter().find(|suite| suite.attributes["name"].ends_with("by tpns")).expect("a suite");
    let (kind, attributes, _) = suite.cases[0].outcome.as_ref().expect("an outcome");
    assert!(kind == "skipped" && !attributes["message"].is_empty());
}

#[test]
fn in_ci_no_case_is_skipped_in_every_run() {
    let folder = tempfile::tempdir().expect("a folder");
    let (_answering, address) = receiver("ok");
    let expect = "title: A call\ncall: { kind: direct }\nscript: [ring: customer, answer: customer, hangup: agent]\n\
                  expect:\n  - { push: \"udesk:*\", status: 2xx }\n  - { push: \"7moor:*\", status: 204 }\n";
    let path = support::command::file(folder.path(), "direct.yaml", expect);
    let mut command = ringback(&["run", &path, "inbound-queue-abandon", "--target", &address]);
    command.args(asked(folder.path())).env("CI", "true");
    assert_eq!(done(command).code, 0);
    let text = std::fs::read_to_string(folder.path().join("junit")).expect("a report");
    let document = document(&text);
    let cases: Vec<&Case> = document.suites.iter().flat_map(|suite| &suite.cases).collect();
    assert!(!cases.is_empty() && cases.iter().all(|case| case.outcome.is_none()), "{text}");
    assert_eq!(document.attributes.get("skipped").map_or("0", String::as_str), "0");
    // Whatever has no case is named.
    for told in ["skipped: inbound-queue-abandon by tpns: ", "not judged: 7moor:*: status 204"] {
        assert!(text.contains(told), "{told}\n{text}");
    }
    let played = document.suites.iter().filter(|suite| suite.attributes["name"].contains(" by "));
    assert!(played.clone().count() > 3 && played.into_iter().all(|suite| !suite.cases.is_empty()), "{text}");
}

#[test]
fn github_gets_annotations_on_standard_output_and_the_summary_where_it_asks() {
    let folder = tempfile::tempdir().expect("a folder");
    let summary = support::command::file(folder.path(), "summary.md", "# From another step\n");
    let (_refusing, address) = receiver("refuse");
    let mut command =
        ringback(&["run", "--vendor", "udesk", "--target", &address, "--report", "term", "--report", "github"]);
    command.env("GITHUB_STEP_SUMMARY", &summary);
    let done = done(command);
    assert_eq!(done.code, 1, "{}", done.err);
    let errors: Vec<&str> = done.out.lines().filter(|line| line.starts_with("::error ")).collect();
    // The receiver refuses every push: that is one finding, wherever it shows.
    assert_eq!(errors.len(), 1, "{errors:?}");
    assert!(errors[0].contains("%0Aplaces    ") && errors[0].contains("%0Asaid      "), "{}", errors[0]);
    assert!(errors[0].contains("title=RB-201 ") && errors[0].contains("%0Areplay "), "{}", errors[0]);
    let [groups, ends] =
        ["::group::", "::endgroup::"].map(|word| done.out.lines().filter(|line| line.starts_with(word)).count());
    assert!(groups > 0 && groups == ends);
    assert!(done.out.contains("FAIL (exit 1)"), "the terminal's report stands beside it");
    let written = std::fs::read_to_string(&summary).expect("a summary");
    assert!(written.starts_with("# From another step\n## Ringback: failed (exit 1)\n"), "{written}");
    let refused = run(&["run", "--report", "ndjson", "--report", "github"]);
    assert!(refused.code == 2 && refused.err.contains("standard output"), "commands would stand between the JSON");
}

#[test]
fn secrets_are_in_no_report() {
    let (_refusing, address) = receiver("refuse");
    let folder = tempfile::tempdir().expect("a folder");
    let scenario = "title: Signed\ncall: { kind: direct }\ndeliver:\n  headers: { Authorization: Bearer planted-one, X-Api-Key: planted-two }\n  sign: { scheme: hmac-sha256, header: X-Sign, secret: planted-three }\nscript: [ring: customer, answer: customer, hangup: agent]\n";
    let path = support::command::file(folder.path(), "signed.yaml", scenario);
    let mut command =
        ringback(&["run", &path, "--target", &address, "--report", "term", "--report", "github", "--verbose"]);
    command.args(asked(folder.path())).env("GITHUB_STEP_SUMMARY", folder.path().join("summary.md"));
    let done = done(command);
    assert!(done.code == 1 && done.out.contains("Authorization: Bearer ***"), "{}", done.out);
    let mut told = vec![done.out, done.err];
    for report in ["json", "ndjson", "junit", "github", "summary.md"] {
        told.push(std::fs::read_to_string(folder.path().join(report)).expect("a report"));
    }
    assert!(told.iter().all(|text| !text.contains("planted-")), "{told:?}");
}

#[test]
fn reports_are_listed() {
    let listed = run(&["list", "reports"]).out;
    let words: Vec<&str> = listed.lines().filter_map(|line| line.split_whitespace().next()).collect();
    for word in ["term", "json", "ndjson", "junit", "github"] {
        assert!(words.contains(&word), "{listed}");
    }
}

// What a hostile receiver says, told to the reports directly.

const HOSTILE: &str =
    "a|b `c` ```` <script>x</script> ]]> & \"q\" 'p'\r\n::error::pwned\n##[error]pwned\u{0}\u{1b}[31m 满意 %0A,:";

fn hostile(weight: Weight, number: u32, place: &str) -> Finding {
    let line = |side| Difference { side, text: HOSTILE.to_owned() };
    Finding {
        code: Code::Json,
        weight,
        story: story(),
        expectation: Expectation { text: format!("{number} {HOSTILE}"), place: place.to_owned(), quote: String::new() },
        message: HOSTILE.to_owned(),
        expected: HOSTILE.to_owned(),
        found: HOSTILE.repeat(200),
        difference: (0..100).flat_map(|_| [line(Side::Expected), line(Side::Found)]).collect(),
        status: Some(500),
        said: Some(HOSTILE.to_owned()),
        delivery: None,
        attempt: Some(1),
        attempts_max: Some(4),
        offset: None,
        faults: Vec::new(),
        curl: Some(HOSTILE.repeat(10)),
        replay: HOSTILE.to_owned(),
        help: Some(HOSTILE.to_owned()),
    }
}

fn story() -> Story {
    Story { scenario: "hos|tile<b>".to_owned(), vendor: "udesk" }
}

fn told(findings: Vec<Finding>, exit: u8) -> Vec<RunEvent> {
    let (story, start) = (story(), "2026-03-02T09:30:00+08:00".to_owned());
    let mut events = vec![
        RunEvent::Started {
            format: EVENT_FORMAT,
            ringback: "0.0.0",
            seed: 7,
            start,
            pace: "fast".to_owned(),
            targets: Vec::new(),
            built_in_receiver: false,
        },
        RunEvent::StoryStarted {
            story: story.clone(),
            title: HOSTILE.to_owned(),
            source: "a b/c,d.yaml".to_owned(),
            replay: HOSTILE.to_owned(),
            deliveries: 0,
            records: 0,
        },
    ];
    for finding in findings {
        let (expectation, failed) = (finding.expectation.clone(), u64::from(finding.weight == Weight::Failed));
        events.push(RunEvent::Found(Box::new(finding)));
        events.push(RunEvent::Checked { story: story.clone(), expectation, judged: 1, failed });
    }
    let expectation =
        Expectation { text: "never judged".to_owned(), place: "a b/c,d.yaml:9".to_owned(), quote: String::new() };
    events.push(RunEvent::Checked { story: story.clone(), expectation, judged: 0, failed: 0 });
    events.push(RunEvent::StoryFinished { story });
    events.push(RunEvent::Finished {
        seed: 7,
        interrupted: false,
        took: Duration::from_secs(1),
        exit,
        unwritten: Vec::new(),
    });
    events
}

/// Bytes that outlive the report that writes them.
#[derive(Clone, Default)]
struct Paper(Arc<Mutex<Vec<u8>>>);

impl Write for Paper {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().expect("a lock").write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl Paper {
    fn text(&self) -> String {
        String::from_utf8(self.0.lock().expect("a lock").clone()).expect("UTF-8")
    }
}

fn tell(report: &mut dyn Report, events: &[RunEvent]) {
    events.iter().for_each(|event| report.event(event).expect("an event that can be told"));
    report.flush().expect("a report that can be written");
}

#[test]
fn what_a_hostile_receiver_says_stays_text() {
    let weights = [Weight::Failed, Weight::Unknown, Weight::Pending, Weight::Remark];
    let findings = weights.iter().zip(1..).map(|(weight, number)| hostile(*weight, number, "a b/c,d.yaml:7")).collect();
    let events = told(findings, 3);

    let paper = Paper::default();
    tell(&mut Junit::new(paper.clone()), &events);
    let document = document(&paper.text());
    let cases = &document.suites[0].cases;
    let kinds: Vec<&str> =
        cases.iter().map(|case| case.outcome.as_ref().map_or("", |(kind, ..)| kind.as_str())).collect();
    assert_eq!(kinds, ["failure", "error", "failure", "", "skipped"]);
    assert_eq!((cases[0].attributes["file"].as_str(), cases[0].attributes["line"].as_str()), ("a b/c,d.yaml", "7"));
    let (_, attributes, text) = cases[0].outcome.as_ref().expect("an outcome");
    assert!(attributes["message"].contains("<script>x</script> ]]> & \"q\" 'p'") && text.contains("满意"), "{text}");

    let (commands, summary) = (Paper::default(), Paper::default());
    tell(&mut Github::new(Some(commands.clone()), Some(summary.clone())), &events);
    let commands = commands.text();
    let by_the_runner: Vec<&str> = commands.lines().filter(|line| line.trim_start().starts_with("::")).collect();
    let ours = [
        "::error file=a b/c%2Cd.yaml,line=7,title=RB-2",
        "::warning file=",
        "::notice file=",
        "::group::",
        "::endgroup::",
    ];
    assert_eq!(by_the_runner.len(), 6, "{by_the_runner:?}");
    assert!(by_the_runner.iter().all(|line| ours.iter().any(|own| line.starts_with(own))), "{by_the_runner:?}");
    assert!(!commands.lines().any(|line| line.contains("##[") && !line.starts_with("::")), "the older kind of command");
    let summary = summary.text();
    let outside_fences: Vec<&str> = summary.split("`````").step_by(2).collect();
    assert!(!outside_fences.concat().contains("<script>"));
    assert!(outside_fences[0].contains("hos&#124;tile&lt;b&gt;"));

    let paper = Paper::default();
    tell(&mut Json::new(paper.clone()), &events);
    is_valid(&editor(&schema::report()), &serde_json::from_str(&paper.text()).expect("JSON"));
}

#[test]
fn reports_are_bounded() {
    let small = |number| Finding {
        found: String::new(),
        difference: Vec::new(),
        ..hostile(Weight::Failed, number, "c.yaml:7")
    };
    let large = (0..60).map(|number| hostile(Weight::Failed, number, "c.yaml:7"));
    let findings = large.chain((60..3_000).map(small)).collect();
    let events = told(findings, 1);
    let (json, junit, commands, summary) = (Paper::default(), Paper::default(), Paper::default(), Paper::default());
    tell(&mut Json::new(json.clone()), &events);
    tell(&mut Junit::new(junit.clone()), &events);
    tell(&mut Github::new(Some(commands.clone()), Some(summary.clone())), &events);
    let value: Value = serde_json::from_str(&json.text()).expect("JSON");
    assert_eq!(value["left_out"]["findings"], 2_900);
    assert_eq!(value["stories"][0]["checks"].as_array().map(Vec::len), Some(3_001));
    assert!(summary.text().len() < 1_000_000, "GitHub takes a mebibyte: {}", summary.text().len());
    assert!(summary.text().contains("and 2950 more findings"));
    // What was left out of the findings still fails its case.
    let document = document(&junit.text());
    assert_eq!(document.attributes["failures"], "3000");
    let commands = commands.text();
    let errors: Vec<&str> = commands.lines().filter(|line| line.starts_with("::error ")).collect();
    assert_eq!(errors.len(), ANNOTATIONS_MAX);
    assert!(errors.last().is_some_and(|line| line.contains(" more, which ")), "{errors:?}");
}

// Names, titles, values and answers that are hostile, through the command.

/// What a terminal, a line of a log or the layout of text obeys, and what a CI server takes for a command.
const OBEYED: &str = "x\u{1b}[2J\u{1b}]0;y\u{7}\u{9b}2J\u{85}\u{202e}\u{2066}\u{200f}\u{61c}\u{2028}\n::error file=x::INJECTED\r\n  ::add-mask::a ##[error]b ##vso[task]c";

/// What must be in no output besides the colours that Ringback writes itself.
fn is_inert(what: &str, text: &str) {
    let mut plain = String::new();
    let mut parts = text.split("\u{1b}[");
    plain += parts.next().unwrap_or_default();
    for part in parts {
        let digits = part.bytes().take_while(|byte| byte.is_ascii_digit() || *byte == b';').count();
        assert!(part[digits..].starts_with('m'), "{what}: an escape sequence: {part:?}");
        plain += &part[digits + 1..];
    }
    let obeyed = |c: char| {
        c.is_control() && c != '\n'
            || matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    for line in plain.split('\n') {
        // A request of HTTP is printed with the line ends that it has.
        let line = if what == "http" { line.strip_suffix('\r').unwrap_or(line) } else { line };
        assert!(!line.contains(obeyed), "{what}: {line:?}");
        // The commands of the report for GitHub are its own, and hold what is not theirs escaped.
        let is_own = what.starts_with("github")
            && ["::error ", "::group::", "::endgroup::"].iter().any(|own| line.starts_with(own));
        assert!(
            is_own && !line.starts_with("::error file=x::INJECTED") || !line.trim_start().starts_with("::"),
            "{what}: {line:?}"
        );
        assert!(!line.contains("##[") && !line.contains("##vso["), "{what}: {line:?}");
    }
}

/// A receiver that answers with what is obeyed.
fn hostile_receiver() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = format!("http://{}/", listener.local_addr().expect("an address"));
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream?;
            let mut bytes = [0; 65_536];
            // The head may come alone; what comes behind it is not looked at.
            let _ = std::io::Read::read(&mut stream, &mut bytes)?;
            let head = format!(
                "HTTP/1.1 500 X\r\nX-Odd: \u{9b}2J\u{202e}\r\nContent-Length: {}\r\nConnection: close",
                OBEYED.len()
            );
            stream.write_all(format!("{head}\r\n\r\n{OBEYED}").as_bytes())?;
        }
        std::io::Result::Ok(())
    });
    address
}

#[test]
fn nothing_from_outside_is_printed_raw() {
    let folder = tempfile::tempdir().expect("a folder");
    let quoted = serde_json::to_string(OBEYED).expect("JSON");
    let call = "call: { kind: outbound, agents: { ann: { name: NAME } } }\nscript: [ring: ann, answer: ann, ring: customer, answer: customer, hangup: ann]\n";
    let text = format!(
        "title: {quoted}\ndeliver: {{ headers: {{ X-Odd: \"::error::x ##[y]\" }} }}\n{}expect: [{{ push: \"udesk:*\", status: 2xx, headers: {{ X-Odd: {quoted} }} }}]\n",
        call.replace("NAME", &quoted)
    );
    // As names of files, without what separates folders.
    let name = |number: u32| format!("{}{number}.yaml", OBEYED.replace('/', "_"));
    let wrong = format!("title: {quoted}\n\u{202e}custmer\u{9b}: ::error::x\ncall: {{ kind: \"\u{9b}x\" }}\n");
    let (good, wrong) = (
        support::command::file(folder.path(), &name(1), &text),
        support::command::file(folder.path(), &format!("::error::{}", name(2)), &wrong),
    );
    let inside = wrong.rsplit('/').next().expect("a name").to_owned();
    let target = hostile_receiver();
    let ask = |words: &[&str]| {
        let mut command = ringback(words);
        command.current_dir(folder.path());
        done(command)
    };
    for colour in ["never", "always"] {
        for more in [
            &["--report", "term", "--verbose"][..],
            &["--quiet"],
            &["--report", "github"],
            &["--report", "json"],
            &["--report", "ndjson"],
        ] {
            let all = [&["run", &good, "--vendor", "udesk", "--target", &target, "--color", colour], more].concat();
            let done = ask(&all);
            assert_eq!(done.code, 1, "{}{}", done.out, done.err);
            let what = if more.contains(&"github") { "github" } else { "run" };
            is_inert(what, &done.out);
            is_inert("run, errors", &done.err);
        }
        for format in ["table", "json", "http", "curl", "values"] {
            let done = ask(&["plan", &good, "--vendor", "udesk", "--format", format, "--color", colour]);
            assert_eq!(done.code, 0, "{}", done.err);
            is_inert(format, &done.out);
        }
        for words in [
            &["check", &good][..],
            &["check", &inside],
            &["run", &inside],
            &["run", "::error::no\u{9b}\nsuch"],
            &["explain", "::x\u{202e}"],
            &["\u{9b}"],
        ] {
            let done = ask(&[words, &["--color", colour]].concat());
            assert!(!done.out.is_empty() || !done.err.is_empty(), "{words:?}");
            is_inert("output", &done.out);
            is_inert("errors", &done.err);
        }
    }
    // What programs read says the same, without a raw character.
    let mut command = ringback(&["run", &good, "--vendor", "udesk", "--target", &target]);
    command.args(asked(folder.path()));
    assert_eq!(done(command).code, 1);
    let written = written(folder.path(), 1);
    assert_eq!(written.json["stories"][0]["title"], OBEYED);
    for format in ["json", "ndjson", "junit"] {
        is_inert(format, &std::fs::read_to_string(folder.path().join(format)).expect("a report"));
    }
    is_inert("the job summary", &written.job_summary);
}

#[test]
fn what_a_receiver_prints_is_inert() {
    let (receiver, address) = receiver("ok");
    let stream = std::net::TcpStream::connect(address.trim_start_matches("http://").trim_end_matches('/'));
    let mut stream = stream.expect("a connection");
    let head = format!("POST /\u{9b}/::error::x HTTP/1.1\r\nHost: x\r\nContent-Length: {}", OBEYED.len());
    let asked = format!("{}\r\n\r\n{OBEYED}", head.replace('\u{9b}', "%C2%9B"));
    stream.write_all(asked.as_bytes()).expect("a request");
    let (mut printed, mut lines) = (String::new(), 0);
    while !printed.contains("vso") && lines < 30 {
        printed += &format!("{}\n", receiver.line());
        lines += 1;
    }
    is_inert("receive", &printed);
    assert!(printed.contains("INJECTED"), "{printed}");
}

// JUnit as a reader that is not the writer sees it.

type Attributes = BTreeMap<String, String>;

struct Document {
    attributes: Attributes,
    suites: Vec<Suite>,
}

struct Suite {
    attributes: Attributes,
    cases: Vec<Case>,
}

struct Case {
    attributes: Attributes,
    /// The element inside, its attributes and its text.
    outcome: Option<(String, Attributes, String)>,
}

impl Case {
    fn is_bad(&self) -> bool {
        self.outcome.as_ref().is_some_and(|(kind, ..)| kind != "skipped")
    }
}

fn attributes(tag: &BytesStart<'_>) -> Attributes {
    tag.attributes()
        .map(|attribute| {
            let attribute = attribute.expect("an attribute");
            let value = attribute.normalized_value(quick_xml::XmlVersion::Implicit1_0).expect("a value");
            (String::from_utf8(attribute.key.as_ref().to_vec()).expect("UTF-8"), value.into_owned())
        })
        .collect()
}

/// Reads a report by the structure that the readers of JUnit share, and holds its counts to what they count.
fn document(text: &str) -> Document {
    let mut reader = Reader::from_str(text);
    let mut path: Vec<String> = Vec::new();
    let mut document = Document { attributes: Attributes::new(), suites: Vec::new() };
    let mut open: Option<(String, Attributes, String)> = None;
    loop {
        let event = reader.read_event().expect("well-formed XML");
        let is_empty = matches!(event, Event::Empty(_));
        match event {
            Event::Eof => break,
            Event::Start(tag) | Event::Empty(tag) => {
                let name = String::from_utf8(tag.name().as_ref().to_vec()).expect("UTF-8");
                let parent = path.last().map_or("", String::as_str);
                let attributes = attributes(&tag);
                match (parent, name.as_str()) {
                    ("", "testsuites") => document.attributes = attributes,
                    ("testsuites", "testsuite") => document.suites.push(Suite { attributes, cases: Vec::new() }),
                    ("testsuite", "testcase") => {
                        assert!(attributes.contains_key("name") && attributes.contains_key("classname"));
                        attributes["time"].parse::<f64>().expect("seconds");
                        let suite = document.suites.last_mut().expect("a suite");
                        suite.cases.push(Case { attributes, outcome: None });
                    }
                    ("testcase", "failure" | "error" | "skipped") => {
                        open = Some((name.clone(), attributes, String::new()))
                    }
                    ("testsuite", "properties" | "system-out")
                    | ("properties", "property")
                    | ("testcase", "system-out") => {}
                    other => panic!("{other:?}"),
                }
                if is_empty {
                    close(&name, &mut open, &mut document);
                } else {
                    path.push(name);
                }
            }
            Event::End(_) => {
                let name = path.pop().expect("an open element");
                close(&name, &mut open, &mut document);
            }
            Event::Text(part) => {
                if let Some((_, _, text)) = &mut open {
                    *text += &part.decode().expect("UTF-8");
                }
            }
            Event::GeneralRef(_) | Event::Decl(_) => {}
            other => panic!("{other:?}"),
        }
    }
    check_counts(&document);
    document
}

fn close(name: &str, open: &mut Option<(String, Attributes, String)>, document: &mut Document) {
    if ["failure", "error", "skipped"].contains(&name) {
        let case = document.suites.last_mut().and_then(|suite| suite.cases.last_mut()).expect("a case");
        case.outcome = open.take();
    }
}

fn check_counts(document: &Document) {
    let number = |attributes: &Attributes, name: &str| attributes[name].parse::<usize>().expect("a count");
    for (attribute, kind) in [("failures", "failure"), ("errors", "error"), ("skipped", "skipped"), ("tests", "")] {
        let mut sum = 0;
        for suite in &document.suites {
            let of_kind = |case: &&Case| kind.is_empty() || case.outcome.as_ref().is_some_and(|(is, ..)| is == kind);
            let counted = suite.cases.iter().filter(of_kind).count();
            assert_eq!(number(&suite.attributes, attribute), counted, "{attribute}");
            sum += counted;
        }
        assert_eq!(number(&document.attributes, attribute), sum, "{attribute}");
    }
    for suite in &document.suites {
        let mut names: Vec<&String> = suite.cases.iter().map(|case| &case.attributes["name"]).collect();
        let all = names.len();
        names.sort();
        names.dedup();
        assert_eq!(names.len(), all, "readers know a case by its name");
    }
}
