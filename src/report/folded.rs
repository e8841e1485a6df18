//! Folds findings that are alike over pushes and stories: one bug is one entry, with the places where it shows.

use crate::diagnostic::Code;
use crate::event::{Finding, Story, Weight};
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::{HashMap, HashSet};

/// How many examples an entry holds: the first, and those in which the receiver said something else.
pub const EXAMPLES_MAX: usize = 3;
/// How many entries are kept.
pub const ENTRIES_MAX: usize = 500;
/// How many stories of one entry are named.
pub const STORIES_NAMED_MAX: usize = 100;

/// Findings that are alike: the same code by the same line or rule, with the same status.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Folded {
    /// How many findings.
    pub findings: u64,
    /// In how many stories.
    pub stories: u64,
    /// The first one, and further ones in which the receiver said something else.
    pub examples: Vec<Finding>,
    /// The stories in which they were found, as far as they are named.
    pub places: Vec<FoldedPlace>,
}

/// A story in which findings that are alike were found.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct FoldedPlace {
    /// Which story.
    pub story: Story,
    /// How many of them.
    pub findings: u64,
}

impl Folded {
    /// The first of them.
    pub fn first(&self) -> Option<&Finding> {
        self.examples.first()
    }

    /// How many there are, and where: `12 findings in 3 stories`; `None` where there is only one.
    pub fn count(&self) -> Option<String> {
        match (self.findings, self.stories, self.places.first()) {
            (1, ..) => None,
            (findings, 1, Some(FoldedPlace { story, .. })) => {
                Some(format!("{findings} findings in {} by {}", story.scenario, story.vendor))
            }
            (findings, stories, _) => Some(format!("{findings} findings in {stories} stories")),
        }
    }

    /// The stories, one a line, where there are several: `transfer by udesk: 4`.
    pub fn places(&self, lines_max: usize) -> Vec<String> {
        if self.stories < 2 {
            return Vec::new();
        }
        let line = |FoldedPlace { story, findings }: &FoldedPlace| {
            format!("{} by {}: {findings}", story.scenario, story.vendor)
        };
        let mut lines: Vec<String> = self.places.iter().take(lines_max).map(line).collect();
        let more = self.stories - lines.len() as u64;
        if more > 0 {
            lines.push(format!("and {more} more stories"));
        }
        lines
    }
}

/// Takes findings one by one.
#[derive(Debug, Default)]
pub struct Folding {
    entries: Vec<Entry>,
    places: HashMap<Key, usize>,
    beyond: u64,
}

#[derive(Debug)]
struct Entry {
    folded: Folded,
    /// What the receiver said in the examples.
    said: HashSet<String>,
    last: Story,
}

/// What findings that are alike have in common.
#[derive(Debug, PartialEq, Eq, Hash)]
struct Key {
    weight: Weight,
    code: Code,
    rule: [String; 2],
    status: Option<i32>,
    found: String,
}

impl Key {
    fn of(finding: &Finding) -> Self {
        let Finding { weight, code, expectation, status, found, .. } = finding;
        let is_vendors_rule = *code == Code::NotAcknowledged && expectation.quote.is_empty();
        let rule = match expectation.quote.as_str() {
            // Every vendor has that rule, in words of its own.
            "" if is_vendors_rule => Default::default(),
            "" => [expectation.text.clone(), expectation.place.clone()],
            quote => [expectation.text.clone(), quote.trim().to_owned()],
        };
        // The reason alone: how often a vendor tries is told behind it.
        let reason = found.split(';').next().unwrap_or_default();
        let found = if is_vendors_rule || status.is_none() { normalised(reason) } else { String::new() };
        Self { weight: *weight, code: *code, rule, status: *status, found }
    }
}

impl Folding {
    /// Takes one more; true where it is an example: nothing like it came before.
    pub fn add(&mut self, finding: &Finding) -> bool {
        let key = Key::of(finding);
        let place = match self.places.get(&key) {
            Some(place) => *place,
            None if self.entries.len() == ENTRIES_MAX => {
                self.beyond += 1;
                return true;
            }
            None => {
                self.places.insert(key, self.entries.len());
                self.entries.push(Entry::new(&finding.story));
                self.entries.len() - 1
            }
        };
        self.entries.get_mut(place).is_some_and(|entry| entry.add(finding))
    }

    /// All of them, what fails the run and causes first; and how many findings are in none of them.
    pub fn list(&self) -> (Vec<Folded>, u64) {
        let mut all: Vec<Folded> = self.entries.iter().map(|entry| entry.folded.clone()).collect();
        all.iter_mut().for_each(|folded| folded.examples.sort_by_cached_key(Finding::precedence));
        all.sort_by_cached_key(|folded| folded.first().map(Finding::precedence));
        (all, self.beyond)
    }
}

impl Entry {
    fn new(story: &Story) -> Self {
        let folded = Folded { findings: 0, stories: 0, examples: Vec::new(), places: Vec::new() };
        Self { folded, said: HashSet::new(), last: story.clone() }
    }

