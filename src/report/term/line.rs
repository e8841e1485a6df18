//! The lines of single happenings: one out and one back for every push, with the call at the end.

use super::words::{escaped, short};
use super::{BAD, DIM, GOOD, INDENT, Term, WARN};
use crate::clock::BEIJING;
use crate::event::DeliveryId;
use crate::faults::Bent;
use crate::vendors::named::shown;
use anstyle::Style;
use jiff::Timestamp;
use std::io::{self, Write};
use std::time::Duration;

impl<W: Write> Term<W> {
    pub(super) fn line_out(
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
        let (names, push_width) = (names(faults), self.push_width);
        let bent = if names.is_empty() { String::new() } else { format!("{WARN}[{names}]{WARN:#} ") };
        writeln!(
            self.out,
            "{DIM}{}{DIM:#} --> {:push_width$} {style}{tries:8}{style:#}  {bent}{}  {}",
            self.clock_face(left),
            shown(&delivery.push),
            call,
            escaped(why),
        )?;
        self.evidence(faults)
    }

    /// What can be seen of each fault that has bent a push.
    pub(super) fn evidence(&mut self, faults: &[Bent]) -> io::Result<()> {
        for Bent { fault, evidence, .. } in faults {
            writeln!(self.out, "{INDENT}{DIM}{fault}: {}{DIM:#}", escaped(evidence))?;
        }
        Ok(())
    }

    /// The line of an answer.
    pub(super) fn line_of_answer(
        &mut self,
        delivery: &DeliveryId,
        status: u16,
        took: Duration,
        (acknowledged, with_warning, truncated): (bool, bool, bool),
    ) -> io::Result<()> {
        let (style, word) = match (acknowledged, with_warning) {
            (true, false) => (GOOD, "ack"),
            (true, true) => (WARN, "ack, with a warning"),
            (false, _) => (BAD, "not acknowledged"),
        };
        let cut = if truncated { ", body cut" } else { "" };
        self.line_back(delivery, took, style, &format!("{status} in {}  {word}{cut}", short(took)))
    }

    pub(super) fn line_back(
        &mut self,
        delivery: &DeliveryId,
        took: Duration,
        style: Style,
        told: &str,
    ) -> io::Result<()> {
        let left = self.left.get(delivery).copied().flatten();
        let back = left.and_then(|left| left.checked_add(took).ok());
        let told_width = self.push_width + 9;
        let call = self.call(delivery);
        writeln!(self.out, "{DIM}{}{DIM:#} <-- {style}{told:told_width$}{style:#}  {call}", self.clock_face(back))
    }

    /// The line of a push that a fault never lets leave.
    pub(super) fn line_of_nothing(
        &mut self,
        delivery: &DeliveryId,
        offset: Duration,
        faults: &[Bent],
    ) -> io::Result<()> {
        let (clock, call) = (self.clock_face(self.instant(offset)), self.call(delivery));
        let push_width = self.push_width;
        let names = names(faults);
        writeln!(
            self.out,
            "{DIM}{clock}{DIM:#} -x- {:push_width$} {WARN}[{names}]{WARN:#} {call}",
            shown(&delivery.push)
        )?;
        self.evidence(faults)
    }

    /// The instant of an offset from the start of the scenario.
    pub(super) fn instant(&self, offset: Duration) -> Option<Timestamp> {
        self.start.parse::<Timestamp>().ok().and_then(|start| start.checked_add(offset).ok())
    }

    /// The time on a clock in Beijing, as the vendors count; on a later day than the first with the days that have passed.
    pub(super) fn clock_face(&self, instant: Option<Timestamp>) -> String {
        let beijing = |instant: Timestamp| BEIJING.to_datetime(instant);
        let (Some(now), Some(start)) = (instant.map(beijing), self.start.parse().ok().map(beijing)) else {
            return " ".repeat(12);
        };
        let days = start.date().until(now.date()).map_or(0, |span| span.get_days());
        let time = now.strftime("%H:%M:%S.%3f");
        if days == 0 { time.to_string() } else { format!("+{days}d {time}") }
    }

    pub(super) fn call(&self, delivery: &DeliveryId) -> String {
        match (self.targets, escaped(&delivery.call)) {
            (1, call) => format!("{DIM}call {call}{DIM:#}"),
            (_, call) => format!("{DIM}call {call} at {}{DIM:#}", delivery.target),
        }
    }
}

pub(super) fn names(faults: &[Bent]) -> String {
    faults.iter().map(|bent| bent.fault).collect::<Vec<_>>().join(", ")
}
