//! The bugs that receivers really have, to be shown by the built-in one: each is harmless while the vendor behaves, and
//! visible in the answers once it does not. The closed list, and what every bug is shown. Decides, does not answer.

mod content;
mod history;
mod link;
mod memory;

pub(super) use link::Seat;
pub(super) use memory::Memory;
pub use memory::{CALLS_MAX, FIELDS_MAX, PUSHES_MAX};

use super::behaviour::Answer;
use crate::http::Captured;
use crate::vendors::Vendor;

/// Bodies beyond this many bytes bring [`Bug::CrashesOnLargeBody`] down.
pub const LARGE_BODY_BYTES: usize = 64 * 1024;

/// A bug of a receiver.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "each is described in ALL")]
pub enum Bug {
    ForgetsRetries,
    CountsDuplicates,
    TrustsArrivalOrder,
    LosesLatePushes,
    CrashesOnUnknownFields,
    CrashesOnUnknownPush,
    CrashesOnNull,
    CrashesOnChangedType,
    CrashesOnBadUtf8,
    CrashesOnBom,
    CrashesOnEmptyBody,
    CrashesOnLargeBody,
    TrustsContentLength,
    AcceptsBadJson,
    NeedsUtf8Label,
    ReadsOneSegment,
    DecodesEachSegment,
    SingleConnection,
}

impl Bug {
    /// Every bug with the word by which it is chosen, and what the receiver does wrong.
    pub const ALL: [(Bug, &'static str, &'static str); 18] = [
        (Bug::ForgetsRetries, "forgets-retries", "answers 500 to a push of a call that it has had before"),
        (
            Bug::CountsDuplicates,
            "counts-duplicates",
            "counts a repeated push again, shows the count in every answer and by GET, and answers 409 once it is wrong",
        ),
        (Bug::TrustsArrivalOrder, "trusts-arrival-order", "answers 500 to a push that is older than the one before it"),
        (Bug::LosesLatePushes, "loses-late-pushes", "answers 404 to a push of a call that it has heard the end of"),
        (Bug::CrashesOnUnknownFields, "crashes-on-unknown-fields", "answers 500 where a field is not documented"),
        (
            Bug::CrashesOnUnknownPush,
            "crashes-on-unknown-push",
            "answers 500 to what it cannot tell for a push: an unknown word or no word where the kind belongs, or no fields at all",
        ),
        (
            Bug::CrashesOnNull,
            "crashes-on-null",
            "answers 500 where a field is null that had a value in the first push of its call",
        ),
        (
            Bug::CrashesOnChangedType,
            "crashes-on-changed-type",
            "answers 500 where a field has another type than before",
        ),
        (Bug::CrashesOnBadUtf8, "crashes-on-bad-utf8", "hangs up on a body that is not UTF-8"),
        (Bug::CrashesOnBom, "crashes-on-bom", "answers 500 to a body that begins with a byte order mark"),
        (Bug::CrashesOnEmptyBody, "crashes-on-empty-body", "hangs up on a POST without a body"),
        (Bug::CrashesOnLargeBody, "crashes-on-large-body", "hangs up on a body of more than 64 KiB"),
        (
            Bug::TrustsContentLength,
            "trusts-content-length",
            "takes what Content-Length announces for a whole body, and answers 500 where it ends too early",
        ),
        (
            Bug::AcceptsBadJson,
            "accepts-bad-json",
            "acknowledges a body that it cannot read, and answers 500 to the next push, when it meets the empty record",
        ),
        (Bug::NeedsUtf8Label, "needs-utf8-label", "answers 415 where the content type is not JSON or a form in UTF-8"),
        (
            Bug::ReadsOneSegment,
            "reads-one-segment",
            "reads once from the network, and answers 500 where that was not the whole body",
        ),
        (
            Bug::DecodesEachSegment,
            "decodes-each-segment",
            "decodes what each read brings on its own, and answers 500 where a character lies across two",
        ),
        (
            Bug::SingleConnection,
            "single-connection",
            "serves one connection at a time, and answers 503 on a second one while the first is open",
        ),
    ];

    /// The word by which it is chosen.
    pub fn as_str(self) -> &'static str {
        Self::ALL.iter().find(|(bug, ..)| *bug == self).map_or("", |(_, word, _)| word)
    }

    /// What the bug makes of a request; `None` where it does not show, so that the push is acknowledged.
    pub(super) fn decide(self, request: &Request<'_>, memory: &mut Memory) -> Option<Answer> {
        match self {
            Bug::ForgetsRetries => history::forgets_retries(request, memory),
            Bug::CountsDuplicates => history::counts_duplicates(request, memory),
            Bug::TrustsArrivalOrder => history::trusts_arrival_order(request, memory),
            Bug::LosesLatePushes => history::loses_late_pushes(request, memory),
            Bug::CrashesOnUnknownFields => content::unknown_fields(request),
            Bug::CrashesOnUnknownPush => content::unknown_push(request),
            Bug::CrashesOnNull => content::null(request, memory),
            Bug::CrashesOnChangedType => content::changed_type(request, memory),
            Bug::CrashesOnBadUtf8 => content::bad_utf8(request),
            Bug::CrashesOnBom => content::bom(request),
            Bug::CrashesOnEmptyBody => content::empty_body(request),
            Bug::CrashesOnLargeBody => content::large_body(request),
            Bug::TrustsContentLength => content::cut_json(request),
            Bug::AcceptsBadJson => content::accepts_bad_json(request, memory),
            Bug::NeedsUtf8Label => content::utf8_label(request),
            Bug::ReadsOneSegment => link::reads_one_segment(request),
            Bug::DecodesEachSegment => link::decodes_each_segment(request),
            Bug::SingleConnection => link::single_connection(request),
        }
    }
}

/// A request as a bug sees it.
pub(super) struct Request<'a> {
    pub(super) captured: &'a Captured,
    /// Whose push it is, and which one.
    pub(super) known: Option<(&'static dyn Vendor, &'static str)>,
    /// Where in the body each read from the network ended.
    pub(super) segment_ends: &'a [usize],
    /// Whether the connection is the one that is served.
    pub(super) is_seated: bool,
}

/// An error as frameworks answer it.
fn failed(status: u16, what: &str) -> Option<Answer> {
    Some(Answer::json(status, format!("{{\"error\":\"{what}\"}}")))
}
