//! A file that is not whole yet: under a temporary name beside its place, which it takes or leaves as it was.

use super::place::folder_of;
use std::collections::BTreeSet;
use std::ffi::OsString;
use std::fs::{self, File, OpenOptions};
use std::io::{self, BufWriter, ErrorKind};
use std::path::Path;
use std::sync::{Mutex, PoisonError};
use tempfile::{Builder, TempPath};

/// How the name of a file that is not whole yet ends. It begins with a dot and the name of the file that it will be.
const UNFINISHED: &str = ".ringback-unfinished";
/// How much of the name of a file its temporary name repeats: names have a limit everywhere.
const NAME_MAX_CHARS: usize = 60;
/// A file under its temporary name, which goes with it.
#[derive(Debug)]
pub(super) struct Unfinished {
    pub out: BufWriter<File>,
    pub path: TempPath,
}

/// A temporary file beside the place that it will take.
pub(super) fn beside(place: &Path) -> io::Result<Unfinished> {
    let old = match OpenOptions::new().write(true).open(place) {
        Ok(old) => Some(old.metadata()?.permissions()),
        Err(error) if error.kind() == ErrorKind::NotFound => None,
        // Who may not write the file may not replace it.
        Err(error) => return Err(error),
    };
    let name = place.file_name().unwrap_or_default().to_string_lossy();
    let prefix = format!(".{}.", name.chars().take(NAME_MAX_CHARS).collect::<String>());
    let mut builder = Builder::new();
    builder.prefix(&prefix).suffix(UNFINISHED);
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    let folder = folder_of(place);
    let made = fs::create_dir_all(folder).and_then(|()| builder.tempfile_in(folder));
    let file = match made {
        // A single file that may be written, in a folder that may not.
        Err(_) if old.is_some() => builder.tempfile()?,
        made => made?,
    };
    remember(file.path());
    if let Some(old) = old {
        file.as_file().set_permissions(old)?;
    }
    let (file, path) = file.into_parts();
    Ok(Unfinished { out: BufWriter::new(file), path })
}

/// Renames; or copies where that cannot be, as onto a single file that is mounted into a container.
pub(super) fn take_place(temporary: TempPath, place: &Path) -> io::Result<()> {
    temporary.persist(place).or_else(|refused| match place.is_file() {
        true => fs::copy(&refused.path, place).map(drop),
        false => Err(refused.error),
    })
}

/// The temporary files that there are, for a process that ends at once.
static TEMPORARY: Mutex<BTreeSet<OsString>> = Mutex::new(BTreeSet::new());

fn remember(path: &Path) {
    TEMPORARY.lock().unwrap_or_else(PoisonError::into_inner).insert(path.as_os_str().to_owned());
}

pub(super) fn forget(path: &Path) {
    TEMPORARY.lock().unwrap_or_else(PoisonError::into_inner).remove(path.as_os_str());
}

/// Removes every file that is not whole, before the process ends without a further word.
pub fn remove_unfinished() {
    for path in TEMPORARY.lock().unwrap_or_else(PoisonError::into_inner).iter() {
        // What is left is named so that people know what it is.
        let _ = fs::remove_file(path);
    }
}
