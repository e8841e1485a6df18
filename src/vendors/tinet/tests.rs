//! What the tests of TiNet share: stories played by hand, and what was sent of them.
#![allow(clippy::unwrap_used, reason = "these are tests")]

mod agreement;
mod configuration;
mod flows;
mod knowledge;
mod samples;

use super::Tinet;
use super::options::Options;
use crate::call::*;
use crate::http::{Captured, Method, Push};
use crate::random::Keyed;
use crate::scenario::{self, Scenario};
use crate::vendors::{BadOption, GivenOptions, OptionValue, Vendor};
use jiff::Timestamp;
use serde_json::{Map, Value};
use std::time::Duration;

pub(super) const CUSTOMER: Party = Party::Customer;
pub(super) const ANN: Party = Party::Agent(0);
pub(super) const BOB: Party = Party::Agent(1);
pub(super) const BOSS: Party = Party::Outsider(0);

/// A story to play.
#[derive(Clone)]
pub(super) struct Story {
    pub spec: CastSpec,
    pub script: Vec<Step>,
    pub settings: GivenOptions,
    pub start: Timestamp,
    pub seed: u64,
}

/// A push with what it carries.
#[derive(Debug, Clone)]
pub(super) struct Sent {
    pub offset: Duration,
    pub push: Push,
    pub params: Vec<(String, String)>,
}

impl Sent {
    pub fn get(&self, name: &str) -> Option<&str> {
        self.params.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// A time in seconds since 1970; `None` where it is absent or empty.
    pub fn second(&self, name: &str) -> Option<i64> {
        self.get(name).filter(|text| !text.is_empty()).map(|text| text.parse().unwrap())
    }

    /// The request as a receiver sees it.
    pub fn captured(&self) -> Captured {
        let url = self.push.address(&"http://127.0.0.1:9/hook".parse().unwrap());
        Captured {
            method: self.push.method.to_string(),
            path: url.path().to_owned(),
            query: url.query().unwrap_or_default().to_owned(),
            headers: self.push.headers.written(),
            body: self.push.body.bytes(),
        }
    }
}

/// The parameters of a push, whichever way they travel.
fn params(push: &Push) -> Vec<(String, String)> {
    let pairs = |bytes: &[u8]| form_urlencoded::parse(bytes).into_owned().collect();
    let body = push.body.bytes();
    match push.method.has_body() {
        false => {
            assert!(body.is_empty());
            pairs(push.body.query().as_bytes())
        }
        true if body.starts_with(b"{") => {
            let object: Map<String, Value> = serde_json::from_slice(&body).unwrap();
            object.into_iter().map(|(name, value)| (name, value.as_str().unwrap().to_owned())).collect()
        }
        true => pairs(&body),
    }
}

pub(super) fn story(kind: Kind, script: Vec<Step>) -> Story {
    on(Subject::Call(kind), script)
}

pub(super) fn on(subject: Subject, script: Vec<Step>) -> Story {
    let agent = |key: &str| AgentSpec { key: key.into(), ..AgentSpec::default() };
    Story {
        spec: CastSpec {
            agents: ["ann", "bob", "cat"].map(agent).into(),
            outsiders: vec![OutsiderSpec { key: "boss".into(), phone: None }],
            ..CastSpec::new(subject)
        },
        script,
        settings: GivenOptions::defaults(Options::facts()),
        start: "2026-03-02T09:30:00.250+08:00".parse().unwrap(),
        seed: 42,
    }
}

/// The shipped scenarios that the vendor tells, with the default options.
pub(super) fn shipped() -> Vec<Story> {
    let told = |scenario: &Scenario| {
        scenario.vendors.as_ref().is_none_or(|ids| ids.contains(&Tinet.id()))
            && matches!(scenario.cast.subject, Subject::Call(_) | Subject::Shift)
    };
    let scenarios = scenario::built_in_scenarios().unwrap().into_iter().filter(told);
    let story = |Scenario { cast, script, .. }| Story { spec: cast, script, ..story(Kind::Inbound, Vec::new()) };
    scenarios.map(story).collect()
}

impl Story {
    pub fn with(mut self, name: &'static str, value: OptionValue) -> Self {
        self.settings.insert(name, value);
        self
    }

    pub fn text(self, name: &'static str, value: &str) -> Self {
        self.with(name, OptionValue::Text(value.into()))
    }

    pub fn actions(self, json: &str) -> Self {
        self.with("actions", OptionValue::Any(serde_json::from_str(json).unwrap()))
    }

    /// What is sent, in the order in which it falls due.
    pub fn sent(&self) -> Vec<Sent> {
        self.try_sent().unwrap()
    }

