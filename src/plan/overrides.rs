//! Puts a scenario's own value into the body of a push, in place of what the vendor would send.

use super::{Delivery, NoPlan};
use crate::body::Leaf;
use crate::http::Glob;
use crate::scenario::Override;
use crate::vendors::Vendor;
use serde_json::Value;

/// Whether an override is meant for a delivery.
pub(super) fn is_for(overriding: &Override, delivery: &Delivery) -> bool {
    Glob::new(&overriding.push).matches(&delivery.push)
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
    let mut fields =
        delivery.request.fields().ok_or_else(|| refused("its body is not JSON, so it has no fields to set".into()))?;
    let known = vendor
        .pushes()
        .iter()
        .filter(|push| push.name == delivery.request.name)
        .flat_map(|push| push.fields.iter())
        .any(|field| field.name == overriding.field);
    let text = value.as_str().map(str::to_owned);
    let leaf = Leaf::from(value);
    let is_set = match fields.at_mut(&overriding.field) {
        Some(place) => {
            *place = leaf;
            true
        }
        // A known field that this body lacks is made.
        None => known && fields.put_at(&overriding.field, leaf),
    };
    if !is_set {
        // A glob may take in pushes that lack the field.
        return if Glob::is_open(&overriding.push) {
            Ok(())
        } else {
            Err(refused("this push has no such field".into()))
        };
    }
    if let (Some(event_id), Some(text)) = (&mut delivery.request.event_id, text)
        && fields.leaves().iter().all(|(_, leaf)| leaf.text() != *event_id)
    {
        *event_id = text;
    }
    delivery.request.set_fields(fields);
    Ok(())
}
