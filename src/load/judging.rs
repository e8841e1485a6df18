//! Judges what a worker hears, by the expectations of the stories: by the rules of `contract`, which `run` judges by. Most
//! answers are known by heart, and known to hold; only the others are looked at.

use super::calls::{About, Calls};
use super::expectations::{Example, ExpectationFigures, FindingFigures};
use super::{EXAMPLES_MAX, Load};
use crate::contract::{
    Answer, AnswerRule, CallTrack, Case, Check, Contract, Leaving, PushTrack, Rule, StoryRule, Violation, ruling,
};
use crate::delivery::AttemptOutcome;
use crate::event::{Finding, RunEvent, Story};
use crate::http::{Reply, masked};
use crate::plan::Plan;
use std::collections::{BTreeMap, HashMap};
use std::time::Duration;

/// So many calls are remembered for the rules that ask in which order pushes leave, at least.
const CALLS_TRACKED_MIN: usize = 100_000;

/// The expectations of all stories.
pub struct Judging {
    /// None for a story that expects nothing.
    stories: Vec<Option<Expected>>,
}

/// Which attempt.
#[derive(Debug, Clone, Copy)]
pub struct Tried {
    /// The story, by index in [`Load::stories`].
    pub story: usize,
    /// The kind, by index in the kinds of the story.
    pub kind: usize,
    /// The number of the call.
    pub call: u32,
    /// The push, by its place in the call, from 0.
    pub step: usize,
    /// The target, from 0.
    pub target: usize,
    /// Which attempt, from 1.
    pub attempt: u32,
    /// What the push is about.
    pub about: About,
}

/// What faults have made of an attempt.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Bend {
    /// Whether it is corrupted, so that a receiver may well refuse it.
    pub is_spoilt: bool,
    /// Whether it crosses the wire otherwise.
    pub is_on_wire: bool,
    /// Whether its answer is thrown away.
    pub is_answer_lost: bool,
}

/// A check that does not hold for an attempt, of which an example is wanted.
pub struct Broken {
    check: usize,
    violation: Violation,
}

struct Expected {
    case: Case,
    /// Whether the checks name values of the call.
    names_values: bool,
    /// Whether a rule asks in which order the pushes of a call leave.
    asks_for_order: bool,
    kinds: Vec<Kind>,
    /// How often each check was judged, and how often it did not hold.
    counts: Vec<(u64, u64)>,
    /// What did not hold, by check, code and kind.
    findings: BTreeMap<(usize, &'static str, usize), FindingFigures>,
    /// Calls with a push under way; where a rule asks for the order, others as well, as they may have more to come.
    calls: HashMap<u32, CallTrack<Under>>,
    /// With so many calls those are forgotten that have no push under way.
    calls_max: usize,
}

/// A push under way: its place in the call, its target and its kind.
type Under = (usize, usize, usize);

/// What is expected of one kind of push.
struct Kind {
    name: String,
    /// The checks that are about it.
    checks: Vec<usize>,
    /// The shortest time within which an answer has to come.
    within: Duration,
    /// How many pushes were settled by an answer that was known to hold, and how many of them once the end of their call was told.
    known: u64,
    known_late: u64,
}

impl Judging {
    /// Of a load.
    pub fn new(load: &Load) -> Self {
        let expected = |calls: &dyn Calls| {
            let contract = calls.contract().filter(|contract| !contract.checks.is_empty())?;
            Some(Expected::new(contract, calls.kinds(), &calls.plan(1, load.start)?))
        };
        Self { stories: load.stories.iter().map(|story| expected(&*story.calls)).collect() }
    }

    fn of(&mut self, story: usize) -> Option<&mut Expected> {
        self.stories.get_mut(story)?.as_mut()
    }

    fn get(&self, story: usize) -> Option<&Expected> {
        self.stories.get(story)?.as_ref()
    }

    /// Whether anything is expected of a story.
    pub fn expects(&self, story: usize) -> bool {
        self.get(story).is_some()
    }

    /// Whether what is expected of a story is another thing in every call, so that a call is judged by its plan.
    pub fn names_values(&self, story: usize) -> bool {
        self.get(story).is_some_and(|expected| expected.names_values)
    }

    /// Whether a rule of a story asks in which order the pushes of a call leave.
    pub fn asks_for_order(&self, story: usize) -> bool {
        self.get(story).is_some_and(|expected| expected.asks_for_order)
    }

    /// An attempt leaves; only a story that asks for the order needs to be told.
    pub fn leaves(&mut self, tried: Tried, bend: Bend) {
        if let Some(expected) = self.of(tried.story) {
            expected.leaves(tried, bend);
        }
    }

    /// Whether an answer to a push of this kind would hold whenever it came.
    pub fn holds(&self, story: usize, kind: usize, reply: &Reply) -> bool {
        let Some(expected) = self.get(story) else { return true };
        let Some(kind) = expected.kinds.get(kind).filter(|_| !expected.names_values) else { return false };
        let (body, headers) = (String::from_utf8_lossy(&reply.body), masked(&reply.headers));
        let answer = answer(reply, &headers, &body, Duration::ZERO);
        kind.checks(&expected.case.contract.checks).all(|(_, check)| match &check.rule {
            Rule::Answer(rule) => rule.violation(&answer).is_none(),
            Rule::Story(StoryRule::No5xx | StoryRule::NoErrorAfterEnd) => reply.status < 400,
            Rule::Story(_) => true,
        })
    }

