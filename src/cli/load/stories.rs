//! What a load plays: scenarios with their weights become stories that a worker can send, and the thresholds of their files.

use super::super::inputs::{Stories, VendorArg};
use super::super::print::Problem;
use super::super::receive::default_address;
use super::super::way::Travel;
use crate::contract::{THRESHOLDS_MAX, Threshold};
use crate::diagnostic::Diagnostics;
use crate::event::Expectation;
use crate::faults::Fault;
use crate::http::Secrets;
use crate::load::shard::mix;
use crate::load::summary::{FaultAsked, NotJudged, NotJudgedKind, StoryAsked};
use crate::load::template::{Room, Story};
use crate::load::{Calls, WEIGHT_MAX, WeightedStory, threshold};
use crate::plan::{Plan, Retelling};
use crate::scenario::{self, Scenario};
use crate::session::{self, Source, StoryPlan, Unplayable};
use crate::spelling::tick;
use crate::vendors::Vendor;
use jiff::Timestamp;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use url::Url;

/// What would go to a foreign host.
const WHAT: &str = "pushes of a load";

/// Everything that is played.
pub(super) struct Played {
    stories: Vec<One>,
    /// Where their scenarios were read from.
    sources: Vec<String>,
}

struct One {
    calls: Arc<Story>,
    weight: u32,
    faults: Vec<FaultAsked>,
    thresholds: Vec<Threshold>,
    not_judged: Vec<NotJudged>,
}

/// A scenario by a vendor, before its calls are made.
struct Told {
    scenario: Scenario,
    vendor: &'static dyn Vendor,
    given: session::Stories,
    not_judged: Vec<NotJudged>,
    /// Which argument names it.
    argument: usize,
}

impl Played {
    pub fn new(
        given: &Stories,
        travel: &Travel,
        seed: u64,
        start: Timestamp,
        calls: Option<u64>,
    ) -> Result<Self, Problem> {
        let arguments = arguments(&given.scenarios)?;
        let mut wrong = Diagnostics::default();
        let mut loaded = Vec::new();
        for (source, _) in &arguments {
            let sources = source.iter().cloned().map(Source::Named).collect();
            let stories = session::Stories { sources, ..given.stories() };
            match stories.load(&scenario::variable) {
                Ok(scenarios) => loaded.push((stories, scenarios)),
                Err(Unplayable::Scenarios(more)) => wrong.extend(more),
                Err(other) => return Err(other.into()),
            }
        }
        if !wrong.is_empty() {
            return Err(wrong.into());
        }
        let sources = loaded.iter().flat_map(|(_, scenarios)| scenarios).map(|one| one.source.clone()).collect();
        let otherwise = default_address()?;
        let mut told: Vec<Told> = Vec::new();
        let mut retellings: Vec<Retelling> = Vec::new();
        for (argument, (stories, scenarios)) in loaded.into_iter().enumerate() {
            if stories.need_a_receiver(&scenarios) {
                return Err(Problem::usage(
                    "a load needs to know where its pushes go",
                    "name the receiver by `--target http://127.0.0.1:8080/hook`; `ringback receive` is one to try with",
                ));
            }
            let mut plans = stories.plan_each(&scenarios, seed, start, &otherwise)?.into_iter();
            for scenario in &scenarios {
                for vendor in stories.tellers(scenario) {
                    // One plan for each of these, in this order.
                    let Some(StoryPlan { plan: Ok(plan), retelling, .. }) = plans.next() else { continue };
                    retellings.extend(retelling);
                    plan.keep_to(WHAT, &stories.allowed_hosts)
                        .map_err(|problem| Unplayable::of(scenario, vendor, &problem))?;
                    travel.fits([&plan])?;
                    if plan.deliveries.is_empty() {
                        continue;
                    }
                    told.push(Told {
                        scenario: scenario.clone(),
                        vendor,
                        given: stories.clone(),
                        not_judged: not_judged(&plan),
                        argument,
                    });
                }
            }
        }
        if told.is_empty() {
            return Err(Problem::usage("nothing would be pushed", "choose another scenario or another --vendor"));
        }
        session::check_faults(&retellings.iter().collect::<Vec<_>>(), calls)?;
        let weights = weights(&told, &arguments)?;
        let room = Room::shared_by(told.len());
        let mut stories = Vec::new();
        for (Told { scenario, vendor, given, not_judged, .. }, weight) in told.into_iter().zip(weights) {
            let circumstances = given.circumstances(seed, start, &otherwise);
            let calls = Story::new(&scenario, vendor, &circumstances, room)
                .map_err(|problem| Unplayable::of(&scenario, vendor, &problem))?;
            stories.push(One {
                calls: Arc::new(calls),
                weight,
                faults: scenario.faults.iter().map(asked).collect(),
                thresholds: scenario.contract.thresholds,
                not_judged,
            });
        }
        Ok(Self { stories, sources })
    }

