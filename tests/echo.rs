//! Snapshots of a receiver on the wire that repeats everything it is sent, beside what it makes up itself: with every seed and
//! every start they are the same.
#![allow(clippy::unwrap_used)]

mod support;

use ringback::clock;
use serde_json::{Map, Value, json};
use std::net::SocketAddr;
use std::sync::atomic::{AtomicU64, Ordering};
use support::command::{Done, done, file, ringback};
use support::wire::{request, server};
use tokio::io::AsyncWriteExt;

/// Repeats every request in several writings, as an answer that every vendor takes for an acknowledgement.
async fn echo() -> SocketAddr {
    static COUNT: AtomicU64 = AtomicU64::new(1);
    server(|mut stream, _| async move {
        loop {
            let request = request(&mut stream).await;
            let Some((head, body)) = request.split_once("\r\n\r\n") else { return };
            let mut lines = head.lines();
            let first = lines.next().unwrap_or_default();
            let headers: Map<_, _> = lines
                .filter_map(|line| line.split_once(": "))
                .map(|(name, value)| (name.to_lowercase(), Value::from(value)))
                .collect();
            let encoded: String = form_urlencoded::byte_serialize(body.as_bytes()).collect();
            let count = COUNT.fetch_add(1, Ordering::Relaxed);
            let now = clock::now();
            let answer = json!({
                "code": 200,
                "resultCode": "0",
                "retCode": "0",
                "resultDesc": "ok",
                "request_id": format!("req-{count}"),
                "server_time": now.as_millisecond(),
                "received_at": now.to_string(),
                "nonce": count * 7919,
                "request": first,
                "headers": headers,
                "json": serde_json::from_str::<Value>(body).unwrap_or_default(),
                "body": body,
                "encoded": encoded,
                "first_line": format!("{first} took 0 ms"),
            })
            .to_string();
            let date = now.strftime("%a, %d %b %Y %H:%M:%S GMT");
            let head = format!(
                "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nDate: {date}\r\nX-Request-Id: {count}\r\nX-Trace: req-{count}\r\nContent-Length: {}",
                answer.len()
            );
            if stream.write_all(format!("{head}\r\n\r\n{answer}").as_bytes()).await.is_err() {
                return;
            }
        }
    })
    .await
}

const SNAPSHOT: &str = "
snapshot:
  redact:
    - $.nonce
    - { matches: 'req-[0-9]+', as: <request> }
    - { header: X-Request-Id }
  headers: [Content-Type, Date, X-Request-Id, X-Trace]
probe:
  get: '{target.origin}/calls/{call.id}?phone={customer.phone}'
";

const STORIES: [(&str, &str); 4] = [
    ("outbound-answered", "udesk,7moor,tinet,huawei-cec"),
    ("transfer", "udesk,tinet"),
    ("inbound-queue-abandon", "7moor,tinet"),
    ("voice-robot", "tinet"),
];

#[tokio::test(flavor = "multi_thread")]
async fn snapshots_of_a_receiver_that_repeats_everything_hold_with_every_seed() {
    let address = echo().await;
    let folder = tempfile::tempdir().unwrap();
    let target = format!("http://{address}/hook?shop=7");
    let play = |(name, vendors): (&str, &str), seed: &str, at: &str| -> Done {
        let story = done(ringback(&["show", name])).out + SNAPSHOT;
        let file = file(folder.path(), &format!("{name}.yaml"), &story);
        let mut command = ringback(&["run", &file, "--target", &target, "--vendor", vendors, "--snapshots", "s"]);
        command.args(["--seed", seed, "--at", at, "--quiet"]).current_dir(folder.path()).env_remove("CI");
        done(command)
    };
    for story in STORIES {
        let first = play(story, "1", "2026-11-20T10:00:00+08:00");
        assert_eq!(first.code, 1, "{}{}", first.out, first.err);
    }
    let accepted = done({
        let mut command = ringback(&["accept", "--all", "--snapshots", "s"]);
        command.current_dir(folder.path());
        command
    });
    assert_eq!(accepted.code, 0, "{}", accepted.err);
    for (seed, at) in
        [("2", "2026-11-20T10:00:00+08:00"), ("77", "2025-01-31T23:59:30+08:00"), ("4711", "2027-02-28T00:00:00Z")]
    {
        for story in STORIES {
            let again = play(story, seed, at);
            assert_eq!(again.code, 0, "{} with seed {seed}\n{}{}", story.0, again.out, again.err);
        }
    }
    let taken = std::fs::read_to_string(folder.path().join("s/voice-robot@tinet.snap")).unwrap();
    for named in [
        "Date: <time>",
        "X-Request-Id: <redacted>",
        "X-Trace: <request>",
        "\"nonce\": <redacted>",
        "\"server_time\": <time>",
    ] {
        assert!(taken.contains(named), "{named} in {taken}");
    }
    assert!(taken.contains("probe GET http://<target>/calls/<call.id>?phone=<customer.phone>: agrees"), "{taken}");
}
