//! A call is one consistent story: over many seeds, every shipped scenario and every vendor, the bodies agree with each other.

use crate::support::plans::{plan, shipped, start};
use ringback::plan::Plan;
use ringback::vendors;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// How many seeds every scenario is planned with.
const SEEDS: u64 = 20;

/// Every plan of a vendor, over all shipped scenarios and many seeds.
fn plans(vendor: &str) -> impl Iterator<Item = Plan> {
    let scenarios = shipped();
    (0..SEEDS)
        .flat_map(move |seed| scenarios.iter().filter_map(|scenario| plan(scenario, vendor, seed)).collect::<Vec<_>>())
}

struct Body {
    push: String,
    told: String,
    json: Value,
}

impl Body {
    fn text(&self, field: &str) -> Option<&str> {
        self.json.get(field)?.as_str().filter(|text| !text.is_empty())
    }

    fn number(&self, field: &str) -> Option<i64> {
        self.json.get(field)?.as_i64()
    }

    /// The second of a time in any of the vendors' formats; all of them are Beijing's.
    fn second(&self, field: &str) -> Option<i64> {
        let text = self.text(field)?;
        if text.bytes().all(|byte| byte.is_ascii_digit()) {
            return text.parse().ok();
        }
        let civil = text.replace('T', " ").get(..19)?.parse::<jiff::civil::DateTime>().ok()?;
        let beijing = jiff::tz::TimeZone::fixed(jiff::tz::offset(8));
        Some(beijing.to_timestamp(civil).ok()?.as_second())
    }
}

fn bodies(plan: &Plan) -> Vec<Body> {
    plan.deliveries
        .iter()
        .map(|delivery| Body {
            push: delivery.push.clone(),
            told: format!("{} of {} with seed {}", delivery.push, plan.scenario, plan.seed),
            json: delivery.request.content().expect("fields"),
        })
        .collect()
}

/// Times that are known must not run backwards in this order.
fn in_order(body: &Body, fields: &[&str]) {
    let known: Vec<(&str, i64)> =
        fields.iter().filter_map(|field| body.second(field).map(|second| (*field, second))).collect();
    for pair in known.windows(2) {
        assert!(pair[0].1 <= pair[1].1, "{}: {} is after {}", body.told, pair[0].0, pair[1].0);
    }
}

fn difference(body: &Body, duration: &str, from: &str, to: &str) {
    if let (Some(from_second), Some(to_second)) = (body.second(from), body.second(to)) {
        assert_eq!(
            body.number(duration),
            Some(to_second - from_second),
            "{}: {duration} is not {to} - {from}",
            body.told
        );
    }
}

#[test]
fn udesk_tells_one_call_with_one_end_for_each_conversation() {
    for plan in plans("udesk") {
        let bodies = bodies(&plan);
        let calls: BTreeSet<_> = bodies.iter().map(|body| body.text("call_id")).collect();
        assert_eq!(calls.len(), 1, "{} with seed {}: one call has one call_id", plan.scenario, plan.seed);

        let mut ends: BTreeMap<i64, u32> = BTreeMap::new();
        for body in &bodies {
            let conversation = body.number("conversation_id").expect("every push names its conversation");
            let ended = ends.entry(conversation).or_default();
            assert_eq!(*ended, 0, "{}: a push after the conversation's `end`", body.told);
            *ended += u32::from(body.text("occasion") == Some("end"));
        }
        assert!(ends.values().all(|ends| *ends == 1), "{} with seed {}: {ends:?}", plan.scenario, plan.seed);
    }
}

#[test]
fn udesk_times_run_forwards_and_durations_are_their_differences() {
    for plan in plans("udesk") {
        let mut latest = i64::MIN;
        for body in bodies(&plan) {
            let timestamp = body.second("timestamp").expect("every push has its time");
            assert!(timestamp >= latest, "{}: the time of the push runs backwards", body.told);
            latest = timestamp;

            in_order(
                &body,
                &["call_start_at", "customer_ring_at", "customer_answer_at", "customer_hangup_at", "timestamp"],
            );
            in_order(&body, &["call_start_at", "agent_ring_at", "agent_answer_at", "agent_hangup_at", "timestamp"]);
            in_order(&body, &["call_start_at", "created_at"]);
            if body.text("occasion") == Some("end") && body.text("category") != Some("consult") {
                difference(&body, "total_time", "customer_answer_at", "customer_hangup_at");
            }
            // The side that rings: the agent of a call from outside, the customer of a call from the centre.
            if body.text("occasion") == Some("end") && body.text("category") == Some("normal") {
                let side = if body.text("workflow") == Some("in") { "agent" } else { "customer" };
                difference(&body, "ring_time", &format!("{side}_ring_at"), &format!("{side}_answer_at"));
            }
        }
    }
}

