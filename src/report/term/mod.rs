//! The `term` report: for people. One line out and one line back for every push, with the call at the end; then what was
//! found, and a summary.

mod finding;
mod line;
mod probe;
mod summary;
mod words;

use super::folded::Folding;
use super::told::against;
use super::{Report, Totals};
use crate::duration;
use crate::event::{DeliveryId, RunEvent, said};
use crate::http::header;
use crate::vendors::named;
use crate::visible::Guarded;
use anstyle::{AnsiColor, Style};
use jiff::Timestamp;
use std::collections::HashMap;
use std::io::{self, Write};
use summary::Applied;
use words::{clipped, consists_of, count, count_of, escaped, short};

/// How much the report tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Detail {
    /// What was found, and the summary.
    Quiet,
    /// Every push and every answer.
    Normal,
    /// Bodies, too.
    Verbose,
}

/// How much of a body a line of the verbose report shows.
const BODY_SHOWN_MAX_CHARS: usize = 4_000;
/// How much of an unexpected answer's body a line shows.
const ANSWER_SHOWN_MAX_CHARS: usize = 120;
/// The width that the name of a push is padded to, so that lines align across stories; where there are longer ones, theirs.
const PUSH_WIDTH_MIN: usize = 26;

/// What further lines about a push begin with: as wide as the time and the arrow of its line.
const INDENT: &str = "                 ";

const DIM: Style = Style::new().dimmed();
const BOLD: Style = Style::new().bold();
const GOOD: Style = AnsiColor::Green.on_default();
const BAD: Style = AnsiColor::Red.on_default();
const WARN: Style = AnsiColor::Yellow.on_default();

/// Writes lines for people.
pub struct Term<W: Write> {
    out: Guarded<W>,
    detail: Detail,
    totals: Totals,
    /// The width that the name of a push is padded to.
    push_width: usize,
    /// What each planned delivery of the present story tells of.
    why: HashMap<u32, String>,
    /// When the last attempt of a delivery left, as its line showed it.
    left: HashMap<DeliveryId, Option<Timestamp>>,
    targets: usize,
    start: String,
    /// What the verdict says of the receiver.
    against: &'static str,
    /// Whether the last story was skipped.
    skipped: bool,
    /// Everything that was found.
    findings: Folding,
    /// Which expectations were judged.
    applied: Applied,
}

impl<W: Write> Term<W> {
    /// A report that writes to `out`; whether colours survive is up to `out`.
    pub fn new(out: W, detail: Detail) -> Self {
        Self {
            out: Guarded::new(out),
            detail,
            totals: Totals::default(),
            push_width: PUSH_WIDTH_MIN,
            why: HashMap::new(),
            left: HashMap::new(),
            targets: 1,
            start: String::new(),
            against: "",
            skipped: false,
            findings: Folding::default(),
            applied: Applied::default(),
        }
    }
}

