//! 7moor (容联七陌) v7 event push: what its pushes are called, what it takes for an acknowledgement. What causes them is in `teller`.
//!
//! Source: 7moor, 事件推送接口 (developer.7moor.com/v7/outpush-callevent). The page says nothing about methods, headers,
//! acknowledgement, retries or timeouts; those are inferred and can be set.

mod callee;
mod cdr;
mod cdr_fields;
mod event_fields;
mod facts;
mod ids;
mod legs;
mod meanings;
mod options;
mod outcome;
mod payload;
mod recording;
mod records;
mod teller;
#[cfg(test)]
mod tests;
mod writer;

use super::{
    About, Acknowledgement, BadSetting, Meaning, PushFact, Retriable, RetryPolicy, SettingFact, Settings, Stage,
    Teller, Vendor,
};
use crate::call::{Cast, Kind, Subject};
use crate::http::{Captured, Reply};
use serde_json::Value;
use std::time::Duration;

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

    fn meanings(&self) -> &'static [(&'static str, Meaning)] {
        meanings::MEANINGS
    }

    fn settings(&self) -> &'static [SettingFact] {
        facts::SETTINGS
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

    fn teller<'a>(&self, cast: &'a Cast, settings: &Settings) -> Result<Box<dyn Teller + 'a>, BadSetting> {
        let options = options::Options::read(settings, cast)?;
        Ok(Box::new(teller::CallTeller::new(cast, options)))
    }

    fn acknowledged(&self, reply: &Reply, settings: &Settings) -> Acknowledgement {
        Acknowledgement::by_status(reply, settings.text("success") == Some("200"))
    }

    fn timeout(&self, _settings: &Settings) -> Duration {
        facts::TIMEOUT
    }

    fn retry(&self, settings: &Settings) -> RetryPolicy {
        let count = settings.integer("retry_count").unwrap_or(0).min(facts::RETRY_COUNT_MAX);
        if count == 0 {
            return RetryPolicy::none();
        }
        let waits = (0..count).map(|_| settings.duration("retry_interval")).collect();
        RetryPolicy { waits, jitter: 0.0, on: Retriable::all() }
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
