//! Where in a text something stands.

use serde::Serialize;
use std::ops::Range;

/// Where in a text something stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Place {
    /// The line, from 1.
    pub line: usize,
    /// The column in characters, from 1.
    pub column: usize,
    /// The byte at which it starts, from 0.
    pub start: usize,
    /// The byte after its end.
    pub end: usize,
}

impl Place {
    /// The place of a range of bytes. A range over several lines is cut at the end of its first one, so that it can be
    /// shown by a caret; one that lies beyond the text or within a character is moved to where it can lie.
    pub fn new(text: &str, range: &Range<usize>) -> Self {
        let start = floor(text, range.start);
        let end = floor(text, range.end.max(start));
        let marked = text.get(start..end).unwrap_or_default();
        let first_line = marked.split(['\n', '\r']).next().unwrap_or_default();
        let before = text.get(..start).unwrap_or_default();
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        Self {
            line: before.matches('\n').count() + 1,
            column: before.get(line_start..).unwrap_or_default().chars().count() + 1,
            start,
            end: start + first_line.trim_end().len(),
        }
    }
}

fn floor(text: &str, mut byte: usize) -> usize {
    byte = byte.min(text.len());
    while !text.is_char_boundary(byte) {
        byte -= 1;
    }
    byte
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_characters_and_bytes_count_bytes() {
        let text = "title: 中文\nname: 王芳 x\n";
        let start = text.find('x').unwrap_or_default();
        assert_eq!(Place::new(text, &(start..start + 1)), Place { line: 2, column: 10, start, end: start + 1 });
    }

    #[test]
    fn a_range_over_lines_ends_with_its_first_line() {
        assert_eq!(Place::new("ab: \r\n  cd\n", &(0..9)), Place { line: 1, column: 1, start: 0, end: 3 });
    }

    #[test]
    fn a_range_beyond_the_text_or_within_a_character_is_moved() {
        assert_eq!(Place::new("中", &(1..9)), Place { line: 1, column: 1, start: 0, end: 3 });
        assert_eq!(Place::new("a\n", &(7..9)), Place { line: 2, column: 1, start: 2, end: 2 });
        assert_eq!(Place::new("", &(0..0)), Place { line: 1, column: 1, start: 0, end: 0 });
    }
}
