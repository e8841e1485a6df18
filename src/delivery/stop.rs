//! How deliveries and receivers are told to end early.

use tokio::sync::watch;

/// How soon the end is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Wanted {
    /// Not at all.
    Never,
    /// Once what is under way is over.
    Soon,
    /// At once.
    Now,
}

/// Asks for the end.
#[derive(Debug)]
pub struct Stopper(watch::Sender<Wanted>);

/// Knows whether the end was asked for. Clones listen to the same [`Stopper`].
#[derive(Debug, Clone)]
pub struct Stop(watch::Receiver<Wanted>);

/// A way to ask for the end, and the ear for it.
pub fn stop() -> (Stopper, Stop) {
    let (sender, receiver) = watch::channel(Wanted::Never);
    (Stopper(sender), Stop(receiver))
}

impl Stopper {
    /// Asks for the end. Asking twice is the same as asking once.
    pub fn stop(&self) {
        self.ask(Wanted::Soon);
    }

    /// Asks for the end without waiting for what is under way.
    pub fn hurry(&self) {
        self.ask(Wanted::Now);
    }

    fn ask(&self, wanted: Wanted) {
        self.0.send_modify(|now| *now = wanted.max(*now));
    }
}

impl Stop {
    /// Whether the end was asked for.
    pub fn is_requested(&self) -> bool {
        *self.0.borrow() >= Wanted::Soon
    }

    /// Waits until the end is asked for. A [`Stopper`] that is dropped unused never asks.
    pub async fn requested(&self) {
        self.wanted(Wanted::Soon).await;
    }

    /// Waits until the end is asked for without waiting for what is under way.
    pub async fn hurried(&self) {
        self.wanted(Wanted::Now).await;
    }

    async fn wanted(&self, least: Wanted) {
        let mut ear = self.0.clone();
        if ear.wait_for(|wanted| *wanted >= least).await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}
