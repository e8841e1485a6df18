//! The end of the report: what was found, then the figures.

use super::words::{count, count_of, escaped, short};
use super::{BAD, BOLD, DIM, GOOD, Term, WARN, finding};
use crate::event::Expectation;
use crate::report::Totals;
use std::collections::BTreeMap;
use std::fmt::Display;
use std::io::{self, Write};
use std::time::Duration;

/// How many expectations that never applied are named.
pub const NEVER_APPLIED_SHOWN_MAX: usize = 5;
/// How many faults that struck nothing, as they may, are named.
pub const IDLE_SHOWN_MAX: usize = 8;

/// Which expectations were judged at least once, in any story.
#[derive(Default)]
pub(super) struct Applied(BTreeMap<Expectation, bool>);

impl Applied {
    /// An expectation has seen a story.
    pub fn add(&mut self, expectation: &Expectation, judged: u64) {
        *self.0.entry(expectation.clone()).or_default() |= judged > 0;
    }

    /// Expectations of scenarios that never were. A vendor's own rule may well be replaced by them.
    fn never(&self) -> Vec<&Expectation> {
        self.0
            .iter()
            .filter(|(expectation, judged)| !**judged && !expectation.quote.is_empty())
            .map(|(one, _)| one)
            .collect()
    }
}

impl<W: Write> Term<W> {
    pub(super) fn summary(
        &mut self,
        seed: u64,
        interrupted: bool,
        took: Duration,
        (exit, unwritten): (u8, &[String]),
    ) -> io::Result<()> {
        finding::write(&self.findings, &mut self.out)?;
        let totals = &self.totals;
        let out = &mut self.out;
        writeln!(out)?;
        let skipped = match totals.skipped.len() {
            0 => String::new(),
            count => format!(", {count} skipped"),
        };
        let scenarios = count(totals.scenarios.len() as u64, "scenario");
        row(out, "stories", &format!("{} ({scenarios}{skipped})", totals.stories))?;
        let Totals { planned, acknowledged, given_up, excused, .. } = totals;
        let open = planned - (acknowledged + given_up + excused).min(*planned);
        let open = if open == 0 { String::new() } else { format!(", {open} not settled") };
        let excused = match excused {
            0 => String::new(),
            count => format!(", {count} spoilt and not taken"),
        };
        row(out, "pushes", &format!("{planned}: {acknowledged} acknowledged, {given_up} given up{excused}{open}"))?;
        if !totals.faults.is_empty() {
            row(out, "faults", &times(&totals.faults))?;
        }
        if !totals.idle.is_empty() {
            let shown = totals.idle.iter().take(IDLE_SHOWN_MAX);
            let mut idle: Vec<_> =
                shown.map(|(fault, place)| format!("{fault} {DIM}{}{DIM:#}", escaped(place))).collect();
            if let more @ 1.. = totals.idle.len().saturating_sub(IDLE_SHOWN_MAX) {
                idle.push(format!("{more} more"));
            }
            row(out, "idle", &idle.join(", "))?;
        }
        let retries = count_of(totals.retries, "retry", "retries");
        row(out, "attempts", &format!("{}, of these {retries}", totals.attempts))?;
        let failures = if totals.failures.is_empty() { "none".to_owned() } else { times(&totals.failures) };
        row(out, "failures", &failures)?;
        if totals.warnings > 0 {
            let answers = count_of(totals.warnings, "answer was", "answers were");
            row(out, "warnings", &format!("{WARN}{answers} taken, though not as documented{WARN:#}"))?;
        }
        if totals.records > 0 {
            let changes = count_of(totals.records, "change", "changes");
            row(out, "records", &format!("{changes}; a journal keeps them for `ringback serve`: --journal FILE"))?;
        }
        if let (Some(p50), Some(p99)) = (totals.latency(0.5), totals.latency(0.99)) {
            row(out, "latency", &format!("p50 {}, p99 {}", short(p50), short(p99)))?;
        }
        self.checks()?;
        let (start, out, took) = (&self.start, &mut self.out, short(took));
        row(out, "seed", &format!("{seed}, in {took}; the same pushes again: --seed {seed} --at {start}"))?;
        for report in unwritten {
            row(out, "reports", &format!("{BAD}{} could not be written{BAD:#}", escaped(report)))?;
        }
        let (style, word) = match (interrupted, exit) {
            (true, _) => (WARN, "INTERRUPTED"),
            (false, 0) => (GOOD, "PASS"),
            (false, _) => (BAD, "FAIL"),
        };
        writeln!(out, "{style}{word}{style:#} (exit {exit}){}", self.against)
    }

    /// `checks    7: 6 hold, 1 fails`.
    fn checks(&mut self) -> io::Result<()> {
        let (checks, failed) = (self.totals.checks, self.totals.checks_failed);
        let never = self.applied.never();
        if checks == 0 && never.is_empty() {
            return Ok(());
        }
        let holding = checks - failed.min(checks);
        let told = match (checks, failed) {
            (0, _) => "none was judged".to_owned(),
            (_, 0) => format!("{checks}: all hold"),
            (_, _) => format!(
                "{checks}: {}, {BAD}{}{BAD:#}",
                count_of(holding, "holds", "hold"),
                count_of(failed, "fails", "fail")
            ),
        };
        let out = &mut self.out;
        row(out, "checks", &told)?;
        for Expectation { text, place, .. } in never.iter().take(NEVER_APPLIED_SHOWN_MAX) {
            let place = escaped(place);
            writeln!(out, "          {WARN}never judged{WARN:#}: {}  {DIM}{place}{DIM:#}", escaped(text))?;
        }
        if let more @ 1.. = never.len().saturating_sub(NEVER_APPLIED_SHOWN_MAX) {
            writeln!(out, "          {WARN}never judged{WARN:#}: {more} more")?;
        }
        if self.totals.not_judged > 0 {
            let probes = count_of(self.totals.not_judged, "probe", "probes");
            writeln!(
                out,
                "          {WARN}not judged{WARN:#}: {probes}, because faults had lost pushes of their stories"
            )?;
        }
        Ok(())
    }
}

fn row(out: &mut impl Write, name: &str, text: &str) -> io::Result<()> {
    writeln!(out, "{BOLD}{name:8}{BOLD:#}  {text}")
}

/// `3 x status 500, 1 x timed out (connect)`
fn times(counts: &BTreeMap<impl Display, u64>) -> String {
    counts.iter().map(|(what, times)| format!("{times} x {what}")).collect::<Vec<_>>().join(", ")
}
