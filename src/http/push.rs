//! One push as the vendor writes it, before it has an address.

use bytes::Bytes;
use std::fmt;
use std::time::Duration;

/// The methods that vendors push with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// Everything in the query, no body.
    Get,
    /// A body.
    Post,
}

impl Method {
    /// The word in the request line.
    pub fn as_str(self) -> &'static str {
        match self {
            Method::Get => "GET",
            Method::Post => "POST",
        }
    }
}

impl fmt::Display for Method {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// One push as its vendor writes it. It knows neither its target nor the present time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Push {
    /// The vendor's own name of the push, without the vendor: `agent_answer`, `dialoutRing`.
    pub name: &'static str,
    /// How long after its happening the vendor sends it.
    pub after: Duration,
    /// The method of the request.
    pub method: Method,
    /// What the vendor appends to the path of the configured address; mostly nothing.
    pub path: String,
    /// Headers in the order in which they are sent, without framing and host.
    pub headers: Vec<(String, String)>,
    /// The exact bytes of the body.
    pub body: Bytes,
    /// The vendor's own id of the event, by which a receiver tells a repeat; not every vendor has one.
    pub event_id: Option<String>,
    /// Under what the vendor's own delivery log keeps it.
    pub filed: Filed,
}

/// Under what a vendor's own delivery log keeps a push. Empty for a vendor that has no such log.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Filed {
    /// The customer's account at the vendor.
    pub account: String,
    /// The vendor's id of the conversation that the push is about; empty where it is about none.
    pub conversation: String,
    /// How long the customer has the push held back. It is part of [`Push::after`].
    pub delay: Duration,
}
