//! The control API on real sockets: runs, their events, steps and faults by hand, inboxes, who may ask, and how it ends.

use super::board::{Board, Events};
use super::{udesk, with};
use ringback::journal::Reader;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// The pushes that an inbox has received, in their order.
async fn received(board: &Board, inbox: &str) -> Vec<String> {
    let told = board.read(&format!("/api/inboxes/{inbox}")).await;
    let requests = told["requests"].as_array().unwrap();
    requests.iter().map(|request| request["push"].as_str().unwrap_or("?").to_owned()).collect()
}

#[tokio::test]
async fn a_run_is_started_followed_and_told() {
    let board = Board::start().await;
    let mut all = board.events("/api/events", &[]).await;
    let answer = board.post("/api/runs", udesk()).await;
    assert_eq!(answer.status, 201, "{}", answer.text);
    let id = answer.json["id"].as_str().unwrap().to_owned();
    let run = board.over(&id).await;
    let expected =
        json!({ "state": "finished", "exit": 0, "scenario": "outbound-answered", "vendor": "udesk", "seed": 7 });
    for (name, value) in expected.as_object().unwrap() {
        assert_eq!(&run[name], value, "{name}");
    }
    let pushes = ["udesk:agent_answer", "udesk:customer_answer", "udesk:hangup", "udesk:end"];
    let deliveries = run["deliveries"].as_array().unwrap();
    assert_eq!(deliveries.iter().map(|kept| kept["delivery"]["push"].as_str().unwrap()).collect::<Vec<_>>(), pushes);
    assert!(deliveries.iter().all(|kept| kept["state"] == "acknowledged"));
    let attempt = &deliveries[0]["attempts"][0];
    assert_eq!(attempt["answer"]["status"], 200);
    assert!(attempt["curl"].as_str().unwrap().starts_with("curl --request POST 'http://127.0.0.1:"));
    assert_eq!(received(&board, "default").await, pushes);
    assert_eq!(board.read(&format!("/api/runs/{id}/deliveries/4")).await, deliveries[3]);

    let page = board.read(&format!("/api/runs/{id}/deliveries?after=1&limit=2")).await;
    assert_eq!((page["deliveries"][0]["n"].as_u64(), page["next"].as_u64()), (Some(2), Some(3)));
    let calls = board.read(&format!("/api/runs/{id}/calls")).await;
    let label = calls["calls"][0]["call"].as_str().unwrap();
    let call = board.read(&format!("/api/runs/{id}/calls/{label}")).await;
    assert_eq!((call["settled"].as_u64(), call["deliveries_kept"].as_array().unwrap().len()), (Some(4), 4));

    // The stream of all runs tells of this one, and the events carry where they belong.
    assert_eq!(all.until("run_added").await["run"]["id"], *id);
    let attempted = all.until("attempted").await;
    assert_eq!((attempted["run"].as_str(), attempted["n"].as_u64()), (Some(&*id), Some(1)));
    all.until("finished").await;
    assert_eq!(board.ask("DELETE", &format!("/api/runs/{id}"), json!({})).await.status, 204);
    assert_eq!(all.until("run_removed").await["run"], *id);
    assert_eq!(board.get(&format!("/api/runs/{id}")).await.status, 404);
    // The journal has it nevertheless.
    assert!(Reader::open(&board.journal()).is_ok());
    board.end().await;
}

#[tokio::test]
async fn the_same_request_plays_the_same_bytes_as_the_command() {
    let board = Board::start().await;
    let request = with(udesk(), json!({ "at": "2026-11-20T10:00:00+08:00", "target": "http://127.0.0.1:9/hook" }));
    let answer = board.post("/api/plan", json!({ "run": request })).await;
    let command = std::process::Command::new(env!("CARGO_BIN_EXE_ringback"))
        .args(["plan", "outbound-answered", "--vendor", "udesk", "--seed", "7", "--format", "json"])
        .args(["--at", "2026-11-20T10:00:00+08:00", "--target", "http://127.0.0.1:9/hook"])
        .output()
        .unwrap();
    let planned: Value = serde_json::from_slice(&command.stdout).unwrap();
    assert_eq!(answer.json["plan"], planned);
    let table = board.post("/api/plan", json!({ "run": request, "format": "table" })).await;
    assert!(table.json["plan"].as_str().unwrap().contains("4 pushes to 1 address"));
    board.end().await;
}

