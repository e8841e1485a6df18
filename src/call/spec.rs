//! What a scenario says of who and what takes part in a call; nothing here is drawn.

use super::{Channel, Locale, NotificationSpec};

/// What a scenario is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Subject {
    /// One call of a customer.
    Call(Kind),
    /// An agent's working day.
    Shift,
    /// One chat of a customer.
    Chat(Channel),
    /// Push notifications to phones.
    Notification,
}

/// How a call comes about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// The platform calls the agent, then the customer.
    Outbound,
    /// The agent's own phone dials the customer: one line only.
    Direct,
    /// The customer calls.
    Inbound,
    /// The platform dials customers on its own and hands those who answer to agents.
    Predictive,
    /// The customer asks for a call on a web page: the platform calls the customer, then an agent.
    Webcall,
    /// The agent looks at the next customer of a task, then has the call placed: the agent is called first.
    Preview,
}

impl Kind {
    /// Every kind with the word by which a scenario names it.
    pub const ALL: [(Kind, &'static str); 6] = [
        (Kind::Outbound, "outbound"),
        (Kind::Direct, "direct"),
        (Kind::Inbound, "inbound"),
        (Kind::Predictive, "predictive"),
        (Kind::Webcall, "webcall"),
        (Kind::Preview, "preview"),
    ];

    /// What it means, as half a sentence.
    pub fn meaning(self) -> &'static str {
        match self {
            Kind::Outbound => "the platform calls the agent, then the customer",
            Kind::Direct => "the agent's own phone dials the customer, so that only the customer's line is seen",
            Kind::Inbound => "the customer calls",
            Kind::Predictive => "the platform dials customers on its own and hands those who answer to agents",
            Kind::Webcall => {
                "the customer asks for a call on a web page: the platform calls the customer, then an agent"
            }
            Kind::Preview => "the agent looks at the next customer of a task, then is called, then the customer",
        }
    }
}

/// What the scenario says about the cast; all that is left out is drawn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CastSpec {
    /// What it is about.
    pub subject: Subject,
    /// Where the cast is at home; where the vendor is where it is not said.
    pub locale: Option<Locale>,
    /// The centre's own number: shown to the customer of an outbound call, dialled by the customer of an inbound one.
    pub line: Option<String>,
    /// The customer.
    pub customer: CustomerSpec,
    /// The agents, in file order. At least one: a file without agents has one called `agent`.
    pub agents: Vec<AgentSpec>,
    /// Outside parties.
    pub outsiders: Vec<OutsiderSpec>,
    /// Queues.
    pub queues: Vec<QueueSpec>,
    /// Dialling tasks.
    pub tasks: Vec<TaskSpec>,
    /// Push notifications.
    pub notifications: Vec<NotificationSpec>,
}

impl CastSpec {
    /// One of which the scenario says nothing but what it is about.
    pub fn new(subject: Subject) -> Self {
        Self {
            subject,
            locale: None,
            line: None,
            customer: CustomerSpec::default(),
            agents: Vec::new(),
            outsiders: Vec::new(),
            queues: Vec::new(),
            tasks: Vec::new(),
            notifications: Vec::new(),
        }
    }
}

/// What the scenario says about the customer.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CustomerSpec {
    /// The phone number.
    pub phone: Option<String>,
    /// The name.
    pub name: Option<String>,
    /// The province; known from the city where that is one of the areas of [`super::Area`].
    pub province: Option<String>,
    /// The city; known from the number where its prefix is in the table.
    pub city: Option<String>,
    /// The area code with its leading zero.
    pub area_code: Option<String>,
    /// Whether the customer is on the blacklist.
    pub blacklisted: bool,
}

/// What the scenario says about an agent.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct AgentSpec {
    /// The name in the scenario.
    pub key: String,
    /// The number of the agent (工号).
    pub number: Option<String>,
    /// The name shown.
    pub name: Option<String>,
    /// The phone at which the agent takes calls.
    pub phone: Option<String>,
    /// The mail address.
    pub email: Option<String>,
    /// The city of the phone.
    pub city: Option<String>,
}

/// What the scenario says about an outside party.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct OutsiderSpec {
    /// The name in the scenario.
    pub key: String,
    /// The phone number.
    pub phone: Option<String>,
}

/// What the scenario says about a queue.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct QueueSpec {
    /// The name in the scenario.
    pub key: String,
    /// The number of the queue.
    pub number: Option<String>,
    /// The name shown.
    pub name: Option<String>,
}

/// What the scenario says about a dialling task.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TaskSpec {
    /// The name in the scenario.
    pub key: String,
    /// The id of the task.
    pub id: Option<u64>,
    /// The name shown.
    pub name: Option<String>,
}
