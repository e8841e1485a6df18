//! When calls start, as arguments: `--rate`, `--for`, `--stage`, `--closed`, and the caps that guard against slips.

use super::super::inputs::positive_duration;
use super::super::print::Problem;
use crate::load::{
    Arrival, CALLS_MAX, CLOSED_MAX, DURATION_CAP_DEFAULT, DURATION_MAX, RATE_CAP_DEFAULT, RATE_MAX, STAGES_MAX, Stage,
};
use crate::{duration, rate};
use clap::{Args, ValueEnum};
use std::fmt::Display;
use std::str::FromStr;
use std::time::Duration;

/// When calls start.
#[derive(Debug, Args)]
pub(super) struct Pattern {
    /// How many calls start a second, a minute or an hour: `200/s`, `12000/m`, `1000000/h`. Over all shards.
    #[arg(long, value_name = "RATE", env = "RINGBACK_RATE", value_parser = rate::parse)]
    pub rate: Option<f64>,
    /// For how long calls start.
    #[arg(long = "for", value_name = "DURATION", env = "RINGBACK_FOR", value_parser = positive_duration)]
    pub lasting: Option<Duration>,
    /// A while in which the rate goes evenly from one value to another: `30s:0..500/s`; or stays: `1m:500/s`. Repeatable, in
    /// order; in place of --rate and --for.
    #[arg(long, value_name = "DURATION:FROM..TO", env = "RINGBACK_STAGE", value_parser = stage, conflicts_with_all = ["rate", "lasting", "closed"])]
    pub stage: Vec<Stage>,
    /// Whether calls start evenly, or at random moments as real calls do.
    #[arg(long, value_name = "HOW", env = "RINGBACK_ARRIVAL", value_enum, default_value_t = Way::Even)]
    pub arrival: Way,
    /// So many calls at a time instead of a rate: the next starts when one has ended. A receiver that slows down is asked
    /// less then, so its figures flatter it.
    #[arg(long, value_name = "N", env = "RINGBACK_CLOSED", value_parser = |text: &str| within(text, CLOSED_MAX), conflicts_with = "rate")]
    pub closed: Option<usize>,
    /// Start no more than so many calls.
    #[arg(long, value_name = "N", env = "RINGBACK_MAX_CALLS", value_parser = |text: &str| within(text, CALLS_MAX))]
    pub max_calls: Option<u64>,
    /// Allow rates up to this; 10000/s without it.
    #[arg(long, value_name = "RATE", env = "RINGBACK_RATE_CAP", value_parser = rate::parse)]
    pub rate_cap: Option<f64>,
    /// Allow loads as long as this; 1h without it.
    #[arg(long, value_name = "DURATION", env = "RINGBACK_FOR_CAP", value_parser = positive_duration)]
    pub for_cap: Option<Duration>,
}

/// How calls are spread.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Way {
    /// At equal distances.
    Even,
    /// At random moments, independent of each other.
    Poisson,
}

impl Pattern {
    /// When calls start.
    pub fn arrival(&self) -> Result<Arrival, Problem> {
        let example = "write for example `--rate 200/s --for 60s`, or `--stage 30s:0..200/s --stage 1m:200/s`";
        let arrival = match (self.closed, self.stage.as_slice(), self.rate, self.lasting) {
            (_, [], _, None) => {
                return Err(Problem::usage("a load needs to know for how long: --for is missing", example));
            }
            (Some(calls), _, _, Some(lasting)) => Arrival::Closed { calls, lasting },
            (None, [], None, Some(_)) => {
                return Err(Problem::usage("a load needs to know how fast: --rate is missing", example));
            }
            (None, [], Some(rate), Some(lasting)) => self.open(vec![Stage::steady(rate, lasting)]),
            (_, stages, _, _) => self.open(stages.to_vec()),
        };
        if let Some(flaw) = arrival.flaw() {
            let help = format!(
                "a rate lies above 0/s and is at most {}, a load lasts {} at most, and has {STAGES_MAX} stages at most",
                rate::text(RATE_MAX),
                duration::text(DURATION_MAX)
            );
            return Err(Problem::usage(flaw, help));
        }
        Ok(arrival)
    }

    /// The same under a master that says how many users there are, each of them with this rate.
    pub fn of_one_user(&self) -> Result<Arrival, Problem> {
        let example = "write `--rate 2/s`: the calls a second of one Locust user";
        let is_free =
            self.stage.is_empty() && self.closed.is_none() && self.lasting.is_none() && self.max_calls.is_none();
        match (self.rate, is_free) {
            (Some(rate), true) => Ok(self.open(vec![Stage::steady(rate, Duration::from_secs(1))])),
            (None, true) => {
                Err(Problem::usage("under a Locust master a user is a rate, and --rate is missing", example))
            }
            (_, false) => Err(Problem::usage(
                "the Locust master says how many calls there are, and for how long: there is no --for, --stage, --closed or \
                 --max-calls beside it",
                example,
            )),
        }
    }

