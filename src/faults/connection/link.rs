//! Faults in how a connection begins and ends, how often a request goes on it, and how its answer is read.

use super::claim::{Claim, Contradiction, Thing};
use super::{COPIES_MAX, Connection, RATE_MAX, RATE_MIN};
use crate::random::Stream;

/// Where in a request something happens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// Before its first byte.
    Before,
    /// After half of its body, or of its head where it has no body.
    Middle,
    /// After its last byte.
    After,
}

impl Place {
    /// Every place with its word.
    pub const ALL: [(Place, &'static str); 3] =
        [(Place::Before, "before"), (Place::Middle, "middle"), (Place::After, "after")];
}

/// How the connection ends, other than by being closed after the answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    Reset(Place),
    HalfClose(Place),
    Abandon,
}

/// `refuse`: the attempt never gets a connection, and is reported as refused by the fault. Nothing is opened: whether a
/// port of the target is closed is not ours to decide, and a receiver cannot tell a refused connection from none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Refuse;

impl Refuse {
    pub(super) fn claim(&self) -> Claim {
        Claim { fault: "refuse", needs: &[], takes: &[Thing::Link] }
    }

    /// Bends a connection; see [`super::ConnectionFault::bend`].
    #[allow(clippy::missing_errors_doc)]
    pub fn bend(&self, connection: &mut Connection, _draw: &mut Stream) -> Result<(), Contradiction> {
        self.claim().enter(connection)?;
        connection.refused = true;
        Ok(())
    }
}

/// `reset`: the connection is broken off by an RST.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reset {
    /// Where in the request.
    pub place: Place,
}

impl Default for Reset {
    fn default() -> Self {
        Self { place: Place::Middle }
    }
}

impl Reset {
    pub(super) fn claim(&self) -> Claim {
        let takes: &[Thing] = match self.place {
            Place::Before => &[Thing::Request, Thing::End, Thing::Answer],
            Place::Middle | Place::After => &[Thing::End, Thing::Answer],
        };
        Claim { fault: "reset", needs: &[Thing::Link], takes }
    }

    /// Bends a connection; see [`super::ConnectionFault::bend`].
    #[allow(clippy::missing_errors_doc)]
    pub fn bend(&self, connection: &mut Connection, _draw: &mut Stream) -> Result<(), Contradiction> {
        self.claim().enter(connection)?;
        connection.end = Some(End::Reset(self.place));
        Ok(())
    }
}

/// `half-close`: Ringback says that it sends nothing more (FIN), and then waits for the answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HalfClose {
    /// Where in the request. What comes behind it is not sent.
    pub place: Place,
}

impl Default for HalfClose {
    fn default() -> Self {
        Self { place: Place::After }
    }
}

impl HalfClose {
    pub(super) fn claim(&self) -> Claim {
        let takes: &[Thing] = match self.place {
            Place::Before => &[Thing::Request, Thing::End],
            Place::Middle | Place::After => &[Thing::End],
        };
        Claim { fault: "half-close", needs: &[Thing::Link], takes }
    }

    /// Bends a connection; see [`super::ConnectionFault::bend`].
    #[allow(clippy::missing_errors_doc)]
    pub fn bend(&self, connection: &mut Connection, _draw: &mut Stream) -> Result<(), Contradiction> {
        self.claim().enter(connection)?;
        connection.end = Some(End::HalfClose(self.place));
        Ok(())
    }
}

/// `abandon`: the whole request is sent, and the connection is closed without reading the answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Abandon;

impl Abandon {
    pub(super) fn claim(&self) -> Claim {
        Claim { fault: "abandon", needs: &[Thing::Link], takes: &[Thing::End, Thing::Answer] }
    }

    /// Bends a connection; see [`super::ConnectionFault::bend`].
    #[allow(clippy::missing_errors_doc)]
    pub fn bend(&self, connection: &mut Connection, _draw: &mut Stream) -> Result<(), Contradiction> {
        self.claim().enter(connection)?;
        connection.end = Some(End::Abandon);
        Ok(())
    }
}

/// `pipelined`: the request follows itself on the same connection, before the first answer. Every one of them must be
/// answered, and the last answer counts. Whatever else bends the request bends the last one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pipelined {
    /// How many further times; from 1 to [`COPIES_MAX`].
    pub copies: u64,
}

impl Default for Pipelined {
    fn default() -> Self {
        Self { copies: 1 }
    }
}

impl Pipelined {
    pub(super) fn claim(&self) -> Claim {
        Claim { fault: "pipelined", needs: &[Thing::Link, Thing::Request, Thing::Framing], takes: &[Thing::Copies] }
    }

    /// Bends a connection; see [`super::ConnectionFault::bend`].
    #[allow(clippy::missing_errors_doc)]
    pub fn bend(&self, connection: &mut Connection, _draw: &mut Stream) -> Result<(), Contradiction> {
        self.claim().enter(connection)?;
        connection.copies = self.copies.clamp(1, COPIES_MAX) as u32;
        Ok(())
    }
}

/// `slow-read`: the answer is read at so many bytes per second, with a small window.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SlowRead {
    /// From [`RATE_MIN`] to [`RATE_MAX`].
    pub bytes_per_second: u64,
}

impl Default for SlowRead {
    fn default() -> Self {
        Self { bytes_per_second: 200 }
    }
}

impl SlowRead {
    pub(super) fn claim(&self) -> Claim {
        Claim { fault: "slow-read", needs: &[Thing::Link, Thing::Answer], takes: &[Thing::Reading] }
    }

    /// Bends a connection; see [`super::ConnectionFault::bend`].
    #[allow(clippy::missing_errors_doc)]
    pub fn bend(&self, connection: &mut Connection, _draw: &mut Stream) -> Result<(), Contradiction> {
        self.claim().enter(connection)?;
        connection.read_per_second = Some(self.bytes_per_second.clamp(RATE_MIN, RATE_MAX));
        Ok(())
    }
}

/// `new-connection-each`: the push gets a connection of its own, which is closed after the answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct NewConnectionEach;

impl NewConnectionEach {
    pub(super) fn claim(&self) -> Claim {
        Claim { fault: "new-connection-each", needs: &[Thing::Link], takes: &[] }
    }

    /// Bends a connection; see [`super::ConnectionFault::bend`].
    #[allow(clippy::missing_errors_doc)]
    pub fn bend(&self, connection: &mut Connection, _draw: &mut Stream) -> Result<(), Contradiction> {
        // Every connection that is played step by step is new, so the claim alone says it.
        self.claim().enter(connection)
    }
}