#[test]
fn udesk_records_and_surveys_only_what_was_answered() {
    let mut recorded = 0;
    let mut surveyed = 0;
    for plan in plans("udesk") {
        for body in bodies(&plan) {
            let answered = body.text("customer_answer_at").is_some() || body.text("agent_answer_at").is_some();
            if body.text("record_url").is_some() {
                assert!(answered, "{}: recorded without an answer", body.told);
                let ended = matches!(body.text("occasion"), Some("end" | "end_info"));
                assert!(ended, "{}: recorded before the end", body.told);
                recorded += 1;
            }
            if body.text("survey").is_some_and(|survey| survey != "未评价") {
                let ended = matches!(body.text("occasion"), Some("end" | "end_info"));
                assert!(answered && ended, "{}: surveyed too early", body.told);
                surveyed += 1;
            }
        }
    }
    assert!(recorded > 0 && surveyed > 0, "the shipped scenarios record ({recorded}) and survey ({surveyed})");
}

/// The part of a 7moor call id that is a time: the vendor's epoch is known to the second only.
fn snowflake_second(id: &str) -> i64 {
    const EPOCH_MS: i64 = 1_524_291_141_000;
    ((id.parse::<i64>().expect("a call id of digits") >> 22) + EPOCH_MS) / 1000
}

#[test]
fn moor7_ids_hold_through_a_call_and_tell_its_start() {
    for plan in plans("7moor") {
        let bodies = bodies(&plan);
        let mut events = BTreeSet::new();
        for body in &bodies {
            let event =
                body.text("eventUniqueId").or_else(|| body.text("uniqueId")).expect("every push has an event id");
            assert!(event.len() == 32 && events.insert(event.to_owned()), "{}: event id {event}", body.told);
        }
        let records: BTreeMap<&str, &Body> = bodies
            .iter()
            .filter(|body| body.push == "7moor:cdr")
            .map(|body| (body.text("callUniqueId").expect("a CDR names its call"), body))
            .collect();
        for (id, record) in &records {
            // The time in it needs a 19th digit from November 2025 on.
            assert_eq!(id.len(), 19, "{}: {id}", record.told);
            let started = record.second("startTime").expect("a CDR has its start");
            assert!((snowflake_second(id) - started).abs() <= 1, "{}: {id} does not tell {started}", record.told);
        }
        // A third party that never answers has had a ring, but no call.
        for body in bodies.iter().filter(|body| body.push == "7moor:link") {
            let id = body.json["content"]["superUniqueId"].as_str().expect("a link names its call");
            assert!(records.contains_key(id), "{}: call {id} has no CDR", body.told);
        }
    }
}

#[test]
fn moor7_state_times_run_forwards() {
    for plan in plans("7moor") {
        let mut latest = i64::MIN;
        for body in bodies(&plan) {
            let inner = body.json.get("content").cloned().map(|json| Body {
                json,
                push: String::new(),
                told: body.told.clone(),
            });
            let time = body.second("statusTime").or_else(|| inner?.second("statusTime"));
            if let Some(time) = time {
                assert!(time >= latest, "{}: statusTime runs backwards", body.told);
                latest = time;
            }
        }
    }
}

#[test]
fn moor7_records_hold_the_vendors_formulas() {
    let mut answered = 0;
    for plan in plans("7moor") {
        for body in bodies(&plan).iter().filter(|body| body.push == "7moor:cdr") {
            in_order(
                body,
                &[
                    "startTime",
                    "agentStartTime",
                    "agentAnswerTime",
                    "bridgeTime",
                    "hangupTime",
                    "endTime",
                    "createTime",
                    "saveTime",
                ],
            );
            in_order(body, &["startTime", "customerStartTime", "customerAnswerTime", "bridgeTime", "hangupTime"]);
            in_order(body, &["startTime", "ivrTime", "joinQueueTime", "hangupTime"]);
            in_order(body, &["hangupTime", "satisfyStartTime", "satisfyEndTime", "endTime"]);
            difference(body, "totalDuration", "startTime", "endTime");
            difference(body, "bridgeDuration", "bridgeTime", "hangupTime");
            difference(body, "agentRingDuration", "agentStartTime", "agentAnswerTime");
            difference(body, "satisfyDuration", "satisfyStartTime", "satisfyEndTime");
            let inbound = body.text("callType") == Some("incoming");
            if inbound {
                assert_eq!(body.number("customerRingDuration"), Some(0), "{}", body.told);
            } else {
                difference(body, "customerRingDuration", "customerStartTime", "customerAnswerTime");
            }
            let ended = body.second("satisfyEndTime").or_else(|| body.second("hangupTime"));
            assert_eq!(body.second("endTime"), ended, "{}: endTime", body.told);

            let bridged = body.text("bridgeTime").is_some();
            assert_eq!(
                matches!(body.text("status"), Some("ANSWER" | "CALL_TRANSFER")),
                bridged,
                "{}: the status agrees with whether anybody talked",
                body.told
            );
            assert!(body.text("failureReason").is_none() || !bridged, "{}: answered and failed", body.told);
            if body.text("recordFileUrl").is_some() {
                assert!(bridged, "{}: recorded without an answer", body.told);
            }
            if body.json["satisfyKeys"].as_array().is_some_and(|keys| !keys.is_empty()) {
                assert!(bridged, "{}: surveyed without an answer", body.told);
            }
            answered += u32::from(bridged);
        }
    }
    assert!(answered > 0);
}

