//! Which pushes a story causes, in order, and the shape that they all share.

use super::story::{Story, moment};
use crate::call::{Advanced, AgentStatus, Cause, Kind, LoginDevice, LogoutKind, Outcome, Party, Side, Subject, What};
use crate::vendors::moor7::{Moor7, facts};
use crate::vendors::{OptionValue, Vendor};
use serde_json::Value;
use std::collections::BTreeSet;

const ANN: usize = 0;
const BOB: usize = 1;

fn started(kind: Advanced, with: Party) -> What {
    What::AdvancedStarted { kind, with }
}

fn ended(kind: Advanced, with: Party, grown: Option<usize>) -> What {
    let outcome = if grown.is_some() { Outcome::Succeeded } else { Outcome::Failed };
    What::AdvancedEnded { kind, with, outcome, grown }
}

fn transferred(story: Story, kind: Advanced, with: Party) -> Story {
    let joined = What::Joined { kind, from: 0, with, rang_at: moment(20) };
    story
        .at(20, started(kind, with))
        .at(25, ended(kind, with, Some(1)))
        .over(25, 0, Side::Agent, None)
        .on(25, 1, joined)
        .over(40, 1, Side::Customer, None)
}

#[test]
fn an_answered_outbound_call_is_told_as_the_page_s() {
    let story = Story::of(Kind::Outbound).outbound_talk().at(12, What::Held).at(13, What::Resumed);
    let story = story.over(15, 0, Side::Agent, None);
    assert_eq!(
        story.lines(),
        [
            "0 callStatus 20001 2",
            "5 dialoutRing 20001",
            "5 callStatus 20001 3",
            "10 link 20001",
            "10 callStatus 20001 4",
            "12 callStatus 20001 6",
            "13 callStatus 20001 4",
            "15 dialoutHangup 20001",
            "15 callStatus 20001 5",
            "16 cdr 20001 ANSWER",
        ]
    );
}

#[test]
fn an_agent_who_does_not_answer_has_nothing_to_wrap_up() {
    let story = Story::of(Kind::Preview)
        .at(0, What::CallStarted)
        .at(0, What::AgentRinging { agent: ANN })
        .at(30, What::AgentMissed { agent: ANN, cause: None })
        .over(30, 0, Side::Agent, None);
    assert_eq!(story.lines(), ["0 callStatus 20001 2", "30 dialoutHangup 20001", "31 cdr 20001 AGENT_NO_ANSWER"]);
}

#[test]
fn an_inbound_call_finds_the_second_agent() {
    let story = Story::of(Kind::Inbound)
        .at(0, What::CallStarted)
        .at(1, What::IvrEntered { name: None, variables: Vec::new(), recorded: false })
        .at(2, What::IvrLeft)
        .at(2, What::Queued { queue: None })
        .at(3, What::AgentLocked { agent: ANN })
        .at(3, What::AgentRinging { agent: ANN })
        .at(9, What::AgentMissed { agent: ANN, cause: Some(Cause::Rejected) })
        .at(9, What::AgentRinging { agent: BOB })
        .at(12, What::AgentAnswered { agent: BOB })
        .over(20, 0, Side::Customer, None);
    assert_eq!(
        story.lines(),
        [
            "3 incomingRing 20001",
            "3 callStatus 20001 3",
            "9 incomingHangup 20001",
            "9 callStatus 20001 5",
            "9 incomingRing 20002",
            "9 callStatus 20002 3",
            "12 link 20002",
            "12 callStatus 20002 4",
            "20 incomingHangup 20002",
            "20 callStatus 20002 5",
            "21 cdr 20002 ANSWER",
        ]
    );
}

#[test]
fn a_customer_who_gives_up_stops_the_phone_that_rings() {
    let story = Story::of(Kind::Inbound)
        .at(0, What::CallStarted)
        .at(0, What::Queued { queue: None })
        .at(3, What::AgentRinging { agent: ANN })
        .over(8, 0, Side::Customer, None);
    assert_eq!(
        story.lines(),
        [
            "3 incomingRing 20001",
            "3 callStatus 20001 3",
            "8 incomingHangup 20001",
            "8 callStatus 20001 5",
            "9 cdr 20001 AGENT_NO_ANSWER",
        ]
    );
}

