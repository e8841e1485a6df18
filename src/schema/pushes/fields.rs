//! The fields of a push as a schema of an object: their types, which of them are always there, and what is known of them.

use super::{name, sentence};
use crate::call::Fact;
use crate::vendors::{FieldFact, FieldKind, PushFact, Vendor};
use serde_json::{Map, Value, json};

/// The schema of a push.
pub(super) fn definition(vendor: &dyn Vendor, push: &PushFact) -> Value {
    let mut schema = Map::new();
    schema.insert("title".to_owned(), name(push).into());
    schema.insert("description".to_owned(), sentence(push).into());
    schema.insert("x-title-zh".to_owned(), push.title.into());
    schema.insert("x-push".to_owned(), format!("{}:{}", vendor.id(), push.name).into());
    schema.insert("x-origin".to_owned(), push.origin.as_str().into());
    let all: Vec<&FieldFact> = push.fields.iter().collect();
    schema.append(&mut Fields { vendor, push, all }.object("", false));
    schema.into()
}

/// Whether a list within a push says what the push is, so that it can be several at once.
pub(super) fn travel_together(vendor: &dyn Vendor) -> bool {
    vendor.pushes().iter().any(|push| {
        let mut lists = push.fields.iter().filter(|field| field.kind == FieldKind::Objects);
        lists.any(|list| push.fields.iter().any(|field| is_within(field, list) && names(push, field)))
    })
}

struct Fields<'a> {
    vendor: &'a dyn Vendor,
    push: &'a PushFact,
    all: Vec<&'static FieldFact>,
}

impl Fields<'_> {
    /// The object whose path, with its dot, is this; empty for the body. Of those in a list there can be several.
    fn object(&self, path: &str, is_listed: bool) -> Map<String, Value> {
        let own = |field: &&'static FieldFact| field.name.strip_prefix(path).is_some_and(|key| !key.contains('.'));
        let fields: Vec<_> = self.all.iter().copied().filter(own).collect();
        let key = |field: &FieldFact| field.name[path.len()..].to_owned();
        let always = fields.iter().filter(|field| field.only.is_none());
        let further = match self.vendor.further_fields() {
            Some(by) if self.vendor.is_flat() => json!({ "type": "string", "description": format!("There {by}") }),
            Some(_) => true.into(),
            None => false.into(),
        };
        let properties: Map<_, _> = fields.iter().map(|field| (key(field), self.property(field, is_listed))).collect();
        let mut schema = Map::new();
        schema.insert("type".to_owned(), "object".into());
        schema.insert("properties".to_owned(), properties.into());
        schema.insert("required".to_owned(), always.map(|field| key(field)).collect::<Vec<_>>().into());
        schema.insert("additionalProperties".to_owned(), further);
        schema
    }

    fn property(&self, field: &FieldFact, is_listed: bool) -> Value {
        let mut schema = Map::new();
        let only = field.only.map(|only| format!("; only {only}")).unwrap_or_default();
        schema.insert("description".to_owned(), format!("{}{only}", field.meaning).into());
        schema.insert("x-description-zh".to_owned(), field.chinese.into());
        if let Some(fact) = field.fact {
            schema.insert("x-fact".to_owned(), fact.as_str().into());
        }
        schema.insert("x-origin".to_owned(), field.origin.as_str().into());
        schema.append(&mut self.kind(field, is_listed));
        if field.is_nullable {
            nullable(&mut schema);
        }
        schema.into()
    }

    fn kind(&self, field: &FieldFact, is_listed: bool) -> Map<String, Value> {
        let inner = format!("{}.", field.name);
        let simple = |schema: Value| if let Value::Object(schema) = schema { schema } else { Map::new() };
        match field.kind {
            FieldKind::Text => simple(json!({ "type": "string" })),
            FieldKind::Digits => simple(json!({ "type": "string", "pattern": "^[0-9]*$" })),
            FieldKind::Word(_) if !is_listed && names(self.push, field) => {
                simple(json!({ "type": "string", "const": self.push.name }))
            }
            FieldKind::Word([word]) => simple(json!({ "type": "string", "const": word })),
            FieldKind::Word(words) => simple(json!({ "type": "string", "enum": words })),
            FieldKind::OpenWord(words) => simple(json!({ "type": "string", "examples": words })),
            // Empty where the moment has not come.
            FieldKind::Time(form) => simple(json!({ "type": "string", "pattern": format!("^({})?$", form.regex()) })),
            FieldKind::Integer => simple(json!({ "type": "integer" })),
            FieldKind::Flag => simple(json!({ "type": "boolean" })),
            FieldKind::Texts => simple(json!({ "type": "array", "items": { "type": "string" } })),
            FieldKind::Object => self.object(&inner, is_listed),
            FieldKind::Objects => {
                let mut list = simple(json!({ "type": "array", "items": self.object(&inner, true) }));
                // One of several entries makes the push what it is.
                if let Some(naming) = self.all.iter().find(|one| is_within(one, field) && names(self.push, one)) {
                    let key = &naming.name[inner.len()..];
                    let one = json!({ "properties": { key: { "const": self.push.name } }, "required": [key] });
                    list.insert("contains".to_owned(), one);
                }
                list
            }
            // In so many words, since generators take a schema without types for an empty object.
            FieldKind::Any => simple(json!({
                "type": ["string", "number", "boolean", "object", "array"],
                "additionalProperties": true,
                "items": {},
            })),
        }
    }
}

/// Whether the field holds the name of the push, so that it is the same in all of them.
fn names(push: &PushFact, field: &FieldFact) -> bool {
    let holds = matches!(field.kind, FieldKind::Word(words) if words.contains(&push.name));
    field.fact == Some(Fact::Event) && holds
}

fn is_within(field: &FieldFact, outer: &FieldFact) -> bool {
    field.name.strip_prefix(outer.name).is_some_and(|behind| behind.starts_with('.'))
}

/// The same with null among its values.
fn nullable(schema: &mut Map<String, Value>) {
    if let Some(kind) = schema.get_mut("type") {
        let kinds = if let Value::Array(kinds) = kind { std::mem::take(kinds) } else { vec![kind.take()] };
        *kind = kinds.into_iter().chain(["null".into()]).collect();
    }
    if let Some(Value::Array(words)) = schema.get_mut("enum") {
        words.push(Value::Null);
    }
    if let Some(word) = schema.shift_remove("const") {
        schema.insert("enum".to_owned(), json!([word, null]));
    }
}
