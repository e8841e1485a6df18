//! Which part of a load this process plays, and when it begins.

use super::super::print::Problem;
use super::pattern::within;
use crate::clock;
use crate::duration;
use crate::load::{BEGIN_AHEAD_MAX, BEGIN_GRACE, SHARDS_MAX, Shard};
use clap::Args;
use jiff::Timestamp;
use std::path::PathBuf;
use std::time::Duration;

/// The variable in which a Kubernetes Job with indexes names the index of a pod, from 0.
const INDEX: &str = "JOB_COMPLETION_INDEX";

/// Which part of the calls.
#[derive(Debug, Args)]
pub(super) struct Sharding {
    /// Play only this part of the calls: `2/5` is the second of five. The rate stays that of all parts together.
    #[arg(long, value_name = "I/N", env = "RINGBACK_SHARD", value_parser = shard, conflicts_with = "shards")]
    shard: Option<Shard>,
    /// How many parts there are, where JOB_COMPLETION_INDEX (from 0) says which this is.
    #[arg(long, value_name = "N", env = "RINGBACK_SHARDS", value_parser = |text: &str| within(text, SHARDS_MAX))]
    shards: Option<u32>,
    /// Write the figures to this file, for `ringback load merge`; the same as `--report json=FILE`.
    #[arg(long, value_name = "FILE", env = "RINGBACK_OUT")]
    pub out: Option<PathBuf>,
}

impl Sharding {
    /// The part that this process plays; all of it where nothing is said.
    pub fn shard(&self, environment: impl Fn(&str) -> Option<String>) -> Result<Shard, Problem> {
        let Some(of) = self.shards else { return Ok(self.shard.unwrap_or(Shard { number: 1, of: 1 })) };
        let index = environment(INDEX);
        let number = index.as_ref().and_then(|index| index.trim().parse::<u32>().ok());
        match number {
            Some(index) if index < of => Ok(Shard { number: index + 1, of }),
            Some(index) => Err(Problem::usage(
                format!("{INDEX} is {index}, and of {of} shards the last has the index {}", of - 1),
                "give --shards the number of completions of the job",
            )),
            None => Err(Problem::usage(
                match index {
                    None => format!(
                        "--shards says how many there are, and {INDEX}, which would say which this is, is not set"
                    ),
                    Some(index) => format!("{INDEX} is `{}`, and no whole number", index.escape_debug()),
                },
                "write `--shard 1/5`, or run it in a Kubernetes Job with `completionMode: Indexed`",
            )),
        }
    }
}

/// `2/5`
fn shard(text: &str) -> Result<Shard, String> {
    let form = || format!("a shard is written `2/5`: the second of five, of {SHARDS_MAX} at most");
    let (number, of) = text.split_once('/').ok_or_else(form)?;
    match (number.trim().parse(), of.trim().parse()) {
        (Ok(number), Ok(of)) if (1..=of).contains(&number) && of <= SHARDS_MAX => Ok(Shard { number, of }),
        (Ok(0), Ok(_)) => Err("shards are counted from 1".to_owned()),
        (Ok(number), Ok(of)) if number > of => Err(format!("there is no shard {number} of {of}")),
        _ => Err(form()),
    }
}

/// The instant at which the load begins, if it is one that can be waited for.
pub(super) fn begin(asked: Option<Timestamp>) -> Result<Option<Timestamp>, Problem> {
    let Some(begin) = asked else { return Ok(None) };
    let left = begin.duration_since(clock::now());
    let told = |length: Duration| duration::text(Duration::from_secs(length.as_secs()));
    match (Duration::try_from(left), Duration::try_from(-left)) {
        (Ok(ahead), _) if ahead > BEGIN_AHEAD_MAX => Err(Problem::usage(
            format!("--start-at lies {} ahead", told(ahead)),
            format!("a load waits {} at most; is the date right, and its offset?", duration::text(BEGIN_AHEAD_MAX)),
        )),
        (_, Ok(ago)) if ago > BEGIN_GRACE => Err(Problem::usage(
            format!("--start-at is {} ago", told(ago)),
            "name a time that all shards can still reach; a time without an offset is Beijing's",
        )),
        _ => Ok(Some(begin)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shards_are_read() {
        assert_eq!(shard("2/5"), Ok(Shard { number: 2, of: 5 }));
        for wrong in ["", "2", "0/5", "6/5", "-1/5", "1/0", "a/b", "1/100000"] {
            assert!(shard(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn the_index_of_a_job_says_which() {
        let by = |index: Option<&str>| {
            let sharding = Sharding { shard: None, shards: Some(3), out: None };
            sharding.shard(|_| index.map(str::to_owned)).ok()
        };
        assert_eq!(by(Some("0")), Some(Shard { number: 1, of: 3 }));
        assert_eq!(by(Some("2")), Some(Shard { number: 3, of: 3 }));
        assert_eq!([by(Some("3")), by(Some("x")), by(None)], [None; 3]);
    }
}
