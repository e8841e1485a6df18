//! What is not as expected, as lines for people.

use crate::load::expectations::{Example, ExpectationFigures, FindingFigures};
use crate::report::request_line;

/// How many kinds of findings are told where only some are.
const FINDINGS_SHOWN_MAX: usize = 3;

/// How often an expectation did not hold by code and push, each with its examples.
pub(super) fn full(expected: &ExpectationFigures) -> Vec<String> {
    let each = |found: &FindingFigures| {
        let mut lines: Vec<String> = found.examples.iter().flat_map(of).collect();
        lines.insert(0, counted(found));
        lines
    };
    expected.findings.iter().flat_map(each).collect()
}

/// The same of the most frequent, with an example each.
pub(super) fn brief(expected: &ExpectationFigures) -> Vec<String> {
    let mut findings: Vec<&FindingFigures> = expected.findings.iter().collect();
    findings.sort_by_key(|found| std::cmp::Reverse(found.count));
    let shown = findings.iter().take(FINDINGS_SHOWN_MAX);
    let mut lines: Vec<String> = shown
        .flat_map(|found| {
            let example = found.examples.first().map(of);
            [counted(found)].into_iter().chain(example.into_iter().flatten())
        })
        .collect();
    if let more @ 1.. = findings.len().saturating_sub(FINDINGS_SHOWN_MAX) {
        let count: u64 = findings.iter().skip(FINDINGS_SHOWN_MAX).map(|found| found.count).sum();
        let word = if more == 1 { "push" } else { "pushes" };
        lines.push(format!("and {count} times after {more} other {word}: --report json=load.json"));
    }
    lines
}

fn counted(FindingFigures { code, push, count, .. }: &FindingFigures) -> String {
    let times = if *count == 1 { "once".to_owned() } else { format!("{count} times") };
    format!("{code} {times} after {push}")
}

fn of(example: &Example) -> Vec<String> {
    let Example { message, difference, call, attempt, said, faults, curl, .. } = example;
    let which = if *attempt > 1 { format!("call {call}, attempt {attempt}") } else { format!("call {call}") };
    let mut lines = vec![format!("  {which}: {message}")];
    lines.extend(difference.iter().map(|line| format!("    {line}")));
    lines.extend(said.iter().map(|said| format!("    said: {said}")));
    lines.extend(faults.iter().map(|fault| format!("    fault: {fault}")));
    lines.push(format!("    curl: {}", request_line(curl)));
    lines
}
