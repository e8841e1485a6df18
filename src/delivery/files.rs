//! Connections are files, and the system lets a process have so many: what to do, and to say, where there are no more.

use std::io;
use std::net::{Ipv4Addr, UdpSocket};

/// The system's word for: no more files in this process (EMFILE), on this machine (ENFILE).
const EXHAUSTED: [i32; 2] = [24, 23];

/// Whether the system lets no more files be opened.
pub fn is_exhausted(error: &io::Error) -> bool {
    error.raw_os_error().is_some_and(|code| EXHAUSTED.contains(&code))
}

/// What went wrong, the limit, and how to raise it.
pub fn advice(error: &io::Error) -> String {
    let limit = limit().map(|limit| format!(", which is {limit} open files")).unwrap_or_default();
    format!(
        "this process has reached its limit of the system{limit}: {error}. `ulimit -n 65536` raises it in this shell"
    )
}

/// Whether so many more files can be opened.
///
/// # Errors
/// Why not.
pub fn are_there(count: usize) -> io::Result<()> {
    let sockets: io::Result<Vec<UdpSocket>> = (0..count).map(|_| UdpSocket::bind((Ipv4Addr::LOCALHOST, 0))).collect();
    match sockets {
        Err(error) if is_exhausted(&error) => Err(error),
        // Whatever else is wrong with these is not about files.
        Ok(_) | Err(_) => Ok(()),
    }
}

/// Lets this process have as many files as it may allow itself. Where it may not have more, the limit stays as it is.
#[cfg(unix)]
pub fn raise() {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let Rlimit { current, maximum } = getrlimit(Resource::Nofile);
    if current != maximum {
        // Refused where the limit is above what the system gives anybody, as on macOS: what there was is kept then.
        let _ = setrlimit(Resource::Nofile, Rlimit { current: maximum, maximum });
    }
}

/// Lets this process have as many files as it may allow itself.
#[cfg(not(unix))]
pub fn raise() {}

/// How many files this process may have open.
#[cfg(unix)]
fn limit() -> Option<u64> {
    rustix::process::getrlimit(rustix::process::Resource::Nofile).current
}

/// How many files this process may have open.
#[cfg(not(unix))]
fn limit() -> Option<u64> {
    None
}
