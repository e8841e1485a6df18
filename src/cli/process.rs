//! What a command needs of its process: threads to run on, and signals that end it.

use super::print::Problem;
use crate::delivery::{self, Stop};
use crate::exit::Exit;
use tokio::runtime::{Builder, Runtime};

/// Threads to run on.
pub(super) fn runtime() -> Result<Runtime, Problem> {
    Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| Problem::cannot_go_on(format!("no threads to run on: {error}"), ""))
}

/// Asks for the end at the first signal, and ends the process at the second.
pub(super) fn on_signal() -> Stop {
    let (stopper, stop) = delivery::stop();
    tokio::spawn(async move {
        signal().await;
        stopper.stop();
        signal().await;
        std::process::exit(Exit::Interrupted.code().into());
    });
    stop
}

async fn signal() {
    let terminated = async {
        #[cfg(unix)]
        if let Ok(mut terminate) = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            terminate.recv().await;
            return;
        }
        std::future::pending::<()>().await;
    };
    let interrupted = async {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    tokio::select! {
        () = interrupted => {}
        () = terminated => {}
    }
}
