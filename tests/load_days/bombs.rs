//! Answers that would take all memory or all time: they cost little, in a run and under load.

use crate::support::command::{Done, done, ringback};
use crate::support::raw::OK;
use flate2::Compression;
use flate2::write::GzEncoder;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

/// How much memory the command may take.
const MEMORY_MAX_KIB: u64 = 1_500_000;
/// How long it may take, on a machine with much else to do.
const TIME_MAX: Duration = Duration::from_secs(30);
/// What the bomb of a few hundred kilobytes becomes.
const UNPACKED_BYTES: usize = 900 << 20;

/// An answer: its beginning, and what follows for as long as anyone reads.
struct Bomb {
    name: &'static str,
    first: Vec<u8>,
    again: Vec<u8>,
    /// What becomes of each push, as a load counts it.
    ends: &'static str,
}

fn bombs() -> Vec<Bomb> {
    let endless =
        |name, first: &str, again: String, ends| Bomb { name, first: first.into(), again: again.into(), ends };
    let chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
    let mut packed = GzEncoder::new(Vec::new(), Compression::default());
    let zeros = vec![0; 1 << 20];
    (0..UNPACKED_BYTES / zeros.len()).for_each(|_| packed.write_all(&zeros).unwrap());
    let packed = packed.finish().unwrap();
    let head = format!("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: {}\r\n\r\n", packed.len());
    vec![
        endless("a head", "HTTP/1.1 200 OK\r\nX: ", "x".repeat(64 * 1024), "not_http/first_byte"),
        endless("headers", "HTTP/1.1 200 OK\r\n", "X: y\r\n".repeat(10_000), "not_http/first_byte"),
        endless("an extension", &format!("{chunked}1;"), "x".repeat(64 * 1024), "not_http/body"),
        endless("extensions", chunked, "1;x=y\r\nz\r\n".repeat(5_000), "not_http/body"),
        endless("a trailer", &format!("{chunked}0\r\nX: "), "x".repeat(64 * 1024), "not_http/body"),
        endless("hints", "", "HTTP/1.1 103 Early Hints\r\n\r\n".repeat(2_000), "timeout/first_byte"),
        Bomb { name: "gzip", first: [head.as_bytes(), &packed].concat(), again: Vec::new(), ends: "none" },
    ]
}

/// A receiver that answers every request so, once it has answered so many as it should.
fn throwing(bomb: Arc<Bomb>, good: usize) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let (at, count) = (listener.local_addr().unwrap(), Arc::new(AtomicUsize::new(0)));
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let (bomb, count) = (bomb.clone(), count.clone());
            std::thread::spawn(move || throw(stream, &bomb, || count.fetch_add(1, Ordering::SeqCst) < good));
        }
    });
    at
}

fn throw(mut stream: TcpStream, bomb: &Bomb, is_good: impl Fn() -> bool) {
    let mut buffer = [0; 64 * 1024];
    while let Ok(1..) = stream.read(&mut buffer) {
        if is_good() {
            stream.write_all(OK.as_bytes()).unwrap_or_default();
            continue;
        }
        let mut taken = stream.write_all(&bomb.first);
        while taken.is_ok() && !bomb.again.is_empty() {
            taken = stream.write_all(&bomb.again);
        }
    }
}

/// The command under a limit of memory, which a process that takes more is aborted by.
fn limited(arguments: &[&str]) -> Done {
    let plain = ringback(arguments);
    let mut shell = Command::new("sh");
    shell.args(["-c", &format!("ulimit -v {MEMORY_MAX_KIB}; exec \"$0\" \"$@\"")]);
    shell.arg(plain.get_program()).args(plain.get_args());
    for (name, _) in plain.get_envs() {
        shell.env_remove(name);
    }
    done(shell)
}

#[test]
fn an_answer_that_would_take_all_memory_or_all_time_costs_little() {
    for bomb in bombs() {
        let bomb = Arc::new(bomb);
        let timeout = if bomb.ends.starts_with("timeout") { "300ms" } else { "20s" };
        // The call that is tried before a load has four pushes.
        for (more, tried, bad) in [
            (&["run", "outbound-answered"][..], 0, 1),
            (&["load", "outbound-answered", "--rate", "10/s", "--for", "300ms", "--lag-limit", "1h"], 4, 4),
        ] {
            let target = format!("http://{}/hook", throwing(bomb.clone(), tried));
            let pace = if tried > 0 { "1000x" } else { "fast" };
            let common = ["--vendor", "udesk", "--retry", "none", "--pace", pace, "--target", &target];
            let began = Instant::now();
            let done = limited(&[more, &common, &["--timeout", timeout]].concat());
            let told = format!("{}, {}: exit {}\n{}{}", bomb.name, more[0], done.code, done.out, done.err);
            assert!(began.elapsed() < TIME_MAX, "{:?}: {told}", began.elapsed());
            assert_eq!(done.code, if bomb.ends == "none" { 0 } else { bad }, "{told}");
            if tried > 0 && bomb.ends != "none" {
                assert!(done.out.contains(&format!("12 x {}", bomb.ends)), "{told}");
            }
        }
    }
}
