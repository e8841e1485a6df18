//! Holds the body of a request against the schema that the API's document gives for it: every mistake with its place as a JSON
//! pointer, and what would be right there. What the values mean is judged elsewhere.

use super::problem::Mistake;
use crate::spelling::{choices, nearest};
use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde_json::Value;
use std::any::TypeId;
use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

/// How many mistakes of a body are told, the first.
pub const MISTAKES_TOLD_MAX: usize = 20;
/// The longest value that is repeated in a mistake.
const VALUE_SHOWN_MAX_CHARS: usize = 60;

/// The shape of a type, made when it is asked for first.
pub(super) fn of<T: JsonSchema + 'static>() -> Arc<Value> {
    static SHAPES: LazyLock<Mutex<HashMap<TypeId, Arc<Value>>>> = LazyLock::new(Mutex::default);
    let mut shapes = SHAPES.lock().unwrap_or_else(PoisonError::into_inner);
    let made = || {
        let settings = SchemaSettings::draft2020_12().with(|settings| settings.inline_subschemas = true);
        settings.for_deserialize().into_generator().into_root_schema_for::<T>().to_value().into()
    };
    Arc::clone(shapes.entry(TypeId::of::<T>()).or_insert_with(made))
}

/// What is wrong with a body, by the words that schemas of our own types have. A text of the wrong form is not among it:
/// whoever reads it says more.
pub(super) fn mistakes(schema: &Value, body: &Value) -> Vec<Mistake> {
    let mut told = Vec::new();
    gather(schema, body, "", &mut told);
    told.truncate(MISTAKES_TOLD_MAX);
    told
}

fn gather(schema: &Value, value: &Value, place: &str, told: &mut Vec<Mistake>) {
    if told.len() >= MISTAKES_TOLD_MAX {
        return;
    }
    // One of several that is not chosen by its word is what it is where it is there at all.
    let mut others = schema["anyOf"].as_array().into_iter().flatten().filter(|one| one["type"] != "null");
    if let (Some(other), None) = (others.next(), others.next()) {
        if !value.is_null() {
            gather(other, value, place, told);
        }
        return;
    }
    let types: Vec<&str> = match &schema["type"] {
        Value::Array(types) => types.iter().filter_map(Value::as_str).collect(),
        one => one.as_str().into_iter().collect(),
    };
    let name = named(place);
    let words = words(schema);
    let mut mistake = |detail, help| told.push(Mistake::new(place, detail).help(help));
    if !types.is_empty() && !types.iter().any(|of_type| is_of_type(value, of_type)) {
        return mistake(format!("{name} has to be {}, and not {}", wanted(&types), kind_of(value)), taken(schema));
    }
    let is_left_out = value.is_null() && types.contains(&"null");
    let is_number = schema["format"] != "uint64" || value.as_str().is_none_or(|text| text.parse::<u64>().is_ok());
    if !is_number || !words.is_empty() && !is_left_out && !value.as_str().is_some_and(|one| words.contains(&one)) {
        let help = match nearest(value.as_str().unwrap_or_default(), words) {
            Some(near) => format!("did you mean `{near}`?"),
            None => taken(schema),
        };
        return mistake(format!("{name} cannot be {}", shown(value)), help);
    }
    match value {
        Value::Number(number) => {
            let beyond = |bound: &Value, is_beyond: fn(&f64, &f64) -> bool| {
                bound.as_f64().zip(number.as_f64()).is_some_and(|(bound, number)| is_beyond(&number, &bound))
            };
            if beyond(&schema["minimum"], f64::lt) || beyond(&schema["maximum"], f64::gt) {
                mistake(format!("{name} goes from {} to {}", schema["minimum"], schema["maximum"]), taken(schema));
            }
        }
        Value::Array(items) => match schema["maxItems"].as_u64() {
            Some(limit) if items.len() as u64 > limit => {
                mistake(format!("{name}: there can be {limit} of them"), String::new());
            }
            _ => {
                let items = items.iter().enumerate();
                items.for_each(|(nth, item)| gather(&schema["items"], item, &format!("{place}/{nth}"), told));
            }
        },
        Value::Object(given) => {
            let known = schema["properties"].as_object();
            let is_closed = schema["additionalProperties"] == false;
            for (name, value) in given {
                let place = format!("{place}/{}", escaped(name));
                match known.and_then(|known| known.get(name)) {
                    Some(schema) => gather(schema, value, &place, told),
                    None if is_closed => told.push(unknown(name, &place, schema)),
                    None => {}
                }
            }
            let required = schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str);
            for missing in required.filter(|name| !given.contains_key(*name)) {
                let place = format!("{place}/{}", escaped(missing));
                let help = taken(&schema["properties"][missing]);
                told.push(Mistake::new(&place, format!("`{missing}` is missing")).help(help));
            }
        }
        Value::Null | Value::Bool(_) | Value::String(_) => {}
    }
}

/// A name that nothing has here.
fn unknown(name: &str, place: &str, schema: &Value) -> Mistake {
    let known: Vec<&str> = schema["properties"].as_object().into_iter().flatten().map(|(name, _)| &**name).collect();
    let help = match nearest(name, known.iter().copied()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("there are {}", known.join(", ")),
    };
    Mistake::new(place, format!("nothing is called `{name}` here")).help(help)
}

fn is_of_type(value: &Value, name: &str) -> bool {
    match name {
        "string" => value.is_string(),
        "integer" => value.as_f64().is_some_and(|number| number.fract() == 0.0),
        "number" => value.is_number(),
        "boolean" => value.is_boolean(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        _ => value.is_null(),
    }
}

/// What is taken at a place, in words.
fn taken(schema: &Value) -> String {
    let meaning = schema["description"].as_str().unwrap_or_default().replace('\n', " ");
    let words = words(schema);
    let more = match &schema["examples"][0] {
        _ if !words.is_empty() => format!("one of {}", choices(words)),
        Value::Null => String::new(),
        example => format!("such as {example}"),
    };
    [meaning.trim_end_matches('.'), &more].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(": ")
}

/// The words that can be chosen from.
fn words(schema: &Value) -> Vec<&str> {
    let plain = schema["enum"].as_array().into_iter().flatten();
    let told = ["oneOf", "anyOf"].into_iter().filter_map(|key| schema[key].as_array()).flatten();
    plain.chain(told.map(|choice| &choice["const"])).filter_map(Value::as_str).collect()
}

fn wanted(types: &[&str]) -> String {
    let of_type = |name: &&str| match *name {
        "string" => "a text",
        "integer" => "a whole number",
        "number" => "a number",
        "boolean" => "true or false",
        "array" => "a list",
        "object" => "an object",
        _ => "",
    };
    // That it can be left out goes without saying.
    types.iter().map(of_type).filter(|words| !words.is_empty()).collect::<Vec<_>>().join(" or ")
}

fn kind_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(true) => "true",
        Value::Bool(false) => "false",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

fn shown(value: &Value) -> String {
    let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    match text.chars().count() > VALUE_SHOWN_MAX_CHARS {
        true => "this".to_owned(),
        false => format!("`{text}`"),
    }
}

/// The last name of a pointer.
fn named(pointer: &str) -> String {
    match pointer.rsplit_once('/') {
        None => "the body".to_owned(),
        Some((_, last)) => format!("`{}`", unescaped(last)),
    }
}

/// A name as it stands in a pointer (RFC 6901).
fn escaped(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

fn unescaped(part: &str) -> String {
    part.replace("~1", "/").replace("~0", "~")
}
