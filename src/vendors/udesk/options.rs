//! What a scenario can set for Udesk, as facts for the catalogue and as values once read and checked. Nothing is drawn here.

use super::fields::{self, Fields};
use super::times::TimeFormat;
use crate::vendors::facts::{Origin, SettingFact, SettingKind};
use crate::vendors::{BadSetting, Settings};
use serde_json::Value;
use std::collections::BTreeMap;
use std::time::Duration;

/// The most further attempts that can be set.
pub const RETRY_COUNT_MAX: u64 = 100;
/// The largest id that can be set: beyond it, readers of JSON that know only floating-point numbers lose digits.
pub const ID_MAX: u64 = 9_007_199_254_740_991 - 1_000_000;
/// What stands in `survey` where the customer answered none: the sample's word.
const NOT_RATED: &str = "未评价";

/// The settings, in the order in which they are listed.
pub const SETTINGS: &[SettingFact] = &[
    seed("agent_lock", SettingKind::Switch(false), "whether Udesk has enabled the push `agent_lock`"),
    seed("defeat_cause", SettingKind::Switch(false), "whether Udesk has enabled the field `defeat_cause`"),
    seed("retry", SettingKind::Switch(false), "whether Udesk has enabled retries"),
    inferred("retry_count", SettingKind::Integer(Some(3)), "how many further attempts there are, with `retry`"),
    inferred("retry_interval", SettingKind::Duration(Duration::from_secs(60)), "how long the wait before each is"),
    inferred("timeout", SettingKind::Duration(Duration::from_secs(5)), "how long Udesk waits for an answer"),
    inferred("success", SettingKind::Choice(&["2xx", "200"]), "which status settles a push; the body is ignored"),
    inferred("content_type", SettingKind::Text(Some("application/json")), "the Content-Type of every push"),
    inferred(
        "end_info",
        SettingKind::Choice(&["before_end", "after_end", "off"]),
        "when `end_info` is sent; whatever follows `end` can be taken for a retry",
    ),
    seed("time_format", SettingKind::Choice(&["iso", "legacy"]), "how ring, answer and hang-up times are written"),
    seed("questionnaire_id", SettingKind::Choice(&["text", "number"]), "the JSON type of `questionnaire_id`"),
    seed("user_group", SettingKind::Switch(true), "whether `user_group_id` and `user_group_name` are sent at all"),
    inferred("queue_statue_waiting", SettingKind::Text(Some("排队中")), "`queue_statue` while the customer waits"),
    inferred("queue_statue_answered", SettingKind::Text(Some("排队成功")), "`queue_statue` once an agent has answered"),
    inferred("queue_statue_abandoned", SettingKind::Text(Some("排队放弃")), "`queue_statue` once the wait was in vain"),
    inferred(
        "survey_names",
        SettingKind::Any,
        "the text in `survey` for each key, as in `{ \"5\": 非常满意, \"1\": 非常不满意 }`",
    ),
    seed("device_info", SettingKind::Text(Some("网页电话")), "the agent's device: 网页电话, 手机, IP话机"),
    inferred(
        "record_url",
        SettingKind::Text(Some("http://127.0.0.1:9/udesk/recordings/{conversation_id}.wav")),
        "the address of a recording; {conversation_id} is replaced",
    ),
    inferred("call_id", SettingKind::Text(None), "the call's id, else a drawn UUID"),
    inferred(
        "conversation_id",
        SettingKind::Integer(None),
        "the first conversation's id, else drawn; later ones are larger",
    ),
    inferred("agent_id", SettingKind::Integer(None), "the first agent's id, else drawn; the next agents' are larger"),
    inferred("customer_id", SettingKind::Integer(None), "the customer's id, else drawn"),
    inferred(
        "fields",
        SettingKind::Any,
        "values for fields of the customer's, the business and the agent's record, as in `{ level: vip }`; each stands in the pushes that carry the field",
    ),
];

const fn seed(name: &'static str, kind: SettingKind, meaning: &'static str) -> SettingFact {
    SettingFact { name, kind, meaning, origin: Origin::Seed }
}

const fn inferred(name: &'static str, kind: SettingKind, meaning: &'static str) -> SettingFact {
    SettingFact { name, kind, meaning, origin: Origin::Inferred }
}

/// When `end_info` is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EndInfo {
    /// So that `end` is the last word on a conversation, as the page has it.
    BeforeEnd,
    /// The other reading.
    AfterEnd,
    /// Never.
    Off,
}

