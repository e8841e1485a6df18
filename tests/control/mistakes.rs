//! What clients get wrong, and what the control API says of it: never 500, always what is wrong, where, and what would be right.

use super::board::Board;
use super::{udesk, with};
use serde_json::{Value, json};

#[tokio::test]
async fn mistakes_of_a_client_are_told_as_problems() {
    let board = Board::start().await;
    let id = board.run(with(udesk(), json!({ "paused": true }))).await;
    let runs = "/api/runs";
    let faults = format!("/api/runs/{id}/faults");
    let many = (0..33).map(|_| "flaky-network").collect::<Vec<_>>();
    for (method, path, body, status, told) in [
        ("GET", "/api/nothing", Value::Null, 404, "nothing is served"),
        ("PATCH", runs, json!({}), 405, "PATCH"),
        ("GET", "/api/runs/none", Value::Null, 404, "no run is called `none`"),
        ("GET", "/api/scenarios/none", Value::Null, 404, "no built-in scenario"),
        ("GET", "/api/scenarios/%ff", Value::Null, 404, "UTF-8"),
        ("GET", "/api/pushes/udesk:none", Value::Null, 404, "no push"),
        ("GET", "/api/pushes?vendor=none", Value::Null, 400, "no vendor"),
        ("GET", "/api/pushes?vendr=udesk", Value::Null, 400, "no parameter `vendr`"),
        ("GET", "/api/codes/RB-999", Value::Null, 404, "no code"),
        ("GET", &format!("/api/runs/{id}/deliveries?limit=0"), Value::Null, 400, "`limit` goes from 1"),
        ("GET", &format!("/api/runs/{id}/deliveries?after=x"), Value::Null, 400, "whole number"),
        ("GET", &format!("/api/runs/{id}/deliveries/99"), Value::Null, 404, "no delivery `99`"),
        ("GET", &format!("/api/runs/{id}/deliveries/-1"), Value::Null, 404, "no delivery `-1`"),
        ("GET", &format!("/api/runs/{id}/calls/none"), Value::Null, 404, "no call `none`"),
        ("POST", runs, json!({}), 422, "`scenario` is missing"),
        ("POST", runs, json!([]), 422, "the body has to be an object, and not a list"),
        ("POST", runs, with(udesk(), json!({ "sead": 7 })), 422, "did you mean `seed`?"),
        ("POST", runs, with(udesk(), json!({ "vendor": "udsek" })), 422, "did you mean `udesk`?"),
        ("POST", runs, with(udesk(), json!({ "vendor": "tpns" })), 422, "nothing to play"),
        (
            "POST",
            runs,
            with(udesk(), json!({ "scenario": "outbound-anwsered" })),
            422,
            "did you mean `outbound-answered`?",
        ),
        ("POST", runs, with(udesk(), json!({ "pace": "quick" })), 422, "`pace`: a pace is"),
        ("POST", runs, with(udesk(), json!({ "at": "soon" })), 422, "`at`: a time is written"),
        ("POST", runs, with(udesk(), json!({ "target": "nowhere" })), 422, "`target`"),
        ("POST", runs, with(udesk(), json!({ "target": "http://example.com/hook" })), 422, "--allow-host example.com"),
        ("POST", runs, with(udesk(), json!({ "seed": -1 })), 422, "`seed` goes from 0"),
        ("POST", runs, with(udesk(), json!({ "calls": 0 })), 422, "from 1 to 100000"),
        ("POST", runs, with(udesk(), json!({ "calls": 2, "by_hand": true })), 422, "one call"),
        ("POST", runs, with(udesk(), json!({ "timeout": "0s" })), 422, "longer than nothing"),
        ("POST", runs, with(udesk(), json!({ "retry": "5" })), 422, "`retry`"),
        ("POST", runs, with(udesk(), json!({ "set": ["udesk:end"] })), 422, "`set`"),
        ("POST", runs, with(udesk(), json!({ "set": ["udesk:end.none=1"] })), 422, "none"),
        ("POST", runs, with(udesk(), json!({ "options": { "agent_lokc": true } })), 422, "did you mean `agent_lock`?"),
        ("POST", runs, with(udesk(), json!({ "faults": ["flaky-netwrok"] })), 422, "did you mean `flaky-network`?"),
        ("POST", runs, with(udesk(), json!({ "faults": many })), 422, "there can be 32"),
        ("POST", runs, with(udesk(), json!({ "faults": ["/etc/passwd"] })), 422, "no built-in fault profile"),
        ("POST", runs, with(udesk(), json!({ "scenario": "/etc/passwd" })), 422, "no built-in scenario"),
        ("POST", &faults, json!({ "fault": "drop-nxt" }), 422, "did you mean `drop-next`?"),
        ("POST", &faults, json!({ "fault": "delay-next" }), 422, "`delay-next` takes `by`"),
        ("POST", &faults, json!({ "fault": "refuse", "for": "9 years" }), 422, "`for`"),
        ("POST", &faults, json!({ "fault": "refuse", "for": "48h" }), 422, "24h at most"),
        ("POST", &faults, json!({ "fault": "duplicate-last" }), 409, "no push has left yet"),
        ("POST", &format!("/api/runs/{id}/pause"), json!({ "x": 1 }), 400, "nothing is taken here"),
        ("POST", &format!("/api/runs/{id}/pace"), json!({ "pace": "0x" }), 422, "`pace`"),
        ("PUT", "/api/inboxes/a", json!({ "behaviour": "rude" }), 422, "one of `ok`"),
        ("PUT", "/api/inboxes/a", json!({ "behaviour": "ok", "delay": "2s" }), 422, "`slow`"),
        ("PUT", "/api/inboxes/a%20b", json!({ "behaviour": "ok" }), 404, "cannot be called"),
        ("GET", "/api/inboxes/none", Value::Null, 404, "no inbox `none`"),
        ("DELETE", "/api/inboxes/none", Value::Null, 404, "no inbox `none`"),
    ] {
        let answer = board.ask(method, path, body.clone()).await;
        assert_eq!(answer.status, status, "{method} {path} {body}: {}", answer.text);
        assert_eq!(answer.json["status"], status, "{method} {path}: {}", answer.text);
        assert!(answer.text.contains(told), "{method} {path} {body}: {}", answer.text);
    }
    let mut client = board.client().await;
    for (kind, body, status) in [
        ("application/json", &b"{"[..], 400),
        ("application/json", b"\xff", 400),
        ("text/plain", b"{}", 415),
        ("application/json", &vec![b' '; 3 * 1024 * 1024], 413),
    ] {
        let answer = client.ask("POST", runs, &[("Content-Type", kind)], body).await;
        assert_eq!(answer.status, status, "{}", answer.text);
        client = board.client().await;
    }
    board.end().await;
}

