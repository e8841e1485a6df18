//! Texts from outside as terminals and logs may show them: what would be obeyed rather than shown becomes an escape.

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
        let rest = &text[at..];
        let begins_command = match c {
            ':' => at == spaces && rest.starts_with("::"),
            '#' => ["##[", "##vso[", "##teamcity["].iter().any(|command| rest.starts_with(command)),
            _ => false,
        };
        match c {
            c if begins_command => visible.extend(c.escape_unicode()),
            c if is_obeyed(c) => visible.extend(c.escape_default()),
            c => visible.push(c),
        }
    }
    visible
}

/// The same with a space in place of every line break and tab: for bodies, which people lay out for reading.
pub fn on_one_line(text: &str) -> String {
    let spaced: String = text.chars().map(|c| if matches!(c, '\n' | '\r' | '\t') { ' ' } else { c }).collect();
    visible(&spaced)
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
}