    /// Where the scenarios were read from: files, and what is built in.
    pub fn sources(&self) -> &[String] {
        &self.sources
    }

    /// The stories as the engine takes them.
    pub fn weighted(&self) -> Vec<WeightedStory> {
        let of = |one: &One| WeightedStory { calls: one.calls.clone(), weight: one.weight };
        self.stories.iter().map(of).collect()
    }

    /// The stories as a summary tells them.
    pub fn asked(&self) -> Vec<StoryAsked> {
        let of =
            |one: &One| StoryAsked { name: one.calls.name().to_owned(), weight: one.weight, made: one.calls.told() };
        self.stories.iter().map(of).collect()
    }

    /// Where the pushes go.
    pub fn targets(&self) -> Vec<Url> {
        each_once(self.stories.iter().flat_map(|one| one.calls.targets()))
    }

    /// What the scenarios would ask and a load does not.
    pub fn not_judged(&self) -> Vec<NotJudged> {
        each_once(self.stories.iter().flat_map(|one| &one.not_judged))
    }

    /// The shortest time that an attempt may take.
    pub fn shortest_timeout(&self) -> Duration {
        let policies = self.stories.iter().flat_map(|one| one.calls.policies());
        policies.map(|policy| policy.timeout).min().unwrap_or_default()
    }

    /// Whether faults bend any of it.
    pub fn has_faults(&self) -> bool {
        self.stories.iter().any(|one| !one.faults.is_empty())
    }

    /// The faults that are listed for it.
    pub fn faults(&self) -> Vec<FaultAsked> {
        each_once(self.stories.iter().flat_map(|one| &one.faults))
    }

    /// How long the longest call goes on, in real time.
    pub fn lasting(&self, pace: f64) -> Duration {
        let longest = self.stories.iter().map(|one| one.calls.longest()).max().unwrap_or_default();
        Duration::try_from_secs_f64(longest.as_secs_f64() / pace).unwrap_or(Duration::MAX)
    }

    /// A word that differs where the first call of any story does: shards of different scenario files are not one run.
    pub fn fingerprint(&self, start: Timestamp) -> String {
        let mut word = 0;
        for one in &self.stories {
            let Some(plan) = one.calls.plan(1, start) else { continue };
            for delivery in &plan.deliveries {
                let body = plan.targets.first().map(|target| delivery.request.body_at(target)).unwrap_or_default();
                let bytes = delivery.push.bytes().chain(delivery.offset.as_nanos().to_be_bytes()).chain(body);
                word = bytes.fold(word, |word, byte| mix(word, u64::from(byte)));
            }
        }
        format!("calls {:08x}", word >> 32)
    }

    /// The thresholds of the command line and of the files. Those of a file about pushes of a vendor that is not played are
    /// left out.
    pub fn thresholds(&self, given: Vec<Threshold>) -> Result<Vec<Threshold>, Problem> {
        let kinds: Vec<String> = each_once(self.stories.iter().flat_map(|one| one.calls.kinds()));
        let kinds: Vec<&str> = kinds.iter().map(String::as_str).collect();
        for one in &given {
            if let Some((told, help)) = threshold::unmatched(one, &kinds) {
                return Err(Problem::usage(told, help));
            }
        }
        let mut all = given;
        for one in self.stories.iter().flat_map(|story| &story.thresholds) {
            if all.contains(one) {
                continue;
            }
            if let Some((told, help)) = threshold::unmatched(one, &kinds) {
                let vendor = one.push.as_deref().and_then(|push| push.split(':').next()).unwrap_or_default();
                if kinds.iter().any(|kind| kind.split(':').next() == Some(vendor)) || vendor.contains(['*', '?']) {
                    return Err(Problem::usage(format!("{}: {told}", one.place), help));
                }
                continue;
            }
            all.push(one.clone());
        }
        match all.len() {
            0..=THRESHOLDS_MAX => Ok(all),
            many => Err(Problem::usage(
                format!("{many} thresholds are more than {THRESHOLDS_MAX}"),
                "keep those that matter",
            )),
        }
    }
}

