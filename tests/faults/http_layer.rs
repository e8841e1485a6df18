//! The HTTP layer on the wire: a well-formed exchange with wrong content.

use super::wire::{Played, Seen, faulted, play, udesk};
use encoding_rs::GBK;
use ringback::clock::Pace;
use serde_json::Value;

/// The `end` of a call of Udesk with a fault, and without.
async fn ends(fault: &str) -> (Seen, Seen, Played) {
    let (clean, played) = (udesk("").await, udesk(&format!("  - {{ fault: {fault}, push: \"udesk:end\" }}")).await);
    assert_eq!(clean.seen[..3].iter().map(|seen| &seen.bytes).collect::<Vec<_>>().len(), 3);
    for (one, other) in clean.seen[..3].iter().zip(&played.seen) {
        assert_eq!(one.body(), other.body(), "the other pushes stay as they are");
    }
    let name = fault.split(',').next().unwrap();
    assert_eq!(played.faults()[3], [name]);
    assert!(!played.evidence(name).is_empty());
    (clean.seen[3].clone(), played.seen[3].clone(), played)
}

/// The keys whose values differ.
fn changed(one: &Value, other: &Value) -> Vec<String> {
    let (one, other) = (one.as_object().unwrap(), other.as_object().unwrap());
    let keys = one.keys().chain(other.keys().filter(|key| !one.contains_key(*key)));
    keys.filter(|key| one.get(*key) != other.get(*key)).cloned().collect()
}

#[tokio::test]
async fn truncate_body_ends_early_and_says_so() {
    let (clean, bent, _) = ends("truncate-body, keep: 50%").await;
    assert_eq!(bent.body(), &clean.body()[..clean.body().len() / 2]);
    assert_eq!(bent.header("content-length").unwrap(), bent.body().len().to_string());
    let (clean, bent, _) = ends("truncate-body, keep: 25%").await;
    assert_eq!(bent.body(), &clean.body()[..clean.body().len() / 4]);
    let (clean, drawn, _) = ends("truncate-body").await;
    assert!(drawn.body().len() < clean.body().len() && clean.body().starts_with(drawn.body()));
}

#[tokio::test]
async fn type_flip_changes_the_type_of_one_field() {
    let (clean, bent, _) = ends("type-flip, field: ring_time").await;
    assert_eq!(changed(&clean.json(), &bent.json()), ["ring_time"]);
    assert_eq!(bent.json()["ring_time"], clean.json()["ring_time"].to_string());
    let (clean, drawn, _) = ends("type-flip").await;
    assert_eq!(changed(&clean.json(), &drawn.json()).len(), 1);
}

#[tokio::test]
async fn missing_field_leaves_one_out() {
    let (clean, bent, _) = ends("missing-field, field: call_id").await;
    assert_eq!(changed(&clean.json(), &bent.json()), ["call_id"]);
    assert!(bent.json().get("call_id").is_none());
    let keys = |body: &Value| body.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    assert_eq!(keys(&clean.json())[1..], keys(&bent.json())[..], "the order of the others stays");
}

#[tokio::test]
async fn extra_field_adds_one() {
    let (clean, bent, _) = ends("extra-field, field: surprise, value: 惊喜").await;
    assert_eq!(changed(&clean.json(), &bent.json()), ["surprise"]);
    assert_eq!(bent.json()["surprise"], "惊喜");
}

#[tokio::test]
async fn unknown_enum_puts_a_word_that_no_list_has() {
    let (clean, bent, _) = ends("unknown-enum, field: workflow").await;
    assert_eq!(changed(&clean.json(), &bent.json()), ["workflow"]);
    assert_eq!(bent.json()["workflow"], "ringback_unknown");
    let (clean, drawn, _) = ends("unknown-enum").await;
    assert_eq!(changed(&clean.json(), &drawn.json()).len(), 1);
}

#[tokio::test]
async fn null_field_takes_a_value_away() {
    let (clean, bent, _) = ends("null-field, field: call_id").await;
    assert_eq!(changed(&clean.json(), &bent.json()), ["call_id"]);
    assert_eq!(bent.json()["call_id"], Value::Null);
}

#[tokio::test]
async fn oversize_is_as_large_as_it_says() {
    let (clean, bent, _) = ends("oversize, bytes: 3000000").await;
    assert_eq!(bent.body().len(), 3_000_000);
    assert_eq!(changed(&clean.json(), &bent.json()), ["ringback_padding"]);
}

#[tokio::test]
async fn empty_body_has_nothing_in_it() {
    let (_, bent, _) = ends("empty-body").await;
    assert_eq!((bent.body().len(), bent.header("content-length").as_deref()), (0, Some("0")));
}

#[tokio::test]
async fn wrong_content_type_names_something_else() {
    let (clean, bent, _) = ends("wrong-content-type, to: text/xml").await;
    assert_eq!(bent.header("content-type").as_deref(), Some("text/xml"));
    assert_eq!(bent.body(), clean.body());
    assert_eq!(bent.head().to_ascii_lowercase().matches("content-type").count(), 1);
}

#[tokio::test]
async fn wrong_charset_sends_gbk_under_the_label_of_utf_8() {
    let (clean, bent, _) = ends("wrong-charset").await;
    assert!(std::str::from_utf8(bent.body()).is_err());
    let (text, _, lost) = GBK.decode(bent.body());
    assert_eq!((text.as_bytes(), lost), (clean.body(), false));
    assert_eq!(bent.header("content-type"), clean.header("content-type"));
}

