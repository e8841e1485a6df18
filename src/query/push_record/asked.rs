//! What a request asks for: one task by its id, or all tasks of some days.

use super::code::Code;
use super::settings::Beyond;
use super::{RecordSettings, VENDOR};
use crate::clock::BEIJING;
use crate::journal::{EntryFilter, Page};
use jiff::civil::Date;
use jiff::{Span, Timestamp, ToSpan};
use serde_json::{Map, Value};
use std::ops::RangeInclusive;

const LIMIT_MAX: u64 = 200;
const DATE_FORMAT: &str = "%Y-%m-%d";
const MESSAGE_TYPES: [&str; 2] = ["notify", "message"];
/// What a request calls the targets of a task, and what a record calls them.
const PUSH_TYPES: [(&str, &str); 4] =
    [("all", "all"), ("tag", "tag"), ("token", "token_list"), ("account", "account_list")];

/// A checked request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Asked {
    /// One task.
    One {
        /// Its id.
        push_id: String,
        /// The first day that can still be asked for.
        since: Date,
    },
    /// All tasks of some days.
    Days {
        /// The first and the last.
        days: RangeInclusive<Date>,
        message_type: Option<String>,
        /// In the words of a record.
        push_type: Option<&'static str>,
        offset: u64,
        limit: u32,
    },
}

impl Asked {
    /// Reads a body at the instant `now`.
    pub(super) fn read(body: &[u8], settings: &RecordSettings, now: Timestamp) -> Result<Self, Code> {
        let Ok(Value::Object(given)) = serde_json::from_slice(body) else { return Err(Code::ParameterParse) };
        let today = BEIJING.to_datetime(now).date();
        let a_month: Span = 1.month();
        let since = today.checked_sub(a_month).map_err(|_| Code::InvalidParameter)?;
        if let Some(push_id) = push_id(&given)? {
            return Ok(Asked::One { push_id, since });
        }
        // Types first: what cannot be read at all is told before what is missing.
        let (start, end) = (text(&given, "startDate")?, text(&given, "endDate")?);
        let (message_type, push_type) = (text(&given, "msgType")?, text(&given, "pushType")?);
        let (offset, limit) = (integer(&given, "offset")?, integer(&given, "limit")?);

        let (start, end) = match (start, end) {
            (Some(start), Some(end)) => (date(start)?, date(end)?),
            (start, end) if settings.lenient_dates => (start.map_or(Ok(since), date)?, end.map_or(Ok(today), date)?),
            _ => return Err(Code::MissingParameter),
        };
        if settings.strict_required && (message_type.is_none() || push_type.is_none()) {
            return Err(Code::MissingParameter);
        }
        if start > end || start < since {
            return Err(Code::InvalidParameter);
        }
        if message_type.is_some_and(|given| !MESSAGE_TYPES.contains(&given)) {
            return Err(Code::InvalidParameter);
        }
        let push_type = match push_type {
            None => None,
            Some(given) => {
                let known = PUSH_TYPES.iter().find(|(asked, _)| *asked == given);
                Some(known.ok_or(Code::InvalidParameter)?.1)
            }
        };
        let offset = u64::try_from(offset.unwrap_or(0)).map_err(|_| Code::InvalidParameter)?;
        let limit = u64::try_from(limit.unwrap_or(LIMIT_MAX as i64)).map_err(|_| Code::InvalidParameter)?;
        let clamps = settings.limit_beyond == Beyond::Clamp;
        if limit > LIMIT_MAX && !clamps {
            return Err(Code::InvalidParameter);
        }
        let limit = limit.min(LIMIT_MAX) as u32;
        let message_type = message_type.map(str::to_owned);
        Ok(Asked::Days { days: start..=end, message_type, push_type, offset, limit })
    }

    /// Whether the answer tells how many records there are in all.
    pub(super) fn counts(&self) -> bool {
        match self {
            Asked::One { .. } => false,
            Asked::Days { .. } => true,
        }
    }

    /// The records that are meant.
    pub(super) fn filter(&self, caller: Option<String>) -> EntryFilter {
        let begin = |day: Date| BEIJING.to_timestamp(day.at(0, 0, 0, 0)).map_or(0, Timestamp::as_millisecond);
        // A day ends where the next one begins; the last day of all never ends.
        let end = |day: Date| day.tomorrow().map_or(i64::MAX, |next| begin(next) - 1);
        let (id, during_ms, fields) = match self {
            Asked::One { push_id, since } => (Some(push_id.clone()), begin(*since)..=i64::MAX, Vec::new()),
            Asked::Days { days, message_type, push_type, .. } => {
                let message_type = message_type.clone().map(|kind| ("messageType", kind));
                let push_type = push_type.map(|kind| ("pushType", kind.to_owned()));
                let fields = message_type.into_iter().chain(push_type).collect();
                (None, begin(*days.start())..=end(*days.end()), fields)
            }
        };
        EntryFilter { vendor: VENDOR, account: caller, id, during_ms, fields }
    }

    /// The part of them that is meant.
    pub(super) fn page(&self) -> Page {
        match self {
            Asked::One { .. } => Page { offset: 0, limit: 1 },
            Asked::Days { offset, limit, .. } => Page { offset: *offset, limit: *limit },
        }
    }
}

/// A value; null counts as not given.
fn value<'v>(given: &'v Map<String, Value>, name: &str) -> Option<&'v Value> {
    given.get(name).filter(|value| !value.is_null())
}

fn text<'v>(given: &'v Map<String, Value>, name: &str) -> Result<Option<&'v str>, Code> {
    value(given, name).map(|value| value.as_str().ok_or(Code::ParameterParse)).transpose()
}

fn integer(given: &Map<String, Value>, name: &str) -> Result<Option<i64>, Code> {
    match value(given, name) {
        None => Ok(None),
        Some(Value::Number(number)) if number.is_f64() => Err(Code::ParameterParse),
        // A number that is too long for us is an impossible place to start at, but it is a number.
        Some(Value::Number(number)) => Ok(Some(number.as_i64().unwrap_or(i64::MAX))),
        Some(_) => Err(Code::ParameterParse),
    }
}

/// The id of a task: a text today, a number on an older page.
fn push_id(given: &Map<String, Value>) -> Result<Option<String>, Code> {
    match value(given, "pushId") {
        None => Ok(None),
        Some(Value::String(id)) if !id.is_empty() => Ok(Some(id.clone())),
        Some(Value::String(_)) => Err(Code::InvalidParameter),
        Some(Value::Number(id)) if id.is_u64() => Ok(Some(id.to_string())),
        Some(_) => Err(Code::ParameterParse),
    }
}

fn date(text: &str) -> Result<Date, Code> {
    let read = Date::strptime(DATE_FORMAT, text).ok();
    // A date is written in full: `2026-4-1` would be read, too.
    read.filter(|date| date.strftime(DATE_FORMAT).to_string() == text).ok_or(Code::DateFormat)
}
