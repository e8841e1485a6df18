//! Findings as people read them: one line where it happens, and at the end a block for each of them, those that are alike
//! folded into one.

use super::line::names;
use super::words::{clipped, count_of, escaped};
use super::{BAD, BOLD, DIM, GOOD, WARN};
use crate::event::{Difference, Expectation, Finding, Side, Weight};
use crate::report::folded::{Folded, Folding};
use crate::report::told::{PLACES_SHOWN_MAX, request, tries};
use crate::vendors::named::shown;
use anstyle::Style;
use std::io::{self, Write};

/// How many blocks are shown.
pub const BLOCKS_SHOWN_MAX: usize = 50;
/// How much of a finding's sentence the line shows that stands where it happened.
const MESSAGE_SHOWN_MAX_CHARS: usize = 200;
/// How many lines of a comparison are shown.
const LINES_SHOWN_MAX: usize = 60;

/// Writes a block for everything that was found, causes first.
pub(super) fn write(findings: &Folding, out: &mut impl Write) -> io::Result<()> {
    let (all, mut beyond) = findings.list();
    for folded in all.iter().take(BLOCKS_SHOWN_MAX) {
        block(folded, out)?;
    }
    beyond += all.iter().skip(BLOCKS_SHOWN_MAX).map(|folded| folded.findings).sum::<u64>();
    if beyond > 0 {
        let more = count_of(beyond, "finding of another kind", "findings of other kinds");
        writeln!(out, "\n{BOLD}and {more}{BOLD:#}; all of them: --report ndjson=run.ndjson")?;
    }
    Ok(())
}

/// The line that stands where it happened.
pub(super) fn line(finding: &Finding, out: &mut impl Write) -> io::Result<()> {
    let (style, _) = told(finding.weight);
    let message = clipped(&finding.message, MESSAGE_SHOWN_MAX_CHARS);
    writeln!(out, "             {style}!!! {}{style:#} {message}", finding.code)
}

fn told(weight: Weight) -> (Style, &'static str) {
    match weight {
        Weight::Remark => (WARN, "remark"),
        Weight::Pending => (WARN, "pending"),
        Weight::Failed => (BAD, "failed"),
        Weight::Unknown => (BAD, "unknown"),
    }
}

/// The first of findings that are alike, what the receiver said in others of them, and where they are.
fn block(folded: &Folded, out: &mut impl Write) -> io::Result<()> {
    let Some(first) = folded.first() else { return Ok(()) };
    let (style, word) = told(first.weight);
    let title = first.code.explanation().title;
    writeln!(out, "\n{style}{word}[{}]{style:#}{BOLD}: {title}{BOLD:#}", first.code)?;
    let block = Block::of(&first.expectation);
    block.place(&first.expectation, out)?;
    let has_lines = folded.examples.iter().any(|finding| !finding.difference.is_empty());
    if !has_lines {
        block.row("expected", &escaped(&first.expected), out)?;
    }
    for (index, finding) in folded.examples.iter().enumerate() {
        if index > 0 {
            writeln!(out, "{}{DIM}|{DIM:#}", block.margin)?;
        }
        match finding.difference.is_empty() {
            true => block.row("found", &escaped(&finding.found), out)?,
            false => block.lines(&finding.difference, out)?,
        }
        if let Some(said) = &finding.said {
            block.row("said", &escaped(said), out)?;
        }
        if let Some(push) = push(finding) {
            block.row("push", &push, out)?;
        }
    }
    if let Some(count) = folded.count() {
        if folded.examples.len() > 1 {
            writeln!(out, "{}{DIM}|{DIM:#}", block.margin)?;
        }
        block.row("places", &format!("{BOLD}{}{BOLD:#}", escaped(&count)), out)?;
        for place in folded.places(PLACES_SHOWN_MAX) {
            block.row("", &escaped(&place), out)?;
        }
    }
    for help in folded.examples.iter().filter_map(|finding| finding.help.as_ref()) {
        block.row("help", &escaped(help), out)?;
    }
    // A snapshot that belongs to no story has none to play again.
    if !first.replay.is_empty() {
        block.row("replay", &escaped(&first.replay), out)?;
    }
    if let Some(curl) = &first.curl {
        block.row("curl", &request(curl), out)?;
    }
    block.row("explain", &format!("ringback explain {}", first.code), out)
}

/// Which push a finding is about: its name, the attempt, what had bent it, its call.
fn push(finding: &Finding) -> Option<String> {
    let delivery = finding.delivery.as_ref()?;
    let tries = tries(finding).map_or(String::new(), |tries| format!("  {tries}"));
    let names = names(&finding.faults);
    let faults = if names.is_empty() { String::new() } else { format!("  {WARN}[{names}]{WARN:#}") };
    let call = format!("  {DIM}call {}{DIM:#}", escaped(&delivery.call));
    let target = if delivery.target > 1 { format!("  {DIM}at {}{DIM:#}", delivery.target) } else { String::new() };
    Some(format!("{}{tries}{faults}{call}{target}", shown(&delivery.push)))
}

/// The left edge of a block: as wide as the number of the line that it quotes.
struct Block {
    margin: String,
    line: String,
}

impl Block {
    fn of(expectation: &Expectation) -> Self {
        let line = match expectation.place.rsplit_once(':') {
            Some((_, line)) if !line.is_empty() && line.bytes().all(|byte| byte.is_ascii_digit()) => line,
            _ => "",
        };
        Self { margin: " ".repeat(line.len() + 1), line: line.to_owned() }
    }

    /// Where the scenario says so, with its line.
    fn place(&self, expectation: &Expectation, out: &mut impl Write) -> io::Result<()> {
        let Self { margin, line } = self;
        let arrow = &margin[1..];
        let place = escaped(&expectation.place);
        writeln!(
            out,
            "{arrow}{DIM}-->{DIM:#} {place}  {DIM}{}{DIM:#}",
            clipped(&expectation.text, MESSAGE_SHOWN_MAX_CHARS)
        )?;
        writeln!(out, "{margin}{DIM}|{DIM:#}")?;
        if !expectation.quote.is_empty() {
            writeln!(out, "{DIM}{line} |{DIM:#} {}", escaped(&expectation.quote))?;
            writeln!(out, "{margin}{DIM}|{DIM:#}")?;
        }
        Ok(())
    }

    fn row(&self, what: &str, text: &str, out: &mut impl Write) -> io::Result<()> {
        let what = if what.is_empty() { String::new() } else { format!("{what}:") };
        writeln!(out, "{}{DIM}={DIM:#} {BOLD}{what:>9}{BOLD:#} {text}", self.margin)
    }

    fn lines(&self, lines: &[Difference], out: &mut impl Write) -> io::Result<()> {
        let told = format!("{GOOD}- expected{GOOD:#}, {BAD}+ found{BAD:#}");
        self.row("differs", &told, out)?;
        for Difference { side, text } in lines.iter().take(LINES_SHOWN_MAX) {
            let style = match side {
                Side::Both => DIM,
                Side::Expected => GOOD,
                Side::Found => BAD,
            };
            writeln!(out, "{}{DIM}|{DIM:#}           {style}{} {}{style:#}", self.margin, side.sign(), escaped(text))?;
        }
        match lines.len().saturating_sub(LINES_SHOWN_MAX) {
            0 => Ok(()),
            more => writeln!(out, "{}{DIM}|{DIM:#}           ... and {more} more lines", self.margin),
        }
    }
}
