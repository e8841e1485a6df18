//! The `junit` report: a suite for every story, a case for everything that the receiver was held to. Written when the run is
//! over.
//!
//! `file` and `line` of a case, which GitLab and GitHub's readers of JUnit link to, and `skipped` and `timestamp` of the
//! whole are not in the strictest of the schemas that go around (Jenkins' xUnit plugin has it); every ordinary reader takes
//! them or passes over them.

use super::Report;
use super::folded::Folding;
use super::summary::{CheckSummary, LeftOut, State, StorySummary, Summary, Summing};
use super::told::{LINE_MAX_CHARS, clipped, cut, details, file_and_line, headline, push};
use crate::event::{Compared, Expectation, Finding, RunEvent, Weight};
use crate::visible::visible;
use jiff::Timestamp;
use quick_junit::{NonSuccessKind, Property, Report as Document, TestCase, TestCaseStatus, TestSuite};
use std::collections::{BTreeMap, HashMap};
use std::io::{self, Write};
use std::time::Duration;

/// How many findings the text of one case tells; the rest is counted.
pub const FINDINGS_PER_CASE_MAX: usize = 20;
/// How much text a case or a suite holds.
pub const OUTPUT_MAX_CHARS: usize = 50_000;

/// Writes the summary of a run as JUnit XML.
pub struct Junit<W: Write> {
    out: W,
    summing: Summing,
    skipped: Skipped,
}

/// What becomes of stories that a vendor cannot play, and of checks that nothing in a story applies to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Skipped {
    /// They are cases, skipped.
    AsCases,
    /// They are named in the output of a suite: a CI server would show them as skipped in every run.
    Named,
}

impl<W: Write> Junit<W> {
    /// A report that writes to `out`.
    pub fn new(out: W) -> Self {
        Self { out, summing: Summing::default(), skipped: Skipped::AsCases }
    }

    /// The same with another way of showing what is skipped.
    pub fn skipped(self, skipped: Skipped) -> Self {
        Self { skipped, ..self }
    }
}

