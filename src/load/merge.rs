//! Shards of one run become one: read from what each wrote, merged exactly, judged anew. Nothing here opens a file.

use super::figures::{FIGURES_FORMAT, Unmergeable};
use super::latency::COUNT_MAX;
use super::summary::{LOAD_SUMMARY_FORMAT, LoadSummary, Part};
use super::verdict::{Scope, Terms};
use super::{CONNECTIONS_MAX, LAG_P99_MAX, MAX_IN_FLIGHT_MAX, POINTS_MAX, SHARDS_MAX, WORKERS_MAX};
use crate::contract::Threshold;
use serde_json::Value;
use std::time::Duration;

/// The largest file of a shard.
pub const SHARD_FILE_MAX_BYTES: u64 = 64 * 1024 * 1024;

/// What a shard wrote.
#[derive(Debug, Clone)]
pub struct ShardFile {
    /// Where it was read from, for messages.
    pub name: String,
    /// What it holds.
    pub summary: LoadSummary,
}

impl ShardFile {
    /// Reads what `--out` or `--report json` has written.
    ///
    /// # Errors
    /// What is wrong with it, in words.
    pub fn read(name: &str, text: &str) -> Result<Self, String> {
        let value: Value = serde_json::from_str(text)
            .map_err(|error| format!("`{name}` is damaged or no report of a load: {error}"))?;
        let version = |at: &str| value.pointer(at).and_then(Value::as_u64);
        let known = [("/format", LOAD_SUMMARY_FORMAT), ("/figures/format", FIGURES_FORMAT)];
        if value.get("figures").is_none() {
            return Err(format!("`{name}` is no report of a load: write one by `ringback load --out FILE`"));
        }
        for (at, ours) in known {
            match version(at) {
                Some(theirs) if theirs > u64::from(ours) => {
                    let by = value.get("ringback").and_then(Value::as_str).unwrap_or("another");
                    return Err(format!(
                        "`{name}` was written by a newer Ringback ({by}, format {theirs}), and this one reads format {ours}"
                    ));
                }
                Some(_) => {}
                None => return Err(format!("`{name}` is damaged: it has no number of its format")),
            }
        }
        let figures = value.get("figures").and_then(Value::as_object).into_iter().flatten();
        let counted =
            figures.filter(|(name, _)| *name != "seed").fold(0, |all: u64, (_, one)| all.saturating_add(sum(one)));
        if counted > COUNT_MAX {
            return Err(format!("`{name}` is damaged: its figures count more than {COUNT_MAX}"));
        }
        let mut summary =
            LoadSummary::deserialize_from(value).map_err(|error| format!("`{name}` is damaged: {error}"))?;
        // Whatever an older one lacks is filled by now.
        summary.figures.format = FIGURES_FORMAT;
        Ok(Self { name: name.to_owned(), summary })
    }
}

impl LoadSummary {
    fn deserialize_from(value: Value) -> Result<Self, String> {
        let summary: Self = serde_json::from_value(value).map_err(|error| error.to_string())?;
        let (figures, asked) = (&summary.figures, &summary.asked);
        let of = figures.shards_of;
        let parts: Vec<u32> = summary.parts.iter().map(|part| part.shard).collect();
        if figures.shards.is_empty() || parts.is_empty() {
            return Err("it holds no shard".to_owned());
        }
        if !(1..=SHARDS_MAX).contains(&of) {
            return Err(format!("it is one of {of} shards, and there are between 1 and {SHARDS_MAX}"));
        }
        if figures.shards != parts
            || !parts.is_sorted_by(|one, next| one < next)
            || parts[0] == 0
            || parts.last() > Some(&of)
        {
            return Err(format!("its shards are no numbers from 1 to {of}, each once"));
        }
        if figures.points.len() > 2 * POINTS_MAX as usize {
            return Err(format!(
                "it has {} points over time, and {} is the most",
                figures.points.len(),
                2 * POINTS_MAX
            ));
        }
        let each_has = [
            ("workers", asked.workers, WORKERS_MAX),
            ("connections", asked.connections, CONNECTIONS_MAX),
            ("max_in_flight", asked.max_in_flight, MAX_IN_FLIGHT_MAX),
        ];
        match each_has.into_iter().find(|(_, asked, most)| *asked > (parts.len() as u64).saturating_mul(*most as u64)) {
            Some((name, asked, most)) => Err(format!("its {name} are {asked}, and {most} is the most of one shard")),
            None => Ok(summary),
        }
    }
}

