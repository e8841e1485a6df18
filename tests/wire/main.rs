//! Every fault of the connection layer, proven on the wire: by a raw listener that records bytes, times and the end.
#![allow(clippy::unwrap_used)]

mod ends;
mod flow;
mod framing;
mod python;
mod recorder;
#[path = "../support/mod.rs"]
mod support;
mod tls;