#[tokio::test]
async fn wrong_yaml_gets_the_diagnostics_of_the_command() {
    let board = Board::start().await;
    let text = "title: A\ncall: { kind: outbound }\nscript:\n  - ring: agent\n  - anser: agent\n";
    let file = board.folder.path().join("scenario.yaml");
    std::fs::write(&file, text).unwrap();
    let command = std::process::Command::new(env!("CARGO_BIN_EXE_ringback"))
        .args(["check", "scenario.yaml", "--color", "never"])
        .current_dir(board.folder.path())
        .output()
        .unwrap();
    let told = String::from_utf8(command.stderr).unwrap();
    assert!(told.contains("scenario.yaml:5:5") && told.contains("did you mean `answer`?"), "{told}");
    let run = board.post("/api/runs", json!({ "scenario": text, "vendor": "udesk" })).await;
    assert_eq!(run.status, 422);
    let check = board.post("/api/check", json!({ "scenario": text })).await;
    assert_eq!((check.status, check.json["ok"].as_bool()), (200, Some(false)));
    for answer in [&run, &check] {
        assert_eq!(answer.json["text"].as_str().unwrap().trim_end(), told.trim_end());
        let first = &answer.json["diagnostics"][0];
        assert_eq!((first["place"]["line"].as_u64(), first["place"]["column"].as_u64()), (Some(5), Some(5)), "{first}");
    }
    assert_eq!(run.json["errors"][0]["pointer"], "/scenario");
    let right = board.post("/api/check", json!({ "scenario": text.replace("anser", "answer") })).await;
    assert_eq!(right.json["ok"], false, "a call has to end: {}", right.text);
    let right = board.post("/api/check", json!({ "scenario": "transfer" })).await;
    assert_eq!(right.json["vendors"], json!(["udesk", "7moor", "tinet", "twilio"]), "{}", right.text);
    board.end().await;
}

