//! The receiver that `ringback run` starts where no target is named.

use super::print::Problem;
use crate::delivery::{self, Stopper};
use crate::receive::{Behaviour, Receiver};
use crate::vendors;
use std::net::{Ipv4Addr, SocketAddr};
use tokio::task::JoinHandle;
use url::Url;

/// The receiver that is built in, on a free port of this machine.
pub(super) struct BuiltIn {
    pub(super) address: Url,
    stopper: Stopper,
    task: JoinHandle<()>,
}

impl BuiltIn {
    pub(super) async fn start() -> Result<Self, Problem> {
        let local = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        let failed = |error: &dyn std::fmt::Display| {
            Problem::cannot_go_on(
                format!("the built-in receiver cannot listen: {error}"),
                "name a receiver by --target",
            )
        };
        let receiver = Receiver::bind(local, Behaviour::Ok, vendors::ALL).await.map_err(|error| failed(&error))?;
        let address =
            format!("http://{}/", receiver.local_addr()).parse().map_err(|error: url::ParseError| failed(&error))?;
        let (stopper, stop) = delivery::stop();
        let task = tokio::spawn(async move { receiver.run(|_| {}, stop.requested()).await });
        Ok(Self { address, stopper, task })
    }

    pub(super) async fn end(self) {
        self.stopper.stop();
        // The receiver bounds its own shutdown; a panic in it was printed by the runtime.
        let _ = self.task.await;
    }
}
