//! A run within a test written in Rust: [`Ringback`] says what is played, [`Judged`] what the receiver did. It is the run of
//! the command without the command: no standard output, no signals, no environment, nothing shared between two runs.

mod judged;
mod kept;

pub use crate::session::{Mode as SnapshotMode, Unplayable};
pub use judged::{Answer, Judged, Push, Settled, Tried};
pub use kept::ATTEMPTS_KEPT_MAX;

use crate::clock::{self, Pace};
use crate::contract::Strictness;
use crate::delivery::{self, Transport, Trust};
use crate::random;
use crate::report::Named;
use crate::scenario;
use crate::session::{self, BuiltIn, Replay, Session, Snapshots, Source, Stories};
use kept::Kept;
use std::fmt;
use std::path::{Path, PathBuf};
use std::time::Duration;
use url::Url;

/// A run that can be made within a test.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), ringback::in_process::Error> {
/// use ringback::Ringback;
///
/// // In a test of yours: .target("http://127.0.0.1:8080/hook"). Without a target a receiver that is built in answers.
/// let judged = Ringback::new().scenario("outbound-answered").vendor("udesk").seed(7).run().await?;
///
/// judged.assert_ok();
/// let names: Vec<&str> = judged.pushes.iter().map(|push| push.delivery.push.as_str()).collect();
/// assert_eq!(names, ["udesk:agent_answer", "udesk:customer_answer", "udesk:hangup", "udesk:end"]);
/// assert_eq!(judged.pushes[0].status(), Some(200));
/// # Ok(())
/// # }
/// ```
///
/// A scenario can stand in the test itself, and every run is its own: several can go on side by side.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), ringback::in_process::Error> {
/// use ringback::{Ringback, in_process::Scenario};
///
/// let refused = Scenario::text(
///     "title: The customer does not want to talk
/// call: { kind: outbound }
/// script: [ring: agent, answer: agent, ring: customer, decline: customer]",
/// );
/// let run = |seed| Ringback::new().scenario(refused.clone()).vendor("7moor").faults("impatient-vendor").seed(seed).run();
/// let (one, other) = tokio::join!(run(1), run(2));
/// assert!(one?.is_ok() && other?.is_ok());
/// # Ok(())
/// # }
/// ```
///
/// A run needs a tokio runtime with time and I/O, as `#[tokio::test]` has it. Dropping the future ends the run: nothing is
/// sent any more.
#[derive(Debug, Clone, Default)]
#[must_use = "a run does nothing until `run` is awaited"]
pub struct Ringback {
    sources: Vec<Source>,
    vendors: Vec<String>,
    targets: Vec<String>,
    headers: Vec<String>,
    seed: Option<u64>,
    at: Option<String>,
    pace: Option<Pace>,
    overrides: Vec<String>,
    options: Vec<String>,
    faults: Vec<String>,
    allowed_hosts: Vec<String>,
    retry: Option<String>,
    timeout: Option<Duration>,
    variables: Vec<(String, String)>,
    insecure: bool,
    strictness: Strictness,
    snapshots: Option<(PathBuf, SnapshotMode)>,
}

/// A scenario for a run within a test: a file, a folder, a built-in by its name, or a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scenario(Source);

impl Scenario {
    /// A scenario that stands in the test. It is called `text` in every output; see [`Scenario::called`].
    pub fn text(text: impl Into<String>) -> Self {
        Self(Source::Text { name: "text".to_owned(), text: text.into() })
    }

    /// The scenario under another name, which is part of the key of its draws. A file keeps its own.
    pub fn called(self, name: impl Into<String>) -> Self {
        match self.0 {
            Source::Text { text, .. } => Self(Source::Text { name: name.into(), text }),
            named @ Source::Named(_) => Self(named),
        }
    }
}

impl From<&str> for Scenario {
    fn from(named: &str) -> Self {
        Self(Source::Named(named.to_owned()))
    }
}

impl From<String> for Scenario {
    fn from(named: String) -> Self {
        Self(Source::Named(named))
    }
}

impl From<&Path> for Scenario {
    fn from(path: &Path) -> Self {
        Self(Source::Named(path.to_string_lossy().into_owned()))
    }
}

impl From<PathBuf> for Scenario {
    fn from(path: PathBuf) -> Self {
        Self::from(path.as_path())
    }
}