    pub fn try_sent(&self) -> Result<Vec<Sent>, BadOption> {
        let keyed = Keyed::new(self.seed, "tinet", 1);
        let recorded = self.script.contains(&Step::Record);
        let cast = Cast::draw(&self.spec, Locale::ZhCn, self.start, keyed, recorded);
        let timeline = play(&self.spec, &self.script, &keyed).unwrap();
        let mut teller = Tinet.teller(&cast, &self.settings)?;
        let mut state = CallState::new(self.spec.subject);
        let mut sent = Vec::new();
        for happening in &timeline.happenings {
            state.apply(happening);
            let mut pushes = Vec::new();
            teller.tell(happening, &state, &mut pushes);
            sent.extend(pushes.into_iter().map(|push| Sent {
                offset: push.from.unwrap_or(happening.at).offset + push.after,
                params: params(&push),
                push,
            }));
        }
        sent.sort_by_key(|sent| sent.offset);
        Ok(sent)
    }

    /// The pushes in one line: numbers, and `A.ACW` for the state ACW of the first agent.
    pub fn flow(&self) -> String {
        let word = |sent: &Sent| {
            if sent.push.name != "9" {
                return sent.push.name.to_owned();
            }
            let agent = match sent.get("cno").unwrap() {
                "2001" => "A",
                "2002" => "B",
                _ => "C",
            };
            format!("{agent}.{}", sent.get("stateAction").unwrap_or("-"))
        };
        self.sent().iter().map(word).collect::<Vec<_>>().join(" ")
    }

