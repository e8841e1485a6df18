//! Where the agents are: the last state of each, and at which device.

use super::states::Act;
use crate::call::{AgentStatus, Kind, LoginDevice, Moment};
use std::collections::BTreeMap;
use std::time::Duration;

/// The agents, as far as anything was told of them.
#[derive(Debug, Clone, Default)]
pub struct Desk {
    seats: BTreeMap<usize, Seat>,
}

#[derive(Debug, Clone, Default)]
struct Seat {
    act: Option<Act>,
    since: Moment,
    /// When the agent will be idle by itself.
    idle_at: Option<Moment>,
    device: Option<LoginDevice>,
}

impl Desk {
    /// The state of an agent at a moment; `None` where none was told.
    pub fn act(&self, agent: usize, now: Moment) -> Option<Act> {
        let seat = self.seats.get(&agent)?;
        if seat.idle_at.is_some_and(|idle_at| idle_at <= now) { Some(Act::Idle) } else { seat.act }
    }

    /// Whether the agent is on the line with somebody.
    pub fn on_line(&self, agent: usize, now: Moment) -> bool {
        self.act(agent, now).is_some_and(Act::on_line)
    }

    /// The state of an agent changes.
    pub fn change(&mut self, agent: usize, act: Act, now: Moment) {
        let seat = self.seats.entry(agent).or_default();
        seat.act = Some(act);
        seat.since = now;
        seat.idle_at = None;
    }

    /// The agent, who is wrapping up, will be idle once this long after the wrap-up began. Gives when that is;
    /// `None` where the agent does not wrap up, or already has a time for it.
    pub fn idle_after(&mut self, agent: usize, wrap_up: Duration, now: Moment) -> Option<Moment> {
        let seat = self.seats.get_mut(&agent)?;
        if seat.act != Some(Act::Acw) || seat.idle_at.is_some() {
            return None;
        }
        let idle_at = seat.since.saturating_add(wrap_up).max(now);
        seat.idle_at = Some(idle_at);
        seat.idle_at
    }

    /// The agent takes calls at this device from now on.
    pub fn sit(&mut self, agent: usize, device: LoginDevice) {
        self.seats.entry(agent).or_default().device = Some(device);
    }

    /// The device at which the agent takes calls, where it was told.
    pub fn device(&self, agent: usize) -> Option<LoginDevice> {
        self.seats.get(&agent)?.device
    }
}

/// The action of a conversation between an agent and the customer.
pub fn talking(kind: Kind) -> Act {
    match kind {
        Kind::Inbound | Kind::Webcall => Act::BusyIb,
        Kind::Outbound | Kind::Preview | Kind::Predictive | Kind::Direct => Act::BusyOb,
    }
}

/// The action of a state that a script sets by hand; `None` where the platform has no such state.
pub fn by_hand(status: &AgentStatus, kind: Kind) -> Option<Act> {
    match status {
        AgentStatus::Idle => Some(Act::Idle),
        AgentStatus::Busy | AgentStatus::Custom(..) => Some(Act::Pause),
        AgentStatus::Calling => Some(Act::Calling),
        AgentStatus::Ringing => Some(match kind {
            Kind::Outbound | Kind::Preview | Kind::Direct | Kind::Predictive => Act::RingingAgentOb,
            Kind::Inbound | Kind::Webcall => Act::RingingIb,
        }),
        AgentStatus::Talking => Some(talking(kind)),
        AgentStatus::WrapUp => Some(Act::Acw),
        AgentStatus::Held => Some(Act::Hold),
        AgentStatus::Muted => None,
        AgentStatus::Disconnected => Some(Act::Invalid),
        AgentStatus::Expired => Some(Act::Offline),
    }
}
