//! The setting `fields`: values for those leaves that belong to records of the customer's account rather than to the call itself.

use super::options::bad;
use crate::vendors::BadSetting;
use serde_json::{Map, Value};

/// How close a name must be to be proposed, from 0 to 1.
const NEAR: f64 = 0.7;

/// From when on the vendor knows a field, so that a value set for it does not appear too early.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Known {
    /// In every push.
    Always,
    /// Once there is an agent.
    WithAgent,
    /// When the conversation is over.
    AtEnd,
}

const SETTABLE: &[(&str, Known)] = &[
    ("queue_overflow", Known::Always),
    ("ivr_record_urls", Known::AtEnd),
    ("ticket_numbers", Known::AtEnd),
    ("lang", Known::Always),
    ("is_blocked", Known::Always),
    ("level", Known::Always),
    ("description", Known::Always),
    ("organization_name", Known::Always),
    ("owner_name", Known::Always),
    ("owner_group_name", Known::Always),
    ("note_id", Known::AtEnd),
    ("note_content", Known::AtEnd),
    ("customer_token", Known::Always),
    ("customer_web_token", Known::Always),
    ("customer_sdk_token", Known::Always),
    ("weixin_openids", Known::Always),
    ("note_custom_fields", Known::AtEnd),
    ("note_template_id", Known::AtEnd),
    ("note_template_name", Known::AtEnd),
    ("questionnaire_id", Known::AtEnd),
    ("questionnaire_contents", Known::AtEnd),
    ("callout_tasks", Known::Always),
    ("biz_id", Known::Always),
    ("agent_tags", Known::WithAgent),
    ("user_group_id", Known::WithAgent),
    ("user_group_name", Known::WithAgent),
];

/// The values that a scenario gives.
#[derive(Debug, Clone, Default)]
pub struct Fields(Vec<(&'static str, Known, Value)>);

/// What is known at the moment of a push.
#[derive(Debug, Clone, Copy)]
pub struct Moment {
    /// Whether there is an agent.
    pub agent: bool,
    /// Whether the conversation is over.
    pub ended: bool,
}

impl Fields {
    /// Puts the values into a body. Keys that the body lacks stay absent.
    pub fn apply(&self, body: &mut Map<String, Value>, moment: Moment) {
        for (name, known, value) in &self.0 {
            let due = match known {
                Known::Always => true,
                Known::WithAgent => moment.agent,
                Known::AtEnd => moment.ended,
            };
            if let (true, Some(leaf)) = (due, body.get_mut(*name)) {
                leaf.clone_from(value);
            }
        }
    }
}

/// Reads the setting.
///
/// # Errors
/// When it is no map, or names a field that belongs to the call.
pub fn read(given: Option<&Value>) -> Result<Fields, BadSetting> {
    let Some(given) = given else { return Ok(Fields::default()) };
    let given = given
        .as_object()
        .ok_or_else(|| bad("fields", "a map of field names to values is needed, as in `{ level: vip }`"))?;
    let settable = |name: &str| SETTABLE.iter().find(|(settable, _)| *settable == name);
    given
        .iter()
        .map(|(name, value)| match settable(name) {
            Some((name, known)) => Ok((*name, *known, value.clone())),
            None => Err(bad("fields", refusal(name))),
        })
        .collect::<Result<_, _>>()
        .map(Fields)
}

fn refusal(name: &str) -> String {
    let near = SETTABLE
        .iter()
        .map(|(settable, _)| (strsim::jaro_winkler(name, settable), settable))
        .max_by(|one, other| one.0.total_cmp(&other.0))
        .filter(|(nearness, _)| *nearness > NEAR);
    if super::facts::FIELDS.iter().any(|field| field.name == name) {
        return format!("`{name}` follows from the call; a `set` entry of the scenario can still replace it");
    }
    match near {
        Some((_, near)) => format!("Udesk has no field `{name}`; did you mean `{near}`?"),
        None => {
            let all: Vec<&str> = SETTABLE.iter().map(|(settable, _)| *settable).collect();
            format!("Udesk has no field `{name}`; there are {}", all.join(", "))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn refused(given: Value) -> String {
        read(Some(&given)).expect_err("it is wrong").reason
    }

    #[test]
    fn a_field_that_cannot_be_set_is_refused_with_what_to_do() {
        assert_eq!(refused(json!({ "levle": "vip" })), "Udesk has no field `levle`; did you mean `level`?");
        assert!(refused(json!({ "total_time": 3 })).contains("follows from the call"));
        assert!(refused(json!({ "xyzzy": 3 })).contains("there are queue_overflow, ivr_record_urls"));
        assert!(refused(json!([1])).contains("a map of field names"));
    }

    #[test]
    fn every_settable_field_is_in_the_catalogue() {
        for (name, _) in SETTABLE {
            assert!(super::super::facts::FIELDS.iter().any(|field| field.name == *name), "{name}");
        }
    }
}
