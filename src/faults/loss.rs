//! What a push may lose by a fault: whether a receiver can know afterwards what the vendor meant to say.

use super::connection::{ConnectionFault, Place};
use super::event::Event;
use super::http::Http;
use super::{FaultFact, Kind, Values};
use std::fmt;

/// The loss class of a fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Loss {
    /// Every push arrives whole, if late, often or in another order.
    #[default]
    Lossless,
    /// An attempt may fail; what the vendor sends again is whole.
    RepairedByRetry,
    /// A push may never arrive, or arrive with something else in it.
    Lossy,
}

impl Loss {
    /// Every class with its meaning, as it is listed.
    pub const ALL: [(Loss, &'static str); 3] = [
        (Loss::Lossless, "every push arrives whole, if late, often or in another order"),
        (Loss::RepairedByRetry, "an attempt may fail; what the vendor sends again is whole"),
        (Loss::Lossy, "a push may never arrive, or arrive with something else in it"),
    ];

    /// The word by which it is listed.
    pub fn as_str(self) -> &'static str {
        match self {
            Loss::Lossless => "lossless",
            Loss::RepairedByRetry => "repaired-by-retry",
            Loss::Lossy => "lossy",
        }
    }
}

impl fmt::Display for Loss {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl FaultFact {
    /// Its loss class, as long as no setting changes it.
    pub fn loss(&self) -> Loss {
        self.with(&Values::new(self.settings)).loss()
    }
}

impl Kind {
    /// Its loss class.
    pub fn loss(&self) -> Loss {
        match self {
            Kind::Event(fault) => event(fault),
            Kind::Http(fault) => http(fault),
            Kind::Connection(fault) => connection(fault),
        }
    }
}

fn event(fault: &Event) -> Loss {
    match fault {
        Event::Delay(_)
        | Event::Duplicate(_)
        | Event::DuplicateNewId(_)
        | Event::Reorder(_)
        | Event::LateAfterEnd(_)
        | Event::StaleRetry(_)
        | Event::Burst(_)
        | Event::SplitStory(_)
        | Event::LostAck(_)
        | Event::Blackout(_) => Loss::Lossless,
        Event::Drop(_) | Event::ClockSkew(_) => Loss::Lossy,
    }
}

/// A push is lost where a receiver can acknowledge it without having read what it was meant to say.
fn http(fault: &Http) -> Loss {
    match fault {
        Http::ExtraField(_)
        | Http::Oversize(_)
        | Http::Bom(_)
        | Http::BadJson(_)
        | Http::DoubleEncoded(_)
        | Http::HeaderCase(_) => Loss::RepairedByRetry,
        Http::TruncateBody(_)
        | Http::TypeFlip(_)
        | Http::MissingField(_)
        | Http::UnknownEnum(_)
        | Http::NullField(_)
        | Http::EmptyBody(_)
        | Http::WrongContentType(_)
        | Http::WrongCharset(_)
        | Http::BadUtf8(_)
        | Http::WrongAuth(_)
        | Http::MissingHeader(_)
        | Http::WrongMethod(_)
        | Http::WrongPath(_)
        | Http::DocLiteral(_) => Loss::Lossy,
    }
}

fn connection(fault: &ConnectionFault) -> Loss {
    match fault {
        ConnectionFault::Trickle(_)
        | ConnectionFault::Stall(_)
        | ConnectionFault::SplitUtf8(_)
        | ConnectionFault::Pipelined(_)
        | ConnectionFault::SlowRead(_)
        | ConnectionFault::NewConnectionEach(_) => Loss::Lossless,
        ConnectionFault::HalfClose(fault) if fault.place == Place::After => Loss::Lossless,
        ConnectionFault::HalfClose(_)
        | ConnectionFault::Refuse(_)
        | ConnectionFault::Reset(_)
        | ConnectionFault::Abandon(_)
        | ConnectionFault::LongLength(_)
        | ConnectionFault::ChunkGarbage(_) => Loss::RepairedByRetry,
        // A form that ends early is whole in its receiver's eyes.
        ConnectionFault::ShortLength(_) => Loss::Lossy,
    }
}
