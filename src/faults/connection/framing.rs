//! Faults in how a request says where its body ends: a `Content-Length` that lies, and chunks that are none.

use crate::random::Stream;
use bytes::Bytes;

/// How many letters of garbage there are, before their line break.
const GARBAGE_BYTES: usize = 6;

/// What becomes of the framing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Lie {
    Shorter(u64),
    Longer(u64),
    Chunks(Flaw, Bytes),
}

impl Lie {
    pub(super) fn chunks(flaw: Flaw, draw: &mut Stream) -> Self {
        // Letters behind f, so that no receiver can take them for a hexadecimal number.
        let mut garbage: Vec<u8> = (0..GARBAGE_BYTES).map(|_| b'g' + draw.below(20) as u8).collect();
        garbage.extend_from_slice(b"\r\n");
        Lie::Chunks(flaw, garbage.into())
    }
}

/// `short-length`: `Content-Length` says less than is sent; the rest looks like another request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ShortLength {
    /// By how many bytes; from 1 to [`super::LIE_MAX_BYTES`], and never below a length of 0.
    pub by_bytes: u64,
}

/// `long-length`: `Content-Length` says more than is sent; the receiver waits for what never comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LongLength {
    /// By how many bytes; from 1 to [`super::LIE_MAX_BYTES`].
    pub by_bytes: u64,
}

/// `chunk-garbage`: the body travels in chunks, and what frames them is broken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
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