/// The settings of a call, read and checked.
#[derive(Debug, Clone)]
#[expect(missing_docs, reason = "`SETTINGS` says what each one means")]
pub struct Options {
    pub agent_lock: bool,
    pub defeat_cause: bool,
    pub content_type: String,
    pub end_info: EndInfo,
    pub times: TimeFormat,
    pub questionnaire_number: bool,
    pub user_group: bool,
    pub queue_waiting: String,
    pub queue_answered: String,
    pub queue_abandoned: String,
    pub device_info: String,
    pub record_url: String,
    pub call_id: Option<String>,
    pub conversation_id: Option<u64>,
    pub agent_id: Option<u64>,
    pub customer_id: Option<u64>,
    pub fields: Fields,
    survey_names: BTreeMap<String, String>,
}

impl Options {
    /// Reads the settings.
    ///
    /// # Errors
    /// The first one that is impossible.
    pub fn read(settings: &Settings) -> Result<Self, BadSetting> {
        if settings.duration("timeout").is_zero() {
            return Err(bad("timeout", "a push needs time to be answered, as in `5s`"));
        }
        if settings.integer("retry_count").is_some_and(|count| count > RETRY_COUNT_MAX) {
            return Err(bad("retry_count", format!("there are at most {RETRY_COUNT_MAX} further attempts")));
        }
        let content_type = text(settings, "content_type");
        if content_type.is_empty() || !content_type.chars().all(|sign| sign == ' ' || sign.is_ascii_graphic()) {
            return Err(bad(
                "content_type",
                "a header takes visible ASCII only, as in `application/json;charset=utf8`",
            ));
        }
        if settings.text("call_id").is_some_and(str::is_empty) {
            return Err(bad("call_id", "an id cannot be empty; leave the setting out to have one drawn"));
        }
        Ok(Self {
            agent_lock: settings.switch("agent_lock"),
            defeat_cause: settings.switch("defeat_cause"),
            content_type,
            end_info: match settings.text("end_info") {
                Some("after_end") => EndInfo::AfterEnd,
                Some("off") => EndInfo::Off,
                _ => EndInfo::BeforeEnd,
            },
            times: match settings.text("time_format") {
                Some("legacy") => TimeFormat::Legacy,
                _ => TimeFormat::Iso,
            },
            questionnaire_number: settings.text("questionnaire_id") == Some("number"),
            user_group: settings.switch("user_group"),
            queue_waiting: text(settings, "queue_statue_waiting"),
            queue_answered: text(settings, "queue_statue_answered"),
            queue_abandoned: text(settings, "queue_statue_abandoned"),
            device_info: text(settings, "device_info"),
            record_url: text(settings, "record_url"),
            call_id: settings.text("call_id").map(str::to_owned),
            conversation_id: id(settings, "conversation_id")?,
            agent_id: id(settings, "agent_id")?,
            customer_id: id(settings, "customer_id")?,
            fields: fields::read(settings.any("fields"))?,
            survey_names: survey_names(settings.any("survey_names"))?,
        })
    }

    /// The value of `survey` for the keys that the customer pressed; keys without a name stand as they are.
    pub fn survey<'a>(&'a self, keys: Option<&'a str>) -> &'a str {
        match keys {
            None | Some("") => NOT_RATED,
            Some(keys) => self.survey_names.get(keys).map_or(keys, String::as_str),
        }
    }
}

fn text(settings: &Settings, name: &str) -> String {
    settings.text(name).unwrap_or_default().to_owned()
}

fn id(settings: &Settings, name: &'static str) -> Result<Option<u64>, BadSetting> {
    match settings.integer(name) {
        Some(id) if id == 0 || id > ID_MAX => Err(bad(name, format!("an id lies between 1 and {ID_MAX}"))),
        id => Ok(id),
    }
}

fn survey_names(given: Option<&Value>) -> Result<BTreeMap<String, String>, BadSetting> {
    const HINT: &str = "a map of keys to texts is needed, as in `{ \"1\": 满意, \"2\": 不满意 }`";
    let Some(given) = given else {
        let names = [("5", "非常满意"), ("4", "满意"), ("3", "一般"), ("2", "不满意"), ("1", "非常不满意")];
        return Ok(names.map(|(key, name)| (key.to_owned(), name.to_owned())).into());
    };
    let names = given.as_object().ok_or_else(|| bad("survey_names", HINT))?;
    let name = |value: &Value| value.as_str().map(str::to_owned).ok_or_else(|| bad("survey_names", HINT));
    names.iter().map(|(key, value)| Ok((key.clone(), name(value)?))).collect()
}

/// A setting that cannot be followed.
pub fn bad(setting: &'static str, reason: impl Into<String>) -> BadSetting {
    BadSetting { setting, reason: reason.into() }
}
