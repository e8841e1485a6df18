//! Where in a file a fault is listed, with the text of the file, so that its line can be shown whenever something is wrong
//! with it.

use std::ops::Range;
use std::sync::Arc;

/// The entry of a fault in its file.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Mark {
    /// The file, as its user named it.
    pub file: Arc<str>,
    /// The bytes of the entry.
    pub span: (usize, usize),
    /// The text of the file, shared by all of its faults.
    pub text: Arc<str>,
}

impl Mark {
    /// The bytes of the entry.
    pub fn range(&self) -> Range<usize> {
        self.span.0..self.span.1
    }

    /// What tells it apart from every other entry of any file.
    pub fn key(&self) -> String {
        format!("{}@{}", self.file, self.span.0)
    }

    /// The entry as it is written, on one line.
    pub fn quote(&self) -> String {
        self.text.get(self.range()).unwrap_or_default().split_whitespace().collect::<Vec<_>>().join(" ")
    }
}
