//! The headers of one attempt, exactly as they cross the wire; host and framing are the transport's.

use super::{Delivery, Plan, sign};
use crate::http::{Push, header};
use jiff::Timestamp;

/// How Ringback names itself, unless a push or its scenario says otherwise.
pub const USER_AGENT: &str = concat!("ringback/", env!("CARGO_PKG_VERSION"));

/// Framing follows from the body and the connection; a header that contradicts it would be a different request.
const FRAMING: [&str; 4] = ["content-length", "transfer-encoding", "connection", "keep-alive"];

impl Plan {
    /// The headers of an attempt that leaves with this request and body: the push's own, Ringback's name, and the signature,
    /// which carries the instant `at`. What is bent on purpose is signed as it is sent.
    pub fn headers(&self, delivery: &Delivery, push: &Push, body: &[u8], at: Timestamp) -> Vec<(String, String)> {
        let signature = sign::headers(self, delivery, push, body, at);
        let mut headers: Vec<(String, String)> = push
            .headers
            .iter()
            .filter(|(name, _)| !FRAMING.iter().any(|framing| name.eq_ignore_ascii_case(framing)))
            .filter(|(name, _)| header(&signature, name).is_none())
            .cloned()
            .collect();
        if header(&headers, "user-agent").is_none() {
            headers.push(("User-Agent".to_owned(), USER_AGENT.to_owned()));
        }
        headers.extend(signature);
        for (name, _) in &mut headers {
            *name = title_case(name);
        }
        headers
    }
}

/// A name as it is sent: hyper writes `Content-Type`, whatever case it is given.
fn title_case(name: &str) -> String {
    let mut start = true;
    name.chars()
        .map(|letter| {
            let sent = if start { letter.to_ascii_uppercase() } else { letter.to_ascii_lowercase() };
            start = letter == '-';
            sent
        })
        .collect()
}
