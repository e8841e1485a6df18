//! The closed list of faults: name, layer, meaning, settings and caps. `list faults`, `explain`, the reader of scenarios and
//! the schema for editors read this table and nothing else.

use super::Kind;
use super::connection::{self, ConnectionFault};
use super::event::{self, Event};
use super::http::{self, Http};
use super::setting::{Setting, Takes, Values};
use std::sync::LazyLock;
use std::time::Duration;

/// How far down a fault reaches.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Layer {
    /// What arrives, when, how often.
    Event,
    /// A well-formed exchange with wrong content.
    Http,
    /// Below HTTP.
    Connection,
}

impl Layer {
    /// The word by which it is listed.
    pub fn as_str(self) -> &'static str {
        match self {
            Layer::Event => "event",
            Layer::Http => "http",
            Layer::Connection => "connection",
        }
    }
}

/// An entry of the list.
#[derive(Debug)]
pub struct FaultFact {
    /// Its name.
    pub name: &'static str,
    /// Its layer.
    pub layer: Layer,
    /// What it does, as half a sentence.
    pub meaning: &'static str,
    /// What can be set, with defaults and caps.
    pub settings: &'static [Setting],
    /// Makes it of its settings.
    build: Build,
}

/// Makes a fault of its settings. The connection layer has a table of its own.
#[derive(Debug, Clone, Copy)]
enum Build {
    Here(fn(&Values) -> Kind),
    Connection(fn(&Values) -> ConnectionFault),
}

/// An entry is the same as itself alone.
impl PartialEq for FaultFact {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl FaultFact {
    /// The fault with these settings.
    pub fn with(&self, values: &Values) -> Kind {
        match self.build {
            Build::Here(build) => build(values),
            Build::Connection(build) => Kind::Connection(build(values)),
        }
    }
}

/// The fault of this name.
pub fn find(name: &str) -> Option<&'static FaultFact> {
    ALL.iter().find(|fact| fact.name == name)
}

const fn event(
    name: &'static str,
    settings: &'static [Setting],
    build: fn(&Values) -> Kind,
    meaning: &'static str,
) -> FaultFact {
    FaultFact { name, layer: Layer::Event, meaning, settings, build: Build::Here(build) }
}

const fn http(
    name: &'static str,
    settings: &'static [Setting],
    build: fn(&Values) -> Kind,
    meaning: &'static str,
) -> FaultFact {
    FaultFact { name, layer: Layer::Http, meaning, settings, build: Build::Here(build) }
}

const fn length(name: &'static str, default: Duration, most: Duration, meaning: &'static str) -> Setting {
    Setting { name, takes: Takes::Length { default, most }, meaning }
}

const fn whole(name: &'static str, default: u64, (fewest, most): (u64, u64), meaning: &'static str) -> Setting {
    Setting { name, takes: Takes::Whole { default, fewest, most }, meaning }
}

const fn seconds(count: u64) -> Duration {
    Duration::from_secs(count)
}

const FIELD: Setting = Setting {
    name: "field",
    takes: Takes::Field,
    meaning: "the path of the field, `outer.inner`; drawn from the seed where it is left out",
};

const COPIES: Setting = whole("copies", 1, (1, event::COPIES_MAX), "how many more times it is sent");

/// Every fault, layer by layer.
pub static ALL: LazyLock<Vec<FaultFact>> = LazyLock::new(|| {
    let below = connection::FACTS.iter().map(|fact| FaultFact {
        name: fact.name,
        layer: Layer::Connection,
        meaning: fact.meaning,
        settings: fact.settings,
        build: Build::Connection(fact.build),
    });
    ABOVE.into_iter().chain(below).collect()
});

