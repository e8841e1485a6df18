//! What the page knows of a run, as the values that its script reads. Folding events into them lives in `fold`.

use crate::event::{Expectation, FailureClass, Finding, Phase, Timing, up_to};
use crate::faults::Bent;
use crate::report::folded::Folded;
use crate::report::{CheckSummary, Figures, SnapshotSummary};
use serde::Serialize;
use std::collections::BTreeMap;

/// What is drawn at once: the run as a whole, and the list of its stories.
#[derive(Debug, Default, Serialize)]
pub(super) struct Overview {
    pub run: Run,
    pub figures: Figures,
    /// What was found, by code: what it is about, and how often.
    pub found: BTreeMap<&'static str, (&'static str, u64)>,
    pub stories: Vec<Line>,
    pub skipped: Vec<Skipped>,
    /// Findings about no story that was played.
    pub findings: Vec<Finding>,
    /// Every finding once, causes first: those that are alike are one entry.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub folded: Vec<Folded>,
    /// How many findings are in none of them.
    #[serde(skip_serializing_if = "is_zero")]
    pub folded_left: u64,
    pub left_out: LeftOut,
}

/// How the run was set up, and how it ended.
#[derive(Debug, Default, Serialize)]
pub(super) struct Run {
    pub ringback: &'static str,
    pub seed: u64,
    pub start: String,
    pub pace: String,
    pub targets: Vec<String>,
    pub built_in_receiver: bool,
    /// The verdict in a word, and what it means.
    pub verdict: &'static str,
    pub meaning: &'static str,
    pub exit: Option<u8>,
    /// Reports that could not be written.
    pub unwritten: Vec<String>,
    pub took_us: u64,
}

/// A story as the list shows it.
#[derive(Debug, Serialize)]
pub(super) struct Line {
    pub scenario: String,
    pub vendor: &'static str,
    pub outcome: Outcome,
    pub attempts: u64,
    pub calls: Vec<CallLine>,
    /// Which of the details are its own; `None` where they were left out.
    pub detail: Option<usize>,
}

/// A call as the list shows it.
#[derive(Debug, Default, Serialize)]
pub(super) struct CallLine {
    pub call: String,
    pub attempts: u64,
    /// Attempts after the first of their push.
    #[serde(skip_serializing_if = "is_zero")]
    pub retries: u64,
    /// Findings that the receiver answers for.
    #[serde(skip_serializing_if = "is_zero")]
    pub findings: u64,
}

/// What became of a story. The last is the worst.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Outcome {
    Passed,
    Pending,
    Unknown,
    Failed,
}

/// Stories that a vendor does not play, for one reason.
#[derive(Debug, Serialize)]
pub(super) struct Skipped {
    pub vendor: &'static str,
    pub reason: String,
    pub scenarios: Vec<String>,
}

/// What the page does not show, because the run is too large for it.
#[derive(Debug, Default, PartialEq, Eq, Serialize)]
pub(super) struct LeftOut {
    /// Stories that are not in the list.
    pub stories: u64,
    /// Stories in the list whose calls cannot be looked at.
    pub details: u64,
    /// Attempts that no ladder shows.
    pub attempts: u64,
    /// Findings that stand nowhere but in the figures.
    pub findings: u64,
    /// Stories that were skipped and are not named.
    pub skipped: u64,
}

/// Everything about one story.
#[derive(Debug, Default, Serialize)]
pub(super) struct Detail {
    pub title: String,
    pub source: String,
    pub replay: String,
    pub steps: Vec<Step>,
    /// Which of the vendor's bodies is that of the first request; the others follow it.
    pub bodies_from: usize,
    /// Steps that are not drawn, because the story has too many.
    pub steps_left: u64,
    pub findings: Vec<Finding>,
    pub findings_left: u64,
    pub checks: Vec<CheckSummary>,
    pub probes: Vec<Probe>,
    pub snapshots: Vec<SnapshotSummary>,
    pub records: Vec<Record>,
    pub records_left: u64,
    pub notes: Vec<String>,
}

