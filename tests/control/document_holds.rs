//! The document of the control API and the server hold together: every operation is asked once, and answers as the document says.

use super::board::Board;
use super::document;
use super::{udesk, with};
use serde_json::{Value, json};
use std::collections::BTreeSet;

#[tokio::test]
async fn every_operation_of_the_document_is_answered_as_it_says() {
    let board = Board::start().await;
    let run = board.run(with(udesk(), json!({ "paused": true }))).await;
    let call = board.read(&format!("/api/runs/{run}/calls")).await["calls"][0]["call"].as_str().unwrap().to_owned();
    let text = "title: A\ncall: { kind: outbound }\nscript: [ring: agent, decline: agent]\n";
    // In this order: each finds what the one before has left.
    let questions: [(&str, Value, u16); 38] = [
        ("about", Value::Null, 200),
        ("readDocument", Value::Null, 200),
        ("openSession", Value::Null, 204),
        ("listScenarios", Value::Null, 200),
        ("readScenario", Value::Null, 200),
        ("listVendors", Value::Null, 200),
        ("listPushes", Value::Null, 200),
        ("readPush", Value::Null, 200),
        ("listFaults", Value::Null, 200),
        ("listChecks", Value::Null, 200),
        ("listCodes", Value::Null, 200),
        ("readCode", Value::Null, 200),
        ("readSchema", Value::Null, 200),
        ("checkScenario", json!({ "scenario": text }), 200),
        ("planRun", json!({ "run": udesk() }), 200),
        ("startRun", udesk(), 201),
        ("listRuns", Value::Null, 200),
        ("readRun", Value::Null, 200),
        ("listCalls", Value::Null, 200),
        ("readCall", Value::Null, 200),
        ("listDeliveries", Value::Null, 200),
        ("readDelivery", Value::Null, 200),
        ("listSteps", Value::Null, 200),
        ("causeFault", json!({ "fault": "drop-next" }), 200),
        ("setPace", json!({ "pace": "1x" }), 200),
        ("pauseRun", Value::Null, 200),
        ("nextPush", Value::Null, 200),
        ("resumeRun", Value::Null, 200),
        ("takeStep", json!({ "step": "hangup: customer" }), 200),
        ("stopRun", Value::Null, 202),
        ("playRunAgain", Value::Null, 201),
        ("followAll", Value::Null, 200),
        ("followRun", Value::Null, 200),
        ("setInbox", json!({ "behaviour": "ok" }), 201),
        ("listInboxes", Value::Null, 200),
        ("readInbox", Value::Null, 200),
        ("removeInbox", Value::Null, 204),
        ("forgetRun", Value::Null, 204),
    ];
    let operations = document::operations();
    let asked: BTreeSet<&str> = questions.iter().map(|(id, ..)| *id).collect();
    let told: BTreeSet<&str> = operations.iter().map(|(id, ..)| id.as_str()).collect();
    assert_eq!(asked, told);
    for (id, body, status) in questions {
        let (_, method, path) = operations.iter().find(|(known, ..)| known == id).unwrap();
        let parts = [
            ("{name}", "transfer"),
            ("{push}", "udesk:end"),
            ("{code}", "RB-102"),
            ("{schema}", "events"),
            ("{run}", &run),
        ];
        let parts = parts.into_iter().chain([("{call}", &*call), ("{delivery}", "1"), ("{inbox}", "a")]);
        let path = parts.fold(path.clone(), |path, (name, value)| path.replace(name, value));
        if id.starts_with("follow") {
            assert_eq!(board.events(&path, &[]).await.status, status, "{id}");
            continue;
        }
        let answer = match (&body, method.as_str()) {
            (Value::Null, "GET") => board.get(&path).await,
            (Value::Null, method) => board.ask(method, &path, json!({})).await,
            (body, method) => board.ask(method, &path, body.clone()).await,
        };
        assert_eq!(answer.status, status, "{id}: {}", answer.text);
    }
    board.end().await;
}

/// What the document says of every way to fail.
#[test]
fn every_operation_says_how_it_fails() {
    for (id, method, path) in document::operations() {
        let operation = &document::DOCUMENT["paths"][&path][method.to_lowercase()];
        let answers: BTreeSet<&str> = operation["responses"].as_object().unwrap().keys().map(String::as_str).collect();
        assert!(answers.contains("401") && answers.contains("403"), "{id}");
        assert_eq!(path.contains('{'), answers.contains("404"), "{id}");
        assert_eq!(operation["requestBody"].is_object(), answers.contains("422"), "{id}");
        assert!(!answers.iter().any(|status| status.starts_with('5') && *status != "503"), "{id}");
    }
}
