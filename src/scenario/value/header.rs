//! Names and values of headers.

use super::Wrong;
use crate::spelling::tick;

/// The longest value of a header, in bytes.
pub const HEADER_VALUE_MAX_BYTES: usize = 8192;

/// Headers that say how a request is framed: the transport sets them.
pub(super) const SET_BY_TRANSPORT: [&str; 7] =
    ["content-length", "transfer-encoding", "connection", "keep-alive", "te", "trailer", "upgrade"];

/// The name of a header that a scenario may add.
///
/// # Errors
/// Characters that a name cannot have, or a header that the transport sets.
pub fn header_name(text: &str) -> Result<String, Wrong> {
    let token = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c);
    if text.is_empty() || !text.chars().all(token) {
        return Err(Wrong::new(
            format!("{} is no name of a header", tick(text)),
            "letters, digits and hyphens: `X-Env`",
        ));
    }
    if SET_BY_TRANSPORT.contains(&text.to_ascii_lowercase().as_str()) {
        return Err(Wrong::new(
            format!("the header {} cannot be set", tick(text)),
            "it frames the request and is set by the transport",
        ));
    }
    Ok(text.to_owned())
}

/// The value of a header.
///
/// # Errors
/// Line ends, other control characters, or characters beyond ASCII. The value is not repeated: it may be a secret.
pub fn header_value(text: &str) -> Result<String, Wrong> {
    if text.contains(['\r', '\n']) {
        return Err(Wrong::new("the value of a header cannot hold a line end", "write it on one line, in quotes"));
    }
    if let Some(wrong) = text.chars().find(|c| *c != '\t' && !(' '..='~').contains(c)) {
        let help = "a header holds visible ASCII only: percent-encode the rest";
        return Err(Wrong::new(format!("the value of a header cannot hold {}", tick(&wrong.to_string())), help));
    }
    if text.len() > HEADER_VALUE_MAX_BYTES {
        return Err(Wrong::new(
            "the value of the header is too long",
            format!("{HEADER_VALUE_MAX_BYTES} bytes at most"),
        ));
    }
    Ok(text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_cannot_break_the_request() {
        assert_eq!(header_name("X-Env").as_deref(), Ok("X-Env"));
        assert_eq!(header_name("Host").as_deref(), Ok("Host"));
        for name in ["", "X Env", "X-Env:", "Über", "a\r\nb", "Content-Length", "UPGRADE"] {
            assert!(header_name(name).is_err(), "{name}");
        }
        assert_eq!(header_value("ci; a=\"b\"").as_deref(), Ok("ci; a=\"b\""));
        assert_eq!(header_value("").as_deref(), Ok(""));
        for value in ["a\r\nX-Evil: 1", "a\nb", "\u{7f}", "王"] {
            assert!(header_value(value).is_err(), "{value}");
        }
    }
}
