//! Faults in how a request says where its body ends: a `Content-Length` that lies, and chunks that are none.

use super::claim::{Claim, Contradiction, Thing};
use super::{Connection, LIE_MAX_BYTES};
use crate::random::Stream;
use bytes::Bytes;

/// What becomes of the framing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Lie {
    Shorter(u64),
    Longer(u64),
    Chunks(Flaw, Bytes),
}

/// `short-length`: `Content-Length` says less than is sent; the rest looks like another request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ShortLength {
    /// By how many bytes; from 1 to [`LIE_MAX_BYTES`], and never below a length of 0.
    pub by_bytes: u64,
}

impl Default for ShortLength {
    fn default() -> Self {
        Self { by_bytes: 10 }
    }
}

impl ShortLength {
    pub(super) fn claim(&self) -> Claim {
        Claim { fault: "short-length", needs: NEEDS, takes: TAKES }
    }

    /// Bends a connection; see [`super::ConnectionFault::bend`].
    #[allow(clippy::missing_errors_doc)]
    pub fn bend(&self, connection: &mut Connection, _draw: &mut Stream) -> Result<(), Contradiction> {
        self.claim().enter(connection)?;
        connection.lie = Some(Lie::Shorter(self.by_bytes.clamp(1, LIE_MAX_BYTES)));
        Ok(())
    }
}

/// `long-length`: `Content-Length` says more than is sent; the receiver waits for what never comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LongLength {
    /// By how many bytes; from 1 to [`LIE_MAX_BYTES`].
    pub by_bytes: u64,
}

impl Default for LongLength {
    fn default() -> Self {
        Self { by_bytes: 10 }
    }
}

impl LongLength {
    pub(super) fn claim(&self) -> Claim {
        Claim { fault: "long-length", needs: NEEDS, takes: TAKES }
    }

    /// Bends a connection; see [`super::ConnectionFault::bend`].
    #[allow(clippy::missing_errors_doc)]
    pub fn bend(&self, connection: &mut Connection, _draw: &mut Stream) -> Result<(), Contradiction> {
        self.claim().enter(connection)?;
        connection.lie = Some(Lie::Longer(self.by_bytes.clamp(1, LIE_MAX_BYTES)));
        Ok(())
    }
}

/// `chunk-garbage`: the body travels in chunks, and what frames them is broken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ChunkGarbage {
    /// What is broken.
    pub flaw: Flaw,
}

/// What is broken in a chunked body.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Flaw {
    /// Letters stand where the size of the second chunk belongs.
    #[default]
    Size,
    /// Letters stand where the last chunk belongs.
    End,
    /// The last chunk never comes.
    NoEnd,
}

impl Flaw {
    /// Every flaw with its word.
    pub const ALL: [(Flaw, &'static str); 3] = [(Flaw::Size, "size"), (Flaw::End, "end"), (Flaw::NoEnd, "no-end")];
}

impl ChunkGarbage {
    pub(super) fn claim(&self) -> Claim {
        Claim { fault: "chunk-garbage", needs: NEEDS, takes: TAKES }
    }

    /// Bends a connection, drawing the garbage; see [`super::ConnectionFault::bend`].
    #[allow(clippy::missing_errors_doc)]
    pub fn bend(&self, connection: &mut Connection, draw: &mut Stream) -> Result<(), Contradiction> {
        self.claim().enter(connection)?;
        // Letters behind f, so that no receiver can take them for a hexadecimal number.
        let mut garbage: Vec<u8> = (0..GARBAGE_BYTES).map(|_| b'g' + draw.below(20) as u8).collect();
        garbage.extend_from_slice(b"\r\n");
        connection.lie = Some(Lie::Chunks(self.flaw, garbage.into()));
        Ok(())
    }
}

/// How many letters of garbage there are, before their line break.
const GARBAGE_BYTES: usize = 6;

const NEEDS: &[Thing] = &[Thing::Link, Thing::Request];
const TAKES: &[Thing] = &[Thing::Framing];
