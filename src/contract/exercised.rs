//! What of everything that was planned a run has exercised: the faults that struck, the expectations that were judged.
//! Learnt from the events of the run.

use crate::diagnostic::Code;
use crate::event::{Expectation, Finding, RunEvent, Story, Weight};
use crate::faults::{Bent, Fault, Faults, Mark};
use std::collections::BTreeMap;

/// How much of the entry of a fault is quoted.
const QUOTE_MAX_CHARS: usize = 200;

/// Whether something that was planned and never exercised fails a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Strictness {
    /// It is said.
    #[default]
    Lenient,
    /// It fails the run.
    Strict,
}

/// What has been exercised so far.
#[derive(Debug, Default)]
pub struct Exercised {
    faults: Vec<Listed>,
    /// For each fault of the story that is being played its place among all.
    present: Vec<usize>,
    /// Whether each expectation of a scenario was judged, and the story that had it first.
    expectations: BTreeMap<Expectation, (bool, Story)>,
    /// The command that plays each story again.
    replays: BTreeMap<Story, String>,
}

/// A fault that is listed for at least one story.
#[derive(Debug)]
struct Listed {
    name: &'static str,
    mark: Mark,
    expectation: Expectation,
    may_idle: bool,
    /// What a push must be like so that it changes anything.
    needs: Option<&'static str>,
    strikes: u64,
    story: Story,
}

impl Exercised {
    /// A story with these faults begins.
    pub fn begin(&mut self, story: &Story, replay: &str, faults: &Faults) {
        self.replays.insert(story.clone(), replay.to_owned());
        self.present = faults.iter().map(|fault| self.place(story, fault)).collect();
    }

    fn place(&mut self, story: &Story, fault: &Fault) -> usize {
        let found = self.faults.iter().position(|known| known.mark == fault.mark);
        found.unwrap_or_else(|| {
            self.faults.push(Listed {
                name: fault.name(),
                mark: fault.mark.clone(),
                expectation: listing(fault),
                may_idle: fault.may_idle,
                needs: fault.fact.needs,
                strikes: 0,
                story: story.clone(),
            });
            self.faults.len() - 1
        })
    }

    /// Learns of an event of the story.
    pub fn event(&mut self, event: &RunEvent) {
        match event {
            RunEvent::Attempted { faults, .. } | RunEvent::Dropped { faults, .. } => {
                for index in faults.iter().filter_map(|Bent { listed, .. }| *listed) {
                    if let Some(fault) = self.present.get(index).and_then(|place| self.faults.get_mut(*place)) {
                        fault.strikes += 1;
                    }
                }
            }
            // A vendor's own rule may well be replaced by those of the scenario.
            RunEvent::Checked { story, expectation, judged, .. } if !expectation.quote.is_empty() => {
                let (is_judged, _) =
                    self.expectations.entry(expectation.clone()).or_insert_with(|| (false, story.clone()));
                *is_judged |= *judged > 0;
            }
            _ => {}
        }
    }

    /// What there is to say of it once everything is played.
    pub fn close(self, strictness: Strictness) -> Vec<RunEvent> {
        let mut events = Vec::new();
        let replays = self.replays;
        let replay = |story: &Story| replays.get(story).cloned().unwrap_or_default();
        for Listed { name, expectation, may_idle, needs, strikes, story, .. } in self.faults {
            let place = expectation.place.clone();
            events.push(RunEvent::FaultPlayed { fault: name, place, strikes, may_idle });
            if strikes > 0 || may_idle {
                continue;
            }
            let (replay, finding) = (replay(&story), finding(Code::FaultNeverStruck, strictness, story, expectation));
            events.push(RunEvent::Found(Box::new(Finding {
                message: format!("the fault `{name}` struck nothing"),
                expected: "at least one push that it changes".to_owned(),
                found: match needs {
                    Some(needs) => format!("none: no push that it met {needs}"),
                    None => "none: its draws fell on no attempt, or none came that it is for".to_owned(),
                },
                replay,
                help: Some("another --seed, a higher `rate`, other pushes; or mark it `may_idle: true`".to_owned()),
                ..finding
            })));
        }
        if strictness == Strictness::Strict {
            for (expectation, (_, story)) in self.expectations.into_iter().filter(|(_, (is_judged, _))| !is_judged) {
                let message = format!("never judged: {}", expectation.text);
                events.push(RunEvent::Found(Box::new(Finding {
                    message,
                    expected: "an answer, or a story, that it is about".to_owned(),
                    found: "none in the whole run".to_owned(),
                    replay: replay(&story),
                    ..finding(Code::NeverJudged, strictness, story, expectation)
                })));
            }
        }
        events
    }
}

/// Where a fault is listed, as findings quote it.
fn listing(fault: &Fault) -> Expectation {
    Expectation {
        text: format!("fault `{}`", fault.name()),
        place: fault.place.clone(),
        quote: fault.mark.quote().chars().take(QUOTE_MAX_CHARS).collect(),
    }
}

fn finding(code: Code, strictness: Strictness, story: Story, expectation: Expectation) -> Finding {
    let weight = match strictness {
        Strictness::Lenient => Weight::Remark,
        Strictness::Strict => Weight::Failed,
    };
    Finding::new(code, weight, story, expectation)
}

#[cfg(test)]
mod tests {
    use super::super::events::story;
    use super::*;

    #[test]
    fn an_expectation_is_judged_once_any_story_has_judged_it_and_the_vendors_rule_is_none() {
        let checked = |place: &str, quote: &str, judged: u64| RunEvent::Checked {
            story: story(),
            expectation: Expectation { text: format!("at {place}"), place: place.into(), quote: quote.into() },
            judged,
            failed: 0,
        };
        let close = |events: &[RunEvent], strictness| {
            let mut exercised = Exercised::default();
            exercised.begin(&story(), "ringback run flow.yaml", &Faults::default());
            events.iter().for_each(|event| exercised.event(event));
            exercised.close(strictness)
        };
        let events = [
            checked("a", "- x", 0),
            checked("a", "- x", 1),
            checked("b", "- x", 1),
            checked("b", "- x", 0),
            checked("c", "- x", 0),
            checked("d", "", 0),
        ];
        assert_eq!(close(&events, Strictness::Lenient).len(), 0);
        let [RunEvent::Found(found)] = &close(&events, Strictness::Strict)[..] else { panic!("one finding") };
        assert_eq!(
            (found.code, &*found.message, found.weight),
            (Code::NeverJudged, "never judged: at c", Weight::Failed)
        );
        assert_eq!(found.replay, "ringback run flow.yaml");
    }
}
