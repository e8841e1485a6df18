//! How bodies and values are shown in findings: bounded, and without anything that a terminal would obey.

use crate::event::{Difference, Side};
use crate::visible::visible;
use serde_json::Value;
use similar::{Algorithm, ChangeTag, TextDiff};
use std::time::Duration;

/// How much of one value, or of one line, a finding shows.
pub const VALUE_SHOWN_MAX_CHARS: usize = 200;
/// How many lines of a comparison a finding shows.
pub const LINES_SHOWN_MAX: usize = 40;
/// How much of a body that is not what it should be a finding shows.
const BEGINNING_SHOWN_MAX_CHARS: usize = 60;
/// How much of two texts is compared line by line.
const COMPARED_MAX_CHARS: usize = 64 * 1024;
/// How long two texts are compared before their difference is told more coarsely.
const COMPARING_MAX: Duration = Duration::from_millis(200);

/// A body as JSON.
///
/// # Errors
/// Why it is none, as half a sentence: "not JSON: ... (it starts with `<!DOCTYPE html>`)".
pub fn json_of(body: &str, truncated: bool, content_type: Option<&str>) -> Result<Value, String> {
    if truncated {
        return Err(format!("not read to its end: it is longer than {} bytes", crate::http::BODY_READ_MAX_BYTES));
    }
    serde_json::from_str(body.trim_start_matches('\u{feff}')).map_err(|error| not_json(body, content_type, &error))
}

/// Why a body is no JSON, as half a sentence.
pub fn not_json(body: &str, content_type: Option<&str>, error: &serde_json::Error) -> String {
    if body.trim().is_empty() {
        return "empty, so no JSON".to_owned();
    }
    let called = match content_type.map(str::trim).filter(|called| !called.is_empty()) {
        Some(called) if !called.to_ascii_lowercase().contains("json") => {
            format!(", and is called {}", bounded(called, BEGINNING_SHOWN_MAX_CHARS))
        }
        _ => String::new(),
    };
    let odd = if body.contains('\u{fffd}') { ", and has bytes that are no UTF-8" } else { "" };
    let start = bounded(body.trim_start().lines().next().unwrap_or_default(), BEGINNING_SHOWN_MAX_CHARS);
    format!("not JSON: {error} (it starts with `{start}`{called}{odd})")
}

/// A value as it is written in JSON, bounded.
pub(super) fn value_shown(value: &Value) -> String {
    shown(&value.to_string())
}

/// A text on one line, bounded.
pub(super) fn shown(text: &str) -> String {
    bounded(text, VALUE_SHOWN_MAX_CHARS)
}

fn bounded(text: &str, max_chars: usize) -> String {
    match text.char_indices().nth(max_chars) {
        Some((end, _)) => visible(&text[..end]) + "…",
        None => visible(text),
    }
}

/// The lines that differ, so many around them that both texts have, and `...` where lines are left out.
pub(super) fn differing(
    diff: &TextDiff<'_, '_, '_, str>,
    around: usize,
    shown: impl Fn(&str) -> String,
) -> Vec<Difference> {
    let mut lines = Vec::new();
    for (index, group) in diff.grouped_ops(around).iter().enumerate() {
        if index > 0 {
            lines.push(Difference { side: Side::Both, text: "...".to_owned() });
        }
        for change in group.iter().flat_map(|op| diff.iter_changes(op)) {
            let side = match change.tag() {
                ChangeTag::Equal => Side::Both,
                ChangeTag::Delete => Side::Expected,
                ChangeTag::Insert => Side::Found,
            };
            lines.push(Difference { side, text: shown(change.value().trim_end_matches(['\r', '\n'])) });
        }
    }
    lines
}

/// Two texts line by line: at most [`LINES_SHOWN_MAX`] lines, with one line of what both have around what differs.
pub(super) fn lines(expected: &str, found: &str) -> Vec<Difference> {
    let cut = |text: &str| text.chars().take(COMPARED_MAX_CHARS).collect::<String>();
    let (expected, found) = (cut(expected), cut(found));
    let mut config = TextDiff::configure();
    config.algorithm(Algorithm::Myers).timeout(COMPARING_MAX);
    let diff = config.diff_lines(expected.as_str(), found.as_str());
    let mut lines = differing(&diff, 1, shown);
    if lines.len() > LINES_SHOWN_MAX {
        let more = lines.len() - LINES_SHOWN_MAX;
        lines.truncate(LINES_SHOWN_MAX);
        lines.push(Difference { side: Side::Both, text: format!("... and {more} more lines") });
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_json_says_why_and_how_it_starts() {
        let told = |body: &str| json_of(body, false, Some("text/html")).expect_err("no JSON");
        assert_eq!(
            told("<!DOCTYPE html>\n<p>"),
            "not JSON: expected value at line 1 column 1 (it starts with `<!DOCTYPE html>`, and is called text/html)"
        );
        assert!(told("{\"a\": \u{fffd}}").contains("bytes that are no UTF-8"));
        assert_eq!(told(" \n"), "empty, so no JSON");
        assert!(json_of("{", false, Some("application/json")).expect_err("cut").ends_with("(it starts with `{`)"));
        assert!(json_of("{}", true, None).expect_err("long").contains("1048576 bytes"));
        assert!(json_of("\u{feff}{}", false, None).is_ok());
        assert!(told("\u{1b}[2J").contains("`\\u{1b}[2J`"));
        assert!(json_of(&"[".repeat(200_000), false, None).is_err());
    }

    #[test]
    fn texts_are_compared_line_by_line_within_bounds() {
        let told = |expected: &str, found: &str| {
            lines(expected, found).iter().map(|line| format!("{} {}", line.side.sign(), line.text)).collect::<Vec<_>>()
        };
        assert_eq!(told("a\nb\nc\nd", "a\nx\nc\nd"), ["  a", "- b", "+ x", "  c"]);
        let long = |letter: &str| (0..5_000).map(|line| format!("{letter}{line}\n")).collect::<String>();
        let lines = told(&long("a"), &long("b"));
        assert_eq!(lines.len(), LINES_SHOWN_MAX + 1);
        let lines_of = |count: usize| told("", &"x\n".repeat(count));
        assert_eq!(lines_of(40).len(), LINES_SHOWN_MAX);
        assert_eq!(lines_of(43).last().map(String::as_str), Some("  ... and 3 more lines"));
        assert!(lines.last().is_some_and(|last| last.contains("more lines")));
        assert!(
            told(&"x".repeat(10_000), "\u{7}").iter().all(|line| line.chars().count() < 210 && !line.contains('\u{7}'))
        );
    }
}
