//! Makes the pushes, each with the next id. Which push when is decided in `story`.

use super::callee::Callee;
use super::cdr::Cdr;
use super::event::{CallEvent, Event};
use super::event_table as fields;
use super::options::{Link, Options};
use super::recording::Recording;
use super::records::Record;
use super::tenant::{Call, Tenant};
use crate::call::{
    AgentStatus, CallState, Cast, Conversation, Kind, LoginDevice, LogoutKind, Moment, Party, Recognition,
};
use crate::http::Push;

/// Makes the pushes of one call or shift.
pub struct Writer<'a> {
    tenant: Tenant<'a>,
    pushes: u64,
}

impl<'a> Writer<'a> {
    /// Nothing is pushed yet.
    pub fn new(cast: &'a Cast, options: Options, kind: Kind) -> Self {
        Self { tenant: Tenant { cast, options, kind }, pushes: 0 }
    }

    /// Gives the `n`th call record of the story its ids.
    pub fn call(&self, n: u64, started: Moment) -> Call {
        self.tenant.call(n, started)
    }

    /// `dialoutRing` or `incomingRing`.
    pub fn ring(&mut self, agent: usize, call: &Call, now: Moment) -> Push {
        let call = Some(CallEvent { call, word: "ring" });
        match self.tenant.tells_incoming() {
            true => self.event("incomingRing", Some(agent), call, now).push(fields::INCOMING_RING),
            false => self.event("dialoutRing", Some(agent), call, now).push(fields::DIALOUT_RING),
        }
    }

    /// `link`, in the envelope of the page's sample or with the keys of the other call events.
    pub fn link(&mut self, agent: usize, call: &Call, now: Moment) -> Push {
        let rows = match self.tenant.options.link_envelope {
            Link::Envelope => fields::LINK,
            Link::Flat => fields::DIALOUT_RING,
        };
        self.event("link", Some(agent), Some(CallEvent { call, word: "link" }), now).push(rows)
    }

    /// `dialoutHangup` or `incomingHangup`.
    pub fn hangup(&mut self, agent: usize, call: &Call, now: Moment) -> Push {
        let call = Some(CallEvent { call, word: "hangup" });
        match self.tenant.tells_incoming() {
            true => self.event("incomingHangup", Some(agent), call, now).push(fields::INCOMING_HANGUP),
            false => self.event("dialoutHangup", Some(agent), call, now).push(fields::DIALOUT_HANGUP),
        }
    }

    /// `callStatus`. `None` where states are not pushed.
    pub fn state(
        &mut self,
        agent: usize,
        call: Option<CallEvent<'_>>,
        status: &AgentStatus,
        now: Moment,
    ) -> Option<Push> {
        if !self.tenant.options.agent_states {
            return None;
        }
        let event = self.event("callStatus", Some(agent), call, now);
        Some(Event { status: Some(status), ..event }.push(fields::CALL_STATUS))
    }

    pub fn media(&mut self, call: Option<&Call>, agent: Option<usize>, recognition: &Recognition, now: Moment) -> Push {
        let event = self.event("mediaFailreason", agent, call.map(|call| CallEvent { call, word: "" }), now);
        Event { recognition: Some(recognition), ..event }.push(fields::MEDIA_FAIL_REASON)
    }

    pub fn login(&mut self, agent: usize, device: LoginDevice, now: Moment) -> Push {
        let event = self.event("login", Some(agent), None, now);
        Event { login: Some(device), ..event }.push(fields::LOGIN)
    }

    pub fn logout(&mut self, agent: usize, kind: LogoutKind, now: Moment) -> Push {
        let event = self.event("logout", Some(agent), None, now);
        Event { logout: Some(kind), ..event }.push(fields::LOGOUT)
    }

    pub fn cdr(&mut self, record: &Record, relative: Option<&Call>, talk: &Conversation, state: &CallState) -> Push {
        let (id, tenant) = (self.next_id(), &self.tenant);
        let callee = match record.with {
            Some(Party::Agent(agent)) => Callee::agent(tenant, agent),
            Some(Party::Outsider(outsider)) => Callee::outsider(tenant, outsider),
            Some(Party::Customer | Party::System) | None => Callee::NOBODY,
        };
        let recording = Recording::of(talk, tenant, &record.call.id);
        let (call, task) = (&record.call, state.task);
        Cdr { tenant, id, call, relative, talk, callee: &callee, task, recording }.push()
    }

    fn event<'e>(
        &'e mut self,
        name: &'static str,
        agent: Option<usize>,
        call: Option<CallEvent<'e>>,
        now: Moment,
    ) -> Event<'e> {
        let id = self.next_id();
        let agent = agent.and_then(|agent| self.tenant.cast.agents.get(agent));
        let tenant = &self.tenant;
        Event { tenant, name, id, now, agent, call, status: None, recognition: None, login: None, logout: None }
    }

    fn next_id(&mut self) -> crate::body::Leaf {
        let id = self.tenant.event(self.pushes);
        self.pushes += 1;
        id
    }
}
