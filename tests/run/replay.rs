//! Every replay line replays: whatever flags a run was given, the printed line sends the same and finds the same.

use crate::support::command::{Done, done, file, ringback, run};
use crate::support::{tls, wire};
use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::server::conn::http2;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::{TokioExecutor, TokioIo};
use std::convert::Infallible;
use std::path::Path;
use std::process::Command;
use std::sync::{Arc, Mutex};
use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt};

/// How many combinations are tried.
const COMBINATIONS: u32 = 16;
/// How many of a load, which plans many calls.
const LOADS: u32 = 8;

const SCENARIO: &str = "title: A call\ncall: { kind: outbound, agents: { ann: } }\nscript:\n  - ring: ann\n  - wait: 5s\n  \
    - answer: ann\n  - ring: customer\n  - answer: customer\n  - wait: 9s\n  - hangup: ann\nvendors: [udesk, 7moor]\n\
    deliver: { headers: { X-Mode: fine, X-Env: file }, retry: none }\n\
    expect:\n  - { push: \"udesk:end\", status: 204 }\n  - { push: \"*\", within: 30s }\n";

/// A receiver on one host, of HTTP/1.1 and HTTP/2, and what it has heard. It fails a push that says `X-Mode: broken`.
struct Receiver {
    plain: String,
    /// With a certificate that is vouched for by `ca.pem`.
    secure: String,
    /// The same, and it asks for the certificate in `client.pem`.
    asking: String,
    heard: Heard,
    _runtime: tokio::runtime::Runtime,
}

type Heard = Arc<Mutex<Vec<String>>>;

impl Receiver {
    fn start(folder: &Path) -> Self {
        let runtime = tokio::runtime::Runtime::new().expect("threads");
        let heard = Heard::default();
        let (identity, client) = (tls::signed(&["127.0.0.1", "localhost"]), tls::signed(&["client"]));
        for (name, pem) in [("ca.pem", &identity.ca), ("client.pem", &client.pem), ("client.key", &client.key_pem)] {
            file(folder, name, pem);
        }
        let secure = |acceptor: tokio_rustls::TlsAcceptor| {
            let heard = heard.clone();
            wire::server(move |stream, _| {
                let (acceptor, heard) = (acceptor.clone(), heard.clone());
                async move {
                    let Ok(stream) = acceptor.accept(stream).await else { return };
                    match stream.get_ref().1.alpn_protocol() {
                        Some(b"h2") => answer_h2(stream, heard).await,
                        _ => answer(stream, heard).await,
                    }
                }
            })
        };
        let of_plain = heard.clone();
        let plain = wire::server(move |stream, _| {
            let heard = of_plain.clone();
            async move {
                let mut first = [0; 3];
                match stream.peek(&mut first).await {
                    Ok(3) if first == *b"PRI" => answer_h2(stream, heard).await,
                    _ => answer(stream, heard).await,
                }
            }
        });
        let asking = tls::asking(&identity, &client.ca, &rustls::version::TLS13);
        let [plain, secure, asking] = runtime.block_on(async {
            [plain.await, secure(tls::acceptor(&identity, &["h2", "http/1.1"])).await, secure(asking).await]
        });
        Self {
            plain: format!("http://{plain}/hook"),
            secure: format!("https://{secure}/hook"),
            asking: format!("https://{asking}/hook"),
            heard,
            _runtime: runtime,
        }
    }

    /// What it has heard since it was asked last, in the order of the texts: several pushes may be on their way at a time.
    fn take(&self) -> Vec<String> {
        let mut heard = std::mem::take(&mut *self.heard.lock().expect("a lock"));
        heard.sort();
        heard
    }
}

/// Keeps a request; the status that it is answered with.
fn hear(request: String, heard: &Heard) -> u16 {
    let is_broken = request.to_ascii_lowercase().contains("x-mode: broken");
    heard.lock().expect("a lock").push(request);
    if is_broken { 500 } else { 200 }
}

