//! What a run is asked to be: the JSON of a request becomes a scenario, a vendor and what they depend on. Reads no file and
//! no environment, and plays nothing.

use super::problem::Problem;
use crate::clock::{self, Pace};
use crate::contract::probe::Question;
use crate::diagnostic::{BUILT_IN_SOURCE, Code, Diagnostic};
use crate::duration;
use crate::live::Live;
use crate::plan::{Circumstances, NoPlan, Plan, is_within};
use crate::random;
use crate::scenario::{self, BuiltIn, Scenario};
use crate::session::{self, GivenOption, Stories, StoryPlan, Unplayable};
use crate::spelling::nearest;
use crate::vendors::Vendor;
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::Value;
use std::collections::BTreeMap;
use std::time::Duration;
use url::Url;

/// How many calls a run can play, one after the other.
pub const CALLS_MAX: u64 = 100_000;
/// How many targets, fault profiles or overrides a request can name.
pub const NAMED_MAX: usize = 32;
/// Seeds that are drawn stay below it: JavaScript reads them exactly.
const SEED_MAX: u64 = 1 << 53;
/// How a pace is written.
pub(super) const PACE_PATTERN: &str = r"^(fast|[0-9]{1,5}(\.[0-9]{1,3})?x)$";
/// What a scenario that came as text is called where a place in it is told.
const TEXT_SOURCE: &str = "scenario.yaml";
/// What such a scenario is called in every output.
const TEXT_NAME: &str = "scenario";

/// One scenario by one vendor.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RunRequest {
    /// The name of a built-in scenario, or a scenario as YAML.
    #[schemars(example = &"outbound-answered")]
    pub scenario: String,
    /// The vendor's id.
    #[schemars(extend("enum" = vendors()))]
    pub vendor: String,
    /// Where pushes go, whatever the scenario says. Only this machine, and hosts that were allowed by `--allow-host`.
    pub target: Option<String>,
    /// The same for several addresses: every one gets every push.
    #[serde(default)]
    #[schemars(length(max = NAMED_MAX))]
    pub targets: Vec<String>,
    /// The seed of everything that is generated.
    pub seed: Option<u64>,
    /// When the scenario starts; now otherwise.
    #[schemars(example = &"2026-11-20T10:00:00+08:00")]
    pub at: Option<String>,
    /// How scenario time passes: `fast`, or `60x`. `fast` where it is not given; `1x` where the run is driven by hand.
    #[schemars(regex(pattern = PACE_PATTERN), example = &"60x")]
    pub pace: Option<String>,
    /// Fault profiles that are laid over the scenario: the names of built-in ones, or YAML.
    #[serde(default)]
    #[schemars(length(max = NAMED_MAX))]
    pub faults: Vec<String>,
    /// When to try again: `vendor`, `none`, or waits such as `5s,5m`.
    pub retry: Option<String>,
    /// How long to wait for an answer.
    #[schemars(example = &"3s")]
    pub timeout: Option<String>,
    /// Values of pushes to replace.
    #[serde(default)]
    #[schemars(length(max = NAMED_MAX), example = vec!["udesk:end.survey=5"])]
    pub set: Vec<String>,
    /// Options of the vendor, by name.
    #[serde(default)]
    pub options: BTreeMap<String, Value>,
    /// Whether nothing happens until steps are posted.
    #[serde(default)]
    pub by_hand: bool,
    /// Whether scenario time stands still from the start.
    #[serde(default)]
    pub paused: bool,
    /// How many calls are played, one after the other.
    #[serde(default = "one")]
    #[schemars(range(min = 1, max = CALLS_MAX))]
    pub calls: u64,
}

/// The vendors' ids.
fn vendors() -> Vec<&'static str> {
    crate::vendors::ALL.iter().map(|vendor| vendor.id()).collect()
}

fn one() -> u64 {
    1
}

/// A request that can be played.
pub(super) struct Ready {
    pub scenario: Scenario,
    pub vendor: &'static dyn Vendor,
    pub circumstances: Circumstances,
    pub pace: Pace,
    pub by_hand: bool,
    pub is_still: bool,
    pub calls: u64,
    pub replay: String,
}

