//! The tables of the journal, version by version. A version that was released is never edited; the next one is appended.

/// Marks an SQLite file as a journal: "RngB".
pub(super) const APPLICATION_ID: i64 = 0x526e_6742;

/// The version of the schema that this Ringback writes.
pub const VERSION: i64 = STEPS.len() as i64;

/// What turns each version into the next, from an empty file on.
///
/// Instants are milliseconds since 1970: `wall_` by the machine's clock, the others in scenario time.
pub(super) const STEPS: &[&str] = &[
    // 1: runs and their attempts.
    "CREATE TABLE runs (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        ringback TEXT NOT NULL,
        seed INTEGER NOT NULL,
        start_ms INTEGER NOT NULL,
        pace TEXT NOT NULL
    ) STRICT;
    CREATE TABLE attempts (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        run INTEGER NOT NULL REFERENCES runs (id),
        vendor TEXT NOT NULL,
        scenario TEXT NOT NULL,
        push TEXT NOT NULL,
        call TEXT NOT NULL,
        delivery INTEGER NOT NULL,
        target INTEGER NOT NULL,
        attempt INTEGER NOT NULL,
        account TEXT NOT NULL,
        conversation TEXT NOT NULL,
        method TEXT NOT NULL,
        url TEXT NOT NULL,
        headers TEXT NOT NULL,
        body TEXT NOT NULL,
        timeout_ms INTEGER NOT NULL,
        delay_ms INTEGER NOT NULL,
        requested_ms INTEGER NOT NULL,
        started_ms INTEGER NOT NULL,
        ended_ms INTEGER,
        wall_started_ms INTEGER NOT NULL,
        wall_ended_ms INTEGER,
        outcome TEXT,
        status INTEGER,
        reply TEXT
    ) STRICT;
    CREATE INDEX attempts_by_end ON attempts (vendor, account, ended_ms, id);
    CREATE INDEX attempts_by_push ON attempts (vendor, account, push, ended_ms, id);",
    // 2: what vendors record of their own.
    "CREATE TABLE entries (
        vendor TEXT NOT NULL,
        account TEXT NOT NULL,
        id TEXT NOT NULL,
        at_ms INTEGER NOT NULL,
        record TEXT NOT NULL,
        PRIMARY KEY (vendor, account, id)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX entries_by_time ON entries (vendor, at_ms, id);",
];
