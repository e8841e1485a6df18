//! Huawei Cloud CEC (云客服, AICC): the messages of a chat as they are pushed to the tenant, and the callbacks of a
//! bidirectional call. Which event becomes which message is in `chat`, the callbacks are in `callback`.
//!
//! Sources stand in `facts`. No page says whether a message push is tried again, or how long an answer may take; those are
//! inferred and can be set.

mod answer;
mod auth;
mod call;
mod callback;
mod chat;
mod facts;
mod ids;
mod message;
mod options;
#[cfg(test)]
mod tests;

use super::{
    Acknowledgement, BadOption, GivenOptions, OptionFact, PushFact, Retriable, RetryPolicy, Teller, Unsigned, Vendor,
};
use crate::call::{Cast, Kind, Subject};
use crate::http::{Captured, Reply};
use options::{Options, Strict};
use serde_json::Value;
use std::time::Duration;

/// Huawei Cloud CEC.
pub struct HuaweiCec;

impl Vendor for HuaweiCec {
    fn id(&self) -> &'static str {
        "huawei-cec"
    }

    fn title(&self) -> &'static str {
        "Huawei Cloud CEC (云客服) message push and call callbacks"
    }

    fn documented(&self) -> usize {
        // Five control types, the input status, and the two callbacks of calls.
        8
    }

    fn pushes(&self) -> &'static [PushFact] {
        facts::PUSHES
    }

    fn bears_token(&self, push: &str) -> bool {
        !is_callback(push)
    }

    fn path(&self, push: &str) -> &'static str {
        if is_callback(push) { "" } else { facts::MESSAGES_PATH }
    }

    fn options(&self) -> &'static [OptionFact] {
        Options::facts()
    }

    fn can_tell(&self, cast: &Cast) -> Result<(), String> {
        match cast.subject {
            Subject::Chat(_) | Subject::Call(Kind::Outbound) => Ok(()),
            Subject::Call(Kind::Direct | Kind::Inbound | Kind::Predictive | Kind::Webcall | Kind::Preview) => {
                Err("of calls, Huawei CEC calls back for `kind: outbound` only".into())
            }
            Subject::Shift => Err("Huawei CEC pushes chats and calls, no agent's working day".into()),
            Subject::Notification => Err("Huawei CEC pushes chats and calls, no notifications to phones".into()),
        }
    }

    fn teller<'a>(&self, cast: &'a Cast, settings: &GivenOptions) -> Result<Box<dyn Teller + 'a>, BadOption> {
        let options = Options::checked(settings)?;
        Ok(match cast.subject {
            Subject::Call(_) => Box::new(callback::CallStory::new(cast, options)),
            Subject::Chat(_) | Subject::Shift | Subject::Notification => Box::new(chat::ChatStory::new(cast, options)),
        })
    }

    fn acknowledged(&self, reply: &Reply, settings: &GivenOptions) -> Acknowledgement {
        answer::judge(reply, answer::MESSAGE_CODE, refuses_numbers(settings))
    }

    fn acknowledged_push(&self, push: &str, reply: &Reply, settings: &GivenOptions) -> Acknowledgement {
        let key = if is_callback(push) { answer::CALL_CODE } else { answer::MESSAGE_CODE };
        answer::judge(reply, key, refuses_numbers(settings))
    }

    fn timeout(&self, _settings: &GivenOptions) -> Duration {
        facts::TIMEOUT
    }

    fn retry(&self, settings: &GivenOptions) -> RetryPolicy {
        match (Options::retry_count(settings), Options::retry_interval(settings)) {
            (Ok(count @ 1..), Ok(wait)) => {
                RetryPolicy { waits: (0..count).map(|_| wait).collect(), jitter: 0.0, on: Retriable::all() }
            }
            _ => RetryPolicy::none(),
        }
    }

    fn sign(&self, unsigned: &Unsigned<'_>, options: &GivenOptions) -> Vec<(String, String)> {
        let value = auth::sign(unsigned, options).map(|value| (auth::AUTHORIZATION.to_owned(), value));
        value.into_iter().collect()
    }

    fn recognise(&self, captured: &Captured) -> Option<&'static str> {
        let body: Value = serde_json::from_slice(&captured.body).ok()?;
        if body.get("callSerialNo").is_some() {
            let released = body.get("releaseReason").is_some();
            return Some(if released { facts::CALL_RELEASE } else { facts::CALL_CONNECT });
        }
        // A push is called after its last message, which is the one that made it leave.
        let control = body.get("messages")?.as_array()?.last()?.get("controlType")?;
        facts::PUSHES.iter().map(|push| push.name).find(|name| control == name)
    }

    fn thanks(&self) -> (u16, &'static str, &'static str) {
        (200, "application/json", r#"{"resultCode":"0","resultDesc":"success."}"#)
    }

    fn thanks_for(&self, push: &str) -> (u16, &'static str, &'static str) {
        if is_callback(push) {
            return (200, "application/json", r#"{"retCode":"0","retMsg":"success"}"#);
        }
        self.thanks()
    }
}

fn is_callback(push: &str) -> bool {
    [facts::CALL_CONNECT, facts::CALL_RELEASE].contains(&push)
}

fn refuses_numbers(settings: &GivenOptions) -> bool {
    Options::numeric_result_code(settings) == Ok(Strict(true))
}