impl RunRequest {
    /// Reads everything; pushes of scenarios that name no address go to `otherwise`, and all of them stay within this machine
    /// and the hosts that are allowed.
    pub fn ready(self, otherwise: &Url, allowed: &[String]) -> Result<Ready, Problem> {
        let vendor = session::vendor(&self.vendor).map_err(|told| given("vendor", told))?;
        let pace = match (&self.pace, self.by_hand) {
            (Some(text), _) => text.parse().map_err(|told: String| given("pace", told))?,
            (None, true) => Pace::Times(1.0),
            (None, false) => Pace::Fast,
        };
        if !(1..=CALLS_MAX).contains(&self.calls) {
            return Err(given("calls", format!("a run plays from 1 to {CALLS_MAX} calls")));
        }
        if self.by_hand && self.calls > 1 {
            return Err(given("calls", "a run that is driven by hand has one call"));
        }
        for (name, count) in [("targets", self.targets.len()), ("faults", self.faults.len()), ("set", self.set.len())] {
            if count > NAMED_MAX {
                return Err(given(name, format!("there can be {NAMED_MAX} of them")));
            }
        }
        let start = match &self.at {
            Some(text) => session::time(text).map_err(|told| given("at", told))?,
            None => clock::this_second(),
        };
        let stories = self.stories(vendor, allowed)?;
        let mut scenario = scenario_of(&self.scenario)?;
        if scenario.vendors.as_ref().is_some_and(|ids| !ids.contains(&vendor.id())) {
            return Err(given("vendor", format!("the scenario is not for {}", vendor.id())));
        }
        stories.lay_over(std::slice::from_mut(&mut scenario))?;
        let faults = self.faults.iter().map(|text| faults_of(text)).collect::<Result<Vec<_>, _>>()?.concat();
        if !faults.is_empty() {
            scenario::overlay(std::slice::from_mut(&mut scenario), &faults)?;
        }
        let seed = self.seed.unwrap_or_else(|| random::fresh_seed() % SEED_MAX);
        let circumstances = stories.circumstances(seed, start, otherwise);
        keep_within(&scenario, &circumstances, allowed)?;
        let replay = self.replay(&stories, &scenario, vendor, seed, start);
        let Self { by_hand, paused: is_still, calls, .. } = self;
        Ok(Ready { scenario, vendor, circumstances, pace, by_hand, is_still, calls, replay })
    }

    /// The request that plays the same pushes once more: what was drawn, or taken from the clock, is fixed.
    pub fn again(self, ready: &Ready) -> Self {
        let Circumstances { seed, start, .. } = ready.circumstances;
        Self { seed: Some(seed), at: Some(start.to_string()), ..self }
    }

    /// About how much memory it takes.
    pub fn bytes(&self) -> usize {
        let texts = [&self.targets, &self.faults, &self.set].into_iter().flatten().map(String::len).sum::<usize>();
        let options = self.options.values().map(|value| value.as_str().map_or(1, str::len)).sum::<usize>();
        self.scenario.len() + texts + options
    }

    fn stories(&self, vendor: &'static dyn Vendor, allowed: &[String]) -> Result<Stories, Problem> {
        let targets = self
            .target
            .iter()
            .chain(&self.targets)
            .map(|text| scenario::parse_address(text).map_err(|told| given("target", told)));
        let overrides = self.set.iter().map(|text| scenario::parse_override(text).map_err(|told| given("set", told)));
        let options = self.options.iter().map(|(name, value)| GivenOption {
            vendor: vendor.id().to_owned(),
            name: name.clone(),
            value: value.as_str().map_or_else(|| value.to_string(), str::to_owned),
        });
        let timeout = match self.timeout.as_deref().map(duration::parse).transpose() {
            Ok(Some(Duration::ZERO)) => return Err(given("timeout", "it must be longer than nothing")),
            Ok(timeout) => timeout,
            Err(told) => return Err(given("timeout", told)),
        };
        Ok(Stories {
            vendors: vec![vendor],
            targets: targets.collect::<Result<_, _>>()?,
            overrides: overrides.collect::<Result<_, _>>()?,
            options: options.collect(),
            allowed_hosts: allowed.to_vec(),
            retry: self.retry.as_deref().map(session::retry).transpose().map_err(|told| given("retry", told))?,
            timeout,
            ..Stories::default()
        })
    }

    /// The command that plays the same. Fault profiles that came as text have to be saved first, as the scenario has.
    fn replay(
        &self,
        stories: &Stories,
        scenario: &Scenario,
        vendor: &'static dyn Vendor,
        seed: u64,
        start: Timestamp,
    ) -> String {
        let named = |text: &String| if is_text(text) { "faults.yaml".to_owned() } else { text.clone() };
        let stories = Stories { faults: self.faults.iter().map(named).collect(), ..stories.clone() };
        stories.replay(scenario, vendor, seed, start)
    }
}

impl Ready {
    /// The plan of a call, without anybody who drives it.
    pub fn plan(&self) -> Result<Plan, Problem> {
        Plan::build(&self.scenario, self.vendor, &self.circumstances).map_err(|no| self.refused(&no))
    }

