//! The header by which a push proves where it comes from. Documented: the modes and the four parts of auth-v2 that the page
//! prints. Inferred: its signature, after the scheme of the platform's own REST interfaces.

use super::options::{AuthMode, Options};
use super::{facts, ids};
use crate::body::Leaf;
use crate::call::Cast;
use crate::vendors::{GivenOptions, Unsigned};
use data_encoding::HEXLOWER;
use ring::hmac;

/// The headers that are signed: lower case, in order, joined by semicolons.
const SIGNED_HEADERS: &str = "content-type";
/// The header.
pub const AUTHORIZATION: &str = "Authorization";

/// The value of `Authorization` as a push is made, where the tenant wants one; that of auth-v2 is written with the push.
pub fn header(options: &Options, cast: &Cast) -> Option<Leaf> {
    let token = || match &options.token {
        Some(token) => Leaf::from(token),
        None => Leaf::of_centre(ids::token(cast.keyed.centre())),
    };
    match options.auth {
        AuthMode::Nothing => None,
        AuthMode::Bearer => Some(Leaf::joined(["Bearer ".into(), token()])),
        AuthMode::V2 => Some(Leaf::EMPTY),
    }
}

/// The value of `Authorization` for a push of messages with this body, where the tenant chose auth-v2.
pub fn sign(unsigned: &Unsigned<'_>, given: &GivenOptions) -> Option<String> {
    if Options::auth(given).ok()? != AuthMode::V2 || !unsigned.url.path().ends_with(facts::MESSAGES_PATH) {
        return None;
    }
    let options = Options::read(given).ok()?;
    let timestamp = timestamp(unsigned.body)?;
    let access_key = options.access_key.unwrap_or_else(|| ids::access_key(unsigned.centre));
    let prefix = format!("auth-v2/{access_key}/{timestamp}/{SIGNED_HEADERS}");
    if !options.auth_v2_form.0 {
        return Some(prefix);
    }
    let push_key = options.push_key.unwrap_or_else(|| ids::push_key(unsigned.centre));
    Some(format!("{prefix}/{}", signature(&push_key, &prefix, &options.content_type)))
}

/// The time that stands in a body of messages.
fn timestamp(body: &[u8]) -> Option<i64> {
    #[derive(serde::Deserialize)]
    struct Envelope {
        timestamp: i64,
    }
    serde_json::from_slice::<Envelope>(body).ok().map(|envelope| envelope.timestamp)
}

/// HMAC-SHA256 over method, path, query and signed headers, by a key that is itself derived from the prefix.
///
/// The body is not part of it, so a value that a scenario sets leaves the signature true.
fn signature(push_key: &str, prefix: &str, content_type: &str) -> String {
    let signing_key = hex(push_key, prefix);
    let request = format!("POST\n{}\n\ncontent-type:{}", facts::MESSAGES_PATH, content_type.trim());
    hex(&signing_key, &request)
}

fn hex(key: &str, text: &str) -> String {
    let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, key.as_bytes()), text.as_bytes());
    HEXLOWER.encode(tag.as_ref())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn v2(form: &str, timestamp: i64) -> Option<String> {
        let mut given = GivenOptions::defaults(Options::facts());
        for (option, value) in [("auth", "auth_v2"), ("access_key", "ak"), ("auth_v2_form", form)] {
            given.read(option, value).expect("an option");
        }
        let body = format!("{{\"timestamp\":{timestamp},\"messages\":[]}}");
        let url = "http://127.0.0.1/in/webhooks/v1/messages".parse().expect("an address");
        let at = jiff::Timestamp::UNIX_EPOCH;
        let centre = crate::random::Keyed::new(1, "", 0);
        sign(&Unsigned { method: crate::http::Method::Post, url: &url, body: body.as_bytes(), at, centre }, &given)
    }

    #[test]
    fn the_literal_form_has_four_parts_and_the_signed_one_five() {
        assert_eq!(v2("literal", 1_625_898_453_913).as_deref(), Some("auth-v2/ak/1625898453913/content-type"));
        let signed = v2("signed", 1_625_898_453_913).unwrap_or_default();
        let parts: Vec<&str> = signed.split('/').collect();
        assert_eq!((parts.len(), parts[4].len()), (5, 64));
        assert_ne!(v2("signed", 1_625_898_453_914), Some(signed));
    }

    #[test]
    fn hmac_is_that_of_rfc_4231() {
        assert_eq!(
            hex("Jefe", "what do ya want for nothing?"),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
        );
    }
}
