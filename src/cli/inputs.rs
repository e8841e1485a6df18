//! Arguments that several subcommands share, and how their texts become values.

use super::outputs::Outputs;
use super::print::Problem;
use super::replay::Typed;
use super::way::Travel;
use crate::clock;
use crate::contract::{Status, Statuses, Template};
use crate::delivery::{self, Stop, Transport};
use crate::duration;
use crate::random;
use crate::scenario::{self, Override, Retry, Scenario};
use crate::session::{self, GivenOption, Replay, Source, StoryPlan, Unplayable, given_option, retry, time};
use crate::vendors::Vendor;
use clap::Args;
use jiff::Timestamp;
use std::time::Duration;
use url::Url;

/// How long `--wait-for` waits unless `--wait-limit` says otherwise.
const WAIT_LIMIT_DEFAULT: Duration = Duration::from_secs(30);

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
    #[arg(long, value_name = "URL", env = "RINGBACK_TARGET", value_delimiter = ',', value_parser = target)]
    pub target: Vec<Template>,
    /// Add this header to every push, in place of the vendor's and the scenario's own of that name: `X-Env: ci`,
    /// `Authorization: Bearer {env.TOKEN}`, `X-Correlation-Id: {call.id}`. Repeatable.
    #[arg(long, value_name = "NAME: VALUE", env = "RINGBACK_HEADER", hide_env_values = true, value_parser = header)]
    pub header: Vec<(String, Template)>,
    /// The seed of everything that is generated.
    #[arg(long, value_name = "N", env = "RINGBACK_SEED")]
    pub seed: Option<u64>,
    /// When the scenario starts: `2026-11-20T10:00:00+08:00`, or `2026-11-20 10:00:00` in Beijing. Now by default.
    #[arg(long, value_name = "TIME", env = "RINGBACK_AT", value_parser = time)]
    pub at: Option<Timestamp>,
    /// Replace a value of a push: `udesk:end.survey=满意`, `7moor:*.accountId="20000153"`. Repeatable.
    #[arg(long, value_name = "VENDOR:PUSH.FIELD=VALUE", value_parser = overriding)]
    pub set: Vec<Override>,
    /// Configure a vendor as a scenario's `options` do: `tinet.enterprise=7122600` (see `ringback list options`). Repeatable.
    #[arg(long, value_name = "VENDOR.NAME=VALUE", value_parser = given_option)]
    pub option: Vec<GivenOption>,
    /// Overlay the faults of this file, or of a built-in profile (see `ringback list profiles`). Repeatable.
    #[arg(long, value_name = "FILE", env = "RINGBACK_FAULTS", value_delimiter = ',')]
    pub faults: Vec<String>,
    /// Let faults, probes and load go to this host; without it, they go to loopback only. Repeatable.
    #[arg(long, value_name = "HOST", env = "RINGBACK_ALLOW_HOST", value_delimiter = ',')]
    pub allow_host: Vec<String>,
    /// Try again as the vendor does (`vendor`), never (`none`), or after these waits (`5s,5m,30m`).
    #[arg(long, value_name = "WAITS", env = "RINGBACK_RETRY", value_parser = retry)]
    pub retry: Option<Retry>,
    /// How long to wait for an answer, in place of the vendor's own limit.
    #[arg(long, value_name = "DURATION", env = "RINGBACK_TIMEOUT", value_parser = positive_duration)]
    pub timeout: Option<Duration>,
    /// What was typed, for the command that gives the same again.
    #[arg(skip)]
    pub typed: Typed,
}

/// For what the first push waits.
#[derive(Debug, Args)]
pub(super) struct Awaited {
    /// Wait until this address answers, before the first push. 502, 503 and 504 are the answers of a proxy whose receiver is
    /// not there yet; any other will do, unless `--wait-for-status` says which.
    #[arg(long, value_name = "URL", env = "RINGBACK_WAIT_FOR", value_parser = address)]
    wait_for: Option<Url>,
    /// Wait until it answers with this status: `200`, `2xx`. Repeatable.
    #[arg(
        long,
        value_name = "STATUS",
        env = "RINGBACK_WAIT_FOR_STATUS",
        value_delimiter = ',',
        requires = "wait_for",
        value_parser = status
    )]
    wait_for_status: Vec<Status>,
    /// How long to wait for it [default: 30s].
    #[arg(long, value_name = "DURATION", env = "RINGBACK_WAIT_LIMIT", value_parser = positive_duration)]
    wait_limit: Option<Duration>,
}

