//! JSON whose texts have places for values: what a scenario puts into a field of a push.

use super::Known;
use super::template::{Escape, Template};
use serde_json::{Map, Value};
use std::fmt;

/// A JSON value whose texts have places for values.
#[derive(Debug, Clone, PartialEq)]
pub enum FieldValue {
    /// A text.
    Text(Template),
    /// A list.
    List(Vec<FieldValue>),
    /// Keys with their values.
    Keys(Vec<(String, FieldValue)>),
    /// A number, a boolean or nothing.
    Other(Value),
}

impl FieldValue {
    /// Whether no text in it has a place for a value of the story.
    pub fn is_known(&self) -> bool {
        match self {
            FieldValue::Text(template) => template.names().next().is_none(),
            FieldValue::List(items) => items.iter().all(Self::is_known),
            FieldValue::Keys(entries) => entries.iter().all(|(_, value)| value.is_known()),
            FieldValue::Other(_) => true,
        }
    }

    /// The value as it is sent; `secrets` get what nobody is told.
    ///
    /// # Errors
    /// The first name that has no value.
    pub fn fill(&self, known: &Known, secrets: &mut Vec<String>) -> Result<Value, String> {
        Ok(match self {
            FieldValue::Text(template) => {
                let filled = template.fill(known, Escape::Plain)?;
                secrets.extend(filled.secrets);
                Value::String(filled.sent)
            }
            FieldValue::List(items) => {
                Value::Array(items.iter().map(|item| item.fill(known, secrets)).collect::<Result<_, _>>()?)
            }
            FieldValue::Keys(entries) => {
                let filled = entries.iter().map(|(key, value)| Ok((key.clone(), value.fill(known, secrets)?)));
                Value::Object(filled.collect::<Result<Map<_, _>, String>>()?)
            }
            FieldValue::Other(value) => value.clone(),
        })
    }

    /// The value as its author wrote it.
    fn written(&self) -> Value {
        match self {
            FieldValue::Text(template) => Value::String(template.to_string()),
            FieldValue::List(items) => Value::Array(items.iter().map(Self::written).collect()),
            FieldValue::Keys(entries) => {
                Value::Object(entries.iter().map(|(key, value)| (key.clone(), value.written())).collect())
            }
            FieldValue::Other(value) => value.clone(),
        }
    }
}

/// The value as its author wrote it, as JSON.
impl fmt::Display for FieldValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.written().fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::super::Braces;
    use super::*;

    #[test]
    fn a_field_is_known_unless_a_text_in_it_has_a_place_for_a_value_of_the_story() {
        let text = |text: &str| {
            let environment = |name: &str| (name == "TOKEN").then(|| "hush".to_owned());
            FieldValue::Text(Template::parse(text, Braces::Fields, &environment).expect("a template"))
        };
        let keys = |value| FieldValue::Keys(vec![("k".to_owned(), value)]);
        let list = |value| FieldValue::List(vec![FieldValue::Other(Value::Null), value]);
        for (written, is_known) in
            [("plain", true), ("{env.TOKEN}", true), ("{call.id}", false), ("a {call.id}", false)]
        {
            for value in [text(written), keys(text(written)), list(keys(text(written)))] {
                assert_eq!(value.is_known(), is_known, "{value}");
            }
        }
        let mut known = Known::default();
        known.add("call.id", "7");
        let (value, mut secrets) = (list(keys(text("{call.id} {env.TOKEN}"))), Vec::new());
        assert_eq!(value.fill(&known, &mut secrets), Ok(serde_json::json!([null, { "k": "7 hush" }])));
        assert_eq!(secrets[0], "hush");
        assert_eq!(value.to_string(), r#"[null,{"k":"{call.id} {env.TOKEN}"}]"#);
    }
}
