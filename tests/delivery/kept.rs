//! Connections that are kept, and receivers that close them without a word: no verdict may depend on which of two is faster.

use crate::support::wire::{bounded, plan, played, push, request, seconds, server, told};
use ringback::delivery::{AttemptOutcome, Delivered, KEPT_MAX, Outgoing, Transport, Trust};
use ringback::event::{FailureClass, RunEvent};
use ringback::plan::Plan;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;

/// How often one seed is played.
const RUNS: usize = 200;

/// How a receiver ends a connection on which it has answered once, though it says nothing of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ends {
    Fin,
    Reset,
    LateFin,
    LateReset,
    /// Once the next request is there.
    AtTheNext,
    /// The same, as servers do whose patience is over.
    WithA408,
}

/// A receiver that answers one request on each connection; the third push is one that it fails at.
async fn ending(ends: Ends) -> SocketAddr {
    server(move |mut stream, number| async move {
        let text = request(&mut stream).await;
        if text.is_empty() {
            return;
        }
        let status = if text.contains("\"number\":3") { "500 Oh" } else { "200 OK" };
        let answer = format!("HTTP/1.1 {status}\r\nContent-Length: 2\r\n\r\nok");
        let _ = stream.write_all(answer.as_bytes()).await;
        let late = Duration::from_micros(100 * (number % 20) as u64);
        match ends {
            Ends::Fin => {}
            Ends::Reset => stream.set_zero_linger().unwrap(),
            Ends::LateFin => tokio::time::sleep(late).await,
            Ends::LateReset => {
                tokio::time::sleep(late).await;
                stream.set_zero_linger().unwrap();
            }
            Ends::AtTheNext => drop(request(&mut stream).await),
            Ends::WithA408 => {
                if !request(&mut stream).await.is_empty() {
                    let goodbye = b"HTTP/1.1 408 Request Timeout\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";
                    let _ = stream.write_all(goodbye).await;
                }
            }
        }
    })
    .await
}

/// Plays a plan within the real time for which a connection is kept: once more where the machine was busy for longer. How
/// many connections were opened for it.
async fn undisturbed(plan: &Plan, opened: &AtomicUsize) -> (Vec<RunEvent>, Delivered, usize) {
    for _ in 0..100 {
        let (began, before) = (Instant::now(), opened.load(Ordering::SeqCst));
        let (events, delivered) = played(plan).await;
        if began.elapsed() < KEPT_MAX {
            return (events, delivered, opened.load(Ordering::SeqCst) - before);
        }
    }
    panic!("no play took less than {KEPT_MAX:?}")
}

fn transcripts(events: &[RunEvent]) -> Vec<String> {
    let of = |event: &RunEvent| match event {
        RunEvent::Transcript { sha256, .. } => Some(sha256.clone()),
        _ => None,
    };
    events.iter().filter_map(of).collect()
}

fn remarks(events: &[RunEvent]) -> Vec<String> {
    let of = |event: &RunEvent| match event {
        RunEvent::Replied { remark, .. } => remark.clone(),
        _ => None,
    };
    events.iter().filter_map(of).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_seed_has_one_verdict_however_the_receiver_closes_its_connections() {
    for ends in [Ends::Fin, Ends::Reset, Ends::LateFin, Ends::LateReset, Ends::AtTheNext, Ends::WithA408] {
        let address = ending(ends).await;
        let offsets = [0, 0, 1, 1, 9, 9, 10];
        let pushes = offsets.iter().zip(1..).map(|(offset, number)| push(number, 1, *offset)).collect();
        let plan = plan(&[address], pushes);
        let mut first = None;
        for run in 0..RUNS {
            let (events, delivered, _) = undisturbed(&plan, &AtomicUsize::new(0)).await;
            assert_eq!((delivered.tally.acknowledged, delivered.tally.given_up), (6, 1), "{ends:?}, run {run}");
            if matches!(ends, Ends::AtTheNext | Ends::WithA408) {
                let remarks = remarks(&events);
                // Not the third and the fifth, which come after a 500 and after eight seconds.
                assert_eq!(remarks.len(), 4, "{remarks:?}");
                assert!(remarks.iter().all(|remark| remark.starts_with("sent once more on a new connection: ")));
            }
            let now = (told(&events), transcripts(&events));
            assert_eq!(first.get_or_insert_with(|| now.clone()), &now, "{ends:?}, run {run}");
        }
    }
}

/// Answers every request with 200, however many come on a connection.
async fn answers_all(stream: &mut TcpStream) {
    while !request(stream).await.is_empty() {
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok").await;
    }
}

#[tokio::test]
async fn a_connection_is_kept_over_a_short_gap_of_scenario_time_only() {
    let opened = Arc::new(AtomicUsize::new(0));
    let count = opened.clone();
    let address = server(move |mut stream, _| {
        count.fetch_add(1, Ordering::SeqCst);
        async move { answers_all(&mut stream).await }
    })
    .await;
    for (offsets, expected) in [(&[0, 0, 1, 2, 3][..], 1), (&[0, 2, 4], 3), (&[0, 1, 9, 9], 2)] {
        let pushes = offsets.iter().zip(1..).map(|(offset, number)| push(number, 1, *offset)).collect();
        let (_, delivered, opened) = undisturbed(&plan(&[address], pushes), &opened).await;
        assert_eq!(delivered.tally.acknowledged, offsets.len() as u64);
        assert_eq!(opened, expected, "{offsets:?}");
    }
}

#[tokio::test]
async fn a_push_is_sent_once_more_and_then_no_more_and_never_where_an_answer_has_begun() {
    // After its first answer the receiver breaks every exchange: at once, or in the middle of its answer.
    for (answer, requests) in [("", 3), ("HTTP/1.1 2", 2), ("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf", 2)] {
        let heard = Arc::new(AtomicUsize::new(0));
        let count = heard.clone();
        let address = server(move |mut stream, _| {
            let count = count.clone();
            async move {
                while !request(&mut stream).await.is_empty() {
                    if count.fetch_add(1, Ordering::SeqCst) > 0 {
                        let _ = stream.write_all(answer.as_bytes()).await;
                        return;
                    }
                    let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok").await;
                }
            }
        })
        .await;
        let transport = Transport::new(Trust::System);
        let outgoing = Outgoing::get(&format!("http://{address}/").parse().unwrap(), seconds(10));
        assert!(matches!(bounded(transport.send(&outgoing)).await, AttemptOutcome::Replied { .. }));
        match bounded(transport.send(&outgoing)).await {
            AttemptOutcome::Failed { failure, .. } => assert_eq!(failure.class, FailureClass::Closed, "{answer:?}"),
            AttemptOutcome::Replied { reply, .. } => panic!("{reply:?}"),
        }
        assert_eq!(heard.load(Ordering::SeqCst), requests, "{answer:?}");
    }
}
