//! Reads a journal, also one that another process is writing. Filters become SQL; their values never do.

use super::Records;
use super::error::JournalError;
use super::open;
use super::rows::{AttemptFilter, AttemptRow, Column, Entries, EntryFilter, EntryRow, Order, Outcome, Page, UrlFilter};
use jiff::Timestamp;
use rusqlite::types::{ToSql, Type};
use rusqlite::{Connection, Row};
use std::path::{Path, PathBuf};

/// A journal that is only read. For one thread at a time; a file may have many readers.
#[derive(Debug)]
pub struct Reader {
    connection: Connection,
    path: PathBuf,
    identity: Option<open::Identity>,
}

/// Parts of a WHERE clause with the values that they need.
struct Conditions {
    sql: Vec<String>,
    values: Vec<Box<dyn ToSql>>,
}

impl Conditions {
    fn new() -> Self {
        Self { sql: Vec::new(), values: Vec::new() }
    }

    /// Adds a condition; each `?` in it stands for the value.
    fn add(&mut self, sql: &str, value: impl ToSql + 'static) {
        self.values.push(Box::new(value));
        self.sql.push(sql.replace('?', &format!("?{}", self.values.len())));
    }

    fn clause(&self) -> String {
        self.sql.join(" AND ")
    }

    /// The LIMIT and OFFSET that belong behind the clause.
    fn page(&mut self, page: Page) -> String {
        self.values.push(Box::new(page.limit));
        self.values.push(Box::new(i64::try_from(page.offset).unwrap_or(i64::MAX)));
        format!("LIMIT ?{} OFFSET ?{}", self.values.len() - 1, self.values.len())
    }

    fn values(&self) -> Vec<&dyn ToSql> {
        self.values.iter().map(AsRef::as_ref).collect()
    }
}

impl Reader {
    /// Opens a journal that exists and is up to date.
    ///
    /// # Errors
    /// Where it is not, or cannot be read.
    pub fn open(path: &Path) -> Result<Self, JournalError> {
        // Asked first: where the file is replaced in between, the reader is taken for an old one, which does no harm.
        let identity = open::identity(path);
        Ok(Self { connection: open::to_read(path)?, path: path.to_owned(), identity })
    }

    /// Whether the file is still the one that was opened. One that was deleted or replaced would be read on for ever.
    pub fn is_current(&self) -> bool {
        self.identity == open::identity(&self.path)
    }

    fn refused(&self, error: &rusqlite::Error) -> JournalError {
        JournalError::of(&self.path, error)
    }

    fn attempt_rows(&self, filter: &AttemptFilter, page: Page) -> rusqlite::Result<Vec<AttemptRow>> {
        let column = match filter.column {
            Column::Requested => "requested_ms",
            Column::Started => "started_ms",
            Column::Ended => "ended_ms",
        };
        let direction = match filter.order {
            Order::NewestFirst => "DESC",
            Order::OldestFirst => "ASC",
        };
        let mut conditions = Conditions::new();
        conditions.add("vendor = ?", filter.vendor);
        conditions.add("account = ?", filter.account.clone());
        conditions.add(&format!("{column} >= ?"), *filter.during_ms.start());
        conditions.add(&format!("{column} <= ?"), *filter.during_ms.end());
        if let Some(push) = &filter.push {
            conditions.add("push = ?", push.clone());
        }
        if let Some(acknowledged) = filter.acknowledged {
            conditions.add("(outcome = 'acknowledged') = ?", acknowledged);
        }
        if let Some(attempt) = filter.attempt {
            conditions.add("attempt = ?", attempt);
        }
        match &filter.url {
            None => {}
            // What follows the question mark is cut off, unless the question mark is in the text that is looked for.
            Some(UrlFilter::Is(url)) => {
                conditions.add(&format!("(url = ? OR substr(url, 1, instr(url, {MARK}) - 1) = ?)"), url.clone())
            }
            Some(UrlFilter::Contains(part)) => conditions.add("instr(url, ?) > 0", part.clone()),
        }
        let sql = format!(
            "SELECT id, vendor, push, account, conversation, attempt, method, url, headers, body, timeout_ms, delay_ms,
                    requested_ms, started_ms, ended_ms, outcome, status, coalesce(reply, '')
             FROM attempts WHERE ended_ms IS NOT NULL AND {}
             ORDER BY {column} {direction}, id {direction} {}",
            conditions.clause(),
            conditions.page(page)
        );
        let mut statement = self.connection.prepare_cached(&sql)?;
        statement.query_map(conditions.values().as_slice(), attempt_row)?.collect()
    }

