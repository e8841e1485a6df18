//! The marks that stand for what was named, while a text is taken apart and put together again; and how they are shown.

use serde_json::Value;

/// Begins and ends a name. No receiver has a use for them: they are private to whoever uses them.
const BEGIN: char = '\u{e000}';
const END: char = '\u{e001}';
/// Begins a text that stands in place of a number.
const NUMBER: char = '\u{e002}';

/// A name as a mark.
pub(super) fn mark(name: &str) -> String {
    format!("{BEGIN}{name}{END}")
}

/// A value that stands for something that was no text.
pub(super) fn bare(name: &str) -> Value {
    Value::String(format!("{NUMBER}{}", mark(name)))
}

/// Whether a text has marks in it.
pub(super) fn is_marked(text: &str) -> bool {
    text.contains(BEGIN)
}

/// A text from outside without characters that could be taken for marks.
pub(super) fn clean(text: &str) -> String {
    text.replace([BEGIN, END, NUMBER], "\u{fffd}")
}

/// A text with its marks as people see them: `<call.id>`.
pub(super) fn shown(text: &str) -> String {
    text.replace(BEGIN, "<").replace(END, ">").replace(NUMBER, "")
}

/// The parts of a text outside of marks, changed; the marks stay.
pub(super) fn outside_marks(text: &str, change: impl Fn(&str) -> String) -> String {
    let mut changed = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(BEGIN) {
        let (name, behind) = after.split_once(END).unwrap_or((after, ""));
        changed += &change(before);
        changed += &mark(name);
        rest = behind;
    }
    changed + &change(rest)
}

/// The length up to which a value stands on one line.
const LINE_MAX_CHARS: usize = 96;

/// JSON, on one line where that is short.
pub(super) fn json(value: &Value) -> String {
    let line = compact(value);
    if line.chars().count() <= LINE_MAX_CHARS {
        return line;
    }
    let mut lines = String::new();
    pretty(value, 0, &mut lines);
    lines
}

/// JSON on one line. What stands for a number has no quotes.
pub(super) fn compact(value: &Value) -> String {
    match value {
        Value::String(text) => quoted(text),
        Value::Array(items) => {
            let items: Vec<_> = items.iter().map(compact).collect();
            format!("[{}]", items.join(","))
        }
        Value::Object(object) => {
            let entries: Vec<_> =
                object.iter().map(|(key, value)| format!("{}:{}", quoted(key), compact(value))).collect();
            format!("{{{}}}", entries.join(","))
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => value.to_string(),
    }
}

fn pretty(value: &Value, depth: usize, out: &mut String) {
    let (indent, inner) = ("  ".repeat(depth), "  ".repeat(depth + 1));
    match value {
        Value::Array(items) if !items.is_empty() => {
            out.push_str("[\n");
            for (nth, item) in items.iter().enumerate() {
                out.push_str(&inner);
                pretty(item, depth + 1, out);
                out.push_str(if nth + 1 < items.len() { ",\n" } else { "\n" });
            }
            *out += &format!("{indent}]");
        }
        Value::Object(object) if !object.is_empty() => {
            out.push_str("{\n");
            for (nth, (key, value)) in object.iter().enumerate() {
                *out += &format!("{inner}{}: ", quoted(key));
                pretty(value, depth + 1, out);
                out.push_str(if nth + 1 < object.len() { ",\n" } else { "\n" });
            }
            *out += &format!("{indent}}}");
        }
        _ => out.push_str(&compact(value)),
    }
}

fn quoted(text: &str) -> String {
    match text.strip_prefix(NUMBER) {
        Some(mark) => mark.to_owned(),
        None => Value::from(text).to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_stands_for_a_number_has_no_quotes() {
        let value = json!({ "id": bare("call.id"), "text": mark("call.id") });
        assert_eq!(shown(&compact(&value)), r#"{"id":<call.id>,"text":"<call.id>"}"#);
    }

    #[test]
    fn only_what_is_long_is_spread_over_lines() {
        let long = json!({ "a": "x".repeat(LINE_MAX_CHARS), "b": [1, {}], "c": [] });
        assert_eq!(json(&json!({ "a": [1] })), r#"{"a":[1]}"#);
        let lines = json(&long);
        assert_eq!(lines.lines().count(), 8, "{lines}");
        assert_eq!(serde_json::from_str::<Value>(&lines).ok(), Some(long));
    }

    #[test]
    fn marks_survive_what_is_done_around_them() {
        let text = format!("a {} b", mark("x y"));
        assert_eq!(shown(&outside_marks(&text, str::to_uppercase)), "A <x y> B");
    }
}
