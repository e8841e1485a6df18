//! Whole plans, delivered to raw servers on loopback.

use crate::support::wire::{
    bounded, closed_port, plan, played, played_at, push, request, retries, seconds, server, told,
};
use ringback::clock::Pace;
use ringback::delivery::{STOP_GRACE, Transport, Trust, deliver, stop};
use ringback::event::RunEvent;
use ringback::scenario::{Order, Sign, SignClock};
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use tokio::io::AsyncWriteExt;

/// A server that answers its requests, in the order in which they come, with these; the last one again and again.
async fn answering(answers: &'static [&'static str]) -> (SocketAddr, Arc<Mutex<Vec<String>>>) {
    let requests = Arc::new(Mutex::new(Vec::new()));
    let seen = requests.clone();
    let address = server(move |mut stream, _| {
        let seen = seen.clone();
        async move {
            loop {
                let text = request(&mut stream).await;
                if text.is_empty() {
                    return;
                }
                let count = {
                    let mut seen = seen.lock().unwrap();
                    seen.push(text);
                    seen.len()
                };
                let head = answers[(count - 1).min(answers.len() - 1)];
                let answer = format!("HTTP/1.1 {head}\r\nContent-Length: 0\r\n\r\n");
                stream.write_all(answer.as_bytes()).await.unwrap();
            }
        }
    })
    .await;
    (address, requests)
}

#[tokio::test]
async fn a_schedule_of_27_hours_is_exact_and_takes_no_time() {
    let (address, requests) = answering(&["500 Oh"]).await;
    let mut plan = plan(&[address], vec![push(1, 1, 7)]);
    plan.retry = retries(&[5, 300, 1800, 7200, 18_000, 36_000, 36_000]);
    let began = Instant::now();
    let (events, delivered) = played(&plan).await;
    let offsets: Vec<u64> = events
        .iter()
        .filter_map(|event| match event {
            RunEvent::Attempted { offset, .. } => {
                assert_eq!(offset.subsec_nanos(), 0);
                Some(offset.as_secs())
            }
            _ => None,
        })
        .collect();
    assert_eq!(offsets, [7, 12, 312, 2112, 9312, 27_312, 63_312, 99_312]);
    assert_eq!(delivered.tally.given_up, 1);
    assert_eq!(delivered.end, seconds(99_312));
    assert_eq!(requests.lock().unwrap().len(), 8);
    assert!(began.elapsed() < seconds(5));
    let last_at = events.iter().rev().find_map(|event| match event {
        RunEvent::Attempted { at, .. } => Some(at.clone()),
        _ => None,
    });
    assert_eq!(last_at.as_deref(), Some("2026-01-02T11:35:12+08:00"));
}

