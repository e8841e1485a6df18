//! Reads YAML as an editor does: by the core schema of YAML 1.2, in which digits without quotes are numbers.

use saphyr_parser::{Event, Parser, ScalarStyle};
use serde_json::{Map, Number, Value};

/// The first document; `None` where it is no YAML, or where an editor stops at it for another reason.
pub fn seen_by_editor(text: &str) -> Option<Value> {
    let events = Parser::new_from_str(text).map(|event| event.map(|(event, _)| event)).collect::<Result<Vec<_>, _>>();
    let mut events = events.ok()?.into_iter().filter(|event| !matches!(event, Event::Nothing));
    let begun = events.by_ref().find(|event| matches!(event, Event::DocumentStart(_)));
    begun.map_or(Some(Value::Null), |_| {
        let first = events.next()?;
        value(first, &mut events)
    })
}

fn value<'e>(event: Event<'e>, rest: &mut impl Iterator<Item = Event<'e>>) -> Option<Value> {
    match event {
        Event::Scalar(text, ScalarStyle::Plain, ..) => Some(plain(&text)),
        Event::Scalar(text, ..) => Some(Value::String(text.into_owned())),
        Event::SequenceStart(..) => {
            let mut items = Vec::new();
            loop {
                match rest.next()? {
                    Event::SequenceEnd => return Some(items.into()),
                    item => items.push(value(item, rest)?),
                }
            }
        }
        Event::MappingStart(..) => {
            let mut entries = Map::new();
            loop {
                let key = match rest.next()? {
                    Event::MappingEnd => return Some(entries.into()),
                    Event::Scalar(key, ..) => key.into_owned(),
                    _ => return None,
                };
                let next = rest.next()?;
                entries.insert(key, value(next, rest)?);
            }
        }
        _ => None,
    }
}

fn plain(text: &str) -> Value {
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    let whole = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    let number = digits.starts_with(|c: char| c.is_ascii_digit() || c == '.')
        && digits.bytes().all(|byte| byte.is_ascii_digit() || b".eE+-".contains(&byte));
    match text {
        "" | "~" | "null" | "Null" | "NULL" => Value::Null,
        "true" | "True" | "TRUE" => Value::Bool(true),
        "false" | "False" | "FALSE" => Value::Bool(false),
        _ => {
            let read = text.trim_start_matches('+');
            let integer = whole.then(|| read.parse::<i64>().ok().map(Value::from)).flatten();
            let float = || read.parse::<f64>().ok().filter(|_| number).and_then(Number::from_f64).map(Value::Number);
            integer.or_else(float).unwrap_or_else(|| Value::String(text.to_owned()))
        }
    }
}
