//! The call detail record: every status and failure, the formulas, recordings, survey, voicemail, transfer.

use super::story::{Story, moment};
use crate::call::{Advanced, Cause, Kind, Outcome, Party, Side, What};
use crate::vendors::OptionValue;
use serde_json::Value;
use std::collections::BTreeSet;

fn record(story: &Story) -> Value {
    let record = story.records().into_iter().next().unwrap();
    assert_formulas(&record);
    record
}

/// The formulas of the page, on the seconds that the record shows.
fn assert_formulas(record: &Value) {
    let second = |key: &str| -> Option<i64> {
        let text = record[key].as_str().unwrap();
        let time: Option<jiff::civil::DateTime> = (!text.is_empty()).then(|| text.parse().unwrap());
        time.map(|time| jiff::tz::TimeZone::UTC.to_timestamp(time).unwrap().as_second())
    };
    for (duration, from, to) in [
        ("agentRingDuration", "agentStartTime", "agentAnswerTime"),
        ("customerRingDuration", "customerStartTime", "customerAnswerTime"),
        ("bridgeDuration", "bridgeTime", "hangupTime"),
        ("totalDuration", "startTime", "endTime"),
        ("satisfyDuration", "satisfyStartTime", "satisfyEndTime"),
    ] {
        let expected = second(from).zip(second(to)).map_or(0, |(from, to)| to - from);
        assert_eq!(record[duration], expected, "{duration} in {record:#}");
    }
    assert_eq!(second("endTime"), second("satisfyEndTime").or(second("hangupTime")));
    assert_eq!(second("saveTime"), second("endTime").map(|end| end + 1));
    assert_eq!(record["createTime"], record["saveTime"]);
    assert!(record.as_object().unwrap().values().all(|value| !value.is_null()));
}

fn customer_missed(cause: Cause) -> Story {
    Story::of(Kind::Outbound)
        .at(0, What::CallStarted)
        .at(0, What::AgentRinging { agent: 0 })
        .at(5, What::AgentAnswered { agent: 0 })
        .at(5, What::CustomerRinging)
        .at(20, What::CustomerMissed(cause))
        .over(20, 0, Side::Customer, Some(cause))
}

#[test]
fn every_cause_gives_its_failure_reason() {
    let reached: BTreeSet<String> = Cause::ALL
        .iter()
        .map(|(cause, word)| {
            let record = record(&customer_missed(*cause));
            assert_eq!(record["status"], "CUSTOMER_NO_ANSWER", "{word}");
            assert_ne!(record["sipCode"], 200, "{word}");
            for key in ["customerAnswerTime", "bridgeTime", "recordFileUrl", "agentFileUrl", "recordType"] {
                assert_eq!(record[key], "", "{word}: {key}");
            }
            record["failureReason"].as_str().unwrap().to_owned()
        })
        .collect();
    assert_eq!(reached.len(), 6);
    let no_answer = record(&customer_missed(Cause::NoAnswer));
    assert_eq!((&no_answer["failureReason"], &no_answer["sipCode"]), (&"requestTimeout".into(), &480.into()));
}

#[test]
fn an_agent_who_gives_up_while_the_customer_rings_has_cancelled() {
    let story = Story::of(Kind::Outbound)
        .at(0, What::CallStarted)
        .at(0, What::AgentRinging { agent: 0 })
        .at(5, What::AgentAnswered { agent: 0 })
        .at(5, What::CustomerRinging)
        .over(12, 0, Side::Agent, None);
    let record = record(&story);
    assert_eq!([&record["status"], &record["failureReason"]], ["CUSTOMER_NO_ANSWER", "cancel"]);
    assert_eq!((&record["sipCode"], &record["hangUpSide"]), (&487.into(), &"AGENT".into()));
}

#[test]
fn every_call_type_is_in_its_record() {
    for (kind, call_type) in [
        (Kind::Outbound, "dialout"),
        (Kind::Inbound, "incoming"),
        (Kind::Predictive, "autoDialout"),
        (Kind::Webcall, "webcall"),
        (Kind::Preview, "previewDialout"),
    ] {
        let record = record(&Story::of(kind).at(0, What::CallStarted).over(3, 0, Side::Customer, None));
        assert_eq!(record["callType"], call_type);
        let line = if kind == Kind::Inbound { ["01081400192", ""] } else { ["", "01081400192"] };
        assert_eq!([&record["trunkNumber"], &record["displayNumber"]], line);
        assert_eq!(record["taskId"], if kind == Kind::Predictive { "12" } else { "" });
    }
}

