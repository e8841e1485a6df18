//! The built-in receiver for the length of a session, on a free port of this machine.

use crate::delivery::{self, Stopper};
use crate::receive::{Behaviour, Receiver};
use crate::vendors;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use tokio::task::JoinHandle;
use url::Url;

/// The built-in receiver, answering. It ends when it is dropped.
pub struct BuiltIn {
    /// Its address.
    pub address: Url,
    stopper: Stopper,
    task: Option<JoinHandle<()>>,
}

impl BuiltIn {
    /// Starts to answer as the vendors expect.
    ///
    /// # Errors
    /// Where no port can be had.
    pub async fn start() -> io::Result<Self> {
        let local = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        let receiver = Receiver::bind(local, Behaviour::Ok, vendors::ALL).await?;
        let address = format!("http://{}/", receiver.local_addr()).parse().map_err(io::Error::other)?;
        let (stopper, stop) = delivery::stop();
        let task = tokio::spawn(async move { receiver.run(|_| {}, stop.requested()).await });
        Ok(Self { address, stopper, task: Some(task) })
    }

    /// Ends it, and waits until it has ended.
    pub async fn end(mut self) {
        self.stopper.stop();
        if let Some(task) = self.task.take() {
            // The receiver bounds its own shutdown; a panic in it was printed by the runtime.
            let _ = task.await;
        }
    }
}

impl Drop for BuiltIn {
    /// A session that is given up in its middle must not leave a receiver behind.
    fn drop(&mut self) {
        if let Some(task) = &self.task {
            task.abort();
        }
    }
}
