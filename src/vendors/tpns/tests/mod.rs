//! The records that TPNS keeps: the page's sample, every status, every target, and what is refused.

use super::Tpns;
use crate::call::{
    self, Audience, CallState, Cast, CastSpec, Channel, Environment, Kind, Locale, MessageType, NotificationEvent,
    NotificationSpec, Platform, Sending, Source, Span, Step, Subject,
};
use crate::random::Keyed;
use crate::vendors::{GivenOptions, OptionValue, Record, Vendor};
use serde_json::{Map, Value, json};
use std::time::Duration;

fn spec(subject: Subject, tasks: &[NotificationSpec]) -> CastSpec {
    CastSpec { notifications: tasks.to_vec(), ..CastSpec::new(subject) }
}

fn settings(given: &[(&'static str, OptionValue)]) -> GivenOptions {
    let mut settings = GivenOptions::defaults(Tpns.options());
    for (name, value) in given {
        settings.insert(name, value.clone());
    }
    settings
}

/// Plays a script that starts at 11:20:00, and returns the records as they are made and changed.
fn kept(tasks: &[NotificationSpec], given: &[(&'static str, OptionValue)], script: &[Step]) -> Vec<Record> {
    let spec = spec(Subject::Notification, tasks);
    let start = "2019-11-18T11:20:00+08:00".parse().expect("a time");
    let cast = Cast::draw(&spec, Locale::ZhCn, start, Keyed::new(42, "tpns", 1), false);
    let timeline = call::play(&spec, script, &cast.keyed).unwrap_or_else(|wrong| panic!("{wrong:?}"));
    let mut teller = Tpns.teller(&cast, &settings(given)).unwrap_or_else(|bad| panic!("{bad:?}"));
    let mut state = CallState::new(cast.subject);
    let (mut pushes, mut records) = (Vec::new(), Vec::new());
    for happening in &timeline.happenings {
        state.apply(happening);
        teller.tell(happening, &state, &mut pushes);
        teller.record(happening, &state, &mut records);
    }
    assert!(pushes.is_empty(), "nothing is pushed");
    records
}

fn step(event: NotificationEvent) -> Step {
    Step::Notification { task: 0, event }
}

fn wait(seconds: u64) -> Step {
    Step::Wait(Span::exactly(Duration::from_secs(seconds)))
}

/// Made, scheduled after a minute, pushed after five more and 54 seconds.
fn started() -> Vec<Step> {
    vec![
        step(NotificationEvent::Created),
        wait(60),
        step(NotificationEvent::Scheduled),
        wait(354),
        step(NotificationEvent::Started),
    ]
}

/// The record of one task that was pushed to its end.
fn record(task: NotificationSpec, given: &[(&'static str, OptionValue)]) -> Value {
    let mut script = started();
    script.extend([wait(30), step(NotificationEvent::Finished)]);
    kept(&[task], given, &script).pop().expect("a record").content.to_json()
}

fn task(audience: Audience) -> NotificationSpec {
    NotificationSpec { key: "spring".into(), audience, ..NotificationSpec::default() }
}

#[test]
fn the_sample_of_the_page_is_reproduced() {
    let sample: Map<String, Value> = serde_json::from_str(include_str!("../samples/record.json")).expect("JSON");
    let task = NotificationSpec {
        id: Some("12".into()),
        title: Some("测试标题".into()),
        content: Some("测试日志".into()),
        sending: Sending { multi_package: true, ..Sending::default() },
        ..task(Audience::All)
    };
    let Value::Object(mut told) = record(task, &[]) else { panic!("an object") };
    for newer in ["createTime", "xgMediaAudioResources", "collapseID"] {
        assert!(told.shift_remove(newer).is_some(), "{newer}");
    }
    assert_eq!(Value::Object(told).to_string(), Value::Object(sample).to_string());
}

#[test]
fn the_record_changes_with_the_status_and_goes_by_the_moment_of_the_push() {
    use NotificationEvent::{Cancelled, Collapsed, Created, Deleted, Failed, Finished, Revoked, Scheduled};
    let waiting = || vec![step(Created), step(Scheduled)];
    for (mut script, end, status) in [
        (vec![], Created, "PUSH_INIT"),
        (vec![step(Created)], Scheduled, "PUSH_WAIT"),
        (waiting(), NotificationEvent::Started, "PUSH_STARTED"),
        (started(), Finished, "PUSH_FINISHED"),
        (started(), Failed, "PUSH_FAILED"),
        (waiting(), Cancelled, "PUSH_CANCELED"),
        (waiting(), Deleted, "PUSH_DELETED"),
        (started(), Revoked, "PUSH_REVOKED"),
        (started(), Collapsed, "PUSH_COLLAPSED"),
        (started(), Deleted, "PUSH_DELETED_PUSH_MSG"),
    ] {
        script.push(step(end));
        let records = kept(&[task(Audience::All)], &[], &script);
        assert_eq!(records.last().map(|record| record.content.to_json()["status"].clone()), Some(status.into()));
        assert!(records.iter().all(|record| record.id == records[0].id));
    }
    let records = kept(&[task(Audience::All)], &[], &started());
    let dates: Vec<_> = records.iter().map(|record| record.content.to_json()["date"].clone()).collect();
    assert_eq!(dates, ["2019-11-18 11:20:00", "2019-11-18 11:20:00", "2019-11-18 11:26:54"]);
    for record in &records {
        assert_eq!(record.content.to_json()["createTime"], 1_574_047_200);
        let at = record.at.to_zoned(jiff::tz::TimeZone::fixed(jiff::tz::offset(8)));
        assert_eq!(record.content.to_json()["date"], at.strftime("%Y-%m-%d %H:%M:%S").to_string());
    }
}

#[test]
fn each_target_fills_its_own_fields_and_no_other() {
    let devices = vec!["a1".to_owned(), "b2".to_owned()];
    for (audience, push_type, targets, tags, upload) in [
        (Audience::All, "all", json!(null), json!(null), 0),
        (Audience::Tokens(devices.clone()), "token_list", json!(["a1", "b2"]), json!(null), 0),
        (Audience::Accounts(devices.clone()), "account_list", json!(["a1", "b2"]), json!(null), 0),
        (Audience::Package(17), "package_account_push", json!(null), json!(null), 17),
        (
            Audience::Tags { tags: vec!["test68".into()], all: false },
            "tag",
            json!(null),
            json!({"op": "OR", "tagWithType": [{"tagTypeName": "xg_user_define", "tagValue": "test68"}]}),
            0,
        ),
    ] {
        let told = record(task(audience), &[]);
        assert_eq!((&told["pushType"], &told["targetList"]), (&push_type.into(), &targets));
        assert_eq!((&told["tagSet"].to_string(), &told["uploadId"]), (&tags.to_string(), &upload.into()));
    }
    let all = record(task(Audience::Tags { tags: Vec::new(), all: true }), &[]);
    assert_eq!(all["tagSet"]["op"], "AND");
}

#[test]
fn phones_are_told_apart_and_parameters_are_text() {
    let sending = Sending {
        platform: Platform::Ios,
        message_type: MessageType::Message,
        environment: Environment::Dev,
        source: Source::Web,
        expires: Duration::from_secs(60),
        collapse_id: 7,
        custom: vec![("order".into(), "8021".into())],
        ..Sending::default()
    };
    let given = [("ios", OptionValue::Any(json!({"badge_type": 5, "category": "INVITE_CATEGORY"})))];
    let told = record(NotificationSpec { sending, ..task(Audience::All) }, &given);
    let config = &told["pushConfig"];
    assert!(config["android"].is_null() && config["iot"].is_null());
    assert_eq!((&config["ios"]["aps"]["badge_type"], &config["ios"]["aps"]["sound"]), (&5.into(), &"default".into()));
    assert_eq!(config["ios"]["custom_content"], r#"{"order":"8021"}"#);
    let others = ["messageType", "environment", "source", "expireTime", "collapseID", "multiPkg"].map(|key| &told[key]);
    assert_eq!(others, [&json!("message"), &json!("dev"), &json!("web"), &json!(60), &json!(7), &json!(false)]);
    let given = [("android", OptionValue::Any(json!({"ring": 0})))];
    assert_eq!(record(task(Audience::All), &given)["pushConfig"]["android"]["ring"], 0);
}

#[test]
fn records_go_by_the_application_only_where_one_is_set() {
    let account =
        |given: &[(&'static str, OptionValue)]| kept(&[task(Audience::All)], given, &started())[0].account.clone();
    assert_eq!(account(&[]), "");
    assert_eq!(account(&[("access_id", OptionValue::Text("1500001048".into()))]), "1500001048");
}

#[test]
fn it_tells_notifications_only() {
    for (subject, possible) in [
        (Subject::Notification, true),
        (Subject::Call(Kind::Inbound), false),
        (Subject::Shift, false),
        (Subject::Chat(Channel::Web), false),
    ] {
        let cast =
            Cast::draw(&spec(subject, &[]), Locale::ZhCn, jiff::Timestamp::UNIX_EPOCH, Keyed::new(1, "tpns", 1), false);
        assert_eq!(Tpns.can_tell(&cast).is_ok(), possible, "{subject:?}");
    }
}

#[test]
fn impossible_settings_are_refused_by_name() {
    for (name, value) in [
        ("access_id", OptionValue::Text("app-1".into())),
        ("media", OptionValue::Text("x".repeat(3000))),
        ("android", OptionValue::Any(json!({"rings": 1}))),
        ("ios", OptionValue::Any(json!([1]))),
    ] {
        let cast = Cast::draw(
            &spec(Subject::Notification, &[]),
            Locale::ZhCn,
            jiff::Timestamp::UNIX_EPOCH,
            Keyed::new(1, "tpns", 1),
            false,
        );
        let refused = Tpns.teller(&cast, &settings(&[(name, value)])).err().expect("it is impossible");
        assert_eq!(refused.option, name);
        assert!(!refused.reason.is_empty());
    }
}
