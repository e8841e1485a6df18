//! The `github` report: what GitHub Actions shows of a run. Workflow commands mark the lines of scenarios that a receiver
//! failed at, and a job summary in Markdown tells the rest. Written when the run is over; nothing of what a receiver said can
//! become a command.

use super::Report;
use super::folded::Folded;
use super::markdown;
use super::summary::{Summary, Summing};
use super::told::{brief, cut, details, elsewhere, file_and_line, headline};
use crate::event::{RunEvent, Weight};
use crate::visible::{on_one_line, visible};
use std::io::{self, Write};

/// How many annotations of one kind GitHub shows for a step. The rest is counted.
pub const ANNOTATIONS_MAX: usize = 10;
/// How much text an annotation holds.
pub const ANNOTATION_MAX_CHARS: usize = 4_000;
/// How many lines of findings the log holds.
pub const LOG_LINES_MAX: usize = 5_000;

/// Writes workflow commands, and a job summary.
pub struct Github<W: Write, S: Write> {
    commands: Option<W>,
    job_summary: Option<S>,
    summing: Summing,
}

impl<W: Write, S: Write> Github<W, S> {
    /// A report that writes its commands to one place, and its job summary to the other.
    pub fn new(commands: Option<W>, job_summary: Option<S>) -> Self {
        Self { commands, job_summary, summing: Summing::default() }
    }
}

impl<W: Write, S: Write> Report for Github<W, S> {
    fn event(&mut self, event: &RunEvent) -> io::Result<()> {
        let Some(summary) = self.summing.event(event) else { return Ok(()) };
        if let Some(out) = &mut self.commands {
            out.write_all(commands(summary).as_bytes())?;
        }
        if let Some(out) = &mut self.job_summary {
            out.write_all(markdown::job_summary(summary).as_bytes())?;
        }
        Ok(())
    }

    fn flush(&mut self) -> io::Result<()> {
        if let Some(out) = &mut self.commands {
            out.flush()?;
        }
        match &mut self.job_summary {
            Some(out) => out.flush(),
            None => Ok(()),
        }
    }
}

/// The words of annotations.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Error,
    Warning,
    Notice,
}

impl Kind {
    const ALL: [Kind; 3] = [Kind::Error, Kind::Warning, Kind::Notice];

    fn of(weight: Weight) -> Self {
        match weight {
            Weight::Failed | Weight::Unknown => Kind::Error,
            Weight::Pending => Kind::Warning,
            Weight::Remark => Kind::Notice,
        }
    }

    fn as_str(self) -> &'static str {
        match self {
            Kind::Error => "error",
            Kind::Warning => "warning",
            Kind::Notice => "notice",
        }
    }
}

fn commands(summary: &Summary) -> String {
    let mut text = String::new();
    let mut annotations: Vec<(Kind, String)> = Vec::new();
    for story in &summary.stories {
        if let (super::summary::State::Unreachable, Some(reason)) = (story.state, &story.reason) {
            let title = format!("{} by {}: the target cannot be reached", story.story.scenario, story.story.vendor);
            annotations.push((Kind::Error, annotation(Kind::Error, &story.source, &title, reason)));
        }
    }
    for report in &summary.unwritten {
        let told = format!("{report} could not be written, so the exit code is {}", summary.exit);
        annotations.push((Kind::Error, error_annotation("", "a report could not be written", &told)));
    }
    for folded in &summary.folded {
        let Some(finding) = folded.first() else { continue };
        let kind = Kind::of(finding.weight);
        let place = &finding.expectation.place;
        let title = format!("{} {}", finding.code.as_str(), finding.expectation.text);
        let lines = brief(finding).into_iter().chain(elsewhere(folded)).collect::<Vec<_>>();
        let told = format!("{}\n{}", on_one_line(&finding.message), lines.join("\n"));
        annotations.push((kind, annotation(kind, place, &title, &told)));
    }
    for kind in Kind::ALL {
        let all: Vec<&String> = annotations.iter().filter(|(other, _)| *other == kind).map(|(_, line)| line).collect();
        // The last place is for the count, where not all of them can be shown.
        let shown = if all.len() > ANNOTATIONS_MAX { ANNOTATIONS_MAX - 1 } else { all.len() };
        all.iter().take(shown).for_each(|line| text += line);
        if all.len() > shown {
            let told = format!("{} more, which the log and the job summary tell", all.len() - shown);
            text += &format!("::{} title=Ringback::{}\n", kind.as_str(), data(&told));
        }
    }
    if !summary.folded.is_empty() {
        let lines = summary.folded.iter().flat_map(log_lines).take(LOG_LINES_MAX);
        text += &format!("::group::What was found\n{}::endgroup::\n", lines.collect::<String>());
    }
    text
}

/// An annotation that marks an error at a place; at none where the place is empty.
pub fn error_annotation(place: &str, title: &str, message: &str) -> String {
    annotation(Kind::Error, place, title, message)
}

/// An annotation that warns at a place; at none where the place is empty.
pub fn warning_annotation(place: &str, title: &str, message: &str) -> String {
    annotation(Kind::Warning, place, title, message)
}

fn annotation(kind: Kind, place: &str, title: &str, message: &str) -> String {
    let place = match file_and_line(place) {
        Some((file, Some(line))) => format!("file={},line={line},", property(&file)),
        Some((file, None)) => format!("file={},", property(&file)),
        None => String::new(),
    };
    let message = cut(message, ANNOTATION_MAX_CHARS).lines().map(visible).collect::<Vec<_>>().join("\n");
    format!("::{} {place}title={}::{}\n", kind.as_str(), property(&visible(title)), data(&message))
}

/// Findings that are alike, as lines of the log. Each begins with a bar, because the runner takes a line that begins with `::`
/// for a command: the texts are partly what the receiver said.
fn log_lines(folded: &Folded) -> Vec<String> {
    let Some(first) = folded.first() else { return Vec::new() };
    let below = details(first).into_iter().chain(elsewhere(folded)).map(|line| format!("  {line}"));
    let lines = std::iter::once(headline(first)).chain(below);
    lines.map(|line| format!("| {}\n", visible(&line))).collect()
}

/// The text after the second `::`, as the runner reads it back.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// The value of a property, as the runner reads it back.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_runner_takes_apart_is_escaped() {
        assert_eq!(data("50%\r\na,b:c"), "50%25%0D%0Aa,b:c");
        assert_eq!(property("a,b:c\n%"), "a%2Cb%3Ac%0A%25");
        let line = annotation(Kind::Error, "a,b.yaml:7", "RB-202 *: status 2xx", "one\n::set-env name=PATH::x");
        let told = "::error file=a%2Cb.yaml,line=7,title=RB-202 *%3A status 2xx::one%0A\\u{3a}:set-env name=PATH::x\n";
        assert_eq!(line, told);
        assert_eq!(annotation(Kind::Notice, "built-in:transfer", "t", "m"), "::notice title=t::m\n");
    }
}
