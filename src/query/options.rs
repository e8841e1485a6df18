//! What can be set of the query APIs, because the vendors' pages leave it open or disagree; read from `api.option=value`.

use super::{curl_log, push_record};
use crate::duration;
use crate::vendors::{Setting, SettingFact, SettingKind, Settings};

/// The options of each query API, by the id of the vendor whose it is.
pub const API_OPTIONS: [(&str, &[SettingFact]); 2] = [("tinet", curl_log::SETTINGS), ("tpns", push_record::SETTINGS)];

/// Sets an option of an API, from its text.
///
/// # Errors
/// What is wrong and what would be right, as one sentence.
pub fn set_option(
    settings: &mut Settings,
    facts: &'static [SettingFact],
    name: &str,
    text: &str,
) -> Result<(), String> {
    let Some(fact) = facts.iter().find(|fact| fact.name == name) else {
        let names: Vec<_> = facts.iter().map(|fact| fact.name).collect();
        return Err(format!("no option is called `{name}`; there are {}", names.join(", ")));
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
        SettingKind::Any => Setting::Any(text.into()),
    };
    settings.insert(fact.name, setting);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_option_takes_its_own_kind_of_value_and_no_other() {
        let facts = push_record::SETTINGS;
        let mut settings = Settings::defaults(facts);
        for (name, text) in
            [("profile", "2025"), ("strict_required", "true"), ("clock_skew", "300s"), ("calls_per_hour", "9")]
        {
            assert_eq!(set_option(&mut settings, facts, name, text), Ok(()));
        }
        assert_eq!((settings.text("profile"), settings.integer("calls_per_hour")), (Some("2025"), Some(9)));
        for (name, text) in
            [("profile", "2024"), ("strict_required", "yes"), ("clock_skew", "5"), ("calls_per_hour", "-1"), ("x", "y")]
        {
            assert!(set_option(&mut settings, facts, name, text).is_err(), "{name}={text}");
        }
    }
}
