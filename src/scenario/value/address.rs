//! Addresses of receivers.

use super::Wrong;
use crate::spelling::tick;
use url::{ParseError, Url};

/// The longest address, in bytes.
pub const ADDRESS_MAX_BYTES: usize = 8192;

/// An address that pushes can go to: `http` or `https`, with a host, without a name and password.
///
/// # Errors
/// Anything else, with the missing part proposed.
pub fn address(text: &str) -> Result<Url, Wrong> {
    let reason = format!("{} is no address that pushes can go to", tick(&without_password(text)));
    if text.len() > ADDRESS_MAX_BYTES {
        return Err(Wrong::new("the address is too long", format!("an address has {ADDRESS_MAX_BYTES} bytes at most")));
    }
    if text.contains(char::is_whitespace) {
        return Err(Wrong::new(reason, "a space in an address is written `%20`"));
    }
    let Some((scheme, rest)) = text.split_once("://") else {
        let help = match text.trim_start_matches('/') {
            "" => "write `http://127.0.0.1:8080/hook`".to_owned(),
            host if text.starts_with('/') => format!("a host is missing: `http://127.0.0.1:8080/{host}`"),
            host if host.starts_with(|c: char| c.is_ascii_digit()) && !host.contains('.') => {
                format!("a host is missing: `http://127.0.0.1:{host}`")
            }
            host => format!("write `http://{}`", without_password(host)),
        };
        return Err(Wrong::new(reason, help));
    };
    if !scheme.eq_ignore_ascii_case("http") && !scheme.eq_ignore_ascii_case("https") {
        return Err(Wrong::new(reason, format!("pushes go by `http://` or `https://`, not by {}", tick(scheme))));
    }
    if rest.is_empty() || rest.starts_with(['/', '?', '#', ':']) {
        return Err(Wrong::new(reason, "a host is missing: `http://127.0.0.1:8080/hook`"));
    }
    match Url::parse(text) {
        Ok(url) if !url.username().is_empty() || url.password().is_some() => Err(Wrong::new(
            "an address cannot hold a name and password: it is shown in every output",
            "send them as a header instead: `headers: { Authorization: ... }` under `deliver`",
        )),
        Ok(url) if url.fragment().is_some() => Err(Wrong::new(reason, "the part after `#` is never sent: take it out")),
        Ok(url) => Ok(url),
        Err(ParseError::InvalidPort) => Err(Wrong::new(reason, "a port is a number from 1 to 65535")),
        Err(error) => Err(Wrong::new(reason, error.to_string())),
    }
}

/// A password is not repeated in a message.
fn without_password(text: &str) -> String {
    let (scheme, rest) = text.split_once("://").map_or(("", text), |(scheme, rest)| (scheme, rest));
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    match host.rfind('@') {
        Some(at) if scheme.is_empty() => format!("***{}", &rest[at..]),
        Some(at) => format!("{scheme}://***{}", &rest[at..]),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_have_a_scheme_and_a_host() {
        for text in ["http://127.0.0.1:8080/hook", "https://[::1]/a?b=c", "HTTP://localhost"] {
            assert!(address(text).is_ok(), "{text}");
        }
        for (text, help) in [
            ("127.0.0.1:8080/hook", "`http://127.0.0.1:8080/hook`"),
            ("localhost:8080", "`http://localhost:8080`"),
            ("8080", "`http://127.0.0.1:8080`"),
            ("/hook", "`http://127.0.0.1:8080/hook`"),
            ("", "write `http"),
            ("ftp://127.0.0.1/", "not by `ftp`"),
            ("http:///hook", "a host is missing"),
            ("http://", "a host is missing"),
            ("http://:8080/", "a host is missing"),
            ("http://127.0.0.1:99999/", "1 to 65535"),
            ("http://ann:secret@127.0.0.1/", "headers"),
            ("http://127.0.0.1/a b", "%20"),
            ("http://127.0.0.1/#top", "never sent"),
            ("http://[::1", "address"),
        ] {
            let wrong = address(text).expect_err(text);
            assert!(wrong.help.contains(help), "{text}: {wrong}");
        }
    }

    #[test]
    fn a_password_is_never_repeated() {
        for text in
            ["http://ann:secret@127.0.0.1/", "ann:secret@host/", "ftp://ann:secret@host", "http://ann:secret@ho st/"]
        {
            assert!(!address(text).expect_err(text).to_string().contains("secret"), "{text}");
        }
    }
}
