//! The bodies of every push except the CDR, in the order of the page's samples.

use serde::Serialize;
use serde_json::Value;

/// What all call events begin with.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Head<'a> {
    pub event_unique_id: &'a str,
    pub account_id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub super_unique_id: Option<&'a str>,
    pub call_unique_id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub push_type: Option<&'a str>,
    pub customer_number: &'a str,
    pub trunk_number: &'a str,
    pub display_number: &'a str,
    /// Seconds since 1970.
    pub status_time: &'a str,
    pub call_event: &'a str,
    pub call_type: &'a str,
}

/// `dialoutRing`, `incomingRing`, `incomingHangup`, and `link` without its envelope.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CallEvent<'a> {
    #[serde(flatten)]
    pub head: Head<'a>,
    pub agent_number: &'a str,
    pub agent_name: &'a str,
    pub extras: &'a Value,
}

/// `dialoutHangup`. The sample has `extras` before `agentName`.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DialoutHangup<'a> {
    #[serde(flatten)]
    pub head: Head<'a>,
    pub agent_number: &'a str,
    pub extras: &'a Value,
    pub agent_name: &'a str,
    pub group_id_list: [&'a str; 1],
    pub group_name_list: [&'a str; 1],
}

/// `callStatus`.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct AgentState<'a> {
    #[serde(flatten)]
    pub head: Head<'a>,
    pub agent_number: &'a str,
    pub agent_name: &'a str,
    pub status_name: &'a str,
    pub status_number: &'a str,
    pub extras: &'a Value,
}

/// `link` as the page shows it: an older envelope without `pushType`.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct LinkEnvelope<'a> {
    pub content: LinkContent<'a>,
    pub unique_id: &'a str,
}

/// What is in the envelope of `link`.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct LinkContent<'a> {
    pub account_id: &'a str,
    pub super_unique_id: &'a str,
    pub customer_number: &'a str,
    pub trunk_number: &'a str,
    pub display_number: &'a str,
    /// Seconds since 1970.
    pub status_time: &'a str,
    pub call_event: &'a str,
    pub call_type: &'a str,
    pub extras: &'a Value,
    pub agent_number: &'a str,
    pub agent_name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub call_unique_id: Option<&'a str>,
}

/// `mediaFailreason`.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct MediaFailReason<'a> {
    pub event_unique_id: &'a str,
    pub account_id: &'a str,
    pub call_unique_id: &'a str,
    pub push_type: &'a str,
    pub agent_number: &'a str,
    pub pre_media_failure_reason: &'a str,
    pub pre_media_code: i64,
    pub pre_media_key_word: &'a str,
}

/// `login` and `logout`: the keys that only one of them has are absent from the other.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Presence<'a> {
    pub event_unique_id: &'a str,
    pub account_id: &'a str,
    pub push_type: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub login_type: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub logout_type: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub offline_type: Option<&'a str>,
    /// `YYYY-MM-DD HH:MM:SS` in Beijing; only here it is not a count of seconds.
    pub status_time: &'a str,
    pub agent_number: &'a str,
    pub agent_name: &'a str,
}
