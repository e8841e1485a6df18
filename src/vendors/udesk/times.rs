//! The three formats in which one Udesk body writes its times, all on a clock in Beijing. What the times are is not decided here.

use crate::call::Cast;
use std::time::Duration;

/// How ringing, answers and hang-ups are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TimeFormat {
    /// `2019-07-24T15:21:41.000+08:00`, as in the page's sample.
    Iso,
    /// `2018-03-22 11:48:05 +0800`, as in the page's table.
    Legacy,
}

impl TimeFormat {
    /// A time of ringing, answering or hanging up.
    pub fn show(self, cast: &Cast, offset: Duration) -> String {
        match self {
            // The seconds are whole, so that every duration is the difference of two times as shown.
            TimeFormat::Iso => cast.beijing(offset).strftime("%Y-%m-%dT%H:%M:%S.000+08:00").to_string(),
            TimeFormat::Legacy => stamp(cast, offset),
        }
    }
}

/// With a zone: `timestamp`.
pub fn stamp(cast: &Cast, offset: Duration) -> String {
    cast.beijing(offset).strftime("%Y-%m-%d %H:%M:%S +0800").to_string()
}

/// Without a zone: `call_start_at`, `created_at`.
pub fn zoneless(cast: &Cast, offset: Duration) -> String {
    cast.beijing(offset).strftime("%Y-%m-%d %H:%M:%S").to_string()
}
