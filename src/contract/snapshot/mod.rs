//! Snapshots: the answers of a story as text, held against what was accepted before. Only `store` opens files.

mod difference;
mod format;
mod store;
mod story;

pub use difference::{CONTEXT_LINES, difference};
pub use format::{Damage, SNAPSHOT_FORMAT, Snapshot};
pub use store::{Entry, FILE_MAX_BYTES, Store, StoreError, file_name};
pub use story::Answers;