#[test]
fn a_predictive_call_is_told_as_an_inbound_or_an_outbound_one() {
    let story = || {
        Story::of(Kind::Predictive)
            .at(0, What::CallStarted)
            .at(0, What::CustomerRinging)
            .at(5, What::CustomerAnswered)
            .at(5, What::Queued { queue: None })
            .at(6, What::AgentRinging { agent: ANN })
            .at(8, What::AgentAnswered { agent: ANN })
            .over(20, 0, Side::Customer, None)
    };
    let names = |story: Story| story.tell().into_iter().map(|told| told.name).collect::<Vec<_>>();
    let incoming = ["incomingRing", "callStatus", "link", "callStatus", "incomingHangup", "callStatus", "cdr"];
    assert_eq!(names(story()), incoming);
    let dialout = ["dialoutRing", "callStatus", "link", "callStatus", "dialoutHangup", "callStatus", "cdr"];
    assert_eq!(names(story().text("predictive_pushes", "dialout")), dialout);
    assert_eq!(names(story().set("agent_states", OptionValue::Switch(false))).len(), 4);
}

#[test]
fn a_transfer_is_a_second_call() {
    let story = transferred(Story::of(Kind::Inbound).inbound_talk(), Advanced::Transfer, Party::Agent(BOB));
    assert_eq!(
        story.lines()[4..],
        [
            "20 incomingRing 20002",
            "20 callStatus 20002 3",
            "25 incomingHangup 20001",
            "25 callStatus 20001 5",
            "25 link 20002",
            "25 callStatus 20002 4",
            "26 cdr 20001 CALL_TRANSFER",
            "40 incomingHangup 20002",
            "40 callStatus 20002 5",
            "41 cdr 20002 ANSWER",
        ]
    );
    let id = |told: &Value| told.get("callUniqueId").or(told.pointer("/content/superUniqueId")).cloned().unwrap();
    let of = |number: &str| -> BTreeSet<String> {
        let told = story.tell().into_iter().map(|told| told.body);
        told.filter(|body| body["agentNumber"] == number || body["content"]["agentNumber"] == number)
            .map(|body| id(&body).to_string())
            .collect()
    };
    assert_eq!([of("20001").len(), of("20002").len()], [1, 1]);
    assert!(of("20001").is_disjoint(&of("20002")));
}

#[test]
fn a_failed_transfer_leaves_its_ring_and_no_record() {
    let bob = Party::Agent(BOB);
    let story = Story::of(Kind::Outbound)
        .outbound_talk()
        .at(20, started(Advanced::Transfer, bob))
        .at(30, ended(Advanced::Transfer, bob, None))
        .over(40, 0, Side::Agent, None);
    assert_eq!(
        story.lines()[5..],
        [
            "20 dialoutRing 20002",
            "20 callStatus 20002 3",
            "30 dialoutHangup 20002",
            "30 callStatus 20002 5",
            "40 dialoutHangup 20001",
            "40 callStatus 20001 5",
            "41 cdr 20001 ANSWER",
        ]
    );
}

#[test]
fn a_transfer_stops_ringing_when_the_customer_hangs_up() {
    let bob = Party::Agent(BOB);
    let story = Story::of(Kind::Inbound).inbound_talk().at(20, started(Advanced::Transfer, bob));
    let story = story.over(22, 0, Side::Customer, None).at(22, ended(Advanced::Transfer, bob, None));
    let hangups =
        |story: &Story| story.lines().into_iter().filter(|line| line.contains("incomingHangup")).collect::<Vec<_>>();
    assert_eq!(hangups(&story), ["22 incomingHangup 20001", "22 incomingHangup 20002"]);
    // Also where nothing says afterwards that the transfer failed.
    let story = Story::of(Kind::Inbound).inbound_talk().at(20, started(Advanced::Transfer, bob));
    assert_eq!(hangups(&story.over(22, 0, Side::Customer, None)).len(), 2);
}

