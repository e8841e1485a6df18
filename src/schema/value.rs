//! Single values as schemas. An editor sees digits without quotes as a number where Ringback reads their characters, so
//! most texts may be numbers as well.

use super::{Definitions, any_of, described, expected, faults, options, table};
use crate::contract::{METRICS, STATUS_MAX, STATUS_MIN};
use crate::scenario::grammar::{RESERVED, STEPS_MAX, Table, Takes, Words};
use crate::scenario::value::pattern;
use crate::vendors::{self, named};
use serde_json::{Value, json};

impl Takes {
    /// The schema of such a value.
    pub(super) fn schema(&self, definitions: &mut Definitions) -> Value {
        match *self {
            Takes::Text => definitions.named("text", |_| {
                json!({
                    "description": "A text, taken as it is written",
                    "type": ["string", "number", "boolean"],
                    "pattern": r"\S",
                })
            }),
            Takes::Argument => json!({ "type": ["string", "number", "boolean"] }),
            Takes::Phone => definitions.named("phone", |_| {
                json!({
                    "description": "A phone number: digits, perhaps after a `+`; best in quotes",
                    "type": ["string", "integer"],
                    "pattern": pattern::phone(),
                    "minimum": 0,
                    "examples": ["13800138000", "01081400192"],
                })
            }),
            Takes::AreaCode => definitions.named("area_code", |_| {
                json!({
                    "description": "An area code with its leading zero; best in quotes",
                    "type": ["string", "integer"],
                    "pattern": pattern::area_code(),
                    "minimum": 0,
                    "maximum": 999,
                    "examples": ["010", "0755"],
                })
            }),
            Takes::Keys => definitions.named("telephone_keys", |_| {
                json!({
                    "description": "Keys of a telephone: digits, `*` and `#`; best in quotes",
                    "type": ["string", "integer"],
                    "pattern": pattern::keys(),
                    "minimum": 0,
                    "examples": ["1", "12#"],
                })
            }),
            Takes::Whole { largest, signed } => whole(largest, signed),
            Takes::Percent => json!({ "type": "string", "pattern": pattern::percent(), "examples": ["20%"] }),
            Takes::Switch => json!({ "type": "boolean" }),
            Takes::Length => definitions.named("length", |_| {
                json!({
                    "description": LENGTH,
                    "anyOf": [time(pattern::length()), { "const": 0 }],
                    "examples": ["500ms", "5s", "1m30s"],
                })
            }),
            Takes::LengthAboveZero => time(pattern::length()),
            Takes::Range => definitions.named("length_or_range", |_| {
                json!({
                    "description": format!("{LENGTH}. Or a range, from which one is drawn: `3s..12s`"),
                    "anyOf": [time(pattern::range()), { "const": 0 }],
                    "examples": ["5s", "3s..12s", "1m30s"],
                })
            }),
            Takes::Word(list) => word(list, definitions),
            Takes::Name => {
                definitions.named("name", |_| named("A name that the file declares, in small letters", &RESERVED))
            }
            Takes::Third => definitions
                .named("agent_or_outside_party", |_| named("The name of an agent or an outside party", &RESERVED)),
            Takes::WithPhone => definitions.named("party_with_phone", |_| {
                named("`customer`, or the name of an agent or an outside party", &["system"])
            }),
            Takes::Anybody => definitions.named("party", |_| {
                named("`customer`, `system` for the platform, or the name of an agent or an outside party", &[])
            }),
            Takes::Address => definitions.named("address", |_| {
                json!({
                    "description": "The address of a receiver",
                    "type": "string",
                    "pattern": pattern::address(),
                    "examples": ["http://127.0.0.1:8080/hook"],
                })
            }),
            Takes::Question => definitions.named("question", |_| {
                json!({
                    "description": "An address, in which `{call.id}` and the like stand for what the story knows",
                    "type": "string",
                    "pattern": pattern::question(),
                    "examples": ["http://127.0.0.1:8080/calls/{call.id}", "{target.origin}/calls/{call.id}"],
                })
            }),
            Takes::HeaderName => header_name(),
            Takes::Prefix => json!({ "type": ["string", "number", "boolean"], "pattern": pattern::prefix() }),
            Takes::Headers => json!({
                "type": ["object", "null"],
                "propertyNames": header_name(),
                "additionalProperties": { "type": ["string", "number", "boolean"], "pattern": pattern::header_value() },
            }),
            Takes::Variables => json!({
                "type": "object",
                "additionalProperties": { "type": ["string", "number", "boolean"] },
            }),
            Takes::Push => definitions.named("push", |_| push()),
            Takes::Secret => json!({
                "type": ["string", "number", "boolean"],
                "minLength": 1,
                "not": { "type": "string", "pattern": pattern::foreign_secret() },
                "examples": ["{env.HOOK_SECRET}"],
            }),
            Takes::Any => json!({}),
            Takes::Options => options::schema(definitions),
            Takes::Faults => faults::schema(definitions),
            Takes::Attempts => json!({
                "type": ["integer", "string"],
                "minimum": 1,
                "pattern": r"^ *[0-9]+ *(\.\. *[0-9]+ *)?$",
                "examples": [1, "1..2"],
            }),
            Takes::Status => definitions.named("status", |_| {
                json!({
                    "description": "A status such as `200`, or a class such as `2xx`",
                    "type": ["integer", "string"],
                    "pattern": pattern::status(),
                    "minimum": STATUS_MIN,
                    "maximum": STATUS_MAX,
                    "examples": [200, "2xx"],
                })
            }),
            Takes::True => json!({ "const": true }),
            Takes::ExpectedHeaders => expected::headers(definitions),
            Takes::ExpectedJson => expected::json_shape(definitions),
            Takes::ExpectedText => expected::text_shape(definitions),
            Takes::Threshold => definitions.named("threshold", |_| {
                json!({
                    "description": format!("A threshold: perhaps a push, what is measured ({METRICS}), and its limit"),
                    "type": "string",
                    "pattern": pattern::threshold(),
                    "examples": ["p99<200ms", "errors<0.1%", "udesk:end service p99<=1s", "rate>=190/s"],
                })
            }),
            Takes::PlaceInJson => definitions.named("place_in_json", |_| {
                json!({
                    "description": "A place in JSON: a JSONPath or a JSON Pointer",
                    "type": "string",
                    "pattern": "^[$/]",
                    "examples": ["$.server_time", "/data/0/id"],
                })
            }),
            Takes::OneOf(values) => any_of(values.iter().map(|value| value.schema(definitions)).collect()),
            Takes::Script => json!({ "type": "array", "minItems": 1, "maxItems": STEPS_MAX }),
            Takes::Table(table) => table::reference(table, definitions),
            Takes::Named(table) => declared(table, definitions),
            Takes::OfOneAgent(values) => json!({
                "description": "The name of an agent with the agent's value",
                "type": "object",
                "propertyNames": Takes::Name.schema(definitions),
                "additionalProperties": any_of(values.iter().map(|value| value.schema(definitions)).collect()),
                "minProperties": 1,
                "maxProperties": 1,
            }),
            Takes::List { of, fewest, most, distinct } => {
                let mut list = json!({ "type": "array", "items": of.schema(definitions), "minItems": fewest });
                if let Some(most) = most {
                    list["maxItems"] = most.into();
                }
                if distinct {
                    list["uniqueItems"] = true.into();
                }
                list
            }
        }
    }
}

