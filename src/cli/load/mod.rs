//! `ringback load`: plays scenarios as load, and merges what shards of a load have written.

mod asked;
mod each_test;
mod merge;
mod pattern;
mod reports;
mod screen;
mod shard;
mod stories;

use super::inputs::{Awaited, Stories};
use super::outputs;
use super::print::Problem;
use super::process::{on_signals, runtime};
use super::way::Travel;
use crate::clock::{BEIJING, Pace};
use crate::contract::{Threshold, read_time};
use crate::delivery::{Transport, Way};
use crate::exit::Exit;
use crate::journal::Journal;
use crate::load::{
    CONNECTIONS_DEFAULT, CONNECTIONS_MAX, HURRY_MAX, LAG_P99_MAX, MAX_IN_FLIGHT_DEFAULT, MAX_IN_FLIGHT_MAX,
    SAMPLE_DEFAULT, Sample, Sending, Terms, WORKERS_MAX,
};
use crate::report::{Ndjson, Report};
use crate::session::{LoadEnded, LoadSession, load_secrets, time};
use clap::{Args, Subcommand};
use jiff::Timestamp;
use pattern::Pattern;
use reports::{ReportTo, Reports};
use shard::Sharding;
use std::path::PathBuf;
use std::time::Duration;

/// The arguments of `ringback load`.
#[derive(Debug, Args)]
#[command(
    args_conflicts_with_subcommands = true,
    mut_arg("scenarios", |arg| arg.value_name("SCENARIO[=WEIGHT]").help(
        "Scenario files, folders, or names of built-in scenarios, each with its share of the calls. The headline flows by default"
    )),
    after_help = "A call is the unit: calls start by the plan of --rate whatever the receiver does, and each call's pushes fall \
        due by its own script.\nResponse times count from the moment at which a push was due. Without a threshold on errors or \
        lost pushes, `lost==0` holds;\nwithout one on pushes held back, `held==0`."
)]
pub(super) struct Load {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    play: Box<Play>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Merge what the shards of one load have written, and judge the whole.
    Merge(merge::Merge),
}

/// The arguments of a load that is played.
#[derive(Debug, Args)]
struct Play {
    #[command(flatten)]
    stories: Stories,
    #[command(flatten)]
    pattern: Pattern,
    /// How scenario time passes within a call: `1x` is real time, `60x` a minute a second.
    #[arg(long, value_name = "PACE", env = "RINGBACK_PACE", default_value = "1x")]
    pace: Pace,
    /// How many pushes may be due and not settled at a time; what falls due beyond is held back, and counted.
    #[arg(long, value_name = "N", env = "RINGBACK_MAX_IN_FLIGHT", default_value_t = MAX_IN_FLIGHT_DEFAULT,
        value_parser = |text: &str| pattern::within(text, MAX_IN_FLIGHT_MAX))]
    max_in_flight: usize,
    /// How many connections are open to each target at most.
    #[arg(long, value_name = "N", env = "RINGBACK_CONNECTIONS", default_value_t = CONNECTIONS_DEFAULT,
        value_parser = |text: &str| pattern::within(text, CONNECTIONS_MAX))]
    connections: usize,
    /// How many threads send [default: half of the cores].
    #[arg(long, value_name = "N", env = "RINGBACK_WORKERS", value_parser = |text: &str| pattern::within(text, WORKERS_MAX))]
    workers: Option<usize>,
    /// How long calls go on after the last one has started; then what is not due yet is held back [default: until the last
    /// call ends, and 30s for retries].
    #[arg(long, value_name = "DURATION", env = "RINGBACK_LINGER", value_parser = crate::duration::parse)]
    linger: Option<Duration>,
    #[command(flatten)]
    travel: Travel,
    #[command(flatten)]
    judged: Judged,
    #[command(flatten)]
    reports: ReportTo,
    /// Keep failures, and a sample of the rest, in this journal; `ringback serve` answers from it.
    #[arg(long, value_name = "FILE", env = "RINGBACK_JOURNAL")]
    journal: Option<PathBuf>,
    /// How many of the acknowledged pushes a journal and the report `ndjson` are told of: `1%`, `1/1000`, `all`, `none`.
    #[arg(long, value_name = "SHARE", env = "RINGBACK_JOURNAL_SAMPLE", default_value_t = SAMPLE_DEFAULT)]
    journal_sample: Sample,
    #[command(flatten)]
    sharding: Sharding,
    /// Begin at this instant and not before: `2026-11-20T10:00:00+08:00`. Several machines begin together by it.
    #[arg(long, value_name = "TIME", env = "RINGBACK_START_AT", value_parser = time)]
    start_at: Option<Timestamp>,
    /// Work for this Locust master: it says how many users there are, and each is --rate. Every test is judged by itself, and
    /// the worst is the exit code. Quits as the master does.
    #[arg(long, value_name = "HOST:PORT", env = "RINGBACK_LOCUST_MASTER", conflicts_with_all = ["shard", "start_at", "out"])]
    locust_master: Option<crate::load::locust::Master>,
    /// How long the Locust master may say nothing, because it is not there yet or not any more [default: 60s].
    #[arg(long, value_name = "DURATION", env = "RINGBACK_LOCUST_PATIENCE", requires = "locust_master",
        value_parser = super::inputs::positive_duration)]
    locust_patience: Option<Duration>,
    #[command(flatten)]
    awaited: Awaited,
}