impl Awaited {
    /// Waits; `false` where the end was asked for in the meantime.
    pub(super) async fn wait(&self, transport: &Transport, stop: &Stop) -> Result<bool, Problem> {
        let Some(url) = &self.wait_for else { return Ok(true) };
        let limit = self.wait_limit.unwrap_or(WAIT_LIMIT_DEFAULT);
        let asked = Statuses(self.wait_for_status.clone());
        let is_ready = |status| if asked.0.is_empty() { delivery::is_up(status) } else { asked.take(status) };
        let ready = tokio::select! {
            ready = delivery::wait_for(transport, url, limit, &is_ready) => ready,
            () = stop.requested() => return Ok(false),
        };
        ready.map_err(|error| Problem::cannot_go_on(error.to_string(), "start the receiver, or raise --wait-limit"))?;
        Ok(true)
    }
}

/// A vendor, as an argument.
#[derive(Clone, Copy)]
pub(super) struct VendorArg(pub &'static dyn Vendor);

impl std::fmt::Debug for VendorArg {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.0.id())
    }
}

impl Stories {
    /// Reads the scenarios that were named; the headline flows where none was.
    pub(super) fn load(&self) -> Result<Vec<Scenario>, Problem> {
        Ok(self.stories().load(&scenario::variable)?)
    }

    /// What is read: scenarios, fault profiles, certificates.
    pub(super) fn files(&self, sources: &[String], travel: &Travel) -> Outputs {
        let mut outputs = Outputs::default();
        outputs.read("a scenario", sources);
        outputs.read("a fault profile", &self.faults);
        outputs.read("a certificate", travel.files());
        outputs
    }

    /// Plans every scenario for every vendor that it is for.
    pub(super) fn plans(
        &self,
        scenarios: &[Scenario],
        seed: u64,
        start: Timestamp,
        otherwise: &Url,
    ) -> Result<Vec<StoryPlan>, Problem> {
        Ok(self.stories().plans(scenarios, seed, start, otherwise)?)
    }

    /// The stories as the library knows them.
    pub(super) fn stories(&self) -> session::Stories {
        session::Stories {
            sources: self.scenarios.iter().cloned().map(Source::Named).collect(),
            vendors: self.vendor.iter().map(|vendor| vendor.0).collect(),
            targets: self.target.clone(),
            headers: self.header.clone(),
            overrides: self.set.clone(),
            options: self.option.clone(),
            faults: self.faults.clone(),
            allowed_hosts: self.allow_host.clone(),
            retry: self.retry.clone(),
            timeout: self.timeout,
            replay: Replay::Typed { before: self.typed.assignments(), flags: self.typed.words(|_| true) },
        }
    }

    /// The seed that was given, or a fresh one.
    pub(super) fn seed(&self) -> u64 {
        self.seed.unwrap_or_else(random::fresh_seed)
    }

    /// The start that was given, or this second.
    pub(super) fn start(&self) -> Timestamp {
        self.at.unwrap_or_else(clock::this_second)
    }
}

impl From<Unplayable> for Problem {
    fn from(unplayable: Unplayable) -> Self {
        match unplayable {
            Unplayable::Scenarios(diagnostics) => Problem::Diagnostics(diagnostics),
            Unplayable::Given { told, help } => Problem::usage(told, help),
        }
    }
}

/// A vendor by its id.
pub(super) fn vendor(text: &str) -> Result<VendorArg, String> {
    session::vendor(text).map(VendorArg)
}

/// A header of every push.
pub(super) fn header(text: &str) -> Result<(String, Template), String> {
    scenario::parse_header(text, &scenario::variable)
}

/// A value of a push.
fn overriding(text: &str) -> Result<Override, String> {
    scenario::parse_override(text, &scenario::variable)
}

/// An address that pushes go to.
fn target(text: &str) -> Result<Template, String> {
    scenario::parse_target(text, &scenario::variable)
}

/// An address that can be asked.
pub(super) fn address(text: &str) -> Result<Url, String> {
    scenario::parse_address(text)
}

/// A status, or a class of them.
fn status(text: &str) -> Result<Status, String> {
    Status::parse(text)
        .ok_or_else(|| format!("write a status such as `200`, or a class such as `2xx`, not `{}`", text.trim()))
}

/// A length of time that is not zero.
pub(super) fn positive_duration(text: &str) -> Result<Duration, String> {
    match duration::parse(text)? {
        Duration::ZERO => Err("it must be longer than nothing".into()),
        duration => Ok(duration),
    }
}
