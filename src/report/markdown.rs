//! The job summary of the `github` report: what a run came to, in GitHub's Markdown. Whatever the receiver or a file said
//! stays text.

use super::folded::Folded;
use super::summary::{NotJudged, State, StorySummary, Summary};
use super::told::{against, clipped, cut, details, elsewhere, headline};
use crate::visible::visible;
use std::time::Duration;

/// How many stories the table shows; those that failed come first.
pub const STORIES_SHOWN_MAX: usize = 200;
/// How many findings are shown in full; those that are alike count as one.
pub const FINDINGS_SHOWN_MAX: usize = 50;
/// How many probes that were not asked are named.
pub const NOT_JUDGED_SHOWN_MAX: usize = 50;
/// How much of one finding. GitHub takes a summary of a mebibyte for one step.
pub const FINDING_MAX_CHARS: usize = 5_000;
/// How much of a cell of a table.
const CELL_MAX_CHARS: usize = 300;

/// The summary of a run in Markdown.
pub fn job_summary(summary: &Summary) -> String {
    let totals = &summary.totals;
    let mut text = format!(
        "## Ringback: {} (exit {}){}\n\n",
        summary.outcome.as_str(),
        summary.exit,
        against(summary.built_in_receiver)
    );
    for report in &summary.unwritten {
        text += &format!(":x: the report {} could not be written\n\n", plain(report));
    }
    text += &format!(
        "{} stories, {} pushes: {} acknowledged, {} given up; {} attempts, of these {} retries; {} checks, {} failed; \
         in {:.1} s\n\n",
        totals.stories,
        totals.planned,
        totals.acknowledged,
        totals.given_up,
        totals.attempts,
        totals.retries,
        totals.checks,
        totals.checks_failed,
        Duration::from_micros(summary.took_us).as_secs_f64(),
    );
    text += &format!("The same pushes again: `--seed {} --at {}`\n\n", summary.seed, plain(&summary.start));
    let idle: Vec<String> = summary.idle().map(|fault| format!("{} ({})", fault.fault, plain(&fault.place))).collect();
    if !idle.is_empty() {
        text += &format!("Idle faults: {}\n\n", cut(&idle.join(", "), FINDING_MAX_CHARS));
    }
    let mut not_judged = summary.stories.iter().flat_map(|story| story.not_judged.iter().map(move |one| (story, one)));
    for (StorySummary { story, .. }, NotJudged { expectation, reason, .. }) in
        not_judged.by_ref().take(NOT_JUDGED_SHOWN_MAX)
    {
        let [scenario, rule, place, reason] =
            [&story.scenario, &expectation.text, &expectation.place, reason].map(|text| cell(text));
        text += &format!("Not judged in {scenario} by {}: {rule} ({place}), {reason}\n\n", story.vendor);
    }
    if let more @ 1.. = not_judged.count() {
        text += &format!("and {more} more that are not judged\n\n");
    }
    text += &table(summary);
    for folded in summary.folded.iter().take(FINDINGS_SHOWN_MAX) {
        text += &told(folded);
    }
    let found: u64 = summary.totals.findings.values().sum();
    let shown: u64 = summary.folded.iter().take(FINDINGS_SHOWN_MAX).map(|folded| folded.findings).sum();
    let more = found - shown.min(found);
    if more > 0 {
        text += &format!("\nand {more} more findings\n");
    }
    text.push('\n');
    text
}

fn table(summary: &Summary) -> String {
    let mut played: Vec<&StorySummary> = summary.stories.iter().filter(|story| story.state != State::Skipped).collect();
    played.sort_by_key(|story| !story.has_failed());
    let mut text = "| story | pushes | checks | found | |\n|---|---|---|---|---|\n".to_owned();
    for story in played.iter().take(STORIES_SHOWN_MAX) {
        let judged = story.checks.iter().filter(|check| check.judged > 0).count();
        let failed = story.checks.iter().filter(|check| check.failed > 0).count();
        let result = match (story.state, story.has_failed()) {
            (State::Unreachable, _) => ":x: unreachable",
            (State::CutShort, _) => ":warning: cut short",
            (_, true) => ":x: failed",
            (_, false) => ":white_check_mark: passed",
        };
        text += &format!(
            "| {} by {} | {}/{} | {}/{judged} | {} | {result} |\n",
            cell(&story.story.scenario),
            story.story.vendor,
            story.acknowledged,
            story.planned,
            judged - failed.min(judged),
            story.findings.len(),
        );
    }
    let hidden = played.len().saturating_sub(STORIES_SHOWN_MAX) as u64 + summary.left_out.stories;
    if hidden > 0 {
        text += &format!("\nand {hidden} more stories\n");
    }
    if summary.totals.skipped > 0 {
        text += &format!("\n{} stories were skipped: their vendors have no pushes for them.\n", summary.totals.skipped);
    }
    text
}

/// Findings that are alike, to fold out.
fn told(folded: &Folded) -> String {
    let Some(first) = folded.first() else { return String::new() };
    let lines: Vec<String> = details(first).into_iter().chain(elsewhere(folded)).collect();
    let body = cut(&lines.join("\n"), FINDING_MAX_CHARS);
    let fence = fence(&body);
    let count = folded.count().map_or(String::new(), |count| format!(": {count}"));
    format!(
        "\n<details><summary>{}</summary>\n\n{fence}text\n{body}\n{fence}\n\n</details>\n",
        plain(&(headline(first) + &count))
    )
}

/// A cell of a table: one line in which nothing is special.
fn cell(text: &str) -> String {
    plain(&clipped(text, CELL_MAX_CHARS))
}

/// Text in which nothing is Markdown or HTML.
pub fn plain(text: &str) -> String {
    let mut plain = String::new();
    for c in visible(text).chars() {
        match c {
            '&' => plain += "&amp;",
            '<' => plain += "&lt;",
            '>' => plain += "&gt;",
            // As entities, because a backslash before them does not hold inside HTML.
            '|' | '`' | '*' | '_' | '[' | ']' | '\\' | '~' | '#' | '!' | '@' => {
                plain += &format!("&#{};", u32::from(c))
            }
            c => plain.push(c),
        }
    }
    plain
}

/// A fence that is longer than every run of backticks in the text.
fn fence(text: &str) -> String {
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    "`".repeat(longest.max(2) + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hostile_texts_stay_texts() {
        let told = "a&#124;b &#96;c&#96; &lt;img src=x&gt; &#91;x&#93;(y) d";
        assert_eq!(cell("a|b `c` <img src=x> [x](y)\nd"), told);
        assert_eq!((fence("no"), fence("a ```` b `")), ("```".to_owned(), "`````".to_owned()));
    }
    #[test]
    fn probes_that_were_not_asked_are_named_within_a_limit() {
        let not_judged = NotJudged { expectation: Default::default(), delivery: None, reason: "|".repeat(900) };
        let story = StorySummary { not_judged: vec![not_judged; 1_000], ..StorySummary::default() };
        let text = job_summary(&Summary { stories: vec![story], ..Summary::default() });
        assert!(text.len() < 200_000 && text.contains("and 950 more that are not judged"), "{}", text.len());
    }
}
