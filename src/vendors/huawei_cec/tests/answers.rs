//! What settles a push, and what is refused.

use super::*;
use crate::http::Reply;
use crate::vendors::Acknowledgement;

fn judged(push: &str, status: u16, answer: &str, given: &[(&'static str, OptionValue)]) -> Acknowledgement {
    let reply = Reply { status, body: answer.to_owned().into(), ..Reply::default() };
    HuaweiCec.acknowledged_push(push, &reply, &settings(given))
}

#[test]
fn only_200_and_a_result_code_of_0_settle_a_message() {
    assert_eq!(judged("CHAT", 200, r#"{"resultCode":"0","resultDesc":"success."}"#, &[]), Acknowledgement::Yes);
    assert_eq!(judged("READ", 200, r#"{"resultCode":"0"}"#, &[]), Acknowledgement::Yes);
    for (status, answer, told) in [
        (204, "", "status 204 is not 200"),
        (201, r#"{"resultCode":"0"}"#, "status 201 is not 200"),
        (500, r#"{"resultCode":"0"}"#, "status 500 is not 200"),
        (200, "", "the body is empty"),
        (200, " \r\n", "the body is empty"),
        (200, "ok", "the body is not JSON"),
        (200, "{}", "the body has no `resultCode`"),
        (200, r#"{"retCode":"0"}"#, "the body has no `resultCode`"),
        (200, "[]", "the body has no `resultCode`"),
        (200, r#"{"resultCode":"1"}"#, "`resultCode` is \"1\", not \"0\""),
        (200, r#"{"resultCode":null}"#, "`resultCode` is null, not \"0\""),
        (200, r#"{"resultCode":"00"}"#, "`resultCode` is \"00\", not \"0\""),
        (200, r#"{"resultCode":5}"#, "`resultCode` is 5, not \"0\""),
    ] {
        let Acknowledgement::No(reason) = judged("CHAT", status, answer, &[]) else { panic!("{status} {answer}") };
        assert!(reason.starts_with(told), "{reason}");
    }
}

#[test]
fn a_number_is_taken_with_a_warning_or_refused() {
    let answer = r#"{"resultCode":0}"#;
    assert!(
        matches!(judged("CHAT", 200, answer, &[]), Acknowledgement::YesBut(warning) if warning.contains("number 0"))
    );
    let refuse = [("numeric_result_code", text("refuse"))];
    assert!(matches!(judged("CHAT", 200, answer, &refuse), Acknowledgement::No(_)));
    assert_eq!(judged("CHAT", 201, answer, &[]), Acknowledgement::No("status 201 is not 200".into()));
}

#[test]
fn callbacks_of_calls_have_another_key() {
    assert_eq!(judged("callRelease", 200, r#"{"retCode":"0","retMsg":"success"}"#, &[]), Acknowledgement::Yes);
    assert!(matches!(judged("callConnect", 200, r#"{"resultCode":"0"}"#, &[]), Acknowledgement::No(_)));
}

#[test]
fn its_own_thanks_settle_every_push() {
    for push in HuaweiCec.pushes() {
        let (status, _, answer) = HuaweiCec.thanks_for(push.name);
        assert_eq!(judged(push.name, status, answer, &[]), Acknowledgement::Yes, "{}", push.name);
    }
}

#[test]
fn it_tells_chats_and_calls_that_the_platform_dials() {
    let told = |subject| HuaweiCec.can_tell(&cast(subject, false)).is_ok();
    for (kind, word) in Kind::ALL {
        assert_eq!(told(Subject::Call(kind)), kind == Kind::Outbound, "{word}");
    }
    for (subject, possible) in [
        (CHAT, true),
        (Subject::Chat(Channel::Whatsapp), true),
        (Subject::Shift, false),
        (Subject::Notification, false),
    ] {
        assert_eq!(told(subject), possible, "{subject:?}");
    }
}

#[test]
fn retries_have_to_be_enabled() {
    assert!(HuaweiCec.retry(&settings(&[])).waits.is_empty());
    let policy = HuaweiCec.retry(&settings(&[("retry_count", OptionValue::Integer(2))]));
    assert_eq!(policy.waits, [Duration::from_secs(60); 2]);
}

#[test]
fn impossible_settings_are_refused_by_name() {
    let long = |count| text(&"x".repeat(count));
    for (name, value) in [
        ("channel_id", text("")),
        ("customer_id", long(25)),
        ("token", text("a\r\nX: y")),
        ("token", text("令牌")),
        ("push_key", long(42)),
        ("push_key", text(&"-".repeat(43))),
        ("queuing_text", long(3000)),
        ("message_ids", OptionValue::List(vec!["a,b".into()])),
        ("message_ids", OptionValue::List(vec!["x".repeat(33)])),
        ("batch", OptionValue::Integer(0)),
        ("batch", OptionValue::Integer(101)),
        ("retry_count", OptionValue::Integer(101)),
        ("content_type", text("a\nb")),
    ] {
        let cast = cast(CHAT, false);
        let refused = HuaweiCec.teller(&cast, &settings(&[(name, value)])).err().expect("it is impossible");
        assert_eq!(refused.option, name);
        assert!(!refused.reason.is_empty());
    }
}
