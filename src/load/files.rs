//! What to say where the system lets no more files be opened.

use std::io;

/// What went wrong, the limit, and how to raise it.
pub fn advice(error: &io::Error) -> String {
    format!(
        "no more connections can be opened: {error}. {}`ulimit -n 65536` raises it in this shell; fewer `--connections` need fewer",
        limit().map(|limit| format!("The limit of this process is {limit} open files. ")).unwrap_or_default()
    )
}

/// How many files this process may have open.
#[cfg(target_os = "linux")]
fn limit() -> Option<u64> {
    rustix::process::getrlimit(rustix::process::Resource::Nofile).current
}

/// How many files this process may have open.
#[cfg(not(target_os = "linux"))]
fn limit() -> Option<u64> {
    None
}
