//! The envelopes: a page of records, or a code with its text.

use super::code::Code;
use super::record::{self, Profile};
use crate::journal::Entries;
use crate::query::Answer;
use serde::Serialize;
use serde_json::Value;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Page {
    ret_code: u32,
    err_msg: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    count: Option<u64>,
    push_record_data: Vec<Value>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Refused {
    ret_code: u32,
    err_msg: &'static str,
}

/// A page; `counts` says whether it tells how many records there are in all.
pub(super) fn page(entries: &Entries, counts: bool, profile: Profile) -> Answer {
    let page = Page {
        ret_code: 0,
        err_msg: "NO_ERROR",
        count: counts.then_some(entries.total),
        push_record_data: entries.rows.iter().map(|row| record::shown(&row.record, profile)).collect(),
    };
    json(200, &page)
}

pub(super) fn refusal(code: Code, status: u16) -> Answer {
    json(status, &Refused { ret_code: code.number(), err_msg: code.text() })
}

fn json(status: u16, body: &impl Serialize) -> Answer {
    Answer {
        status,
        headers: vec![("Content-Type", "application/json; charset=utf-8".to_owned())],
        // Structs of texts and numbers always become JSON.
        body: serde_json::to_string(body).unwrap_or_default(),
    }
}
