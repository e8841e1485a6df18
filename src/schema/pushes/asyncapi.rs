//! The pushes as AsyncAPI 3.0: a channel, an operation and a message for each, as the vendor sends it over HTTP.

use super::{component, components, media_types, name, sentence, told};
use crate::vendors::{PushFact, Vendor};
use serde_json::{Map, Value, json};

/// The version of the HTTP bindings.
const BINDING: &str = "0.3.0";

/// The document; none of a vendor that pushes nothing.
pub fn asyncapi(vendor: &dyn Vendor) -> Option<Value> {
    let media = media_types(vendor).next()?;
    let pushes = vendor.pushes();
    let each = |part: &dyn Fn(&PushFact) -> Value| -> Option<Value> {
        let parts: Map<_, _> = pushes.iter().map(|push| (name(push), part(push))).collect();
        (!parts.is_empty()).then(|| parts.into())
    };
    Some(json!({
        "asyncapi": "3.0.0",
        "info": { "title": vendor.title(), "version": env!("CARGO_PKG_VERSION"), "description": told(vendor) },
        "defaultContentType": media,
        "channels": each(&|push| channel(vendor, push))?,
        "operations": each(&|push| operation(push))?,
        "components": {
            "messages": each(&|push| message(push, media))?,
            "schemas": components(vendor),
        },
    }))
}

/// Where it goes is the customer's to say.
fn channel(vendor: &dyn Vendor, push: &PushFact) -> Value {
    let name = name(push);
    let path = vendor.path(push.name);
    let told = if path.is_empty() {
        "The address that the customer has configured.".to_owned()
    } else {
        format!("The address that the customer has configured, with `{path}` behind it.")
    };
    json!({
        "address": null,
        "title": push.title,
        "description": told,
        "messages": { name.clone(): { "$ref": format!("#/components/messages/{name}") } },
    })
}

fn operation(push: &PushFact) -> Value {
    let name = name(push);
    json!({
        "action": "send",
        "title": push.title,
        "summary": sentence(push),
        "channel": { "$ref": format!("#/channels/{name}") },
        "messages": [{ "$ref": format!("#/channels/{name}/messages/{name}") }],
        "bindings": { "http": { "method": "POST", "bindingVersion": BINDING } },
    })
}

fn message(push: &PushFact, media: &str) -> Value {
    json!({
        "name": name(push),
        "title": push.title,
        "summary": sentence(push),
        "contentType": media,
        "payload": component(push),
    })
}
