//! The document of the API, OpenAPI 3.1, made of the types that are read and written.

use super::answer::{Answered, text};
use super::operation::{Operation, number, parameter};
use super::request::RunRequest;
use super::told::{Told, Whole};
use super::{calls, catalog, delivery, drive, inboxes, problem, pushes, reading, scenarios};
use axum::http::StatusCode;
use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, SchemaGenerator};
use serde_json::{Map, Value, json};

/// Where the parts with a name stand.
const PARTS: &str = "/components/schemas";

/// The tags, each with what it is about.
const TAGS: [(&str, &str); 6] = [
    ("catalog", "What there is to play, and what can be looked at without playing it."),
    ("runs", "One scenario played by one vendor: started, told, stopped."),
    ("driving", "Steps of the story, faults by hand, and the passing of scenario time."),
    ("events", "What happens, as it happens: server-sent events with ids that can be resumed."),
    ("inboxes", "Receivers inside, so that nothing else has to run."),
    ("server", "The server itself."),
];

/// The document.
pub(super) async fn document() -> Answered {
    Ok(text(StatusCode::OK, "application/json", document_text().into_bytes()))
}

/// The document as it is served.
pub fn document_text() -> String {
    Document::new().write().to_string()
}

struct Document {
    paths: Map<String, Value>,
    reads: SchemaGenerator,
    writes: SchemaGenerator,
    /// The tag of the operations that are added.
    tag: &'static str,
}

impl Document {
    fn new() -> Self {
        let settings = || {
            let mut settings = SchemaSettings::draft2020_12();
            settings.definitions_path = PARTS.into();
            settings
        };
        Self {
            paths: Map::new(),
            reads: settings().for_deserialize().into_generator(),
            writes: settings().for_serialize().into_generator(),
            tag: "",
        }
    }

    fn written<T: JsonSchema>(&mut self) -> Option<Value> {
        Some(self.writes.subschema_for::<T>().to_value())
    }

    fn read<T: JsonSchema>(&mut self) -> Value {
        self.reads.subschema_for::<T>().to_value()
    }

    fn add(&mut self, operation: Operation) {
        let Operation { method, path, mut value, answers } = operation;
        value.insert("responses".to_owned(), answers.into());
        let item = self.paths.entry(path).or_insert_with(|| json!({}));
        item[method] = value.into();
    }

    fn operation(&self, method: &'static str, path: &'static str, id: &str, summary: &str) -> Operation {
        Operation::new(method, path, id, self.tag, summary)
    }

    /// A question without a body.
    fn get<T: JsonSchema>(&mut self, path: &'static str, id: &str, summary: &str, problems: &[u16]) {
        let schema = self.written::<T>();
        self.add(self.operation("get", path, id, summary).answer(200, "As asked.", schema).problems(problems));
    }

    /// Something to do, with a body.
    fn post<Q: JsonSchema, A: JsonSchema>(&mut self, operation: Operation, status: u16, problems: &[u16]) {
        let (asked, answered) = (self.read::<Q>(), self.written::<A>());
        let mut operation = operation.answer(status, "Done.", answered);
        let body = json!({ "required": true, "content": { "application/json": { "schema": asked } } });
        operation.value.insert("requestBody".to_owned(), body);
        self.add(operation.problems(&[&[400, 408, 413, 415, 422], problems].concat()));
    }

    /// Something to do that needs no words.
    fn order<A: JsonSchema>(&mut self, path: &'static str, id: &str, summary: &str, status: u16) {
        let answered = self.written::<A>();
        let operation = self.operation("post", path, id, summary).answer(status, "Done.", answered);
        self.add(operation.problems(&[400, 404, 408, 409, 413]));
    }

    fn write(mut self) -> Value {
        self.catalog();
        self.runs();
        self.driving();
        self.inboxes();
        let problem = self.written::<problem::Words>();
        let mut parts = self.reads.take_definitions(true);
        parts.extend(self.writes.take_definitions(true));
        parts.sort_keys();
        let tags: Vec<Value> = TAGS.iter().map(|(name, told)| json!({ "name": name, "description": told })).collect();
        json!({
            "openapi": "3.1.0",
            "info": {
                "title": "Ringback",
                "version": env!("CARGO_PKG_VERSION"),
                "summary": "Plays a call-centre vendor.",
                "description": "Start runs, drive the calls in them by hand, cause faults, and read what the receiver answered. \
                    Problems are `application/problem+json`. Where the server has a token, every request needs it, as a \
                    bearer token or in the cookie that `POST /api/session` sets.",
                "contact": { "name": "Ringback" },
                "license": { "name": "MIT", "identifier": "MIT" },
            },
            "servers": [{ "url": "/", "description": "The server that this document comes from." }],
            "security": [{}, { "token": [] }, { "cookie": [] }],
            "tags": tags,
            "paths": self.paths,
            "components": {
                "securitySchemes": {
                    "token": { "type": "http", "scheme": "bearer", "description": "The token of the server." },
                    "cookie": {
                        "type": "apiKey", "in": "cookie", "name": super::guard::COOKIE_NAME,
                        "description": "The same for browsers.",
                    },
                },
                "responses": {
                    "Problem": {
                        "description": "Why the request is not obeyed.",
                        "content": { "application/problem+json": { "schema": problem } },
                    },
                },
                "schemas": parts,
            },
        })
    }