/// The messages of every push of a chat, in order.
fn messages(plan: &Plan) -> Vec<Value> {
    let of = |body: Body| body.json["messages"].as_array().cloned().unwrap_or_default();
    bodies(plan).into_iter().flat_map(of).collect()
}

#[test]
fn huawei_tells_one_chat_of_one_customer_that_ends_once_and_last() {
    let mut chats = 0;
    for plan in plans("huawei-cec") {
        let told = format!("{} with seed {}", plan.scenario, plan.seed);
        let messages = messages(&plan);
        let Some(first) = messages.first() else { continue };
        chats += 1;
        for message in &messages {
            assert_eq!((&message["from"], &message["to"]), (&first["from"], &first["to"]), "{told}");
        }
        let ends = messages.iter().filter(|message| message["controlType"] == "DISCONNECT").count();
        let last = messages.last().map(|message| message["controlType"].clone());
        assert_eq!((ends, last), (1, Some("DISCONNECT".into())), "{told}");

        let agent_speaks = |message: &Value| message["sourceType"] == "AGENT" && message["controlType"] == "CHAT";
        let connected = messages.iter().position(|message| {
            message["controlType"] == "CONNECT" || message.as_object().is_some_and(|keys| keys.contains_key("callId"))
        });
        if let Some(spoke) = messages.iter().position(agent_speaks) {
            assert!(connected.is_some_and(|connected| connected < spoke), "{told}: an agent speaks before coming");
        }
    }
    assert!(chats > 0);
}

#[test]
fn huawei_times_run_forwards_and_no_message_is_younger_than_its_push() {
    for plan in plans("huawei-cec") {
        let mut latest = i64::MIN;
        for body in bodies(&plan) {
            let Some(sent) = body.number("timestamp") else { continue };
            for message in body.json["messages"].as_array().expect("messages") {
                let said = message["timestamp"].as_i64().expect("a time");
                assert!(latest <= said && said <= sent, "{}: {latest} {said} {sent}", body.told);
                latest = said;
            }
        }
    }
}

#[test]
fn huawei_ids_of_messages_come_once() {
    for plan in plans("huawei-cec") {
        let (mut codes, mut read) = (BTreeSet::new(), BTreeSet::new());
        for message in messages(&plan) {
            if let Some(code) = message["messageCode"].as_str() {
                assert!(codes.insert(code.to_owned()), "{}: {code} comes twice", plan.scenario);
            }
            if message["controlType"] == "READ" {
                for id in message["content"].as_str().expect("ids").split(',') {
                    assert!(!id.is_empty() && read.insert(id.to_owned()), "{}: {id} is read twice", plan.scenario);
                }
            }
        }
    }
}

#[test]
fn huawei_calls_are_released_once_with_durations_that_are_differences() {
    let mut connected = 0;
    for plan in plans("huawei-cec") {
        let bodies = bodies(&plan);
        let named = |name: &str| bodies.iter().filter(|body| body.push == format!("huawei-cec:{name}")).count();
        if bodies.iter().all(|body| body.text("callSerialNo").is_none()) {
            continue;
        }
        assert_eq!(named("callRelease"), 1, "{} with seed {}", plan.scenario, plan.seed);
        let serials: BTreeSet<_> = bodies.iter().map(|body| body.text("callSerialNo")).collect();
        assert_eq!(serials.len(), 1, "{} with seed {}", plan.scenario, plan.seed);

        let release = bodies.last().expect("a release");
        let ms = |field: &str| release.text(field).and_then(|ms| ms.parse::<i64>().ok());
        for times in [
            ["createCallTime", "alertingTime", "talkingTime", "releaseTime"],
            ["createCallTime", "agentAlertingTime", "agentTalkingTime", "agentReleaseTime"],
        ] {
            let known: Vec<i64> = times.iter().filter_map(|field| ms(field)).collect();
            assert!(known.windows(2).all(|pair| pair[0] <= pair[1]), "{}: {times:?}", release.told);
        }
        for (duration, from, to) in [
            ("talkDuration", "talkingTime", "releaseTime"),
            ("agentTalkDuration", "agentTalkingTime", "agentReleaseTime"),
        ] {
            let seconds = ms(from).zip(ms(to)).map_or(0, |(from, to)| to / 1000 - from / 1000);
            assert_eq!(ms(duration), Some(seconds), "{}: {duration}", release.told);
        }
        let talked = ms("talkingTime").is_some() && ms("agentTalkingTime").is_some();
        assert_eq!(named("callConnect"), usize::from(talked), "{}", release.told);
        assert!(release.text("recordfile").is_none() || talked, "{}: recorded without an answer", release.told);
        connected += named("callConnect");
    }
    assert!(connected > 0);
}

