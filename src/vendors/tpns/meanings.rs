//! What the fields of TPNS mean, for those whose values name something. Source: the meanings in `facts`.

use crate::vendors::Meaning;

/// Fields of every record.
pub const MEANINGS: &[(&str, Meaning)] = &[("pushId", Meaning::NotificationId)];
