//! The keys of `snapshot`.

use super::{Table, Takes, Words, optional};
use crate::scenario::snapshot::{HEADERS_MAX, REDACTIONS_MAX};

pub const SNAPSHOT: Table = Table {
    name: "snapshot",
    meaning: "How the answers are taken down where snapshots are kept (`ringback run --snapshots DIR`)",
    keys: &[
        optional(
            "redact",
            &[Takes::List {
                of: &Takes::OneOf(&[Takes::PlaceInJson, Takes::Table(&REDACTION)]),
                fewest: 1,
                most: Some(REDACTIONS_MAX),
                distinct: false,
            }],
            "What changes by itself and is taken out, in order. What Ringback itself has sent is known without it",
        ),
        optional(
            "headers",
            &[Takes::List { of: &Takes::Text, fewest: 0, most: Some(HEADERS_MAX), distinct: false }],
            "The headers that are compared, in order. Default: Content-Type alone",
        ),
        optional(
            "keys",
            &[Takes::Word(Words::KeyOrder)],
            "In which order the keys of JSON are written. Default: sorted",
        ),
    ],
};

pub const REDACTION: Table = Table {
    name: "redaction",
    meaning: "Something that changes by itself: one of `at`, `matches` and `header`",
    keys: &[
        optional("at", &[Takes::PlaceInJson], "A place in JSON: a JSONPath or a JSON Pointer"),
        optional("matches", &[Takes::Text], "A regular expression; whatever it finds is taken out, wherever it is"),
        optional("header", &[Takes::Text], "The name of a header"),
        optional("as", &[Takes::Text], "What stands in its place. Default: <redacted>"),
    ],
};