/// What a load is judged by.
#[derive(Debug, Args)]
pub(super) struct Judged {
    /// What the figures keep to: `p99<200ms`, `errors<0.1%`, `udesk:end service p99<1s`, `rate>=190/s`. A missed one is exit
    /// 4. Repeatable.
    #[arg(long, value_name = "THRESHOLD", env = "RINGBACK_THRESHOLD", value_parser = threshold)]
    threshold: Vec<Threshold>,
    /// The p99 of the load generator's own lag beyond which it fell behind its own schedule. That is a warning; where a
    /// threshold depends on it, the load is invalid, which is exit 5 [default: 5ms].
    #[arg(long, value_name = "DURATION", env = "RINGBACK_LAG_LIMIT", value_parser = lag_limit)]
    lag_limit: Option<Duration>,
    /// Fail (exit 1) if something that was planned was never exercised: a fault that struck nothing, an expectation that was
    /// never judged, a probe, a threshold without a sample.
    #[arg(long, env = "RINGBACK_STRICT")]
    strict: bool,
}

/// Where a threshold of the command line stands.
const BY_FLAG: &str = "--threshold";

fn lag_limit(text: &str) -> Result<Duration, String> {
    match read_time(text)? {
        Duration::ZERO => Err("it must be longer than nothing".into()),
        limit => Ok(limit),
    }
}

fn threshold(text: &str) -> Result<Threshold, String> {
    Threshold::parse(text, BY_FLAG).map_err(|flaw| flaw.to_string())
}

impl Load {
    /// Which stories are asked for.
    pub(super) fn stories(&mut self) -> &mut Stories {
        &mut self.play.stories
    }

    pub(super) fn execute(self) -> Result<Exit, Problem> {
        match self.command {
            Some(Command::Merge(merge)) => merge.execute(),
            None => {
                let runtime = runtime()?;
                let ended = runtime.block_on(self.play.play());
                // A resolver that hangs must not keep the process.
                runtime.shutdown_background();
                ended
            }
        }
    }
}

