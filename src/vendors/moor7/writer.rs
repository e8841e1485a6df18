//! Writes the pushes: fills the bodies of `payload` and wraps them as requests. Which push when is decided in `teller`.

use super::callee::Callee;
use super::cdr::{Cdr, Source, clock, numbers};
use super::ids::Ids;
use super::options::Options;
use super::outcome::{agent_state, call_type};
use super::payload::{
    AgentState, CallEvent, DialoutHangup, Head, LinkContent, LinkEnvelope, MediaFailReason, Presence,
};
use crate::call::{AgentStatus, CallState, Cast, Conversation, Kind, LoginDevice, LogoutKind, Recognition};
use crate::http::{Method, Push};
use serde::Serialize;
use serde_json::Value;
use std::time::Duration;

/// The ids of a call record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Call {
    /// callUniqueId.
    pub id: String,
    /// callId: of the channel that began it.
    pub channel: String,
}

/// What a state push says of a call.
#[derive(Clone, Copy)]
pub struct CallFields<'a> {
    /// The call.
    pub call: &'a Call,
    /// callEvent.
    pub event: &'static str,
}

/// Writes the pushes of one call or shift.
pub struct Writer<'a> {
    /// Who takes part.
    pub cast: &'a Cast,
    options: Options,
    kind: Kind,
    ids: Ids<'a>,
}

/// What every push about an agent in a call needs.
struct Line<'a> {
    event_id: String,
    time: String,
    agent_number: &'a str,
    agent_name: &'a str,
}

impl<'a> Writer<'a> {
    /// Nothing is written yet.
    pub fn new(cast: &'a Cast, options: Options, kind: Kind) -> Self {
        Self { cast, options, kind, ids: Ids::new(cast) }
    }

    /// Gives the `n`th call record of the story its ids.
    pub fn call(&self, n: u64, started: Duration) -> Call {
        let first = |given: &Option<String>| given.clone().filter(|_| n == 0);
        Call {
            id: first(&self.options.call_id).unwrap_or_else(|| self.ids.call(n, started)),
            channel: first(&self.options.channel_id).unwrap_or_else(|| self.ids.channel(n)),
        }
    }

    /// The agent, with everything that the record names.
    pub fn callee(&self, agent: usize) -> Callee {
        Callee::agent(self.cast, agent, &self.ids, &self.options)
    }

    /// `dialoutRing` or `incomingRing`.
    pub fn ring(&mut self, agent: usize, call: &Call, now: Duration) -> Push {
        let name = if self.tells_incoming() { "incomingRing" } else { "dialoutRing" };
        self.call_event(name, Some(name), None, agent, CallFields { call, event: "ring" }, now)
    }

    /// `link`, in the envelope of the page's sample or with the keys of the other call events.
    pub fn link(&mut self, agent: usize, call: &Call, now: Duration) -> Push {
        if self.options.link_flat {
            return self.call_event("link", Some("link"), None, agent, CallFields { call, event: "link" }, now);
        }
        let line = self.line(agent, now);
        let (trunk_number, display_number) = numbers(self.cast, self.kind);
        let content = LinkContent {
            account_id: &self.options.account,
            super_unique_id: &call.id,
            customer_number: &self.cast.customer.phone,
            trunk_number,
            display_number,
            status_time: &line.time,
            call_event: "link",
            call_type: call_type(self.kind),
            extras: &self.options.extras,
            agent_number: line.agent_number,
            agent_name: line.agent_name,
            call_unique_id: self.options.link_call_id.then_some(call.id.as_str()),
        };
        self.push("link", &LinkEnvelope { content, unique_id: &line.event_id }, &line.event_id)
    }

    /// `dialoutHangup` or `incomingHangup`.
    pub fn hangup(&mut self, agent: usize, call: &Call, now: Duration) -> Push {
        let fields = CallFields { call, event: "hangup" };
        if self.tells_incoming() {
            let push_type = self.options.incoming_hangup_push_type.then_some("incomingHangup");
            let super_id = self.options.legacy_super_id.then_some(call.id.as_str());
            return self.call_event("incomingHangup", push_type, super_id, agent, fields, now);
        }
        let line = self.line(agent, now);
        let body = DialoutHangup {
            head: self.head(&line, Some("dialoutHangup"), None, Some(fields)),
            agent_number: line.agent_number,
            extras: &self.options.extras,
            agent_name: line.agent_name,
            // The sample has no group here, although the record of the same call has two.
            group_id_list: [""],
            group_name_list: [""],
        };
        self.push("dialoutHangup", &body, &line.event_id)
    }

    /// `callStatus`; without a call its fields are empty (inferred). `None` where states are not pushed.
    pub fn state(
        &mut self,
        agent: usize,
        call: Option<CallFields<'_>>,
        status: &AgentStatus,
        now: Duration,
    ) -> Option<Push> {
        if !self.options.agent_states {
            return None;
        }
        let line = self.line(agent, now);
        let (status_name, status_number) = agent_state(status);
        let none = Value::String(String::new());
        let body = AgentState {
            head: self.head(&line, Some("callStatus"), None, call),
            agent_number: line.agent_number,
            agent_name: line.agent_name,
            status_name,
            status_number: &status_number,
            extras: if call.is_some() { &self.options.extras } else { &none },
        };
        Some(self.push("callStatus", &body, &line.event_id))
    }

