//! A file that takes its place when it is whole: it is written beside its place under a temporary name, and renamed. Until
//! then, whatever happens, the old file stays as it was.

mod place;
mod unfinished;

pub use place::place_of;
pub use unfinished::remove_unfinished;

use place::{folder_of, is_open_already};
use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use unfinished::{Unfinished, beside, forget, take_place};

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
    Unfinished(Unfinished),
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
            _ => State::Unfinished(beside(&place)?),
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
            State::Unfinished(file) => file.out.stream_position()?,
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
                file.out.flush()?;
                file.out.get_mut().set_len(kept)?;
                file.out.seek(SeekFrom::Start(kept)).map(drop)
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
                file.out.flush()?;
                sync(file.out.get_ref())
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
            State::Unfinished(Unfinished { out, path }) => {
                forget(&path);
                out.into_inner().map_err(io::IntoInnerError::into_error)?;
                take_place(path, place)?;
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
            State::Unfinished(file) => file.out.write(bytes),
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
        let mut file = beside(&self.place)?;
        let copied = io::copy(&mut old, &mut file.out);
        self.state = State::Unfinished(file);
        copied.map(drop)
    }

    fn discard(&mut self) {
        self.forget();
        self.state = State::Discarded;
    }

    fn forget(&self) {
        if let State::Unfinished(file) = &self.state {
            forget(&file.path);
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

/// Waits until the disk has it.
fn sync(file: &File) -> io::Result<()> {
    match file.sync_all() {
        // A device, or a file system that has nothing to wait for.
        Err(error) if error.kind() == ErrorKind::InvalidInput => Ok(()),
        synced => synced,
    }
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

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn names(folder: &Path) -> Vec<String> {
        let names = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
        names.collect()
    }

    #[test]
    fn it_takes_its_place_when_it_is_whole_and_its_end_can_be_written_anew() {
        let folder = tempfile::tempdir().unwrap();
        let place = folder.path().join("a");
        let text = || fs::read_to_string(&place).unwrap();
        fs::write(&place, "old").unwrap();
        let mut file = AtomicFile::create(&place).unwrap();
        file.write_all(b"one ").unwrap();
        file.mark_end().unwrap();
        file.write_all(b"first, and long").unwrap();
        file.rewind().unwrap();
        file.write_all(b"second").unwrap();
        file.settle().unwrap();
        assert_eq!((text(), file.is_whole()), ("old".to_owned(), false));
        file.commit().unwrap();
        assert_eq!((text(), file.is_whole()), ("one second".to_owned(), true));
        // It has its place, and is written anew.
        file.rewind().unwrap();
        assert_eq!((text(), file.is_whole()), ("one second".to_owned(), false));
        file.write_all(b"third").unwrap();
        file.commit().unwrap();
        assert_eq!((text(), names(folder.path())), ("one third".to_owned(), vec!["a".to_owned()]));
        // More comes behind it, as of a further test.
        file.mark_end().unwrap();
        file.write_all(b" more").unwrap();
        assert_eq!(text(), "one third");
        file.commit().unwrap();
        assert_eq!(text(), "one third more");
        file.commit().unwrap();
        assert_eq!(text(), "one third more");
    }

    #[test]
    fn what_is_given_up_leaves_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let place = folder.path().join("a");
        fs::write(&place, "old").unwrap();
        for give_up in [AtomicFile::discard, |_: &AtomicFile| {}] {
            let mut file = AtomicFile::create(&place).unwrap();
            file.write_all(b"new").unwrap();
            assert_eq!(names(folder.path()).len(), 2);
            give_up(&file);
            assert_eq!(file.write_all(b"more").is_err(), !file.is_whole() && names(folder.path()).len() == 1);
            drop(file);
            assert_eq!((fs::read_to_string(&place).unwrap().as_str(), names(folder.path()).len()), ("old", 1));
        }
    }

    #[test]
    fn an_addition_comes_in_one_piece_and_can_be_taken_back() {
        let folder = tempfile::tempdir().unwrap();
        let place = folder.path().join("summary");
        let text = || fs::read_to_string(&place).unwrap();
        fs::write(&place, "step one\n").unwrap();
        let mut file = AtomicFile::add_to(&place).unwrap();
        file.write_all(b"first").unwrap();
        assert_eq!(text(), "step one\n");
        file.commit().unwrap();
        file.rewind().unwrap();
        assert_eq!(text(), "step one\n");
        file.write_all(b"second").unwrap();
        file.commit().unwrap();
        file.write_all(b", third").unwrap();
        file.commit().unwrap();
        assert_eq!(text(), "step one\nsecond, third");
        // Somebody has added more since: that is not cut off.
        fs::write(&place, "step one\nsecond, third, and another's").unwrap();
        file.rewind().unwrap();
        assert_eq!(text(), "step one\nsecond, third, and another's");
    }

    #[test]
    fn a_folder_is_no_place() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(AtomicFile::create(folder.path()).unwrap_err().kind(), ErrorKind::IsADirectory);
        fs::write(folder.path().join("file"), "").unwrap();
        assert!(AtomicFile::create(&folder.path().join("file/below")).is_err());
        assert_eq!(names(folder.path()), ["file"]);
        let long = folder.path().join("long".repeat(60));
        write(&long, b"x").unwrap();
        assert_eq!(fs::read(long).unwrap(), b"x");
    }
}