#[tokio::test]
async fn what_a_request_brings_reads_nothing_of_this_machine() {
    let board = Board::start().await;
    let story =
        "title: A\ncall: { kind: outbound }\nscript: [ring: agent, answer: agent, ring: customer, decline: customer]\n";
    for (more, told) in [
        ("deliver: { headers: { X-Home: \"{env.PATH}\" } }", "PATH"),
        ("probe: { run: id, equals: x }", "probe"),
        ("deliver: { to: [http://example.com/] }", "another host"),
        ("probe: { get: \"http://example.com/\", json: { $.a: 1 } }", "probes go to loopback only"),
    ] {
        let answer =
            board.post("/api/runs", json!({ "scenario": format!("{story}{more}\n"), "vendor": "udesk" })).await;
        assert_eq!(answer.status, 422, "{more}: {}", answer.text);
        assert!(answer.text.contains(told), "{more}: {}", answer.text);
    }
    board.end().await;
}

#[tokio::test]
async fn a_fault_that_cannot_strike_is_refused_and_a_strict_run_fails_where_something_was_never_exercised() {
    let board = Board::start().await;
    for fault in ["push: \"7moor:*\"", "push: \"*\", call: \"9\""] {
        let run = |more: &str| {
            let profile = format!("faults:\n  - {{ fault: duplicate, {fault}{more} }}\n");
            with(udesk(), json!({ "faults": [profile], "strict": true }))
        };
        for answer in [board.post("/api/runs", run("")).await, board.post("/api/plan", json!({ "run": run("") })).await]
        {
            assert_eq!(
                (answer.status, &answer.json["diagnostics"][0]["code"]),
                (422, &json!("RB-116")),
                "{}",
                answer.text
            );
        }
        assert_eq!(board.played(run(", may_idle: true")).await["exit"], 0);
    }
    let story =
        "title: A\ncall: { kind: outbound }\nscript: [ring: agent, answer: agent, ring: customer, decline: customer]\n";
    for (more, code) in [
        ("expect:\n  - { push: \"7moor:*\", status: 200 }\n", "RB-242"),
        ("faults:\n  - { fault: missing-header, push: \"*\", header: X-Not-There }\n", "RB-241"),
    ] {
        let request = json!({ "scenario": format!("{story}{more}"), "vendor": "udesk" });
        assert_eq!(board.played(request.clone()).await["exit"], 0);
        let run = board.played(with(request, json!({ "strict": true }))).await;
        assert_eq!((&run["exit"], &run["findings"][0]["code"]), (&json!(1), &json!(code)), "{run}");
        assert!(run["replay"].as_str().unwrap().ends_with(" --strict"), "{run}");
    }
    board.end().await;
}

