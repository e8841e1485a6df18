//! A call is one consistent story: over many seeds and every flow, ids, times and statuses agree with each other.

use super::*;
use std::collections::{BTreeMap, BTreeSet};

/// How many seeds every flow is told with.
const SEEDS: u64 = 15;

fn every_story() -> impl Iterator<Item = (String, Story)> {
    (0..SEEDS).flat_map(|seed| {
        let told = move |(name, story): (&str, Story)| (format!("{name} with seed {seed}"), Story { seed, ..story });
        every_flow().into_iter().map(told).collect::<Vec<_>>()
    })
}

/// Epoch and sequence of a unique id.
fn parts(id: &str) -> (i64, u64) {
    let (before, sequence) = id.rsplit_once('.').unwrap();
    let (node, epoch) = before.rsplit_once('-').unwrap();
    assert!(node.starts_with("sip-"), "{id}");
    (epoch.parse().unwrap(), sequence.parse().unwrap())
}

/// The one record of a call.
fn record(sent: &[Sent]) -> &Sent {
    let mut records = sent.iter().filter(|sent| ["7", "8"].contains(&sent.push.name));
    let record = records.next().unwrap();
    assert!(records.next().is_none(), "one call has one record");
    record
}

#[test]
fn ids_are_those_of_one_call_and_tell_when_its_legs_started() {
    for (name, story) in every_story() {
        let sent = story.sent();
        let record = record(&sent);
        let main = record.get("cdr_main_unique_id").unwrap();
        assert_eq!(Some(parts(main).0), record.second("cdr_start_time"), "{name}");
        let mut legs = BTreeMap::new();
        for push in &sent {
            for key in ["mainUniqueId", "cdr_main_unique_id"] {
                let known = push.get(key).unwrap_or_default();
                assert!(known.is_empty() || known == main, "{name}: {push:?}");
            }
            if let Some(id) = push.get("uniqueId").or(push.get("cdr_unique_id")) {
                let (epoch, sequence) = parts(id);
                legs.insert(sequence, epoch);
                if push.get("ringingTime").is_some() && push.push.name != "26" {
                    assert_eq!(epoch, second_of(story.start, push.offset), "{name}: a leg starts with its ring");
                }
            }
        }
        let epochs: Vec<i64> = legs.values().copied().collect();
        assert!(epochs.is_sorted(), "{name}: later legs have higher sequences");
        let kinds: BTreeSet<&str> =
            sent.iter().flat_map(|sent| [sent.get("callType"), sent.get("cdr_call_type")]).flatten().collect();
        assert_eq!(kinds.len(), 1, "{name}");
    }
}

fn second_of(start: Timestamp, offset: Duration) -> i64 {
    start.checked_add(offset).unwrap().as_second()
}

#[test]
fn agent_first_calls_have_the_agent_s_leg_as_main_leg() {
    for (name, story) in every_flow() {
        let agent_first = ["3", "26"].iter().find_map(|number| {
            let sent = story.sent();
            sent.into_iter().find(|sent| sent.push.name == *number)
        });
        let Some(ring) = agent_first else { continue };
        let same = ring.get("mainUniqueId") == ring.get("uniqueId");
        assert_eq!(same, ring.get("callType") != Some("5"), "{name}");
    }
}

#[test]
fn times_agree_with_each_other_and_with_the_moment() {
    for (name, story) in every_story() {
        for sent in story.sent() {
            let told = format!("{name}: {sent:?}");
            if sent.push.name == "9" {
                let milliseconds: i64 = sent.get("timeInMillis").unwrap().parse().unwrap();
                assert_eq!(sent.second("time"), Some(milliseconds.div_euclid(1000)), "{told}");
                let moment = story.start.checked_add(sent.offset).unwrap();
                assert_eq!(milliseconds, moment.as_millisecond(), "{told}");
            }
            if let Some(time) = sent.get("ringingTime") {
                assert_eq!((time.len(), &time[4..5], &time[10..11]), (19, "-", " "), "{told}");
            }
            for order in [
                &["cdr_start_time", "cdr_answer_time", "cdr_bridge_time", "cdr_end_time"][..],
                &["cdr_start_time", "cdr_join_queue_time", "cdr_bridge_time"],
                &["startTime", "endTime"],
            ] {
                let known: Vec<i64> = order.iter().filter_map(|name| sent.second(name)).collect();
                assert!(known.is_sorted(), "{told}");
            }
        }
    }
}

#[test]
fn a_status_agrees_with_the_kind_of_call_and_with_what_is_missing() {
    for (name, story) in every_story() {
        let sent = story.sent();
        let record = record(&sent);
        let status: u32 = record.get("cdr_status").unwrap().parse().unwrap();
        let range = match record.get("cdr_call_type").unwrap() {
            "1" => 1..=13,
            "2" => 20..=24,
            "4" => 30..=33,
            "5" => 40..=43,
            _ => 50..=52,
        };
        assert!(range.contains(&status), "{name}: {status}");
        assert_eq!(record.push.name == "7", status < 20, "{name}");
        let bridged = [1, 24, 33, 43, 52].contains(&status);
        assert_eq!(record.get("cdr_bridge_time").is_some(), bridged, "{name}: {status}");
        if status > 20 {
            let answered = [22, 23, 24, 33, 41, 42, 43, 52].contains(&status);
            assert_eq!(record.get("cdr_sip_cause") == Some("200"), answered, "{name}: {status}");
            let first_answered = answered || [31, 32, 50, 51].contains(&status);
            assert_eq!(record.get("cdr_answer_time").is_some(), first_answered, "{name}: {status}");
        }
        assert!(record.params.iter().all(|(_, value)| !value.is_empty()), "{name}: nothing is empty in a record");
    }
}

