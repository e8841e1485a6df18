//! Which stories are played: scenarios and vendors become plans, each with the command that plays it again. Knows of no
//! command line, and plays nothing.

use super::StoryPlan;
use super::given::{GivenOption, retry_text};
use super::strikes::check_faults;
use crate::clock::BEIJING;
use crate::contract::Template;
use crate::diagnostic::{BUILT_IN_SOURCE, Diagnostics};
use crate::duration;
use crate::event::Story;
use crate::http::{VEIL, is_secret_name, masked};
use crate::plan::{Circumstances, NoPlan, Plan, Retelling, Targets};
use crate::scenario::{self, Environment, Override, Retry, Scenario};
use crate::shell;
use crate::vendors::{self, Vendor};
use jiff::Timestamp;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;
use url::Url;

/// Where a scenario comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// A file, a folder, or a built-in by its name.
    Named(String),
    /// The scenario itself.
    Text {
        /// What it is called in every output; part of the key of its draws.
        name: String,
        /// The text of the file that it is not in.
        text: String,
    },
}

/// What a scenario that is no file is called where a place in it is told.
const TEXT_SOURCE: &str = "scenario text";

/// Which stories, and what they depend on besides the seed and the start.
#[derive(Clone, Default)]
pub struct Stories {
    /// The scenarios; the headline flows where there is none.
    pub sources: Vec<Source>,
    /// The vendors that play them; all where there is none.
    pub vendors: Vec<&'static dyn Vendor>,
    /// The addresses that win over the scenario's own.
    pub targets: Vec<Template>,
    /// Headers of every push that win over the scenario's own.
    pub headers: Vec<(String, Template)>,
    /// Overrides after the scenario's own.
    pub overrides: Vec<Override>,
    /// Options of vendors that win over the scenario's own.
    pub options: Vec<GivenOption>,
    /// Fault profiles, files or built-in ones, that are laid over every scenario.
    pub faults: Vec<String>,
    /// Hosts besides loopback that pushes bent by faults may go to.
    pub allowed_hosts: Vec<String>,
    /// When to try again, in place of what the scenario says.
    pub retry: Option<Retry>,
    /// How long to wait for an answer, in place of what the scenario says.
    pub timeout: Option<Duration>,
    /// How the command is written that plays them again.
    pub replay: Replay,
}

/// How the command is written that plays stories again, besides scenario, vendor, seed and start.
#[derive(Debug, Clone)]
pub enum Replay {
    /// With the flags that give what was given, and these further ones.
    Given(Vec<String>),
    /// As it was typed.
    Typed {
        /// What stands before the command: assignments of variables.
        before: String,
        /// The flags, word by word.
        flags: Vec<String>,
    },
}

impl Default for Replay {
    fn default() -> Self {
        Replay::Given(Vec::new())
    }
}

/// Why stories cannot be played.
#[derive(Debug, Clone)]
pub enum Unplayable {
    /// Scenario files or fault profiles are wrong.
    Scenarios(Diagnostics),
    /// Something else that was given is wrong.
    Given {
        /// What is wrong.
        told: String,
        /// What to do; empty where the message says so itself.
        help: String,
    },
}

impl Unplayable {
    fn given(told: impl Into<String>, help: impl Into<String>) -> Self {
        Unplayable::Given { told: told.into(), help: help.into() }
    }

    /// Why a vendor cannot play a scenario.
    pub fn of(scenario: &Scenario, vendor: &dyn Vendor, problem: &NoPlan) -> Self {
        let told = || format!("{} cannot be planned for {}: {problem}", scenario.name, vendor.id());
        match problem {
            NoPlan::ForeignHost { what, host } => Self::given(
                format!("{what} go to loopback only, and `{host}` is another host"),
                format!("give `--allow-host {host}` if that receiver is yours"),
            ),
            NoPlan::Contract { .. } => {
                Self::given(told(), "`ringback plan SCENARIO --format values` prints the values that it knows")
            }
            NoPlan::TooLarge(_) => Self::given(told(), "split it into several scenarios, or make its texts shorter"),
            NoPlan::Skipped(_) | NoPlan::Impossible(_) | NoPlan::Option(_) | NoPlan::Override { .. } => Self::given(
                told(),
                format!(
                    "`ringback list pushes --vendor {0}` and `ringback list options --vendor {0}` tell what there is",
                    vendor.id()
                ),
            ),
        }
    }
}

impl From<Diagnostics> for Unplayable {
    fn from(diagnostics: Diagnostics) -> Self {
        Unplayable::Scenarios(diagnostics)
    }
}

