//! The connection layer: what a receiver meets below HTTP. Each fault is a settings struct that bends a [`Connection`];
//! how the bent connection crosses the wire is in `plan`, and nothing here opens a socket.

mod claim;
mod flow;
mod framing;
mod link;
mod plan;
mod table;

pub use claim::Contradiction;
pub use flow::{SplitUtf8, Stall, Trickle};
pub use framing::{ChunkGarbage, Flaw, LongLength, ShortLength};
pub use link::{Abandon, HalfClose, NewConnectionEach, Pipelined, Place, Refuse, Reset, SlowRead};
pub use plan::{RESET_SETTLE, turns};
pub use table::FACTS;

use crate::http::Message;
use crate::random::Stream;
use claim::Claim;
use flow::Split;
use framing::Lie;
use link::End;
use std::time::Duration;

/// The fewest bytes per second at which a request leaves, or an answer is read.
pub const RATE_MIN: u64 = 1;
/// The most bytes per second; faster is as good as unbent.
pub const RATE_MAX: u64 = 1024 * 1024;
/// The longest pause of a fault.
pub const PAUSE_MAX: Duration = Duration::from_secs(600);
/// By how many bytes a `Content-Length` may lie.
pub const LIE_MAX_BYTES: u64 = 1024 * 1024;
/// How many characters of one body are torn apart.
pub const SPLITS_MAX: u64 = 16;
/// How often a request follows itself on one connection.
pub const COPIES_MAX: u64 = 8;

/// How one attempt crosses the wire. The default is the clean path.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Connection {
    /// Which faults bent it, and what each of them needs and takes.
    claims: Vec<Claim>,
    /// Whether it is never opened.
    refused: bool,
    lie: Option<Lie>,
    trickle_per_second: Option<u64>,
    stall: Option<Duration>,
    split: Option<Split>,
    /// How often the request follows itself.
    copies: u32,
    end: Option<End>,
    read_per_second: Option<u64>,
}

impl Connection {
    /// Whether no fault has bent it, so that it takes the clean path.
    pub fn is_clean(&self) -> bool {
        self.claims.is_empty()
    }

    /// The faults that bent it, in order.
    pub fn bent_by(&self) -> impl Iterator<Item = &'static str> {
        self.claims.iter().map(|claim| claim.fault)
    }
}

/// A fault of the connection layer with its settings. The closed list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "each is documented at its struct and in FACTS")]
pub enum ConnectionFault {
    Refuse(Refuse),
    Reset(Reset),
    HalfClose(HalfClose),
    Trickle(Trickle),
    Stall(Stall),
    Abandon(Abandon),
    ShortLength(ShortLength),
    LongLength(LongLength),
    ChunkGarbage(ChunkGarbage),
    SplitUtf8(SplitUtf8),
    Pipelined(Pipelined),
    SlowRead(SlowRead),
    NewConnectionEach(NewConnectionEach),
}

impl ConnectionFault {
    /// The name by which a scenario and `list faults` call it.
    pub fn name(&self) -> &'static str {
        self.claim().fault
    }

    /// Bends a connection.
    ///
    /// # Errors
    /// Where it contradicts a fault that bent the connection before; then the connection stays as it was.
    pub fn bend(&self, connection: &mut Connection, draw: &mut Stream) -> Result<(), Contradiction> {
        self.claim().enter(connection)?;
        match self {
            Self::Refuse(_) => connection.refused = true,
            Self::Reset(fault) => connection.end = Some(End::Reset(fault.place)),
            Self::HalfClose(fault) => connection.end = Some(End::HalfClose(fault.place)),
            Self::Trickle(fault) => {
                connection.trickle_per_second = Some(fault.bytes_per_second.clamp(RATE_MIN, RATE_MAX));
            }
            Self::Stall(fault) => connection.stall = Some(fault.pause.min(PAUSE_MAX)),
            Self::Abandon(_) => connection.end = Some(End::Abandon),
            Self::ShortLength(fault) => connection.lie = Some(Lie::Shorter(fault.by_bytes.clamp(1, LIE_MAX_BYTES))),
            Self::LongLength(fault) => connection.lie = Some(Lie::Longer(fault.by_bytes.clamp(1, LIE_MAX_BYTES))),
            Self::ChunkGarbage(fault) => connection.lie = Some(Lie::chunks(fault.flaw, draw)),
            Self::SplitUtf8(fault) => connection.split = Some(Split::drawn(*fault, draw)),
            Self::Pipelined(fault) => connection.copies = fault.copies.clamp(1, COPIES_MAX) as u32,
            Self::SlowRead(fault) => {
                connection.read_per_second = Some(fault.bytes_per_second.clamp(RATE_MIN, RATE_MAX));
            }
            // Every connection that is played step by step is new, so the claim alone says it.
            Self::NewConnectionEach(_) => {}
        }
        Ok(())
    }

    /// Bends a connection over which this body goes. False where nothing differs on the wire: then it stays as it was.
    pub(in crate::faults) fn strike(&self, connection: &mut Connection, body: &[u8], draw: &mut Stream) -> bool {
        let mut bent = connection.clone();
        if self.bend(&mut bent, draw).is_err() {
            return false;
        }
        let message = Message::plain(b"HEAD", body);
        let on_wire = |connection: &Connection| (connection.framing(body.len()), connection.plan(&message).ops);
        // One connection more can be seen, though the bytes on it are the same.
        let differs = matches!(self, Self::NewConnectionEach(_)) || on_wire(connection) != on_wire(&bent);
        if differs {
            *connection = bent;
        }
        differs
    }

    /// Why the two cannot bend one attempt, whatever is drawn; for whoever reads a list of faults.
    pub fn contradiction(&self, other: &Self) -> Option<Contradiction> {
        self.claim().against(&other.claim())
    }
}
