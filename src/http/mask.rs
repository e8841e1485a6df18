//! What must not be told of headers and addresses, by their names alone. Values that are known to be secret are the matter of
//! `secrets`.

use url::Url;

/// What stands in place of a secret.
pub const VEIL: &str = "***";
/// What the name of a header, a parameter or a setting holds if its value lets others in; small letters and digits alone.
const SECRET_PARTS: [&str; 18] = [
    "accesskey",
    "apikey",
    "appkey",
    "authkey",
    "authorization",
    "cookie",
    "credential",
    "passphrase",
    "passwd",
    "password",
    "privatekey",
    "pushkey",
    "secret",
    "signingkey",
    "signkey",
    "subscriptionkey",
    "token",
    "xauth",
];
/// Such names as a whole.
const SECRET_NAMES: [&str; 5] = ["auth", "key", "pass", "pwd", "sessionid"];
/// The schemes of `Authorization` that are told before a veiled value.
const SCHEMES: [&str; 10] =
    ["apikey", "aws4-hmac-sha256", "basic", "bearer", "digest", "hawk", "hmac-sha256", "negotiate", "oauth", "token"];

/// Whether the value of a header, a parameter or a setting of this name lets others in. A signature does not: it cannot be
/// used again.
pub fn is_secret_name(name: &str) -> bool {
    let plain: String = name.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect();
    // By it a receiver tells a repeat.
    let is_known = plain.contains("idempotency");
    !is_known && (SECRET_PARTS.iter().any(|part| plain.contains(part)) || SECRET_NAMES.contains(&plain.as_str()))
}

/// The headers as they may be told. Of a secret value only what is none is left: the scheme as in `Bearer ***`, the names of
/// cookies as in `sid=***; Path=/`.
pub fn masked(headers: &[(String, String)]) -> Vec<(String, String)> {
    headers
        .iter()
        .map(|(name, value)| {
            let told = match name.to_ascii_lowercase().as_str() {
                "set-cookie" => set_cookie(value),
                "cookie" => value.split(';').map(cookie).collect::<Vec<_>>().join("; "),
                name if is_secret_name(name) && !value.is_empty() => match scheme(value) {
                    Some((scheme, _)) => format!("{scheme} {VEIL}"),
                    None => VEIL.to_owned(),
                },
                _ => value.clone(),
            };
            (name.clone(), told)
        })
        .collect()
}

/// A cookie with its value veiled, and its attributes.
fn set_cookie(value: &str) -> String {
    match value.split_once(';') {
        Some((pair, attributes)) => format!("{};{attributes}", cookie(pair)),
        None => cookie(value),
    }
}

fn cookie(pair: &str) -> String {
    match pair.split_once('=') {
        Some((name, _)) => format!("{}={VEIL}", name.trim()),
        None => VEIL.to_owned(),
    }
}

/// The scheme of the value of an `Authorization`, and what follows it.
pub(super) fn scheme(value: &str) -> Option<(&str, &str)> {
    let (scheme, rest) = value.split_once(' ')?;
    SCHEMES.contains(&scheme.to_ascii_lowercase().as_str()).then_some((scheme, rest.trim()))
}

/// An address as it may be told: without a name and password.
pub fn shown(url: &Url) -> String {
    let mut url = url.clone();
    if url.username().is_empty() && url.password().is_none() {
        return url.into();
    }
    // An address that has them can have others.
    let _ = url.set_username(VEIL);
    let _ = url.set_password(None);
    url.into()
}

/// A text, such as a message about an argument, without the name and password of any address in it.
pub fn without_credentials(text: &str) -> String {
    let is_edge = |c: char| c.is_whitespace() || matches!(c, '\'' | '"' | '`');
    text.split_inclusive(is_edge)
        .map(|word| {
            let begin = word.find("://").map_or(0, |at| at + 3);
            let host_end = word[begin..].find(['/', '?', '#']).map_or(word.len(), |at| begin + at);
            match word[begin..host_end].rfind('@') {
                // Without an address or a password around it, it is the sign in `outbound-answered@udesk`.
                Some(at) if at > 0 && (begin > 0 || word[..at].contains(':')) => {
                    format!("{}{VEIL}{}", &word[..begin], &word[begin + at..])
                }
                Some(_) | None => word.to_owned(),
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(name: &str, value: &str) -> String {
        masked(&[(name.to_owned(), value.to_owned())]).remove(0).1
    }

    #[test]
    fn of_a_secret_header_only_what_is_none_is_told() {
        for (name, value, expected) in [
            ("Authorization", "Bearer abc def", "Bearer ***"),
            ("authorization", "auth-v2/ak/1/content-type", "***"),
            ("Authorization", "my secret", "***"),
            ("Proxy-Authorization", "Basic abc=", "Basic ***"),
            ("X-Api-Key", "abc", "***"),
            ("X-Auth-Token", "abc", "***"),
            ("app_secret", "abc", "***"),
            ("Cookie", "sid=abc; theme=dark", "sid=***; theme=***"),
            ("Set-Cookie", "sid=abc; Path=/; HttpOnly", "sid=***; Path=/; HttpOnly"),
            ("Set-Cookie", "abc", "***"),
            ("X-Env", "ci", "ci"),
            ("Webhook-Signature", "v1,abc", "v1,abc"),
            ("Idempotency-Key", "abc", "abc"),
            ("Content-Encoding", "gzip", "gzip"),
            ("X-Api-Key", "", ""),
        ] {
            assert_eq!(told(name, value), expected, "{name}: {value}");
        }
    }

    #[test]
    fn names_of_secrets_are_known_however_they_are_written() {
        for name in ["accessKey", "access_key", "X-API-KEY", "apikey", "appSecret", "push_key", "key", "Token", "PWD"] {
            assert!(is_secret_name(name), "{name}");
        }
        for name in ["keys", "call_id_key", "sign", "signature", "idempotency-key", "author", "cno", "monkey"] {
            assert!(!is_secret_name(name), "{name}");
        }
    }

    #[test]
    fn an_address_is_told_without_its_password() {
        let url: Url = "http://ann:secret@127.0.0.1:1/a@b?c=d".parse().expect("an address");
        assert_eq!(shown(&url), "http://***@127.0.0.1:1/a@b?c=d");
        for (text, expected) in [
            ("invalid 'http://ann:secret@127.0.0.1/' for", "invalid 'http://***@127.0.0.1/' for"),
            ("a ann:secret@host b", "a ***@host b"),
            ("http://127.0.0.1/a@b @ me", "http://127.0.0.1/a@b @ me"),
        ] {
            assert_eq!(without_credentials(text), expected);
        }
    }
}
