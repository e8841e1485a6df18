//! A stage on which Udesk tells hand-made happenings, and the flows that the tests play on it.

mod flows;
mod protocol;
mod state;

use super::Udesk;
use crate::call::{
    Advanced, Agent, CallState, Cast, Cause, Customer, Happening, Kind, Moment, NumberKind, Outcome, Outsider, Party,
    Queue, Settled, Settling, Side, Subject, Task, What,
};
use crate::http::Push;
use crate::random::Keyed;
use crate::vendors::{GivenOptions, OptionValue, Vendor};
use serde_json::Value;
use std::time::Duration;

/// A second of the scenario, a conversation, and what happens.
type Script = Vec<(u64, usize, What)>;

const ANN: usize = 0;
const BOB: usize = 1;
const SUP: usize = 2;

fn text(text: &str) -> Settled {
    Settled { text: text.into(), by: Settling::Given }
}

fn cast(subject: Subject) -> Cast {
    let agent = |key: &str, name: &str, number: &str| Agent {
        key: key.into(),
        number: text(number),
        name: text(name),
        phone: text("13900000001"),
        number_kind: NumberKind::Mobile,
        email: text(&format!("{key}@example.com")),
        province: text("北京"),
        city: text("北京"),
        area_code: text("010"),
    };
    Cast {
        subject,
        label: "3f2a".into(),
        start: "2024-03-05T10:00:00+08:00".parse().expect("a time"),
        keyed: Keyed::new(42, "udesk", 1),
        line: text("02100000000"),
        customer: Customer {
            phone: text("13800000000"),
            number_kind: NumberKind::Mobile,
            name: text("客户甲"),
            company: text("示例公司"),
            province: text("浙江"),
            city: text("杭州"),
            area_code: text("0571"),
            postcode: text(""),
            blacklisted: false,
        },
        agents: vec![agent("ann", "安", "2001"), agent("bob", "博", "2002"), agent("sup", "组长", "2003")],
        outsiders: vec![Outsider { key: "boss".into(), phone: text("13700000000") }],
        queues: vec![Queue { key: "queue".into(), number: text("1"), name: text("队列") }],
        tasks: vec![Task { key: "task".into(), id: text("7"), name: text("任务") }],
        notifications: Vec::new(),
        recorded: true,
    }
}

