//! The settings of 7moor, read once and checked. Their defaults stand in `facts`.

use super::{facts, ids};
use crate::call::Cast;
use crate::vendors::{BadSetting, Settings};
use serde_json::Value;
use std::time::Duration;

/// The longest text that a setting may be, in bytes.
const TEXT_MAX_BYTES: usize = 512;

/// What a tenant of 7moor has configured, and how the page is read where it is silent or contradicts itself.
#[derive(Debug, Clone, PartialEq)]
pub struct Options {
    /// The tenant in all pushes but the CDR.
    pub account: String,
    /// The tenant in the CDR.
    pub cdr_account: String,
    /// The id of the first call record, where it is given.
    pub call_id: Option<String>,
    /// The id of the first agent, where it is given.
    pub agent_id: Option<String>,
    /// The id of the first channel, where it is given.
    pub channel_id: Option<String>,
    /// Address and port of the gateway.
    pub gateway: String,
    /// The device of the agents in calls.
    pub login_type: String,
    /// Parameters of an outbound call: an object, or `""`.
    pub extras: Value,
    /// Groups of shown numbers in the CDR.
    pub group_ids: Vec<String>,
    /// Their names.
    pub group_names: Vec<String>,
    /// Whether `link` has the keys of the other call events.
    pub link_flat: bool,
    /// Whether the envelope of `link` has `callUniqueId`.
    pub link_call_id: bool,
    /// Whether `incomingHangup` has `superUniqueId`.
    pub legacy_super_id: bool,
    /// Whether `incomingHangup` has `pushType`.
    pub incoming_hangup_push_type: bool,
    /// Whether the agent's side of a predictive call is told as that of an inbound one.
    pub predictive_incoming: bool,
    /// Whether `callStatus` is pushed.
    pub agent_states: bool,
    /// How long after the end of a call its record is pushed.
    pub cdr_delay: Duration,
    /// Where recordings are said to lie, without a slash at the end.
    pub record_base: String,
    /// The kind of recording made of a conversation.
    pub record_type: String,
    /// Whether `voiceMailUrl` repeats the recording, as the page's sample does.
    pub voicemail_repeats_recording: bool,
    /// Whether the customer is in the tenant's customer base.
    pub customer_known: bool,
    /// The content type of the pushes.
    pub content_type: String,
}

impl Options {
    /// Reads the settings.
    ///
    /// # Errors
    /// The first setting that is impossible.
    pub fn read(settings: &Settings, cast: &Cast) -> Result<Self, BadSetting> {
        let account = text(settings, "account")?.unwrap_or_else(|| ids::account(cast));
        let [group_ids, group_names] = groups(settings)?;
        if settings.integer("retry_count").is_some_and(|count| count > facts::RETRY_COUNT_MAX) {
            return Err(bad("retry_count", format!("at most {} further attempts", facts::RETRY_COUNT_MAX)));
        }
        Ok(Self {
            cdr_account: text(settings, "cdr_account")?.unwrap_or_else(|| account.clone()),
            account,
            call_id: call_id(settings)?,
            agent_id: text(settings, "agent_id")?,
            channel_id: text(settings, "channel_id")?,
            gateway: text(settings, "gateway")?.unwrap_or_default(),
            login_type: choice(settings, "login_type", &facts::LOGIN_TYPES)?.to_owned(),
            extras: extras(settings)?,
            group_ids,
            group_names,
            link_flat: choice(settings, "link_envelope", &facts::LINK_ENVELOPES)? == "flat",
            link_call_id: settings.switch("link_call_id"),
            legacy_super_id: settings.switch("legacy_super_id"),
            incoming_hangup_push_type: settings.switch("incoming_hangup_push_type"),
            predictive_incoming: choice(settings, "predictive_pushes", &facts::PREDICTIVE_PUSHES)? == "incoming",
            agent_states: settings.switch("agent_states"),
            cdr_delay: settings.duration("cdr_delay"),
            record_base: record_base(settings)?,
            record_type: choice(settings, "record_type", &facts::RECORD_TYPES)?.to_owned(),
            voicemail_repeats_recording: settings.switch("voicemail_repeats_recording"),
            customer_known: settings.switch("customer_known"),
            content_type: content_type(settings)?,
        })
    }
}

fn bad(setting: &'static str, reason: impl Into<String>) -> BadSetting {
    BadSetting { setting, reason: reason.into() }
}

fn text(settings: &Settings, name: &'static str) -> Result<Option<String>, BadSetting> {
    let Some(text) = settings.text(name) else { return Ok(None) };
    if text.is_empty() {
        return Err(bad(name, "it is empty; leave it out to have it drawn"));
    }
    if text.len() > TEXT_MAX_BYTES {
        return Err(bad(name, format!("it is longer than {TEXT_MAX_BYTES} bytes")));
    }
    Ok(Some(text.to_owned()))
}

fn choice<'a>(settings: &'a Settings, name: &'static str, words: &[&str]) -> Result<&'a str, BadSetting> {
    let word = settings.text(name).unwrap_or_default();
    if words.contains(&word) { Ok(word) } else { Err(bad(name, format!("it is one of {}", words.join(", ")))) }
}

fn call_id(settings: &Settings) -> Result<Option<String>, BadSetting> {
    let id = text(settings, "call_id")?;
    match id {
        Some(id) if !id.bytes().all(|byte| byte.is_ascii_digit()) || id.parse::<i64>().is_err() => {
            Err(bad("call_id", "a call id is a whole number such as 403344537650466816, below 2^63"))
        }
        id => Ok(id),
    }
}

fn extras(settings: &Settings) -> Result<Value, BadSetting> {
    match settings.any("extras") {
        None => Ok(Value::String(String::new())),
        Some(value @ Value::Object(_)) => Ok(value.clone()),
        Some(Value::String(text)) if text.is_empty() => Ok(Value::String(String::new())),
        Some(_) => Err(bad("extras", "it is a map of parameters, or \"\" for none")),
    }
}

fn groups(settings: &Settings) -> Result<[Vec<String>; 2], BadSetting> {
    let (ids, names) = (settings.list("group_ids"), settings.list("group_names"));
    if let (Some(ids), Some(names)) = (ids, names)
        && ids.len() != names.len()
    {
        return Err(bad("group_names", format!("{} names for {} group_ids", names.len(), ids.len())));
    }
    // The platform writes "no group" as one empty text, not as an empty list.
    let or_none = |list: Option<&[String]>| list.map_or_else(|| vec![String::new()], <[String]>::to_vec);
    Ok([or_none(ids), or_none(names)])
}

fn record_base(settings: &Settings) -> Result<String, BadSetting> {
    let base = text(settings, "record_base")?.unwrap_or_default();
    match url::Url::parse(&base) {
        Ok(url) if ["http", "https"].contains(&url.scheme()) => Ok(base.trim_end_matches('/').to_owned()),
        _ => Err(bad("record_base", "it is an address such as http://127.0.0.1:9/recordings")),
    }
}

fn content_type(settings: &Settings) -> Result<String, BadSetting> {
    let value = text(settings, "content_type")?.unwrap_or_default();
    if value.bytes().all(|byte| (0x20..0x7f).contains(&byte)) {
        Ok(value)
    } else {
        Err(bad("content_type", "a header holds printable ASCII only"))
    }
}
