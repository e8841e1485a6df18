//! get_push_record on the wire: pages, filters, dates, codes, signatures, the quota; and records on their way from a plan.

use crate::support::served;
use crate::support::wire;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ring::hmac;
use ringback::clock::Pace;
use ringback::event::RunEvent;
use ringback::journal::Journal;
use ringback::plan::{Plan, PlannedRecord};
use ringback::report::Report;
use ringback::vendors::Record;
use serde_json::{Value, json};
use served::{Answer, Asked, Client, Served, instant, recorded};
use std::path::Path;
use std::time::Duration;

const TARGET: &str = "/v3/statistics/get_push_record";

/// The record of the page's sample, with what the table adds.
fn sample() -> Value {
    json!({
        "collapseID": 7, "createTime": 1574047614, "xgMediaAudioResources": "", "internal": "not shown",
        "date": "2019-11-18 11:26:54", "pushId": "12", "title": "测试标题", "content": "测试日志",
        "status": "PUSH_FINISHED", "pushType": "all", "targetList": null, "tagSet": null, "uploadId": 0, "groupId": "",
        "expireTime": 43200, "messageType": "notify", "xgMediaResources": "", "environment": "product",
        "pushConfig": {
            "android": {
                "n_id": 0, "builder_id": 0, "ring": 1, "ring_raw": "", "vibrate": 1, "lights": 1, "clearable": 1,
                "icon_type": 0, "icon_res": "", "style_id": 0, "small_icon": "",
                "action": {"action_type": 3, "activity": "", "aty_attr": null, "browser": null, "intent": ""},
                "custom_content": ""
            },
            "ios": null, "iot": null
        },
        "multiPkg": true, "source": "api"
    })
}

/// 250 tasks, one every two hours and a half up to 2026-04-23 in Beijing; kinds and targets take turns.
fn tasks(path: &Path) {
    let mut journal = Journal::open(path).unwrap();
    let last = instant("2026-04-23T03:00:00Z");
    for number in 0..250i64 {
        let at = last - jiff::SignedDuration::from_mins(150 * (249 - number));
        let mut record = sample();
        record["pushId"] = (589_840_000 + number).to_string().into();
        record["messageType"] = if number % 2 == 0 { "notify" } else { "message" }.into();
        record["pushType"] =
            ["all", "tag", "token_list", "account_list", "package_account_push"][number as usize % 5].into();
        let id = record["pushId"].as_str().unwrap().to_owned();
        journal.event(&recorded(&id, &at.to_string(), record)).unwrap();
    }
}

async fn ask(client: &mut Client, body: Value) -> Value {
    let answer = client.ask("POST", TARGET, &[("Content-Type", "application/json")], body.to_string().as_bytes()).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    answer.json
}

fn days(more: Value) -> Value {
    let mut body = json!({"startDate": "2026-03-23", "endDate": "2026-04-23"});
    for (name, value) in more.as_object().unwrap() {
        body[name] = value.clone();
    }
    body
}

fn ids(answer: &Value) -> Vec<u64> {
    let rows = answer["pushRecordData"].as_array().unwrap();
    rows.iter().map(|row| row["pushId"].as_str().unwrap().parse::<u64>().unwrap() - 589_840_000).collect()
}

const FREE: &[&str] = &["tpns.calls_per_hour=0"];

