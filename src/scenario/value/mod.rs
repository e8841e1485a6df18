//! Single values as people write them: lengths of time, phone numbers, addresses, headers. Each from its text alone, so that
//! the command line reads them in the same way.

mod address;
mod duration;
mod header;
mod json;
mod number;
pub mod pattern;

pub use address::address;
pub use duration::{duration, span};
pub use header::{header_name, header_value};
pub use number::{area_code, integer, keys, percent, phone};

pub(super) use json::json;

use std::fmt;

/// Why a value cannot be, and what could be written instead.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wrong {
    /// What is wrong, as a sentence without its full stop.
    pub reason: String,
    /// What to do.
    pub help: String,
}

impl Wrong {
    pub(in crate::scenario) fn new(reason: impl Into<String>, help: impl Into<String>) -> Self {
        Self { reason: reason.into(), help: help.into() }
    }
}

impl fmt::Display for Wrong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", self.reason, self.help)
    }
}

impl std::error::Error for Wrong {}
