//! Holds what the control API answers against its own document.
#![allow(dead_code, reason = "each test binary uses its own part")]
use serde_json::{Value, json};
use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex};

/// The document.
pub static DOCUMENT: LazyLock<Value> =
    LazyLock::new(|| serde_json::from_str(&ringback::serve::document_text()).expect("JSON"));

/// Every operation: its id, its method and its path.
pub fn operations() -> Vec<(String, String, String)> {
    let paths = DOCUMENT["paths"].as_object().unwrap().iter();
    let each = paths.flat_map(|(path, item)| {
        item.as_object().unwrap().iter().map(move |(method, operation)| {
            (operation["operationId"].as_str().unwrap().to_owned(), method.to_uppercase(), path.clone())
        })
    });
    each.collect()
}

/// Fails where an answer below `/api` is not one of those that the document has for the question.
pub fn hold(method: &str, path: &str, status: u16, body: &Value, text: &str) {
    let path = path.split('?').next().unwrap();
    // What no operation is asked, and what is none, has no place in the document.
    if !path.starts_with("/api") || matches!(status, 404 | 405) && operation(method, path).is_none() {
        return;
    }
    let operation = operation(method, path).unwrap_or_else(|| panic!("{method} {path} is not in the document"));
    let mut answer = &operation["responses"][status.to_string()];
    let id = operation["operationId"].as_str().unwrap();
    assert!(answer.is_object(), "{id} answers {status}, which is not in the document: {text}");
    if let Some(reference) = answer["$ref"].as_str() {
        answer = DOCUMENT.pointer(&reference[1..]).unwrap();
    }
    let Some((kind, content)) = answer["content"].as_object().and_then(|content| content.iter().next()) else {
        assert!(text.is_empty(), "{id} {status}: {text}");
        return;
    };
    if kind == "text/event-stream" {
        return;
    }
    let errors: Vec<String> = validator(&content["schema"]).iter_errors(body).map(|error| error.to_string()).collect();
    assert!(errors.is_empty(), "{id} {status}: {errors:#?} in {text}");
}

/// The operation that a question is.
fn operation(method: &str, path: &str) -> Option<&'static Value> {
    let parts: Vec<&str> = path.split('/').collect();
    let fits = |template: &str| {
        let template: Vec<&str> = template.split('/').collect();
        template.len() == parts.len()
            && template.iter().zip(&parts).all(|(part, given)| part.starts_with('{') || part == given)
    };
    // A path that is written out comes before one with a place for anything.
    let mut found: Vec<_> = DOCUMENT["paths"].as_object()?.iter().filter(|(template, _)| fits(template)).collect();
    found.sort_by_key(|(template, _)| template.matches('{').count());
    found.first()?.1.get(method.to_lowercase())
}

fn validator(schema: &Value) -> Arc<jsonschema::Validator> {
    static MADE: LazyLock<Mutex<HashMap<String, Arc<jsonschema::Validator>>>> = LazyLock::new(Mutex::default);
    let mut made = MADE.lock().unwrap();
    let made = made.entry(schema.to_string()).or_insert_with(|| {
        let whole = json!({ "components": DOCUMENT["components"], "allOf": [schema] });
        Arc::new(jsonschema::draft202012::new(&whole).unwrap())
    });
    Arc::clone(made)
}
