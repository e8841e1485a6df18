//! How one attempt crosses the wire, below HTTP. Only the clean path so far.

/// How one attempt crosses the wire: a plain value that whoever sends it plays.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Connection {}

impl Connection {
    /// Whether nothing is wrong on purpose.
    pub fn is_clean(&self) -> bool {
        *self == Self::default()
    }
}
