//! What a receiver answered.

use bytes::Bytes;

/// How much of an answer's body is read; what follows is left unread and the connection is closed.
pub const BODY_READ_MAX_BYTES: usize = 1024 * 1024;

/// An answer of the receiver, with its body up to [`BODY_READ_MAX_BYTES`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    /// The status code.
    pub status: u16,
    /// Headers in the order in which they came; bytes beyond ASCII are replaced.
    pub headers: Vec<(String, String)>,
    /// The body, as far as it was read.
    pub body: Bytes,
    /// Whether the body was longer than what is read of it.
    pub truncated: bool,
}

impl Reply {
    /// The value of a header, in any letter case.
    pub fn header(&self, name: &str) -> Option<&str> {
        super::header(&self.headers, name)
    }

    /// Whether the status says success (200 to 299).
    pub fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }
}