const LENGTH: &str = "A length of time: numbers with the units `d`, `h`, `m`, `s` and `ms`, the largest first, seven \
                      days at most; or `0`";

fn time(pattern: String) -> Value {
    json!({ "type": "string", "minLength": 1, "pattern": pattern })
}

/// A whole number, which may stand in quotes.
pub(super) fn whole(largest: u64, signed: bool) -> Value {
    let mut schema = json!({ "type": ["integer", "string"], "pattern": pattern::whole(signed) });
    if !signed {
        schema["minimum"] = 0.into();
    }
    // Editors count in floating point, where the largest of all is one too many.
    if largest < u64::MAX {
        schema["maximum"] = largest.into();
    }
    schema
}

/// One of several words.
pub(super) fn words<'w>(words: impl Iterator<Item = &'w str>) -> Value {
    // A word such as `429` needs no quotes, and an editor then sees a number.
    let forms = |word: &'w str| [Some(Value::from(word)), word.parse::<u64>().ok().map(Value::from)];
    json!({ "enum": words.flat_map(forms).flatten().collect::<Vec<_>>() })
}

fn word(list: Words, definitions: &mut Definitions) -> Value {
    let all = list.all();
    let told = |(word, meaning): &(&str, &str)| (!meaning.is_empty()).then(|| format!("`{word}`: {meaning}"));
    let meanings: Vec<String> = all.iter().filter_map(told).collect();
    let schema = words(all.iter().map(|(word, _)| *word));
    match meanings.is_empty() {
        true => definitions.named(list.name(), |_| schema),
        // Not by reference: an editor would show the key's own description alone.
        false => described(&meanings.join("; "), schema),
    }
}

fn named(meaning: &str, never: &[&str]) -> Value {
    let mut schema = json!({ "description": meaning, "type": "string", "pattern": pattern::name() });
    if !never.is_empty() {
        schema["not"] = json!({ "enum": never });
    }
    schema
}

fn declared(table: &'static Table, definitions: &mut Definitions) -> Value {
    json!({
        "type": "object",
        "propertyNames": Takes::Name.schema(definitions),
        "additionalProperties": table::reference(table, definitions),
    })
}

fn header_name() -> Value {
    json!({
        "type": ["string", "number", "boolean"],
        "pattern": pattern::header_name(),
        "not": { "type": "string", "pattern": pattern::header_set_by_transport() },
    })
}

fn push() -> Value {
    let names = named::pushes(vendors::ALL).flat_map(|push| [Some(push.name()), push.alias()]);
    let pushes = names.flatten().map(Value::from);
    json!({
        "description": "The name of a push with its vendor, in which `*` and `?` stand for any characters",
        "anyOf": [{ "enum": pushes.collect::<Vec<_>>() }, { "type": "string", "pattern": "[*?]" }],
    })
}