#[tokio::test]
async fn a_run_is_played_again_with_all_that_was_asked_for() {
    let board = Board::start().await;
    let story = "title: A\ncall: { kind: outbound }\nscript:\n  - ring: agent\n  - answer: agent\n  - ring: customer\n  - wait: 3s..60s\n  - answer: customer\n  - wait: 3s..60s\n  - hangup: agent\n";
    let profile = "faults:\n  - { fault: duplicate, push: \"*:end\" }\n";
    let asked = json!({
        "scenario": story, "vendor": "udesk", "faults": [profile], "set": ["udesk:end.survey=5"],
        "options": { "agent_lock": true }, "target": format!("http://{}/inbox/again", board.address), "calls": 2,
    });
    let sent = |run: &Value| {
        let kept = run["deliveries"].as_array().unwrap();
        let body = |kept: &Value| (kept["delivery"].clone(), kept["attempts"][0]["body"].clone());
        kept.iter().map(body).collect::<Vec<_>>()
    };
    let first = board.played(asked).await;
    let answer = board.post(&format!("/api/runs/{}/again", first["id"].as_str().unwrap()), json!({})).await;
    assert_eq!(answer.status, 201, "{}", answer.text);
    let second = board.over(answer.json["id"].as_str().unwrap()).await;
    assert_ne!(first["id"], second["id"]);
    assert!(sent(&first).len() >= 8, "{first}");
    assert_eq!(sent(&first), sent(&second));
    for name in ["seed", "start", "pace", "targets", "calls", "replay", "title"] {
        assert_eq!(first[name], second[name], "{name}");
    }
    let by_hand = board.run(with(udesk(), json!({ "by_hand": true, "pace": "60x" }))).await;
    board.step(&by_hand, "ring: ann").await;
    let again = board.post(&format!("/api/runs/{by_hand}/again"), json!({})).await.json;
    assert_eq!((again["by_hand"].as_bool(), again["pace"].as_str()), (Some(true), Some("60x")));
    let calls = board.read(&format!("/api/runs/{}/calls", again["id"].as_str().unwrap())).await;
    assert_eq!(calls["calls"][0]["deliveries"], 0, "no step is repeated: {calls}");
    assert_eq!(board.post("/api/runs/none/again", json!({})).await.status, 404);
    board.end().await;
}

#[tokio::test]
async fn a_call_is_driven_by_hand_from_ring_to_hang_up() {
    let board = Board::start().await;
    let id = board.run(with(udesk(), json!({ "by_hand": true, "pace": "1000x" }))).await;
    let steps = format!("/api/runs/{id}/steps");
    assert_eq!(board.read(&steps).await["possible"], json!(["ring: ann"]));
    let early = board.post(&steps, json!({ "step": "answer: customer" })).await;
    assert_eq!(early.status, 409);
    assert!(early.json["detail"].as_str().unwrap().contains("ring"), "{}", early.text);
    let mut events = board.events(&format!("/api/runs/{id}/events"), &[]).await;
    for step in ["ring: ann", "answer: ann", "ring: customer", "answer: customer", "hold: ann", "resume: ann"] {
        assert_eq!(board.step(&id, step).await["done"], step);
        assert_eq!(events.until("driven").await["what"], step);
    }
    let misspelt = board.post(&steps, json!({ "step": "hangupp: customer" })).await;
    assert_eq!(misspelt.status, 422);
    assert!(misspelt.text.contains("did you mean `hangup`"), "{}", misspelt.text);
    board.step(&id, "hangup: customer").await;
    let run = board.over(&id).await;
    assert_eq!((run["state"].as_str(), run["exit"].as_u64()), (Some("finished"), Some(0)), "{run}");
    let pushes = received(&board, "default").await;
    assert_eq!(pushes.last().map(String::as_str), Some("udesk:end"), "{pushes:?}");
    for what in ["steps", "pace", "pause", "faults"] {
        let body =
            json!({ "steps": { "step": "ring: ann" }, "pace": { "pace": "1x" }, "faults": { "fault": "drop-next" } });
        let late = board.post(&format!("/api/runs/{id}/{what}"), body.get(what).cloned().unwrap_or(json!({}))).await;
        assert_eq!((late.status, late.json["detail"].as_str()), (409, Some("the run is over")), "{what}");
    }
    board.end().await;
}