#[test]
fn tpns_records_follow_the_life_of_a_task() {
    let mut statuses = BTreeSet::new();
    let mut targets = BTreeSet::new();
    for plan in plans("tpns") {
        assert!(plan.deliveries.is_empty() && !plan.records.is_empty(), "{}", plan.scenario);
        let mut tasks: BTreeMap<&str, Vec<Value>> = BTreeMap::new();
        for kept in &plan.records {
            let told = format!("{} with seed {}", plan.scenario, plan.seed);
            tasks.entry(&kept.record.id).or_default().push(kept.record.content.to_json());
            let content = Body { push: String::new(), told, json: kept.record.content.to_json() };
            assert_eq!(content.text("pushId"), Some(kept.record.id.as_str()));
            assert_eq!(content.second("date"), Some(kept.record.at.as_second()), "{}: date", content.told);
            assert!(
                content.number("createTime") <= content.second("date"),
                "{}: pushed before it was made",
                content.told
            );
            statuses.insert(content.json["status"].to_string());
            targets.insert(content.json["pushType"].to_string());
        }
        for versions in tasks.values() {
            assert_eq!(versions[0]["status"], "PUSH_INIT");
            for same in ["createTime", "title", "content", "pushType", "targetList", "tagSet", "pushConfig"] {
                assert!(versions.iter().all(|version| version[same] == versions[0][same]), "{same}");
            }
        }
    }
    assert_eq!((statuses.len(), targets.len()), (10, 5), "every status and every target: {statuses:?} {targets:?}");
}

/// The epoch in a TiNet id such as `sip-33-1774822127.355`: the node before it may contain dashes.
fn epoch(id: &str) -> i64 {
    let (before, _sequence) = id.rsplit_once('.').expect("a sequence behind a dot");
    before.rsplit_once('-').expect("an epoch behind a dash").1.parse().expect("an epoch of digits")
}

#[test]
fn tinet_ids_times_and_statuses_agree() {
    let mut records = 0;
    // The scenario of a customer's own actions has field names of its own.
    for plan in plans("tinet").filter(|plan| plan.scenario != "push-actions") {
        let bodies = bodies(&plan);
        let mains: BTreeSet<_> = bodies
            .iter()
            .filter_map(|body| body.text("mainUniqueId").or_else(|| body.text("cdr_main_unique_id")))
            .collect();
        assert!(mains.len() <= 1, "{} with seed {}: one call has one main id", plan.scenario, plan.seed);
        for body in &bodies {
            let all_texts = body.json.as_object().expect("an object").values().all(Value::is_string);
            assert!(all_texts, "{}: every value is a text", body.told);
            if let Some(milliseconds) = body.second("timeInMillis") {
                assert_eq!(body.second("time"), Some(milliseconds.div_euclid(1000)), "{}", body.told);
            }
            let Some(status) = body.second("cdr_status") else { continue };
            records += 1;
            assert_eq!(body.text("cdr_main_unique_id").map(epoch), body.second("cdr_start_time"), "{}", body.told);
            in_order(body, &["cdr_start_time", "cdr_answer_time", "cdr_bridge_time", "cdr_end_time"]);
            in_order(body, &["cdr_start_time", "cdr_join_queue_time", "cdr_bridge_time"]);
            let of_kind = match body.text("cdr_call_type") {
                Some("1") => 1..=13,
                Some("2") => 20..=24,
                Some("4") => 30..=33,
                Some("5") => 40..=43,
                Some("6") => 50..=52,
                other => panic!("{}: call type {other:?}", body.told),
            };
            assert!(of_kind.contains(&status), "{}: status {status}", body.told);
            let bridged = [1, 24, 33, 43, 52].contains(&status);
            assert_eq!(body.text("cdr_bridge_time").is_some(), bridged, "{}: status {status}", body.told);
            assert_eq!(body.push == "tinet:7", status < 20, "{}: status {status}", body.told);
        }
    }
    assert!(records > 0);
}

#[test]
fn everything_starts_at_the_given_time() {
    for vendor in vendors::ALL {
        for plan in plans(vendor.id()) {
            assert_eq!(plan.start, start());
            assert!(plan.deliveries.windows(2).all(|pair| pair[0].offset <= pair[1].offset), "{}", plan.scenario);
        }
    }
}
