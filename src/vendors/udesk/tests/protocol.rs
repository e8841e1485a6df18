//! What settles a push, when it is tried again, what is recognised, and what is refused.

use super::*;
use crate::http::{Captured, Reply};
use crate::vendors::Acknowledgement;
use serde_json::json;

fn reply(status: u16) -> Reply {
    Reply { status, body: "not json".into(), ..Reply::default() }
}

#[test]
fn the_status_alone_settles_a_push() {
    let strict = settings(&[("success", OptionValue::Text("200".into()))]);
    assert_eq!(Udesk.acknowledged(&reply(204), &settings(&[])), Acknowledgement::Yes);
    assert_eq!(Udesk.acknowledged(&reply(204), &strict), Acknowledgement::No("status 204 is not 200".into()));
    assert_eq!(Udesk.acknowledged(&reply(500), &settings(&[])), Acknowledgement::No("status 500 is not 2xx".into()));
}

#[test]
fn retries_have_to_be_enabled() {
    assert!(Udesk.retry(&settings(&[])).waits.is_empty());
    let policy = Udesk.retry(&settings(&[switched_on("retry")]));
    assert_eq!(policy.waits, [Duration::from_secs(60); 3]);
    assert_eq!(Udesk.timeout(&settings(&[])), Duration::from_secs(5));
}

#[test]
fn a_push_is_recognised_by_its_occasion() {
    let captured = |body: &str| Captured {
        method: "POST".into(),
        path: "/".into(),
        query: String::new(),
        headers: Vec::new(),
        body: body.to_owned().into(),
    };
    assert_eq!(Udesk.recognise(&captured(r#"{"conversation_id":1,"occasion":"end_info","x":[]}"#)), Some("end_info"));
    for other in [r#"{"occasion":"end"}"#, r#"{"conversation_id":1,"occasion":"x"}"#, "[1]", "{", ""] {
        assert_eq!(Udesk.recognise(&captured(other)), None, "{other}");
    }
}

#[test]
fn there_are_no_pushes_for_a_shift_or_a_web_call() {
    let told = |subject| Udesk.can_tell(&cast(subject));
    assert_eq!(told(Subject::Call(Kind::Webcall)), Err("Udesk documents no web call".into()));
    assert_eq!(told(Subject::Shift), Err("Udesk pushes calls only, no agent's working day".into()));
    for (kind, word) in Kind::ALL {
        assert_eq!(told(Subject::Call(kind)).is_ok(), kind != Kind::Webcall, "{word}");
    }
    assert_eq!(play(Kind::Webcall, &[], inbound()), [] as [Value; 0]);
}

#[test]
fn impossible_settings_are_refused_by_name() {
    let cases = [
        ("timeout", OptionValue::Duration(Duration::ZERO)),
        ("retry_count", OptionValue::Integer(101)),
        ("content_type", OptionValue::Text("a\r\nX: y".into())),
        ("call_id", OptionValue::Text(String::new())),
        ("conversation_id", OptionValue::Integer(u64::MAX)),
        ("agent_id", OptionValue::Integer(0)),
        ("fields", OptionValue::Any(json!({ "nope": 1 }))),
        ("survey_names", OptionValue::Any(json!({ "1": 2 }))),
    ];
    for (name, value) in cases {
        let cast = cast(Subject::Call(Kind::Outbound));
        let refused = Udesk.teller(&cast, &settings(&[(name, value)])).err().expect("it is impossible");
        assert_eq!(refused.option, name);
        assert!(!refused.reason.is_empty());
    }
}

#[test]
fn the_headers_say_what_is_set() {
    let cast = cast(Subject::Call(Kind::Outbound));
    let settings = settings(&[("content_type", OptionValue::Text("application/json;charset=utf8".into()))]);
    let pushes = pushes(&cast, &settings, callback());
    assert_eq!(pushes[0].headers, vec![("Content-Type", "application/json;charset=utf8")].into());
    assert_eq!((pushes[0].method.as_str(), &*pushes[0].path), ("POST", ""));
}
