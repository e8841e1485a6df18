//! The settings of TPNS, read once and checked. Their meaning stands in `facts`.

use super::config;
use crate::vendors::{BadSetting, Settings};
use serde_json::{Map, Value};

/// The longest text that a setting may be, in bytes.
const TEXT_MAX_BYTES: usize = 2048;

/// What the owner of an application has configured.
#[derive(Debug, Clone, PartialEq)]
pub struct Options {
    /// The application; empty where records go by none.
    pub access_id: String,
    pub media: String,
    pub audio: String,
    /// The keys for Android phones that are given.
    pub android: Map<String, Value>,
    /// The keys for iOS phones that are given.
    pub ios: Map<String, Value>,
}

impl Options {
    /// Reads the settings.
    ///
    /// # Errors
    /// The first setting that is impossible.
    pub fn read(settings: &Settings) -> Result<Self, BadSetting> {
        let access_id = text(settings, "access_id")?;
        if !access_id.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(bad("access_id", "it is digits alone, such as 1500001048"));
        }
        Ok(Self {
            access_id,
            media: text(settings, "media")?,
            audio: text(settings, "audio")?,
            android: keys(settings, "android", &config::android(&Map::new()))?,
            ios: keys(settings, "ios", &config::aps(&Map::new()))?,
        })
    }
}

fn bad(setting: &'static str, reason: impl Into<String>) -> BadSetting {
    BadSetting { setting, reason: reason.into() }
}

fn text(settings: &Settings, name: &'static str) -> Result<String, BadSetting> {
    let text = settings.text(name).unwrap_or_default();
    if text.len() > TEXT_MAX_BYTES {
        return Err(bad(name, format!("it is longer than {TEXT_MAX_BYTES} bytes")));
    }
    Ok(text.to_owned())
}

/// A map of keys that the page knows.
fn keys(settings: &Settings, name: &'static str, known: &Map<String, Value>) -> Result<Map<String, Value>, BadSetting> {
    match settings.any(name) {
        None => Ok(Map::new()),
        Some(Value::Object(given)) => match given.keys().find(|key| !known.contains_key(*key)) {
            None => Ok(given.clone()),
            Some(unknown) => {
                let known: Vec<&str> = known.keys().map(String::as_str).collect();
                Err(bad(name, format!("it has no key {unknown}; there are {}", known.join(", "))))
            }
        },
        Some(_) => Err(bad(name, "it is a map of keys")),
    }
}
