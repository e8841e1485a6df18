//! The folder of snapshots: the only place here that opens files. Nothing is ever overwritten half: what is written goes to
//! a file beside its place, and takes that place when it is whole.

use super::{Damage, Snapshot};
use crate::atomic_file;
use std::collections::BTreeMap;
use std::fmt;
use std::fs::{self, File};
use std::io::{self, ErrorKind, Read};
use std::path::{Path, PathBuf};

/// The longest file that is read as a snapshot.
pub const FILE_MAX_BYTES: u64 = 64 * 1024 * 1024;

/// What an accepted snapshot's file ends with.
const ACCEPTED: &str = ".snap";
/// What a pending one's ends with.
const PENDING: &str = ".snap.new";

/// A folder of snapshots; it need not exist yet.
#[derive(Debug, Clone)]
pub struct Store {
    folder: PathBuf,
}

/// What there is of one name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The name: `outbound-answered@udesk`.
    pub name: String,
    /// Whether there is an accepted snapshot.
    pub accepted: bool,
    /// Whether there is one that waits to be accepted.
    pub pending: bool,
}

/// What went wrong with a file, or with the folder.
#[derive(Debug)]
pub struct StoreError {
    /// Which.
    pub path: PathBuf,
    what: What,
}

#[derive(Debug)]
enum What {
    Damage(Damage),
    Io(&'static str, io::Error),
    TooLong,
    NotText,
    None,
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = self.path.display();
        match &self.what {
            What::Damage(damage) => write!(f, "{path}: {damage}"),
            What::Io(doing, error) => write!(f, "{path} cannot be {doing}: {error}"),
            What::TooLong => write!(f, "{path} is longer than {FILE_MAX_BYTES} bytes, as no snapshot is"),
            What::NotText => write!(f, "{path}: it is damaged: it is no UTF-8"),
            What::None => write!(f, "{path}: there is no such snapshot"),
        }
    }
}

impl std::error::Error for StoreError {}

/// The name of a story's snapshot, safe as that of a file: scenario, vendor, and the fault profiles laid over it.
pub fn file_name(scenario: &str, vendor: &str, profiles: &[String]) -> String {
    let mut name = format!("{scenario}@{vendor}");
    if !profiles.is_empty() {
        name = format!("{name}@{}", profiles.join("+"));
    }
    name.chars().map(|c| if c.is_alphanumeric() || "-_.@+".contains(c) { c } else { '_' }).collect()
}

impl Store {
    /// The snapshots in this folder.
    pub fn new(folder: impl Into<PathBuf>) -> Self {
        Self { folder: folder.into() }
    }

    /// The folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The file of an accepted snapshot.
    pub fn accepted_path(&self, name: &str) -> PathBuf {
        self.folder.join(format!("{name}{ACCEPTED}"))
    }

    /// The file of a pending snapshot.
    pub fn pending_path(&self, name: &str) -> PathBuf {
        self.folder.join(format!("{name}{PENDING}"))
    }

    /// The accepted snapshot, if there is one.
    ///
    /// # Errors
    /// Where the file cannot be read, or is no snapshot.
    pub fn accepted(&self, name: &str) -> Result<Option<Snapshot>, StoreError> {
        read(&self.accepted_path(name))
    }

    /// The pending snapshot, if there is one.
    ///
    /// # Errors
    /// Where the file cannot be read, or is no snapshot.
    pub fn pending(&self, name: &str) -> Result<Option<Snapshot>, StoreError> {
        read(&self.pending_path(name))
    }

    /// Everything in the folder, by name; nothing where there is no folder.
    ///
    /// # Errors
    /// Where the folder cannot be read.
    pub fn list(&self) -> Result<Vec<Entry>, StoreError> {
        let failed = |error| self.failed(&self.folder, "listed", error);
        let mut found: BTreeMap<String, (bool, bool)> = BTreeMap::new();
        let folder = match fs::read_dir(&self.folder) {
            Ok(folder) => folder,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(failed(error)),
        };
        for entry in folder {
            let name = entry.map_err(failed)?.file_name();
            let Some(name) = name.to_str().filter(|name| !name.starts_with('.')) else { continue };
            if let Some(name) = name.strip_suffix(PENDING) {
                found.entry(name.to_owned()).or_default().1 = true;
            } else if let Some(name) = name.strip_suffix(ACCEPTED) {
                found.entry(name.to_owned()).or_default().0 = true;
            }
        }
        Ok(found.into_iter().map(|(name, (accepted, pending))| Entry { name, accepted, pending }).collect())
    }

