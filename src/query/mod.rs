//! The vendors' own query APIs, answered from the journal: a request as values in, an answer as values out. No socket, no file.

mod curl_log;
mod keys;
mod nonces;
mod options;
mod push_record;
mod quota;

pub use curl_log::{CurlLog, LogSettings};
pub use keys::{AccessKey, Keys};
pub use nonces::{NONCE_LIFE, NONCES_MAX};
pub use options::ApiSettings;
pub use push_record::{PushRecord, RecordSettings};
pub use quota::CALLERS_MAX;

use jiff::Timestamp;

/// What is answered to a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// The status code.
    pub status: u16,
    /// Headers, framing left out.
    pub headers: Vec<(&'static str, String)>,
    /// The body.
    pub body: String,
}

/// What an answer depends on besides the request and the journal.
#[derive(Debug, Clone)]
pub struct Present {
    /// The machine's clock: signatures, nonces and quotas go by it.
    pub wall: Timestamp,
    /// The instant that is taken for now where a query means "this month" or "the last month".
    pub story: Timestamp,
    /// The id of this request.
    pub request_id: String,
}

/// Why the body of a request could not be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unread {
    /// It is longer than what is taken.
    TooLong,
    /// It took too long to come.
    TooSlow,
}

impl Unread {
    /// The status that says it.
    fn status(self) -> u16 {
        match self {
            Unread::TooLong => 413,
            Unread::TooSlow => 408,
        }
    }

    fn words(self) -> &'static str {
        match self {
            Unread::TooLong => "the body of the request is too long",
            Unread::TooSlow => "the body of the request took too long to come",
        }
    }
}
