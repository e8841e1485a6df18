//! Arguments that several subcommands share, and how their texts become values.

use super::print::Problem;
use crate::clock::{self, BEIJING};
use crate::duration;
use crate::event::Story;
use crate::http::{VEIL, is_secret_name};
use crate::plan::{Circumstances, Plan, Targets};
use crate::random;
use crate::scenario::{self, Override, Retry, Scenario};
use crate::session::StoryPlan;
use crate::spelling;
use crate::vendors::{self, Retriable, Settings, Vendor};
use clap::Args;
use jiff::Timestamp;
use jiff::civil::DateTime;
use std::time::Duration;
use url::Url;

/// Which stories: scenarios, vendors, and what they depend on.
#[derive(Debug, Args)]
pub(super) struct Stories {
    /// Scenario files, folders, or names of built-in scenarios (see `ringback list scenarios`).
    #[arg(value_name = "SCENARIO")]
    pub scenarios: Vec<String>,
    /// Play only these vendors (see `ringback list vendors`).
    #[arg(long, value_name = "VENDOR", env = "RINGBACK_VENDOR", value_delimiter = ',', value_parser = vendor)]
    pub vendor: Vec<VendorArg>,
    /// Push to this address, whatever the scenario says; repeat it for several.
    #[arg(long, value_name = "URL", env = "RINGBACK_TARGET", value_delimiter = ',', value_parser = address)]
    pub target: Vec<Url>,
    /// The seed of everything that is generated.
    #[arg(long, value_name = "N", env = "RINGBACK_SEED")]
    pub seed: Option<u64>,
    /// When the scenario starts: `2026-11-20T10:00:00+08:00`, or `2026-11-20 10:00:00` in Beijing. Now by default.
    #[arg(long, value_name = "TIME", env = "RINGBACK_AT", value_parser = time)]
    pub at: Option<Timestamp>,
    /// Replace a value of a push: `udesk:end.survey=满意`, `7moor:*.accountId="20000153"`. Repeatable.
    #[arg(long, value_name = "VENDOR:PUSH.FIELD=VALUE", value_parser = scenario::parse_override)]
    pub set: Vec<Override>,
    /// Configure a vendor as a scenario's `options` do: `tinet.enterprise=7122600` (see `ringback list options`). Repeatable.
    #[arg(long, value_name = "VENDOR.NAME=VALUE", value_parser = given_option)]
    pub option: Vec<GivenOption>,
    /// Overlay the faults of this file, or of a built-in profile (see `ringback list profiles`). Repeatable.
    #[arg(long, value_name = "FILE", env = "RINGBACK_FAULTS", value_delimiter = ',')]
    pub faults: Vec<String>,
    /// Let faults go to this host; without it, they go to loopback only. Repeatable.
    #[arg(long, value_name = "HOST", env = "RINGBACK_ALLOW_HOST", value_delimiter = ',')]
    pub allow_host: Vec<String>,
    /// Try again as the vendor does (`vendor`), never (`none`), or after these waits (`5s,5m,30m`).
    #[arg(long, value_name = "WAITS", env = "RINGBACK_RETRY", value_parser = retry)]
    pub retry: Option<Retry>,
    /// How long to wait for an answer, in place of the vendor's own limit.
    #[arg(long, value_name = "DURATION", env = "RINGBACK_TIMEOUT", value_parser = positive_duration)]
    pub timeout: Option<Duration>,
}

/// A vendor, as an argument.
#[derive(Clone, Copy)]
pub(super) struct VendorArg(pub &'static dyn Vendor);

impl std::fmt::Debug for VendorArg {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.0.id())
    }
}

/// An option of a vendor, as an argument: `tinet.enterprise=7122600`.
#[derive(Debug, Clone)]
pub(super) struct GivenOption {
    pub vendor: String,
    pub name: String,
    pub value: String,
}

/// Splits the text of an option.
pub(super) fn given_option(text: &str) -> Result<GivenOption, String> {
    let split = text.split_once('=').and_then(|(path, value)| Some((path.split_once('.')?, value)));
    let ((vendor, name), value) = split.ok_or("an option is written VENDOR.NAME=VALUE")?;
    Ok(GivenOption { vendor: vendor.to_owned(), name: name.to_owned(), value: value.to_owned() })
}

impl GivenOption {
    fn put_into(&self, scenario: &mut Scenario) -> Result<(), Problem> {
        let Self { vendor: id, name, value } = self;
        // A name that is misspelt may be that of a secret.
        let facts = vendor(id).map_or(&[][..], |vendor| vendor.0.settings());
        let is_open = facts.iter().any(|fact| fact.name == name) && !is_secret_name(name);
        let value_told = if is_open { value } else { VEIL };
        let told = |problem: String| format!("--option {id}.{name}={value_told}: {problem}");
        let vendor = vendor(id).map_err(|problem| Problem::usage(told(problem), ""))?.0;
        let refused = |problem: String| {
            let help = match spelling::nearest(name, vendor.settings().iter().map(|fact| fact.name)) {
                Some(near) if near != name => format!("did you mean `{near}`?"),
                _ => format!("`ringback list options --vendor {id}` tells what there is"),
            };
            Problem::usage(told(problem), help)
        };
        let settings = scenario.options.entry(vendor.id()).or_insert_with(|| Settings::defaults(vendor.settings()));
        settings.read(name, value).map_err(refused)
    }
}

