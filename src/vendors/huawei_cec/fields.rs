//! The fields of every body, in order.

use crate::vendors::{FieldFact, Origin};

const fn seed(name: &'static str, meaning: &'static str) -> FieldFact {
    FieldFact { name, meaning, origin: Origin::Seed }
}

const fn documented(name: &'static str, meaning: &'static str) -> FieldFact {
    FieldFact { name, meaning, origin: Origin::Documented }
}

/// The fields of a message push. All messages have the same.
pub const MESSAGES: &[FieldFact] = &[
    seed("timestamp", "when the push is sent, in milliseconds since 1970: integer; an input of the auth-v2 signature"),
    seed("messages", "the messages, oldest first: list of objects, mostly of one"),
    seed("messages.from", "id of the channel that sends: text of 18 digits"),
    seed("messages.channel", "WEB or WHATSAPP: text; the page shows WEB only"),
    seed("messages.to", "id of the customer: text of 1 to 24 characters"),
    seed("messages.controlType", "CHAT, DISCONNECT, READ, CONNECT, TRANS2AGENT or INPUT: text"),
    seed("messages.isOfflineStatus", "true where the chat stays open after a timeout; the key is absent otherwise"),
    seed("messages.mediaType", "TEXT, IMAGE, VIDEO, AUDIO, LOCATE or DOCUMENT: text; null where nothing is said"),
    seed(
        "messages.content",
        "what is said, the id of a file, latitude/longitude/description, or the ids of read messages: text or null",
    ),
    seed("messages.simQuestions", "similar questions to one that the robot answers: null in practice"),
    seed("messages.senderNickname", "the name shown to the customer: text; null where nothing is said"),
    seed("messages.timestamp", "when it was said, in milliseconds since 1970: integer"),
    seed("messages.sourceType", "AGENT, ROBOT or SYSTEM: text"),
    seed("messages.callId", "always null; in the page's first sample only, not in its table"),
    seed("messages.messageCode", "id of an agent's message, a UUID: text; null otherwise"),
];

const SERIAL: FieldFact = documented("callSerialNo", "id of the call: text of 19 digits");
const AGENT: FieldFact = documented("serviceNo", "the agent's number: text");
const CALLED: FieldFact = documented("called", "the customer's phone: text");
const DATA: FieldFact = documented("callData", "data of the tenant's own: text");

/// The fields of the callback at the connection of a bidirectional call.
pub const CALL_CONNECT: &[FieldFact] = &[SERIAL, AGENT, CALLED, DATA];

/// The fields of the callback at the release of a bidirectional call.
pub const CALL_RELEASE: &[FieldFact] = &[
    SERIAL,
    AGENT,
    CALLED,
    DATA,
    documented("caller", "the agent's phone: text"),
    documented("callerPresent", "the number shown to the customer: text"),
    documented("createCallTime", "when the call was made: text in the setting call_times, empty where unknown"),
    documented("alertingTime", "when the customer's phone rang: text"),
    documented("talkingTime", "when the customer answered: text"),
    documented("releaseTime", "when the customer's line was released: text"),
    documented("talkDuration", "seconds from the customer's answer to the release: text"),
    documented("agentAlertingTime", "when the agent's phone rang: text"),
    documented("agentTalkingTime", "when the agent answered: text"),
    documented("agentReleaseTime", "when the agent's line was released: text"),
    documented("agentTalkDuration", "seconds from the agent's answer to the release: text"),
    documented("recordfile", "path of the recording: text, empty without one"),
    documented("locationId", "node of the recording: text"),
    documented(
        "releaseReason",
        "0 callee hung up, 1 caller hung up, 2 caller's leg failed, 3 callee's leg failed, 4 caller or 5 callee did not \
         answer, any other abnormal: text",
    ),
];
