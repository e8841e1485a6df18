//! The control API on real sockets, every JSON answer held against its own document.

mod api;
mod calls;
mod document_holds;
mod mistakes;

use crate::support::{board, document};
use serde_json::{Value, json};

fn udesk() -> Value {
    json!({ "scenario": "outbound-answered", "vendor": "udesk", "seed": 7 })
}

/// A request with more in it.
fn with(mut request: Value, more: Value) -> Value {
    request.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    request
}
