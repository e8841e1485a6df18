//! Sets of keys as schemas: what a block knows, what it needs, and nothing else.

use super::{Definitions, any_of, described};
use crate::scenario::grammar::{Key, Need, Table};
use serde_json::{Map, Value, json};

/// A reference to the schema of a set of keys.
pub(super) fn reference(table: &'static Table, definitions: &mut Definitions) -> Value {
    definitions.named(table.name, |definitions| keys(table, definitions).into())
}

/// The schema of a set of keys.
pub(super) fn keys(table: &'static Table, definitions: &mut Definitions) -> Map<String, Value> {
    let mut schema = Map::new();
    schema.insert("description".to_owned(), table.meaning.into());
    // A key without a value stands for a block with nothing in it.
    let kind = if table.may_be_empty() { json!(["object", "null"]) } else { json!("object") };
    schema.insert("type".to_owned(), kind);
    let properties = table.keys.iter().map(|key| (key.name.to_owned(), property(key, definitions)));
    schema.insert("properties".to_owned(), properties.collect::<Map<_, _>>().into());
    let required: Vec<&str> = table.keys.iter().filter(|key| key.need == Need::Required).map(|key| key.name).collect();
    if !required.is_empty() {
        schema.insert("required".to_owned(), required.into());
    }
    schema.insert("additionalProperties".to_owned(), false.into());
    let conditions: Vec<Value> = table.keys.iter().filter_map(condition).collect();
    if !conditions.is_empty() {
        schema.insert("allOf".to_owned(), conditions.into());
    }
    schema
}

fn property(key: &'static Key, definitions: &mut Definitions) -> Value {
    let forms = key.takes.iter().map(|takes| takes.schema(definitions)).collect();
    described(key.meaning, any_of(forms))
}

fn condition(key: &Key) -> Option<Value> {
    let name = key.name;
    let has = |other: &str, word: &str| json!({ "properties": { other: { "const": word } }, "required": [other] });
    let forbidden = json!({ "properties": { name: false } });
    let required = json!({ "required": [name] });
    match key.need {
        Need::Optional | Need::Required => None,
        Need::Where(other, word) => Some(json!({ "if": has(other, word), "then": required, "else": forbidden })),
        Need::Only(other, word) => Some(json!({ "if": has(other, word), "else": forbidden })),
        Need::Unless(other) => Some(json!({ "if": { "required": [other] }, "then": forbidden, "else": required })),
    }
}
