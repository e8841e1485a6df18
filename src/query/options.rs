//! What can be set of the query APIs, because the vendors' pages leave it open or disagree.

use super::{LogSettings, RecordSettings};
use crate::vendors::{BadOption, GivenOptions, OptionFact};

/// The settings of the query APIs.
#[derive(Debug, Clone)]
pub struct ApiSettings {
    /// Those of CloudListCurlLog.
    pub log: LogSettings,
    /// Those of get_push_record.
    pub records: RecordSettings,
}

impl ApiSettings {
    /// What can be set of each API, by the id of the vendor whose it is.
    pub fn facts() -> [(&'static str, &'static [OptionFact]); 2] {
        [("tinet", LogSettings::facts()), ("tpns", RecordSettings::facts())]
    }

    /// Reads options, each with its vendor, its name and its value as a text.
    ///
    /// # Errors
    /// Which one is wrong and what would be right, as one sentence.
    pub fn read<'a>(options: impl IntoIterator<Item = [&'a str; 3]>) -> Result<Self, String> {
        let apis = Self::facts();
        let mut given = apis.map(|(_, facts)| GivenOptions::defaults(facts));
        for [vendor, name, value] in options {
            let mut all = apis.iter().zip(&mut given);
            let read = match all.find(|((id, _), _)| *id == vendor) {
                Some((_, given)) => given.read(name, value),
                None => Err(format!("`{vendor}` has no query API; these have: {}", apis.map(|(id, _)| id).join(", "))),
            };
            read.map_err(|told| format!("{vendor}.{name}={value}: {told}"))?;
        }
        let [log, records] = given;
        let bad = |BadOption { option, reason }: BadOption| format!("`{option}`: {reason}");
        Ok(Self { log: LogSettings::read(&log).map_err(bad)?, records: RecordSettings::read(&records).map_err(bad)? })
    }
}
