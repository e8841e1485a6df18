//! Under load: connections that end without a word, names with several addresses, answers without end.

use super::account::Untried;
use super::{asked, calls};
use crate::support::command::{Done, run as ringback};
use crate::support::raw::{Does, OK, Receiver};
use crate::support::wire::{request, server};
use ringback::delivery::{Addresses, AttemptOutcome, Given, Resolver, Transport, Way, stop};
use ringback::load::{Ended, Load, Told, run};
use ringback::plan::Targets;
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};
use tokio::io::AsyncWriteExt;

const STORY: &str = "title: test
call: { kind: outbound }
vendors: [udesk]
deliver: { timeout: 10s, retry: none }
script:
  - ring: agent
  - wait: 3s
  - answer: agent
  - ring: customer
  - wait: 9s
  - answer: customer
  - wait: 30s
  - hangup: agent
";

/// Ends each connection behind its first answer without a word: by FIN, by RST, late, or once the next request is there.
async fn ending(how: usize) -> SocketAddr {
    server(move |mut stream, number| async move {
        if request(&mut stream).await.is_empty() {
            return;
        }
        let _ = stream.write_all(OK.as_bytes()).await;
        match how {
            0 => {}
            1 => stream.set_zero_linger().unwrap(),
            2 => tokio::time::sleep(Duration::from_micros(100 * (number % 20) as u64)).await,
            _ => drop(request(&mut stream).await),
        }
    })
    .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_push_is_lost_to_a_receiver_that_closes_its_connections_without_a_word() {
    for how in 0..4 {
        let address = ending(how).await;
        for _ in 0..10 {
            let load = asked(calls(STORY, "udesk", address), 100.0, 200);
            let outcome = run(&load, &mut |_| {}, &stop().1).await;
            let total = outcome.figures.total();
            assert_eq!((outcome.ended, total.planned), (Ended::Done, 80), "way {how}");
            assert_eq!((total.sent, total.lost, total.held), (80, 0, 0), "way {how}: {total:?}");
            assert_eq!(total.attempts, 80, "what is sent once more is one attempt");
        }
    }
}

/// All pushes of a call at one moment.
const AT_ONCE: &str = "title: test
call: { kind: outbound }
vendors: [udesk]
deliver: { timeout: 10s, retry: none, order: free }
script: [{ ring: agent }, { answer: agent }, { ring: customer }, { answer: customer }, { hangup: agent }]
";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_kept_connection_ends_unanswered_is_sent_once_more_and_then_no_more() {
    const GOODBYE: &str = "HTTP/1.1 408 Request Timeout\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";
    // Each connection, or the first alone, answers one request and ends at the next, without a word or with these.
    for (answers_all, goodbye, requests, sent, why) in [
        (true, "", 7, 4, "the receiver closed the connection without an answer"),
        (true, GOODBYE, 7, 4, "the receiver closed the kept connection with a 408"),
        (false, "", 5, 1, ""),
    ] {
        let heard = Arc::new(AtomicUsize::new(0));
        let count = heard.clone();
        let address = server(move |mut stream, connection| {
            let count = count.clone();
            async move {
                let mut is_good = answers_all || connection == 0;
                while !request(&mut stream).await.is_empty() {
                    count.fetch_add(1, Ordering::SeqCst);
                    let _ = stream.write_all(if is_good { OK } else { goodbye }.as_bytes()).await;
                    if !std::mem::take(&mut is_good) {
                        return;
                    }
                }
            }
        })
        .await;
        let load = asked(Arc::new(Untried(calls(AT_ONCE, "udesk", address))), 10.0, 100);
        let load = Load { connections: 1, sample: 1, max_calls: Some(1), ..load };
        let mut remarks = Vec::new();
        let mut hear = |told| match told {
            Told::Attempt(told) => match told.outcome {
                AttemptOutcome::Replied { reply, .. } => remarks.extend(reply.remark),
                // It waited for the connection before it was written.
                AttemptOutcome::Failed { timing, .. } => assert!(timing.total < told.response, "{timing:?}"),
            },
            Told::Tick(_) | Told::Said(_) => {}
        };
        let total = run(&load, &mut hear, &stop().1).await.figures.total();
        assert_eq!((total.planned, total.attempts, total.sent, total.lost), (4, 4, sent, 4 - sent), "{total:?}");
        assert_eq!(heard.load(Ordering::SeqCst), requests, "{total:?}");
        let expected = vec![format!("sent once more on a new connection: {why}"); requests - 4];
        assert_eq!(remarks, if answers_all { expected } else { Vec::new() });
    }
}

/// A receiver on one port of some addresses of loopback; how many connections each has had.
async fn listening(addresses: &[&str]) -> (u16, Vec<Arc<AtomicUsize>>) {
    let first = TcpListener::bind((addresses[0], 0)).unwrap();
    let port = first.local_addr().unwrap().port();
    let mut listeners = vec![first];
    listeners.extend(addresses[1..].iter().map(|address| TcpListener::bind((*address, port)).unwrap()));
    let receivers = listeners.into_iter().map(|listener| Receiver::on(listener, |_| Does::Answer(OK)).connections);
    (port, receivers.collect())
}

