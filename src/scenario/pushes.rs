//! Which pushes a name in a scenario means, whether they have a field, and whether that field can have a value.

use super::problems::{Problem, Problems};
use super::tree::Node;
use super::value::Wrong;
use crate::contract::FieldValue;
use crate::diagnostic::Code;
use crate::spelling::{did_you_mean, nearest, tick};
use crate::vendors::named::{self, Meant};
use crate::vendors::{FieldFact, FieldKind, Vendor};
use serde_json::Value;

/// The longest name of a push, wildcards included, in characters: room for every push of a vendor by name.
pub const PUSH_MAX_CHARS: usize = 500;
/// The longest path of a field, in characters.
pub const FIELD_MAX_CHARS: usize = 300;

/// The pushes that a name means, which may be a second name or have `*` and `?` in it.
pub(super) fn meant(push: &str, all: &[&'static dyn Vendor]) -> Result<Meant, Wrong> {
    let wrong = |help: String| Wrong { reason: format!("no push is called {}", tick(push)), help };
    if is_longer(push, PUSH_MAX_CHARS) {
        return Err(wrong(format!("the name of a push has {PUSH_MAX_CHARS} characters at most")));
    }
    named::meant(push, all).ok_or_else(|| wrong(push_help(push, all)))
}

/// The same as a pattern in the vendors' own names, of a value in a file.
pub(super) fn push(node: &Node, name: &str, all: &[&'static dyn Vendor], problems: &mut Problems) -> Option<String> {
    match meant(name, all) {
        Ok(meant) => Some(meant.glob),
        Err(Wrong { reason, help }) => {
            problems.add(Problem::new(Code::UnknownName, &node.span, reason).help(help));
            None
        }
    }
}

/// Whether one of the pushes has the field. `push` is how they were called.
pub(super) fn has_field(push: &str, meant: &Meant, field: &str) -> Result<(), Wrong> {
    let wrong = |help: String| Wrong { reason: format!("{} has no field {}", tick(push), tick(field)), help };
    if is_longer(field, FIELD_MAX_CHARS) {
        return Err(wrong(format!("the path of a field has {FIELD_MAX_CHARS} characters at most")));
    }
    let known = || meant.pushes.iter().flat_map(|named| named.fact.fields.iter());
    // A push without a catalogue can have any field.
    if meant.pushes.iter().any(|named| named.fact.fields.is_empty()) || known().any(|fact| leads_to(fact.name, field)) {
        return Ok(());
    }
    let inner = known().find(|fact| fact.name.rsplit('.').next() == Some(field)).map(|fact| fact.name);
    Err(wrong(match inner.or_else(|| nearest(field, known().map(|fact| fact.name))) {
        Some(near) => format!("did you mean {}?", tick(near)),
        None => format!("`ringback list fields --push {push}` lists what there is"),
    }))
}

/// What is wrong with a value that none of the pushes can hold in the field. Of a vendor whose pushes can be flat, every value travels
/// as a text; a text with a place in it is not known yet, and what lies within a field is the vendor's or its customer's own.
pub(super) fn contradiction(meant: &Meant, field: &str, value: &FieldValue) -> Option<Wrong> {
    let having = meant.pushes.iter().filter_map(|named| Some((named, named.fact.fields.get(field)?)));
    let facts: Vec<(bool, &FieldFact)> = having.map(|(named, fact)| (named.vendor.is_flat(), fact)).collect();
    let (_, first) = facts.first()?;
    if facts.iter().any(|(is_flat, fact)| *is_flat || can_hold(fact.kind, value)) {
        return None;
    }
    let is = match value {
        FieldValue::Text(_) => "a text",
        FieldValue::List(items) if first.kind == FieldKind::Texts && !items.is_empty() => "a list of other things",
        FieldValue::List(_) => "a list",
        FieldValue::Keys(_) => "an object",
        FieldValue::Other(Value::Bool(_)) => "true or false",
        FieldValue::Other(_) => "a number",
    };
    let kind = first.kind;
    let help = match kind {
        FieldKind::Integer => "write a number without quotes",
        FieldKind::Flag => "write `true` or `false`, without quotes",
        FieldKind::Texts => "write a list such as `[a, b]`",
        FieldKind::Object => "write keys and values: `{ key: value }`",
        FieldKind::Objects => "write a list of keys and values: `[{ key: value }]`",
        _ if matches!(value, FieldValue::Other(_)) => "put it into quotes, so that it is a text: `\"5\"`",
        _ => "write a text",
    };
    let or_null = if first.is_nullable { ", or null" } else { "" };
    let reason = format!("{} is {}{or_null}, and this is {is}", tick(field), kind.phrase());
    Some(Wrong { reason, help: format!("{help}; the fault `type-flip` sends what a vendor would not") })
}

/// Whether a JSON value of this kind can be that one. Null is always one: what is not known yet.
fn can_hold(kind: FieldKind, value: &FieldValue) -> bool {
    match (kind, value) {
        (_, FieldValue::Other(Value::Null)) | (FieldKind::Any, _) => true,
        (_, FieldValue::Text(_)) if !value.is_known() => true,
        (FieldKind::Text | FieldKind::Digits | FieldKind::Word(_) | FieldKind::OpenWord(_), value) => {
            matches!(value, FieldValue::Text(_))
        }
        (FieldKind::Time(_), value) => matches!(value, FieldValue::Text(_) | FieldValue::Other(Value::Number(_))),
        (FieldKind::Integer, FieldValue::Other(Value::Number(number))) => !number.is_f64(),
        (FieldKind::Flag, FieldValue::Other(other)) => other.is_boolean(),
        (FieldKind::Texts, FieldValue::List(items)) => {
            items.iter().all(|item| matches!(item, FieldValue::Text(_) | FieldValue::Other(Value::Null)))
        }
        (FieldKind::Object, FieldValue::Keys(_)) => true,
        (FieldKind::Objects, FieldValue::List(items)) => {
            items.iter().all(|item| matches!(item, FieldValue::Keys(_) | FieldValue::Other(Value::Null)))
        }
        _ => false,
    }
}

/// Whether a path of keys and list positions leads to a known field, into it, or to an object around it.
fn leads_to(known: &str, path: &str) -> bool {
    let keys: Vec<&str> = path.split('.').filter(|key| key.parse::<usize>().is_err()).collect();
    let known: Vec<&str> = known.split('.').collect();
    !keys.is_empty() && keys.iter().zip(&known).all(|(key, known)| key == known)
}

fn is_longer(text: &str, most: usize) -> bool {
    text.chars().nth(most).is_some()
}

/// What to do about the name of a push that no vendor has.
pub fn push_help(push: &str, all: &[&'static dyn Vendor]) -> String {
    let names: Vec<String> =
        named::pushes(all).flat_map(|named| [Some(named.name()), named.alias()]).flatten().collect();
    let of_vendor = |name: &&String| name.split_once(':').is_some_and(|(_, own)| own == push);
    if let Some(name) = names.iter().find(of_vendor) {
        return format!("the vendor stands before it: {}", tick(name));
    }
    if let Some(near) = nearest(push, names.iter().map(String::as_str)) {
        return format!("did you mean {}?", tick(near));
    }
    let vendors: Vec<&str> = all.iter().map(|vendor| vendor.id()).collect();
    match push.split_once(':') {
        Some((vendor, _)) if !vendors.contains(&vendor) && !vendor.contains(['*', '?']) => {
            did_you_mean(vendor, &vendors, "the vendors are")
        }
        Some((vendor, _)) if vendors.contains(&vendor) => {
            format!("`ringback list pushes --vendor {vendor}` lists what there is")
        }
        _ => "write `VENDOR:PUSH`; `ringback list pushes` lists what there is".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_leads_to_a_field_into_it_or_around_it() {
        for (known, path, leads) in [
            ("survey", "survey", true),
            ("content.agentName", "content.agentName", true),
            ("content.agentName", "content", true),
            ("custom_fields", "custom_fields.TextField_1", true),
            ("note.fields", "note.0.fields.1", true),
            ("survey", "surveys", false),
            ("content.agentName", "content.agent", false),
            ("content.agentName", "agentName", false),
            ("survey", "0", false),
        ] {
            assert_eq!(leads_to(known, path), leads, "{path} for {known}");
        }
    }
}
