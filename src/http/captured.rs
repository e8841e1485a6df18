//! A request as a receiver saw it.

use bytes::Bytes;

/// A request as a receiver saw it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Captured {
    /// The method, as it came.
    pub method: String,
    /// The path, without the query.
    pub path: String,
    /// The query, without the question mark; empty where there is none.
    pub query: String,
    /// Headers in the order in which they came.
    pub headers: Vec<(String, String)>,
    /// The body, as far as it was read.
    pub body: Bytes,
}

impl Captured {
    /// The value of a header, in any letter case.
    pub fn header(&self, name: &str) -> Option<&str> {
        super::header(&self.headers, name)
    }
}