/// A load of a name with these addresses.
fn named(port: u16, given: [&str; 3], addresses: Addresses) -> Load {
    let texts = given.map(|address| format!("many.localhost:{port}:{address}"));
    let resolver = Resolver { given: Given::parse_all(&texts).unwrap(), addresses };
    let target = format!("http://many.localhost:{port}/hook").parse().unwrap();
    let calls = super::calls_of(STORY, "udesk", Targets::Given(vec![target]));
    let transport = Transport::by(Way { resolver, ..Way::default() });
    Load { transport, workers: 2, ..asked(calls, 100.0, 300) }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_name_with_several_addresses_loses_nothing_and_all_that_answer_are_used() {
    let (port, connections) = listening(&["127.0.0.1", "127.0.0.3"]).await;
    let load = named(port, ["127.0.0.2", "127.0.0.1", "127.0.0.3"], Addresses::All);
    let outcome = run(&load, &mut |_| {}, &stop().1).await;
    let total = outcome.figures.total();
    assert_eq!((outcome.ended, total.sent, total.lost), (Ended::Done, 120, 0), "{total:?}");
    assert!(total.failures.is_empty(), "{total:?}");
    assert!(connections.iter().all(|one| one.load(Ordering::SeqCst) > 0), "{connections:?}");

    let load = named(port, ["127.0.0.3", "127.0.0.1", "127.0.0.2"], Addresses::First);
    let before = connections[0].load(Ordering::SeqCst);
    assert_eq!(run(&load, &mut |_| {}, &stop().1).await.figures.total().sent, 120);
    assert_eq!(connections[0].load(Ordering::SeqCst), before, "the first alone");
    let load = named(port, ["127.0.0.2", "127.0.0.1", "127.0.0.3"], Addresses::First);
    assert!(matches!(run(&load, &mut |_| {}, &stop().1).await.ended, Ended::Unreachable(_)));
}

/// Answers without end to one push, once the call that is tried first is over.
async fn flooding() -> SocketAddr {
    let count = Arc::new(AtomicUsize::new(0));
    let hints = "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n".repeat(2000);
    server(move |mut stream, _| {
        let (count, hints) = (count.clone(), hints.clone());
        async move {
            while !request(&mut stream).await.is_empty() {
                let answer = if count.fetch_add(1, Ordering::SeqCst) == 5 { &hints } else { OK };
                while stream.write_all(answer.as_bytes()).await.is_ok() && answer != OK {}
            }
        }
    })
    .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_answer_without_end_is_ended_by_its_time_limit_and_holds_up_nobody() {
    let story = STORY.replace("timeout: 10s", "timeout: 1s");
    let load = asked(calls(&story, "udesk", flooding().await), 50.0, 200);
    let began = Instant::now();
    let outcome = tokio::time::timeout(Duration::from_secs(20), run(&load, &mut |_| {}, &stop().1)).await;
    let total = outcome.expect("it should have ended by now").figures.total();
    assert!(began.elapsed() >= Duration::from_secs(1));
    assert_eq!((total.planned, total.sent, total.lost), (40, 39, 1), "{total:?}");
    assert_eq!(total.failures.keys().collect::<Vec<_>>(), ["timeout/first_byte"], "{total:?}");
}

fn load(more: &[&str]) -> Done {
    let given = ["load", "outbound-answered", "--vendor", "udesk", "--seed", "7", "--rate", "20/s", "--for", "500ms"];
    ringback(&[&given[..], &["--pace", "1000x", "--retry", "none", "--lag-limit", "1h"], more].concat())
}

#[tokio::test]
async fn flags_say_where_a_name_is() {
    let (port, _) = listening(&["127.0.0.1"]).await;
    let target = format!("http://receiver.invalid:{port}/hook");
    let given = format!("receiver.invalid:{port}:127.0.0.2,127.0.0.1");
    let common = ["--target", &target, "--allow-host", "receiver.invalid", "--resolve", &given];
    tokio::task::spawn_blocking({
        let common = common.map(str::to_owned);
        move || {
            let common = common.each_ref().map(String::as_str);
            let done = load(&common);
            assert_eq!(done.code, 0, "{}\n{}", done.out, done.err);
            let again =
                done.out.lines().chain(done.err.lines()).any(|line| line.contains("--resolve receiver.invalid"));
            assert!(again, "{}\n{}", done.out, done.err);
            let first = load(&[&common[..], &["--addresses", "first"]].concat());
            assert_eq!(first.code, 3, "{}\n{}", first.out, first.err);
            let wrong = load(&["--target", "http://127.0.0.1:9/hook", "--resolve", "localhost:80:192.0.2.1"]);
            assert_eq!(wrong.code, 2, "{}", wrong.err);
            assert!(wrong.err.contains("is a name of this machine"), "{}", wrong.err);
        }
    })
    .await
    .unwrap();
}
