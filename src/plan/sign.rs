//! Signs one attempt: plan, push, instant and body become headers. Pure.

use super::headers::title_case;
use super::{Delivery, Plan};
use crate::http::{Method, Push};
use crate::random::Keyed;
use crate::scenario::{Sign, SignClock, SignEncoding, SignFormat, SignScheme};
use crate::vendors::Unsigned;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use data_encoding::HEXLOWER;
use jiff::Timestamp;
use ring::hmac;
use url::Url;

/// How many hexadecimal digits of chance a `webhook-id` has.
const ID_DIGITS: usize = 24;

impl Plan {
    /// Whether signatures carry the time at which they are written, so that they differ between two runs of one seed.
    pub fn signs_in_real_time(&self) -> bool {
        self.sign.as_ref().is_some_and(|sign| sign.clock == SignClock::Real)
    }

    /// The time that the signature carries of an attempt that is written at the real time `written`, when it is
    /// `scenario` in its story.
    pub fn signing_time(&self, scenario: Timestamp, written: Timestamp) -> Timestamp {
        if self.signs_in_real_time() { written } else { scenario }
    }
}

/// A request that is about to be written, and when.
#[derive(Debug, Clone, Copy)]
pub struct Sent<'a> {
    /// Where it goes.
    pub url: &'a Url,
    /// Its body.
    pub body: &'a [u8],
    /// The instant that its signature carries.
    pub at: Timestamp,
    /// Where it was meant to go and what was meant to be in it, where the vendor signs that.
    pub meant: Option<(&'a Url, &'a [u8])>,
}

/// Which push is signed.
#[derive(Debug, Clone, Copy)]
pub struct Signed<'a> {
    /// How it is sent.
    pub method: Method,
    /// The number of its call in the run.
    pub call: u64,
    /// When its call started.
    pub start: Timestamp,
    /// The number of the push that it is, or is a copy of, in the plan without faults.
    pub original: u32,
    /// The vendor's own id of the event.
    pub event_id: &'a str,
}

impl<'a> Signed<'a> {
    /// A push of a delivery whose call started at `start`.
    pub fn of(delivery: &Delivery, push: &'a Push, start: Timestamp) -> Self {
        Self {
            method: push.method,
            call: delivery.call_number,
            start,
            original: delivery.original(),
            event_id: push.event_id.as_deref().unwrap_or_default(),
        }
    }

    /// The `webhook-id` of a push: the same for its retries, its copies and all of its targets, another for every other
    /// push. A copy that a fault gave an event id of its own is a push of its own.
    fn webhook_id(&self, plan: &Plan) -> String {
        let purpose = format!("webhook-id {} {} {}", plan.vendor.id(), self.start.as_second(), self.event_id);
        let keyed = Keyed::new(plan.seed, &plan.scenario, self.call);
        format!("msg_{}", keyed.nth(&purpose, u64::from(self.original)).hex(ID_DIGITS))
    }
}

/// The headers that sign a request: what the vendor signs, and what the scenario has signed; none where neither does. Of
/// the plan only what holds for all calls of the story counts.
pub fn headers(plan: &Plan, signed: Signed<'_>, sent: Sent<'_>) -> Vec<(String, String)> {
    let Sent { url, body, at, meant } = sent;
    let centre = plan.cast.keyed.centre();
    let (vendors_url, vendors_body) = meant.unwrap_or((url, body));
    let unsigned = Unsigned { method: signed.method, url: vendors_url, body: vendors_body, at, centre };
    let mut headers = plan.vendor.sign(&unsigned, &plan.options);
    if let Some(sign) = &plan.sign {
        let second = at.as_second().to_string();
        match &sign.scheme {
            SignScheme::StandardWebhooks => {
                headers.extend(standard_webhooks(sign, signed.webhook_id(plan), second, body));
            }
            SignScheme::HmacSha256 { header, encoding, format } => {
                headers.push((header.clone(), hmac_sha256(sign, *encoding, format, &second, body)));
            }
        }
    }
    headers.iter_mut().for_each(|(name, _)| *name = title_case(name));
    headers
}

/// Standard Webhooks 1.0.0, "Signature scheme": `v1,` and base64 of HMAC-SHA256 over `id.timestamp.body`, one for each
/// secret, with spaces between them.
fn standard_webhooks(sign: &Sign, id: String, second: String, body: &[u8]) -> Vec<(String, String)> {
    let signed = [id.as_bytes(), b".", second.as_bytes(), b".", body];
    let signatures = digests(sign, &signed).map(|digest| format!("v1,{}", STANDARD.encode(digest)));
    let signatures = signatures.collect::<Vec<_>>().join(" ");
    vec![
        ("webhook-id".to_owned(), id),
        ("webhook-timestamp".to_owned(), second),
        ("webhook-signature".to_owned(), signatures),
    ]
}