#[tokio::test]
async fn a_script_is_taken_over_in_its_middle() {
    let board = Board::start().await;
    let id = board.run(with(udesk(), json!({ "paused": true, "pace": "1x" }))).await;
    // Past the customer's answer, and then the agent does not get to hang up.
    board.told(&id, "next", json!({})).await;
    board.told(&id, "next", json!({})).await;
    board.step(&id, "hangup: customer").await;
    board.told(&id, "pace", json!({ "pace": "fast" })).await;
    board.told(&id, "resume", json!({})).await;
    let run = board.over(&id).await;
    let end = run["deliveries"].as_array().unwrap().iter().rev().find(|kept| kept["delivery"]["push"] == "udesk:end");
    let body = end.unwrap()["attempts"][0]["body"].as_str().unwrap().to_owned();
    let body: Value = serde_json::from_str(&body).unwrap();
    assert!(body["customer_hangup_at"].is_string(), "{body}");
    assert_eq!(run["exit"], 0, "{run}");
    board.end().await;
}

#[tokio::test]
async fn faults_by_hand_reach_the_wire() {
    let board = Board::start().await;
    let id = board.run(with(udesk(), json!({ "paused": true, "pace": "1x" }))).await;
    let faults = format!("/api/runs/{id}/faults");
    let early = board.post(&faults, json!({ "fault": "duplicate-last" })).await;
    assert_eq!((early.status, early.json["title"].as_str()), (409, Some("Conflict")));
    board.told(&id, "faults", json!({ "fault": "drop-next" })).await;
    board.told(&id, "faults", json!({ "fault": "swap-next" })).await;
    board.told(&id, "faults", json!({ "fault": "delay-next", "by": "5s" })).await;
    board.told(&id, "next", json!({})).await;
    board.told(&id, "faults", json!({ "fault": "duplicate-last" })).await;
    board.told(&id, "pace", json!({ "pace": "fast" })).await;
    board.told(&id, "resume", json!({})).await;
    let run = board.over(&id).await;
    assert_eq!(run["deliveries"][0]["state"], "dropped");
    assert_eq!(run["figures"]["dropped"], 1);
    let pushes = received(&board, "default").await;
    let count = |push: &str| pushes.iter().filter(|known| *known == push).count();
    assert_eq!((count("udesk:agent_answer"), pushes.len()), (0, 4), "{pushes:?}");
    assert!(["udesk:hangup", "udesk:customer_answer"].iter().any(|push| count(push) == 2), "{pushes:?}");
    board.end().await;
}

#[tokio::test]
async fn a_reader_resumes_where_it_was_and_a_late_one_learns_what_it_missed() {
    let board = Board::start().await;
    let id = board.run(udesk()).await;
    let path = format!("/api/runs/{id}/events");
    let mut first = board.events(&path, &[]).await;
    first.until("story_started").await;
    let seen = first.id.clone();
    drop(first);
    let mut again = board.events(&path, &[("Last-Event-ID", &seen)]).await;
    assert_eq!(again.next().await.unwrap()["seq"], 3);
    let last = {
        while again.next().await.is_some() {}
        again.id.clone()
    };
    assert_eq!(board.events(&path, &[("Last-Event-ID", &last)]).await.status, 204);
    assert_eq!(board.get(&format!("{path}?after={last}")).await.status, 204);
    assert_eq!(board.get(&format!("{path}?after=soon")).await.status, 400);
    assert_eq!(board.get("/api/events?after=7").await.status, 400);

    // Ids of another life of the server say nothing of this one: everything is told.
    let mut all = board.events("/api/events", &[("Last-Event-ID", "0badcafe-99")]).await;
    assert_eq!(all.next().await.unwrap()["event"], "run_added");
    let mut news = board.events("/api/events?after=now", &[]).await;
    let other = board.run(udesk()).await;
    assert_eq!(news.next().await.unwrap()["run"]["id"], *other);

    // Long enough for the oldest events to be gone.
    let long = board.run(with(udesk(), json!({ "calls": 300 }))).await;
    let told = board.over(&long).await;
    let (gone, last) = (told["events"]["first"].as_u64().unwrap() - 1, told["events"]["last"].as_u64().unwrap());
    assert!(gone > 0 && last > 4_000, "{gone} of {last}");
    let mut late = board.events(&format!("/api/runs/{long}/events"), &[]).await;
    let missed = late.next().await.unwrap();
    assert_eq!(
        (missed["event"].as_str(), missed["count"].as_u64(), late.id.parse()),
        (Some("missed"), Some(gone), Ok(gone))
    );
    assert_eq!(late.next().await.unwrap()["seq"].as_u64(), Some(gone + 1));
    assert_eq!(told["figures"]["acknowledged"], 1_200);
    assert_eq!(told["deliveries_left_out"], 1_100);
    board.end().await;
}

