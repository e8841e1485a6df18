//! Bugs in what a receiver makes of a body: fields, types, encodings, and what its labels promise.

use super::memory::{FIELDS_MAX, Memory};
use super::{LARGE_BODY_BYTES, Request, failed};
use crate::receive::behaviour::Answer;
use serde_json::{Map, Value};

/// As where a strict reader of JSON is left at its defaults.
pub(super) fn unknown_fields(request: &Request<'_>) -> Option<Answer> {
    let (vendor, push) = request.known?;
    let documented = vendor.pushes().iter().find(|fact| fact.name == push)?.fields;
    let is_documented =
        |key: &str| documented.iter().any(|field| field.name == key || field.name.split('.').next() == Some(key));
    match request.captured.content()?.as_object()?.keys().all(|key| documented.is_empty() || is_documented(key)) {
        true => None,
        false => failed(500, "unrecognized field"),
    }
}

/// As where the kind of a push chooses its reader, and there is none for others.
pub(super) fn unknown_push(request: &Request<'_>) -> Option<Answer> {
    match request.known {
        Some(_) => None,
        None => failed(500, "no reader for this kind"),
    }
}

/// As where a value is used because it was always there.
pub(super) fn null(request: &Request<'_>, memory: &mut Memory) -> Option<Answer> {
    let (vendor, _) = request.known?;
    let call = vendor.about(request.captured)?.call;
    let content = request.captured.content()?;
    let object = content.as_object()?;
    let call = memory.calls.of(format!("{} {call}", vendor.id()));
    let has_value = |object: &Map<String, Value>, key: &str| object.get(key).is_some_and(|value| !value.is_null());
    let is_null = |key: &String| object.get(key).is_some_and(Value::is_null);
    match &mut call.valued {
        None => {
            let valued = object.keys().filter(|key| has_value(object, key)).take(FIELDS_MAX).cloned();
            call.valued = Some(valued.collect());
            None
        }
        Some(valued) if valued.iter().any(is_null) => failed(500, "null is not an object"),
        Some(_) => None,
    }
}

/// As where a typed structure is filled from JSON.
pub(super) fn changed_type(request: &Request<'_>, memory: &mut Memory) -> Option<Answer> {
    let (vendor, _) = request.known?;
    let content = request.captured.content()?;
    let object = content.as_object()?;
    // One structure for all pushes of a vendor, as generated clients have it.
    let types = memory.kinds.of(vendor.id().to_owned());
    for (key, value) in object {
        let Some(kind) = kind(value) else { continue };
        match types.get(key) {
            Some(known) if *known != kind => return failed(500, "cannot deserialize value"),
            Some(_) => {}
            None if types.len() < FIELDS_MAX => drop(types.insert(key.clone(), kind)),
            None => {}
        }
    }
    None
}

/// As where a thread dies on a decoding error.
pub(super) fn bad_utf8(request: &Request<'_>) -> Option<Answer> {
    std::str::from_utf8(&request.captured.body).is_err().then_some(Answer::HangUp)
}

/// As where a reader of JSON takes the mark for a letter.
pub(super) fn bom(request: &Request<'_>) -> Option<Answer> {
    match request.captured.body.starts_with(&[0xef, 0xbb, 0xbf]) {
        true => failed(500, "unexpected character at line 1 column 1"),
        false => None,
    }
}

pub(super) fn empty_body(request: &Request<'_>) -> Option<Answer> {
    (request.captured.method == "POST" && request.captured.body.is_empty()).then_some(Answer::HangUp)
}

pub(super) fn large_body(request: &Request<'_>) -> Option<Answer> {
    (request.captured.body.len() > LARGE_BODY_BYTES).then_some(Answer::HangUp)
}

/// As where a buffer is filled to the announced length and handed on.
pub(super) fn cut_json(request: &Request<'_>) -> Option<Answer> {
    let body = &request.captured.body;
    let is_json = body.first().is_some_and(|byte| matches!(byte, b'{' | b'['));
    match is_json && serde_json::from_slice::<Value>(body).is_err_and(|error| error.is_eof()) {
        true => failed(500, "unexpected end of JSON input"),
        false => None,
    }
}

/// As where the push is put into a table first and read later.
pub(super) fn accepts_bad_json(request: &Request<'_>, memory: &mut Memory) -> Option<Answer> {
    if memory.is_poisoned {
        return failed(500, "the record before is empty");
    }
    let captured = request.captured;
    let content_type = captured.header("content-type").unwrap_or_default().to_ascii_lowercase();
    let is_form = content_type.contains("x-www-form-urlencoded");
    let is_read = match captured.body.is_empty() || is_form {
        true => captured.content().is_some(),
        false => serde_json::from_slice::<Map<String, Value>>(&captured.body).is_ok(),
    };
    memory.is_poisoned = !is_read;
    None
}

/// As where a framework chooses its reader by the label alone.
pub(super) fn utf8_label(request: &Request<'_>) -> Option<Answer> {
    let captured = request.captured;
    if captured.body.is_empty() {
        return None;
    }
    let label = captured.header("content-type").unwrap_or_default().to_ascii_lowercase();
    let mut parts = label.split(';').map(str::trim);
    let media = parts.next().unwrap_or_default();
    let charset = parts.find_map(|part| part.strip_prefix("charset="));
    let is_known = matches!(media, "application/json" | "application/x-www-form-urlencoded");
    let is_utf8 = charset.is_none_or(|charset| matches!(charset.trim_matches('"'), "utf-8" | "utf8"));
    match is_known && is_utf8 {
        true => None,
        false => failed(415, "unsupported media type"),
    }
}

/// The type of a value; `None` where it tells none.
fn kind(value: &Value) -> Option<&'static str> {
    match value {
        Value::Null => None,
        Value::Bool(_) => Some("boolean"),
        Value::Number(_) => Some("number"),
        Value::String(_) => Some("string"),
        Value::Array(_) => Some("array"),
        Value::Object(_) => Some("object"),
    }
}
