//! Where the platform says that recordings of a call lie. Nothing lies there.

use super::options::Options;
use crate::call::{Cast, Conversation};

/// The recording fields of a CDR; empty texts where there is no recording.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Recording {
    /// Both sides.
    pub both: String,
    /// The agent's side.
    pub agent: String,
    /// The customer's side.
    pub customer: String,
    /// The message that the customer left.
    pub voice_mail: String,
    /// `doubleTrack`, `normal` or `voiceMail`.
    pub kind: String,
    /// The length in seconds.
    pub seconds: i64,
}

impl Recording {
    /// What was recorded of a conversation that is over.
    pub fn of(conversation: &Conversation, cast: &Cast, options: &Options, call_id: &str) -> Self {
        let path = |kind: &str, from, agent: &str| {
            let time = cast.beijing(from);
            let (day, second) = (time.strftime("%Y%m%d"), time.strftime("%Y%m%d%H%M%S"));
            let (base, account, customer, line) =
                (&options.record_base, &options.cdr_account, &cast.customer.phone, &cast.line);
            format!("{base}/{account}/{kind}/{day}/{account}-{second}-{customer}-{line}-{agent}-0-{call_id}-{kind}")
        };
        if let (Some(bridged), Some(hung_up), true) = (conversation.bridged, conversation.hung_up, cast.recorded) {
            let agent = conversation.agent.and_then(|agent| cast.agents.get(agent));
            let path = path(&options.record_type, bridged, agent.map_or("", |agent| &agent.number));
            let side =
                |end: &str| if options.record_type == "doubleTrack" { path.clone() + end } else { String::new() };
            let both = format!("{path}.mp3");
            return Self {
                agent: side("-out.mp3"),
                customer: side("-in.mp3"),
                voice_mail: if options.voicemail_repeats_recording { both.clone() } else { String::new() },
                both,
                kind: options.record_type.clone(),
                seconds: cast.seconds_between(bridged, hung_up),
            };
        }
        if let Some((started, left)) = conversation.voicemail {
            let left = left.or(conversation.hung_up).unwrap_or(started);
            return Self {
                voice_mail: path("voiceMail", started, "") + ".mp3",
                kind: "voiceMail".into(),
                seconds: cast.seconds_between(started, left),
                ..Self::default()
            };
        }
        Self::default()
    }
}
