//! The bodies, in the order of the page's samples; which value stands where is decided elsewhere.

use serde::Serialize;

/// The body of a message push.
#[derive(Debug, Serialize)]
pub struct Envelope<'a> {
    /// Milliseconds since 1970.
    pub timestamp: i64,
    pub messages: &'a [DownLink],
}

/// One message or event of a chat.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DownLink {
    pub from: String,
    pub channel: &'static str,
    pub to: String,
    pub control_type: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub is_offline_status: Option<bool>,
    pub media_type: Option<&'static str>,
    pub content: Option<String>,
    pub sim_questions: Option<String>,
    pub sender_nickname: Option<String>,
    /// Milliseconds since 1970.
    pub timestamp: i64,
    pub source_type: &'static str,
    /// The key is only in some messages, and then holds null.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub call_id: Option<Option<String>>,
    pub message_code: Option<String>,
}

/// The body of the callback at the connection of a bidirectional call.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CallConnect<'a> {
    pub call_serial_no: &'a str,
    pub service_no: &'a str,
    pub called: &'a str,
    pub call_data: &'a str,
}

/// The body of the callback at the release of a bidirectional call. Every value is a text, and empty where nothing is known.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CallRelease<'a> {
    #[serde(flatten)]
    pub call: CallConnect<'a>,
    pub caller: &'a str,
    pub caller_present: &'a str,
    pub create_call_time: String,
    pub alerting_time: String,
    pub talking_time: String,
    pub release_time: String,
    pub talk_duration: String,
    pub agent_alerting_time: String,
    pub agent_talking_time: String,
    pub agent_release_time: String,
    pub agent_talk_duration: String,
    #[serde(rename = "recordfile")]
    pub record_file: String,
    pub location_id: &'a str,
    pub release_reason: &'static str,
}