async fn answer(mut stream: impl AsyncRead + AsyncWrite + Unpin, heard: Heard) {
    loop {
        let request = wire::request(&mut stream).await;
        if request.is_empty() {
            return;
        }
        let status = hear(request, &heard);
        let answer = format!("HTTP/1.1 {status} Any\r\nContent-Length: 12\r\n\r\n{{\"code\":200}}");
        if stream.write_all(answer.as_bytes()).await.is_err() {
            return;
        }
    }
}

async fn answer_h2(stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static, heard: Heard) {
    let service = service_fn(move |request: Request<Incoming>| {
        let heard = heard.clone();
        async move {
            let (head, body) = request.into_parts();
            let mut told = format!("{} {} {:?}\r\n", head.method, head.uri, head.version);
            for (name, value) in &head.headers {
                told += &format!("{name}: {}\r\n", String::from_utf8_lossy(value.as_bytes()));
            }
            let body = body.collect().await.map(|body| body.to_bytes()).unwrap_or_default();
            let status = hear(told + &String::from_utf8_lossy(&body), &heard);
            let answer = Response::builder().status(status).body(Full::new(Bytes::from_static(b"{\"code\":200}")));
            Ok::<_, Infallible>(answer.expect("an answer"))
        }
    });
    let _ = http2::Builder::new(TokioExecutor::new()).serve_connection(TokioIo::new(stream), service).await;
}

/// Runs a line that was printed, as a shell takes it, in this folder.
fn pasted(line: &str, folder: &Path, environment: &[(&str, String)]) -> Done {
    let ringback = ringback::<&str>(&[]);
    let program = Path::new(ringback.get_program()).parent().expect("a folder");
    let mut shell = Command::new("sh");
    ringback.get_envs().filter(|(_, value)| value.is_none()).for_each(|(name, _)| {
        shell.env_remove(name);
    });
    shell.env("PATH", format!("{}:{}", program.display(), std::env::var("PATH").unwrap_or_default()));
    shell.args(["-c", line]).current_dir(folder).envs(environment.iter().map(|(name, value)| (name, value)));
    done(shell)
}

/// What was found, without what differs by nature: the codes with their first lines, and the exit code.
fn found(done: &Done) -> (i32, Vec<&str>) {
    (done.code, done.out.lines().filter(|line| line.contains("[RB-")).collect())
}

/// Those of the flags whose bit is set.
fn chosen<'f>(bits: u32, flags: &[&'f [&'f str]]) -> Vec<&'f str> {
    (0..).zip(flags).filter(|(bit, _)| bits >> bit & 1 == 1).flat_map(|(_, flag)| flag.iter().copied()).collect()
}

/// How the pushes of a combination travel: where to, and by which flags.
fn travel<'r>(receiver: &'r Receiver, proxy: &'r str, number: u32) -> (&'r str, Vec<&'r str>) {
    match number % 8 {
        0 => (&receiver.plain, vec![]),
        1 => (&receiver.secure, vec!["--cacert", "ca.pem"]),
        2 => (&receiver.asking, vec!["--insecure", "--cert", "client.pem", "--key", "client.key"]),
        3 => ("http://receiver.invalid:81/hook", vec!["--allow-host", "receiver.invalid", "--proxy", proxy]),
        4 => (&receiver.plain, vec!["--http2"]),
        5 => (&receiver.secure, vec!["--insecure", "--http2"]),
        6 => (&receiver.asking, vec!["--cacert", "ca.pem", "--cert", "client.pem", "--key", "client.key"]),
        _ => (&receiver.secure, vec!["--insecure", "--addresses", "first"]),
    }
}

