//! What the fields of Huawei CEC mean, for those whose values name somebody or something. Source: the meanings in `fields`.
//! A message of a chat names its customer and no call.

use crate::vendors::Meaning;

/// Fields of every push.
pub const MEANINGS: &[(&str, Meaning)] = &[
    ("callSerialNo", Meaning::CallId),
    ("messages.messageCode", Meaning::MessageId),
    ("messages.from", Meaning::Enterprise),
    ("messages.to", Meaning::CustomerId),
    ("serviceNo", Meaning::AgentNumber),
    ("caller", Meaning::AgentPhone),
    ("called", Meaning::CustomerPhone),
    ("callerPresent", Meaning::LineNumber),
    ("recordfile", Meaning::RecordingUrl),
];
