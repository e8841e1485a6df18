//! How the bytes of a request leave: trickle, stall, split-utf8; and the time limit that holds over all of them.

use super::recorder::{Answers, End, OK, Recorder, failure, outgoing, play, reply, request};
use crate::support::wire::{request as read_request, server};
use ringback::delivery::Outgoing;
use ringback::event::{FailureClass, Phase};
use ringback::faults::connection::{ConnectionFault, SplitUtf8, Stall, Trickle};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

fn milliseconds(count: u64) -> Duration {
    Duration::from_millis(count)
}

#[tokio::test]
async fn trickle_sends_so_many_bytes_per_second() {
    let address = "127.0.0.1:10000".parse().unwrap();
    let length = request(&outgoing(address)).len();
    let mut recorder = Recorder::start(Answers::After(length, OK.to_vec())).await;
    let outgoing = outgoing(recorder.address);
    let whole = request(&outgoing);
    let played = play(&outgoing, &[ConnectionFault::Trickle(Trickle { bytes_per_second: 1000 })]).await;
    let recorded = recorder.next().await;
    assert_eq!((recorded.bytes(), recorded.end), (whole.clone(), End::Fin));
    // Never more than a few turns at once, though the receiver may be late itself.
    assert!(recorded.segments.len() >= whole.len() / 200, "{} segments", recorded.segments.len());
    assert_eq!(reply(&played).status, 200);
    let pieces = whole.len().div_ceil(50);
    assert_eq!(played.evidence, format!("sent all {} bytes in {pieces} segments; 1 answer", whole.len()));
}

#[tokio::test]
async fn stall_halts_in_the_middle_of_the_body_and_goes_on() {
    let mut recorder = Recorder::start(Answers::After(700, OK.to_vec())).await;
    let outgoing = outgoing(recorder.address);
    let whole = request(&outgoing);
    let played = play(&outgoing, &[ConnectionFault::Stall(Stall { pause: milliseconds(400) })]).await;
    let recorded = recorder.next().await;
    assert_eq!((recorded.bytes(), recorded.end), (whole.clone(), End::Fin));
    assert_eq!(recorded.segments[0].len(), whole.len() - outgoing.body.len().div_ceil(2));
    assert_eq!(reply(&played).status, 200);
    let length = whole.len();
    assert_eq!(played.evidence, format!("sent all {length} bytes in 2 segments with 400ms of silence; 1 answer"));
}

#[tokio::test]
async fn split_utf8_ends_a_segment_inside_a_character() {
    let mut recorder = Recorder::start(Answers::After(700, OK.to_vec())).await;
    let outgoing = outgoing(recorder.address);
    let split = SplitUtf8 { splits: 3, pause: milliseconds(60) };
    let played = play(&outgoing, &[ConnectionFault::SplitUtf8(split)]).await;
    let recorded = recorder.next().await;
    assert_eq!(recorded.bytes(), request(&outgoing));
    assert_eq!(recorded.segments.len(), 4);
    for (at, bytes) in recorded.segments.iter().enumerate() {
        assert!(std::str::from_utf8(bytes).is_err(), "segment {at} is whole: {bytes:?}");
    }
    assert_eq!(reply(&played).status, 200);

    let ascii = Outgoing { body: "{}".into(), timeout: milliseconds(200), ..outgoing };
    let played = play(&ascii, &[ConnectionFault::SplitUtf8(split)]).await;
    assert!(played.evidence.ends_with("no character of the body is longer than a byte, so none was torn apart"));
}

#[tokio::test]
async fn the_time_limit_holds_while_the_request_leaves() {
    let mut recorder = Recorder::start(Answers::Never).await;
    let outgoing = Outgoing { timeout: milliseconds(300), ..outgoing(recorder.address) };
    // `play` itself waits for less than these ten minutes.
    let played = play(&outgoing, &[ConnectionFault::Stall(Stall { pause: Duration::from_secs(600) })]).await;
    let failure = failure(&played);
    assert_eq!((failure.class, failure.phase), (FailureClass::Timeout, Phase::Write));
    assert!(played.evidence.ends_with(", then ran out of time"), "{}", played.evidence);
    assert_eq!(recorder.next().await.end, End::Fin);
}

#[tokio::test]
async fn a_receiver_that_loses_its_patience_is_heard() {
    let address = server(|mut stream, _| async move {
        assert!(stream.read(&mut [0; 4096]).await.unwrap() > 0);
        stream.write_all(b"HTTP/1.1 408 Request Timeout\r\nContent-Length: 4\r\n\r\nlate").await.unwrap();
    })
    .await;
    let played = play(&outgoing(address), &[ConnectionFault::Stall(Stall { pause: Duration::from_secs(600) })]).await;
    assert_eq!((reply(&played).status, &reply(&played).body[..]), (408, &b"late"[..]));
    assert!(played.evidence.contains(", then the receiver ended the connection; 1 answer"), "{}", played.evidence);
}

#[tokio::test]
async fn a_receiver_that_goes_away_is_told_from_one_that_answers() {
    let address = server(|mut stream, _| async move {
        read_request(&mut stream).await;
    })
    .await;
    let played = play(&outgoing(address), &[]).await;
    assert_eq!(failure(&played).message, "the receiver closed the connection without an answer");
    let address = server(|mut stream, _| async move {
        read_request(&mut stream).await;
        let _ = stream.write_all(b"SSH-2.0-OpenSSH\r\n").await;
    })
    .await;
    assert_eq!(failure(&play(&outgoing(address), &[]).await).class, FailureClass::NotHttp);
}
