//! One row of the log as the page describes it: 23 fields, each with the JSON type of the page.

use super::{LogSettings, VENDOR};
use crate::clock::BEIJING;
use crate::http::header;
use crate::journal::{AttemptRow, Outcome};
use crate::vendors;
use jiff::Timestamp;
use serde::Serialize;
use serde_json::{Map, Value};
use std::borrow::Cow;

/// Headers that the platform sets itself, which are not the customer's.
const PLATFORM_HEADERS: [&str; 6] = ["accept", "accept-encoding", "connection", "content-type", "host", "user-agent"];

/// A row, in the order of the page's sample.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct LogRow {
    unique_id: String,
    end_time: String,
    content_type: i32,
    position: &'static str,
    timeout: String,
    headers: String,
    create_time: String,
    type_str: &'static str,
    start_time: String,
    params: String,
    request_time: String,
    method: String,
    status_code: String,
    url: String,
    delay: i64,
    enterprise_id: String,
    result: &'static str,
    #[serde(rename = "Type")]
    kind: i64,
    result_text: String,
    level: i32,
    retry: u32,
    id: String,
    current_month: String,
}

impl LogRow {
    /// The row of an attempt.
    pub(super) fn of(row: &AttemptRow, settings: &LogSettings) -> Self {
        let kind = row.push.parse().unwrap_or(0);
        let facts = vendors::find(VENDOR).map(|vendor| vendor.pushes()).unwrap_or_default();
        let type_str = facts.iter().find(|fact| fact.name == row.push).map_or("", |fact| fact.title);
        let escaped = |text: String| if settings.double_escape { escape(&text) } else { text };
        Self {
            unique_id: row.conversation.clone(),
            end_time: row.ended_ms.to_string(),
            content_type: if is_json(row) { 2 } else { 1 },
            position: "0",
            // The setting is in whole seconds; a limit that is not counts as the next one.
            timeout: row.timeout_ms.div_euclid(1000).saturating_add(i64::from(row.timeout_ms % 1000 > 0)).to_string(),
            headers: customer_headers(row),
            create_time: row.ended_ms.to_string(),
            type_str,
            start_time: row.started_ms.to_string(),
            params: escaped(parameters(row)),
            request_time: row.requested_ms.to_string(),
            method: row.method.clone(),
            status_code: row.status.map_or(settings.no_answer_status.0.to_owned(), |status| status.to_string()),
            url: without_parameters(row).to_owned(),
            delay: row.delay_ms / 1000,
            enterprise_id: row.account.clone(),
            result: match row.outcome {
                Outcome::Acknowledged => "1",
                Outcome::Refused | Outcome::Failed | Outcome::Abandoned => "0",
            },
            kind,
            result_text: escaped(row.reply.clone()),
            level: 0,
            retry: row.attempt.saturating_sub(1),
            id: row.id.to_string(),
            current_month: written(row.ended_ms, settings.current_month.0),
        }
    }
}

fn is_json(row: &AttemptRow) -> bool {
    header(&row.headers, "content-type").is_some_and(|kind| kind.to_ascii_lowercase().contains("json"))
}

/// The address; parameters that travel in it stand in `Params`.
fn without_parameters(row: &AttemptRow) -> &str {
    match row.url.split_once('?') {
        Some((address, _)) if row.method == "GET" => address,
        _ => &row.url,
    }
}

/// The parameters as JSON text, whichever way they travelled.
fn parameters(row: &AttemptRow) -> String {
    let text: Cow<'_, str> = match row.method.as_str() {
        "GET" => row.url.split_once('?').map_or("", |(_, query)| query).into(),
        _ if is_json(row) => return row.body.clone(),
        _ => row.body.as_str().into(),
    };
    let text = text.split('#').next().unwrap_or_default();
    let pairs = form_urlencoded::parse(text.as_bytes());
    let map: Map<String, Value> = pairs.map(|(name, value)| (name.into_owned(), value.into())).collect();
    Value::Object(map).to_string()
}

fn customer_headers(row: &AttemptRow) -> String {
    let own = row.headers.iter().filter(|(name, _)| !PLATFORM_HEADERS.iter().any(|set| name.eq_ignore_ascii_case(set)));
    let map: Map<String, Value> = own.map(|(name, value)| (name.clone(), value.as_str().into())).collect();
    Value::Object(map).to_string()
}

fn written(at_ms: i64, pattern: &str) -> String {
    let at = Timestamp::from_millisecond(at_ms).unwrap_or_default();
    BEIJING.to_datetime(at).strftime(pattern).to_string()
}

/// The text as it would stand inside a JSON string.
fn escape(text: &str) -> String {
    let quoted = Value::from(text).to_string();
    quoted[1..quoted.len() - 1].to_owned()
}
