//! The script as a schema: each verb with the forms of its value, and the verbs that each subject knows.

use super::{Definitions, any_of, described};
use crate::scenario::grammar::{self, Step, Subject};
use serde_json::{Value, json};

/// What the script is where a file is about this subject.
pub(super) fn script_of(subject: &Subject, definitions: &mut Definitions) -> Value {
    let steps = definitions.named(&format!("{}_step", subject.key), |definitions| {
        let steps = grammar::steps().into_iter().filter(|step| subject.verbs.contains(&step.word));
        let steps: Vec<Value> = steps.map(|step| reference(&step, definitions)).collect();
        json!({ "description": format!("A step of a {}: one verb", subject.key), "oneOf": steps })
    });
    json!({
        "if": { "required": [subject.key] },
        "then": { "properties": { "script": { "items": steps } } },
    })
}

fn reference(step: &Step, definitions: &mut Definitions) -> Value {
    definitions.named(&format!("step_{}", step.word), |definitions| {
        let mut forms: Vec<Value> = step.takes.iter().map(|takes| takes.schema(definitions)).collect();
        if step.alone {
            forms.push(json!({ "type": "null" }));
        }
        let with_value = json!({
            "type": "object",
            "properties": { step.word: described(step.meaning, any_of(forms)) },
            "required": [step.word],
            "additionalProperties": false,
        });
        let alone = step.alone.then(|| json!({ "const": step.word }));
        described(step.meaning, any_of(alone.into_iter().chain([with_value]).collect()))
    })
}
