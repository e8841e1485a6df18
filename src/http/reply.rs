//! What a receiver answered. How its body becomes text is in `decode`.

use bytes::Bytes;

/// How much of an answer's body is read, and how much of it is kept once it is decompressed and text; what follows is left
/// unread and the connection is closed.
pub const BODY_READ_MAX_BYTES: usize = 1024 * 1024;

/// The versions of HTTP that answers come in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Version {
    /// HTTP/1.0: one answer, then the connection is over.
    Http10,
    /// HTTP/1.1, which pushes are sent by unless HTTP/2 is asked for.
    #[default]
    Http11,
    /// HTTP/2.
    Http2,
}

impl Version {
    /// As HTTP writes it.
    pub fn as_str(self) -> &'static str {
        match self {
            Version::Http10 => "HTTP/1.0",
            Version::Http11 => "HTTP/1.1",
            Version::Http2 => "HTTP/2",
        }
    }
}

/// An answer of the receiver, with its body up to [`BODY_READ_MAX_BYTES`].
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Reply {
    /// The status code.
    pub status: u16,
    /// The version in which it came.
    pub version: Version,
    /// Headers as they came, none left out; those of one name stand together, in their order. Bytes beyond ASCII are
    /// replaced.
    pub headers: Vec<(String, String)>,
    /// The body, as far as it was read. From [`Reply::decoded`] on it is text in UTF-8, whatever crossed the wire.
    pub body: Bytes,
    /// Whether the body was longer than what is kept of it.
    pub truncated: bool,
    /// What is odd about how the body was sent, in a few words: an encoding nobody asked for, a charset that it is not in.
    pub remark: Option<String>,
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