/// The sum of all whole numbers in it.
fn sum(value: &Value) -> u64 {
    match value {
        Value::Number(number) => number.as_u64().unwrap_or(0),
        Value::Array(items) => items.iter().fold(0, |all, item| all.saturating_add(sum(item))),
        Value::Object(fields) => fields.values().fold(0, |all, field| all.saturating_add(sum(field))),
        _ => 0,
    }
}

/// The command that plays the whole load again: that of a shard without what makes it one, which stands last in it.
fn of_the_whole(summary: &LoadSummary) -> &str {
    let of = summary.figures.shards_of;
    let of_a_shard = summary.parts.iter().map(|part| format!(" --shard {}/{of}", part.shard));
    let cut = of_a_shard.filter_map(|flag| summary.replay.rsplit_once(&flag)).map(|(whole, _)| whole);
    cut.min_by_key(|whole| whole.len()).unwrap_or(&summary.replay)
}

/// Merges shards, and judges the whole by the thresholds of the run and by these.
///
/// # Errors
/// Which files are not parts of one run, and why.
pub fn merge(
    files: Vec<ShardFile>,
    more: Vec<Threshold>,
    lag_limit: Option<Duration>,
    is_strict: bool,
) -> Result<LoadSummary, String> {
    let mut files = files.into_iter();
    let Some(ShardFile { name: first, summary }) = files.next() else {
        return Err("there is nothing to merge".to_owned());
    };
    let replay = of_the_whole(&summary).to_owned();
    let LoadSummary { mut asked, mut parts, mut figures, lag_limit_us, .. } = summary;
    let mut holders: Vec<(u32, String)> = figures.shards.iter().map(|shard| (*shard, first.clone())).collect();
    for ShardFile { name, summary } in files {
        for shard in &summary.figures.shards {
            if let Some((_, other)) = holders.iter().find(|(known, _)| known == shard) {
                return Err(format!("shard {shard} is both in `{other}` and in `{name}`"));
            }
            holders.push((*shard, name.clone()));
        }
        figures
            .merge(&summary.figures)
            .map_err(|Unmergeable(why)| format!("`{first}` and `{name}` are not shards of one run: {why}"))?;
        parts.extend(summary.parts);
        // Each shard has its own.
        asked.workers += summary.asked.workers;
        asked.connections += summary.asked.connections;
        asked.max_in_flight += summary.asked.max_in_flight;
        asked.strict |= summary.asked.strict;
    }
    parts.sort_by_key(|part: &Part| part.shard);
    asked.strict |= is_strict;
    let mut thresholds = more;
    for written in &asked.thresholds {
        match Threshold::parse(&written.text, &written.place) {
            Ok(threshold) => thresholds.push(threshold),
            Err(flaw) => return Err(format!("a threshold of `{first}` cannot be read: {flaw}")),
        }
    }
    let kinds: Vec<&str> = figures.kinds.keys().map(String::as_str).collect();
    if !kinds.is_empty()
        && let Some((told, help)) = thresholds.iter().find_map(|one| super::threshold::unmatched(one, &kinds))
    {
        return Err(format!("{told}; {help}"));
    }
    let lag_limit = lag_limit.unwrap_or(match lag_limit_us {
        0 => LAG_P99_MAX,
        us => Duration::from_micros(us),
    });
    Ok(Terms { asked, replay, thresholds, lag_limit }.of(Scope::Merge, figures, parts, None))
}