impl<W: Write> Report for Term<W> {
    fn event(&mut self, event: &RunEvent) -> io::Result<()> {
        self.totals.event(event);
        let shown = self.detail >= Detail::Normal;
        if !shown && is_a_line_of_its_own(event) {
            return Ok(());
        }
        match event {
            RunEvent::Started { ringback, seed, start, pace, targets, built_in_receiver, .. } => {
                self.targets = targets.len();
                self.start.clone_from(start);
                self.against = against(*built_in_receiver);
                let built_in = if *built_in_receiver { " (the built-in receiver)" } else { "" };
                writeln!(self.out, "{BOLD}ringback {ringback}{BOLD:#}  seed {seed}  pace {pace}  start {start}")?;
                writeln!(self.out, "to {}{built_in}", targets.join(", "))
            }
            RunEvent::StoryStarted { story, title, deliveries, records, .. } => {
                self.why.clear();
                self.left.clear();
                self.skipped = false;
                if !shown {
                    return Ok(());
                }
                writeln!(
                    self.out,
                    "\n{BOLD}{} by {}{BOLD:#}  {}  {DIM}({}){DIM:#}",
                    escaped(&story.scenario),
                    story.vendor,
                    escaped(title),
                    consists_of(*deliveries, *records)
                )
            }
            RunEvent::Skipped { story, reason } => {
                // One quiet line each; those in a row stand together.
                let gap = if std::mem::replace(&mut self.skipped, true) { "" } else { "\n" };
                writeln!(
                    self.out,
                    "{gap}{DIM}{} by {}  skipped: {}{DIM:#}",
                    escaped(&story.scenario),
                    story.vendor,
                    escaped(reason)
                )
            }
            RunEvent::Planned { delivery, why, .. } => {
                self.push_width = self.push_width.max(named::shown(&delivery.push).len());
                self.why.insert(delivery.number, why.clone());
                Ok(())
            }
            RunEvent::Attempted { delivery, attempt, attempts_max, at, method, url, headers, body, faults, .. } => {
                self.line_out(delivery, (*attempt, *attempts_max), at, faults)?;
                if self.detail >= Detail::Verbose {
                    writeln!(self.out, "{INDENT}{DIM}{method} {}{DIM:#}", escaped(url))?;
                    for (name, value) in headers {
                        writeln!(self.out, "{INDENT}{DIM}{}: {}{DIM:#}", escaped(name), escaped(value))?;
                    }
                    writeln!(self.out, "{INDENT}{}", clipped(body, BODY_SHOWN_MAX_CHARS))?;
                }
                Ok(())
            }
            RunEvent::Replied {
                delivery,
                status,
                headers,
                body,
                truncated,
                version,
                remark,
                timing,
                acknowledged,
                reason,
                warning,
                ..
            } => {
                let how = (*acknowledged, warning.is_some(), *truncated);
                self.line_of_answer(delivery, *status, timing.total, how)?;
                if let Some(reason) = reason.as_ref().or(warning.as_ref()) {
                    let answer = said(body, header(headers, "content-type"));
                    let answer = if answer.is_empty() { "no body".to_owned() } else { answer };
                    writeln!(self.out, "{INDENT}{}: {DIM}{answer}{DIM:#}", escaped(reason))?;
                }
                if let Some(remark) = remark {
                    writeln!(self.out, "{INDENT}{DIM}{}{DIM:#}", clipped(remark, ANSWER_SHOWN_MAX_CHARS))?;
                }
                if let Some(version) = version.filter(|_| self.detail >= Detail::Verbose) {
                    writeln!(self.out, "{INDENT}{DIM}answered by {version}{DIM:#}")?;
                }
                if self.detail >= Detail::Verbose {
                    writeln!(self.out, "{INDENT}{}", clipped(body, BODY_SHOWN_MAX_CHARS))?;
                }
                Ok(())
            }
            RunEvent::Failed { delivery, class, message, timing, .. } => {
                let told = format!("{} after {}", class.as_str(), short(timing.total));
                self.line_back(delivery, timing.total, BAD, &told)?;
                writeln!(self.out, "{INDENT}{}", escaped(message))
            }
            RunEvent::RetrySet { wait, retry_after, .. } => {
                let asked = if *retry_after { ", as the receiver asked" } else { "" };
                writeln!(self.out, "{INDENT}{WARN}next try in {}{asked}{WARN:#}", duration::text(*wait))
            }
            RunEvent::Dropped { delivery, offset, faults } => self.line_of_nothing(delivery, *offset, faults),
            RunEvent::Disabled { url, failures, untried, .. } => writeln!(
                self.out,
                "{BAD}disabled{BAD:#}: {failures} attempts in a row failed, so that the vendor stops pushing to {} ({} not tried)",
                escaped(url),
                count_of(*untried, "push", "pushes")
            ),
            RunEvent::GivenUp { attempts, excused: true, .. } => {
                let attempts = count(u64::from(*attempts), "attempt");
                writeln!(self.out, "{INDENT}{WARN}not taken{WARN:#} after {attempts}, as a spoilt push may be")
            }
            RunEvent::GivenUp { attempts, excused: false, .. } => {
                let attempts = count(u64::from(*attempts), "attempt");
                writeln!(self.out, "{INDENT}{BAD}given up{BAD:#} after {attempts}")
            }
            RunEvent::Found(found) => {
                self.findings.add(found);
                if shown { finding::line(found, &mut self.out) } else { Ok(()) }
            }
            RunEvent::Checked { expectation, judged, .. } => {
                self.applied.add(expectation, *judged);
                Ok(())
            }
            RunEvent::Recorded { story, offset, id, why, record, .. } => {
                let at = self.instant(*offset);
                let (kept, push_width) = (format!("{} record {}", story.vendor, escaped(id)), self.push_width);
                writeln!(self.out, "{DIM}{}{DIM:#} === {kept:push_width$} {}", self.clock_face(at), escaped(why))?;
                if self.detail >= Detail::Verbose {
                    writeln!(self.out, "{INDENT}{}", clipped(&record.to_string(), BODY_SHOWN_MAX_CHARS))?;
                }
                Ok(())
            }
            RunEvent::Driven { offset, what, .. } => {
                let at = self.start.parse::<Timestamp>().ok().and_then(|start| start.checked_add(*offset).ok());
                writeln!(self.out, "{DIM}{}{DIM:#} >>> by hand: {}", self.clock_face(at), escaped(what))
            }
            RunEvent::Unreachable { url, message, untried, .. } => {
                let url = escaped(url);
                writeln!(self.out, "{BAD}unreachable{BAD:#}: {url}: {}", escaped(message))?;
                writeln!(
                    self.out,
                    "  {} not tried; start the receiver, check the address, or let Ringback wait: --wait-for {url}",
                    count_of(*untried, "push", "pushes")
                )
            }
            RunEvent::Probed { .. } => self.line_of_probe(event),
            RunEvent::NotJudged { expectation, reason, .. } => self.line_of_no_probe(expectation, reason),
            RunEvent::Finished { seed, interrupted, took, exit, unwritten } => {
                self.summary(*seed, *interrupted, *took, (*exit, unwritten))
            }
            RunEvent::Held { .. }
            | RunEvent::Transcript { .. }
            | RunEvent::Withdrawn { .. }
            | RunEvent::FaultPlayed { .. }
            | RunEvent::Compared { .. }
            | RunEvent::Acknowledged { .. }
            | RunEvent::StoryFinished { .. } => Ok(()),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

/// Whether an event is a line that stands for nothing but itself.
fn is_a_line_of_its_own(event: &RunEvent) -> bool {
    matches!(
        event,
        RunEvent::Skipped { .. }
            | RunEvent::Attempted { .. }
            | RunEvent::Replied { .. }
            | RunEvent::Failed { .. }
            | RunEvent::RetrySet { .. }
            | RunEvent::Dropped { .. }
            | RunEvent::GivenUp { .. }
            | RunEvent::Recorded { .. }
            | RunEvent::Driven { .. }
    )
}
