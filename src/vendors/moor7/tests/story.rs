//! Hand-made stories for tests: what happens, second by second, and what 7moor pushes of it.

use crate::call::{
    Agent, CallState, Cast, Cause, Customer, Happening, Kind, Moment, NumberKind, Outsider, Queue, Settled, Settling,
    Side, Subject, Task, What,
};
use crate::http::Push;
use crate::random::Keyed;
use crate::vendors::moor7::Moor7;
use crate::vendors::moor7::options::Options;
use crate::vendors::{GivenOptions, OptionValue, Vendor};
use serde_json::Value;
use std::time::Duration;

/// A text that the scenario gives.
pub fn given(text: &str) -> Settled {
    Settled { text: text.to_owned(), by: Settling::Given }
}

/// Of a moment of the story, in seconds.
pub fn moment(second: u64) -> Moment {
    Moment::at(Duration::from_secs(second))
}

/// A story that is being made up.
pub struct Story {
    pub cast: Cast,
    pub options: GivenOptions,
    happenings: Vec<Happening>,
}

/// A push with the second at which it is sent, and its body.
#[derive(Debug)]
pub struct Told {
    pub second: u64,
    pub name: &'static str,
    pub body: Value,
    pub push: Push,
}

impl Story {
    /// A call of this kind, with the cast of the page's samples and a second agent.
    pub fn of(kind: Kind) -> Self {
        Self::about(Subject::Call(kind))
    }

    pub fn about(subject: Subject) -> Self {
        let agent = |key: &str, number: &str, name: &str, phone: &str| Agent {
            key: key.into(),
            number: given(number),
            name: given(name),
            phone: given(phone),
            number_kind: NumberKind::Mobile,
            email: given(&format!("{key}@example.com")),
            province: given("北京"),
            city: given("北京"),
            area_code: given("010"),
        };
        let cast = Cast {
            subject,
            label: "0000".into(),
            start: "2021-05-08T14:39:32+08:00".parse().unwrap(),
            keyed: Keyed::new(42, "story", 1),
            line: given("01081400192"),
            customer: Customer {
                phone: given("17319132391"),
                number_kind: NumberKind::Mobile,
                name: given("王芳"),
                company: given("某公司"),
                province: given("北京"),
                city: given("北京"),
                area_code: given("010"),
                postcode: given(""),
                blacklisted: false,
            },
            agents: vec![
                agent("ann", "20001", "sc的坐席", "18519117865"),
                agent("bob", "20002", "李雷", "13900000002"),
            ],
            outsiders: vec![Outsider { key: "boss".into(), phone: given("02258834811") }],
            queues: vec![Queue { key: "sales".into(), number: given("8001"), name: given("销售") }],
            tasks: vec![Task { key: "spring".into(), id: given("12"), name: given("春季") }],
            notifications: Vec::new(),
            recorded: true,
        };
        Self { cast, options: GivenOptions::defaults(Options::facts()), happenings: Vec::new() }
    }

    pub fn set(mut self, name: &'static str, value: OptionValue) -> Self {
        self.options.insert(name, value);
        self
    }

    pub fn text(self, name: &'static str, text: &str) -> Self {
        self.set(name, OptionValue::Text(text.into()))
    }

    /// In the first conversation.
    pub fn at(self, second: u64, what: What) -> Self {
        self.on(second, 0, what)
    }

    pub fn on(mut self, second: u64, conversation: usize, what: What) -> Self {
        self.happenings.push(Happening { at: moment(second), conversation, what });
        self
    }

    /// The hang-up of a conversation, and what always follows.
    pub fn over(self, second: u64, conversation: usize, side: Side, cause: Option<Cause>) -> Self {
        self.on(second, conversation, What::HungUp { side, cause }).on(second, conversation, What::Released).on(
            second,
            conversation,
            What::Ended,
        )
    }

    /// Agent first, then the customer, five seconds each; they talk from second 10 on.
    pub fn outbound_talk(self) -> Self {
        self.at(0, What::CallStarted)
            .at(0, What::AgentRinging { agent: 0 })
            .at(5, What::AgentAnswered { agent: 0 })
            .at(5, What::CustomerRinging)
            .at(10, What::CustomerAnswered)
    }

    /// Through the queue to the first agent; they talk from second 10 on.
    pub fn inbound_talk(self) -> Self {
        self.at(0, What::CallStarted)
            .at(2, What::Queued { queue: Some(0) })
            .at(6, What::AgentRinging { agent: 0 })
            .at(10, What::AgentAnswered { agent: 0 })
    }

    pub fn tell(&self) -> Vec<Told> {
        let mut teller = Moor7.teller(&self.cast, &self.options).unwrap_or_else(|bad| panic!("{bad:?}"));
        let mut state = CallState::new(self.cast.subject);
        let mut told = Vec::new();
        for happening in &self.happenings {
            state.apply(happening);
            let mut pushes = Vec::new();
            teller.tell(happening, &state, &mut pushes);
            told.extend(pushes.into_iter().map(|push| Told {
                second: (happening.at + push.after).offset.as_secs(),
                name: push.name,
                body: serde_json::from_slice(&push.body.bytes()).unwrap(),
                push,
            }));
        }
        told.sort_by_key(|told| told.second);
        told
    }

    /// One line per push: second, name, then event and state or status.
    pub fn lines(&self) -> Vec<String> {
        self.tell().iter().map(Told::line).collect()
    }

    /// The records, in order.
    pub fn records(&self) -> Vec<Value> {
        self.tell().into_iter().filter(|told| told.name == "cdr").map(|told| told.body).collect()
    }

    /// The first push with this name for which the condition holds.
    pub fn find(&self, name: &str, condition: impl Fn(&Value) -> bool) -> Value {
        let told = self.tell().into_iter().find(|told| told.name == name && condition(&told.body));
        told.unwrap_or_else(|| panic!("no {name}: {:#?}", self.lines())).body
    }
}

impl Told {
    fn line(&self) -> String {
        let part = |key: &str| self.body.get(key).or_else(|| self.body["content"].get(key)).and_then(Value::as_str);
        let parts = ["agentNumber", "statusNumber", "status"].map(|key| part(key).unwrap_or("-"));
        format!("{} {} {}", self.second, self.name, parts.join(" ")).replace(" -", "")
    }
}
