//! The `junit` report of a load: a case for every threshold and every expectation, one for the load generator's own lag, one for what was never
//! exercised under `--strict`, and one for the run itself.

use super::{LoadReport, examples, table};
use crate::load::expectations::ExpectationState;
use crate::load::summary::{Stands, Verdict};
use crate::load::{LoadSummary, Tick};
use crate::report::{clipped, file_and_line};
use quick_junit::{NonSuccessKind, Property, Report as Document, TestCase, TestCaseStatus, TestSuite};
use std::io::{self, Write};

/// How much of a text a case shows on one line.
const LINE_MAX_CHARS: usize = 2_000;
/// How much of its examples the case of an expectation shows.
const EXAMPLES_MAX_CHARS: usize = 20_000;
/// The class of all cases.
const CLASS: &str = "ringback.load";

/// Writes the summary of a load as JUnit XML.
pub struct LoadJunit<W: Write>(W);

impl<W: Write> LoadJunit<W> {
    /// A report that writes to `out`.
    pub fn new(out: W) -> Self {
        Self(out)
    }
}

impl<W: Write> LoadReport for LoadJunit<W> {
    fn tick(&mut self, _: &Tick) -> io::Result<()> {
        Ok(())
    }

    fn finished(&mut self, summary: &LoadSummary) -> io::Result<()> {
        // As a text first: what the output refuses is told as it is.
        self.0.write_all(document(summary).to_string().map_err(io::Error::other)?.as_bytes())?;
        self.0.flush()
    }
}

fn document(summary: &LoadSummary) -> Document {
    let took = summary.figures.took;
    let mut suite = TestSuite::new("load");
    suite.timestamp = summary.figures.began.parse().ok();
    suite.set_time(took);
    for (name, value) in [("seed", summary.asked.seed.to_string()), ("replay", summary.replay.clone())] {
        suite.add_property(Property::new(name, clipped(&value, LINE_MAX_CHARS)));
    }
    for warning in &summary.warnings {
        suite.add_property(Property::new("warning", clipped(warning, LINE_MAX_CHARS)));
    }
    let why = summary.reasons.join(" ");
    let unless = |verdict: Verdict, kind: NonSuccessKind, of: &str| match summary.verdict == verdict {
        true => failed(kind, of, &why, &summary.replay),
        false => TestCaseStatus::success(),
    };
    // There is something to judge, and the load generator kept to its schedule as far as a threshold depends on it.
    let is_valid = unless(Verdict::Invalid, NonSuccessKind::Error, "invalid");
    let mut cases = vec![run(summary, &why), TestCase::new("the load is valid", is_valid)];
    cases.extend(summary.asked.strict.then(|| {
        let is_exercised = unless(Verdict::Unexercised, NonSuccessKind::Failure, "strict");
        TestCase::new("all that is planned is exercised", is_exercised)
    }));
    for threshold in &summary.thresholds {
        let status = match threshold.stands() {
            Stands::Held => TestCaseStatus::success(),
            Stands::Missed => failed(NonSuccessKind::Failure, "threshold", &threshold.told, &summary.replay),
            // A lag that makes no missed one pass is a warning.
            Stands::Unsure if threshold.held => TestCaseStatus::success(),
            Stands::Unsure => failed(NonSuccessKind::Error, "invalid", &threshold.told, &summary.replay),
            Stands::NotJudged => skipped(&threshold.told),
        };
        let mut case = TestCase::new(clipped(&threshold.text, LINE_MAX_CHARS), status);
        case.set_system_out(clipped(&threshold.told, LINE_MAX_CHARS));
        at(&mut case, &threshold.place);
        cases.push(case);
    }
    for expected in &summary.figures.expectations {
        let status = match expected.state() {
            ExpectationState::Held => TestCaseStatus::success(),
            ExpectationState::NeverJudged => skipped(&expected.told()),
            ExpectationState::Broken => {
                let code = expected.findings.first().map(|found| found.code.as_str()).unwrap_or_default();
                failed(NonSuccessKind::Failure, code, &expected.told(), &summary.replay)
            }
        };
        let mut case = TestCase::new(clipped(&expected.text, LINE_MAX_CHARS), status);
        case.set_system_out(clipped(&examples::full(expected).join("\n"), EXAMPLES_MAX_CHARS));
        at(&mut case, &expected.place);
        cases.push(case);
    }
    // Readers add up the times of the cases.
    let share = took.checked_div(u32::try_from(cases.len()).unwrap_or(u32::MAX)).unwrap_or_default();
    for case in &mut cases {
        case.set_classname(CLASS);
        case.set_time(share);
    }
    suite.add_test_cases(cases);
    suite.set_system_out(table::plain(summary));
    let mut document = Document::new("ringback");
    document.timestamp = summary.figures.began.parse().ok();
    document.set_time(took);
    document.add_test_suite(suite);
    document
}

/// Says where a case stands in a file.
fn at(case: &mut TestCase, place: &str) {
    if let Some((file, line)) = file_and_line(place).filter(|(file, _)| file != "--threshold") {
        case.extra.insert("file".into(), file.into());
        if let Some(line) = line {
            case.extra.insert("line".into(), line.to_string().into());
        }
    }
}

/// Whether the run came to its end.
fn run(summary: &LoadSummary, why: &str) -> TestCase {
    let status = match summary.verdict {
        Verdict::Interrupted => skipped(why),
        Verdict::CannotGoOn => failed(NonSuccessKind::Error, "cannot-go-on", why, &summary.replay),
        Verdict::ReceiverFailed => failed(NonSuccessKind::Failure, "tried", why, &summary.replay),
        Verdict::ExpectationBroken
        | Verdict::Invalid
        | Verdict::ThresholdMissed
        | Verdict::Unexercised
        | Verdict::Passed => TestCaseStatus::success(),
    };
    TestCase::new("the load is played to its end", status)
}

fn skipped(why: &str) -> TestCaseStatus {
    let mut status = TestCaseStatus::skipped();
    status.set_message(clipped(why, LINE_MAX_CHARS));
    status
}

fn failed(kind: NonSuccessKind, of: &str, told: &str, replay: &str) -> TestCaseStatus {
    let mut status = TestCaseStatus::non_success(kind);
    status.set_type(of);
    status.set_message(clipped(told, LINE_MAX_CHARS));
    status.set_description(format!("replay    {}", clipped(replay, LINE_MAX_CHARS)));
    status
}
