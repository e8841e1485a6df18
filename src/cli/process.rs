//! What a command needs of its process: threads to run on, and signals that end it.

use super::print::Problem;
use crate::atomic_file;
use crate::delivery::{self, Stop, files};
use crate::exit::Exit;
use std::time::Duration;
use tokio::runtime::{Builder, Runtime};

/// How many files threads to run on need, and the ear for signals. Without them tokio panics.
const FILES_OF_A_RUNTIME: usize = 8;

/// Threads to run on, and as many files as the system allows.
pub(super) fn runtime() -> Result<Runtime, Problem> {
    files::raise();
    files::are_there(FILES_OF_A_RUNTIME).and_then(|()| Builder::new_multi_thread().enable_all().build()).map_err(
        |error| {
            let why = if files::is_exhausted(&error) { files::advice(&error) } else { error.to_string() };
            Problem::cannot_go_on(format!("no threads to run on: {why}"), "")
        },
    )
}

/// Asks for the end at the first signal, and ends the process at the second. From here on signals are heard.
pub(super) fn on_signal() -> Stop {
    on_signals(Duration::ZERO)
}

/// The same for one that writes its reports in a hurry at the second signal: it has this long. A third signal ends it.
pub(super) fn on_signals(hurry: Duration) -> Stop {
    let (stopper, stop) = delivery::stop();
    let mut signals = Signals::hear();
    tokio::spawn(async move {
        signals.next().await;
        stopper.stop();
        signals.next().await;
        stopper.hurry();
        let _ = tokio::time::timeout(hurry, signals.next()).await;
        atomic_file::remove_unfinished();
        std::process::exit(Exit::Interrupted.code().into());
    });
    stop
}

/// Ctrl-C, the signal that asks a process to end, and that of a terminal that is closed. One that cannot be heard keeps what
/// it does by itself.
#[cfg(unix)]
struct Signals(Vec<tokio::signal::unix::Signal>);

#[cfg(unix)]
impl Signals {
    fn hear() -> Self {
        use tokio::signal::unix::{SignalKind, signal};
        Self(
            [Some(SignalKind::interrupt()), Some(SignalKind::terminate()), hangup()]
                .into_iter()
                .flatten()
                .filter_map(|kind| signal(kind).ok())
                .collect(),
        )
    }

    async fn next(&mut self) {
        std::future::poll_fn(|context| {
            let heard = self.0.iter_mut().any(|signal| signal.poll_recv(context).is_ready());
            if heard { std::task::Poll::Ready(()) } else { std::task::Poll::Pending }
        })
        .await;
    }
}

/// The signal of a terminal that is closed, unless `nohup` has it ignored.
#[cfg(unix)]
fn hangup() -> Option<tokio::signal::unix::SignalKind> {
    // Where the system does not say, it is heard.
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    (!is_hangup_ignored(&status)).then(tokio::signal::unix::SignalKind::hangup)
}

/// Whether a process ignores the signal, by what Linux says of it: `SigIgn:` and a mask in hexadecimal, of which the first
/// signal is the lowest bit.
#[cfg(unix)]
fn is_hangup_ignored(status: &str) -> bool {
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).is_some_and(|mask| mask & 1 == 1)
}

/// Ctrl-C.
#[cfg(not(unix))]
struct Signals;

#[cfg(not(unix))]
impl Signals {
    fn hear() -> Self {
        Self
    }

    async fn next(&mut self) {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn a_hangup_that_nohup_ignores_stays_ignored() {
        for (mask, ignored) in
            [("0000000000000001", true), ("0000000000001001", true), ("0000000000001000", false), ("x", false)]
        {
            assert_eq!(is_hangup_ignored(&format!("Name:\tringback\nSigIgn:\t{mask}\n")), ignored, "{mask}");
        }
        assert!(!is_hangup_ignored(""));
    }
}
