//! Schemas for editors and other tools. They are made of the same tables that the reader of scenarios knows its keys and
//! verbs from, so that the two cannot drift apart; nothing is checked here.
//!
//! A schema takes everything that the reader takes. What only the reader can know (names that nobody declares, a story
//! that cannot happen) is left to `ringback check`.

mod expected;
mod faults;
mod options;
mod output;
mod pushes;
mod step;
mod table;
mod value;

pub use output::{events, load, load_events, report};
pub use pushes::{asyncapi, name, openapi, pushes};

use crate::scenario::grammar;
use serde_json::{Map, Value, json};

/// The JSON Schema of scenario files, draft 2020-12.
pub fn scenario() -> Value {
    let mut definitions = Definitions::default();
    let mut schema = Map::new();
    schema.insert("$schema".to_owned(), "https://json-schema.org/draft/2020-12/schema".into());
    schema.insert("title".to_owned(), "A Ringback scenario".into());
    schema.append(&mut table::keys(grammar::file(), &mut definitions));
    let subjects = grammar::subjects();
    let one: Vec<Value> = subjects.iter().map(|subject| json!({ "required": [subject.key] })).collect();
    let then: Vec<Value> = subjects.iter().map(|subject| step::script_of(subject, &mut definitions)).collect();
    schema.insert("oneOf".to_owned(), one.into());
    schema.insert("allOf".to_owned(), then.into());
    schema.insert("$defs".to_owned(), definitions.found.into());
    schema.into()
}

/// The parts of a schema that have a name, in the order in which they were first needed.
#[derive(Default)]
struct Definitions {
    found: Map<String, Value>,
}

impl Definitions {
    /// A reference to the part of this name, which is made where it is needed for the first time.
    fn named(&mut self, name: &str, make: impl FnOnce(&mut Self) -> Value) -> Value {
        if !self.found.contains_key(name) {
            // Keeps its place before what it refers to, and ends a walk that comes by again.
            self.found.insert(name.to_owned(), Value::Null);
            let made = make(self);
            self.found.insert(name.to_owned(), made);
        }
        json!({ "$ref": format!("#/$defs/{name}") })
    }
}

/// The schema with what it means in front; what it says of its values follows.
fn described(meaning: &str, schema: Value) -> Value {
    let Value::Object(mut keys) = schema else { return schema };
    let of_values = keys.shift_remove("description");
    let told = match of_values.as_ref().and_then(Value::as_str) {
        Some(of_values) => format!("{meaning}. {of_values}"),
        None => meaning.to_owned(),
    };
    let mut described = Map::new();
    described.insert("description".to_owned(), told.into());
    described.append(&mut keys);
    described.into()
}

/// Any of these schemas; the only one itself.
fn any_of(mut schemas: Vec<Value>) -> Value {
    if schemas.len() == 1 { schemas.remove(0) } else { json!({ "anyOf": schemas }) }
}
