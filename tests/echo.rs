//! Snapshots of a receiver on the wire that repeats everything it is sent, beside what it makes up itself: with every seed and
//! every start they are the same. And of one that keeps what it gets, pinned in `snapshots`.

use crate::support::command::{Done, done, file, ringback};
use crate::support::wire::{request, server};
use jiff::Timestamp;
use ringback::clock;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
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
        command.args(["--seed", seed, "--at", at, "--quiet"]).current_dir(folder.path());
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

/// What a receiver keeps of a push, and how often it came.
struct Kept {
    bytes: String,
    fields: Value,
    tries: u32,
}

impl Kept {
    /// The first of these fields that is there, as a text.
    fn field(&self, names: &[&str]) -> String {
        let found = names.iter().find_map(|name| self.fields.get(*name).filter(|value| !value.is_null()));
        found.map(|value| value.as_str().map_or_else(|| value.to_string(), str::to_owned)).unwrap_or_default()
    }

    /// When it happened, in whatever form its vendor writes that.
    fn at(&self) -> Option<Timestamp> {
        let text = self.field(&["timestamp", "timeInMillis", "ringingTime", "cdr_end_time"]);
        match text.parse() {
            Ok(number) if text.len() == 13 => Timestamp::from_millisecond(number).ok(),
            Ok(number) => Timestamp::from_second(number).ok(),
            Err(_) => clock::BEIJING.to_timestamp(text.get(..19)?.parse().ok()?).ok(),
        }
    }

    /// The push as this receiver shows it: in its own forms, and with the number of the customer half hidden.
    fn shown(&self) -> Value {
        let phone = self.field(&["customer_phone", "customerNumber", "cdr_customer_number"]);
        json!({
            "what": self.field(&["occasion", "stateAction", "event"]),
            "at": self.at().map(|at| at.to_string()),
            "at_ms": self.at().map(|at| at.as_millisecond()),
            "customer": phone.get(7..).map(|last| json!({ "e164": format!("+86{phone}"), "last4": last, "masked": format!("{}****{last}", &phone[..3]) })),
            "conversation": self.fields.get("conversation_id"),
            "seconds": self.field(&["total_time", "cdr_record_duration"]).parse::<u32>().ok(),
            "tries": self.tries,
        })
    }
}

/// Status, headers and body of what a receiver answers that keeps the pushes of each call: the first of them has to come twice,
/// some are refused, and what was kept is shown page by page.
fn keeping(kept: &mut BTreeMap<String, Vec<Kept>>, request: &str) -> Option<(u16, String, Value)> {
    const PAGE: usize = 3;
    let (head, body) = request.split_once("\r\n\r\n")?;
    let target = head.split(' ').nth(1)?;
    if let Some(asked) = target.strip_prefix("/calls/") {
        let (call, page) = asked.split_once("?page=").unwrap_or((asked, "1"));
        let (page, all) = (page.parse::<usize>().ok()?, kept.get(&call.replace("%3A", ":"))?);
        let items: Vec<Value> = all.iter().map(Kept::shown).skip((page - 1) * PAGE).take(PAGE).collect();
        let next = (page * PAGE < all.len()).then(|| format!("/calls/{call}?page={}", page + 1));
        let status = if items.is_empty() { 404 } else { 200 };
        return Some((
            status,
            String::new(),
            json!({ "page": page, "total": all.len(), "next": next, "items": items }),
        ));
    }
    let form =
        || form_urlencoded::parse(body.as_bytes()).map(|(name, value)| (name.into_owned(), value.into())).collect();
    let fields = serde_json::from_str(body).unwrap_or_else(|_| Value::Object(form()));
    let new = Kept { bytes: body.to_owned(), fields, tries: 0 };
    let call = new.field(&["call_id", "mainUniqueId", "cdr_main_unique_id", "uniqueId"]);
    if call.is_empty() {
        return Some((200, String::new(), json!({ "result": "success", "ignored": new.field(&["stateAction"]) })));
    }
    let of_call = kept.entry(call.clone()).or_default();
    let place = of_call.iter().position(|kept| kept.bytes == body).unwrap_or(of_call.len());
    if place == of_call.len() {
        of_call.push(new);
    }
    let push = &mut of_call[place];
    push.tries += 1;
    if place == 0 && push.tries == 1 {
        return Some((
            503,
            "Retry-After: 2\r\n".into(),
            json!({ "error": "busy", "retry_at": clock::now().to_string() }),
        ));
    }
    if ["hangup", "ringing"].contains(&push.field(&["occasion", "event"]).as_str()) {
        let agent = push.field(&["agent_nick_name", "cno"]);
        return Some((
            409,
            String::new(),
            json!({ "title": format!("agent {agent} is not in call {call}"), "at": push.at().map(|at| at.to_string()) }),
        ));
    }
    let ticket = format!("T-{}", clock::now().as_microsecond());
    let answer = json!({ "code": 1000, "result": "success", "call": call, "ticket": ticket, "got": push.shown() });
    Some((200, format!("Location: /calls/{}\r\n", call.replace(':', "%3A")), answer))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_receiver_that_keeps_what_it_gets_answers_as_it_was_accepted() {
    let kept = Arc::new(Mutex::new(BTreeMap::new()));
    let address = server(move |mut stream, _| {
        let kept = kept.clone();
        async move {
            loop {
                let request = request(&mut stream).await;
                let Some((status, headers, body)) = keeping(&mut kept.lock().unwrap(), &request) else { return };
                let (kind, body) = ("Content-Type: application/json", body.to_string());
                let head = format!("HTTP/1.1 {status} Now\r\n{kind}\r\n{headers}Content-Length: {}", body.len());
                if stream.write_all(format!("{head}\r\n\r\n{body}").as_bytes()).await.is_err() {
                    return;
                }
            }
        }
    })
    .await;
    let target = format!("http://{address}/hook");
    for (seed, at) in
        [("1", "2026-11-20T10:00:00+08:00"), ("77", "2025-01-31T23:59:30+08:00"), ("4711", "2027-02-28T00:00:00Z")]
    {
        let mut command =
            ringback(&["run", "tests/fixtures/call-desk.yaml", "--target", &target, "--snapshots", "snapshots"]);
        command.args(["--seed", seed, "--at", at, "--quiet"]).current_dir(env!("CARGO_MANIFEST_DIR"));
        // Where nobody would accept them, no pending ones are written.
        command.envs(std::env::vars_os().filter(|(name, _)| name == "CI"));
        let played = done(command);
        assert_eq!(
            played.code, 0,
            "seed {seed}; accept what is meant by `ringback accept`\n{}{}",
            played.out, played.err
        );
    }
}