/// The value of the header that signs a body by HMAC-SHA256.
fn hmac_sha256(sign: &Sign, encoding: SignEncoding, format: &SignFormat, second: &str, body: &[u8]) -> String {
    let written = |digest: hmac::Tag| match encoding {
        SignEncoding::Hex => HEXLOWER.encode(digest.as_ref()),
        SignEncoding::Base64 => STANDARD.encode(digest),
    };
    match format {
        SignFormat::Body(prefix) => {
            digests(sign, &[body]).take(1).map(|digest| prefix.clone() + &written(digest)).collect()
        }
        SignFormat::Timestamped => {
            let signed = [second.as_bytes(), b".", body];
            let signatures: String = digests(sign, &signed).map(|digest| format!(",v1={}", written(digest))).collect();
            format!("t={second}{signatures}")
        }
    }
}

/// The digest of the parts, one after another, by each of the secrets.
fn digests<'a>(sign: &'a Sign, parts: &'a [&[u8]]) -> impl Iterator<Item = hmac::Tag> + 'a {
    sign.secrets.iter().map(|secret| {
        let key = hmac::Key::new(hmac::HMAC_SHA256, &sign.scheme.key(secret));
        let mut context = hmac::Context::with_key(&key);
        parts.iter().for_each(|part| context.update(part));
        context.sign()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: &str = "1614265330";
    const BODY: &[u8] = br#"{"test": 2432232314}"#;

    /// The vector that the libraries of Standard Webhooks test themselves with.
    #[test]
    fn the_published_vector_of_standard_webhooks_holds() {
        let mut sign = Sign::standard_webhooks("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
        let signed =
            |sign: &Sign| standard_webhooks(sign, "msg_p5jXN8AQM9LWM0D4loKWxJek".to_owned(), SECOND.to_owned(), BODY);
        let expected = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";
        assert_eq!(
            signed(&sign)[1..],
            [
                ("webhook-timestamp".to_owned(), SECOND.to_owned()),
                ("webhook-signature".to_owned(), expected.to_owned()),
            ]
        );
        sign.secrets.insert(0, "whsec_aGVsbG8=".to_owned());
        let both = signed(&sign)[2].1.clone();
        assert!(both.ends_with(&format!(" {expected}")) && both.matches("v1,").count() == 2, "{both}");
    }

    /// RFC 4231, test case 2.
    #[test]
    fn the_published_vector_of_hmac_sha256_holds() {
        let sign = Sign::hmac_sha256("X-Signature", "Jefe");
        let written = |encoding, format| {
            hmac_sha256(&sign, encoding, &format, "what do ya want for nothing?", b"what do ya want for nothing?")
        };
        let body = |prefix: &str| SignFormat::Body(prefix.to_owned());
        assert_eq!(
            written(SignEncoding::Hex, body("sha256=")),
            "sha256=5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
        );
        assert_eq!(written(SignEncoding::Base64, body("")), "W9zBRr9gdU5qBCQmCJV1x1oAPwidJzmDnexYuWTsOEM=");
    }

    /// printf '1614265330.{"test": 2432232314}' | openssl dgst -sha256 -hmac key
    #[test]
    fn time_and_body_are_signed_in_one_header() {
        let mut sign = Sign::hmac_sha256("X-Signature", "key");
        let written = |sign: &Sign, encoding| hmac_sha256(sign, encoding, &SignFormat::Timestamped, SECOND, BODY);
        let one = written(&sign, SignEncoding::Hex);
        assert_eq!(one, "t=1614265330,v1=e072942fa4edb85c6ffa1c52b27567eb3d1cdc7d03704cdd5ad5487eefb4b2f3");
        sign.secrets.push("old".to_owned());
        let both = written(&sign, SignEncoding::Hex);
        assert!(both.starts_with(&format!("{one},v1=")) && both.len() == one.len() + 68, "{both}");
    }

    #[test]
    fn a_secret_is_base64_as_the_libraries_read_it_and_itself_otherwise() {
        let standard = |secret: &str| SignScheme::StandardWebhooks.key(secret);
        assert_eq!(standard("whsec_aGVsbG8="), b"hello");
        assert_eq!(standard("whsec_aGVsbG8"), b"hello");
        assert_eq!(standard("hello"), b"hello");
        assert_eq!(standard("secret12"), b"secret12", "no key of the scheme is so short");
        let key = standard("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
        assert_eq!(standard("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"), key);
        let plain = Sign::hmac_sha256("X-Signature", "").scheme.key("whsec_aGVsbG8=");
        assert_eq!(plain, b"whsec_aGVsbG8=");
    }
}
