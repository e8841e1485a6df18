//! Whom something that happens is about.

use super::{Cast, ChatEvent, Happening, Party, Side, Speaker, What};

/// Whom something that happens is about. The name is that of the scenario, where it has one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Who<'a> {
    /// The customer.
    Customer,
    /// A queue.
    Queue(Option<&'a str>),
    /// An agent, or an outside party in the place of one.
    Agent(Option<&'a str>),
    /// The platform itself.
    Platform,
}

impl Happening {
    /// Whom it is about: whoever acts, or whose phone rings.
    pub fn who<'a>(&self, cast: &'a Cast) -> Who<'a> {
        let agent = |index: usize| Who::Agent(cast.agents.get(index).map(|agent| agent.key.as_str()));
        match &self.what {
            What::IvrEntered { .. }
            | What::IvrLeft
            | What::KeysPressed(_)
            | What::CustomerRinging
            | What::CustomerAnswered
            | What::CustomerMissed(_)
            | What::Held
            | What::Resumed
            | What::VoicemailStarted
            | What::VoicemailLeft
            | What::SurveyStarted
            | What::SurveyAnswered { .. }
            | What::HungUp { side: Side::Customer, .. } => Who::Customer,
            What::Queued { queue } => of_queue(cast, *queue),
            What::AgentLocked { agent: index }
            | What::AgentRinging { agent: index }
            | What::AgentAnswered { agent: index }
            | What::AgentMissed { agent: index, .. }
            | What::StatusChanged { agent: index, .. }
            | What::LoggedIn { agent: index, .. }
            | What::LoggedOut { agent: index, .. } => agent(*index),
            What::AdvancedStarted { with, .. } | What::AdvancedEnded { with, .. } | What::Joined { with, .. } => {
                of_party(cast, *with)
            }
            What::HungUp { side: Side::Agent, .. } => Who::Agent(None),
            What::CallStarted
            | What::TaskTaken { .. }
            | What::HungUp { side: Side::System, .. }
            | What::Released
            | What::Recorded
            | What::Recognised(_)
            | What::Transcribed(_)
            | What::Understood(_)
            | What::Ended
            | What::Notification { .. } => Who::Platform,
            What::Chat(event) => match event {
                ChatEvent::Opened => Who::Customer,
                ChatEvent::Queued { queue, .. } => of_queue(cast, *queue),
                ChatEvent::Answered { agent: index } | ChatEvent::Read { agent: index, .. } => agent(*index),
                ChatEvent::Said { by, .. }
                | ChatEvent::Transferred { from: by, .. }
                | ChatEvent::Disconnected { by, .. } => of_party(cast, speaking(*by)),
            },
        }
    }
}

fn of_queue(cast: &Cast, queue: Option<usize>) -> Who<'_> {
    Who::Queue(queue.and_then(|queue| cast.queues.get(queue)).map(|queue| queue.key.as_str()))
}

fn of_party(cast: &Cast, party: Party) -> Who<'_> {
    match party {
        Party::Customer => Who::Customer,
        Party::System => Who::Platform,
        Party::Agent(index) => Who::Agent(cast.agents.get(index).map(|agent| agent.key.as_str())),
        Party::Outsider(index) => Who::Agent(cast.outsiders.get(index).map(|outsider| outsider.key.as_str())),
    }
}

fn speaking(speaker: Speaker) -> Party {
    match speaker {
        Speaker::Customer => Party::Customer,
        Speaker::Agent(agent) => Party::Agent(agent),
        Speaker::Robot | Speaker::System => Party::System,
    }
}
