//! The verbs of a script: a closed list, with the subjects they belong to and the words that people use in their place.

use super::about::About;

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
    Say,
    Read,
    Disconnect,
    Create,
    Schedule,
    Start,
    Finish,
    Fail,
    Cancel,
    Delete,
    Revoke,
    Collapse,
}

/// Which subjects a verb belongs to, the main one first.
pub(super) type Belongs = &'static [About];

const EVERY: Belongs = &[About::Call, About::Shift, About::Chat, About::Notification];
const CALL: Belongs = &[About::Call];
const CALL_AND_SHIFT: Belongs = &[About::Call, About::Shift];
const CALL_AND_CHAT: Belongs = &[About::Call, About::Chat];
const SHIFT: Belongs = &[About::Shift];
const CHAT: Belongs = &[About::Chat];
const NOTIFICATION: Belongs = &[About::Notification];

impl Verb {
    /// Every verb with its word and its subject.
    pub const ALL: [(Verb, &'static str, Belongs); 40] = [
        (Verb::Wait, "wait", EVERY),
        (Verb::Ivr, "ivr", CALL),
        (Verb::Keys, "keys", CALL),
        (Verb::Enqueue, "enqueue", CALL_AND_CHAT),
        (Verb::Lock, "lock", CALL),
        (Verb::Ring, "ring", CALL),
        (Verb::Answer, "answer", CALL_AND_CHAT),
        (Verb::Decline, "decline", CALL),
        (Verb::Hold, "hold", CALL),
        (Verb::Resume, "resume", CALL),
        (Verb::Transfer, "transfer", CALL_AND_CHAT),
        (Verb::Consult, "consult", CALL),
        (Verb::Conference, "conference", CALL),
        (Verb::Listen, "listen", CALL),
        (Verb::Whisper, "whisper", CALL),
        (Verb::Barge, "barge", CALL),
        (Verb::Intercept, "intercept", CALL),
        (Verb::HangUp, "hangup", CALL),
        (Verb::Voicemail, "voicemail", CALL),
        (Verb::Survey, "survey", CALL),
        (Verb::Record, "record", CALL),
        (Verb::Recognise, "recognise", CALL),
        (Verb::Transcribe, "transcribe", CALL),
        (Verb::Understand, "understand", CALL),
        (Verb::Status, "status", CALL_AND_SHIFT),
        (Verb::Task, "task", CALL),
        (Verb::Login, "login", SHIFT),
        (Verb::Logout, "logout", SHIFT),
        (Verb::Say, "say", CHAT),
        (Verb::Read, "read", CHAT),
        (Verb::Disconnect, "disconnect", CHAT),
        (Verb::Create, "create", NOTIFICATION),
        (Verb::Schedule, "schedule", NOTIFICATION),
        (Verb::Start, "start", NOTIFICATION),
        (Verb::Finish, "finish", NOTIFICATION),
        (Verb::Fail, "fail", NOTIFICATION),
        (Verb::Cancel, "cancel", NOTIFICATION),
        (Verb::Delete, "delete", NOTIFICATION),
        (Verb::Revoke, "revoke", NOTIFICATION),
        (Verb::Collapse, "collapse", NOTIFICATION),
    ];

    /// What a verb of another subject is called in this one.
    pub const INSTEAD: [(Verb, About, &'static str); 3] = [
        (Verb::HangUp, About::Chat, "disconnect"),
        (Verb::Disconnect, About::Call, "hangup"),
        (Verb::Ring, About::Chat, "enqueue"),
    ];

    /// Words that people bring along from elsewhere, with ours. A word can mean something else for each subject.
    pub const OTHER_WORDS: [(&'static str, &'static str); 74] = [
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
        ("message", "say"),
        ("send", "say"),
        ("reply", "say"),
        ("write", "say"),
        ("text", "say"),
        ("image", "say"),
        ("typing", "say"),
        ("seen", "read"),
        ("receipt", "read"),
        ("close", "disconnect"),
        ("end", "disconnect"),
        ("bye", "disconnect"),
        ("leave", "disconnect"),
        ("timeout", "disconnect"),
        ("handover", "transfer"),
        ("new", "create"),
        ("add", "create"),
        ("plan", "schedule"),
        ("push", "start"),
        ("send", "start"),
        ("done", "finish"),
        ("complete", "finish"),
        ("abort", "cancel"),
        ("remove", "delete"),
        ("stop", "delete"),
        ("terminate", "delete"),
        ("recall", "revoke"),
        ("withdraw", "revoke"),
        ("replace", "collapse"),
        ("cover", "collapse"),
        ("overwrite", "collapse"),
    ];

    /// The verb of this word.
    pub fn find(word: &str) -> Option<(Verb, Belongs)> {
        Self::ALL.iter().find(|(_, name, _)| *name == word).map(|(verb, _, belongs)| (*verb, *belongs))
    }

    /// Our word for a word from elsewhere: that of this subject, where there is one.
    pub fn for_other_word(word: &str, about: About) -> Option<&'static str> {
        let meant = || Self::OTHER_WORDS.iter().filter(|(other, _)| other.eq_ignore_ascii_case(word));
        let here = meant().find(|(_, ours)| Self::find(ours).is_some_and(|(_, belongs)| belongs.contains(&about)));
        here.or_else(|| meant().next()).map(|(_, ours)| *ours)
    }

    /// Its word.
    pub fn word(self) -> &'static str {
        Self::ALL.iter().find(|(verb, _, _)| *verb == self).map_or("", |(_, word, _)| word)
    }
}

#[cfg(test)]
mod tests {
    use super::{About, Verb};

    #[test]
    fn other_words_lead_to_verbs_and_are_none() {
        for (other, ours) in Verb::OTHER_WORDS {
            assert!(Verb::find(ours).is_some(), "{ours}");
            assert!(Verb::find(other).is_none(), "{other}");
        }
    }

    #[test]
    fn a_word_from_elsewhere_means_what_the_subject_has() {
        for (word, about, ours) in [
            ("message", About::Call, "voicemail"),
            ("message", About::Chat, "say"),
            ("send", About::Notification, "start"),
            ("End", About::Chat, "disconnect"),
            ("end", About::Unknown, "hangup"),
            ("spy", About::Notification, "listen"),
        ] {
            assert_eq!(Verb::for_other_word(word, about), Some(ours), "{word}");
        }
    }
}
