//! The `term` report: for people. One line out and one line back for every push, with the call at the end; then a summary.

use super::{Report, Totals};
use crate::clock::BEIJING;
use crate::duration;
use crate::event::{DeliveryId, RunEvent};
use crate::faults::Bent;
use anstyle::{AnsiColor, Style};
use jiff::Timestamp;
use std::collections::HashMap;
use std::io::{self, Write};
use std::time::Duration;

/// How much the report tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Detail {
    /// The summary, with what was given up.
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
/// How much of what a probe asks a line shows.
const ASKED_SHOWN_MAX_CHARS: usize = 160;
/// How many deliveries that were given up the summary names.
const GIVEN_UP_SHOWN_MAX: usize = 20;
/// The width that the name of a push is padded to, so that lines align across stories.
const PUSH_WIDTH: usize = 26;

/// What further lines about a push begin with: as wide as the time and the arrow of its line.
const INDENT: &str = "                 ";

const DIM: Style = Style::new().dimmed();
const BOLD: Style = Style::new().bold();
const GOOD: Style = AnsiColor::Green.on_default();
const BAD: Style = AnsiColor::Red.on_default();
const WARN: Style = AnsiColor::Yellow.on_default();

/// Writes lines for people.
pub struct Term<W: Write> {
    out: W,
    detail: Detail,
    totals: Totals,
    /// What each planned delivery of the present story tells of.
    why: HashMap<u32, String>,
    /// When the last attempt of a delivery left, as its line showed it.
    left: HashMap<DeliveryId, Option<Timestamp>>,
    targets: usize,
    start: String,
    /// Whether the last story was skipped.
    skipped: bool,
    /// Deliveries that were given up, for the summary.
    given_up: Vec<String>,
}

impl<W: Write> Term<W> {
    /// A report that writes to `out`; whether colours survive is up to `out`.
    pub fn new(out: W, detail: Detail) -> Self {
        Self {
            out,
            detail,
            totals: Totals::default(),
            why: HashMap::new(),
            left: HashMap::new(),
            targets: 1,
            start: String::new(),
            skipped: false,
            given_up: Vec::new(),
        }
    }

    fn line_out(
        &mut self,
        delivery: &DeliveryId,
        (attempt, attempts_max): (u32, u32),
        at: &str,
        faults: &[Bent],
    ) -> io::Result<()> {
        let left = at.parse::<Timestamp>().ok();
        self.left.insert(delivery.clone(), left);
        let tries = format!("try {attempt}/{attempts_max}");
        let why = self.why.get(&delivery.number).map_or("", String::as_str);
        let call = self.call(delivery);
        let style = if attempt > 1 { WARN } else { Style::new() };
        let names: Vec<_> = faults.iter().map(|bent| bent.fault).collect();
        let bent = if names.is_empty() { String::new() } else { format!("{WARN}[{}]{WARN:#} ", names.join(", ")) };
        writeln!(
            self.out,
            "{DIM}{}{DIM:#} --> {:PUSH_WIDTH$} {style}{tries:8}{style:#}  {bent}{}  {why}",
            self.clock_face(left),
            delivery.push,
            call,
        )?;
        self.evidence(faults)
    }

    /// What can be seen of each fault that has bent a push.
    fn evidence(&mut self, faults: &[Bent]) -> io::Result<()> {
        for Bent { fault, evidence } in faults {
            writeln!(self.out, "{INDENT}{DIM}{fault}: {evidence}{DIM:#}")?;
        }
        Ok(())
    }

    fn line_back(&mut self, delivery: &DeliveryId, took: Duration, style: Style, told: &str) -> io::Result<()> {
        let left = self.left.get(delivery).copied().flatten();
        let back = left.and_then(|left| left.checked_add(took).ok());
        let told_width = PUSH_WIDTH + 9;
        let call = self.call(delivery);
        writeln!(self.out, "{DIM}{}{DIM:#} <-- {style}{told:told_width$}{style:#}  {call}", self.clock_face(back))
    }

    /// The time on a clock in Beijing, as the vendors count; on a later day than the first with the days that have passed.
    fn clock_face(&self, instant: Option<Timestamp>) -> String {
        let beijing = |instant: Timestamp| BEIJING.to_datetime(instant);
        let (Some(now), Some(start)) = (instant.map(beijing), self.start.parse().ok().map(beijing)) else {
            return " ".repeat(12);
        };
        let days = start.date().until(now.date()).map_or(0, |span| span.get_days());
        let time = now.strftime("%H:%M:%S.%3f");
        if days == 0 { time.to_string() } else { format!("+{days}d {time}") }
    }

