//! What happens in a call, as a closed list; steps of a script become happenings, vendors turn happenings into pushes.

use super::{AgentStatus, Cause, ChatEvent, LoginDevice, LogoutKind, Moment, NotificationEvent, Recognition};

/// One who can ring, answer and hang up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Party {
    /// The customer.
    Customer,
    /// An agent, by index in the cast.
    Agent(usize),
    /// An outside number, by index in the cast.
    Outsider(usize),
    /// The platform itself.
    System,
}

/// Whose hang-up ended a conversation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// The agent's.
    Agent,
    /// The customer's.
    Customer,
    /// The platform's.
    System,
}

/// The advanced operations on a bridged call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Advanced {
    /// Hand the customer on.
    Transfer,
    /// Ask a third party.
    Consult,
    /// Add a third party.
    Conference,
    /// Listen in unheard.
    Listen,
    /// Speak to the agent alone.
    Whisper,
    /// Join the conversation.
    Barge,
    /// Take the customer over.
    Intercept,
}

impl Advanced {
    /// The word of its step, which is also its name.
    pub fn as_str(self) -> &'static str {
        match self {
            Advanced::Transfer => "transfer",
            Advanced::Consult => "consult",
            Advanced::Conference => "conference",
            Advanced::Listen => "listen",
            Advanced::Whisper => "whisper",
            Advanced::Barge => "barge",
            Advanced::Intercept => "intercept",
        }
    }
}

/// How an advanced operation ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// The other party answered.
    Succeeded,
    /// The other party did not.
    Failed,
}

/// Something that happened at some moment of a story.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Happening {
    /// When.
    pub at: Moment,
    /// Of which conversation of the call; an index into `CallState::conversations`.
    pub conversation: usize,
    /// What.
    pub what: What,
}

/// What can happen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum What {
    /// The call arrives, or its first line is dialled.
    CallStarted,
    /// The call is put down to a dialling task.
    TaskTaken {
        /// Index of the task in the cast.
        task: usize,
    },
    /// The customer enters a voice menu.
    IvrEntered {
        /// Its name.
        name: Option<String>,
        /// Variables that the menu sets.
        variables: Vec<(String, String)>,
        /// Whether what is said in it is recorded.
        recorded: bool,
    },
    /// The customer leaves the voice menu.
    IvrLeft,
    /// The customer presses keys.
    KeysPressed(String),
    /// The customer enters a queue.
    Queued {
        /// Index of the queue in the cast, where one is named.
        queue: Option<usize>,
    },
    /// An agent is reserved for the customer.
    AgentLocked {
        /// Index of the agent in the cast.
        agent: usize,
    },
    /// An agent's phone rings.
    AgentRinging {
        /// Index of the agent in the cast.
        agent: usize,
    },
    /// An agent answers; where the customer is on the line, the two are bridged.
    AgentAnswered {
        /// Index of the agent in the cast.
        agent: usize,
    },
    /// An agent's phone stops ringing without an answer.
    AgentMissed {
        /// Index of the agent in the cast.
        agent: usize,
        /// Why, where the script says.
        cause: Option<Cause>,
    },
    /// The customer's phone rings.
    CustomerRinging,
    /// The customer answers; where an agent is on the line, the two are bridged.
    CustomerAnswered,
    /// The customer's phone stops ringing without an answer.
    CustomerMissed(Cause),
    /// The customer is put on hold.
    Held,
    /// The customer is taken back.
    Resumed,
    /// An advanced operation starts: the other party's phone rings.
    AdvancedStarted {
        /// Which.
        kind: Advanced,
        /// The other party.
        with: Party,
    },
    /// An advanced operation succeeded or failed. The happening's conversation is the one it started from.
    AdvancedEnded {
        /// Which.
        kind: Advanced,
        /// The other party.
        with: Party,
        /// How.
        outcome: Outcome,
        /// The conversation that grew from it, where it succeeded.
        grown: Option<usize>,
    },
    /// The other party of an advanced operation joins: the first happening of the conversation that grew from it.
    Joined {
        /// Which operation.
        kind: Advanced,
        /// The conversation it grew from.
        from: usize,
        /// The party that joins.
        with: Party,
        /// When that party's phone began to ring.
        rang_at: Moment,
    },
    /// A conversation ends by a hang-up, or is left by its agent.
    HungUp {
        /// Whose.
        side: Side,
        /// Why, where the platform hung up or nobody had answered.
        cause: Option<Cause>,
    },
    /// The other side's line is released.
    Released,
    /// The customer starts to leave a message.
    VoicemailStarted,
    /// The customer has left a message.
    VoicemailLeft,
    /// The customer is asked a survey.
    SurveyStarted,
    /// The customer answered the survey.
    SurveyAnswered {
        /// The keys pressed.
        keys: String,
    },
    /// The recording is ready.
    Recorded,
    /// The early media of the failed call was recognised.
    Recognised(Recognition),
    /// The transcript is ready.
    Transcribed(Option<String>),
    /// A voice robot understood the customer.
    Understood(Option<String>),
    /// An agent's state was changed by hand.
    StatusChanged {
        /// Index of the agent in the cast.
        agent: usize,
        /// The new state.
        status: AgentStatus,
    },
    /// An agent starts work.
    LoggedIn {
        /// Index of the agent in the cast.
        agent: usize,
        /// At which device.
        device: LoginDevice,
    },
    /// An agent stops work.
    LoggedOut {
        /// Index of the agent in the cast.
        agent: usize,
        /// How.
        kind: LogoutKind,
    },
    /// A conversation is over and its record complete.
    Ended,
    /// Something happens in a chat.
    Chat(ChatEvent),
    /// Something happens to a push notification.
    Notification {
        /// Index of the notification in the cast.
        task: usize,
        /// What.
        event: NotificationEvent,
    },
}
