//! The keys of each block but the script. A key that is added here is known to the reader and to the schema; the reader of
//! its block takes its value up.

use super::{Key, PROBE, SIGN, SNAPSHOT, Table, Takes, Words, optional, required};
use crate::contract::probe::PROBES_MAX;
use crate::contract::{EXPECT_MAX, THRESHOLDS_MAX};
use crate::scenario::deliver::{TARGETS_MAX, WAITS_MAX};
use crate::scenario::faults::NUMBER_MAX;

pub const FILE: Table = Table {
    name: "scenario",
    meaning: "A scenario: a call, an agent's working day, a chat or notifications to phones, which Ringback plays as the vendors do",
    keys: &[
        required("title", &[Takes::Text], "What the scenario is about, in one line"),
        optional("call", &[Takes::Table(&CALL)], "The script is about one call of a customer: who and what takes part"),
        optional("shift", &[Takes::Table(&SHIFT)], "The script is about an agent's working day: who works"),
        optional("chat", &[Takes::Table(&CHAT)], "The script is about one chat of a customer: who and what takes part"),
        optional(
            "notification",
            &[Takes::Table(&NOTIFICATION)],
            "The script is about push notifications to phones: which there are",
        ),
        required("script", &[Takes::Script], "What happens, in order; time passes only by `wait`"),
        optional(
            "vendors",
            &[
                Takes::Word(Words::Vendor),
                Takes::List { of: &Takes::Word(Words::Vendor), fewest: 1, most: None, distinct: true },
            ],
            "The vendors whose pushes are sent. Default: every vendor that can tell this story",
        ),
        optional("options", &[Takes::Options], "What a customer of each vendor can configure, by vendor"),
        optional(
            "set",
            &[Takes::List { of: &Takes::Table(&OVERRIDE), fewest: 0, most: None, distinct: false }],
            "Values that replace what a vendor would send, in order",
        ),
        optional("deliver", &[Takes::Table(&DELIVER)], "Where and how the pushes are delivered"),
        optional("faults", &[Takes::Faults], "What goes wrong on purpose, in order"),
        optional(
            "expect",
            &[Takes::List { of: &Takes::Table(&EXPECT), fewest: 1, most: Some(EXPECT_MAX), distinct: false }],
            "What is expected of the receiver. Default: that it acknowledges every push as the vendor asks for",
        ),
        optional(
            "probe",
            &[
                Takes::Table(&PROBE),
                Takes::List { of: &Takes::Table(&PROBE), fewest: 1, most: Some(PROBES_MAX), distinct: false },
            ],
            "What is asked after the story, or after each push, to learn what the receiver believes",
        ),
        optional("snapshot", &[Takes::Table(&SNAPSHOT)], "How the answers are taken down where snapshots are kept"),
        optional(
            "thresholds",
            &[Takes::List { of: &Takes::Threshold, fewest: 1, most: Some(THRESHOLDS_MAX), distinct: false }],
            "What the figures keep to when the scenario is played as load; a plain run does not look at them",
        ),
    ],
};

const LOCALE: Key = optional(
    "locale",
    &[Takes::Word(Words::Locale)],
    "In which language people are named, and in which country they have numbers. Default: as the vendor's customers are",
);

pub const CALL: Table = Table {
    name: "call",
    meaning: "Who and what takes part in a call. Whatever is left out is generated from the seed, and agrees with the rest",
    keys: &[
        required("kind", &[Takes::Word(Words::Kind)], "How the call comes about"),
        LOCALE,
        optional(
            "line",
            &[Takes::Phone],
            "The centre's own number: shown to the customer of an outbound call, dialled by the customer of an inbound one",
        ),
        optional("customer", &[Takes::Table(&CUSTOMER)], "The customer, called `customer` in the script"),
        optional(
            "agents",
            &[Takes::Named(&AGENT)],
            "The agents by the names that the script calls them. Default: one agent called `agent`",
        ),
        optional(
            "outside",
            &[Takes::Named(&OUTSIDER)],
            "Parties outside the centre to whom a call can be handed on, by the names that the script calls them",
        ),
        optional(
            "queues",
            &[Takes::Named(&QUEUE)],
            "The queues by the names that the script calls them. Default: one queue called `queue`",
        ),
        optional(
            "tasks",
            &[Takes::Named(&TASK)],
            "The dialling tasks by the names that the script calls them. Default: one task called `task`",
        ),
    ],
};

