//! Opens a journal: tells it from other files, brings an older one up to date, refuses a newer one.

use super::error::JournalError;
use super::schema::{APPLICATION_ID, STEPS, VERSION};
use rusqlite::{Connection, OpenFlags, TransactionBehavior};
use std::path::Path;
use std::time::Duration;

/// How long to wait for another process that holds the file.
const BUSY_WAIT_MAX: Duration = Duration::from_secs(5);
/// How many prepared statements a connection keeps.
const STATEMENTS_KEPT: usize = 32;

/// Opens a journal to write to; it is made where it does not exist.
pub(super) fn to_write(path: &Path) -> Result<Connection, JournalError> {
    let refused = |error: rusqlite::Error| JournalError::of(path, &error);
    let mut connection = Connection::open_with_flags(
        path,
        OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX,
    )
    .map_err(refused)?;
    settle(&connection).map_err(refused)?;
    if version(&connection, path)? < VERSION {
        bring_up_to_date(&mut connection, path)?;
    }
    // Readers go on while one writes. A commit reaches the system, so it outlives the process; no wait for the disk.
    connection.query_row("PRAGMA journal_mode = WAL", [], |_| Ok(())).map_err(refused)?;
    connection.pragma_update(None, "synchronous", "NORMAL").map_err(refused)?;
    Ok(connection)
}

/// Opens a journal that exists, to read from.
pub(super) fn to_read(path: &Path) -> Result<Connection, JournalError> {
    let refused = |error: rusqlite::Error| JournalError::of(path, &error);
    let connection =
        Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX)
            .map_err(refused)?;
    settle(&connection).map_err(refused)?;
    let found = version(&connection, path)?;
    if found < VERSION {
        let told =
            format!("it has version {found} of the journal; open it once to write, so that it becomes {VERSION}");
        return Err(JournalError::Refused { path: path.to_owned(), told });
    }
    Ok(connection)
}

/// What tells a file from another one at the same path; nothing where the system does not say.
pub(super) type Identity = (u64, u64);

/// The identity of the file that is at a path now.
pub(super) fn identity(path: &Path) -> Option<Identity> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        path.metadata().ok().map(|metadata| (metadata.dev(), metadata.ino()))
    }
    #[cfg(not(unix))]
    {
        path.metadata().ok().map(|_| (0, 0))
    }
}

fn settle(connection: &Connection) -> rusqlite::Result<()> {
    connection.busy_timeout(BUSY_WAIT_MAX)?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS_KEPT);
    Ok(())
}

/// The version of the journal; 0 for an empty file.
fn version(connection: &Connection, path: &Path) -> Result<i64, JournalError> {
    let number = |pragma: &str| {
        connection.query_row(pragma, [], |row| row.get::<_, i64>(0)).map_err(|error| JournalError::of(path, &error))
    };
    let application = number("PRAGMA application_id")?;
    let found = number("PRAGMA user_version")?;
    let tables = number("SELECT count(*) FROM sqlite_schema")?;
    if application != APPLICATION_ID && (application != 0 || found != 0 || tables != 0) {
        return Err(JournalError::NotAJournal { path: path.to_owned() });
    }
    if found > VERSION {
        return Err(JournalError::Newer { path: path.to_owned(), found, known: VERSION });
    }
    Ok(found)
}

/// Takes every step that the file still lacks, in one transaction: a process killed on the way leaves the old version.
fn bring_up_to_date(connection: &mut Connection, path: &Path) -> Result<(), JournalError> {
    let refused = |error: rusqlite::Error| JournalError::of(path, &error);
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(refused)?;
    // Another process may have done it while this one waited for the lock.
    let found = version(&transaction, path)?;
    for step in STEPS.iter().skip(usize::try_from(found).unwrap_or(0)) {
        transaction.execute_batch(step).map_err(refused)?;
    }
    transaction.pragma_update(None, "application_id", APPLICATION_ID).map_err(refused)?;
    transaction.pragma_update(None, "user_version", VERSION).map_err(refused)?;
    transaction.commit().map_err(refused)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn an_older_journal_is_brought_up_to_date_and_keeps_its_rows() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("old.journal");
        let old = Connection::open(&path).unwrap();
        old.execute_batch(STEPS[0]).unwrap();
        old.execute_batch("INSERT INTO runs (ringback, seed, start_ms, pace) VALUES ('0.0.1', 7, 0, 'fast')").unwrap();
        old.pragma_update(None, "application_id", APPLICATION_ID).unwrap();
        old.pragma_update(None, "user_version", 1).unwrap();
        drop(old);

        assert!(to_read(&path).is_err_and(|error| error.to_string().contains("version 1 of the journal")));
        let connection = to_write(&path).unwrap();
        let count = |sql| connection.query_row(sql, [], |row| row.get::<_, i64>(0)).unwrap();
        assert_eq!(count("SELECT count(*) FROM runs WHERE seed = 7"), 1);
        assert_eq!(count("SELECT count(*) FROM entries"), 0);
        assert_eq!(count("PRAGMA user_version"), VERSION);
        assert!(to_read(&path).is_ok());
    }

    #[test]
    fn a_file_that_is_no_journal_is_refused_and_not_touched() {
        let folder = tempfile::tempdir().unwrap();
        let text = folder.path().join("notes.txt");
        std::fs::write(&text, "a shopping list that is long enough to be read as a header: ".repeat(40)).unwrap();
        let before = std::fs::read(&text).unwrap();
        assert!(matches!(to_write(&text), Err(JournalError::NotSqlite { .. })));
        assert!(matches!(to_read(&text), Err(JournalError::NotSqlite { .. })));
        assert_eq!(std::fs::read(&text).unwrap(), before);

        let foreign = folder.path().join("other.db");
        Connection::open(&foreign).unwrap().execute_batch("CREATE TABLE songs (name TEXT)").unwrap();
        let before = std::fs::read(&foreign).unwrap();
        assert!(matches!(to_write(&foreign), Err(JournalError::NotAJournal { .. })));
        assert_eq!(std::fs::read(&foreign).unwrap(), before);

        assert!(matches!(to_read(&folder.path().join("none")), Err(JournalError::Refused { .. })));
        assert!(matches!(to_write(&folder.path().join("no/such/folder")), Err(JournalError::Refused { .. })));
        assert!(matches!(to_write(folder.path()), Err(JournalError::Refused { .. })));
    }

    #[test]
    fn a_newer_journal_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("new.journal");
        to_write(&path).unwrap().pragma_update(None, "user_version", VERSION + 1).unwrap();
        for refused in [to_write(&path), to_read(&path)] {
            let told = refused.unwrap_err().to_string();
            assert!(told.contains("newer Ringback"), "{told}");
        }
    }
}
