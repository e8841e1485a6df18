//! The control API on real sockets, every JSON answer held against its own document.
#![allow(clippy::unwrap_used)]

mod api;
mod calls;
mod document_holds;
mod mistakes;

#[path = "../support/board.rs"]
mod board;
#[path = "../support/document.rs"]
mod document;
#[path = "../support/served.rs"]
mod served;

use serde_json::{Value, json};

fn udesk() -> Value {
    json!({ "scenario": "outbound-answered", "vendor": "udesk", "seed": 7 })
}

/// A request with more in it.
fn with(mut request: Value, more: Value) -> Value {
    request.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    request
}