impl fmt::Display for Unplayable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Unplayable::Scenarios(diagnostics) => f.write_str(diagnostics.render(false).trim_end()),
            Unplayable::Given { told, help } if help.is_empty() => f.write_str(told),
            Unplayable::Given { told, help } => write!(f, "{told}; {help}"),
        }
    }
}

impl std::error::Error for Unplayable {}

impl Stories {
    /// Reads the scenarios, and lays over them what was given. `environment` is asked for what they take from it.
    ///
    /// # Errors
    /// Everything that is wrong with them.
    pub fn load(&self, environment: Environment<'_>) -> Result<Vec<Scenario>, Unplayable> {
        let mut scenarios = if self.sources.is_empty() { scenario::headline()? } else { self.read(environment)? };
        self.lay_over(&mut scenarios)?;
        Ok(scenarios)
    }

    fn read(&self, environment: Environment<'_>) -> Result<Vec<Scenario>, Diagnostics> {
        let mut scenarios = Vec::new();
        let mut wrong = Diagnostics::default();
        for source in &self.sources {
            let read = match source {
                Source::Named(argument) => scenario::load_with(std::slice::from_ref(argument), environment),
                Source::Text { name, text } => {
                    scenario::parse(name, TEXT_SOURCE, text, environment).map(|scenario| vec![scenario])
                }
            };
            match read {
                Ok(more) => scenarios.extend(more),
                Err(more) => wrong.extend(more),
            }
        }
        if wrong.is_empty() { Ok(scenarios) } else { Err(wrong) }
    }

    /// Plans the first call of every scenario for every vendor that it is for. Pushes whose scenario names no address go to
    /// `otherwise`.
    ///
    /// # Errors
    /// Why a story cannot be planned, that there is none, or which faults can strike nothing of them.
    pub fn plans(
        &self,
        scenarios: &[Scenario],
        seed: u64,
        start: Timestamp,
        otherwise: &Url,
    ) -> Result<Vec<StoryPlan>, Unplayable> {
        let stories = self.plan_each(scenarios, seed, start, otherwise)?;
        let told: Vec<_> =
            stories.iter().filter(|story| story.plan.is_ok()).flat_map(|story| &story.retelling).collect();
        check_faults(&told, Some(1))?;
        Ok(stories)
    }

    /// The same, with faults that may strike nothing.
    ///
    /// # Errors
    /// Why a story cannot be planned, or that there is none.
    pub fn plan_each(
        &self,
        scenarios: &[Scenario],
        seed: u64,
        start: Timestamp,
        otherwise: &Url,
    ) -> Result<Vec<StoryPlan>, Unplayable> {
        let circumstances = Arc::new(self.circumstances(seed, start, otherwise));
        let mut stories = Vec::new();
        for scenario in scenarios {
            let shared = Arc::new(scenario.clone());
            for vendor in self.tellers(scenario) {
                let plan = plan(scenario, vendor, &circumstances)?;
                let story = Story { scenario: scenario.name.clone(), vendor: vendor.id() };
                let replay = self.replay(scenario, vendor, seed, start);
                let retelling = Retelling::new(Arc::clone(&shared), vendor, Arc::clone(&circumstances));
                stories.push(StoryPlan { story, plan, replay, retelling: Some(retelling) });
            }
        }
        if stories.iter().all(|story| story.plan.is_err()) {
            let mut reasons: Vec<_> = stories.iter().filter_map(|story| story.plan.as_ref().err().cloned()).collect();
            reasons.dedup();
            return Err(Unplayable::given(
                format!("nothing to play: {}", reasons.join("; ")),
                "choose another scenario or another --vendor",
            ));
        }
        Ok(stories)
    }

    /// What the first call of every story is planned by.
    pub fn circumstances(&self, seed: u64, start: Timestamp, otherwise: &Url) -> Circumstances {
        Circumstances {
            seed,
            start,
            call_number: 1,
            targets: match self.targets.as_slice() {
                [] => Targets::OrElse(otherwise.clone()),
                given => Targets::Written(given.to_vec()),
            },
            overrides: self.overrides.clone(),
            allowed_hosts: self.allowed_hosts.clone(),
        }
    }

