//! The vendors' own pages, told again: a scenario with the page's numbers, ids and start gives the page's samples.

use ringback::plan::{Circumstances, Plan, Targets};
use ringback::scenario::{self, Scenario};
use ringback::vendors;
use serde_json::Value;

/// A key whose value is not the page's, and why.
type Defect = (&'static str, &'static str);

fn page(name: &str, text: &str) -> Scenario {
    scenario::parse(name, name, text, &|_| None).unwrap_or_else(|wrong| panic!("{}", wrong.render(false)))
}

fn bodies(scenario: &Scenario, vendor: &str, start: &str) -> Vec<(String, Value)> {
    let circumstances = Circumstances {
        seed: 1,
        start: start.parse().expect("a time"),
        call_number: 1,
        targets: Targets::OrElse("http://127.0.0.1:9/".parse().expect("an address")),
        overrides: Vec::new(),
        allowed_hosts: Vec::new(),
    };
    let vendor = vendors::find(vendor).expect("a vendor of this name");
    let plan = Plan::build(scenario, vendor, &circumstances).unwrap_or_else(|problem| panic!("{problem}"));
    let json = |body: &[u8]| serde_json::from_slice(body).expect("a body of JSON");
    plan.deliveries.iter().map(|delivery| (delivery.push.clone(), json(&delivery.request.body.bytes()))).collect()
}

/// Same keys in the same order, same JSON types, same values save for the defects.
fn assert_same(told: &Value, sample: &str, defects: &[Defect]) {
    let sample: Value = serde_json::from_str(sample).expect("a sample of JSON");
    let (told, sample) = (told.as_object().expect("an object"), sample.as_object().expect("an object"));
    assert_eq!(told.keys().collect::<Vec<_>>(), sample.keys().collect::<Vec<_>>());
    for (key, value) in sample {
        assert_eq!(std::mem::discriminant(&told[key]), std::mem::discriminant(value), "the JSON type of {key}");
        match defects.iter().find(|(defect, _)| defect == key) {
            Some((_, why)) => assert_ne!(&told[key], value, "{key} is as on the page, so no defect: {why}"),
            None => assert_eq!(&told[key], value, "{key}"),
        }
    }
}

#[test]
fn the_call_of_7moor_s_page_is_told_as_printed() {
    const EVENT: Defect = ("eventUniqueId", "every push draws its own");
    let told = bodies(
        &page("7moor-outbound", include_str!("pages/7moor-outbound.yaml")),
        "7moor",
        "2021-05-08T14:39:32+08:00",
    );
    let find = |push: &str, event: Option<&str>| {
        let found =
            told.iter().find(|(name, body)| name == push && event.is_none_or(|event| body["callEvent"] == event));
        &found.unwrap_or_else(|| panic!("no {push}")).1
    };
    macro_rules! sample {
        ($name:literal) => {
            include_str!(concat!("../src/vendors/moor7/samples/", $name, ".json"))
        };
    }
    assert_same(find("7moor:callStatus", Some("calling")), sample!("callStatus-calling"), &[EVENT]);
    assert_same(find("7moor:dialoutRing", None), sample!("dialoutRing"), &[EVENT]);
    assert_same(find("7moor:callStatus", Some("link")), sample!("callStatus-link"), &[EVENT]);
    assert_same(find("7moor:dialoutHangup", None), sample!("dialoutHangup"), &[EVENT]);
    assert_same(find("7moor:callStatus", Some("hangup")), sample!("callStatus-hangup"), &[EVENT]);
    assert_same(find("7moor:cdr", None), sample!("cdr"), &[EVENT]);

    // The page's link is of another call, so its values are compared where this call has the same ones.
    let link = find("7moor:link", None);
    let sample: Value = serde_json::from_str(sample!("link")).expect("a sample of JSON");
    let keys = |value: &Value| value.as_object().expect("an object").keys().cloned().collect::<Vec<_>>();
    assert_eq!((keys(link), keys(&link["content"])), (keys(&sample), keys(&sample["content"])));
    for same in ["callEvent", "callType", "extras", "trunkNumber"] {
        assert_eq!(link["content"][same], sample["content"][same]);
    }
    assert_eq!(link["content"]["superUniqueId"], "403344537650466816");
}

#[test]
fn the_end_on_udesk_s_page_is_told_as_printed() {
    let sample = include_str!("../src/vendors/udesk/samples/end.json");
    let mut scenario = page("udesk-direct", include_str!("pages/udesk-direct.yaml"));
    // The account's records about the customer, which no call can know.
    let mut records: Value = serde_json::from_str(sample).expect("a sample of JSON");
    let records_of_the_call = [
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
    records.as_object_mut().expect("an object").retain(|key, _| records_of_the_call.contains(&key.as_str()));
    let settings = scenario.options.get_mut("udesk").expect("options for Udesk");
    settings.insert("fields", vendors::OptionValue::Any(records));

    let told = bodies(&scenario, "udesk", "2019-07-24T15:21:40+08:00");
    let names: Vec<_> = told.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["udesk:customer_answer", "udesk:hangup", "udesk:end"]);
    assert_same(
        &told[2].1,
        sample,
        &[
            ("call_start_at", "the call is of 2019, this of 2022"),
            ("created_at", "the call is of 2019, this of 2022"),
            ("ring_time", "17 on the page, whose own times give 15"),
            ("relevant_agent", "the page names demo2, who is not the call's agent"),
        ],
    );
    // What the page has wrong is told consistently.
    assert_eq!(told[2].1["call_start_at"], "2019-07-24 15:21:40");
    assert_eq!(told[2].1["ring_time"], 15);
    assert_eq!(told[2].1["relevant_agent"], serde_json::json!(["测试客服01"]));
}
