//! The states of an agent and the actions that lead to them, as the agents' type 9 pushes name them.

use super::options::Options;
use crate::vendors::Origin;

/// What led to an agent's state: the closed list of `stateAction`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Act {
    Idle,
    Calling,
    RingingIb,
    RingingAgentOb,
    BusyAgentOb,
    RingingCustomerOb,
    BusyOb,
    BusyIb,
    Hold,
    Unhold,
    ConsultStart,
    ConsultLink,
    ConsultError,
    Unconsult,
    ConsultThreeway,
    ConsultTransfer,
    RingingConsult,
    BusyConsult,
    RingingTransfer,
    BusyTransfer,
    CustomerNoAnswer,
    Hangup,
    Acw,
    Pause,
    Invalid,
    Offline,
}

/// How an action shows in a push.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shown {
    /// `stateAction`.
    pub action: &'static str,
    /// `state`.
    pub state: &'static str,
    /// `loginStatus`.
    pub login: &'static str,
    /// `deviceStatus`; `None` where there is none.
    pub device: Option<&'static str>,
    /// Where the action and its numbers come from.
    pub origin: Origin,
}

const fn shown(
    action: &'static str,
    state: &'static str,
    login: &'static str,
    device: Option<&'static str>,
    origin: Origin,
) -> Shown {
    Shown { action, state, login, device, origin }
}

const fn ringing(action: &'static str) -> Shown {
    shown(action, "响铃", "1", Some("3"), Origin::Inferred)
}

const fn talking(action: &'static str) -> Shown {
    shown(action, "通话", "1", Some("4"), Origin::Inferred)
}

const fn ready(action: &'static str) -> Shown {
    shown(action, "空闲", "1", Some("0"), Origin::Inferred)
}

/// Every action, in order, with how it shows by default. A few names are unknown (`calling`, `pause`, `invalid`); all can be
/// changed.
pub const ALL: [(Act, Shown); 26] = [
    (Act::Idle, shown("idle", "空闲", "1", Some("0"), Origin::Seed)),
    (Act::Calling, shown("calling", "呼叫中", "1", Some("2"), Origin::Inferred)),
    (Act::RingingIb, ringing("ringingIb")),
    (Act::RingingAgentOb, ringing("ringingAgentOb")),
    (Act::BusyAgentOb, shown("busyAgentOb", "通话", "1", Some("4"), Origin::Seed)),
    (Act::RingingCustomerOb, talking("ringingCustomerOb")),
    (Act::BusyOb, talking("busyOb")),
    (Act::BusyIb, talking("busyIb")),
    (Act::Hold, shown("hold", "保持", "1", Some("4"), Origin::Inferred)),
    (Act::Unhold, talking("unhold")),
    (Act::ConsultStart, talking("consultStart")),
    (Act::ConsultLink, talking("consultLink")),
    (Act::ConsultError, talking("consultError")),
    (Act::Unconsult, talking("unconsult")),
    (Act::ConsultThreeway, talking("consultThreeway")),
    (Act::ConsultTransfer, talking("consultTransfer")),
    (Act::RingingConsult, ringing("ringingConsult")),
    (Act::BusyConsult, talking("busyConsult")),
    (Act::RingingTransfer, ringing("ringingTransfer")),
    (Act::BusyTransfer, talking("busyTransfer")),
    (Act::CustomerNoAnswer, ready("ringingCustomerNoAnswerOb")),
    (Act::Hangup, ready("hangup")),
    (Act::Acw, shown("ACW", "整理", "3", Some("0"), Origin::Inferred)),
    (Act::Pause, shown("pause", "置忙", "2", Some("0"), Origin::Inferred)),
    (Act::Invalid, shown("invalid", "失效", "1", Some("-1"), Origin::Inferred)),
    (Act::Offline, shown("offline", "离线", "0", None, Origin::Inferred)),
];

/// The names of all actions.
pub const NAMES: [&str; ALL.len()] = {
    let mut names = [""; ALL.len()];
    let mut place = 0;
    while place < names.len() {
        names[place] = ALL[place].1.action;
        place += 1;
    }
    names
};

impl Act {
    /// How it shows by default.
    pub const fn shown(self) -> Shown {
        ALL[self as usize].1
    }

    /// The name by which settings know it, and by which it is sent unless they rename it.
    pub const fn name(self) -> &'static str {
        self.shown().action
    }

    /// `state` as it is sent.
    pub fn state(self, options: &Options) -> &'static str {
        match self {
            Act::Hold => options.hold_state.0,
            Act::RingingCustomerOb => options.customer_ring_state.0,
            other => other.shown().state,
        }
    }

    /// Whether the agent is on a call: its fields are sent along.
    pub fn on_call(self) -> bool {
        matches!(self.shown().device, Some("1" | "2" | "3" | "4"))
    }

    /// Whether the agent talks, or waits on the line.
    pub fn on_line(self) -> bool {
        self.shown().device == Some("4")
    }
}
