//! The journal: every attempt of every run, and the vendors' own records, in one SQLite file. Nothing of a vendor's wording.
//!
//! A row is written before [`Report::event`](crate::report::Report::event) returns, each in a transaction of its own. So
//! whatever a report tells outlives a killed process, where the journal comes before that report. The file is in WAL mode:
//! it can be read while it is written, and several runs may write it at a time. After a power cut the last rows may be
//! missing, but the file is whole.

mod error;
mod open;
mod read;
mod rows;
mod schema;
mod write;

pub use error::JournalError;
pub use read::Reader;
pub use rows::{AttemptFilter, AttemptRow, Column, Entries, EntryFilter, EntryRow, Order, Outcome, Page, UrlFilter};
pub use schema::VERSION;
pub use write::{Journal, TEXT_MAX_BYTES};

/// What the query APIs ask a journal. [`Reader`] answers from a file; a test can answer from values.
pub trait Records {
    /// One page of the attempts that ended and that the filter lets through.
    ///
    /// # Errors
    /// Where the journal cannot be read.
    fn attempts(&self, filter: &AttemptFilter, page: Page) -> Result<Vec<AttemptRow>, JournalError>;

    /// One page of the vendors' own records, newest first, and how many the filter lets through in all.
    ///
    /// # Errors
    /// Where the journal cannot be read.
    fn entries(&self, filter: &EntryFilter, page: Page) -> Result<Entries, JournalError>;
}
