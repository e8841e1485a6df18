//! What each verb takes and means, and the keys of the steps that have some. Which subject a verb belongs to stands beside the verbs themselves.

use super::{Table, Takes, Words, optional, required};
use crate::scenario::verb::Verb;

/// How a step is written.
pub struct Shape {
    /// Whether its verb can stand without a value.
    pub alone: bool,
    /// The forms that its value can have.
    pub takes: &'static [Takes],
    /// What happens.
    pub meaning: &'static str,
}

const fn with(takes: &'static [Takes], meaning: &'static str) -> Shape {
    Shape { alone: false, takes, meaning }
}

const fn perhaps_with(takes: &'static [Takes], meaning: &'static str) -> Shape {
    Shape { alone: true, takes, meaning }
}

impl Verb {
    /// How a step with this verb is written.
    pub fn shape(self) -> Shape {
        match self {
            Verb::Wait => with(&[Takes::Range], "Time passes: a length, or a range from which one is drawn"),
            Verb::Ivr => perhaps_with(&[Takes::Text, Takes::Table(&IVR)], "The customer hears a voice menu"),
            Verb::Keys => with(&[Takes::Keys], "The customer presses keys in the menu"),
            Verb::Enqueue => {
                perhaps_with(&[Takes::Name], "The customer enters a queue: the first one if none is named")
            }
            Verb::Lock => perhaps_with(&[Takes::Name], "The platform reserves an agent for the customer who waits"),
            Verb::Ring => with(&[Takes::WithPhone], "The phone of an agent, the customer or an outside party rings"),
            Verb::Answer => {
                perhaps_with(&[Takes::WithPhone], "Who rings answers; in a chat, an agent takes the customer who waits")
            }
            Verb::Decline => {
                with(&[Takes::WithPhone, Takes::Table(&DECLINE)], "Who rings does not answer, or cannot be reached")
            }
            Verb::Hold => perhaps_with(&[Takes::Name], "An agent puts the customer on hold"),
            Verb::Resume => perhaps_with(&[Takes::Name], "An agent takes the customer back from hold"),
            Verb::Transfer => with(
                &[Takes::Third],
                "The agent hands the customer on: the other party's phone rings; in a chat, to an agent or a queue",
            ),
            Verb::Consult => with(&[Takes::Third], "The agent asks a third party while the customer hears music"),
            Verb::Conference => with(&[Takes::Third], "The agent adds a third party to the conversation"),
            Verb::Listen => with(&[Takes::Name], "A supervisor listens in, unheard"),
            Verb::Whisper => with(&[Takes::Name], "A supervisor speaks to the agent alone"),
            Verb::Barge => with(&[Takes::Name], "A supervisor joins the conversation"),
            Verb::Intercept => with(&[Takes::Name], "A supervisor takes the customer over"),
            Verb::HangUp => with(&[Takes::Anybody, Takes::Table(&HANG_UP)], "A party, or the platform, hangs up"),
            Verb::Voicemail => with(&[Takes::Range], "The customer leaves a message of this length"),
            Verb::Survey => {
                with(&[Takes::Keys, Takes::Table(&SURVEY)], "The customer answers a survey with these keys")
            }
            Verb::Record => perhaps_with(&[], "The recording of the conversation is ready"),
            Verb::Recognise => {
                with(&[Takes::Table(&RECOGNISE)], "The platform recognises what is said on a call that failed")
            }
            Verb::Transcribe => perhaps_with(&[Takes::Text], "The transcript of the conversation is ready"),
            Verb::Understand => perhaps_with(&[Takes::Text], "A voice robot understands what the customer wants"),
            Verb::Status => with(
                &[Takes::Word(Words::Status), Takes::OfOneAgent(&[Takes::Word(Words::Status), Takes::Table(&STATUS)])],
                "The state of an agent changes; the agent may be left out where there is only one",
            ),
            Verb::Task => {
                perhaps_with(&[Takes::Name], "The call belongs to a dialling task: the first if none is named")
            }
            Verb::Login => perhaps_with(&[Takes::Name, Takes::Table(&LOGIN)], "An agent starts work"),
            Verb::Logout => perhaps_with(&[Takes::Name, Takes::Table(&LOGOUT)], "An agent stops work"),
            Verb::Say => with(
                &[Takes::Text, Takes::Table(&SAY)],
                "Somebody writes: who serves the customer at that moment, if nobody is named",
            ),
            Verb::Read => {
                perhaps_with(&[Takes::Name, Takes::Table(&READ)], "An agent reads what the customer has written")
            }
            Verb::Disconnect => with(&[Takes::Anybody, Takes::Table(&DISCONNECT)], "Somebody ends the chat"),
            Verb::Create => perhaps_with(&[Takes::Name], "A push task is made"),
            Verb::Schedule => perhaps_with(&[Takes::Name], "A task waits for its moment"),
            Verb::Start => perhaps_with(&[Takes::Name], "A task is being pushed"),
            Verb::Finish => perhaps_with(&[Takes::Name], "Everything of a task is pushed"),
            Verb::Fail => perhaps_with(&[Takes::Name], "A task could not be pushed"),
            Verb::Cancel => perhaps_with(&[Takes::Name], "A task is called off before it starts"),
            Verb::Delete => {
                perhaps_with(&[Takes::Name], "A task is deleted before it starts, or while it is being pushed")
            }
            Verb::Revoke => perhaps_with(&[Takes::Name], "What was pushed is taken back from the phones"),
            Verb::Collapse => perhaps_with(&[Takes::Name], "What was pushed is covered by a later task"),
        }
    }
}

