//! The page's own samples, told again: same keys, order, JSON types and values, save for the named defects.

use super::story::{Story, given};
use crate::call::{Cause, Kind, LoginDevice, LogoutKind, Recognition, Side, Subject, What};
use crate::vendors::OptionValue;
use serde_json::Value;

/// A key of a sample that is not told again, and why.
type Defect = (&'static str, &'static str);

const DRAWN: Defect = ("eventUniqueId", "every push draws its own; a scenario can set it");

/// The call of the page: its numbers, accounts, ids and groups. Everything else is told.
fn the_call() -> Story {
    let list = |items: [&str; 2]| OptionValue::List(items.map(String::from).to_vec());
    let recording: Value = sample(include_str!("../samples/cdr.json"))["recordFileUrl"].clone();
    let base = recording.as_str().unwrap().split_once("/2100147/").unwrap().0.to_owned();
    Story::of(Kind::Outbound)
        .text("account", "20000153")
        .text("cdr_account", "2100147")
        .text("call_id", "403344537650466816")
        .text("agent_id", "6094f5aa696609001197e4b9")
        .text("channel_id", "635be250-10e9-4c60-93f7-32479dfe85e1")
        .text("record_base", &base)
        .set("group_ids", list(["60541bbf4aab2c0021278ad2", "605be962a342660011ecc5af"]))
        .set("group_names", list(["分组1", "分组2"]))
        .set("voicemail_repeats_recording", OptionValue::Switch(true))
        .outbound_talk()
        .over(15, 0, Side::Agent, None)
}