/// Why a run could not be made. What the receiver does wrong is no error: it is [`Judged`].
#[derive(Debug)]
pub enum Error {
    /// What was asked for cannot be played: a scenario is wrong, or a setting.
    Unplayable(Unplayable),
    /// The built-in receiver has no port.
    NoReceiver(std::io::Error),
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::Unplayable(unplayable) => unplayable.fmt(f),
            Error::NoReceiver(error) => write!(f, "the built-in receiver cannot listen: {error}"),
        }
    }
}

impl std::error::Error for Error {}

impl From<Unplayable> for Error {
    fn from(unplayable: Unplayable) -> Self {
        Error::Unplayable(unplayable)
    }
}

impl Ringback {
    /// A run of the four headline flows by every vendor against the built-in receiver, until it is told otherwise.
    pub fn new() -> Self {
        Self::default()
    }

    /// Plays this scenario: the path of a file or folder, the name of a built-in one, or a [`Scenario::text`]. Repeatable.
    pub fn scenario(mut self, scenario: impl Into<Scenario>) -> Self {
        self.sources.push(scenario.into().0);
        self
    }

    /// Plays only this vendor, by its id: `udesk`. Repeatable.
    pub fn vendor(mut self, id: impl Into<String>) -> Self {
        self.vendors.push(id.into());
        self
    }

    /// Pushes to this address, whatever the scenario says. Repeatable: every address gets every push.
    pub fn target(mut self, url: impl ToString) -> Self {
        self.targets.push(url.to_string());
        self
    }

    /// Adds a header to every push, in place of the vendor's and the scenario's own of that name: `X-Env: ci`. Repeatable.
    pub fn header(mut self, header: impl Into<String>) -> Self {
        self.headers.push(header.into());
        self
    }