    fn open(&self, stages: Vec<Stage>) -> Arrival {
        match self.arrival {
            Way::Even => Arrival::Even(stages),
            Way::Poisson => Arrival::Poisson(stages),
        }
    }

    /// The fastest rate and the longest load that are allowed.
    pub fn caps(&self) -> (f64, Duration) {
        (self.rate_cap.unwrap_or(RATE_CAP_DEFAULT), self.for_cap.unwrap_or(DURATION_CAP_DEFAULT))
    }

    /// Refuses what lies above the caps that guard against slips.
    pub fn fits(&self, arrival: &Arrival) -> Result<(), Problem> {
        let (rate_cap, for_cap) = self.caps();
        let lasting = arrival.lasting();
        if lasting > for_cap {
            let (lasting, cap) = (duration::text(lasting), duration::text(for_cap));
            return Err(Problem::usage(
                format!("a load of {lasting} is longer than the cap of {cap}"),
                format!(
                    "`--for-cap {lasting}` allows it, if that is what you mean; {} is the longest of all",
                    duration::text(DURATION_MAX)
                ),
            ));
        }
        let stages = match arrival {
            Arrival::Even(stages) | Arrival::Poisson(stages) => stages.as_slice(),
            Arrival::Closed { .. } | Arrival::Steered(_) => &[],
        };
        let fastest = stages.iter().flat_map(|stage| [stage.from, stage.to]).fold(0.0, f64::max);
        if fastest > rate_cap {
            let (fastest, cap) = (rate::text(fastest), rate::text(rate_cap));
            return Err(Problem::usage(
                format!("{fastest} calls are more than the cap of {cap}"),
                format!(
                    "`--rate-cap {fastest}` allows it, if the receiver is yours and ready for it; {} is the most of all",
                    rate::text(RATE_MAX)
                ),
            ));
        }
        let calls: f64 = stages.iter().map(|stage| (stage.from + stage.to) / 2.0 * stage.lasting.as_secs_f64()).sum();
        if calls > CALLS_MAX as f64 && self.max_calls.is_none() {
            return Err(Problem::usage(
                format!("{calls:.0} calls are more than a load can have, which is {CALLS_MAX}"),
                "lower --rate or --for, or give --max-calls",
            ));
        }
        Ok(())
    }
}

/// A number between 1 and the most there can be.
pub(super) fn within<T: Copy + FromStr + PartialOrd + From<u8> + Display>(text: &str, most: T) -> Result<T, String> {
    let number = text.parse::<T>().ok().filter(|number| (T::from(1)..=most).contains(number));
    number.ok_or_else(|| format!("it is a whole number between 1 and {most}"))
}

/// `30s:0..500/s`, `1m:500/s`.
pub(super) fn stage(text: &str) -> Result<Stage, String> {
    let form = || "a stage is written `30s:0..500/s`, or `1m:500/s` where the rate stays".to_owned();
    let (lasting, rates) = text.split_once(':').ok_or_else(form)?;
    let lasting = positive_duration(lasting)?;
    match rates.split_once("..") {
        None => rate::parse(rates).map(|rate| Stage::steady(rate, lasting)),
        Some((from, to)) => {
            let to_rate = rate::parse(to)?;
            // The unit of the second holds for the first, too.
            let from = match (from.contains('/'), to.split_once('/')) {
                (false, Some((_, unit))) => rate::parse(&format!("{from}/{unit}"))?,
                _ => rate::parse(from)?,
            };
            Ok(Stage { lasting, from, to: to_rate })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stages_are_read() {
        let seconds = Duration::from_secs;
        assert_eq!(stage("30s:0..500/s"), Ok(Stage { lasting: seconds(30), from: 0.0, to: 500.0 }));
        assert_eq!(stage("1m:1200/m"), Ok(Stage::steady(20.0, seconds(60))));
        assert_eq!(stage("1m:60/m..10/s"), Ok(Stage { lasting: seconds(60), from: 1.0, to: 10.0 }));
        for wrong in ["", "30s", "30s:", "30s:fast", ":5/s", "0s:5/s", "30s:5..", "30s:..5/s", "30:5/s"] {
            assert!(stage(wrong).is_err(), "{wrong}");
        }
    }
}