    fn entry_rows(&self, filter: &EntryFilter, page: Page) -> rusqlite::Result<Entries> {
        let mut conditions = Conditions::new();
        conditions.add("vendor = ?", filter.vendor);
        conditions.add("at_ms >= ?", *filter.during_ms.start());
        conditions.add("at_ms <= ?", *filter.during_ms.end());
        if let Some(account) = &filter.account {
            conditions.add("account IN ('', ?)", account.clone());
        }
        if let Some(id) = &filter.id {
            conditions.add("id = ?", id.clone());
        }
        for (name, text) in &filter.fields {
            conditions.add(&format!("json_extract(record, '$.{name}') = ?"), text.clone());
        }
        let clause = conditions.clause();
        // Both statements see the same moment, whatever a writer does in between.
        let moment = self.connection.unchecked_transaction()?;
        let total: i64 = moment
            .prepare_cached(&format!("SELECT count(*) FROM entries WHERE {clause}"))?
            .query_row(conditions.values().as_slice(), |row| row.get(0))?;
        let sql = format!(
            "SELECT id, at_ms, record FROM entries WHERE {clause} ORDER BY at_ms DESC, id DESC {}",
            conditions.page(page)
        );
        let rows = moment
            .prepare_cached(&sql)?
            .query_map(conditions.values().as_slice(), entry_row)?
            .collect::<rusqlite::Result<_>>()?;
        Ok(Entries { total: total.unsigned_abs(), rows })
    }
}

/// The question mark of an address, as SQL that holds none.
const MARK: &str = "char(63)";

impl Records for Reader {
    fn attempts(&self, filter: &AttemptFilter, page: Page) -> Result<Vec<AttemptRow>, JournalError> {
        self.attempt_rows(filter, page).map_err(|error| self.refused(&error))
    }

    fn entries(&self, filter: &EntryFilter, page: Page) -> Result<Entries, JournalError> {
        self.entry_rows(filter, page).map_err(|error| self.refused(&error))
    }
}

fn attempt_row(row: &Row<'_>) -> rusqlite::Result<AttemptRow> {
    let headers: String = row.get(8)?;
    let word: String = row.get(15)?;
    let outcome = Outcome::ALL.iter().find(|(_, known)| *known == word).map(|(outcome, _)| *outcome);
    Ok(AttemptRow {
        id: row.get(0)?,
        vendor: row.get(1)?,
        push: row.get(2)?,
        account: row.get(3)?,
        conversation: row.get(4)?,
        attempt: row.get(5)?,
        method: row.get(6)?,
        url: row.get(7)?,
        headers: serde_json::from_str(&headers).map_err(|error| wrong(8, error))?,
        body: row.get(9)?,
        timeout_ms: row.get(10)?,
        delay_ms: row.get(11)?,
        requested_ms: row.get(12)?,
        started_ms: row.get(13)?,
        ended_ms: row.get(14)?,
        outcome: outcome.ok_or_else(|| wrong(15, format!("`{word}` is no outcome")))?,
        status: row.get(16)?,
        reply: row.get(17)?,
    })
}

fn entry_row(row: &Row<'_>) -> rusqlite::Result<EntryRow> {
    let record: String = row.get(2)?;
    Ok(EntryRow {
        id: row.get(0)?,
        at: Timestamp::from_millisecond(row.get(1)?).map_err(|error| wrong(1, error))?,
        record: serde_json::from_str(&record).map_err(|error| wrong(2, error))?,
    })
}

/// A value that the journal itself would not have written.
fn wrong(column: usize, error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> rusqlite::Error {
    rusqlite::Error::FromSqlConversionFailure(column, Type::Text, error.into())
}
