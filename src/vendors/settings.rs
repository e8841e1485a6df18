//! The settings of one vendor as a scenario gives them: names and kinds are already checked against the vendor's facts.

use super::facts::{SettingFact, SettingKind};
use serde_json::Value;
use std::collections::BTreeMap;
use std::time::Duration;

/// The value of a setting.
#[derive(Debug, Clone, PartialEq)]
pub enum Setting {
    /// On or off.
    Switch(bool),
    /// A text, or the word of a choice.
    Text(String),
    /// A whole number.
    Integer(u64),
    /// A length of time.
    Duration(Duration),
    /// A list of texts.
    List(Vec<String>),
    /// Any value.
    Any(Value),
}

/// The settings of one vendor: what a scenario gives, and the vendor's defaults for the rest.
#[derive(Debug, Clone)]
pub struct Settings {
    facts: &'static [SettingFact],
    given: BTreeMap<&'static str, Setting>,
}

impl Settings {
    /// The defaults of a vendor.
    pub fn defaults(facts: &'static [SettingFact]) -> Self {
        Self { facts, given: BTreeMap::new() }
    }

    /// Gives a value; the last one wins.
    pub fn insert(&mut self, name: &'static str, value: Setting) {
        self.given.insert(name, value);
    }

    /// Whether a switch is on.
    pub fn switch(&self, name: &str) -> bool {
        match (self.given.get(name), self.kind(name)) {
            (Some(Setting::Switch(on)), _) | (None, Some(SettingKind::Switch(on))) => *on,
            _ => false,
        }
    }

    /// A text, or the word of a choice; `None` where it is left to the seed.
    pub fn text(&self, name: &str) -> Option<&str> {
        match (self.given.get(name), self.kind(name)) {
            (Some(Setting::Text(text)), _) => Some(text),
            (None, Some(SettingKind::Text(default))) => *default,
            (None, Some(SettingKind::Choice(words))) => words.first().copied(),
            _ => None,
        }
    }

    /// A whole number; `None` where it is left to the seed.
    pub fn integer(&self, name: &str) -> Option<u64> {
        match (self.given.get(name), self.kind(name)) {
            (Some(Setting::Integer(number)), _) => Some(*number),
            (None, Some(SettingKind::Integer(default))) => *default,
            _ => None,
        }
    }

    /// A length of time.
    pub fn duration(&self, name: &str) -> Duration {
        match (self.given.get(name), self.kind(name)) {
            (Some(Setting::Duration(duration)), _) | (None, Some(SettingKind::Duration(duration))) => *duration,
            _ => Duration::ZERO,
        }
    }

    /// A list of texts; `None` where none is given.
    pub fn list(&self, name: &str) -> Option<&[String]> {
        match self.given.get(name) {
            Some(Setting::List(items)) => Some(items),
            _ => None,
        }
    }

    /// Any value; `None` where none is given.
    pub fn any(&self, name: &str) -> Option<&Value> {
        match self.given.get(name) {
            Some(Setting::Any(value)) => Some(value),
            _ => None,
        }
    }

    fn kind(&self, name: &str) -> Option<&'static SettingKind> {
        let fact = self.facts.iter().find(|fact| fact.name == name);
        debug_assert!(fact.is_some(), "no setting is called {name}");
        fact.map(|fact| &fact.kind)
    }
}
