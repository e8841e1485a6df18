//! What is known of a call at a moment: the fold of everything that happened so far. It decides nothing.

use super::{Advanced, Cause, Happening, Kind, Moment, Outcome, Party, Side, Subject, What};

/// What kind of conversation it is, by the operation it grew from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Category {
    /// The first conversation of a call.
    Normal,
    /// Grown from an advanced operation.
    Advanced(Advanced),
}

/// A survey that the customer answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Survey {
    /// When the customer was asked.
    pub started: Moment,
    /// When the answer was in; unknown until then.
    pub ended: Option<Moment>,
    /// The keys pressed.
    pub keys: String,
}

/// One conversation of a call: the customer with one agent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conversation {
    /// What it grew from.
    pub category: Category,
    /// The conversation it grew from, as an index.
    pub from: Option<usize>,
    /// When it started.
    pub started: Moment,
    /// The agent, once chosen, as an index into the cast.
    pub agent: Option<usize>,
    /// Whether the agent dialled the customer from a phone of their own, so that no agent's phone ever rang.
    pub direct: bool,
    /// The outside party in place of an agent, as an index into the cast.
    pub outsider: Option<usize>,
    /// When the customer entered and left the voice menu.
    pub ivr: Option<(Moment, Option<Moment>)>,
    /// The name of the voice menu.
    pub ivr_name: Option<String>,
    /// Variables that the voice menu set.
    pub ivr_variables: Vec<(String, String)>,
    /// Whether the voice menu was recorded.
    pub ivr_recorded: bool,
    /// When the customer entered the queue.
    pub queued: Option<Moment>,
    /// When the customer left the queue: to an agent, or by giving up.
    pub dequeued: Option<Moment>,
    /// The queue, as an index into the cast.
    pub queue: Option<usize>,
    /// When the agent's phone began to ring.
    pub agent_ring: Option<Moment>,
    /// When the agent answered.
    pub agent_answer: Option<Moment>,
    /// When the agent's line was released.
    pub agent_hangup: Option<Moment>,
    /// When the customer's phone began to ring, or the customer's call arrived.
    pub customer_ring: Option<Moment>,
    /// When the customer answered, or the platform picked up the customer's call.
    pub customer_answer: Option<Moment>,
    /// When the customer's line was released, or the customer left this conversation for the next.
    pub customer_hangup: Option<Moment>,
    /// When customer and agent could hear each other.
    pub bridged: Option<Moment>,
    /// When the first side hung up.
    pub hung_up: Option<Moment>,
    /// Who hung up first.
    pub dropped_by: Option<Side>,
    /// Why the call failed.
    pub cause: Option<Cause>,
    /// The agents whose phones rang in vain, in order.
    pub missed: Vec<usize>,
    /// Keys that the customer pressed before any survey.
    pub keys: String,
    /// When the customer started and ended a message.
    pub voicemail: Option<(Moment, Option<Moment>)>,
    /// The survey.
    pub survey: Option<Survey>,
    /// The parties that were added and are still there.
    pub joined: Vec<Party>,
    /// Whether the customer was handed on out of this conversation.
    pub handed_on: bool,
    /// When the record was complete.
    pub ended: Option<Moment>,
}

impl Conversation {
    fn new(category: Category, from: Option<usize>, started: Moment) -> Self {
        Self {
            category,
            from,
            started,
            agent: None,
            direct: false,
            outsider: None,
            ivr: None,
            ivr_name: None,
            ivr_variables: Vec::new(),
            ivr_recorded: false,
            queued: None,
            dequeued: None,
            queue: None,
            agent_ring: None,
            agent_answer: None,
            agent_hangup: None,
            customer_ring: None,
            customer_answer: None,
            customer_hangup: None,
            bridged: None,
            hung_up: None,
            dropped_by: None,
            cause: None,
            missed: Vec::new(),
            keys: String::new(),
            voicemail: None,
            survey: None,
            joined: Vec::new(),
            handed_on: false,
            ended: None,
        }
    }
}

/// What is known of a call.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CallState {
    /// The conversations in the order in which they started. Only a call has any.
    pub conversations: Vec<Conversation>,
    /// The dialling task, as an index into the cast.
    pub task: Option<usize>,
    /// How the call came about; no other subject has a call.
    pub kind: Option<Kind>,
}

impl CallState {
    /// Nothing has happened yet.
    pub fn new(subject: Subject) -> Self {
        let kind = match subject {
            Subject::Call(kind) => Some(kind),
            Subject::Shift | Subject::Chat(_) | Subject::Notification => None,
        };
        Self { kind, ..Self::default() }
    }

    /// Learns what happened.
    pub fn apply(&mut self, happening: &Happening) {
        let Happening { at: now, conversation: index, what } = happening;
        let now = *now;
        match what {
            What::CallStarted => {
                let mut first = Conversation::new(Category::Normal, None, now);
                match self.kind {
                    // The platform picks an inbound call up at once.
                    Some(Kind::Inbound) => {
                        first.customer_ring = Some(now);
                        first.customer_answer = Some(now);
                    }
                    // The agent is the caller and has a line from the first moment, which never rings.
                    Some(Kind::Direct) => {
                        first.agent = Some(0);
                        first.direct = true;
                    }
                    Some(Kind::Outbound | Kind::Predictive | Kind::Webcall | Kind::Preview) | None => {}
                }
                self.conversations.push(first);
                return;
            }
            What::Joined { kind, from, with, rang_at } => {
                let grown = Self::grow(*kind, *from, *with, *rang_at, now);
                self.conversations.push(grown);
                return;
            }
            What::TaskTaken { task } => {
                self.task = Some(*task);
                return;
            }
            What::StatusChanged { .. }
            | What::LoggedIn { .. }
            | What::LoggedOut { .. }
            | What::Chat(_)
            | What::Notification { .. } => return,
            _ => {}
        }
        let Some(conversation) = self.conversations.get_mut(*index) else { return };
        conversation.apply(what, now);
    }

