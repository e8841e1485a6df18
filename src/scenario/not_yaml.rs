//! What the YAML scanner stumbled over, told in the words of somebody who writes YAML, and shown where the slip is.

use super::problems::{Problem, Span};
use super::tree::NESTING_MAX;
use crate::diagnostic::Code;

/// Turns the scanner's message into a problem. `open` is the bracket that was open.
pub(super) fn problem(text: &str, at: usize, info: &str, open: Option<Span>) -> Problem {
    let lines = Lines { text, at };
    // Before the tab, which the word has in it.
    if info.contains("unprintable") {
        return new(&lines.character(), "this character cannot stand in YAML")
            .help("delete it, or write it as an escape in double quotes");
    }
    if info.contains("tab") {
        return tab(&lines);
    }
    if info.contains("recursion") {
        let message = format!("lists and keys stand more than {NESTING_MAX} deep within each other");
        return Problem::new(Code::TooLarge, &lines.character(), message).help("is this a scenario?");
    }
    if info.contains("mapping values are not allowed") || info.contains("illegal placement of ':'") {
        return second_colon(&lines);
    }
    if info.contains("simple key expect") {
        return no_colon(&lines);
    }
    if info.contains("did not find expected key") || info.contains("expected '-' indicator") {
        return misaligned(&lines);
    }
    let unclosed = ["end of stream", "indentation", "document indicator"].iter().any(|word| info.contains(word));
    if info.contains("quoted scalar") && unclosed {
        let at = at + text[at..].find(['"', '\'']).unwrap_or(0);
        let lines = Lines { text, at };
        return new(&lines.rest(), "this quote is never closed")
            .help("close it by the same quote at the end of the text");
    }
    if info.contains("after double-quoted scalar") {
        return match open {
            Some(open) => bracket(&lines, &open),
            None => new(&lines.rest(), "text follows the closing quote")
                .help("end the line after the quote; a quote inside the text is written `\\\"`"),
        };
    }
    if info.contains("quoted scalar") && (info.contains("escape") || info.contains("hexadecimal")) {
        return new(&lines.character(), "a backslash in double quotes starts an escape, and this one is none")
            .help("write `\\\\`, or use single quotes");
    }
    if info.contains("unknown anchor") || info.contains("anchor or alias") {
        return new(&lines.word(), "`*` starts an alias in YAML, and no anchor has this name")
            .help("put the value into quotes: `\"*:end\"`");
    }
    if info.contains("unexpected character") || info.contains("cannot start any token") {
        return new(&lines.character(), "a value cannot start with this character").help("put the value into quotes");
    }
    if let (Some(open), true) = (open, info.contains("flow") || info.contains("bracket")) {
        return bracket(&lines, &open);
    }
    if info.contains("block scalar") {
        return new(&lines.rest(), "this block of text is indented in a way that YAML cannot read")
            .help("indent every line of the block by the same number of spaces");
    }
    if info.contains("indentation") {
        return misaligned(&lines);
    }
    new(&lines.rest(), format!("this is not YAML: {info}"))
}

fn new(span: &Span, message: impl Into<String>) -> Problem {
    Problem::new(Code::NotYaml, span, message)
}

fn tab(lines: &Lines<'_>) -> Problem {
    let from = lines.start();
    // The scanner reports the value that the tab interrupts; the tab itself is at the start of a line after it.
    let found = lines.text[from..].split_inclusive('\n').scan(from, |start, line| {
        let here = *start;
        *start += line.len();
        Some((here, line))
    });
    let indent = |line: &str| line.len() - line.trim_start_matches([' ', '\t']).len();
    let tab = found.into_iter().find_map(|(start, line)| line[..indent(line)].find('\t').map(|column| start + column));
    let at = tab.unwrap_or(lines.at);
    new(&(at..at + 1), "a tab cannot indent a line").label("a tab").help("indent by spaces, two for each level")
}

fn second_colon(lines: &Lines<'_>) -> Problem {
    let before = &lines.text[lines.start()..lines.at];
    if let Some(column) = before.find(": ") {
        let value = lines.start() + column + 2;
        return new(&(value..lines.line_end()), "a second `: ` in one line")
            .help("put the value into quotes; or, if a key and its value were meant, give them a line of their own");
    }
    if let Some((start, line)) = lines.line_before() {
        let key = line.trim_start().trim_start_matches("- ");
        if let Some(colon) = key.find(':').filter(|colon| key[colon + 1..].starts_with(|c: char| !c.is_whitespace())) {
            let at = start + line.len() - key.len();
            if !is_key(&key[..colon]) || key[colon..].starts_with("://") {
                return foreign(&(at..at + key.len()));
            }
            return new(&(at..at + key.len()), "a space is missing after the colon").help(format!(
                "write `{}: {}`",
                &key[..colon],
                &key[colon + 1..]
            ));
        }
        if key.contains(": ") {
            return new(
                &lines.rest_of_line(),
                "this line is indented deeper than the one above, which already has a value",
            )
            .help("indent it as far as the line above");
        }
        return no_colon(lines);
    }
    new(&lines.rest_of_line(), "a key cannot stand here")
}