    /// `mediaFailreason`.
    pub fn media(&mut self, call: Option<&Call>, agent: Option<usize>, recognition: &Recognition) -> Push {
        let event_id = self.ids.event();
        let agent = agent.and_then(|agent| self.cast.agents.get(agent));
        let body = MediaFailReason {
            event_unique_id: &event_id,
            account_id: &self.options.account,
            call_unique_id: call.map_or("", |call| &call.id),
            push_type: "mediaFailreason",
            agent_number: agent.map_or("", |agent| &agent.number),
            pre_media_failure_reason: &recognition.reason,
            pre_media_code: recognition.code,
            pre_media_key_word: &recognition.keyword,
        };
        self.push("mediaFailreason", &body, &event_id)
    }

    /// `login`.
    pub fn login(&mut self, agent: usize, device: LoginDevice, now: Duration) -> Push {
        self.presence("login", agent, now, [Some(login_type(device)), None, None])
    }

    /// `logout`.
    pub fn logout(&mut self, agent: usize, kind: LogoutKind, now: Duration) -> Push {
        let types = match kind {
            LogoutKind::Normal => [None, Some("normal"), None],
            // The page knows PSTN and SIP here; scenarios offer no other device.
            LogoutKind::Offline(device) => [None, Some("offline"), Some(login_type(device))],
        };
        self.presence("logout", agent, now, types)
    }

    /// `cdr`, some time after the end of the call.
    pub fn cdr(
        &mut self,
        call: &Call,
        relative: Option<&str>,
        conversation: &Conversation,
        callee: &Callee,
        state: &CallState,
    ) -> Push {
        let event_id = self.ids.event();
        let source = Source {
            cast: self.cast,
            options: &self.options,
            ids: &self.ids,
            state,
            kind: self.kind,
            conversation,
            callee,
            call_id: &call.id,
            channel_id: &call.channel,
            relative,
            event_id: &event_id,
        };
        let push = self.push("cdr", &Cdr::of(&source), &event_id);
        Push { after: self.options.cdr_delay, ..push }
    }

    /// Whether the agent's side of the call is told as that of an inbound one.
    fn tells_incoming(&self) -> bool {
        match self.kind {
            Kind::Inbound => true,
            Kind::Predictive => self.options.predictive_incoming,
            Kind::Outbound | Kind::Direct | Kind::Webcall | Kind::Preview => false,
        }
    }

    fn line(&mut self, agent: usize, now: Duration) -> Line<'a> {
        let agent = self.cast.agents.get(agent);
        Line {
            event_id: self.ids.event(),
            time: self.cast.epoch_second(now).to_string(),
            agent_number: agent.map_or("", |agent| &agent.number),
            agent_name: agent.map_or("", |agent| &agent.name),
        }
    }

    fn head<'b>(
        &'b self,
        line: &'b Line<'_>,
        push_type: Option<&'b str>,
        super_unique_id: Option<&'b str>,
        call: Option<CallFields<'b>>,
    ) -> Head<'b> {
        let (trunk_number, display_number) = call.map_or(("", ""), |_| numbers(self.cast, self.kind));
        Head {
            event_unique_id: &line.event_id,
            account_id: &self.options.account,
            super_unique_id,
            call_unique_id: call.map_or("", |fields| &fields.call.id),
            push_type,
            customer_number: call.map_or("", |_| &self.cast.customer.phone),
            trunk_number,
            display_number,
            status_time: &line.time,
            call_event: call.map_or("", |fields| fields.event),
            call_type: call.map_or("", |_| call_type(self.kind)),
        }
    }

    fn call_event(
        &mut self,
        name: &'static str,
        push_type: Option<&str>,
        super_unique_id: Option<&str>,
        agent: usize,
        fields: CallFields<'_>,
        now: Duration,
    ) -> Push {
        let line = self.line(agent, now);
        let body = CallEvent {
            head: self.head(&line, push_type, super_unique_id, Some(fields)),
            agent_number: line.agent_number,
            agent_name: line.agent_name,
            extras: &self.options.extras,
        };
        self.push(name, &body, &line.event_id)
    }

    fn presence(&mut self, name: &'static str, agent: usize, now: Duration, types: [Option<&str>; 3]) -> Push {
        let line = self.line(agent, now);
        let [login_type, logout_type, offline_type] = types;
        let body = Presence {
            event_unique_id: &line.event_id,
            account_id: &self.options.account,
            push_type: name,
            login_type,
            logout_type,
            offline_type,
            status_time: &clock(self.cast, Some(now)),
            agent_number: line.agent_number,
            agent_name: line.agent_name,
        };
        self.push(name, &body, &line.event_id)
    }

    fn push(&self, name: &'static str, body: &impl Serialize, event_id: &str) -> Push {
        Push {
            headers: vec![("Content-Type".into(), self.options.content_type.clone())],
            // Texts, numbers and lists under text keys: nothing here that JSON could not hold.
            body: serde_json::to_vec(body).unwrap_or_default().into(),
            event_id: Some(event_id.to_owned()),
            ..Push::new(name, Method::Post)
        }
    }
}

fn login_type(device: LoginDevice) -> &'static str {
    match device {
        LoginDevice::Phone => "PSTN",
        LoginDevice::Softphone => "WEBRTC",
        LoginDevice::Sip => "SIP",
    }
}
