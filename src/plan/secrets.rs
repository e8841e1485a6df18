//! What lets others in, of everything that a plan knows: keys, tokens, passwords. Gathered once, to be veiled everywhere.

use super::Plan;
use crate::http::{Secrets, is_secret_name};
use crate::scenario::SECRET_PREFIX;
use crate::vendors::OptionValue;
use serde_json::Value;

impl Plan {
    /// The signing secrets, the vendor's settings with the name of a secret, what the headers and addresses of its requests
    /// hold of that kind, and what the environment gave.
    pub fn secrets(&self) -> Secrets {
        let mut secrets = Secrets::default();
        for secret in self.sign.iter().flat_map(|sign| &sign.secrets) {
            secrets.add(secret);
            // Receivers may repeat what follows the prefix.
            secrets.add(secret.strip_prefix(SECRET_PREFIX).unwrap_or_default());
        }
        for (name, setting) in self.options.given() {
            match setting {
                OptionValue::Text(text) if is_secret_name(name) => secrets.add(text),
                OptionValue::Any(value) => add_named(&mut secrets, name, value),
                OptionValue::Text(_)
                | OptionValue::List(_)
                | OptionValue::Switch(_)
                | OptionValue::Integer(_)
                | OptionValue::Duration(_) => {}
            }
        }
        self.from_environment.iter().for_each(|secret| secrets.add(secret));
        self.targets.iter().for_each(|target| secrets.add_url(target));
        for delivery in &self.deliveries {
            delivery.request.to.iter().for_each(|address| secrets.add_url(address));
            delivery.request.headers.iter().for_each(|(name, value)| secrets.add_header(name, &value.text()));
        }
        secrets
    }
}

/// Adds the texts under secret names, and the secrets in addresses.
fn add_named(secrets: &mut Secrets, name: &str, value: &Value) {
    match value {
        Value::String(text) if is_secret_name(name) => secrets.add(text),
        Value::String(text) => {
            if let Ok(address) = text.parse() {
                secrets.add_url(&address);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| add_named(secrets, name, item)),
        Value::Object(fields) => fields.iter().for_each(|(name, field)| add_named(secrets, name, field)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}
