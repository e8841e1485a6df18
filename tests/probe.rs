//! Probes: what the receiver believes, asked by HTTP and by commands, after the story and after each push.

use crate::support;

use crate::support::command::{Done, Running, done, file, ringback};
use crate::support::wire::{closed_port, request, server};
use serde_json::Value;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use tokio::io::AsyncWriteExt;

const CALL: &str = "title: A call\ncall: { kind: outbound, customer: { phone: \"13800138000\", name: \"王 & \\\"芳\\\"/1\" } }\n\
                    script: [ring: agent, answer: agent, ring: customer, answer: customer, wait: 81s, hangup: agent]\n";

/// A receiver that takes every push and remembers what it was sent, in order.
struct Receiver {
    address: SocketAddr,
    heard: Arc<Mutex<Vec<String>>>,
}

impl Receiver {
    /// `answer` gives status and body for the question with this number, from 1.
    async fn new(answer: impl Fn(usize, &str) -> (u16, String) + Send + Sync + 'static) -> Self {
        let heard: Arc<Mutex<Vec<String>>> = Arc::default();
        let (remembered, answer) = (heard.clone(), Arc::new(answer));
        let address = server(move |mut stream, _| {
            let (heard, answer) = (remembered.clone(), answer.clone());
            async move {
                loop {
                    let request = request(&mut stream).await;
                    if request.is_empty() {
                        return;
                    }
                    let questions = {
                        let mut heard = heard.lock().unwrap();
                        heard.push(request.clone());
                        heard.iter().filter(|request| !request.contains(" /hook")).count()
                    };
                    let (status, body) = match request.contains(" /hook") {
                        true => (200, "{\"code\":200,\"message\":\"success\"}".to_owned()),
                        false => answer(questions, &request),
                    };
                    let length = body.len();
                    let head =
                        format!("HTTP/1.1 {status} X\r\nContent-Type: application/json\r\nContent-Length: {length}");
                    if stream.write_all(format!("{head}\r\n\r\n{body}").as_bytes()).await.is_err() {
                        return;
                    }
                }
            }
        })
        .await;
        Self { address, heard }
    }

    /// What was heard: method and path of each request.
    fn heard(&self) -> Vec<String> {
        let line = |request: &String| request.lines().next().unwrap_or_default().replace(" HTTP/1.1", "");
        self.heard.lock().unwrap().iter().map(line).collect()
    }

    fn questions(&self) -> Vec<String> {
        self.heard().into_iter().filter(|line| !line.contains(" /hook")).collect()
    }

    /// The first question as it came.
    fn question(&self) -> String {
        self.heard.lock().unwrap().iter().find(|request| !request.contains(" /hook")).cloned().unwrap()
    }
}

struct Played {
    done: Done,
    events: Vec<Value>,
}

impl Played {
    fn of(&self, kind: &str) -> Vec<&Value> {
        self.events.iter().filter(|event| event["event"] == kind).collect()
    }

    fn one(&self, kind: &str) -> &Value {
        let found = self.of(kind);
        assert_eq!(found.len(), 1, "{kind}: {}\n{}", self.done.out, self.done.err);
        found[0]
    }

    /// The codes of what was found.
    fn codes(&self) -> Vec<&str> {
        self.of("found").iter().map(|found| found["code"].as_str().unwrap()).collect()
    }
}

/// Plays the call with these probes by one vendor.
fn play(probe: &str, target: SocketAddr, more: &[&str]) -> Played {
    play_by("udesk", &format!("{CALL}probe:\n{probe}"), target, more, &[])
}

fn play_by(vendor: &str, text: &str, target: SocketAddr, more: &[&str], variables: &[(&str, &str)]) -> Played {
    let folder = tempfile::tempdir().unwrap();
    let scenario = file(folder.path(), "asked.yaml", text);
    let report = folder.path().join("run.ndjson");
    let (target, report_to) = (format!("http://{target}/hook"), format!("ndjson={}", report.display()));
    let arguments =
        ["run", &scenario, "--vendor", vendor, "--target", &target, "--report", "term", "--report", &report_to];
    let mut command = ringback(&[&arguments[..], &["--seed", "42"], more].concat());
    command.envs(variables.iter().copied());
    Played { done: done(command), events: events(&report) }
}