fn each_once<'a, T: Clone + PartialEq + 'a>(all: impl Iterator<Item = &'a T>) -> Vec<T> {
    let mut kept: Vec<T> = Vec::new();
    for one in all {
        if !kept.contains(one) {
            kept.push(one.clone());
        }
    }
    kept
}

fn asked(fault: &Fault) -> FaultAsked {
    let Fault { mark, place, may_idle, .. } = fault;
    FaultAsked { key: mark.key(), fault: fault.name().to_owned(), place: place.clone(), may_idle: *may_idle }
}

/// What the scenario of a plan would ask the receiver, without the secrets in it.
fn not_judged(plan: &Plan) -> Vec<NotJudged> {
    let mut secrets = Secrets::default();
    secrets.add_all(&plan.secrets());
    let of = |kind, expectation: &Expectation| {
        let mut text = expectation.text.clone();
        secrets.veil(&mut text);
        NotJudged { kind, text, place: expectation.place.clone() }
    };
    plan.contract.probes.iter().map(|probe| of(NotJudgedKind::Probe, &probe.expectation)).collect()
}

/// The scenarios with their weights; the headline flows as one where none is named.
fn arguments(scenarios: &[String]) -> Result<Vec<(Option<String>, u32)>, Problem> {
    if scenarios.is_empty() {
        return Ok(vec![(None, 1)]);
    }
    scenarios.iter().map(|argument| weighed(argument).map(|(name, weight)| (Some(name), weight))).collect()
}

/// `transfer=3`. What is on the disk under the whole name is meant as it is.
fn weighed(argument: &str) -> Result<(String, u32), Problem> {
    let Some((name, weight)) = argument.rsplit_once('=').filter(|_| !Path::new(argument).exists()) else {
        return Ok((argument.to_owned(), 1));
    };
    match weight.parse::<u32>() {
        Ok(weight) if (1..=WEIGHT_MAX).contains(&weight) => Ok((name.to_owned(), weight)),
        _ => Err(Problem::usage(
            format!("{}: {} is no weight", tick(argument), tick(weight)),
            format!(
                "a weight is a whole number between 1 and {WEIGHT_MAX}: `{name}=3`; leave a scenario out to have none of it"
            ),
        )),
    }
}

/// The weight of each story: the stories of one argument share its weight evenly.
fn weights(told: &[Told], arguments: &[(Option<String>, u32)]) -> Result<Vec<u32>, Problem> {
    let count = |argument: usize| told.iter().filter(|story| story.argument == argument).count() as u64;
    let common = (0..arguments.len()).map(count).filter(|count| *count > 0).fold(1, lcm);
    let all: Vec<u64> = told
        .iter()
        .map(|story| common.saturating_mul(u64::from(arguments[story.argument].1)) / count(story.argument))
        .collect();
    let shared = all.iter().copied().fold(0, gcd).max(1);
    all.into_iter()
        .map(|weight| {
            u32::try_from(weight / shared).map_err(|_| {
                Problem::usage("the weights are too far apart to be shared among so many stories", "write smaller ones")
            })
        })
        .collect()
}

fn gcd(a: u64, b: u64) -> u64 {
    if b == 0 { a } else { gcd(b, a % b) }
}

fn lcm(a: u64, b: u64) -> u64 {
    (a / gcd(a, b).max(1)).saturating_mul(b)
}

/// The vendors that were chosen, for the command that plays it again.
pub(super) fn vendor_ids(chosen: &[VendorArg]) -> impl Iterator<Item = &'static str> {
    chosen.iter().map(|vendor| vendor.0.id())
}
