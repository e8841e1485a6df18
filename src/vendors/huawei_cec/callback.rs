//! Tells a bidirectional call (双呼): the agent's phone first, then the customer's. One callback at the connection, one at
//! the release.
//!
//! A consultation or a supervisor has no callback; a call that is handed on is released once, when the customer leaves it.

use super::facts;
use super::options::{CallTimes, Options};
use super::payload::{CallConnect, CallRelease};
use crate::call::{Advanced, CallState, Cast, Category, Cause, Conversation, Happening, Side, What};
use crate::http::{Method, Push};
use crate::vendors::Teller;
use serde::Serialize;
use std::time::Duration;

/// Tells one call.
pub struct CallTeller<'a> {
    cast: &'a Cast,
    options: Options,
}

impl<'a> CallTeller<'a> {
    /// Nothing is told yet.
    pub fn new(cast: &'a Cast, options: Options) -> Self {
        Self { cast, options }
    }

    fn connect(&self, first: &Conversation) -> CallConnect<'_> {
        let agent = first.agent.and_then(|agent| self.cast.agents.get(agent));
        CallConnect {
            call_serial_no: &self.options.call_serial,
            service_no: agent.map_or("", |agent| &agent.number),
            called: &self.cast.customer.phone,
            call_data: &self.options.call_data,
        }
    }

    /// The release of a call whose first conversation this was, and whose customer left the last one.
    fn release(&self, first: &Conversation, last: &Conversation) -> CallRelease<'_> {
        let agent = first.agent.and_then(|agent| self.cast.agents.get(agent));
        let released = last.customer_hangup;
        let recorded = self.cast.recorded && first.bridged.is_some();
        CallRelease {
            call: self.connect(first),
            caller: agent.map_or("", |agent| &agent.phone),
            caller_present: &self.cast.line,
            create_call_time: self.time(Some(first.started)),
            alerting_time: self.time(first.customer_ring),
            talking_time: self.time(first.customer_answer),
            release_time: self.time(released),
            talk_duration: self.seconds(first.customer_answer, released),
            agent_alerting_time: self.time(first.agent_ring),
            agent_talking_time: self.time(first.agent_answer),
            agent_release_time: self.time(first.agent_hangup),
            agent_talk_duration: self.seconds(first.agent_answer, first.agent_hangup),
            record_file: match recorded {
                true => format!("{}/{}.wav", self.options.record_base, self.options.call_serial),
                false => String::new(),
            },
            location_id: if recorded { &self.options.location_id } else { "" },
            release_reason: reason(first, last),
        }
    }

    fn time(&self, offset: Option<Duration>) -> String {
        let Some(offset) = offset else { return String::new() };
        match self.options.call_times {
            CallTimes::Milliseconds => self.cast.instant(offset).as_millisecond().to_string(),
            CallTimes::Seconds => self.cast.epoch_second(offset).to_string(),
            CallTimes::Clock => self.cast.beijing(offset).strftime("%Y-%m-%d %H:%M:%S").to_string(),
        }
    }

    fn seconds(&self, from: Option<Duration>, to: Option<Duration>) -> String {
        match (from, to) {
            (Some(from), Some(to)) => self.cast.seconds_between(from, to).to_string(),
            _ => "0".to_owned(),
        }
    }

    fn push(&self, name: &'static str, body: &impl Serialize) -> Push {
        Push {
            headers: vec![("Content-Type".to_owned(), self.options.content_type.clone())],
            // Texts under text keys: nothing here that JSON could not hold.
            body: serde_json::to_vec(body).unwrap_or_default().into(),
            ..Push::new(name, Method::Post)
        }
    }
}

impl Teller for CallTeller<'_> {
    fn tell(&mut self, happening: &Happening, state: &CallState, pushes: &mut Vec<Push>) {
        let (Some(first), Some(conversation)) = (state.conversations.first(), state.conversation(happening)) else {
            return;
        };
        match happening.what {
            What::CustomerAnswered if conversation.bridged.is_some() => {
                pushes.push(self.push(facts::CALL_CONNECT, &self.connect(first)));
            }
            What::Ended if has_customer(conversation) && !conversation.handed_on => {
                pushes.push(self.push(facts::CALL_RELEASE, &self.release(first, conversation)));
            }
            _ => {}
        }
    }
}

/// Whether the conversation is one that the customer is handed through.
fn has_customer(conversation: &Conversation) -> bool {
    match conversation.category {
        Category::Normal | Category::Advanced(Advanced::Transfer | Advanced::Intercept) => true,
        Category::Advanced(
            Advanced::Consult | Advanced::Conference | Advanced::Listen | Advanced::Whisper | Advanced::Barge,
        ) => false,
    }
}

/// Why the call was released. The callee is the customer, the caller the agent.
fn reason(first: &Conversation, last: &Conversation) -> &'static str {
    /// The page calls every other value abnormal and names none. Inferred.
    const ABNORMAL: &str = "9";
    if first.agent_answer.is_none() {
        return match (last.dropped_by, last.cause) {
            (Some(Side::System), _) => ABNORMAL,
            (_, None | Some(Cause::NoAnswer)) => "4",
            (_, Some(_)) => "2",
        };
    }
    match (first.bridged, last.dropped_by) {
        (_, None | Some(Side::System)) => ABNORMAL,
        (Some(_), Some(Side::Customer)) => "0",
        (_, Some(Side::Agent)) => "1",
        (None, Some(Side::Customer)) => match last.cause {
            None | Some(Cause::NoAnswer) => "5",
            Some(_) => "3",
        },
    }
}