#[tokio::test]
async fn a_reader_that_does_not_read_holds_up_nobody() {
    let board = Board::start().await;
    let mut idle = Vec::new();
    for _ in 0..20 {
        idle.push(board.events("/api/events", &[]).await);
    }
    // More than the system itself holds between the two ends of a connection.
    let long = format!("udesk:end.survey={}", "x".repeat(60_000));
    let run = board.played(with(udesk(), json!({ "calls": 250, "set": [long] }))).await;
    assert_eq!(run["figures"]["acknowledged"], 1_000);
    let mut slow = idle.pop().unwrap();
    let missed = slow.until("missed").await["count"].as_u64().unwrap();
    assert!(missed > 0);
    slow.until("finished").await;
    assert!(board.get("/metrics").await.text.contains("ringback_events_missed_total"));
    board.end().await;
}

#[tokio::test]
async fn inboxes_behave_as_they_are_told_and_keep_what_came() {
    let board = Board::start().await;
    let put = async |name: &str, body: Value| board.ask("PUT", &format!("/api/inboxes/{name}"), body).await;
    assert_eq!(put("a", json!({ "behaviour": "flaky" })).await.status, 201);
    assert_eq!(put("a", json!({ "behaviour": "refuse" })).await.status, 200);
    let told = put("slow", json!({ "behaviour": "slow", "delay": "50ms" })).await;
    assert_eq!(told.json["url"], format!("http://{}/inbox/slow", board.address));
    let mut client = board.client().await;
    assert_eq!(client.ask("POST", "/inbox/a/b?c=d", &[], "满意".as_bytes()).await.status, 503);
    let secret =
        [("Authorization", "Bearer planted-one"), ("X-Api-Key", "planted-two"), ("Cookie", "sid=planted-three")];
    assert_eq!(client.ask("POST", "/inbox/secret", &secret, b"{}").await.status, 200);
    let told = board.read("/api/inboxes/secret").await;
    let (headers, told) = (told["requests"][0]["headers"].to_string(), told.to_string());
    assert!(headers.contains("Bearer ***") && headers.contains("sid=***") && !told.contains("planted"), "{told}");
    let kept = board.read("/api/inboxes/a").await["requests"][0].clone();
    assert_eq!(
        (kept["path"].as_str(), kept["query"].as_str(), kept["body"].as_str()),
        (Some("/inbox/a/b"), Some("c=d"), Some("满意"))
    );
    assert_eq!(client.ask("POST", "/inbox/slow", &[], b"{}").await.status, 200);
    put("gone", json!({ "behaviour": "hang-up" })).await;
    let mut stream = TcpStream::connect(board.address).await.unwrap();
    stream.write_all(b"POST /inbox/gone HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}").await.unwrap();
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer).await;
    assert!(answer.is_empty(), "{}", String::from_utf8_lossy(&answer));
    assert!(board.read("/api/inboxes/gone").await["requests"][0].get("status").is_none());

    // A run against one that refuses: tried again, given up, and the receiver has failed.
    let refused = format!("http://{}/inbox/a", board.address);
    let run = board.played(with(udesk(), json!({ "target": refused, "retry": "5s,10s" }))).await;
    assert_eq!((run["exit"].as_u64(), run["figures"]["retries"].as_u64()), (Some(1), Some(8)), "{run}");
    assert!(run["findings"].as_array().unwrap().iter().any(|finding| finding["code"] == "RB-201"), "{run}");
    assert_eq!(run["deliveries"][0]["attempts"].as_array().unwrap().len(), 3);

    for number in 0..120 {
        client.ask("POST", "/inbox/many", &[], number.to_string().as_bytes()).await;
    }
    let many = board.read("/api/inboxes/many").await;
    assert_eq!((many["received"].as_u64(), many["kept"].as_u64()), (Some(120), Some(100)));
    assert_eq!(many["requests"][0]["body"], "20");
    let mut statuses = Vec::new();
    for number in 0..120 {
        statuses.push(client.ask("POST", &format!("/inbox/n{number}"), &[], b"").await.status);
    }
    assert_eq!((statuses[0], statuses[119]), (200, 429));
    assert_eq!(board.ask("DELETE", "/api/inboxes/many", json!({})).await.status, 204);
    assert_eq!(client.ask("POST", "/inbox/room", &[], b"").await.status, 200);
    board.end().await;
}

