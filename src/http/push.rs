//! One push as the vendor means it, before it has an address. How it meets a target's query stands in `target_query`.

use super::Headers;
use super::target_query::{self, TargetQuery};
use crate::body::Body;
use crate::call::Moment;
use bytes::Bytes;
use std::borrow::Cow;
use std::fmt;
use std::time::Duration;
use url::Url;

/// The methods that pushes are sent with: the vendors' two, and those that only a fault sends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// Everything in the query, no body.
    Get,
    /// A body.
    Post,
    /// A body; no vendor pushes with it.
    Put,
    /// A body; no vendor pushes with it.
    Patch,
    /// A body; no vendor pushes with it.
    Delete,
}

impl Method {
    /// Every method.
    pub const ALL: [Method; 5] = [Method::Get, Method::Post, Method::Put, Method::Patch, Method::Delete];

    /// Whether it has a body, be it an empty one.
    pub fn has_body(self) -> bool {
        match self {
            Method::Get => false,
            Method::Post | Method::Put | Method::Patch | Method::Delete => true,
        }
    }

    /// The word in the request line.
    pub fn as_str(self) -> &'static str {
        match self {
            Method::Get => "GET",
            Method::Post => "POST",
            Method::Put => "PUT",
            Method::Patch => "PATCH",
            Method::Delete => "DELETE",
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
    /// The moment from which that is counted, where it is not that of its happening.
    pub from: Option<Moment>,
    /// The method of the request.
    pub method: Method,
    /// What the vendor appends to the path of the configured address; mostly nothing.
    pub path: String,
    /// Its headers, without framing and host.
    pub headers: Headers,
    /// What it says, in its body or in its query.
    pub body: Body,
    /// The vendor's own id of the event, by which a receiver tells a repeat; not every vendor has one.
    pub event_id: Option<String>,
    /// Under what the vendor's own delivery log keeps it.
    pub filed: Filed,
    /// What becomes of a query in the address that the push goes to.
    pub target_query: TargetQuery,
    /// An address of its own, in place of the configured targets.
    pub to: Option<Url>,
    /// How long this push waits for an answer, in place of what the vendor allows in general.
    pub timeout: Option<Duration>,
    /// How long to wait before each further attempt of this push, in place of the waits of the vendor's policy.
    pub waits: Option<Vec<Duration>>,
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

impl Push {
    /// A push without headers and body, that is sent at once and has nothing of its own: the base for `..` in a literal.
    pub fn new(name: &'static str, method: Method) -> Self {
        Self {
            name,
            from: None,
            after: Duration::ZERO,
            method,
            path: String::new(),
            headers: Headers::default(),
            body: Body::default(),
            event_id: None,
            filed: Filed::default(),
            target_query: TargetQuery::Kept,
            to: None,
            timeout: None,
            waits: None,
        }
    }

    /// The full address of the push at a target, or at the address of its own: the path with the vendor's own behind it,
    /// then the query of the address and the vendor's own, as [`TargetQuery`] says.
    pub fn address(&self, target: &Url) -> Url {
        let own = self.fields_at(target);
        let target = self.to.as_ref().unwrap_or(target);
        let mut address = super::address(target, &self.path);
        let given = address.query().filter(|_| self.target_query == TargetQuery::Kept).unwrap_or_default();
        let own = own.query();
        let query = [given, &*own].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("&");
        address.set_query(Some(query.as_str()).filter(|query| !query.is_empty()));
        address
    }

    /// The body at a target, or at the address of its own: the vendor's, with what [`TargetQuery`] moves into it.
    pub fn body_at(&self, target: &Url) -> Bytes {
        self.fields_at(target).bytes()
    }

    /// What it says at a target, or at the address of its own, before it is written.
    pub fn fields_at(&self, target: &Url) -> Cow<'_, Body> {
        let given = self.to.as_ref().unwrap_or(target).query().unwrap_or_default();
        if self.target_query == TargetQuery::Kept || given.is_empty() {
            return Cow::Borrowed(&self.body);
        }
        let content_type = self.headers.get("Content-Type").unwrap_or_default();
        Cow::Owned(target_query::merged(&self.body, self.method.has_body(), &content_type, given))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(push: &Push, target: &str) -> (String, String) {
        let target = target.parse().expect("an address");
        let body = push.body_at(&target);
        (push.address(&target).to_string(), String::from_utf8_lossy(&body).into_owned())
    }

    fn of(method: Method, content_type: &str, query: &str, body: &'static str) -> Push {
        Push {
            headers: vec![("Content-Type", content_type.to_owned())].into(),
            body: Body::Written { query: query.into(), body: body.into() },
            target_query: TargetQuery::Merged,
            ..Push::new("push", method)
        }
    }

    const TARGET: &str = "http://127.0.0.1:9/hook?src=cc&bare";

    #[test]
    fn a_query_of_the_target_stays_where_nothing_is_merged() {
        let push = Push { target_query: TargetQuery::Kept, ..of(Method::Get, "", "a=1", "") };
        assert_eq!(at(&push, TARGET).0, "http://127.0.0.1:9/hook?src=cc&bare&a=1");
        assert_eq!(at(&push, "http://127.0.0.1:9/hook").0, "http://127.0.0.1:9/hook?a=1");
        let push = Push { path: "/v1".into(), ..Push::new("push", Method::Post) };
        assert_eq!(at(&push, TARGET).0, "http://127.0.0.1:9/hook/v1?src=cc&bare");
    }

    #[test]
    fn a_merged_query_travels_with_the_parameters() {
        let get = of(Method::Get, "", "a=1&src=own", "");
        assert_eq!(at(&get, TARGET).0, "http://127.0.0.1:9/hook?a=1&src=cc&bare=");
        let form = of(Method::Post, "application/x-www-form-urlencoded; charset=UTF-8", "", "a=%E7%A9%BA+1");
        let told = at(&form, TARGET);
        assert_eq!((&*told.0, &*told.1), ("http://127.0.0.1:9/hook", "a=%E7%A9%BA+1&src=cc&bare="));
        let json = of(Method::Post, "application/json", "", r#"{"a":"1"}"#);
        assert_eq!(at(&json, TARGET).1, r#"{"a":"1","src":"cc","bare":""}"#);
        let list = of(Method::Post, "application/json", "", "[1]");
        assert_eq!(at(&list, TARGET).1, "[1]");
    }

    #[test]
    fn an_address_of_its_own_wins_over_the_target() {
        let push = Push { to: "http://127.0.0.1:9/own".parse().ok(), ..Push::new("push", Method::Post) };
        assert_eq!(at(&push, TARGET).0, "http://127.0.0.1:9/own");
    }
}
