//! The request of one attempt, exactly as it crosses the wire; nothing here sends it.

use super::attempt::{Attempt, Failure};
use super::wire;
use crate::clock::BEIJING;
use crate::event::{FailureClass, Phase, RunEvent};
use crate::faults::{Bent, Fate};
use crate::http::{Compression, Filed, Method, Push, address, header, masked, shown};
use crate::plan::{Plan, Sent, Signed, USER_AGENT};
use bytes::Bytes;
use http_body_util::Full;
use hyper::header::{CONTENT_LENGTH, HOST, HeaderName, HeaderValue, PROXY_AUTHORIZATION};
use jiff::Timestamp;
use std::time::Duration;
use url::Url;

/// A request, ready to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outgoing {
    /// The method.
    pub method: Method,
    /// The full address.
    pub url: Url,
    /// The headers, as they are sent, without framing and host.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Bytes,
    /// How long the attempt may take in real time.
    pub timeout: Duration,
}

/// How the names of headers are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Letters {
    /// `Content-Type`
    Title,
    /// `content-type`
    Small,
}

/// How a request is written on a connection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Form {
    /// HTTP/1.1 to the receiver itself, or through a tunnel.
    Direct,
    /// HTTP/1.1 to a proxy, with what lets in there.
    Proxied(Option<String>),
    /// HTTP/2.
    Http2,
}

impl Outgoing {
    /// How the names of its headers are written: all small, or as hyper writes them.
    pub(super) fn letters(&self) -> Letters {
        let is_small = |name: &str| !name.bytes().any(|byte| byte.is_ascii_uppercase());
        match !self.headers.is_empty() && self.headers.iter().all(|(name, _)| is_small(name)) {
            true => Letters::Small,
            false => Letters::Title,
        }
    }

    /// Whether it asks for a compressed answer.
    pub fn compression(&self) -> Compression {
        match header(&self.headers, "accept-encoding") {
            Some(_) => Compression::Asked,
            None => Compression::Unasked,
        }
    }

    /// The request of an attempt that is written at the real time `written`: the push, signed, with Ringback's name unless it
    /// has another.
    pub fn of(plan: &Plan, attempt: &Attempt, written: Timestamp) -> Self {
        // The scenario's time is that of the plan, so that the same seed signs the same at every pace.
        let at = plan.signing_time(plan.instant(attempt.nominal), written);
        let signed = Signed::of(&attempt.delivery, &attempt.fate.push, plan.start);
        Self::of_fate(plan, (&attempt.fate, Some(&attempt.delivery.request)), &attempt.target, signed, at)
    }

    /// The request of an attempt of this fate in any call of a story, signed as what and with which time. It was
    /// meant to be another push, where the vendor signs that.
    pub fn of_fate(
        plan: &Plan,
        (fate, meant): (&Fate, Option<&Push>),
        target: &Url,
        signed: Signed<'_>,
        at: Timestamp,
    ) -> Self {
        let push = &fate.push;
        let (url, body) = (push.address(target), push.body_at(target));
        let meant = meant.filter(|_| plan.vendor.signs_before_faults(&plan.options));
        let meant = meant.map(|meant| (meant.address(target), meant.body_at(target)));
        let meant = meant.as_ref().map(|(url, body)| (url, &**body));
        let mut headers = plan.headers_by(signed, push, Sent { url: &url, body: &body, at, meant });
        fate.dress(&mut headers);
        Self { method: push.method, url, headers, body, timeout: push.timeout.unwrap_or(plan.timeout) }
    }

    /// The same attempt as every run of its seed would write it: signed at the scenario's time, whatever the clock says.
    pub(super) fn of_every_run(plan: &Plan, attempt: &Attempt) -> Self {
        Self::of(plan, attempt, plan.instant(attempt.nominal))
    }

    /// A bare GET.
    pub fn get(url: &Url, timeout: Duration) -> Self {
        let headers = vec![("User-Agent".to_owned(), USER_AGENT.to_owned())];
        Self { method: Method::Get, url: address(url, ""), headers, body: Bytes::new(), timeout }
    }

