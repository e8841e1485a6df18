//! What can be set for TPNS, and what of it is impossible.

use super::config;
use crate::vendors::options::options;
use crate::vendors::{BadOption, GivenOptions};
use serde_json::{Map, Value};

options! {
    /// What the owner of an application has configured.
    #[derive(Debug, Clone, PartialEq)]
    pub struct Options {
        access_id: Option<String> = (), Inferred,
            "the application whose records these are, such as 1500001048; records of none are shown to every application";
        media: Option<String> = (), Inferred, "xgMediaResources; empty unless it is set";
        audio: Option<String> = (), Inferred, "xgMediaAudioResources; empty unless it is set";
        android: Option<Value> = (), Inferred, "keys of pushConfig.android that are not as in the sample: a map";
        ios: Option<Value> = (), Inferred, "keys of pushConfig.ios.aps that are not as on the page: a map";
    }
}

impl Options {
    /// Reads what is given.
    ///
    /// # Errors
    /// The first option that no application can have.
    pub fn checked(given: &GivenOptions) -> Result<Self, BadOption> {
        let options = Self::read(given)?;
        let bad = |option, reason| Err(BadOption { option, reason });
        if options.access_id.as_ref().is_some_and(|id| !id.bytes().all(|byte| byte.is_ascii_digit())) {
            return bad("access_id", "it is digits alone, such as 1500001048".to_owned());
        }
        for (option, given, known) in
            [("android", &options.android, config::android(None)), ("ios", &options.ios, config::aps(None))]
        {
            if let Some(reason) = given.as_ref().and_then(|given| flaw(given, &known)) {
                return bad(option, reason);
            }
        }
        Ok(options)
    }
}

/// Why these are no keys that the page knows.
fn flaw(given: &Value, known: &Map<String, Value>) -> Option<String> {
    let Value::Object(given) = given else { return Some("it is a map of keys".to_owned()) };
    let unknown = given.keys().find(|key| !known.contains_key(*key))?;
    let known: Vec<&str> = known.keys().map(String::as_str).collect();
    Some(format!("it has no key {unknown}; there are {}", known.join(", ")))
}
