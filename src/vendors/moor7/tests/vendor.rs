//! What the vendor takes for an acknowledgement, when it tries again, and what it recognises.

use crate::http::{Captured, Reply};
use crate::vendors::moor7::options::{Options, RETRY_COUNT_MAX};
use crate::vendors::moor7::{Moor7, facts};
use crate::vendors::{Acknowledgement, GivenOptions, OptionKind, OptionValue, RetryPolicy, Vendor};
use std::time::Duration;

fn defaults() -> GivenOptions {
    GivenOptions::defaults(Options::facts())
}

fn captured(body: &str) -> Captured {
    Captured {
        method: "POST".into(),
        path: "/".into(),
        query: String::new(),
        headers: Vec::new(),
        body: body.to_owned().into(),
    }
}

#[test]
fn any_2xx_settles_a_push_unless_only_200_does() {
    let reply = |status| Reply { status, ..Reply::default() };
    assert_eq!(Moor7.acknowledged(&reply(204), &defaults()), Acknowledgement::Yes);
    assert_eq!(Moor7.acknowledged(&reply(302), &defaults()), Acknowledgement::No("status 302 is not 2xx".into()));
    let mut strict = defaults();
    strict.insert("success", OptionValue::Text("200".into()));
    assert_eq!(Moor7.acknowledged(&reply(204), &strict), Acknowledgement::No("status 204 is not 200".into()));
    assert_eq!(Moor7.acknowledged(&reply(200), &strict), Acknowledgement::Yes);
}

#[test]
fn nothing_is_tried_again_unless_set() {
    assert_eq!(Moor7.retry(&defaults()), RetryPolicy::none());
    let mut patient = defaults();
    patient.insert("retry_count", OptionValue::Integer(3));
    assert_eq!(Moor7.retry(&patient).waits, [Duration::from_secs(60); 3]);
    patient.insert("retry_count", OptionValue::Integer(u64::MAX));
    assert_eq!(Moor7.retry(&patient).waits.len() as u64, RETRY_COUNT_MAX);
}

#[test]
fn every_push_is_recognised_and_nothing_else() {
    for push in facts::PUSHES {
        let body = format!(r#"{{"pushType":"{}"}}"#, push.name);
        assert_eq!(Moor7.recognise(&captured(&body)), Some(push.name));
    }
    assert_eq!(Moor7.recognise(&captured(r#"{"content":{"callEvent":"link"},"uniqueId":"x"}"#)), Some("link"));
    assert_eq!(Moor7.recognise(&captured(r#"{"callEvent":"hangup"}"#)), Some("incomingHangup"));
    for other in [r#"{"pushType":"mediaFailReason"}"#, r#"{"occasion":"end"}"#, "[1]", "null", "not json", ""] {
        assert_eq!(Moor7.recognise(&captured(other)), None, "{other}");
    }
}

#[test]
fn every_choice_has_a_first_word_and_no_name_comes_twice() {
    let mut names: Vec<&str> = Options::facts().iter().map(|option| option.name).collect();
    names.sort_unstable();
    let count = names.len();
    names.dedup();
    assert_eq!(names.len(), count);
    assert!(Options::facts().iter().all(|option| !matches!(option.kind, OptionKind::Choice([]))));
}
