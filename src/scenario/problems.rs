//! Collects every problem of a file, so that reading never stops at the first one.

use crate::diagnostic::{Code, Diagnostic, Place};
use std::ops::Range;

/// How many problems of one file are shown.
pub const PROBLEMS_SHOWN_MAX: usize = 100;

/// How many regular expressions a file can have; each is compiled when it is read.
pub const PATTERNS_MAX: usize = 100;

/// A range of bytes in the text of a file.
pub(super) type Span = Range<usize>;

/// A problem, before its line and column are counted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Problem {
    code: Code,
    message: String,
    span: Span,
    label: Option<String>,
    help: Option<String>,
    also: Vec<(Span, String)>,
}

impl Problem {
    /// A problem with the text at `span`.
    pub fn new(code: Code, span: &Span, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), span: span.clone(), label: None, help: None, also: Vec::new() }
    }

    /// A few words for the marked text.
    pub fn label(mut self, label: impl Into<String>) -> Self {
        self.label = Some(label.into());
        self
    }

    /// What to do.
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Another place that matters.
    pub fn also(mut self, span: &Span, label: impl Into<String>) -> Self {
        self.also.push((span.clone(), label.into()));
        self
    }

    fn into_diagnostic(self, file: &str, text: &str) -> Diagnostic {
        Diagnostic {
            place: Some(Place::new(text, &self.span)),
            label: self.label,
            also: self.also.into_iter().map(|(span, label)| (Place::new(text, &span), label)).collect(),
            help: self.help,
            ..Diagnostic::error(self.code, self.message).in_file(file)
        }
    }
}

/// All problems of a file.
#[derive(Debug, Default)]
pub(super) struct Problems {
    list: Vec<Problem>,
    /// How many regular expressions were read.
    patterns: usize,
}

impl Problems {
    /// Adds one.
    pub fn add(&mut self, problem: Problem) {
        self.list.push(problem);
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.list.len()
    }

    /// Whether there are more than will be shown, so that reading on is for nothing.
    pub fn are_enough(&self) -> bool {
        self.list.len() > PROBLEMS_SHOWN_MAX
    }

    /// Counts one more regular expression; notes it at `span`, once, where there are too many to compile.
    pub fn has_room_for_pattern(&mut self, span: &Span) -> bool {
        self.patterns += 1;
        if self.patterns == PATTERNS_MAX + 1 {
            let message = format!("the file has more than {PATTERNS_MAX} regular expressions");
            self.add(Problem::new(Code::TooLarge, span, message).help("split it into several scenarios"));
        }
        self.patterns <= PATTERNS_MAX
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// The first of them in one line, for a text that is not of a file.
    pub fn first(&self) -> Option<String> {
        let Problem { message, help, .. } = self.list.first()?;
        Some(help.as_ref().map_or_else(|| message.clone(), |help| format!("{message} ({help})")))
    }

    /// All of them in the order of their lines.
    pub fn into_diagnostics(mut self, file: &str, text: &str) -> Vec<Diagnostic> {
        self.list.sort_by_key(|problem| problem.span.start);
        let more = self.list.split_off(self.list.len().min(PROBLEMS_SHOWN_MAX));
        let mut shown: Vec<Diagnostic> =
            self.list.into_iter().map(|problem| problem.into_diagnostic(file, text)).collect();
        if let Some(next) = more.first() {
            let message = "more problems from here on are not shown".to_owned();
            shown.push(Problem::new(Code::TooLarge, &next.span, message).into_diagnostic(file, text));
        }
        shown
    }
}
