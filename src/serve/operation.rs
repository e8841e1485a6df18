//! How one operation of the API is written down in OpenAPI 3.1. Which there are stands in `openapi`.

use serde_json::{Map, Value, json};

/// What the parts of paths stand for.
const PARAMETERS: [(&str, &str, &str); 9] = [
    ("name", "The name of a scenario.", "outbound-answered"),
    ("push", "Vendor and push.", "udesk:end"),
    ("code", "A code.", "RB-106"),
    ("schema", "`scenario`, `events` or `report`.", "events"),
    ("run", "The id of a run.", "3f2a91c0"),
    ("call", "The label of a call.", "3f2a"),
    ("delivery", "The number of a delivery in its run.", "1"),
    ("inbox", "The name of an inbox.", "default"),
    ("after", "The id of the last event that was seen, or `now`.", "17"),
];

/// What can be asked of a run that has just begun.
const RUN_OPERATIONS: [&str; 12] = [
    "readRun",
    "listCalls",
    "listDeliveries",
    "listSteps",
    "takeStep",
    "causeFault",
    "setPace",
    "pauseRun",
    "resumeRun",
    "nextPush",
    "stopRun",
    "forgetRun",
];

/// What the event streams are, for people.
const STREAM: &str = "Each event has an `id` and `data`: an object as `GET /api/schemas/events` describes it, with `run`, \
    `seq` (its number in the run) and, where it is about a delivery, `n` in front. Resume by `Last-Event-ID` or `after`. \
    A reader that was too slow gets `{\"event\":\"missed\",\"count\":42}`. The stream of a run ends after `finished`.";

/// One method of one path.
pub(super) struct Operation {
    pub method: &'static str,
    pub path: &'static str,
    pub value: Map<String, Value>,
    pub answers: Map<String, Value>,
}

impl Operation {
    pub fn new(method: &'static str, path: &'static str, id: &str, tag: &str, summary: &str) -> Self {
        let mut value = Map::new();
        value.insert("operationId".to_owned(), id.into());
        value.insert("tags".to_owned(), json!([tag]));
        value.insert("summary".to_owned(), summary.into());
        value.insert("description".to_owned(), format!("{summary}.").into());
        let parts = path.split(['{', '}']).skip(1).step_by(2);
        let parameters: Vec<Value> = parts.map(|name| parameter(name, "path")).collect();
        if !parameters.is_empty() {
            value.insert("parameters".to_owned(), parameters.into());
        }
        Self { method, path, value, answers: Map::new() }
    }

    pub fn described(mut self, more: &str) -> Self {
        let told = self.value.get("description").and_then(Value::as_str).unwrap_or_default();
        self.value.insert("description".to_owned(), format!("{told} {more}").into());
        self
    }

    pub fn query(mut self, parameter: Value) -> Self {
        let parameters = self.value.entry("parameters").or_insert_with(|| json!([]));
        if let Some(parameters) = parameters.as_array_mut() {
            parameters.push(parameter);
        }
        self
    }

    pub fn answer(mut self, status: u16, told: &str, schema: Option<Value>) -> Self {
        let mut answer = json!({ "description": told });
        if let Some(schema) = schema {
            answer["content"] = json!({ "application/json": { "schema": schema } });
        }
        if status == 201 && self.path == "/api/runs" {
            answer["headers"] =
                json!({ "Location": { "description": "Where the run is.", "schema": { "type": "string" } } });
            let link = |operation: &&str| {
                let link = json!({ "operationId": operation, "parameters": { "run": "$response.body#/id" } });
                ((*operation).to_owned(), link)
            };
            answer["links"] = RUN_OPERATIONS.iter().map(link).collect::<Map<_, _>>().into();
        }
        self.answers.insert(status.to_string(), answer);
        self
    }

    pub fn events(mut self) -> Self {
        self.answers.insert(
            "200".to_owned(),
            json!({ "description": STREAM, "content": { "text/event-stream": { "schema": { "type": "string" } } } }),
        );
        self.answer(204, "Nothing will follow what was seen.", None)
    }

    pub fn problems(mut self, statuses: &[u16]) -> Self {
        for status in [401, 403].iter().chain(statuses) {
            self.answers.insert(status.to_string(), json!({ "$ref": "#/components/responses/Problem" }));
        }
        self
    }
}

/// A text in a path or behind it.
pub(super) fn parameter(name: &str, place: &str) -> Value {
    let (told, example) =
        PARAMETERS.iter().find(|(known, ..)| *known == name).map_or(("", ""), |(_, told, example)| (told, example));
    json!({
        "name": name,
        "in": place,
        "required": place == "path",
        "description": told,
        "schema": { "type": "string", "minLength": 1 },
        "example": example,
    })
}

/// A number behind a path.
pub(super) fn number(name: &str, told: &str, least: u64, most: u64) -> Value {
    let schema = json!({ "type": "integer", "minimum": least, "maximum": most });
    json!({ "name": name, "in": "query", "required": false, "description": told, "schema": schema })
}