#[test]
fn a_caller_who_leaves_the_menu_or_the_queue_has_no_agent() {
    let menu = What::IvrEntered { name: Some("售后".into()), variables: Vec::new(), recorded: false };
    let story = Story::of(Kind::Inbound).at(0, What::CallStarted).at(1, menu).over(9, 0, Side::Customer, None);
    let left = record(&story);
    assert_eq!([&left["status"], &left["ivrName"], &left["joinQueueTime"]], ["IVR", "售后", ""]);
    assert_eq!(left["ivrTime"], "2021-05-08 14:39:33");
    assert_eq!(left.get("failureReason"), None);

    let story = Story::of(Kind::Inbound).at(0, What::CallStarted).at(4, What::Queued { queue: Some(0) });
    let left = record(&story.over(34, 0, Side::Customer, None));
    assert_eq!([&left["status"], &left["queueNumber"], &left["queueName"]], ["QUEUE_ABANDON", "8001", "销售"]);
    assert_eq!((&left["waitDuration"], &left["failureReason"]), (&30.into(), &"cancel".into()));
    for key in ["agentNumber", "agentName", "agentId", "agentTelNumber", "agentCountry", "loginType"] {
        assert_eq!(left[key], "", "{key}");
    }
}

#[test]
fn an_answered_inbound_call_waited_in_the_queue() {
    let record = record(&Story::of(Kind::Inbound).inbound_talk().over(60, 0, Side::Customer, None));
    assert_eq!(record["status"], "ANSWER");
    assert_eq!([&record["waitDuration"], &record["customerRingDuration"], &record["bridgeDuration"]], [8, 0, 50]);
    assert_eq!([&record["customerStartTime"], &record["hangUpSide"]], ["", "CUSTOMER"]);
}

#[test]
fn an_agent_who_misses_a_caller_is_named() {
    let story = Story::of(Kind::Inbound)
        .at(0, What::CallStarted)
        .at(0, What::Queued { queue: None })
        .at(1, What::AgentRinging { agent: 1 })
        .at(16, What::AgentMissed { agent: 1, cause: None })
        // A reservation that never rang does not take the place of the agent who did.
        .at(17, What::AgentLocked { agent: 0 })
        .over(20, 0, Side::System, None);
    let record = record(&story);
    assert_eq!([&record["status"], &record["failureReason"]], ["AGENT_NO_ANSWER", "requestTimeout"]);
    assert_eq!([&record["agentNumber"], &record["hangUpSide"]], ["20002", "SYSTEM"]);
    assert_eq!(record["sipCode"], 480);
}

#[test]
fn a_predictive_customer_who_waits_in_vain_abandons_the_queue() {
    let story = |answered: bool| {
        let story = Story::of(Kind::Predictive).at(0, What::CallStarted).at(0, What::CustomerRinging);
        let story = if answered {
            story.at(5, What::CustomerAnswered).at(5, What::Queued { queue: None })
        } else {
            story.at(5, What::CustomerMissed(Cause::PoweredOff))
        };
        record(&story.over(8, 0, Side::Customer, None))
    };
    assert_eq!(story(true)["status"], "QUEUE_ABANDON");
    assert_eq!([&story(false)["status"], &story(false)["failureReason"]], ["CUSTOMER_NO_ANSWER", "serviceUnavailable"]);
}

#[test]
fn a_survey_delays_the_record_and_ends_the_call() {
    let story = Story::of(Kind::Inbound)
        .inbound_talk()
        .at(60, What::HungUp { side: Side::Agent, cause: None })
        .at(60, What::SurveyStarted)
        .at(66, What::SurveyAnswered { keys: "5".into() })
        .at(66, What::Released)
        .at(66, What::Ended);
    let record = record(&story);
    assert_eq!(record["satisfyKeys"], serde_json::json!(["5"]));
    assert_eq!([&record["satisfyDuration"], &record["totalDuration"], &record["bridgeDuration"]], [6, 66, 50]);
    assert_eq!(record["satisfyIvrId"].as_str().unwrap().len(), 24);
    assert_eq!(story.lines().last().unwrap(), "67 cdr 20001 ANSWER");
}

