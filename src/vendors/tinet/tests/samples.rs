//! The maps of the seed and the one real record that is public, told again from the same facts.

use super::*;

/// The second body is that of a request before: the receiver of the seed's example echoed it.
const IDLE: &str = include_str!("../samples/status-idle.json");
const BUSY: &str = include_str!("../samples/status-busy-agent.json");
/// A real record of a voice robot's call; phone numbers and ids are replaced.
const RECORD: &str = include_str!("../samples/record-predictive.json");

fn body(text: &str) -> Map<String, Value> {
    serde_json::from_str(text).unwrap()
}

fn milliseconds(length: u64) -> Step {
    Step::Wait(Span::exactly(Duration::from_millis(length)))
}

/// The call of the seed: the agent answers after 6.193 s, and is idle 3.995 s later.
fn seed() -> Story {
    let mut story = story(
        Kind::Outbound,
        vec![
            Step::Ring(ANN),
            milliseconds(6193),
            Step::Answer(ANN),
            wait(1),
            Step::Ring(CUSTOMER),
            milliseconds(2995),
            Step::Decline(CUSTOMER, None),
        ],
    );
    story.start = "2026-03-30T06:08:47+08:00".parse().unwrap();
    story.spec.customer.phone = Some("01042000229".into());
    story.spec.agents[0].number = Some("8702".into());
    story.spec.agents[0].phone = Some("01041000229".into());
    story
        .text("enterprise", "7122600")
        .text("node", "sip-33")
        .with("sequence", OptionValue::Integer(355))
        .text("content_type", "json")
}

/// The state of this action.
fn state(story: &Story, action: &str) -> Sent {
    story.sent().into_iter().find(|sent| sent.get("stateAction") == Some(action)).unwrap()
}

#[test]
fn the_seed_s_maps_are_told_again_to_the_byte() {
    // Keys, their order, and values: the order is that of a Java HashMap, which explains the seed's.
    assert_eq!(state(&seed(), "idle").push.body.bytes(), Value::Object(body(IDLE)).to_string());
    assert_eq!(state(&seed(), "busyAgentOb").push.body.bytes(), Value::Object(body(BUSY)).to_string());
}

#[test]
fn the_seed_s_maps_are_told_again_in_the_other_transports() {
    for story in [seed().text("content_type", "form"), seed().text("method", "GET")] {
        let told: Map<String, Value> =
            state(&story, "idle").params.into_iter().map(|(name, value)| (name, value.into())).collect();
        assert_eq!(told, body(IDLE));
    }
}

#[test]
fn the_real_record_is_told_again_to_the_byte() {
    let robot =
        vec![Step::Ring(CUSTOMER), wait(21), Step::Answer(CUSTOMER), menu(true), wait(295), hang_up(Party::System)];
    let mut story = story(Kind::Predictive, robot);
    story.start = "2026-04-10T20:26:35+08:00".parse().unwrap();
    story.spec.line = Some("13900000001".into());
    story.spec.customer = CustomerSpec {
        phone: Some("13800000000".into()),
        province: Some("湖南".into()),
        city: Some("长沙|湘潭|株洲".into()),
        area_code: Some("0731".into()),
        ..CustomerSpec::default()
    };
    // Custom variables, names that the platform does not know, and a constant, as that customer had configured them.
    let own = [
        ("downGrade", "downGrade"),
        ("downGradeCounts", "downGradeCounts"),
        ("biz_type", "outbound_call_finish"),
        ("callSessionId", "${callSessionId}"),
        ("userId", "${userId}"),
        ("leadsId", "${leadsId}"),
    ];
    let variable = |name: &String| match own.iter().find(|(known, _)| known == name) {
        Some((_, variable)) => Value::from(*variable),
        None => Value::from(format!("${{{name}}}")),
    };
    let mut params: Map<String, Value> = body(RECORD).keys().map(|name| (name.clone(), variable(name))).collect();
    // What that customer had configured and the call did not have.
    params.insert("cdr_cno".into(), "${cdr_cno}".into());
    params.insert("cdr_bridge_time".into(), "${cdr_bridge_time}".into());
    let story = story
        .text("enterprise", "7122600")
        .text("node", "sip-35")
        .with("sequence", OptionValue::Integer(292001))
        .text("trunk", "01012345678")
        .text("request_id", "0123456789abcdef0123456789abcdef")
        .text("sip_call_id", "11111111-2222-4333-8444-555555555555")
        .with(
            "variables",
            OptionValue::Any(serde_json::json!({"callSessionId": "demo-1", "userId": 1, "leadsId": "1"})),
        )
        .actions(&serde_json::json!([{ "type": 8, "content_type": "json", "params": params }]).to_string());
    assert_eq!(story.only("8").push.body.bytes(), Value::Object(body(RECORD)).to_string());
}
