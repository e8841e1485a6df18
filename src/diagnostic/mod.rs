//! What is wrong, where, and what to do about it: one [`Diagnostic`] for each mistake. Nothing here decides what a mistake is.

mod code;
mod explanation;
mod place;
mod render;

pub use code::Code;
pub use explanation::Explanation;
pub use place::Place;
pub use render::render;

use serde::{Serialize, Serializer};
use std::collections::BTreeMap;
use std::fmt;

/// What the source of a built-in scenario begins with, where another's is its path.
pub const BUILT_IN_SOURCE: &str = "built-in:";

/// How much a diagnostic matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Nothing is played until it is mended.
    Error,
    /// It is played, but hardly as it was meant.
    Warning,
}

/// One mistake, in words that a scenario's author knows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Diagnostic {
    /// What kind of mistake; `ringback explain CODE` tells more of it.
    pub code: Code,
    /// How much it matters.
    pub severity: Severity,
    /// What is wrong.
    pub message: String,
    /// The file, as its user named it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    /// Where in the file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<Place>,
    /// A few words for the marked text itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// Other places that matter, each with a few words: the first of two keys that are the same.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub also: Vec<(Place, String)>,
    /// What to do.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub help: Option<String>,
}

impl Diagnostic {
    /// An error that belongs to no line of a file.
    pub fn error(code: Code, message: impl Into<String>) -> Self {
        Self {
            code,
            severity: Severity::Error,
            message: message.into(),
            file: None,
            place: None,
            label: None,
            also: Vec::new(),
            help: None,
        }
    }

    /// Names the file.
    pub fn in_file(mut self, file: impl Into<String>) -> Self {
        self.file = Some(file.into());
        self
    }

    /// Says what to do.
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

/// Everything that is wrong, in one file or in many, with the texts of those files for showing the lines.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Diagnostics {
    list: Vec<Diagnostic>,
    texts: BTreeMap<String, String>,
}

impl Diagnostics {
    /// The diagnostics of one file with its text.
    pub fn of_file(file: &str, text: impl Into<String>, list: Vec<Diagnostic>) -> Self {
        Self { list, texts: BTreeMap::from([(file.to_owned(), text.into())]) }
    }

    /// Adds those of other files.
    pub fn extend(&mut self, others: Diagnostics) {
        self.list.extend(others.list);
        self.texts.extend(others.texts);
    }

    /// Adds one that needs no text.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        self.list.push(diagnostic);
    }

    /// Whether nothing is wrong.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.list.len()
    }

    /// Each of them, in the order of files and lines.
    pub fn iter(&self) -> impl Iterator<Item = &Diagnostic> {
        self.list.iter()
    }

    /// All of them as a terminal shows them, with colours only where `styled`.
    pub fn render(&self, styled: bool) -> String {
        let text = |diagnostic: &Diagnostic| {
            diagnostic.file.as_ref().and_then(|file| self.texts.get(file)).map(String::as_str).unwrap_or_default()
        };
        let each =
            self.list.iter().map(|diagnostic| render(std::slice::from_ref(diagnostic), text(diagnostic), styled));
        each.collect::<Vec<_>>().join("\n")
    }
}

impl From<Diagnostic> for Diagnostics {
    fn from(diagnostic: Diagnostic) -> Self {
        Self { list: vec![diagnostic], texts: BTreeMap::new() }
    }
}

/// The list alone: the texts are on the disk.
impl Serialize for Diagnostics {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.list.serialize(serializer)
    }
}

impl fmt::Display for Diagnostics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.render(false))
    }
}

impl std::error::Error for Diagnostics {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_diagnostic_as_json_has_what_an_editor_needs() {
        let text = "title: 中文\ncustmer:\n";
        let place = Some(Place::new(text, &(14..21)));
        let diagnostic = Diagnostic { place, ..Diagnostic::error(Code::UnknownKey, "unknown key").in_file("a.yaml") };
        let expected = serde_json::json!([{
            "code": "RB-102", "severity": "error", "message": "unknown key", "file": "a.yaml",
            "place": { "line": 2, "column": 1, "start": 14, "end": 21 },
        }]);
        let diagnostics = Diagnostics::of_file("a.yaml", text, vec![diagnostic]);
        assert_eq!(serde_json::to_value(diagnostics).ok(), Some(expected));
    }
}
