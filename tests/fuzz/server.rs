//! `ringback serve` under connections that say nothing, and requests that say too much.

use super::command::{Running, ringback};
use ringback::listen::HEAD_READ_MAX;
use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

/// How long the page of a server may take while others ask for a lot.
const PULSE_MAX: Duration = Duration::from_secs(20);
/// How often the silent connections are tried.
const TRIES: u32 = 4;

/// One request on a connection of its own: the status and everything that was answered.
pub fn ask(address: &str, method: &str, path: &str, body: &str, most: Duration) -> (u16, String) {
    let head = format!(
        "{method} {path} HTTP/1.1\r\nHost: {address}\r\nContent-Type: application/json\r\nConnection: close\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    raw(address, &[head.as_bytes(), body.as_bytes()].concat(), most)
}

fn raw(address: &str, request: &[u8], most: Duration) -> (u16, String) {
    let began = Instant::now();
    let mut stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(most)).unwrap();
    stream.write_all(request).unwrap();
    let mut answer = Vec::new();
    let mut buffer = vec![0; 64 * 1024];
    loop {
        match stream.read(&mut buffer) {
            Ok(0) => break,
            Ok(count) => answer.extend_from_slice(&buffer[..count]),
            Err(error) if error.kind() == ErrorKind::ConnectionReset => break,
            Err(error) => panic!("no answer within {most:?}: {error}"),
        }
        assert!(began.elapsed() < most, "the answer does not end");
    }
    let text = String::from_utf8_lossy(&answer).into_owned();
    let status = text.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or(0);
    (status, text)
}

/// The server answers somebody else.
pub fn pulse(address: &str, after: &str) {
    let (status, told) = ask(address, "GET", "/", "", PULSE_MAX);
    assert_eq!(status, 200, "after {after}: {told}");
}

fn serve() -> (Running, String) {
    let running = Running::start(ringback(&["serve", "--listen", "127.0.0.1:0"]));
    let line = running.line();
    let address = line.split(['/', ';', ' ']).find(|part| part.starts_with("127.0.0.1:")).unwrap().to_owned();
    (running, address)
}

/// Lets this process, and those that it starts, have as many files as the system allows.
#[cfg(unix)]
fn more_files() -> u64 {
    use rustix::process::{Resource, getrlimit, setrlimit};
    let mut limit = getrlimit(Resource::Nofile);
    limit.current = limit.maximum;
    setrlimit(Resource::Nofile, limit).unwrap();
    limit.current.unwrap_or(u64::MAX)
}

#[test]
#[cfg(unix)]
fn silent_connections_do_not_make_a_server_deaf() {
    let files = more_files();
    assert!(files > 1_400, "the test opens 1,100 connections, and the system allows {files} files");
    // On a machine that is too busy the first one may end by itself before others have asked, which tells nothing.
    for _ in 0..TRIES {
        let (_running, address) = serve();
        let began = Instant::now();
        let silent: Vec<TcpStream> = (0..1_100).map(|_| TcpStream::connect(&address).unwrap()).collect();
        // Half a head is as silent as none.
        (&silent[1_099]).write_all(b"GET / HTTP/1.1\r\nHo").unwrap();
        let (status, told) = ask(&address, "GET", "/", "", PULSE_MAX);
        assert_eq!(status, 200, "{told}");
        let is_told = began.elapsed() < HEAD_READ_MAX;
        // Those that have been silent for longest made room.
        silent[0].set_read_timeout(Some(PULSE_MAX)).unwrap();
        assert!(matches!((&silent[0]).read(&mut [0; 1]), Ok(0) | Err(_)), "the oldest is closed");
        if is_told {
            return;
        }
    }
    panic!("nobody was answered before the first silent connection ended by itself");
}

#[test]
fn a_request_with_two_hosts_is_refused() {
    let (_running, address) = serve();
    for second in [address.as_str(), "evil.example"] {
        for path in ["/", "/api", "/inbox/default", "/healthz"] {
            let request =
                format!("GET {path} HTTP/1.1\r\nHost: {address}\r\nHost: {second}\r\nConnection: close\r\n\r\n");
            let (status, told) = raw(&address, request.as_bytes(), PULSE_MAX);
            assert_eq!(status, 400, "{path}: {told}");
        }
    }
    let (status, _) = ask(&address, "GET", "/api", "", PULSE_MAX);
    assert_eq!(status, 200);
}