    /// Settles a push by an answer that is known to hold; false where more has to be looked at.
    pub fn is_settled(&mut self, tried: Tried, is_spoilt: bool, took: Duration) -> bool {
        let Some(expected) = self.of(tried.story) else { return true };
        let Expected { asks_for_order, kinds, calls, .. } = expected;
        let Some(kind) = kinds.get_mut(tried.kind) else { return false };
        if tried.attempt != 1 || is_spoilt || took > kind.within {
            return false;
        }
        if *asks_for_order {
            let is_next = calls.get(&tried.call).is_some_and(|call| call.before(&tried.under()).is_none());
            let Some(push) = is_next.then(|| expected.take(tried)).flatten() else { return false };
            if let Some(kind) = expected.kinds.get_mut(tried.kind) {
                kind.known += 1;
                kind.known_late += u64::from(push.is_late());
            }
            return true;
        }
        kind.known += 1;
        true
    }

    /// An attempt has ended. `own`: the checks with the values of its call, where they name any.
    pub fn ended(&mut self, tried: Tried, bend: Bend, outcome: &AttemptOutcome, own: Option<&[Check]>) -> Vec<Broken> {
        let Some(expected) = self.of(tried.story) else { return Vec::new() };
        // Where no rule asks when it left, and where it never got so far, it is entered as it ends.
        let call = expected.calls.get_mut(&tried.call);
        if call.and_then(|call| call.get(&tried.under())).is_none_or(|push| push.attempt() != tried.attempt) {
            expected.leaves(tried, bend);
        }
        let Expected { case, names_values, kinds, counts, findings, calls, .. } = expected;
        let (Some(call), Some(kind)) = (calls.get_mut(&tried.call), kinds.get(tried.kind)) else { return Vec::new() };
        let AttemptOutcome::Replied { reply, timing } = outcome else {
            call.fails(&tried.under());
            return Vec::new();
        };
        let overtaken = call.answers(&tried.under(), bend.is_answer_lost);
        let overtaken = overtaken.and_then(|(.., kind)| kinds.get(kind)).map(|kind| kind.name.as_str());
        let (Some(push), Some(checks)) = (call.get(&tried.under()), checks(case, *names_values, own)) else {
            return Vec::new();
        };
        let (body, headers) = (String::from_utf8_lossy(&reply.body), masked(&reply.headers));
        let answer = answer(reply, &headers, &body, timing.total);
        let mut tally = Tally { counts, findings, kind, number: tried.kind, wanted: Vec::new() };
        ruling::answered(kind.checks(checks), push, &answer, overtaken, &mut |check, violation| {
            tally.add(check, violation);
        });
        tally.wanted
    }

    /// A push is settled, by an attempt that ended so. Whether a check on its status takes the place of the vendor's own rule.
    pub fn settled(&mut self, tried: Tried, ended: &str, own: Option<&[Check]>) -> (Vec<Broken>, bool) {
        let Some(expected) = self.of(tried.story) else { return (Vec::new(), false) };
        let push = expected.take(tried);
        let Expected { case, names_values, kinds, counts, findings, .. } = expected;
        let (Some(push), Some(kind), Some(checks)) = (push, kinds.get(tried.kind), checks(case, *names_values, own))
        else {
            return (Vec::new(), false);
        };
        let mut tally = Tally { counts, findings, kind, number: tried.kind, wanted: Vec::new() };
        let is_covered = ruling::settled(kind.checks(checks), &push, ended, &mut |check, violation| {
            tally.add(check, violation);
        });
        (tally.wanted, is_covered)
    }

    /// A push is settled in a way that says nothing of the receiver.
    pub fn forget(&mut self, tried: Tried) {
        if let Some(expected) = self.of(tried.story) {
            expected.take(tried);
        }
    }

    /// Keeps an example of what does not hold. `events`: of the attempt, as a run tells them.
    pub fn example(&mut self, tried: Tried, Broken { check, violation }: Broken, events: &[RunEvent; 2]) {
        let Some(expected) = self.of(tried.story) else { return };
        let (key, expectation) =
            ((check, violation.code.as_str(), tried.kind), expected.case.contract.checks.get(check));
        let finding: Option<Finding> =
            expectation.and_then(|check| expected.case.found(&check.expectation, violation, events));
        if let (Some(finding), Some(found)) = (finding, expected.findings.get_mut(&key)) {
            found.examples.push(Example::of(finding, u64::from(tried.call)));
        }
    }

