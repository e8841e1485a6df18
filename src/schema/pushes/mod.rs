//! The pushes of a vendor as a contract that a receiver can be made from: JSON Schema, OpenAPI, AsyncAPI. All three are the
//! vendor's tables in other words, for a vendor whose options are at their defaults.

mod asyncapi;
mod fields;
mod openapi;

pub use asyncapi::asyncapi;
pub use openapi::openapi;

use crate::body::Encoding;
use crate::vendors::{PushFact, Vendor};
use serde_json::{Map, Value, json};

/// The JSON Schema of everything that a vendor pushes, or keeps as a record, draft 2020-12: a definition for each, and any
/// of them at the root.
pub fn pushes(vendor: &dyn Vendor) -> Value {
    let all = || vendor.pushes().iter().chain(vendor.records());
    let one = |push| json!({ "title": name(push), "$ref": format!("#/$defs/{}", name(push)) });
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": format!("{} of {}", if vendor.pushes().is_empty() { "Record" } else { "Push" }, vendor.id()),
        "description": told(vendor),
        any(vendor): all().map(one).collect::<Vec<_>>(),
        "$defs": all().map(|push| (name(push), fields::definition(vendor, push))).collect::<Map<_, _>>(),
    })
}

/// The name of a push in these documents: the vendor's own, with what it says in front where that is a number.
pub fn name(push: &PushFact) -> String {
    push.alias.map_or_else(|| push.name.to_owned(), |alias| format!("{alias}-{}", push.name))
}

/// Whether a body is exactly one of the pushes, or can be valid as several of them: where customers name the fields, and
/// where several entries can travel together of which each would make a push.
fn any(vendor: &dyn Vendor) -> &'static str {
    if vendor.further_fields().is_some() || fields::travel_together(vendor) { "anyOf" } else { "oneOf" }
}

/// What the whole document says of itself.
fn told(vendor: &dyn Vendor) -> String {
    let mut told = format!(
        "{}, where every option has its default, as Ringback {} plays it. `x-origin` says where the knowledge of a push \
         or a field comes from: `seed` and `documented` are the vendor's pages, `inferred` is a conclusion.",
        vendor.title(),
        env!("CARGO_PKG_VERSION"),
    );
    if vendor.pushes().is_empty() {
        told += " Nothing of it is pushed: it is a record, which customers query.";
    }
    if vendor.is_flat() {
        told += " It travels as a form, one flat JSON object or a query; whichever it is, it is read here as an object of \
                 texts.";
    }
    if fields::travel_together(vendor) {
        told += " A body with several entries can be valid as several pushes; its last entry is the one that it is called after.";
    }
    if let Some(by) = vendor.further_fields() {
        told += &format!(" There can be further fields, {by}, so that a body can be valid as several pushes.");
    }
    told
}

/// The media types of bodies, the default one first.
fn media_types(vendor: &dyn Vendor) -> impl Iterator<Item = &'static str> {
    vendor.ways().iter().filter_map(|way| match way {
        Encoding::Json => Some("application/json"),
        Encoding::Form(_) => Some("application/x-www-form-urlencoded"),
        Encoding::Query(_) => None,
    })
}

/// Each push as a part of a document that has a place for parts.
fn components(vendor: &dyn Vendor) -> Map<String, Value> {
    vendor.pushes().iter().map(|push| (name(push), fields::definition(vendor, push))).collect()
}

/// A reference to the part that a push is.
fn component(push: &PushFact) -> Value {
    json!({ "$ref": format!("#/components/schemas/{}", name(push)) })
}

/// The first sentence about a push: when it is sent.
fn sentence(push: &PushFact) -> String {
    let mut letters = push.when.chars();
    letters.next().map_or_else(String::new, |first| format!("{}{}.", first.to_uppercase(), letters.as_str()))
}
