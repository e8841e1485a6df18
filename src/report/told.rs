//! A finding as lines for people: what is wrong, where, what was expected and found, and how to see it again. Plain text;
//! what a format does to it (colour, escapes) is its own.

use super::folded::Folded;
use crate::diagnostic::BUILT_IN_SOURCE;
use crate::event::{DeliveryId, Difference, Finding, Side};
use crate::vendors::named::shown;
use crate::visible::{on_one_line, visible};

/// How many lines of a difference are shown.
pub const DIFFERENCE_LINES_MAX: usize = 100;
/// How many where there is little room.
pub const BRIEF_LINES_MAX: usize = 20;
/// How much of one line is shown.
pub const LINE_MAX_CHARS: usize = 2_000;
/// How much of a command is kept.
pub const COMMAND_MAX_CHARS: usize = 20_000;
/// How much of what was sent, or asked, is shown.
pub const REQUEST_MAX_CHARS: usize = 400;
/// How many stories of findings that are alike are named.
pub const PLACES_SHOWN_MAX: usize = 10;

/// What a verdict adds if the pushes went to the receiver that is built in: it says nothing of anybody else's.
pub fn against(built_in_receiver: bool) -> &'static str {
    if built_in_receiver { ", against the built-in receiver" } else { "" }
}

/// The first line of a finding: `RB-202 udesk:end was answered by 500 (scenarios/a.yaml:12)`.
pub fn headline(finding: &Finding) -> String {
    let Finding { code, message, expectation, .. } = finding;
    clipped(&format!("{} {message} ({})", code.as_str(), expectation.place), LINE_MAX_CHARS)
}

/// What stands below its first line.
pub fn details(finding: &Finding) -> Vec<String> {
    let Finding { faults, curl, .. } = finding;
    let mut lines = compared(finding, DIFFERENCE_LINES_MAX);
    lines.extend(push(finding).map(|push| format!("push      {push}")));
    for bent in faults {
        lines.push(format!("fault     {}: {}", bent.fault, clipped(&bent.evidence, LINE_MAX_CHARS)));
    }
    if let Some(curl) = curl {
        lines.push(format!("ask       {}", request(curl)));
    }
    lines.extend(what_to_do(finding));
    lines
}

/// What stands below its first line where there is little room: without the request.
pub fn brief(finding: &Finding) -> Vec<String> {
    let mut lines = compared(finding, BRIEF_LINES_MAX);
    lines.extend(what_to_do(finding));
    lines
}

/// What stands below the lines of the first of several findings that are alike: what else the receiver said, and where.
pub fn elsewhere(folded: &Folded) -> Vec<String> {
    let mut lines = Vec::new();
    for other in folded.examples.iter().skip(1) {
        let said = other.said.as_deref().unwrap_or(&other.found);
        lines.push(format!("or said   {}", clipped(said, LINE_MAX_CHARS)));
    }
    if let Some(count) = folded.count() {
        lines.push(format!("places    {}", visible(&count)));
        lines.extend(folded.places(PLACES_SHOWN_MAX).iter().map(|place| format!("          {}", visible(place))));
    }
    lines
}

fn compared(finding: &Finding, lines_max: usize) -> Vec<String> {
    let Finding { expected, found, difference, said, .. } = finding;
    let mut lines = vec![
        format!("expected  {}", clipped(expected, LINE_MAX_CHARS)),
        format!("found     {}", clipped(found, LINE_MAX_CHARS)),
    ];
    for line in difference.iter().take(lines_max) {
        lines.push(format!("  {} {}", line.side.sign(), clipped(&line.text, LINE_MAX_CHARS)));
    }
    if let Some(more) = difference.len().checked_sub(lines_max).filter(|more| *more > 0) {
        lines.push(format!("  ... and {more} more lines"));
    }
    lines.extend(said.iter().map(|said| format!("said      {}", clipped(said, LINE_MAX_CHARS))));
    lines
}

fn what_to_do(finding: &Finding) -> Vec<String> {
    let mut lines: Vec<String> =
        finding.help.iter().map(|help| format!("help      {}", clipped(help, LINE_MAX_CHARS))).collect();
    // A snapshot that belongs to no story has none to play again.
    if !finding.replay.is_empty() {
        lines.push(format!("replay    {}", clipped(&finding.replay, LINE_MAX_CHARS)));
    }
    lines.push(format!("explain   ringback explain {}", finding.code.as_str()));
    lines
}

/// `try 1/4`; nothing where it is about no attempt.
pub fn tries(finding: &Finding) -> Option<String> {
    let most = finding.attempts_max.map_or(String::new(), |most| format!("/{most}"));
    finding.attempt.map(|attempt| format!("try {attempt}{most}"))
}

