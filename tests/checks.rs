//! `expect` on the wire: each check against a receiver that keeps to it and one that does not, as a user meets it.

use crate::support::command::{Done, done, file, receiver, ringback, run};
use serde_json::Value;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex, mpsc};
use std::thread;
use std::time::Duration;

/// What a receiver does with the request of this number, from 0, and this body: the bytes of its answer, after a while.
type Answers = fn(usize, &str) -> (Vec<u8>, Duration);

const AT_ONCE: Duration = Duration::ZERO;

/// A whole answer.
fn answer(status: u16, headers: &str, body: impl AsRef<[u8]>) -> Vec<u8> {
    let body = body.as_ref();
    let head = format!("HTTP/1.1 {status} X\r\n{headers}Content-Length: {}\r\nConnection: close\r\n\r\n", body.len());
    [head.as_bytes(), body].concat()
}

fn json(status: u16, body: &str) -> Vec<u8> {
    answer(status, "Content-Type: application/json\r\n", body)
}

/// A receiver of these answers, for as long as the test lasts.
fn answering(answers: Answers) -> String {
    listening(move |stream, number, body| {
        let (bytes, after) = answers(number, body);
        thread::sleep(after);
        stream.write_all(&bytes)
    })
}

/// A receiver that does this with each request.
fn listening(answer: impl Fn(&mut TcpStream, usize, &str) -> std::io::Result<()> + Send + Sync + 'static) -> String {
    let answer = Arc::new(answer);
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = format!("http://{}/", listener.local_addr().expect("an address"));
    thread::spawn(move || {
        for (number, stream) in listener.incoming().enumerate() {
            let (mut stream, answer) = (BufReader::new(stream?), answer.clone());
            thread::spawn(move || {
                let (mut line, mut length) = (String::new(), 0);
                while stream.read_line(&mut line)? > 2 {
                    if let Some((name, value)) = line.split_once(": ")
                        && name.eq_ignore_ascii_case("content-length")
                    {
                        length = value.trim().parse().unwrap_or(0);
                    }
                    line.clear();
                }
                let mut body = vec![0; length];
                stream.read_exact(&mut body)?;
                answer(stream.get_mut(), number, &String::from_utf8_lossy(&body))
            });
        }
        std::io::Result::Ok(())
    });
    address
}

/// Four pushes of Udesk, held to this.
fn scenario(expect: &str, more: &str) -> String {
    format!(
        "title: Held to a contract\ncall: {{ kind: outbound, agents: {{ ann: }} }}\nscript:\n  - ring: ann\n  - answer: ann\n  \
         - ring: customer\n  - answer: customer\n  - wait: 20s\n  - hangup: ann\nvendors: [udesk]\n{more}\nexpect:\n{expect}\n"
    )
}

/// Plays it, and gives what a person reads, and the events.
fn played(expect: &str, more: &str, address: &str) -> (Done, Vec<Value>) {
    let folder = tempfile::tempdir().expect("a folder");
    file(folder.path(), "flow.yaml", &scenario(expect, more));
    let mut command = ringback(&[
        "run",
        "flow.yaml",
        "--seed",
        "7",
        "--at",
        "2026-03-02T09:30:00+08:00",
        "--target",
        address,
        "--report",
        "term",
        "--report",
        "ndjson=events",
    ]);
    command.current_dir(folder.path());
    let done = done(command);
    let events = std::fs::read_to_string(folder.path().join("events")).unwrap_or_default();
    (done, events.lines().map(|line| serde_json::from_str(line).expect("a line of JSON")).collect())
}

fn of_kind<'e>(events: &'e [Value], kind: &str) -> Vec<&'e Value> {
    events.iter().filter(|event| event["event"] == kind).collect()
}

/// The codes that were found, with their messages.
fn found(events: &[Value]) -> Vec<String> {
    let told = |event: &&Value| {
        format!("{} {}", event["code"].as_str().unwrap_or(""), event["message"].as_str().unwrap_or(""))
    };
    of_kind(events, "found").iter().map(told).collect()
}

const ONCE: &str = "deliver: { retry: none }";

