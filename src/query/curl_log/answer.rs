//! The envelopes: rows in `Data.List`, or a refusal with its code.

use super::super::Answer;
use super::row::LogRow;
use serde::Serialize;

/// The host that a refusal names; it is the vendor's, whatever the address that was asked.
const HOST_ID: &str = "dyvmsapi.aliyuncs.com";

/// Why a request is refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Refusal {
    status: u16,
    code: String,
    message: String,
}

impl Refusal {
    pub(super) fn new(status: u16, code: impl Into<String>, message: impl Into<String>) -> Self {
        Self { status, code: code.into(), message: message.into() }
    }

    /// A parameter that has to be there.
    pub(super) fn missing(name: &str) -> Self {
        Self::new(400, format!("Missing{name}"), format!("{name} is mandatory for this action."))
    }

    /// A parameter whose value is wrong.
    pub(super) fn invalid(name: &str, why: &str) -> Self {
        Self::new(400, "InvalidParameter", format!("The specified parameter {name} is not valid: {why}."))
    }

    /// Something of ours failed.
    pub(super) fn internal(told: &str) -> Self {
        Self::new(500, "InternalError", told)
    }
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Rows<'a> {
    access_denied_detail: &'static str,
    request_id: &'a str,
    message: &'static str,
    data: Data,
    code: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Data {
    list: Vec<LogRow>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Refused<'a> {
    request_id: &'a str,
    host_id: &'static str,
    code: &'a str,
    message: &'a str,
    recommend: String,
}

pub(super) fn rows(list: Vec<LogRow>, request_id: &str) -> Answer {
    let rows = Rows { access_denied_detail: "无", request_id, message: "OK", data: Data { list }, code: "OK" };
    json(200, request_id, &rows)
}

pub(super) fn refusal(refusal: &Refusal, in_body_only: bool, request_id: &str) -> Answer {
    let status = if in_body_only { 200 } else { refusal.status };
    let recommend = format!("http://127.0.0.1:9/troubleshoot?q={}", refusal.code);
    let refused = Refused { request_id, host_id: HOST_ID, code: &refusal.code, message: &refusal.message, recommend };
    json(status, request_id, &refused)
}

fn json(status: u16, request_id: &str, body: &impl Serialize) -> Answer {
    Answer {
        status,
        headers: vec![
            ("Content-Type", "application/json;charset=utf-8".to_owned()),
            ("x-acs-request-id", request_id.to_owned()),
        ],
        // Structs of texts and numbers always become JSON.
        body: serde_json::to_string(body).unwrap_or_default(),
    }
}
