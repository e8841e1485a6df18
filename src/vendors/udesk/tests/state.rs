//! Which field is known in which push, and that what is known agrees with itself.

use super::*;
use crate::vendors::facts::Origin;
use serde_json::json;
use std::collections::BTreeMap;

/// `N`: null, `Y`: set, in the pushes that head the columns.
struct Table {
    kind: Kind,
    script: fn() -> Script,
    columns: &'static [&'static str],
    rows: &'static [(&'static str, &'static str)],
}

const TABLES: &[Table] = &[
    Table {
        kind: Kind::Outbound,
        script: callback,
        columns: &["agent_answer", "customer_answer", "hangup", "end"],
        rows: &[
            ("agent_ring_at agent_answer_at agent_id agent_email agent_nick_name device_info agent_tags", "YYYY"),
            ("customer_ring_at customer_answer_at ring_time", "NYYY"),
            ("agent_hangup_at drop_side call_result", "NNYY"),
            ("customer_hangup_at total_time survey record_url ticket_numbers", "NNNY"),
            ("note_id note_content note_custom_fields note_template_id note_template_name", "NNNY"),
            ("questionnaire_id questionnaire_contents", "NNNY"),
            ("queue_statue queue_time from_agent_id outline_phone_number defeat_cause ivr_time", "NNNN"),
            ("ivr_variables ivr_record_urls task_id task_name callout_tasks biz_id", "NNNN"),
            ("call_id conversation_id timestamp workflow category occasion is_leave_message dtmf", "YYYY"),
            ("nick_name mobile_area customer_phone display_number customer_id customer_token", "YYYY"),
            ("customer_web_token customer_sdk_token weixin_openids lang is_blocked level description", "YYYY"),
            ("organization_name owner_name owner_group_name queue_overflow multi_ring_count", "YYYY"),
            ("relevant_agent call_start_at created_at", "YYYY"),
            ("user_group_id user_group_name", "NNNN"),
        ],
    },
    Table {
        kind: Kind::Inbound,
        script: inbound,
        columns: &["enqueue_succ", "agent_lock", "agent_incall", "hangup", "end"],
        rows: &[
            ("customer_ring_at customer_answer_at", "YYYYY"),
            ("agent_ring_at agent_answer_at ring_time", "NNYYY"),
            ("agent_id agent_email agent_nick_name device_info agent_tags queue_statue queue_time", "NYYYY"),
            ("customer_hangup_at drop_side call_result", "NNNYY"),
            ("agent_hangup_at total_time survey record_url ticket_numbers", "NNNNY"),
            ("note_id note_content note_custom_fields note_template_id note_template_name", "NNNNY"),
            ("questionnaire_id questionnaire_contents", "NNNNY"),
            ("task_id task_name callout_tasks defeat_cause from_agent_id", "NNNNN"),
        ],
    },
    Table {
        kind: Kind::Predictive,
        script: predictive,
        columns: &["begin", "customer_answer", "enqueue_succ", "agent_lock", "agent_incall", "hangup", "end"],
        rows: &[
            ("task_id task_name", "YYYYYYY"),
            ("customer_ring_at customer_answer_at ring_time", "NYYYYYY"),
            ("agent_id agent_email agent_nick_name queue_statue queue_time", "NNNYYYY"),
            ("agent_ring_at agent_answer_at", "NNNNYYY"),
            ("agent_hangup_at drop_side call_result", "NNNNNYY"),
            ("customer_hangup_at total_time survey record_url ticket_numbers note_id", "NNNNNNY"),
            ("callout_tasks", "NNNNNNN"),
        ],
    },
];

#[test]
fn a_field_is_null_until_the_vendor_can_know_it() {
    for table in TABLES {
        let bodies = play(table.kind, &[switched_on("agent_lock")], (table.script)());
        assert_eq!(occasions(&bodies), table.columns);
        for (fields, marks) in table.rows {
            for field in fields.split(' ') {
                let told: String = bodies.iter().map(|body| if body[field].is_null() { 'N' } else { 'Y' }).collect();
                assert_eq!(told, *marks, "{field} of {:?}", table.kind);
            }
        }
    }
}

#[test]
fn the_three_formats_of_time_stand_in_one_body() {
    let bodies = play(Kind::Outbound, &[], callback());
    let end = &bodies[3];
    assert_eq!(end["customer_answer_at"], "2024-03-05T10:00:16.000+08:00");
    assert_eq!(end["timestamp"], "2024-03-05 10:01:40 +0800");
    assert_eq!(end["call_start_at"], "2024-03-05 10:00:00");
    let bodies = play(Kind::Outbound, &[("time_format", OptionValue::Text("legacy".into()))], callback());
    assert_eq!(bodies[3]["customer_answer_at"], "2024-03-05 10:00:16 +0800");
}

fn second(value: &Value) -> Option<i64> {
    value.as_str().and_then(|text| text.parse::<jiff::Timestamp>().ok()).map(jiff::Timestamp::as_second)
}