/// The push that it is about: `udesk:end of call 1e75, try 1/4`; nothing where it is about none.
pub fn push(finding: &Finding) -> Option<String> {
    let DeliveryId { push, call, .. } = finding.delivery.as_ref()?;
    let tries = tries(finding).map_or(String::new(), |tries| format!(", {tries}"));
    Some(format!("{} of call {}{tries}", shown(push), visible(call)))
}

/// What was sent, or asked, as one line. A long one is cut: `replay` sends it again, and reports for programs hold the whole.
pub fn request(curl: &str) -> String {
    let line = visible(&curl.replace(" \\\n  ", " "));
    match line.char_indices().nth(REQUEST_MAX_CHARS) {
        None => line,
        Some((end, _)) => {
            let left = line[end..].chars().count();
            format!("{} ... ({left} more characters; the whole line: --report json=run.json)", &line[..end])
        }
    }
}

/// The file and the line of a place, where it is a file: `scenarios/a.yaml:12`. What would be obeyed in its name is written out.
pub fn file_and_line(place: &str) -> Option<(String, Option<u32>)> {
    if place.is_empty() || place.starts_with(BUILT_IN_SOURCE) {
        return None;
    }
    let split = place.rsplit_once(':').and_then(|(file, line)| Some((file, line.parse().ok()?)));
    let (file, line) = match split {
        Some((file, line)) => (file, Some(line)),
        None => (place, None),
    };
    // What was never a file has a space in its name: `scenario text`.
    (!file.contains(' ') || file.contains('/')).then(|| (visible(file), line))
}

/// The finding with its texts cut, and no more lines of its difference than this.
pub fn bounded(finding: &Finding, lines_max: usize, cut: impl Fn(&str) -> String) -> Finding {
    let mut kept = finding.clone();
    if let more @ 1.. = kept.difference.len().saturating_sub(lines_max) {
        kept.difference.truncate(lines_max - 1);
        kept.difference.push(Difference { side: Side::Both, text: format!("... and {} more lines", more + 1) });
    }
    let lines = kept.difference.iter_mut().map(|line| &mut line.text);
    lines.chain([&mut kept.message, &mut kept.expected, &mut kept.found]).for_each(|text| *text = cut(text));
    kept
}

/// The text on one line, not longer than the limit, with what would be obeyed written out.
pub fn clipped(text: &str, max_chars: usize) -> String {
    on_one_line(&cut(text, max_chars))
}

/// The text, not longer than the limit.
pub fn cut(text: &str, max_chars: usize) -> String {
    match text.char_indices().nth(max_chars) {
        None => text.to_owned(),
        Some((end, _)) => {
            let left = text[end..].chars().count();
            format!("{} ... ({left} more characters)", &text[..end])
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_has_a_file_unless_it_is_built_in() {
        assert_eq!(file_and_line("scenarios/a.yaml:12"), Some(("scenarios/a.yaml".to_owned(), Some(12))));
        assert_eq!(file_and_line("my scenarios/a.yaml:12"), Some(("my scenarios/a.yaml".to_owned(), Some(12))));
        assert_eq!(file_and_line("a.yaml"), Some(("a.yaml".to_owned(), None)));
        assert_eq!(file_and_line("x\n::y\u{202e}.yaml:3"), Some((r"x\n::y\u{202e}.yaml".to_owned(), Some(3))));
        assert_eq!(file_and_line(r"C:\a.yaml"), Some((r"C:\a.yaml".to_owned(), None)));
        for nowhere in ["built-in:transfer", "built-in:transfer:7", "scenario text:3", ""] {
            assert_eq!(file_and_line(nowhere), None, "{nowhere}");
        }
    }

    #[test]
    fn what_is_cut_says_so() {
        assert_eq!(cut("满意满意", 2), "满意 ... (2 more characters)");
        assert_eq!((cut("满意", 2), clipped("a\nb\u{1b}", 9)), ("满意".to_owned(), r"a b\u{1b}".to_owned()));
    }

    #[test]
    fn a_request_is_one_line() {
        let curl = crate::shell::curl("POST", "http://127.0.0.1/", &[("A".into(), "b".into())], "{\n}");
        assert_eq!(request(&curl), r"curl --request POST 'http://127.0.0.1/' --header 'A: b' --data-binary $'{\n}'");
        let long = crate::shell::curl("POST", "http://127.0.0.1/", &[], &"x".repeat(900));
        assert!(request(&long).ends_with(" more characters; the whole line: --report json=run.json)"));
        assert!(request(&long).chars().count() < REQUEST_MAX_CHARS + 80);
    }
}