/// The faults of the two upper layers.
const ABOVE: [FaultFact; 32] = [
    event("drop", &[], |_| Kind::Event(Event::Drop(event::Drop)), "the push is never sent"),
    event(
        "delay",
        &[
            Setting {
                name: "by",
                takes: Takes::Range { default: seconds(5), most: event::DELAY_MAX },
                meaning: "how much later; a range is drawn from",
            },
            Setting {
                name: "shape",
                takes: Takes::Word(&["uniform", "lognormal"]),
                meaning: "how it is drawn from a range: `uniform`, or `lognormal` with nine in ten delays within it",
            },
        ],
        |values| Kind::Event(Event::Delay(event::Delay::of(values))),
        "the push leaves later; those behind it are not held up",
    ),
    event(
        "duplicate",
        &[COPIES, length("after", Duration::ZERO, event::AFTER_MAX, "how long after it, or after the copy before")],
        |values| Kind::Event(Event::Duplicate(event::Duplicate::of(values))),
        "the push is sent again, the same to the byte, whatever was answered",
    ),
    event(
        "duplicate-new-id",
        &[COPIES, length("after", Duration::ZERO, event::AFTER_MAX, "how long after it, or after the copy before")],
        |values| Kind::Event(Event::DuplicateNewId(event::DuplicateNewId::of(values))),
        "the push is sent again under a fresh event id, as some vendors do; no id of an event, no copy",
    ),
    event(
        "reorder",
        &[
            whole("window", 3, (2, event::WINDOW_MAX), "how many pushes in a row are shuffled among themselves"),
            Setting {
                name: "before",
                takes: Takes::Push,
                meaning: "in place of `window`: the push that the targeted one now comes right before",
            },
        ],
        |values| Kind::Event(Event::Reorder(event::Reorder::of(values))),
        "pushes of a call change places",
    ),
    event(
        "late-after-end",
        &[length("after", seconds(1), event::AFTER_MAX, "how long after the last push of the call")],
        |values| Kind::Event(Event::LateAfterEnd(event::LateAfterEnd::of(values))),
        "an earlier push, drawn where several are targeted, arrives after the last one of its call",
    ),
    event(
        "stale-retry",
        &[length("after", seconds(300), event::AFTER_MAX, "how long after its acknowledgement")],
        |values| Kind::Event(Event::StaleRetry(event::StaleRetry::of(values))),
        "a push that was acknowledged is sent again, the same to the byte",
    ),
    event(
        "burst",
        &[length("hold", seconds(30), event::HOLD_MAX, "how long pushes are held, from the first one on")],
        |values| Kind::Event(Event::Burst(event::Burst::of(values))),
        "pushes are held and then released together, none waiting for another",
    ),
    event(
        "clock-skew",
        &[
            length("by", seconds(300), event::SKEW_MAX, "how far the vendor's clock is off"),
            Setting {
                name: "direction",
                takes: Takes::Word(&["behind", "ahead"]),
                meaning: "whether it is `behind` or `ahead`",
            },
        ],
        |values| Kind::Event(Event::ClockSkew(event::ClockSkew::of(values))),
        "every time within the push is shifted",
    ),
    event(
        "split-story",
        &[],
        |_| Kind::Event(Event::SplitStory(event::SplitStory)),
        "pushes of a call alternate between the targets, in place of all of them going to each; it needs two targets",
    ),
    event(
        "lost-ack",
        &[length(
            "again",
            seconds(5),
            event::AFTER_MAX,
            "how long the vendor waits where its own retry has no wait left",
        )],
        |values| Kind::Event(Event::LostAck(event::LostAck::of(values))),
        "the push is delivered and its answer thrown away, so that the vendor tries again; the first attempt by default",
    ),
    event(
        "blackout",
        &[
            length("from", Duration::ZERO, event::BLACKOUT_MAX, "when it begins, in scenario time"),
            length("for", seconds(60), event::BLACKOUT_MAX, "how long it lasts"),
        ],
        |values| Kind::Event(Event::Blackout(event::Blackout::of(values))),
        "no push leaves for a while; then the backlog does, in the vendor's order",
    ),
    http(
        "truncate-body",
        &[Setting {
            name: "keep",
            takes: Takes::Percent,
            meaning: "how much of the body is left; drawn where it is left out",
        }],
        |values| Kind::Http(Http::TruncateBody(http::TruncateBody::of(values))),
        "the body ends early, and its length says so",
    ),
    http(
        "type-flip",
        &[FIELD],
        |values| Kind::Http(Http::TypeFlip(http::TypeFlip::of(values))),
        "a number becomes a text, a text of digits a number, a list a text, and so on",
    ),
    http(
        "missing-field",
        &[FIELD],
        |values| Kind::Http(Http::MissingField(http::MissingField::of(values))),
        "a field is left out",
    ),
    http(
        "extra-field",
        &[
            Setting { name: "field", takes: Takes::Text("ringback_extra"), meaning: "the key" },
            Setting { name: "value", takes: Takes::Text("unexpected"), meaning: "its value, a text" },
        ],
        |values| Kind::Http(Http::ExtraField(http::ExtraField::of(values))),
        "a field is there that no document knows",
    ),
    http(
        "unknown-enum",
        &[
            FIELD,
            Setting { name: "word", takes: Takes::Text("ringback_unknown"), meaning: "what stands there instead" },
        ],
        |values| Kind::Http(Http::UnknownEnum(http::UnknownEnum::of(values))),
        "a word of a closed list becomes one that is not on it",
    ),
    http(
        "null-field",
        &[FIELD],
        |values| Kind::Http(Http::NullField(http::NullField::of(values))),
        "a field that has a value becomes null; in a form and a query, empty",
    ),
    http(
        "oversize",
        &[whole("bytes", 2 * 1024 * 1024, (1024, http::OVERSIZE_MAX_BYTES), "how large the push is to be")],
        |values| Kind::Http(Http::Oversize(http::Oversize::of(values))),
        "a field of padding makes the push as large as is said",
    ),
    http("empty-body", &[], |_| Kind::Http(Http::EmptyBody(http::EmptyBody)), "nothing is in the push"),
    http(
        "wrong-content-type",
        &[Setting { name: "to", takes: Takes::HeaderValue("text/plain"), meaning: "what the header says instead" }],
        |values| Kind::Http(Http::WrongContentType(http::WrongContentType::of(values))),
        "the header Content-Type names something else than the body is",
    ),
    http(
        "wrong-charset",
        &[Setting {
            name: "charset",
            takes: Takes::Word(&["gbk", "gb18030", "big5"]),
            meaning: "what the bytes are: `gbk`, `gb18030` or `big5`",
        }],
        |values| Kind::Http(Http::WrongCharset(http::WrongCharset::of(values))),
        "the bytes are of another charset than the UTF-8 of the label; a push of ASCII alone stays as it is",
    ),
    http("bom", &[], |_| Kind::Http(Http::Bom(http::Bom)), "a byte order mark stands before the body"),
    http(
        "bad-utf8",
        &[],
        |_| Kind::Http(Http::BadUtf8(http::BadUtf8)),
        "two bytes that are no UTF-8 stand within a value",
    ),
    http(
        "bad-json",
        &[Setting {
            name: "style",
            takes: Takes::Word(&["comment", "trailing-comma", "single-quotes", "all"]),
            meaning: "what is wrong with it: `comment`, `trailing-comma`, `single-quotes` or `all`",
        }],
        |values| Kind::Http(Http::BadJson(http::BadJson::of(values))),
        "JSON as vendors' pages print it: with comments, a trailing comma, single quotes",
    ),
    http(
        "double-encoded",
        &[],
        |_| Kind::Http(Http::DoubleEncoded(http::DoubleEncoded)),
        "JSON within a JSON text; a form and a query percent-encoded twice",
    ),
    http(
        "wrong-auth",
        &[],
        |_| Kind::Http(Http::WrongAuth(http::WrongAuth)),
        "the signature or `Authorization` is another one; where there is none, a wrong one is added",
    ),
    http(
        "missing-header",
        &[Setting { name: "header", takes: Takes::Header("Content-Type"), meaning: "the header" }],
        |values| Kind::Http(Http::MissingHeader(http::MissingHeader::of(values))),
        "a header is left out",
    ),
    http(
        "wrong-method",
        &[Setting {
            name: "to",
            takes: Takes::Word(&["put", "patch", "delete", "get", "post"]),
            meaning: "the method: `put`, `patch`, `delete`, `get` or `post`",
        }],
        |values| Kind::Http(Http::WrongMethod(http::WrongMethod::of(values))),
        "another method than the vendor's",
    ),
    http(
        "wrong-path",
        &[Setting { name: "to", takes: Takes::Text("/no-such-path"), meaning: "what stands behind the path" }],
        |values| Kind::Http(Http::WrongPath(http::WrongPath::of(values))),
        "the path goes on where it should end",
    ),
    http(
        "header-case",
        &[],
        |_| Kind::Http(Http::HeaderCase(http::HeaderCase)),
        "the names of headers are in small letters, as behind an HTTP/2 gateway",
    ),
    http(
        "doc-literal",
        &[],
        |_| Kind::Http(Http::DocLiteral(http::DocLiteral)),
        "the body is the sample of the vendor's page, as it is printed; where the page prints none, nothing changes",
    ),
];

#[cfg(test)]
mod tests {
    use super::*;

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
