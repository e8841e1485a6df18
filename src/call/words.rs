//! What happens, in words for people.

use super::{Afterwards, Cast, ChatEvent, Content, Destination, Happening, Outcome, Party, Side, Speaker, What};

impl Happening {
    /// What happens, as a short sentence: "ann answers".
    pub fn words(&self, cast: &Cast) -> String {
        let agent = |index: usize| cast.agents.get(index).map_or("the agent", |agent| agent.key.as_str());
        match &self.what {
            What::CallStarted => "the call starts".into(),
            What::TaskTaken { task } => {
                format!("taken up from task {}", cast.tasks.get(*task).map_or("?", |task| task.key.as_str()))
            }
            What::IvrEntered { .. } => "the customer hears the menu".into(),
            What::IvrLeft => "the customer leaves the menu".into(),
            What::KeysPressed(keys) => format!("the customer presses {keys}"),
            What::Queued { .. } => "the customer waits in the queue".into(),
            What::AgentLocked { agent: index } => format!("{} is reserved", agent(*index)),
            What::AgentRinging { agent: index } => format!("{}'s phone rings", agent(*index)),
            What::AgentAnswered { agent: index } => format!("{} answers", agent(*index)),
            What::AgentMissed { agent: index, .. } => format!("{} does not answer", agent(*index)),
            What::CustomerRinging => "the customer's phone rings".into(),
            What::CustomerAnswered => "the customer answers".into(),
            What::CustomerMissed(_) => "the customer does not answer".into(),
            What::Held => "the customer is put on hold".into(),
            What::Resumed => "the customer is taken back".into(),
            What::AdvancedStarted { kind, with } => format!("{}: {}'s phone rings", kind.as_str(), party(cast, *with)),
            What::AdvancedEnded { kind, with, outcome: Outcome::Succeeded, .. } => {
                format!("{}: {} answers", kind.as_str(), party(cast, *with))
            }
            What::AdvancedEnded { kind, with, outcome: Outcome::Failed, .. } => {
                format!("{}: {} does not answer", kind.as_str(), party(cast, *with))
            }
            What::Joined { with, .. } => format!("{} joins", party(cast, *with)),
            What::HungUp { side: Side::Agent, .. } => "the agent's side hangs up".into(),
            What::HungUp { side: Side::Customer, .. } => "the customer's side hangs up".into(),
            What::HungUp { side: Side::System, .. } => "the platform hangs up".into(),
            What::Released => "the lines are released".into(),
            What::VoicemailStarted => "the customer starts a message".into(),
            What::VoicemailLeft => "the customer has left a message".into(),
            What::SurveyStarted => "the customer is asked a survey".into(),
            What::SurveyAnswered { keys } => format!("the customer answers the survey with {keys}"),
            What::Recorded => "the recording is ready".into(),
            What::Recognised(recognition) => format!("the platform hears \"{}\"", recognition.keyword),
            What::Transcribed(_) => "the transcript is ready".into(),
            What::Understood(_) => "the robot understands the customer".into(),
            What::StatusChanged { agent: index, .. } => format!("{} changes state", agent(*index)),
            What::LoggedIn { agent: index, .. } => format!("{} logs in", agent(*index)),
            What::LoggedOut { agent: index, .. } => format!("{} logs out", agent(*index)),
            What::Ended => "the conversation is over".into(),
            What::Chat(event) => chat(cast, event),
            What::Notification { task, event } => {
                let task = cast.notifications.get(*task).map_or("the task", |task| task.key.as_str());
                format!("{task} is {}", event.words())
            }
        }
    }
}

fn party(cast: &Cast, party: Party) -> &str {
    match party {
        Party::Customer => "the customer",
        Party::System => "the platform",
        Party::Agent(index) => cast.agents.get(index).map_or("the agent", |agent| agent.key.as_str()),
        Party::Outsider(index) => {
            cast.outsiders.get(index).map_or("the outside party", |outsider| outsider.key.as_str())
        }
    }
}

fn chat(cast: &Cast, event: &ChatEvent) -> String {
    let agent = |agent: usize| party(cast, Party::Agent(agent));
    match event {
        ChatEvent::Opened => "the customer opens the chat".into(),
        ChatEvent::Queued { .. } => "the customer waits for an agent".into(),
        ChatEvent::Answered { agent: index } => format!("{} takes the customer", agent(*index)),
        ChatEvent::Said { by, content } => match content {
            Content::Text(_) => format!("{} writes", speaker(cast, *by)),
            Content::File(..) => format!("{} sends a file", speaker(cast, *by)),
            Content::Location { .. } => format!("{} sends a place", speaker(cast, *by)),
        },
        ChatEvent::Read { agent: index, messages } => match messages.len() {
            1 => format!("{} has read a message", agent(*index)),
            count => format!("{} has read {count} messages", agent(*index)),
        },
        ChatEvent::Transferred { from, to: Destination::Agent(index) } => {
            format!("{} hands the chat to {}", speaker(cast, *from), agent(*index))
        }
        ChatEvent::Transferred { from, to: Destination::Queue(queue) } => {
            let queue = cast.queues.get(*queue).map_or("the queue", |queue| queue.key.as_str());
            format!("{} hands the chat to the queue {queue}", speaker(cast, *from))
        }
        ChatEvent::Disconnected { by, afterwards: Afterwards::Closed } => {
            format!("{} ends the chat", speaker(cast, *by))
        }
        ChatEvent::Disconnected { by, afterwards: Afterwards::Open { .. } } => {
            format!("{} ends the chat, the customer can go on writing", speaker(cast, *by))
        }
    }
}

fn speaker(cast: &Cast, speaker: Speaker) -> &str {
    match speaker {
        Speaker::Customer => "the customer",
        Speaker::Robot => "the robot",
        Speaker::System => "the platform",
        Speaker::Agent(agent) => party(cast, Party::Agent(agent)),
    }
}