#[test]
fn every_printed_line_gives_the_same_finding() {
    let folder = tempfile::tempdir().expect("a folder");
    let receiver = Receiver::start(folder.path());
    let proxy = receiver.plain.replace("/hook", "");
    file(folder.path(), "flow of calls.yaml", SCENARIO);
    // Bit by bit, whether each of these is given.
    let flags: [&[&str]; 10] = [
        &["--header", "X-Mode: broken"],
        &["--header", "X-Env: {env.PLACE}; q='a b'"],
        &["--pace", "50000x"],
        &["--timeout", "20s"],
        &["--retry", "1s,2s"],
        &["--set", "udesk:end.survey=满意 & {call.id}"],
        &["--option", "udesk.retry=true"],
        &["--faults", "shuffled-history"],
        &["--snapshots", "stored answers"],
        &["--strict"],
    ];
    for number in 0..COMBINATIONS {
        // Every flag is given in half of the combinations, none together with always the same others.
        let bits = number.wrapping_mul(0x9e37_79b9) >> 20 | u32::from(number % 2 == 0);
        let (target, way) = travel(&receiver, &proxy, number);
        let arguments = ["run", "flow of calls.yaml", "--vendor", "udesk", "--quiet", "--target", target];
        let arguments = [&arguments[..], &way, &chosen(bits, &flags)].concat();
        // By a variable where flags would be too easy.
        let environment = [("PLACE", "the-lab-0123456789".to_owned())];
        let mut command = ringback(&arguments);
        command.current_dir(folder.path()).envs(environment.iter().map(|(name, value)| (name, value)));
        if number % 4 == 1 && !arguments.contains(&"--pace") {
            command.env("RINGBACK_PACE", "40000x");
        }
        let first = done(command);
        let heard = receiver.take();
        let Some((_, line)) = first.out.lines().find_map(|line| line.split_once("replay: ")) else {
            panic!("no replay line: {arguments:?}\n{}{}", first.out, first.err);
        };
        let again = pasted(&format!("{line} --quiet"), folder.path(), &environment);
        assert_eq!(found(&again), found(&first), "{line}\n{}{}", again.out, again.err);
        assert!(!heard.is_empty() && receiver.take() == heard, "{line}");
        assert_eq!(heard[0].contains("HTTP/2"), arguments.contains(&"--http2"), "{}", heard[0]);
        assert_eq!(heard[0].starts_with("POST http://receiver.invalid:81/"), number % 8 == 3, "{}", heard[0]);
        assert!(!first.out.contains("the-lab-0123456789"), "{}", first.out);
    }
}

#[test]
fn every_line_of_a_load_gives_the_same_load() {
    let folder = tempfile::tempdir().expect("a folder");
    let receiver = Receiver::start(folder.path());
    let proxy = receiver.plain.replace("/hook", "");
    file(folder.path(), "flow of calls.yaml", SCENARIO);
    let patterns: [&[&str]; 4] = [
        &["--rate", "60/s", "--for", "100ms"],
        &["--stage", "50ms:20..80/s", "--stage", "50ms:40/s"],
        &["--rate", "2000/m", "--for", "150ms", "--arrival", "poisson", "--max-calls", "4"],
        &["--closed", "2", "--for", "100ms", "--max-calls", "2"],
    ];
    let flags: [&[&str]; 12] = [
        &["--header", "X-Mode: broken"],
        &["--threshold", "errors<1%", "--threshold", "udesk:end p99<1h"],
        &["--retry", "1s,2s"],
        &["--set", "udesk:end.survey=满意 & {call.id}"],
        &["--strict"],
        &["--linger", "3s"],
        &["--workers", "1", "--connections", "3"],
        &["--max-in-flight", "500"],
        &["--rate-cap", "500/s", "--for-cap", "2h"],
        &["--shard", "1/2", "--out", "the shard.json"],
        &["--faults", "shuffled-history"],
        &["--timeout", "20s"],
    ];
    for number in 0..LOADS {
        let bits = number.wrapping_mul(0x9e37_79b9) >> 19 ^ u32::from(number % 2 == 0);
        let pattern = patterns[number as usize / 2 % 4];
        let is_closed = pattern.contains(&"--closed");
        // The calls of a closed load are not divided, and each starts when another one has ended.
        let bits = if is_closed { bits & !(1 << 9) } else { bits };
        let (target, way) = travel(&receiver, &proxy, number);
        let arguments = ["load", "flow of calls.yaml=3", "--vendor", "udesk", "--target", target, "--quiet"];
        // Tests share the machine: how far the generator falls behind says nothing here.
        let given = ["--pace", "2000x", "--lag-limit", "1h", "--seed", "7", "--at", "2026-11-20T10:00:00+08:00"];
        let arguments = [&arguments[..], &given, pattern, &way, &chosen(bits, &flags)].concat();
        let mut command = ringback(&arguments);
        command.current_dir(folder.path());
        let first = done(command);
        let heard = receiver.take();
        let line = first.out.lines().skip_while(|line| !line.ends_with("the same calls again:")).nth(1);
        let Some(line) = line else { panic!("no replay line: {arguments:?}\n{}{}", first.out, first.err) };
        let again = pasted(&format!("{line} --quiet"), folder.path(), &[]);
        let verdict = |done: &Done| (done.code, done.out.lines().last().unwrap_or_default().to_owned());
        assert_eq!(verdict(&again), verdict(&first), "{line}\n{}{}\n{}", again.out, again.err, first.out);
        assert!(first.code == 4 || bits & 3 != 3, "a broken receiver misses a threshold: {arguments:?}\n{}", first.out);
        match (receiver.take(), is_closed) {
            (again, true) => assert_eq!(again.len(), heard.len(), "{line}"),
            (again, false) => assert!(again == heard && !heard.is_empty(), "{line}\n{again:#?}\n{heard:#?}"),
        }
        assert_eq!(heard[0].contains("HTTP/2"), arguments.contains(&"--http2"), "{}", heard[0]);
    }
}