#[test]
fn recordings_bear_the_time_of_the_main_leg_and_only_follow_talk_messages_or_menus() {
    for (name, story) in every_story() {
        let sent = story.sent();
        let record = record(&sent);
        let recording = sent.iter().find(|sent| sent.push.name == "12");
        let file = record.get("cdr_record_file_1");
        assert_eq!(file, recording.and_then(|sent| sent.get("cdr_record_file_1")), "{name}");
        let Some(file) = file else { continue };
        let main = record.get("cdr_main_unique_id").unwrap();
        let beijing = jiff::tz::TimeZone::fixed(jiff::tz::offset(8));
        let started = beijing.to_datetime(Timestamp::from_second(parts(main).0).unwrap());
        assert!(file.contains(&started.strftime("-%Y%m%d%H%M%S-").to_string()), "{name}: {file}");
        assert!(file.ends_with(main), "{name}: {file}");
        assert_eq!(file.contains("-voicemail-"), name.starts_with("voicemail"), "{file}");
    }
}

#[test]
fn live_pushes_are_complete_and_late_ones_leave_out_what_is_missing() {
    let story = story(Kind::Webcall, reach(CUSTOMER).into_iter().chain([hang_up(CUSTOMER)]).collect());
    assert_eq!(story.only("16").params.len(), 9);
    let outbound = every_flow().remove(0).1;
    let ring = outbound.only("3");
    let fields = Tinet.pushes()[2].fields;
    assert_eq!(ring.params.len(), fields.len());
    assert_eq!((ring.get("hotline"), ring.get("qno"), ring.get("transferCno")), (Some(""), Some(""), Some("")));
    assert_eq!(outbound.only("8").get("cdr_queue"), None);
    assert_eq!(outbound.clone().text("missing", "empty").only("8").get("cdr_queue"), Some(""));
    assert_eq!(outbound.text("missing", "omit").only("3").get("qno"), None);
}

#[test]
fn transfers_name_who_hands_on_and_have_legs_of_their_own() {
    let transfer = |kind: &str| every_flow().into_iter().find(|(name, _)| *name == kind).unwrap().1.sent();
    for (flow, ring, bridge, detail) in [
        ("transfer", "2", "5", "102"),
        ("transfer of an outbound call", "2", "5", "202"),
        ("webcall transferred", "24", "25", "102"),
    ] {
        let sent = transfer(flow);
        let last = |number: &str| sent.iter().rfind(|sent| sent.push.name == number).unwrap().clone();
        let (ring, bridge) = (last(ring), last(bridge));
        assert_eq!((ring.get("cno"), ring.get("transferCno")), (Some("2002"), Some("2001")), "{flow}");
        assert_eq!((bridge.get("cno"), bridge.get("detailCallType")), (Some("2002"), Some(detail)), "{flow}");
        assert_ne!(ring.get("uniqueId"), ring.get("mainUniqueId"), "{flow}");
        let busy = sent.iter().find(|sent| sent.get("stateAction") == Some("busyTransfer")).unwrap();
        assert_eq!(busy.get("uniqueId"), ring.get("uniqueId"), "{flow}");
    }
}

#[test]
fn every_status_of_the_table_is_reached_but_that_of_the_colour_ring() {
    use Step::*;
    let refused = |cause| HangUp { by: Party::System, release_after: Duration::ZERO, cause: Some(cause) };
    let mut stories: Vec<Story> = every_flow().into_iter().map(|(_, story)| story).collect();
    for cause in [
        Cause::ServiceUnavailable,
        Cause::OutOfService,
        Cause::InArrears,
        Cause::Forbidden,
        Cause::NumberNotAssigned,
        Cause::NetworkBusy,
        Cause::Unknown,
    ] {
        stories.push(story(Kind::Inbound, vec![menu(false), wait(1), refused(cause)]));
    }
    stories.push(story(Kind::Webcall, vec![Ring(CUSTOMER), refused(Cause::ServiceUnavailable)]));
    stories.push(story(Kind::Outbound, [reach(ANN), vec![hang_up(ANN)]].concat()));
    stories.push(story(Kind::Direct, vec![Task(0), wait(1), hang_up(ANN)]));
    let reached: BTreeSet<u32> =
        stories.iter().map(|story| record(&story.sent()).get("cdr_status").unwrap().parse().unwrap()).collect();
    let expected: BTreeSet<u32> = (1..=13)
        .filter(|code| ![9, 10].contains(code))
        .chain(20..=24)
        .chain(30..=33)
        .chain(40..=43)
        .chain(50..=52)
        .collect();
    assert_eq!(reached, expected);
}
