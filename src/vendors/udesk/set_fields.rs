//! The option `fields`: values for those fields that belong to records of the customer's account rather than to the call.

use super::fields::FIELDS;
use crate::vendors::options::{OptionType, OptionValue};
use crate::vendors::{FieldFact, OptionKind};
use serde_json::{Map, Value};

/// How close a name must be to be proposed, from 0 to 1.
const NEAR: f64 = 0.7;

/// The values that a scenario gives, by the name of the field.
#[derive(Debug, Clone, Default)]
pub struct SetFields(Map<String, Value>);

impl SetFields {
    /// The value for a field.
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.0.get(name)
    }
}

impl OptionType for SetFields {
    type Default = ();

    fn kind((): &()) -> OptionKind {
        OptionKind::Any
    }

    fn read(given: Option<&OptionValue>, (): ()) -> Result<Self, String> {
        let Some(OptionValue::Any(given)) = given else { return Ok(Self::default()) };
        let values = given.as_object().ok_or("a map of field names to values is needed, as in `{ level: vip }`")?;
        let strange = values.keys().find(|name| settable().all(|field| field.name != **name));
        strange.map_or_else(|| Ok(Self(values.clone())), |name| Err(refusal(name)))
    }
}

fn settable() -> impl Iterator<Item = &'static FieldFact> {
    FIELDS.iter().filter(|row| row.leaf.settable.is_some()).map(|row| &row.field)
}

fn refusal(name: &str) -> String {
    if FIELDS.iter().any(|row| row.field.name == name) {
        return format!("`{name}` follows from the call; a `set` entry of the scenario can still replace it");
    }
    let near = settable()
        .map(|field| (strsim::jaro_winkler(name, field.name), field.name))
        .max_by(|one, other| one.0.total_cmp(&other.0))
        .filter(|(nearness, _)| *nearness > NEAR);
    match near {
        Some((_, near)) => format!("Udesk has no field `{name}`; did you mean `{near}`?"),
        None => {
            let all: Vec<&str> = settable().map(|field| field.name).collect();
            format!("Udesk has no field `{name}`; there are {}", all.join(", "))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_field_that_cannot_be_set_is_refused_with_what_to_do() {
        let refused = |given: Value| SetFields::read(Some(&OptionValue::Any(given)), ()).expect_err("it is wrong");
        assert_eq!(refused(json!({ "levle": "vip" })), "Udesk has no field `levle`; did you mean `level`?");
        assert!(refused(json!({ "total_time": 3 })).contains("follows from the call"));
        assert!(refused(json!({ "xyzzy": 3 })).contains("there are queue_overflow, ivr_record_urls"));
        assert!(refused(json!([1])).contains("a map of field names"));
    }
}
