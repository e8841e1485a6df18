//! What a request carries as people read it: JSON with one member per line, a form or a query with one parameter per line.

use serde::de::IgnoredAny;
use std::fmt::Write;

/// How deep each level of JSON is indented.
const INDENT: &str = "  ";

/// A body by its content type and by what it is: JSON, a form, or a text as it is.
pub fn readable(content_type: &str, body: &[u8]) -> String {
    match std::str::from_utf8(body) {
        Ok(text) if serde_json::from_str::<IgnoredAny>(text).is_ok() => indented_json(text),
        _ if content_type.to_ascii_lowercase().contains("x-www-form-urlencoded") => parameters(body),
        _ => String::from_utf8_lossy(body).into_owned(),
    }
}

/// The parameters of a form or a query, decoded, one per line. A line break within one is shown as `\n`.
pub fn parameters(encoded: &[u8]) -> String {
    let mut text = String::new();
    for (name, value) in form_urlencoded::parse(encoded) {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{name} = {}", value.replace('\n', "\\n"));
    }
    text.truncate(text.trim_end_matches('\n').len());
    text
}

/// JSON with one member per line. Works on the text, so that numbers, repeated keys and escapes stay as they came.
pub fn indented_json(text: &str) -> String {
    let mut result = String::with_capacity(text.len() * 2);
    let mut depth = 0usize;
    let mut letters = text.chars().filter(in_json()).peekable();
    let mut in_string = false;
    let mut escaped = false;
    while let Some(letter) = letters.next() {
        if in_string {
            result.push(letter);
            in_string = escaped || letter != '"';
            escaped = !escaped && letter == '\\';
            continue;
        }
        match letter {
            '"' => {
                in_string = true;
                result.push(letter);
            }
            '{' | '[' => {
                result.push(letter);
                if let Some(end) = letters.next_if(|next| matches!(next, '}' | ']')) {
                    result.push(end);
                } else {
                    depth += 1;
                    break_line(&mut result, depth);
                }
            }
            '}' | ']' => {
                depth = depth.saturating_sub(1);
                break_line(&mut result, depth);
                result.push(letter);
            }
            ',' => {
                result.push(letter);
                break_line(&mut result, depth);
            }
            ':' => result.push_str(": "),
            _ => result.push(letter),
        }
    }
    result
}

/// Leaves out the white space between the tokens of JSON.
fn in_json() -> impl FnMut(&char) -> bool {
    let mut in_string = false;
    let mut escaped = false;
    move |letter| {
        if in_string {
            in_string = escaped || *letter != '"';
            escaped = !escaped && *letter == '\\';
            return true;
        }
        in_string = *letter == '"';
        !letter.is_ascii_whitespace()
    }
}

fn break_line(text: &mut String, depth: usize) {
    text.push('\n');
    text.push_str(&INDENT.repeat(depth));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_is_read_by_its_content_type() {
        let form = "application/x-www-form-urlencoded; charset=UTF-8";
        for (content_type, body, read) in [
            ("application/json", r#"{"a":[1],"b":{}}"#, "{\n  \"a\": [\n    1\n  ],\n  \"b\": {}\n}"),
            (form, "a=%E7%A9%BA+x&b=&c=1%0A2", "a = 空 x\nb = \nc = 1\\n2"),
            ("application/json", r#"{"a":1"#, r#"{"a":1"#),
            ("", "", ""),
        ] {
            assert_eq!(readable(content_type, body.as_bytes()), read, "{body}");
        }
    }
}
