//! What is asked for is what there is: so many pushes in flight, so many connections, so many attempts after such failures.

use super::account::Untried;
use super::{asked, calls};
use crate::support::raw::{Does, OK, Receiver};
use ringback::delivery::stop;
use ringback::load::{Ended, Figures, KindFigures, Load, STOP_GRACE, run};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};
use tokio::task::JoinSet;

const STORY: &str = "title: test
call: { kind: outbound }
vendors: [udesk]
deliver: { timeout: TIMEOUT, retry: RETRY, order: free }
script: [{ ring: agent }, { answer: agent }, { ring: customer }, { answer: customer }, { hangup: agent }]
";

/// A hundred pushes to a receiver that answers nothing.
async fn unanswered(max_in_flight: usize, connections: usize, workers: usize) -> (Figures, usize) {
    let receiver = Receiver::new(|_| Does::Nothing);
    let story = STORY.replace("TIMEOUT", "30s").replace("RETRY", "none");
    let load = asked(Arc::new(Untried(calls(&story, "udesk", receiver.at))), 100.0, 250);
    let load = Load { max_in_flight, connections, workers, linger: Some(Duration::from_millis(100)), ..load };
    let figures = run(&load, &mut |_| {}, &stop().1).await.figures;
    (figures, receiver.connections.load(Ordering::SeqCst))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn as_many_pushes_are_in_flight_as_there_may_be_over_all_workers() {
    // The last one has more workers than there is room: some have none, and leave no call alone.
    for workers in [1, 2, 3, 8] {
        let (figures, _) = unanswered(5, 64, workers).await;
        let total = figures.total();
        assert_eq!((total.planned, total.attempts, total.lost), (100, 5, 5), "{workers}: {total:?}");
        assert_eq!((total.held, total.held_by_end), (95, 0), "{workers}: {total:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn as_many_connections_are_open_as_there_may_be_over_all_workers() {
    for workers in [1, 2, 8] {
        let (figures, connections) = unanswered(1000, 3, workers).await;
        let total = figures.total();
        assert_eq!((connections, total.attempts, total.held_by_end), (3, 3, 97), "{workers}: {total:?}");
        assert!(total.adds_up(), "{total:?}");
    }
}

/// What each kind of failure is called, and a receiver that brings it about.
const FAILURES: [(&str, Does); 5] = [
    ("timeout", Does::Nothing),
    ("connect", Does::Close),
    ("5xx", Does::Answer("HTTP/1.1 503 No\r\nContent-Length: 0\r\n\r\n")),
    ("429", Does::Answer("HTTP/1.1 429 No\r\nContent-Length: 0\r\n\r\n")),
    ("nack", Does::Answer("HTTP/1.1 400 No\r\nContent-Length: 0\r\n\r\n")),
];

/// Eight pushes to a receiver that does the same every time, with a retry written like this.
async fn retried(does: Does, retry: String) -> KindFigures {
    let receiver = Receiver::new(move |_| does);
    let story = STORY.replace("TIMEOUT", "100ms").replace("RETRY", &retry);
    let load = asked(Arc::new(Untried(calls(&story, "udesk", receiver.at))), 20.0, 100);
    run(&load, &mut |_| {}, &stop().1).await.figures.total()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_retry_tries_again_after_the_failures_that_it_names_and_after_all_where_it_names_none() {
    let mut all = JoinSet::new();
    for (failure, does) in FAILURES {
        let names = FAILURES.map(|(name, _)| Some(name)).into_iter().chain([None]);
        for on in names {
            let retry = format!("{{ waits: [1s]{} }}", on.map(|on| format!(", on: [{on}]")).unwrap_or_default());
            all.spawn(async move { (failure, on, retried(does, retry).await) });
        }
    }
    while let Some(played) = all.join_next().await {
        let (failure, on, total) = played.unwrap();
        let again = if on.is_none_or(|on| on == failure) { 8 } else { 0 };
        assert_eq!((total.planned, total.retries, total.lost), (8, again, 8), "{failure}, {on:?}: {total:?}");
    }
    // What is acknowledged is not tried again.
    let total = retried(Does::Answer(OK), "{ waits: [1s] }".into()).await;
    assert_eq!((total.sent, total.retries), (8, 0));
}

/// Every first attempt is corrupted, and refused for it.
const CORRUPTED: &str = "faults: [{ fault: bad-json, when: { attempts: 1 } }]
";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_stop_keeps_from_a_second_attempt_is_excused_where_its_first_was_corrupted() {
    // The receiver answers once the end was asked for: what lands then is not tried again.
    let (stopper, stop) = stop();
    let ear = stop.clone();
    let receiver = Receiver::new(move |n| {
        if n == 0 {
            stopper.stop();
        }
        let began = Instant::now();
        while !ear.is_requested() && began.elapsed() < Duration::from_secs(30) {
            std::thread::yield_now();
        }
        Does::Answer("HTTP/1.1 400 No\r\nContent-Length: 0\r\n\r\n")
    });
    let story = STORY.replace("TIMEOUT", "30s").replace("RETRY", "{ waits: [10h] }");
    let load = asked(Arc::new(Untried(calls(&format!("{story}{CORRUPTED}"), "udesk", receiver.at))), 100.0, 250);
    let total = run(&load, &mut |_| {}, &stop).await.figures.total();
    assert!(total.excused > 0 && total.lost == 0 && total.adds_up(), "{total:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_is_in_a_hurry_does_not_wait_for_what_is_under_way() {
    // Without the hurry each of them takes the whole grace; on a busy machine one with it may, too.
    for _ in 0..10 {
        let receiver = Receiver::new(|_| Does::Nothing);
        let story = STORY.replace("TIMEOUT", "30s").replace("RETRY", "none");
        let load = asked(Arc::new(Untried(calls(&story, "udesk", receiver.at))), 100.0, 250);
        let (stopper, stop) = stop();
        let running = tokio::spawn(async move { run(&load, &mut |_| {}, &stop).await });
        let began = Instant::now();
        while receiver.count() == 0 {
            assert!(began.elapsed() < Duration::from_secs(30), "no push came");
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        stopper.stop();
        stopper.hurry();
        let asked_for = Instant::now();
        let outcome = running.await.unwrap();
        assert!(outcome.ended == Ended::Interrupted && outcome.figures.total().adds_up(), "{:?}", outcome.ended);
        if asked_for.elapsed() < STOP_GRACE {
            return;
        }
    }
    panic!("it was waited for what nobody answers");
}
