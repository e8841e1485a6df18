//! `ringback serve` and `run --journal` as commands: what they print, what they refuse, how they end.

use std::ffi::OsStr;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

fn ringback() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_ringback"));
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("RINGBACK_")) {
        command.env_remove(name);
    }
    command
}

fn refused(arguments: &[&str], journal: &Path) -> (Option<i32>, String) {
    let mut command = ringback();
    command.arg("serve").args(arguments).arg("--journal").arg(journal).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    // A server that starts after all says so, and would go on for ever.
    let mut line = String::new();
    if BufReader::new(child.stdout.as_mut().unwrap()).read_line(&mut line).unwrap() > 0 {
        child.kill().unwrap();
    }
    let Output { status, stderr, .. } = child.wait_with_output().unwrap();
    (status.code(), format!("{line}{}", String::from_utf8(stderr).unwrap()))
}

#[test]
fn what_cannot_be_served_is_refused_with_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let journal = folder.path().join("journal");
    let text = folder.path().join("notes");
    std::fs::write(&text, "no database, but long enough to have a header ".repeat(20)).unwrap();
    for (arguments, file, code, told) in [
        (&["--token", "a b"][..], &journal, 2, "a token has letters"),
        (&["--token", ""], &journal, 2, "leave --token out"),
        (&["--target", "ftp://127.0.0.1/"], &journal, 2, "--target"),
        (&["--access-key", "secret"], &journal, 2, "ID:SECRET"),
        (&["--option", "tinet.ordr=x"], &journal, 2, "no option is called `ordr`"),
        (&["--option", "udesk.order=x"], &journal, 2, "`udesk` has no query API"),
        (&["--option", "order"], &journal, 2, "VENDOR.NAME=VALUE"),
        (&["--option", "tinet.order=up"], &journal, 2, "newest_first or oldest_first"),
        (&["--now", "soon"], &journal, 2, "a time is written"),
        (&["--listen", "127.0.0.1:0"], &text, 3, "is not an SQLite file"),
        (&["--listen", "127.0.0.1:0"], &folder.path().join("none/journal"), 3, "none/journal"),
    ] {
        let (status, stderr) = refused(arguments, file);
        assert!(status == Some(code) && stderr.contains(told), "{arguments:?}: {status:?} {stderr}");
        assert!(!stderr.contains("panicked"), "{stderr}");
    }
}

#[test]
fn a_run_does_not_start_without_the_journal_that_it_was_told_to_write() {
    let folder = tempfile::tempdir().unwrap();
    let text = folder.path().join("notes");
    std::fs::write(&text, "no database, but long enough to have a header ".repeat(20)).unwrap();
    let run = ringback().args(["run", "--built-in", "--quiet", "--journal"]).arg(&text).output().unwrap();
    assert_eq!(run.status.code(), Some(3));
    assert!(String::from_utf8(run.stderr).unwrap().contains("is not an SQLite file"));
}

struct Serving {
    child: Child,
    address: String,
}

impl Serving {
    fn of(journal: &Path) -> Self {
        Self::by(ringback(), &[&["--journal".as_ref(), journal.as_os_str()][..]].concat())
    }

    /// By a command with its environment, with these arguments.
    fn by(mut command: Command, arguments: &[&OsStr]) -> Self {
        command.args(["serve", "--listen", "127.0.0.1:0"]).args(arguments);
        let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
        let address = line.split("http://").nth(1).unwrap().split('/').next().unwrap().to_owned();
        Self { child, address }
    }

