//! What a story sends, field by field, with how each varies from seed to seed.

use super::varies::Varies;
use crate::body;
use crate::call::{Course, Fact};
use crate::contract::Known;
use crate::http::header;
use jiff::Timestamp;
use serde_json::Value;

/// How deep texts that hold JSON are opened.
const NESTED_DEPTH_MAX: usize = 3;

/// Everything that a story sends, in an order that is the same for every seed.
#[derive(Debug, Clone)]
pub struct Sample {
    /// The id of the vendor.
    pub vendor: &'static str,
    /// When the story starts.
    pub start: Timestamp,
    /// When its pushes are due.
    pub instants: Vec<Timestamp>,
    /// The named values.
    pub known: Known,
    /// How they vary, each as a place of its own.
    pub known_leaves: Vec<Leaf>,
    /// The requests.
    pub messages: Vec<Message>,
    /// Where they go, as `host:port`; and what else names Ringback itself, with the name it goes by.
    pub own: Vec<(&'static str, String)>,
}

/// One request.
#[derive(Debug, Clone)]
pub struct Message {
    /// The number of its delivery in the plan.
    pub number: u32,
    /// Every place in its headers and its fields.
    pub leaves: Vec<Leaf>,
}

/// What a request really carries.
#[derive(Debug, Clone)]
pub struct Carried {
    /// Its fields; `None` where it has none.
    pub content: Option<Value>,
    /// Its headers.
    pub headers: Vec<(String, String)>,
    /// The length of its body.
    pub length: usize,
}

/// A place in a message, and what stands there.
#[derive(Debug, Clone, PartialEq)]
pub struct Leaf {
    /// Keys and positions: `messages.0.content`.
    pub place: String,
    /// The keys alone: `messages.content`.
    pub field: String,
    /// What stands there. A list stands for itself, beside its items.
    pub value: Value,
    /// How that differs from seed to seed.
    pub varies: Varies,
    /// What it tells of the call.
    pub fact: Option<Fact>,
}

impl Carried {
    /// Every place in it. How it varies is not known of what has been sent.
    pub(super) fn leaves(&self) -> Vec<Leaf> {
        let mut leaves: Vec<Leaf> =
            self.headers.iter().map(|(name, value)| Leaf::of_header(name, value, Varies::Never)).collect();
        if header(&self.headers, "Content-Length").is_none() && self.length > 0 {
            leaves.push(Leaf::of_header("Content-Length", &self.length.to_string(), Varies::Never));
        }
        if let Some(content) = &self.content {
            visit(content, "", "", 0, &mut leaves);
        }
        leaves
    }
}

impl Leaf {
    /// A header.
    pub fn of_header(name: &str, value: &str, varies: Varies) -> Self {
        let place = format!("{HEADER}{}", name.to_ascii_lowercase());
        Leaf { field: place.clone(), place, value: Value::from(value), varies, fact: None }
    }

    /// A named value.
    pub fn of_known(name: &str, value: &str, varies: Varies) -> Self {
        let place = format!("{KNOWN}{name}");
        Leaf { field: place.clone(), place, value: Value::from(value), varies, fact: None }
    }

