//! What an agent is doing.

/// What an agent is doing; a tenant can add states of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AgentStatus {
    /// Waiting for calls.
    Idle,
    /// Not taking calls.
    Busy,
    /// The platform is calling the agent's phone.
    Calling,
    /// A phone rings.
    Ringing,
    /// In a conversation.
    Talking,
    /// Finishing the paperwork of a call.
    WrapUp,
    /// The conversation is on hold.
    Held,
    /// The agent's microphone is off.
    Muted,
    /// The agent's phone is not connected.
    Disconnected,
    /// The session has expired.
    Expired,
    /// A state that the tenant defined, with its number and name.
    Custom(u32, String),
}

impl AgentStatus {
    /// Every built-in state with the word by which a scenario names it.
    pub const ALL: [(AgentStatus, &'static str); 10] = [
        (AgentStatus::Idle, "idle"),
        (AgentStatus::Busy, "busy"),
        (AgentStatus::Calling, "calling"),
        (AgentStatus::Ringing, "ringing"),
        (AgentStatus::Talking, "talking"),
        (AgentStatus::WrapUp, "wrap-up"),
        (AgentStatus::Held, "held"),
        (AgentStatus::Muted, "muted"),
        (AgentStatus::Disconnected, "disconnected"),
        (AgentStatus::Expired, "expired"),
    ];
}