#[tokio::test]
async fn too_many_runs_are_refused_until_one_is_over() {
    let board = Board::start().await;
    let limit = board.read("/api").await["limits"]["running_max"].as_u64().unwrap();
    let paused = with(udesk(), json!({ "paused": true })).to_string();
    let mut client = board.client().await;
    let mut last = String::new();
    for _ in 0..limit {
        let answer = client.ask("POST", "/api/runs", &[("Content-Type", "application/json")], paused.as_bytes()).await;
        assert_eq!(answer.status, 201, "{}", answer.text);
        last = answer.json["id"].as_str().unwrap().to_owned();
    }
    let refused = board.post("/api/runs", udesk()).await;
    assert_eq!(refused.status, 429);
    assert!(refused.text.contains("running_max"), "{}", refused.text);
    let body = udesk().to_string();
    let head = format!("POST /api/runs HTTP/1.1\r\nContent-Type: application/json\r\nContent-Length: {}", body.len());
    assert!(board.raw(&head, &body).await.contains("\r\nretry-after: 1\r\n"));
    assert_eq!(board.post(&format!("/api/runs/{last}/stop"), json!({})).await.status, 202);
    assert_eq!(board.over(&last).await["state"], "stopped");
    assert_eq!(board.post("/api/runs", udesk()).await.status, 201);
    board.end().await;
}

#[tokio::test]
async fn every_mistake_of_a_body_is_told_with_its_place_and_what_would_be_right() {
    let board = Board::start().await;
    let runs = "/api/runs";
    for (path, body, pointers, help) in [
        (runs, json!({ "scenario": "transfer" }), &["/vendor"][..], "one of `udesk`, `7moor`"),
        (runs, json!({ "vendor": "udesk" }), &["/scenario"], "such as \"outbound-answered\""),
        (runs, json!({}), &["/scenario", "/vendor"], "The name of a built-in scenario"),
        (runs, json!("outbound-answered"), &[""], "One scenario by one vendor"),
        (
            runs,
            with(udesk(), json!({ "calls": "7", "by_hand": 1, "targets": "x", "options": [], "seed": 1.5, "sed": 1 })),
            &["/targets", "/seed", "/options", "/by_hand", "/calls", "/sed"],
            "did you mean `seed`?",
        ),
        (runs, with(udesk(), json!({ "seed": "99999999999999999999" })), &["/seed"], "64 bits"),
        (runs, with(udesk(), json!({ "vendor": ["udesk"] })), &["/vendor"], "one of `udesk`"),
        (runs, with(udesk(), json!({ "targets": ["http://127.0.0.1:9/", "x"] })), &["/targets/1"], ""),
        (runs, with(udesk(), json!({ "set": ["udesk:end.survey=5", "x"] })), &["/set/1"], ""),
        (runs, with(udesk(), json!({ "faults": ["flaky-network", "x"] })), &["/faults/1"], ""),
        (runs, with(udesk(), json!({ "options": { "a/b": 1 } })), &["/options"], ""),
        ("/api/plan", json!({ "run": [], "format": "tabel" }), &["/run", "/format"], "did you mean `table`?"),
        ("/api/plan", json!({ "run": with(udesk(), json!({ "pace": "x" })) }), &["/run/pace"], ""),
        ("/api/plan", json!({ "run": with(udesk(), json!({ "a/b~c": 1 })) }), &["/run/a~1b~0c"], "there are scenario"),
        ("/api/check", Value::Null, &[""], ""),
        ("/api/check", json!([""]), &[""], "A scenario to look at"),
        ("/api/check", json!({ "scenario": null }), &["/scenario"], ""),
    ] {
        let answer = board.post(path, body.clone()).await;
        assert_eq!(answer.status, 422, "{body}: {}", answer.text);
        let told: Vec<&str> =
            answer.json["errors"].as_array().unwrap().iter().map(|one| one["pointer"].as_str().unwrap()).collect();
        let (mut told, mut expected) = (told, pointers.to_vec());
        told.sort_unstable();
        expected.sort_unstable();
        assert_eq!(told, expected, "{body}: {}", answer.text);
        let text = answer.json["errors"].to_string().replace("\\\"", "\"");
        assert!(text.contains(help), "{body}: {text}");
        for foreign in ["u64", "struct", "sequence", "serde", "invalid type"] {
            assert!(!text.contains(foreign), "{body}: {text}");
        }
    }
    let whole = board.played(with(udesk(), json!({ "seed": 7.0, "calls": 2.0 }))).await;
    assert_eq!((&whole["seed"], &whole["calls"]), (&json!(7), &json!(2)));
    board.end().await;
}

