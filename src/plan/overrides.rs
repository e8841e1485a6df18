//! Puts a scenario's own value into the body of a push, in place of what the vendor would send.

use super::{Delivery, NoPlan};
use crate::scenario::Override;
use crate::vendors::Vendor;
use serde_json::Value;
use wildmatch::WildMatch;

/// Whether an override is meant for a delivery.
pub(super) fn is_for(overriding: &Override, delivery: &Delivery) -> bool {
    WildMatch::new(&overriding.push).matches(&delivery.push)
}

/// Puts the value of an override into a delivery that it is meant for.
pub(super) fn apply(
    overriding: &Override,
    value: Value,
    vendor: &dyn Vendor,
    delivery: &mut Delivery,
) -> Result<(), NoPlan> {
    let refused =
        |reason: String| NoPlan::Override { push: delivery.push.clone(), field: overriding.field.clone(), reason };
    let mut body: Value =
        delivery.request.content().ok_or_else(|| refused("its body is not JSON, so it has no fields to set".into()))?;
    let known = vendor
        .pushes()
        .iter()
        .filter(|push| push.name == delivery.request.name)
        .flat_map(|push| push.fields)
        .any(|field| field.name == overriding.field);
    match place(&mut body, &overriding.field, known) {
        Some(place) => place.clone_from(&value),
        // A glob may take in pushes that lack the field.
        None if overriding.push.contains(['*', '?']) => return Ok(()),
        None => return Err(refused("this push has no such field".into())),
    }
    if let Some(event_id) = &delivery.request.event_id
        && value.is_string()
        && !body.to_string().contains(event_id.as_str())
    {
        delivery.request.event_id = value.as_str().map(str::to_owned);
    }
    delivery.request.set_content(&body);
    Ok(())
}

/// The place that a path of keys and list positions leads to. A known field that this body lacks is made.
fn place<'a>(body: &'a mut Value, path: &str, known: bool) -> Option<&'a mut Value> {
    let mut here = body;
    let mut keys = path.split('.').peekable();
    while let Some(key) = keys.next() {
        let last = keys.peek().is_none();
        here = match here {
            Value::Object(object) => {
                if last && known && !object.contains_key(key) {
                    object.insert(key.to_owned(), Value::Null);
                }
                object.get_mut(key)?
            }
            Value::Array(items) => items.get_mut(key.parse::<usize>().ok()?)?,
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => return None,
        };
    }
    Some(here)
}

#[cfg(test)]
mod tests {
    use super::place;
    use serde_json::json;

    #[test]
    fn a_path_walks_through_objects_and_lists() {
        let mut body = json!({"content": {"keys": ["1", "2"]}});
        assert_eq!(place(&mut body, "content.keys.1", false), Some(&mut json!("2")));
        assert_eq!(place(&mut body, "content.keys.9", false), None);
        assert_eq!(place(&mut body, "content.key", false), None);
        assert_eq!(place(&mut body, "content.keys.1.x", false), None);
    }

    #[test]
    fn a_known_field_that_the_body_lacks_is_made_at_its_end() {
        let mut body = json!({"status": "ANSWER"});
        if let Some(place) = place(&mut body, "failureReason", true) {
            *place = json!("decline");
        }
        assert_eq!(body.to_string(), r#"{"status":"ANSWER","failureReason":"decline"}"#);
    }
}
