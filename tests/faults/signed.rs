//! What a signature says of time and push: in long stories, at retries of hours, of copies, and in a replay.

use super::wire::{Seen, deliver_all, faulted, listener, planned, play};
use crate::support::wire::bounded;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use ring::hmac;
use ringback::clock::Pace;
use ringback::event::RunEvent;
use ringback::scenario::{Scenario, Sign, SignClock, SignEncoding, SignFormat, SignScheme};
use std::collections::{BTreeMap, BTreeSet};

const NEW: &[u8] = b"the-new-secret-of-24-bytes!!";
const OLD: &[u8] = b"the-old-secret-of-24-bytes!!";

fn secret(key: &[u8]) -> String {
    format!("whsec_{}", STANDARD.encode(key))
}

/// A call of 20 minutes and more, with a retry after hours, that is signed so.
fn signed(faults: &str, sign: Sign) -> Scenario {
    let mut scenario = faulted("outbound-answered", faults);
    scenario.deliver.sign = Some(sign);
    let waits = [600, 7200, 36_000].map(std::time::Duration::from_secs).to_vec();
    let on = ringback::vendors::Retriable::all();
    scenario.deliver.retry = ringback::scenario::Retry::Explicit { waits, jitter: 0.0, on };
    scenario
}

/// The digest of some parts, in base64.
fn digest(key: &[u8], parts: &[&[u8]]) -> String {
    STANDARD.encode(hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, key), &parts.concat()))
}

/// The id and the time of a signature of Standard Webhooks that one of its parts proves.
fn verified(seen: &Seen, key: &[u8]) -> (String, i64) {
    let [id, time, signatures] =
        ["id", "timestamp", "signature"].map(|name| seen.header(&format!("webhook-{name}")).unwrap());
    let expected = format!("v1,{}", digest(key, &[format!("{id}.{time}.").as_bytes(), seen.body()]));
    assert!(signatures.split(' ').any(|signature| signature == expected), "{signatures} without {expected}");
    (id, time.parse().unwrap())
}

#[tokio::test]
async fn a_signature_carries_the_time_of_writing_and_one_id_for_each_push() {
    let faults = "  - { fault: duplicate, copies: 2, after: 3h }\n";
    for vendor in ["udesk", "7moor"] {
        let scenario = signed(faults, Sign::standard_webhooks(secret(NEW)));
        let before = Timestamp::now().as_second();
        let played = play(&scenario, vendor, &["500 Oh", "200 OK", "500 Oh", "200 OK"], 1, Pace::Fast).await;
        let after = Timestamp::now().as_second();
        let mut bodies: BTreeMap<String, BTreeSet<Vec<u8>>> = BTreeMap::new();
        for seen in &played.seen {
            let (id, time) = verified(seen, NEW);
            assert!((before..=after).contains(&time), "{before} {time} {after}");
            bodies.entry(id).or_default().insert(seen.body().to_vec());
        }
        assert!(bodies.values().all(|bodies| bodies.len() == 1), "one push, one id: {bodies:?}");
        let pushes = planned(&faulted("outbound-answered", ""), vendor, 1, &[]).deliveries.len();
        assert_eq!(bodies.len(), pushes, "another push, another id");
        assert_eq!(played.seen.len(), 3 * pushes + 2, "two copies of each, and two retries");
    }
}

#[tokio::test]
async fn a_copy_under_a_new_event_id_is_a_push_of_its_own() {
    let faults = "  - { fault: duplicate-new-id, push: \"7moor:dialoutHangup\" }\n";
    let ids = |played: super::wire::Played| -> BTreeSet<String> {
        played.seen.iter().map(|seen| verified(seen, NEW).0).collect()
    };
    let sign = Sign::standard_webhooks(secret(NEW));
    let clean = ids(play(&signed("", sign.clone()), "7moor", &["200 OK"], 1, Pace::Fast).await);
    let copied = play(&signed(faults, sign), "7moor", &["200 OK"], 1, Pace::Fast).await;
    assert_eq!(copied.seen.len(), clean.len() + 1, "{:?}", copied.faults());
    let copied = ids(copied);
    assert!(clean.is_subset(&copied) && copied.len() == clean.len() + 1, "{clean:?} {copied:?}");
}

