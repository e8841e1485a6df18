//! The keys of a probe.

use super::words::Words;
use super::{Table, Takes, optional};
use crate::scenario::probe::EXIT_STATUS_MAX;

pub const PROBE: Table = Table {
    name: "probe",
    meaning: "A question, asked again and again until its answer agrees. It is a `get`, a `post` or a `command`; in its \
              texts, `{call.id}`, `{customer.phone}` and the like stand for what the story knows",
    keys: &[
        optional("get", &[Takes::Question], "The address that is asked by GET"),
        optional("post", &[Takes::Question], "The address that is asked by POST"),
        optional(
            "command",
            &[Takes::Text, Takes::List { of: &Takes::Argument, fewest: 1, most: None, distinct: false }],
            "The program that is run with its arguments, without a shell: a list, or a text that is split at blanks and quotes",
        ),
        optional("headers", &[Takes::Headers], "The headers of the request"),
        optional(
            "body",
            &[Takes::Any],
            "The body of a POST: a text as it is, or keys and lists, which are sent as JSON",
        ),
        optional(
            "within",
            &[Takes::LengthAboveZero],
            "For how long it is asked again until it agrees, in real time. Default: 5s",
        ),
        optional(
            "every",
            &[Takes::LengthAboveZero],
            "How long to wait between an answer and the next question. Default: 100ms",
        ),
        optional(
            "each",
            &[Takes::Switch],
            "Whether it is asked after every push, not once after the story. Default: false",
        ),
        optional("push", &[Takes::Push], "With `each`: the pushes after which it is asked. Default: every push"),
        optional(
            "when_lost",
            &[Takes::Word(Words::WhenLost)],
            "What becomes of it where faults kept a push of the story from arriving whole. Default: skip",
        ),
        optional(
            "status",
            &[
                Takes::Status,
                Takes::Whole { largest: EXIT_STATUS_MAX, signed: false },
                Takes::List { of: &Takes::Status, fewest: 1, most: None, distinct: false },
                Takes::List {
                    of: &Takes::Whole { largest: EXIT_STATUS_MAX, signed: false },
                    fewest: 1,
                    most: None,
                    distinct: false,
                },
            ],
            "The status of the answer: exact, a class such as `2xx`, or a list; of a command the exit status. Default: 2xx, or 0",
        ),
        optional(
            "json",
            &[Takes::ExpectedJson],
            "What the answer has in it, as in `expect`: other keys may stand beside",
        ),
        optional(
            "text",
            &[Takes::ExpectedText],
            "The answer as a text, save for white space at its ends; or a matcher",
        ),
    ],
};