pub const SHIFT: Table = Table {
    name: "shift",
    meaning: "Who works",
    keys: &[
        LOCALE,
        optional(
            "agents",
            &[Takes::Named(&AGENT)],
            "The agents by the names that the script calls them. Default: one agent called `agent`",
        ),
    ],
};

pub const CHAT: Table = Table {
    name: "chat",
    meaning: "Who and what takes part in a chat. Whatever is left out is generated from the seed",
    keys: &[
        optional("channel", &[Takes::Word(Words::Channel)], "Through what the customer chats. Default: web"),
        LOCALE,
        optional("customer", &[Takes::Table(&CUSTOMER)], "The customer, called `customer` in the script"),
        optional(
            "agents",
            &[Takes::Named(&AGENT)],
            "The agents by the names that the script calls them. Default: one agent called `agent`",
        ),
        optional(
            "queues",
            &[Takes::Named(&QUEUE)],
            "The queues by the names that the script calls them. Default: one queue called `queue`",
        ),
    ],
};

pub const NOTIFICATION: Table = Table {
    name: "notification",
    meaning: "Push notifications to phones, each a task of its own",
    keys: &[optional(
        "tasks",
        &[Takes::Named(&PUSH_TASK)],
        "The tasks by the names that the script calls them. Default: one task called `task`",
    )],
};

pub const PUSH_TASK: Table = Table {
    name: "push_task",
    meaning: "A push task. Whatever is left out is generated",
    keys: &[
        optional("id", &[Takes::Text], "The id of the task: digits"),
        optional("title", &[Takes::Text], "The title"),
        optional("content", &[Takes::Text], "The text"),
        optional(
            "target",
            &[Takes::Word(Words::Target)],
            "Whom it is for. Default: what the lists below say, else all",
        ),
        optional("tags", LIST_OF_TEXTS, "The tags, for the target tag"),
        optional("all_tags", &[Takes::Switch], "Whether a device has to have all of the tags. Default: false"),
        optional("tokens", LIST_OF_TEXTS, "The devices, for the target token"),
        optional("accounts", LIST_OF_TEXTS, "The accounts, for the target account"),
        optional(
            "package",
            &[Takes::Whole { largest: u64::MAX, signed: false }],
            "The number of a list that was uploaded before, for the target package",
        ),
        optional("platform", &[Takes::Word(Words::Platform)], "The system of the phones. Default: android"),
        optional("message_type", &[Takes::Word(Words::MessageType)], "What the task carries. Default: notify"),
        optional(
            "environment",
            &[Takes::Word(Words::Environment)],
            "Which build of the application is meant. Default: product",
        ),
        optional("expire", &[Takes::Length], "How long it is worth delivering. Default: 12h"),
        optional("source", &[Takes::Word(Words::Source)], "By what the task was made. Default: api"),
        optional(
            "multi_package",
            &[Takes::Switch],
            "Whether it goes to every package name of the application. Default: false",
        ),
        optional(
            "collapse_id",
            &[Takes::Whole { largest: u64::MAX, signed: false }],
            "The id under which a later task covers it. Default: 0, for none",
        ),
        optional("custom", &[Takes::Variables], "Parameters for the application, with their values"),
    ],
};

const LIST_OF_TEXTS: &[Takes] = &[Takes::List { of: &Takes::Text, fewest: 1, most: None, distinct: false }];

pub const CUSTOMER: Table = Table {
    name: "customer",
    meaning: "The customer. Whatever is left out is generated, and agrees with the rest",
    keys: &[
        optional("phone", &[Takes::Phone], "The phone number, in quotes so that no zero is lost"),
        optional("name", &[Takes::Text], "The name"),
        optional("province", &[Takes::Text], "The province; known from the city or the number where it is left out"),
        optional("city", &[Takes::Text], "The city; known from the number where it is left out"),
        optional("area_code", &[Takes::AreaCode], "The area code with its leading zero"),
        optional("blacklisted", &[Takes::Switch], "Whether the customer is on the blacklist. Default: false"),
    ],
};

