//! What a receiver said, as far as a finding repeats it: on one line, a page reduced to its text, and cut where it hurts least.

mod html;
mod json;

use crate::visible::visible;

/// How much of what a receiver said stands in a finding.
pub const SAID_MAX_CHARS: usize = 400;
/// How much of an answer is looked at for it.
const READ_MAX_BYTES: usize = 64 << 10;
/// What the traces of Python begin with; the cause stands in their last line.
const TRACE: &str = "Traceback (most recent call last)";

/// What an answer says, in at most [`SAID_MAX_CHARS`] characters besides the mark of what is left out; empty where it says
/// nothing. Characters that a terminal would obey are written out.
pub fn said(body: &str, content_type: Option<&str>) -> String {
    let body = body.trim_start_matches('\u{feff}').trim();
    let read = up_to(body, READ_MAX_BYTES);
    let said = if html::is_page(read, content_type) { html::said(read) } else { None };
    let said = said.unwrap_or_else(|| match body.starts_with(['{', '[']) {
        true => json::said(read, body.len() > read.len()),
        false => text(read, body),
    });
    visible(&said)
}

/// As much of a text as there is room for, cut between two characters.
pub fn up_to(text: &str, max_bytes: usize) -> &str {
    let end = (0..=text.len().min(max_bytes)).rev().find(|end| text.is_char_boundary(*end));
    &text[..end.unwrap_or_default()]
}

/// The beginning of a text, or the cause in it, and how much is left out.
fn text(read: &str, whole: &str) -> String {
    let said = one_line(read);
    if let Some(cause) = read.lines().rfind(|line| !line.trim().is_empty()).filter(|_| read.contains(TRACE)) {
        return cut(&format!("{} … {said}", cause.trim()), SAID_MAX_CHARS);
    }
    let cut = cut(&said, SAID_MAX_CHARS);
    match cut.strip_suffix(" …") {
        Some(kept) => format!("{cut} ({} more characters)", whole.chars().count().saturating_sub(kept.chars().count())),
        None => cut,
    }
}

/// The lines of a text one behind the other.
fn one_line(text: &str) -> String {
    text.lines().map(str::trim).filter(|line| !line.is_empty()).collect::<Vec<_>>().join(" ")
}

/// The text up to this many characters; where it is longer, it ends between words where there are some, with `…`.
fn cut(text: &str, max_chars: usize) -> String {
    let Some((end, _)) = text.char_indices().nth(max_chars) else { return text.to_owned() };
    let kept = &text[..end];
    let is_between = text[end..].starts_with(char::is_whitespace);
    // A word of more than half the length is cut like any other text.
    let word = kept.rfind(char::is_whitespace).filter(|space| !is_between && *space > end / 2).unwrap_or(end);
    format!("{} …", kept[..word].trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_answer_is_repeated_whole() {
        assert_eq!(said("", None), "");
        assert_eq!(said(" \r\n", Some("text/html")), "");
        assert_eq!(said("Internal Server Error", None), "Internal Server Error");
        assert_eq!(
            said("{\n  \"code\": 1,\n  \"msg\": \"no  call\"\n}\n", None),
            r#"{ "code": 1, "msg": "no  call" }"#
        );
        assert_eq!(said("a\u{1b}[2J\n::error::b", None), r"a\u{1b}[2J ::error::b");
        assert_eq!(said("::error::b", None), r"\u{3a}:error::b");
    }

    #[test]
    fn a_long_text_is_cut_between_words() {
        let told = said(&"满意 of it all ".repeat(400), None);
        assert!(told.starts_with("满意 of it all 满意") && told.contains(" … ("), "{told}");
        assert!(told.chars().count() < SAID_MAX_CHARS + 40 && told.ends_with(" more characters)"), "{told}");
        let word = said(&"x".repeat(1_000), None);
        assert!(word.starts_with(&"x".repeat(400)) && word.ends_with("… (600 more characters)"), "{word}");
    }

    #[test]
    fn the_cause_of_a_trace_comes_first() {
        let trace =
            format!("{TRACE}:\n{}ValueError: no agent\n", "  File \"a.py\", line 1, in f\n    g()\n".repeat(60));
        assert!(said(&trace, Some("text/plain")).starts_with("ValueError: no agent … Traceback"));
    }

    #[test]
    fn a_huge_answer_costs_little() {
        for piece in ["<", "<!--", "<a ", "<a \"", "&", "</", "<script>", "[", "{\"a\":", "\"\\u", "<pre>x"] {
            let huge = piece.repeat(300_000);
            assert!(said(&huge, Some("text/html")).chars().count() < 8 * SAID_MAX_CHARS, "{piece}");
            assert!(said(&huge, None).chars().count() < 8 * SAID_MAX_CHARS, "{piece}");
        }
    }
}
