//! 7moor (容联七陌) v7 event push: what its pushes are called, what it takes for an acknowledgement. What causes them is in `story`.
//!
//! Source: 7moor, 事件推送接口 (developer.7moor.com/v7/outpush-callevent). The page says nothing about methods, headers,
//! acknowledgement, retries or timeouts; those are inferred and can be set.

mod callee;
mod cdr;
mod cdr_table;
mod event;
mod event_table;
mod facts;
mod legs;
mod options;
mod outcome;
mod recording;
mod records;
mod story;
mod tenant;
#[cfg(test)]
mod tests;
mod writer;

use super::{
    About, Acknowledgement, BadOption, GivenOptions, OptionFact, PushFact, Retriable, RetryPolicy, Stage, Teller,
    Vendor,
};
use crate::call::{Cast, Kind, Subject};
use crate::http::{Captured, Reply};
use options::{Options, RETRY_COUNT_MAX, Success};
use serde_json::Value;
use std::time::Duration;
use story::Story;

/// How long the platform waits for an answer. Inferred; `deliver.timeout` sets it.
const TIMEOUT: Duration = Duration::from_secs(5);

/// 7moor v7 event push.
pub struct Moor7;

impl Vendor for Moor7 {
    fn id(&self) -> &'static str {
        "7moor"
    }

    fn title(&self) -> &'static str {
        "7moor (容联七陌) v7 event push"
    }

    fn documented(&self) -> usize {
        // The sections of the page; that on logins has two.
        10
    }

    fn pushes(&self) -> &'static [PushFact] {
        facts::PUSHES
    }

    fn options(&self) -> &'static [OptionFact] {
        Options::facts()
    }

    fn can_tell(&self, cast: &Cast) -> Result<(), String> {
        match cast.subject {
            Subject::Call(Kind::Direct) => Err("7moor documents no direct dialling".into()),
            Subject::Call(Kind::Outbound | Kind::Inbound | Kind::Predictive | Kind::Webcall | Kind::Preview)
            | Subject::Shift => Ok(()),
            Subject::Chat(_) => Err("7moor's call events tell no chats".into()),
            Subject::Notification => Err("7moor tells no notifications to phones".into()),
        }
    }

    fn teller<'a>(&self, cast: &'a Cast, given: &GivenOptions) -> Result<Box<dyn Teller + 'a>, BadOption> {
        Ok(Box::new(Story::new(cast, Options::checked(given)?)))
    }

    fn acknowledged(&self, reply: &Reply, given: &GivenOptions) -> Acknowledgement {
        Acknowledgement::by_status(reply, Options::success(given) == Ok(Success::Only200))
    }

    fn timeout(&self, _given: &GivenOptions) -> Duration {
        TIMEOUT
    }

    fn retry(&self, given: &GivenOptions) -> RetryPolicy {
        // What is more than can be set is refused where the story begins.
        let count = Options::retry_count(given).unwrap_or(RETRY_COUNT_MAX);
        match Options::retry_interval(given) {
            Ok(wait) if count > 0 => {
                RetryPolicy { waits: vec![wait; count as usize], jitter: 0.0, on: Retriable::all() }
            }
            Ok(_) | Err(_) => RetryPolicy::none(),
        }
    }

    fn printed(&self, push: &str) -> Option<&'static str> {
        Some(match push {
            "dialoutRing" => include_str!("printed/dialoutRing.txt"),
            "dialoutHangup" => include_str!("printed/dialoutHangup.txt"),
            "incomingRing" => include_str!("printed/incomingRing.txt"),
            "incomingHangup" => include_str!("printed/incomingHangup.txt"),
            "link" => include_str!("printed/link.txt"),
            "callStatus" => include_str!("printed/callStatus.txt"),
            "mediaFailreason" => include_str!("printed/mediaFailreason.txt"),
            "login" => include_str!("printed/login.txt"),
            "logout" => include_str!("printed/logout.txt"),
            _ => return None,
        })
    }

    fn recognise(&self, captured: &Captured) -> Option<&'static str> {
        let body: Value = serde_json::from_slice(&captured.body).ok()?;
        if let Some(kind) = body.get("pushType") {
            return facts::PUSHES.iter().map(|push| push.name).find(|name| kind == name);
        }
        // The two shapes of the page that carry no `pushType`.
        if body.pointer("/content/callEvent").is_some_and(|event| event == "link") {
            return Some("link");
        }
        body.get("callEvent").is_some_and(|event| event == "hangup").then_some("incomingHangup")
    }

    fn about(&self, captured: &Captured) -> Option<About> {
        let push = self.recognise(captured)?;
        // A status is about an agent, though it names the call that the agent is in.
        if push == "callStatus" {
            return None;
        }
        let body: Value = serde_json::from_slice(&captured.body).ok()?;
        let content = body.get("content").unwrap_or(&body);
        let text = |name: &str| content.get(name).and_then(Value::as_str).map(str::to_owned);
        let call = text("callUniqueId").or_else(|| text("superUniqueId"))?;
        Some(About { call, at: text("statusTime"), stage: if push == "cdr" { Stage::End } else { Stage::During } })
    }

    fn thanks(&self) -> (u16, &'static str, &'static str) {
        (200, "application/json", r#"{"code":200}"#)
    }
}
