//! Findings as people read them: one line where it happens, and a block for each kind of finding at the end.

use super::words::{clipped, count_of, escaped};
use super::{BAD, BOLD, DIM, GOOD, WARN};
use crate::diagnostic::Code;
use crate::event::{Difference, Expectation, Finding, Side, Weight};
use crate::faults::Bent;
use anstyle::Style;
use std::collections::HashMap;
use std::io::{self, Write};

/// How many findings of one kind, by one expectation, are shown.
pub const ALIKE_SHOWN_MAX: usize = 3;
/// How many kinds of findings are shown.
pub const KINDS_SHOWN_MAX: usize = 50;
/// How much of a finding's sentence the line shows that stands where it happened.
const MESSAGE_SHOWN_MAX_CHARS: usize = 200;
/// How long a curl command may be to be shown.
const CURL_SHOWN_MAX_CHARS: usize = 4_000;
/// How many lines of a comparison are shown.
const LINES_SHOWN_MAX: usize = 60;

/// Everything that was found, folded by kind and expectation.
#[derive(Default)]
pub(super) struct Findings {
    kinds: Vec<Kind>,
    places: HashMap<(Code, Expectation), usize>,
    /// How many findings are of kinds that are not kept.
    beyond: u64,
}

/// Findings that have their kind and their expectation in common.
struct Kind {
    /// The first of them, each with how many attempts there could be.
    shown: Vec<(Finding, Option<u32>)>,
    count: u64,
}

impl Findings {
    /// Takes one more.
    pub fn add(&mut self, finding: &Finding, attempts_max: Option<u32>) {
        let key = (finding.code, finding.expectation.clone());
        let place = match self.places.get(&key) {
            Some(place) => *place,
            None if self.kinds.len() >= KINDS_SHOWN_MAX => {
                self.beyond += 1;
                return;
            }
            None => {
                self.kinds.push(Kind { shown: Vec::new(), count: 0 });
                self.places.insert(key, self.kinds.len() - 1);
                self.kinds.len() - 1
            }
        };
        let kind = &mut self.kinds[place];
        kind.count += 1;
        if kind.shown.len() < ALIKE_SHOWN_MAX {
            kind.shown.push((finding.clone(), attempts_max));
        }
    }

    /// Writes a block for each kind.
    pub fn write(&self, out: &mut impl Write) -> io::Result<()> {
        let mut told = HashMap::new();
        for kind in &self.kinds {
            kind.write(&mut told, out)?;
        }
        if self.beyond > 0 {
            let more = count_of(self.beyond, "finding of another kind", "findings of other kinds");
            writeln!(out, "\n{BOLD}and {more}{BOLD:#}; all of them: --report ndjson=run.ndjson")?;
        }
        Ok(())
    }
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

impl Kind {
    /// Writes the block. `told` holds the curl commands of the blocks before, each with the code that it stands under.
    fn write<'k>(&'k self, told_before: &mut HashMap<&'k str, Code>, out: &mut impl Write) -> io::Result<()> {
        let Some((first, _)) = self.shown.first() else { return Ok(()) };
        let (style, word) = told(first.weight);
        let title = first.code.explanation().title;
        writeln!(out, "\n{style}{word}[{}]{style:#}{BOLD}: {title}{BOLD:#}", first.code)?;
        let block = Block::of(&first.expectation);
        block.place(&first.expectation, out)?;
        let has_lines = self.shown.iter().any(|(finding, _)| !finding.difference.is_empty());
        if !has_lines {
            block.row("expected", &escaped(&first.expected), out)?;
        }
        for (index, (finding, attempts_max)) in self.shown.iter().enumerate() {
            if index > 0 {
                writeln!(out, "{}{DIM}|{DIM:#}", block.margin)?;
            }
            match finding.difference.is_empty() {
                true => block.row("found", &escaped(&finding.found), out)?,
                false => block.lines(&finding.difference, out)?,
            }
            if let Some(push) = push(finding, *attempts_max) {
                block.row("push", &push, out)?;
            }
        }
        let hidden = self.count - self.shown.len() as u64;
        if hidden > 0 {
            block.row("", &format!("{BOLD}and {hidden} more{BOLD:#}"), out)?;
        }
        for help in self.shown.iter().filter_map(|(finding, _)| finding.help.as_ref()) {
            block.row("help", &escaped(help), out)?;
        }
        // A snapshot that belongs to no story has none to play again.
        if !first.replay.is_empty() {
            block.row("replay", &escaped(&first.replay), out)?;
        }
        if let Some(curl) = &first.curl {
            match told_before.get(curl.as_str()) {
                Some(code) => block.row("curl", &format!("the same as under {code}"), out)?,
                None => block.curl(curl, out)?,
            }
            told_before.entry(curl).or_insert(first.code);
        }
        block.row("explain", &format!("ringback explain {}", first.code), out)
    }
}

/// Which push a finding is about: its name, the attempt, what had bent it, its call.
fn push(finding: &Finding, attempts_max: Option<u32>) -> Option<String> {
    let delivery = finding.delivery.as_ref()?;
    let tries = match (finding.attempt, attempts_max) {
        (Some(attempt), Some(most)) => format!("  try {attempt}/{most}"),
        (Some(attempt), None) => format!("  try {attempt}"),
        (None, _) => String::new(),
    };
    let names: Vec<&str> = finding.faults.iter().map(|Bent { fault, .. }| *fault).collect();
    let faults = if names.is_empty() { String::new() } else { format!("  {WARN}[{}]{WARN:#}", names.join(", ")) };
    let call = format!("  {DIM}call {}{DIM:#}", escaped(&delivery.call));
    let target = if delivery.target > 1 { format!("  {DIM}at {}{DIM:#}", delivery.target) } else { String::new() };
    Some(format!("{}{tries}{faults}{call}{target}", delivery.push))
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

    /// The command on lines of its own, so that it can be copied as a whole.
    fn curl(&self, curl: &str, out: &mut impl Write) -> io::Result<()> {
        if curl.chars().nth(CURL_SHOWN_MAX_CHARS).is_some() {
            let told = format!("{} characters long; it stands in --report ndjson=run.ndjson", curl.chars().count());
            return self.row("curl", &told, out);
        }
        let mut lines = curl.lines();
        self.row("curl", &escaped(lines.next().unwrap_or_default()), out)?;
        for line in lines {
            writeln!(out, "{}            {}", self.margin, escaped(line))?;
        }
        Ok(())
    }
}