#[test]
fn what_nobody_is_told_stays_a_reference_in_the_line() {
    let folder = tempfile::tempdir().expect("a folder");
    let receiver = Receiver::start(folder.path());
    file(folder.path(), "flow.yaml", SCENARIO);
    let replay = |arguments: &[&str], set: &[(&str, &str)]| {
        let mut command =
            ringback(&[&["run", "flow.yaml", "--vendor", "udesk", "--target", &receiver.plain], arguments].concat());
        command.current_dir(folder.path()).envs(set.iter().copied());
        let done = done(command);
        let line = done.out.lines().find_map(|line| line.split_once("replay: ")).expect("a replay line").1;
        assert!(!done.out.contains("hush-hush"), "{}", done.out);
        line.to_owned()
    };
    let named = replay(&["--header", "Authorization: Bearer {env.TOKEN}"], &[("TOKEN", "hush-hush")]);
    assert!(named.contains("--header 'Authorization: Bearer {env.TOKEN}'"), "{named}");
    let by_variable = replay(&[], &[("RINGBACK_HEADER", "Authorization: Bearer hush-hush")]);
    assert!(by_variable.starts_with("RINGBACK_HEADER=$RINGBACK_HEADER ringback run "), "{by_variable}");
    let proxy =
        format!("http://ann:hush-hush@{}", receiver.plain.trim_start_matches("http://").trim_end_matches("/hook"));
    receiver.take();
    let by_proxy = replay(&[], &[("RINGBACK_PROXY", &proxy)]);
    assert!(by_proxy.starts_with("RINGBACK_PROXY=$RINGBACK_PROXY ringback run "), "{by_proxy}");
    let heard = receiver.take();
    let again = pasted(&by_proxy, folder.path(), &[("RINGBACK_PROXY", proxy)]);
    assert!(
        receiver.take() == heard && heard.iter().all(|request| request.starts_with("POST http://")),
        "{}",
        again.out
    );
    let typed = replay(&["--header", "Authorization: Bearer hush-hush"], &[]);
    assert!(typed.contains("--header 'Authorization: Bearer ***'"), "{typed}");
}

