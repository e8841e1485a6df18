//! What is known when a push is made that tells of a moment: all pushes but the CDR.

use super::event_table::Row;
use super::tenant::{Call, Tenant};
use crate::body::Leaf;
use crate::call::{Agent, AgentStatus, LoginDevice, LogoutKind, Moment, Recognition, Settled};
use crate::http::Push;
use crate::vendors::table::object;

/// What is known when a push is made. What only some pushes tell of is there in those.
pub struct Event<'a> {
    pub tenant: &'a Tenant<'a>,
    /// The name of the push.
    pub name: &'static str,
    /// Its id.
    pub id: Leaf,
    pub now: Moment,
    pub agent: Option<&'a Agent>,
    pub call: Option<CallEvent<'a>>,
    pub status: Option<&'a AgentStatus>,
    pub recognition: Option<&'a Recognition>,
    pub login: Option<LoginDevice>,
    pub logout: Option<LogoutKind>,
}

/// A call, and what happened in it.
#[derive(Clone, Copy)]
pub struct CallEvent<'a> {
    pub call: &'a Call,
    /// callEvent.
    pub word: &'static str,
}

impl Event<'_> {
    /// The push with these fields.
    pub fn push(&self, rows: &[Row]) -> Push {
        self.tenant.push(self.name, &self.id, object(rows, self))
    }

    /// A text of the agent; empty where there is none.
    pub fn agent(&self, text: fn(&Agent) -> &Settled) -> Leaf {
        Leaf::from(self.agent.map(text)).or_empty()
    }

    /// The id of the call; empty outside a call.
    pub fn call_id(&self) -> Leaf {
        self.in_call(|event| event.call.id.clone())
    }

    /// What stands only in a push about a call.
    pub fn in_call<T: Into<Leaf>>(&self, leaf: impl FnOnce(CallEvent<'_>) -> T) -> Leaf {
        self.call.map_or(Leaf::EMPTY, |event| leaf(event).into())
    }
}
