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

use super::{Acknowledgement, BadSetting, PushFact, Retriable, RetryPolicy, SettingFact, Settings, Teller, Vendor};
use crate::call::Cast;
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

    fn pushes(&self) -> &'static [PushFact] {
        facts::PUSHES
    }

    fn settings(&self) -> &'static [SettingFact] {
        settings::SETTINGS
    }

    fn can_tell(&self, _cast: &Cast) -> Result<(), String> {
        Ok(())
    }

    fn teller<'a>(&self, cast: &'a Cast, settings: &Settings) -> Result<Box<dyn Teller + 'a>, BadSetting> {
        let options = options::Options::read(settings, cast)?;
        Ok(Box::new(teller::CallTeller::new(cast, options)))
    }

    fn acknowledged(&self, reply: &Reply, settings: &Settings) -> Acknowledgement {
        let status = reply.status;
        match settings.text("success") {
            Some("body_contains") => {
                let wanted = settings.text("success_text").unwrap_or_default();
                if String::from_utf8_lossy(&reply.body).contains(wanted) {
                    Acknowledgement::Yes
                } else {
                    Acknowledgement::No(format!("the body does not contain \"{wanted}\""))
                }
            }
            Some("status_2xx") if reply.is_success() => Acknowledgement::Yes,
            Some("status_2xx") => Acknowledgement::No(format!("status {status} is not 2xx")),
            _ if status == 200 => Acknowledgement::Yes,
            _ => Acknowledgement::No(format!("status {status} is not 200")),
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

    fn thanks(&self) -> (u16, &'static str, &'static str) {
        (200, "application/json", r#"{"result":"success"}"#)
    }
}