    /// The one push of this number.
    pub fn only(&self, number: &str) -> Sent {
        let mut all: Vec<Sent> = self.sent().into_iter().filter(|sent| sent.push.name == number).collect();
        assert_eq!(all.len(), 1, "one push of type {number} in {}", self.flow());
        all.remove(0)
    }
}

pub(super) fn wait(seconds: u64) -> Step {
    Step::Wait(Span::exactly(Duration::from_secs(seconds)))
}

pub(super) fn hang_up(by: Party) -> Step {
    Step::HangUp { by, release_after: Duration::ZERO, cause: None }
}

pub(super) fn menu(recorded: bool) -> Step {
    Step::Ivr { name: None, variables: Vec::new(), recorded }
}

pub(super) fn survey(seconds: u64) -> Step {
    Step::Survey { keys: "5".into(), after: Span::exactly(Duration::from_secs(seconds)) }
}

/// The steps in a row, four seconds after each other.
pub(super) fn paced(steps: Vec<Step>) -> Vec<Step> {
    steps.into_iter().flat_map(|step| [step, wait(4)]).collect()
}

/// Rings and answers.
pub(super) fn reach(party: Party) -> Vec<Step> {
    vec![Step::Ring(party), wait(4), Step::Answer(party), wait(4)]
}

/// One script of every kind of flow, each with a name.
pub(super) fn every_flow() -> Vec<(&'static str, Story)> {
    use Step::*;
    let task = || vec![Task(0), wait(2)];
    let talk = |parts: &[&[Step]]| parts.concat();
    let inbound = || [vec![Enqueue(None), wait(4)], reach(ANN)].concat();
    let outbound = || [reach(ANN), reach(CUSTOMER)].concat();
    let webcall = || [reach(CUSTOMER), reach(ANN)].concat();
    let recognition = || Recognise(Recognition { reason: "busy".into(), code: 15, keyword: "正忙".into() });
    let end = || vec![hang_up(CUSTOMER), Record];
    vec![
        ("outbound answered", story(Kind::Outbound, talk(&[&outbound(), &[hang_up(ANN), survey(6), Record]]))),
        ("preview", story(Kind::Preview, talk(&[&task(), &outbound(), &end()]))),
        (
            "outbound, no answer",
            story(
                Kind::Outbound,
                talk(&[&reach(ANN), &[Ring(CUSTOMER), wait(4), Decline(CUSTOMER, None), recognition()]]),
            ),
        ),
        ("outbound, cancelled", story(Kind::Outbound, talk(&[&reach(ANN), &[Ring(CUSTOMER), wait(4), hang_up(ANN)]]))),
        ("outbound, agent misses", story(Kind::Outbound, vec![Ring(ANN), wait(4), Decline(ANN, None)])),
        (
            "inbound answered",
            story(
                Kind::Inbound,
                talk(&[
                    &[menu(false), wait(3), Keys("1".into()), wait(1)],
                    &inbound(),
                    &end(),
                    &[wait(3), Transcribe(None)],
                ]),
            ),
        ),
        (
            "two agents miss",
            story(
                Kind::Inbound,
                talk(&[&[Enqueue(None), Ring(ANN), wait(9), Decline(ANN, None)], &reach(BOB), &end()]),
            ),
        ),
        (
            "queue abandon",
            story(
                Kind::Inbound,
                vec![menu(false), wait(2), Enqueue(None), wait(9), Ring(ANN), wait(3), hang_up(CUSTOMER)],
            ),
        ),
        ("menu only", story(Kind::Inbound, vec![menu(true), wait(2), Keys("1".into()), wait(9), hang_up(CUSTOMER)])),
        ("hang-up at once", story(Kind::Inbound, vec![menu(false), hang_up(CUSTOMER)])),
        (
            "voicemail",
            story(
                Kind::Inbound,
                vec![
                    Enqueue(None),
                    wait(9),
                    Voicemail(Span::exactly(Duration::from_secs(20))),
                    hang_up(CUSTOMER),
                    Record,
                ],
            ),
        ),
        ("transfer", story(Kind::Inbound, talk(&[&inbound(), &paced(vec![Transfer(BOB), Answer(BOB)]), &end()]))),
        (
            "transfer of an outbound call",
            story(Kind::Outbound, talk(&[&outbound(), &paced(vec![Transfer(BOB), Answer(BOB)]), &end()])),
        ),
        (
            "transfer, missed",
            story(Kind::Inbound, talk(&[&inbound(), &paced(vec![Transfer(BOB), Decline(BOB, None)]), &end()])),
        ),
        (
            "transfer outside",
            story(Kind::Inbound, talk(&[&inbound(), &paced(vec![Transfer(BOSS), Answer(BOSS)]), &end()])),
        ),
        (
            "consult",
            story(Kind::Inbound, talk(&[&inbound(), &paced(vec![Consult(BOB), Answer(BOB), hang_up(BOB)]), &end()])),
        ),
        (
            "consult, missed",
            story(Kind::Inbound, talk(&[&inbound(), &paced(vec![Consult(BOB), Decline(BOB, None)]), &end()])),
        ),
        (
            "consult, then transfer",
            story(Kind::Inbound, talk(&[&inbound(), &paced(vec![Consult(BOB), Answer(BOB), Transfer(BOB)]), &end()])),
        ),
        (
            "consult, then three-way",
            story(Kind::Inbound, talk(&[&inbound(), &paced(vec![Consult(BOB), Answer(BOB), Conference(BOB)]), &end()])),
        ),
        (
            "three-way",
            story(Kind::Inbound, talk(&[&inbound(), &paced(vec![Conference(BOB), Answer(BOB), hang_up(BOB)]), &end()])),
        ),
        (
            "interception",
            story(
                Kind::Inbound,
                talk(&[
                    &inbound(),
                    &paced(vec![Listen(2), Answer(Party::Agent(2)), hang_up(Party::Agent(2))]),
                    &paced(vec![Intercept(2), Answer(Party::Agent(2))]),
                    &end(),
                ]),
            ),
        ),
        (
            "predictive answered",
            story(Kind::Predictive, talk(&[&task(), &reach(CUSTOMER), &[Enqueue(None)], &reach(ANN), &end()])),
        ),
        (
            "predictive, no agent",
            story(Kind::Predictive, talk(&[&task(), &reach(CUSTOMER), &[Enqueue(None), wait(9), hang_up(CUSTOMER)]])),
        ),
        (
            "predictive, agent misses",
            story(
                Kind::Predictive,
                talk(&[&task(), &reach(CUSTOMER), &[Ring(ANN), wait(9), Decline(ANN, None), hang_up(CUSTOMER)]]),
            ),
        ),
        (
            "predictive unanswered",
            story(
                Kind::Predictive,
                talk(&[&task(), &[Ring(CUSTOMER), wait(9), Decline(CUSTOMER, None), recognition()]]),
            ),
        ),
        (
            "voice robot",
            story(
                Kind::Predictive,
                talk(&[
                    &task(),
                    &reach(CUSTOMER),
                    &[menu(true), wait(4), Understand(None), wait(9), hang_up(Party::System)],
                ]),
            ),
        ),
        ("webcall", story(Kind::Webcall, talk(&[&webcall(), &end()]))),
        ("webcall, unanswered", story(Kind::Webcall, vec![Ring(CUSTOMER), wait(4), Decline(CUSTOMER, None)])),
        (
            "webcall, agent misses",
            story(
                Kind::Webcall,
                talk(&[&reach(CUSTOMER), &[Ring(ANN), wait(4), Decline(ANN, None), hang_up(CUSTOMER)]]),
            ),
        ),
        (
            "webcall, menu only",
            story(Kind::Webcall, talk(&[&reach(CUSTOMER), &[menu(false), wait(4), hang_up(CUSTOMER)]])),
        ),
        (
            "webcall transferred",
            story(Kind::Webcall, talk(&[&webcall(), &paced(vec![Transfer(BOB), Answer(BOB)]), &end()])),
        ),
        ("direct", story(Kind::Direct, talk(&[&reach(CUSTOMER), &end()]))),
        ("direct, unanswered", story(Kind::Direct, vec![Ring(CUSTOMER), wait(4), Decline(CUSTOMER, None)])),
    ]
}
