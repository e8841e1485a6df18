//! What can be set of the push log, because its page leaves it open.

use crate::vendors::{Origin, SettingFact, SettingKind};

/// The options of the push log.
pub const SETTINGS: &[SettingFact] = &[
    SettingFact {
        name: "error_style",
        kind: SettingKind::Choice(&["http_status", "http_200_code"]),
        meaning: "whether a refusal has a status of its own, or status 200 with the code in the body",
        origin: Origin::Inferred,
    },
    SettingFact {
        name: "order",
        kind: SettingKind::Choice(&["newest_first", "oldest_first"]),
        meaning: "which rows come first",
        origin: Origin::Inferred,
    },
    SettingFact {
        name: "time_column",
        kind: SettingKind::Choice(&["create", "start", "request"]),
        meaning: "the time that StartTime and EndTime select and rows are ordered by",
        origin: Origin::Inferred,
    },
    SettingFact {
        name: "url_match",
        kind: SettingKind::Choice(&["exact", "contains"]),
        meaning: "whether Url names the whole address or a part of it",
        origin: Origin::Inferred,
    },
    SettingFact {
        name: "no_answer_status",
        kind: SettingKind::Choice(&["zero", "empty"]),
        meaning: "the StatusCode of an attempt without an answer: \"0\" or \"\"",
        origin: Origin::Inferred,
    },
    SettingFact {
        name: "current_month",
        kind: SettingKind::Choice(&["empty", "yyyymm"]),
        meaning: "what CurrentMonth holds",
        origin: Origin::Inferred,
    },
    SettingFact {
        name: "double_escape",
        kind: SettingKind::Switch(false),
        meaning: "whether the quotes in Params and ResultText are escaped once more, as the page's sample shows them",
        origin: Origin::Inferred,
    },
];
