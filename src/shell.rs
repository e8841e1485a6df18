//! Commands as a person would paste them into a shell.

use crate::visible::is_obeyed;

/// A word as a POSIX shell takes it: as it stands where nothing in it is special, otherwise within single quotes.
pub fn word(text: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./:=,@%+".contains(c);
    match !text.is_empty() && text.chars().all(plain) {
        true => text.to_owned(),
        false => quoted(text),
    }
}

/// Words as a POSIX shell takes them.
pub fn words(words: &[impl AsRef<str>]) -> String {
    words.iter().map(|text| word(text.as_ref())).collect::<Vec<_>>().join(" ")
}

/// A word within single quotes. One with characters that a terminal would obey is quoted as bash and zsh have it, so that it
/// stands on one line: `$'a\nb'`.
pub fn quoted(text: &str) -> String {
    if !text.contains(is_obeyed) {
        return format!("'{}'", text.replace('\'', r"'\''"));
    }
    let escaped = |c: char| match c {
        '\'' | '\\' => format!("\\{c}"),
        '\n' | '\r' | '\t' => c.escape_default().to_string(),
        c if is_obeyed(c) => format!("\\u{:04x}", u32::from(c)),
        c => c.to_string(),
    };
    format!("$'{}'", text.chars().map(escaped).collect::<String>())
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
        assert_eq!(word("a\nb\u{9b}c'\\"), r"$'a\nb\u009bc\'\\'");
        assert_eq!(word("http://127.0.0.1/?a&b"), "'http://127.0.0.1/?a&b'");
    }
}
