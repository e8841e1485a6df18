//! TiNet (天润融通) CTI-Cloud pushes, as Alibaba Cloud resells them: what they are called, what counts as a success. What
//! causes them is in `story`, how they travel in `transport`.
//!
//! Source: Alibaba Cloud, CloudListCurlLog - 推送日志查询: the 29 types, the fields of an agent's state, the transport.
//! Code tables are from Alibaba Cloud's VMS developer reference. The vendor's own chapter 推送变量和值 is not public: every
//! name and number that is only known second hand counts as inferred here, and can be configured.

mod account;
mod actions;
mod advanced;
mod agent_state;
mod calling;
mod channel;
mod desk;
mod ending;
mod facts;
mod known;
mod legs;
mod line_fields;
mod menu;
mod options;
mod outcome;
mod profile;
mod recognise;
mod record;
mod scene;
mod speech;
mod states;
mod story;
mod topic;
mod transport;
mod variables;
mod voice_fields;
mod writer;

#[cfg(test)]
mod tests;

use super::{
    About, Acknowledgement, BadOption, GivenOptions, OptionFact, PushFact, Retriable, RetryPolicy, Teller, Vendor,
};
use crate::body::{Blank, Encoding};
use crate::call::{Cast, Subject};
use crate::http::{Captured, Reply};
use options::{Options, SuccessRule};
use std::time::Duration;
use story::Story;

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
        facts::pushes()
    }

    fn ways(&self) -> &'static [Encoding] {
        &[Encoding::Form(Blank::Plus), Encoding::Json, Encoding::Query(Blank::Plus)]
    }

    fn further_fields(&self) -> Option<&'static str> {
        Some("with parameters of the customer's own push actions, and those in the query of the configured address")
    }

    fn options(&self) -> &'static [OptionFact] {
        Options::facts()
    }

    fn can_tell(&self, cast: &Cast) -> Result<(), String> {
        match cast.subject {
            Subject::Call(_) | Subject::Shift => Ok(()),
            Subject::Chat(_) => Err("TiNet's call pushes tell no chats".into()),
            Subject::Notification => Err("TiNet tells no notifications to phones".into()),
        }
    }

    fn teller<'a>(&self, cast: &'a Cast, options: &GivenOptions) -> Result<Box<dyn Teller + 'a>, BadOption> {
        Ok(Box::new(Story::new(cast, Options::checked(options)?)?))
    }

    fn acknowledged(&self, reply: &Reply, options: &GivenOptions) -> Acknowledgement {
        match Options::success(options) {
            Ok(SuccessRule::Contains) => {
                let wanted = Options::success_text(options).ok().flatten().unwrap_or_default();
                if String::from_utf8_lossy(&reply.body).contains(&wanted) {
                    Acknowledgement::Yes
                } else {
                    Acknowledgement::No(format!("the body does not contain \"{wanted}\""))
                }
            }
            rule => Acknowledgement::by_status(reply, rule != Ok(SuccessRule::Is2xx)),
        }
    }

    fn timeout(&self, options: &GivenOptions) -> Duration {
        Options::timeout(options).unwrap_or_default()
    }

    fn retry(&self, options: &GivenOptions) -> RetryPolicy {
        let waits = Options::read(options).map(|options| actions::waits(options.retry, options.retry_interval));
        let waits = waits.unwrap_or_default();
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