    /// Writes a pending snapshot, whole or not at all; an accepted one is not touched.
    ///
    /// # Errors
    /// Where it cannot be written.
    pub fn propose(&self, name: &str, snapshot: &Snapshot) -> Result<(), StoreError> {
        let place = self.pending_path(name);
        fs::create_dir_all(&self.folder).map_err(|error| self.failed(&self.folder, "made", error))?;
        atomic_file::write(&place, snapshot.to_text().as_bytes()).map_err(|error| self.failed(&place, "written", error))
    }

    /// Makes the pending snapshot the accepted one.
    ///
    /// # Errors
    /// Where there is none, or it is no snapshot, or it cannot be moved.
    pub fn accept(&self, name: &str) -> Result<(), StoreError> {
        let pending = self.pending_path(name);
        if self.pending(name)?.is_none() {
            return Err(StoreError { path: pending, what: What::None });
        }
        fs::rename(&pending, self.accepted_path(name)).map_err(|error| self.failed(&pending, "accepted", error))
    }

    /// Removes the pending snapshot, whatever is in it.
    ///
    /// # Errors
    /// Where there is none, or it cannot be removed.
    pub fn reject(&self, name: &str) -> Result<(), StoreError> {
        let pending = self.pending_path(name);
        fs::remove_file(&pending).map_err(|error| match error.kind() {
            ErrorKind::NotFound => StoreError { path: pending.clone(), what: What::None },
            _ => self.failed(&pending, "removed", error),
        })
    }

    /// Removes everything of a name.
    ///
    /// # Errors
    /// Where something cannot be removed.
    pub fn remove(&self, name: &str) -> Result<(), StoreError> {
        for path in [self.pending_path(name), self.accepted_path(name)] {
            match fs::remove_file(&path) {
                Ok(()) => {}
                Err(error) if error.kind() == ErrorKind::NotFound => {}
                Err(error) => return Err(self.failed(&path, "removed", error)),
            }
        }
        Ok(())
    }

    fn failed(&self, path: &Path, doing: &'static str, error: io::Error) -> StoreError {
        StoreError { path: path.to_owned(), what: What::Io(doing, error) }
    }
}

fn read(path: &Path) -> Result<Option<Snapshot>, StoreError> {
    let broken = |what| StoreError { path: path.to_owned(), what };
    let file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(broken(What::Io("read", error))),
    };
    let mut bytes = Vec::new();
    let limit = FILE_MAX_BYTES + 1;
    file.take(limit).read_to_end(&mut bytes).map_err(|error| broken(What::Io("read", error)))?;
    if bytes.len() as u64 == limit {
        return Err(broken(What::TooLong));
    }
    let text = String::from_utf8(bytes).map_err(|_| broken(What::NotText))?;
    Snapshot::parse(&text).map(Some).map_err(|damage| broken(What::Damage(damage)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_there_is_nothing_and_what_cannot_be_read_is_an_error() {
        let folder = tempfile::tempdir().expect("a folder");
        fs::write(folder.path().join("file"), "x").expect("a file");
        let (none, file) = (Store::new(folder.path().join("none")), Store::new(folder.path().join("file")));
        assert_eq!(none.list().expect("a list"), []);
        assert_eq!((none.accepted("a").expect("no error"), none.remove("a").ok()), (None, Some(())));
        let wrong = none.reject("a").expect_err("none").to_string();
        assert!(wrong.ends_with("a.snap.new: there is no such snapshot"), "{wrong}");
        for error in [file.list().err(), file.pending("a").err(), file.remove("a").err(), file.reject("a").err()] {
            assert!(error.is_some_and(|error| error.to_string().contains("cannot be")));
        }
    }

    #[test]
    fn a_file_may_be_as_long_as_the_limit() {
        let folder = tempfile::tempdir().expect("a folder");
        let store = Store::new(folder.path());
        let file = File::create(store.accepted_path("long")).expect("a file");
        let wrong = |bytes: u64| {
            file.set_len(bytes).expect("a sparse file");
            store.accepted("long").expect_err("zeros").to_string()
        };
        assert!(wrong(FILE_MAX_BYTES).contains("does not begin with"));
        assert!(wrong(FILE_MAX_BYTES + 1).contains("is longer than"));
    }
}
