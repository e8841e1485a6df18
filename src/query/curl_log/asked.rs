//! What a request asks of the log: its parameters with their limits and defaults.

use super::answer::Refusal;
use super::parameters::Parameters;
use super::{LogSettings, VENDOR};
use crate::clock::BEIJING;
use crate::journal::{AttemptFilter, Page};
use jiff::Timestamp;
use jiff::civil::DateTime;
use std::ops::RangeInclusive;

/// The types of pushes that there are.
const TYPES: RangeInclusive<i64> = 1..=29;
const LIMIT_DEFAULT: i64 = 10;
const LIMIT_MAX: i64 = 500;
/// The number of retries that stands for any.
const RETRY_ANY: i64 = -2;
const TIME_FORMAT: &str = "%Y-%m-%d %H:%M:%S";

/// A checked request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Asked {
    enterprise_id: i64,
    kind: Option<i64>,
    acknowledged: Option<bool>,
    url: Option<String>,
    during: RangeInclusive<DateTime>,
    /// How many attempts came before.
    retries: Option<u32>,
    start: u64,
    limit: u32,
}

impl Asked {
    /// Reads the parameters at the instant `now`.
    pub(super) fn read(parameters: &Parameters, now: Timestamp) -> Result<Self, Refusal> {
        let enterprise_id = parameters.integer("EnterpriseId")?.ok_or_else(|| Refusal::missing("EnterpriseId"))?;
        let kind = parameters.integer("Type")?;
        if kind.is_some_and(|kind| !TYPES.contains(&kind)) {
            return Err(Refusal::invalid("Type", "it must be from 1 to 29"));
        }
        let acknowledged = match parameters.integer("Result")? {
            None => None,
            Some(1) => Some(true),
            Some(0) => Some(false),
            Some(_) => return Err(Refusal::invalid("Result", "it must be 1 for success or 0 for failure")),
        };
        let retries = match parameters.integer("Retry")?.unwrap_or(RETRY_ANY) {
            RETRY_ANY => None,
            // More retries than fit the number were never made, and neither were so many.
            retries @ 0.. => Some(u32::try_from(retries).unwrap_or(u32::MAX - 1)),
            _ => return Err(Refusal::invalid("Retry", "it must be 0 or more, or -2 for any")),
        };
        let start = parameters.integer("Start")?.unwrap_or(0);
        let start = u64::try_from(start).map_err(|_| Refusal::invalid("Start", "it must be 0 or more"))?;
        let limit = parameters.integer("Limit")?.unwrap_or(LIMIT_DEFAULT);
        let limit = u32::try_from(limit).ok().filter(|limit| (1..=LIMIT_MAX).contains(&i64::from(*limit)));
        let limit = limit.ok_or_else(|| Refusal::invalid("Limit", "it must be from 1 to 500"))?;
        let url = parameters.get("Url").map(str::to_owned);
        Ok(Self { enterprise_id, kind, acknowledged, url, during: during(parameters, now)?, retries, start, limit })
    }

    /// The rows that are meant.
    pub(super) fn filter(&self, settings: &LogSettings) -> AttemptFilter {
        let ms = |time: DateTime| BEIJING.to_timestamp(time).map_or(i64::MAX, Timestamp::as_millisecond);
        AttemptFilter {
            vendor: VENDOR,
            account: self.enterprise_id.to_string(),
            push: self.kind.map(|kind| kind.to_string()),
            acknowledged: self.acknowledged,
            url: self.url.clone().map(settings.url_match.0),
            attempt: self.retries.map(|retries| retries.saturating_add(1)),
            column: settings.time_column,
            // The last second counts whole.
            during_ms: ms(*self.during.start())..=ms(*self.during.end()).saturating_add(999),
            order: settings.order,
        }
    }

    /// The part of them that is meant.
    pub(super) fn page(&self) -> Page {
        Page { offset: self.start, limit: self.limit }
    }
}

/// The span of time: by default the whole of the present month, and never of two months.
fn during(parameters: &Parameters, now: Timestamp) -> Result<RangeInclusive<DateTime>, Refusal> {
    let today = BEIJING.to_datetime(now).date();
    let start = match time(parameters, "StartTime")? {
        Some(start) => start,
        None => today.first_of_month().at(0, 0, 0, 0),
    };
    let end = match time(parameters, "EndTime")? {
        Some(end) => end,
        None => today.last_of_month().at(23, 59, 59, 0),
    };
    if (start.year(), start.month()) != (end.year(), end.month()) {
        return Err(Refusal::invalid("StartTime/EndTime", "they must lie in the same month (不允许跨月)"));
    }
    if start > end {
        return Err(Refusal::invalid("StartTime/EndTime", "StartTime is after EndTime"));
    }
    Ok(start..=end)
}

fn time(parameters: &Parameters, name: &str) -> Result<Option<DateTime>, Refusal> {
    let Some(text) = parameters.get(name) else { return Ok(None) };
    let read = DateTime::strptime(TIME_FORMAT, text).ok();
    // A date is written in full: `2026-4-1` would be read, too.
    let read = read.filter(|time| time.strftime(TIME_FORMAT).to_string() == text);
    read.map(Some).ok_or_else(|| Refusal::invalid(name, "it must be a time written as yyyy-MM-dd HH:mm:ss"))
}