fn events(report: &Path) -> Vec<Value> {
    let text = std::fs::read_to_string(report).unwrap_or_default();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn ok(body: &str) -> (u16, String) {
    (200, body.to_owned())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_receiver_that_needs_a_while_agrees_at_the_third_question() {
    let receiver = Receiver::new(|number, _| match number {
        1 => (404, "not yet".into()),
        2 => ok(r#"{"state":"talking"}"#),
        _ => ok(r#"{"state":"ended","more":1}"#),
    })
    .await;
    let probe =
        format!("  get: http://{}/calls/{{call.id}}\n  every: 10ms\n  json: {{ $.state: ended }}\n", receiver.address);
    let played = play(&probe, receiver.address, &[]);
    assert_eq!(played.done.code, 0, "{}{}", played.done.out, played.done.err);
    let probed = played.one("probed");
    assert_eq!(
        (probed["tries"].as_u64(), probed["status"].as_i64(), &probed["agrees"]),
        (Some(3), Some(200), &Value::Bool(true))
    );
    assert_eq!(probed["body"], r#"{"state":"ended","more":1}"#);
    assert!(played.codes().is_empty());
    let line = played.done.out.lines().find(|line| line.contains(" ??? ")).unwrap();
    assert!(line.contains("??? GET http://") && line.contains("agreed after 3 tries in "), "{line}");
    // After the story, with the id that the pushes carried.
    let heard = receiver.heard();
    let first = heard.iter().position(|line| line.starts_with("GET ")).unwrap();
    assert!(heard[first..].iter().all(|line| line.starts_with("GET ")), "{heard:?}");
    let id = heard[first].rsplit('/').next().unwrap().to_owned();
    assert!(played.of("attempted").iter().any(|push| push["body"].as_str().unwrap().contains(&id)), "{id}");
    let check = played
        .of("checked")
        .into_iter()
        .find(|check| check["expectation"]["text"].as_str().unwrap().starts_with("probe GET"));
    assert_eq!((check.unwrap()["judged"].as_u64(), check.unwrap()["failed"].as_u64()), (Some(1), Some(0)));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_expected_names_the_values_of_the_story() {
    let receiver = Receiver::new(|_, question| {
        let id = question.split_once("/calls/").and_then(|(_, behind)| behind.split(' ').next()).unwrap();
        ok(&serde_json::json!({ "id": id, "told": format!("{id} is over"), "phones": ["110", "13800138000"] })
            .to_string())
    })
    .await;
    let probe = |phone: &str| {
        format!(
            "  get: http://{}/calls/{{call.id}}\n  within: 100ms\n  json: {{ id: \"{{call.id}}\", told: {{ contains: \
             \"{{call.id}} is\" }}, phones: {{ contains: \"{{{phone}}}\" }} }}\n",
            receiver.address
        )
    };
    let played = play(&probe("customer.phone"), receiver.address, &[]);
    assert_eq!(played.done.code, 0, "{}{}", played.done.out, played.done.err);
    let wrong = play(&probe("agent.number"), receiver.address, &[]);
    assert_eq!(wrong.codes(), ["RB-221"]);
    let number = wrong.one("found")["difference"][0]["text"].as_str().unwrap();
    assert!(number.starts_with("$.phones: something that contains \"") && !number.contains('{'), "{number}");
    // Of answers to pushes it holds as well; the place is told as its author wrote it.
    let expect = "expect:\n  - { push: \"udesk:end\", json: { message: \"{call.id}\" } }\n";
    let refused = play_by("udesk", &format!("{CALL}{expect}"), receiver.address, &[], &[]);
    let found = refused.one("found");
    let id = receiver.question().split_once("/calls/").unwrap().1.split(' ').next().unwrap().to_owned();
    assert_eq!(found["difference"][0]["text"], format!("$.message: \"{id}\""));
    assert!(found["expectation"]["text"].as_str().unwrap().contains("{call.id}"), "{found}");
    let unknown = play_by(
        "udesk",
        &format!("{CALL}{}", expect.replace("call.id", "notification.id")),
        receiver.address,
        &[],
        &[],
    );
    assert!(
        unknown.done.code == 2 && unknown.done.err.contains("asked.yaml:5: the story knows no `notification.id`"),
        "{}",
        unknown.done.err
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn one_that_disagrees_to_the_end_is_told_place_by_place() {
    let receiver = Receiver::new(|_, _| ok(r#"{"state":"talking","talk_seconds":80}"#)).await;
    let probe = format!(
        "  get: http://{}/calls/{{call.id}}\n  within: 1s\n  every: 300ms\n  json: {{ $.state: ended, $.talk_seconds: 81 }}\n",
        receiver.address
    );
    let played = play(&probe, receiver.address, &[]);
    assert_eq!(played.done.code, 1, "{}", played.done.out);
    let found = played.one("found");
    assert_eq!((found["code"].as_str(), found["weight"].as_str()), (Some("RB-221"), Some("failed")));
    let lines: Vec<_> =
        found["difference"].as_array().unwrap().iter().map(|line| line["text"].as_str().unwrap()).collect();
    assert_eq!(lines, ["$.state: \"ended\"", "$.state: \"talking\"", "$.talk_seconds: 81", "$.talk_seconds: 80"]);
    assert!(found["expectation"]["place"].as_str().unwrap().ends_with("asked.yaml:5"), "{found}");
    assert!(found["curl"].as_str().unwrap().starts_with("curl --request GET 'http://"), "{found}");
    assert!(found["replay"].as_str().unwrap().contains("--seed 42"), "{found}");
    let tries = played.one("probed")["tries"].as_u64().unwrap();
    assert!((2..=4).contains(&tries), "{tries}");
    assert!(played.done.out.contains("disagreed after"), "{}", played.done.out);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_status_is_told_with_what_the_answer_says() {
    let receiver = Receiver::new(|_, _| (404, "no such call".into())).await;
    let probe = format!("  get: http://{}/calls\n  within: 5s\n  every: 5s\n  json: {{ a: 1 }}\n", receiver.address);
    let played = play(&probe, receiver.address, &[]);
    let found = played.one("found");
    assert_eq!(found["found"], "status 404: no such call");
    let gone = format!("  get: http://{}/calls\n  status: 404\n  text: no such call\n", receiver.address);
    assert_eq!(play(&gone, receiver.address, &[]).done.code, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn one_that_cannot_be_asked_is_nobodys_fault_and_the_rest_goes_on() {
    let receiver = Receiver::new(|_, _| ok("{}")).await;
    let closed = closed_port().await;
    let probe = format!(
        "  - get: http://{closed}/calls\n    within: 60ms\n    every: 20ms\n  - get: http://{}/second\n  - get: http://{}/third\n",
        receiver.address, receiver.address
    );
    let played = play(&probe, receiver.address, &[]);
    assert_eq!(played.done.code, 3, "{}", played.done.out);
    assert_eq!(played.codes(), ["RB-222"]);
    assert_eq!(played.of("found")[0]["weight"], "unknown");
    assert_eq!(receiver.questions(), ["GET /second", "GET /third"], "in file order");
    let silent = &played.of("probed")[0];
    assert!(silent.get("status").is_none() && silent["silent"].as_str().unwrap().contains("refused"), "{silent}");
    assert!(played.done.out.contains("could not be asked after"), "{}", played.done.out);
    assert!(played.of("given_up").is_empty());
    // A receiver that failed does not hide behind a probe that could not be asked.
    let never = format!("  get: http://{}/x\n  within: 50ms\n", hanging().await);
    let played = play(&never, receiver.address, &[]);
    assert_eq!((played.done.code, played.codes()), (3, vec!["RB-222"]), "{}", played.done.out);
}

/// A server that takes requests and never answers.
async fn hanging() -> SocketAddr {
    server(|mut stream, _| async move {
        let _ = request(&mut stream).await;
        std::future::pending::<()>().await;
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn after_each_push_it_is_asked_before_the_next_one_leaves() {
    let receiver = Receiver::new(|_, _| ok(r#"{"ok":true}"#)).await;
    let probe = format!("  get: http://{}/at/{{push.name}}\n  each: true\n  json: {{ ok: true }}\n", receiver.address);
    let played = play(&probe, receiver.address, &[]);
    assert_eq!(played.done.code, 0, "{}", played.done.out);
    let heard = receiver.heard();
    assert!(heard.len() >= 6 && heard.len() % 2 == 0, "{heard:?}");
    for pair in heard.chunks(2) {
        assert!(pair[0].starts_with("POST /hook") && pair[1].starts_with("GET /at/udesk%3A"), "{heard:?}");
    }
    assert_eq!(played.of("probed").len(), played.of("planned").len());
    let named = |event: &&Value| event["delivery"]["push"].as_str().unwrap().to_owned();
    assert!(played.of("probed").iter().map(named).eq(played.of("planned").iter().map(named)));
    // Scenario time stands still meanwhile.
    let due = |event: &&Value| (event["due_ms"].as_u64(), event["offset_ms"].as_u64());
    assert!(played.of("attempted").iter().map(due).all(|(due, left)| due == left));

    let probe = format!("  {{ get: \"http://{}/end\", each: true, push: \"*:end\" }}\n", receiver.address);
    let played = play(&probe, receiver.address, &[]);
    assert_eq!(played.of("probed").len(), 1, "{}", played.done.out);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_asked_after_one_push_is_not_asked_after_all_others() {
    let receiver = Receiver::new(|_, _| ok("{}")).await;
    let probe = format!("  get: http://{}/x\n  each: true\n  within: 50ms\n", closed_port().await);
    let played = play(&probe, receiver.address, &[]);
    assert_eq!((played.done.code, played.of("probed").len()), (3, 1), "{}", played.done.out);
    assert_eq!(played.of("acknowledged").len(), played.of("planned").len());
}

#[tokio::test(flavor = "multi_thread")]
async fn values_are_written_as_their_place_asks() {
    let receiver = Receiver::new(|_, _| ok("{}")).await;
    let probe = "  post: \"{target.origin}/{story.vendor}/{customer.name}?phone={customer.phone}\"\n  headers: { X-Agent: \"no {agent.number}\" }\n  \
                 body: { name: \"{customer.name}\", list: [\"{customer.phone}\", 1] }\n";
    let played = play(probe, receiver.address, &[]);
    assert_eq!(played.done.code, 0, "{}{}", played.done.out, played.done.err);
    let question = receiver.question();
    assert!(
        question.starts_with("POST /udesk/%E7%8E%8B%20%26%20%22%E8%8A%B3%22%2F1?phone=13800138000 HTTP/1.1\r\n"),
        "{question}"
    );
    assert!(
        question.contains("\r\nX-Agent: no ") && question.contains("\r\nContent-Type: application/json\r\n"),
        "{question}"
    );
    assert!(question.contains("\r\nUser-Agent: ringback/"), "{question}");
    let body: Value = serde_json::from_str(question.split_once("\r\n\r\n").unwrap().1).unwrap();
    assert_eq!(body, serde_json::json!({ "name": "王 & \"芳\"/1", "list": ["13800138000", 1] }));
}

#[tokio::test(flavor = "multi_thread")]
async fn each_vendor_asks_with_its_own_ids() {
    let receiver = Receiver::new(|_, _| ok("{}")).await;
    let text = format!("{CALL}probe:\n  get: http://{}/{{story.vendor}}/{{call.id}}\n", receiver.address);
    let played = play_by("udesk,7moor", &text, receiver.address, &[], &[]);
    assert_eq!(played.done.code, 0, "{}{}", played.done.out, played.done.err);
    let questions = receiver.questions();
    assert!(questions[0].starts_with("GET /udesk/") && questions[1].starts_with("GET /7moor/"), "{questions:?}");
    for (question, vendor) in questions.iter().zip(["udesk:", "7moor:"]) {
        let id = question.rsplit('/').next().unwrap();
        let pushes = played.of("attempted");
        let carries = |push: &&&Value| format!("{} {}", push["url"], push["body"]).contains(id);
        let mut carriers =
            pushes.iter().filter(carries).map(|push| push["delivery"]["push"].as_str().unwrap()).peekable();
        assert!(carriers.peek().is_some() && carriers.all(|push| push.starts_with(vendor)), "{question}");
    }
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn a_command_is_asked_by_its_arguments_and_its_environment() {
    let receiver = Receiver::new(|_, _| ok("{}")).await;
    let folder = tempfile::tempdir().unwrap();
    let counter = folder.path().join("asked");
    let script = format!(
        "echo x >> {0}; test \"$(wc -l < {0})\" -ge 3 || exit 4; printf '{{\"phone\":\"%s\",\"name\":\"%s\"}}' \"$RINGBACK_CUSTOMER_PHONE\" \"$1\"",
        counter.display()
    );
    let probe = format!(
        "  command: [/bin/sh, -c, '{}', sh, \"{{customer.phone}} $HOME; x\"]\n  every: 10ms\n  json: {{ phone: \"13800138000\", name: \"13800138000 $HOME; x\" }}\n",
        script.replace('\'', "''")
    );
    let played = play(&probe, receiver.address, &[]);
    assert_eq!(played.done.code, 0, "{}{}", played.done.out, played.done.err);
    assert_eq!(played.one("probed")["tries"], 3);

    let failing =
        "  command: /bin/sh -c 'echo {call.id} >&2; echo database is locked >&2; exit 7'\n  within: 5s\n  every: 5s\n";
    let played = play(failing, receiver.address, &[]);
    assert_eq!((played.done.code, played.codes()), (1, vec!["RB-221"]));
    let found = played.one("found");
    assert_eq!(found["found"], "exit status 7: database is locked");
    assert!(found["curl"].as_str().unwrap().starts_with("/bin/sh -c '"), "{found}");
    assert_eq!(play("  command: /bin/sh -c 'exit 7'\n  status: [3, 7]\n", receiver.address, &[]).done.code, 0);
    let missing = play("  command: [/nowhere/state]\n  within: 30ms\n", receiver.address, &[]);
    assert_eq!((missing.done.code, missing.codes()), (3, vec!["RB-222"]));
    assert!(missing.done.out.contains("`/nowhere/state` cannot be started"), "{}", missing.done.out);
    let killed = play("  command: /bin/sh -c 'kill -9 $$'\n  within: 5s\n  every: 5s\n", receiver.address, &[]);
    assert_eq!(killed.one("probed")["status"], 128 + 9);
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn a_command_that_does_not_end_is_killed_with_its_children() {
    let receiver = Receiver::new(|_, _| ok("{}")).await;
    let folder = tempfile::tempdir().unwrap();
    let child = folder.path().join("child");
    let probe = format!(
        "  - command: [/bin/sh, -c, 'sleep 600 & echo $! > {}; wait']\n    within: 3s\n  - command: [/bin/sh, -c, 'yes']\n    within: 100ms\n",
        child.display()
    );
    let began = Instant::now();
    let played = play(&probe, receiver.address, &[]);
    assert!(began.elapsed() < Duration::from_secs(20));
    assert_eq!((played.done.code, played.codes()), (3, vec!["RB-222", "RB-222"]), "{}", played.done.out);
    assert!(played.of("found")[0]["found"].as_str().unwrap().contains("had not ended after"), "{}", played.done.out);
    assert_gone(&child);
}

/// The process whose number stands in the file does not run any more.
fn assert_gone(file: &Path) {
    let number = std::fs::read_to_string(file).unwrap();
    // One that nobody has waited for yet still has a number, but no longer runs.
    let runs = || {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", number.trim())).unwrap_or_default();
        stat.rsplit_once(") ").is_some_and(|(_, state)| !state.starts_with('Z'))
    };
    let began = Instant::now();
    while runs() {
        assert!(began.elapsed() < Duration::from_secs(10), "process {number} is still there");
        std::thread::yield_now();
    }
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn what_a_command_prints_is_bounded_and_what_it_leaves_running_holds_nothing_up() {
    let receiver = Receiver::new(|_, _| ok("{}")).await;
    let probe = "  - command: [/bin/sh, -c, 'head -c 3000000 /dev/zero | tr \"\\0\" x']\n  - command: [/bin/sh, -c, 'sleep 600 & echo done']\n    text: done\n";
    let played = play(probe, receiver.address, &[]);
    assert_eq!(played.done.code, 0, "{}", played.done.out);
    assert_eq!(played.of("probed")[0]["body"].as_str().unwrap().len(), 1024 * 1024);
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn an_interrupt_ends_the_polling_at_once() {
    let receiver = Receiver::new(|_, _| ok(r#"{"state":"talking"}"#)).await;
    let folder = tempfile::tempdir().unwrap();
    let (child, report) = (folder.path().join("child"), folder.path().join("run.ndjson"));
    for probe in [
        format!("get: http://{}/calls\n  json: {{ state: ended }}\n  within: 10m\n", receiver.address),
        format!("command: [/bin/sh, -c, 'echo $$ > {}; sleep 600']\n  within: 10m\n", child.display()),
    ] {
        let scenario = file(folder.path(), "asked.yaml", &format!("{CALL}probe:\n  {probe}"));
        let (target, report_to) = (format!("http://{}/hook", receiver.address), format!("ndjson={}", report.display()));
        let arguments =
            ["run", &scenario, "--vendor", "udesk", "--target", &target, "--report", "term", "--report", &report_to];
        let began = Instant::now();
        let running = Running::start(ringback(&arguments));
        while receiver.questions().is_empty() && !child.exists() {
            assert!(began.elapsed() < Duration::from_secs(30), "nobody asks");
            tokio::task::yield_now().await;
        }
        running.interrupt();
        let done = running.end();
        assert_eq!(done.code, 130, "{}{}", done.out, done.err);
        assert!(began.elapsed() < Duration::from_secs(40));
        assert!(done.out.contains("INTERRUPTED"), "{}", done.out);
        let events = events(&report);
        assert_eq!(events.last().unwrap()["interrupted"], true);
        assert!(events.iter().any(|event| event["event"] == "checked"));
        receiver.heard.lock().unwrap().clear();
    }
    assert_gone(&child);
}

/// A command may change what it asks, so it is not run where there is no end of the story to ask about.
#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn no_probe_is_asked_of_a_story_that_was_cut_short() {
    let receiver = Receiver::new(|_, _| ok("{}")).await;
    let folder = tempfile::tempdir().unwrap();
    let (once, each) = (folder.path().join("once"), folder.path().join("each"));
    let probe = format!(
        "  - command: [/bin/sh, -c, 'echo x >> {}']\n  - command: [/bin/sh, -c, 'echo x >> {}']\n    each: true\n  \
         - get: http://{}/calls\n",
        once.display(),
        each.display(),
        receiver.address
    );
    let count = |file: &Path| std::fs::read_to_string(file).unwrap_or_default().lines().count();

    let unreachable = play(&probe, closed_port().await, &[]);
    assert_eq!(unreachable.done.code, 3, "{}", unreachable.done.out);
    assert_eq!((count(&once), count(&each), receiver.questions().len()), (0, 0, 0));
    assert!(unreachable.of("probed").is_empty() && unreachable.of("checked").iter().all(|check| check["judged"] == 0));

    // Ended by a signal once the first of its pushes is settled; the next one is 81 seconds away.
    let scenario = file(folder.path(), "asked.yaml", &format!("{CALL}probe:\n{probe}"));
    let (target, report) = (format!("http://{}/hook", receiver.address), folder.path().join("run.ndjson"));
    let report_to = format!("ndjson={}", report.display());
    let running = Running::start(ringback(&[
        "run", &scenario, "--vendor", "udesk", "--target", &target, "--pace", "1x", "--report", "term", "--report",
        &report_to,
    ]));
    let began = Instant::now();
    while count(&each) < 2 {
        assert!(began.elapsed() < Duration::from_secs(30), "no push is settled");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    running.interrupt();
    let done = running.end();
    assert_eq!(done.code, 130, "{}{}", done.out, done.err);
    assert_eq!((count(&once), receiver.questions().len()), (0, 0), "{}", done.out);
    let once_asked = |event: &Value| event["event"] == "probed" && event.get("delivery").is_none();
    assert!(!events(&report).iter().any(once_asked));

    let whole = play(&probe, receiver.address, &[]);
    assert_eq!((whole.done.code, count(&once), receiver.questions().len()), (0, 1, 1), "{}", whole.done.out);
}

/// Plays a call with a fault, and a receiver that believes that nothing has ended.
async fn after_a_fault(fault: &str, probe: &str, more: &[&str]) -> Played {
    let receiver = Receiver::new(|_, _| ok("{\"state\":\"talking\"}")).await;
    let probe = format!(
        "  get: http://{}/calls/{{call.id}}\n  json: {{ state: ended }}\n  within: 100ms\n{probe}",
        receiver.address
    );
    let text = format!("{CALL}faults:\n  - {{ {fault} }}\nprobe:\n{probe}");
    play_by("udesk", &text, receiver.address, more, &[])
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_receiver_believes_after_a_lost_push_is_not_judged() {
    // Dropped; broken off and never sent again; taken with something else in it.
    for (fault, name) in [
        ("fault: drop, push: \"*:end\"", "drop"),
        ("fault: refuse, push: \"*:end\"", "refuse"),
        ("fault: missing-field, push: \"*:end\"", "missing-field"),
    ] {
        let played = after_a_fault(fault, "", &[]).await;
        assert_eq!(played.done.code, 0, "{fault}: {}{}", played.done.out, played.done.err);
        let reason = played.one("not_judged")["reason"].as_str().unwrap();
        assert_eq!(reason, format!("lost on purpose: udesk:end by `{name}`"));
        assert_eq!((played.of("probed").len(), played.codes().len()), (0, 0), "{fault}");
        assert!(played.done.out.contains("not judged"), "{}", played.done.out);
    }
    // Strict: what was planned was not exercised.
    let strict = after_a_fault("fault: drop, push: \"*:end\"", "", &["--strict"]).await;
    assert_eq!((strict.done.code, strict.codes()), (1, vec!["RB-242"]), "{}", strict.done.out);
}

#[tokio::test(flavor = "multi_thread")]
async fn where_every_push_arrived_whole_the_probe_is_judged_and_its_finding_names_the_faults() {
    for (fault, more) in [
        ("fault: duplicate, push: \"*:end\"", &[][..]),
        ("fault: lost-ack, push: \"*:end\"", &[]),
        ("fault: delay, push: \"*:hangup\", by: 1m", &[]),
        ("fault: reset, push: \"*:end\", when: { attempts: 1 }", &["--retry", "5s"]),
        ("fault: extra-field, push: \"*:end\"", &[]),
    ] {
        let played = after_a_fault(fault, "", more).await;
        assert_eq!((played.done.code, played.codes()), (1, vec!["RB-221"]), "{fault}: {}", played.done.out);
        let name = fault.split([' ', ',']).nth(1).unwrap();
        assert_eq!(played.one("found")["faults"][0]["fault"], name, "{}", played.done.out);
    }
    // Asked all the same, it says what was lost.
    let played = after_a_fault("fault: drop, push: \"*:end\"", "  when_lost: judge\n", &[]).await;
    assert_eq!((played.done.code, played.codes()), (1, vec!["RB-221"]), "{}", played.done.out);
    let found = played.one("found");
    assert_eq!(
        (&found["faults"][0]["fault"], &found["faults"][0]["evidence"]),
        (&"drop".into(), &"struck once".into())
    );
    assert!(found["message"].as_str().unwrap().contains("lost on purpose: udesk:end by `drop`"), "{found}");
}

#[tokio::test(flavor = "multi_thread")]
async fn probes_keep_to_loopback_unless_the_host_is_allowed() {
    let receiver = Receiver::new(|_, _| ok("{}")).await;
    let probe = "  get: http://receiver.invalid/calls/{call.id}\n  within: 50ms\n";
    let refused = play(probe, receiver.address, &[]);
    assert_eq!(refused.done.code, 2);
    assert!(
        refused.done.err.contains("probes go to loopback only")
            && refused.done.err.contains("--allow-host receiver.invalid"),
        "{}",
        refused.done.err
    );
    assert!(receiver.heard().is_empty(), "nothing is sent before");
    let allowed = play(probe, receiver.address, &["--allow-host", "receiver.invalid"]);
    assert_eq!((allowed.done.code, allowed.codes()), (3, vec!["RB-222"]), "{}", allowed.done.out);
    // The host may be a value, and is looked at once it is known.
    let text = format!("{CALL}probe:\n  get: \"{{env.STATE_URL}}/calls\"\n");
    let refused = play_by("udesk", &text, receiver.address, &[], &[("STATE_URL", "http://receiver.invalid")]);
    assert!(refused.done.err.contains("probes go to loopback only"), "{}", refused.done.err);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_value_that_the_story_lacks_is_told_with_those_that_it_has() {
    let receiver = Receiver::new(|_, _| ok("{}")).await;
    let played = play("  get: \"{target.origin}/{menu.id}\"\n", receiver.address, &[]);
    assert_eq!(played.done.code, 2);
    let told = &played.done.err;
    assert!(told.contains("asked.yaml:5") && told.contains("knows no `menu.id` by udesk"), "{told}");
    assert!(told.contains("call.id, ") && told.contains("--format values"), "{told}");
    let listed =
        support::command::run(&["plan", "transfer", "--vendor", "udesk", "--seed", "42", "--format", "values"]);
    assert!(listed.out.starts_with("transfer by udesk, seed 42\n{call.id}"), "{}", listed.out);
    assert!(listed.out.contains("{agent.number:2}") && listed.out.contains("{target.origin}"), "{}", listed.out);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_environment_holds_is_sent_and_never_shown() {
    let receiver = Receiver::new(|_, request| (200, format!("{{\"echo\":{}}}", Value::from(request)))).await;
    let text = format!(
        "{CALL}probe:\n  - get: http://127.0.0.1:{{env.STATE_PORT}}/{{env.TOKEN}}\n    headers: {{ X-Key: \"k {{env.TOKEN}}\" }}\n    json: {{ echo: x }}\n    within: 5s\n    \
                every: 5s\n  - command: [/bin/sh, -c, 'echo \"$1\"', sh, \"{{env.TOKEN}}\"]\n    text: x\n    within: 5s\n    every: 5s\n",
    );
    let port = receiver.address.port().to_string();
    let variables = [("TOKEN", "hush/hush-9"), ("STATE_PORT", port.as_str())];
    let played = play_by("udesk", &text, receiver.address, &["--verbose"], &variables);
    assert_eq!(played.done.code, 1, "{}{}", played.done.out, played.done.err);
    let question = receiver.question();
    assert!(question.starts_with("GET /hush%2Fhush-9 ") && question.contains("X-Key: k hush/hush-9\r\n"), "{question}");
    let all = format!("{}{}{:?}", played.done.out, played.done.err, played.events);
    assert!(!all.contains("hush-9") && all.contains("***"), "{all}");
    assert!(all.contains(&format!("GET http://127.0.0.1:{port}/***")), "where to ask is no secret\n{all}");
}
