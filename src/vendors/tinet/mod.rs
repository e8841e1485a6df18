//! TiNet (天润融通) CTI-Cloud pushes, as Alibaba Cloud resells them: what they are called, what counts as a success. What
//! causes them is in `teller`, how they travel in `transport`.
//!
//! Source: Alibaba Cloud, CloudListCurlLog - 推送日志查询: the 29 types, the fields of an agent's state, the transport.
//! Code tables are from Alibaba Cloud's VMS developer reference. The vendor's own chapter 推送变量和值 is not public: every
//! name and number that is only known second hand counts as inferred here, and can be configured.

mod actions;
mod advanced;
mod calling;
mod desk;
mod ending;
mod event;
mod facts;
mod fields;
mod known;
mod legs;
mod meanings;
mod menu;
mod options;
mod outcome;
mod profile;
mod recognise;
mod record;
mod record_fields;
mod settings;
mod speech;
mod states;
mod teller;
mod topic;
mod transport;
mod writer;

#[cfg(test)]
mod tests;

use super::{
    About, Acknowledgement, BadSetting, Meaning, PushFact, Retriable, RetryPolicy, SettingFact, Settings, Teller,
    Vendor,
};
use crate::call::{Cast, Subject};
use crate::http::{Captured, Reply};
use std::time::Duration;

/// TiNet CTI-Cloud pushes.
pub struct Tinet;

impl Vendor for Tinet {
    fn id(&self) -> &'static str {
        "tinet"
    }

    fn title(&self) -> &'static str {
        "TiNet (天润融通) CTI-Cloud pushes, as on Alibaba Cloud VMS"
    }

    fn documented(&self) -> usize {
        // The values of `Type` on the page of CloudListCurlLog.
        29
    }

    fn pushes(&self) -> &'static [PushFact] {
        facts::PUSHES
    }

    fn meanings(&self) -> &'static [(&'static str, Meaning)] {
        meanings::MEANINGS
    }

    fn settings(&self) -> &'static [SettingFact] {
        settings::SETTINGS
    }

    fn can_tell(&self, cast: &Cast) -> Result<(), String> {
        match cast.subject {
            Subject::Call(_) | Subject::Shift => Ok(()),
            Subject::Chat(_) => Err("TiNet's call pushes tell no chats".into()),
            Subject::Notification => Err("TiNet tells no notifications to phones".into()),
        }
    }

    fn teller<'a>(&self, cast: &'a Cast, settings: &Settings) -> Result<Box<dyn Teller + 'a>, BadSetting> {
        let options = options::Options::read(settings, cast)?;
        Ok(Box::new(teller::CallTeller::new(cast, options)))
    }

    fn acknowledged(&self, reply: &Reply, settings: &Settings) -> Acknowledgement {
        match settings.text("success") {
            Some("body_contains") => {
                let wanted = settings.text("success_text").unwrap_or_default();
                if String::from_utf8_lossy(&reply.body).contains(wanted) {
                    Acknowledgement::Yes
                } else {
                    Acknowledgement::No(format!("the body does not contain \"{wanted}\""))
                }
            }
            rule => Acknowledgement::by_status(reply, rule != Some("status_2xx")),
        }
    }

    fn timeout(&self, settings: &Settings) -> Duration {
        settings.duration("timeout")
    }

    fn retry(&self, settings: &Settings) -> RetryPolicy {
        let waits = actions::waits(settings.integer("retry").unwrap_or(0), settings);
        RetryPolicy { waits, jitter: 0.0, on: Retriable::all() }
    }

    fn printed(&self, push: &str) -> Option<&'static str> {
        (push == "9").then_some(include_str!("samples/status-idle.json"))
    }

    fn recognise(&self, captured: &Captured) -> Option<&'static str> {
        recognise::recognise(captured)
    }

    fn about(&self, captured: &Captured) -> Option<About> {
        recognise::about(captured)
    }

    fn thanks(&self) -> (u16, &'static str, &'static str) {
        (200, "application/json", r#"{"result":"success"}"#)
    }
}
