//! The six sample messages of the page, reproduced: same keys, same order, same types, same values.

use super::*;
use crate::call::{Afterwards, Content, Speaker};

/// The message that is like the sample, as text: the order of keys counts.
fn reproduced(sample: &str, given: &[(&'static str, OptionValue)], script: &[Step], nth: usize) {
    let mut given = given.to_vec();
    given.extend([("channel_id", text("202105284494222653")), ("customer_id", text("44444444"))]);
    let sample: Value = serde_json::from_str(sample).expect("a sample is JSON");
    let told = messages(&tell(CHAT, &given, script)).remove(nth);
    assert_eq!(told.to_string(), sample.to_string());
}

/// From the first samples to the later ones.
fn later() -> Step {
    Step::Wait(Span::exactly(Duration::from_millis(418_048)))
}

fn disconnect(by: Speaker, afterwards: Afterwards) -> [Step; 4] {
    [Step::Enqueue(None), answer(ANN), later(), Step::Disconnect { by, afterwards }]
}

#[test]
fn queuing_and_connected() {
    let script =
        [Step::Enqueue(None), answer(ANN), Step::Disconnect { by: Speaker::Customer, afterwards: Afterwards::Closed }];
    reproduced(include_str!("../samples/queuing.json"), &[], &script, 0);
    reproduced(include_str!("../samples/connected.json"), &[], &script, 1);
}

#[test]
fn disconnect_because_of_agent() {
    let script = disconnect(Speaker::Agent(ANN), Afterwards::Closed);
    reproduced(include_str!("../samples/disconnect-agent.json"), &[], &script, 2);
}

#[test]
fn disconnect_because_of_timeout() {
    let script = disconnect(Speaker::System, Afterwards::Closed);
    reproduced(include_str!("../samples/disconnect-timeout.json"), &[], &script, 2);
    let tip = Some("{TIPS}".to_owned());
    let script = disconnect(Speaker::System, Afterwards::Open { tip });
    reproduced(include_str!("../samples/disconnect-timeout-async.json"), &[], &script, 2);
    let script = disconnect(Speaker::System, Afterwards::Open { tip: None });
    let given = [("timeout_tip", text("{TIPS}"))];
    reproduced(include_str!("../samples/disconnect-timeout-async.json"), &given, &script, 2);
}

#[test]
fn read() {
    let say = || Step::Say(Some(Speaker::Customer), Content::Text("你好".into()));
    let script = [
        say(),
        Step::Enqueue(None),
        say(),
        answer(ANN),
        later(),
        Step::Read(ANN, None),
        Step::Disconnect { by: Speaker::Agent(ANN), afterwards: Afterwards::Closed },
    ];
    let ids = ["messageId1", "messageId2"].map(str::to_owned).to_vec();
    reproduced(include_str!("../samples/read.json"), &[("message_ids", OptionValue::List(ids))], &script, 2);
}

#[test]
fn the_request_around_them() {
    let script = disconnect(Speaker::Agent(ANN), Afterwards::Closed);
    let pushes = tell(CHAT, &[("token", text("e******************************e"))], &script);
    let headers = [("Authorization", "Bearer e******************************e"), ("Content-Type", "application/json")];
    assert_eq!(pushes[0].headers.written(), headers.map(|(name, value)| (name.to_owned(), value.to_owned())));
    assert_eq!((pushes[0].method.as_str(), &*pushes[0].path), ("POST", "/webhooks/v1/messages"));
    let body = body(&pushes[0]);
    assert_eq!(body.as_object().expect("an object").keys().collect::<Vec<_>>(), ["timestamp", "messages"]);
    assert_eq!(body["timestamp"], START_MS);
}
