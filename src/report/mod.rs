//! Reports: each format reads the same events, and nothing else. One file per format.

mod folded;
mod github;
mod html;
mod json;
mod junit;
mod markdown;
mod ndjson;
mod summary;
mod term;
mod told;
mod totals;

pub use folded::{Folded, FoldedPlace};
pub use github::{ANNOTATIONS_MAX, Github, error_annotation, warning_annotation};
pub use html::Html;
pub use json::Json;
pub use junit::{Junit, Skipped};
pub use markdown::plain as markdown_text;
pub use ndjson::Ndjson;
pub use summary::{
    CheckSummary, FaultSummary, Figures, LeftOut, NotJudged, Outcome, ProbeSummary, SUMMARY_FORMAT, SnapshotSummary,
    State, StorySummary, Summary, Summing,
};
pub use term::{Detail, Term};
pub use told::{LINE_MAX_CHARS, clipped, details, file_and_line, headline, request as request_line};
pub use totals::Totals;

use crate::atomic_file::AtomicFile;
use crate::event::RunEvent;
use std::fmt;
use std::io;
use std::path::PathBuf;
use std::str::FromStr;

/// Reads the events of a run as they happen.
pub trait Report {
    /// Takes one event.
    ///
    /// # Errors
    /// What the output refused.
    fn event(&mut self, event: &RunEvent) -> io::Result<()>;

    /// Takes several at once, which some can do for less. Where it fails, none of them counts as taken.
    ///
    /// # Errors
    /// What the output refused.
    fn events(&mut self, events: &[RunEvent]) -> io::Result<()> {
        events.iter().try_for_each(|event| self.event(event))
    }

    /// Writes what is still held back.
    ///
    /// # Errors
    /// What the output refused.
    fn flush(&mut self) -> io::Result<()>;

    /// The file that it becomes; none if it is a stream. Such a report takes the end of a run again, after its file was
    /// rewound.
    fn file(&self) -> Option<&AtomicFile> {
        None
    }
}

/// A report in a file that takes its place when the report is whole.
pub struct InFile<R> {
    pub(crate) report: R,
    pub(crate) file: AtomicFile,
}

impl<R> InFile<R> {
    /// A report that writes to this file.
    pub fn new(file: AtomicFile, report: impl FnOnce(AtomicFile) -> R) -> Self {
        Self { report: report(file.clone()), file }
    }
}

impl<R: Report> Report for InFile<R> {
    fn event(&mut self, event: &RunEvent) -> io::Result<()> {
        self.report.event(event)
    }

    fn events(&mut self, events: &[RunEvent]) -> io::Result<()> {
        self.report.events(events)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.report.flush()
    }

    /// A pipe or a device is a stream.
    fn file(&self) -> Option<&AtomicFile> {
        Some(&self.file).filter(|file| !file.is_stream())
    }
}

/// A report with its name for messages: the argument that asked for it.
pub type Named = (String, Box<dyn Report + Send>);

/// The formats, in the order in which they are listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Format {
    /// Lines for people.
    Term,
    /// One JSON object when the run is over.
    Json,
    /// Every event as one line of JSON.
    Ndjson,
    /// XML for the test pages of CI servers.
    Junit,
    /// Annotations and a job summary for GitHub Actions.
    Github,
    /// One page for a browser.
    Html,
}

impl Format {
    /// Every format with its word and what it is for.
    pub const ALL: [(Format, &'static str, &'static str); 6] = [
        (Format::Term, "term", "one line out and one line back for every push, and a summary"),
        (Format::Json, "json", "what the run came to, as one JSON object (`ringback schema report`)"),
        (
            Format::Ndjson,
            "ndjson",
            "every event of the run as one line of JSON (`ringback schema events`); without a path, as it happens",
        ),
        (Format::Junit, "junit", "XML for CI servers: a suite for every story, a case for every check"),
        (
            Format::Github,
            "github",
            "GitHub Actions: annotations of scenarios and a job summary; with a path, the summary only",
        ),
        (Format::Html, "html", "one page for a browser, with a ladder diagram of every call; needs a path"),
    ];
}

/// A report that was asked for: `FORMAT` or `FORMAT=PATH`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// The format.
    pub format: Format,
    /// The file it goes to; standard output where none is named.
    pub path: Option<PathBuf>,
}

impl FromStr for Asked {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (word, path) = match text.split_once('=') {
            Some((_, "")) => return Err("the path after `=` is empty".into()),
            Some((word, path)) => (word, Some(PathBuf::from(path))),
            None => (text, None),
        };
        let words = Format::ALL.map(|(_, word, _)| word);
        match Format::ALL.iter().find(|(_, known, _)| *known == word) {
            Some((format, _, _)) => Ok(Asked { format: *format, path }),
            None => Err(format!("no report is called `{word}`; there are {}", words.join(", "))),
        }
    }
}

impl fmt::Display for Asked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let word = Format::ALL.iter().find(|(format, _, _)| *format == self.format).map_or("", |(_, word, _)| word);
        match &self.path {
            Some(path) => write!(f, "{word}={}", path.display()),
            None => f.write_str(word),
        }
    }
}
