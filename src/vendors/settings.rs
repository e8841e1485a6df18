//! The settings of one vendor as a scenario gives them: names and kinds are already checked against the vendor's facts.

use super::facts::{SettingFact, SettingKind};
use crate::duration;
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

    /// Gives a value as its text has it, such as from `--option udesk.retry=true`.
    ///
    /// # Errors
    /// What is wrong and what would be right, as one sentence.
    pub fn read(&mut self, name: &str, text: &str) -> Result<(), String> {
        let Some(fact) = self.facts.iter().find(|fact| fact.name == name) else {
            return Err(format!("no option is called `{name}`"));
        };
        let setting = match fact.kind {
            SettingKind::Switch(_) => match text {
                "true" => Setting::Switch(true),
                "false" => Setting::Switch(false),
                _ => return Err(format!("`{name}` is true or false, not `{text}`")),
            },
            SettingKind::Integer(_) => match text.parse() {
                Ok(number) => Setting::Integer(number),
                Err(_) => return Err(format!("`{name}` is a whole number, not `{text}`")),
            },
            SettingKind::Duration(_) => Setting::Duration(duration::parse(text)?),
            SettingKind::Choice(words) if words.contains(&text) => Setting::Text(text.to_owned()),
            SettingKind::Choice(words) => return Err(format!("`{name}` is {}, not `{text}`", words.join(" or "))),
            SettingKind::Text(_) => Setting::Text(text.to_owned()),
            SettingKind::List => Setting::List(text.split(',').map(str::to_owned).collect()),
            SettingKind::Any => Setting::Any(serde_json::from_str(text).unwrap_or_else(|_| text.into())),
        };
        self.given.insert(fact.name, setting);
        Ok(())
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

    /// What was given, by name.
    pub fn given(&self) -> impl Iterator<Item = (&'static str, &Setting)> {
        self.given.iter().map(|(name, setting)| (*name, setting))
    }

    fn kind(&self, name: &str) -> Option<&'static SettingKind> {
        let fact = self.facts.iter().find(|fact| fact.name == name);
        debug_assert!(fact.is_some(), "no setting is called {name}");
        fact.map(|fact| &fact.kind)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vendors::Origin;

    const fn fact(name: &'static str, kind: SettingKind) -> SettingFact {
        SettingFact { name, kind, meaning: "", origin: Origin::Inferred }
    }

    const FACTS: &[SettingFact] = &[
        fact("profile", SettingKind::Choice(&["2020", "2025"])),
        fact("strict", SettingKind::Switch(false)),
        fact("skew", SettingKind::Duration(Duration::ZERO)),
        fact("calls", SettingKind::Integer(Some(200))),
        fact("actions", SettingKind::Any),
    ];

    #[test]
    fn a_setting_takes_its_own_kind_of_value_and_no_other() {
        let mut settings = Settings::defaults(FACTS);
        for (name, text) in
            [("profile", "2025"), ("strict", "true"), ("skew", "300s"), ("calls", "9"), ("actions", "[{\"type\": 9}]")]
        {
            assert_eq!(settings.read(name, text), Ok(()));
        }
        assert_eq!((settings.text("profile"), settings.integer("calls")), (Some("2025"), Some(9)));
        assert_eq!(settings.any("actions"), Some(&serde_json::json!([{"type": 9}])));
        for (name, text) in [("profile", "2024"), ("strict", "yes"), ("skew", "5"), ("calls", "-1"), ("x", "y")] {
            assert!(settings.read(name, text).is_err(), "{name}={text}");
        }
    }
}
