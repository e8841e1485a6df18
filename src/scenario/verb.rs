//! The verbs of a script: a closed list, with the subjects they belong to and the words that people use in their place.

/// What a step does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verb {
    Wait,
    Ivr,
    Keys,
    Enqueue,
    Lock,
    Ring,
    Answer,
    Decline,
    Hold,
    Resume,
    Transfer,
    Consult,
    Conference,
    Listen,
    Whisper,
    Barge,
    Intercept,
    HangUp,
    Voicemail,
    Survey,
    Record,
    Recognise,
    Transcribe,
    Understand,
    Status,
    Task,
    Login,
    Logout,
}

/// Which subject a verb belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Belongs {
    Call,
    Shift,
    Both,
}

impl Verb {
    /// Every verb with its word and its subject.
    pub const ALL: [(Verb, &'static str, Belongs); 28] = [
        (Verb::Wait, "wait", Belongs::Both),
        (Verb::Ivr, "ivr", Belongs::Call),
        (Verb::Keys, "keys", Belongs::Call),
        (Verb::Enqueue, "enqueue", Belongs::Call),
        (Verb::Lock, "lock", Belongs::Call),
        (Verb::Ring, "ring", Belongs::Call),
        (Verb::Answer, "answer", Belongs::Call),
        (Verb::Decline, "decline", Belongs::Call),
        (Verb::Hold, "hold", Belongs::Call),
        (Verb::Resume, "resume", Belongs::Call),
        (Verb::Transfer, "transfer", Belongs::Call),
        (Verb::Consult, "consult", Belongs::Call),
        (Verb::Conference, "conference", Belongs::Call),
        (Verb::Listen, "listen", Belongs::Call),
        (Verb::Whisper, "whisper", Belongs::Call),
        (Verb::Barge, "barge", Belongs::Call),
        (Verb::Intercept, "intercept", Belongs::Call),
        (Verb::HangUp, "hangup", Belongs::Call),
        (Verb::Voicemail, "voicemail", Belongs::Call),
        (Verb::Survey, "survey", Belongs::Call),
        (Verb::Record, "record", Belongs::Call),
        (Verb::Recognise, "recognise", Belongs::Call),
        (Verb::Transcribe, "transcribe", Belongs::Call),
        (Verb::Understand, "understand", Belongs::Call),
        (Verb::Status, "status", Belongs::Both),
        (Verb::Task, "task", Belongs::Call),
        (Verb::Login, "login", Belongs::Shift),
        (Verb::Logout, "logout", Belongs::Shift),
    ];

    /// Verbs of subjects that are not played, with the subject.
    pub const NOT_PLAYED: [(&'static str, &'static str); 11] = [
        ("say", "chat"),
        ("read", "chat"),
        ("disconnect", "chat"),
        ("create", "notification"),
        ("schedule", "notification"),
        ("start", "notification"),
        ("finish", "notification"),
        ("fail", "notification"),
        ("cancel", "notification"),
        ("delete", "notification"),
        ("collapse", "notification"),
    ];

    /// Words that people bring along from elsewhere, with ours.
    pub const OTHER_WORDS: [(&'static str, &'static str); 43] = [
        ("sleep", "wait"),
        ("pause", "wait"),
        ("delay", "wait"),
        ("warten", "wait"),
        ("menu", "ivr"),
        ("dtmf", "keys"),
        ("press", "keys"),
        ("queue", "enqueue"),
        ("reserve", "lock"),
        ("call", "ring"),
        ("dial", "ring"),
        ("alert", "ring"),
        ("pickup", "answer"),
        ("pick-up", "answer"),
        ("pick_up", "answer"),
        ("accept", "answer"),
        ("connect", "answer"),
        ("reject", "decline"),
        ("miss", "decline"),
        ("timeout", "decline"),
        ("no-answer", "decline"),
        ("unhold", "resume"),
        ("retrieve", "resume"),
        ("refer", "transfer"),
        ("three-way", "conference"),
        ("invite", "conference"),
        ("monitor", "listen"),
        ("spy", "listen"),
        ("coach", "whisper"),
        ("barge-in", "barge"),
        ("takeover", "intercept"),
        ("substitute", "intercept"),
        ("hang", "hangup"),
        ("end", "hangup"),
        ("bye", "hangup"),
        ("auflegen", "hangup"),
        ("message", "voicemail"),
        ("rate", "survey"),
        ("recording", "record"),
        ("recognize", "recognise"),
        ("asr", "transcribe"),
        ("signin", "login"),
        ("signout", "logout"),
    ];

    /// The verb of this word.
    pub fn find(word: &str) -> Option<(Verb, Belongs)> {
        Self::ALL.iter().find(|(_, name, _)| *name == word).map(|(verb, _, belongs)| (*verb, *belongs))
    }

    /// Its word.
    pub fn word(self) -> &'static str {
        Self::ALL.iter().find(|(verb, _, _)| *verb == self).map_or("", |(_, word, _)| word)
    }
}

#[cfg(test)]
mod tests {
    use super::Verb;

    #[test]
    fn other_words_lead_to_verbs_and_are_none() {
        for (other, ours) in Verb::OTHER_WORDS {
            assert!(Verb::find(ours).is_some(), "{ours}");
            assert!(Verb::find(other).is_none(), "{other}");
        }
    }
}
