//! What becomes of a query in the address of a push: it stays there, or moves into what the push carries.

use bytes::Bytes;
use serde_json::{Map, Value};

/// What becomes of a query in the address that a push goes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TargetQuery {
    /// It stays in the address, in front of what the push itself writes there.
    Kept,
    /// Its pairs join the parameters of the push: in the query of a GET, in the body of a POST. A name without a value
    /// becomes one with an empty value; a parameter of the same name gives way to it.
    Merged,
}

/// Encoded pairs with those of another query merged into them.
pub(super) fn into_form(own: &str, given: &str) -> String {
    let mut pairs: Vec<(String, String)> = form_urlencoded::parse(own.as_bytes()).into_owned().collect();
    for (name, value) in form_urlencoded::parse(given.as_bytes()).into_owned() {
        match pairs.iter_mut().find(|(known, _)| *known == name) {
            Some((_, known)) => *known = value,
            None => pairs.push((name, value)),
        }
    }
    form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish()
}

/// A body with the pairs of a query merged into it. A body that has no place for them stays as it is.
pub(super) fn into_body(own: &Bytes, content_type: &str, given: &str) -> Bytes {
    let media = content_type.split(';').next().unwrap_or_default().trim();
    if media.eq_ignore_ascii_case("application/x-www-form-urlencoded") {
        return match std::str::from_utf8(own) {
            Ok(text) => into_form(text, given).into(),
            Err(_) => own.clone(),
        };
    }
    let Ok(mut object) = serde_json::from_slice::<Map<String, Value>>(own) else { return own.clone() };
    for (name, value) in form_urlencoded::parse(given.as_bytes()).into_owned() {
        object.insert(name, Value::String(value));
    }
    Value::Object(object).to_string().into()
}
