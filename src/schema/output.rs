//! The schemas of what Ringback writes: derived from the types that it writes, so that they cannot drift apart.

use crate::event::RunEvent;
use crate::load::LoadSummary;
use crate::load::report::LoadLine;
use crate::report::Summary;
use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde_json::{Map, Value};

/// The JSON Schema of what `--report json` writes, draft 2020-12.
pub fn report() -> Value {
    of::<Summary>("The summary of a Ringback run")
}

/// The JSON Schema of one line of what `--report ndjson` writes, draft 2020-12.
pub fn events() -> Value {
    of::<RunEvent>("One event of a Ringback run")
}

/// The JSON Schema of what `ringback load --report json` writes, draft 2020-12.
pub fn load() -> Value {
    of::<LoadSummary>("What a Ringback load came to")
}

/// The JSON Schema of the lines that only a load writes by `--report ndjson`, draft 2020-12.
pub fn load_events() -> Value {
    of::<LoadLine>("One line of a Ringback load")
}

fn of<T: JsonSchema>(title: &str) -> Value {
    let generator = SchemaSettings::draft2020_12().for_serialize().into_generator();
    let Value::Object(mut derived) = generator.into_root_schema_for::<T>().to_value() else { return Value::Null };
    let mut schema = Map::new();
    schema.extend(derived.shift_remove_entry("$schema"));
    schema.insert("title".to_owned(), title.into());
    derived.shift_remove("title");
    schema.append(&mut derived);
    schema.into()
}