    /// What became of everything that is expected.
    pub fn figures(self) -> Vec<ExpectationFigures> {
        let mut all = Vec::new();
        for Expected { case, kinds, mut counts, findings, .. } in self.stories.into_iter().flatten() {
            for Kind { checks, known, known_late, .. } in kinds {
                for check in checks {
                    let rule = case.contract.checks.get(check).map(|check| &check.rule);
                    let is_of_late = rule == Some(&Rule::Story(StoryRule::NoErrorAfterEnd));
                    let known = if is_of_late { known_late } else { known };
                    counts.get_mut(check).into_iter().for_each(|(judged, _)| *judged += known);
                }
            }
            let mut figures: Vec<ExpectationFigures> =
                case.contract.checks.iter().map(|check| ExpectationFigures::new(&check.expectation)).collect();
            for (figures, (judged, failed)) in figures.iter_mut().zip(counts) {
                (figures.judged, figures.failed) = (judged, failed);
            }
            for ((check, ..), found) in findings {
                figures.get_mut(check).into_iter().for_each(|figures| figures.findings.push(found.clone()));
            }
            ExpectationFigures::merge(&mut all, &figures);
        }
        all
    }
}

impl Tried {
    fn under(&self) -> Under {
        (self.step, self.target, self.kind)
    }
}

impl Expected {
    /// Of a story whose first call has this plan.
    fn new(contract: &Contract, kinds: &[String], plan: &Plan) -> Self {
        let story = Story { scenario: plan.scenario.clone(), vendor: plan.vendor.id() };
        let kind = |name: &String| {
            let about = contract.checks.iter().enumerate().filter(|(_, check)| check.push.matches(name));
            let within = |check: &Check| match check.rule {
                Rule::Answer(AnswerRule::Within(limit)) => Some(limit),
                _ => None,
            };
            Kind {
                name: name.clone(),
                within: about.clone().filter_map(|(_, check)| within(check)).min().unwrap_or(Duration::MAX),
                checks: about.map(|(index, _)| index).collect(),
                known: 0,
                known_late: 0,
            }
        };
        Self {
            names_values: contract.checks != plan.contract.checks,
            asks_for_order: contract.asks_for_order(),
            kinds: kinds.iter().map(kind).collect(),
            counts: vec![(0, 0); contract.checks.len()],
            findings: BTreeMap::new(),
            calls: HashMap::new(),
            calls_max: CALLS_TRACKED_MIN,
            case: Case { story, contract: contract.clone(), source: plan.source.clone(), replay: String::new() },
        }
    }

    fn leaves(&mut self, tried: Tried, bend: Bend) {
        let Bend { is_spoilt, is_on_wire, .. } = bend;
        let leaving =
            Leaving { attempt: tried.attempt, stage: tried.about.stage(), is_spoilt, is_bent_on_wire: is_on_wire };
        // Targets are fewer than 64.
        let line = tried.about.leg() << 8 | tried.target as u32;
        if self.calls.len() >= self.calls_max {
            self.calls.retain(|_, call| !call.is_idle());
            self.calls_max = CALLS_TRACKED_MIN.max(self.calls.len() * 2);
        }
        self.calls.entry(tried.call).or_default().leaves(&tried.under(), line, leaving);
    }

    fn take(&mut self, tried: Tried) -> Option<PushTrack> {
        let call = self.calls.get_mut(&tried.call)?;
        let push = call.take(&tried.under());
        if call.is_blank() {
            self.calls.remove(&tried.call);
        }
        push
    }
}

impl Kind {
    /// The checks that are about it, each with its place in the list.
    fn checks<'c>(&'c self, checks: &'c [Check]) -> impl Iterator<Item = (usize, &'c Check)> {
        self.checks.iter().filter_map(|index| Some((*index, checks.get(*index)?)))
    }
}

/// Counts what was judged.
struct Tally<'a> {
    counts: &'a mut [(u64, u64)],
    findings: &'a mut BTreeMap<(usize, &'static str, usize), FindingFigures>,
    kind: &'a Kind,
    number: usize,
    /// Of which an example is wanted.
    wanted: Vec<Broken>,
}

impl Tally<'_> {
    fn add(&mut self, check: usize, violation: Option<Violation>) {
        let Some((judged, failed)) = self.counts.get_mut(check) else { return };
        *judged += 1;
        let Some(violation) = violation else { return };
        *failed += 1;
        let code = violation.code.as_str();
        let found = self.findings.entry((check, code, self.number)).or_insert_with(|| FindingFigures {
            code: code.to_owned(),
            push: self.kind.name.clone(),
            count: 0,
            examples: Vec::new(),
        });
        found.count += 1;
        if found.examples.len() < EXAMPLES_MAX {
            self.wanted.push(Broken { check, violation });
        }
    }
}

/// What a call is judged by: what the file says, or what that is in this very call.
fn checks<'c>(case: &'c Case, names_values: bool, own: Option<&'c [Check]>) -> Option<&'c [Check]> {
    if names_values { own } else { Some(&case.contract.checks) }
}

fn answer<'a>(reply: &Reply, headers: &'a [(String, String)], body: &'a str, took: Duration) -> Answer<'a> {
    Answer { status: reply.status, headers, body, truncated: reply.truncated, took }
}
