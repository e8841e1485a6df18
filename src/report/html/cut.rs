//! Cuts what is too long for the page, and says how much is gone.

use super::model::Text;
use crate::event::Finding;
use crate::report::told;

/// How much of one body is kept.
pub(super) const BODY_MAX_BYTES: usize = 32 << 10;
/// How much of one header, address, message or line of a comparison is kept.
pub(super) const LINE_MAX_BYTES: usize = 4 << 10;
/// How many headers of a request or an answer are kept.
const HEADERS_MAX: usize = 100;
/// How many lines of a comparison are kept.
const DIFFERENCE_MAX_LINES: usize = 400;

/// A finding without what the page has elsewhere, and without what is too long for it.
pub(super) fn bounded(finding: &Finding) -> Finding {
    let mut kept = told::bounded(finding, DIFFERENCE_MAX_LINES, line);
    // The page makes it from the attempt.
    kept.curl = kept.curl.filter(|_| finding.attempt.is_none()).map(|curl| Text::of(&curl, BODY_MAX_BYTES).text);
    kept
}

pub(super) fn few(headers: &[(String, String)]) -> Vec<(String, String)> {
    let mut few: Vec<_> = headers.iter().take(HEADERS_MAX).map(|(name, value)| (line(name), line(value))).collect();
    let left = headers.len() - few.len();
    if left > 0 {
        few.push(("...".to_owned(), format!("and {left} more headers")));
    }
    few
}

pub(super) fn line(text: &str) -> String {
    let Text { mut text, left } = Text::of(text, LINE_MAX_BYTES);
    if left > 0 {
        text += &format!("... ({left} more bytes)");
    }
    text
}
