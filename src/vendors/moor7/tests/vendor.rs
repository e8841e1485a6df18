//! What the vendor takes for an acknowledgement, when it tries again, and what it recognises.

use crate::http::{Captured, Reply};
use crate::vendors::moor7::{Moor7, facts};
use crate::vendors::{Acknowledgement, RetryPolicy, Setting, SettingKind, Settings, Vendor};
use std::time::Duration;

fn settings() -> Settings {
    Settings::defaults(facts::SETTINGS)
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
    assert_eq!(Moor7.acknowledged(&reply(204), &settings()), Acknowledgement::Yes);
    assert_eq!(Moor7.acknowledged(&reply(302), &settings()), Acknowledgement::No("status 302 is not 2xx".into()));
    let mut strict = settings();
    strict.insert("success", Setting::Text("200".into()));
    assert_eq!(Moor7.acknowledged(&reply(204), &strict), Acknowledgement::No("status 204 is not 200".into()));
    assert_eq!(Moor7.acknowledged(&reply(200), &strict), Acknowledgement::Yes);
}

#[test]
fn nothing_is_tried_again_unless_set() {
    assert_eq!(Moor7.retry(&settings()), RetryPolicy::none());
    let mut patient = settings();
    patient.insert("retry_count", Setting::Integer(3));
    assert_eq!(Moor7.retry(&patient).waits, [Duration::from_secs(60); 3]);
    patient.insert("retry_count", Setting::Integer(u64::MAX));
    assert_eq!(Moor7.retry(&patient).waits.len() as u64, facts::RETRY_COUNT_MAX);
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
    let mut names: Vec<&str> = facts::SETTINGS.iter().map(|setting| setting.name).collect();
    names.sort_unstable();
    let count = names.len();
    names.dedup();
    assert_eq!(names.len(), count);
    assert!(facts::SETTINGS.iter().all(|setting| !matches!(setting.kind, SettingKind::Choice([]))));
}
