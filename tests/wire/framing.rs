//! Where a body is said to end: short-length, long-length, chunk-garbage.

use super::recorder::{Answers, End, OK, Recorder, failure, outgoing, play, reply, request};
use ringback::delivery::Outgoing;
use ringback::event::{FailureClass, Phase};
use ringback::faults::connection::{ChunkGarbage, ConnectionFault, Flaw, LongLength, ShortLength, Stall};
use std::time::Duration;

/// The value of `Content-Length`.
fn length(text: &str) -> usize {
    text.lines().find_map(|line| line.strip_prefix("Content-Length: ")).unwrap().parse().unwrap()
}

#[tokio::test]
async fn short_length_says_less_than_it_sends() {
    let mut recorder = Recorder::start(Answers::After(700, OK.to_vec())).await;
    let outgoing = outgoing(recorder.address);
    let played = play(&outgoing, &[ConnectionFault::ShortLength(ShortLength { by_bytes: 10 })]).await;
    let recorded = recorder.next().await;
    assert_eq!(recorded.end, End::Fin);
    assert_eq!(recorded.body().as_bytes(), outgoing.body);
    assert_eq!(length(&recorded.text()), outgoing.body.len() - 10);
    assert_eq!(reply(&played).status, 200);
    assert!(
        played.evidence.ends_with("; `Content-Length` says 10 bytes less than the body has"),
        "{}",
        played.evidence
    );
}

#[tokio::test]
async fn long_length_says_more_than_it_sends_and_waits_for_the_receiver() {
    let mut recorder = Recorder::start(Answers::Never).await;
    let outgoing = Outgoing { timeout: Duration::from_millis(300), ..outgoing(recorder.address) };
    let played = play(&outgoing, &[ConnectionFault::LongLength(LongLength { by_bytes: 7 })]).await;
    let recorded = recorder.next().await;
    assert_eq!(recorded.body().as_bytes(), outgoing.body);
    assert_eq!(length(&recorded.text()), outgoing.body.len() + 7);
    // Nothing more came until it was over, which is when the time limit ran out.
    assert_eq!(recorded.end, End::Fin, "{recorded:?}");
    let failure = failure(&played);
    assert_eq!((failure.class, failure.phase), (FailureClass::Timeout, Phase::FirstByte));
    assert!(played.evidence.contains("`Content-Length` says 7 bytes more than the body has"), "{}", played.evidence);
}

#[tokio::test]
async fn chunk_garbage_breaks_the_chunks() {
    for flaw in [Flaw::Size, Flaw::End, Flaw::NoEnd] {
        let mut recorder = Recorder::start(Answers::After(700, OK.to_vec())).await;
        let outgoing = outgoing(recorder.address);
        let played = play(&outgoing, &[ConnectionFault::ChunkGarbage(ChunkGarbage { flaw })]).await;
        let recorded = recorder.next().await;
        let text = recorded.text();
        assert!(text.contains("Transfer-Encoding: chunked\r\n") && !text.contains("Content-Length"), "{text}");
        let bytes = recorded.bytes();
        let body = &bytes[bytes.windows(4).position(|four| four == b"\r\n\r\n").unwrap() + 4..];
        let (first, rest) = chunk(body);
        assert_eq!(first, &outgoing.body[..outgoing.body.len().div_ceil(2)]);
        match flaw {
            Flaw::Size => {
                let line = garbage(rest);
                let (second, rest) = chunk(&rest[line..]);
                assert_eq!(second, &outgoing.body[outgoing.body.len().div_ceil(2)..]);
                assert_eq!(rest, b"0\r\n\r\n");
                assert!(played.evidence.contains(" and 8 of garbage in 3 segments"), "{}", played.evidence);
            }
            Flaw::End => {
                let (_, rest) = chunk(rest);
                assert_eq!(garbage(rest), rest.len());
            }
            Flaw::NoEnd => assert_eq!(chunk(rest).1, b""),
        }
        assert_eq!(reply(&played).status, 200);
    }
}

/// The first chunk, and what follows it.
fn chunk(bytes: &[u8]) -> (&[u8], &[u8]) {
    let line = bytes.windows(2).position(|two| two == b"\r\n").unwrap();
    let size = usize::from_str_radix(std::str::from_utf8(&bytes[..line]).unwrap(), 16).unwrap();
    let rest = &bytes[line + 2..];
    assert_eq!(&rest[size..size + 2], b"\r\n");
    (&rest[..size], &rest[size + 2..])
}

/// How long a line of letters is that no receiver can take for a number.
fn garbage(bytes: &[u8]) -> usize {
    let line = bytes.windows(2).position(|two| two == b"\r\n").unwrap();
    assert!(line > 0 && bytes[..line].iter().all(|byte| (b'g'..=b'z').contains(byte)), "{bytes:?}");
    line + 2
}

#[tokio::test]
async fn the_same_seed_sends_the_same_bytes() {
    let outgoing = outgoing("127.0.0.1:9".parse().unwrap());
    let faults = [
        ConnectionFault::ChunkGarbage(ChunkGarbage { flaw: Flaw::Size }),
        ConnectionFault::Stall(Stall { pause: Duration::from_secs(2) }),
    ];
    let plan = || outgoing.wire_plan(&super::recorder::bent(&faults)).unwrap();
    assert_eq!(plan(), plan());
    assert_ne!(plan().transcript(), request(&outgoing));
}