#[tokio::test]
async fn bom_stands_before_the_body() {
    let (clean, bent, _) = ends("bom").await;
    assert_eq!(bent.body(), [b"\xef\xbb\xbf", clean.body()].concat());
}

#[tokio::test]
async fn bad_utf8_stands_within_a_value() {
    let (clean, bent, _) = ends("bad-utf8").await;
    let place = bent.body().windows(2).position(|two| two == [0xc3, 0x28]).unwrap();
    assert_eq!([&bent.body()[..place], &bent.body()[place + 2..]].concat(), clean.body());
    assert_eq!(bent.body()[place - 1], b'"');
    assert!(std::str::from_utf8(bent.body()).is_err());
}

#[tokio::test]
async fn bad_json_is_what_pages_print() {
    let (_, comment, _) = ends("bad-json").await;
    assert!(comment.body().starts_with(b"{//1connected\n\""));
    let (_, comma, _) = ends("bad-json, style: trailing-comma").await;
    assert!(comma.body().ends_with(b",}"));
    let (_, quotes, _) = ends("bad-json, style: single-quotes").await;
    assert!(quotes.body().starts_with(b"{'call_id':'"));
    for bent in [comment, comma, quotes] {
        assert!(serde_json::from_slice::<Value>(bent.body()).is_err());
    }
}

#[tokio::test]
async fn double_encoded_is_json_within_a_text() {
    let (clean, bent, _) = ends("double-encoded").await;
    assert_eq!(bent.json().as_str().unwrap().as_bytes(), clean.body());
}

#[tokio::test]
async fn wrong_auth_breaks_the_signature_or_adds_a_wrong_token() {
    let (clean, bent, _) = ends("wrong-auth").await;
    assert_eq!(clean.header("authorization"), None);
    assert!(bent.header("authorization").unwrap().starts_with("Bearer wrong-"));

    let signed = |faults: &str| {
        let mut scenario = faulted("outbound-answered", faults);
        let sign = ringback::scenario::Sign::standard_webhooks("whsec_aGVsbG8=");
        let clock = ringback::scenario::SignClock::Scenario;
        scenario.deliver.sign = Some(ringback::scenario::Sign { clock, ..sign });
        scenario
    };
    let right = play(&signed(""), "udesk", &["200 OK"], 1, Pace::Fast).await;
    let wrong = play(&signed("  - { fault: wrong-auth }"), "udesk", &["200 OK"], 1, Pace::Fast).await;
    for (right, wrong) in right.seen.iter().zip(&wrong.seen) {
        let [one, other] = [right, wrong].map(|seen| seen.header("webhook-signature").unwrap());
        assert!(one != other && other.starts_with("v1,") && one.len() == other.len(), "{one} {other}");
        assert_eq!(right.header("webhook-id"), wrong.header("webhook-id"));
        assert_eq!(right.body(), wrong.body());
    }
}

#[tokio::test]
async fn missing_header_leaves_one_out() {
    let (clean, bent, _) = ends("missing-header").await;
    assert!(clean.header("content-type").is_some() && bent.header("content-type").is_none());
    let (clean, bent, _) = ends("missing-header, header: User-Agent").await;
    assert!(clean.header("user-agent").is_some() && bent.header("user-agent").is_none());
}

#[tokio::test]
async fn wrong_method_is_another() {
    for (word, line) in
        [("put", "PUT /hook "), ("delete", "DELETE /hook "), ("patch", "PATCH /hook "), ("get", "GET /hook ")]
    {
        let (clean, bent, _) = ends(&format!("wrong-method, to: {word}")).await;
        assert!(bent.head().starts_with(line), "{}", bent.head());
        assert_eq!(bent.body(), clean.body());
    }
}

#[tokio::test]
async fn wrong_path_goes_on() {
    let (_, bent, _) = ends("wrong-path").await;
    assert!(bent.head().starts_with("POST /hook/no-such-path HTTP/1.1\r\n"), "{}", bent.head());
}

#[tokio::test]
async fn header_case_is_small_letters() {
    let (clean, bent, _) = ends("header-case").await;
    let names = |seen: &Seen| -> Vec<String> {
        seen.head().lines().skip(1).map(|line| line.split(':').next().unwrap().to_owned()).collect()
    };
    assert!(names(&bent).iter().all(|name| *name == name.to_ascii_lowercase()), "{:?}", names(&bent));
    assert_eq!(names(&bent).len(), names(&clean).len());
    assert!(names(&clean).contains(&"Content-Type".to_owned()));
}

#[tokio::test]
async fn doc_literal_is_the_page_to_the_letter() {
    let (_, bent, _) = ends("doc-literal").await;
    assert_eq!(bent.body(), include_bytes!("../../src/vendors/udesk/samples/end.json"));
    let scenario = faulted("inbound-answered", "  - { fault: doc-literal, push: \"7moor:incomingHangup\" }");
    let played = play(&scenario, "7moor", &["200 OK"], 1, Pace::Fast).await;
    let printed = include_bytes!("../../src/vendors/moor7/printed/incomingHangup.txt");
    assert!(played.seen.iter().any(|seen| seen.body() == printed));
    // The page lacks a comma, and so does what is sent.
    assert!(serde_json::from_slice::<Value>(printed).is_err());
}