    fn catalog(&mut self) {
        let any = json!({ "type": "object" });
        self.tag = "server";
        let about = self.operation("get", "/api", "about", "What is served, and within which limits");
        self.add(about.answer(200, "As asked.", Some(any.clone())).problems(&[]));
        let own = self.operation("get", "/api/openapi.json", "readDocument", "This document");
        self.add(own.answer(200, "As asked.", Some(any.clone())).problems(&[]));
        let session = self
            .operation("post", "/api/session", "openSession", "Sets the cookie that holds the token")
            .described("A browser needs it for event streams, which cannot have headers of their own.");
        self.add(session.answer(204, "The cookie is set.", None).problems(&[400, 408, 413]));
        self.tag = "catalog";
        self.get::<scenarios::Scenarios>("/api/scenarios", "listScenarios", "The built-in scenarios", &[]);
        self.get::<scenarios::ScenarioText>(
            "/api/scenarios/{name}",
            "readScenario",
            "A built-in scenario with its text",
            &[404],
        );
        self.get::<pushes::Vendors>("/api/vendors", "listVendors", "The vendors", &[]);
        let vendors: Vec<&str> = crate::vendors::ALL.iter().map(|vendor| vendor.id()).collect();
        let vendor = json!({
            "name": "vendor", "in": "query", "required": false, "description": "Only those of this vendor.",
            "schema": { "type": "string", "enum": vendors },
        });
        let schema = self.written::<pushes::Pushes>();
        let pushes = self.operation("get", "/api/pushes", "listPushes", "The pushes of the vendors").query(vendor);
        self.add(pushes.answer(200, "As asked.", schema).problems(&[400]));
        self.get::<pushes::PushFields>(
            "/api/pushes/{push}",
            "readPush",
            "A push with the meaning and the origin of its fields",
            &[404],
        );
        self.get::<catalog::Faults>("/api/faults", "listFaults", "What can go wrong on purpose", &[]);
        self.get::<catalog::Checks>("/api/checks", "listChecks", "What can be expected of a receiver", &[]);
        self.get::<catalog::Codes>("/api/codes", "listCodes", "The codes of mistakes and findings", &[]);
        self.get::<catalog::CodeFacts>("/api/codes/{code}", "readCode", "What a code means", &[404]);
        let schema = self.operation("get", "/api/schemas/{schema}", "readSchema", "The JSON Schema of a format");
        self.add(schema.answer(200, "As asked.", Some(any)).problems(&[404]));
        let check = self
            .operation("post", "/api/check", "checkScenario", "Whether a scenario is right")
            .described("What is wrong with it comes with 200: the question was answered.");
        self.post::<scenarios::CheckRequest, scenarios::Checked>(check, 200, &[]);
        let plan = self.operation("post", "/api/plan", "planRun", "Everything that a run would send; nothing is sent");
        self.post::<scenarios::PlanRequest, scenarios::Planned>(plan, 200, &[]);
    }

    fn runs(&mut self) {
        self.tag = "runs";
        self.get::<reading::RunList>("/api/runs", "listRuns", "The runs, the newest first", &[]);
        let create = self.operation("post", "/api/runs", "startRun", "Starts a run");
        self.post::<RunRequest, Told>(create, 201, &[429, 503]);
        self.get::<Whole>("/api/runs/{run}", "readRun", "A run with its newest deliveries and its findings", &[404]);
        let remove = self.operation("delete", "/api/runs/{run}", "forgetRun", "Stops a run and forgets it");
        self.add(remove.answer(204, "Forgotten.", None).problems(&[404]));
        self.order::<Told>("/api/runs/{run}/stop", "stopRun", "Stops a run", 202);
        let told = self.written::<Told>();
        let again = self.operation("post", "/api/runs/{run}/again", "playRunAgain", "Starts the same run once more",
        )
        .described(
            "All that was asked for, with the seed and the start that it had: the same pushes. What was done by hand \
                 is not repeated.",
        );
        self.add(again.answer(201, "Started.", told).problems(&[400, 404, 408, 409, 413, 429, 503]));
        self.get::<calls::Calls>("/api/runs/{run}/calls", "listCalls", "The calls of a run", &[404]);
        self.get::<calls::CallWhole>("/api/runs/{run}/calls/{call}", "readCall", "A call with its deliveries", &[404]);
        let schema = self.written::<reading::Page>();
        let page = self
            .operation("get", "/api/runs/{run}/deliveries", "listDeliveries", "Deliveries of a run, by pages")
            .query(number("after", "The number behind which the page begins.", 0, u64::MAX))
            .query(number("limit", "How many there are on a page.", 1, reading::PAGE_MAX));
        self.add(page.answer(200, "As asked.", schema).problems(&[400, 404]));
        self.get::<delivery::Delivery>(
            "/api/runs/{run}/deliveries/{delivery}",
            "readDelivery",
            "A delivery with its attempts and answers",
            &[404],
        );
        self.tag = "events";
        for (path, id, summary, problems) in [
            ("/api/runs/{run}/events", "followRun", "The events of a run", &[400, 404, 429][..]),
            ("/api/events", "followAll", "The events of all runs", &[400, 429]),
        ] {
            let events = self.operation("get", path, id, summary).query(parameter("after", "query"));
            self.add(events.events().problems(problems));
        }
    }

