//! What a script can be about, and how a script about it begins.

use crate::call::Subject;

/// What the script belongs to, as far as it is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum About {
    /// A call.
    Call,
    /// A shift.
    Shift,
    /// A chat.
    Chat,
    /// Push notifications.
    Notification,
    /// Nobody knows: the subject is missing, or there are two.
    Unknown,
}

impl About {
    /// What a script with this subject is about.
    pub fn of(subject: Subject) -> Self {
        match subject {
            Subject::Call(_) => About::Call,
            Subject::Shift => About::Shift,
            Subject::Chat(_) => About::Chat,
            Subject::Notification => About::Notification,
        }
    }

    /// The key of the subject.
    pub fn word(self) -> &'static str {
        match self {
            About::Call | About::Unknown => "call",
            About::Shift => "shift",
            About::Chat => "chat",
            About::Notification => "notification",
        }
    }

    /// How a script about it may start, as an example.
    pub fn steps(self) -> [&'static str; 3] {
        match self {
            About::Call | About::Unknown => ["ring: ann", "wait: 5s", "answer: ann"],
            About::Shift => ["login: ann", "wait: 5s", "logout: ann"],
            About::Chat => ["enqueue", "wait: 5s", "answer: ann"],
            About::Notification => ["create: spring", "schedule: spring", "start: spring"],
        }
    }
}
