//! Which faults contradict each other: what each one needs of an attempt, and what it takes away. The rule is here, once.

use super::{Connection, ConnectionFault, HalfClose, Place, Reset};
use std::fmt;

/// What an attempt has of which a fault can need its part or take it away.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Thing {
    /// That there is a connection at all.
    Link,
    /// That bytes of the request leave.
    Request,
    /// That a request is framed as HTTP asks.
    Framing,
    /// At which pace bytes leave.
    Pace,
    /// Where the request pauses.
    Pause,
    /// Where segments end.
    Segments,
    /// How often the request goes.
    Copies,
    /// How the connection ends.
    End,
    /// That an answer is read.
    Answer,
    /// How fast it is read.
    Reading,
}

impl Thing {
    /// Why two faults cannot share it.
    fn why(self) -> &'static str {
        match self {
            Thing::Link => "a refused attempt has no connection on which anything could happen",
            Thing::Request => "nothing of the request is sent",
            Thing::Framing => "a request has one framing, and none may follow one that lies",
            Thing::Pace => "a request leaves at one pace",
            Thing::Pause => "a request stalls once",
            Thing::Segments => "the characters that are torn apart are chosen once",
            Thing::Copies => "how often the request goes is said once",
            Thing::End => "a connection ends once",
            Thing::Answer => "the answer is not read",
            Thing::Reading => "an answer is read at one pace",
        }
    }
}

/// What one fault needs and takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Claim {
    pub(super) fault: &'static str,
    needs: &'static [Thing],
    takes: &'static [Thing],
}

impl ConnectionFault {
    pub(super) fn claim(&self) -> Claim {
        use Thing::*;
        let (fault, needs, takes): (_, &'static [Thing], &'static [Thing]) = match self {
            Self::Refuse(_) => ("refuse", &[], &[Link]),
            Self::Reset(Reset { place: Place::Before }) => ("reset", &[Link], &[Request, End, Answer]),
            Self::Reset(_) => ("reset", &[Link], &[End, Answer]),
            Self::HalfClose(HalfClose { place: Place::Before }) => ("half-close", &[Link], &[Request, End]),
            Self::HalfClose(_) => ("half-close", &[Link], &[End]),
            Self::Trickle(_) => ("trickle", &[Link, Request], &[Pace]),
            Self::Stall(_) => ("stall", &[Link, Request], &[Pause]),
            Self::Abandon(_) => ("abandon", &[Link], &[End, Answer]),
            Self::ShortLength(_) => ("short-length", &[Link, Request], &[Framing]),
            Self::LongLength(_) => ("long-length", &[Link, Request], &[Framing]),
            Self::ChunkGarbage(_) => ("chunk-garbage", &[Link, Request], &[Framing]),
            Self::SplitUtf8(_) => ("split-utf8", &[Link, Request], &[Segments]),
            Self::Pipelined(_) => ("pipelined", &[Link, Request, Framing], &[Copies]),
            Self::SlowRead(_) => ("slow-read", &[Link, Answer], &[Reading]),
            Self::NewConnectionEach(_) => ("new-connection-each", &[Link], &[]),
        };
        Claim { fault, needs, takes }
    }
}

impl Claim {
    /// Why this one cannot come after `earlier`.
    pub(super) fn against(&self, earlier: &Claim) -> Option<Contradiction> {
        let is_shut = |one: &Claim, other: &Claim, thing: &Thing| {
            one.takes.contains(thing) && (other.needs.contains(thing) || other.takes.contains(thing))
        };
        let thing = earlier
            .takes
            .iter()
            .chain(self.takes)
            .find(|thing| is_shut(earlier, self, thing) || is_shut(self, earlier, thing))?;
        Some(Contradiction { fault: self.fault, with: earlier.fault, why: thing.why() })
    }

    /// Enters the claim.
    pub(super) fn enter(self, connection: &mut Connection) -> Result<(), Contradiction> {
        match connection.claims.iter().find_map(|earlier| self.against(earlier)) {
            Some(contradiction) => Err(contradiction),
            None => {
                connection.claims.push(self);
                Ok(())
            }
        }
    }
}

/// Two faults that cannot bend one attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Contradiction {
    /// The later one.
    pub fault: &'static str,
    /// The earlier one.
    pub with: &'static str,
    /// Why, as half a sentence.
    pub why: &'static str,
}

impl fmt::Display for Contradiction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.fault == self.with {
            true => write!(f, "`{}` is there twice: {}", self.fault, self.why),
            false => write!(f, "`{}` contradicts `{}`: {}", self.fault, self.with, self.why),
        }
    }
}

impl std::error::Error for Contradiction {}
