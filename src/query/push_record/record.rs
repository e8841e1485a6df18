//! The shape of a record: which fields, in which order, and what stands where a task says nothing.

use serde_json::{Map, Value, json};

/// The generations of the vendor's page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Profile {
    /// The fields of the sample.
    Sample,
    /// The fields that later pages add.
    Of2025,
}

/// Every field in the order of the page's sample, then those that only a table names; and since which profile.
const FIELDS: [(&str, Profile); 20] = [
    ("date", Profile::Sample),
    ("pushId", Profile::Sample),
    ("title", Profile::Sample),
    ("content", Profile::Sample),
    ("status", Profile::Sample),
    ("pushType", Profile::Sample),
    ("targetList", Profile::Sample),
    ("tagSet", Profile::Sample),
    ("uploadId", Profile::Sample),
    ("groupId", Profile::Sample),
    ("expireTime", Profile::Sample),
    ("messageType", Profile::Sample),
    ("xgMediaResources", Profile::Sample),
    ("environment", Profile::Sample),
    ("pushConfig", Profile::Sample),
    ("multiPkg", Profile::Sample),
    ("source", Profile::Sample),
    ("createTime", Profile::Of2025),
    ("xgMediaAudioResources", Profile::Of2025),
    ("collapseID", Profile::Of2025),
];

/// A record as the API shows it.
pub(super) fn shown(record: &Value, profile: Profile) -> Value {
    let fields = FIELDS.iter().filter(|(_, since)| *since <= profile);
    let shown: Map<String, Value> = fields
        .map(|(name, _)| ((*name).to_owned(), record.get(name).cloned().unwrap_or_else(|| absent(name))))
        .collect();
    Value::Object(shown)
}

/// What stands in a field that a task says nothing of: the sample's empty values.
fn absent(name: &str) -> Value {
    match name {
        "targetList" | "tagSet" => Value::Null,
        "uploadId" | "expireTime" | "createTime" | "collapseID" => 0.into(),
        "multiPkg" => false.into(),
        "pushConfig" => json!({"android": null, "ios": null, "iot": null}),
        _ => "".into(),
    }
}
