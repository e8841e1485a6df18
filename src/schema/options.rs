//! What can be set for each vendor, as a schema of the vendors' own facts.

use super::value::{whole, words};
use super::{Definitions, described};
use crate::duration;
use crate::scenario::grammar::Takes;
use crate::vendors::{self, OptionFact, OptionKind, Vendor};
use serde_json::{Map, Value, json};

/// The options of all vendors.
pub(super) fn schema(definitions: &mut Definitions) -> Value {
    let vendors = vendors::ALL.iter().map(|vendor| (vendor.id().to_owned(), reference(*vendor, definitions)));
    json!({
        "type": "object",
        "properties": vendors.collect::<Map<_, _>>(),
        "additionalProperties": false,
    })
}

fn reference(vendor: &dyn Vendor, definitions: &mut Definitions) -> Value {
    definitions.named(&format!("{}_options", vendor.id()), |definitions| {
        let settings = vendor.options().iter().map(|fact| (fact.name.to_owned(), setting(fact, definitions)));
        json!({
            "description": format!("What a customer of {} can configure, and how its documents are read", vendor.title()),
            "type": ["object", "null"],
            "properties": settings.collect::<Map<_, _>>(),
            "additionalProperties": false,
        })
    })
}

fn setting(fact: &OptionFact, definitions: &mut Definitions) -> Value {
    let (schema, default) = match fact.kind {
        OptionKind::Switch(default) => (Takes::Switch.schema(definitions), Some(Value::from(default))),
        OptionKind::Text(default) => (Takes::Text.schema(definitions), default.map(Value::from)),
        OptionKind::Integer(default) => (whole(u64::MAX, false), default.map(Value::from)),
        OptionKind::Duration(default) => (Takes::Length.schema(definitions), Some(duration::text(default).into())),
        OptionKind::Choice(choices) => {
            (words(choices.iter().copied()), choices.first().map(|first| Value::from(*first)))
        }
        OptionKind::List => (json!({ "type": "array", "items": Takes::Text.schema(definitions) }), None),
        OptionKind::Any => (json!({}), None),
    };
    let drawn = match (fact.kind, &default) {
        (OptionKind::Text(_) | OptionKind::Integer(_), None) => ". Default: drawn from the seed, or nothing",
        _ => "",
    };
    // What is not the vendor's own word says so.
    let mut schema = described(&format!("{}{drawn}. Known from: {}", fact.meaning, fact.origin), schema);
    if let Some(default) = default {
        schema["default"] = default;
    }
    schema
}