    fn add(&mut self, finding: &Finding) -> bool {
        let Self { folded, said, last } = self;
        folded.findings += 1;
        let story = &finding.story;
        let is_full = folded.places.len() == STORIES_NAMED_MAX;
        match folded.places.iter_mut().rfind(|place| place.story == *story) {
            Some(place) => place.findings += 1,
            // Stories are played one after the other.
            None if is_full => folded.stories += u64::from(last != story),
            None => {
                folded.places.push(FoldedPlace { story: story.clone(), findings: 1 });
                folded.stories += 1;
            }
        }
        last.clone_from(story);
        let is_example = folded.examples.len() < EXAMPLES_MAX
            && said.insert(normalised(finding.said.as_deref().unwrap_or(&finding.found)));
        if is_example {
            folded.examples.push(finding.clone());
        }
        is_example
    }
}

/// The text with `#` in place of every word that has a digit in it: ids, times and numbers differ where nothing else does.
fn normalised(text: &str) -> String {
    let words = text.split_inclusive(|c: char| !c.is_alphanumeric());
    let mut normalised = String::with_capacity(text.len());
    for word in words {
        match word.contains(|c: char| c.is_ascii_digit()) {
            true => {
                normalised.push('#');
                normalised.extend(word.chars().next_back().filter(|last| !last.is_alphanumeric()));
            }
            false => normalised += word,
        }
    }
    normalised
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::{DeliveryId, Expectation};
    use std::time::Duration;

    fn finding(code: Code, scenario: &str, said: &str, number: u32) -> Finding {
        let story = Story { scenario: scenario.to_owned(), vendor: "udesk" };
        let push = "udesk:end".to_owned();
        let delivery = DeliveryId { scenario: scenario.to_owned(), push, call: "1e75".into(), number, target: 1 };
        let expectation = Expectation { text: "rule".into(), place: format!("{scenario}.yaml"), quote: String::new() };
        Finding {
            found: format!("status 500 is not 2xx; all {number} attempts failed"),
            status: Some(500),
            said: Some(said.to_owned()),
            delivery: Some(delivery),
            offset: Some(Duration::from_secs(number.into())),
            ..Finding::new(code, Weight::Failed, story, expectation)
        }
    }

    #[test]
    fn one_bug_in_many_stories_is_one_entry() {
        let mut folding = Folding::default();
        for story in 0..150 {
            for number in 1..=4 {
                let said = format!("KeyError in call {:032x} at 2026-11-20T10:00:0{number}", story * 7 + number);
                folding.add(&finding(Code::NotAcknowledged, &format!("story-{story}"), &said, number));
            }
        }
        let other = Finding { status: Some(404), ..finding(Code::NotAcknowledged, "story-3", "no", 9) };
        folding.add(&other);
        let (all, beyond) = folding.list();
        assert_eq!((all.len(), beyond), (2, 0));
        assert_eq!((all[0].findings, all[0].stories, all[0].examples.len()), (600, 150, 1));
        assert_eq!(all[0].count().as_deref(), Some("600 findings in 150 stories"));
        let places = all[0].places(2);
        assert_eq!(places, ["story-0 by udesk: 4", "story-1 by udesk: 4", "and 148 more stories"]);
        assert_eq!((all[1].count(), all[1].places(9).len()), (None, 0));
    }

    #[test]
    fn what_the_receiver_said_otherwise_is_another_example() {
        let mut folding = Folding::default();
        for (said, number) in [("KeyError 1", 1), ("TypeError", 2), ("KeyError 2", 3), ("c", 4), ("d", 5)] {
            folding.add(&finding(Code::NotAcknowledged, "a", said, number));
        }
        let (all, _) = folding.list();
        let said: Vec<_> = all[0].examples.iter().filter_map(|example| example.said.as_deref()).collect();
        assert_eq!(said, ["KeyError 1", "TypeError", "c"]);
        assert_eq!(all[0].count().as_deref(), Some("5 findings in a by udesk"));
    }

    #[test]
    fn causes_come_before_consequences_and_what_fails_before_what_does_not() {
        let remark = |number| Finding { weight: Weight::Remark, ..finding(Code::Status, "a", "", number) };
        let found = [
            finding(Code::SnapshotChanged, "a", "", 1),
            finding(Code::ProbeDisagrees, "a", "", 1),
            remark(1),
            finding(Code::OutOfOrder, "a", "", 2),
            finding(Code::NotAcknowledged, "a", "", 3),
            finding(Code::Json, "a", "", 4),
            finding(Code::Status, "a", "", 4),
        ];
        for turned in 0..found.len() {
            let mut folding = Folding::default();
            found[turned..].iter().chain(&found[..turned]).for_each(|found| {
                folding.add(found);
            });
            let codes: Vec<_> = folding.list().0.iter().filter_map(Folded::first).map(|first| first.code).collect();
            let told = [
                Code::Status,
                Code::Json,
                Code::NotAcknowledged,
                Code::OutOfOrder,
                Code::ProbeDisagrees,
                Code::SnapshotChanged,
                Code::Status,
            ];
            assert_eq!(codes, told, "{turned}");
        }
    }

    #[test]
    fn entries_are_bounded() {
        let mut folding = Folding::default();
        for status in 0..ENTRIES_MAX as i32 + 7 {
            folding.add(&Finding { status: Some(status), ..finding(Code::Status, "a", "", 1) });
        }
        let (all, beyond) = folding.list();
        assert_eq!((all.len(), beyond), (ENTRIES_MAX, 7));
    }
}