fn sample(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

/// The keys of an object and of the objects in it, in order, save for the defects.
fn keys(value: &Value, defects: &[Defect]) -> Vec<String> {
    let mut keys = Vec::new();
    for (key, inner) in value.as_object().unwrap() {
        if defects.iter().all(|(defect, _)| defect != key) {
            keys.push(key.clone());
        }
        if inner.is_object() {
            keys.extend(self::keys(inner, defects).into_iter().map(|inner| format!("{key}.{inner}")));
        }
    }
    keys
}

fn assert_told(told: &Value, sample_text: &str, defects: &[Defect]) {
    let sample = sample(sample_text);
    assert_eq!(keys(told, defects), keys(&sample, defects));
    for key in keys(&sample, defects) {
        let pointer = format!("/{}", key.replace('.', "/"));
        if key != "content" {
            assert_eq!(told.pointer(&pointer), sample.pointer(&pointer), "{key}");
        }
    }
    for (defect, reason) in defects {
        assert_ne!(told.get(defect), sample.get(defect), "{defect} is as in the sample, so it is no defect: {reason}");
    }
}

#[test]
fn the_outbound_ring_is_the_page_s() {
    assert_told(&the_call().find("dialoutRing", |_| true), include_str!("../samples/dialoutRing.json"), &[DRAWN]);
}

#[test]
fn the_outbound_hangup_is_the_page_s() {
    assert_told(&the_call().find("dialoutHangup", |_| true), include_str!("../samples/dialoutHangup.json"), &[DRAWN]);
}

#[test]
fn the_three_states_are_the_page_s() {
    for (event, sample) in [
        ("calling", include_str!("../samples/callStatus-calling.json")),
        ("link", include_str!("../samples/callStatus-link.json")),
        ("hangup", include_str!("../samples/callStatus-hangup.json")),
    ] {
        assert_told(&the_call().find("callStatus", |body| body["callEvent"] == event), sample, &[DRAWN]);
    }
}

#[test]
fn the_record_is_the_page_s() {
    assert_told(&the_call().find("cdr", |_| true), include_str!("../samples/cdr.json"), &[DRAWN]);
}

#[test]
fn two_oddities_of_the_record_are_not_told_unless_set() {
    let record = Story::of(Kind::Outbound).outbound_talk().over(15, 0, Side::Agent, None).find("cdr", |_| true);
    assert_eq!(record["voiceMailUrl"], "");
    let ring = Story::of(Kind::Outbound).outbound_talk().find("dialoutRing", |_| true);
    assert_eq!(record["accountId"], ring["accountId"]);
}

#[test]
fn the_link_is_the_page_s() {
    let mut story = Story::of(Kind::Outbound).text("account", "2100147").text("call_id", "393928840994361344");
    // The page's sample was linked at second 1616638064, ten seconds after our start.
    story.cast.start = jiff::Timestamp::from_second(1_616_638_054).unwrap();
    story.cast.customer.phone = given("15201277786");
    story.cast.line = given("02258834811");
    story.cast.agents[0].number = given("1121");
    story.cast.agents[0].name = given("1121");
    let link = story.outbound_talk().find("link", |_| true);
    assert_told(
        &link,
        include_str!("../samples/link.json"),
        &[("uniqueId", "every push draws its own; a scenario can set it")],
    );
}

#[test]
fn the_inbound_hangup_is_the_page_s() {
    let mut story = Story::of(Kind::Inbound)
        .text("account", "2000100")
        .text("call_id", "403344537650466816")
        .set("incoming_hangup_push_type", OptionValue::Switch(false))
        .set("legacy_super_id", OptionValue::Switch(true));
    story.cast.start = jiff::Timestamp::from_second(1_607_944_335).unwrap();
    story.cast.line = given("01080455499");
    story.cast.agents[0].number = given("2000");
    story.cast.agents[0].name = given("默认坐席");
    let mut hangup = story.inbound_talk().over(20, 0, Side::Customer, None).find("incomingHangup", |_| true);
    // Its two new ids were pasted below the old keys, the comma before them forgotten; we keep them where every other sample has them.
    let body = hangup.as_object_mut().unwrap();
    assert_eq!(
        body.keys().take(4).collect::<Vec<_>>(),
        ["eventUniqueId", "accountId", "superUniqueId", "callUniqueId"]
    );
    for moved in ["eventUniqueId", "callUniqueId"] {
        let id = body.shift_remove(moved).unwrap();
        body.insert(moved.into(), id);
    }
    let defects = [
        DRAWN,
        ("superUniqueId", "the sample's is that of an older call: its ids are five months apart"),
        ("extras", "in the table of the section and in all other samples"),
    ];
    assert_told(&hangup, include_str!("../samples/incomingHangup.json"), &defects);
}

#[test]
fn the_recognised_reason_is_the_page_s() {
    let mut story = Story::of(Kind::Outbound).text("account", "20000153").text("call_id", "403381132931895296");
    story.cast.agents[0].number = given("2001");
    let recognition = Recognition { reason: "onThePhone".into(), code: 15, keyword: "正在通话".into() };
    let story = story
        .at(0, What::CallStarted)
        .at(0, What::AgentRinging { agent: 0 })
        .at(5, What::AgentAnswered { agent: 0 })
        .at(5, What::CustomerRinging)
        .at(9, What::CustomerMissed(Cause::OnThePhone))
        .over(9, 0, Side::Customer, Some(Cause::OnThePhone))
        .at(9, What::Recognised(recognition));
    let told = story.find("mediaFailreason", |_| true);
    assert_told(&told, include_str!("../samples/mediaFailreason.json"), &[DRAWN]);
    assert_eq!(
        story.lines(),
        [
            "0 callStatus 20001 2",
            "5 dialoutRing 20001",
            "5 callStatus 20001 3",
            "9 dialoutHangup 20001",
            "9 callStatus 20001 5",
            "9 mediaFailreason 20001",
            "10 cdr 20001 CUSTOMER_NO_ANSWER"
        ]
        .map(|line| line.replace("20001", "2001"))
    );
}

#[test]
fn login_and_logout_are_the_page_s() {
    let mut story = Story::about(Subject::Shift).text("account", "2000103");
    story.cast.start = "2021-07-22T18:06:48+08:00".parse().unwrap();
    story.cast.agents[0].number = given("9998");
    story.cast.agents[0].name = given("XXX");
    let story = story
        .at(0, What::LoggedIn { agent: 0, device: LoginDevice::Phone })
        .at(7, What::LoggedOut { agent: 0, kind: LogoutKind::Normal });
    assert_told(&story.find("login", |_| true), include_str!("../samples/login.json"), &[DRAWN]);
    let defects = [DRAWN, ("agentName", "the page masks the same agent's name as XXX, then as XX")];
    let mut logout = story.find("logout", |_| true);
    assert_eq!(logout["agentName"], "XXX");
    assert_told(&logout, include_str!("../samples/logout.json"), &defects);
    logout = Story::about(Subject::Shift)
        .at(0, What::LoggedOut { agent: 0, kind: LogoutKind::Offline(LoginDevice::Sip) })
        .find("logout", |_| true);
    assert_eq!([&logout["logoutType"], &logout["offlineType"]], ["offline", "SIP"]);
}