pub const AGENT: Table = Table {
    name: "agent",
    meaning: "An agent. Whatever is left out is generated",
    keys: &[
        optional("number", &[Takes::Text], "The number of the agent (工号)"),
        optional("name", &[Takes::Text], "The name shown"),
        optional("phone", &[Takes::Phone], "The phone at which the agent takes calls"),
        optional("email", &[Takes::Text], "The mail address"),
        optional("city", &[Takes::Text], "The city of the phone"),
    ],
};

pub const OUTSIDER: Table = Table {
    name: "outside_party",
    meaning: "A party outside the centre",
    keys: &[optional("phone", &[Takes::Phone], "The phone number; generated where it is left out")],
};

pub const QUEUE: Table = Table {
    name: "queue",
    meaning: "A queue. Whatever is left out is generated",
    keys: &[
        optional("number", &[Takes::Text], "The number of the queue"),
        optional("name", &[Takes::Text], "The name shown"),
    ],
};

pub const TASK: Table = Table {
    name: "task",
    meaning: "A dialling task. Whatever is left out is generated",
    keys: &[
        optional("id", &[Takes::Whole { largest: u64::MAX, signed: false }], "The id of the task"),
        optional("name", &[Takes::Text], "The name shown"),
    ],
};

pub const OVERRIDE: Table = Table {
    name: "override",
    meaning: "A value that replaces a leaf in the body of pushes",
    keys: &[
        required("push", &[Takes::Push], "Which pushes: `vendor:push`, in which `*` and `?` stand for any characters"),
        required("field", &[Takes::Text], "The leaf: keys and positions in lists, joined by dots"),
        required("value", &[Takes::Any], "What is sent there instead, as JSON; what stands in quotes is a text"),
    ],
};

pub const DELIVER: Table = Table {
    name: "deliver",
    meaning: "Where and how the pushes are delivered",
    keys: &[
        optional(
            "to",
            &[Takes::Address, Takes::List { of: &Takes::Address, fewest: 1, most: Some(TARGETS_MAX), distinct: false }],
            "The receivers: each gets every push. `--target` wins over it",
        ),
        optional(
            "headers",
            &[Takes::Headers],
            "Headers that are added to every push; `{call.id}`, `{push.name}` and `{env.NAME}` are filled in",
        ),
        optional("order", &[Takes::Word(Words::Order)], "Which pushes wait for which. Default: call"),
        optional(
            "timeout",
            &[Takes::LengthAboveZero],
            "How long to wait for an answer. Default: as long as the vendor does",
        ),
        optional(
            "retry",
            &[Takes::Word(Words::Retry), Takes::Table(&RETRY)],
            "When a push that failed is tried again. Default: vendor",
        ),
        optional(
            "disable_after",
            &[Takes::Whole { largest: u32::MAX as u64, signed: false }],
            "After how many failed attempts in a row the vendor stops pushing to an address. Default: never",
        ),
        optional("sign", &[Takes::Table(&SIGN)], "How pushes are signed, for receivers behind a signing gateway"),
    ],
};

pub const PROFILE: Table = Table {
    name: "profile",
    meaning: "A fault profile: it overlays any scenario by `--faults`",
    keys: &[
        optional("title", &[Takes::Text], "What the profile is about, in one line"),
        required("faults", &[Takes::Faults], "What goes wrong on purpose, in order"),
    ],
};

