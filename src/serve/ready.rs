//! A request for a run is read: it becomes a scenario, a vendor and what they depend on. Reads no file and no environment, and
//! plays nothing.

use super::planning::Wanted;
use super::problem::Problem;
use super::request::RunRequest;
use super::seed::{EXACT_BELOW, Seed};
use super::texts::{faults_of, is_text, scenario_of};
use crate::clock::{self, BEIJING, Pace};
use crate::contract::Template;
use crate::contract::probe::Question;
use crate::duration;
use crate::http::{Secrets, VEIL, is_secret_name};
use crate::live::Live;
use crate::plan::{Circumstances, NoPlan, Plan, Retelling, Targets, is_within};
use crate::random;
use crate::scenario::{self, Scenario};
use crate::session::{self, GivenOption, Replay, Stories, StoryPlan, Unplayable};
use crate::vendors::Vendor;
use jiff::Timestamp;
use std::sync::Arc;
use std::time::Duration;
use url::Url;

/// A request that can be played.
pub(super) struct Ready {
    /// The request as it was understood: whatever it left open is in it, so that it plays the same once more.
    pub request: RunRequest,
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
    /// and the hosts that are allowed. All of them get these headers.
    pub fn ready(
        self,
        otherwise: &Url,
        allowed: &[String],
        headers: &[(String, Template)],
        wanted: &Wanted,
    ) -> Result<Ready, Problem> {
        let vendor = session::vendor(&self.vendor).map_err(|told| given("vendor", told))?;
        let pace = match (&self.pace, self.by_hand) {
            (Some(text), _) => text.parse().map_err(|told: String| given("pace", told))?,
            (None, true) => Pace::Times(1.0),
            (None, false) => Pace::Fast,
        };
        if self.by_hand && self.calls > 1 {
            return Err(Problem::at("/calls", "`calls`: a run that is driven by hand has one call"));
        }
        let start = match &self.at {
            Some(text) => session::time(text).map_err(|told| given("at", told))?,
            None => clock::this_second(),
        };
        let stories = Stories { headers: headers.to_vec(), ..self.stories(vendor, allowed)? };
        let mut scenario = scenario_of(&self.scenario).map_err(|problem| problem.of("/scenario"))?;
        if scenario.vendors.as_ref().is_some_and(|ids| !ids.contains(&vendor.id())) {
            return Err(given("vendor", format!("the scenario is not for {}", vendor.id())));
        }
        let laid = stories.lay_over(std::slice::from_mut(&mut scenario));
        laid.map_err(|wrong| Problem::from(wrong).of("/options"))?;
        let profile = |(index, text): (usize, &String)| {
            wanted.still()?;
            faults_of(text).map_err(|problem| problem.of(&format!("/faults/{index}")))
        };
        let faults = self.faults.iter().enumerate().map(profile).collect::<Result<Vec<_>, _>>()?.concat();
        if !faults.is_empty() {
            scenario::overlay(std::slice::from_mut(&mut scenario), &faults)?;
        }
        wanted.still()?;
        let seed = self.seed.map_or_else(|| random::fresh_seed() % EXACT_BELOW, |Seed(seed)| seed);
        let circumstances = stories.circumstances(seed, start, otherwise);
        keep_within(&scenario, &circumstances, allowed)?;
        // A call that is driven by hand is not written yet.
        if !self.by_hand {
            let played = Retelling::new(Arc::new(scenario.clone()), vendor, Arc::new(circumstances.clone()));
            session::check_faults(&[&played], Some(self.calls))?;
        }
        let replay = self.replay(&stories, &scenario, vendor, seed, start, pace);
        let (by_hand, is_still, calls) = (self.by_hand, self.paused, self.calls);
        let request = RunRequest {
            target: None,
            targets: stories.targets.iter().map(ToString::to_string).collect(),
            seed: Some(Seed(seed)),
            at: Some(start.display_with_offset(BEIJING).to_string()),
            pace: Some(pace.to_string()),
            ..self
        };
        Ok(Ready { request, scenario, vendor, circumstances, pace, by_hand, is_still, calls, replay })
    }

    fn stories(&self, vendor: &'static dyn Vendor, allowed: &[String]) -> Result<Stories, Problem> {
        // Whoever asks must not learn what stands in the server's environment.
        let nothing = |_: &str| None;
        let own = self.target.iter().map(|text| ("/target".to_owned(), text));
        let further = self.targets.iter().enumerate().map(|(index, text)| (format!("/targets/{index}"), text));
        let targets = own.chain(further).map(|(place, text)| {
            scenario::parse_target(text, &nothing).map_err(|told| Problem::at(&place, format!("`target`: {told}")))
        });
        let overrides = self.set.iter().enumerate().map(|(index, text)| {
            let wrong = |told| Problem::at(&format!("/set/{index}"), format!("`set`: {told}"));
            scenario::parse_override(text, &nothing).map_err(wrong)
        });
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
        pace: Pace,
    ) -> String {
        let named = |text: &String| if is_text(text) { "faults.yaml".to_owned() } else { text.clone() };
        let paced = (pace != Pace::Fast).then(|| ["--pace".to_owned(), pace.to_string()]);
        let strict = self.strict.then(|| "--strict".to_owned());
        let replay = Replay::Given(paced.into_iter().flatten().chain(strict).collect());
        let stories = Stories { faults: self.faults.iter().map(named).collect(), replay, ..stories.clone() };
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

    /// The request without what nobody is told again: where a secret stood, it cannot be posted as it is.
    pub fn request_without(&self, secrets: &Secrets) -> RunRequest {
        let mut told = self.request.clone();
        let texts = [&mut told.targets, &mut told.set, &mut told.faults].into_iter().flatten();
        texts.chain([&mut told.scenario]).for_each(|text| {
            secrets.veil(text);
        });
        for (name, value) in &mut told.options {
            if is_secret_name(name) {
                *value = VEIL.into();
            }
        }
        told
    }

    fn refused(&self, no: &NoPlan) -> Problem {
        match no {
            NoPlan::Skipped(reason) => Problem::at("/vendor", format!("nothing to play: {reason}"))
                .help("choose another vendor: GET /api/scenarios tells which can tell a scenario"),
            other => Unplayable::of(&self.scenario, self.vendor, other).into(),
        }
    }
}

/// Refuses what a request must not do from this machine: push to hosts that nobody allowed, and run commands.
fn keep_within(scenario: &Scenario, circumstances: &Circumstances, allowed: &[String]) -> Result<(), Problem> {
    let targets = match &circumstances.targets {
        Targets::Given(given) => given.clone(),
        Targets::Written(written) => written.iter().filter_map(Template::origin).collect(),
        Targets::OrElse(_) => scenario.deliver.to.iter().filter_map(Template::origin).collect(),
    };
    if let Some(foreign) = targets.iter().find(|target| !is_within(target, allowed)) {
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
    Problem::at(&format!("/{name}"), format!("`{name}`: {told}"))
}