    /// The vendors that play a scenario, in their order. One that the scenario is not for is among them only where it was
    /// asked for by name: then people are told why it plays nothing.
    pub fn tellers(&self, scenario: &Scenario) -> impl Iterator<Item = &'static dyn Vendor> {
        vendors::ALL.iter().copied().filter(|vendor| match self.vendors.as_slice() {
            [] => is_for(scenario, *vendor),
            named => named.iter().any(|wanted| wanted.id() == vendor.id()),
        })
    }

    /// Lays over scenarios what was given.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn lay_over(&self, scenarios: &mut [Scenario]) -> Result<(), Unplayable> {
        for scenario in &mut *scenarios {
            if let Some(retry) = &self.retry {
                scenario.deliver.retry = retry.clone();
            }
            scenario.deliver.timeout = self.timeout.or(scenario.deliver.timeout);
            for (name, value) in &self.headers {
                scenario.deliver.headers.retain(|(known, _)| !known.eq_ignore_ascii_case(name));
                scenario.deliver.headers.push((name.clone(), value.clone()));
            }
            for given in &self.options {
                given.put_into(scenario).map_err(|(told, help)| Unplayable::given(told, help))?;
            }
        }
        let faults = scenario::faults(&self.faults)?;
        if !faults.is_empty() {
            scenario::overlay(scenarios, &faults)?;
        }
        Ok(())
    }

    /// Whether pushes of one of these scenarios would go to no address but the one for those that name none.
    pub fn need_a_receiver(&self, scenarios: &[Scenario]) -> bool {
        self.targets.is_empty() && scenarios.iter().any(|scenario| scenario.deliver.to.is_empty())
    }

    /// The command that plays a scenario by one vendor again, to the same targets with the same bytes.
    pub fn replay(&self, scenario: &Scenario, vendor: &'static dyn Vendor, seed: u64, start: Timestamp) -> String {
        let at = start.display_with_offset(BEIJING).to_string();
        if scenario.source == TEXT_SOURCE {
            return format!("run `{}` again with .vendor({:?}).seed({seed}).at({at:?})", scenario.name, vendor.id());
        }
        let name = match scenario.source.starts_with(BUILT_IN_SOURCE) {
            true => &scenario.name,
            false => &scenario.source,
        };
        let mut words = vec!["ringback".to_owned(), "run".to_owned(), name.clone()];
        let mut flag = |name: &str, value: String| words.extend([name.to_owned(), value]);
        flag("--vendor", vendor.id().to_owned());
        flag("--seed", seed.to_string());
        flag("--at", at);
        let before = match &self.replay {
            Replay::Given(further) => {
                words.extend(self.flags());
                words.extend_from_slice(further);
                ""
            }
            Replay::Typed { before, flags } => {
                words.extend_from_slice(flags);
                before
            }
        };
        before.to_owned() + &shell::words(&words)
    }

    /// The flags that give what was given.
    fn flags(&self) -> Vec<String> {
        let mut words = Vec::new();
        let mut flag = |name: &str, value: String| words.extend([name.to_owned(), value]);
        self.targets.iter().for_each(|target| flag("--target", target.to_string()));
        let text = |(name, value): &(String, Template)| (name.clone(), value.to_string());
        let headers = masked(&self.headers.iter().map(text).collect::<Vec<_>>());
        headers.iter().for_each(|(name, value)| flag("--header", format!("{name}: {value}")));
        self.faults.iter().for_each(|faults| flag("--faults", faults.clone()));
        self.allowed_hosts.iter().for_each(|host| flag("--allow-host", host.clone()));
        for Override { push, field, value } in &self.overrides {
            flag("--set", format!("{push}.{field}={value}"));
        }
        for GivenOption { vendor, name, value } in &self.options {
            let value = if is_secret_name(name) { VEIL } else { value };
            flag("--option", format!("{vendor}.{name}={value}"));
        }
        if let Some(retry) = &self.retry {
            flag("--retry", retry_text(retry));
        }
        if let Some(timeout) = self.timeout {
            flag("--timeout", duration::text(timeout));
        }
        words
    }
}

/// Whether the scenario leaves the vendor in.
fn is_for(scenario: &Scenario, vendor: &dyn Vendor) -> bool {
    scenario.vendors.as_ref().is_none_or(|ids| ids.contains(&vendor.id()))
}

fn plan(
    scenario: &Scenario,
    vendor: &'static dyn Vendor,
    circumstances: &Circumstances,
) -> Result<Result<Plan, String>, Unplayable> {
    if !is_for(scenario, vendor) {
        return Ok(Err("the scenario is for other vendors".into()));
    }
    match Plan::build(scenario, vendor, circumstances) {
        Ok(plan) => Ok(Ok(plan)),
        Err(NoPlan::Skipped(reason)) => Ok(Err(reason)),
        Err(problem) => Err(Unplayable::of(scenario, vendor, &problem)),
    }
}
