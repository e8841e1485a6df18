//! What becomes of a query in the address of a push: it stays there, or moves into what the push carries.

use crate::body::{Body, Leaf};
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

/// What a push says with the pairs of a query merged into it. A body that has no place for them stays as it is.
pub(super) fn merged(body: &Body, has_body: bool, content_type: &str, given: &str) -> Body {
    let pairs = || form_urlencoded::parse(given.as_bytes()).into_owned();
    let (written, query) = match body {
        Body::Fields { fields, encoding } => {
            let mut fields = fields.clone();
            pairs().for_each(|(name, value)| fields.put(&name, Leaf::from(value)));
            return Body::Fields { fields, encoding: *encoding };
        }
        Body::Written { body, query } => (body, query),
    };
    match has_body {
        false => Body::Written { body: written.clone(), query: into_form(query, pairs()) },
        true => Body::Written { body: into_body(written, content_type, pairs()), query: query.clone() },
    }
}

/// Encoded pairs with others merged into them.
fn into_form(own: &str, given: impl Iterator<Item = (String, String)>) -> String {
    let mut pairs: Vec<(String, String)> = form_urlencoded::parse(own.as_bytes()).into_owned().collect();
    for (name, value) in given {
        match pairs.iter_mut().find(|(known, _)| *known == name) {
            Some((_, known)) => *known = value,
            None => pairs.push((name, value)),
        }
    }
    form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish()
}

fn into_body(own: &Bytes, content_type: &str, given: impl Iterator<Item = (String, String)>) -> Bytes {
    let media = content_type.split(';').next().unwrap_or_default().trim();
    if media.eq_ignore_ascii_case("application/x-www-form-urlencoded") {
        return match std::str::from_utf8(own) {
            Ok(text) => into_form(text, given).into(),
            Err(_) => own.clone(),
        };
    }
    let Ok(mut object) = serde_json::from_slice::<Map<String, Value>>(own) else { return own.clone() };
    for (name, value) in given {
        object.insert(name, Value::String(value));
    }
    Value::Object(object).to_string().into()
}
