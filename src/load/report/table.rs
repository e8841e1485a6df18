//! What a load came to, as lines for people: the table of times, the failures, the thresholds, the verdict.

use super::{examples, times};
use crate::load::expectations::ExpectationState;
use crate::load::summary::{LoadAsked, LoadSummary, PushSummary, StageAsked, Stands, Times, Verdict};
use crate::load::threshold::{length, percent};
use crate::{duration, rate};
use anstyle::{AnsiColor, Style};
use std::fmt::Write as _;
use std::time::Duration;

/// What the two kinds of times mean.
pub const DIFFERENCE: &str = "Response counts from the moment at which a push was due, service from the moment at which it was \
    really written:\nwhere response is longer, pushes had to wait, as those of real calls would.";

pub(super) const BOLD: Style = Style::new().bold();
const DIM: Style = Style::new().dimmed();
const GOOD: Style = AnsiColor::Green.on_default();
const BAD: Style = AnsiColor::Red.on_default();
const WARN: Style = AnsiColor::Yellow.on_default();

/// How many stages of the rate are told.
const STAGES_SHOWN_MAX: usize = 12;
/// How many kinds of failures are told.
const FAILURES_SHOWN_MAX: usize = 12;

/// The end of the report, with colours, for lines of this width.
pub fn coloured(summary: &LoadSummary, width: usize) -> String {
    let mut text = String::from("\n");
    if summary.total.planned > 0 {
        text += &times::table(summary, width);
        let _ = writeln!(text, "{DIM}{DIFFERENCE}{DIM:#}\n");
    }
    let mut line = |head: &str, told: &str| {
        let _ = writeln!(text, "{BOLD}{head:<10}{BOLD:#} {told}");
    };
    line("load", &asked(&summary.asked, summary.figures.shards_of));
    if summary.figures.shards_of > 1 {
        let shards: Vec<String> = summary.figures.shards.iter().map(u32::to_string).collect();
        line("shards", &format!("{} of {}", shards.join(", "), summary.figures.shards_of));
    }
    for (head, told) in played(summary) {
        line(head, &told);
    }
    // Where there is a sentence about it, that has its figures.
    if summary.lag.count > 0 && !summary.is_behind() {
        line(
            "own lag",
            &format!(
                "p50 {}, p99 {}, max {}; the limit of p99 is {}",
                us(summary.lag.p50_us),
                us(summary.lag.p99_us),
                us(summary.lag.max_us),
                us(summary.lag_limit_us)
            ),
        );
    }
    for note in &summary.figures.notes {
        line("note", note);
    }
    for threshold in &summary.thresholds {
        let (style, word) = match threshold.stands() {
            Stands::Unsure => (WARN, "unsure"),
            Stands::Held => (GOOD, "held  "),
            Stands::Missed => (BAD, "missed"),
            Stands::NotJudged => (WARN, "not judged"),
        };
        line(
            "threshold",
            &format!("{style}{word}{style:#} {:<24} {} ({})", threshold.text, threshold.told, threshold.place),
        );
    }
    for one in &summary.figures.expectations {
        let (style, word) = match one.state() {
            ExpectationState::Held => (GOOD, "held  "),
            ExpectationState::Broken => (BAD, "broken"),
            ExpectationState::NeverJudged => (WARN, "never judged"),
        };
        line("expect", &format!("{style}{word}{style:#} {} ({}): {}", one.text, one.place, one.told()));
        examples::brief(one).iter().for_each(|told| line("", told));
    }
    for warning in &summary.warnings {
        line(&format!("{WARN}warning{WARN:#}   "), warning);
    }
    line("seed", &format!("{}; the same calls again:", summary.asked.seed));
    let _ = writeln!(text, "  {}", summary.replay);
    let style = match summary.verdict.tone() {
        "good" => GOOD,
        "warn" => WARN,
        _ => BAD,
    };
    for reason in &summary.reasons {
        let _ = writeln!(text, "{reason}");
    }
    let _ = writeln!(text, "{style}{}{style:#} (exit {})", summary.verdict.word(), summary.exit);
    text
}

/// What was played; nothing of a load that never began.
fn played(summary: &LoadSummary) -> Vec<(&'static str, String)> {
    let (calls, connections) = (summary.figures.calls, summary.figures.connections);
    if calls.started == 0 && summary.verdict != Verdict::Passed && !summary.reasons.is_empty() {
        return Vec::new();
    }
    let told = format!(
        "{} started of {} planned, {} settled; {} at a time at most; all of it took {}",
        calls.started,
        calls.planned,
        rate::text(summary.calls_per_second),
        calls.in_flight_max,
        length(summary.figures.took)
    );
    let are_counted = connections.opened + connections.failed > 0;
    let links = if are_counted || summary.total.attempts == 0 {
        format!(
            "{} opened, {} could not be opened, {} closed by the receiver while at rest{}",
            connections.opened,
            connections.failed,
            connections.closed,
            if connections.short > 0 { ", short of files" } else { "" }
        )
    } else {
        "not counted: each push went by a task of its own, because of faults, TLS, HTTP/2 or a proxy".to_owned()
    };
    vec![("calls", told), ("pushes", pushes(&summary.total)), ("failures", failures(summary)), ("links", links)]
}