    fn post(&self, target: &str, body: &str) -> String {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        let head = "Host: localhost\r\nContent-Type: application/json\r\nConnection: close";
        write!(stream, "POST {target} HTTP/1.1\r\n{head}\r\nContent-Length: {}\r\n\r\n{body}", body.len()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    }

    /// A stream of the events of all runs, the first of which has come.
    #[cfg(unix)]
    fn events(&self) -> TcpStream {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        write!(stream, "GET /api/events HTTP/1.1\r\nHost: localhost\r\n\r\n").unwrap();
        let mut first = [0; 15];
        stream.read_exact(&mut first).unwrap();
        assert_eq!(&first, b"HTTP/1.1 200 OK");
        stream
    }

    fn get(&self, target: &str) -> String {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        write!(stream, "GET {target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn every_push_gets_the_headers_of_the_server_and_nobody_is_told_what_is_secret_in_them() {
    let mut command = ringback();
    command.env("PLACE", "planted-0123456789").env("RINGBACK_HEADER", "X-Api-Key: planted-by-variable");
    let typed = ["--header", "X-Mode: lab", "--header", "X-Env: {env.PLACE}", "--header", "content-type: a/b"];
    let serving = Serving::by(command, &typed.map(OsStr::new));
    let receiver = TcpListener::bind("127.0.0.1:0").unwrap();
    let asked = |more: &str| format!(r#"{{"scenario":"outbound-answered","vendor":"udesk","seed":7{more}}}"#);
    let to = format!(r#","target":"http://{}/hook""#, receiver.local_addr().unwrap());
    let mut told = serving.post("/api/runs", &asked(&to));
    assert!(told.starts_with("HTTP/1.1 201"), "{told}");
    let (mut stream, mut heard) = (receiver.accept().unwrap().0, Vec::new());
    while !heard.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        stream.read_exact(&mut byte).unwrap();
        heard.push(byte[0]);
    }
    drop((stream, receiver));
    let heard = String::from_utf8(heard).unwrap();
    for sent in ["X-Mode: lab", "X-Env: planted-0123456789", "a/b"] {
        assert!(heard.contains(&format!("{sent}\r\n")), "{sent}: {heard}");
    }
    assert!(!heard.contains("X-Api-Key") && heard.to_ascii_lowercase().matches("\r\ncontent-type: ").count() == 1);

    let inside = serving.post("/api/runs", &asked(""));
    let id = inside.split(r#""id":""#).nth(1).unwrap().split('"').next().unwrap().to_owned();
    // The stream ends with the run.
    told += &(inside + &serving.get(&format!("/api/runs/{id}/events")));
    for path in [&format!("/api/runs/{id}"), "/api/inboxes/default", "/api/runs", "/api"] {
        told += &serving.get(path);
    }
    for format in ["json", "http", "curl", "table", "values"] {
        told += &serving.post("/api/plan", &format!(r#"{{"run":{},"format":"{format}"}}"#, asked("")));
    }
    assert!(!told.contains("planted"), "{told}");
    for shown in [r#"["x-mode","lab"]"#, r#"["x-env","***"]"#, "X-Env: ***", "X-Env: {env.PLACE}"] {
        assert!(told.contains(shown), "{shown}: {told}");
    }
    // What was typed wins over the variable, whose value is a secret, too.
    let mut command = ringback();
    command.env("RINGBACK_HEADER", "X-Api-Key: planted-by-variable");
    let serving = Serving::by(command, &[]);
    let inside = serving.post("/api/runs", &asked(""));
    let id = inside.split(r#""id":""#).nth(1).unwrap().split('"').next().unwrap();
    let told = serving.get(&format!("/api/runs/{id}/events")) + &serving.get("/api/inboxes/default");
    assert!(told.contains(r#"["x-api-key","***"]"#) && !told.contains("planted"), "{told}");
}

#[cfg(unix)]
#[test]
fn it_serves_before_during_and_after_a_run_and_ends_when_it_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let journal = folder.path().join("journal");
    let mut serving = Serving::of(&journal);
    let asked = "/?Action=CloudListCurlLog&EnterpriseId=7000002";
    assert!(serving.get("/healthz").starts_with("HTTP/1.1 200"));
    assert!(serving.get(asked).contains(r#""List":[]"#));
    let run =
        ringback().args(["run", "--built-in", "--quiet", "--seed", "7", "--journal"]).arg(&journal).output().unwrap();
    assert_eq!(run.status.code(), Some(0), "{}", String::from_utf8_lossy(&run.stderr));
    assert!(serving.get(asked).starts_with("HTTP/1.1 200"));

    // A client that has sent half a request must not hold the end.
    let mut half = TcpStream::connect(&serving.address).unwrap();
    half.write_all(b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\n1").unwrap();
    let told = Command::new("kill").args(["-TERM", &serving.child.id().to_string()]).status().unwrap();
    assert!(told.success());
    let began = Instant::now();
    assert_eq!(serving.child.wait().unwrap().code(), Some(0));
    assert!(began.elapsed() < Duration::from_secs(10));
}

/// How long everything may take to end.
#[cfg(unix)]
const END_MAX: Duration = Duration::from_secs(2);

#[cfg(unix)]
#[test]
fn a_signal_ends_fifty_streams_and_every_run_within_two_seconds_and_the_journal_is_whole() {
    for signal in ["-INT", "-TERM"] {
        let folder = tempfile::tempdir().unwrap();
        let journal = folder.path().join("journal");
        let mut serving = Serving::of(&journal);
        // One that takes connections, and never answers.
        let silent = TcpListener::bind("127.0.0.1:0").unwrap();
        let target = silent.local_addr().unwrap();
        for more in [
            r#""paused":true"#.to_owned(),
            r#""by_hand":true"#.to_owned(),
            r#""calls":100000"#.to_owned(),
            r#""pace":"20x""#.to_owned(),
            format!(r#""target":"http://{target}/","timeout":"60s""#),
        ] {
            let body = format!(r#"{{"scenario":"outbound-answered","vendor":"udesk",{more}}}"#);
            assert!(serving.post("/api/runs", &body).starts_with("HTTP/1.1 201"), "{more}");
        }
        let mut held = silent.accept().unwrap().0;
        assert!(held.read(&mut [0; 1]).unwrap() > 0);
        let streams: Vec<_> = (0..50).map(|_| serving.events()).collect();
        let told = Command::new("kill").args([signal, &serving.child.id().to_string()]).status().unwrap();
        assert!(told.success());
        let began = Instant::now();
        for mut stream in streams {
            let _ = stream.read_to_end(&mut Vec::new());
            assert!(began.elapsed() < END_MAX, "{signal}: a stream goes on");
        }
        assert_eq!(serving.child.wait().unwrap().code(), Some(0));
        assert!(began.elapsed() < END_MAX, "{signal}: {:?}", began.elapsed());
        let journal = rusqlite::Connection::open(&journal).unwrap();
        let asked = |question: &str| journal.query_row(question, [], |row| row.get::<_, String>(0)).unwrap();
        assert_eq!(asked("PRAGMA integrity_check"), "ok");
        // Every attempt that began has its end: answered, or broken off.
        assert_eq!(asked("SELECT CAST(COUNT(*) AS TEXT) FROM attempts WHERE outcome IS NULL"), "0");
        assert_ne!(asked("SELECT CAST(COUNT(*) AS TEXT) FROM attempts"), "0");
    }
}

#[test]
fn beyond_this_machine_a_fresh_token_is_printed_and_needed() {
    let mut child = ringback().args(["serve", "--listen", "0.0.0.0:0"]).stdout(Stdio::piped()).spawn().unwrap();
    let mut out = BufReader::new(child.stdout.take().unwrap());
    let (mut first, mut second) = (String::new(), String::new());
    out.read_line(&mut first).unwrap();
    out.read_line(&mut second).unwrap();
    let port = first.split(':').nth(2).unwrap().split('/').next().unwrap().to_owned();
    let token = second.trim().split("#token=").nth(1).unwrap().to_owned();
    let serving = Serving { child, address: format!("127.0.0.1:{port}") };
    assert!(token.len() >= 32 && serving.get("/healthz").starts_with("HTTP/1.1 200"));
    assert!(serving.get("/api").starts_with("HTTP/1.1 401"));
    assert!(serving.get("/?Action=CloudListCurlLog").starts_with("HTTP/1.1 401"));
    let mut stream = TcpStream::connect(&serving.address).unwrap();
    let bearer = format!("Host: localhost\r\nAuthorization: Bearer {token}\r\nConnection: close");
    write!(stream, "GET /api HTTP/1.1\r\n{bearer}\r\n\r\n").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
}
