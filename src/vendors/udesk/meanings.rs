//! What Udesk's fields mean, for those whose values name somebody or something. Source: the meanings in `facts`.

use crate::vendors::Meaning;

/// Fields of every push.
pub const MEANINGS: &[(&str, Meaning)] = &[
    ("call_id", Meaning::CallId),
    ("conversation_id", Meaning::ConversationId),
    ("customer_phone", Meaning::CustomerPhone),
    ("nick_name", Meaning::CustomerName),
    ("customer_id", Meaning::CustomerId),
    ("organization_name", Meaning::CustomerCompany),
    ("customer_token", Meaning::CustomerToken),
    ("customer_web_token", Meaning::CustomerToken),
    ("customer_sdk_token", Meaning::CustomerToken),
    ("agent_nick_name", Meaning::AgentName),
    ("owner_name", Meaning::AgentName),
    ("relevant_agent", Meaning::AgentName),
    ("agent_email", Meaning::AgentEmail),
    ("agent_id", Meaning::AgentId),
    ("from_agent_id", Meaning::AgentId),
    ("outline_phone_number", Meaning::OutsiderPhone),
    ("display_number", Meaning::LineNumber),
    ("task_id", Meaning::TaskId),
    ("task_name", Meaning::TaskName),
    ("callout_tasks.id", Meaning::TaskId),
    ("callout_tasks.name", Meaning::TaskName),
    ("record_url", Meaning::RecordingUrl),
    ("ivr_record_urls.ivr_record_url", Meaning::RecordingUrl),
    ("mobile_area", Meaning::Place),
];
