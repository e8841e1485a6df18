//! What one telling of a story sends, field by field: the material from which redaction learns what is volatile.

use crate::contract::Known;
use crate::http::header;
use jiff::Timestamp;
use serde_json::Value;

/// How deep texts that hold JSON are opened.
const NESTED_DEPTH_MAX: usize = 3;

/// Everything that a story sends in one telling, in the order of the story.
#[derive(Debug, Clone)]
pub struct Sample {
    /// The id of the vendor.
    pub vendor: &'static str,
    /// When the story starts.
    pub start: Timestamp,
    /// The named values.
    pub known: Known,
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
    /// Vendor and push: `udesk:end`.
    pub push: String,
    /// What it tells of, in words.
    pub why: String,
    /// Which one of those that are called the same and tell of the same, from 1.
    pub nth: u32,
    /// When it is due.
    pub at: Timestamp,
    /// Every place in its headers and its fields.
    pub(super) leaves: Vec<Leaf>,
}

/// What a request carries.
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
}

impl Carried {
    /// Every place in it.
    pub(super) fn leaves(&self) -> Vec<Leaf> {
        let mut leaves: Vec<Leaf> = self.headers.iter().map(|(name, value)| of_header(name, value.clone())).collect();
        if header(&self.headers, "Content-Length").is_none() && self.length > 0 {
            leaves.push(of_header("Content-Length", self.length.to_string()));
        }
        if let Some(content) = &self.content {
            visit(content, "", "", 0, &mut leaves);
        }
        leaves
    }
}

impl Message {
    /// The push of this delivery, with what it tells of, the number of such pushes so far, and when it is due.
    pub fn new(number: u32, (push, why, nth): (String, String, u32), at: Timestamp, carried: &Carried) -> Self {
        Self { number, push, why, nth, at, leaves: carried.leaves() }
    }

    /// What tells it apart from the other messages of its story, whatever the seed.
    pub(super) fn key(&self) -> (String, String, u32) {
        (self.push.clone(), self.why.clone(), self.nth)
    }
}

impl Sample {
    /// The named values as places, so that they are compared as everything else is.
    pub(super) fn known_leaves(&self) -> Vec<Leaf> {
        let leaf = |(name, value): (String, &str)| Leaf {
            place: format!("{KNOWN}{name}"),
            field: format!("{KNOWN}{name}"),
            value: Value::from(value),
        };
        self.known.iter().map(leaf).collect()
    }
}

/// What the place of a named value begins with.
pub(super) const KNOWN: &str = "known ";
/// What the place of a header begins with.
pub(super) const HEADER: &str = "header ";

fn of_header(name: &str, value: String) -> Leaf {
    let place = format!("{HEADER}{}", name.to_ascii_lowercase());
    Leaf { field: place.clone(), place, value: Value::from(value) }
}

fn visit(value: &Value, place: &str, field: &str, depth: usize, leaves: &mut Vec<Leaf>) {
    let below = |outer: &str, key: &str| if outer.is_empty() { key.to_owned() } else { format!("{outer}.{key}") };
    if !value.is_object() && !place.is_empty() {
        leaves.push(Leaf { place: place.to_owned(), field: field.to_owned(), value: value.clone() });
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