#[test]
fn an_outside_party_is_in_the_record_only() {
    let story = transferred(Story::of(Kind::Inbound).inbound_talk(), Advanced::Transfer, Party::Outsider(0));
    assert_eq!(story.lines().last().unwrap(), "41 cdr  ANSWER");
    let records = story.records();
    assert_eq!([&records[1]["agentTelNumber"], &records[1]["agentTelType"]], ["02258834811", "landline"]);
    assert!(story.tell().iter().all(|told| told.second < 26 || told.name == "cdr"));
}

#[test]
fn of_consultations_and_supervisors_only_states_are_told() {
    for kind in [Advanced::Consult, Advanced::Conference, Advanced::Listen, Advanced::Whisper, Advanced::Barge] {
        let bob = Party::Agent(BOB);
        let joined = What::Joined { kind, from: 0, with: bob, rang_at: moment(20) };
        let story = Story::of(Kind::Outbound)
            .outbound_talk()
            .at(20, started(kind, bob))
            .at(22, ended(kind, bob, Some(1)))
            .on(22, 1, joined)
            .over(30, 1, Side::Agent, None)
            .at(32, started(kind, bob))
            .at(34, ended(kind, bob, None))
            .over(40, 0, Side::Agent, None);
        let of_bob = story.lines().into_iter().filter(|line| line.contains("20002")).collect::<Vec<_>>();
        let states = ["20 callStatus 20002 3", "22 callStatus 20002 4", "30 callStatus 20002 5"];
        let again = ["32 callStatus 20002 3", "34 callStatus 20002 5"];
        assert_eq!(of_bob, [&states[..], &again].concat(), "{kind:?}");
        assert_eq!(story.records().len(), 1);
    }
}

#[test]
fn a_state_changed_by_hand_names_the_agent_s_last_call() {
    let idle = What::StatusChanged { agent: ANN, status: AgentStatus::Idle };
    let story = Story::of(Kind::Outbound).outbound_talk().over(15, 0, Side::Agent, None).at(20, idle.clone());
    let told = story.find("callStatus", |body| body["statusNumber"] == "0");
    assert_eq!([&told["callEvent"], &told["statusName"]], ["hangup", "空闲"]);
    assert_eq!(told["callUniqueId"], story.records()[0]["callUniqueId"]);

    let missed = Story::of(Kind::Outbound)
        .at(0, What::CallStarted)
        .at(0, What::AgentRinging { agent: ANN })
        .over(30, 0, Side::Agent, Some(Cause::NoAnswer))
        .at(31, idle.clone());
    assert_eq!(missed.find("callStatus", |body| body["statusNumber"] == "0")["callEvent"], "hangup");

    let told = Story::about(Subject::Shift).at(5, idle).find("callStatus", |_| true);
    for key in ["callUniqueId", "customerNumber", "trunkNumber", "displayNumber", "callEvent", "callType", "extras"] {
        assert_eq!(told[key], "", "{key}");
    }
    assert_eq!(told["statusTime"], "1620455977");
}

#[test]
fn the_link_can_be_flat_and_can_name_the_call() {
    let flat = Story::of(Kind::Outbound).text("link_envelope", "flat").outbound_talk().find("link", |_| true);
    assert_eq!(flat["pushType"], "link");
    let keys: Vec<&str> = flat.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(keys, facts::PUSHES[0].fields.iter().map(|field| field.name).collect::<Vec<_>>());
    let named = Story::of(Kind::Outbound).set("link_call_id", OptionValue::Switch(true)).outbound_talk();
    let named = named.find("link", |_| true);
    assert_eq!(named["content"]["callUniqueId"], named["content"]["superUniqueId"]);
}

#[test]
fn parameters_of_a_call_are_an_object_in_every_push() {
    let extras = serde_json::json!({"order": "A-17"});
    let story = Story::of(Kind::Webcall).set("extras", OptionValue::Any(extras.clone())).outbound_talk();
    for told in story.over(15, 0, Side::Agent, None).tell() {
        assert_eq!(told.body.get("extras").unwrap_or(&told.body["content"]["extras"]), &extras, "{}", told.name);
    }
}

