//! Our values for what crosses the wire: pushes out, replies back, requests captured. No type of an HTTP crate, and nothing that sends.

mod address;
mod captured;
mod content;
mod decode;
mod glob;
mod headers;
mod mask;
mod push;
mod readable;
mod reply;
mod secrets;
mod target_query;
mod wire;

pub use address::address;
pub use captured::Captured;
pub use decode::{Compression, ENCODINGS_MAX};
pub use glob::{Glob, OR};
pub use headers::Headers;
pub use mask::{VEIL, is_secret_name, masked, shown, without_credentials};
pub use push::{Filed, Method, Push};
pub use readable::{indented_json, parameters, readable};
pub use reply::{BODY_READ_MAX_BYTES, Reply, Version};
pub use secrets::{SECRET_MIN_CHARS, Secrets, percent_decoded};
pub use target_query::TargetQuery;
pub use wire::{Framing, Message, WireOp, WirePlan};

/// The value of the first header with this name, in any letter case.
pub fn header<'a>(headers: &'a [(String, String)], name: &str) -> Option<&'a str> {
    headers.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
}
