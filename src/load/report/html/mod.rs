//! The page of a load for a browser, complete in itself: what it came to in tables, and how things went over time in charts.
//! It reads a [`LoadSummary`], be it of one run or of all its shards, and shares its dress with the page of a run.

mod model;
mod over_time;

use super::LoadReport;
use crate::load::{LoadSummary, Tick};
use crate::look::{Data, EVERY, Page, Part, REPORT};
use model::Overview;
use std::io::{self, Write};

const OWN: Part = Part {
    style: include_str!("style.css"),
    scripts: &[
        include_str!("script/data.js"),
        include_str!("script/head.js"),
        include_str!("script/scales.js"),
        include_str!("script/chart.js"),
        include_str!("script/charts.js"),
        include_str!("script/tables.js"),
        include_str!("script/keys.js"),
    ],
};

/// Writes the page when the run is over.
pub struct LoadHtml<W: Write>(W);

impl<W: Write> LoadHtml<W> {
    /// A report that writes to `out`.
    pub fn new(out: W) -> Self {
        Self(out)
    }
}

impl<W: Write> LoadReport for LoadHtml<W> {
    fn tick(&mut self, _: &Tick) -> io::Result<()> {
        Ok(())
    }

    fn finished(&mut self, summary: &LoadSummary) -> io::Result<()> {
        self.0.write_all(page(summary)?.as_bytes())?;
        self.0.flush()
    }
}

fn page(summary: &LoadSummary) -> io::Result<String> {
    let overview = Overview::of(summary);
    Ok(Page {
        title: &format!("{}: a Ringback load", overview.verdict),
        summary: &told(summary),
        parts: &[&EVERY, &REPORT, &OWN],
        body: include_str!("body.html"),
        data: &[Data::json("overview", &overview)?],
    }
    .text())
}

/// What a reader without a script still sees.
fn told(summary: &LoadSummary) -> String {
    let (total, times) = (&summary.total, &summary.total.response);
    format!(
        "{}. {} calls; of {} pushes {} were sent, {} held back, {} lost, {} excused; {} of {} attempts failed; response time p50 {} us, \
         p99 {} us; seed {}.",
        summary.verdict.word(),
        summary.figures.calls.started,
        total.planned,
        total.sent,
        total.held,
        total.lost,
        total.excused,
        total.errors,
        total.attempts,
        times.p50_us,
        times.p99_us,
        summary.asked.seed
    )
}