fn good(_: usize, _: &str) -> (Vec<u8>, Duration) {
    (json(200, r#"{"code":1000,"call":{"state":"ended","id":"7"},"items":[1,2]}"#), AT_ONCE)
}

/// Each check that this receiver keeps to, with one that it does not, and what is then found at the first push.
const CHECKS: [(&str, &str, &str); 14] = [
    ("status: 2xx", "status: [201, 3xx]", "RB-202 udesk:agent_answer: status 200, expected 201 or 3xx"),
    ("within: 20s", "within: 1ms", "RB-204 udesk:agent_answer: answered after "),
    (
        "headers: { content-type: { contains: json }, X-Debug: { absent: true } }",
        "headers: { Content-Type: text/plain }",
        "RB-203 udesk:agent_answer: header Content-Type: \"application/json\", expected \"text/plain\"",
    ),
    (
        "headers: { Content-Length: { matches: '^\\d+$' } }",
        "headers: { X-Id: { present: true } }",
        "RB-203 udesk:agent_answer: no header X-Id, expected anything",
    ),
    (
        "json: { code: 1000 }",
        "json: { code: \"1000\" }",
        "RB-205 udesk:agent_answer: $.code is 1000, expected \"1000\"",
    ),
    (
        "json: { $.call.state: ended, /call/id: \"7\", call: { id: { matches: '^\\d$' } } }",
        "json: { call: { state: talking, since: { type: integer } } }",
        "RB-205 udesk:agent_answer: $.call.state is \"ended\", expected \"talking\", and one more place",
    ),
    (
        "json: { \"$.items[*]\": { range: 1..2 } }",
        "json: { \"$.items[*]\": { at_least: 2 } }",
        "RB-205 udesk:agent_answer: $.items[0] is 1, expected a number of at least 2",
    ),
    (
        "json: { items: { length: 2 }, error: { absent: true } }",
        "json: { items: [1] }",
        "RB-205 udesk:agent_answer: $.items is an array of 2 items: [1,2], expected an array of 1 item",
    ),
    ("text: { contains: ended }", "text: ok", "RB-206 udesk:agent_answer: the text is "),
    ("text: { not: { matches: Oops } }", "empty: true", "RB-207 udesk:agent_answer: a body of 61 bytes: "),
    ("story: answered", "answer: last, status: 204", "RB-202 udesk:agent_answer: status 200, expected 204"),
    ("story: { attempts: 1 }", "json: { equals: {} }", "RB-205 udesk:agent_answer: $ is "),
    (
        "story: [no_5xx, in_order]",
        "json: { code: { not: 1000 } }",
        "RB-205 udesk:agent_answer: $.code is 1000, expected anything but 1000",
    ),
    (
        "answer: last, status: 200",
        "push: \"*:agent_answer\", status: 204",
        "RB-202 udesk:agent_answer: status 200, expected 204",
    ),
];

#[test]
fn each_check_holds_for_who_keeps_to_it_and_fails_for_who_does_not() {
    let address = answering(good);
    let (right, wrong): (Vec<_>, Vec<_>) =
        CHECKS.iter().map(|(right, wrong, _)| (format!("  - {{ {right} }}"), format!("  - {{ {wrong} }}"))).unzip();
    let (done, events) = played(&right.join("\n"), ONCE, &address);
    assert_eq!((done.code, found(&events)), (0, vec![]), "{}{}", done.out, done.err);
    let slow = answering(|number, body| (good(number, body).0, Duration::from_millis(20)));
    let (done, events) = played(&wrong.join("\n"), ONCE, &slow);
    assert_eq!(done.code, 1, "{}{}", done.out, done.err);
    let found = found(&events);
    for (_, wrong, told) in CHECKS {
        assert!(found.iter().any(|found| found.starts_with(told)), "{wrong}: {told}\n{}", found.join("\n"));
    }
    // An expectation is told whether it held or not: once, with how often it was judged.
    let checked = of_kind(&events, "checked");
    assert_eq!(checked.len(), wrong.len() + 1);
    let count = |check: &Value| (check["judged"].as_u64(), check["failed"].as_u64());
    assert!(
        checked
            .iter()
            .filter(|check| check["expectation"]["text"] == "every push: status 201 or 3xx")
            .all(|check| count(check) == (Some(4), Some(4)))
    );
    assert!(checked.iter().any(|check| count(check) == (Some(1), Some(1))), "{checked:?}");
}

#[test]
fn what_a_status_is_expected_of_is_not_held_to_the_vendors_rule() {
    let (_receiver, address) = receiver("refuse");
    let refused = run(&["run", "outbound-answered", "--vendor", "udesk", "--retry", "none", "--target", &address]);
    assert_eq!(refused.code, 1, "{}", refused.out);
    let status = of_kind(&played("  - { story: answered }", ONCE, &address).1, "replied")[0]["status"].to_string();
    let (done, events) = played(&format!("  - {{ status: {status} }}"), ONCE, &address);
    assert_eq!((done.code, found(&events)), (0, vec![]), "{}", done.out);
    // For other pushes it goes on to hold.
    let (done, events) = played(&format!("  - {{ push: \"udesk:end\", status: {status} }}"), ONCE, &address);
    assert_eq!((done.code, found(&events).len()), (1, 3), "{}", done.out);
    assert!(found(&events).iter().all(|found| found.ends_with("never acknowledged")), "{:?}", found(&events));
    let rule = of_kind(&events, "checked").into_iter().find(|check| check["expectation"]["place"] == "flow.yaml");
    assert_eq!(rule.map(|rule| (rule["judged"].clone(), rule["failed"].clone())), Some((3.into(), 3.into())));
}

#[test]
fn a_push_without_any_answer_fails_each_entry_once() {
    let address = answering(|_, _| (Vec::new(), AT_ONCE));
    let expect = "  - { push: \"*:end\", status: 2xx, within: 1s, json: { ok: true } }\n  - { push: \"*:end\", text: ok }\n  \
                  - { push: \"*:end\", story: answered }";
    let (done, events) = played(expect, ONCE, &address);
    assert_eq!(done.code, 1);
    let at_end: Vec<_> = found(&events).into_iter().filter(|found| found.contains("udesk:end")).collect();
    assert_eq!(
        at_end,
        [
            "RB-202 udesk:end: no answer: connection closed, expected status 2xx",
            "RB-206 udesk:end: no answer: connection closed, expected text \"ok\"",
            "RB-211 udesk:end: no answer in 1 attempt: connection closed, expected an answer",
        ]
    );
}

#[test]
fn retries_are_judged_each_or_the_last_alone() {
    // Every other request breaks down, so that each push needs a second attempt.
    let flaky: Answers = |number, body| match number % 2 {
        0 => (answer(503, "", ""), AT_ONCE),
        _ => good(number, body),
    };
    let retry = "deliver: { retry: { waits: [1s] } }";
    let (done, events) =
        played("  - { answer: last, status: 200 }\n  - { story: { attempts: 2 } }", retry, &answering(flaky));
    assert_eq!((done.code, found(&events)), (0, vec![]), "{}", done.out);
    let (done, events) =
        played("  - { status: 200 }\n  - { story: { attempts: 1, no_5xx: true } }", retry, &answering(flaky));
    assert_eq!(done.code, 1);
    let found = found(&events);
    for told in [
        "RB-202 udesk:end: status 503, expected 200",
        "RB-213 udesk:end: 2 attempts until it was settled, expected 1 attempt at most",
        "RB-214 udesk:end: status 503, expected no status from 500 to 599",
    ] {
        assert!(found.iter().any(|found| found == told), "{told}\n{}", found.join("\n"));
    }
    assert_eq!(found.len(), 12);
}

#[test]
fn what_comes_after_the_end_of_a_call_must_not_be_an_error() {
    // The books are closed once the end was told.
    let closes: Answers = |_, body| match body.contains("\"occasion\":\"end\"") {
        true => (json(200, "{}"), Duration::ZERO),
        false => (json(404, "{}"), AT_ONCE),
    };
    let expect = "  - { story: no_error_after_end }\n  - { push: \"udesk:*\", status: [200, 404] }";
    // The end overtakes the hang-up.
    let faults = "deliver: { retry: none, order: free }\nfaults: [{ fault: delay, push: \"udesk:hangup\", by: 5s }]";
    let (done, events) = played(expect, faults, &answering(closes));
    assert_eq!(done.code, 1, "{}", done.out);
    assert_eq!(found(&events), ["RB-212 udesk:hangup: status 404 after the end of the call, expected no error"]);
    let (done, _) = played(expect, faults, &answering(good));
    assert_eq!(done.code, 0, "{}", done.out);
    assert!(!done.out.contains("never judged"), "{}", done.out);
}

#[test]
fn answers_that_overtake_each_other_are_out_of_order() {
    // The hang-up is answered once the answer to the end was read.
    let (read, is_read) = mpsc::channel();
    let is_read = Mutex::new(is_read);
    let overtaking = listening(move |stream, number, body| {
        if body.contains("\"occasion\":\"hangup\"") {
            let _ = is_read.lock().expect("a lock").recv_timeout(Duration::from_secs(30));
        }
        stream.write_all(&good(number, body).0)?;
        if body.contains("\"occasion\":\"end\"") {
            // Whoever has read it closes the connection.
            stream.read_to_end(&mut Vec::new())?;
            let _ = read.send(());
        }
        Ok(())
    });
    let free = "deliver: { retry: none, order: free, timeout: 1m }";
    let (done, events) = played("  - { story: in_order }", free, &overtaking);
    assert_eq!(done.code, 1, "{}", done.out);
    // Others may overtake each other as well: nothing keeps them from it.
    let told = "RB-215 udesk:end: answered before udesk:hangup, which left earlier, expected answers in order";
    assert!(found(&events).iter().any(|found| found == told), "{:?}", found(&events));
    assert_eq!(played("  - { story: in_order }", ONCE, &answering(good)).0.code, 0);
}

#[test]
fn bodies_that_are_not_what_they_should_be_say_so() {
    for (answers, told) in [
        (
            (|_, _| (answer(200, "Content-Type: text/html\r\n", "<!DOCTYPE html>\n<p>"), AT_ONCE)) as Answers,
            "the body is not JSON: expected value at line 1 column 1 (it starts with `<!DOCTYPE html>`, and is called text/html)",
        ),
        (|_, _| (answer(200, "", ""), AT_ONCE), "the body is empty, so no JSON"),
        (|_, _| (json(200, "{\"ok\": tru"), AT_ONCE), "the body is not JSON: EOF while parsing"),
        (|_, _| (answer(200, "", b"\xc3({}"), AT_ONCE), "and has bytes that are no UTF-8"),
        (|_, _| (json(200, &format!("\"{}\"", "x".repeat(2_000_000))), AT_ONCE), "longer than 1048576 bytes"),
        (|_, _| (json(200, &"[".repeat(100_000)), AT_ONCE), "recursion limit exceeded"),
        (|_, _| (json(200, "\"\u{1b}[2J\""), AT_ONCE), "`\"\\u{1b}[2J\"`"),
    ] {
        let (done, events) = played("  - { push: \"*:end\", json: { ok: true } }", ONCE, &answering(answers));
        assert_eq!(done.code, 1, "{told}");
        let found = found(&events);
        assert!(found.len() == 1 && found[0].starts_with("RB-205 ") && found[0].contains(told), "{told}\n{found:?}");
        assert!(!done.out.contains('\u{1b}') && done.out.lines().all(|line| line.chars().count() < 4_000), "{told}");
    }
}

#[test]
fn a_finding_has_a_line_where_it_happens_and_a_block_at_the_end() {
    let expect = "  # what the ledger needs\n  - push: \"udesk:*\"\n    json: { call: { state: closed } }\n  - { push: \"udesk:end\", status: 204 }\n  \
                  - { push: \"7moor:*\", status: 200 }";
    let (done, events) = played(expect, ONCE, &answering(good));
    let lines: Vec<&str> = done.out.lines().collect();
    let at = |text: &str| {
        lines.iter().position(|line| line.contains(text)).unwrap_or_else(|| panic!("{text}\n{}", done.out))
    };
    let line = at("!!! RB-202 udesk:end: status 200, expected 204");
    assert!(
        lines[..line].iter().rev().find(|line| line.contains(" --> ")).is_some_and(|line| line.contains("udesk:end"))
    );
    let block = at("failed[RB-205]: the body of an answer is not the JSON that was expected");
    assert!(block > line);
    let block = lines[block..].join("\n");
    for told in [
        "  --> flow.yaml:15  udesk:*: json {\"call\": {\"state\": \"closed\"}}\n   |\n15 |     json: { call: { state: closed } }\n   |\n",
        "   =  differs: - expected, + found\n   |           - $.call.state: \"closed\"\n   |           + $.call.state: \"ended\"\n",
        "   =     push: udesk:agent_answer  try 1/1  call ",
        "   =     said: {\"code\":1000,\"call\":{\"state\":\"ended\",",
        "   =   places: 4 findings in flow by udesk\n   =   replay: ringback run flow.yaml --vendor udesk --seed 7 --at 2026-03-02T09:30:00+08:00 --target http://",
        "   =     curl: curl --request POST 'http://",
        "   =  explain: ringback explain RB-205\n",
        "checks    3: 1 holds, 2 fail\n          never judged: 7moor:*: status 200  flow.yaml:17\n",
    ] {
        assert!(block.contains(told), "{told}\n{block}");
    }
    // Of the four that are alike, one is shown.
    assert_eq!(block.matches("+ $.call.state").count(), 1);
    assert!(events.iter().any(|event| event["expectation"]["quote"] == "    json: { call: { state: closed } }"));
}

#[test]
fn a_replay_line_plays_the_finding_again() {
    let folder = tempfile::tempdir().expect("a folder");
    file(folder.path(), "flow.yaml", &scenario("  - { push: \"*:end\", status: 204 }", ONCE));
    let mut command = ringback(&["run", "flow.yaml", "--quiet", "--target", &answering(good)]);
    command.current_dir(folder.path());
    let quiet = done(command);
    assert_eq!(quiet.code, 1);
    assert!(quiet.out.contains("failed[RB-202]") && !quiet.out.contains("!!!"), "{}", quiet.out);
    let replay = quiet.out.lines().find_map(|line| line.split_once("replay: ringback ")).expect("a replay line").1;
    let mut command = ringback(&replay.split_whitespace().collect::<Vec<_>>());
    command.current_dir(folder.path());
    let again = done(command);
    let curl = |out: &str| out.split_once("curl: ").expect("a curl line").1.lines().nth(3).map(str::to_owned);
    assert_eq!((again.code, curl(&again.out)), (1, curl(&quiet.out)));
}

#[test]
fn a_good_receiver_meets_expectations_under_every_fault_profile() {
    let expect = "  - { status: 2xx, within: 5s, json: { $.error: { absent: true } } }\n  - { answer: last, status: 2xx }\n  \
                  - { story: { answered: true, attempts: 1, no_5xx: true, no_error_after_end: true } }";
    let folder = tempfile::tempdir().expect("a folder");
    file(folder.path(), "flow.yaml", &scenario(expect, ""));
    let profiles = run(&["list", "profiles"]).out;
    let names: Vec<&str> = profiles.lines().filter_map(|line| line.split_whitespace().next()).collect();
    assert!(names.len() >= 7);
    thread::scope(|scope| {
        for name in names {
            let folder = folder.path();
            scope.spawn(move || {
                let arguments = ["run", "flow.yaml", "--seed", "7", "--faults", name, "--timeout", "2s", "--quiet"];
                let mut command = ringback(&arguments);
                command.current_dir(folder);
                let done = done(command);
                assert_eq!(done.code, 0, "{name}\n{}{}", done.out, done.err);
            });
        }
    });
}

#[test]
fn checks_are_listed_and_explained() {
    let listed = run(&["list", "checks"]);
    assert_eq!(listed.code, 0);
    for name in listed.out.lines().map(|line| line.split_whitespace().next().expect("a name")) {
        let explained = run(&["explain", name]);
        assert!(explained.code == 0 && explained.out.contains("How it is written:"), "{name}");
        // How it is written is right.
        let lines = explained.out.lines().skip_while(|line| *line != "  expect:").skip(1);
        let example: Vec<&str> = lines.take_while(|line| !line.is_empty()).collect();
        let text = scenario(&example.join("\n"), "");
        let read = ringback::scenario::parse("flow", "flow.yaml", &text, &|_| None);
        read.unwrap_or_else(|wrong| panic!("{}", wrong.render(false)));
    }
    assert!(run(&["explain", "status"]).out.contains("RB-202: an answer has another status than expected"));
}

// What findings tell: what the receiver said, causes first, and one bug once.

/// A page of 60 kB as frameworks make them when they break down.
fn error_page(_: usize, _: &str) -> (Vec<u8>, Duration) {
    let page = format!(
        "<!DOCTYPE html>\n<html lang=\"en\"><head>\n  <meta name=\"robots\" content=\"NONE\">\n  <title>LedgerError\n    at /hook</title>\n\
         <style>{}</style><script>document.write('<p>never</p>')</script></head>\n<body><h1>LedgerError at /hook</h1>\n\
         <pre class=\"value\">no account &#x27;7&#x27; &amp; no default</pre>{}</body></html>",
        "html * { padding: 0 }\n".repeat(800),
        "<table><tr><td>frame</td></tr></table>\n".repeat(1_200)
    );
    (answer(500, "Content-Type: text/html; charset=utf-8\r\n", page), AT_ONCE)
}

/// What a run writes in each format, with what a person reads.
fn reports(arguments: &[&str], folder: &std::path::Path) -> (Done, Vec<(&'static str, String)>) {
    const FORMATS: [&str; 5] = ["json", "ndjson", "junit", "github", "html"];
    let mut command = ringback(&[&["run", "--report", "term"], arguments].concat());
    command.args(FORMATS.iter().flat_map(|format| ["--report".to_owned(), format!("{format}=report.{format}")]));
    command.current_dir(folder);
    let done = done(command);
    let read = |format: &str| std::fs::read_to_string(folder.join(format!("report.{format}"))).expect("a report");
    let mut all: Vec<_> = FORMATS.iter().map(|format| (*format, read(format))).collect();
    all.push(("term", done.out.clone()));
    (done, all)
}

#[test]
fn what_the_receiver_said_stands_in_every_report() {
    fn long_json(_: usize, _: &str) -> (Vec<u8>, Duration) {
        let trace = "  at ledger.ts:7\\n".repeat(200);
        (json(500, &format!(r#"{{"trace":"{trace}","error":"the ledger is locked"}}"#)), AT_ONCE)
    }
    fn text(_: usize, _: &str) -> (Vec<u8>, Duration) {
        (answer(503, "", "the queue is full, try later"), AT_ONCE)
    }
    let folder = tempfile::tempdir().expect("a folder");
    for (answers, told) in [
        (error_page as Answers, &["LedgerError at /hook", "no account", "no default"][..]),
        (long_json, &["the ledger is locked", "ledger.ts:7"]),
        (text, &["the queue is full, try later"]),
    ] {
        for expect in ["  - { push: \"7moor:*\", status: 200 }", "  - { status: 2xx }\n  - { json: { ok: true } }"] {
            file(folder.path(), "flow.yaml", &scenario(expect, ONCE));
            let (done, reports) = reports(&["flow.yaml", "--target", &answering(answers), "--quiet"], folder.path());
            assert_eq!(done.code, 1, "{}", done.err);
            for (format, report) in &reports {
                assert!(told.iter().all(|part| report.contains(part)), "{format}: {told:?}\n{report}");
                let is_plain = !["html", "ndjson"].contains(format);
                assert!(!is_plain || !report.contains("padding") && !report.contains("never</p>"), "{format}");
            }
            // What was sent is one line.
            assert!(!done.out.contains("\\\n") && done.out.contains("=     curl: curl --request POST"), "{}", done.out);
            assert!(done.out.lines().all(|line| line.chars().count() < 700), "{}", done.out);
        }
    }
}

#[test]
fn causes_stand_before_what_follows_from_them_in_every_report() {
    fn loses_the_end(_: usize, body: &str) -> (Vec<u8>, Duration) {
        match body {
            "" => (json(200, r#"{"state":"talking"}"#), AT_ONCE),
            push if push.contains("\"occasion\":\"end\"") => (answer(500, "", "no room"), AT_ONCE),
            _ => (json(200, "{}"), AT_ONCE),
        }
    }
    let address = answering(loses_the_end);
    let folder = tempfile::tempdir().expect("a folder");
    // The first probe disagrees long before the push that is not taken; and JUnit hears of probes before it hears of checks.
    let more = format!(
        "{ONCE}\nprobe:\n  - {{ get: \"{address}state\", each: true, push: \"udesk:agent_answer\", within: 20ms, json: {{ state: ended }} }}\n  \
         - {{ get: \"{address}state\", within: 20ms, json: {{ state: ended }} }}"
    );
    file(folder.path(), "flow.yaml", &scenario("  - { push: \"udesk:*\", status: 2xx }", &more));
    let (done, reports) = reports(&["flow.yaml", "--target", &address, "--quiet"], folder.path());
    assert_eq!(done.code, 1, "{}{}", done.out, done.err);
    for (format, report) in &reports {
        let at = |code: &str| report.find(code).unwrap_or_else(|| panic!("{format}: {code}\n{report}"));
        match *format {
            "ndjson" => assert!(at("RB-221") < at("RB-202"), "events stand in the order in which they happened"),
            // Its figures are listed by code.
            "html" => assert!(
                report.split_once("\"folded\"").is_some_and(|(_, list)| list.find("RB-202") < list.find("RB-221"))
            ),
            _ => assert!(at("RB-202") < at("RB-221"), "{format}\n{report}"),
        }
    }
}

#[test]
fn one_bug_in_many_stories_is_one_finding() {
    fn refuses(number: usize, _: &str) -> (Vec<u8>, Duration) {
        (json(500, &format!(r#"{{"error":"no call {number}","id":"{:032x}"}}"#, number * 7919)), AT_ONCE)
    }
    let folder = tempfile::tempdir().expect("a folder");
    let flows = folder.path().join("flows");
    std::fs::create_dir(&flows).expect("a folder");
    for (expect, code) in
        [("  - { push: \"7moor:*\", status: 200 }", "RB-201"), ("  - { push: \"udesk:*\", status: 2xx }", "RB-202")]
    {
        for number in 10..22 {
            // The same line stands elsewhere in each of them.
            let more = format!("{}{ONCE}", "# another line\n".repeat(number));
            file(&flows, &format!("flow-{number}.yaml"), &scenario(expect, &more));
        }
        let (done, reports) = reports(&["flows", "--target", &answering(refuses), "--quiet"], folder.path());
        assert_eq!(done.code, 1, "{}", done.err);
        assert_eq!(done.out.matches(&format!("failed[{code}]")).count(), 1, "{}", done.out);
        for told in ["places: 48 findings in 12 stories", "flow-10 by udesk: 4", "and 2 more stories", "no call 0"] {
            assert!(done.out.contains(told), "{told}\n{}", done.out);
        }
        assert!(done.out.lines().count() < 50, "{}", done.out);
        let of = |name: &str| &reports.iter().find(|(format, _)| *format == name).expect("a report").1;
        let summary: Value = serde_json::from_str(of("json")).expect("JSON");
        let folded = summary["folded"].as_array().expect("a list");
        assert_eq!(folded.len(), 1, "{folded:?}");
        let (entry, stories) = (&folded[0], summary["stories"].as_array().expect("a list"));
        assert_eq!((&entry["findings"], &entry["stories"]), (&Value::from(48), &Value::from(12)));
        assert_eq!((&entry["examples"][0]["code"], &entry["examples"][0]["status"]), (&code.into(), &500.into()));
        assert!(stories.iter().all(|story| story["findings"].as_array().is_some_and(|found| found.len() == 4)));
        assert_eq!(of("github").matches("<details>").count(), 1);
        // A case of each story still fails, in few lines.
        assert_eq!(of("junit").matches("<failure").count(), 12);
        assert!(of("junit").lines().count() < 12 * 32, "{}", of("junit"));
        // A job summary goes on where the one before it ended.
        std::fs::remove_file(folder.path().join("report.github")).expect("a report");
        std::fs::remove_dir_all(&flows).and_then(|()| std::fs::create_dir(&flows)).expect("an empty folder");
    }
}
