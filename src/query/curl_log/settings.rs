//! What can be set of the push log, because its page leaves it open.

use crate::vendors::{OptionFact, OptionKind, Origin};

/// The options of the push log.
pub const SETTINGS: &[OptionFact] = &[
    OptionFact {
        name: "error_style",
        kind: OptionKind::Choice(&["http_status", "http_200_code"]),
        meaning: "whether a refusal has a status of its own, or status 200 with the code in the body",
        origin: Origin::Inferred,
    },
    OptionFact {
        name: "order",
        kind: OptionKind::Choice(&["newest_first", "oldest_first"]),
        meaning: "which rows come first",
        origin: Origin::Inferred,
    },
    OptionFact {
        name: "time_column",
        kind: OptionKind::Choice(&["create", "start", "request"]),
        meaning: "the time that StartTime and EndTime select and rows are ordered by",
        origin: Origin::Inferred,
    },
    OptionFact {
        name: "url_match",
        kind: OptionKind::Choice(&["exact", "contains"]),
        meaning: "whether Url names the whole address or a part of it",
        origin: Origin::Inferred,
    },
    OptionFact {
        name: "no_answer_status",
        kind: OptionKind::Choice(&["zero", "empty"]),
        meaning: "the StatusCode of an attempt without an answer: \"0\" or \"\"",
        origin: Origin::Inferred,
    },
    OptionFact {
        name: "current_month",
        kind: OptionKind::Choice(&["empty", "yyyymm"]),
        meaning: "what CurrentMonth holds",
        origin: Origin::Inferred,
    },
    OptionFact {
        name: "double_escape",
        kind: OptionKind::Switch(false),
        meaning: "whether the quotes in Params and ResultText are escaped once more, as the page's sample shows them",
        origin: Origin::Inferred,
    },
];
