//! Every replay line replays: whatever flags a run was given, the printed line sends the same and finds the same.

use crate::support::command::{Done, done, file, ringback, run};
use crate::support::{tls, wire};
use std::path::Path;
use std::process::Command;
use std::sync::{Arc, Mutex};
use tokio::io::AsyncWriteExt;

/// How many combinations are tried.
const COMBINATIONS: u32 = 16;

const SCENARIO: &str = "title: A call\ncall: { kind: outbound, agents: { ann: } }\nscript:\n  - ring: ann\n  - wait: 5s\n  \
    - answer: ann\n  - ring: customer\n  - answer: customer\n  - wait: 9s\n  - hangup: ann\nvendors: [udesk, 7moor]\n\
    deliver: { headers: { X-Mode: fine, X-Env: file }, retry: none }\n\
    expect:\n  - { push: \"udesk:end\", status: 204 }\n  - { push: \"*\", within: 30s }\n";

/// A receiver of http and https on one host, and what it has heard. It fails a push that says `X-Mode: broken`.
struct Receiver {
    plain: String,
    secure: String,
    heard: Arc<Mutex<Vec<String>>>,
    _runtime: tokio::runtime::Runtime,
}

impl Receiver {
    fn start(folder: &Path) -> Self {
        let runtime = tokio::runtime::Runtime::new().expect("threads");
        let heard: Arc<Mutex<Vec<String>>> = Arc::default();
        let identity = tls::signed(&["127.0.0.1", "localhost"]);
        file(folder, "ca.pem", &identity.ca);
        let acceptor = tls::acceptor(&identity, &[]);
        let (of_plain, of_secure) = (heard.clone(), heard.clone());
        let (plain, secure) = runtime.block_on(async {
            let plain = wire::server(move |stream, _| answer(stream, of_plain.clone())).await;
            let secure = wire::server(move |stream, _| {
                let (acceptor, heard) = (acceptor.clone(), of_secure.clone());
                async move {
                    if let Ok(stream) = acceptor.accept(stream).await {
                        answer(stream, heard).await;
                    }
                }
            });
            (plain, secure.await)
        });
        let (plain, secure) = (format!("http://{plain}/hook"), format!("https://{secure}/hook"));
        Self { plain, secure, heard, _runtime: runtime }
    }

    /// What it has heard since it was asked last, in the order of the texts: several pushes may be on their way at a time.
    fn take(&self) -> Vec<String> {
        let mut heard = std::mem::take(&mut *self.heard.lock().expect("a lock"));
        heard.sort();
        heard
    }
}

async fn answer(mut stream: impl tokio::io::AsyncRead + AsyncWriteExt + Unpin, heard: Arc<Mutex<Vec<String>>>) {
    loop {
        let request = wire::request(&mut stream).await;
        if request.is_empty() {
            return;
        }
        let is_broken = request.contains("X-Mode: broken");
        heard.lock().expect("a lock").push(request);
        let status = if is_broken { "500 Oh" } else { "200 OK" };
        let answer = format!("HTTP/1.1 {status}\r\nContent-Length: 12\r\n\r\n{{\"code\":200}}");
        if stream.write_all(answer.as_bytes()).await.is_err() {
            return;
        }
    }
}

/// What was found, without what differs by nature: the codes with their first lines, and the exit code.
fn found(done: &Done) -> (i32, Vec<&str>) {
    (done.code, done.out.lines().filter(|line| line.contains("[RB-")).collect())
}

#[test]
fn every_printed_line_gives_the_same_finding() {
    let folder = tempfile::tempdir().expect("a folder");
    let receiver = Receiver::start(folder.path());
    file(folder.path(), "flow of calls.yaml", SCENARIO);
    // Bit by bit, whether each of these is given.
    let flags: [&[&str]; 12] = [
        &["--header", "X-Mode: broken"],
        &["--header", "X-Env: {env.PLACE}; q='a b'"],
        &["--pace", "50000x"],
        &["--timeout", "20s"],
        &["--retry", "1s,2s"],
        &["--set", "udesk:end.survey=满意 & {call.id}"],
        &["--option", "udesk.retry=true"],
        &["--faults", "shuffled-history"],
        &["--insecure"],
        &["--cacert", "ca.pem"],
        &["--snapshots", "stored answers"],
        &["--allow-host", "receiver.invalid"],
    ];
    for number in 0..COMBINATIONS {
        // Every flag is given in half of the combinations, none together with always the same others.
        let bits = number.wrapping_mul(0x9e37_79b9) >> 20 | u32::from(number % 2 == 0);
        let is_secure = number % 3 == 0;
        let target = if is_secure { &receiver.secure } else { &receiver.plain };
        let mut arguments = vec!["run", "flow of calls.yaml", "--vendor", "udesk", "--quiet", "--target", target];
        (0..).zip(flags).filter(|(bit, _)| bits >> bit & 1 == 1).for_each(|(_, flag)| arguments.extend(flag));
        if is_secure && bits >> 8 & 3 == 0 {
            arguments.push("--insecure");
        }
        let prepare = |command: &mut Command| {
            // By a variable where flags would be too easy.
            command.current_dir(folder.path()).env("PLACE", "the-lab-0123456789");
        };
        let mut command = ringback(&arguments);
        prepare(&mut command);
        if number % 4 == 1 && !arguments.contains(&"--pace") {
            command.env("RINGBACK_PACE", "40000x");
        }
        let first = done(command);
        let heard = receiver.take();
        let Some(line) = first.out.lines().find_map(|line| line.split_once("replay: ")) else {
            panic!("no replay line: {arguments:?}\n{}{}", first.out, first.err);
        };
        let mut shell = ringback::<&str>(&[]);
        let program = Path::new(shell.get_program()).parent().expect("a folder").to_owned();
        let path = format!("{}:{}", program.display(), std::env::var("PATH").unwrap_or_default());
        shell = {
            let mut command = Command::new("sh");
            shell.get_envs().filter(|(_, value)| value.is_none()).for_each(|(name, _)| {
                command.env_remove(name);
            });
            command.args(["-c", &format!("{} --quiet", line.1)]).env("PATH", path);
            command
        };
        prepare(&mut shell);
        let again = done(shell);
        assert_eq!(found(&again), found(&first), "{}\n{}{}", line.1, again.out, again.err);
        assert_eq!(receiver.take(), heard, "{}", line.1);
        assert!(is_secure != arguments.iter().any(|word| word.starts_with("http://")), "{arguments:?}");
        assert!(!first.out.contains("the-lab-0123456789"), "{}", first.out);
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