/// The same without colours.
pub fn plain(summary: &LoadSummary) -> String {
    let mut plain = String::new();
    let mut is_escape = false;
    for c in coloured(summary, usize::MAX).chars() {
        match (is_escape, c) {
            (false, '\u{1b}') => is_escape = true,
            (false, c) => plain.push(c),
            // The styles above end in an `m`.
            (true, c) => is_escape = c != 'm',
        }
    }
    plain
}

/// What was asked for, on one line.
pub fn asked(asked: &LoadAsked, shards: u32) -> String {
    let stories: Vec<String> = asked
        .stories
        .iter()
        .map(|story| match asked.stories.len() {
            1 => story.name.clone(),
            _ => format!("{} x{}", story.name, story.weight),
        })
        .collect();
    let rate = match (asked.closed, asked.stages.as_slice()) {
        (Some(calls), _) => format!("{calls} calls at a time for {}", us(asked.lasting_us)),
        (None, []) => "as many calls as the Locust master wants".to_owned(),
        (None, stages) => {
            let shown = stages.iter().take(STAGES_SHOWN_MAX).map(stage).collect::<Vec<_>>().join(", then ");
            match stages.len().saturating_sub(STAGES_SHOWN_MAX) {
                0 => shown,
                more => format!("{shown}, and {more} more stages"),
            }
        }
    };
    let pace = if asked.pace == 1.0 { String::new() } else { format!(", at {}x", asked.pace) };
    let whole = if shards > 1 { " over all shards" } else { "" };
    format!("{rate}{whole}{pace}: {}", stories.join(", "))
}

/// `200/s for 1m`, `0/s..500/s in 30s`.
fn stage(stage: &StageAsked) -> String {
    let lasting = duration::text(Duration::from_micros(stage.lasting_us));
    match stage.from == stage.to {
        true => format!("{} for {lasting}", rate::text(stage.from)),
        false => format!("{}..{} in {lasting}", rate::text(stage.from), rate::text(stage.to)),
    }
}

fn pushes(total: &PushSummary) -> String {
    let by_end = match total.held_by_end {
        0 => String::new(),
        count => format!(" ({count} of them by the end of the run)"),
    };
    let excused = match total.excused {
        0 => String::new(),
        count => format!(" + {count} excused, by their own faults or by a check on their status"),
    };
    format!(
        "{} planned = {} sent + {} held{by_end} + {} lost{excused}; {} attempts, of these {} retries",
        total.planned, total.sent, total.held, total.lost, total.attempts, total.retries
    )
}

/// The failures by class, and the answers that were none, most frequent first.
fn failures(summary: &LoadSummary) -> String {
    let total = summary.figures.total();
    let mut all: Vec<(u64, String)> = total.failures.iter().map(|(name, count)| (*count, name.clone())).collect();
    let nacked = total.statuses.iter().filter(|(status, _)| !(200..300).contains(*status));
    all.extend(nacked.map(|(status, count)| (*count, format!("status {status}"))));
    if total.nacks > 0 {
        all.push((total.nacks, "not acknowledged".to_owned()));
    }
    all.sort_by(|one, other| other.0.cmp(&one.0).then_with(|| one.1.cmp(&other.1)));
    if all.is_empty() {
        return "none".to_owned();
    }
    let share = match total.attempts {
        0 => 0.0,
        attempts => total.errors() as f64 / attempts as f64,
    };
    let shown: Vec<String> =
        all.iter().take(FAILURES_SHOWN_MAX).map(|(count, name)| format!("{count} x {name}")).collect();
    let more = if all.len() > FAILURES_SHOWN_MAX { ", and more" } else { "" };
    format!("{}{more}; {} of all attempts", shown.join(", "), percent(share))
}

/// p50, p90, p99, p99.9 and the longest.
pub fn cells(times: &Times) -> [String; 5] {
    let all = [times.p50_us, times.p90_us, times.p99_us, times.p999_us, times.max_us];
    all.map(|value| if times.count == 0 { "-".to_owned() } else { us(value) })
}

fn us(microseconds: u64) -> String {
    length(Duration::from_micros(microseconds))
}
