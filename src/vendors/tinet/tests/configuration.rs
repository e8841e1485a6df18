//! What a customer of the vendor can configure: push actions, the three transports, success and retries.

use super::*;
use crate::http::Reply;
use crate::vendors::{Acknowledgement, RetryPolicy};

/// A call of which the tests look at the bridge (type 6) and the record (type 8).
fn call() -> Story {
    every_flow().remove(0).1.text("enterprise", "7122600").text("param_order", "fixed")
}

fn settings(given: &[(&'static str, OptionValue)]) -> GivenOptions {
    let mut settings = GivenOptions::defaults(Options::facts());
    for (name, value) in given {
        settings.insert(name, value.clone());
    }
    settings
}

#[test]
fn the_three_transports_are_exact() {
    let mut shift =
        on(Subject::Shift, vec![Step::Login(0, LoginDevice::Phone), wait(1), Step::Logout(0, LogoutKind::Normal)])
            .text("enterprise", "7122600")
            .text("param_order", "fixed");
    shift.start = "2026-03-30T06:08:57.188+08:00".parse().unwrap();
    shift.spec.agents[0].number = Some("8702".into());
    shift.spec.agents[0].phone = Some("01041000229".into());
    let target = "http://127.0.0.1:9000/tinet?src=cc".parse().unwrap();
    let first = |story: Story| story.sent().remove(0).push;
    let encoded = "event=status&enterpriseId=7122600&cno=8702&bindTel=01041000229&bindType=1\
                   &state=%E7%A9%BA%E9%97%B2&stateAction=idle&loginStatus=1&deviceStatus=0\
                   &timeInMillis=1774822137188&time=1774822137&src=cc";

    let get = first(shift.clone().text("method", "GET").text("content_type", "json"));
    assert_eq!(get.address(&target).to_string(), format!("http://127.0.0.1:9000/tinet?{encoded}"));
    assert_eq!((get.method, get.body_at(&target).len(), get.headers.iter().count()), (Method::Get, 0, 0));

    let form = first(shift.clone());
    assert_eq!(form.address(&target).to_string(), "http://127.0.0.1:9000/tinet");
    assert_eq!(form.body_at(&target), encoded);
    assert_eq!(form.headers, vec![("Content-Type", "application/x-www-form-urlencoded; charset=UTF-8")].into());

    let json = first(shift.clone().text("content_type", "json"));
    assert_eq!(json.address(&target).to_string(), "http://127.0.0.1:9000/tinet");
    assert_eq!(
        json.body_at(&target),
        r#"{"event":"status","enterpriseId":"7122600","cno":"8702","bindTel":"01041000229","bindType":"1","state":"空闲","stateAction":"idle","loginStatus":"1","deviceStatus":"0","timeInMillis":"1774822137188","time":"1774822137","src":"cc"}"#
    );
    assert_eq!(json.headers, vec![("Content-Type", "application/json;charset=UTF-8")].into());

    let kept = first(shift.with("merge_url_query", OptionValue::Switch(false)));
    assert_eq!(kept.address(&target).to_string(), "http://127.0.0.1:9000/tinet?src=cc");
    assert_eq!(kept.body_at(&target), encoded.trim_end_matches("&src=cc"));
}

#[test]
fn only_the_configured_actions_fire_and_all_of_one_type() {
    let story = call().actions(
        r#"[
            { "type": 6, "name": "接通", "url": "http://127.0.0.1:9/a?src=cc&bare", "method": "GET", "timeout": 3, "retry": 0 },
            { "type": "6", "content_type": "json", "delay": "15m", "headers": { "X-Key": "k", "content-type": "text/json" },
              "params": { "id": "mainUniqueId", "kind": "bridge", "odd": "downGrade", "none": "${nothing}", "type": "${cdr_call_type}" } },
            { "type": 6, "active": false },
            { "type": 8, "timeout": "1m30s", "retry": 2, "params": { "id": "${cdr_main_unique_id}", "bare": "cdr_status", "none": "${nothing}" } }
        ]"#,
    );
    let sent = story.sent();
    assert_eq!(sent.iter().map(|sent| sent.push.name).collect::<Vec<_>>(), ["6", "8", "6"]);
    let main = sent[0].get("mainUniqueId").unwrap();

    let first = &sent[0].push;
    assert_eq!(first.address(&"http://127.0.0.1:9/hook".parse().unwrap()).path(), "/a");
    assert!(first.body.query().ends_with("&src=cc&bare=") && first.to.as_ref().unwrap().query().is_none());
    assert_eq!((first.timeout, first.waits.clone()), (Some(Duration::from_secs(3)), Some(Vec::new())));

    // A name that is not known travels as itself; a variable without a value is empty while the channel lives.
    let json = format!(r#"{{"id":"{main}","kind":"bridge","odd":"downGrade","none":"","type":"4"}}"#);
    assert_eq!(sent[2].push.body.bytes(), json);
    assert_eq!(sent[2].push.after, Duration::from_secs(900));
    assert_eq!(sent[2].push.headers, vec![("X-Key", "k"), ("content-type", "text/json")].into());
    assert_eq!((sent[2].push.timeout, sent[2].push.waits.clone()), (None, None));

    // After the call a variable without a value is left out, and a name without `${}` is only a name.
    assert_eq!(sent[1].push.body.bytes(), format!("id={main}&bare=cdr_status"));
    assert_eq!(sent[1].push.waits, Some(vec![Duration::from_secs(5), Duration::from_secs(10)]));
    assert_eq!(sent[1].push.timeout, Some(Duration::from_secs(90)));
}

#[test]
fn type_13_always_has_a_tag() {
    let story = every_flow().into_iter().find(|(name, _)| *name == "menu only").unwrap().1;
    let story = story.text("http_interaction", "menu").text("tag", "vip").text("param_order", "fixed");
    let with =
        |params: &str| story.clone().actions(&format!(r#"[{{"type": 13, "params": {params}}}]"#)).only("13").params;
    assert_eq!(with(r#"{"a": 1}"#), [("a".to_owned(), "1".to_owned()), ("tag".to_owned(), "vip".to_owned())]);
    assert_eq!(with(r#"{"tag": "own"}"#), [("tag".to_owned(), "own".to_owned())]);
}

#[test]
fn a_menu_s_variables_can_be_referred_to() {
    let mut story = every_flow().into_iter().find(|(name, _)| *name == "menu only").unwrap().1;
    story.script[0] = Step::Ivr { name: None, variables: vec![("member".into(), "gold".into())], recorded: false };
    let story = story.actions(r#"[{"type": 7, "params": {"level": "${member}"}}]"#);
    assert_eq!(story.only("7").push.body.bytes(), "level=gold");
}

#[test]
fn a_drawn_order_is_the_same_for_the_same_seed() {
    let story = call().text("param_order", "random");
    let names = |story: &Story| story.only("8").params.into_iter().map(|(name, _)| name).collect::<Vec<_>>();
    let fixed = names(&call());
    assert_eq!(names(&story), names(&story));
    assert_ne!(names(&story), fixed);
    let mut sorted = (names(&story), fixed);
    sorted.0.sort();
    sorted.1.sort();
    assert_eq!(sorted.0, sorted.1);
}

#[test]
fn states_can_have_other_names() {
    let told = call()
        .with("state_actions", OptionValue::Any(serde_json::json!({"ACW": "wrapup", "calling": "invite"})))
        .flow();
    assert!(told.starts_with("A.invite 3") && told.ends_with("A.busyOb A.wrapup 17 8 12 A.idle"), "{told}");
}

#[test]
fn a_wrong_setting_is_named_with_its_reason() {
    let cases: &[(&'static str, OptionValue, &str)] = &[
        ("actions", OptionValue::Any(serde_json::json!({"type": 9})), "it is a list of push actions"),
        ("actions", OptionValue::Any(serde_json::json!([9])), "entry 1: it is a map"),
        (
            "actions",
            OptionValue::Any(serde_json::json!([{"type": 9}, {"url": "http://127.0.0.1"}])),
            "entry 2: missing field `type`",
        ),
        (
            "actions",
            OptionValue::Any(serde_json::json!([{"type": 30}])),
            "entry 1 (type 30): there is no push type `30`; types are the numbers 1 to 29",
        ),
        ("actions", OptionValue::Any(serde_json::json!([{"type": [1]}])), "entry 1: there is no push type ``"),
        (
            "actions",
            OptionValue::Any(serde_json::json!([{"type": 9, "urls": "x"}])),
            "entry 1 (type 9): unknown field `urls`, expected one of",
        ),
        (
            "actions",
            OptionValue::Any(serde_json::json!([{"type": 9, "url": "ftp://127.0.0.1/"}])),
            "`url` is `ftp://127.0.0.1/`",
        ),
        ("actions", OptionValue::Any(serde_json::json!([{"type": 9, "url": "hook"}])), "it is an address such as"),
        (
            "actions",
            OptionValue::Any(serde_json::json!([{"type": 9, "method": "PUT"}])),
            "`method` is `PUT`; it is GET or POST",
        ),
        ("actions", OptionValue::Any(serde_json::json!([{"type": 9, "content_type": "xml"}])), "it is form or json"),
        ("actions", OptionValue::Any(serde_json::json!([{"type": 9, "timeout": 0}])), "`timeout` is 0"),
        (
            "actions",
            OptionValue::Any(serde_json::json!([{"type": 9, "timeout": "3 s"}])),
            "`timeout`: `3 s` is not a length of time",
        ),
        (
            "actions",
            OptionValue::Any(serde_json::json!([{"type": 9, "retry": 4}])),
            "`retry` is 4; it is a number from 0 to 3",
        ),
        ("actions", OptionValue::Any(serde_json::json!([{"type": 9, "retry": -1}])), "`retry` is -1"),
        (
            "actions",
            OptionValue::Any(serde_json::json!([{"type": 9, "delay": 901}])),
            "`delay` is 901; it is a length of time up to 900 s",
        ),
        ("actions", OptionValue::Any(serde_json::json!([{"type": 9, "delay": "-1s"}])), "negative"),
        (
            "actions",
            OptionValue::Any(serde_json::json!([{"type": 9, "headers": {"X Y": "1"}}])),
            "`X Y` is not the name of a header",
        ),
        (
            "actions",
            OptionValue::Any(serde_json::json!([{"type": 9, "headers": {"Host": "x"}}])),
            "belongs to the connection",
        ),
        ("actions", OptionValue::Any(serde_json::json!([{"type": 9, "headers": {"X": "a\r\nb"}}])), "printable ASCII"),
        (
            "actions",
            OptionValue::Any(serde_json::json!([{"type": 9, "params": {"a": ["b"]}}])),
            "`params.a` is a list or a map",
        ),
        ("actions", OptionValue::Any(serde_json::json!([{"type": 9, "params": "a"}])), "invalid type"),
        ("actions", OptionValue::Any(vec![serde_json::json!({"type": 9}); 201].into()), "201 entries; at most 200"),
        ("variables", OptionValue::Any(serde_json::json!(["a"])), "it is a map of names to texts"),
        ("variables", OptionValue::Any(serde_json::json!({"a": {}})), "`a` is a list or a map"),
        (
            "state_actions",
            OptionValue::Any(serde_json::json!({"acw": "x"})),
            "there is no action `acw`; there are idle,",
        ),
        ("retry", OptionValue::Integer(4), "at most 3"),
        ("delay", OptionValue::Duration(Duration::from_secs(901)), "at most 15m"),
        ("timeout", OptionValue::Duration(Duration::ZERO), "it is 0"),
        ("success", OptionValue::Text("body_contains".into()), "needs the text"),
        ("enterprise", OptionValue::Text("71x".into()), "a number such as 7122600"),
        ("node", OptionValue::Text("sip 33".into()), "such as sip-33"),
        ("sequence", OptionValue::Integer(u64::MAX), "at most"),
        ("user_agent", OptionValue::Text("天润".into()), "printable ASCII"),
        ("profile", OptionValue::Text("2020".into()), "one of current, 2019, 2016"),
    ];
    for (name, value, reason) in cases {
        let BadOption { option, reason: told } = call().with(name, value.clone()).try_sent().unwrap_err();
        assert!(told.contains(reason), "{name}: {told}");
        assert!(option == *name || option == "success_text", "{option}");
    }
}

#[test]
fn success_is_200_unless_configured_otherwise() {
    let judged = |status, body: &'static str, given: &[(&'static str, OptionValue)]| {
        let reply = Reply { status, body: body.into(), ..Reply::default() };
        Tinet.acknowledged(&reply, &settings(given))
    };
    let rule = |word: &str| ("success", OptionValue::Text(word.into()));
    assert_eq!(judged(200, "", &[]), Acknowledgement::Yes);
    assert_eq!(judged(201, "", &[]), Acknowledgement::No("status 201 is not 200".into()));
    assert_eq!(judged(201, "", &[rule("status_2xx")]), Acknowledgement::Yes);
    assert_eq!(judged(302, "", &[rule("status_2xx")]), Acknowledgement::No("status 302 is not 2xx".into()));
    let text = [rule("body_contains"), ("success_text", OptionValue::Text("success".into()))];
    assert_eq!(judged(200, r#"{"result":"success"}"#, &text), Acknowledgement::Yes);
    assert_eq!(judged(200, "ok", &text), Acknowledgement::No("the body does not contain \"success\"".into()));
}

#[test]
fn further_attempts_wait_longer_each_time() {
    let waits = |given: &[(&'static str, OptionValue)]| Tinet.retry(&settings(given)).waits;
    assert_eq!(waits(&[]), [5, 10, 15].map(Duration::from_secs));
    assert_eq!(waits(&[("retry", OptionValue::Integer(0))]), RetryPolicy::none().waits);
    let minute = OptionValue::Duration(Duration::from_secs(60));
    assert_eq!(
        waits(&[("retry", OptionValue::Integer(2)), ("retry_interval", minute)]),
        [60, 120].map(Duration::from_secs)
    );
    assert_eq!(Tinet.timeout(&settings(&[])), Duration::from_secs(3));
}

#[test]
fn what_is_no_push_of_this_vendor_is_not_recognised() {
    let captured = |body: &'static str| Captured {
        method: "POST".into(),
        path: "/".into(),
        query: String::new(),
        headers: Vec::new(),
        body: body.into(),
    };
    for other in [
        r#"{"pushType":"link"}"#,
        r#"{"occasion":"end","call_id":1}"#,
        "[1]",
        "null",
        "",
        "a=b",
        "{",
        r#"{"event":"status"}"#,
        "\u{1}",
    ] {
        assert_eq!(Tinet.recognise(&captured(other)), None, "{other}");
    }
}
