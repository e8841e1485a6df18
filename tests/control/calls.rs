//! The calls of a run by the control API: what happens in them, how they are driven one after the other, and how a run is played
//! once more.

use super::board::Board;
use super::{udesk, with};
use serde_json::{Value, json};

/// What happens in the newest call of a run, as `who name: words`, and the whole answer.
async fn happenings(board: &Board, run: &str) -> (Vec<String>, Value) {
    let calls = board.read(&format!("/api/runs/{run}/calls")).await;
    let label = calls["calls"].as_array().unwrap().last().unwrap()["call"].as_str().unwrap().to_owned();
    let call = board.read(&format!("/api/runs/{run}/calls/{label}")).await;
    let told = call["happenings"].as_array().unwrap().iter().map(|happening| {
        let name = happening["name"].as_str().map(|name| format!(" {name}")).unwrap_or_default();
        format!("{}{name}: {}", happening["who"].as_str().unwrap(), happening["words"].as_str().unwrap())
    });
    (told.collect(), call)
}

#[tokio::test]
async fn a_call_tells_what_happens_in_it_whether_or_not_the_vendor_pushes_it() {
    let board = Board::start().await;
    let id = board.run(with(udesk(), json!({ "paused": true }))).await;
    let (told, call) = happenings(&board, &id).await;
    for expected in ["agent ann: ann's phone rings", "agent ann: ann answers", "customer: the customer answers"] {
        assert!(told.iter().any(|known| known == expected), "{expected}: {told:#?}");
    }
    assert_eq!(call["now_ms"], 0);
    assert!(call["deliveries"].as_u64().unwrap() < told.len() as u64, "udesk pushes less than what happens");
    let offsets: Vec<u64> =
        call["happenings"].as_array().unwrap().iter().map(|one| one["offset_ms"].as_u64().unwrap()).collect();
    assert!(offsets.is_sorted() && offsets.last() > Some(&80_000), "{offsets:?}");

    // A step by hand cuts off what was in store.
    board.told(&id, "next", json!({})).await;
    board.step(&id, "hangup: ann").await;
    let (driven, call) = happenings(&board, &id).await;
    assert!(driven.iter().any(|known| known == "agent: the agent's side hangs up"), "{driven:#?}");
    assert!(!driven.iter().any(|known| known.contains("survey")) && told.iter().any(|known| known.contains("survey")));
    assert_eq!(call["now_ms"], 5_000);
    board.told(&id, "pace", json!({ "pace": "fast" })).await;
    board.told(&id, "resume", json!({})).await;
    board.over(&id).await;
    let (after, call) = happenings(&board, &id).await;
    assert_eq!(after, driven);
    assert!(call.get("now_ms").is_none());
    board.end().await;
}

#[tokio::test]
async fn a_call_by_hand_is_told_before_anything_is_pushed() {
    let board = Board::start().await;
    let id = board.run(with(udesk(), json!({ "by_hand": true, "paused": true }))).await;
    let (told, call) = happenings(&board, &id).await;
    assert!(told.is_empty() && call["deliveries"] == 0 && call.get("first_ms").is_none(), "{call}");
    board.step(&id, "ring: ann").await;
    let (told, call) = happenings(&board, &id).await;
    assert_eq!(
        (told.last().map(String::as_str), &call["deliveries"]),
        (Some("agent ann: ann's phone rings"), &json!(0))
    );

    // Queues, and parties outside, have their names; the platform has none.
    let inbound = json!({ "scenario": "transfer", "vendor": "7moor", "seed": 7, "calls": 3 });
    let id = board.run(inbound).await;
    board.over(&id).await;
    let calls = board.read(&format!("/api/runs/{id}/calls")).await;
    assert_eq!(calls["calls"].as_array().unwrap().len(), 3);
    // Calls that nobody has driven are told again from the seed.
    for call in calls["calls"].as_array().unwrap() {
        let call = board.read(&format!("/api/runs/{id}/calls/{}", call["call"].as_str().unwrap())).await;
        let who = |role: &str, name: Option<&str>| {
            let is = |one: &Value| one["who"] == role && one["name"].as_str() == name;
            call["happenings"].as_array().unwrap().iter().any(is)
        };
        assert!(who("queue", Some("sales")) && who("agent", Some("bob")) && who("platform", None), "{call}");
    }
    board.end().await;
}

/// What was sent, without the address of the receiver.
fn sent(run: &Value) -> Vec<(Value, Value, Value, Value)> {
    let deliveries = run["deliveries"].as_array().unwrap().iter();
    let each = deliveries.flat_map(|kept| {
        let attempts = kept["attempts"].as_array().unwrap().iter();
        attempts.map(|tried| {
            (kept["delivery"].clone(), tried["offset_ms"].clone(), tried["headers"].clone(), tried["body"].clone())
        })
    });
    each.collect()
}