    fn call(&self, delivery: &DeliveryId) -> String {
        match (self.targets, delivery.call.as_str()) {
            (1, call) => format!("{DIM}call {call}{DIM:#}"),
            (_, call) => format!("{DIM}call {call} at {}{DIM:#}", delivery.target),
        }
    }

    fn summary(&mut self, seed: u64, interrupted: bool, took: Duration, exit: u8) -> io::Result<()> {
        let totals = &self.totals;
        let out = &mut self.out;
        writeln!(out)?;
        let skipped = match totals.skipped.len() {
            0 => String::new(),
            count => format!(", {count} skipped"),
        };
        writeln!(
            out,
            "{BOLD}stories {BOLD:#}  {} ({}{skipped})",
            totals.stories,
            count(totals.scenarios.len() as u64, "scenario")
        )?;
        let open = totals.planned - (totals.acknowledged + totals.given_up + totals.excused).min(totals.planned);
        let open = if open == 0 { String::new() } else { format!(", {open} not settled") };
        let excused = match totals.excused {
            0 => String::new(),
            count => format!(", {count} spoilt and not taken"),
        };
        writeln!(
            out,
            "{BOLD}pushes  {BOLD:#}  {}: {} acknowledged, {} given up{excused}{open}",
            totals.planned, totals.acknowledged, totals.given_up
        )?;
        if !totals.faults.is_empty() {
            let bent: Vec<_> = totals.faults.iter().map(|(fault, times)| format!("{times} x {fault}")).collect();
            writeln!(out, "{BOLD}faults  {BOLD:#}  {}", bent.join(", "))?;
        }
        writeln!(
            out,
            "{BOLD}attempts{BOLD:#}  {}, of these {}",
            totals.attempts,
            count_of(totals.retries, "retry", "retries")
        )?;
        let failures: Vec<_> = totals.failures.iter().map(|(class, times)| format!("{times} x {class}")).collect();
        let failures = if failures.is_empty() { "none".to_owned() } else { failures.join(", ") };
        writeln!(out, "{BOLD}failures{BOLD:#}  {failures}")?;
        if totals.warnings > 0 {
            let answers = count_of(totals.warnings, "answer was", "answers were");
            writeln!(out, "{BOLD}warnings{BOLD:#}  {WARN}{answers} taken, though not as documented{WARN:#}")?;
        }
        if totals.records > 0 {
            let changes = count_of(totals.records, "change", "changes");
            writeln!(
                out,
                "{BOLD}records {BOLD:#}  {changes}; a journal keeps them for `ringback serve`: --journal FILE"
            )?;
        }
        if let (Some(p50), Some(p99)) = (totals.latency(0.5), totals.latency(0.99)) {
            writeln!(out, "{BOLD}latency {BOLD:#}  p50 {}, p99 {}", short(p50), short(p99))?;
        }
        for told in &self.given_up {
            writeln!(out, "{BAD}given up{BAD:#}  {told}")?;
        }
        let hidden = totals.given_up.saturating_sub(self.given_up.len() as u64);
        if hidden > 0 {
            writeln!(out, "          and {hidden} more")?;
        }
        let start = &self.start;
        writeln!(
            out,
            "{BOLD}seed    {BOLD:#}  {seed}, in {}; the same pushes again: --seed {seed} --at {start}",
            short(took)
        )?;
        let (style, word) = match (interrupted, exit) {
            (true, _) => (WARN, "INTERRUPTED"),
            (false, 0) => (GOOD, "PASS"),
            (false, _) => (BAD, "FAIL"),
        };
        writeln!(out, "{style}{word}{style:#} (exit {exit})")
    }
}