#[test]
fn ids_stay_times_run_forward_and_every_conversation_has_one_end() {
    for (kind, script) in flows::every_flow() {
        let bodies = play(kind, &[], script);
        let mut ends = BTreeMap::new();
        let mut before = String::new();
        for body in &bodies {
            assert_eq!(body["call_id"], bodies[0]["call_id"]);
            let ended = ends.entry(body["conversation_id"].to_string()).or_insert(0);
            assert_eq!(*ended, 0, "a push follows the end of its conversation");
            *ended += i32::from(body["occasion"] == "end");
            let now = body["timestamp"].as_str().expect("a text").to_owned();
            assert!(before <= now);
            before = now;
            for side in ["agent", "customer"] {
                let times: Vec<i64> = ["ring", "answer", "hangup"]
                    .iter()
                    .filter_map(|what| second(&body[format!("{side}_{what}_at")]))
                    .collect();
                assert!(times.is_sorted(), "{side}: {times:?}");
            }
            if let (Some(answer), Some(hangup)) =
                (second(&body["customer_answer_at"]), second(&body["customer_hangup_at"]))
                && body["occasion"] == "end"
            {
                assert_eq!(body["total_time"], hangup - answer);
            }
        }
        assert!(ends.values().all(|ended| *ended == 1), "{ends:?}");
    }
}

#[test]
fn parts_of_a_second_never_make_a_duration_disagree_with_its_times() {
    let cast = cast(Subject::Call(Kind::Direct));
    let script = [
        (0, What::CallStarted),
        (900, What::CustomerRinging),
        (2_100, What::CustomerAnswered),
        (9_950, What::HungUp { side: Side::Agent, cause: None }),
        (10_050, What::Released),
        (10_050, What::Ended),
    ];
    let script = script.into_iter().map(|(millisecond, what)| (millisecond, 0, what));
    let pushes = pushes(&cast, &settings(&[]), script);
    let end: Value = serde_json::from_slice(&pushes[2].body.bytes()).expect("a body is JSON");
    assert_eq!((&end["ring_time"], &end["total_time"]), (&2.into(), &8.into()));
}

#[test]
fn the_18_causes_have_the_names_of_the_page() {
    let names = [
        "关机",
        "空号",
        "停机",
        "正在通话中",
        "用户拒接",
        "无法接通",
        "暂停服务",
        "用户正忙",
        "拨号方式不正确",
        "呼入限制",
        "呼叫转移失败",
        "网络忙",
        "无人接听",
        "欠费",
        "无法接听",
        "改号",
        "线路故障",
        "稍后再拨",
    ];
    for kind in [Kind::Outbound, Kind::Direct, Kind::Predictive] {
        for (at, (cause, word)) in Cause::ALL.into_iter().enumerate() {
            let told =
                |given: &[_]| play(kind, given, unreached(kind, cause)).pop().expect("an end")["defeat_cause"].clone();
            assert_eq!(told(&[switched_on("defeat_cause")]), json!(names.get(at)), "{word}");
            assert_eq!(told(&[]), Value::Null, "{word}: not enabled");
        }
    }
}

#[test]
fn the_survey_is_told_by_name() {
    let rated = |given: &[(&'static str, OptionValue)], keys: &str| {
        let mut script = callback();
        let ended = script.len() - 1;
        let answered = [(97, 0, What::SurveyStarted), (99, 0, What::SurveyAnswered { keys: keys.into() })];
        script.splice(ended..ended, answered);
        play(Kind::Outbound, given, script)[3]["survey"].clone()
    };
    assert_eq!(
        ["5", "4", "3", "2", "1", "", "7"].map(|keys| rated(&[], keys)),
        ["非常满意", "满意", "一般", "不满意", "非常不满意", "未评价", "7"]
    );
    let names = [("survey_names", OptionValue::Any(json!({ "1": "好", "2": "差" })))];
    assert_eq!(["1", "5"].map(|keys| rated(&names, keys)), ["好", "5"]);
}

#[test]
fn a_value_set_for_a_field_appears_no_earlier_than_the_field() {
    let fields = json!({ "level": "vip", "note_id": 5, "agent_tags": ["a"], "user_group_id": 3 });
    let bodies = play(Kind::Inbound, &[("fields", OptionValue::Any(fields.clone()))], inbound());
    let column = |field: &str| bodies.iter().map(|body| body[field].clone()).collect::<Vec<_>>();
    assert_eq!(json!(column("level")), json!(["vip", "vip", "vip", "vip"]));
    assert_eq!(json!(column("note_id")), json!([null, null, null, 5]));
    assert_eq!(json!(column("agent_tags")), json!([null, ["a"], ["a"], ["a"]]));
    assert_eq!(json!(column("user_group_id")), json!([null, 3, 3, 3]));
    let without = [("fields", OptionValue::Any(fields)), ("user_group", OptionValue::Switch(false))];
    assert!(play(Kind::Inbound, &without, inbound()).iter().all(|body| body.get("user_group_id").is_none()));
}

#[test]
fn a_number_can_stand_for_the_questionnaire_and_an_unrecorded_call_has_no_recording() {
    let bodies = play(Kind::Outbound, &[("questionnaire_id", OptionValue::Text("number".into()))], callback());
    assert!(bodies[3]["questionnaire_id"].is_u64());
    let mut silent = cast(Subject::Call(Kind::Outbound));
    silent.recorded = false;
    assert_eq!(tell(&silent, &settings(&[]), callback())[3]["record_url"], Value::Null);
}

#[test]
fn what_is_generated_comes_from_the_seed_and_is_never_listed_as_the_vendors() {
    let one = play(Kind::Outbound, &[], callback());
    assert_eq!(one, play(Kind::Outbound, &[], callback()));
    let mut other = cast(Subject::Call(Kind::Outbound));
    other.keyed = Keyed::new(43, "udesk", 1);
    assert_ne!(one[0]["call_id"], tell(&other, &settings(&[]), callback())[0]["call_id"]);
    for drawn in ["call_id", "conversation_id", "agent_id", "customer_id", "record_url", "survey_names"] {
        let fact = Udesk.options().iter().find(|fact| fact.name == drawn).expect("a setting");
        assert_eq!(fact.origin, Origin::Inferred, "{drawn}");
    }
}
