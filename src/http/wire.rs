//! What one attempt does on the wire: the exact bytes of a request, and step by step what becomes of the connection.
//! Values only; `faults` writes such plans, `delivery` plays them.

use bytes::Bytes;
use std::ops::Range;
use std::time::Duration;

/// How the body of a request is framed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Framing {
    /// As HTTP asks: by the length of the body, where the method has one.
    Honest,
    /// By this length, whatever the length of the body is.
    Length(u64),
    /// In two chunks, or in one where the body has a single byte.
    Chunked,
}

/// A request as the bytes that cross the wire.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// Head and body, framed.
    pub bytes: Bytes,
    /// Where the body begins.
    pub body_at: usize,
    /// Where the second chunk begins with its size, or the last one where there is no second.
    pub second_chunk_at: Option<usize>,
    /// Where the last chunk begins, the empty one.
    pub last_chunk_at: Option<usize>,
}

impl Message {
    /// A message whose body is not in chunks.
    pub fn plain(head: &[u8], body: &[u8]) -> Self {
        let bytes: Bytes = [head, body].concat().into();
        Self { bytes, body_at: head.len(), second_chunk_at: None, last_chunk_at: None }
    }
}

/// One step on the wire.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WireOp {
    /// Sends these bytes of the message at once, flushed: one segment where they fit into one.
    Send(Range<usize>),
    /// Sends these bytes of the message piece by piece.
    Trickle {
        /// Which bytes.
        range: Range<usize>,
        /// How many go at a time.
        piece_bytes: usize,
        /// How long each piece waits for its turn.
        every: Duration,
    },
    /// Sends bytes that are not of the message.
    Garbage(Bytes),
    /// Sends nothing for a while.
    Pause(Duration),
    /// Says that nothing more will be sent (FIN); answers can still be read.
    HalfClose,
    /// Reads answers, and closes the connection after the last one.
    Read {
        /// How many.
        answers: u32,
        /// How fast; as fast as they come where it is left open.
        bytes_per_second: Option<u64>,
    },
    /// Closes the connection without reading (FIN).
    Close,
    /// Breaks the connection off (RST).
    Reset,
}

/// Everything that one attempt does on the wire.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WirePlan {
    /// What is sent, in whole or in part.
    pub message: Bytes,
    /// How often it is sent on the connection.
    pub requests: u32,
    /// The steps, in order. Without any, no connection is opened.
    pub ops: Vec<WireOp>,
    /// What a fault had nothing to take hold of, in words.
    pub notes: Vec<String>,
}

impl WirePlan {
    /// Every byte that leaves, in order, where the receiver lets all of them leave.
    pub fn transcript(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        for op in &self.ops {
            match op {
                WireOp::Send(range) | WireOp::Trickle { range, .. } => bytes.extend_from_slice(self.part(range)),
                WireOp::Garbage(garbage) => bytes.extend_from_slice(garbage),
                WireOp::Pause(_) | WireOp::HalfClose | WireOp::Read { .. } | WireOp::Close | WireOp::Reset => {}
            }
        }
        bytes
    }

    /// These bytes of the message; none where the range is not within it.
    pub fn part(&self, range: &Range<usize>) -> &[u8] {
        self.message.get(range.clone()).unwrap_or_default()
    }
}