#[tokio::test]
async fn pages_of_others_and_foreign_names_are_turned_away() {
    let board = Board::start().await;
    let own = board.address.to_string();
    let mut client = board.client().await;
    for (method, path, headers, status) in [
        ("GET", "/api/runs", vec![("Host", "evil.example")], 403),
        ("GET", "/", vec![("Host", "evil.example")], 403),
        ("GET", "/metrics", vec![("Host", "evil.example")], 403),
        ("GET", "/?Action=CloudListCurlLog", vec![("Host", "evil.example")], 403),
        ("GET", "/healthz", vec![("Host", "evil.example")], 200),
        ("POST", "/inbox/a", vec![("Host", "evil.example")], 200),
        ("GET", "/api/runs", vec![("Host", "localhost:7070")], 200),
        ("POST", "/api/runs", vec![("Origin", "http://evil.example")], 403),
        ("POST", "/api/runs", vec![("Origin", "null")], 403),
        ("GET", "/api/events", vec![("Origin", "http://evil.example")], 403),
        ("POST", "/api/runs", vec![("Sec-Fetch-Site", "cross-site")], 403),
        ("POST", "/api/runs", vec![("Sec-Fetch-Site", "same-origin")], 415),
        ("GET", "/api/runs", vec![("Authorization", "Bearer whatever")], 200),
    ] {
        let answer = client.ask(method, path, &headers, b"").await;
        assert_eq!(answer.status, status, "{method} {path} {headers:?}: {}", answer.text);
    }
    let origin = format!("http://{own}");
    let same = [("Origin", &*origin), ("Content-Type", "application/json")];
    assert_eq!(client.ask("POST", "/api/runs", &same, udesk().to_string().as_bytes()).await.status, 201);
    let mut stream = TcpStream::connect(board.address).await.unwrap();
    stream.write_all(format!("GET / HTTP/1.1\r\nHost: {own}\r\nConnection: close\r\n\r\n").as_bytes()).await.unwrap();
    let mut page = String::new();
    stream.read_to_string(&mut page).await.unwrap();
    let policy = format!("content-security-policy: {}", ringback::serve::CONTENT_POLICY);
    assert!(page.contains(&policy) && page.contains("x-content-type-options: nosniff"), "{page}");
    assert!(!policy.contains("unsafe") && policy.contains("script-src 'self'"));
    board.end().await;
}

#[tokio::test]
async fn with_a_token_only_who_has_it_may_ask() {
    let board = Board::with(|config| {
        config.token = Some("secret-token".to_owned());
        config.names = vec!["ringback.example".to_owned()];
    })
    .await;
    let mut client = board.client().await;
    let bearer = [("Authorization", "Bearer secret-token")];
    for (path, headers, status) in [
        ("/api", vec![], 401),
        ("/api/events", vec![], 401),
        ("/metrics", vec![], 401),
        ("/?Action=CloudListCurlLog&EnterpriseId=1", vec![], 401),
        ("/", vec![], 200),
        ("/healthz", vec![], 200),
        ("/api", vec![("Authorization", "Bearer secret-toke")], 401),
        ("/api", vec![("Authorization", "Basic secret-token")], 401),
        ("/api", vec![("Cookie", "ringback-token=other")], 401),
        ("/api", bearer.to_vec(), 200),
        ("/api", vec![("Cookie", "a=b; ringback-token=secret-token")], 200),
        ("/api", vec![("Host", "ringback.example"), bearer[0]], 200),
        ("/metrics", bearer.to_vec(), 200),
    ] {
        let answer = client.ask("GET", path, &headers, b"").await;
        assert_eq!(answer.status, status, "{path} {headers:?}: {}", answer.text);
    }
    // A browser cannot give event streams a header, so it gets a cookie.
    let mut stream = TcpStream::connect(board.address).await.unwrap();
    let head = "POST /api/session HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer secret-token\r\nConnection: close\r\n\r\n";
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 204"), "{answer}");
    assert!(answer.contains("set-cookie: ringback-token=secret-token; Path=/; HttpOnly; SameSite=Strict"), "{answer}");
    let events = Events::of(board.address, "/api/events", &[("Cookie", "ringback-token=secret-token")]).await;
    assert_eq!(events.status, 200);
    assert_eq!(Events::of(board.address, "/api/events", &[]).await.status, 401);
    board.end().await;
}