    fn driving(&mut self) {
        self.tag = "driving";
        self.get::<drive::Possible>("/api/runs/{run}/steps", "listSteps", "The steps that can happen now", &[404, 409]);
        let step = self
            .operation("post", "/api/runs/{run}/steps", "takeStep", "Lets a step happen now")
            .described("What the script had in store is cut off.");
        self.post::<drive::StepRequest, drive::Done>(step, 200, &[404, 409]);
        let fault = self.operation("post", "/api/runs/{run}/faults", "causeFault", "Lets something go wrong now");
        self.post::<drive::FaultRequest, drive::Done>(fault, 200, &[404, 409]);
        for (path, id, summary) in [
            ("/api/runs/{run}/pause", "pauseRun", "Lets scenario time stand still"),
            ("/api/runs/{run}/resume", "resumeRun", "Lets scenario time go on"),
            ("/api/runs/{run}/next", "nextPush", "While scenario time stands still, lets the next push leave"),
        ] {
            self.order::<drive::Done>(path, id, summary, 200);
        }
        let pace = self.operation("post", "/api/runs/{run}/pace", "setPace", "Lets scenario time pass otherwise");
        self.post::<drive::PaceRequest, drive::Done>(pace, 200, &[404, 409]);
    }

    fn inboxes(&mut self) {
        self.tag = "inboxes";
        self.get::<inboxes::InboxList>("/api/inboxes", "listInboxes", "The inboxes, and how they can behave", &[]);
        self.get::<inboxes::InboxWhole>(
            "/api/inboxes/{inbox}",
            "readInbox",
            "An inbox with the requests that it keeps",
            &[404],
        );
        let schema = self.written::<inboxes::InboxTold>();
        let put =
            self.operation("put", "/api/inboxes/{inbox}", "setInbox", "Makes an inbox, or lets one behave otherwise");
        let put =
            put.described("What it has received stays; `DELETE` empties it.").answer(201, "There was none.", schema);
        self.post::<inboxes::InboxRequest, inboxes::InboxTold>(put, 200, &[404, 429]);
        let remove = self.operation("delete", "/api/inboxes/{inbox}", "removeInbox", "Removes an inbox");
        self.add(remove.answer(204, "Removed.", None).problems(&[404]));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    /// What `routes.rs` says, as `get /api/runs`.
    fn routed() -> BTreeSet<String> {
        let text = include_str!("routes.rs");
        let routes = text.split(".route(\"/api").skip(1).filter_map(|behind| {
            let (path, behind) = behind.split_once('"')?;
            Some((format!("/api{path}"), behind.lines().next().unwrap_or_default().to_owned()))
        });
        let methods = ["get", "post", "put", "delete"];
        let each = routes.flat_map(|(path, behind)| {
            let has = move |method: &&str| behind.contains(&format!("{method}("));
            methods.into_iter().filter(has).map(|method| format!("{method} {path}")).collect::<Vec<_>>()
        });
        each.collect()
    }

    #[test]
    fn every_route_stands_in_the_document_and_nothing_else_does() {
        let document = Document::new().write();
        let paths = document["paths"].as_object().into_iter().flatten();
        let told = paths.flat_map(|(path, item)| {
            item.as_object().into_iter().flatten().map(move |(method, _)| format!("{method} {path}"))
        });
        assert_eq!(told.collect::<BTreeSet<_>>(), routed());
    }

    #[test]
    fn every_limit_has_a_name_of_its_own() {
        let names: BTreeSet<&str> = super::super::LIMITS.iter().map(|limit| limit.name).collect();
        assert_eq!(names.len(), super::super::LIMITS.len());
    }
}
