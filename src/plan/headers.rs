//! The headers of one attempt, exactly as they cross the wire; host and framing are the transport's.

use super::sign::{Sent, Signed};
use super::{Delivery, Plan, sign};
use crate::http::{Push, header};

/// How Ringback names itself, unless a push or its scenario says otherwise.
pub const USER_AGENT: &str = concat!("ringback/", env!("CARGO_PKG_VERSION"));

/// Framing follows from the body and the connection; a header that contradicts it would be a different request.
const FRAMING: [&str; 4] = ["content-length", "transfer-encoding", "connection", "keep-alive"];

impl Plan {
    /// The headers of an attempt at a push: its own, Ringback's name, and what signs it. What is bent on purpose is signed
    /// as it is sent.
    pub fn headers(&self, delivery: &Delivery, push: &Push, sent: Sent<'_>) -> Vec<(String, String)> {
        self.headers_by(Signed::of(delivery, push, self.start), push, sent)
    }

    /// The same, signed as this push of this call. Of the plan only what holds for all calls of the story counts.
    pub fn headers_by(&self, signed: Signed<'_>, push: &Push, sent: Sent<'_>) -> Vec<(String, String)> {
        let signature = sign::headers(self, signed, sent);
        let mut headers = as_sent(push.headers.written());
        for (name, value) in signature {
            // A header that a push holds ready for its signature keeps its place.
            match headers.iter_mut().find(|(known, _)| known.eq_ignore_ascii_case(&name)) {
                Some((_, ready)) => *ready = value,
                None => headers.push((name, value)),
            }
        }
        headers
    }
}

/// The headers of a push as they are sent where nothing signs them.
pub fn as_sent(mut headers: Vec<(String, String)>) -> Vec<(String, String)> {
    headers.retain(|(name, _)| !FRAMING.iter().any(|framing| name.eq_ignore_ascii_case(framing)));
    if header(&headers, "user-agent").is_none() {
        headers.push(("User-Agent".to_owned(), USER_AGENT.to_owned()));
    }
    headers.iter_mut().for_each(|(name, _)| *name = title_case(name));
    headers
}

/// A name as it is sent: hyper writes `Content-Type`, whatever case it is given.
pub(super) fn title_case(name: &str) -> String {
    let mut start = true;
    name.chars()
        .map(|letter| {
            let sent = if start { letter.to_ascii_uppercase() } else { letter.to_ascii_lowercase() };
            start = letter == '-';
            sent
        })
        .collect()
}
