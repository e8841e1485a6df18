//! A file that takes its place when it is whole: it is written beside its place under a temporary name, and renamed. Until
//! then, whatever happens, the old file stays as it was.

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::fs::{self, File, OpenOptions};
use std::io::{self, BufWriter, ErrorKind, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tempfile::{Builder, NamedTempFile, TempPath};

/// How the name of a file that is not whole yet ends. It begins with a dot and the name of the file that it will be.
pub const UNFINISHED: &str = ".ringback-unfinished";
/// How much of the name of a file its temporary name repeats: names have a limit everywhere.
const NAME_MAX_CHARS: usize = 60;
/// How many symbolic links are followed to a file that does not exist yet; the limit of Linux.
const LINKS_MAX: usize = 40;

/// An output that becomes a file when it is whole. Clones write to the same one.
#[derive(Debug, Clone)]
pub struct AtomicFile(Arc<Mutex<Inner>>);

#[derive(Debug)]
struct Inner {
    path: PathBuf,
    place: PathBuf,
    state: State,
    /// How many bytes stay when the end is written again.
    kept: u64,
}

#[derive(Debug)]
enum State {
    /// Written under a temporary name.
    Unfinished(BufWriter<NamedTempFile>),
    /// It has taken its place, and can be written anew.
    Whole,
    /// A pipe or a device, which has no old content to keep.
    Stream(File),
    /// What is added to a file that others write to as well, in one piece.
    Addition { text: Vec<u8>, added_at: Option<u64> },
    /// It will not be whole any more.
    Discarded,
}

impl AtomicFile {
    /// Begins a file that will stand at this path; its folder is made. Pipes and devices are written at once.
    ///
    /// # Errors
    /// Why it cannot be written there.
    pub fn create(path: &Path) -> io::Result<Self> {
        if is_open_already(path) {
            let stream = State::Stream(OpenOptions::new().append(true).open(path)?);
            return Ok(Self::with(path, path.to_owned(), stream));
        }
        let place = place_of(path)?;
        let state = match fs::metadata(&place) {
            Ok(old) if old.is_dir() => return Err(ErrorKind::IsADirectory.into()),
            Ok(old) if !old.is_file() => State::Stream(OpenOptions::new().write(true).open(&place)?),
            _ => State::Unfinished(BufWriter::new(beside(&place)?)),
        };
        Ok(Self::with(path, place, state))
    }

    /// Begins what will be added to the end of the file at this path, which others write to as well.
    ///
    /// # Errors
    /// Why nothing can be added to it.
    pub fn add_to(path: &Path) -> io::Result<Self> {
        let place = place_of(path)?;
        fs::create_dir_all(folder_of(&place))?;
        OpenOptions::new().append(true).create(true).open(&place)?;
        Ok(Self::with(path, place, State::Addition { text: Vec::new(), added_at: None }))
    }

    fn with(path: &Path, place: PathBuf, state: State) -> Self {
        Self(Arc::new(Mutex::new(Inner { path: path.to_owned(), place, state, kept: 0 })))
    }

    /// Where it will stand, as it was asked for.
    pub fn path(&self) -> PathBuf {
        self.inner().path.clone()
    }

    /// Whether it was never promised to be whole: a pipe or a device.
    pub fn is_stream(&self) -> bool {
        matches!(self.inner().state, State::Stream(_))
    }

    /// Whether it has taken its place.
    pub fn is_whole(&self) -> bool {
        matches!(self.inner().state, State::Whole | State::Addition { added_at: Some(_), .. })
    }

    /// What is written from here on is the end, which [`AtomicFile::rewind`] takes back.
    ///
    /// # Errors
    /// What the disk refused.
    pub fn mark_end(&self) -> io::Result<()> {
        let mut inner = self.inner();
        inner.kept = match &mut inner.state {
            State::Unfinished(file) => file.stream_position()?,
            State::Whole => fs::metadata(&inner.place)?.len(),
            State::Addition { .. } | State::Stream(_) | State::Discarded => 0,
        };
        Ok(())
    }

    /// Takes back what was written since the end began, also if the file has taken its place already.
    ///
    /// # Errors
    /// What the disk refused.
    pub fn rewind(&self) -> io::Result<()> {
        let mut inner = self.inner();
        let kept = inner.kept;
        if matches!(inner.state, State::Whole) {
            inner.begin_again()?;
        }
        let Inner { place, state, .. } = &mut *inner;
        match state {
            State::Unfinished(file) => {
                file.flush()?;
                file.get_mut().as_file_mut().set_len(kept)?;
                file.seek(SeekFrom::Start(kept)).map(drop)
            }
            State::Addition { text, added_at } => {
                if let Some(at) = added_at.take() {
                    take_back(place, at, text.len())?;
                }
                text.clear();
                Ok(())
            }
            State::Whole | State::Stream(_) | State::Discarded => Ok(()),
        }
    }

    /// Hands everything to the disk, under the temporary name: what it refuses is known before anything is replaced.
    ///
    /// # Errors
    /// What the disk refused.
    pub fn settle(&self) -> io::Result<()> {
        match &mut self.inner().state {
            State::Unfinished(file) => {
                file.flush()?;
                sync(file.get_ref().as_file())
            }
            State::Stream(file) => file.flush(),
            State::Whole | State::Addition { .. } | State::Discarded => Ok(()),
        }
    }

    /// Lets it take its place.
    ///
    /// # Errors
    /// Why it cannot; then the old file is as it was.
    pub fn commit(&self) -> io::Result<()> {
        self.settle()?;
        let mut inner = self.inner();
        let Inner { place, state, .. } = &mut *inner;
        if let State::Addition { text, added_at: added_at @ None } = state {
            *added_at = Some(add(place, text)?);
            return Ok(());
        }
        match std::mem::replace(state, State::Discarded) {
            State::Unfinished(file) => {
                let temporary = file.into_inner().map_err(io::IntoInnerError::into_error)?.into_temp_path();
                forget(&temporary);
                take_place(temporary, place)?;
                *state = State::Whole;
                Ok(())
            }
            other => {
                *state = other;
                Ok(())
            }
        }
    }

    /// Gives it up: nothing of it stays, and the old file is as it was.
    pub fn discard(&self) {
        self.inner().discard();
    }

    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Write for AtomicFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut inner = self.inner();
        if matches!(inner.state, State::Whole) {
            inner.begin_again()?;
        }
        let written = match &mut inner.state {
            State::Unfinished(file) => file.write(bytes),
            State::Stream(file) => return file.write(bytes),
            State::Addition { text, added_at } => {
                if added_at.take().is_some() {
                    text.clear();
                }
                text.write(bytes)
            }
            State::Whole | State::Discarded => Err(io::Error::other("an earlier part of it could not be written")),
        };
        if written.is_err() {
            // It will not be whole any more, and a full disk wants its room back.
            inner.discard();
        }
        written
    }

    /// Nobody reads it before it is whole, so that there is nothing to hurry for.
    fn flush(&mut self) -> io::Result<()> {
        match &mut self.inner().state {
            State::Stream(file) => file.flush(),
            State::Unfinished(_) | State::Whole | State::Addition { .. } | State::Discarded => Ok(()),
        }
    }
}

