//! What became of what the scenarios expect, in figures: how often each was judged and how often it did not hold, with the first
//! examples of what did not. Merges over workers and shards.

use super::EXAMPLES_MAX;
use crate::event::{Difference, Expectation, Finding};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Something that a scenario expects, and what became of it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ExpectationFigures {
    /// In a few words: `udesk:end: status 2xx`.
    pub text: String,
    /// Where it stands: `call.yaml:12`.
    pub place: String,
    /// The line that says so, as it stands there.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub quote: String,
    /// How often it was judged.
    pub judged: u64,
    /// How often it did not hold.
    pub failed: u64,
    /// The same by code and push.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub findings: Vec<FindingFigures>,
}

/// What became of an expectation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExpectationState {
    /// It held whenever it was judged.
    Held,
    /// At least once it did not.
    Broken,
    /// There was nothing that it is about.
    NeverJudged,
}

/// What is wrong with the answers to one kind of push.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FindingFigures {
    /// What kind of finding; `ringback explain CODE` teaches it.
    pub code: String,
    /// The push: `udesk:end`.
    pub push: String,
    /// How often.
    pub count: u64,
    /// The first that were met, in full.
    pub examples: Vec<Example>,
}

/// One answer that is not as expected.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Example {
    /// What is wrong, as one sentence without its full stop.
    pub message: String,
    /// What was expected, in short.
    pub expected: String,
    /// What was found, in short.
    pub found: String,
    /// Both, line by line, where they have lines to compare: each behind the sign of its side.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub difference: Vec<String>,
    /// The number of the call, from 1.
    pub call: u64,
    /// The number of the target, from 1.
    pub target: u32,
    /// The attempt, from 1.
    pub attempt: u32,
    /// What the receiver said; absent where it said nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub said: Option<String>,
    /// The faults that had bent the attempt.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub faults: Vec<String>,
    /// The request, as a shell command; secrets are masked.
    pub curl: String,
}

impl ExpectationFigures {
    /// Not judged yet.
    pub fn new(expectation: &Expectation) -> Self {
        let Expectation { text, place, quote } = expectation.clone();
        Self { text, place, quote, ..Self::default() }
    }

    /// What became of it.
    pub fn state(&self) -> ExpectationState {
        match (self.judged, self.failed) {
            (0, _) => ExpectationState::NeverJudged,
            (_, 0) => ExpectationState::Held,
            _ => ExpectationState::Broken,
        }
    }

    /// The same in figures: `3 of 2000 did not hold`.
    pub fn told(&self) -> String {
        match self.state() {
            ExpectationState::NeverJudged => "nothing of what it is about has come".to_owned(),
            ExpectationState::Held => format!("{} judged", self.judged),
            ExpectationState::Broken => format!("{} of {} did not hold", self.failed, self.judged),
        }
    }

    /// Adds those of others: the same as if all had been judged here.
    pub fn merge(all: &mut Vec<Self>, others: &[Self]) {
        for other in others {
            match all.iter_mut().find(|own| own.text == other.text && own.place == other.place) {
                None => all.push(other.clone()),
                Some(own) => {
                    own.judged += other.judged;
                    own.failed += other.failed;
                    other.findings.iter().for_each(|found| own.add(found));
                }
            }
        }
    }

    fn add(&mut self, other: &FindingFigures) {
        match self.findings.iter_mut().find(|own| own.code == other.code && own.push == other.push) {
            None => self.findings.push(other.clone()),
            Some(own) => {
                own.count += other.count;
                own.examples.extend_from_slice(&other.examples);
                own.examples.truncate(EXAMPLES_MAX);
            }
        }
    }

    /// Every text that may hold what nobody is told.
    pub fn texts(&mut self) -> impl Iterator<Item = &mut String> {
        let Self { text, quote, findings, .. } = self;
        let examples = findings.iter_mut().flat_map(|found| &mut found.examples).flat_map(|example| {
            let Example { message, expected, found, difference, said, faults, curl, .. } = example;
            [message, expected, found, curl].into_iter().chain(difference).chain(said).chain(faults)
        });
        [text, quote].into_iter().chain(examples)
    }
}

impl Example {
    /// Of a finding in the call of this number.
    pub fn of(finding: Finding, call: u64) -> Self {
        let side = |line: &Difference| format!("{} {}", line.side.sign(), line.text);
        Self {
            difference: finding.difference.iter().map(side).collect(),
            message: finding.message,
            expected: finding.expected,
            found: finding.found,
            call,
            target: finding.delivery.map_or(1, |delivery| delivery.target),
            attempt: finding.attempt.unwrap_or(1),
            said: finding.said,
            faults: finding.faults.iter().map(|bent| format!("{}: {}", bent.fault, bent.evidence)).collect(),
            curl: finding.curl.unwrap_or_default(),
        }
    }
}