fn settings(given: &[(&'static str, OptionValue)]) -> GivenOptions {
    let mut settings = GivenOptions::defaults(Udesk.options());
    for (name, value) in given {
        settings.insert(name, value.clone());
    }
    settings
}

/// The pushes of a script, in order; the time of a happening is in milliseconds.
fn pushes(cast: &Cast, settings: &GivenOptions, script: impl IntoIterator<Item = (u64, usize, What)>) -> Vec<Push> {
    let mut state = CallState::new(cast.subject);
    let mut teller = Udesk.teller(cast, settings).expect("the settings are possible");
    let mut pushes = Vec::new();
    for (millisecond, conversation, what) in script {
        let happening = Happening { at: Moment::at(Duration::from_millis(millisecond)), conversation, what };
        state.apply(&happening);
        teller.tell(&happening, &state, &mut pushes);
    }
    pushes
}

/// Tells a script and returns the bodies in order.
fn tell(cast: &Cast, settings: &GivenOptions, script: Script) -> Vec<Value> {
    let script = script.into_iter().map(|(second, conversation, what)| (second * 1000, conversation, what));
    let body = |push: Push| serde_json::from_slice::<Value>(&push.body.bytes()).expect("a body is JSON");
    pushes(cast, settings, script).into_iter().map(body).collect()
}

fn play(kind: Kind, given: &[(&'static str, OptionValue)], script: Script) -> Vec<Value> {
    tell(&cast(Subject::Call(kind)), &settings(given), script)
}

fn occasions(bodies: &[Value]) -> Vec<&str> {
    bodies.iter().filter_map(|body| body["occasion"].as_str()).collect()
}

fn over(second: u64, conversation: usize, side: Side) -> Script {
    vec![
        (second, conversation, What::HungUp { side, cause: None }),
        (second + 3, conversation, What::Released),
        (second + 3, conversation, What::Ended),
    ]
}

fn joined(mut one: Script, other: Script) -> Script {
    one.extend(other);
    one
}

/// The agent's and the customer's leg, 81 seconds of talk; the agent hangs up.
fn callback() -> Script {
    let start = vec![
        (0, 0, What::CallStarted),
        (0, 0, What::AgentRinging { agent: ANN }),
        (5, 0, What::AgentAnswered { agent: ANN }),
        (6, 0, What::CustomerRinging),
        (16, 0, What::CustomerAnswered),
    ];
    joined(start, over(97, 0, Side::Agent))
}

/// The customer's leg fails.
fn unreached(kind: Kind, cause: Cause) -> Script {
    let mut script = vec![(0, 0, What::CallStarted)];
    if kind == Kind::Outbound {
        script.push((0, 0, What::AgentRinging { agent: ANN }));
        script.push((5, 0, What::AgentAnswered { agent: ANN }));
    }
    script.extend([
        (6, 0, What::CustomerRinging),
        (16, 0, What::CustomerMissed(cause)),
        (16, 0, What::HungUp { side: Side::Customer, cause: Some(cause) }),
        (16, 0, What::Released),
        (16, 0, What::Ended),
    ]);
    script
}

/// Up to the talk with ann, through a queue.
fn served() -> Script {
    vec![
        (0, 0, What::CallStarted),
        (8, 0, What::Queued { queue: None }),
        (10, 0, What::AgentLocked { agent: ANN }),
        (10, 0, What::AgentRinging { agent: ANN }),
        (15, 0, What::AgentAnswered { agent: ANN }),
    ]
}

/// A queued customer is served by ann and hangs up.
fn inbound() -> Script {
    joined(served(), over(60, 0, Side::Customer))
}

/// Ann does not answer, bob does.
fn multi_ring() -> Script {
    let mut script = served();
    script.truncate(4);
    script.extend([
        (20, 0, What::AgentMissed { agent: ANN, cause: None }),
        (21, 0, What::AgentLocked { agent: BOB }),
        (22, 0, What::AgentRinging { agent: BOB }),
        (25, 0, What::AgentAnswered { agent: BOB }),
    ]);
    joined(script, over(60, 0, Side::Customer))
}

/// An automatic call that reaches its customer and then ann.
fn predictive() -> Script {
    let mut script = vec![
        (0, 0, What::CallStarted),
        (0, 0, What::TaskTaken { task: 0 }),
        (1, 0, What::CustomerRinging),
        (7, 0, What::CustomerAnswered),
    ];
    script.extend(served().into_iter().skip(1));
    joined(script, over(60, 0, Side::Agent))
}

/// An advanced operation in a call that ann took from the queue.
fn advanced(kind: Advanced, with: Party, outcome: Outcome) -> Script {
    let mut script = served();
    let grown = (outcome == Outcome::Succeeded).then_some(1);
    script.push((20, 0, What::AdvancedStarted { kind, with }));
    script.push((26, 0, What::AdvancedEnded { kind, with, outcome, grown }));
    if grown.is_none() {
        return joined(script, over(60, 0, Side::Customer));
    }
    let hands_on = matches!(kind, Advanced::Transfer | Advanced::Intercept);
    if hands_on {
        script.extend([
            (26, 0, What::HungUp { side: Side::Agent, cause: None }),
            (26, 0, What::Released),
            (26, 0, What::Ended),
        ]);
    }
    script.push((26, 1, What::Joined { kind, from: 0, with, rang_at: Moment::at(Duration::from_secs(20)) }));
    script.extend(over(60, 1, Side::Customer));
    if hands_on { script } else { joined(script, over(70, 0, Side::Customer)) }
}

const KINDS: [Advanced; 7] = [
    Advanced::Transfer,
    Advanced::Consult,
    Advanced::Conference,
    Advanced::Listen,
    Advanced::Whisper,
    Advanced::Barge,
    Advanced::Intercept,
];

fn switched_on(name: &'static str) -> (&'static str, OptionValue) {
    (name, OptionValue::Switch(true))
}
