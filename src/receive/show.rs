//! A received request as text for a terminal: what came, as it came, indented and bounded. Prints nothing itself.

use super::Received;
use crate::http::{Captured, indented_json};
use crate::vendors::named;
use crate::visible::visible;
use serde::de::IgnoredAny;
use std::fmt::Write;

/// How many characters of a body are shown.
pub const SHOWN_MAX_CHARS: usize = 8_000;
/// How deep each level is indented.
const INDENT: &str = "  ";

/// The request in words: what and from whom, what it was answered, the query, and the body as JSON, form or text.
///
/// Every line ends with a line break. Control characters are shown as escapes, so that a request cannot steer the terminal.
pub fn show(received: &Received) -> String {
    let captured = &received.captured;
    let mut text = format!("{} {}", visible(&captured.method), visible(&captured.path));
    match received.recognised {
        Some((vendor, push)) => text.push_str(&format!("  {}", named::shown(&format!("{vendor}:{push}")))),
        None => text.push_str("  not a push of a known vendor"),
    }
    match received.status {
        Some(status) => text.push_str(&format!("  answered {status}\n")),
        None => text.push_str("  hung up\n"),
    }
    if !captured.query.is_empty() {
        text.push_str(&fields("query", captured.query.as_bytes()));
    }
    text.push_str(&body(captured));
    text
}

fn body(captured: &Captured) -> String {
    if captured.body.is_empty() {
        return String::new();
    }
    let content_type = captured.header("content-type").unwrap_or_default().to_ascii_lowercase();
    let text = String::from_utf8_lossy(&captured.body);
    if serde_json::from_slice::<IgnoredAny>(&captured.body).is_ok() {
        bounded(&indented_json(&text))
    } else if content_type.starts_with("application/x-www-form-urlencoded") {
        fields("form", &captured.body)
    } else {
        bounded(&text)
    }
}

/// The fields of a query or form, one per line, decoded.
fn fields(kind: &str, encoded: &[u8]) -> String {
    let mut text = String::new();
    for (key, value) in form_urlencoded::parse(encoded) {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{kind} {} = {}", visible(&key), visible(&value));
    }
    bounded(&text)
}

/// Indents every line, escapes control characters and cuts what is too long, saying so.
fn bounded(text: &str) -> String {
    let count = text.chars().count();
    let shown: String = text.chars().take(SHOWN_MAX_CHARS).collect();
    let mut result = String::new();
    for line in shown.lines() {
        let _ = writeln!(result, "{INDENT}{}", visible(line));
    }
    if count > SHOWN_MAX_CHARS {
        let _ = writeln!(result, "{INDENT}... and {} characters more", count - SHOWN_MAX_CHARS);
    }
    result
}

#[cfg(test)]
mod tests {
    use super::*;
    use bytes::Bytes;

    fn received(query: &str, content_type: &str, body: &str) -> Received {
        let captured = Captured {
            method: "POST".into(),
            path: "/hook".into(),
            query: query.into(),
            headers: vec![("content-type".into(), content_type.into())],
            body: Bytes::copy_from_slice(body.as_bytes()),
        };
        Received { captured, recognised: Some(("udesk", "end")), status: Some(200) }
    }

    #[test]
    fn json_is_indented_and_stays_as_it_came() {
        let shown = show(&received(
            "",
            "application/json",
            r#"{"id":403344537650466816,"rate":1.10, "id":1e400 ,"text":"a, \"b\": {c}\\","none":{},"list":[ 1,[ ] ]}"#,
        ));
        assert_eq!(
            shown,
            concat!(
                "POST /hook  udesk:end  answered 200\n",
                "  {\n",
                "    \"id\": 403344537650466816,\n",
                "    \"rate\": 1.10,\n",
                "    \"id\": 1e400,\n",
                "    \"text\": \"a, \\\"b\\\": {c}\\\\\",\n",
                "    \"none\": {},\n",
                "    \"list\": [\n",
                "      1,\n",
                "      []\n",
                "    ]\n",
                "  }\n",
            )
        );
    }

    #[test]
    fn queries_and_forms_are_decoded() {
        let form = "name=%E5%BC%A0%E4%B8%89&area=%E5%8C%97%E4%BA%AC+%E5%8C%97%E4%BA%AC";
        assert_eq!(
            show(&received("status=Ring&x=1", "application/x-www-form-urlencoded", form)),
            concat!(
                "POST /hook  udesk:end  answered 200\n",
                "  query status = Ring\n  query x = 1\n",
                "  form name = 张三\n  form area = 北京 北京\n",
            )
        );
    }

    #[test]
    fn a_request_cannot_steer_the_terminal_nor_flood_it() {
        let shown = show(&received("", "text/plain", "\u{1b}[2Jgone\r\nnext"));
        assert_eq!(shown, "POST /hook  udesk:end  answered 200\n  \\u{1b}[2Jgone\n  next\n");
        let long = show(&received("", "text/plain", &"字".repeat(SHOWN_MAX_CHARS + 7)));
        assert!(long.ends_with("\n  ... and 7 characters more\n"));
        let mut hung_up = received("", "", "");
        (hung_up.recognised, hung_up.status) = (None, None);
        assert_eq!(show(&hung_up), "POST /hook  not a push of a known vendor  hung up\n");
    }
}
