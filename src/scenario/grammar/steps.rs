//! What each verb takes and means. Which subject a verb belongs to stands beside the verbs themselves.

use super::{DECLINE, HANG_UP, IVR, LOGIN, LOGOUT, RECOGNISE, STATUS, SURVEY, Takes, Words};
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
            Verb::Answer => with(&[Takes::WithPhone], "Who rings answers"),
            Verb::Decline => {
                with(&[Takes::WithPhone, Takes::Table(&DECLINE)], "Who rings does not answer, or cannot be reached")
            }
            Verb::Hold => perhaps_with(&[Takes::Name], "An agent puts the customer on hold"),
            Verb::Resume => perhaps_with(&[Takes::Name], "An agent takes the customer back from hold"),
            Verb::Transfer => with(&[Takes::Third], "The agent hands the customer on: the other party's phone rings"),
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
        }
    }
}
