//! What can be wrong with a journal, in words that say what to do.

use rusqlite::ErrorCode;
use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

/// Why a journal cannot be opened, read or written.
#[derive(Debug)]
pub enum JournalError {
    /// The file is not an SQLite database.
    NotSqlite {
        /// The file.
        path: PathBuf,
    },
    /// The file is an SQLite database of another program.
    NotAJournal {
        /// The file.
        path: PathBuf,
    },
    /// A newer Ringback wrote the file.
    Newer {
        /// The file.
        path: PathBuf,
        /// The version of its schema.
        found: i64,
        /// The newest version that this Ringback knows.
        known: i64,
    },
    /// There is no room left to write to.
    Full {
        /// The file.
        path: PathBuf,
    },
    /// Another process kept the file locked for too long.
    Busy {
        /// The file.
        path: PathBuf,
    },
    /// The file is damaged.
    Damaged {
        /// The file.
        path: PathBuf,
        /// What SQLite says.
        told: String,
    },
    /// Anything else that SQLite or the system refuses.
    Refused {
        /// The file.
        path: PathBuf,
        /// What SQLite says.
        told: String,
    },
}

impl JournalError {
    /// What an error of SQLite means for the journal at `path`.
    pub(super) fn of(path: &Path, error: &rusqlite::Error) -> Self {
        let path = path.to_owned();
        let told = error.to_string();
        match error.sqlite_error_code() {
            Some(ErrorCode::NotADatabase) => JournalError::NotSqlite { path },
            Some(ErrorCode::DiskFull) => JournalError::Full { path },
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => JournalError::Busy { path },
            Some(ErrorCode::DatabaseCorrupt) => JournalError::Damaged { path, told },
            _ => JournalError::Refused { path, told },
        }
    }
}

impl fmt::Display for JournalError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            JournalError::NotSqlite { path } => {
                write!(f, "{} is not a journal: it is not an SQLite file; name another file", path.display())
            }
            JournalError::NotAJournal { path } => {
                write!(f, "{} is an SQLite file of another program, not a journal; name another file", path.display())
            }
            JournalError::Newer { path, found, known } => write!(
                f,
                "{} was written by a newer Ringback (version {found} of the journal, this one knows {known}); \
                 use that Ringback, or name another file",
                path.display()
            ),
            JournalError::Full { path } => {
                write!(f, "no room is left to write the journal {}; free some, or name another file", path.display())
            }
            JournalError::Busy { path } => {
                write!(f, "another process keeps the journal {} locked; wait for it to end", path.display())
            }
            JournalError::Damaged { path, told } => {
                write!(f, "the journal {} is damaged ({told}); name another file", path.display())
            }
            JournalError::Refused { path, told } => write!(f, "the journal {}: {told}", path.display()),
        }
    }
}

impl std::error::Error for JournalError {}

impl From<JournalError> for io::Error {
    fn from(error: JournalError) -> Self {
        let kind = match error {
            JournalError::Full { .. } => io::ErrorKind::StorageFull,
            JournalError::Busy { .. } => io::ErrorKind::ResourceBusy,
            JournalError::NotSqlite { .. }
            | JournalError::NotAJournal { .. }
            | JournalError::Newer { .. }
            | JournalError::Damaged { .. } => io::ErrorKind::InvalidData,
            JournalError::Refused { .. } => io::ErrorKind::Other,
        };
        io::Error::new(kind, error)
    }
}
