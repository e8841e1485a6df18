//! What can be set of the push records, because the vendor's pages leave it open or disagree.

use crate::vendors::{OptionFact, OptionKind, Origin};
use std::time::Duration;

/// The options of the push records.
pub const SETTINGS: &[OptionFact] = &[
    OptionFact {
        name: "profile",
        kind: OptionKind::Choice(&["sample", "2025"]),
        meaning: "the fields of a record: those of the page's sample, or also createTime, xgMediaAudioResources and collapseID",
        origin: Origin::Documented,
    },
    OptionFact {
        name: "strict_required",
        kind: OptionKind::Switch(false),
        meaning: "whether msgType and pushType have to be given, as one of the vendor's pages says and another denies",
        origin: Origin::Documented,
    },
    OptionFact {
        name: "lenient_dates",
        kind: OptionKind::Switch(false),
        meaning: "whether startDate and endDate may be left out, for the last month up to today",
        origin: Origin::Inferred,
    },
    OptionFact {
        name: "limit_beyond",
        kind: OptionKind::Choice(&["refuse", "clamp"]),
        meaning: "what becomes of a limit over 200",
        origin: Origin::Inferred,
    },
    OptionFact {
        name: "http_status",
        kind: OptionKind::Choice(&["always_200", "by_error"]),
        meaning: "whether an error has a status of its own besides its retCode",
        origin: Origin::Inferred,
    },
    OptionFact {
        name: "clock_skew",
        kind: OptionKind::Duration(Duration::ZERO),
        meaning: "by how much the TimeStamp of a signed request may be wrong; 0 for any",
        origin: Origin::Inferred,
    },
    OptionFact {
        name: "raw_sign",
        kind: OptionKind::Switch(false),
        meaning: "whether a Sign of the raw hash is taken as well as one of its hexadecimal text",
        origin: Origin::Inferred,
    },
    OptionFact {
        name: "calls_per_hour",
        kind: OptionKind::Integer(Some(200)),
        meaning: "how many calls each AccessId has within an hour; 0 for any",
        origin: Origin::Seed,
    },
];
