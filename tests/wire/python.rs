//! Rude attempts at a server that is not ours: Python's http.server stays up, and what it answered is told.

use super::recorder::{outgoing, play};
use crate::support::wire::bounded;
use ringback::delivery::{AttemptOutcome, Played};
use ringback::faults::connection::{
    Abandon, ChunkGarbage, ConnectionFault, Flaw, HalfClose, Pipelined, Place, Reset, ShortLength, SlowRead, SplitUtf8,
    Stall, Trickle,
};
use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

/// The server as a process, which ends with the test.
struct Python(Child);

impl Drop for Python {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn start() -> (Python, SocketAddr) {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/receivers/rude.py");
    let child = Command::new("python3").arg(script).stdout(Stdio::piped()).stderr(Stdio::null()).spawn();
    let mut python = Python(child.expect("python3 is installed"));
    let mut line = String::new();
    BufReader::new(python.0.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let address = line.trim().strip_prefix("http://").and_then(|rest| rest.strip_suffix("/hook"));
    (python, address.unwrap().parse().unwrap())
}

fn status(played: &Played) -> Option<u16> {
    match &played.outcome {
        AttemptOutcome::Replied { reply, .. } => Some(reply.status),
        AttemptOutcome::Failed { .. } => None,
    }
}

#[tokio::test]
async fn http_server_stays_up_behind_every_fault() {
    let (_python, address) = start();
    let reset = |place| ConnectionFault::Reset(Reset { place });
    for (fault, expected) in [
        (reset(Place::Before), None),
        (reset(Place::Middle), None),
        (reset(Place::After), None),
        (ConnectionFault::Abandon(Abandon), None),
        (ConnectionFault::ShortLength(ShortLength { by_bytes: 10 }), Some(400)),
        (ConnectionFault::Trickle(Trickle { bytes_per_second: 4000 }), Some(200)),
        (ConnectionFault::Stall(Stall { pause: Duration::from_millis(100) }), Some(200)),
        (ConnectionFault::ChunkGarbage(ChunkGarbage { flaw: Flaw::Size }), Some(411)),
        (ConnectionFault::SplitUtf8(SplitUtf8 { splits: 1, pause: Duration::from_millis(50) }), Some(200)),
        (ConnectionFault::HalfClose(HalfClose { place: Place::After }), Some(200)),
        (ConnectionFault::Pipelined(Pipelined { copies: 1 }), Some(200)),
        (ConnectionFault::SlowRead(SlowRead { bytes_per_second: 2000 }), Some(200)),
    ] {
        let played = play(&outgoing(address), &[fault]).await;
        assert_eq!(status(&played), expected, "{}: {}", fault.name(), played.evidence);
        let clean = bounded(play(&outgoing(address), &[])).await;
        assert_eq!(status(&clean), Some(200), "after {}", fault.name());
    }
}
