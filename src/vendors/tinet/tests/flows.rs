//! The order of the push types in every flow.

use super::*;
use std::collections::{BTreeMap, BTreeSet};

/// What is sent in each flow of [`every_flow`]. `A.idle` is the state `idle` of the first agent.
const FLOWS: &[(&str, &str)] = &[
    (
        "outbound answered",
        "A.calling 3 A.ringingAgentOb A.busyAgentOb 22 A.ringingCustomerOb 6 A.busyOb A.ACW 17 8 12 A.idle",
    ),
    ("preview", "A.calling 3 A.ringingAgentOb A.busyAgentOb 22 A.ringingCustomerOb 6 A.busyOb A.ACW 8 12 A.idle"),
    ("outbound, no answer", "A.calling 3 A.ringingAgentOb A.busyAgentOb 22 A.ringingCustomerOb A.idle 8 11"),
    ("outbound, cancelled", "A.calling 3 A.ringingAgentOb A.busyAgentOb 22 A.ringingCustomerOb A.idle 8"),
    ("outbound, agent misses", "A.calling 3 A.ringingAgentOb A.idle 8"),
    ("inbound answered", "1 10 21 2 A.ringingIb 5 A.busyIb A.ACW 7 12 15 A.idle"),
    ("two agents miss", "1 2 A.ringingIb A.idle 2 B.ringingIb 5 B.busyIb B.ACW 7 12 B.idle"),
    ("queue abandon", "1 21 2 A.ringingIb A.idle 7"),
    ("menu only", "1 10 21 7 12"),
    ("hang-up at once", "1 7"),
    ("voicemail", "1 7 12"),
    ("transfer", "1 2 A.ringingIb 5 A.busyIb A.ACW 2 B.ringingTransfer 5 B.busyTransfer B.ACW 7 12 A.idle B.idle"),
    (
        "transfer of an outbound call",
        "A.calling 3 A.ringingAgentOb A.busyAgentOb 22 A.ringingCustomerOb 6 A.busyOb \
         A.ACW 2 B.ringingTransfer 5 B.busyTransfer B.ACW 8 12 A.idle B.idle",
    ),
    ("transfer, missed", "1 2 A.ringingIb 5 A.busyIb A.ACW 2 B.ringingTransfer B.idle A.busyIb A.ACW 7 12 A.idle"),
    ("transfer outside", "1 2 A.ringingIb 5 A.busyIb A.ACW 7 12 A.idle"),
    (
        "consult",
        "1 2 A.ringingIb 5 A.busyIb A.consultStart B.ringingConsult A.consultLink B.busyConsult \
         A.unconsult B.idle A.ACW 7 12 A.idle",
    ),
    (
        "consult, missed",
        "1 2 A.ringingIb 5 A.busyIb A.consultStart B.ringingConsult A.consultError B.idle A.ACW 7 12 A.idle",
    ),
    (
        "consult, then transfer",
        "1 2 A.ringingIb 5 A.busyIb A.consultStart B.ringingConsult A.consultLink B.busyConsult \
         A.consultTransfer A.ACW B.busyTransfer B.ACW 7 12 A.idle B.idle",
    ),
    (
        "consult, then three-way",
        "1 2 A.ringingIb 5 A.busyIb A.consultStart B.ringingConsult A.consultLink B.busyConsult \
         A.consultThreeway B.idle A.ACW 7 12 A.idle",
    ),
    (
        "three-way",
        "1 2 A.ringingIb 5 A.busyIb A.consultStart B.ringingConsult A.consultThreeway B.busyConsult \
         B.idle A.ACW 7 12 A.idle",
    ),
    ("interception", "1 2 A.ringingIb 5 A.busyIb 2 C.ringingIb A.ACW 5 C.busyIb C.ACW 7 12 A.idle C.idle"),
    ("predictive answered", "14 18 A.calling 3 A.ringingAgentOb 20 A.busyOb A.ACW 8 12 14 A.idle"),
    ("predictive, no agent", "14 18 8 14"),
    ("predictive, agent misses", "14 18 A.calling 3 A.ringingAgentOb A.idle 8 14"),
    ("predictive unanswered", "14 18 8 11 14"),
    ("voice robot", "14 18 19 21 8 12 14"),
    ("webcall", "16 23 4 A.ringingIb A.busyIb A.ACW 8 12 A.idle"),
    ("webcall, unanswered", "16 8"),
    ("webcall, agent misses", "16 23 4 A.ringingIb A.idle 8"),
    ("webcall, menu only", "16 23 21 8"),
    (
        "webcall transferred",
        "16 23 4 A.ringingIb A.busyIb A.ACW 24 B.ringingTransfer 25 B.busyTransfer B.ACW 8 12 A.idle B.idle",
    ),
    ("direct", "26 27 28 29 8 12"),
    ("direct, unanswered", "26 27 28 8"),
];

#[test]
fn types_come_in_the_order_of_their_flow() {
    let told: Vec<(&str, String)> = every_flow().into_iter().map(|(name, story)| (name, story.flow())).collect();
    let expected: Vec<(&str, String)> = FLOWS.iter().map(|(name, flow)| (*name, (*flow).to_owned())).collect();
    for (told, expected) in told.iter().zip(&expected) {
        assert_eq!(told, expected);
    }
    assert_eq!(told.len(), expected.len());
}