#[tokio::test]
async fn a_record_has_the_fields_and_the_order_of_the_sample() {
    let fill = |path: &Path| {
        let mut journal = Journal::open(path).unwrap();
        journal.event(&recorded("12", "2019-11-18T03:26:54Z", sample())).unwrap();
        journal.event(&recorded("13", "2019-11-18T03:26:53Z", json!({"pushId": "13"}))).unwrap();
    };
    let now = Some("2019-11-20T04:00:00Z");
    let served = Served::with(Asked { now, ..Asked::default() }, fill).await;
    let body = json!({"limit": 50, "startDate": "2019-11-01", "endDate": "2019-12-01", "msgType": "notify", "pushType": "all", "offset": 0});
    let answer = ask(&mut served.client().await, body.clone()).await;
    let mut shown = sample();
    for name in ["collapseID", "createTime", "xgMediaAudioResources", "internal"] {
        shown.as_object_mut().unwrap().shift_remove(name);
    }
    let whole = json!({"retCode": 0, "errMsg": "NO_ERROR", "count": 1, "pushRecordData": [shown]});
    assert_eq!(answer.to_string(), whole.to_string());

    // What a task says nothing of has the sample's empty value, so that clients find every key.
    let one = ask(&mut served.client().await, json!({"pushId": "13"})).await;
    assert_eq!(one["pushRecordData"][0]["pushConfig"].to_string(), r#"{"android":null,"ios":null,"iot":null}"#);

    let later = Served::with(Asked { now, options: &["tpns.profile=2025"], ..Asked::default() }, fill).await;
    let answer = ask(&mut later.client().await, body).await;
    let keys: Vec<_> = answer["pushRecordData"][0].as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(keys[16..], ["source", "createTime", "xgMediaAudioResources", "collapseID"]);
}

#[tokio::test]
async fn pages_join_and_the_count_is_of_all() {
    let served = Served::with(Asked { options: FREE, ..Asked::default() }, tasks).await;
    let client = &mut served.client().await;
    let first = ask(client, days(json!({}))).await;
    assert_eq!((first["count"].as_u64(), ids(&first).len()), (Some(250), 200));
    let second = ask(client, days(json!({"offset": 200, "limit": 200}))).await;
    assert_eq!(second["count"], 250);
    let all: Vec<_> = ids(&first).into_iter().chain(ids(&second)).collect();
    assert_eq!(all, (0..250).rev().collect::<Vec<_>>());
    let beyond = ask(client, days(json!({"offset": 250}))).await;
    assert_eq!((beyond["count"].as_u64(), beyond["pushRecordData"].to_string()), (Some(250), "[]".into()));
    assert_eq!(ids(&ask(client, days(json!({"limit": 0}))).await), Vec::<u64>::new());
    assert_eq!(ids(&ask(client, days(json!({"limit": 1, "offset": u64::MAX}))).await), Vec::<u64>::new());
}

#[tokio::test]
async fn every_filter_selects() {
    let served = Served::with(Asked { options: FREE, ..Asked::default() }, tasks).await;
    let client = &mut served.client().await;
    for (more, count) in [
        (json!({"msgType": "notify"}), 125),
        (json!({"msgType": "message", "pushType": null}), 125),
        (json!({"pushType": "all"}), 50),
        (json!({"pushType": "tag"}), 50),
        (json!({"pushType": "token"}), 50),
        (json!({"pushType": "account", "msgType": "notify"}), 25),
        // 2026-04-23 begins at 16:00 of the day before by UTC: tasks at 11:00, 08:30, 06:00, 03:30 and 01:00.
        (json!({"startDate": "2026-04-23"}), 5),
        (json!({"startDate": "2026-04-22", "endDate": "2026-04-22"}), 10),
        (json!({"endDate": "2026-03-27"}), 0),
        (json!({"endDate": "2099-01-01", "unknown": [1]}), 250),
    ] {
        assert_eq!(ask(client, days(more.clone())).await["count"], count, "{more}");
    }
    let one = ask(client, json!({"pushId": "589840007"})).await;
    assert_eq!((ids(&one), one.get("count")), (vec![7], None));
    assert_eq!(ids(&ask(client, json!({"pushId": 589840007})).await), [7]);
}

#[tokio::test]
async fn a_mistake_gets_its_code_and_never_500() {
    let served = Served::with(Asked { options: FREE, ..Asked::default() }, tasks).await;
    let client = &mut served.client().await;
    let mut cases: Vec<(String, u32, &str)> = [
        (json!({}), 1_008_002, "missing parameter"),
        (json!({"startDate": "2026-04-01"}), 1_008_002, "missing parameter"),
        (json!({"startDate": null, "endDate": "2026-04-01"}), 1_008_002, "missing parameter"),
        (json!({"pushId": "1"}), 1_008_015, "push id not exist"),
        (json!({"pushId": ""}), 1_008_007, "invalid parameter"),
        (json!({"pushId": 1.5}), 1_008_001, "parameter parse error"),
        (json!({"pushId": [1]}), 1_008_001, "parameter parse error"),
        (days(json!({"startDate": "2026-4-1"})), 1_008_016, "date param format error"),
        (days(json!({"startDate": "2026-04-31"})), 1_008_016, "date param format error"),
        (days(json!({"endDate": "20260401"})), 1_008_016, "date param format error"),
        (days(json!({"endDate": ""})), 1_008_016, "date param format error"),
        (days(json!({"startDate": 20260401})), 1_008_001, "parameter parse error"),
        (days(json!({"startDate": "2026-03-22"})), 1_008_007, "invalid parameter"),
        (days(json!({"startDate": "2026-04-02", "endDate": "2026-04-01"})), 1_008_007, "invalid parameter"),
        (days(json!({"msgType": "notification"})), 1_008_007, "invalid parameter"),
        (days(json!({"pushType": "token_list"})), 1_008_007, "invalid parameter"),
        (days(json!({"msgType": 1})), 1_008_001, "parameter parse error"),
        (days(json!({"limit": 201})), 1_008_007, "invalid parameter"),
        (days(json!({"limit": -1})), 1_008_007, "invalid parameter"),
        (days(json!({"offset": -1})), 1_008_007, "invalid parameter"),
        (days(json!({"limit": "50"})), 1_008_001, "parameter parse error"),
        (days(json!({"offset": 1.0})), 1_008_001, "parameter parse error"),
        (days(json!({"offset": true})), 1_008_001, "parameter parse error"),
        (json!([]), 1_008_001, "parameter parse error"),
        (json!("text"), 1_008_001, "parameter parse error"),
    ]
    .map(|(body, code, told)| (body.to_string(), code, told))
    .to_vec();
    let deep = "[".repeat(100_000);
    for broken in ["", "{", "{\"startDate\":", "startDate=2026-04-01", "\u{feff}{}", "{'a':1}", &deep] {
        cases.push((broken.to_owned(), 1_008_001, "parameter parse error"));
    }
    for (body, code, told) in cases {
        let answer = client.ask("POST", TARGET, &[], body.as_bytes()).await;
        let expected = format!(r#"{{"retCode":{code},"errMsg":"{told}"}}"#);
        let shown: String = body.chars().take(80).collect();
        assert_eq!((answer.status, answer.text.as_str()), (200, expected.as_str()), "{shown}");
    }
    let not_utf8 = client.ask("POST", TARGET, &[], b"{\"startDate\":\"\xff\"}").await;
    assert_eq!(not_utf8.json["retCode"], 1_008_001);
    let get = client.ask("GET", TARGET, &[], b"").await;
    assert_eq!((get.status, get.json["retCode"].as_u64()), (405, Some(1_008_007)));
    let long = vec![b' '; ringback::serve::BODY_MAX_BYTES + 1];
    let answer = served.client().await.ask("POST", TARGET, &[], &long).await;
    assert_eq!((answer.status, answer.json["retCode"].as_u64()), (413, Some(1_008_001)));
}

#[tokio::test]
async fn options_choose_the_other_reading_where_the_pages_differ() {
    let options = &[
        "tpns.strict_required=true",
        "tpns.limit_beyond=clamp",
        "tpns.lenient_dates=true",
        "tpns.http_status=by_error",
    ];
    let served = Served::with(Asked { options, ..Asked::default() }, tasks).await;
    let client = &mut served.client().await;
    let answer = client.ask("POST", TARGET, &[], days(json!({"msgType": "notify"})).to_string().as_bytes()).await;
    assert_eq!((answer.status, answer.json["retCode"].as_u64()), (400, Some(1_008_002)));
    let kinds = json!({"msgType": "notify", "pushType": "all", "limit": 1000});
    assert_eq!(ask(client, kinds).await["count"], 25);
}

const KEY: &str = "1500001048:1452fcebae9f3115ba794fb0fff2fd73";

async fn signed(client: &mut Client, secret: &str, body: &str) -> Answer {
    let time_stamp = "1565314789";
    let key = hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes());
    let hash = hmac::sign(&key, format!("{time_stamp}1500001048{body}").as_bytes());
    let text: String = hash.as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
    let headers = [("AccessId", "1500001048"), ("TimeStamp", time_stamp), ("Sign", &STANDARD.encode(text))];
    client.ask("POST", TARGET, &headers, body.as_bytes()).await
}

#[tokio::test]
async fn with_a_key_only_its_owner_is_answered() {
    let asked = Asked { access_keys: &[KEY], options: &["tpns.calls_per_hour=4"], ..Asked::default() };
    let served = Served::with(asked, tasks).await;
    let client = &mut served.client().await;
    // Spaces are part of what is signed.
    let body = r#"{ "startDate": "2026-03-23",  "endDate": "2026-04-23" }"#;
    let secret = KEY.split_once(':').unwrap().1;
    assert_eq!(signed(client, secret, body).await.json["count"], 250);
    let basic = format!("Basic {}", STANDARD.encode(KEY));
    assert_eq!(client.ask("POST", TARGET, &[("Authorization", &basic)], body.as_bytes()).await.json["count"], 250);
    let refused = r#"{"retCode":1008003,"errMsg":"auth failure"}"#;
    assert_eq!(signed(client, "other", body).await.text, refused);
    assert_eq!(client.ask("POST", TARGET, &[], body.as_bytes()).await.text, refused);
    assert_eq!(client.ask("POST", TARGET, &[("AccessId", "1500001048")], body.as_bytes()).await.text, refused);
    // Only calls of the owner counted so far: two of four are left, whatever they ask.
    assert_eq!(signed(client, secret, "{}").await.json["retCode"], 1_008_002);
    assert_eq!(signed(client, secret, body).await.json["retCode"], 0);
    let spent = signed(client, secret, body).await;
    assert_eq!((spent.status, spent.text.as_str()), (200, r#"{"retCode":1008028,"errMsg":"request too fast"}"#));
}

#[tokio::test]
async fn two_hundred_calls_an_hour_are_allowed_to_each_caller() {
    let served = Served::with(Asked::default(), tasks).await;
    let client = &mut served.client().await;
    let body = days(json!({"limit": 1})).to_string();
    for caller in ["1500001048", "1500001049"] {
        let mut codes = Vec::new();
        for _ in 0..201 {
            let answer = client.ask("POST", TARGET, &[("AccessId", caller)], body.as_bytes()).await;
            codes.push(answer.json["retCode"].as_u64().unwrap());
        }
        assert!(codes[..200].iter().all(|code| *code == 0) && codes[200] == 1_008_028);
    }
}

#[tokio::test]
async fn records_are_told_when_they_are_made_whether_or_not_anything_is_sent() {
    let record = |offset: u64, id: &str| PlannedRecord {
        offset: Duration::from_secs(offset),
        why: String::new(),
        record: Record {
            account: String::new(),
            id: id.into(),
            at: instant(served::START),
            content: json!({"pushId": id}).into(),
        },
    };
    let silent =
        Plan { records: vec![record(0, "a"), record(3600, "b")], ..wire::plan(&[wire::closed_port().await], vec![]) };
    let (events, _) = wire::played(&silent).await;
    assert_eq!(wire::told(&events), ["record a at 0ns", "record b at 3600s"]);

    let target = wire::server(|mut stream, _| async move {
        use tokio::io::AsyncWriteExt;
        while !wire::request(&mut stream).await.is_empty() {
            stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n").await.unwrap();
        }
    })
    .await;
    let pushes = vec![wire::push(1, 1, 1), wire::push(2, 1, 3)];
    let plan = Plan { records: vec![record(1, "a"), record(2, "b"), record(9, "c")], ..wire::plan(&[target], pushes) };
    for pace in [Pace::Fast, Pace::Times(100.0)] {
        let (events, _) = wire::played_at(&plan, pace).await;
        let order: Vec<_> = events
            .iter()
            .filter_map(|event| match event {
                RunEvent::Recorded { id, .. } => Some(id.clone()),
                RunEvent::Attempted { delivery, .. } => Some(delivery.number.to_string()),
                _ => None,
            })
            .collect();
        assert_eq!(order, ["a", "1", "b", "2", "c"], "{pace}");
    }
}
