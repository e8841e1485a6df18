//! Which pushes each flow causes, in which order.

use super::*;
use std::collections::BTreeSet;

#[test]
fn a_callback_is_told_in_the_pages_order() {
    for kind in [Kind::Outbound, Kind::Preview] {
        let bodies = play(kind, &[], callback());
        assert_eq!(occasions(&bodies), ["agent_answer", "customer_answer", "hangup", "end"]);
        assert!(bodies.iter().all(|body| body["workflow"] == "out_callback"));
    }
}

#[test]
fn a_callback_that_fails_is_told_as_far_as_it_got() {
    let bodies = play(Kind::Outbound, &[], unreached(Kind::Outbound, Cause::Busy));
    assert_eq!(occasions(&bodies), ["agent_answer", "hangup", "end"]);
    assert_eq!(bodies[2]["call_result"], "客户未接");
    assert_eq!((&bodies[2]["total_time"], &bodies[2]["ring_time"]), (&0.into(), &10.into()));
    let no_agent = vec![
        (0, 0, What::CallStarted),
        (0, 0, What::AgentRinging { agent: ANN }),
        (30, 0, What::AgentMissed { agent: ANN, cause: Some(Cause::NoAnswer) }),
        (30, 0, What::HungUp { side: Side::Agent, cause: Some(Cause::NoAnswer) }),
        (30, 0, What::Released),
        (30, 0, What::Ended),
    ];
    let bodies = play(Kind::Outbound, &[switched_on("defeat_cause")], no_agent);
    assert_eq!(occasions(&bodies), ["end"]);
    assert_eq!(bodies[0]["call_result"], "客服未接");
    assert_eq!(bodies[0]["agent_nick_name"], "安");
    assert_eq!(bodies[0]["ring_time"], 30);
    for absent in ["defeat_cause", "customer_ring_at", "customer_hangup_at", "survey", "record_url", "note_id"] {
        assert_eq!(bodies[0][absent], Value::Null, "{absent}");
    }
}

#[test]
fn an_inbound_call_is_told_in_the_pages_order() {
    let bodies = play(Kind::Inbound, &[], inbound());
    assert_eq!(occasions(&bodies), ["enqueue_succ", "agent_incall", "hangup", "end"]);
    let bodies = play(Kind::Inbound, &[switched_on("agent_lock")], inbound());
    assert_eq!(occasions(&bodies), ["enqueue_succ", "agent_lock", "agent_incall", "hangup", "end"]);
    assert_eq!(bodies[4]["total_time"], 60);
    assert_eq!(bodies[4]["queue_time"], 7);
    assert_eq!(bodies[4]["ring_time"], 5);
}

#[test]
fn an_agent_who_rang_in_vain_is_gone_from_the_next_push() {
    let bodies = play(Kind::Inbound, &[switched_on("agent_lock")], multi_ring());
    assert_eq!(
        occasions(&bodies),
        ["enqueue_succ", "agent_lock", "agent_breakout", "agent_lock", "agent_incall", "hangup", "end"]
    );
    let (breakout, lock, end) = (&bodies[2], &bodies[3], &bodies[6]);
    assert_eq!((&breakout["agent_nick_name"], &breakout["multi_ring_count"]), (&"安".into(), &1.into()));
    assert_eq!((&lock["agent_nick_name"], &lock["agent_ring_at"]), (&"博".into(), &Value::Null));
    assert_eq!((&end["agent_nick_name"], &end["multi_ring_count"]), (&"博".into(), &1.into()));
    assert_eq!(end["agent_ring_at"], "2024-03-05T10:00:22.000+08:00");
    assert_eq!(end["relevant_agent"], serde_json::json!(["博"]));
}

#[test]
fn who_gives_up_in_the_queue_met_no_agent() {
    let waiting = vec![(0, 0, What::CallStarted), (8, 0, What::Queued { queue: None })];
    let mut rung = served();
    rung.truncate(4);
    rung.push((20, 0, What::AgentMissed { agent: ANN, cause: None }));
    for script in [waiting, rung.clone()] {
        let bodies = play(Kind::Inbound, &[], joined(script, over(40, 0, Side::Customer)));
        let end = bodies.last().expect("an end");
        assert_eq!(occasions(&bodies)[occasions(&bodies).len() - 2..], ["hangup", "end"]);
        assert_eq!((&end["call_result"], &end["drop_side"]), (&"排队放弃".into(), &"客户".into()));
        assert_eq!((&end["queue_statue"], &end["queue_time"]), (&"排队放弃".into(), &32.into()));
        for absent in ["agent_id", "agent_email", "agent_ring_at", "agent_hangup_at", "device_info", "record_url"] {
            assert_eq!(end[absent], Value::Null, "{absent}");
        }
    }
    rung.pop();
    let bodies = play(Kind::Inbound, &[], joined(rung, over(40, 0, Side::Customer)));
    assert_eq!(bodies[2]["call_result"], "客服未接");
    assert_eq!(bodies[2]["agent_nick_name"], "安");
}

