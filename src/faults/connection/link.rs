//! Faults in how a connection begins and ends, how often a request goes on it, and how its answer is read.

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
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Refuse;

/// `reset`: the connection is broken off by an RST.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reset {
    /// Where in the request.
    pub place: Place,
}

/// `half-close`: Ringback says that it sends nothing more (FIN), and then waits for the answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HalfClose {
    /// Where in the request. What comes behind it is not sent.
    pub place: Place,
}

/// `abandon`: the whole request is sent, and the connection is closed without reading the answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Abandon;

/// `pipelined`: the request follows itself on the same connection, before the first answer. Every one of them must be
/// answered, and the last answer counts. Whatever else bends the request bends the last one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pipelined {
    /// How many further times; from 1 to [`super::COPIES_MAX`].
    pub copies: u64,
}

/// `slow-read`: the answer is read at so many bytes per second, with a small window.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SlowRead {
    /// From [`super::RATE_MIN`] to [`super::RATE_MAX`].
    pub bytes_per_second: u64,
}

/// `new-connection-each`: the push gets a connection of its own, which is closed after the answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NewConnectionEach;