impl Inner {
    /// Begins the next version of a file that has taken its place, with what it holds.
    fn begin_again(&mut self) -> io::Result<()> {
        let mut old = File::open(&self.place)?;
        let mut file = BufWriter::new(beside(&self.place)?);
        let copied = io::copy(&mut old, &mut file);
        self.state = State::Unfinished(file);
        copied.map(drop)
    }

    fn discard(&mut self) {
        self.forget();
        self.state = State::Discarded;
    }

    fn forget(&self) {
        if let State::Unfinished(file) = &self.state {
            forget(file.get_ref().path());
        }
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        self.forget();
    }
}

/// Writes a small file, whole or not at all.
///
/// # Errors
/// Why it cannot be written; then the old file is as it was.
pub fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = AtomicFile::create(path)?;
    file.write_all(bytes)?;
    file.commit()
}

/// Where a path leads, through symbolic links, so that a link stays one; neither it nor its folder needs to be there.
///
/// # Errors
/// Why it leads nowhere.
pub fn place_of(path: &Path) -> io::Result<PathBuf> {
    let mut place = path.to_owned();
    for _ in 0..LINKS_MAX {
        if let Ok(known) = fs::canonicalize(&place) {
            return Ok(known);
        }
        let folder = match place.parent() {
            Some(folder) if folder != Path::new("") => folder,
            _ => Path::new("."),
        };
        match (fs::read_link(&place), place.file_name()) {
            (Ok(next), _) => place = folder.join(next),
            (Err(_), Some(name)) => return Ok(place_of(folder)?.join(name)),
            (Err(_), None) => return Ok(place_of(folder)?.parent().unwrap_or(Path::new("/")).to_owned()),
        }
    }
    Err(io::Error::other("too many symbolic links"))
}