#[test]
fn all_29_types_are_reachable() {
    let mut reached: BTreeSet<u32> = BTreeSet::new();
    for (_, story) in every_flow() {
        let story = story.text("http_interaction", "first-key");
        reached.extend(story.sent().iter().map(|sent| sent.push.name.parse::<u32>().unwrap()));
    }
    assert_eq!(reached.into_iter().collect::<Vec<_>>(), (1..=29).collect::<Vec<_>>());
}

#[test]
fn every_default_push_is_recognised_in_all_three_transports() {
    for (name, story) in every_flow() {
        for (method, content_type) in [("POST", "form"), ("POST", "json"), ("GET", "form")] {
            let story = story.clone().text("method", method).text("content_type", content_type);
            for sent in story.text("http_interaction", "menu").sent() {
                assert_eq!(Tinet.recognise(&sent.captured()), Some(sent.push.name), "{name}: {sent:?}");
            }
        }
    }
}

#[test]
fn a_blacklisted_caller_leaves_a_record_and_nothing_else() {
    let mut story = story(Kind::Inbound, vec![menu(false), wait(4), Step::Keys("1".into()), hang_up(Party::System)]);
    story.spec.customer.blacklisted = true;
    assert_eq!(story.flow(), "7");
    assert_eq!(story.only("7").get("cdr_status"), Some("7"));
}

#[test]
fn a_shift_tells_states_and_only_changes_by_hand() {
    let custom = AgentStatus::Custom(101, "午餐".into());
    let script = paced(vec![
        Step::Login(0, LoginDevice::Softphone),
        Step::Status(0, AgentStatus::Idle),
        Step::Status(0, custom),
        Step::Status(0, AgentStatus::Idle),
        Step::Status(0, AgentStatus::Muted),
        Step::Status(0, AgentStatus::Disconnected),
        Step::Logout(0, LogoutKind::Normal),
    ]);
    let story = on(Subject::Shift, script);
    assert_eq!(story.flow(), "A.idle A.pause A.idle A.invalid A.-");
    let sent = story.sent();
    assert!(sent.iter().all(|sent| sent.get("bindType") == Some("3") && sent.get("mainUniqueId").is_none()));
    let numbers: Vec<_> = sent.iter().map(|sent| (sent.get("loginStatus"), sent.get("deviceStatus"))).collect();
    let one = Some("1");
    assert_eq!(
        numbers,
        [(one, Some("0")), (Some("2"), Some("0")), (one, Some("0")), (one, Some("-1")), (Some("0"), None)]
    );
    assert_eq!(sent[1].get("pauseDescription"), Some("午餐"));
    assert_eq!(sent[4].get("state"), Some("离线"));
}

#[test]
fn readings_can_be_chosen() {
    let flow = |name: &str, settings: &[(&'static str, OptionValue)]| {
        let mut story = every_flow().into_iter().find(|(known, _)| *known == name).unwrap().1;
        for (name, value) in settings {
            story.settings.insert(name, value.clone());
        }
        story.flow()
    };
    let text = |word: &str| OptionValue::Text(word.into());
    assert_eq!(
        flow("webcall", &[("webcall_bridge", OptionValue::Switch(true))]),
        "16 23 4 A.ringingIb 25 A.busyIb A.ACW 8 12 A.idle"
    );
    assert_eq!(flow("menu only", &[("http_interaction", text("first-key"))]), "1 10 13 21 7 12");
    assert_eq!(flow("menu only", &[("http_interaction", text("menu"))]), "1 13 10 21 7 12");
    assert_eq!(flow("webcall, menu only", &[("incoming_callbacks", OptionValue::Switch(true))]), "16 23 1 21 8");
    let quiet = [("calling_state", OptionValue::Switch(false)), ("missed_state", text("pause"))];
    assert_eq!(flow("outbound, agent misses", &quiet), "3 A.ringingAgentOb A.pause 8");
    let none = [("wrap_up", OptionValue::Duration(Duration::ZERO)), ("no_wrap_up_action", text("hangup"))];
    assert_eq!(flow("webcall", &none), "16 23 4 A.ringingIb A.busyIb A.hangup 8 12");
    assert_eq!(
        flow("webcall", &[("auto_idle", OptionValue::Switch(false))]),
        "16 23 4 A.ringingIb A.busyIb A.ACW 8 12"
    );
    assert_eq!(
        flow("direct", &[("direct_states", OptionValue::Switch(true))]),
        "26 A.ringingAgentOb 27 A.busyAgentOb 28 A.ringingCustomerOb 29 A.busyOb A.ACW 8 12 A.idle"
    );
    assert_eq!(
        flow("outbound, no answer", &[("no_answer_action", text("ringingCustomerNoAnswerOb"))]),
        "A.calling 3 A.ringingAgentOb A.busyAgentOb 22 A.ringingCustomerOb A.ringingCustomerNoAnswerOb 8 11"
    );
}

#[test]
fn an_older_numbering_has_its_own_numbers_and_leaves_out_what_it_lacks() {
    let stories: BTreeMap<_, _> = every_flow().into_iter().collect();
    let numbers = |name: &str, profile: &str| {
        let sent = stories[name].clone().text("profile", profile).sent();
        sent.iter().map(|sent| sent.push.name).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(numbers("inbound answered", "2019"), "1 10 2 9 5 9 9 7 12 13 9");
    assert_eq!(numbers("inbound answered", "2016"), "6 9 7 5 4 5 5 1 5");
}
