//! What the fields of pushes mean, whatever a vendor calls them. Which field means what stands in each vendor's folder.

use std::fmt;

/// What a value means, the same for every vendor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Meaning {
    /// What the vendor's pushes carry as the id of the call.
    CallId,
    /// The id of one conversation of a call, where the vendor tells them apart.
    ConversationId,
    /// The id of one leg, or channel, of a call.
    LegId,
    /// The id that the request which started the call was given.
    RequestId,
    /// The vendor's id of a push, by which a receiver tells a repeat.
    PushId,
    /// The id of a message in a chat.
    MessageId,
    /// The account of the call centre at the vendor.
    Enterprise,
    /// The phone of the customer.
    CustomerPhone,
    /// The name of the customer.
    CustomerName,
    /// The id of the customer at the vendor.
    CustomerId,
    /// The company of the customer.
    CustomerCompany,
    /// A token of the customer at the vendor.
    CustomerToken,
    /// The number of an agent (工号).
    AgentNumber,
    /// The name of an agent.
    AgentName,
    /// The phone of an agent.
    AgentPhone,
    /// The mail address of an agent.
    AgentEmail,
    /// The id of an agent at the vendor.
    AgentId,
    /// The phone of a party outside.
    OutsiderPhone,
    /// The centre's own number.
    LineNumber,
    /// The number of a queue.
    QueueNumber,
    /// The name of a queue.
    QueueName,
    /// The id of a dialling task.
    TaskId,
    /// The name of a dialling task.
    TaskName,
    /// Where a recording is.
    RecordingUrl,
    /// The id of a voice menu.
    MenuId,
    /// The id of a task that pushes notifications to phones.
    NotificationId,
    /// Where a number is at home: a province, a city, or both.
    Place,
}

impl Meaning {
    /// Every meaning with its name, in the order in which values are listed.
    pub const ALL: [(Meaning, &'static str); 27] = [
        (Meaning::CallId, "call.id"),
        (Meaning::ConversationId, "conversation.id"),
        (Meaning::LegId, "leg.id"),
        (Meaning::RequestId, "request.id"),
        (Meaning::PushId, "push.id"),
        (Meaning::MessageId, "message.id"),
        (Meaning::Enterprise, "enterprise"),
        (Meaning::CustomerPhone, "customer.phone"),
        (Meaning::CustomerName, "customer.name"),
        (Meaning::CustomerId, "customer.id"),
        (Meaning::CustomerCompany, "customer.company"),
        (Meaning::CustomerToken, "customer.token"),
        (Meaning::AgentNumber, "agent.number"),
        (Meaning::AgentName, "agent.name"),
        (Meaning::AgentPhone, "agent.phone"),
        (Meaning::AgentEmail, "agent.email"),
        (Meaning::AgentId, "agent.id"),
        (Meaning::OutsiderPhone, "outsider.phone"),
        (Meaning::LineNumber, "line.number"),
        (Meaning::QueueNumber, "queue.number"),
        (Meaning::QueueName, "queue.name"),
        (Meaning::TaskId, "task.id"),
        (Meaning::TaskName, "task.name"),
        (Meaning::RecordingUrl, "recording.url"),
        (Meaning::MenuId, "menu.id"),
        (Meaning::NotificationId, "notification.id"),
        (Meaning::Place, "place"),
    ];

    /// Whether its values tell one thing from another. Several people can be from one place.
    pub fn identifies(self) -> bool {
        self != Meaning::Place
    }

    /// The name, as in `{call.id}` and `<call.id>`.
    pub fn as_str(self) -> &'static str {
        Self::ALL.iter().find(|(meaning, _)| *meaning == self).map_or("", |(_, name)| name)
    }
}

impl fmt::Display for Meaning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}