#[test]
fn a_call_that_reaches_nobody_has_an_end_only() {
    let menu = |variables: Vec<(String, String)>| What::IvrEntered { name: None, variables, recorded: true };
    let start = vec![
        (0, 0, What::CallStarted),
        (0, 0, menu(vec![("aa".into(), "11".into()), ("bb".into(), "22".into())])),
        (4, 0, What::KeysPressed("12".into())),
    ];
    let bodies = play(Kind::Inbound, &[], joined(start.clone(), over(9, 0, Side::Customer)));
    assert_eq!(occasions(&bodies), ["end"]);
    assert_eq!((&bodies[0]["ivr_time"], &bodies[0]["ivr_variables"]), (&9.into(), &"aa:11,bb:22".into()));
    assert_eq!((&bodies[0]["call_result"], &bodies[0]["dtmf"]), (&"IVR放弃".into(), &"12".into()));
    assert!(bodies[0]["ivr_record_urls"][0]["id"].is_u64());
    let mut message = start;
    message.extend([(9, 0, What::IvrLeft), (9, 0, What::VoicemailStarted), (29, 0, What::VoicemailLeft)]);
    let bodies = play(Kind::Inbound, &[], joined(message, over(29, 0, Side::Customer)));
    assert_eq!(occasions(&bodies), ["end"]);
    assert_eq!(bodies[0]["is_leave_message"], true);
    assert!(bodies[0]["record_url"].is_string());
    assert_eq!(bodies[0]["survey"], Value::Null);
}

#[test]
fn an_automatic_call_begins_with_its_task() {
    let mut cast = cast(Subject::Call(Kind::Predictive));
    cast.tasks.push(Task { key: "spring".into(), id: text("12"), name: text("春季") });
    let mut script = predictive();
    script[1].2 = What::TaskTaken { task: 1 };
    let bodies = tell(&cast, &settings(&[]), script);
    assert_eq!(occasions(&bodies), ["begin", "customer_answer", "enqueue_succ", "agent_incall", "hangup", "end"]);
    assert!(bodies.iter().all(|body| body["task_id"] == 12 && body["task_name"] == "春季"));
    assert_eq!(bodies[0]["customer_ring_at"], Value::Null);
    let bodies = play(Kind::Predictive, &[switched_on("defeat_cause")], unreached(Kind::Predictive, Cause::NoAnswer));
    assert_eq!(occasions(&bodies), ["begin", "end"]);
    assert_eq!(bodies[0]["customer_ring_at"], Value::Null);
    assert_eq!((&bodies[1]["task_id"], &bodies[1]["defeat_cause"]), (&7.into(), &"无人接听".into()));
}

#[test]
fn advanced_calls_are_told_in_both_conversations() {
    let tail = |kind| match kind {
        Advanced::Transfer => ("transfer", vec!["hangup", "end", "agent_incall", "hangup", "end_info", "end"]),
        Advanced::Intercept => ("substitute", vec!["hangup", "end", "agent_incall", "hangup", "end_info", "end"]),
        Advanced::Consult => ("consult", vec!["agent_incall", "end_info", "end", "hangup", "end"]),
        Advanced::Conference => ("third_party", vec!["agent_incall", "end_info", "end", "hangup", "end"]),
        Advanced::Listen => ("listening", vec!["agent_incall", "end_info", "end", "hangup", "end"]),
        Advanced::Whisper => ("whisper", vec!["agent_incall", "end_info", "end", "hangup", "end"]),
        Advanced::Barge => ("interpose", vec!["agent_incall", "end_info", "end", "hangup", "end"]),
    };
    for kind in KINDS {
        let (word, rest) = tail(kind);
        let bodies = play(Kind::Inbound, &[], advanced(kind, Party::Agent(SUP), Outcome::Succeeded));
        let (succeeded, failed) = (format!("{word}_succ"), format!("{word}_failed"));
        assert_eq!(occasions(&bodies)[..3], ["enqueue_succ", "agent_incall", &succeeded]);
        assert_eq!(occasions(&bodies)[3..], rest);
        let bodies = play(Kind::Inbound, &[], advanced(kind, Party::Agent(SUP), Outcome::Failed));
        assert_eq!(occasions(&bodies), ["enqueue_succ", "agent_incall", &failed, "hangup", "end"]);
    }
}

