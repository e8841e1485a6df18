//! The `github` report of a load: an annotation for each threshold that was missed, and a job summary with the table.

use super::{LoadReport, examples, table};
use crate::load::expectations::ExpectationState;
use crate::load::summary::{Stands, Verdict};
use crate::load::{LoadSummary, Tick};
use crate::report::{error_annotation, markdown_text, warning_annotation};
use crate::vendors::named::shown;
use std::io::{self, Write};

/// Writes workflow commands, and a job summary.
pub struct LoadGithub<W: Write, S: Write> {
    commands: Option<W>,
    job_summary: Option<S>,
}

impl<W: Write, S: Write> LoadGithub<W, S> {
    /// A report that writes its commands to one place, and its job summary to the other.
    pub fn new(commands: Option<W>, job_summary: Option<S>) -> Self {
        Self { commands, job_summary }
    }
}

impl<W: Write, S: Write> LoadReport for LoadGithub<W, S> {
    fn tick(&mut self, _: &Tick) -> io::Result<()> {
        Ok(())
    }

    fn finished(&mut self, summary: &LoadSummary) -> io::Result<()> {
        if let Some(out) = &mut self.commands {
            out.write_all(commands(summary).as_bytes())?;
            out.flush()?;
        }
        if let Some(out) = &mut self.job_summary {
            out.write_all(job_summary(summary).as_bytes())?;
            out.flush()?;
        }
        Ok(())
    }
}

fn commands(summary: &LoadSummary) -> String {
    let mut text = String::new();
    if summary.verdict == Verdict::ExpectationBroken {
        for broken in summary.figures.expectations.iter().filter(|one| one.state() == ExpectationState::Broken) {
            let told = format!("{}\n{}", broken.told(), examples::full(broken).join("\n"));
            text += &error_annotation(&broken.place, &format!("load: {}", broken.text), &told);
        }
    } else if summary.verdict == Verdict::ThresholdMissed {
        for missed in summary.thresholds.iter().filter(|threshold| threshold.stands() == Stands::Missed) {
            let place = if missed.place.contains(':') { missed.place.as_str() } else { "" };
            text += &error_annotation(place, &format!("load: missed {}", missed.text), &missed.told);
        }
    } else if summary.verdict != Verdict::Passed {
        text += &error_annotation("", &format!("load: {}", summary.verdict.word()), &summary.reasons.join("\n"));
    }
    for warning in &summary.warnings {
        text += &warning_annotation("", "load", warning);
    }
    text
}

fn job_summary(summary: &LoadSummary) -> String {
    let mut text = format!("## Ringback load: {} (exit {})\n\n", summary.verdict.word(), summary.exit);
    for sentence in summary.reasons.iter().chain(&summary.warnings) {
        text += &format!("- {}\n", markdown_text(sentence));
    }
    if !summary.thresholds.is_empty() {
        text += "\n| threshold | measured | |\n|---|---|---|\n";
        for threshold in &summary.thresholds {
            let held = match threshold.stands() {
                Stands::Unsure => ":grey_question: depends on the lag",
                Stands::Held => ":white_check_mark: held",
                Stands::Missed => ":x: missed",
                Stands::NotJudged => ":grey_question: not judged",
            };
            text +=
                &format!("| {} | {} | {held} |\n", markdown_text(&threshold.text), markdown_text(&threshold.measured));
        }
    }
    if !summary.figures.expectations.is_empty() {
        text += "\n| expectation | judged | did not hold | |\n|---|---|---|---|\n";
        for one in &summary.figures.expectations {
            let state = match one.state() {
                ExpectationState::Held => ":white_check_mark: held",
                ExpectationState::Broken => ":x: broken",
                ExpectationState::NeverJudged => ":grey_question: never judged",
            };
            text += &format!("| {} | {} | {} | {state} |\n", markdown_text(&one.text), one.judged, one.failed);
        }
    }
    text +=
        "\n| push | planned | lost | excused | held | errors | response p50 / p99 / max | service p50 / p99 / max |\n";
    text += "|---|---|---|---|---|---|---|---|\n";
    for row in summary.pushes.iter().chain([&summary.total]) {
        let times = |times| {
            let [p50, _, p99, _, max] = table::cells(times);
            format!("{p50} / {p99} / {max}")
        };
        text += &format!(
            "| {} | {} | {} | {} | {} | {} | {} | {} |\n",
            markdown_text(&shown(&row.name)),
            row.planned,
            row.lost,
            row.excused,
            row.held,
            row.errors,
            times(&row.response),
            times(&row.service)
        );
    }
    text + &format!("\n{}\n\nThe same calls again: `{}`\n\n", table::DIFFERENCE, summary.replay.replace('`', "'"))
}