impl<W: Write> Report for Junit<W> {
    fn event(&mut self, event: &RunEvent) -> io::Result<()> {
        match self.summing.event(event) {
            // As a text first: what the output refuses is told as it is.
            Some(summary) => {
                let text = document(summary, self.skipped).to_string().map_err(io::Error::other)?;
                self.out.write_all(text.as_bytes())
            }
            None => Ok(()),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

fn document(summary: &Summary, skipped: Skipped) -> Document {
    let mut document = Document::new("ringback");
    document.timestamp = summary.began_ms.and_then(instant).and_then(|text| text.parse().ok());
    document.set_time(Duration::from_micros(summary.took_us));
    let (played, unplayed): (Vec<&StorySummary>, Vec<&StorySummary>) =
        summary.stories.iter().partition(|story| story.state != State::Skipped || skipped == Skipped::AsCases);
    for (index, story) in played.into_iter().enumerate() {
        let mut suite = suite(story, summary, skipped);
        // Faults are listed for the run: once, in the first suite.
        let idle = idle(summary);
        if let (0, false, Some(told)) = (index, idle.is_empty(), suite.system_out.clone()) {
            suite.set_system_out(cut(&format!("{}\n{}", told.as_str(), idle), OUTPUT_MAX_CHARS));
        }
        document.add_test_suite(suite);
    }
    let nothing_more = summary.other_findings.is_empty() && summary.unwritten.is_empty();
    if !nothing_more || summary.left_out != LeftOut::default() || !unplayed.is_empty() {
        document.add_test_suite(rest(summary, &unplayed));
    }
    document
}

fn suite(story: &StorySummary, summary: &Summary, skipped: Skipped) -> TestSuite {
    let mut suite = TestSuite::new(format!("{} by {}", visible(&story.story.scenario), story.story.vendor));
    let took = Duration::from_micros(story.took_us);
    suite.timestamp = story.began_ms.and_then(instant).and_then(|text| text.parse().ok());
    suite.set_time(took);
    if let Some((file, _)) = file_and_line(&story.source) {
        suite.extra.insert("file".into(), file.into());
    }
    let properties = [
        ("title", story.title.as_str()),
        ("source", &story.source),
        ("seed", &summary.seed.to_string()),
        ("start", &summary.start),
        ("replay", &story.replay),
        ("receiver", if summary.built_in_receiver { "built in" } else { "" }),
    ];
    for (name, value) in properties.into_iter().filter(|(_, value)| !value.is_empty()) {
        suite.add_property(Property::new(name, clipped(value, LINE_MAX_CHARS)));
    }
    let mut cases = cases(story);
    let named = if skipped == Skipped::Named { leave_out_skipped(story, &mut cases) } else { String::new() };
    finish(story, summary, &mut cases);
    // Readers add up the times of the cases. All of them are judged while the story is played, so each gets its share.
    let share = took.checked_div(u32::try_from(cases.len()).unwrap_or(u32::MAX)).unwrap_or_default();
    for case in &mut cases {
        case.set_time(share);
    }
    suite.add_test_cases(cases);
    let StorySummary { planned, acknowledged, given_up, excused, dropped, attempts, .. } = story;
    suite.set_system_out(format!(
        "{planned} pushes: {acknowledged} acknowledged, {given_up} given up, {excused} spoilt and not taken, \
         {dropped} dropped; {attempts} attempts{}",
        cut(&named, OUTPUT_MAX_CHARS)
    ));
    suite
}

fn cases(story: &StorySummary) -> Vec<TestCase> {
    let mut cases = Vec::new();
    let reason = clipped(story.reason.as_deref().unwrap_or_default(), LINE_MAX_CHARS);
    match story.state {
        State::Skipped => cases.push(TestCase::new("the vendor can tell the story", passed_over(reason))),
        State::Unreachable => {
            let replay = clipped(&story.replay, LINE_MAX_CHARS);
            let more = format!("The rest of the story was not sent.\nreplay    {replay}");
            cases.push(TestCase::new(
                "the target can be reached",
                bad(NonSuccessKind::Error, "unreachable", reason, Some(more)),
            ));
        }
        State::CutShort => {
            cases.push(TestCase::new(
                "the story is played to its end",
                passed_over("the run was interrupted".to_owned()),
            ));
        }
        State::Played => {}
    }
    let mut findings: HashMap<&Expectation, Vec<&Finding>> = HashMap::new();
    for finding in &story.findings {
        findings.entry(&finding.expectation).or_default().push(finding);
    }
    let checks: HashMap<&Expectation, &CheckSummary> =
        story.checks.iter().map(|check| (&check.expectation, check)).collect();
    // What failed, in the order of the findings: causes first.
    for finding in &story.findings {
        if let Some(about) = findings.remove(&finding.expectation) {
            let check = checks.get(&finding.expectation).copied();
            cases.push(case(&finding.expectation, check, &about, &story.replay));
        }
    }
    for check in
        story.checks.iter().filter(|check| !story.findings.iter().any(|one| one.expectation == check.expectation))
    {
        let mut case = case(&check.expectation, Some(check), &[], &story.replay);
        let not_judged = story.not_judged.iter().find(|one| one.expectation == check.expectation);
        if let (0, Some(one)) = (check.judged, not_judged) {
            case.status = passed_over(clipped(&one.reason, LINE_MAX_CHARS));
        }
        cases.push(case);
    }
    for snapshot in story.snapshots.iter().filter(|snapshot| snapshot.outcome == Compared::Same) {
        if !story.checks.iter().any(|check| check.expectation.place.starts_with(&snapshot.file)) {
            cases.push(TestCase::new(format!("snapshot {}", visible(&snapshot.file)), TestCaseStatus::success()));
        }
    }
    cases
}

/// Takes out the checks that nothing in the story applies to, and names them. That lies in the scenario, the seed and the
/// faults rather than in what the receiver did; not so in a story that was cut short.
fn leave_out_skipped(story: &StorySummary, cases: &mut Vec<TestCase>) -> String {
    let mut named = String::new();
    if story.state == State::Played {
        cases.retain(|case| {
            let TestCaseStatus::Skipped { message, .. } = &case.status else { return true };
            let why = message.as_ref().map_or("", |message| message.as_str());
            named += &format!("\nnot judged: {}: {why}", case.name.as_str());
            false
        });
    }
    named
}

/// What all cases of a story have in common.
fn finish(story: &StorySummary, summary: &Summary, cases: &mut Vec<TestCase>) {
    let class = class(story);
    if cases.is_empty() {
        cases.push(TestCase::new("the story is played to its end", TestCaseStatus::success()));
    }
    for case in &mut *cases {
        case.set_classname(class.clone());
        if case.extra.is_empty()
            && let Some((file, _)) = file_and_line(&story.source)
        {
            case.extra.insert("file".into(), file.into());
        }
        case.timestamp = story.began_ms.or(summary.began_ms).and_then(instant).and_then(|text| text.parse().ok());
    }
    distinguish(cases);
}

/// The vendor and the scenario, as readers take packages and classes apart at dots.
fn class(story: &StorySummary) -> String {
    format!("{}.{}", story.story.vendor, visible(&story.story.scenario).replace('.', "_"))
}

/// A case for one expectation, with the findings about it.
fn case(expectation: &Expectation, check: Option<&CheckSummary>, findings: &[&Finding], replay: &str) -> TestCase {
    let (failing, remarks): (Vec<&Finding>, Vec<&Finding>) =
        findings.iter().copied().partition(|finding| finding.weight > Weight::Remark);
    let (judged, failed) = check.map_or((1, 0), |check| (check.judged, check.failed));
    let status = match failing.first() {
        Some(first) => {
            let unknown = failing.iter().any(|finding| finding.weight == Weight::Unknown);
            let kind = if unknown { NonSuccessKind::Error } else { NonSuccessKind::Failure };
            let more = (failing.len() as u64).max(failed) - 1;
            let more = if more == 0 { String::new() } else { format!(" (and {more} more)") };
            let message = clipped(&first.message, LINE_MAX_CHARS) + &more;
            bad(kind, first.code.as_str(), message, Some(text(&failing)))
        }
        None if failed > 0 => {
            // There were too many findings to keep those of this case.
            let replay = format!("replay    {}", clipped(replay, LINE_MAX_CHARS));
            let message = format!("it did not hold {failed} times of {judged}");
            bad(NonSuccessKind::Failure, "", message, Some(replay))
        }
        None if judged == 0 => passed_over("nothing in this story that it applies to".to_owned()),
        None => TestCaseStatus::success(),
    };
    let mut case = TestCase::new(clipped(&expectation.text, LINE_MAX_CHARS), status);
    case.set_assertions(usize::try_from(judged).unwrap_or(usize::MAX));
    if !remarks.is_empty() {
        case.set_system_out(text(&remarks));
    }
    if let Some((file, line)) = file_and_line(&expectation.place) {
        case.extra.insert("file".into(), file.into());
        if let Some(line) = line {
            case.extra.insert("line".into(), line.to_string().into());
        }
    }
    case
}

fn passed_over(why: String) -> TestCaseStatus {
    let mut status = TestCaseStatus::skipped();
    status.set_message(why);
    status
}

fn bad(kind: NonSuccessKind, of: &str, message: String, more: Option<String>) -> TestCaseStatus {
    let mut status = TestCaseStatus::non_success(kind);
    if !of.is_empty() {
        status.set_type(of);
    }
    status.set_message(message);
    if let Some(more) = more {
        status.set_description(more);
    }
    status
}

fn text(findings: &[&Finding]) -> String {
    let mut text = String::new();
    let mut before = Folding::default();
    for finding in findings.iter().take(FINDINGS_PER_CASE_MAX) {
        // Those that are alike say the same again: where they are is enough.
        let is_new = before.add(finding);
        text += &match is_new {
            true => format!("\n{}\n  {}\n", headline(finding), details(finding).join("\n  ")),
            false => format!("  alike     {}\n", push(finding).unwrap_or_else(|| headline(finding))),
        };
    }
    if let Some(more) = findings.len().checked_sub(FINDINGS_PER_CASE_MAX).filter(|more| *more > 0) {
        text += &format!("\nand {more} more\n");
    }
    cut(&text, OUTPUT_MAX_CHARS)
}

/// Readers know a case from run to run by its class and its name, so cases of the same name get their line, or a number.
fn distinguish(cases: &mut [TestCase]) {
    let mut times: BTreeMap<String, usize> = BTreeMap::new();
    cases.iter().for_each(|case| *times.entry(case.name.to_string()).or_default() += 1);
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    for case in cases {
        let name = case.name.to_string();
        if times.get(&name).is_some_and(|times| *times > 1) {
            let line = case.extra.get("line").map(|line| format!(" (line {})", line.as_str())).unwrap_or_default();
            let named = format!("{name}{line}");
            let number = seen.entry(named.clone()).or_default();
            *number += 1;
            case.name = if *number == 1 { named } else { format!("{named} #{number}") }.into();
        }
    }
}

/// What belongs to no story, and what would be too long.
fn rest(summary: &Summary, unplayed: &[&StorySummary]) -> TestSuite {
    let mut suite = TestSuite::new("ringback");
    let mut findings: BTreeMap<&Expectation, Vec<&Finding>> = BTreeMap::new();
    for finding in &summary.other_findings {
        findings.entry(&finding.expectation).or_default().push(finding);
    }
    for (expectation, about) in findings {
        let mut case = case(expectation, None, &about, "");
        case.set_classname("ringback");
        suite.add_test_case(case);
    }
    for report in &summary.unwritten {
        let status = bad(NonSuccessKind::Error, "report", "it could not be written".to_owned(), None);
        let mut case = TestCase::new(clipped(&format!("the report {report}"), LINE_MAX_CHARS), status);
        case.set_classname("ringback");
        suite.add_test_case(case);
    }
    let LeftOut { stories, checks, findings, probes, snapshots } = summary.left_out;
    let mut told = String::new();
    if summary.left_out != LeftOut::default() {
        told += &format!(
            "left out: {stories} stories, {checks} checks, {findings} findings, {probes} probes, {snapshots} snapshots\n"
        );
    }
    for StorySummary { story, reason, .. } in unplayed {
        let reason = clipped(reason.as_deref().unwrap_or_default(), LINE_MAX_CHARS);
        told += &format!("skipped: {} by {}: {reason}\n", visible(&story.scenario), story.vendor);
    }
    if !told.is_empty() {
        suite.set_system_out(cut(&told, OUTPUT_MAX_CHARS));
    }
    suite
}

/// The faults that struck nothing, as they may, a line each.
fn idle(summary: &Summary) -> String {
    summary.idle().map(|fault| format!("idle: {} ({})\n", fault.fault, visible(&fault.place))).collect()
}

/// RFC 3339.
fn instant(milliseconds: i64) -> Option<String> {
    Timestamp::from_millisecond(milliseconds).ok().map(|instant| instant.to_string())
}