#[test]
fn a_grown_conversation_has_its_own_id_and_names_where_it_came_from() {
    let categories = [
        (Advanced::Transfer, "transfer", "transfer_outline"),
        (Advanced::Consult, "consult", "consult_outline"),
        (Advanced::Conference, "three_party", "three_party_outline"),
    ];
    let inside_only = [
        (Advanced::Listen, "listening"),
        (Advanced::Whisper, "listening"),
        (Advanced::Barge, "barge_in"),
        (Advanced::Intercept, "substitute"),
    ];
    let cases = categories
        .iter()
        .flat_map(|(kind, inside, outside)| {
            [(*kind, Party::Agent(BOB), *inside), (*kind, Party::Outsider(0), *outside)]
        })
        .chain(inside_only.iter().map(|(kind, word)| (*kind, Party::Agent(SUP), *word)));
    for (kind, with, category) in cases {
        let bodies = play(Kind::Inbound, &[], advanced(kind, with, Outcome::Succeeded));
        let first = &bodies[0];
        let info = bodies.iter().find(|body| body["occasion"] == "end_info").expect("an end_info");
        assert_eq!(info["category"], category);
        assert_eq!(info["call_id"], first["call_id"]);
        assert!(info["conversation_id"].as_u64() > first["conversation_id"].as_u64());
        assert_eq!(info["from_agent_id"], bodies[1]["agent_id"]);
        let outside = matches!(with, Party::Outsider(_));
        assert_eq!(info["outline_phone_number"].as_str(), outside.then_some("13700000000"));
        assert_eq!(info["agent_id"].is_null(), outside);
        // Who is consulted never met the customer, so the length is that of the agent's side.
        assert_eq!(info["total_time"], if kind == Advanced::Consult { 37 } else { 34 });
    }
}

#[test]
fn end_info_stands_where_the_setting_puts_it() {
    let told = |word: &str| {
        let given = [("end_info", OptionValue::Text(word.into()))];
        let bodies = play(Kind::Inbound, &given, advanced(Advanced::Listen, Party::Agent(SUP), Outcome::Succeeded));
        occasions(&bodies)[4..].join(" ")
    };
    assert_eq!(told("before_end"), "end_info end hangup end");
    assert_eq!(told("after_end"), "end end_info hangup end");
    assert_eq!(told("off"), "end hangup end");
}

/// Every flow of these tests, with everything enabled.
pub(super) fn every_flow() -> Vec<(Kind, Script)> {
    let mut flows = vec![
        (Kind::Outbound, callback()),
        (Kind::Outbound, unreached(Kind::Outbound, Cause::PoweredOff)),
        (Kind::Direct, unreached(Kind::Direct, Cause::Busy)),
        (Kind::Predictive, predictive()),
        (Kind::Predictive, unreached(Kind::Predictive, Cause::NoAnswer)),
        (Kind::Inbound, inbound()),
        (Kind::Inbound, multi_ring()),
    ];
    for kind in KINDS {
        for outcome in [Outcome::Succeeded, Outcome::Failed] {
            flows.push((Kind::Inbound, advanced(kind, Party::Agent(SUP), outcome)));
        }
    }
    flows
}

#[test]
fn all_24_occasions_are_reached_and_each_body_has_the_catalogues_keys() {
    let mut reached = BTreeSet::new();
    for (kind, script) in every_flow() {
        for body in play(kind, &[switched_on("agent_lock")], script) {
            let name = body["occasion"].as_str().expect("a text").to_owned();
            let fact = Udesk.pushes().iter().find(|push| push.name == name).expect("in the catalogue");
            let keys: Vec<&str> = body.as_object().expect("an object").keys().map(String::as_str).collect();
            let outer = fact.fields.iter().map(|field| field.name).filter(|name| !name.contains('.'));
            assert_eq!(keys, outer.collect::<Vec<_>>(), "{name}");
            reached.insert(name);
        }
    }
    let known: BTreeSet<String> = Udesk.pushes().iter().map(|push| push.name.to_owned()).collect();
    assert_eq!((known.len(), reached), (24, known));
}