#[tokio::test]
async fn the_transcript_does_not_depend_on_when_it_was_signed() {
    let mut transcripts = Vec::new();
    for (clock, faults) in [
        (SignClock::Real, ""),
        (SignClock::Scenario, ""),
        (SignClock::Real, "  - { fault: half-close }\n"),
        (SignClock::Scenario, "  - { fault: half-close }\n"),
        (SignClock::Real, "  - { fault: wrong-auth }\n"),
    ] {
        let sign = Sign { clock, ..Sign::standard_webhooks(secret(NEW)) };
        let (address, seen) = listener(&["200 OK"], 1).await;
        let plan = planned(&signed(faults, sign), "udesk", 1, &[address]);
        let played = bounded(deliver_all(&plan, Pace::Fast)).await;
        let story_time = plan.start.as_second();
        let is_told = |time: i64| (story_time..story_time + 3600).contains(&time);
        let times = seen
            .lock()
            .unwrap()
            .iter()
            .map(|seen| seen.header("webhook-timestamp").unwrap().parse().unwrap())
            .collect::<Vec<i64>>();
        assert!(times.iter().all(|time| is_told(*time) == (clock == SignClock::Scenario)), "{clock:?}: {times:?}");
        let told = played.events.into_iter().filter_map(|event| match event {
            RunEvent::Transcript { sha256, .. } => Some(sha256),
            _ => None,
        });
        transcripts.push(told.collect::<Vec<_>>());
    }
    assert_eq!(transcripts[0].len(), 1);
    assert_eq!(transcripts[0], transcripts[1], "of every run");
    assert_eq!(transcripts[2], transcripts[3], "also of what goes byte by byte");
    assert_ne!(transcripts[0], transcripts[4], "what a fault makes of a signature counts");
}

#[tokio::test]
async fn both_secrets_sign_while_one_replaces_the_other() {
    let mut sign = Sign::standard_webhooks(secret(NEW));
    sign.secrets.push(secret(OLD));
    let played = play(&signed("", sign), "udesk", &["200 OK"], 1, Pace::Fast).await;
    for seen in &played.seen {
        assert_eq!(verified(seen, NEW), verified(seen, OLD));
    }
    assert!(!played.seen.is_empty());
}

#[tokio::test]
async fn one_header_holds_what_it_is_asked_for() {
    let hmac = |encoding, format| {
        let scheme = SignScheme::HmacSha256 { header: "X-Hub-Signature-256".into(), encoding, format };
        let secrets = ["new", "old"].map(str::to_owned).to_vec();
        Sign { scheme, secrets, clock: SignClock::Real }
    };
    let hex =
        |base64: &str| STANDARD.decode(base64).unwrap().iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    let github = hmac(SignEncoding::Hex, SignFormat::Body("sha256=".into()));
    let played = play(&signed("", github), "udesk", &["200 OK"], 1, Pace::Fast).await;
    for seen in &played.seen {
        let expected = format!("sha256={}", hex(&digest(b"new", &[seen.body()])));
        assert_eq!(seen.header("x-hub-signature-256").unwrap(), expected);
    }
    let before = Timestamp::now().as_second();
    let stripe = hmac(SignEncoding::Hex, SignFormat::Timestamped);
    let played = play(&signed("", stripe), "udesk", &["500 Oh", "200 OK"], 1, Pace::Fast).await;
    let after = Timestamp::now().as_second();
    for seen in &played.seen {
        let value = seen.header("x-hub-signature-256").unwrap();
        let (time, _) = value.strip_prefix("t=").and_then(|rest| rest.split_once(',')).unwrap();
        assert!((before..=after).contains(&time.parse::<i64>().unwrap()), "{value}");
        let of = |key: &[u8]| hex(&digest(key, &[time.as_bytes(), b".", seen.body()]));
        assert_eq!(value, format!("t={time},v1={},v1={}", of(b"new"), of(b"old")));
    }
    assert!(played.seen.len() > 2);
}
