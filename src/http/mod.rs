//! Our values for what crosses the wire: pushes out, replies back, requests captured. No type of an HTTP crate, and nothing that sends.

mod address;
mod captured;
mod content;
mod push;
mod reply;
mod target_query;

pub use address::address;
pub use captured::Captured;
pub use push::{Filed, Method, Push};
pub use reply::{BODY_READ_MAX_BYTES, Reply};
pub use target_query::TargetQuery;

/// The value of the first header with this name, in any letter case.
pub fn header<'a>(headers: &'a [(String, String)], name: &str) -> Option<&'a str> {
    headers.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
}