#[tokio::test]
async fn what_was_asked_for_plays_the_same_once_more() {
    let board = Board::start().await;
    let inbox = format!("http://{}/inbox/again", board.address);
    let text = board.read("/api/scenarios/transfer").await["text"].clone();
    for request in [
        json!({ "scenario": "outbound-answered", "vendor": "udesk" }),
        json!({
            "scenario": "outbound-answered", "vendor": "udesk", "seed": "18446744073709551615", "calls": 3, "target": inbox,
            "faults": ["impatient-vendor"], "set": ["udesk:end.survey=5"], "options": { "agent_lock": true },
            "retry": "5s,1m", "timeout": "2s", "pace": "fast", "at": "2026-11-20T10:00:00+08:00",
        }),
        json!({ "scenario": text, "vendor": "7moor", "targets": [inbox, format!("{inbox}/2")] }),
    ] {
        let first = board.played(request.clone()).await;
        let again = board.played(first["request"].clone()).await;
        assert!(!sent(&first).is_empty());
        assert_eq!(sent(&first), sent(&again), "{request}");
        assert_eq!((&first["request"], &first["seed"]), (&again["request"], &again["seed"]));
        assert_eq!(first["figures"], again["figures"]);
        for (name, value) in request.as_object().unwrap().iter().filter(|(name, _)| *name != "target") {
            assert_eq!(&first["request"][name], value, "{name}");
        }
    }
    board.end().await;
}

#[tokio::test]
async fn no_digit_of_a_seed_is_lost() {
    let board = Board::start().await;
    let mut bodies = Vec::new();
    // Two neighbours that JavaScript takes for the same number, as numbers and as text.
    for seed in [json!(9_007_199_254_740_993_u64), json!("9007199254740993"), json!(9_007_199_254_740_992_u64)] {
        let run = board.played(with(udesk(), json!({ "seed": seed, "at": "2026-11-20T10:00:00+08:00" }))).await;
        let text = seed.as_str().map_or_else(|| seed.to_string(), str::to_owned);
        assert_eq!((&run["seed"], &run["request"]["seed"]), (&json!(text), &json!(text)));
        assert!(run["replay"].as_str().unwrap().contains(&format!("--seed {text} ")), "{}", run["replay"]);
        bodies.push(sent(&run));
    }
    assert!(bodies[0] == bodies[1] && bodies[1] != bodies[2]);
    assert_eq!(board.played(udesk()).await["seed"], 7);
    board.end().await;
}

#[tokio::test]
async fn a_secret_of_a_request_is_told_nobody() {
    let board = Board::start().await;
    let text = "title: A\ncall: { kind: outbound }\nscript: [ring: agent, answer: agent, ring: customer, decline: customer]\n\
        deliver: { sign: { scheme: standard-webhooks, secret: \"whsec_c2VjcmV0LW9mLXRoZS1yZXF1ZXN0\" } }\n";
    let target = format!("http://{}/inbox/secret?token=passw0rd-of-the-receiver", board.address);
    let run = board.played(json!({ "scenario": text, "vendor": "udesk", "target": target })).await;
    assert!(run["request"]["scenario"].as_str().unwrap().contains("***"), "{}", run["request"]);
    let told = run.to_string();
    assert!(!told.contains("c2VjcmV0") && !told.contains("passw0rd"), "{}", run["replay"]);
    board.end().await;
}

#[tokio::test]
async fn a_pace_and_a_pause_hold_for_the_calls_that_follow() {
    let board = Board::start().await;
    let id = board.run(with(udesk(), json!({ "calls": 3, "paused": true, "pace": "1x" }))).await;
    // At the pace of the start each call would take minutes.
    assert_eq!(board.told(&id, "pace", json!({ "pace": "20000x" })).await["done"], "pace 20000x");
    assert_eq!(board.read(&format!("/api/runs/{id}")).await["pace"], "20000x");
    board.told(&id, "resume", json!({})).await;
    let run = board.over(&id).await;
    assert_eq!(
        (&run["figures"]["acknowledged"], &run["exit"], &run["pace"]),
        (&json!(12), &json!(0), &json!("20000x"))
    );

    // A command that comes between two calls reaches the next one.
    let id = board.run(with(udesk(), json!({ "calls": 2_000 }))).await;
    for number in 0..20 {
        board.told(&id, "pause", json!({})).await;
        assert_eq!(board.read(&format!("/api/runs/{id}")).await["state"], "paused", "{number}");
        let before = board.read(&format!("/api/runs/{id}")).await["figures"]["planned"].as_u64();
        let steps = board.read(&format!("/api/runs/{id}/steps")).await;
        assert!(steps["possible"].is_array(), "{steps}");
        assert_eq!(board.read(&format!("/api/runs/{id}")).await["figures"]["planned"].as_u64(), before);
        board.told(&id, "resume", json!({})).await;
    }
    assert_eq!(board.post(&format!("/api/runs/{id}/stop"), json!({})).await.status, 202);
    board.end().await;
}

#[tokio::test]
async fn an_inbox_that_behaves_otherwise_keeps_what_came() {
    let board = Board::start().await;
    let put = async |behaviour: &str| board.ask("PUT", "/api/inboxes/a", json!({ "behaviour": behaviour })).await;
    assert_eq!(put("ok").await.status, 201);
    let mut client = board.client().await;
    assert_eq!(client.ask("POST", "/inbox/a", &[], b"1").await.status, 200);
    let told = put("refuse").await;
    assert_eq!((told.status, &told.json["received"], &told.json["kept"]), (200, &json!(1), &json!(1)));
    assert_eq!(client.ask("POST", "/inbox/a", &[], b"2").await.status, 503);
    let told = board.read("/api/inboxes/a").await;
    let kept: Vec<_> = told["requests"].as_array().unwrap().iter().map(|one| (&one["number"], &one["body"])).collect();
    assert_eq!(kept, [(&json!(1), &json!("1")), (&json!(2), &json!("2"))]);
    assert_eq!(board.ask("DELETE", "/api/inboxes/a", json!({})).await.status, 204);
    assert_eq!(put("ok").await.json["received"], 0);
    board.end().await;
}
