//! A stage on which Udesk tells hand-made happenings, and the flows that the tests play on it.

mod flows;
mod protocol;
mod state;

use super::Udesk;
use crate::call::{
    Advanced, Agent, CallState, Cast, Cause, Customer, Happening, Kind, NumberKind, Outcome, Outsider, Party, Queue,
    Side, Subject, Task, What,
};
use crate::random::Keyed;
use crate::vendors::{Setting, Settings, Vendor};
use serde_json::Value;
use std::time::Duration;

/// A second of the scenario, a conversation, and what happens.
type Script = Vec<(u64, usize, What)>;

const ANN: usize = 0;
const BOB: usize = 1;
const SUP: usize = 2;

fn cast(subject: Subject) -> Cast {
    let agent = |key: &str, name: &str, number: &str| Agent {
        key: key.into(),
        number: number.into(),
        name: name.into(),
        phone: "13900000001".into(),
        number_kind: NumberKind::Mobile,
        email: format!("{key}@example.com"),
        province: "北京".into(),
        city: "北京".into(),
        area_code: "010".into(),
    };
    Cast {
        subject,
        label: "3f2a".into(),
        start: "2024-03-05T10:00:00+08:00".parse().expect("a time"),
        keyed: Keyed::new(42, "udesk", 1),
        line: "02100000000".into(),
        customer: Customer {
            phone: "13800000000".into(),
            number_kind: NumberKind::Mobile,
            name: "客户甲".into(),
            company: "示例公司".into(),
            province: "浙江".into(),
            city: "杭州".into(),
            area_code: "0571".into(),
            blacklisted: false,
        },
        agents: vec![agent("ann", "安", "2001"), agent("bob", "博", "2002"), agent("sup", "组长", "2003")],
        outsiders: vec![Outsider { key: "boss".into(), phone: "13700000000".into() }],
        queues: vec![Queue { key: "queue".into(), number: "1".into(), name: "队列".into() }],
        tasks: vec![Task { key: "task".into(), id: 7, name: "任务".into() }],
        notifications: Vec::new(),
        recorded: true,
    }
}

fn settings(given: &[(&'static str, Setting)]) -> Settings {
    let mut settings = Settings::defaults(Udesk.settings());
    for (name, value) in given {
        settings.insert(name, value.clone());
    }
    settings
}

/// Tells a script and returns the bodies in order.
fn tell(cast: &Cast, settings: &Settings, script: Script) -> Vec<Value> {
    let mut state = CallState::new(cast.subject);
    let mut teller = Udesk.teller(cast, settings).expect("the settings are possible");
    let mut pushes = Vec::new();
    for (second, conversation, what) in script {
        let happening = Happening { offset: Duration::from_secs(second), conversation, what };
        state.apply(&happening);
        teller.tell(&happening, &state, &mut pushes);
    }
    let body = |body: &[u8]| serde_json::from_slice::<Value>(body).expect("a body is JSON");
    pushes.iter().map(|push| body(&push.body)).collect()
}

fn play(kind: Kind, given: &[(&'static str, Setting)], script: Script) -> Vec<Value> {
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
    script.push((26, 1, What::Joined { kind, from: 0, with, rang_at: Duration::from_secs(20) }));
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

fn switched_on(name: &'static str) -> (&'static str, Setting) {
    (name, Setting::Switch(true))
}
