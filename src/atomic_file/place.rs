//! Where a path leads.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// How many symbolic links are followed to a file that does not exist yet; the limit of Linux.
const LINKS_MAX: usize = 40;

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
pub(super) fn is_open_already(path: &Path) -> bool {
    ["/dev/stdout", "/dev/stderr"].iter().any(|known| path == Path::new(known))
        || ["/dev/fd", "/proc/self/fd"].iter().any(|known| path.starts_with(known))
}

pub(super) fn folder_of(place: &Path) -> &Path {
    place.parent().unwrap_or(Path::new("/"))
}
