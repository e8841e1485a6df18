//! A step of a script: a closed list of verbs, with names already resolved to parties.

use super::{Afterwards, AgentStatus, Cause, Content, Destination, NotificationEvent, Party, Speaker};
use crate::random::{Keyed, Purpose};
use std::time::Duration;

/// A length of time, fixed (`5s`) or to be drawn from the seed (`3s..12s`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// The shortest.
    pub shortest: Duration,
    /// The longest; equal to the shortest where nothing is drawn.
    pub longest: Duration,
}

const WAIT: Purpose = Purpose::of("wait");

impl Span {
    /// A fixed length.
    pub fn exactly(length: Duration) -> Self {
        Self { shortest: length, longest: length }
    }

    /// The length that a call draws for this step of its script.
    pub fn draw(self, step: usize, keyed: &Keyed) -> Duration {
        if self.shortest == self.longest {
            return self.shortest;
        }
        keyed.nth_of(WAIT, step as u64).duration(self.shortest, self.longest)
    }
}

/// What the platform heard in the early media of a failed call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recognition {
    /// The vendor's word for the reason, such as `onThePhone`.
    pub reason: String,
    /// The vendor's number for the reason.
    pub code: i64,
    /// The words that were recognised.
    pub keyword: String,
}

/// The device at which an agent takes calls.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LoginDevice {
    /// A phone on the public network.
    Phone,
    /// The softphone in the browser.
    Softphone,
    /// A SIP phone.
    Sip,
}

impl LoginDevice {
    /// Every device with the word by which a scenario names it.
    pub const ALL: [(LoginDevice, &'static str); 3] =
        [(LoginDevice::Phone, "phone"), (LoginDevice::Softphone, "softphone"), (LoginDevice::Sip, "sip")];
}

/// How an agent leaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogoutKind {
    /// Calls no longer reach the agent.
    Normal,
    /// The page is closed, calls go on to this device.
    Offline(LoginDevice),
}

impl LogoutKind {
    /// The devices that calls can go on to, with their words. The softphone is not among them: its page is closed.
    pub const DEVICES: [(LoginDevice, &'static str); 2] = [(LoginDevice::Phone, "phone"), (LoginDevice::Sip, "sip")];
}

/// One step of a script. Agents, outsiders, queues and tasks are indices into the lists of the cast.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// Scenario time passes.
    Wait(Span),
    /// The customer is in a voice menu.
    Ivr {
        /// Its name.
        name: Option<String>,
        /// Variables that the menu sets.
        variables: Vec<(String, String)>,
        /// Whether what is said in the menu is recorded.
        recorded: bool,
    },
    /// The customer presses keys.
    Keys(String),
    /// The customer enters a queue; the first of the cast where none is named.
    Enqueue(Option<usize>),
    /// The platform reserves an agent for the waiting customer.
    Lock(usize),
    /// A phone starts to ring.
    Ring(Party),
    /// Who rings answers.
    Answer(Party),
    /// Who rings does not answer.
    Decline(Party, Option<Cause>),
    /// An agent puts the customer on hold.
    Hold(usize),
    /// An agent takes the customer back.
    Resume(usize),
    /// The agent hands the customer on; the other party's phone starts to ring.
    Transfer(Party),
    /// The agent asks a third party, the customer hears music.
    Consult(Party),
    /// The agent adds a third party.
    Conference(Party),
    /// A supervisor listens in unheard.
    Listen(usize),
    /// A supervisor speaks to the agent alone.
    Whisper(usize),
    /// A supervisor joins the conversation.
    Barge(usize),
    /// A supervisor takes the customer over.
    Intercept(usize),
    /// A party hangs up.
    HangUp {
        /// Who.
        by: Party,
        /// How much later the other side's line is released.
        release_after: Duration,
        /// Why, where the platform hangs up.
        cause: Option<Cause>,
    },
    /// The customer leaves a message of this length.
    Voicemail(Span),
    /// The customer answers a survey.
    Survey {
        /// The keys pressed.
        keys: String,
        /// How long the survey takes from the hang-up of the agent.
        after: Span,
    },
    /// The conversation is recorded.
    Record,
    /// The early media of a failed call is recognised.
    Recognise(Recognition),
    /// The conversation is transcribed.
    Transcribe(Option<String>),
    /// A voice robot understands what the customer wants.
    Understand(Option<String>),
    /// An agent's state changes.
    Status(usize, AgentStatus),
    /// The call belongs to a dialling task.
    Task(usize),
    /// An agent starts work.
    Login(usize, LoginDevice),
    /// An agent stops work.
    Logout(usize, LogoutKind),
    /// Somebody in a chat says something; who serves the customer at that moment, where nobody is named.
    Say(Option<Speaker>, Content),
    /// An agent in a chat reads messages of the customer: so many, or all.
    Read(usize, Option<usize>),
    /// A chat is handed on.
    HandOn(Destination),
    /// A chat ends.
    Disconnect {
        /// By whom.
        by: Speaker,
        /// What remains of it.
        afterwards: Afterwards,
    },
    /// Something happens to a push notification.
    Notification {
        /// Which.
        task: usize,
        /// What.
        event: NotificationEvent,
    },
}
