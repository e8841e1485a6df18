//! The page's sample of `end`, told from a call with the sample's own values.

use super::*;
use serde_json::json;

const SAMPLE: &str = include_str!("../samples/end.json");

/// Where the sample contradicts itself, with why: what is told instead is consistent.
const DEFECTS: &[(&str, &str)] = &[
    ("call_start_at", "the sample's call is of 2019, this of 2022"),
    ("created_at", "the sample's call is of 2019, this of 2022"),
    ("ring_time", "17 in the sample, whose own times give 15"),
    ("relevant_agent", "the sample names demo2, who is not the call's agent"),
];

/// The account's records in the sample, which no call can know.
const RECORDS: &[&str] = &[
    "ivr_record_urls",
    "ticket_numbers",
    "lang",
    "level",
    "description",
    "organization_name",
    "owner_name",
    "owner_group_name",
    "note_id",
    "note_content",
    "customer_token",
    "customer_web_token",
    "customer_sdk_token",
    "weixin_openids",
    "note_custom_fields",
    "note_template_id",
    "note_template_name",
    "questionnaire_id",
    "questionnaire_contents",
    "agent_tags",
];

fn sample_cast() -> Cast {
    let mut cast = cast(Subject::Call(Kind::Direct));
    cast.start = "2019-07-24T15:21:40+08:00".parse().expect("a time");
    cast.line = "0211234567".into();
    cast.customer.phone = "1388888888".into();
    cast.customer.name = "测试客户18".into();
    cast.customer.province = "北京".into();
    cast.customer.city = "北京".into();
    cast.customer.blacklisted = true;
    cast.agents[ANN].name = "测试客服01".into();
    cast.agents[ANN].email = "demo@example.com".into();
    cast.tasks[0] = Task { key: "task".into(), id: 1301, name: "外呼任务1".into() };
    cast
}

fn told_and_sample() -> (Value, Value) {
    let sample: Value = serde_json::from_str(SAMPLE).expect("the sample is JSON");
    let records: serde_json::Map<String, Value> =
        RECORDS.iter().map(|name| ((*name).to_owned(), sample[*name].clone())).collect();
    let settings = settings(&[
        ("call_id", Setting::Text("8097f59e-0ba7-1111-b6c0-7f70c7a5a962".into())),
        ("conversation_id", Setting::Integer(54093)),
        ("agent_id", Setting::Integer(1941)),
        ("customer_id", Setting::Integer(1_122_333_211)),
        ("record_url", Setting::Text("http://xxxx".into())),
        ("user_group", Setting::Switch(false)),
        ("fields", Setting::Any(Value::Object(records))),
    ]);
    let start = vec![
        (0, 0, What::CallStarted),
        (0, 0, What::TaskTaken { task: 0 }),
        (1, 0, What::CustomerRinging),
        (16, 0, What::CustomerAnswered),
    ];
    let bodies = tell(&sample_cast(), &settings, joined(start, over(94, 0, Side::Agent)));
    assert_eq!(occasions(&bodies), ["customer_answer", "hangup", "end"]);
    (bodies[2].clone(), sample)
}

#[test]
fn the_sample_of_end_is_told_as_the_page_has_it() {
    let (told, sample) = told_and_sample();
    let (told, sample) = (told.as_object().expect("an object"), sample.as_object().expect("an object"));
    assert_eq!(told.keys().collect::<Vec<_>>(), sample.keys().collect::<Vec<_>>(), "keys and their order");
    for (key, value) in sample {
        let told = &told[key];
        assert_eq!(std::mem::discriminant(told), std::mem::discriminant(value), "the JSON type of {key}");
        match DEFECTS.iter().find(|(defect, _)| defect == key) {
            Some((_, why)) => assert_ne!(told, value, "{key} is no defect any more: {why}"),
            None => assert_eq!(told, value, "{key}"),
        }
    }
}

#[test]
fn what_the_sample_has_wrong_is_told_consistently() {
    let (told, _) = told_and_sample();
    assert_eq!(told["call_start_at"], "2019-07-24 15:21:40");
    assert_eq!(told["created_at"], "2019-07-24 15:21:40");
    assert_eq!(told["ring_time"], 15);
    assert_eq!(told["relevant_agent"], json!(["测试客服01"]));
}