    /// A call with its number, and what drives it.
    pub fn live(&self, call_number: u64) -> Result<(Live, StoryPlan), Problem> {
        let circumstances = Circumstances { call_number, ..self.circumstances.clone() };
        let (scenario, vendor) = (self.scenario.clone(), self.vendor);
        let built = match self.by_hand {
            true => Live::by_hand(scenario, vendor, circumstances),
            false => Live::scripted(scenario, vendor, circumstances),
        };
        let (live, plan) = built.map_err(|no| self.refused(&no))?;
        let story = crate::event::Story { scenario: self.scenario.name.clone(), vendor: vendor.id() };
        Ok((live, StoryPlan { story, plan: Ok(plan), replay: self.replay.clone(), retelling: None }))
    }

    fn refused(&self, no: &NoPlan) -> Problem {
        match no {
            NoPlan::Skipped(reason) => Problem::wrong(format!("nothing to play: {reason}"))
                .help("choose another vendor: GET /api/scenarios tells which can tell a scenario"),
            other => Unplayable::of(&self.scenario, self.vendor, other).into(),
        }
    }
}

/// The scenario of this name, or this text.
pub(super) fn scenario_of(text: &str) -> Result<Scenario, Problem> {
    if is_text(text) {
        // What a request brings must not read the environment of this process.
        return Ok(scenario::parse(TEXT_NAME, TEXT_SOURCE, text, &|_| None)?);
    }
    let BuiltIn { name, text, .. } = built_in(text)?;
    Ok(scenario::parse(&name, &format!("{BUILT_IN_SOURCE}{name}"), &text, &|_| None)?)
}

/// The built-in scenario of this name.
pub(super) fn built_in(name: &str) -> Result<BuiltIn, Problem> {
    let mut shipped = scenario::built_in();
    let found = shipped.iter().position(|scenario| scenario.name == name || scenario.path == name);
    found.map(|found| shipped.swap_remove(found)).ok_or_else(|| {
        let names: Vec<&str> = shipped.iter().map(|scenario| scenario.name.as_str()).collect();
        unknown("scenario", name, &names)
    })
}

fn faults_of(text: &str) -> Result<Vec<crate::faults::Fault>, Problem> {
    if is_text(text) {
        return Ok(scenario::parse_profile("faults.yaml", text)?.faults);
    }
    let shipped = scenario::profiles();
    match shipped.iter().find(|profile| profile.name == text || profile.path == text) {
        Some(profile) => {
            Ok(scenario::parse_profile(&format!("{BUILT_IN_SOURCE}{}", profile.path), &profile.text)?.faults)
        }
        None => {
            let names: Vec<&str> = shipped.iter().map(|profile| profile.name.as_str()).collect();
            Err(unknown("fault profile", text, &names))
        }
    }
}

fn unknown(noun: &str, name: &str, names: &[&str]) -> Problem {
    let message = format!("no built-in {noun} is called `{name}`");
    let help = match nearest(name, names.iter().copied()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("send the {noun} itself, as YAML, or a name that GET /api lists"),
    };
    crate::diagnostic::Diagnostics::from(Diagnostic::error(Code::NoScenario, message).help(help)).into()
}

/// Whether it is YAML: a name is one word.
fn is_text(text: &str) -> bool {
    text.trim().is_empty() || text.contains(['\n', '{', '[']) || text.contains(": ") || text.ends_with(':')
}

/// Refuses what a request must not do from this machine: push to hosts that nobody allowed, and run commands.
fn keep_within(scenario: &Scenario, circumstances: &Circumstances, allowed: &[String]) -> Result<(), Problem> {
    let targets = match &circumstances.targets {
        crate::plan::Targets::Given(given) => given.iter().collect(),
        crate::plan::Targets::OrElse(_) => scenario.deliver.to.iter().collect::<Vec<_>>(),
    };
    if let Some(foreign) = targets.into_iter().find(|target| !is_within(target, allowed)) {
        let host = foreign.host_str().unwrap_or_default();
        return Err(Problem::wrong(format!("pushes go to this machine only, and `{host}` is another host"))
            .help(format!("start the server with --allow-host {host} if that receiver is yours")));
    }
    let is_command = |question: &Question| matches!(question, Question::Command(_));
    match scenario.contract.probes.iter().find(|probe| is_command(&probe.question)) {
        Some(probe) => Err(Problem::wrong(format!(
            "{}: a probe that runs a command is not played for a request",
            probe.expectation.place
        ))
        .help("ask the receiver by HTTP, or play the scenario by `ringback run`")),
        None => Ok(()),
    }
}

/// What is wrong with a part of the request.
fn given(name: &str, told: impl std::fmt::Display) -> Problem {
    Problem::wrong(format!("`{name}`: {told}"))
}