impl Stories {
    /// Reads the scenarios that were named; the headline flows where none was.
    pub(super) fn load(&self) -> Result<Vec<Scenario>, Problem> {
        let mut scenarios =
            if self.scenarios.is_empty() { scenario::headline()? } else { scenario::load(&self.scenarios)? };
        for scenario in &mut scenarios {
            if let Some(retry) = &self.retry {
                scenario.deliver.retry = retry.clone();
            }
            scenario.deliver.timeout = self.timeout.or(scenario.deliver.timeout);
            for given in &self.option {
                given.put_into(scenario)?;
            }
        }
        let faults = scenario::faults(&self.faults)?;
        if !faults.is_empty() {
            scenario::overlay(&mut scenarios, &faults)?;
        }
        Ok(scenarios)
    }

    /// Plans every scenario for every vendor that it is for.
    pub(super) fn plans(
        &self,
        scenarios: &[Scenario],
        seed: u64,
        start: Timestamp,
        otherwise: &Url,
    ) -> Result<Vec<StoryPlan>, Problem> {
        let circumstances = Circumstances {
            seed,
            start,
            call_number: 1,
            targets: match self.target.as_slice() {
                [] => Targets::OrElse(otherwise.clone()),
                given => Targets::Given(given.to_vec()),
            },
            overrides: self.set.clone(),
            allowed_hosts: self.allow_host.clone(),
        };
        let mut stories = Vec::new();
        for scenario in scenarios {
            for vendor in vendors::ALL.iter().copied().filter(|vendor| self.wants(*vendor)) {
                let plan = plan(scenario, vendor, &circumstances)?;
                let story = Story { scenario: scenario.name.clone(), vendor: vendor.id() };
                stories.push(StoryPlan { story, plan });
            }
        }
        if stories.iter().all(|story| story.plan.is_err()) {
            let mut reasons: Vec<_> = stories.iter().filter_map(|story| story.plan.as_ref().err().cloned()).collect();
            reasons.dedup();
            return Err(Problem::usage(
                format!("nothing to play: {}", reasons.join("; ")),
                "choose another scenario or another --vendor",
            ));
        }
        Ok(stories)
    }

    /// The seed that was given, or a fresh one.
    pub(super) fn seed(&self) -> u64 {
        self.seed.unwrap_or_else(random::fresh_seed)
    }

    /// The start that was given, or this second.
    pub(super) fn start(&self) -> Timestamp {
        self.at.unwrap_or_else(clock::this_second)
    }

    fn wants(&self, vendor: &dyn Vendor) -> bool {
        self.vendor.is_empty() || self.vendor.iter().any(|wanted| wanted.0.id() == vendor.id())
    }
}

fn plan(
    scenario: &Scenario,
    vendor: &'static dyn Vendor,
    circumstances: &Circumstances,
) -> Result<Result<Plan, String>, Problem> {
    if scenario.vendors.as_ref().is_some_and(|ids| !ids.contains(&vendor.id())) {
        return Ok(Err("the scenario is for other vendors".into()));
    }
    match Plan::build(scenario, vendor, circumstances) {
        Ok(plan) => Ok(Ok(plan)),
        Err(crate::plan::NoPlan::Skipped(reason)) => Ok(Err(reason)),
        Err(crate::plan::NoPlan::ForeignHost(host)) => Err(Problem::usage(
            format!("faults go to loopback only, and `{host}` is another host"),
            format!("give `--allow-host {host}` if that receiver is yours, or leave the faults out"),
        )),
        Err(problem @ crate::plan::NoPlan::Fault { .. }) => Err(Problem::usage(
            format!("{} cannot be planned for {}: {problem}", scenario.name, vendor.id()),
            "`--target` names a target, and can be repeated",
        )),
        Err(problem) => Err(Problem::usage(
            format!("{} cannot be planned for {}: {problem}", scenario.name, vendor.id()),
            format!(
                "`ringback list pushes --vendor {0}` and `ringback list options --vendor {0}` tell what there is",
                vendor.id()
            ),
        )),
    }
}

/// A vendor by its id.
pub(super) fn vendor(text: &str) -> Result<VendorArg, String> {
    vendors::find(text).map(VendorArg).ok_or_else(|| {
        let ids: Vec<_> = vendors::ALL.iter().map(|vendor| vendor.id()).collect();
        match spelling::nearest(text, ids.iter().copied()) {
            Some(near) => format!("no vendor is called `{text}`; did you mean `{near}`?"),
            None => format!("no vendor is called `{text}`; there are {}", ids.join(", ")),
        }
    })
}

/// An address that can be pushed to.
pub(super) fn address(text: &str) -> Result<Url, String> {
    scenario::parse_address(text)
}

/// An instant.
pub(super) fn time(text: &str) -> Result<Timestamp, String> {
    let in_beijing = || {
        let civil = text.parse::<DateTime>().ok()?;
        BEIJING.to_timestamp(civil).ok()
    };
    text.parse::<Timestamp>()
        .ok()
        .or_else(in_beijing)
        .ok_or_else(|| "a time is written `2026-11-20T10:00:00+08:00`, or `2026-11-20 10:00:00` for Beijing".to_owned())
}

fn retry(text: &str) -> Result<Retry, String> {
    match text {
        "vendor" => Ok(Retry::Vendor),
        "none" => Ok(Retry::Never),
        waits => {
            let waits = waits.split(',').map(duration::parse).collect::<Result<Vec<_>, _>>();
            let waits = waits.map_err(|problem| format!("{problem}; or write `vendor` or `none`"))?;
            Ok(Retry::Explicit { waits, jitter: 0.0, on: Retriable::all() })
        }
    }
}

/// A length of time that is not zero.
pub(super) fn positive_duration(text: &str) -> Result<Duration, String> {
    match duration::parse(text)? {
        Duration::ZERO => Err("it must be longer than nothing".into()),
        duration => Ok(duration),
    }
}
