//! What a run within a test came to: how the receiver was judged, and everything that it was sent and answered.

use crate::event::{DeliveryId, FailureClass, Finding, Phase, Timing, Weight};
use crate::exit::Exit;
use crate::faults::Bent;
use crate::report::{LINE_MAX_CHARS, Totals, clipped, details, headline};
use crate::vendors::{Named, named::find_push};
use std::fmt;

/// How many findings the message of a failed assertion tells in full.
const FINDINGS_TOLD_MAX: usize = 20;

/// What a run came to.
#[derive(Debug, Clone)]
pub struct Judged {
    /// How the command would have ended.
    pub exit: Exit,
    /// The seed: the same again by [`super::Ringback::seed`].
    pub seed: u64,
    /// When every scenario started, RFC 3339: the same again by [`super::Ringback::at`].
    pub start: String,
    /// The figures of the run.
    pub totals: Totals,
    /// What is not as expected, in the order in which it was found.
    pub findings: Vec<Finding>,
    /// Every push that was due, in the order of the plans, with every attempt and its answer.
    pub pushes: Vec<Push>,
    /// What could not be reached: the address, and what went wrong.
    pub unreachable: Vec<(String, String)>,
    /// How many attempts are not among the pushes, because they were too many.
    pub attempts_left_out: u64,
}

/// A push, as far as the receiver saw it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Push {
    /// Which: scenario, vendor and push, call, number, target.
    pub delivery: DeliveryId,
    /// What it tells of, in words.
    pub why: String,
    /// Every attempt, in order.
    pub attempts: Vec<Tried>,
    /// How it ended.
    pub settled: Settled,
}

impl Push {
    /// The status of the last answer.
    pub fn status(&self) -> Option<u16> {
        self.attempts.iter().rev().find_map(|tried| match &tried.answer {
            Answer::Replied { status, .. } => Some(*status),
            Answer::Failed { .. } | Answer::None => None,
        })
    }
}

/// How a push ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Settled {
    /// The vendor took an answer for an acknowledgement.
    Acknowledged,
    /// The vendor would not try again.
    GivenUp {
        /// Why.
        reason: String,
        /// Whether the receiver may well have refused it: a fault had spoilt it.
        excused: bool,
    },
    /// A fault never let it leave.
    Dropped,
    /// Not at all: its target could not be reached.
    Open,
}

/// One attempt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tried {
    /// Its number, from 1.
    pub number: u32,
    /// The method of the request.
    pub method: &'static str,
    /// The full address.
    pub url: String,
    /// Headers as sent; secrets are masked.
    pub headers: Vec<(String, String)>,
    /// The body as text.
    pub body: String,
    /// The faults that bent it.
    pub faults: Vec<Bent>,
    /// What came back.
    pub answer: Answer,
}

/// What came back from an attempt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// An answer.
    Replied {
        /// The status code.
        status: u16,
        /// Headers in the order in which they came.
        headers: Vec<(String, String)>,
        /// The body as text, as far as it was read.
        body: String,
        /// Whether the body was longer than what is read of it.
        truncated: bool,
        /// How long each phase took.
        timing: Timing,
        /// Whether the vendor took it for an acknowledgement.
        acknowledged: bool,
    },
    /// None.
    Failed {
        /// What kind of failure.
        class: FailureClass,
        /// In which phase.
        phase: Phase,
        /// What went wrong, in words.
        message: String,
    },
    /// The run ended before.
    None,
}

impl Judged {
    /// Whether all is good.
    pub fn is_ok(&self) -> bool {
        self.exit == Exit::Good
    }

    /// Panics where something is not as expected, with everything that a person needs to act on it.
    ///
    /// # Panics
    /// Where [`Judged::is_ok`] is false.
    #[track_caller]
    pub fn assert_ok(&self) {
        assert!(self.is_ok(), "{self}");
    }

    /// The pushes of this name, which may be a second one: `udesk:end`, `tinet:agent-state`.
    pub fn pushes_of(&self, name: &str) -> impl Iterator<Item = &Push> {
        let name = find_push(name).map_or_else(|| name.to_owned(), Named::name);
        self.pushes.iter().filter(move |push| push.delivery.push == name)
    }
}

/// What was found, as the terminal tells it.
impl fmt::Display for Judged {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { exit, seed, start, totals, findings, unreachable, .. } = self;
        let meaning = Exit::ALL.iter().find(|(known, _)| known == exit).map_or("", |(_, meaning)| meaning);
        writeln!(f, "{meaning} (exit {})", exit.code())?;
        for (url, message) in unreachable {
            writeln!(f, "\nunreachable: {}", clipped(&format!("{url}: {message}"), LINE_MAX_CHARS))?;
        }
        let all = || findings.iter().filter(|finding| finding.weight > Weight::Remark);
        for finding in all().take(FINDINGS_TOLD_MAX) {
            writeln!(f, "\n{}", headline(finding))?;
            details(finding).iter().try_for_each(|line| writeln!(f, "  {line}"))?;
        }
        if let Some(more) = all().count().checked_sub(FINDINGS_TOLD_MAX).filter(|more| *more > 0) {
            writeln!(f, "\nand {more} more findings")?;
        }
        if !totals.idle.is_empty() {
            let idle: Vec<_> = totals.idle.iter().map(|(fault, place)| format!("{fault} ({place})")).collect();
            writeln!(f, "\nidle faults: {}", clipped(&idle.join(", "), LINE_MAX_CHARS))?;
        }
        writeln!(
            f,
            "\n{} pushes: {} acknowledged, {} given up; {} attempts",
            totals.planned, totals.acknowledged, totals.given_up, totals.attempts
        )?;
        write!(f, "the same pushes again: .seed({seed}).at({start:?})")
    }
}
