//! The header by which a push proves where it comes from. Documented: the modes and the four parts of auth-v2 that the page
//! prints. Inferred: its signature, after the scheme of the platform's own REST interfaces.

use super::facts;
use ring::hmac;

/// The mode that a tenant chose, with its secrets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Auth {
    /// No header at all.
    Nothing,
    /// OAuth: the token that the tenant's application was given.
    Bearer {
        /// The token.
        token: String,
    },
    /// A signature by a key that both sides know.
    V2 {
        /// Names the key.
        access_key: String,
        /// The key.
        push_key: String,
        /// Whether the signature stands at the end; the page prints the header without one.
        signed: bool,
    },
}

/// The headers that are signed: lower case, in order, joined by semicolons.
const SIGNED_HEADERS: &str = "content-type";

impl Auth {
    /// The value of `Authorization` for a push with this time in its body.
    pub fn header(&self, timestamp: i64, content_type: &str) -> Option<String> {
        match self {
            Auth::Nothing => None,
            Auth::Bearer { token } => Some(format!("Bearer {token}")),
            Auth::V2 { access_key, push_key, signed } => {
                let prefix = format!("auth-v2/{access_key}/{timestamp}/{SIGNED_HEADERS}");
                Some(if *signed { format!("{prefix}/{}", signature(push_key, &prefix, content_type)) } else { prefix })
            }
        }
    }
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
    tag.as_ref().iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn v2(signed: bool) -> Auth {
        Auth::V2 { access_key: "ak".into(), push_key: "k".repeat(43), signed }
    }

    #[test]
    fn the_literal_form_has_four_parts_and_the_signed_one_five() {
        let literal = v2(false).header(1_625_898_453_913, "application/json");
        assert_eq!(literal.as_deref(), Some("auth-v2/ak/1625898453913/content-type"));
        let signed = v2(true).header(1_625_898_453_913, "application/json").unwrap_or_default();
        let parts: Vec<&str> = signed.split('/').collect();
        assert_eq!((parts.len(), parts[4].len()), (5, 64));
        assert_ne!(v2(true).header(1_625_898_453_914, "application/json"), Some(signed));
    }

    #[test]
    fn hmac_is_that_of_rfc_4231() {
        assert_eq!(
            hex("Jefe", "what do ya want for nothing?"),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
        );
    }
}