/// One thing on a ladder. `n` is the number of the delivery, `to` that of its target, `try` that of the attempt.
#[derive(Debug, Serialize)]
#[serde(tag = "is", rename_all = "snake_case")]
pub(super) enum Step {
    Sent {
        n: u32,
        to: u32,
        r#try: u32,
        of: u32,
        call: String,
        at_ms: u64,
        due_ms: u64,
        clock: String,
        timeout_ms: u64,
        push: String,
        why: String,
        method: &'static str,
        url: String,
        headers: Vec<(String, String)>,
        body: Text,
        #[serde(skip_serializing_if = "Vec::is_empty")]
        faults: Vec<Bent>,
    },
    Answered {
        n: u32,
        to: u32,
        r#try: u32,
        status: u16,
        headers: Vec<(String, String)>,
        body: Text,
        truncated: bool,
        #[serde(skip_serializing_if = "Option::is_none")]
        version: Option<&'static str>,
        #[serde(skip_serializing_if = "Option::is_none")]
        remark: Option<String>,
        #[serde(flatten)]
        timing: Timing,
        acknowledged: bool,
        #[serde(skip_serializing_if = "Option::is_none")]
        reason: Option<String>,
        #[serde(skip_serializing_if = "Option::is_none")]
        warning: Option<String>,
    },
    Broken {
        n: u32,
        to: u32,
        r#try: u32,
        class: FailureClass,
        told: &'static str,
        phase: Phase,
        message: String,
        #[serde(flatten)]
        timing: Timing,
    },
    Waits {
        n: u32,
        to: u32,
        r#try: u32,
        wait_ms: u64,
        due_ms: u64,
        asked: bool,
    },
    Held {
        n: u32,
        to: u32,
        call: String,
        push: String,
        at_ms: u64,
    },
    Dropped {
        n: u32,
        to: u32,
        call: String,
        push: String,
        why: String,
        at_ms: u64,
        faults: Vec<Bent>,
    },
    GivenUp {
        n: u32,
        to: u32,
        attempts: u32,
        reason: String,
        excused: bool,
    },
}

/// A text from outside, as far as it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct Text {
    #[serde(skip_serializing_if = "String::is_empty")]
    pub text: String,
    /// How many bytes of it are not kept.
    #[serde(skip_serializing_if = "is_zero")]
    pub left: u64,
}

#[derive(Debug, Serialize)]
pub(super) struct Probe {
    /// The number of the delivery that it was asked after, with its target.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after: Option<(u32, u32)>,
    pub expectation: Expectation,
    pub asked: Text,
    pub tries: u32,
    pub status: Option<i32>,
    pub body: Text,
    pub took_us: u64,
    pub agrees: bool,
}

#[derive(Debug, Serialize)]
pub(super) struct Record {
    pub at_ms: u64,
    pub id: String,
    pub why: String,
    pub account: String,
    pub record: Text,
}

impl Step {
    /// Takes the body out of a request.
    pub fn take_body(&mut self) -> Option<String> {
        let Step::Sent { body, .. } = self else { return None };
        Some(std::mem::take(&mut body.text))
    }
}

impl Text {
    /// As much of a text as there is room for.
    pub fn of(text: &str, max_bytes: usize) -> Self {
        let kept = up_to(text, max_bytes);
        Self { text: kept.to_owned(), left: (text.len() - kept.len()) as u64 }
    }
}

fn is_zero(number: &u64) -> bool {
    *number == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_cut_between_characters() {
        assert_eq!(Text::of("客服", 6), Text { text: "客服".into(), left: 0 });
        assert_eq!(Text::of("客服", 5), Text { text: "客".into(), left: 3 });
        assert_eq!(Text::of("", 0), Text { text: String::new(), left: 0 });
    }
}
