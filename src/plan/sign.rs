//! Signs one attempt: plan, event, instant and body become headers. Pure.

use super::{Delivery, Plan};
use crate::http::Push;
use crate::scenario::Sign;
use base64::Engine;
use base64::engine::DecodePaddingMode;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig, STANDARD};
use jiff::Timestamp;
use ring::hmac;

/// What marks a secret of Standard Webhooks, before its base64.
const SECRET_PREFIX: &str = "whsec_";
/// Base64 as people paste it: with or without its padding.
const LENIENT: GeneralPurpose = GeneralPurpose::new(
    &base64::alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// The headers that sign an attempt made with this body at the instant `at`; none where the plan does not sign.
pub fn headers(plan: &Plan, delivery: &Delivery, push: &Push, body: &[u8], at: Timestamp) -> Vec<(String, String)> {
    match &plan.sign {
        None => Vec::new(),
        Some(Sign::StandardWebhooks { secret }) => {
            let id = match &push.event_id {
                Some(id) => id.clone(),
                // A copy keeps the id of its original, as a vendor's would: receivers tell repeats by it.
                None => format!("msg_{}_{}", delivery.call, delivery.original()),
            };
            standard_webhooks(&key(secret), &id, at.as_second(), body)
        }
        Some(Sign::HmacSha256 { header, secret }) => {
            let digest = digest(secret.as_bytes(), &[body]);
            vec![(header.clone(), digest.as_ref().iter().map(|byte| format!("{byte:02x}")).collect())]
        }
    }
}

/// Standard Webhooks 1.0.0, "Signature scheme": `v1,` and base64 of HMAC-SHA256 over `id.timestamp.body`.
fn standard_webhooks(key: &[u8], id: &str, second: i64, body: &[u8]) -> Vec<(String, String)> {
    let second = second.to_string();
    let digest = digest(key, &[id.as_bytes(), b".", second.as_bytes(), b".", body]);
    vec![
        ("webhook-id".to_owned(), id.to_owned()),
        ("webhook-timestamp".to_owned(), second),
        ("webhook-signature".to_owned(), format!("v1,{}", STANDARD.encode(digest))),
    ]
}

/// The key in a secret: base64 behind `whsec_`; without it, or where it is not base64, the secret's own bytes.
fn key(secret: &str) -> Vec<u8> {
    let encoded = secret.strip_prefix(SECRET_PREFIX);
    encoded.and_then(|encoded| LENIENT.decode(encoded).ok()).unwrap_or_else(|| secret.as_bytes().to_vec())
}

fn digest(key: &[u8], parts: &[&[u8]]) -> hmac::Tag {
    let mut context = hmac::Context::with_key(&hmac::Key::new(hmac::HMAC_SHA256, key));
    for part in parts {
        context.update(part);
    }
    context.sign()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The vector that the libraries of Standard Webhooks test themselves with.
    #[test]
    fn the_published_vector_of_standard_webhooks_holds() {
        let key = key("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
        let headers =
            standard_webhooks(&key, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, br#"{"test": 2432232314}"#);
        assert_eq!(headers[2].1, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
        assert_eq!(headers[1].1, "1614265330");
    }

    /// RFC 4231, test case 2.
    #[test]
    fn the_published_vector_of_hmac_sha256_holds() {
        let digest = digest(b"Jefe", &[b"what do ya want ", b"for nothing?"]);
        assert_eq!(STANDARD.encode(digest), "W9zBRr9gdU5qBCQmCJV1x1oAPwidJzmDnexYuWTsOEM=");
    }

    #[test]
    fn a_secret_is_base64_behind_its_prefix_and_itself_otherwise() {
        assert_eq!(key("whsec_aGVsbG8="), b"hello");
        assert_eq!(key("whsec_aGVsbG8"), b"hello");
        assert_eq!(key("hello"), b"hello");
        assert_eq!(key("whsec_not base64!"), b"whsec_not base64!");
    }
}