/// The keys of every fault besides its name and its settings.
pub const FAULT_KEYS: &[Key] = &[
    optional("push", &[Takes::Push], "The pushes that it is for. Default: every push"),
    optional(
        "call",
        &[Takes::Whole { largest: NUMBER_MAX, signed: false }],
        "The number of the call that it is for, from 1",
    ),
    optional(
        "target",
        &[Takes::Whole { largest: NUMBER_MAX, signed: false }],
        "The number of the target that it is for, from 1, in the order of the addresses",
    ),
    optional("when", &[Takes::Table(&WHEN)], "Which of these pushes and attempts it hits. Default: all of them"),
    optional(
        "may_idle",
        &[Takes::Switch],
        "Whether it may find nothing that it can strike, as in a profile that is meant for any scenario. Default: false",
    ),
];

pub const WHEN: Table = Table {
    name: "trigger",
    meaning: "Which of the pushes that a fault is for it hits; whatever is given must hold at once",
    keys: &[
        optional(
            "nth",
            &[Takes::Whole { largest: NUMBER_MAX, signed: false }],
            "Only this one of them in its call, from 1",
        ),
        optional(
            "every",
            &[Takes::Whole { largest: NUMBER_MAX, signed: false }],
            "Every so many-eth of them in its call, from 2",
        ),
        optional("between", &[Takes::Range], "Those that leave within this scenario time: `10s..20s`"),
        optional("rate", &[Takes::Percent], "This share of them, drawn for each push and attempt"),
        optional("attempts", &[Takes::Attempts], "The attempts that are bent: `2`, or `1..2`. Default: every one"),
    ],
};

pub const RETRY: Table = Table {
    name: "retry",
    meaning: "A retry schedule",
    keys: &[
        required(
            "waits",
            &[Takes::List { of: &Takes::Length, fewest: 1, most: Some(WAITS_MAX), distinct: false }],
            "How long to wait before each further attempt: one wait for each",
        ),
        optional("jitter", &[Takes::Percent], "By how much of itself a wait may be longer or shorter. Default: 0%"),
        optional(
            "on",
            &[Takes::List { of: &Takes::Word(Words::Failure), fewest: 0, most: None, distinct: true }],
            "After which failures. Default: all of them",
        ),
    ],
};

pub const EXPECT: Table = Table {
    name: "expectation",
    meaning: "What is expected of the answers to some pushes, or of the story as a whole",
    keys: &[
        optional("push", &[Takes::Push], "The pushes that it is about. Default: every push"),
        optional("answer", &[Takes::Word(Words::Which)], "Which answers to them are judged. Default: every"),
        optional(
            "status",
            &[Takes::Status, Takes::List { of: &Takes::Status, fewest: 1, most: None, distinct: false }],
            "The status of the answer: `200`, `2xx`, or a list. It takes the place of the vendor's own rule",
        ),
        optional("within", &[Takes::LengthAboveZero], "How soon the whole answer is there, connecting included"),
        optional("headers", &[Takes::ExpectedHeaders], "Headers of the answer, each with a text or a matcher"),
        optional(
            "json",
            &[Takes::ExpectedJson],
            "What the body has in it, as JSON: other keys may stand beside. A key with `$` in front is a JSONPath, one with `/` a JSON Pointer",
        ),
        optional("text", &[Takes::ExpectedText], "The body as a text, save for white space at its ends; or a matcher"),
        optional("empty", &[Takes::True], "The answer has no body"),
        optional(
            "story",
            &[
                Takes::Word(Words::Story),
                Takes::List { of: &Takes::Word(Words::Story), fewest: 1, most: None, distinct: false },
                Takes::Table(&STORY),
            ],
            "What is expected of the story as a whole",
        ),
    ],
};

pub const STORY: Table = Table {
    name: "story",
    meaning: "What is expected of a story as a whole",
    keys: &[
        optional("answered", &[Takes::True], "Every push has an answer, whatever it says"),
        optional(
            "attempts",
            &[Takes::Whole { largest: NUMBER_MAX, signed: false }],
            "No push needs more attempts than this",
        ),
        optional("no_5xx", &[Takes::True], "No answer is 500 to 599, not even to a push that a fault has spoilt"),
        optional("in_order", &[Takes::True], "The answers within a call come in the order in which its pushes left"),
        optional(
            "no_error_after_end",
            &[Takes::True],
            "What is sent once the end of a call was told is not answered by 4xx or 5xx",
        ),
    ],
};