#[tokio::test]
async fn every_wrong_file_gets_the_diagnostics_of_the_command() {
    let board = Board::start().await;
    let files = std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/wrong")).unwrap();
    let mut compared = 0;
    for file in
        files.flatten().map(|entry| entry.path()).filter(|path| path.extension().is_some_and(|end| end == "yaml"))
    {
        // What is no UTF-8 cannot stand in JSON.
        let Ok(text) = std::fs::read_to_string(&file) else { continue };
        let answer = board.post("/api/check", json!({ "scenario": text })).await;
        assert_eq!((answer.status, &answer.json["ok"]), (200, &json!(false)), "{}: {}", file.display(), answer.text);
        std::fs::write(board.folder.path().join("scenario.yaml"), &text).unwrap();
        let command = std::process::Command::new(env!("CARGO_BIN_EXE_ringback"))
            .args(["check", "scenario.yaml", "--color", "never"])
            .env_remove("HOOK_SECRET")
            .current_dir(board.folder.path())
            .output()
            .unwrap();
        let told = String::from_utf8(command.stderr).unwrap();
        assert!(told.starts_with(answer.json["text"].as_str().unwrap().trim_end()), "{}: {told}", file.display());
        for diagnostic in answer.json["diagnostics"].as_array().unwrap() {
            let place = &diagnostic["place"];
            let code = diagnostic["code"].as_str().unwrap();
            // Nothing of an empty file is shown.
            let places = match text.trim().is_empty() {
                true => "scenario.yaml".to_owned(),
                false => format!("scenario.yaml:{}:{}", place["line"], place["column"]),
            };
            assert!(told.contains(&places) && told.contains(code), "{places} {code}: {told}");
            assert!(
                diagnostic["help"].as_str().is_some_and(|help| told.contains(help.lines().next().unwrap())),
                "{told}"
            );
        }
        compared += 1;
    }
    assert!(compared >= 45, "{compared}");
    board.end().await;
}