#[test]
fn a_run_against_the_built_in_receiver_says_so_and_is_asked_for_in_ci() {
    let plain = run(&["run", "transfer", "--vendor", "udesk", "--quiet", "--report", "term", "--report", "github"]);
    assert!(plain.out.contains("PASS (exit 0), against the built-in receiver"), "{}", plain.out);
    let in_ci = |value: &str, more: &[&str]| {
        let mut command = ringback(&[&["run", "transfer", "--vendor", "udesk", "--quiet"], more].concat());
        command.env("CI", value);
        done(command)
    };
    for set in ["true", "1", "woodpecker"] {
        let refused = in_ci(set, &[]);
        assert!(refused.code == 2 && refused.err.contains("--built-in") && refused.out.is_empty(), "{}", refused.err);
    }
    for unset in ["", "false", "0"] {
        assert_eq!(in_ci(unset, &[]).code, 0, "{unset}");
    }
    let asked = in_ci("true", &["--built-in"]);
    assert!(asked.code == 0 && asked.out.contains("against the built-in receiver"), "{}{}", asked.out, asked.err);
    let folder = tempfile::tempdir().expect("a folder");
    let receiver = Receiver::start(folder.path());
    let named = in_ci("true", &["--target", &receiver.plain]);
    assert!(named.code == 0 && !named.out.contains("built-in"), "{}", named.out);
    // A flag wins over the file.
    let scenario =
        file(folder.path(), "flow.yaml", &SCENARIO.replace("{ headers", "{ to: \"http://127.0.0.1:9/\", headers"));
    let done = run(&["run", &scenario, "--vendor", "7moor", "--quiet", "--built-in"]);
    assert!(done.code == 0 && done.out.contains("against the built-in receiver"), "{}{}", done.out, done.err);
}

#[test]
fn placeholders_are_filled_wherever_a_value_goes_out() {
    let folder = tempfile::tempdir().expect("a folder");
    let receiver = Receiver::start(folder.path());
    let own = format!(
        "deliver:\n  to: \"{}/{{call.id}}?t={{env.TOKEN}}\"\n  headers:\n    X-Call: \"{{call.id}}\"\n    \
         X-Push: \"{{push.name}}\"\n    content-type: application/x-of-the-file\n    \
         Authorization: \"Bearer {{env.TOKEN}}\"\n    X-Json: '{{\"a\":{{}}}}'\n\
         set:\n  - {{ push: \"udesk:*\", field: agent_nick_name, value: \"of {{call.id}}, {{env.TOKEN}}\" }}\n",
        receiver.plain
    );
    let text = SCENARIO.replace("deliver: { headers: { X-Mode: fine, X-Env: file }, retry: none }\n", &own);
    let scenario = file(folder.path(), "flow.yaml", &text);
    let mut command = ringback(&["run", &scenario, "--vendor", "udesk", "-v", "--header", "x-call: flag {call.id}"]);
    command.env("TOKEN", "hush-hush-0123");
    let done = done(command);
    assert!(!done.out.contains("hush-hush") && done.out.contains("***"), "{}{}", done.out, done.err);
    let heard = receiver.take();
    assert!(!heard.is_empty(), "{}{}", done.out, done.err);
    for request in heard {
        let path = request.split(' ').nth(1).expect("a path");
        let id = path.trim_start_matches("/hook/").split('?').next().expect("an id").to_owned();
        assert!(id.len() > 8 && request.contains(&format!("\r\nX-Call: flag {id}\r\n")), "{request}");
        assert!(request.contains(&format!("/hook/{id}?t=hush-hush-0123 ")), "{request}");
        assert!(request.contains("\r\nX-Push: udesk:") && request.contains("Bearer hush-hush-0123\r\n"), "{request}");
        assert!(request.contains("\r\nX-Json: {\"a\":{}}\r\n"), "{request}");
        assert_eq!(request.to_ascii_lowercase().matches("\r\ncontent-type: ").count(), 1, "{request}");
        assert!(request.contains("application/x-of-the-file"), "{request}");
        if request.contains("\"agent_nick_name\"") {
            assert!(request.contains(&format!("of {id}, hush-hush-0123")), "{request}");
        }
    }
}