#[tokio::test]
async fn pushes_of_a_call_arrive_one_after_the_other() {
    let (address, requests) = answering(&["503 Busy\r\nRetry-After: 90", "200 OK"]).await;
    let mut plan = plan(&[address], vec![push(1, 1, 0), push(2, 1, 10)]);
    plan.retry = retries(&[5]);
    let (events, delivered) = played(&plan).await;
    assert_eq!(
        told(&events),
        [
            "attempt 1 of 2 of 1/1 at 0ns",
            "reply 503 to 1/1: status 503 is not 2xx",
            "retry of 1/1 after 90s at 90s, as asked",
            "held 2/1 at 10s",
            "attempt 2 of 2 of 1/1 at 90s",
            "reply 200 to 1/1",
            "acknowledged 1/1",
            "attempt 1 of 2 of 2/1 at 90s",
            "reply 200 to 2/1",
            "acknowledged 2/1",
        ]
    );
    assert_eq!((delivered.tally.acknowledged, delivered.interrupted), (2, false));
    let bodies: Vec<_> =
        requests.lock().unwrap().iter().map(|text| text.split("\r\n\r\n").nth(1).unwrap().to_owned()).collect();
    assert_eq!(bodies, [r#"{"number":1}"#, r#"{"number":1}"#, r#"{"number":2}"#]);
}

#[tokio::test]
async fn several_targets_get_every_push() {
    let (first, seen_first) = answering(&["200 OK"]).await;
    let (second, seen_second) = answering(&["404 Not Found"]).await;
    let mut plan = plan(&[first, second], (1..=300).map(|number| push(number, u64::from(number), 1)).collect());
    plan.order = Order::Free;
    let (_, delivered) = played(&plan).await;
    assert_eq!((delivered.tally.acknowledged, delivered.tally.given_up), (300, 300));
    assert_eq!((seen_first.lock().unwrap().len(), seen_second.lock().unwrap().len()), (300, 300));
}

#[tokio::test]
async fn requests_are_named_addressed_and_signed() {
    let (address, requests) = answering(&["200 OK"]).await;
    let mut plan = plan(&[address], vec![push(1, 1, 30)]);
    plan.targets = vec![format!("http://{address}/base/?key=1").parse().unwrap()];
    plan.deliveries[0].request.path = "/end".into();
    plan.deliveries[0].request.headers.push("content-length", "999");
    let standard = Sign::standard_webhooks("whsec_aGVsbG8=");
    plan.sign = Some(Sign { clock: SignClock::Scenario, ..standard.clone() });
    let (events, _) = played(&plan).await;
    let text = requests.lock().unwrap()[0].clone();
    assert!(text.starts_with("POST /base/end?key=1 HTTP/1.1\r\nHost: 127.0.0.1:"), "{text}");
    let version = env!("CARGO_PKG_VERSION");
    for line in [
        "Content-Length: 12",
        "Webhook-Id: msg_ddbc19c0c8d7806dda01462d",
        "Webhook-Timestamp: 1767225630",
        &format!("User-Agent: ringback/{version}"),
    ] {
        assert!(text.lines().any(|found| found == line), "{line} in {text}");
    }
    assert!(text.contains("Webhook-Signature: v1,"), "{text}");
    let RunEvent::Attempted { headers, url, .. } = &events[0] else { panic!("{events:?}") };
    assert_eq!(url, &format!("http://{address}/base/end?key=1"));
    let names: Vec<_> = headers.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["Content-Type", "User-Agent", "Webhook-Id", "Webhook-Timestamp", "Webhook-Signature"]);

    plan.sign = Some(Sign::hmac_sha256("X-Signature", "key"));
    plan.deliveries[0].request.headers.push("User-Agent", "vendor/1");
    played(&plan).await;
    let text = requests.lock().unwrap()[1].clone();
    assert!(text.contains("\r\nUser-Agent: vendor/1\r\n") && !text.contains("ringback/"), "{text}");
    // printf '{"number":1}' | openssl dgst -sha256 -hmac key
    assert!(text.contains("X-Signature: a73240b6323453f556dc58b492366625a05c0c7aa074370321a83a50d8bfa0c1"), "{text}");
}

#[tokio::test]
async fn a_target_that_cannot_be_reached_ends_the_story() {
    let address = closed_port().await;
    let mut plan = plan(&[address], vec![push(1, 1, 0), push(2, 1, 5), push(3, 2, 900)]);
    plan.retry = retries(&[60]);
    let (events, delivered) = played(&plan).await;
    let lines = told(&events);
    assert_eq!(lines[1], "1/1 failed: not connected in connect");
    assert_eq!(lines.last().unwrap(), "unreachable, 2 untried");
    let unreachable = delivered.unreachable.unwrap();
    assert_eq!(unreachable.url, format!("http://{address}/hook"));
    assert_eq!(unreachable.message, format!("nothing listens on {address} (connection refused)"));
    assert_eq!((delivered.tally.given_up, delivered.tally.untried), (1, 2));
}

#[tokio::test]
async fn a_receiver_that_goes_away_later_is_a_failure_of_its_pushes() {
    // One connection, one request; then the port is closed.
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        request(&mut stream).await;
        drop(listener);
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n").await;
    });
    let (events, delivered) = played(&plan(&[address], vec![push(1, 1, 0), push(2, 1, 5)])).await;
    assert_eq!(told(&events)[4], "2/1 failed: not connected in connect");
    assert_eq!((delivered.tally.acknowledged, delivered.tally.given_up), (1, 1));
    assert_eq!(delivered.unreachable, None);
}