fn no_colon(lines: &Lines<'_>) -> Problem {
    let (start, line) = lines.line_before().unwrap_or((lines.start(), lines.line()));
    let word = line.trim();
    let at = start + line.len() - line.trim_start().len();
    let problem = |message: &str| new(&(at..at + word.len()), message);
    match word.split_once([' ', '=']) {
        None if is_key(word) => problem("this line has no colon").help(format!("a key ends with a colon: `{word}:`")),
        Some((key, value)) if is_key(key) && !value.contains(['=', '{', '(', ';']) => {
            problem("this line has no colon").help(format!("a key and its value: `{key}: {value}`"))
        }
        _ => foreign(&(at..at + word.len())),
    }
}

/// A line of something else altogether.
fn foreign(span: &Span) -> Problem {
    new(span, "this line is no YAML").help("a scenario is YAML: `ringback show outbound-answered` prints one")
}

fn is_key(word: &str) -> bool {
    !word.is_empty() && word.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-'))
}

fn misaligned(lines: &Lines<'_>) -> Problem {
    let span = lines.rest_of_line();
    let line = lines.line().trim_start();
    if let Some(word) = line.strip_prefix('-').filter(|word| word.starts_with(|c: char| c.is_alphabetic())) {
        return new(&span, "a space is missing after the dash").help(format!("write `- {}`", word.trim_end()));
    }
    let item = line.starts_with("- ");
    let above = lines.indents_above();
    let message = if item && above.contains(&lines.indent()) {
        "a list item cannot stand among keys"
    } else {
        "the indentation of this line matches no line above"
    };
    let (label, depths) = (count(lines.indent()), above.iter().map(|depth| depth.to_string()).collect::<Vec<_>>());
    let problem = new(&span, message).label(format!("indented by {label}"));
    if item && above.contains(&lines.indent()) {
        problem.help("steps stand under `script:`; a list cannot follow a key that already has keys")
    } else {
        problem.help(format!("indent it by {} spaces, as one of the lines above", depths.join(" or ")))
    }
}

fn bracket(lines: &Lines<'_>, open: &Span) -> Problem {
    let column = lines.text[open.clone()].rfind(['[', '{']).unwrap_or(0);
    let start = open.start + column;
    let bracket = if lines.text[start..].starts_with('[') { '[' } else { '{' };
    let close = if bracket == '[' { ']' } else { '}' };
    if lines.text[lines.at..].trim().is_empty() {
        return new(&(start..start + 1), format!("`{bracket}` is never closed")).help(format!("add the `{close}`"));
    }
    new(&lines.word(), format!("a `,` or the closing `{close}` is missing before this"))
        .also(&(start..start + 1), "opened here")
        .help(format!("put a comma between two values, and a `{close}` at the end"))
}

fn count(spaces: usize) -> String {
    if spaces == 1 { "1 space".to_owned() } else { format!("{spaces} spaces") }
}

/// The text around the place that the scanner reports.
struct Lines<'t> {
    text: &'t str,
    at: usize,
}

impl<'t> Lines<'t> {
    fn start(&self) -> usize {
        self.text[..self.at].rfind('\n').map_or(0, |newline| newline + 1)
    }

    fn line_end(&self) -> usize {
        let rest = &self.text[self.at..];
        self.at + rest.find(['\n', '\r']).unwrap_or(rest.len())
    }

    fn line(&self) -> &'t str {
        &self.text[self.start()..self.line_end()]
    }

    fn indent(&self) -> usize {
        self.line().len() - self.line().trim_start_matches(' ').len()
    }

    /// From the reported place to the end of its line.
    fn rest(&self) -> Span {
        self.at..self.line_end()
    }

    /// The line without its indentation.
    fn rest_of_line(&self) -> Span {
        self.start() + self.indent()..self.line_end()
    }

    fn character(&self) -> Span {
        self.at..self.at + self.text[self.at..].chars().next().map_or(0, char::len_utf8)
    }

    fn word(&self) -> Span {
        let rest = &self.text[self.rest()];
        self.at..self.at + rest.find([' ', ',', ']', '}']).unwrap_or(rest.len())
    }

    /// The last line before this one that says something.
    fn line_before(&self) -> Option<(usize, &'t str)> {
        let mut end = self.start();
        while end > 0 {
            let start = self.text[..end - 1].rfind('\n').map_or(0, |newline| newline + 1);
            let line = self.text[start..end].trim_end();
            if !line.is_empty() && !line.trim_start().starts_with('#') {
                return Some((start, line));
            }
            end = start;
        }
        None
    }

    /// The depths at which the lines above stand, ascending; only those that a line here could join.
    fn indents_above(&self) -> Vec<usize> {
        let mut depths = std::collections::BTreeSet::new();
        let mut shallowest = usize::MAX;
        for line in self.text[..self.start()].lines().rev() {
            let indent = line.len() - line.trim_start_matches(' ').len();
            if !line.trim().is_empty() && !line.trim_start().starts_with('#') && indent < shallowest {
                depths.insert(indent);
                shallowest = indent;
            }
        }
        depths.into_iter().collect()
    }
}