impl<W: Write> Report for Term<W> {
    fn event(&mut self, event: &RunEvent) -> io::Result<()> {
        self.totals.event(event);
        let shown = self.detail >= Detail::Normal;
        match event {
            RunEvent::Started { ringback, seed, start, pace, targets, built_in_receiver, .. } => {
                self.targets = targets.len();
                self.start.clone_from(start);
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
                    "\n{BOLD}{} by {}{BOLD:#}  {title}  {DIM}({}){DIM:#}",
                    story.scenario,
                    story.vendor,
                    consists_of(*deliveries, *records)
                )
            }
            RunEvent::Skipped { story, reason } if shown => {
                // One quiet line each; those in a row stand together.
                let gap = if std::mem::replace(&mut self.skipped, true) { "" } else { "\n" };
                writeln!(self.out, "{gap}{DIM}{} by {}  skipped: {reason}{DIM:#}", story.scenario, story.vendor)
            }
            RunEvent::Planned { delivery, why, .. } => {
                self.why.insert(delivery.number, why.clone());
                Ok(())
            }
            RunEvent::Attempted { delivery, attempt, attempts_max, at, method, url, headers, body, faults, .. } => {
                if !shown {
                    return Ok(());
                }
                self.line_out(delivery, (*attempt, *attempts_max), at, faults)?;
                if self.detail >= Detail::Verbose {
                    writeln!(self.out, "{INDENT}{DIM}{method} {url}{DIM:#}")?;
                    for (name, value) in headers {
                        writeln!(self.out, "{INDENT}{DIM}{name}: {value}{DIM:#}")?;
                    }
                    writeln!(self.out, "{INDENT}{}", clipped(body, BODY_SHOWN_MAX_CHARS))?;
                }
                Ok(())
            }
            RunEvent::Replied {
                delivery,
                status,
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
                if !shown {
                    return Ok(());
                }
                let (style, word) = match (acknowledged, warning) {
                    (true, None) => (GOOD, "ack"),
                    (true, Some(_)) => (WARN, "ack, with a warning"),
                    (false, _) => (BAD, "not acknowledged"),
                };
                let cut = if *truncated { ", body cut" } else { "" };
                let told = format!("{status} in {}  {word}{cut}", short(timing.total));
                self.line_back(delivery, timing.total, style, &told)?;
                if let Some(reason) = reason.as_ref().or(warning.as_ref()) {
                    let answer = clipped(body.trim(), ANSWER_SHOWN_MAX_CHARS);
                    let answer = if answer.is_empty() { "no body".to_owned() } else { answer };
                    writeln!(self.out, "{INDENT}{reason}: {DIM}{answer}{DIM:#}")?;
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
            RunEvent::Failed { delivery, class, message, timing, .. } if shown => {
                let told = format!("{} after {}", class.as_str(), short(timing.total));
                self.line_back(delivery, timing.total, BAD, &told)?;
                writeln!(self.out, "{INDENT}{message}")
            }
            RunEvent::RetrySet { wait, retry_after, .. } if shown => {
                let asked = if *retry_after { ", as the receiver asked" } else { "" };
                writeln!(self.out, "{INDENT}{WARN}next try in {}{asked}{WARN:#}", duration::text(*wait))
            }
            RunEvent::Dropped { delivery, offset, faults } if shown => {
                let start = self.start.parse::<Timestamp>().ok();
                let at = start.and_then(|start| start.checked_add(*offset).ok());
                let (clock, call) = (self.clock_face(at), self.call(delivery));
                let names: Vec<_> = faults.iter().map(|bent| bent.fault).collect();
                let names = names.join(", ");
                writeln!(
                    self.out,
                    "{DIM}{clock}{DIM:#} -x- {:PUSH_WIDTH$} {WARN}[{names}]{WARN:#} {call}",
                    delivery.push
                )?;
                self.evidence(faults)
            }
            RunEvent::Disabled { url, failures, untried, .. } => writeln!(
                self.out,
                "{BAD}disabled{BAD:#}: {failures} attempts in a row failed, so that the vendor stops pushing to {url} ({} not tried)",
                count_of(*untried, "push", "pushes")
            ),
            RunEvent::GivenUp { attempts, excused: true, .. } => {
                if !shown {
                    return Ok(());
                }
                let attempts = count(u64::from(*attempts), "attempt");
                writeln!(self.out, "{INDENT}{WARN}not taken{WARN:#} after {attempts}, as a spoilt push may be")
            }
            RunEvent::GivenUp { delivery, attempts, reason, excused: false } => {
                let attempts = count(u64::from(*attempts), "attempt");
                if self.given_up.len() < GIVEN_UP_SHOWN_MAX {
                    let told = format!("{}, {}: {reason} ({attempts})", delivery.scenario, delivery.push);
                    self.given_up.push(told);
                }
                if !shown {
                    return Ok(());
                }
                writeln!(self.out, "{INDENT}{BAD}given up{BAD:#} after {attempts}")
            }
            RunEvent::Recorded { story, offset, id, why, record, .. } if shown => {
                let at = self.start.parse::<Timestamp>().ok().and_then(|start| start.checked_add(*offset).ok());
                let kept = format!("{} record {id}", story.vendor);
                writeln!(self.out, "{DIM}{}{DIM:#} === {kept:PUSH_WIDTH$} {why}", self.clock_face(at))?;
                if self.detail >= Detail::Verbose {
                    writeln!(self.out, "{INDENT}{}", clipped(&record.to_string(), BODY_SHOWN_MAX_CHARS))?;
                }
                Ok(())
            }
            RunEvent::Probed { delivery, asked, tries, took, agrees, status, silent, .. } => {
                let (style, word) = match (agrees, status) {
                    (true, _) => (GOOD, "agreed"),
                    (false, Some(_)) => (BAD, "disagreed"),
                    (false, None) => (BAD, "could not be asked"),
                };
                if !shown && *agrees {
                    return Ok(());
                }
                let (clock, asked) = (self.clock_face(None), clipped(asked, ASKED_SHOWN_MAX_CHARS));
                let (tries, took) = (count_of(u64::from(*tries), "try", "tries"), short(*took));
                let why = silent.as_ref().map(|why| format!(": {why}")).unwrap_or_default();
                let after = delivery.as_ref().map(|id| format!("  {} {}", id.push, self.call(id))).unwrap_or_default();
                writeln!(self.out, "{clock} ??? {asked} {style}{word}{style:#} after {tries} in {took}{why}{after}")
            }
            RunEvent::Unreachable { url, message, untried, .. } => {
                writeln!(self.out, "{BAD}unreachable{BAD:#}: {url}: {message}")?;
                writeln!(
                    self.out,
                    "  {} not tried; start the receiver, check the address, or let Ringback wait: --wait-for {url}",
                    count_of(*untried, "push", "pushes")
                )
            }
            RunEvent::Finished { seed, interrupted, took, exit } => self.summary(*seed, *interrupted, *took, *exit),
            RunEvent::Skipped { .. }
            | RunEvent::Held { .. }
            | RunEvent::Failed { .. }
            | RunEvent::Dropped { .. }
            | RunEvent::Transcript { .. }
            | RunEvent::Driven { .. }
            | RunEvent::Withdrawn { .. }
            | RunEvent::Found(_)
            | RunEvent::Checked { .. }
            | RunEvent::Compared { .. }
            | RunEvent::RetrySet { .. }
            | RunEvent::Recorded { .. }
            | RunEvent::Acknowledged { .. }
            | RunEvent::StoryFinished { .. } => Ok(()),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

/// A measured time with a unit that fits it.
fn short(duration: Duration) -> String {
    match duration.as_micros() {
        0..1_000 => format!("{} us", duration.as_micros()),
        1_000..10_000 => format!("{:.1} ms", duration.as_secs_f64() * 1e3),
        10_000..1_000_000 => format!("{} ms", duration.as_millis()),
        _ => format!("{:.1} s", duration.as_secs_f64()),
    }
}

/// What a story consists of: "4 pushes", "nothing is pushed, 12 records are kept".
fn consists_of(deliveries: u64, records: u64) -> String {
    let pushes = count_of(deliveries, "push", "pushes");
    let kept = count_of(records, "change of the vendor's records", "changes of the vendor's records");
    match (deliveries, records) {
        (_, 0) => pushes,
        (0, _) => format!("nothing is pushed; {kept}"),
        (_, _) => format!("{pushes}; {kept}"),
    }
}

fn count(number: u64, noun: &str) -> String {
    count_of(number, noun, &format!("{noun}s"))
}

fn count_of(number: u64, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}

/// The text on one line, free of control characters, and not longer than the limit.
fn clipped(text: &str, max_chars: usize) -> String {
    let mut clipped: String = text.chars().take(max_chars).map(|c| if c.is_control() { ' ' } else { c }).collect();
    let left = text.chars().count().saturating_sub(max_chars);
    if left > 0 {
        clipped += &format!(" ... ({left} more characters)");
    }
    clipped
}