#[tokio::test]
async fn a_receiver_that_closes_after_each_answer_without_a_word_loses_nothing() {
    // The server runs in the same thread, so each close is there before the next push is sent.
    let address = server(|mut stream, _| async move {
        request(&mut stream).await;
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok").await;
    })
    .await;
    let plan = plan(&[address], (1..=100).map(|number| push(number, 1, 0)).collect());
    let (events, delivered) = played(&plan).await;
    assert_eq!(delivered.tally.acknowledged, 100, "{:#?}", told(&events));
}

#[tokio::test]
async fn a_stop_ends_what_hangs_within_its_grace() {
    let address = server(|mut stream, _| async move {
        request(&mut stream).await;
        std::future::pending::<()>().await;
    })
    .await;
    let mut plan = plan(&[address], vec![push(1, 1, 0), push(2, 1, 5)]);
    plan.timeout = seconds(3600);
    let (stopper, ear) = stop();
    let mut events = Vec::new();
    let transport = Transport::new(Trust::System);
    let began = Instant::now();
    let mut take = |event| {
        if matches!(event, RunEvent::Attempted { .. }) {
            stopper.stop();
        }
        events.push(event);
    };
    let delivered = bounded(deliver(&plan, Pace::Fast, &transport, &mut take, &ear)).await;
    assert!(began.elapsed() < STOP_GRACE + seconds(5));
    assert!(delivered.interrupted);
    assert_eq!((delivered.tally.given_up, delivered.tally.untried), (1, 1));
    assert_eq!(told(&events)[1], "given up 1/1 after 1: the run was stopped before an answer came");
}

#[tokio::test]
async fn a_stop_wakes_a_run_that_only_sleeps() {
    let (address, _) = answering(&["200 OK"]).await;
    let plan = plan(&[address], vec![push(1, 1, 0), push(2, 1, 1_000_000)]);
    let (stopper, ear) = stop();
    let transport = Transport::new(Trust::System);
    let mut take = |event| {
        if matches!(event, RunEvent::Acknowledged { .. }) {
            stopper.stop();
        }
    };
    let delivered = bounded(deliver(&plan, Pace::Times(1.0), &transport, &mut take, &ear)).await;
    assert_eq!((delivered.interrupted, delivered.tally.acknowledged, delivered.tally.untried), (true, 1, 1));
}

#[tokio::test]
async fn a_pace_lets_real_time_pass() {
    let (address, _) = answering(&["200 OK"]).await;
    let began = Instant::now();
    let (events, delivered) =
        played_at(&plan(&[address], vec![push(1, 1, 0), push(2, 1, 60)]), Pace::Times(600.0)).await;
    assert!(began.elapsed() >= Duration::from_millis(100));
    assert!(delivered.end >= seconds(60));
    let offset = events.iter().rev().find_map(|event| match event {
        RunEvent::Attempted { offset, .. } => Some(*offset),
        _ => None,
    });
    assert!(offset.unwrap() >= seconds(60));
}

#[tokio::test]
async fn the_same_plan_tells_the_same_story() {
    let (address, _) = answering(&["500 Oh"]).await;
    let mut plan = plan(&[address], (1..=6).map(|number| push(number, u64::from(number % 2), number.into())).collect());
    plan.retry = retries(&[100, 1000]);
    plan.retry.jitter = 0.5;
    plan.order = Order::Total;
    let first = told(&played(&plan).await.0);
    assert_eq!(first, told(&played(&plan).await.0));
    plan.seed += 1;
    assert_ne!(first, told(&played(&plan).await.0));
}
