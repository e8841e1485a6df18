//! The pushes as OpenAPI 3.1: webhooks of the vendor, and on demand the path of a receiver that takes them all.

use super::{any, component, components, media_types, name, sentence, told};
use crate::body::Encoding;
use crate::vendors::{PushFact, Vendor};
use serde_json::{Map, Value, json};

/// The document; none of a vendor that pushes nothing. `path` is the one at which a receiver takes all pushes, such as
/// `/hook`; what the vendor appends to it stands behind it.
pub fn openapi(vendor: &dyn Vendor, path: Option<&str>) -> Option<Value> {
    let pushes = vendor.pushes();
    if pushes.is_empty() {
        return None;
    }
    let mut document = json!({
        "openapi": "3.1.0",
        "info": {
            "title": vendor.title(),
            "version": env!("CARGO_PKG_VERSION"),
            "description": told(vendor),
        },
        "security": [],
    });
    if let Some(path) = path {
        document["paths"] = paths(vendor, path.trim_end_matches('/')).into();
    }
    document["webhooks"] = pushes.iter().map(|push| (name(push), webhook(vendor, push))).collect::<Map<_, _>>().into();
    let mut parts = json!({ "schemas": components(vendor) });
    if pushes.iter().any(|push| vendor.bears_token(push.name)) {
        let token = "The token that the customer gave to the vendor, where no option says otherwise.";
        parts["securitySchemes"] = json!({ "token": { "type": "http", "scheme": "bearer", "description": token } });
    }
    document["components"] = parts;
    Some(document)
}

fn webhook(vendor: &dyn Vendor, push: &PushFact) -> Value {
    let about = json!({ "summary": push.title, "description": sentence(push) });
    operations(vendor, push, &name(push), &about, &component(push))
}

/// The receiver's paths: the configured one, and those that the vendor makes of it.
fn paths(vendor: &dyn Vendor, base: &str) -> Map<String, Value> {
    let mut paths: Vec<(&str, Vec<&PushFact>)> = Vec::new();
    for push in vendor.pushes() {
        let path = vendor.path(push.name);
        match paths.iter_mut().find(|(known, _)| *known == path) {
            Some((_, pushes)) => pushes.push(push),
            None => paths.push((path, vec![push])),
        }
    }
    let item = |(path, pushes): (&str, Vec<&PushFact>)| {
        let first = pushes.first()?;
        let schema = json!({ any(vendor): pushes.iter().map(|push| component(push)).collect::<Vec<_>>() });
        let about =
            json!({ "summary": "Takes the pushes", "description": "Each of them is a webhook of this document." });
        let id = path.split('/').filter(|part| !part.is_empty()).fold("receive".to_owned(), |id, part| id + "-" + part);
        let address = format!("{base}{path}");
        let address = if address.is_empty() { "/".to_owned() } else { address };
        Some((address, operations(vendor, first, &id, &about, &schema)))
    };
    paths.into_iter().filter_map(item).collect()
}

/// A POST with a body, and a GET with a query where the vendor can send one.
fn operations(vendor: &dyn Vendor, push: &PushFact, id: &str, about: &Value, schema: &Value) -> Value {
    let mut post = about.clone();
    let content = media_types(vendor).map(|media| (media.to_owned(), json!({ "schema": schema })));
    post["operationId"] = id.into();
    post["requestBody"] = json!({ "required": true, "content": content.collect::<Map<_, _>>() });
    post["responses"] = answers(vendor, push);
    if vendor.bears_token(push.name) {
        post["security"] = json!([{ "token": [] }]);
    }
    let mut item = json!({ "post": post });
    if vendor.ways().iter().any(|way| matches!(way, Encoding::Query(_))) {
        let mut get = about.clone();
        get["operationId"] = format!("{id}-query").into();
        // Each field is a parameter of its own.
        get["parameters"] = json!([{
            "name": "fields", "in": "query", "required": true, "style": "form", "explode": true, "schema": schema,
        }]);
        get["responses"] = answers(vendor, push);
        item["get"] = get;
    }
    item
}

/// The answer that acknowledges, and what does not.
fn answers(vendor: &dyn Vendor, push: &PushFact) -> Value {
    let (status, media, body) = vendor.thanks_for(push.name);
    let example: Value = serde_json::from_str(body).unwrap_or_else(|_| body.into());
    json!({
        status.to_string(): {
            "description": "The push is acknowledged.",
            "content": { media: { "schema": shape(&example), "example": example } },
        },
        "4XX": { "description": "It is not." },
        "5XX": { "description": "It is not." },
    })
}

/// The schema of an answer such as this one.
fn shape(example: &Value) -> Value {
    match example {
        Value::Object(members) => {
            let properties: Map<_, _> = members.iter().map(|(key, value)| (key.clone(), shape(value))).collect();
            let keys: Vec<&String> = members.keys().collect();
            json!({ "type": "object", "properties": properties, "required": keys })
        }
        Value::Number(_) => json!({ "type": "number" }),
        Value::Bool(_) => json!({ "type": "boolean" }),
        Value::String(_) => json!({ "type": "string" }),
        Value::Null | Value::Array(_) => json!({}),
    }
}
