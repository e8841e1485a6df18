//! How deliveries and receivers are told to end early.

use tokio::sync::watch;

/// Asks for the end.
#[derive(Debug)]
pub struct Stopper(watch::Sender<bool>);

/// Knows whether the end was asked for. Clones listen to the same [`Stopper`].
#[derive(Debug, Clone)]
pub struct Stop(watch::Receiver<bool>);

/// A way to ask for the end, and the ear for it.
pub fn stop() -> (Stopper, Stop) {
    let (sender, receiver) = watch::channel(false);
    (Stopper(sender), Stop(receiver))
}

impl Stopper {
    /// Asks for the end. Asking twice is the same as asking once.
    pub fn stop(&self) {
        self.0.send_replace(true);
    }
}

impl Stop {
    /// Whether the end was asked for.
    pub fn is_requested(&self) -> bool {
        *self.0.borrow()
    }

    /// Waits until the end is asked for. A [`Stopper`] that is dropped unused never asks.
    pub async fn requested(&self) {
        let mut ear = self.0.clone();
        if ear.wait_for(|stopped| *stopped).await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}
