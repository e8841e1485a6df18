//! What answers have to look like, as a schema: any value will do as a literal, so that this tells editors what matchers
//! there are rather than what is wrong.

use super::{Definitions, described};
use crate::contract::{CHECKS, CheckFact, CheckKind};
use crate::scenario::value::pattern;
use serde_json::{Map, Value, json};

/// Headers of an answer.
pub(super) fn headers(definitions: &mut Definitions) -> Value {
    json!({
        "type": "object",
        "propertyNames": { "type": ["string", "number", "boolean"], "pattern": pattern::header_name() },
        "additionalProperties": text_shape(definitions),
    })
}

/// JSON with matchers in it.
pub(super) fn json_shape(definitions: &mut Definitions) -> Value {
    definitions.named("expected_json", |definitions| {
        let inner = json_shape(definitions);
        let matchers = properties(|_| true);
        json!({
            "description": "A literal; keys, which may stand among others; or a matcher: one key that says what a value has to be",
            "anyOf": [
                { "type": ["string", "number", "boolean", "null"] },
                { "type": "array", "items": inner.clone() },
                { "type": "object", "allOf": [{ "properties": matchers }], "additionalProperties": inner },
            ],
        })
    })
}

/// A text, or a matcher of texts.
pub(super) fn text_shape(definitions: &mut Definitions) -> Value {
    definitions.named("expected_text", |_| {
        let matchers = properties(|fact| !matches!(fact.name, "type" | "range" | "at_least" | "at_most"));
        json!({
            "description": "A text, or a matcher: one key that says what it has to be",
            "anyOf": [
                { "type": ["string", "number", "boolean"] },
                {
                    "type": "object",
                    "properties": matchers,
                    "additionalProperties": false,
                    "minProperties": 1,
                    "maxProperties": 1,
                },
            ],
        })
    })
}

/// Each matcher with what it means. A key of a body may have the same name, so that any value is right.
fn properties(takes: impl Fn(&CheckFact) -> bool) -> Map<String, Value> {
    let matchers = CHECKS.iter().filter(|fact| fact.kind == CheckKind::Matcher && takes(fact));
    matchers.map(|fact| (fact.name.to_owned(), described(&told(fact), json!({})))).collect()
}

fn told(fact: &CheckFact) -> String {
    format!("{}. It takes {}: `{}`", fact.meaning, fact.takes, fact.example)
}