impl Play {
    async fn play(self) -> Result<Exit, Problem> {
        let arrival = self.arrival()?;
        let Pace::Times(pace) = self.pace else {
            return Err(Problem::usage(
                "`--pace fast` has no clock by which calls could start",
                "write `--pace 1x`, or `--pace 60x` for a minute a second",
            ));
        };
        let begin = shard::begin(self.start_at)?;
        let shard = self.sharding.shard(|name| std::env::var(name).ok())?;
        if shard.of > 1 {
            self.fit_for_shards()?;
        }
        let seed = self.stories.seed();
        let start = self.stories.at.or(begin).unwrap_or_else(crate::clock::this_second);
        self.pattern.fits(&arrival)?;
        let played = stories::Played::new(&self.stories, &self.travel, seed, start, self.pattern.max_calls)?;
        let thresholds = played.thresholds(self.judged.threshold.clone())?;

        let sample = if self.journal.is_some() || self.reports.has_attempts() { self.journal_sample.0 } else { 0 };
        let workers = self.workers.unwrap_or_else(default_workers);
        let asked =
            asked::asked(&self, &played, &arrival, asked::Settled { pace, seed, start, workers, sample }, &thresholds);
        let core = asked::core(&self, seed, start);
        let load = crate::load::Load {
            stories: played.weighted(),
            seed,
            start,
            pace,
            arrival,
            max_calls: self.pattern.max_calls,
            max_in_flight: self.max_in_flight,
            connections: self.connections,
            workers,
            shard,
            linger: Some(
                self.linger.unwrap_or_else(|| played.lasting(pace).saturating_add(crate::load::LINGER_DEFAULT)),
            ),
            transport: Transport::by(Way { connections_per_host: Some(self.connections), ..self.travel.way()? }),
            sending: Sending::Wire,
            sample,
            asked: format!("{core} ({})", played.fingerprint(start)),
        };
        let mut terms = Terms {
            replay: asked::replay(&self, &core, shard),
            asked,
            thresholds,
            lag_limit: self.judged.lag_limit.unwrap_or(LAG_P99_MAX),
        };
        // Reports show it from their start.
        let secrets = load_secrets(&load);
        terms.asked.targets.iter_mut().for_each(|target| secrets.veil(target));
        let mut outputs = self.stories.files(played.sources(), &self.travel);
        self.journal.iter().for_each(|path| outputs.write("the journal", path));
        // Before files are begun, which a signal that nobody hears would leave behind.
        let stop = on_signals(HURRY_MAX);
        let Reports { reports, lines } =
            self.reports.open(&terms.asked, shard.of, self.sharding.out.as_deref(), outputs)?;
        let mut attempts: Vec<(String, Box<dyn Report + Send>)> = Vec::new();
        if let Some(path) = &self.journal {
            let journal = Journal::open(path).map_err(|error| Problem::cannot_go_on(error.to_string(), ""))?;
            attempts.push((format!("journal={}", path.display()), Box::new(journal)));
        }
        attempts
            .extend(lines.into_iter().map(|(name, out)| (name, Box::new(Ndjson::new(out)) as Box<dyn Report + Send>)));

        if !self.awaited.wait(&load.transport, &stop).await? {
            return Ok(Exit::Interrupted);
        }
        let session = LoadSession { load, terms, begin, master: self.master(), reports, attempts };
        let LoadEnded { exit, reports, summary, parted } = session.run(stop).await;
        // What is told nowhere else is told here.
        if !self.reports.tells_people()
            && let Some(summary) = summary
        {
            reports::told_of(&summary);
        }
        if let Some(why) = parted {
            Problem::cannot_go_on(why, "").print();
        }
        outputs::told(reports);
        Ok(exit)
    }

    /// When calls start.
    fn arrival(&self) -> Result<crate::load::Arrival, Problem> {
        if self.locust_master.is_some() {
            return self.pattern.of_one_user();
        }
        self.pattern.arrival()
    }

    /// The Locust master, with the caps of this command line.
    fn master(&self) -> Option<crate::load::locust::Master> {
        let mut master = self.locust_master.clone()?;
        (master.rate_max, master.lasting_max) = self.pattern.caps();
        master.lag_p99_max = self.judged.lag_limit.unwrap_or(LAG_P99_MAX);
        master.patience = self.locust_patience.unwrap_or(master.patience);
        Some(master)
    }

    /// Whether somebody else says how many calls start, while the load goes on.
    fn is_steered(&self) -> bool {
        self.locust_master.is_some()
    }

    /// What the shards of one run must agree on, and must not leave to chance.
    fn fit_for_shards(&self) -> Result<(), Problem> {
        if self.stories.seed.is_none() {
            return Err(Problem::usage(
                "shards of one run need the same seed, and none is given",
                "give all of them the same `--seed N`",
            ));
        }
        if self.stories.at.is_none() && self.start_at.is_none() {
            return Err(Problem::usage(
                "shards of one run need the same start, and none is given",
                "give all of them the same `--start-at TIME` to begin together, or the same `--at TIME`",
            ));
        }
        if self.sharding.out.is_none() && !self.reports.has_json() {
            return Err(Problem::usage(
                "the figures of this shard would be kept nowhere",
                "write them by `--out shard.json`, for `ringback load merge`",
            ));
        }
        if self.pattern.closed.is_some() {
            return Err(Problem::usage(
                "a closed load is not divided: its calls start as others end, which no shard knows of the others",
                "give each machine its own `--closed N` without a shard, or load by `--rate`",
            ));
        }
        Ok(())
    }
}

/// The receiver may well be on the same machine.
fn default_workers() -> usize {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    (cores / 2).clamp(1, 8)
}

/// A start as the command line takes it.
fn start_text(start: Timestamp) -> String {
    start.display_with_offset(BEIJING).to_string()
}