#[test]
fn a_message_is_a_recording_of_its_own() {
    let story = Story::of(Kind::Inbound)
        .at(0, What::CallStarted)
        .at(0, What::Queued { queue: None })
        .at(30, What::VoicemailStarted)
        .at(50, What::VoicemailLeft)
        .over(50, 0, Side::Customer, None);
    let record = record(&story);
    assert_eq!([&record["recordType"], &record["recordFileUrl"]], ["voiceMail", ""]);
    assert_eq!([&record["recordingDuration"], &record["waitDuration"]], [20, 30]);
    assert!(record["voiceMailUrl"].as_str().unwrap().starts_with("http://127.0.0.1:9/recordings/2000"));
}

#[test]
fn recordings_are_two_tracks_or_one_or_none() {
    let talk = || Story::of(Kind::Outbound).outbound_talk().over(15, 0, Side::Agent, None);
    let one = record(&talk().text("record_type", "normal"));
    assert_eq!([&one["recordType"], &one["agentFileUrl"], &one["customerFileUrl"]], ["normal", "", ""]);
    assert!(one["recordFileUrl"].as_str().unwrap().ends_with("-normal.mp3"));
    let mut silent = talk();
    silent.cast.recorded = false;
    let none = record(&silent);
    assert_eq!([&none["recordType"], &none["recordFileUrl"], &none["voiceMailUrl"]], ["", "", ""]);
    assert_eq!(none["recordingDuration"], 0);
}

#[test]
fn the_second_call_of_a_transfer_names_the_first() {
    for kind in [Advanced::Transfer, Advanced::Intercept] {
        let bob = Party::Agent(1);
        let joined = What::Joined { kind, from: 0, with: bob, rang_at: moment(20) };
        let ended = What::AdvancedEnded { kind, with: bob, outcome: Outcome::Succeeded, grown: Some(1) };
        let records = Story::of(Kind::Outbound)
            .outbound_talk()
            .at(20, What::AdvancedStarted { kind, with: bob })
            .at(25, ended)
            .over(25, 0, Side::Agent, None)
            .on(25, 1, joined)
            .over(40, 1, Side::Customer, None)
            .records();
        records.iter().for_each(assert_formulas);
        assert_eq!([&records[0]["status"], &records[1]["status"]], ["CALL_TRANSFER", "ANSWER"]);
        assert_eq!(records[0].get("relativeCallUniqueId"), None);
        assert_eq!(records[1]["relativeCallUniqueId"], records[0]["callUniqueId"]);
        // The time part of an id is the start of its call, here 20 seconds apart.
        let time = |record: &Value| record["callUniqueId"].as_str().unwrap().parse::<u64>().unwrap() >> 22;
        assert_eq!(time(&records[1]) - time(&records[0]), 20_000);
        assert_eq!(records[1]["startTime"], "2021-05-08 14:39:52");
        assert_eq!(records[1]["billCalls"].as_array().unwrap().len(), 1);
    }
}

#[test]
fn every_line_has_sixteen_parts() {
    let mut stories = vec![
        Story::of(Kind::Outbound).outbound_talk().over(15, 0, Side::Agent, None),
        Story::of(Kind::Inbound).inbound_talk().over(15, 0, Side::Agent, None),
        customer_missed(Cause::Busy),
    ];
    stories[1].cast.customer.number_kind = crate::call::NumberKind::Landline;
    for story in &stories {
        let record = record(story);
        let lines = record["billCalls"].as_array().unwrap();
        assert_eq!(lines.len(), 2);
        assert!(lines.iter().all(|line| line.as_str().unwrap().split('|').count() == 16), "{lines:#?}");
    }
}

#[test]
fn a_customer_who_is_known_has_a_name() {
    let story = Story::of(Kind::Outbound).outbound_talk().over(15, 0, Side::Agent, None);
    assert_eq!(record(&story)["customerName"], "");
    assert_eq!(record(&story.set("customer_known", OptionValue::Switch(true)))["customerName"], "王芳");
}
