//! Holds the body of a request against the schema that the API's document gives for it: every mistake with its place as a JSON
//! pointer, and what would be right there. What the values mean is judged elsewhere.

use super::problem::Mistake;
use crate::spelling::{choices, nearest};
use jsonschema::error::{TypeKind, ValidationErrorKind};
use jsonschema::{ValidationError, Validator};
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

/// What the body of a request has to be.
pub(super) struct Shape {
    schema: Value,
    validator: Validator,
}

impl Shape {
    /// The shape of a type, made when it is asked for first.
    pub fn of<T: JsonSchema + 'static>() -> Result<Arc<Self>, String> {
        static SHAPES: LazyLock<Mutex<HashMap<TypeId, Arc<Shape>>>> = LazyLock::new(Mutex::default);
        let mut shapes = SHAPES.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(shape) = shapes.get(&TypeId::of::<T>()) {
            return Ok(Arc::clone(shape));
        }
        let settings = SchemaSettings::draft2020_12().with(|settings| settings.inline_subschemas = true);
        let schema = settings.for_deserialize().into_generator().into_root_schema_for::<T>().to_value();
        let validator = jsonschema::draft202012::new(&schema).map_err(|error| error.to_string())?;
        let shape = Arc::new(Self { schema, validator });
        shapes.insert(TypeId::of::<T>(), Arc::clone(&shape));
        Ok(shape)
    }

    /// What is wrong with a body. A text of the wrong form is not among it: whoever reads it says more.
    pub fn mistakes(&self, body: &Value) -> Vec<Mistake> {
        let told = self.validator.iter_errors(body).flat_map(|error| self.told(&error));
        told.take(MISTAKES_TOLD_MAX).collect()
    }

    fn told(&self, error: &ValidationError<'_>) -> Vec<Mistake> {
        let place = error.instance_path().as_str();
        let here = self.at(place);
        let name = named(place);
        let (detail, help) = match error.kind() {
            ValidationErrorKind::Required { property } => {
                let missing = property.as_str().unwrap_or_default();
                let place = format!("{place}/{}", escaped(missing));
                return vec![Mistake::new(&place, format!("`{missing}` is missing")).help(taken(self.at(&place)))];
            }
            ValidationErrorKind::AdditionalProperties { unexpected } => {
                let known: Vec<&str> =
                    here["properties"].as_object().into_iter().flatten().map(|(name, _)| name.as_str()).collect();
                let unknown = |name: &String| {
                    let help = match nearest(name, known.iter().copied()) {
                        Some(near) => format!("did you mean `{near}`?"),
                        None => format!("there are {}", known.join(", ")),
                    };
                    Mistake::new(&format!("{place}/{}", escaped(name)), format!("nothing is called `{name}` here"))
                        .help(help)
                };
                return unexpected.iter().map(unknown).collect();
            }
            ValidationErrorKind::Type { kind } => {
                (format!("{name} has to be {}, and not {}", wanted(kind), kind_of(error.instance())), taken(here))
            }
            ValidationErrorKind::Minimum { .. } | ValidationErrorKind::Maximum { .. } => {
                (format!("{name} goes from {} to {}", here["minimum"], here["maximum"]), taken(here))
            }
            ValidationErrorKind::MaxItems { limit } => (format!("{name}: there can be {limit} of them"), String::new()),
            ValidationErrorKind::Pattern { .. } => return Vec::new(),
            // Of the rest our schemas have words to choose from.
            _ => {
                let (value, words) = (error.instance().as_str().unwrap_or_default(), words(here));
                let help = match nearest(value, words.iter().copied()) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => taken(here),
                };
                (format!("{name} cannot be {}", shown(error.instance())), help)
            }
        };
        vec![Mistake::new(place, detail).help(help)]
    }

    /// The schema of the value at a place; nothing where there is none.
    fn at(&self, pointer: &str) -> &Value {
        pointer.split('/').skip(1).fold(&self.schema, |schema, part| match &schema["properties"][unescaped(part)] {
            Value::Null => &schema["items"],
            of_it => of_it,
        })
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

fn wanted(kind: &TypeKind) -> String {
    let of_type = |name: &str| match name {
        "string" => "a text",
        "integer" => "a whole number",
        "number" => "a number",
        "boolean" => "true or false",
        "array" => "a list",
        "object" => "an object",
        _ => "",
    };
    let names: Vec<String> = match kind {
        TypeKind::Single(one) => vec![one.to_string()],
        TypeKind::Multiple(several) => several.iter().map(|one| one.to_string()).collect(),
    };
    // That it can be left out goes without saying.
    names.iter().map(|name| of_type(name)).filter(|words| !words.is_empty()).collect::<Vec<_>>().join(" or ")
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