pub const IVR: Table = Table {
    name: "ivr_menu",
    meaning: "A voice menu",
    keys: &[
        optional("name", &[Takes::Text], "The name of the menu"),
        optional("variables", &[Takes::Variables], "Variables that the menu sets, with their values"),
        optional("record", &[Takes::Switch], "Whether what is said in the menu is recorded. Default: false"),
    ],
};

pub const DECLINE: Table = Table {
    name: "declined",
    meaning: "Who does not answer, and why",
    keys: &[
        required("party", &[Takes::WithPhone], "Who does not answer"),
        optional("cause", &[Takes::Word(Words::Cause)], "Why. Default: no-answer"),
    ],
};

pub const HANG_UP: Table = Table {
    name: "hung_up",
    meaning: "Who hangs up, and how",
    keys: &[
        required("by", &[Takes::Anybody], "Who hangs up"),
        optional("release_after", &[Takes::Length], "How much later the other side's line is released. Default: 0"),
        optional("cause", &[Takes::Word(Words::Cause)], "Why, where the platform hangs up"),
    ],
};

pub const SURVEY: Table = Table {
    name: "survey_answer",
    meaning: "What the customer answers, and when",
    keys: &[
        required("keys", &[Takes::Keys], "The keys pressed"),
        optional("after", &[Takes::Range], "How long the survey takes from the agent's hang-up. Default: 5s"),
    ],
};

pub const RECOGNISE: Table = Table {
    name: "recognition",
    meaning: "What the platform heard in the early media of a failed call",
    keys: &[
        required("reason", &[Takes::Text], "The vendor's word for the reason, such as `onThePhone`"),
        required(
            "code",
            &[Takes::Whole { largest: i64::MAX as u64, signed: true }],
            "The vendor's number for the reason",
        ),
        required("keyword", &[Takes::Text], "The words that were recognised"),
    ],
};

pub const LOGIN: Table = Table {
    name: "logged_in",
    meaning: "Who logs in, and where",
    keys: &[
        optional("agent", &[Takes::Name], "The agent; may be left out where there is only one"),
        optional("device", &[Takes::Word(Words::Device)], "The device at which the agent takes calls. Default: phone"),
    ],
};

pub const LOGOUT: Table = Table {
    name: "logged_out",
    meaning: "Who logs out, and how",
    keys: &[
        optional("agent", &[Takes::Name], "The agent; may be left out where there is only one"),
        optional(
            "offline",
            &[Takes::Word(Words::Offline)],
            "The page is closed and calls go on to this device. Default: calls no longer reach the agent",
        ),
    ],
};

pub const STATUS: Table = Table {
    name: "own_status",
    meaning: "A state that the centre has defined for itself",
    keys: &[
        required("number", &[Takes::Whole { largest: u32::MAX as u64, signed: false }], "Its number"),
        required("name", &[Takes::Text], "Its name"),
    ],
};

pub const SAY: Table = Table {
    name: "said",
    meaning: "Who writes, and what: one of a text, a file and a place",
    keys: &[
        optional(
            "by",
            &[Takes::Anybody],
            "Who: `customer`, `robot`, `system` or an agent. Default: the agent who serves the customer, else the robot",
        ),
        optional("text", &[Takes::Text], "A text"),
        optional("image", &[Takes::Text], "A picture, by the id under which the platform keeps it"),
        optional("video", &[Takes::Text], "A film, by the id under which the platform keeps it"),
        optional("audio", &[Takes::Text], "A voice message, by the id under which the platform keeps it"),
        optional("document", &[Takes::Text], "Any other file, by the id under which the platform keeps it"),
        optional("location", &[Takes::Table(&LOCATION)], "A place on the map"),
    ],
};

pub const LOCATION: Table = Table {
    name: "location",
    meaning: "A place on the map",
    keys: &[
        required("latitude", &[Takes::Text], "Degrees north, from -90 to 90"),
        required("longitude", &[Takes::Text], "Degrees east, from -180 to 180"),
        optional("description", &[Takes::Text], "What is there"),
    ],
};

pub const READ: Table = Table {
    name: "read_messages",
    meaning: "Who reads, and how much",
    keys: &[
        optional("by", &[Takes::Name], "The agent; may be left out where there is only one"),
        optional(
            "count",
            &[Takes::Whole { largest: u64::MAX, signed: false }],
            "How many of the customer's messages, from the oldest that is unread. Default: all of them",
        ),
    ],
};

pub const DISCONNECT: Table = Table {
    name: "disconnected",
    meaning: "Who ends the chat, and what remains of it",
    keys: &[
        required("by", &[Takes::Anybody], "Who; `system` after the customer was silent too long"),
        optional(
            "async",
            &[Takes::Switch],
            "Whether the customer can go on writing, where the platform ends the chat. Default: false",
        ),
        optional("text", &[Takes::Text], "What the customer is told of it"),
    ],
};
