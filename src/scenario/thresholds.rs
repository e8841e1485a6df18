//! Reads `thresholds`: what the figures of a load keep to. How one is written is known in `contract`.

use super::faults::Source;
use super::fields::{items, scalar};
use super::problems::{Problem, Problems};
use super::pushes;
use super::tree::Node;
use crate::contract::{THRESHOLDS_MAX, Threshold};
use crate::diagnostic::{Code, Place};
use crate::vendors::Vendor;

const EXAMPLE: &str = "thresholds: [\"p99<200ms\", \"errors<0.1%\"]";

/// The thresholds of a file, in order.
pub(super) fn read(
    node: &Node,
    source: Source<'_>,
    all: &[&'static dyn Vendor],
    problems: &mut Problems,
) -> Vec<Threshold> {
    let Some(items) = items(node, "`thresholds`", EXAMPLE, problems) else { return Vec::new() };
    if items.is_empty() {
        let problem = Problem::new(Code::BadValue, &node.span, "`thresholds` is empty: nothing would be judged");
        problems.add(problem.help(format!("write `{EXAMPLE}`, or take the key out")));
    }
    if let Some(first) = items.get(THRESHOLDS_MAX) {
        let message = format!("`thresholds` has {} entries, more than {THRESHOLDS_MAX}", items.len());
        problems.add(Problem::new(Code::TooLarge, &first.span, message).help("keep those that matter"));
    }
    items.iter().take(THRESHOLDS_MAX).filter_map(|item| one(item, source, all, problems)).collect()
}

fn one(node: &Node, source: Source<'_>, all: &[&'static dyn Vendor], problems: &mut Problems) -> Option<Threshold> {
    let text = scalar(node, "a threshold", "a text such as `\"p99<200ms\"`", problems)?;
    let place = format!("{}:{}", source.name, Place::new(source.text, &node.span).line);
    let threshold = match Threshold::parse(text, &place) {
        Ok(threshold) => threshold,
        Err(flaw) => {
            problems.add(Problem::new(Code::BadValue, &node.span, flaw.reason).help(flaw.help));
            return None;
        }
    };
    if let Some(push) = &threshold.push {
        pushes::push(node, push, all, problems)?;
    }
    Some(threshold)
}
