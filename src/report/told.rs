//! A finding as lines for people: what is wrong, where, what was expected and found, and how to see it again. Plain text;
//! what a format does to it (colour, escapes) is its own.

use crate::diagnostic::BUILT_IN_SOURCE;
use crate::event::Finding;

/// How many lines of a difference are shown.
pub const DIFFERENCE_LINES_MAX: usize = 100;
/// How many where there is little room.
pub const BRIEF_LINES_MAX: usize = 20;
/// How much of one line is shown.
pub const LINE_MAX_CHARS: usize = 2_000;
/// How much of a command to paste is shown.
pub const COMMAND_MAX_CHARS: usize = 20_000;

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
    let Finding { delivery, attempt, faults, curl, .. } = finding;
    let mut lines = compared(finding, DIFFERENCE_LINES_MAX);
    if let Some(delivery) = delivery {
        let attempt = attempt.map_or(String::new(), |attempt| format!(", try {attempt}"));
        lines.push(format!("push      {} of call {}{attempt}", delivery.push, delivery.call));
    }
    for bent in faults {
        lines.push(format!("fault     {}: {}", bent.fault, clipped(&bent.evidence, LINE_MAX_CHARS)));
    }
    if let Some(curl) = curl {
        let curl = cut(curl, COMMAND_MAX_CHARS);
        let mut parts = curl.lines();
        lines.push(format!("ask       {}", parts.next().unwrap_or_default()));
        lines.extend(parts.map(|part| format!("          {part}")));
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

fn compared(finding: &Finding, lines_max: usize) -> Vec<String> {
    let Finding { expected, found, difference, .. } = finding;
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

/// The file and the line of a place, where it is a file: `scenarios/a.yaml:12`.
pub fn file_and_line(place: &str) -> Option<(&str, Option<u32>)> {
    if place.is_empty() || place.starts_with(BUILT_IN_SOURCE) {
        return None;
    }
    let split = place.rsplit_once(':').and_then(|(file, line)| Some((file, line.parse().ok()?)));
    let (file, line) = match split {
        Some((file, line)) => (file, Some(line)),
        None => (place, None),
    };
    // What was never a file has a space in its name: `scenario text`.
    (!file.contains(' ') || file.contains('/')).then_some((file, line))
}

/// The text on one line, free of control characters, and not longer than the limit.
pub fn clipped(text: &str, max_chars: usize) -> String {
    let plain: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    cut(&plain, max_chars)
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
        assert_eq!(file_and_line("scenarios/a.yaml:12"), Some(("scenarios/a.yaml", Some(12))));
        assert_eq!(file_and_line("my scenarios/a.yaml:12"), Some(("my scenarios/a.yaml", Some(12))));
        assert_eq!(file_and_line("a.yaml"), Some(("a.yaml", None)));
        assert_eq!(file_and_line(r"C:\a.yaml"), Some((r"C:\a.yaml", None)));
        for nowhere in ["built-in:transfer", "built-in:transfer:7", "scenario text:3", ""] {
            assert_eq!(file_and_line(nowhere), None, "{nowhere}");
        }
    }

    #[test]
    fn what_is_cut_says_so() {
        assert_eq!(cut("满意满意", 2), "满意 ... (2 more characters)");
        assert_eq!((cut("满意", 2), clipped("a\nb\u{1b}", 9)), ("满意".to_owned(), "a b ".to_owned()));
    }
}
