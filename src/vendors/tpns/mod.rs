//! Tencent TPNS (移动推送): pushes nothing to its customers, but keeps a record of every push task, which they query. What
//! stands in a record is in `record`; the query API itself is not here.
//!
//! Source: Tencent Cloud, 特定时间段所有推送信息查询 (product/1024/33772) and its newer state (548/39075).

mod config;
mod options;
mod record;
mod story;
#[cfg(test)]
mod tests;

use super::{Acknowledgement, BadOption, GivenOptions, OptionFact, PushFact, RetryPolicy, Teller, Vendor};
use crate::call::{Cast, Subject};
use crate::http::{Captured, Reply};
use options::Options;
use std::time::Duration;

/// Tencent TPNS.
pub struct Tpns;

impl Vendor for Tpns {
    fn id(&self) -> &'static str {
        "tpns"
    }

    fn title(&self) -> &'static str {
        "Tencent TPNS (移动推送) push records"
    }

    fn documented(&self) -> usize {
        // The record of a push task.
        1
    }

    fn pushes(&self) -> &'static [PushFact] {
        &[]
    }

    fn records(&self) -> &'static [PushFact] {
        record::RECORDS
    }

    fn options(&self) -> &'static [OptionFact] {
        Options::facts()
    }

    fn can_tell(&self, cast: &Cast) -> Result<(), String> {
        match cast.subject {
            Subject::Notification => Ok(()),
            Subject::Call(_) | Subject::Shift | Subject::Chat(_) => {
                Err("TPNS keeps records of notifications to phones only".into())
            }
        }
    }

    fn teller<'a>(&self, cast: &'a Cast, settings: &GivenOptions) -> Result<Box<dyn Teller + 'a>, BadOption> {
        Ok(Box::new(story::TaskStory::new(cast, Options::checked(settings)?)))
    }

    /// Nothing is pushed, so nothing is ever acknowledged.
    fn acknowledged(&self, _reply: &Reply, _settings: &GivenOptions) -> Acknowledgement {
        Acknowledgement::Yes
    }

    fn timeout(&self, _settings: &GivenOptions) -> Duration {
        Duration::ZERO
    }

    fn retry(&self, _settings: &GivenOptions) -> RetryPolicy {
        RetryPolicy::none()
    }

    fn recognise(&self, _captured: &Captured) -> Option<&'static str> {
        None
    }

    fn thanks(&self) -> (u16, &'static str, &'static str) {
        (200, "application/json", r#"{"retCode":0,"errMsg":"NO_ERROR"}"#)
    }
}