#[test]
fn impossible_options_are_refused_by_name() {
    let refused = |name: &'static str, value: OptionValue| {
        let story = Story::of(Kind::Outbound).set("group_ids", OptionValue::List(vec!["1".into()])).set(name, value);
        Moor7.teller(&story.cast, &story.options).err().map(|bad| bad.option)
    };
    for (name, value) in [
        ("account", OptionValue::Text(String::new())),
        ("account", OptionValue::Text("2".repeat(1000))),
        ("call_id", OptionValue::Text("4033445a".into())),
        ("call_id", OptionValue::Text("99999999999999999999".into())),
        ("extras", OptionValue::Any(Value::Null)),
        ("extras", OptionValue::Any("x".into())),
        ("group_names", OptionValue::List(Vec::new())),
        ("record_base", OptionValue::Text("recordings".into())),
        ("content_type", OptionValue::Text("text/plain\r\nX: y".into())),
        ("login_type", OptionValue::Text("ISDN".into())),
        ("retry_count", OptionValue::Integer(1_000_000)),
    ] {
        assert_eq!(refused(name, value.clone()), Some(name), "{value:?}");
    }
    assert_eq!(refused("record_base", OptionValue::Text("http://127.0.0.1:9/".into())), None);
}

/// Stories that between them cause every push.
fn all_pushes() -> Vec<Story> {
    let shift = Story::about(Subject::Shift)
        .at(0, What::LoggedIn { agent: ANN, device: LoginDevice::Softphone })
        .at(9, What::LoggedOut { agent: ANN, kind: LogoutKind::Offline(LoginDevice::Phone) });
    let recognition =
        crate::call::Recognition { reason: "onThePhone".into(), code: 15, keyword: "正在通话".into() };
    let failed = Story::of(Kind::Outbound)
        .at(0, What::CallStarted)
        .at(0, What::AgentRinging { agent: ANN })
        .at(5, What::AgentAnswered { agent: ANN })
        .at(5, What::CustomerRinging)
        .at(9, What::Recognised(recognition))
        .over(9, 0, Side::Customer, Some(Cause::OnThePhone));
    let inbound = Story::of(Kind::Inbound)
        .set("legacy_super_id", OptionValue::Switch(true))
        .set("link_call_id", OptionValue::Switch(true))
        .inbound_talk();
    vec![shift, failed, transferred(inbound, Advanced::Transfer, Party::Agent(BOB))]
}

#[test]
fn only_what_is_said_to_be_there_sometimes_is_missing_and_everything_is_sent_by_some_story() {
    let mut seen = BTreeSet::new();
    for told in all_pushes().iter().flat_map(Story::tell) {
        let fact = facts::PUSHES.iter().find(|fact| fact.name == told.name).unwrap();
        for field in fact.fields.iter() {
            let pointer = format!("/{}", field.name.replace('.', "/"));
            match told.body.pointer(&pointer) {
                Some(_) => drop(seen.insert((told.name, field.name))),
                None => assert!(field.only.is_some(), "{}.{} is missing", told.name, field.name),
            }
        }
    }
    let fields = facts::PUSHES.iter().flat_map(|fact| fact.fields.iter().map(|field| (fact.name, field.name)));
    assert_eq!(seen, fields.collect());
}

#[test]
fn every_push_has_its_own_id_and_is_recognised() {
    let mut ids = BTreeSet::new();
    for told in all_pushes()[2].tell() {
        let id = told.body.get("eventUniqueId").unwrap_or(&told.body["uniqueId"]).as_str().unwrap().to_owned();
        assert_eq!(Some(&id), told.push.event_id.as_ref());
        assert!(id.len() == 32 && id.bytes().all(|byte| byte.is_ascii_hexdigit()) && &id[12..13] == "4", "{id}");
        assert!(ids.insert(id));
        assert_eq!(told.push.headers, vec![("Content-Type", "application/json")].into());
        let captured = crate::http::Captured {
            method: "POST".into(),
            path: "/".into(),
            query: String::new(),
            headers: Vec::new(),
            body: told.push.body.bytes(),
        };
        assert_eq!(Moor7.recognise(&captured), Some(told.name));
    }
}

#[test]
fn only_direct_dialling_cannot_be_told() {
    for (kind, word) in Kind::ALL {
        assert_eq!(Moor7.can_tell(&Story::of(kind).cast).is_err(), kind == Kind::Direct, "{word}");
    }
    assert_eq!(Moor7.can_tell(&Story::about(Subject::Shift).cast), Ok(()));
}
