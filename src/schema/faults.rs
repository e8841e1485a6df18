//! The faults of a scenario as a schema of the closed list of faults.

use super::{Definitions, described};
use crate::duration;
use crate::faults::{self, FAULTS_MAX, FaultFact, Setting, Takes};
use crate::scenario::grammar::{self, Key};
use serde_json::{Map, Value, json};

/// The list of faults.
pub(super) fn schema(definitions: &mut Definitions) -> Value {
    let one: Vec<Value> = faults::ALL.iter().map(|fact| entry(fact, definitions)).collect();
    json!({ "type": "array", "maxItems": FAULTS_MAX, "items": { "oneOf": one } })
}

fn entry(fact: &FaultFact, definitions: &mut Definitions) -> Value {
    let mut properties = Map::new();
    let meaning = format!("{} layer: {}", fact.layer.as_str(), fact.meaning);
    properties.insert("fault".to_owned(), described(&meaning, json!({ "const": fact.name })));
    for Key { name, takes, meaning, .. } in grammar::fault_keys() {
        let forms = takes.iter().map(|takes| takes.schema(definitions)).collect();
        properties.insert((*name).to_owned(), described(meaning, super::any_of(forms)));
    }
    for setting in fact.settings {
        properties.insert(setting.name.to_owned(), described(setting.meaning, value(setting, definitions)));
    }
    json!({ "type": "object", "properties": properties, "required": ["fault"], "additionalProperties": false })
}

fn value(setting: &Setting, definitions: &mut Definitions) -> Value {
    use grammar::Takes as Known;
    let text = json!({ "type": ["string", "number", "boolean"] });
    let (mut schema, default) = match setting.takes {
        Takes::Length { default, .. } => (Known::Length.schema(definitions), Some(duration::text(default).into())),
        Takes::Range { default, .. } => (Known::Range.schema(definitions), Some(duration::text(default).into())),
        Takes::Whole { default, fewest, most } => {
            let mut schema = super::value::whole(most, false);
            schema["minimum"] = fewest.into();
            (schema, Some(Value::from(default)))
        }
        Takes::Percent => (Known::Percent.schema(definitions), None),
        Takes::Word(words) => {
            (super::value::words(words.iter().copied()), words.first().map(|first| Value::from(*first)))
        }
        Takes::Text(default) | Takes::HeaderValue(default) | Takes::Header(default) => {
            (text, Some(default).filter(|default| !default.is_empty()).map(Value::from))
        }
        Takes::Field => (text, None),
        Takes::Push => (Known::Push.schema(definitions), None),
    };
    if let Some(default) = default {
        schema["default"] = default;
    }
    schema
}
