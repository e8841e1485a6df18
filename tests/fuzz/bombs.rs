//! Small texts that would cause a lot of work: `ringback check` refuses them, or is done with them, within a limit on time and
//! memory; and a server that is asked about them still answers others.

use super::command::{Running, file, ringback};
use super::server::{ask, pulse};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use serde_json::{Value, json};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// How long a bomb may take: far longer than any should, far shorter than those took that had no limit.
const BOMB_MAX: Duration = Duration::from_secs(30);
/// How much memory one may take, in KiB.
const MEMORY_MAX_KIB: u64 = 1_500_000;

const CALL: &str = "title: t\nvendors: [udesk]\ncall: { kind: outbound }\n";
const SCRIPT: &str = "script: [ring: agent, wait: 5s, answer: agent, ring: customer, wait: 2s, answer: customer, wait: 5s, hangup: agent]\n";

/// What a bomb is for: its limit is broken, or it is simply done with.
#[derive(Clone, Copy, PartialEq)]
enum Ends {
    /// An error whose text has this in it.
    With(&'static str),
    /// All is well.
    Well,
}
use Ends::{Well, With};

/// A scenario with this behind its script.
fn and(more: &str) -> String {
    format!("{CALL}{SCRIPT}{more}\n")
}

/// One that expects this of a place.
fn path(path: &str) -> String {
    and(&format!("expect: [{{ push: '*', json: {{ ? \"{path}\" : 1 }} }}]"))
}

/// One whose agent and customer talk, with these steps between.
fn steps(step: &str, times: usize) -> String {
    let steps = format!("{step}, ").repeat(times);
    format!("{CALL}script: [ring: agent, answer: agent, ring: customer, answer: customer, {steps}hangup: agent]\n")
}

fn list(item: &str, times: usize) -> String {
    format!("[{}]", vec![item; times].join(", "))
}

fn numbered(times: usize, item: impl Fn(usize) -> String) -> String {
    (0..times).map(item).collect::<Vec<_>>().join(", ")
}

fn bombs() -> Vec<(&'static str, Ends, String)> {
    let long = "x".repeat(100_000);
    vec![
        ("filters in filters of a path", With("filters"), path(&format!("${}{}", "[?@".repeat(26), "]".repeat(26)))),
        ("brackets of a path", With("brackets"), path(&format!("$[?{}1==1{}]", "(".repeat(400), ")".repeat(400)))),
        ("descents of a path", With("all depths"), path(&format!("${}", "..*".repeat(30)))),
        ("a long path", With("bytes"), path(&format!("${}", ".a".repeat(900)))),
        ("a pattern in a path", With("regular expression"), path("$[?match(@.a, '(a{1,1000}){1,1000}')]")),
        (
            "a redacted path",
            With("filters"),
            and(&format!("snapshot: {{ redact: [\"${}{}\"] }}", "[?@".repeat(26), "]".repeat(26))),
        ),
        ("an alias of a long text", With("repeat"), format!("x: &a {long}\ny: {}\n{}", list("*a", 40_000), and(""))),
        ("aliases of aliases", With("keys and values"), {
            let level =
                |n: u8| format!("{0}: &{0} {1}\n", (b'b' + n) as char, list(&format!("*{}", (b'a' + n) as char), 10));
            format!("a: &a [x, x, x, x]\n{}", (0..9).map(level).collect::<String>())
        }),
        ("anchors in anchors", With("anchors"), {
            let open: String = (0..58).map(|n| format!("&a{n} [")).collect();
            format!("x: {open}{}{}\n", list("1", 90_000), "]".repeat(58))
        }),
        ("brackets without an end", With("deep"), format!("title: {}", "[".repeat(400_000))),
        ("dashes without an end", With("deep"), "- ".repeat(300_000)),
        ("a key of many characters", With("key has"), format!("? {long}\n: 1\n{}", and(""))),
        ("many keys", With("side by side"), and(&(0..40_000).map(|n| format!("k{n}: 1\n")).collect::<String>())),
        ("many unknown agents", With("more problems"), format!("{CALL}script: {}\n", list("ring: bob", 9_000))),
        (
            "many long unknown steps",
            With("more problems"),
            format!("{CALL}script: {}\n", list(&format!("{}: a", "y".repeat(90)), 9_000)),
        ),
        ("many vendors", With("named twice"), and("").replace("[udesk]", &list("udesk", 50_000))),
        (
            "many agents",
            With("side by side"),
            and("").replace(
                "outbound }",
                &format!("outbound, agents: {{ {} }} }}", numbered(30_000, |n| format!("a{n}: {{}}"))),
            ),
        ),
        (
            "a pattern that grows",
            With("too large"),
            and("expect: [{ push: '*', text: { matches: '(a{1,1000}){1,1000}' } }]"),
        ),
        (
            "a long pattern",
            With("characters"),
            and(&format!("expect: [{{ push: '*', text: {{ matches: '{}' }} }}]", "(".repeat(90_000))),
        ),
        (
            "many patterns",
            With("regular expressions"),
            and(&format!(
                "expect: [{{ push: '*', json: {{ {} }} }}]",
                numbered(900, |n| format!("a{n}: {{ matches: 'b{n}' }}"))
            )),
        ),
        (
            "globs",
            With("no push"),
            and(&format!("faults: {}", list(&format!("{{ fault: drop, push: '{}' }}", "*e".repeat(2_000)), 150))),
        ),
        (
            "a long path of a field",
            With("no field"),
            and(&format!("faults: [{{ fault: missing-field, field: {}a }}]", "a.".repeat(20_000))),
        ),
        (
            "many overrides",
            With("more than"),
            and(&format!("set: {}", list("{ push: 'udesk:*', field: survey, value: a }", 9_000))),
        ),
        (
            "a long name",
            With("bytes"),
            and("").replace("outbound }", &format!("outbound, customer: {{ name: {long} }} }}")),
        ),
        (
            "a long number",
            With("too large"),
            and(&format!("set: [{{ push: 'udesk:end', field: survey, value: {} }}]", "9".repeat(900_000))),
        ),
        (
            "headers",
            With("side by side"),
            and(&format!("deliver: {{ headers: {{ {} }} }}", numbered(40_000, |n| format!("X-{n}: a")))),
        ),
        (
            "a long address",
            With("too long"),
            and(&format!("deliver: {{ to: 'http://127.0.0.1/{}' }}", "../".repeat(90_000))),
        ),
        ("waits", With("more than"), and(&format!("deliver: {{ retry: {{ waits: {} }} }}", list("1s", 90_000)))),
        ("a wait of ages", With("seven days"), and("").replace("wait: 5s", "wait: 3s..99999999999h")),
        (
            "a wait of many digits",
            With("length of time"),
            and("").replace("wait: 5s", &format!("wait: {}s", "9".repeat(300_000))),
        ),
        ("a threshold of many digits", With("characters"), and(&format!("thresholds: ['p{}<1s']", "9".repeat(90_000)))),
        ("copies", With("4000000000"), and("faults: [{ fault: duplicate, copies: 4000000000 }]")),
        ("bytes", With("4000000000000"), and("faults: [{ fault: oversize, bytes: 4000000000000 }]")),
        (
            "the number of a push",
            With("99999999999999999999"),
            and("faults: [{ fault: drop, when: { nth: 99999999999999999999 } }]"),
        ),
        ("a rate", With("percentage"), and("faults: [{ fault: drop, when: { rate: 1e308% } }]")),
        (
            "braces",
            With("brace"),
            and(&format!("probe: {{ get: 'http://127.0.0.1:1/{}}}', json: {{ a: 1 }} }}", "{".repeat(300_000))),
        ),
        (
            "braces in what is expected",
            Well,
            and(&format!("expect: [{{ push: '*', text: {{ contains: '{}}}' }} }}]", "{".repeat(300_000))),
        ),
        ("statuses", Well, and(&format!("expect: [{{ push: '*', status: {} }}]", list("2xx", 50_000)))),
        ("a long script", Well, steps("wait: 7d", 9_000)),
        ("a long chat", Well, {
            let says = list(&format!("say: {}", "x".repeat(400)), 2_000);
            format!(
                "title: t\nchat: {{}}\nscript: [enqueue: queue, answer: agent, {}, disconnect: agent]\n",
                &says[1..says.len() - 1]
            )
        }),
        ("holds", Well, steps("hold: agent, resume: agent", 2_000)),
    ]
}

/// The command under the limits of memory, and what it printed; `None` where it took too long.
fn within_limits(arguments: &[&str]) -> (Option<i32>, String) {
    let plain = ringback(arguments);
    let mut command = Command::new("sh");
    command.args(["-c", &format!("ulimit -v {MEMORY_MAX_KIB}; exec \"$0\" \"$@\"")]);
    command.arg(plain.get_program()).args(plain.get_args());
    for (name, _) in plain.get_envs() {
        command.env_remove(name);
    }
    let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let pid = child.id().to_string();
    let (mut out, mut err) = (child.stdout.take().unwrap(), child.stderr.take().unwrap());
    let read = std::thread::spawn(move || {
        let (mut text, mut more) = (Vec::new(), Vec::new());
        std::io::Read::read_to_end(&mut err, &mut text).unwrap();
        std::io::Read::read_to_end(&mut out, &mut more).unwrap();
        String::from_utf8_lossy(&[text, more].concat()).into_owned()
    });
    let began = Instant::now();
    let status = loop {
        match child.try_wait().unwrap() {
            Some(status) => break status.code(),
            None if began.elapsed() > BOMB_MAX => {
                child.kill().unwrap();
                child.wait().unwrap();
                break None;
            }
            None => std::thread::sleep(Duration::from_millis(5)),
        }
    };
    assert!(began.elapsed() < BOMB_MAX * 2, "{pid} cannot be ended");
    (status, read.join().unwrap())
}

#[test]
fn a_small_text_causes_little_work() {
    let folder = tempfile::tempdir().unwrap();
    for (name, ends, text) in bombs() {
        let scenario = file(folder.path(), "bomb.yaml", &text);
        let began = Instant::now();
        let (code, told) = within_limits(&["check", &scenario]);
        let shown: String = told.chars().take(600).collect();
        let took = began.elapsed();
        match ends {
            Well => assert_eq!(code, Some(0), "{name} after {took:?}: {shown}"),
            With(words) => {
                assert_eq!(code, Some(2), "{name} after {took:?}: {shown}");
                assert!(told.contains("error[RB-") && told.contains(words), "{name}: {shown}");
                assert!(told.len() < 200_000, "{name}: {} bytes are printed", told.len());
            }
        }
    }
}

#[test]
fn a_plan_of_a_small_text_is_bounded_too() {
    let folder = tempfile::tempdir().unwrap();
    let moor = |text: String| text.replace("udesk", "7moor");
    let value = "n".repeat(60_000);
    for (name, words, text) in [
        (
            "a value in every push",
            "bytes together",
            format!(
                "{}set: [{{ push: '7moor:callStatus', field: agentName, value: {value} }}]\n",
                moor(steps("hold: agent, resume: agent", 700))
            ),
        ),
        (
            "values in every push",
            "replaces more than",
            format!(
                "{}set: {}\n",
                moor(steps("hold: agent, resume: agent", 200)),
                list("{ push: '7moor:callStatus', field: agentName, value: x }", 400)
            ),
        ),
        (
            "copies of copies",
            "hit pushes and copies",
            and(&format!("faults: {}", list("{ fault: duplicate, copies: 10 }", 200))),
        ),
    ] {
        let scenario = file(folder.path(), "bomb.yaml", &text);
        let (code, told) = within_limits(&["plan", &scenario]);
        let shown: String = told.chars().take(600).collect();
        assert_eq!(code, Some(2), "{name}: {shown}");
        assert!(told.contains(words), "{name}: {shown}");
    }
    let doubled =
        file(folder.path(), "doubled.yaml", &and(&format!("faults: {}", list("{ fault: double-encoded }", 60))));
    let (code, told) = within_limits(&["plan", &doubled, "--format", "table"]);
    assert_eq!(code, Some(0), "{}", told.chars().take(600).collect::<String>());
}

#[test]
fn a_server_that_is_asked_about_bombs_still_answers_others() {
    let running = Running::start(ringback(&["serve", "--listen", "127.0.0.1:0"]));
    let line = running.line();
    let address = line.split(['/', ';', ' ']).find(|part| part.starts_with("127.0.0.1:")).unwrap().to_owned();
    let deep = format!("{}{}", "[".repeat(200_000), "]".repeat(200_000));
    let mut requests = vec![
        ("deep JSON", "/api/check", format!("{{\"scenario\":{deep}}}")),
        (
            "many targets",
            "/api/runs",
            json!({ "scenario": "transfer", "vendor": "udesk", "targets": vec!["http://127.0.0.1:9/"; 9_000] })
                .to_string(),
        ),
        (
            "a long pace",
            "/api/runs",
            json!({ "scenario": "transfer", "vendor": "udesk", "pace": "9".repeat(90_000) }).to_string(),
        ),
        (
            "a late start",
            "/api/runs",
            json!({ "scenario": "transfer", "vendor": "udesk", "at": "9".repeat(90_000) }).to_string(),
        ),
        (
            "many waits",
            "/api/runs",
            json!({ "scenario": "transfer", "vendor": "udesk", "retry": vec!["1s"; 90_000].join(",") }).to_string(),
        ),
    ];
    for (name, _, text) in bombs() {
        let plan = json!({ "run": { "scenario": text, "vendor": "udesk", "seed": 1 } });
        requests.push((name, "/api/plan", plan.to_string()));
    }
    for (name, path, body) in requests {
        let (status, told) = ask(&address, "POST", path, &body, BOMB_MAX);
        let shown: String = told.chars().take(400).collect();
        assert!(matches!(status, 200 | 400 | 413 | 422), "{name}: {status} {shown}");
        pulse(&address, name);
    }
}

#[test]
#[cfg(unix)]
fn a_file_of_certificates_that_never_ends_is_not_read_for_ever() {
    for flag in ["--cacert", "--cert"] {
        let (code, told) =
            within_limits(&["run", "outbound-answered", "--target", "https://127.0.0.1:9/", flag, "/dev/zero"]);
        assert_eq!(code, Some(2), "{flag}: {told}");
    }
}

#[test]
fn a_shard_file_that_claims_much_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let good: Value = serde_json::from_str(include_str!("../fixtures/0.1.0/shard-1.json")).unwrap();
    let histogram = BASE64.decode(good["figures"]["lag"].as_str().unwrap()).unwrap();
    let claims = |at: usize, value: u32| {
        let mut bytes = histogram.clone();
        bytes[at..at + 4].copy_from_slice(&value.to_be_bytes());
        json!(BASE64.encode(bytes))
    };
    let point = &good["figures"]["points"][0];
    for (at, value, words) in [
        ("/figures/lag", claims(4, 0xb000_0000), "HdrHistogram"),
        ("/figures/lag", claims(12, 5), "HdrHistogram"),
        ("/figures/shards_of", json!(u32::MAX), "between 1 and"),
        ("/figures/shards_of", json!(0), "between 1 and"),
        ("/figures/shards", json!([1, 1]), "each once"),
        ("/figures/shards", json!([0]), "each once"),
        ("/figures/shards", json!([]), "no shard"),
        ("/figures/calls/planned", json!(u64::MAX), "count more than"),
        ("/asked/workers", json!(u64::MAX), "workers"),
        ("/asked/connections", json!(u64::MAX), "connections"),
        ("/asked/max_in_flight", json!(u64::MAX), "max_in_flight"),
        ("/figures/points", json!(vec![point; 8_000]), "points over time"),
    ] {
        let mut shard = good.clone();
        *shard.pointer_mut(at).unwrap() = value;
        let shard = file(folder.path(), "shard.json", &shard.to_string());
        let (code, told) = within_limits(&["load", "merge", &shard]);
        let shown: String = told.chars().take(400).collect();
        assert_eq!(code, Some(2), "{at}: {shown}");
        assert!(told.contains(words), "{at}: {shown}");
    }
}