/// Whether a path names something that this process has open already, such as its standard output.
fn is_open_already(path: &Path) -> bool {
    ["/dev/stdout", "/dev/stderr"].iter().any(|known| path == Path::new(known))
        || ["/dev/fd", "/proc/self/fd"].iter().any(|known| path.starts_with(known))
}

/// A temporary file beside the place that it will take.
fn beside(place: &Path) -> io::Result<NamedTempFile> {
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
    Ok(file)
}

fn folder_of(place: &Path) -> &Path {
    place.parent().unwrap_or(Path::new("/"))
}

/// Waits until the disk has it.
fn sync(file: &File) -> io::Result<()> {
    match file.sync_all() {
        // A device, or a file system that has nothing to wait for.
        Err(error) if error.kind() == ErrorKind::InvalidInput => Ok(()),
        synced => synced,
    }
}

/// Renames; or copies where that cannot be, as onto a single file that is mounted into a container.
fn take_place(temporary: TempPath, place: &Path) -> io::Result<()> {
    temporary.persist(place).or_else(|refused| match place.is_file() {
        true => fs::copy(&refused.path, place).map(drop),
        false => Err(refused.error),
    })
}

/// Adds a text to a file in one piece, and says where.
fn add(place: &Path, text: &[u8]) -> io::Result<u64> {
    let mut file = OpenOptions::new().append(true).create(true).open(place)?;
    let at = file.metadata()?.len();
    let added = file.write_all(text).and_then(|()| sync(&file));
    if added.is_err() && file.metadata().is_ok_and(|now| now.is_file()) {
        // Half of it is of no use; that it cannot be taken back adds nothing to the message.
        let _ = file.set_len(at);
    }
    added.map(|()| at)
}

/// Takes back what was added to a file, unless somebody has added more since.
fn take_back(place: &Path, at: u64, length: usize) -> io::Result<()> {
    let file = OpenOptions::new().write(true).open(place)?;
    match file.metadata()?.len() == at + length as u64 {
        true => file.set_len(at),
        false => Ok(()),
    }
}

/// The temporary files that there are, for a process that ends at once.
static TEMPORARY: Mutex<BTreeSet<OsString>> = Mutex::new(BTreeSet::new());

fn remember(path: &Path) {
    TEMPORARY.lock().unwrap_or_else(PoisonError::into_inner).insert(path.as_os_str().to_owned());
}

fn forget(path: &Path) {
    TEMPORARY.lock().unwrap_or_else(PoisonError::into_inner).remove(path.as_os_str());
}

/// Removes every file that is not whole, before the process ends without a further word.
pub fn remove_unfinished() {
    for path in TEMPORARY.lock().unwrap_or_else(PoisonError::into_inner).iter() {
        // What is left is named so that people know what it is.
        let _ = fs::remove_file(path);
    }
}
