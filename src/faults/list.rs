//! The closed list of faults: name, layer, meaning, settings and caps. `list faults`, `explain`, the reader of scenarios and
//! the schema for editors read this table and nothing else.

use super::clash::Stage;
use super::event::{self, Event};
use super::fact::{FaultFact, event, http};
use super::http::{self, Http};
use super::setting::{Setting, Takes, length, setting, whole};
use super::{Loss, connection};
use std::sync::LazyLock;
use std::time::Duration;

/// The fault of this name.
pub fn find(name: &str) -> Option<&'static FaultFact> {
    ALL.iter().find(|fact| fact.name == name)
}

const fn seconds(count: u64) -> Duration {
    Duration::from_secs(count)
}

const FIELD: Setting =
    setting("field", Takes::Field, "the path of the field, `outer.inner`; drawn from the seed where it is left out");

const COPIES: Setting = whole("copies", 1, (1, event::COPIES_MAX), "how many more times it is sent");

const A_BODY: &str = "has a body";
const A_FIELD: &str = "has a field that it would change";
const FIELDS: &str = "has fields to which one could be added";

/// Every fault, layer by layer.
pub static ALL: LazyLock<Vec<FaultFact>> = LazyLock::new(|| [&ABOVE[..], connection::FACTS].concat());

/// The faults of the two upper layers.
const ABOVE: [FaultFact; 32] = [
    event("drop", &[], |_| Event::Drop(event::Drop), "the push is never sent").loses(Loss::Lossy),
    event(
        "delay",
        &[
            setting(
                "by",
                Takes::Range { default: seconds(5), most: event::DELAY_MAX },
                "how much later; a range is drawn from",
            ),
            setting(
                "shape",
                Takes::Word(&["uniform", "lognormal"]),
                "how it is drawn from a range: `uniform`, or `lognormal` with nine in ten delays within it",
            ),
        ],
        |values| Event::Delay(event::Delay::of(values)),
        "the push leaves later; those behind it are not held up",
    ),
    event(
        "duplicate",
        &[COPIES, length("after", Duration::ZERO, event::AFTER_MAX, "how long after it, or after the copy before")],
        |values| Event::Duplicate(event::Duplicate::of(values)),
        "the push is sent again, the same to the byte, whatever was answered",
    ),
    event(
        "duplicate-new-id",
        &[COPIES, length("after", Duration::ZERO, event::AFTER_MAX, "how long after it, or after the copy before")],
        |values| Event::DuplicateNewId(event::DuplicateNewId::of(values)),
        "the push is sent again under a fresh event id, as some vendors do; no id of an event, no copy",
    )
    .needs("has an event id"),
    event(
        "reorder",
        &[
            whole("window", 3, (2, event::WINDOW_MAX), "how many pushes in a row are shuffled among themselves"),
            setting(
                "before",
                Takes::Push,
                "in place of `window`: the push that the targeted one now comes right before",
            ),
        ],
        |values| Event::Reorder(event::Reorder::of(values)),
        "pushes of a call change places",
    )
    .needs("has another one to change places with"),
    event(
        "late-after-end",
        &[length("after", seconds(1), event::AFTER_MAX, "how long after the last push of the call")],
        |values| Event::LateAfterEnd(event::LateAfterEnd::of(values)),
        "an earlier push, drawn where several are targeted, arrives after the last one of its call",
    )
    .needs("comes before the last one of its call"),
    event(
        "stale-retry",
        &[length("after", seconds(300), event::AFTER_MAX, "how long after its acknowledgement")],
        |values| Event::StaleRetry(event::StaleRetry::of(values)),
        "a push that was acknowledged is sent again, the same to the byte",
    ),
    event(
        "burst",
        &[length("hold", seconds(30), event::HOLD_MAX, "how long pushes are held, from the first one on")],
        |values| Event::Burst(event::Burst::of(values)),
        "pushes are held and then released together, none waiting for another",
    ),
    event(
        "clock-skew",
        &[
            length("by", seconds(300), event::SKEW_MAX, "how far the vendor's clock is off"),
            setting("direction", Takes::Word(&["behind", "ahead"]), "whether it is `behind` or `ahead`"),
        ],
        |values| Event::ClockSkew(event::ClockSkew::of(values)),
        "every time within the push is shifted",
    )
    .loses(Loss::Lossy)
    .needs("has a time in it that would be another one"),
    event(
        "split-story",
        &[],
        |_| Event::SplitStory(event::SplitStory),
        "pushes of a call alternate between the targets, in place of all of them going to each; it needs two targets",
    )
    .decides("the target"),
    event(
        "lost-ack",
        &[length(
            "again",
            seconds(5),
            event::AFTER_MAX,
            "how long the vendor waits where its own retry has no wait left",
        )],
        |values| Event::LostAck(event::LostAck::of(values)),
        "the push is delivered and its answer thrown away, so that the vendor tries again; the first attempt \
         by default",
    )
    .decides("the answer"),
    event(
        "blackout",
        &[
            length("from", Duration::ZERO, event::BLACKOUT_MAX, "when it begins, in scenario time"),
            length("for", seconds(60), event::BLACKOUT_MAX, "how long it lasts"),
        ],
        |values| Event::Blackout(event::Blackout::of(values)),
        "no push leaves for a while; then the backlog does, in the vendor's order",
    ),
    http(
        "truncate-body",
        &[setting("keep", Takes::Percent, "how much of the body is left; drawn where it is left out")],
        |values| Http::TruncateBody(http::TruncateBody::of(values)),
        "the body ends early, and its length says so",
    )
    .needs(A_BODY)
    .bends(Stage::Text),
    http(
        "type-flip",
        &[FIELD],
        |values| Http::TypeFlip(http::TypeFlip::of(values)),
        "a number becomes a text, a text of digits a number, a list a text, and so on",
    )
    .needs(A_FIELD)
    .bends(Stage::Fields),
    http("missing-field", &[FIELD], |values| Http::MissingField(http::MissingField::of(values)), "a field is left out")
        .needs(A_FIELD)
        .bends(Stage::Fields),
    http(
        "extra-field",
        &[
            setting("field", Takes::Text("ringback_extra"), "the key"),
            setting("value", Takes::Text("unexpected"), "its value, a text"),
        ],
        |values| Http::ExtraField(http::ExtraField::of(values)),
        "a field is there that no document knows",
    )
    .loses(Loss::RepairedByRetry)
    .needs(FIELDS)
    .bends(Stage::Fields),
    http(
        "unknown-enum",
        &[FIELD, setting("word", Takes::Text("ringback_unknown"), "what stands there instead")],
        |values| Http::UnknownEnum(http::UnknownEnum::of(values)),
        "a word of a closed list becomes one that is not on it",
    )
    .needs("has a field that holds a word")
    .bends(Stage::Fields),
    http(
        "null-field",
        &[FIELD],
        |values| Http::NullField(http::NullField::of(values)),
        "a field that has a value becomes null; in a form and a query, empty",
    )
    .needs(A_FIELD)
    .bends(Stage::Fields),
    http(
        "oversize",
        &[whole("bytes", 2 * 1024 * 1024, (1024, http::OVERSIZE_MAX_BYTES), "how large the push is to be")],
        |values| Http::Oversize(http::Oversize::of(values)),
        "a field of padding makes the push as large as is said",
    )
    .loses(Loss::RepairedByRetry)
    .needs(FIELDS)
    .bends(Stage::Fields),
    http("empty-body", &[], |_| Http::EmptyBody(http::EmptyBody), "nothing is in the push")
        .needs(A_BODY)
        .bends(Stage::Nothing),
    http(
        "wrong-content-type",
        &[setting("to", Takes::HeaderValue("text/plain"), "what the header says instead")],
        |values| Http::WrongContentType(http::WrongContentType::of(values)),
        "the header Content-Type names something else than the body is",
    )
    .needs("has another Content-Type")
    .decides("the content type"),
    http(
        "wrong-charset",
        &[setting(
            "charset",
            Takes::Word(&["gbk", "gb18030", "big5"]),
            "what the bytes are: `gbk`, `gb18030` or `big5`",
        )],
        |values| Http::WrongCharset(http::WrongCharset::of(values)),
        "the bytes are of another charset than the UTF-8 of the label; a push of ASCII alone stays as it is",
    )
    .needs("has a character beyond ASCII")
    .bends(Stage::Text),
    http("bom", &[], |_| Http::Bom(http::Bom), "a byte order mark stands before the body")
        .loses(Loss::RepairedByRetry)
        .needs(A_BODY)
        .bends(Stage::Text),
    http("bad-utf8", &[], |_| Http::BadUtf8(http::BadUtf8), "two bytes that are no UTF-8 stand within a value")
        .needs("has a text in it")
        .bends(Stage::Text),
    http(
        "bad-json",
        &[setting(
            "style",
            Takes::Word(&["comment", "trailing-comma", "single-quotes", "all"]),
            "what is wrong with it: `comment`, `trailing-comma`, `single-quotes` or `all`",
        )],
        |values| Http::BadJson(http::BadJson::of(values)),
        "JSON as vendors' pages print it: with comments, a trailing comma, single quotes",
    )
    .loses(Loss::RepairedByRetry)
    .needs("has a body of JSON")
    .bends(Stage::Text),
    http(
        "double-encoded",
        &[],
        |_| Http::DoubleEncoded(http::DoubleEncoded),
        "JSON within a JSON text; a form and a query percent-encoded twice",
    )
    .loses(Loss::RepairedByRetry)
    .needs("has a body or a query")
    .bends(Stage::Text),
    http(
        "wrong-auth",
        &[],
        |_| Http::WrongAuth(http::WrongAuth),
        "the signature or `Authorization` is another one; where there is none, a wrong one is added",
    ),
    http(
        "missing-header",
        &[setting("header", Takes::Header("Content-Type"), "the header")],
        |values| Http::MissingHeader(http::MissingHeader::of(values)),
        "a header is left out",
    )
    .needs("is sent with that header"),
    http(
        "wrong-method",
        &[setting(
            "to",
            Takes::Word(&["put", "patch", "delete", "get", "post"]),
            "the method: `put`, `patch`, `delete`, `get` or `post`",
        )],
        |values| Http::WrongMethod(http::WrongMethod::of(values)),
        "another method than the vendor's",
    )
    .needs("is sent by another method")
    .decides("the method"),
    http(
        "wrong-path",
        &[setting("to", Takes::Text("/no-such-path"), "what stands behind the path")],
        |values| Http::WrongPath(http::WrongPath::of(values)),
        "the path goes on where it should end",
    ),
    http(
        "header-case",
        &[],
        |_| Http::HeaderCase(http::HeaderCase),
        "the names of headers are in small letters, as behind an HTTP/2 gateway",
    )
    .loses(Loss::RepairedByRetry)
    .decides("the case of headers"),
    http(
        "doc-literal",
        &[],
        |_| Http::DocLiteral(http::DocLiteral),
        "the body is the sample of the vendor's page, as it is printed; where the page prints none, nothing changes",
    )
    .needs("has a sample on the vendor's page that is not what is sent anyhow")
    .bends(Stage::Fields),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::faults::Values;

    #[test]
    fn names_are_distinct_and_everything_says_what_it_means() {
        let mut names: Vec<_> = ALL.iter().map(|fact| fact.name).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), ALL.len());
        assert!(ALL.iter().all(|fact| !fact.meaning.is_empty()));
        assert!(ALL.windows(2).all(|pair| pair[0].layer <= pair[1].layer), "layer by layer");
        for fact in ALL.iter() {
            // The defaults make a fault.
            let _ = fact.with(&Values::new(fact.settings));
        }
    }
}
