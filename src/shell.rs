//! Commands as a person would paste them into a shell.

/// A word as a POSIX shell takes it: as it stands where nothing in it is special, otherwise within single quotes.
pub fn word(text: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./:=,@%+".contains(c);
    match !text.is_empty() && text.chars().all(plain) {
        true => text.to_owned(),
        false => quoted(text),
    }
}

/// A word within single quotes.
pub fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

/// A request as a curl command.
pub fn curl(method: &str, url: &str, headers: &[(String, String)], body: &str) -> String {
    let mut command = format!("curl --request {method} {}", quoted(url));
    for (name, value) in headers {
        command += &format!(" \\\n  --header {}", quoted(&format!("{name}: {value}")));
    }
    if !body.is_empty() {
        command += &format!(" \\\n  --data-binary {}", quoted(body));
    }
    command
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_special_is_quoted() {
        for plain in ["--vendor", "udesk", "2026-11-20T10:00:00+08:00", "scenarios/a.yaml"] {
            assert_eq!(word(plain), plain);
        }
        assert_eq!(word(""), "''");
        assert_eq!(word("it's"), r"'it'\''s'");
        assert_eq!(word("http://127.0.0.1/?a&b"), "'http://127.0.0.1/?a&b'");
    }
}