#[tokio::test]
async fn the_end_closes_streams_soon_and_leaves_the_journal_whole() {
    let board = Board::start().await;
    let slow = board.ask("PUT", "/api/inboxes/slow", json!({ "behaviour": "slow", "delay": "30s" })).await;
    let hanging = with(udesk(), json!({ "target": slow.json["url"], "timeout": "60s" }));
    let run = board.run(hanging).await;
    let mut of_run = board.events(&format!("/api/runs/{run}/events"), &[]).await;
    let mut of_all = board.events("/api/events", &[]).await;
    of_run.until("attempted").await;
    board.stop();
    while of_all.next().await.is_some() {}
    // Before the inbox has answered, which takes half a minute.
    while let Some(event) = of_run.next().await {
        assert_ne!(event["event"], "replied");
    }
    let folder = board.end().await;
    let journal = rusqlite::Connection::open(folder.path().join("journal")).unwrap();
    let whole: String = journal.query_row("PRAGMA integrity_check", [], |row| row.get(0)).unwrap();
    let open: i64 =
        journal.query_row("SELECT COUNT(*) FROM attempts WHERE outcome IS NULL", [], |row| row.get(0)).unwrap();
    let attempts: i64 = journal.query_row("SELECT COUNT(*) FROM attempts", [], |row| row.get(0)).unwrap();
    assert_eq!((whole.as_str(), open, attempts), ("ok", 0, 1));
}

#[tokio::test]
async fn the_figures_are_what_happened() {
    let board = Board::start().await;
    board.played(udesk()).await;
    let figures = board.get("/metrics").await.text;
    for line in [
        "ringback_attempts_total{vendor=\"udesk\"} 4",
        "ringback_answers_total{status=\"2xx\",vendor=\"udesk\"} 4",
        "ringback_pushes_total{outcome=\"acknowledged\",vendor=\"udesk\"} 4",
        "ringback_runs_ended_total{exit=\"0\"} 1",
        "ringback_runs_running 0",
        "ringback_inbox_requests_total 4",
    ] {
        assert!(figures.lines().any(|known| known == line), "{line} in:\n{figures}");
    }
    board.end().await;
}

#[tokio::test]
async fn what_there_is_can_be_listed() {
    let board = Board::start().await;
    let scenarios = board.read("/api/scenarios").await;
    assert_eq!(scenarios["scenarios"][0]["name"], "outbound-answered");
    for scenario in scenarios["scenarios"].as_array().unwrap() {
        assert!(!scenario["vendors"].as_array().unwrap().is_empty(), "{scenario}");
    }
    assert!(board.read("/api/scenarios/chat-answered").await["text"].as_str().unwrap().contains("script:"));
    assert_eq!(board.read("/api/vendors").await["vendors"].as_array().unwrap().len(), ringback::vendors::ALL.len());
    let push = board.read("/api/pushes/udesk:end").await;
    assert!(push["fields"].as_array().unwrap().iter().all(|field| !field["origin"].as_str().unwrap().is_empty()));
    assert!(board.read("/api/pushes?vendor=tpns").await["pushes"].as_array().unwrap().len() < 20);
    let faults = board.read("/api/faults").await;
    assert!(faults["live"].as_array().unwrap().iter().any(|live| live["name"] == "drop-next"));
    for path in ["/api/checks", "/api/codes", "/api/codes/102", "/api/schemas/scenario", "/api/schemas/events"] {
        board.read(path).await;
    }
    // Every profile that is listed can be asked for.
    for profile in faults["profiles"].as_array().unwrap() {
        let request = with(udesk(), json!({ "faults": [profile["name"]] }));
        let answer = board.post("/api/plan", json!({ "run": request })).await;
        assert!([200, 422].contains(&answer.status), "{profile}: {}", answer.text);
    }
    board.end().await;
}