    /// The event of its leaving at the real instant `began`.
    pub fn event(&self, attempt: &Attempt, began: Timestamp) -> RunEvent {
        let Filed { account, conversation, delay } = attempt.delivery.request.filed.clone();
        RunEvent::Attempted {
            delivery: attempt.delivery_id.clone(),
            attempt: attempt.number,
            attempts_max: attempt.attempts_max,
            offset: attempt.offset,
            at: attempt.at.display_with_offset(BEIJING).to_string(),
            due: attempt.delivery.offset,
            began_ms: began.as_millisecond(),
            timeout: self.timeout,
            account,
            conversation,
            delay,
            method: self.method.as_str(),
            url: shown(&self.url),
            headers: masked(&self.headers),
            body: String::from_utf8_lossy(&self.body).into_owned(),
            faults: self.bent(&attempt.fate),
            spoilt: attempt.fate.is_spoilt(),
        }
    }

    /// What has bent an attempt; of a bent connection with what will be seen on the wire.
    fn bent(&self, fate: &Fate) -> Vec<Bent> {
        let mut bent = fate.bent.clone();
        if !fate.connection.is_clean()
            && let Ok(plan) = self.wire_plan(&fate.connection)
        {
            let by: Vec<&str> = fate.connection.bent_by().collect();
            for bent in bent.iter_mut().filter(|bent| by.contains(&bent.fault)) {
                bent.evidence = wire::intent(&plan);
            }
        }
        bent
    }

    /// The request in hyper's terms.
    pub(super) fn to_hyper(&self, form: &Form) -> Result<hyper::Request<Full<Bytes>>, Failure> {
        let unsendable = |what: String| Failure::new(FailureClass::Unsendable, Phase::Write, what);
        let mut target = self.url.path().to_owned();
        if let Some(query) = self.url.query() {
            target.push('?');
            target.push_str(query);
        }
        match form {
            Form::Direct => {}
            // HTTP/2 has the host that is asked for in the address (RFC 9113, 8.3.1).
            Form::Http2 => {
                let host = header(&self.headers, HOST.as_str()).map(str::to_owned).or_else(|| self.host_header());
                target = format!("{}://{}{target}", self.url.scheme(), host.unwrap_or_default());
            }
            Form::Proxied(_) => {
                target = format!("{}://{}{target}", self.url.scheme(), self.host_header().unwrap_or_default());
            }
        }
        let method = match self.method {
            Method::Get => hyper::Method::GET,
            Method::Post => hyper::Method::POST,
            Method::Put => hyper::Method::PUT,
            Method::Patch => hyper::Method::PATCH,
            Method::Delete => hyper::Method::DELETE,
        };
        let mut request = hyper::Request::builder()
            .method(method)
            .uri(target)
            .body(Full::new(self.body.clone()))
            .map_err(|error| unsendable(format!("the address {} cannot be written: {error}", self.url)))?;
        let headers = request.headers_mut();
        if let Some(host) = self.host_header().filter(|_| *form != Form::Http2) {
            let host = HeaderValue::try_from(host).map_err(|error| unsendable(format!("the host: {error}")))?;
            headers.insert(HOST, host);
        }
        for (name, value) in &self.headers {
            let key = HeaderName::try_from(name.as_str())
                .map_err(|_| unsendable(format!("`{name}` cannot be the name of a header")))?;
            let value = HeaderValue::from_bytes(value.as_bytes()).map_err(|_| {
                unsendable(format!("the value of the header `{name}` holds a line break or control byte"))
            })?;
            match key == HOST {
                true if *form == Form::Http2 => {}
                true => drop(headers.insert(key, value)),
                false => drop(headers.append(key, value)),
            }
        }
        if let Form::Proxied(Some(authorization)) = form {
            let value = HeaderValue::try_from(authorization)
                .map_err(|_| unsendable("the name and password of the proxy cannot be sent".into()))?;
            headers.insert(PROXY_AUTHORIZATION, value);
        }
        if self.method.has_body() || !self.body.is_empty() {
            headers.insert(CONTENT_LENGTH, HeaderValue::from(self.body.len()));
        }
        Ok(request)
    }

    /// Host, and port where it is not the scheme's own.
    pub(super) fn host_header(&self) -> Option<String> {
        let host = self.url.host_str()?;
        Some(match self.url.port() {
            Some(port) => format!("{host}:{port}"),
            None => host.to_owned(),
        })
    }
}
