//! Texts from outside as terminals and logs may show them: what would be obeyed rather than shown becomes an escape.
//!
//! [`visible`] is for a text that is put into a line; [`Guarded`] is for the output as a whole, whatever is written to it.

use std::borrow::Cow;
use std::io::{self, Write};

/// Whether a terminal would obey a character, take it for the end of a line, or turn the writing around for it.
pub fn is_obeyed(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

/// The text on one line: `\n`, `\u{1b}` and `\u{202e}` are written out, and so is the first character of what a CI server
/// would take for a command, such as `::error::` at the beginning of a line or `##[error]` anywhere.
///
/// A text in which nothing is special comes back as it is, and so does what this made of one.
pub fn visible(text: &str) -> String {
    let mut visible = String::with_capacity(text.len());
    let spaces = text.len() - text.trim_start().len();
    for (at, c) in text.char_indices() {
        match c {
            c if begins_command(&text[at..], at == spaces) => visible.extend(c.escape_unicode()),
            c if is_obeyed(c) => visible.extend(c.escape_default()),
            c => visible.push(c),
        }
    }
    visible
}

/// Whether a CI server would take what begins here for a command.
fn begins_command(rest: &str, is_line_start: bool) -> bool {
    is_line_start && rest.starts_with("::")
        || rest.starts_with("##") && ["##[", "##vso[", "##teamcity["].iter().any(|command| rest.starts_with(command))
}

/// The same with a space in place of every line break and tab: for bodies, which people lay out for reading.
pub fn on_one_line(text: &str) -> String {
    let spaced: String = text.chars().map(|c| if matches!(c, '\n' | '\r' | '\t') { ' ' } else { c }).collect();
    visible(&spaced)
}

/// JSON with its characters as escapes of JSON that would be obeyed where it is printed; it means the same.
pub fn in_json(json: &str) -> Cow<'_, str> {
    // JSON has control characters of ASCII between its tokens only, as line breaks.
    let is_obeyed = |c: char| !c.is_ascii() && is_obeyed(c);
    if !json.contains(is_obeyed) && !json.contains("##") {
        return Cow::Borrowed(json);
    }
    let mut escaped = String::with_capacity(json.len());
    for (at, c) in json.char_indices() {
        match is_obeyed(c) || begins_command(&json[at..], false) {
            true => escaped += &format!("\\u{:04x}", u32::from(c)),
            false => escaped.push(c),
        }
    }
    Cow::Owned(escaped)
}

/// Lines with nothing in them that is obeyed, except for line breaks (`\r\n` too, as HTTP has it), tabs and the colours that
/// Ringback itself writes.
pub fn guarded(text: &str) -> Cow<'_, str> {
    let is_plain = |c: char| matches!(c, '\n' | '\t') || !is_obeyed(c);
    if text.chars().all(is_plain) && !text.contains("::") && !text.contains("##") {
        return Cow::Borrowed(text);
    }
    let mut guarded = String::with_capacity(text.len());
    let (mut is_line_start, mut at) = (true, 0);
    while let Some(c) = text[at..].chars().next() {
        let rest = &text[at..];
        let colour = colour_bytes(rest);
        match c {
            _ if colour > 0 => guarded += &rest[..colour],
            c if begins_command(rest, is_line_start) => guarded.extend(c.escape_unicode()),
            c if is_plain(c) || rest.starts_with("\r\n") => guarded.push(c),
            c => guarded.extend(c.escape_default()),
        }
        is_line_start = c == '\n' || is_line_start && (colour > 0 || c.is_whitespace());
        at += colour.max(c.len_utf8());
    }
    Cow::Owned(guarded)
}

/// How long the colour is that begins here: `ESC [ 1 ; 31 m`. 0 where none does.
fn colour_bytes(text: &str) -> usize {
    let Some(codes) = text.strip_prefix("\u{1b}[") else { return 0 };
    let digits = codes.bytes().take(COLOUR_MAX_BYTES).take_while(|byte| byte.is_ascii_digit() || *byte == b';').count();
    if codes[digits..].starts_with('m') { 2 + digits + 1 } else { 0 }
}

/// How long the codes of one colour can be.
const COLOUR_MAX_BYTES: usize = 32;
/// How much of a line is held back until it ends.
const LINE_MAX_BYTES: usize = 64 << 10;

