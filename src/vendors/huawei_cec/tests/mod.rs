//! A stage on which Huawei CEC tells scripts, for the tests beside it.

mod answers;
mod calls;
mod chats;
mod samples;

use super::HuaweiCec;
use crate::call::{
    self, AgentSpec, CallState, Cast, CastSpec, Channel, CustomerSpec, Kind, Locale, Party, QueueSpec, Span, Step,
    Subject,
};
use crate::http::Push;
use crate::random::Keyed;
use crate::vendors::{GivenOptions, OptionValue, Vendor};
use jiff::Timestamp;
use serde_json::Value;
use std::time::Duration;

const CHAT: Subject = Subject::Chat(Channel::Web);
const CALL: Subject = Subject::Call(Kind::Outbound);
const ANN: usize = 0;
const BOB: usize = 1;

/// The instant of the page's first samples, in milliseconds since 1970.
const START_MS: i64 = 1_625_898_453_913;

fn spec(subject: Subject) -> CastSpec {
    let agent = |key: &str, name: &str| AgentSpec {
        key: key.into(),
        name: Some(name.into()),
        phone: Some("13900000001".into()),
        ..AgentSpec::default()
    };
    CastSpec {
        line: Some("02100000000".into()),
        customer: CustomerSpec { phone: Some("13800000000".into()), ..CustomerSpec::default() },
        agents: vec![agent("ann", "安"), agent("bob", "博")],
        queues: vec![QueueSpec { key: "sales".into(), ..QueueSpec::default() }],
        ..CastSpec::new(subject)
    }
}

fn settings(given: &[(&'static str, OptionValue)]) -> GivenOptions {
    let mut settings = GivenOptions::defaults(HuaweiCec.options());
    for (name, value) in given {
        settings.insert(name, value.clone());
    }
    settings
}

fn text(text: &str) -> OptionValue {
    OptionValue::Text(text.into())
}

fn cast(subject: Subject, recorded: bool) -> Cast {
    let start = Timestamp::from_millisecond(START_MS).expect("an instant");
    Cast::draw(&spec(subject), Locale::ZhCn, start, Keyed::new(42, "huawei", 1), recorded)
}

/// Plays a script and returns the pushes in order.
fn tell(subject: Subject, given: &[(&'static str, OptionValue)], script: &[Step]) -> Vec<Push> {
    let cast = cast(subject, script.contains(&Step::Record));
    let timeline = call::play(&spec(subject), script, &cast.keyed).expect("a script that can happen");
    let mut teller = HuaweiCec.teller(&cast, &settings(given)).unwrap_or_else(|bad| panic!("{bad:?}"));
    let mut state = CallState::new(subject);
    let mut pushes = Vec::new();
    for happening in &timeline.happenings {
        state.apply(happening);
        teller.tell(happening, &state, &mut pushes);
    }
    pushes
}

fn body(push: &Push) -> Value {
    serde_json::from_slice(&push.body.bytes()).expect("a body is JSON")
}

/// Every message of every push, in order.
fn messages(pushes: &[Push]) -> Vec<Value> {
    pushes.iter().flat_map(|push| body(push)["messages"].as_array().cloned().expect("messages")).collect()
}

fn wait(seconds: u64) -> Step {
    Step::Wait(Span::exactly(Duration::from_secs(seconds)))
}

fn answer(agent: usize) -> Step {
    Step::Answer(Party::Agent(agent))
}