    /// The conversation that the happening belongs to.
    pub fn conversation(&self, happening: &Happening) -> Option<&Conversation> {
        self.conversations.get(happening.conversation)
    }

    fn grow(kind: Advanced, from: usize, with: Party, rang_at: Moment, now: Moment) -> Conversation {
        let mut grown = Conversation::new(Category::Advanced(kind), Some(from), rang_at);
        match with {
            Party::Agent(agent) => grown.agent = Some(agent),
            Party::Outsider(outsider) => grown.outsider = Some(outsider),
            Party::Customer | Party::System => {}
        }
        grown.agent_ring = Some(rang_at);
        grown.agent_answer = Some(now);
        grown.bridged = Some(now);
        // Who is consulted speaks to the agent; in every other operation the customer can hear or be heard from here on.
        if kind != Advanced::Consult {
            grown.customer_ring = Some(rang_at);
            grown.customer_answer = Some(now);
        }
        grown
    }
}

impl Conversation {
    fn apply(&mut self, what: &What, now: Moment) {
        match what {
            What::IvrEntered { name, variables, recorded } => {
                self.ivr = Some((self.ivr.map_or(now, |(entered, _)| entered), None));
                self.ivr_name.clone_from(name);
                self.ivr_variables.extend(variables.iter().cloned());
                self.ivr_recorded |= recorded;
            }
            What::IvrLeft => {
                if let Some((_, left)) = &mut self.ivr {
                    *left = Some(now);
                }
            }
            What::KeysPressed(keys) => self.keys.push_str(keys),
            What::Queued { queue } => {
                self.queued.get_or_insert(now);
                self.queue = *queue;
            }
            What::AgentLocked { agent } => self.agent = Some(*agent),
            What::AgentRinging { agent } => {
                self.agent = Some(*agent);
                self.agent_ring = Some(now);
                self.agent_hangup = None;
            }
            What::AgentAnswered { agent } => {
                self.agent = Some(*agent);
                self.agent_answer = Some(now);
                if self.queued.is_some() {
                    self.dequeued = Some(now);
                }
                self.cause = None;
                if self.customer_answer.is_some() {
                    self.bridged = Some(now);
                }
            }
            What::AgentMissed { agent, cause } => {
                self.missed.push(*agent);
                self.agent_hangup = Some(now);
                self.cause = *cause;
            }
            What::CustomerRinging => self.customer_ring = Some(now),
            What::CustomerAnswered => {
                self.customer_answer = Some(now);
                if self.agent_answer.is_some() || self.direct {
                    self.bridged = Some(now);
                }
            }
            What::CustomerMissed(cause) => {
                self.customer_hangup = Some(now);
                self.cause = Some(*cause);
            }
            What::AdvancedEnded { kind, with, outcome: Outcome::Succeeded, .. } => match kind {
                Advanced::Transfer | Advanced::Intercept => self.handed_on = true,
                Advanced::Consult | Advanced::Conference | Advanced::Listen | Advanced::Whisper | Advanced::Barge => {
                    self.joined.push(*with)
                }
            },
            What::HungUp { side, cause } => self.hang_up(*side, *cause, now),
            What::Released => self.release(now),
            What::VoicemailStarted => {
                self.voicemail = Some((now, None));
                if self.queued.is_some() {
                    self.dequeued.get_or_insert(now);
                }
            }
            What::VoicemailLeft => {
                if let Some((_, left)) = &mut self.voicemail {
                    *left = Some(now);
                }
            }
            What::SurveyStarted => self.survey = Some(Survey { started: now, ended: None, keys: String::new() }),
            What::SurveyAnswered { keys } => {
                if let Some(survey) = &mut self.survey {
                    survey.ended = Some(now);
                    survey.keys.clone_from(keys);
                }
            }
            What::Ended => self.ended = Some(now),
            What::CallStarted
            | What::Joined { .. }
            | What::TaskTaken { .. }
            | What::StatusChanged { .. }
            | What::LoggedIn { .. }
            | What::LoggedOut { .. }
            | What::Held
            | What::Resumed
            | What::AdvancedStarted { .. }
            | What::AdvancedEnded { outcome: Outcome::Failed, .. }
            | What::Recorded
            | What::Recognised(_)
            | What::Transcribed(_)
            | What::Understood(_)
            | What::Chat(_)
            | What::Notification { .. } => {}
        }
    }

    fn hang_up(&mut self, side: Side, cause: Option<Cause>, now: Moment) {
        self.hung_up = Some(now);
        self.dropped_by = Some(side);
        self.cause = cause.or(self.cause);
        if self.queued.is_some() {
            self.dequeued.get_or_insert(now);
        }
        if let Some((_, left @ None)) = &mut self.ivr {
            *left = Some(now);
        }
        match side {
            Side::Agent if self.agent_has_line() => self.agent_hangup = Some(now),
            Side::Customer => self.customer_hangup = self.customer_ring.map(|_| now),
            Side::Agent | Side::System => {}
        }
    }

    /// The sides that are still on a line leave it.
    fn release(&mut self, now: Moment) {
        if self.agent_has_line() {
            self.agent_hangup.get_or_insert(now);
        }
        if self.customer_ring.is_some() {
            self.customer_hangup.get_or_insert(now);
        }
    }

    fn agent_has_line(&self) -> bool {
        self.agent_ring.is_some() || self.direct
    }
}