/// An output that is written line by line, each of them [`guarded`].
pub struct Guarded<W: Write> {
    out: W,
    line: Vec<u8>,
}

impl<W: Write> Guarded<W> {
    /// An output before this one.
    pub fn new(out: W) -> Self {
        Self { out, line: Vec::new() }
    }

    fn pass_on(&mut self) -> io::Result<()> {
        let line = std::mem::take(&mut self.line);
        self.out.write_all(guarded(&String::from_utf8_lossy(&line)).as_bytes())
    }
}

impl<W: Write> Write for Guarded<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        for piece in bytes.split_inclusive(|byte| *byte == b'\n') {
            self.line.extend_from_slice(piece);
            if piece.ends_with(b"\n") || self.line.len() > LINE_MAX_BYTES && piece.is_ascii() {
                self.pass_on()?;
            }
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        if !self.line.is_empty() {
            self.pass_on()?;
        }
        self.out.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_would_be_obeyed_is_written_out() {
        for (text, shown) in [
            ("满意 \"ok\" a::b", "满意 \"ok\" a::b"),
            ("a\nb\r\tc", r"a\nb\r\tc"),
            ("\u{1b}[2J\u{9b}2J\u{7f}", r"\u{1b}[2J\u{9b}2J\u{7f}"),
            ("a\u{202e}b\u{2066}c\u{200f}d\u{61c}", r"a\u{202e}b\u{2066}c\u{200f}d\u{61c}"),
            ("one\u{2028}two\u{2029}\u{85}", r"one\u{2028}two\u{2029}\u{85}"),
            ("::error::x", r"\u{3a}:error::x"),
            ("  ::error::x", r"  \u{3a}:error::x"),
            ("see ##[error]x", r"see \u{23}#[error]x"),
            ("##vso[task.setvariable]", r"\u{23}#vso[task.setvariable]"),
        ] {
            assert_eq!(visible(text), shown);
            assert_eq!(visible(shown), shown, "what is visible stays as it is");
        }
        assert_eq!(on_one_line("{\n\t\"a\": 1\r\n}\u{7}"), "{  \"a\": 1  }\\u{7}");
        assert_eq!(on_one_line("\n::error::x"), r" \u{3a}:error::x");
    }

    #[test]
    fn json_means_the_same() {
        let json = "{\n  \"a\": \"满意\u{9b}2J\u{202e}\\n##[x]\"\n}";
        assert_eq!(in_json(json), "{\n  \"a\": \"满意\\u009b2J\\u202e\\n\\u0023#[x]\"\n}");
        assert!(matches!(in_json("{\n}"), Cow::Borrowed(_)));
    }

    #[test]
    fn an_output_passes_on_lines_and_colours_and_nothing_else_that_is_obeyed() {
        let written = |pieces: &[&str]| {
            let mut out = Guarded::new(Vec::new());
            pieces.iter().for_each(|piece| out.write_all(piece.as_bytes()).expect("a place in memory"));
            out.flush().expect("a place in memory");
            String::from_utf8(out.out).expect("text")
        };
        for (pieces, shown) in [
            (&["\u{1b}[1mok\u{1b}[0m\t满意\n\n"][..], "\u{1b}[1mok\u{1b}[0m\t满意\n\n"),
            (&["a\u{1b}[2J\u{1b}]0;x\u{7}b\rc\n"], "a\\u{1b}[2J\\u{1b}]0;x\\u{7}b\\rc\n"),
            (&["a\u{9b}2J\u{202e}\n"], "a\\u{9b}2J\\u{202e}\n"),
            (
                &["title: first\n::error::x\n", " :", ":add-mask::x"],
                "title: first\n\\u{3a}:error::x\n \\u{3a}:add-mask::x",
            ),
            // A pipe takes the colours away.
            (&["  \u{1b}[31m::error::x\n"], "  \u{1b}[31m\\u{3a}:error::x\n"),
            (&["GET / HTTP/1.1\r\n\r\n::error::x\r\r\n"], "GET / HTTP/1.1\r\n\r\n\\u{3a}:error::x\\r\r\n"),
            (&["a ::b ##[error]\n"], "a ::b \\u{23}#[error]\n"),
        ] {
            assert_eq!(written(pieces), shown);
        }
    }
}