    /// The seed of everything that is generated; a fresh one otherwise, which [`Judged::seed`] tells.
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = Some(seed);
        self
    }

    /// When the scenario starts: `2026-11-20T10:00:00+08:00`, or `2026-11-20 10:00:00` in Beijing; now otherwise.
    pub fn at(mut self, time: impl Into<String>) -> Self {
        self.at = Some(time.into());
        self
    }

    /// How scenario time passes; [`Pace::Fast`] otherwise.
    pub fn pace(mut self, pace: Pace) -> Self {
        self.pace = Some(pace);
        self
    }

    /// Replaces a value of a push: `udesk:end.survey=满意`. Repeatable.
    pub fn set(mut self, overriding: impl Into<String>) -> Self {
        self.overrides.push(overriding.into());
        self
    }

    /// Configures a vendor as a scenario's `options` do: `tinet.enterprise=7122600`. Repeatable.
    pub fn option(mut self, option: impl Into<String>) -> Self {
        self.options.push(option.into());
        self
    }

    /// Lays this fault profile over every scenario: a file, or a built-in one by its name. Repeatable.
    pub fn faults(mut self, profile: impl Into<String>) -> Self {
        self.faults.push(profile.into());
        self
    }

    /// Lets faults go to this host; without it, they go to loopback only. Repeatable.
    pub fn allow_host(mut self, host: impl Into<String>) -> Self {
        self.allowed_hosts.push(host.into());
        self
    }

    /// When to try again: `vendor`, `none`, or waits such as `5s,5m,30m`.
    pub fn retry(mut self, retry: impl Into<String>) -> Self {
        self.retry = Some(retry.into());
        self
    }

    /// How long to wait for an answer, in place of the vendor's own limit.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = Some(timeout);
        self
    }

    /// What `{env.NAME}` in a scenario stands for. The environment of the process is not read. Repeatable.
    pub fn variable(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.variables.push((name.into(), value.into()));
        self
    }

    /// Accepts any certificate.
    pub fn insecure(mut self) -> Self {
        self.insecure = true;
        self
    }

    /// Whether a fault that struck nothing, or an expectation that was never judged, fails the run.
    pub fn strict(mut self, strict: bool) -> Self {
        self.strictness = if strict { Strictness::Strict } else { Strictness::Lenient };
        self
    }

    /// Holds the answers against the snapshots in this folder. What is new or differs fails the run. With
    /// [`SnapshotMode::Write`] it waits there for `ringback review`; with [`SnapshotMode::ReadOnly`], for CI, nothing is
    /// written, and what waits or is new is [`Exit::PendingSnapshots`].
    ///
    /// [`Exit::PendingSnapshots`]: crate::exit::Exit::PendingSnapshots
    pub fn snapshots(mut self, folder: impl Into<PathBuf>, mode: SnapshotMode) -> Self {
        self.snapshots = Some((folder.into(), mode));
        self
    }

    /// Plays everything, and judges the receiver.
    ///
    /// # Errors
    /// Why nothing could be played; see [`Error`].
    pub async fn run(self) -> Result<Judged, Error> {
        let stories = self.stories()?;
        let seed = self.seed.unwrap_or_else(random::fresh_seed);
        let start = match &self.at {
            Some(text) => session::time(text).map_err(given)?,
            None => clock::this_second(),
        };
        let scenarios = stories.load(&|name| self.value(name))?;
        let receiver = match stories.need_a_receiver(&scenarios) {
            true => Some(BuiltIn::start().await.map_err(Error::NoReceiver)?),
            false => None,
        };
        // Nothing goes there without a receiver: every scenario names an address, or the run does.
        let otherwise = match &receiver {
            Some(receiver) => receiver.address.clone(),
            None => nowhere()?,
        };
        let snapshots = self.snapshots.map(|(folder, mode)| Snapshots::new(folder, mode, &stories));
        let kept = Kept::default();
        let report: Named = ("the run itself".to_owned(), Box::new(kept.clone()));
        let session = Session {
            stories: stories.plans(&scenarios, seed, start, &otherwise)?,
            seed,
            start,
            pace: self.pace.unwrap_or(Pace::Fast),
            transport: Transport::new(if self.insecure { Trust::Anyone } else { Trust::System }),
            reports: vec![report],
            snapshots,
            to_built_in_receiver: receiver.is_some(),
            strictness: self.strictness,
        };
        // Never asked for: who wants the end drops the future.
        let (_stopper, stop) = delivery::stop();
        let ended = session.run(stop).await;
        if let Some(receiver) = receiver {
            receiver.end().await;
        }
        Ok(kept.judged(seed, ended.exit))
    }

    /// What a variable stands for.
    fn value(&self, name: &str) -> Option<String> {
        self.variables.iter().rev().find(|(known, _)| known == name).map(|(_, value)| value.clone())
    }

    /// The flags of the command that gives the same, besides those of the stories.
    fn further_flags(&self) -> Vec<String> {
        let mut flags = Vec::new();
        if let Some(pace) = self.pace.filter(|pace| *pace != Pace::Fast) {
            flags.extend(["--pace".to_owned(), pace.to_string()]);
        }
        if let Some((folder, _)) = &self.snapshots {
            flags.extend(["--snapshots".to_owned(), folder.display().to_string()]);
        }
        flags.extend(self.insecure.then(|| "--insecure".to_owned()));
        flags.extend((self.strictness == Strictness::Strict).then(|| "--strict".to_owned()));
        flags
    }

    fn stories(&self) -> Result<Stories, Error> {
        Ok(Stories {
            sources: self.sources.clone(),
            vendors: all(&self.vendors, session::vendor)?,
            targets: all(&self.targets, |text| scenario::parse_target(text, &|name| self.value(name)))?,
            headers: all(&self.headers, |text| scenario::parse_header(text, &|name| self.value(name)))?,
            overrides: all(&self.overrides, |text| scenario::parse_override(text, &|name| self.value(name)))?,
            options: all(&self.options, session::given_option)?,
            faults: self.faults.clone(),
            allowed_hosts: self.allowed_hosts.clone(),
            retry: self.retry.as_deref().map(session::retry).transpose().map_err(given)?,
            timeout: self.timeout,
            replay: Replay::Given(self.further_flags()),
        })
    }
}

fn all<T>(texts: &[String], read: impl Fn(&str) -> Result<T, String>) -> Result<Vec<T>, Error> {
    texts.iter().map(|text| read(text).map_err(given)).collect()
}

fn given(told: String) -> Error {
    Unplayable::Given { told, help: String::new() }.into()
}

/// An address at which nobody listens.
fn nowhere() -> Result<Url, Error> {
    scenario::parse_address("http://127.0.0.1:9/").map_err(given)
}