    /// Every place in the fields of a push, with how each varies in a story of this course.
    pub fn of_fields(fields: &body::Leaf, course: Option<&Course>) -> Vec<Self> {
        let mut leaves = Vec::new();
        visit_typed(fields, ("", ""), None, course, &mut leaves);
        leaves
    }
}

fn below(outer: &str, key: &str) -> String {
    if outer.is_empty() { key.to_owned() } else { format!("{outer}.{key}") }
}

fn visit_typed(
    leaf: &body::Leaf,
    (place, field): (&str, &str),
    fact: Option<Fact>,
    course: Option<&Course>,
    leaves: &mut Vec<Leaf>,
) {
    if let body::Leaf::Object(members) = leaf {
        for member in members.iter().filter(|member| member.leaf != body::Leaf::Absent) {
            let at = (&*below(place, &member.name), &*below(field, &member.name));
            visit_typed(&member.leaf, at, member.fact.or(fact), course, leaves);
        }
        return;
    }
    if !place.is_empty() {
        let (value, varies) = (leaf.to_json(), Varies::of(leaf, course));
        leaves.push(Leaf { place: place.to_owned(), field: field.to_owned(), value, varies, fact });
    }
    match leaf {
        body::Leaf::List(items) => {
            for (nth, item) in items.iter().enumerate() {
                visit_typed(item, (&below(place, &nth.to_string()), field), fact, course, leaves);
            }
        }
        body::Leaf::Nested(inner) => visit_typed(inner, (place, field), None, course, leaves),
        // A text that the scenario gives may hold JSON, too.
        body::Leaf::Text(text) => {
            if let Some(inner) = nested(text) {
                visit(&inner, place, field, 1, leaves);
            }
        }
        _ => {}
    }
}

/// What the place of a named value begins with.
pub(super) const KNOWN: &str = "known ";
/// What the place of a header begins with.
pub(super) const HEADER: &str = "header ";

fn visit(value: &Value, place: &str, field: &str, depth: usize, leaves: &mut Vec<Leaf>) {
    if !value.is_object() && !place.is_empty() {
        let (value, varies) = (value.clone(), Varies::Never);
        leaves.push(Leaf { place: place.to_owned(), field: field.to_owned(), value, varies, fact: None });
    }
    match value {
        Value::Object(object) => {
            for (key, value) in object {
                visit(value, &below(place, key), &below(field, key), depth, leaves);
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                visit(item, &below(place, &index.to_string()), field, depth, leaves);
            }
        }
        Value::String(text) if depth < NESTED_DEPTH_MAX => {
            if let Some(inner) = nested(text) {
                visit(&inner, place, field, depth + 1, leaves);
            }
        }
        Value::String(_) | Value::Number(_) | Value::Null | Value::Bool(_) => {}
    }
}

/// The object or list whose JSON a text is.
pub(super) fn nested(text: &str) -> Option<Value> {
    let trimmed = text.trim();
    trimmed.starts_with(['{', '[']).then(|| serde_json::from_str(trimmed).ok()).flatten()
}

/// A leaf as the text that a receiver would repeat; `None` for lists and objects.
pub(super) fn text_of(value: &Value) -> Option<String> {
    match value {
        Value::Null => Some("null".to_owned()),
        Value::Bool(truth) => Some(truth.to_string()),
        Value::Number(number) => Some(number.to_string()),
        Value::String(text) => Some(text.clone()),
        Value::Array(_) | Value::Object(_) => None,
    }
}

/// A key without what people write differently: `ring_time`, `ringTime` and `X-Ring-Time` are one.
pub(super) fn plain_key(key: &str) -> String {
    let key = key.strip_prefix("X-").or_else(|| key.strip_prefix("x-")).unwrap_or(key);
    key.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// The last key of a field, plain.
pub(super) fn last_key(field: &str) -> String {
    let field = field.strip_prefix(HEADER).unwrap_or(field);
    plain_key(field.rsplit('.').next().unwrap_or(field))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    /// Every place of a request, with what stands there.
    fn places(content: Value, headers: &[(&str, &str)], length: usize) -> Vec<String> {
        let headers = headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        let leaves = Carried { content: Some(content), headers, length }.leaves();
        leaves.iter().map(|leaf| format!("{} {} {}", leaf.place, leaf.field, leaf.value)).collect()
    }

    #[test]
    fn a_leaf_is_every_place_that_is_no_object() {
        let content = json!({ "a": { "b": 1 }, "c": [{ "d": true }], "e": " [null] " });
        assert_eq!(
            places(content, &[("X-Id", "7")], 0),
            [
                r#"header x-id header x-id "7""#,
                "a.b a.b 1",
                r#"c c [{"d":true}]"#,
                "c.0.d c.d true",
                r#"e e " [null] ""#,
                "e e [null]",
                "e.0 e null"
            ]
        );
        let wrapped = (0..6).fold(json!("x"), |inner, _| json!(json!({ "a": inner }).to_string()));
        let deep = places(json!({ "a": wrapped }), &[], 0);
        assert_eq!(deep.len(), 1 + NESTED_DEPTH_MAX);
    }

    #[test]
    fn typed_fields_have_the_places_of_what_is_sent() {
        let json = json!({ "a": { "b": 1 }, "c": [{ "d": true }], "e": " [null] ", "f": null });
        let typed = Leaf::of_fields(&body::Leaf::from(json.clone()), None);
        let carried = Carried { content: Some(json), headers: Vec::new(), length: 0 }.leaves();
        assert_eq!(typed, carried);
    }

    #[test]
    fn the_length_of_a_body_is_a_header_that_a_client_adds() {
        assert_eq!(places(json!({}), &[], 12), [r#"header content-length header content-length "12""#]);
        assert_eq!(places(json!({}), &[("content-length", "9")], 12).len(), 1);
        assert_eq!(places(json!({}), &[], 0), [""; 0]);
    }

    #[test]
    fn keys_are_compared_without_what_people_write_differently() {
        for key in ["ring_time", "ringTime", "X-Ring-Time", "x-ring-time"] {
            assert_eq!(plain_key(key), "ringtime");
        }
        assert_eq!([last_key("a.b.call_id"), last_key("header x-call-id")], ["callid", "callid"]);
    }
}