#[tokio::test]
async fn odd_bytes_are_answered_like_any_others() {
    let board = Board::start().await;
    let run = board.run(with(udesk(), json!({ "paused": true }))).await;
    let deep = |depth: usize| "[".repeat(depth);
    let closed = |depth: usize| format!("{}{}", deep(depth), "]".repeat(depth));
    let in_options =
        format!(r#"{{"scenario":"transfer","vendor":"7moor","paused":true,"options":{{"a":{}}}}}"#, closed(100));
    for (path, body, status) in [
        ("/api/runs", deep(100_000), 400),
        ("/api/runs", closed(100), 422),
        ("/api/runs", in_options, 422),
        ("/api/runs", "{}{}".to_owned(), 400),
        ("/api/runs", String::new(), 400),
        ("/api/runs", r#"{"scenario":"\u0000","vendor":"udesk"}"#.to_owned(), 422),
        ("/api/runs", r#"{"scenario":"outbound-answered","vendor":"udesk\u0000"}"#.to_owned(), 422),
        ("/api/runs", r#"{"scenario":"title: A\u0000\nscript: []\n","vendor":"udesk"}"#.to_owned(), 422),
        ("/api/runs", r#"{"scenario":"\ud800","vendor":"udesk"}"#.to_owned(), 400),
        ("/api/check", r#"{"scenario":"\u0000"}"#.to_owned(), 200),
        (&format!("/api/runs/{run}/steps"), r#"{"step":"\u0000"}"#.to_owned(), 422),
        (&format!("/api/runs/{run}/steps"), r#"{"step":""}"#.to_owned(), 422),
        (&format!("/api/runs/{run}/steps"), r#"{"step":"- ring: ann\n- answer: ann"}"#.to_owned(), 422),
        (&format!("/api/runs/{run}/pace"), r#"{"pace":"1e300x"}"#.to_owned(), 422),
        (&format!("/api/runs/{run}/faults"), r#"{"fault":"delay-next","by":"99999999999999999999s"}"#.to_owned(), 422),
    ] {
        let head = format!("POST {path} HTTP/1.1\r\nContent-Type: application/json\r\nContent-Length: {}", body.len());
        let answer = board.raw(&head, &body).await;
        let shown: String = body.chars().take(80).collect();
        assert!(answer.starts_with(&format!("HTTP/1.1 {status} ")), "{path} {shown}: {answer}");
    }
    for (head, expected) in [
        ("GET /api/runs/%00 HTTP/1.1", "HTTP/1.1 404 "),
        ("GET /api/../etc/passwd HTTP/1.1", "HTTP/1.1 404 "),
        ("GET /api/scenarios/%2e%2e%2fCargo HTTP/1.1", "HTTP/1.1 404 "),
        ("PATCH /api/runs HTTP/1.1", "\r\nallow: GET,HEAD,POST\r\n"),
        ("POST /api/vendors HTTP/1.1", "\r\nallow: GET,HEAD\r\n"),
        ("GET /api/check HTTP/1.1", "\r\nallow: POST\r\n"),
        ("DELETE /api/inboxes HTTP/1.1", "HTTP/1.1 405 "),
    ] {
        let answer = board.raw(head, "").await;
        assert!(answer.contains(expected), "{head}: {answer}");
    }
    board.end().await;
}

#[tokio::test]
async fn a_step_by_hand_that_is_no_step_or_cannot_happen_says_why() {
    let board = Board::start().await;
    let id = board.run(with(udesk(), json!({ "by_hand": true, "paused": true }))).await;
    let steps = format!("/api/runs/{id}/steps");
    for (step, status, told) in [
        ("rong: ann", 422, "did you mean `ring`?"),
        ("ring: anna", 422, "did you mean `ann`?"),
        ("answer: ann", 409, "put `- ring: ann` before it"),
        ("hangup: customer", 409, ""),
    ] {
        let answer = board.post(&steps, json!({ "step": step })).await;
        assert_eq!(answer.status, status, "{step}: {}", answer.text);
        let words =
            format!("{} {}", answer.json["detail"].as_str().unwrap(), answer.json["help"].as_str().unwrap_or(""));
        assert!(words.contains(told), "{step}: {words}");
    }
    board.end().await;
}

#[tokio::test]
async fn a_run_by_hand_is_judged_by_its_checks_and_probes() {
    let board = Board::start().await;
    // The probe asks with what is known only once the call has begun.
    let text = format!(
        "title: A\ncall: {{ kind: outbound, agents: {{ ann: }} }}\n\
         script: [ring: ann, answer: ann, ring: customer, answer: customer, hangup: ann]\n\
         expect:\n  - {{ push: \"udesk:end\", json: {{ $.code: 7 }} }}\n\
         probe: {{ get: \"http://{}/inbox/probed/{{call.id}}\", status: 2xx }}\n",
        board.address
    );
    let by_hand = json!({ "scenario": text, "vendor": "udesk", "by_hand": true, "pace": "1000x" });
    let id = board.run(by_hand.clone()).await;
    for step in ["ring: ann", "answer: ann", "ring: customer", "answer: customer", "hangup: customer"] {
        board.step(&id, step).await;
    }
    let run = board.over(&id).await;
    assert_eq!((&run["exit"], &run["figures"]["findings"]), (&json!(1), &json!(1)), "{}", run["findings"]);
    assert!(run["findings"][0].to_string().contains("udesk:end"), "{}", run["findings"]);
    let probed = board.read("/api/inboxes/probed").await;
    let end: Value = {
        let body = run["deliveries"].as_array().unwrap().last().unwrap()["attempts"][0]["body"].as_str().unwrap();
        serde_json::from_str(body).unwrap()
    };
    let asked = format!("/inbox/probed/{}", end["call_id"].as_str().unwrap());
    assert_eq!(probed["requests"][0]["path"], asked);

    // A story that never comes so far is not asked about, and says so.
    let id = board.run(by_hand).await;
    assert_eq!(board.post(&format!("/api/runs/{id}/stop"), json!({})).await.status, 202);
    assert_eq!(board.over(&id).await["state"], "stopped");
    board.end().await;
}
